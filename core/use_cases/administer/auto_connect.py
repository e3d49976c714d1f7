"""Connecting everybody by IT's grant: naming the service, checking, on, off, opting out (R39, R40).

Only global administrators decide it; opting out is each person's own.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core import autoconnect, autoplan
from core.autoconnect import Obstacle, Odd, Progress
from core.autoplan import Plan
from core.errors import ProviderError
from core.links import LinkState, Provider
from core.policy import resolve
from core.use_cases.administer import rights
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.record import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.ids import PersonId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.use_cases.administer.rights import Standing

SERVICES = {"google": Provider.GOOGLE, "microsoft": Provider.MICROSOFT}
# A name of the DNS (RFC 1123 2.1), in small letters.
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# A tenant's id, or one of its domains, which Microsoft takes as well.
TENANT = re.compile(rf"[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|{DOMAIN.pattern}")
TRIED = 3
"""People whose accounts are opened to see whether IT's grant holds."""


class Lack(StrEnum):
    """Why everybody cannot be connected; each has its sentence."""

    UNNAMED = "unnamed"  # no service was named
    NOT_APPROVED = "not_approved"  # the organisation's approval is off
    SWITCHED_OFF = "switched_off"  # the Scheduling Assistant is off
    SERVICE_OFF = "service_off"  # the service is not among `services`
    EXCEPTIONS = "exceptions"  # people use something else
    ACCOUNT = "account"  # this deployment has no account that IT made
    GRANT = "grant"  # IT has not granted it
    MAILBOXES = "mailboxes"  # the service knows none of the accounts that were tried
    UNREACHABLE = "unreachable"
    NOBODY = "nobody"  # nobody takes part


@dataclass(frozen=True, slots=True)
class Outlook:
    """How it stands. `people` would be connected; `lacks` is why they cannot be; `odd` are the
    exceptions; `uses` counts the services that are connected; `progress` while it is on, with
    how many are connected by it.
    """

    plan: Plan | None
    people: int
    lacks: tuple[Lack, ...] = ()
    odd: tuple[Odd, ...] = ()
    uses: tuple[tuple[Provider, int], ...] = ()
    progress: Progress | None = None
    by_it: int = 0


def read_domains(words: Sequence[str]) -> tuple[str, ...]:
    """Return mail domains as they were written. Raises Unfit."""
    found = []
    for word in words:
        name = word.strip().removeprefix("@").casefold()
        if len(name) > 253 or not DOMAIN.fullmatch(name):
            raise Unfit(Problem.DOMAIN, value=word.strip())
        found.append(name)
    if not found:
        raise Unfit(Problem.DOMAIN_MISSING)
    return tuple(dict.fromkeys(found))


async def name(
    ports: Ports, actor_id: PersonId, service: str, domains: Sequence[str], tenant: str = ""
) -> Outlook:
    """Keep which service and whose addresses it is about. Raises Refused, Unfit.

    Microsoft's tenant is the first domain when it is not named.
    """

    def work(tx: Tx) -> Outlook:
        actor = rights.global_administrator(tx, actor_id)
        provider = SERVICES.get(service.casefold())
        if provider is None:
            raise Unfit(Problem.AUTO_SERVICE, value=service)
        named, known = read_domains(domains), autoplan.load(tx, actor.org_id)
        within = tenant.strip().casefold() or named[0]
        if not TENANT.fullmatch(within):
            raise Unfit(Problem.TENANT, value=tenant.strip())
        if known is not None and known.run:
            raise Unfit(Problem.AUTO_RUNNING)
        plan = Plan(provider, named, within if provider is Provider.MICROSOFT else "")
        if plan != known:
            autoplan.save(tx, actor.org_id, plan)
            detail = f"{provider}: {', '.join(named)}"
            note(tx, actor.person, ports.clock.now(), "auto_connect.name", detail)
        return _outlook(tx, ports, actor)

    return await ports.store.transact(work)


async def look(ports: Ports, actor_id: PersonId) -> Outlook:
    """Return how it stands, by what is stored. Raises Refused."""
    return await ports.store.read(
        lambda tx: _outlook(tx, ports, rights.global_administrator(tx, actor_id))
    )


async def check(ports: Ports, actor_id: PersonId) -> Outlook:
    """Return whether it could be switched on, IT's account tried live. Raises Refused, Unfit."""
    outlook = await look(ports, actor_id)
    if outlook.progress is not None:
        raise Unfit(Problem.AUTO_RUNNING)
    if outlook.lacks or outlook.plan is None:
        return outlook
    lack = await _try(ports, actor_id, outlook.plan)
    return outlook if lack is None else Outlook(outlook.plan, outlook.people, (lack,))


async def switch_on(ports: Ports, actor_id: PersonId) -> Outlook:
    """Begin to connect everybody, if nothing speaks against it. Raises Refused, Unfit."""
    outlook = await check(ports, actor_id)
    if outlook.lacks:
        return outlook

    def work(tx: Tx) -> Outlook:
        actor, now = rights.global_administrator(tx, actor_id), ports.clock.now()
        found = _outlook(tx, ports, actor)
        if found.progress is not None:
            raise Unfit(Problem.AUTO_RUNNING)
        if found.plan is None or found.lacks:
            return found
        autoconnect.begin(tx, ports.ids, actor.org_id, found.plan, actor_id, now)
        detail = f"{found.plan.service}: {found.people} people"
        note(tx, actor.person, now, "auto_connect.on", detail)
        return _outlook(tx, ports, actor)

    return await ports.store.transact(work)


async def switch_off(ports: Ports, actor_id: PersonId) -> int:
    """Disconnect everybody whom it connected; return how many that is. Raises Refused, Unfit."""

    def work(tx: Tx) -> int:
        actor, now = rights.global_administrator(tx, actor_id), ports.clock.now()
        plan = autoplan.load(tx, actor.org_id)
        if plan is None or not plan.run:
            raise Unfit(Problem.AUTO_NOT_ON)
        count = autoconnect.end(tx, ports.ids, actor.org_id, plan, now)
        note(tx, actor.person, now, "auto_connect.off", f"{plan.service}: {count} people")
        return count

    return await ports.store.transact(work)


async def opt_out(ports: Ports, person_id: PersonId) -> bool:
    """Never connect a person by the organisation again; tell whether they were. Theirs alone."""

    def work(tx: Tx) -> bool:
        person, now = tx.people.get(person_id), ports.clock.now()
        fresh = not autoplan.is_out(tx, person_id)
        was = autoconnect.opt_out(tx, person, now)
        if fresh:
            note(tx, person, now, "auto_connect.opt_out", person.name)
        return was

    return await ports.store.transact(work)


def _outlook(tx: Tx, ports: Ports, actor: Standing) -> Outlook:
    """Work out how it stands, without asking anybody."""
    plan = autoplan.load(tx, actor.org_id)
    people = autoconnect.participants(tx, actor.org_id)
    if plan is not None and plan.run:
        progress = autoconnect.progress(tx, actor.org_id, plan)
        mine = autoconnect.connected_by_it(tx, actor.org_id, plan)
        return Outlook(plan, len(people), progress=progress, by_it=len(mine))
    uses = _uses(tx, people)
    odd = autoconnect.exceptions(tx, plan or _likely(uses), people)
    lacks = [] if plan else [Lack.UNNAMED]
    lacks += _gates(tx, actor, plan)
    lacks += [Lack.NOBODY] if not people else [Lack.EXCEPTIONS] if odd else []
    if not _has_account(ports, plan):
        lacks.append(Lack.ACCOUNT)
    return Outlook(plan, len(people), tuple(lacks), odd, uses)


def _uses(tx: Tx, people: Sequence[Person]) -> tuple[tuple[Provider, int], ...]:
    """Count by service how many people have connected it, the most used first."""
    counts = dict.fromkeys(Provider, 0)
    for held in autoconnect.grants_by_person(tx, people).values():
        for provider in {g.provider for g in held if g.state is LinkState.OK}:
            counts[provider] += 1
    found = ((provider, count) for provider, count in counts.items() if count)
    return tuple(sorted(found, key=lambda one: -one[1]))


def _likely(uses: Sequence[tuple[Provider, int]]) -> Plan:
    """Return the service that most people use of those that it can be, for the exceptions to it."""
    possible = [provider for provider, _ in uses if provider is not Provider.CALDAV]
    return Plan(possible[0] if possible else Provider.GOOGLE, ())


def _gates(tx: Tx, actor: Standing, plan: Plan | None) -> list[Lack]:
    """Return what the organisation itself has switched off."""
    policy = resolve(tx.settings.read(actor.org_id), {})
    lacks = [] if policy.approved else [Lack.NOT_APPROVED]
    lacks += [] if policy.assistant else [Lack.SWITCHED_OFF]
    allowed = plan is None or plan.service in policy.services
    return lacks if allowed else [*lacks, Lack.SERVICE_OFF]


def _has_account(ports: Ports, plan: Plan | None) -> bool:
    """Tell whether this deployment has what IT made, for the service or for any."""
    services = [plan.service] if plan else list(SERVICES.values())
    return any(s in ports.calendars and ports.calendars[s].delegation for s in services)


async def _try(ports: Ports, actor_id: PersonId, plan: Plan) -> Lack | None:
    """Open the accounts of a few people by IT's grant (R40: checked); None when one opens."""

    def load(tx: Tx) -> tuple[Person, ...]:
        return autoconnect.participants(tx, tx.people.get(actor_id).org_id)[:TRIED]

    delegation = ports.calendars[plan.service].delegation
    if delegation is None:
        return Lack.ACCOUNT
    lack = Lack.UNREACHABLE
    for person in await ports.store.read(load):
        with suppress(ProviderError):
            found = await autoconnect.try_one(ports, delegation, plan, person)
            if not isinstance(found, Obstacle) or found is Obstacle.EMPTY:
                return None
            if found is Obstacle.NOT_GRANTED:
                return Lack.GRANT
            lack = Lack.MAILBOXES
    return lack
