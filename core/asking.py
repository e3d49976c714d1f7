"""What may be asked for at all: the rules that do not depend on anybody's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.attendance import load_cast
from core.calling_off import terms_for
from core.errors import Refused
from core.policy import WhoRule
from core.programme import Objection, Role, Rule

if TYPE_CHECKING:
    from core.attendance import Cast
    from core.booking.proposal import MeetingRequest
    from core.ids import PersonId, ProgrammeId
    from core.ports import Tx
    from core.timing.spans import Span


def may_ask(tx: Tx, request: MeetingRequest, reach: Span, now: int) -> Cast:
    """Read what is stored, and check the rules that do not depend on anybody's time.

    Raises Refused.
    """
    cast = load_cast(tx, request.programme_id, request.attendees, reach, request.moves, request)
    if cast.programme.ended:
        raise Refused(Objection(Rule.WHO, detail="ended"))
    if len(set(request.attendees)) < 2:
        raise Refused(Objection(Rule.YOURSELF))
    if not 5 <= request.minutes <= cast.policy.duration_max:
        raise Refused(Objection(Rule.DURATION, detail=str(cast.policy.duration_max)))
    if request.windows[-1][1] <= now:
        raise Refused(Objection(Rule.PAST))
    for person_id in request.attendees:
        known = person_id in cast.people and cast.people[person_id].active
        if not known or not _roles(tx, person_id, request.programme_id):
            raise Refused(Objection(Rule.WHO, person_id))
    _must_be_theirs(tx, request, cast)
    _must_be_movable(tx, request, now)
    if cast.policy.who is WhoRule.PAIRS and request.asker in request.attendees:
        pairs = tx.programmes.pairs_of(request.asker)
        partners = {
            pair.partner_of(request.asker)
            for pair in pairs
            if pair.programme_id == request.programme_id
        }
        for person_id in request.invitees:
            if person_id not in partners:
                raise Refused(Objection(Rule.WHO, person_id, detail="pairs"))
    return cast


def _roles(tx: Tx, person_id: PersonId, programme_id: ProgrammeId) -> set[Role]:
    """Return what a person is in a programme."""
    return {m.role for m in tx.programmes.roles(person_id) if m.programme_id == programme_id}


def _must_be_theirs(tx: Tx, request: MeetingRequest, cast: Cast) -> None:
    """Raise Refused unless the asker takes part, or administers the programme.

    A session is moved by who takes part in it as it stands.
    """
    moved = tx.meetings.get(request.moves).people if request.moves else request.attendees
    if request.asker in moved:
        return
    asker = tx.people.get(request.asker)
    everywhere = asker.is_admin and asker.org_id == cast.programme.org_id
    if not everywhere and Role.ADMIN not in _roles(tx, asker.id, request.programme_id):
        raise Refused(Objection(Rule.RIGHTS, request.asker))


def _must_be_movable(tx: Tx, request: MeetingRequest, now: int) -> None:
    """Raise Refused for a session that is over, and where the programme moves none that late."""
    if request.moves is None:
        return
    meeting = tx.meetings.get(request.moves)
    if meeting.end <= now:
        raise Refused(Objection(Rule.PAST))
    if not terms_for(tx, meeting, request.asker, now).may_move:
        raise Refused(Objection(Rule.RIGHTS, request.asker, detail="late"))


def uids_to_ignore(tx: Tx, request: MeetingRequest, domain: str) -> frozenset[str]:
    """Return the UIDs under which a session that is to be moved may stand in calendars: its own,
    and its series', whose other sessions block by what is booked.
    """
    if request.moves is None:
        return frozenset()
    return frozenset({f"{request.moves}@{domain}", tx.meetings.get(request.moves).uid})
