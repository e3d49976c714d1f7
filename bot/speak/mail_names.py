"""How mails and calendar entries call people and their sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.speak import mail_words as words
from core.booking.drafts import Guest

if TYPE_CHECKING:
    from core.booking.meeting import Attendee, Meeting
    from core.people import Person


def title_for(meeting: Meeting, person: Person) -> str:
    """Return the meeting as this person calls it: by the others' names.

    A title of its own comes first; one that only names everybody says nothing of its own.
    """
    own = one_line(meeting.title)
    if all(one_line(a.name) in own for a in meeting.attendees):
        own = ""
    return words.title(own, [one_line(a.name) for a in others_of(meeting, person)])


def partner_of(meeting: Meeting, person: Person) -> str:
    """Return the first name of the only other one, empty in a group."""
    others = [one_line(a.name).split() for a in others_of(meeting, person)]
    return others[0][0] if len(others) == 1 and others[0] else ""


def called(attendee: Attendee, reader: Person) -> str:
    """Return an attendee's name in a list of all, where the reader is marked."""
    name = one_line(attendee.name)
    return words.you(name) if attendee.person_id == reader.id else name


def others_of(meeting: Meeting, person: Person) -> tuple[Attendee, ...]:
    """Return the attendees but one."""
    return tuple(a for a in meeting.attendees if a.person_id != person.id)


def guests_of(meeting: Meeting) -> tuple[Guest, ...]:
    """Return the attendees as calendar objects name them; the owner has the chair."""
    return tuple(
        Guest(
            one_line(one.name),
            one.email,
            one.rsvp,
            chair=one.person_id == meeting.owner,
            optional=one.optional,
        )
        for one in meeting.attendees
    )


def said_of(meeting: Meeting) -> list[tuple[str, str]]:
    """Return what is said of a meeting in people's own words: label and one plain line."""
    rows = ((words.AGENDA, one_line(meeting.agenda)), (words.NOTES, one_line(meeting.notes)))
    return [row for row in rows if row[1]]


def one_line(text: str) -> str:
    """Return somebody's words on one line."""
    return " ".join(text.split())
