"""An agreed series becomes sessions: read the calendars once more, claim what is still free,
store, tell. Nobody gets more sessions than they want but by their own word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.asking_series import ask_series, freed, leaving, own_of, uids_of, wish_of
from core.attendance import load_cast, mark_revoked
from core.booking.meeting import Meeting
from core.booking.proposal import Beyond, Proposal, ProposalState
from core.booking.series import Series, cut
from core.booking.series_plan import plan_series
from core.booking.telling import close_expired, take_back, tell
from core.convening import buffer_of, convene, reachable
from core.engagements import too_many
from core.ids import MeetingId, SeriesId
from core.radar import watch
from core.reminding import arrange
from core.rooms import ask_for_link
from core.series_changing import change_rest
from core.timing.spans import overlaps
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.attendance import Attendance, Cast
    from core.ids import PersonId, ProposalId
    from core.people import Person
    from core.ports import Ports, Tx


class Outcome(StrEnum):
    """What became of an answer."""

    OFFERED = "offered"
    WAITING = "waiting"
    BOOKED = "booked"
    TAKEN = "taken"  # nothing of it can be booked any more
    CLOSED = "closed"
    BEYOND = "beyond"  # it has more sessions than the actor wants, who is asked about these


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """The outcome, the proposal as it stands, and the series with its sessions when there is one.

    `lost` are the starts that others took meanwhile, which are left out.
    """

    outcome: Outcome
    proposal: Proposal
    people: dict[PersonId, Person]
    series: Series | None = None
    meetings: tuple[Meeting, ...] = ()
    lost: tuple[int, ...] = ()
    fresh: bool = True


def as_closed(tx: Tx, proposal: Proposal, people: dict[PersonId, Person], now: int) -> SeriesResult:
    """Return how a proposal ended before this answer."""
    if proposal.is_open and proposal.expires_at <= now:
        proposal = proposal.end(ProposalState.EXPIRED)
    result = SeriesResult(Outcome.CLOSED, proposal, people, fresh=False)
    if proposal.meeting_id is None:
        return result
    series_id = SeriesId(proposal.meeting_id)
    series, meetings = tx.meetings.series(series_id), tx.meetings.of_series(series_id)
    return replace(result, series=series, meetings=meetings)


async def book_series(
    ports: Ports, result: SeriesResult, starts: tuple[int, ...], actor: PersonId
) -> SeriesResult:
    """Read the calendars once more, then claim what is still free and store the series."""
    proposal, now = result.proposal, ports.clock.now()
    request = proposal.request
    spans = [(start, start + request.minutes * 60) for start in starts]
    if not spans:
        return await ports.store.transact(lambda tx: _lapse(tx, proposal.id, actor, now))
    reach = (spans[0][0] - DAY, spans[-1][1] + DAY)

    def load(tx: Tx) -> tuple[Cast, frozenset[str]]:
        cast = load_cast(tx, request.programme_id, request.attendees, reach)
        own = own_of(tx, wish_of(request))
        return freed(cast, own), uids_of(own, ports.domain)

    cast, ignore = await ports.store.read(load)
    attendance = await ask_series(ports, cast, spans, ignore, request.eased)
    free = tuple(start for start in starts if _is_free(attendance, start, request.minutes, now))
    if not free or cast.programme.ended:
        return await ports.store.transact(lambda tx: _lapse(tx, proposal.id, actor, now))
    ids = tuple(ports.ids.new() for _ in free)
    booked = await ports.store.transact(
        lambda tx: _commit(tx, ports, proposal.id, free, ids, actor, cast, attendance, now)
    )
    lost = tuple(s for s in starts if s not in {m.start for m in booked.meetings})
    return replace(booked, lost=lost) if booked.outcome is Outcome.BOOKED else booked


def _is_free(attendance: Attendance, start: int, minutes: int, now: int) -> bool:
    end = start + minutes * 60
    return start > now and not any(
        overlaps((*p.busy, *p.away), start - p.buffer, end + p.buffer) for p in attendance.people
    )


def _lapse(tx: Tx, proposal_id: ProposalId, actor: PersonId, now: int) -> SeriesResult:
    """Close a proposal of which nothing can be booked any more; the others are told."""
    proposal = tx.proposals.get(proposal_id)
    people = tx.people.many((*proposal.request.attendees, proposal.request.asker))
    if not proposal.is_open:
        return as_closed(tx, proposal, people, now)
    return SeriesResult(Outcome.TAKEN, close_expired(tx, proposal, actor, now), people)


def _commit(
    tx: Tx,
    ports: Ports,
    proposal_id: ProposalId,
    starts: tuple[int, ...],
    ids: tuple[str, ...],
    actor: PersonId,
    cast: Cast,
    attendance: Attendance,
    now: int,
) -> SeriesResult:
    """Claim, store, and queue everything that follows; what is taken is left out."""
    proposal = tx.proposals.get(proposal_id)
    request = proposal.request
    people = tx.people.many((*request.attendees, request.asker))
    if not proposal.is_open:
        return as_closed(tx, proposal, people, now)
    mark_revoked(tx, attendance, now)
    more = too_many(tx, request, starts, request.needed, leaving(tx, proposal, starts))
    if more and proposal.state is ProposalState.OFFERED:
        return _ask_again(tx, proposal, more, people, actor, now)
    beyond = {start for over in more.values() for start in over}  # nobody was asked: done without
    starts = tuple(start for start in starts if start not in beyond)
    if not starts:
        return _lapse(tx, proposal_id, actor, now)
    if wish_of(request).changes is not None:
        return _changed(tx, proposal, starts, people, actor, cast, now)
    series, meetings = _convened(tx, ports, proposal, starts, ids[: len(starts)], cast, now)
    meetings = _untaken(tx, meetings, request.attendees, buffer_of(cast) * 60)
    if not meetings:
        return _lapse(tx, proposal_id, actor, now)
    series, meetings = _anchored(series, meetings, ports.domain)
    _store(tx, series, meetings, now)
    closed = proposal.book(meetings[0].id)
    tx.proposals.save(closed)
    take_back(tx, proposal)
    for effect in plan_series(series, meetings, actor, now):
        tx.effects.add(effect)
    tell(tx, closed, [p for p in people if p != actor], now)
    ask_for_link(tx, meetings[0], now)
    return SeriesResult(Outcome.BOOKED, closed, people, series, meetings)


def _untaken(
    tx: Tx, meetings: Sequence[Meeting], people: Sequence[PersonId], buffer: int
) -> tuple[Meeting, ...]:
    """Return the sessions that lie over nothing that these people have booked; `buffer` seconds
    around them are theirs.
    """
    starts = [m.start for m in meetings]
    held = tx.meetings.claims(people, (min(starts), max(starts) + DAY)).values()
    claims = [claim for own in held for claim in own]
    return tuple(
        m
        for m in meetings
        if not any(
            m.start < c.end + max(buffer, c.buffer) and c.start < m.end + max(buffer, c.buffer)
            for c in claims
        )
    )


def _ask_again(
    tx: Tx,
    proposal: Proposal,
    more: Mapping[PersonId, tuple[int, ...]],
    people: dict[PersonId, Person],
    actor: PersonId,
    now: int,
) -> SeriesResult:
    """Ask those once more for whom what they had accepted has become more than they want."""
    request = proposal.request
    given = {p: set(proposal.answers[p].accepted) for p in more if p in proposal.answers}
    asked = (
        Beyond(
            person,
            starts,
            tuple(s.start for s in proposal.slots if s.start not in given.get(person, (s.start,))),
        )
        for person, starts in more.items()
    )
    request = replace(request, series=wish_of(request).asking(*asked))
    answers = {p: answer for p, answer in proposal.answers.items() if p not in more}
    tx.proposals.save(replace(proposal, request=request, answers=answers))
    again = tx.proposals.get(proposal.id)
    everybody = dict.fromkeys((request.asker, *request.attendees))
    tell(tx, again, [p for p in everybody if p != actor], now)
    return SeriesResult(Outcome.WAITING, again, people)


def _changed(
    tx: Tx,
    proposal: Proposal,
    starts: tuple[int, ...],
    people: dict[PersonId, Person],
    actor: PersonId,
    cast: Cast,
    now: int,
) -> SeriesResult:
    """Move the sessions of a series that stands; those whose time was taken stay."""
    changed = change_rest(tx, proposal, starts, actor, cast, now)
    if changed is None:
        return _lapse(tx, proposal.id, actor, now)
    series, meetings = changed
    watch(tx, series, meetings, now)
    closed = proposal.book(MeetingId(series.id))
    tx.proposals.save(closed)
    take_back(tx, proposal)
    tell(tx, closed, [p for p in people if p != actor], now)
    return SeriesResult(Outcome.BOOKED, closed, people, series, meetings)


def _convened(
    tx: Tx,
    ports: Ports,
    proposal: Proposal,
    starts: tuple[int, ...],
    ids: tuple[str, ...],
    cast: Cast,
    now: int,
) -> tuple[Series, tuple[Meeting, ...]]:
    """Return the series and its meetings as they are to be, all reachable now."""
    wish = wish_of(proposal.request)
    slots = {slot.start: slot.by_rule or slot.start for slot in proposal.slots}
    first = convene(tx, proposal, starts[0], cast, f"{ids[0]}@{ports.domain}", now)
    first, _ = reachable(tx, first, now)
    length = first.end - first.start
    meetings = tuple(
        replace(
            first,
            id=MeetingId(new_id),
            start=start,
            end=start + length,
            zone=wish.pattern.zone,
            slot=slots[start],
        )
        for start, new_id in zip(starts, ids, strict=True)
    )
    series = Series(
        SeriesId(ids[0]), first.programme_id, first.owner, first.people,
        wish.pattern, first.title, first.uid, changed_at=now,
    )  # fmt: skip
    return series, tuple(sorted(meetings, key=lambda m: m.slot))


def _anchored(
    series: Series, meetings: tuple[Meeting, ...], domain: str
) -> tuple[Series, tuple[Meeting, ...]]:
    """Name the series after its first meeting, and cut its rule to what is held."""
    anchor = meetings[0].id
    uid = f"{anchor}@{domain}"
    held = {m.slot for m in meetings}
    pattern = series.pattern
    pattern = cut(pattern, {slot for slot in pattern.slots() if slot not in held})
    named = replace(series, id=SeriesId(anchor), uid=uid, pattern=pattern)
    return named, tuple(replace(m, uid=uid, series=named.id) for m in meetings)


def _store(tx: Tx, series: Series, meetings: Sequence[Meeting], now: int) -> None:
    tx.meetings.save_series(series)
    for meeting in meetings:
        tx.meetings.claim(meeting)
        tx.meetings.save(meeting)
        arrange(tx, meeting, now)
    watch(tx, series, meetings, now)
