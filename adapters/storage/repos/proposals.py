"""Proposals as rows, and whom an open one concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select

from adapters.storage import codecs
from adapters.storage import tables as t
from core.booking.meeting import MeetingState
from core.booking.proposal import OPEN, Proposal, ProposalState
from core.ids import MeetingId, PersonId, ProgrammeId, ProposalId

if TYPE_CHECKING:
    from sqlalchemy import Row

    from adapters.storage.db import Db


class SqlProposals:
    """The port `Proposals`."""

    _newest = (t.proposal.c.made_at.desc(), t.proposal.c.id.desc())
    _one = select(t.proposal).where(t.proposal.c.id == bindparam("id"))
    _open_of = (
        select(t.proposal)
        .join(t.proposal_person, t.proposal_person.c.proposal_id == t.proposal.c.id)
        .where(t.proposal_person.c.person_id == bindparam("person_id"))
        .order_by(*_newest)
    )
    _open_in = (
        select(t.proposal)
        .where(t.proposal.c.programme_id == bindparam("programme_id"), t.OPEN_STATES)
        .order_by(*_newest)
    )
    _forget_people = delete(t.proposal_person).where(
        t.proposal_person.c.proposal_id == bindparam("id")
    )
    _of_coming = select(t.meeting.c.proposal_id).where(
        t.meeting.c.proposal_id.is_not(None),
        t.meeting.c.state == MeetingState.BOOKED.value,
        t.meeting.c.end_at > bindparam("now"),
    )
    # Only closed proposals: these have no rows in `proposal_person`.
    _purge = delete(t.proposal).where(
        t.proposal.c.state.not_in(sorted(OPEN)),
        t.proposal.c.expires_at < bindparam("before"),
        t.proposal.c.id.not_in(_of_coming),
    )

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, proposal_id: ProposalId) -> Proposal:
        """Return it. Raises NotFound."""
        return _proposal(self._db.need(self._one, proposal_id, id=proposal_id))

    def save(self, proposal: Proposal) -> None:
        """Insert (version 0 and unknown id) or replace. Raises Stale."""
        if not self._db.save_versioned(t.proposal, _proposal_values(proposal)):
            self._db.run(self._forget_people, id=proposal.id)
        if proposal.is_open:
            people = {proposal.request.asker, *proposal.request.attendees}
            rows = [{"proposal_id": proposal.id, "person_id": one} for one in sorted(people)]
            self._db.insert(t.proposal_person, rows)

    def open_of(self, person_id: PersonId) -> tuple[Proposal, ...]:
        """Return the open proposals a person asked for or is invited to, newest first."""
        return tuple(map(_proposal, self._db.rows(self._open_of, person_id=person_id)))

    def open_in(self, programme_id: ProgrammeId) -> tuple[Proposal, ...]:
        """Return the open proposals of a programme, newest first."""
        return tuple(map(_proposal, self._db.rows(self._open_in, programme_id=programme_id)))

    def purge(self, before: int, now: int) -> int:
        """Delete closed proposals of before, but those of coming meetings; return how many."""
        return self._db.run(self._purge, before=before, now=now)


def _proposal_values(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.id,
        "programme_id": one.request.programme_id,
        "state": one.state,
        "made_at": one.made_at,
        "expires_at": one.expires_at,
        "meeting_id": one.meeting_id,
        "replaced_by": one.replaced_by,
        "request": codecs.dump_request(one.request),
        "slots": codecs.dump_slots(one.slots),
        "answers": codecs.dump_answers(one.answers),
        "version": one.version,
    }


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        id=ProposalId(row.id),
        request=codecs.load_request(row.request),
        slots=codecs.load_slots(row.slots),
        made_at=row.made_at,
        expires_at=row.expires_at,
        state=ProposalState(row.state),
        answers=codecs.load_answers(row.answers),
        meeting_id=None if row.meeting_id is None else MeetingId(row.meeting_id),
        replaced_by=None if row.replaced_by is None else ProposalId(row.replaced_by),
        version=row.version,
    )
