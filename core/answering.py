"""An attendee's RSVP, wherever it was given: stored, and told to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState, Rsvp
from core.errors import TimeTaken
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import Meeting
    from core.ids import PersonId
    from core.ports import Tx

NOT_NEEDED = "NOT-NEEDED"  # in a notice: the "no" of who need not come


def answer_in(tx: Tx, meeting: Meeting, person: PersonId, rsvp: Rsvp, now: int) -> Meeting:
    """Store an attendee's answer to a booked meeting; a "no" does not cancel it (Y8).

    The same answer again changes nothing and tells nobody.
    """
    changed = answer_all(tx, [meeting], person, rsvp, now)
    return changed[0] if changed else meeting


def _hold(tx: Tx, meeting: Meeting, person: PersonId) -> Meeting:
    """Claim an optional attendee's time with their yes, and give it back with their no.

    The yes of who is in another session of ours then is a maybe: nobody is booked twice.
    """
    attendee = meeting.attendee(person)
    if attendee is None or not attendee.optional or meeting.state is not MeetingState.BOOKED:
        return meeting
    try:
        tx.meetings.claim(meeting)
    except TimeTaken:
        return meeting.answer(person, Rsvp.TENTATIVE)
    return meeting


def _concerned(meeting: Meeting, person: PersonId) -> tuple[PersonId, ...]:
    """Return who hears of an answer: of an optional one the owner alone, who meets anyway."""
    attendee = meeting.attendee(person)
    return (meeting.owner,) if attendee is not None and attendee.optional else meeting.people


def _is_optional(meetings: Iterable[Meeting], person: PersonId) -> bool:
    """Tell whether somebody need not come to any of some sessions."""
    found = [m.attendee(person) for m in meetings]
    return all(attendee is not None and attendee.optional for attendee in found)


def answer_all(
    tx: Tx, meetings: Iterable[Meeting], person: PersonId, rsvp: Rsvp, now: int
) -> tuple[Meeting, ...]:
    """Store one answer to sessions of a series, and tell the others once of all; return those
    whose answer was another one before.
    """
    found = [(m, m.attendee(person)) for m in meetings]
    asked = [m for m, attendee in found if attendee is not None and attendee.rsvp is not rsvp]
    answered = [_hold(tx, meeting.answer(person, rsvp), person) for meeting in asked]
    both = [pair for pair in zip(asked, answered, strict=True) if pair[0] != pair[1]]
    new, changed = [m for m, _ in both], tuple(m for _, m in both)
    for meeting in changed:
        tx.meetings.save(meeting)
        mine = meeting.attendee(person)
        rsvp = mine.rsvp if mine else rsvp
    said = NOT_NEEDED if rsvp is Rsvp.DECLINED and _is_optional(changed, person) else rsvp.value
    told = dict.fromkeys(p for m in new for p in _concerned(m, person) if p != person)
    for other in told:
        facts = {"meeting": new[0].id, "by": person, "answer": said}
        facts |= {"more": str(len(new) - 1)} if len(new) > 1 else {}
        notice = Notice(other, NoticeKind.RSVP, f"rsvp:{new[0].id}:{person}", facts)
        tx.effects.add(as_effect(notice, f"{new[0].id}:{new[0].version}", now))
    return changed
