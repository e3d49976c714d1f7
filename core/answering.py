"""An attendee's RSVP, wherever it was given: stored, and told to the others."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState
from core.errors import TimeTaken
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import Meeting, Rsvp
    from core.ids import PersonId
    from core.ports import Tx


def answer_in(tx: Tx, meeting: Meeting, person: PersonId, rsvp: Rsvp, now: int) -> Meeting:
    """Store an attendee's answer to a booked meeting; a "no" does not cancel it (Y8).

    The same answer again changes nothing and tells nobody.
    """
    changed = answer_all(tx, [meeting], person, rsvp, now)
    return changed[0] if changed else meeting


def _hold(tx: Tx, meeting: Meeting, person: PersonId) -> None:
    """Claim an optional attendee's time with their yes, and give it back with their no.

    Who is in another session of ours then holds that one alone.
    """
    attendee = meeting.attendee(person)
    if attendee is None or not attendee.optional or meeting.state is not MeetingState.BOOKED:
        return
    with suppress(TimeTaken):
        tx.meetings.claim(meeting)


def _concerned(meeting: Meeting, person: PersonId) -> tuple[PersonId, ...]:
    """Return who hears of an answer: of an optional one the owner alone, who meets anyway."""
    attendee = meeting.attendee(person)
    return (meeting.owner,) if attendee is not None and attendee.optional else meeting.people


def answer_all(
    tx: Tx, meetings: Iterable[Meeting], person: PersonId, rsvp: Rsvp, now: int
) -> tuple[Meeting, ...]:
    """Store one answer to sessions of a series, and tell the others once of all; return those
    whose answer was another one before.
    """
    found = [(m, m.attendee(person)) for m in meetings]
    new = [m for m, attendee in found if attendee is not None and attendee.rsvp is not rsvp]
    changed = tuple(meeting.answer(person, rsvp) for meeting in new)
    for meeting in changed:
        _hold(tx, meeting, person)
        tx.meetings.save(meeting)
    told = dict.fromkeys(p for m in new for p in _concerned(m, person) if p != person)
    for other in told:
        facts = {"meeting": new[0].id, "by": person, "answer": rsvp.value}
        facts |= {"more": str(len(new) - 1)} if len(new) > 1 else {}
        notice = Notice(other, NoticeKind.RSVP, f"rsvp:{new[0].id}:{person}", facts)
        tx.effects.add(as_effect(notice, f"{new[0].id}:{new[0].version}", now))
    return changed
