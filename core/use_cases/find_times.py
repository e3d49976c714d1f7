"""A request -> a drafted proposal with the best times, or the reasons why there is none.

Load and decide, ask the calendars, record. Nothing is written to calendars or sent to others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.asking import may_ask, uids_to_ignore
from core.attendance import Cast, ask, mark_revoked, search_of
from core.booking.proposal import Proposal, ProposalState, Slot
from core.booking.telling import expiry_effect, take_back
from core.counting import Count, count
from core.errors import Refused
from core.finding.availability import bounds, candidates
from core.finding.blocking import in_the_way
from core.finding.compromise import Partly, partly
from core.finding.explain import Unlock, shares, unlocks
from core.finding.ranking import best
from core.finding.unlocking import Way, ways
from core.finding.wishing import preferring
from core.ids import ProposalId
from core.programme import Objection, Rule
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.attendance import Attendance
    from core.booking.proposal import MeetingRequest
    from core.finding.request import PersonTime, Search
    from core.ids import PersonId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports, Tx
    from core.timing.spans import Span

BEFORE, AFTER = 3 * DAY, 8 * DAY


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found. `proposal` is None when no time fits at all.

    `missed` says why the asked time was not possible; then the proposal holds the nearest
    times that are. `shares` say where the time goes, `unlocks` what would open more, `full` that
    the two have used or booked all the sessions that the programme gives them. `partly` are the
    asked times that suit most of a group, where few or none suit everybody; for the asker alone.
    `ways` are the changes that would open asked times. `now` is when it was looked for (epoch s).
    """

    request: MeetingRequest
    policy: Policy
    programme: str
    people: dict[PersonId, Person]
    proposal: Proposal | None
    unknown: dict[PersonId, str]
    missed: tuple[Objection, ...] = ()
    shares: tuple[Objection, ...] = ()
    unlocks: tuple[Unlock, ...] = ()
    more: bool = False
    skipped: int = 0
    full: Count | None = None
    partly: tuple[Partly, ...] = ()
    ways: tuple[Way, ...] = ()
    now: int = 0


async def find_times(
    ports: Ports,
    request: MeetingRequest,
    *,
    count: int = 3,
    without: frozenset[int] = frozenset(),
    replaces: ProposalId | None = None,
    nearby: bool = True,
) -> Finding:
    """Find the best times for a request and store them as a drafted proposal.

    Raises Refused with the rule that forbids the request itself (who, duration, the past).
    """
    now = ports.clock.now()
    reach = _reach(request, now)
    cast, ignore = await ports.store.read(
        lambda tx: (may_ask(tx, request, reach, now), uids_to_ignore(tx, request, ports.domain))
    )
    search = search_of(request, cast.policy, now, without)
    wide = _widened(search)
    attendance = await ask(
        ports, cast, _around(wide, attendance_buffer(cast)), ignore, request.eased
    )
    finding = _find(cast, request, search, wide if nearby else search, attendance, count)
    ids = ProposalId(ports.ids.new())
    return await ports.store.transact(
        lambda tx: _record(tx, finding, attendance, ids, replaces, now)
    )


def attendance_buffer(cast: Cast) -> int:
    """Return the widest buffer of the cast, in seconds."""
    own = max((p.buffer or 0 for p in cast.people.values()), default=0)
    return max(own, cast.policy.buffer) * 60


def _reach(request: MeetingRequest, now: int) -> Span:
    """Return the widest window that may be looked at."""
    if not request.windows:
        raise Refused(Objection(Rule.PAST))
    return max(now, request.windows[0][0] - BEFORE) - DAY, request.windows[-1][1] + AFTER + DAY


def _widened(search: Search) -> Search:
    """Return the search over the days around, for the case that the asked time is impossible."""
    first = max(search.now, search.windows[0][0] - BEFORE)
    return replace(search, windows=((first, max(first, search.windows[-1][1] + AFTER)),), starts=())


def _around(search: Search, buffer: int) -> Span:
    """Return the window that calendars are asked for."""
    first, last = bounds(search)
    return first - buffer, last + buffer


def _find(
    cast: Cast,
    request: MeetingRequest,
    search: Search,
    wide: Search,
    attendance: Attendance,
    count: int,
) -> Finding:
    """Return the finding, its proposal still without an id."""
    people = sorted(attendance.people, key=lambda p: p.person_id != request.asker)
    search, wide = preferring(search, people), preferring(wide, people)
    starts = candidates(search, people)
    chosen = best(search, people, starts, count)
    without = _without(request, search, people, count - len(chosen))
    chosen += without
    finding = Finding(
        request, cast.policy, cast.programme.name, dict(cast.people), None, attendance.unknown,
        more=len(starts) > len(chosen), skipped=attendance.skipped,
        partly=_for_most(request, search, people, count - len(chosen)), now=search.now,
    )  # fmt: skip
    if not chosen:
        others = [s for s in candidates(wide, people) if s not in search.without]
        chosen = _nearest(wide, people, search, others, count)
        if not chosen:
            without = _without(request, wide, people, count)
            chosen += without
        finding = replace(
            finding,
            missed=in_the_way(search, people),
            shares=shares(search, people),
            unlocks=unlocks(search, people)[:3],
            ways=ways(search, people, request.asker),
        )
    if not chosen:
        return finding
    return replace(finding, proposal=_draft(request, chosen, attendance, cast, search, without))


def _without(
    request: MeetingRequest, search: Search, people: list[PersonTime], count: int
) -> dict[int, tuple[PersonId, ...]]:
    """Return the best times that suit all but some of the optional people: start, and who."""
    if count <= 0 or not request.optional:
        return {}
    found = partly(search, people, request.needed, count, most=False)
    return {item.start: item.missing for item in found if item.start not in search.without}


def _for_most(
    request: MeetingRequest, search: Search, people: list[PersonTime], count: int
) -> tuple[Partly, ...]:
    """Return the times for most of a group of three and more, with the asker; nobody is dropped
    from a session that is moved.
    """
    if count <= 0 or len(people) < 3 or request.moves is not None:
        return ()
    found = partly(search, people, {request.asker}, count)
    return tuple(item for item in found if not set(item.missing) <= set(request.optional))


def _draft(
    request: MeetingRequest,
    chosen: list[int],
    attendance: Attendance,
    cast: Cast,
    search: Search,
    without: Mapping[int, tuple[PersonId, ...]],
) -> Proposal:
    """Return the proposal, best time first, closed at its last time at the latest; `without` says
    who is missing at which times.
    """
    unchecked = tuple(attendance.unknown)
    slots = tuple(Slot(s, s + search.length, unchecked, missing=without.get(s, ())) for s in chosen)
    expires = min(search.now + cast.policy.expiry * 60, max(chosen))
    return Proposal(ProposalId(""), request, slots, search.now, expires)


def _nearest(
    wide: Search, people: list[PersonTime], search: Search, starts: list[int], count: int
) -> list[int]:
    """Return the times closest to what was asked: the day before, the day after, and on."""
    if search.starts:
        wanted = search.starts[0]
        near = sorted(starts, key=lambda s: abs(s - wanted))[: count * 8]
        return best(wide, people, near, count)
    first, last = search.windows[0][0], search.windows[-1][1]
    before = [s for s in starts if s < first]
    after = [s for s in starts if s >= last]
    inside = [s for s in starts if first <= s < last]
    chosen = best(wide, people, inside, count)
    for side in (_last_day(before), _first_day(after)):
        chosen += best(wide, people, side, 1)
    rest = [s for s in after if s not in chosen]
    return (chosen + best(wide, people, rest, count))[:count]


def _first_day(starts: list[int]) -> list[int]:
    return [s for s in starts if s - starts[0] < DAY // 2]


def _last_day(starts: list[int]) -> list[int]:
    return [s for s in starts if starts[-1] - s < DAY // 2]


def _record(
    tx: Tx,
    finding: Finding,
    attendance: Attendance,
    new_id: ProposalId,
    replaces: ProposalId | None,
    now: int,
) -> Finding:
    """Store the proposal, close the one it replaces, and note grants that no longer open."""
    mark_revoked(tx, attendance, now)
    asker = tx.people.many([finding.request.asker])  # who arranges for others is no attendee
    finding = replace(finding, people={**asker, **finding.people})
    if finding.request.moves is None:
        counted = count(tx, finding.request.programme_id, finding.request.attendees)
        finding = replace(finding, full=counted if counted and counted.is_full else None)
    if finding.proposal is None:
        return finding
    proposal = replace(finding.proposal, id=new_id)
    for old in tx.proposals.open_of(finding.request.asker):
        again = old.state is ProposalState.DRAFTED and finding.request.is_again(old.request)
        if old.id == replaces or again:
            tx.proposals.save(old.end(ProposalState.SUPERSEDED, new_id))
            take_back(tx, old)
    tx.proposals.save(proposal)
    tx.effects.add(expiry_effect(proposal))
    return replace(finding, proposal=proposal)
