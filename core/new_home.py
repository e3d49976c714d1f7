"""What becomes of agreed sessions when somebody's own clock becomes another one.

Sessions stay at their instants, so nothing clashes that did not before; but they may now lie
outside the hours of their person. They are told once, ten minutes later, so that a change that is
taken back says nothing. A stay of some days does not count, nor does a clock change (radar.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.booking.meeting import MeetingState
from core.notices import Notice, NoticeKind, as_effect
from core.timing.hours import hours_spans
from core.timing.zones import DAY
from core.undoing import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import Meeting
    from core.ids import ProgrammeId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Tx

LENGTH = 366 * DAY
MOST = 100  # sessions that one notice holds


def is_outside(meeting: Meeting, person: Person, policy: Policy) -> bool:
    """Tell whether a session lies outside somebody's hours, or the programme's, on their clock,
    and did not on the clock on which it was agreed.
    """
    entry = meeting.attendee(person.id)
    if entry is None or not entry.holds or person.during(meeting.span) != person:
        return False
    own = person.within(meeting.programme_id).hours
    weeks = [week for week in (policy.weekly, own) if week is not None]

    def inside(zone: str) -> bool:
        return all(hours_spans(w, zone, meeting.span) == [meeting.span] for w in weeks)

    return inside(entry.zone) and not inside(person.zone)


def outside(tx: Tx, person: Person, meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Return those of booked sessions that lie outside their hours since their clock changed."""
    policies: dict[ProgrammeId, Policy] = {}
    found: list[Meeting] = []
    for meeting in sorted(meetings, key=lambda m: m.start):
        where = meeting.programme_id
        if where not in policies:
            policies[where] = load_policy(tx, tx.programmes.get(where))
        booked = meeting.state is MeetingState.BOOKED
        if booked and is_outside(meeting, person, policies[where]):
            found.append(meeting)
    return tuple(found)


def look(tx: Tx, before: Person, after: Person, now: int) -> None:
    """Queue the one notice about what a change of somebody's own zone leaves outside their hours;
    `after` is stored already.
    """
    if before.zone == after.zone or not after.active:
        return
    due = now + PATIENCE
    ahead = [m for m in tx.meetings.of_person(after.id, (now, now + LENGTH)) if m.start > due]
    found = outside(tx, after, ahead)
    if not found:
        return
    facts = {"zone": after.zone, "meetings": ",".join(m.id for m in found[:MOST])}
    told = as_effect(Notice(after.id, NoticeKind.NEW_HOME, "", facts), f"{after.zone}:{now}", due)
    tx.effects.add(replace(told, lane=None))  # it must not hold up what comes before
