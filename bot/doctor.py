"""`tandem doctor`: what works, what does not, and what to do about it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from secrets import SystemRandom
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.errors import AccessRevoked, ConsentRequiredByAdmin, TandemError
from core.keeping import look_at
from core.links import LinkState, Provider

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.ids import GrantId, PersonId
    from core.links import CalendarLink, Grant
    from core.people import Person
    from core.ports import Ports, Tx
    from core.repositories import Store

ACCOUNTS = 200  # accounts that are opened unless more are asked for
AT_ONCE = 8
CHUNK = 500
MENDED = "have to connect again or choose anew; an administrator sees them with “doctor” in chat"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, and what to do when it is not."""

    what: str
    good: bool
    detail: str = ""

    def line(self) -> str:
        """Return the line as it is printed."""
        mark = "ok   " if self.good else "WRONG"
        return f"{mark}  {self.what}" + (f": {self.detail}" if self.detail else "")


async def examine_database(store: Store) -> list[Finding]:
    """Look at the database, the sealed facts, and what could not be delivered."""

    def load(tx: Tx) -> tuple[str | None, int]:
        return tx.deployment.get("assistant_address"), len(tx.effects.dead())

    try:
        sender, dead = await store.read(load)
    except TandemError as error:
        return [Finding("database and keys", good=False, detail=str(error))]
    found = [Finding("database and keys", good=True)]
    if sender is None:
        found.append(Finding("deployment", good=True, detail="never started yet"))
    if dead:
        detail = f"{dead} were given up; an administrator sees them with “status” and can retry"
        found.append(Finding("deliveries", good=False, detail=detail))
    else:
        found.append(Finding("deliveries", good=True))
    return found


# --- connected calendars ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Account:
    """One account with its person, and the ids of the calendars that are linked in it."""

    person: Person
    grant: Grant
    linked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Survey:
    """Who has accounts where, nothing opened; `allowed` are the services of any programme."""

    holders: Mapping[Provider, Sequence[GrantId]]
    allowed: frozenset[Provider]
    amiss: Mapping[str, int]  # people with something amiss, by programme


async def examine_links(ports: Ports, most: int | None = ACCOUNTS) -> list[Finding]:
    """Look at the services that are set up, and open connected accounts as a search would.

    At most `most` of them are opened (None: all), chosen at random, which is said. What cannot
    even be read here is one line: the rest may still be well.
    """
    try:
        survey = await ports.store.read(_survey)
        spoken = [i for p, ids in survey.holders.items() if p in ports.calendars for i in ids]
        chosen = spoken
        if most is not None and len(spoken) > most:
            chosen = SystemRandom().sample(spoken, most)
        accounts = await ports.store.read(lambda tx: _accounts(tx, chosen))
    except TandemError as error:
        return [Finding("connected calendars", good=False, detail=str(error))]
    found = _services(ports, survey)
    if len(chosen) < len(spoken):
        detail = (
            f"opened {len(chosen):,} of {len(spoken):,}, chosen at random; "
            "`tandem doctor --accounts all` opens every one"
        )
        found.append(Finding("accounts", good=True, detail=detail))
        found += [
            Finding(f"calendars of {name}", good=False, detail=f"{count:,} people {MENDED}")
            for name, count in survey.amiss.items()
            if count
        ]
    gate = asyncio.Semaphore(AT_ONCE)
    found += await asyncio.gather(*(_account(ports, account, gate) for account in accounts))
    return found


def _survey(tx: Tx) -> _Survey:
    holders: dict[Provider, list[GrantId]] = {provider: [] for provider in Provider}
    allowed: set[Provider] = set()
    amiss: dict[str, int] = {}
    for organisation in tx.organisations.all():
        for provider, ids in holders.items():
            ids.extend(tx.links.holders(organisation.id, provider))
        for programme in tx.programmes.of(organisation.id):
            if not programme.ended:
                allowed |= set(load_policy(tx, programme).services)
                amiss[programme.name] = tx.health.tally(programme.id).amiss
    return _Survey(holders, frozenset(allowed), amiss)


def _accounts(tx: Tx, chosen: Sequence[GrantId]) -> list[_Account]:
    """Open what is kept of some accounts; in order of their people's names. Raises SealError."""
    grants = [tx.links.grant(grant_id) for grant_id in chosen]
    ids = list(dict.fromkeys(grant.person_id for grant in grants))
    people: dict[PersonId, Person] = {}
    links: dict[PersonId, tuple[CalendarLink, ...]] = {}
    for at in range(0, len(ids), CHUNK):
        people |= tx.people.many(ids[at : at + CHUNK])
        links |= tx.links.of(ids[at : at + CHUNK])
    found = [
        _Account(
            people[g.person_id],
            g,
            tuple(c.calendar_id for c in links[g.person_id] if c.grant_id == g.id),
        )
        for g in grants
    ]
    return sorted(found, key=lambda one: (one.person.name.casefold(), one.grant.id))


def _services(ports: Ports, survey: _Survey) -> list[Finding]:
    """Say which services are not set up though programmes allow them or people use them."""
    found = []
    for provider, ids in survey.holders.items():
        if provider in ports.calendars or not (ids or provider in survey.allowed):
            continue
        name = provider.value.upper()
        how = f"set TANDEM_{name}_CLIENT_ID and TANDEM_{name}_CLIENT_SECRET"
        detail = f"allowed, but not set up: {how}, or take it out of `services`"
        if ids:
            detail = f"{len(ids):,} accounts cannot be opened, because it is not set up: {how}"
        what = f"{provider.value.capitalize()} calendars"
        found.append(Finding(what, good=not ids, detail=detail))
    return found


async def _account(ports: Ports, account: _Account, gate: asyncio.Semaphore) -> Finding:
    """Open one account and list its calendars."""
    grant, first_name = account.grant, account.person.first_name
    what = f"{grant.provider.value} calendar of {account.person.name}"
    if grant.state is LinkState.BROKEN:
        detail = f"no longer opens; {first_name} has to connect it again in chat"
        return Finding(what, good=False, detail=detail)
    try:
        async with gate:
            there = await ports.calendars[grant.provider].connector.calendars(grant)
    except AccessRevoked as error:
        detail = f"{error.detail}; {first_name} has to connect it again in chat"
        return Finding(what, good=False, detail=detail)
    except ConsentRequiredByAdmin:
        detail = "the organisation's IT administrator has to approve the product's application"
        return Finding(what, good=False, detail=detail)
    except TandemError as error:
        detail = getattr(error, "detail", "") or str(error) or type(error).__name__
        return Finding(what, good=False, detail=detail)
    sight = await look_at(ports, grant, account.linked)  # it knows calendars that are only hidden
    if sight.calendars is not None and not sight.calendars.issuperset(account.linked):
        detail = f"a linked calendar is no longer in it; {first_name} has to choose again in chat"
        return Finding(what, good=False, detail=detail)
    return Finding(what, good=True, detail=f"{len(there)} calendars")
