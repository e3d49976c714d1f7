"""What is written for a meeting: the plain copy in a calendar, and the invitation by mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.timing.zones import at_minute

if TYPE_CHECKING:
    from datetime import date

    from core.booking.meeting import Rsvp
    from core.timing.spans import Span


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
    """One ATTENDEE line. `chair` marks the meeting's owner (ROLE=CHAIR), `optional` who is wanted
    if possible (ROLE=OPT-PARTICIPANT, RFC 5545 3.2.16).
    """

    name: str
    email: str
    rsvp: Rsvp
    chair: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a member's copy names: the assistant as the organizer, and all who take part."""

    organizer: Sender
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One session of a series that is not as the rule has it: its day by the rule, and when it
    is (epoch seconds).
    """

    day: date
    start: int
    end: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a draft or an invitation repeats (RFC 5545 3.8.5): `rule` is the RRULE, `days` are its
    dates; it is held at `minute` after midnight on the clock of `zone` (IANA) for `minutes`; days
    that are `left_out` are EXDATEs.
    """

    rule: str
    zone: str
    days: tuple[date, ...]
    minute: int
    minutes: int
    left_out: tuple[date, ...] = ()
    moved: tuple[Moved, ...] = ()

    @property
    def first(self) -> date:
        """The first day by the rule, which is that of DTSTART."""
        return self.days[0]

    @property
    def last(self) -> date:
        """The last day by the rule."""
        return self.days[-1]

    def slot(self, day: date) -> int:
        """Return the start by the rule on a day."""
        return at_minute(day, self.minute, self.zone)

    def sessions(self) -> dict[date, Span]:
        """Return when each session is, by its day by the rule."""
        plain = {
            day: (self.slot(day), self.slot(day) + self.minutes * 60)
            for day in self.days
            if day not in self.left_out
        }
        return plain | {one.day: (one.start, one.end) for one in self.moved}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Which session of a series a mail is about (RECURRENCE-ID): its day by the rule, `minute`
    after midnight on the clock of `zone`.
    """

    zone: str
    day: date
    minute: int


@dataclass(frozen=True, slots=True)
class EventDraft:
    """A copy in somebody's own calendar. Times are epoch seconds; `stamp` is when this version
    was made.

    `party` says whose copy it is: None for the meeting's owner, who may change it and whose copy
    names nobody; set for every other member, who may only answer it (X4). A service that cannot
    hold such a copy without mailing people writes a plain one. With `recurrence` it is a whole
    series; `start` and `end` are then those of its first session.
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
    recurrence: Recurrence | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """The calendar part of a mail: the assistant is always the organizer (X3).

    With `recurrence` it is about a whole series, with `occurrence` about one session of it.
    """

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
    recurrence: Recurrence | None = None
    occurrence: Occurrence | None = None


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
