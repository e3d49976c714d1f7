"""Every sentence of the mails. Times come in already phrased; names are one line each."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from core.booking.meeting import Path, Rsvp

if TYPE_CHECKING:
    from collections.abc import Sequence


class News(StrEnum):
    """What a mail tells about a meeting."""

    BOOKED = "booked"
    MOVED = "moved"
    UPDATED = "updated"
    CANCELLED = "cancelled"


PREFIXES = {
    News.BOOKED: "",
    News.MOVED: "Moved: ",
    News.UPDATED: "Updated: ",
    News.CANCELLED: "Cancelled: ",
}
SESSION = "Session"

WHEN = "When"
WAS = "Before"
WHO = "Who"
WHERE = "Where"
JOIN = "Join"
REASON = "Reason"
AGENDA = "Agenda"
NOTES = "Notes"

YES = "Yes, I will be there"
NO = "No, I cannot"

HEADLINES = {
    News.BOOKED: "Your {title} is booked.",
    News.MOVED: "Your {title} has moved to another time.",
    News.UPDATED: "The details of your {title} have changed.",
    News.CANCELLED: "Your {title} is cancelled.",
}

IN_CALENDAR = {
    News.BOOKED: "It is written to your calendar; you need not add anything.",
    News.MOVED: "Your calendar is brought up to date; you need not change anything.",
    News.UPDATED: "Your calendar is brought up to date; you need not change anything.",
    News.CANCELLED: "It is taken out of your calendar; you need not remove anything.",
}
BY_HAND = {
    News.BOOKED: "This programme does not write to calendars. To have the session in yours, open "
    "the attached file and add it by hand.",
    News.MOVED: "This programme does not write to calendars. Open the attached file to add the new "
    "time by hand, and remove the old entry if it stays.",
    News.UPDATED: "This programme does not write to calendars. If you have added the session to "
    "yours by hand, open the attached file to bring it up to date.",
    News.CANCELLED: "This programme does not write to calendars. If you have added the session to "
    "yours by hand, please remove it by hand.",
}
BY_INVITATION = {
    News.BOOKED: "This mail is an invitation: most mail programs offer to put it in your calendar.",
    News.MOVED: "Most mail programs bring the entry in your calendar up to date by this mail. If "
    "yours does not, open the attached file.",
    News.UPDATED: "Most mail programs bring the entry in your calendar up to date by this mail. "
    "If yours does not, open the attached file.",
    News.CANCELLED: "Most mail programs take the entry out of your calendar by this mail. If yours "
    "does not, please remove it by hand.",
}
CALENDARS = {Path.CALENDAR: IN_CALENDAR, Path.PUBLISH: BY_HAND, Path.INVITE: BY_INVITATION}

WELCOME = "You are welcome, but need not come: the others meet in any case."
COMPARE = (
    "Your calendar is not connected, so please compare this time with your own calendar by hand."
)

QUESTIONS = {
    Rsvp.NEEDS_ACTION: "Will you be there?",
    Rsvp.ACCEPTED: "You are down as coming. If that changes, answer again:",
    Rsvp.DECLINED: "You have said no. If that changes, answer again:",
    Rsvp.TENTATIVE: "You have said maybe. When you know, answer again:",
}


def title(base: str, others: Sequence[str]) -> str:
    """Return "Session with Alex Chen"; `base` is the session's own title, if it has one."""
    words = base or SESSION
    return f"{words} with {names(others)}" if others else words


def inside(phrase: str) -> str:
    """Return a title as it stands within a sentence: our own word "Session" in lower case."""
    whole = phrase == SESSION or phrase.startswith(f"{SESSION} with ")
    return phrase[0].lower() + phrase[1:] if whole else phrase


def names(people: Sequence[str]) -> str:
    """Return "Alex Chen", "Alex Chen and Tom Reed", "Alex Chen and 2 others"."""
    if len(people) <= 2:
        return " and ".join(people)
    return f"{people[0]} and {len(people) - 1} others"


def headline(news: News, phrase: str) -> str:
    """Return the first sentence."""
    return HEADLINES[news].format(title=inside(phrase))


def greeting(first_name: str) -> str:
    """Return how a mail begins."""
    return f"Hello {first_name},"


def you(name: str) -> str:
    """Return the reader's own name in a list of all."""
    return f"{name} (you)"


def how_to_change(assistant: str, partner: str) -> str:
    """Return how to move or cancel a session that stands."""
    example = f"move my session with {partner} to Thursday" if partner else "move my session"
    return f'To move or cancel it, write to {assistant} in chat, for example: "{example}".'


def how_to_book(assistant: str, partner: str) -> str:
    """Return how to find another time after a cancellation."""
    example = f"book with {partner} next week" if partner else "book a session"
    return f'To find another time, write to {assistant} in chat, for example: "{example}".'


def note(everybody: Sequence[str], assistant: str) -> str:
    """Return the first line of an event's description."""
    people = ", ".join(everybody)
    return f"Session of {people}, booked with {assistant}."


def where(place: str, *, link: bool) -> str:
    """Return the line of an event's description that says where it is."""
    return f"{JOIN if link else WHERE}: {place}"


def change(assistant: str) -> str:
    """Return the last line of an event's description."""
    return f"To move or cancel it, write to {assistant} in chat."
