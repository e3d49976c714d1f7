"""A wish for a series -> a drafted proposal of what fits, and what to do about the rest.

One search checks every session. What does not fit becomes a gap, which is left out unless the
asker chooses another time for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.asking import may_ask
from core.asking_series import (
    AROUND,
    ask_series,
    freed,
    leaving,
    own_of,
    spans_of,
    uids_of,
    wish_of,
)
from core.attendance import full_times, mark_revoked, search_of
from core.booking.proposal import Gap, Proposal, ProposalState, Slot
from core.booking.telling import expiry_effect, take_back
from core.counting import Count, count
from core.engagements import limits_at
from core.errors import Refused
from core.finding.availability import candidates
from core.finding.explain import unlocks, why_not
from core.finding.limits import room_for
from core.finding.request import Ease
from core.finding.unlocking import ways
from core.ids import ProposalId
from core.programme import Objection, Rule
from core.timing.spans import merge, overlaps
from core.timing.zones import DAY, day_span, local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.attendance import Attendance, Cast
    from core.booking.proposal import MeetingRequest
    from core.booking.series import Pattern
    from core.finding.explain import Unlock
    from core.finding.limits import Limit
    from core.finding.request import PersonTime, Search
    from core.finding.unlocking import Way
    from core.ids import PersonId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports, Tx
    from core.timing.spans import Span

MOST_CHOICES = 2  # other times that are offered for one gap
EVER = 1 << 33  # an instant after all sessions


@dataclass(frozen=True, slots=True)
class SeriesFinding:
    """What a search found: the request with its gaps, and a proposal of what fits; None when
    nothing does, or when the rules are against the first session (`against`).

    `full` says how many sessions the two have where the programme limits them. Where nothing
    fits, `ways` are the changes for this once that make some of it fit, `unlocks` the rules that
    stand in the way.
    """

    request: MeetingRequest
    policy: Policy
    programme: str
    people: dict[PersonId, Person]
    proposal: Proposal | None
    unknown: dict[PersonId, str]
    against: tuple[Objection, ...] = ()
    full: Count | None = None
    ways: tuple[Way, ...] = ()
    unlocks: tuple[Unlock, ...] = ()


async def find_series(
    ports: Ports,
    request: MeetingRequest,
    options: Sequence[Pattern] = (),
    *,
    without: frozenset[int] = frozenset(),
    replaces: ProposalId | None = None,
) -> SeriesFinding:
    """Check every session of the wished series and store what fits as a drafted proposal.

    With `options` the one of these is taken that fits best, the first of those that fit alike.
    For one that stands its sessions are checked at their new times, their own old ones free.
    `without` are sessions that are not wanted, by their starts.
    Raises Refused with the rule that forbids the request itself.
    """
    now = ports.clock.now()
    wish = wish_of(request)
    patterns = tuple(options) or (wish.pattern,)
    spans = sorted({span for pattern in patterns for span in spans_of(pattern)})
    if wish.changes is not None:
        spans = sorted((slot, slot + request.minutes * 60) for slot in wish.slots())
    if not spans:
        raise Refused(Objection(Rule.PAST))
    reach = (spans[0][0] - AROUND - DAY, spans[-1][1] + AROUND + DAY)
    request = replace(request, windows=((spans[0][0], spans[-1][1]),))

    def load(tx: Tx) -> tuple[Cast, frozenset[str]]:
        own = own_of(tx, wish)
        return freed(may_ask(tx, request, reach, now), own), uids_of(own, ports.domain)

    cast, ignore = await ports.store.read(load)
    attendance = await ask_series(ports, cast, spans, ignore, request.eased)
    finding = _find(cast, request, patterns, attendance, without, now)
    new_id = ProposalId(ports.ids.new())
    return await ports.store.transact(
        lambda tx: _record(tx, finding, attendance, new_id, replaces, now)
    )


def _find(
    cast: Cast,
    request: MeetingRequest,
    patterns: Sequence[Pattern],
    attendance: Attendance,
    without: frozenset[int],
    now: int,
) -> SeriesFinding:
    """Return the finding, its proposal still without an id."""
    people = sorted(attendance.people, key=lambda p: p.person_id != request.asker)
    search = search_of(request, cast.policy, now)
    wished = wish_of(request)
    slots_of = {pattern: pattern.slots() for pattern in patterns}
    if wished.changes is not None:
        slots_of = {wished.pattern: wished.slots()}
    free = _fitting(slots_of, search, people) - without
    held_to = {p: ls for p, ls in cast.limits.items() if (Ease.LIMIT, p) not in request.eased}
    best, fits = _best(slots_of, free, held_to)
    people = [
        replace(p, full=full_times(one.holding(fits) for one in held_to.get(p.person_id, ())))
        for p in people
    ]
    slots = [slot for slot in slots_of[best] if slot not in without]
    if not slots:
        raise Refused(Objection(Rule.PAST))
    first, unchecked = why_not(search, people, slots[0]), tuple(attendance.unknown)
    finding = SeriesFinding(
        request, cast.policy, cast.programme.name, dict(cast.people), None, attendance.unknown
    )
    beyond = [o for o in first if o.kind in (Rule.HORIZON, Rule.PAST)]
    if beyond and wished.changes is None:
        return replace(finding, against=tuple(beyond))
    later = replace(search, latest=EVER)
    kept = {one.slot: one.was for one in wished.shifts}
    held = tuple(Slot(s, s + best.minutes * 60, unchecked) for s in slots if s in fits)
    gaps = tuple(
        _gap(later, people, s, request.zone, kept.get(s, s), held) for s in slots if s not in fits
    )
    wish = replace(wished, pattern=best, gaps=gaps)
    request = replace(request, series=wish, minutes=best.minutes)
    finding = replace(finding, request=request)
    if not fits:
        plain = len(patterns) == 1 and not without and wished.changes is None
        return _nothing(finding, _wide(slots, search, best.minutes), people, plain=plain)
    expires = min(now + cast.policy.expiry * 60, held[0].start)
    return replace(finding, proposal=Proposal(ProposalId(""), request, held, now, expires))


def _best(
    slots_of: Mapping[Pattern, Sequence[int]],
    free: frozenset[int],
    held_to: Mapping[PersonId, Sequence[Limit]],
) -> tuple[Pattern, frozenset[int]]:
    """Return the pattern of which most slots are free within everybody's limits, and these."""
    limits = [limit for held in held_to.values() for limit in held]
    fit = {p: frozenset(room_for(free.intersection(s), limits)) for p, s in slots_of.items()}
    best = max(fit, key=lambda p: len(fit[p]))
    return best, fit[best]


def _nothing(
    finding: SeriesFinding, wide: Search, people: list[PersonTime], *, plain: bool
) -> SeriesFinding:
    """Return why nothing fits, and what would make some of it fit, unless the request is not a
    `plain` one: then a button could not say all of it.
    """
    gaps = wish_of(finding.request).gaps
    finding = replace(
        finding, against=tuple(dict.fromkeys(reason for gap in gaps for reason in gap.why))
    )
    if not plain:
        return finding
    tries = ways(wide, people, finding.request.asker)
    return replace(finding, ways=tries, unlocks=unlocks(wide, people))


def _fitting(
    slots_of: Mapping[Pattern, Sequence[int]], search: Search, people: list[PersonTime]
) -> frozenset[int]:
    """Return the slots of all patterns that suit everybody, found in one search."""
    minutes = max(pattern.minutes for pattern in slots_of)
    slots = {slot for slots in slots_of.values() for slot in slots}
    return frozenset(candidates(_wide(slots, search, minutes), people))


def _wide(slots: Iterable[int], search: Search, minutes: int) -> Search:
    """Return the search for these slots and no others; the horizon counts for the first session
    alone (Y24).
    """
    starts, length = tuple(sorted(slots)), minutes * 60
    spans = tuple(merge((start, start + length) for start in starts))
    return replace(search, windows=spans, starts=starts, length=length, latest=EVER)


def _gap(
    search: Search,
    people: list[PersonTime],
    slot: int,
    zone: str,
    was: int,
    held: Sequence[Slot],
) -> Gap:
    """Return why a session cannot be, and other times than when it `was`, beside those that are
    `held`; only the days around it are looked at.
    """
    low, high = slot - AROUND - DAY, slot + AROUND + DAY
    near = [replace(p, busy=[b for b in p.busy if low < b[1] and b[0] < high]) for p in people]
    others = replace(search, without=frozenset({slot, was}))
    taken = [(s.start, s.end) for s in held if low < s.end and s.start < high]
    beside = [replace(p, busy=[*p.busy, *taken]) for p in near]
    return Gap(slot, why_not(search, near, slot), _nearest(others, beside, slot, zone))


def _nearest(search: Search, people: list[PersonTime], slot: int, zone: str) -> tuple[int, ...]:
    """Return the nearest times for a gap: one on its day, one on the day before or after."""
    found: list[int] = []
    day = _day_of(slot, zone)
    for windows_ in (
        (day,),
        (_day_of(day[0] - DAY // 2, zone), _day_of(day[1] + DAY // 2, zone)),
    ):
        near = replace(search, windows=windows_, starts=())
        starts = candidates(near, people)
        same = [s for s in starts if (s - slot) % DAY == 0]  # the same time of day comes first
        pick = same or starts
        if pick:
            found.append(min(pick, key=lambda s: (_apart(s, slot), abs(s - slot), s)))
    return tuple(found[:MOST_CHOICES])


def _apart(start: int, slot: int) -> int:
    """Return how many seconds two times of day are apart."""
    return abs((start - slot + DAY // 2) % DAY - DAY // 2)


def _day_of(at: int, zone: str) -> Span:
    return day_span(local_date(at, zone), zone)


def _record(
    tx: Tx,
    finding: SeriesFinding,
    attendance: Attendance,
    new_id: ProposalId,
    replaces: ProposalId | None,
    now: int,
) -> SeriesFinding:
    """Store the proposal, close the one it replaces, and note grants that no longer open."""
    mark_revoked(tx, attendance, now)
    request = finding.request
    asker = tx.people.many([request.asker])
    counted = count(tx, request.programme_id, request.attendees)
    finding = replace(finding, people={**finding.people, **asker}, full=counted)
    if finding.proposal is None:
        return finding
    proposal = replace(finding.proposal, id=new_id)
    for old in tx.proposals.open_of(request.asker):
        again = old.state is ProposalState.DRAFTED and request.is_again(old.request)
        if old.id == replaces or again:
            tx.proposals.save(old.end(ProposalState.SUPERSEDED, new_id))
            take_back(tx, old)
    tx.proposals.save(proposal)
    tx.effects.add(expiry_effect(proposal))
    return replace(finding, proposal=proposal)


# --- choosing -------------------------------------------------------------------------------------


class Choice(StrEnum):
    """What an asker can do with a gap."""

    MOVE = "move"
    SKIP = "skip"
    STOP = "stop"
    KEEP = "keep"  # the session of a series that stands, at its old time


async def choose(
    ports: Ports, proposal_id: ProposalId, actor: PersonId, choice: Choice, slot: int, start: int
) -> Proposal:
    """Take another time for a gap, leave it out, or let the series end before it.

    Raises Refused for anybody but the asker, and for another time that, with what else is chosen,
    is more than somebody wants; NotFound, ValueError for what was not offered.
    """

    def work(tx: Tx) -> Proposal:
        proposal = tx.proposals.get(proposal_id)
        if actor != proposal.request.asker:
            raise Refused(Objection(Rule.RIGHTS, proposal.request.asker))
        if proposal.state is not ProposalState.DRAFTED:
            return proposal
        chosen = _chosen(proposal, choice, slot, start)
        if choice is Choice.MOVE and (full := _too_many(tx, chosen, start)):
            raise Refused(*full)
        if chosen != proposal:
            tx.proposals.save(chosen)
            chosen = tx.proposals.get(proposal_id)
        return chosen

    return await ports.store.transact(work)


def _too_many(tx: Tx, chosen: Proposal, start: int) -> list[Objection]:
    """Return for whom a session is one more than they want beside the others of its proposal."""
    request = chosen.request
    starts = [slot.start for slot in chosen.slots]
    others = [other for other in starts if other != start]
    gone = leaving(tx, chosen, starts)
    found = limits_at(tx, request, starts, request.needed, gone, asked=request)
    return [
        Objection(Rule.LIMIT, person)
        for person, limits in found.items()
        if not room_for([start], [limit.holding(others) for limit in limits])
    ]


def _chosen(proposal: Proposal, choice: Choice, slot: int, start: int) -> Proposal:
    request = proposal.request
    wish = wish_of(request)
    gap = next((gap for gap in wish.gaps if gap.slot == slot), None)
    if gap is None or (choice is Choice.MOVE and start not in gap.choices):
        message = "no such gap"
        raise ValueError(message)
    others = tuple(s for s in proposal.slots if (s.by_rule or s.start) != slot)
    if wish.changes is not None:
        dropped = tuple(at for at in wish.dropped if at != slot)
        dropped = (*dropped, slot) if choice is Choice.SKIP else dropped
        request = replace(request, series=replace(wish, dropped=dropped))
        proposal = replace(proposal, request=request)
        if choice is not Choice.MOVE:
            return replace(proposal, slots=others)
    if choice is Choice.SKIP:
        return replace(proposal, slots=others) if others else proposal
    if choice is Choice.MOVE:
        made = Slot(start, start + request.minutes * 60, proposal.slots[0].unchecked, slot)
        if overlaps([(s.start, s.end) for s in others], made.start, made.end):
            message = "another gap has this time"
            raise ValueError(message)
        slots = sorted((*others, made), key=lambda s: s.by_rule or s.start)
        return replace(proposal, slots=tuple(slots))
    before = tuple(s for s in others if (s.by_rule or s.start) < slot)
    if not before:
        return proposal
    gaps = tuple(gap for gap in wish.gaps if gap.slot < slot)
    pattern = wish.pattern.ending(wish.pattern.day_of(slot - DAY))
    wish = replace(wish, gaps=gaps, pattern=pattern, cut=False)
    return replace(proposal, slots=before, request=replace(request, series=wish))
