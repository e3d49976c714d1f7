"""Look at everything that stands between one person and being booked: the doctor.

Their accounts are opened live, side by side, within the deadline of a search; what is found is
kept as the daily look keeps it. Of a calendar's content nothing is read but whether it answers.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core import presence
from core.attendance import load_policy
from core.connecting import Status, allowed_services, load_status, policies_of
from core.errors import ProviderError, Refused
from core.finding.availability import common_hours
from core.finding.request import PersonTime, Search
from core.keeping import HOUR, Cause, look_at, record_sight, troubles
from core.links import LinkState
from core.policy import Connect
from core.ports import BusyAnswer
from core.programme import Role
from core.timing.spans import merge, subtract
from core.timing.zones import DAY, days_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.ids import GrantId, PersonId
    from core.keeping import Sight
    from core.links import CalendarLink, Grant, Provider
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports, Tx
    from core.programme import Programme

LOOK = 14 * DAY
"""Seconds over which hours are compared: every weekday twice."""


class State(StrEnum):
    """How one calendar is."""

    WELL = "well"
    REVOKED = "revoked"  # the account no longer opens: connect it again
    CONSENT = "consent"  # the organisation's IT administrator has to approve
    MISSING = "missing"  # the account opens, but the calendar is no longer in it
    UNREACHABLE = "unreachable"  # the service does not answer now
    SLOW = "slow"  # it did not answer within the deadline
    UNSPOKEN = "unspoken"  # this installation does not speak to the service


class Reach(StrEnum):
    """How news reach a person."""

    CHAT = "chat"
    MAIL = "mail"  # as they wish
    LOST = "lost"  # every chat they were in refuses: by mail, too


@dataclass(frozen=True, slots=True)
class Examined:
    """One calendar; `since` is when it was first found amiss, 0 for now."""

    link: CalendarLink
    grant: Grant
    state: State
    since: int = 0


@dataclass(frozen=True, slots=True)
class Examination:
    """One person, looked at. `gate` is the rule that keeps calendars from being connected, empty
    for none (X13); `services` can be connected here; `barren` are programmes in which their own
    hours leave nothing, `apart` partners with whom they share no hours.
    """

    status: Status
    calendars: tuple[Examined, ...]
    gate: str
    services: tuple[Provider, ...]
    required: tuple[Programme, ...] = ()
    barren: tuple[Programme, ...] = ()
    apart: tuple[Person, ...] = ()
    reach: Reach = Reach.CHAT

    @property
    def ill(self) -> tuple[Examined, ...]:
        """The calendars that are not well."""
        return tuple(one for one in self.calendars if one.state is not State.WELL)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What came of opening one account: which of the linked calendars tell their busy times."""

    sight: Sight
    answering: frozenset[str] = frozenset()


async def examine(ports: Ports, person_id: PersonId) -> Examination:
    """Open a person's accounts and look at what else stands in their way. Raises NotFound.

    An account that was marked broken and opens is well again.
    """

    def load(tx: Tx) -> tuple[Person, Status]:
        return tx.people.get(person_id), load_status(tx, person_id)

    person, status = await ports.store.read(load)
    found = await _open_all(ports, person, status)
    now = ports.clock.now()

    def record(tx: Tx) -> Examination:
        for grant_id, opened in found.items():
            record_sight(tx, status.grants[grant_id], opened.sight, now, tell=False)
        return _examined(tx, ports, person, found, now)

    return await ports.store.transact(record)


async def _open_all(ports: Ports, person: Person, status: Status) -> dict[GrantId, _Opened]:
    """Open the accounts side by side; those that take too long are left out."""
    jobs = {
        asyncio.ensure_future(_open(ports, person, grant, status.links)): grant.id
        for grant in status.grants.values()
        if grant.provider in ports.calendars
    }
    if not jobs:
        return {}
    done, late = await asyncio.wait(jobs, timeout=ports.deadline)
    for job in late:
        job.cancel()
    return {jobs[job]: job.result() for job in done}


async def _open(
    ports: Ports, person: Person, grant: Grant, links: Sequence[CalendarLink]
) -> _Opened:
    """Open one account, and ask its linked calendars for busy times as a search would."""
    ids = [link.calendar_id for link in links if link.grant_id == grant.id]
    sight = await look_at(ports, grant, ids)
    there = [one for one in ids if one in (sight.calendars or ())]
    if not there:
        return _Opened(sight)
    now = ports.clock.now()
    try:
        told = await ports.calendars[grant.provider].busy.busy(
            grant, there, (now, now + HOUR), person.zone
        )
    except ProviderError:
        return _Opened(sight)
    return _Opened(sight, frozenset(one for one in there if isinstance(told.get(one), BusyAnswer)))


def _examined(
    tx: Tx, ports: Ports, person: Person, found: dict[GrantId, _Opened], now: int
) -> Examination:
    """Put together what was found with what is stored."""
    status = load_status(tx, person.id)
    calendars = tuple(
        _calendar(ports, link, status.grants[link.grant_id], found.get(link.grant_id))
        for link in status.links
        if link.grant_id in status.grants
    )
    gate = ""
    services: tuple[Provider, ...] = ()
    try:
        services = allowed_services(policies_of(tx, person))
    except Refused as refusal:
        gate = refusal.objections[0].detail
    roles = [m for m in tx.programmes.roles(person.id) if m.role is not Role.ADMIN]
    programmes = map(tx.programmes.get, dict.fromkeys(m.programme_id for m in roles))
    rules = [(programme, load_policy(tx, programme)) for programme in programmes]
    barren = tuple(p for p, policy in rules if not _share_hours(p, policy, [person], now))
    return Examination(
        status,
        calendars,
        gate,
        tuple(service for service in services if service in ports.calendars),
        tuple(p for p, policy in rules if policy.connect is Connect.REQUIRED),
        barren,
        () if barren else _apart(tx, person, rules, now),
        _reach(tx, person),
    )


def _calendar(ports: Ports, link: CalendarLink, grant: Grant, opened: _Opened | None) -> Examined:
    """Say how one calendar is."""
    amiss = troubles(grant.why_broken)
    whole = next((t for t in amiss if t.link_id is None), None)
    missing = next((t for t in amiss if t.link_id == link.id), None)
    if grant.provider not in ports.calendars:
        return Examined(link, grant, State.UNSPOKEN)
    if grant.state is LinkState.BROKEN:
        is_it = whole is not None and whole.cause is Cause.CONSENT
        state = State.CONSENT if is_it else State.REVOKED
        return Examined(link, grant, state, whole.since if whole else 0)
    if missing is not None:
        return Examined(link, grant, State.MISSING, missing.since)
    if opened is None:
        return Examined(link, grant, State.SLOW)
    well = link.calendar_id in opened.answering
    return Examined(link, grant, State.WELL if well else State.UNREACHABLE)


# --- what else stands in the way ----------------------------------------------------------------


def _apart(
    tx: Tx, person: Person, rules: Sequence[tuple[Programme, Policy]], now: int
) -> tuple[Person, ...]:
    """Return the partners with whom a person shares no hours in any common programme."""
    known = {programme.id: (programme, policy) for programme, policy in rules}
    pairs = [p for p in tx.programmes.pairs_of(person.id) if p.programme_id in known]
    partners = tx.people.many(dict.fromkeys(i for p in pairs if (i := p.partner_of(person.id))))
    together = {
        partner
        for pair in pairs
        if (partner := pair.partner_of(person.id)) in partners
        and _share_hours(*known[pair.programme_id], [person, partners[partner]], now)
    }
    return tuple(p for p in partners.values() if p.id not in together and p.active)


def _share_hours(programme: Programme, policy: Policy, people: Iterable[Person], now: int) -> bool:
    """Tell whether some people's hours and days in a programme leave room for a session of it in
    two weeks.
    """
    people = [person.within(programme.id) for person in people]
    length = policy.duration * 60
    search = Search(
        now=now,
        windows=((now, now + LOOK),),
        length=length,
        programme=policy.weekly,
        earliest=now,
        latest=now + LOOK,
        step=policy.step * 60,
        closures=policy.closures,
    )
    times = [PersonTime(p.id, p.zone, [], own=p.hours) for p in people]
    away = [days_span(leave.first, leave.last, p.zone) for p in people for leave in p.leave]
    left = subtract(common_hours(search, times), merge(away))
    return any(end - start >= length for start, end in left)


def _reach(tx: Tx, person: Person) -> Reach:
    if person.reach == presence.MAIL:
        return Reach.MAIL
    identities = tx.people.identities(person.id)
    lost = bool(identities) and not presence.ways(tx, person, identities)
    return Reach.LOST if lost else Reach.CHAT
