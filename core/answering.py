"""An attendee's RSVP, wherever it was given: stored, and told to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from core.booking.meeting import Meeting, Rsvp
    from core.ids import PersonId
    from core.ports import Tx


def answer_in(tx: Tx, meeting: Meeting, person: PersonId, rsvp: Rsvp, now: int) -> Meeting:
    """Store an attendee's answer to a booked meeting; a "no" does not cancel it (Y8).

    The same answer again changes nothing and tells nobody.
    """
    attendee = meeting.attendee(person)
    if attendee is None or attendee.rsvp is rsvp:
        return meeting
    after = meeting.answer(person, rsvp)
    tx.meetings.save(after)
    for other in meeting.people:
        if other != person:
            facts = {"meeting": meeting.id, "by": person, "answer": rsvp.value}
            notice = Notice(other, NoticeKind.RSVP, f"rsvp:{meeting.id}:{person}", facts)
            tx.effects.add(as_effect(notice, f"{meeting.id}:{meeting.version}", now))
    return after
