"""What is written for a meeting: the plain copy in a calendar, and the invitation by mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.booking.meeting import Rsvp


class Method(StrEnum):
    """The iTIP method of a mailed event (RFC 5546 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


SENDER_NAME = "Scheduling Assistant"  # a constant of the product (Y6)


@dataclass(frozen=True, slots=True)
class Sender:
    """The fixed sender: From, Reply-To and ORGANIZER of everything that is mailed (R51, R52)."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Guest:
    """One ATTENDEE line. `chair` marks the meeting's owner (ROLE=CHAIR)."""

    name: str
    email: str
    rsvp: Rsvp
    chair: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a member's copy names: the assistant as the organizer, and all who take part."""

    organizer: Sender
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class EventDraft:
    """A copy in somebody's own calendar. Times are epoch seconds; `stamp` is when this version
    was made.

    `party` says whose copy it is: None for the meeting's owner, who may change it and whose copy
    names nobody; set for every other member, who may only answer it (X4). A service that cannot
    hold such a copy without mailing people writes a plain one.
    """

    uid: str
    sequence: int
    start: int
    end: int
    title: str
    description: str
    place: str
    stamp: int
    party: Party | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """The calendar part of a mail: the assistant is always the organizer (X3)."""

    method: Method
    uid: str
    sequence: int
    start: int
    end: int
    title: str
    description: str
    place: str
    stamp: int
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """A finished mail to one person. The sender is not here: the transport has the fixed one.

    `message_id` is deterministic (`<key>@<domain>`), `thread` the Message-ID of the first mail
    about the same meeting, None for the first.
    """

    to_name: str
    to_email: str
    subject: str
    text: str
    html: str
    message_id: str
    thread: str | None = None
    invite: Invite | None = None
