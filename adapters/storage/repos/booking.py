"""Meetings, series and the claims on people's time as rows; where copies are is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, or_, select
from sqlalchemy.exc import IntegrityError

from adapters.storage import codecs, series_codecs
from adapters.storage import tables as t
from adapters.storage.errors import is_exclusion
from adapters.storage.repos.sealed import place
from core.booking.meeting import EventRef, Meeting, MeetingState
from core.booking.series import Series, SeriesState
from core.errors import NotFound, TimeTaken
from core.ids import LinkId, MeetingId, PersonId, ProgrammeId, ProposalId, SeriesId
from core.repositories import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row

    from adapters.storage.db import Db
    from adapters.storage.sealing import Sealer
    from core.timing.spans import Span

DAY = 86_400  # no buffer is longer


class SqlMeetings:
    """The port `Meetings`.

    Claiming is safe in three steps: the rows of the people are locked in the order of their ids
    (on SQLite a writing transaction is alone anyhow), then overlaps are looked up, and on
    PostgreSQL the schema itself refuses two claims of one person that overlap.
    """

    _overlaps = and_(
        t.meeting.c.start_at < bindparam("end"), t.meeting.c.end_at > bindparam("start")
    )
    _one = select(t.meeting).where(t.meeting.c.id == bindparam("id"))
    _series = select(t.series).where(t.series.c.id == bindparam("id"))
    _of_series = (
        select(t.meeting)
        .where(t.meeting.c.series == bindparam("id"))
        .order_by(t.meeting.c.slot, t.meeting.c.id)
    )
    _of_person = (
        select(t.meeting)
        .join(t.meeting_person, t.meeting_person.c.meeting_id == t.meeting.c.id)
        .where(t.meeting_person.c.person_id == bindparam("person_id"), _overlaps)
        .order_by(t.meeting.c.start_at, t.meeting.c.id)
    )
    _in_programme = (
        select(t.meeting)
        .where(t.meeting.c.programme_id == bindparam("programme_id"), _overlaps)
        .order_by(t.meeting.c.start_at, t.meeting.c.id)
    )
    _forget_people = delete(t.meeting_person).where(
        t.meeting_person.c.meeting_id == bindparam("id")
    )
    _lock_people = (
        select(t.person.c.id, t.person.c.key)
        .where(t.person.c.id.in_(bindparam("people", expanding=True)))
        .order_by(t.person.c.id)
        .with_for_update(key_share=True)  # does not hold up those who only refer to the person
    )
    _others_claims = and_(
        t.claim.c.person_id.in_(bindparam("people", expanding=True)),
        t.claim.c.meeting_id != bindparam("without"),
        t.claim.c.end_at > bindparam("start") - DAY,  # lets the index leave out the past
    )
    _claims = (
        select(t.claim.c.person_id, t.claim.c.start_at, t.claim.c.end_at, t.claim.c.buffer)
        .where(
            _others_claims,
            t.claim.c.start_at < bindparam("end") + DAY,
        )
        .order_by(t.claim.c.start_at, t.claim.c.end_at)
    )
    # Less than the larger of both buffers between the two: larger is "this one or that one".
    _taken = (
        select(t.claim.c.person_id)
        .distinct()
        .where(
            _others_claims,
            or_(
                t.claim.c.start_at < bindparam("end") + t.claim.c.buffer,
                t.claim.c.start_at < bindparam("end") + bindparam("buffer"),
            ),
            or_(
                t.claim.c.end_at + t.claim.c.buffer > bindparam("start"),
                t.claim.c.end_at + bindparam("buffer") > bindparam("start"),
            ),
        )
        .order_by(t.claim.c.person_id)
    )
    _release = delete(t.claim).where(t.claim.c.meeting_id == bindparam("id"))
    _refs = (
        select(t.event_ref)
        .where(t.event_ref.c.meeting_id == bindparam("id"))
        .order_by(t.event_ref.c.link_id)
    )
    _remove_ref = delete(t.event_ref).where(
        t.event_ref.c.meeting_id == bindparam("meeting_id"),
        t.event_ref.c.link_id == bindparam("link_id"),
    )

    def __init__(self, db: Db, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    def get(self, meeting_id: MeetingId) -> Meeting:
        """Return it. Raises NotFound."""
        return _meeting(self._db.need(self._one, meeting_id, id=meeting_id))

    def save(self, meeting: Meeting) -> None:
        """Insert or replace. Raises Stale."""
        if not self._db.save_versioned(t.meeting, _meeting_values(meeting)):
            self._db.run(self._forget_people, id=meeting.id)
        people = sorted(set(meeting.people))
        rows = [{"meeting_id": meeting.id, "person_id": one} for one in people]
        self._db.insert(t.meeting_person, rows)

    def series(self, series_id: SeriesId) -> Series:
        """Return a series. Raises NotFound."""
        return _series(self._db.need(self._series, series_id, id=series_id))

    def save_series(self, series: Series) -> None:
        """Insert or replace a series. Raises Stale."""
        self._db.save_versioned(t.series, _series_values(series))

    def of_series(self, series_id: SeriesId) -> tuple[Meeting, ...]:
        """Return the meetings of a series (any state), by slot."""
        return tuple(map(_meeting, self._db.rows(self._of_series, id=series_id)))

    def of_person(self, person_id: PersonId, window: Span) -> tuple[Meeting, ...]:
        """Return a person's meetings (any state) that overlap the window, by start."""
        start, end = window
        rows = self._db.rows(self._of_person, person_id=person_id, start=start, end=end)
        return tuple(map(_meeting, rows))

    def in_programme(self, programme_id: ProgrammeId, window: Span) -> tuple[Meeting, ...]:
        """Return a programme's meetings (any state) that overlap the window, by start."""
        start, end = window
        rows = self._db.rows(self._in_programme, programme_id=programme_id, start=start, end=end)
        return tuple(map(_meeting, rows))

    def claims(
        self, people: Iterable[PersonId], window: Span, without: MeetingId | None = None
    ) -> dict[PersonId, list[Claim]]:
        """Return the booked times of several people within a day of the window, by start."""
        found: dict[PersonId, list[Claim]] = {one: [] for one in people}
        start, end = window
        rows = self._db.rows(
            self._claims, people=list(found), start=start, end=end, without=without or ""
        )
        for row in rows:
            claim = Claim(row.start_at, row.end_at, row.buffer)
            found[PersonId(row.person_id)].append(claim)
        return found

    def claim(self, meeting: Meeting) -> None:
        """Take the meeting's time for all who hold it. Raises TimeTaken, NotFound."""
        people = sorted(set(meeting.holders))
        keys = {row.id: row.key for row in self._db.rows(self._lock_people, people=people)}
        for one in people:
            if one not in keys:
                raise NotFound(one)
        time = {"start": meeting.start, "end": meeting.end, "buffer": meeting.buffer * 60}
        taken = self._db.rows(self._taken, people=people, without=meeting.id, **time)
        if taken:
            raise TimeTaken(tuple(row.person_id for row in taken))
        self.release(meeting.id)
        try:
            self._db.insert(t.claim, [_claim_values(meeting, one, keys[one]) for one in people])
        except IntegrityError as error:
            if is_exclusion(error):
                raise TimeTaken(tuple(people)) from None
            raise

    def release(self, meeting_id: MeetingId) -> None:
        """Give the claimed time back."""
        self._db.run(self._release, id=meeting_id)

    def refs(self, meeting_id: MeetingId) -> tuple[EventRef, ...]:
        """Return where the copies of a meeting are. Raises SealError for a missing key."""
        return tuple(map(self._ref, self._db.rows(self._refs, id=meeting_id)))

    def save_ref(self, ref: EventRef) -> None:
        """Insert or replace one copy's place."""
        values = {
            "meeting_id": ref.meeting_id,
            "link_id": ref.link_id,
            "remote_id": self._sealer.seal(ref.remote_id, _copy(ref.meeting_id, ref.link_id)),
            "etag": ref.etag,
            "sequence": ref.sequence,
        }
        self._db.upsert(t.event_ref, values, "meeting_id", "link_id")

    def remove_ref(self, meeting_id: MeetingId, link_id: LinkId) -> None:
        """Forget one copy."""
        self._db.run(self._remove_ref, meeting_id=meeting_id, link_id=link_id)

    def _ref(self, row: Row[Any]) -> EventRef:
        return EventRef(
            meeting_id=MeetingId(row.meeting_id),
            link_id=LinkId(row.link_id),
            remote_id=self._sealer.open(row.remote_id, _copy(row.meeting_id, row.link_id)),
            etag=row.etag,
            sequence=row.sequence,
        )


def _copy(meeting_id: str, link_id: str) -> str:
    return place(t.event_ref.c.remote_id, meeting_id, link_id)


def _claim_values(one: Meeting, person_id: PersonId, key: int) -> dict[str, Any]:
    return {
        "meeting_id": one.id,
        "person_id": person_id,
        "person_key": key,
        "start_at": one.start,
        "end_at": one.end,
        "buffer": one.buffer * 60,
    }


def _meeting_values(one: Meeting) -> dict[str, Any]:
    return {
        "id": one.id,
        "programme_id": one.programme_id,
        "proposal_id": one.proposal_id,
        "owner": one.owner,
        "attendees": codecs.dump_attendees(one.attendees),
        "start_at": one.start,
        "end_at": one.end,
        "zone": one.zone,
        "title": one.title,
        "uid": one.uid,
        "place": one.place,
        "buffer": one.buffer,
        "state": one.state,
        "sequence": one.sequence,
        "changed_at": one.changed_at,
        "version": one.version,
        "slot": one.slot,
        "series": one.series,
        "agenda": one.agenda,
        "notes": one.notes,
    }


def _series_values(one: Series) -> dict[str, Any]:
    return {
        "id": one.id,
        "programme_id": one.programme_id,
        "owner": one.owner,
        "people": codecs.dump(one.people),
        "pattern": series_codecs.dump_pattern(one.pattern),
        "title": one.title,
        "uid": one.uid,
        "state": one.state,
        "sequence": one.sequence,
        "changed_at": one.changed_at,
        "version": one.version,
    }


def _series(row: Row[Any]) -> Series:
    return Series(
        id=SeriesId(row.id),
        programme_id=ProgrammeId(row.programme_id),
        owner=PersonId(row.owner),
        people=series_codecs.load_people(row.people),
        pattern=series_codecs.load_pattern(row.pattern),
        title=row.title,
        uid=row.uid,
        state=SeriesState(row.state),
        sequence=row.sequence,
        changed_at=row.changed_at,
        version=row.version,
    )


def _meeting(row: Row[Any]) -> Meeting:
    return Meeting(
        id=MeetingId(row.id),
        programme_id=ProgrammeId(row.programme_id),
        proposal_id=None if row.proposal_id is None else ProposalId(row.proposal_id),
        owner=PersonId(row.owner),
        attendees=codecs.load_attendees(row.attendees),
        start=row.start_at,
        end=row.end_at,
        zone=row.zone,
        title=row.title,
        uid=row.uid,
        place=row.place,
        buffer=row.buffer,
        state=MeetingState(row.state),
        sequence=row.sequence,
        changed_at=row.changed_at,
        version=row.version,
        series=None if row.series is None else SeriesId(row.series),
        slot=row.slot,
        agenda=row.agenda,
        notes=row.notes,
    )
