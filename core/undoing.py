"""Taking back what was just done: only one's own, for ten minutes, and never after the other side
has acted on it (pure).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.booking.series import Series
    from core.ids import PersonId

PATIENCE = 10 * 60  # seconds in which something can be taken back


def is_unanswered(proposal: Proposal, actor: PersonId) -> bool:
    """Tell whether a proposal stands as its asker offered it."""
    others = [person for person in proposal.answers if person != actor]
    return proposal.state is ProposalState.OFFERED and not others


def is_untouched(meeting: Meeting, actor: PersonId) -> bool:
    """Tell whether a session stands as it was booked: nobody else moved, amended or answered it."""
    others = [a for a in meeting.attendees if a.person_id != actor]
    as_booked = all(a.rsvp is a.stays for a in others)
    return meeting.state is MeetingState.BOOKED and meeting.sequence == 0 and as_booked


def is_as_moved(meeting: Meeting, actor: PersonId, sequence: int) -> bool:
    """Tell whether a session stands as it was moved: nobody has changed it, and nobody else has
    answered it since.
    """
    others = [a for a in meeting.attendees if a.person_id != actor]
    same = meeting.state is MeetingState.BOOKED and meeting.sequence == sequence
    return same and all(a.rsvp is a.stays for a in others)


def is_new(series: Series, meetings: Iterable[Meeting], actor: PersonId) -> bool:
    """Tell whether a series stands as it was booked, each of its sessions untouched by others."""
    return series.sequence == 0 and all(is_untouched(m, actor) for m in meetings)


def is_recent(at: int, now: int) -> bool:
    """Tell whether something was done so lately that it can be taken back."""
    return now - at <= PATIENCE
