"""What we know about people's time: stored facts, and what their calendars say right now.

`load_cast` reads everything stored in one transaction; `ask` reads all calendars side by side
with a deadline. What cannot be read is unknown: neither free nor busy (X6, Y9).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core import policy as policies
from core.engagements import limits_of
from core.errors import AccessRevoked, ConsentRequiredByAdmin, ProviderError
from core.finding.request import Ease, PersonTime, Search
from core.keeping import Cause, mark_broken
from core.links import CalendarLink, Grant, LinkState
from core.ports import BusyAnswer, BusyKind, Unknown
from core.timing.spans import Span, merge
from core.timing.zones import day_span, days_span, local_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from core.booking.proposal import MeetingRequest
    from core.finding.limits import Limit
    from core.ids import GrantId, MeetingId, PersonId, ProgrammeId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Almanac, Ports, Tx
    from core.programme import Programme
    from core.repositories import Claim

NOT_CONNECTED, BROKEN, UNREACHABLE, SLOW = "not_connected", "broken", "unreachable", "slow"
SWITCHED_OFF = "switched_off"  # the programme does not have calendars read (X13)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything stored that a search needs, read in one transaction."""

    programme: Programme
    policy: Policy
    people: Mapping[PersonId, Person]
    links: Mapping[PersonId, tuple[CalendarLink, ...]]
    grants: Mapping[GrantId, Grant]
    claims: Mapping[PersonId, list[Claim]]
    limits: Mapping[PersonId, tuple[Limit, ...]] = field(default_factory=dict)
    holidays: Mapping[PersonId, list[Span]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shut:
    """An account that no longer opens, and why."""

    grant_id: GrantId
    cause: Cause


@dataclass(frozen=True, slots=True)
class Attendance:
    """Each person's time; `revoked` grants no longer open; `skipped` events made no sense."""

    people: tuple[PersonTime, ...]
    revoked: tuple[Shut, ...] = ()
    skipped: int = 0

    @property
    def unknown(self) -> dict[PersonId, str]:
        """Whose calendar could not be read, and why."""
        return {p.person_id: p.unknown for p in self.people if p.unknown}


def load_policy(tx: Tx, programme: Programme) -> Policy:
    """Return the rules that hold in a programme."""
    return policies.resolve(tx.settings.read(programme.org_id), tx.settings.read(programme.id))


def reads(policy: Policy) -> bool:
    """Tell whether calendars are read; otherwise everybody's time is unknown (X13)."""
    return policy.assistant


def load_cast(
    tx: Tx,
    programme_id: ProgrammeId,
    people: Iterable[PersonId],
    window: Span,
    without: MeetingId | None = None,
    asked: MeetingRequest | None = None,
) -> Cast:
    """Read programme, rules, people as they want it there, links and booked times.

    With `asked` people are on the clock that they will have then, and open offers count against
    how many sessions they want. Raises NotFound.
    """
    ids = tuple(people)
    programme = tx.programmes.get(programme_id)
    known = tx.people.many(ids)
    if asked is not None and asked.windows:
        days = (asked.windows[0][0], asked.windows[-1][1])
        known = {person_id: one.during(days) for person_id, one in known.items()}
    return Cast(
        programme=programme,
        policy=load_policy(tx, programme),
        people={person_id: one.within(programme_id) for person_id, one in known.items()},
        links=tx.links.of(ids),
        grants=tx.links.grants_of(ids),
        claims=tx.meetings.claims(ids, window, without),
        limits=limits_of(tx, known.values(), programme_id, window, moves=without, asked=asked),
    )


def doubts(tx: Tx, policy: Policy, people: Iterable[PersonId]) -> dict[PersonId, str]:
    """Return why people's calendars could not be read, as far as it is stored."""
    ids = tuple(people)
    grants, found = tx.links.grants_of(ids), tx.links.of(ids)

    def why(links: Sequence[CalendarLink]) -> str:
        if not links:
            return NOT_CONNECTED
        if not reads(policy):
            return SWITCHED_OFF
        states = [grants[x.grant_id].state if x.grant_id in grants else None for x in links]
        return UNREACHABLE if all(s is LinkState.OK for s in states) else BROKEN

    return {person_id: why(found.get(person_id, ())) for person_id in ids}


def search_of(
    request: MeetingRequest, policy: Policy, now: int, without: frozenset[int] = frozenset()
) -> Search:
    """Return the search for a request under a programme's rules."""
    return Search(
        now=now,
        windows=request.windows,
        length=request.minutes * 60,
        programme=policy.weekly,
        earliest=now + policy.notice * 60,
        latest=now + policy.horizon * 60,
        step=policy.step * 60,
        starts=request.starts,
        closures=policy.closures,
        without=without,
    )


async def ask(
    ports: Ports,
    cast: Cast,
    window: Span,
    ignore: frozenset[str] = frozenset(),
    eased: Collection[tuple[Ease, PersonId]] = (),
) -> Attendance:
    """Read every calendar of the cast side by side, waiting no longer than the deadline.

    `ignore` holds UIDs of our own meetings that are being moved, `eased` what of whose rules is
    set aside.
    """
    cast = replace(cast, holidays=_holidays(ports.almanac, cast, window))
    jobs = {
        asyncio.ensure_future(_read(ports, cast, grant, links, window, ignore)): grant.id
        for grant, links in _by_grant(cast)
    }
    answers: dict[str, BusyAnswer | Unknown] = {}
    revoked: list[Shut] = []
    if jobs:
        done, late = await asyncio.wait(jobs, timeout=ports.deadline)
        for job in late:
            job.cancel()
        for job in done:
            found, cause = job.result()
            answers.update(found)
            if cause is not None:
                revoked.append(Shut(jobs[job], cause))
    people = tuple(
        _person_time(cast, person, answers, window, {e for e, who in eased if who == person.id})
        for person in cast.people.values()
    )
    skipped = sum(a.skipped for a in answers.values() if isinstance(a, BusyAnswer))
    return Attendance(people, tuple(revoked), skipped)


def _holidays(almanac: Almanac, cast: Cast, window: Span) -> dict[PersonId, list[Span]]:
    """Return the public holidays that people keep, each in their own zone."""
    found: dict[PersonId, list[Span]] = {}
    for person in cast.people.values():
        if person.country:
            first, last = (local_date(at, person.zone) for at in window)
            days = almanac.holidays(person.country, first, last)
            found[person.id] = [day_span(day, person.zone) for day in days]
    return found


def _by_grant(cast: Cast) -> list[tuple[Grant, list[CalendarLink]]]:
    """Return the working grants with the links that are read through them: none where the
    programme does not have calendars read.
    """
    if not reads(cast.policy):
        return []
    groups: dict[GrantId, list[CalendarLink]] = {}
    for links in cast.links.values():
        for link in links:
            groups.setdefault(link.grant_id, []).append(link)
    return [
        (cast.grants[grant_id], links)
        for grant_id, links in groups.items()
        if grant_id in cast.grants and cast.grants[grant_id].state is LinkState.OK
    ]


async def _read(
    ports: Ports,
    cast: Cast,
    grant: Grant,
    links: list[CalendarLink],
    window: Span,
    ignore: frozenset[str],
) -> tuple[dict[str, BusyAnswer | Unknown], Cause | None]:
    """Return one grant's answers by link id, and why the account no longer opens, if it does not.

    Where IT has to approve (again) waiting does not help either: its person is told what to do.
    """
    service = ports.calendars.get(grant.provider)
    if service is None:
        return {link.id: Unknown(UNREACHABLE) for link in links}, None
    zone = cast.people[grant.person_id].zone
    ids = [link.calendar_id for link in links]
    try:
        found = await service.busy.busy(grant, ids, window, zone, ignore)
    except AccessRevoked:
        return {link.id: Unknown(BROKEN) for link in links}, Cause.REVOKED
    except ConsentRequiredByAdmin:
        return {link.id: Unknown(BROKEN) for link in links}, Cause.CONSENT
    except ProviderError:
        return {link.id: Unknown(UNREACHABLE) for link in links}, None
    missing = Unknown(UNREACHABLE)
    return {link.id: found.get(link.calendar_id, missing) for link in links}, None


def _person_time(
    cast: Cast,
    person: Person,
    answers: Mapping[str, BusyAnswer | Unknown],
    window: Span,
    eased: set[Ease],
) -> PersonTime:
    """Put together one person's time, and what it were with one more thing set aside."""
    plain = _time_of(cast, person, answers, window, eased)
    variants = [(Ease.HOURS, replace(plain, own=None))] if plain.own is not None else []
    if plain.full:
        variants.append((Ease.LIMIT, replace(plain, full=())))
    different = {
        Ease.BUFFER: (person.buffer or 0) > cast.policy.buffer,
        Ease.TENTATIVE: _tentative_blocks(cast, person) and _has_tentative(cast, person, answers),
    }
    for ease, differs in different.items():
        if differs and ease not in eased:
            variants.append((ease, _time_of(cast, person, answers, window, eased | {ease})))
    return replace(plain, eased=tuple(variants))


def _tentative_blocks(cast: Cast, person: Person) -> bool:
    """Tell whether tentative events take a person's time: as they say, else as the programme."""
    return cast.policy.tentative if person.tentative is None else person.tentative


def _has_tentative(cast: Cast, person: Person, answers: Mapping[str, BusyAnswer | Unknown]) -> bool:
    """Tell whether anything in a person's calendars is only tentative."""
    read = (answers.get(link.id) for link in cast.links.get(person.id, ()))
    found = (answer for answer in read if isinstance(answer, BusyAnswer))
    return any(b.kind is BusyKind.TENTATIVE for answer in found for b in answer.spans)


def _time_of(
    cast: Cast,
    person: Person,
    answers: Mapping[str, BusyAnswer | Unknown],
    window: Span,
    eased: set[Ease],
) -> PersonTime:
    """Put together one person's hours, leave, sessions and calendars."""
    tentative = _tentative_blocks(cast, person) and Ease.TENTATIVE not in eased
    busy, unknown = _busy_of(cast, person, answers, tentative=tentative)
    wanted = 0 if Ease.BUFFER in eased else person.buffer or 0
    buffer = max(cast.policy.buffer, wanted) * 60
    away = [days_span(leave.first, leave.last, person.zone) for leave in person.leave]
    return PersonTime(
        person_id=person.id,
        zone=person.zone,
        busy=[*busy, *_claimed(cast, person, buffer)],
        away=[span for span in away if span[0] < window[1] and span[1] > window[0]],
        own=None if Ease.HOURS in eased else person.hours,
        buffer=buffer,
        unknown=unknown,
        full=() if Ease.LIMIT in eased else full_times(cast.limits.get(person.id, ())),
        holidays=cast.holidays.get(person.id, ()),
        preferred=person.wishes.preferred,
    )


def _busy_of(
    cast: Cast, person: Person, answers: Mapping[str, BusyAnswer | Unknown], *, tentative: bool
) -> tuple[list[Span], str]:
    """Return when a person's calendars are busy, `tentative` events included or not, and why not
    all of them are known; empty where they are.
    """
    links = cast.links.get(person.id, ())
    if not links:
        return [], NOT_CONNECTED
    if not reads(cast.policy):
        return [], SWITCHED_OFF
    busy: list[Span] = []
    unknown = ""
    for link in links:
        answer = answers.get(link.id)
        if isinstance(answer, BusyAnswer):
            blocking = (b for b in answer.spans if tentative or b.kind is not BusyKind.TENTATIVE)
            busy += [(b.start, b.end) for b in blocking]
            continue
        grant = cast.grants.get(link.grant_id)
        broken = grant is None or grant.state is LinkState.BROKEN or answer == Unknown(BROKEN)
        unknown = BROKEN if broken else SLOW if answer is None else UNREACHABLE
    return busy, unknown


def _claimed(cast: Cast, person: Person, buffer: int) -> Iterator[Span]:
    """Return when a person has sessions, so much longer that with `buffer` (seconds) around it
    each keeps the widest buffer of its people.
    """
    widest = max(cast.policy.buffer, *(p.buffer or 0 for p in cast.people.values())) * 60
    for claim in cast.claims.get(person.id, ()):
        more = max(claim.buffer, widest) - buffer
        yield claim.start - more, claim.end + more


def full_times(limits: Iterable[Limit]) -> list[Span]:
    """Return when there are as many sessions as one of the limits allows."""
    return merge(span for limit in limits for span in limit.full())


def mark_revoked(tx: Tx, attendance: Attendance, now: int) -> None:
    """Mark grants that no longer open as broken; their people are told."""
    if not attendance.revoked:
        return
    known = tx.links.grants_of(person.person_id for person in attendance.people)
    for shut in attendance.revoked:
        if shut.grant_id in known:  # else the person has disconnected meanwhile
            mark_broken(tx, known[shut.grant_id], now, shut.cause)
