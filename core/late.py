"""Running late: what can be made of a session that one of its people comes late to (pure)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.timing.spans import Span

EARLY = 2 * 3600  # seconds before a session from which on somebody can run late for it
LEAST = 5 * 60  # seconds of a session that are worth coming for
MOST = 120  # minutes that are still "late"; more is another time


class Choice(StrEnum):
    """What can be chosen; only the middle two change the session."""

    KEEP = "keep"  # it begins late and ends as planned
    MOVE = "move"  # all of it later
    SHORTEN = "shorten"  # its start later, its end as it is


def is_near(meeting: Meeting, now: int) -> bool:
    """Tell whether somebody can run late for a session: it is soon, or going on."""
    booked = meeting.state is MeetingState.BOOKED
    return booked and meeting.start - EARLY <= now < meeting.end


def span_after(meeting: Meeting, choice: Choice, minutes: int) -> Span:
    """Return the time of a session after a choice."""
    late = minutes * 60
    if choice is Choice.MOVE:
        return meeting.start + late, meeting.end + late
    if choice is Choice.SHORTEN:
        return meeting.start + late, meeting.end
    return meeting.span


def choices(meeting: Meeting, minutes: int) -> tuple[Choice, ...]:
    """Return what may be chosen for a delay, as far as the session's own length goes."""
    if not 0 < minutes <= MOST:
        return ()
    worth = meeting.end - meeting.start - minutes * 60 >= LEAST
    return (Choice.KEEP, Choice.MOVE, Choice.SHORTEN) if worth else (Choice.MOVE,)
