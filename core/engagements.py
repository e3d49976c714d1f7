"""When people want no more sessions, because there are as many as they want at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState
from core.finding.limits import Limit, room_for
from core.finding.request import Ease
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from core.booking.proposal import MeetingRequest
    from core.finding.limits import Session
    from core.ids import MeetingId, PersonId, ProgrammeId
    from core.people import Person
    from core.ports import Tx
    from core.timing.spans import Span

OVER = 8 * DAY  # how far a window reaches over its edges, so that its first and last week are whole


def limits_of(
    tx: Tx,
    people: Iterable[Person],
    programme_id: ProgrammeId,
    window: Span,
    *,
    moves: MeetingId | None = None,
    asked: MeetingRequest | None = None,
) -> dict[PersonId, tuple[Limit, ...]]:
    """Return how many sessions people want at most; who set no limit is left out.

    A limit for the programme alone counts its sessions alone, any other all of them. The session
    that `moves` does not count; with `asked` what is offered and open does, but for what that
    request asks anew.
    """
    found: dict[PersonId, tuple[Limit, ...]] = {}
    for person in people:
        wishes, own = person.within(programme_id).wishes, person.wishes_for(programme_id)
        if wishes.daily is None and wishes.weekly is None:
            continue
        sessions = [*_booked(tx, person, window, moves), *_offered(tx, person, asked)]
        here = tuple(starts for programme, starts in sessions if programme == programme_id)
        every = tuple(starts for _, starts in sessions)
        found[person.id] = tuple(
            Limit(person.zone, most, weekly, every if apart is None else here)
            for most, apart, weekly in (
                (wishes.daily, own.daily, False),
                (wishes.weekly, own.weekly, True),
            )
            if most is not None
        )
    return found


def has_enough(tx: Tx, request: MeetingRequest, start: int) -> bool:
    """Tell whether the asker has as many sessions booked as they want, so that one at a time that
    they offered before would be too many; not where they have set that aside for this once.
    """
    asker = request.asker
    return asker in request.attendees and asker in too_many(tx, request, [start], [asker])


def too_many(
    tx: Tx,
    request: MeetingRequest,
    starts: Collection[int],
    people: Iterable[PersonId],
    leaving: Collection[int] = (),
) -> dict[PersonId, tuple[int, ...]]:
    """Return which of these sessions would be more than who of the people wants, by what is
    booked; the earlier ones have room first. The sessions at the starts `leaving` give way to them.
    """
    found = limits_at(tx, request, starts, people, leaving)
    kept = {person: room_for(starts, limits) for person, limits in found.items()}
    over = {person: tuple(s for s in starts if s not in kept[person]) for person in found}
    return {person: more for person, more in over.items() if more}


def limits_at(
    tx: Tx,
    request: MeetingRequest,
    starts: Collection[int],
    people: Iterable[PersonId],
    leaving: Collection[int] = (),
    asked: MeetingRequest | None = None,
) -> dict[PersonId, tuple[Limit, ...]]:
    """Return what limits the people have around these starts, on the clock that they have then;
    who has set theirs aside for this once is left out. With `asked` open offers count, too.
    """
    if not starts:
        return {}
    window = (min(starts), max(starts) + request.minutes * 60)
    held = [one for one in people if (Ease.LIMIT, one) not in request.eased]
    known = [one.during(window) for one in tx.people.many(held).values()]
    found = limits_of(tx, known, request.programme_id, window, moves=request.moves, asked=asked)
    return {
        person: tuple(limit.without(leaving) for limit in limits)
        for person, limits in found.items()
    }


def _booked(
    tx: Tx, person: Person, window: Span, moves: MeetingId | None
) -> Iterator[tuple[ProgrammeId, Session]]:
    """Return the sessions that stand or were held around a window."""
    for meeting in tx.meetings.of_person(person.id, (window[0] - OVER, window[1] + OVER)):
        if meeting.state in (MeetingState.BOOKED, MeetingState.HELD) and meeting.id != moves:
            yield meeting.programme_id, (meeting.start,)


def _offered(
    tx: Tx, person: Person, asked: MeetingRequest | None
) -> Iterator[tuple[ProgrammeId, Session]]:
    """Return what is offered to or by a person for a new session; of a series each one."""
    if asked is None:
        return
    for proposal in tx.proposals.open_of(person.id):
        request = proposal.request
        offered = proposal.state is ProposalState.OFFERED and person.id in request.attendees
        if not offered or request.moves is not None or asked.is_again(request):
            continue
        starts = tuple(slot.start for slot in proposal.slots)
        sessions = [starts] if request.series is None else [(start,) for start in starts]
        for session in sessions:
            yield request.programme_id, session
