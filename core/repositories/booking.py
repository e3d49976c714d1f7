"""What is kept of proposals, meetings and the times they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import EventRef, Meeting
    from core.booking.proposal import Proposal
    from core.booking.series import Series
    from core.ids import LinkId, MeetingId, PersonId, ProgrammeId, ProposalId, SeriesId
    from core.timing.spans import Span


class Proposals(Protocol):
    """Proposals."""

    def get(self, proposal_id: ProposalId) -> Proposal:
        """Return it. Raises NotFound."""
        ...

    def save(self, proposal: Proposal) -> None:
        """Insert (version 0 and unknown id) or replace; Stale when the version moved on."""
        ...

    def open_of(self, person_id: PersonId) -> tuple[Proposal, ...]:
        """Return the drafted and offered proposals a person asked for or is invited to,
        newest first.
        """
        ...

    def open_in(self, programme_id: ProgrammeId) -> tuple[Proposal, ...]:
        """Return the open proposals of a programme, newest first."""
        ...

    def purge(self, before: int, now: int) -> int:
        """Delete closed proposals whose time was over before an instant (Y25), but those from
        which a booked meeting came that has not ended by `now`; return how many.
        """
        ...


class Claim(NamedTuple):
    """A booked time of one person; `buffer` are the seconds kept free on either side of it."""

    start: int
    end: int
    buffer: int


class Meetings(Protocol):
    """Meetings, the claims on people's time, and where our copies are."""

    def get(self, meeting_id: MeetingId) -> Meeting:
        """Return it. Raises NotFound."""
        ...

    def save(self, meeting: Meeting) -> None:
        """Insert or replace; Stale when the version moved on."""
        ...

    def series(self, series_id: SeriesId) -> Series:
        """Return a series. Raises NotFound."""
        ...

    def save_series(self, series: Series) -> None:
        """Insert or replace a series; Stale when the version moved on."""
        ...

    def of_series(self, series_id: SeriesId) -> tuple[Meeting, ...]:
        """Return the meetings of a series (any state), by slot."""
        ...

    def of_person(self, person_id: PersonId, window: Span) -> tuple[Meeting, ...]:
        """Return a person's meetings (any state) that overlap the window, by start."""
        ...

    def in_programme(self, programme_id: ProgrammeId, window: Span) -> tuple[Meeting, ...]:
        """Return a programme's meetings (any state) that overlap the window, by start."""
        ...

    def claims(
        self, people: Iterable[PersonId], window: Span, without: MeetingId | None = None
    ) -> dict[PersonId, list[Claim]]:
        """Return the booked times of several people, in all programmes, that lie within a day
        of the window; every id is a key.
        """
        ...

    def claim(self, meeting: Meeting) -> None:
        """Take the meeting's time for all who hold it, instead of what it held before. Of an
        optional attendee who has not said yes nothing is taken.

        Raises TimeTaken when, buffers included, a booked meeting of any of them overlaps. Of
        any number of transactions at once that claim the same time, exactly one succeeds.
        """
        ...

    def release(self, meeting_id: MeetingId) -> None:
        """Give the claimed time back."""
        ...

    def refs(self, meeting_id: MeetingId) -> tuple[EventRef, ...]:
        """Return where the copies of a meeting are."""
        ...

    def save_ref(self, ref: EventRef) -> None:
        """Insert or replace one copy's place."""
        ...

    def remove_ref(self, meeting_id: MeetingId, link_id: LinkId) -> None:
        """Forget one copy."""
        ...
