"""What becomes of open times when one of those who were asked is gone (pure)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.booking.proposal import ProposalState

if TYPE_CHECKING:
    from core.booking.proposal import MeetingRequest, Proposal
    from core.ids import PersonId


def without(proposal: Proposal, gone: PersonId) -> Proposal | None:
    """Return an offered proposal for those who are left; None where it cannot go on.

    It goes on without who was only wanted if possible, and a vote without one of several. Whoever
    asked, and a session or series that is booked already, is somebody's who has to decide anew.
    """
    request = proposal.request
    if proposal.state is not ProposalState.OFFERED or request.moves or request.series:
        return None
    if gone not in request.invitees:
        return None
    rest = _request_without(request, gone)
    if gone in request.needed and not (request.is_vote and rest.is_vote):
        return None
    slots = tuple(
        replace(
            slot,
            unchecked=tuple(p for p in slot.unchecked if p != gone),
            missing=tuple(p for p in slot.missing if p != gone),
        )
        for slot in proposal.slots
    )
    answers = {p: answer for p, answer in proposal.answers.items() if p != gone}
    return replace(proposal, request=rest, slots=slots, answers=answers)


def _request_without(request: MeetingRequest, gone: PersonId) -> MeetingRequest:
    return replace(
        request,
        attendees=tuple(p for p in request.attendees if p != gone),
        optional=tuple(p for p in request.optional if p != gone),
        eased=tuple((ease, who) for ease, who in request.eased if who != gone),
    )
