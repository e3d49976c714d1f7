"""Change a series that stands: end it, or call it off.

One session of it is moved or called off like any other (change_meeting.py, answer_proposal.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.booking.meeting import Meeting
from core.booking.proposal import ProposalState
from core.booking.series import Series, coming, standing
from core.booking.series_plan import plan_series
from core.booking.telling import take_back, tell
from core.calling_off import terms_for
from core.counting import note_cancelled
from core.errors import Refused
from core.programme import Objection, Role, Rule

if TYPE_CHECKING:
    from core.ids import MeetingId, PersonId, SeriesId
    from core.people import Person
    from core.ports import Ports, Tx


@dataclass(frozen=True, slots=True)
class Ended:
    """A series that was cut or called off: the sessions that were, and those still to come."""

    series: Series
    people: dict[PersonId, Person]
    cancelled: tuple[Meeting, ...]
    left: tuple[Meeting, ...]


async def end_series(
    ports: Ports, series_id: SeriesId, actor: PersonId, after: int | None = None, reason: str = ""
) -> Ended:
    """Call off every session that begins after an instant; without one all that are to come.

    One mail per person tells of it, and sessions before are left as they are. Doing it again
    changes nothing. Raises Refused for somebody who has no part in it, NotFound.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Ended:
        series = tx.meetings.series(series_id)
        before = tx.meetings.of_series(series_id)
        _must_have_part(tx, series, actor)
        people = tx.people.many(series.people)
        limit = now if after is None else max(after, now)
        gone = tuple(m for m in coming(before, now) if m.start > limit)
        if not gone:
            return Ended(series, people, (), coming(before, now))
        return _cut(tx, series, before, gone, people, actor, now, reason)

    return await ports.store.transact(work)


def _cut(
    tx: Tx,
    series: Series,
    before: tuple[Meeting, ...],
    gone: tuple[Meeting, ...],
    people: dict[PersonId, Person],
    actor: PersonId,
    now: int,
    reason: str,
) -> Ended:
    """Call sessions off, and tell everybody once of what is left."""
    after: dict[MeetingId, Meeting] = {m.id: m for m in before}
    for meeting in gone:
        terms = terms_for(tx, meeting, actor, now)
        after[meeting.id] = meeting.cancel(now)
        tx.meetings.release(meeting.id)
        tx.meetings.save(after[meeting.id])
        note_cancelled(tx, meeting.id, actor, counts=terms.counts)
    meetings = tuple(after.values())
    stand, left = standing(meetings), coming(meetings, now)
    changed = series.changed(before, now) if left else series.end(before, now)
    if stand:
        last = max(series.pattern.day_of(m.slot) for m in stand)
        changed = replace(changed, pattern=series.pattern.ending(last))
    tx.meetings.save_series(changed)
    _withdraw_moves(tx, series, {m.id for m in gone}, actor, now)
    for effect in plan_series(changed, meetings, actor, now, reason=reason):
        tx.effects.add(effect)
    return Ended(changed, people, tuple(after[m.id] for m in gone), left)


def _withdraw_moves(
    tx: Tx, series: Series, gone: set[MeetingId], actor: PersonId, now: int
) -> None:
    """Close proposals that would have moved what is called off, alone or with the whole series."""
    for proposal in tx.proposals.open_of(series.people[0] if series.people else actor):
        wish = proposal.request.series
        if proposal.request.moves in gone or (wish and wish.changes == series.id):
            ended = proposal.end(ProposalState.WITHDRAWN)
            tx.proposals.save(ended)
            take_back(tx, proposal)
            tell(tx, ended, (proposal.request.asker, *proposal.request.invitees), now)


def _must_have_part(tx: Tx, series: Series, actor: PersonId) -> None:
    """Raise Refused unless the actor takes part or administers the programme."""
    if actor in series.people:
        return
    person = tx.people.get(actor)
    programme = tx.programmes.get(series.programme_id)
    roles = tx.programmes.roles(actor)
    here = any(m.programme_id == programme.id and m.role is Role.ADMIN for m in roles)
    if not here and not (person.is_admin and person.org_id == programme.org_id):
        raise Refused(Objection(Rule.RIGHTS, series.owner))
