"""Connecting everybody of an organisation by its IT department's grant (R39, R40, X14).

What is on is kept with the organisation's settings, a person's opting out with theirs. Each
person is one effect row, so that the work survives crashes; a further row watches how far it is
and tells the administrator who began it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.autoplan import KEY, Plan, is_out, load, save
from core.connecting import (
    Choice,
    Connected,
    link_calendars,
    most_calendars,
    policies_of,
    same_account,
    wanted_tier,
)
from core.effects import GIVE_UP, Effect, EffectKind, EffectState, is_hopeless
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    NotFound,
    ProviderError,
    RateLimited,
    Unavailable,
)
from core.ids import GrantId, OrgId, PersonId
from core.keeping import leave, opened, restored
from core.links import Grant, LinkState, is_delegated, primary
from core.notices import Notice, NoticeKind, as_effect
from core.outcome import Ended
from core.ports import Tx
from core.programme import Role
from core.withdrawing import Why, personal_allowance, stop_effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.links import RemoteCalendar
    from core.people import Person
    from core.ports import Delegation, Ids, Ports, Verified

CHUNK = 500
PAUSE = 10
"""Seconds between two looks at how far it is."""
TOO_LATE = (Unavailable, RateLimited, BadData)


class Obstacle(StrEnum):
    """Why somebody cannot be connected by the organisation; each has its sentence."""

    OTHER_SERVICE = "other_service"  # uses another calendar service
    OTHER_DOMAIN = "other_domain"  # their address is outside the domains that were named
    NO_MAILBOX = "no_mailbox"  # the service knows no such account
    NOT_GRANTED = "not_granted"  # IT's grant does not hold for them
    NOT_ALLOWED = "not_allowed"  # their programmes do not allow the service
    NO_ROOM = "no_room"  # `calendars.max`
    EMPTY = "empty"  # the account holds no calendar
    UNREACHABLE = "unreachable"  # tried for two days
    LEFT = "left"  # disconnected since, or their calendar needs them


@dataclass(frozen=True, slots=True)
class Odd:
    """Somebody who cannot be connected, and why; `detail` is the service they use."""

    person: Person
    obstacle: Obstacle
    detail: str = ""


# --- who takes part -----------------------------------------------------------------------------


def participants(tx: Tx, org_id: OrgId) -> tuple[Person, ...]:
    """Return the active people who take part in a running programme, by name, without those who
    opted out.
    """
    ids: set[PersonId] = set()
    for programme in tx.programmes.of(org_id):
        if not programme.ended:
            members = tx.programmes.members(programme.id)
            ids |= {m.person_id for m in members if m.role is not Role.ADMIN}
    found = (p for p in tx.people.of(org_id) if p.id in ids and p.active)
    return tuple(p for p in found if not is_out(tx, p.id))


def grants_by_person(tx: Tx, people: Sequence[Person]) -> dict[PersonId, list[Grant]]:
    """Return what people have connected; everybody is a key."""
    found: dict[PersonId, list[Grant]] = {person.id: [] for person in people}
    ids = list(found)
    for at in range(0, len(ids), CHUNK):
        for grant in tx.links.grants_of(ids[at : at + CHUNK]).values():
            found[grant.person_id].append(grant)
    return found


def obstacle_of(plan: Plan, person: Person, grants: Iterable[Grant]) -> Odd | None:
    """Return what speaks against connecting somebody, as far as it is known without asking."""
    others = {g.provider for g in grants if g.state is LinkState.OK and not is_delegated(g)}
    if others and plan.service not in others:
        return Odd(person, Obstacle.OTHER_SERVICE, min(others).value)
    if plan.domains and not plan.covers(person.email):
        return Odd(person, Obstacle.OTHER_DOMAIN)
    return None


def exceptions(tx: Tx, plan: Plan, people: Sequence[Person]) -> tuple[Odd, ...]:
    """Return those who use another service or an address elsewhere, by name."""
    grants = grants_by_person(tx, people)
    found = (obstacle_of(plan, person, grants[person.id]) for person in people)
    return tuple(odd for odd in found if odd is not None)


# --- beginning and ending -----------------------------------------------------------------------


def begin(tx: Tx, ids: Ids, org_id: OrgId, plan: Plan, by: PersonId, now: int) -> Plan:
    """Switch it on: a row for each participant, and one that watches."""
    plan = replace(plan, run=ids.new(), by=by)
    save(tx, org_id, plan)
    for person in participants(tx, org_id):
        tx.effects.add(_one(plan, person.id, now))
    tx.effects.add(_watch(plan, org_id, 0, "", now))
    return plan


def end(tx: Tx, ids: Ids, org_id: OrgId, plan: Plan, now: int) -> int:
    """Switch it off: whom it connected, it disconnects; return how many that is.

    What is still to come of the run ends by itself, because it is no longer the one that is on.
    """
    save(tx, org_id, replace(plan, run="", by=""))
    mine = connected_by_it(tx, org_id, plan)
    for person_id in mine:
        tx.effects.add(stop_effect(person_id, plan.service, Why.AUTO, ids.new(), now))
    return len(mine)


def connected_by_it(tx: Tx, org_id: OrgId, plan: Plan) -> list[PersonId]:
    """Return whom the organisation has connected."""
    holders = list(dict.fromkeys(tx.links.holders(org_id, plan.service).values()))
    grants = grants_by_person(tx, list(tx.people.many(holders).values()))
    return [person_id for person_id, held in grants.items() if any(map(is_delegated, held))]


def joined(tx: Tx, person: Person, now: int) -> None:
    """Connect a new member where it is on."""
    plan = load(tx, person.org_id)
    if plan is not None and plan.run and not is_out(tx, person.id):
        tx.effects.add(_one(plan, person.id, now))


def opt_out(tx: Tx, person: Person, now: int) -> bool:
    """Disconnect somebody whom the organisation connected and never do it again; tell whether
    there was anything to disconnect.
    """
    tx.settings.write(person.id, KEY, f"out:{now}")
    plan = load(tx, person.org_id)
    if plan is not None and plan.run:
        tx.effects.cancel(_one(plan, person.id, now).key)
    mine = [g for g in tx.links.grants_of([person.id]).values() if is_delegated(g)]
    for grant in mine:
        leave(tx, grant, now)
    return bool(mine)


def _one(plan: Plan, person_id: PersonId, now: int) -> Effect:
    return Effect(
        key=f"auto:{plan.run}:{person_id}",
        kind=EffectKind.AUTO_CONNECT,
        due_at=now,
        person_id=person_id,
        payload={"run": plan.run},
        give_up_at=now + GIVE_UP,
    )


def _watch(plan: Plan, org_id: OrgId, turn: int, said: str, due_at: int) -> Effect:
    payload = {"run": plan.run, "org": org_id, "turn": str(turn), "said": said}
    key = f"auto:{plan.run}:watch:{turn}"
    return Effect(key, EffectKind.AUTO_CONNECT, due_at, payload=payload)


# --- how far it is ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """Of how many people how many are connected, still waited for, and not to be connected."""

    total: int
    connected: int
    odd: tuple[Odd, ...]

    @property
    def waiting(self) -> int:
        """How many are still to come."""
        return self.total - self.connected - len(self.odd)


def progress(tx: Tx, org_id: OrgId, plan: Plan) -> Progress:
    """Return how far the run is that is on."""
    people = participants(tx, org_id)
    grants = grants_by_person(tx, people)
    done, odd = 0, []
    for person in people:
        if any(g.provider is plan.service and g.state is LinkState.OK for g in grants[person.id]):
            done += 1
            continue
        effect = tx.effects.by_key(f"auto:{plan.run}:{person.id}")
        if effect is not None and effect.state is not EffectState.READY:
            code, _, detail = effect.last_error.partition(":")
            dead = Obstacle.UNREACHABLE if effect.state is EffectState.DEAD else Obstacle.LEFT
            known = Obstacle(code) if code in set(Obstacle) else dead
            odd.append(Odd(person, known, detail))
    return Progress(len(people), done, tuple(odd))


# --- carrying out -------------------------------------------------------------------------------


async def auto_connect(ports: Ports, effect: Effect) -> Ended | Callable[[Tx], None]:
    """Carry out one row: connect one person, or look how far it is.

    Raises the ProviderError leaves that may pass; what does not is an obstacle.
    """
    if effect.person_id is None:
        now = ports.clock.now()
        return lambda tx: _look(tx, effect, now)
    due = await ports.store.read(lambda tx: _due(tx, effect))
    if isinstance(due, Ended):
        return due
    person, plan = due
    delegation = (
        ports.calendars[plan.service].delegation if plan.service in ports.calendars else None
    )
    if delegation is None:
        return Ended(Obstacle.NOT_GRANTED)
    try:
        found = await try_one(ports, delegation, plan, person)
    except TOO_LATE:
        if not is_hopeless(effect, ports.clock.now()):
            raise
        return Ended(Obstacle.UNREACHABLE)
    if isinstance(found, Obstacle):
        return Ended(found)
    verified, calendars = found

    def record(tx: Tx) -> None:
        if not isinstance(_due(tx, effect), Ended):
            _connect(tx, ports, person, plan, verified, calendars)

    return Ended(record=record)


async def try_one(
    ports: Ports, delegation: Delegation, plan: Plan, person: Person
) -> tuple[Verified, tuple[RemoteCalendar, ...]] | Obstacle:
    """Open one person's account live and list its calendars. Raises what may pass."""
    tier = await ports.store.read(lambda tx: wanted_tier(tx, person, replacing=True))
    try:
        verified = await delegation.open(person.email, plan.tenant, tier)
        tried = Grant(GrantId(""), person.id, plan.service, verified.account, verified.secret)
        calendars = tuple(await ports.calendars[plan.service].connector.calendars(tried))
    except TOO_LATE:
        raise
    except (ConsentRequiredByAdmin, AccessRevoked):
        return Obstacle.NOT_GRANTED
    except ProviderError:
        return Obstacle.NO_MAILBOX
    return (verified, calendars) if calendars else Obstacle.EMPTY


def _due(tx: Tx, effect: Effect) -> tuple[Person, Plan] | Ended:
    """Return whom to connect how, or why not (any more)."""
    try:
        person = tx.people.get(effect.person_id or PersonId(""))
    except NotFound:
        return Ended()
    plan = load(tx, person.org_id)
    over = plan is None or plan.run != effect.payload["run"]
    if plan is None or over or not person.active or is_out(tx, person.id):
        return Ended()
    links, grants = tx.links.of([person.id])[person.id], tx.links.grants_of([person.id])
    held = primary(links)
    if held and held.grant_id in grants and grants[held.grant_id].state is LinkState.OK:
        mine = grants[held.grant_id].provider
        return Ended("" if mine is plan.service else f"{Obstacle.OTHER_SERVICE}:{mine}")
    odd = obstacle_of(plan, person, grants.values())
    if odd is not None:
        return Ended(f"{odd.obstacle}:{odd.detail}")
    if plan.service not in personal_allowance(tx, person.org_id, person.id):
        return Ended(Obstacle.NOT_ALLOWED)
    most = most_calendars(policies_of(tx, person))
    if most and len(links) >= most:
        return Ended(Obstacle.NO_ROOM)
    return person, plan


def _connect(
    tx: Tx,
    ports: Ports,
    person: Person,
    plan: Plan,
    verified: Verified,
    calendars: tuple[RemoteCalendar, ...],
) -> None:
    """Keep the grant, link the default calendar as primary, and tell the person who did it."""
    now = ports.clock.now()
    old = same_account(tx, person.id, plan.service, verified.account)
    fresh = Grant(
        GrantId(ports.ids.new()), person.id, plan.service, verified.account, verified.secret
    )
    grant = restored(old, verified.secret) if old else fresh
    tx.links.save_grant(grant)
    opened(tx, grant, now)
    default = next((c for c in calendars if c.default), calendars[0])
    links = tx.links.of([person.id])[person.id]
    connected = Connected(tx.links.grant(grant.id), calendars, links)
    link_calendars(tx, ports.ids, person, connected, Choice(default.calendar_id), now)
    facts = {"provider": plan.service.value, "by": plan.by}
    notice = Notice(person.id, NoticeKind.AUTO_CONNECTED, "", facts)
    tx.effects.add(as_effect(notice, plan.run, now))


def _look(tx: Tx, effect: Effect, now: int) -> None:
    """Tell who began it how far it is, when that has changed, and come again until it is done."""
    org_id, turn = OrgId(effect.payload["org"]), int(effect.payload["turn"])
    plan = load(tx, org_id)
    if plan is None or plan.run != effect.payload["run"]:
        return
    found = progress(tx, org_id, plan)
    said = f"{found.connected}/{len(found.odd)}/{found.total}"
    if said != effect.payload["said"]:
        subject, facts = f"auto:{plan.run}", {"org": str(org_id)}
        notice = Notice(PersonId(plan.by), NoticeKind.AUTO_PROGRESS, subject, facts)
        tx.effects.add(as_effect(notice, f"{plan.run}:{turn}", now))
    for person in participants(tx, org_id):  # those who came by a way that told nobody
        if tx.effects.by_key(f"auto:{plan.run}:{person.id}") is None:
            tx.effects.add(_one(plan, person.id, now))
    if found.waiting:
        wait = min(PAUSE * (1 + turn // 6), 300)
        tx.effects.add(_watch(plan, org_id, turn + 1, said, now + wait))
