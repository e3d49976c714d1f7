"""Moving all that is to come of a series at once, inside a transaction: what everybody has agreed
to is claimed and stored, and each person is told once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.asking_series import wish_of
from core.booking.meeting import MeetingState
from core.booking.series import coming
from core.booking.series_plan import MOVED, plan_series
from core.calling_off import terms_for
from core.convening import buffer_of, reachable
from core.counting import note_cancelled
from core.reminding import arrange
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.attendance import Cast
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.booking.series import Series
    from core.effects import Effect
    from core.ids import MeetingId, PersonId
    from core.ports import Tx


def change_rest(
    tx: Tx, proposal: Proposal, starts: Sequence[int], actor: PersonId, cast: Cast, now: int
) -> tuple[Series, tuple[Meeting, ...]] | None:
    """Move the sessions of a series to the starts of a proposal, call off those that are not
    wanted any more, and queue one copy, one mail and one word per person.

    What is called off or begun meanwhile, and what would lie over something else that the people
    have booked, stays as it is; None when nothing is left to change.
    """
    wish = wish_of(proposal.request)
    if wish.changes is None:
        return None
    series, before = tx.meetings.series(wish.changes), tx.meetings.of_series(wish.changes)
    ahead = {m.id: m for m in before if m.state is MeetingState.BOOKED and m.start > now}
    meant = {one.slot: one.meeting for one in wish.shifts}
    named = {slot.start: meant[slot.by_rule or slot.start] for slot in proposal.slots}
    off = [ahead[meant[slot]] for slot in wish.dropped if meant[slot] in ahead]
    wanted = {named[start]: start for start in starts if named[start] in ahead}
    gone = {m.id: _call_off(tx, m, proposal.request.asker, now) for m in off}
    moved, leftovers = _move(tx, ahead, wanted, wish.pattern.zone, buffer_of(cast), now)
    if not (moved or gone):
        return None
    after = tuple({**{m.id: m for m in before}, **gone, **moved}.values())
    changed = series.changed(before, now)
    tx.meetings.save_series(changed)
    for effect in (*leftovers, *plan_series(changed, after, actor, now, what=MOVED)):
        tx.effects.add(effect)
    return changed, after


def call_off_all(tx: Tx, series: Series, by: PersonId, now: int) -> tuple[Meeting, ...]:
    """Call off all that is to come of a series, without its counting for anybody; return it."""
    before = tx.meetings.of_series(series.id)
    after = {m.id: m for m in before}
    for meeting in coming(before, now):
        after[meeting.id] = meeting.cancel(now)
        tx.meetings.release(meeting.id)
        tx.meetings.save(after[meeting.id])
        note_cancelled(tx, meeting.id, by, counts=False)
    ended = series.end(before, now)
    tx.meetings.save_series(ended)
    for effect in plan_series(ended, tuple(after.values()), by, now):
        tx.effects.add(effect)
    return tuple(after.values())


def _call_off(tx: Tx, meeting: Meeting, by: PersonId, now: int) -> Meeting:
    """Call one session off, on the terms of who wished it."""
    counts = terms_for(tx, meeting, by, now).counts
    after = meeting.cancel(now)
    tx.meetings.release(meeting.id)
    tx.meetings.save(after)
    note_cancelled(tx, meeting.id, by, counts=counts)
    return after


def _move(
    tx: Tx,
    ahead: Mapping[MeetingId, Meeting],
    wanted: Mapping[MeetingId, int],
    zone: str,
    buffer: int,
    now: int,
) -> tuple[dict[MeetingId, Meeting], list[Effect]]:
    """Claim and store the new times. All old ones are given back first, so that one session may
    take the place of the next; one whose new time is taken keeps its old one.
    """
    moved: dict[MeetingId, Meeting] = {}
    leftovers: list[Effect] = []
    for one, start in wanted.items():
        meeting, left = reachable(tx, ahead[one], now)
        end = start + meeting.end - meeting.start
        moved[one] = replace(meeting.move(start, end, now), zone=zone, buffer=buffer)
        leftovers += left
    while lost := _taken(tx, ahead, moved):
        del moved[lost]
    for one in moved:
        tx.meetings.release(one)
    for meeting in moved.values():
        tx.meetings.claim(meeting)
        tx.meetings.save(meeting)
        arrange(tx, meeting, now)
    return moved, leftovers


def _taken(
    tx: Tx, ahead: Mapping[MeetingId, Meeting], moved: Mapping[MeetingId, Meeting]
) -> MeetingId | None:
    """Return a session whose new time is taken: by another booking, by one of the series that
    stays, or by one that is moved as well.
    """
    if not moved:
        return None
    people = tuple(dict.fromkeys(p for m in moved.values() for p in m.people))
    starts = [m.start for m in moved.values()]
    free = {ahead[one].span for one in moved}
    claims = tx.meetings.claims(people, (min(starts), max(starts) + DAY)).values()
    held = {(c.start, c.end, c.buffer) for own in claims for c in own}
    held = {one for one in held if one[:2] not in free}
    for one, meeting in moved.items():
        if _meets(meeting, held):
            return one
        held.add((meeting.start, meeting.end, meeting.buffer * 60))
    return None


def _meets(meeting: Meeting, held: Iterable[tuple[int, int, int]]) -> bool:
    """Tell whether a session lies over any of these times (start, end, buffer in seconds)."""
    for start, end, buffer in held:
        wide = max(buffer, meeting.buffer * 60)
        if meeting.start < end + wide and start < meeting.end + wide:
            return True
    return False
