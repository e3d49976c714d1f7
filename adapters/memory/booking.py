"""Proposals, meetings and the claims on people's time in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.memory.people import save_versioned
from adapters.memory.table import Held
from core.booking.meeting import MeetingState
from core.errors import TimeTaken
from core.repositories import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from adapters.memory.table import Tables
    from core.booking.meeting import EventRef, Meeting
    from core.booking.proposal import Proposal
    from core.booking.series import Series
    from core.ids import LinkId, MeetingId, PersonId, ProgrammeId, ProposalId, SeriesId
    from core.timing.spans import Span

DAY = 86_400


class MemoryProposals:
    """The port `Proposals`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.proposals
        self._meetings = tables.meetings

    def get(self, proposal_id: ProposalId) -> Proposal:
        """Return it. Raises NotFound."""
        return self._rows.need(proposal_id)

    def save(self, proposal: Proposal) -> None:
        """Insert or replace. Raises Stale."""
        save_versioned(self._rows, proposal.id, proposal)

    def open_of(self, person_id: PersonId) -> tuple[Proposal, ...]:
        """Return the open proposals a person asked for or is invited to, newest first."""
        return _newest(
            p
            for p in self._rows.where(lambda p: p.is_open)
            if person_id == p.request.asker or person_id in p.request.attendees
        )

    def open_in(self, programme_id: ProgrammeId) -> tuple[Proposal, ...]:
        """Return the open proposals of a programme, newest first."""
        rows = self._rows.where(lambda p: p.is_open and p.request.programme_id == programme_id)
        return _newest(rows)

    def purge(self, before: int, now: int) -> int:
        """Delete closed proposals of before, but those of coming meetings; return how many."""
        coming = self._meetings.where(lambda m: m.state is MeetingState.BOOKED and m.end > now)
        kept = {meeting.proposal_id for meeting in coming}
        old = self._rows.where(
            lambda p: not p.is_open and p.expires_at < before and p.id not in kept
        )
        return self._rows.drop(*(proposal.id for proposal in old))


def _newest(rows: Iterable[Proposal]) -> tuple[Proposal, ...]:
    return tuple(sorted(rows, key=lambda p: (p.made_at, p.id), reverse=True))


class MemoryMeetings:
    """The port `Meetings`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.meetings
        self._claims = tables.claims
        self._refs = tables.refs
        self._people = tables.people
        self._series = tables.series

    def series(self, series_id: SeriesId) -> Series:
        """Return a series. Raises NotFound."""
        return self._series.need(series_id)

    def save_series(self, series: Series) -> None:
        """Insert or replace a series. Raises Stale."""
        save_versioned(self._series, series.id, series)

    def of_series(self, series_id: SeriesId) -> tuple[Meeting, ...]:
        """Return the meetings of a series (any state), by slot."""
        rows = self._rows.where(lambda m: m.series == series_id)
        return tuple(sorted(rows, key=lambda m: (m.slot, m.id)))

    def get(self, meeting_id: MeetingId) -> Meeting:
        """Return it. Raises NotFound."""
        return self._rows.need(meeting_id)

    def save(self, meeting: Meeting) -> None:
        """Insert or replace. Raises Stale."""
        save_versioned(self._rows, meeting.id, meeting)

    def of_person(self, person_id: PersonId, window: Span) -> tuple[Meeting, ...]:
        """Return a person's meetings that overlap the window, by start."""
        return _by_start(m for m in self._within(window) if m.attendee(person_id))

    def in_programme(self, programme_id: ProgrammeId, window: Span) -> tuple[Meeting, ...]:
        """Return a programme's meetings that overlap the window, by start."""
        return _by_start(m for m in self._within(window) if m.programme_id == programme_id)

    def _within(self, window: Span) -> list[Meeting]:
        start, end = window
        return self._rows.where(lambda m: m.start < end and m.end > start)

    def claims(
        self, people: Iterable[PersonId], window: Span, without: MeetingId | None = None
    ) -> dict[PersonId, list[Claim]]:
        """Return the booked times of several people within a day of the window, by start."""
        found: dict[PersonId, list[Claim]] = {person: [] for person in people}
        start, end = window[0] - DAY, window[1] + DAY
        for held in self._claims.where(lambda h: h.person_id in found and h.meeting_id != without):
            if held.claim.start < end and held.claim.end > start:
                found[held.person_id].append(held.claim)
        return {person: sorted(claims) for person, claims in found.items()}

    def claim(self, meeting: Meeting) -> None:
        """Take the meeting's time for all who hold it. Raises TimeTaken, NotFound."""
        people = frozenset(meeting.holders)
        for person in sorted(people):
            self._people.need(person)
        wanted = Claim(meeting.start, meeting.end, meeting.buffer * 60)
        others = self._claims.where(
            lambda h: h.meeting_id != meeting.id and h.person_id in people and h.meets(wanted)
        )
        if others:
            raise TimeTaken(tuple(sorted({held.person_id for held in others})))
        self.release(meeting.id)
        for person in people:
            self._claims.put((meeting.id, person), Held(meeting.id, person, wanted))

    def release(self, meeting_id: MeetingId) -> None:
        """Give the claimed time back."""
        rows = self._claims.where(lambda h: h.meeting_id == meeting_id)
        self._claims.drop(*((meeting_id, held.person_id) for held in rows))

    def refs(self, meeting_id: MeetingId) -> tuple[EventRef, ...]:
        """Return where the copies of a meeting are."""
        rows = self._refs.where(lambda r: r.meeting_id == meeting_id)
        return tuple(sorted(rows, key=lambda r: r.link_id))

    def save_ref(self, ref: EventRef) -> None:
        """Insert or replace one copy's place."""
        self._refs.put((ref.meeting_id, ref.link_id), ref)

    def remove_ref(self, meeting_id: MeetingId, link_id: LinkId) -> None:
        """Forget one copy."""
        self._refs.drop((meeting_id, link_id))


def _by_start(rows: Iterable[Meeting]) -> tuple[Meeting, ...]:
    return tuple(sorted(rows, key=lambda m: (m.start, m.id)))
