"""A meeting and its life.

    booked -> booked (moved, amended: sequence + 1) -> cancelled | held | missed

Held and missed are what people say after its end; nobody is sent anything for it, so the sequence
stays, and who pressed the wrong one may say the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import IllegalStep

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.ids import LinkId, MeetingId, PersonId, ProgrammeId, ProposalId, SeriesId
    from core.timing.spans import Span


class MeetingState(StrEnum):
    """Where a meeting stands."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    HELD = "held"
    MISSED = "missed"  # it stood, but did not take place


class Rsvp(StrEnum):
    """An attendee's answer, in iCalendar's words (RFC 5545 3.2.12 PARTSTAT)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class Path(StrEnum):
    """How an event reaches one person: exactly one path per person per meeting (X4)."""

    CALENDAR = "calendar"  # written to their primary by us; a details mail without calendar part
    INVITE = "invite"  # the assistant's METHOD:REQUEST mail, which Exchange files by itself
    PUBLISH = "publish"  # calendar sync is off: details mail with a METHOD:PUBLISH file (X12)

    @property
    def first_rsvp(self) -> Rsvp:
        """The RSVP of somebody who has said yes in chat: only an invitation asks once more."""
        return Rsvp.NEEDS_ACTION if self is Path.INVITE else Rsvp.ACCEPTED


@dataclass(frozen=True, slots=True)
class Attendee:
    """One who takes part. `email` is where mail goes.

    `link_id` is their connected primary; it is written only where the path says so. An `optional`
    one is wanted if possible; the others meet without them.
    """

    person_id: PersonId
    name: str
    email: str
    zone: str
    path: Path
    link_id: LinkId | None = None
    rsvp: Rsvp = Rsvp.NEEDS_ACTION
    optional: bool = False

    @property
    def holds(self) -> bool:
        """Whether the meeting takes their time; of who is optional, only with their yes."""
        return not self.optional or self.rsvp is Rsvp.ACCEPTED

    @property
    def stays(self) -> Rsvp:
        """Their RSVP when they are invited anew to what they have said yes to, or need not."""
        if not self.optional:
            return self.path.first_rsvp
        return Rsvp.ACCEPTED if self.holds else Rsvp.NEEDS_ACTION


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session. `start`, `end` are epoch seconds; `zone` is where its wall time is meant.

    `sequence` rises with each change (RFC 5546 2.1.4); `uid` never changes; `buffer` are the
    minutes around it that were promised when it was booked; `place` is the link or room. One of a
    series has the series' UID, and keeps in `slot` its start by the rule. `agenda` is what it is
    about in somebody's own words, `notes` the programme's line on where notes are kept; each is one
    plain line.
    """

    id: MeetingId
    programme_id: ProgrammeId
    proposal_id: ProposalId | None
    owner: PersonId
    attendees: tuple[Attendee, ...]
    start: int
    end: int
    zone: str
    title: str
    uid: str
    place: str = ""
    buffer: int = 0
    state: MeetingState = MeetingState.BOOKED
    sequence: int = 0
    changed_at: int = 0
    version: int = 0
    series: SeriesId | None = None
    slot: int = 0
    agenda: str = ""
    notes: str = ""

    @property
    def span(self) -> Span:
        """Its time, half open."""
        return self.start, self.end

    @property
    def people(self) -> tuple[PersonId, ...]:
        """The attendees' ids."""
        return tuple(a.person_id for a in self.attendees)

    @property
    def holders(self) -> tuple[PersonId, ...]:
        """The ids of those whose time it takes."""
        return tuple(a.person_id for a in self.attendees if a.holds)

    def attendee(self, person_id: PersonId) -> Attendee | None:
        """Return a person's entry, if they take part."""
        return next((a for a in self.attendees if a.person_id == person_id), None)

    def move(
        self, start: int, end: int, now: int, yes: Collection[PersonId] | None = None
    ) -> Meeting:
        """Give it another time, which all have agreed to in chat; their mail programs ask anew.

        `yes` are the optional ones who agreed, too; None: those who had said yes before.
        """
        self._must_be_booked()
        if (start, end) == self.span:
            return self
        before = self.attendees if yes is None else self._answered(yes)
        attendees = tuple(replace(a, rsvp=a.stays) for a in before)
        after = replace(self, start=start, end=end, attendees=attendees)
        return replace(after, sequence=self.sequence + 1, changed_at=now)

    def amend(
        self,
        now: int,
        *,
        title: str | None = None,
        place: str | None = None,
        agenda: str | None = None,
    ) -> Meeting:
        """Change its title, place or agenda."""
        self._must_be_booked()
        after = replace(
            self,
            title=self.title if title is None else title,
            place=self.place if place is None else place,
            agenda=self.agenda if agenda is None else agenda,
        )
        if after == self:
            return self
        return replace(after, sequence=self.sequence + 1, changed_at=now)

    def furnish(self, place: str) -> Meeting:
        """Give it the place it was booked for, before anybody was told of it: no change."""
        self._must_be_booked()
        return replace(self, place=place)

    def cancel(self, now: int) -> Meeting:
        """Call it off; cancelling twice changes nothing."""
        if self.state is MeetingState.CANCELLED:
            return self
        self._must_be_booked()
        return replace(
            self, state=MeetingState.CANCELLED, sequence=self.sequence + 1, changed_at=now
        )

    def settle(self, *, held: bool) -> Meeting:
        """Note whether it took place; saying the same again changes nothing."""
        state = MeetingState.HELD if held else MeetingState.MISSED
        if self.state is state:
            return self
        if self.state is MeetingState.CANCELLED:
            raise IllegalStep(self.state)
        return replace(self, state=state)

    def answer(self, person_id: PersonId, rsvp: Rsvp) -> Meeting:
        """Store one person's RSVP; it is no change of the meeting, so no new sequence."""
        attendees = tuple(
            replace(a, rsvp=rsvp) if a.person_id == person_id else a for a in self.attendees
        )
        return replace(self, attendees=attendees)

    def _answered(self, yes: Collection[PersonId]) -> tuple[Attendee, ...]:
        """Return the attendees with new answers of the optional ones."""
        said = {True: Rsvp.ACCEPTED, False: Rsvp.NEEDS_ACTION}
        return tuple(
            replace(a, rsvp=said[a.person_id in yes]) if a.optional else a for a in self.attendees
        )

    def reroute(self, attendee: Attendee) -> Meeting:
        """Replace one attendee's entry (address, path), leaving everything else."""
        attendees = tuple(
            attendee if a.person_id == attendee.person_id else a for a in self.attendees
        )
        return replace(self, attendees=attendees)

    def _must_be_booked(self) -> None:
        if self.state is not MeetingState.BOOKED:
            raise IllegalStep(self.state)


@dataclass(frozen=True, slots=True)
class EventRef:
    """Our copy of a meeting in one calendar: where it is and what we last wrote there."""

    meeting_id: MeetingId
    link_id: LinkId
    remote_id: str
    etag: str
    sequence: int
