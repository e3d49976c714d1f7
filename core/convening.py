"""From an agreed time to a meeting: who owns it, how it reaches each person, where it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.booking.meeting import Attendee, Meeting, Path
from core.ids import MeetingId
from core.links import LinkState, Tier, primary
from core.policy import OwnerRule
from core.programme import LEADS

if TYPE_CHECKING:
    from core.attendance import Cast
    from core.booking.proposal import Proposal
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Tx


def convene(tx: Tx, proposal: Proposal, start: int, cast: Cast, uid: str, now: int) -> Meeting:
    """Return the meeting that a proposal's time becomes; its id is the left side of the UID."""
    request = proposal.request
    owner = _owner(tx, proposal, cast)
    return Meeting(
        id=MeetingId(uid.partition("@")[0]),
        programme_id=request.programme_id,
        proposal_id=proposal.id,
        owner=owner,
        attendees=tuple(_attendee(cast, cast.people[p]) for p in request.attendees),
        start=start,
        end=start + request.minutes * 60,
        zone=request.zone,
        title=request.title,
        uid=uid,
        place=cast.people[owner].meeting_link or cast.policy.link,
        buffer=buffer_of(cast),
        changed_at=now,
    )


def reachable(tx: Tx, meeting: Meeting) -> Meeting:
    """Return a meeting that is about to change, with those by mail whose calendar is gone.

    Whose written copy can no longer be reached (disconnected, to be reconnected, or no longer
    ours to write) would miss the change; from now on they get it at the address of their
    profile (X4).
    """
    grants = tx.links.grants_of(meeting.people)
    opening = {grant.id for grant in grants.values() if grant.state is LinkState.OK}
    links = {
        person_id: {x.id for x in found if x.tier is Tier.WRITE and x.grant_id in opening}
        for person_id, found in tx.links.of(meeting.people).items()
    }
    for attendee in meeting.attendees:
        if attendee.path is Path.CALENDAR and attendee.link_id not in links[attendee.person_id]:
            email = tx.people.get(attendee.person_id).email
            by_mail = replace(attendee, path=Path.INVITE, link_id=None, email=email)
            meeting = meeting.reroute(by_mail)
    return meeting


def buffer_of(cast: Cast) -> int:
    """Return the minutes that a session keeps free around it: the most that anybody wants."""
    return max(cast.policy.buffer, *(p.buffer or 0 for p in cast.people.values()))


def _attendee(cast: Cast, person: Person) -> Attendee:
    """Decide how the meeting reaches one person: exactly one path (X4, X12)."""
    link = primary(cast.links.get(person.id, ()))
    grant = cast.grants.get(link.grant_id) if link else None
    address = grant.account if grant and "@" in grant.account else person.email
    path = Path.INVITE
    if not cast.policy.sync:
        path = Path.PUBLISH
    elif link and grant and link.tier is Tier.WRITE and grant.state is LinkState.OK:
        path = Path.CALENDAR
    return Attendee(
        person_id=person.id,
        name=person.name,
        email=address,
        zone=person.zone,
        path=path,
        link_id=link.id if link else None,
        rsvp=path.first_rsvp,
    )


def _owner(tx: Tx, proposal: Proposal, cast: Cast) -> PersonId:
    """Return whose meeting it is (Y2): the mentor's or coach's, or the asker's."""
    request = proposal.request
    asker = request.asker if request.asker in request.attendees else request.attendees[0]
    if cast.policy.owner is OwnerRule.ASKER:
        return asker
    for person_id in request.attendees:
        for pair in tx.programmes.pairs_of(person_id):
            here = pair.programme_id == request.programme_id
            if here and {pair.mentor_id, pair.mentee_id} <= set(request.attendees):
                return pair.mentor_id
    for person_id in request.attendees:
        roles = tx.programmes.roles(person_id)
        if any(m.programme_id == request.programme_id and m.role in LEADS for m in roles):
            return person_id
    return asker
