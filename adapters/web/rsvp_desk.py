"""The RSVP page's way to the sessions: the use case behind, nothing of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.web.rsvp import RsvpPage, rsvp_page
from core.booking.meeting import Rsvp
from core.errors import NotFound, Refused
from core.use_cases import change_meeting

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.ids import MeetingId, PersonId
    from core.ports import Ports


class MeetingDesk:
    """Shows and answers sessions for the signed links; wakes the worker after an answer."""

    def __init__(self, ports: Ports, wake: Callable[[], None]) -> None:
        self._ports = ports
        self._wake = wake

    async def show(self, meeting_id: MeetingId, person_id: PersonId) -> RsvpPage:
        """Return the session as it stands. Raises NotFound."""
        return await self._ports.store.read(
            lambda tx: rsvp_page(tx.meetings.get(meeting_id), tx.people.get(person_id))
        )

    async def answer(self, meeting_id: MeetingId, person_id: PersonId, *, yes: bool) -> RsvpPage:
        """Store the answer. Raises NotFound for somebody else's session, IllegalStep for one
        that no longer stands.
        """
        rsvp = Rsvp.ACCEPTED if yes else Rsvp.DECLINED
        try:
            changed = await change_meeting.answer(self._ports, meeting_id, person_id, rsvp)
        except Refused as error:
            raise NotFound("takes no part in this session") from error
        self._wake()
        return rsvp_page(changed.meeting, changed.people[person_id])
