"""From an agreed time to a meeting: who owns it, how it reaches each person, where it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.booking.meeting import Attendee, Meeting, Path
from core.booking.plan import leftover_effect
from core.ids import MeetingId
from core.links import LinkState, Tier, primary
from core.policy import OwnerRule
from core.programme import LEADS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.attendance import Cast
    from core.booking.proposal import Proposal
    from core.effects import Effect
    from core.ids import GrantId, PersonId
    from core.links import CalendarLink, Grant
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


def reachable(tx: Tx, meeting: Meeting, now: int) -> tuple[Meeting, list[Effect]]:
    """Return a meeting that is about to change so that the change reaches everybody (X4).

    Whose written copy is not in their primary any more (disconnected, another primary, writing
    refused) gets it there, or by mail at the address of their profile. The effects take away
    the copies that would be left behind in calendars we can still enter.
    """
    links = tx.links.of(meeting.people)
    grants = tx.links.grants_of(meeting.people)
    effects: list[Effect] = []
    for attendee in meeting.attendees:
        mine = links[attendee.person_id]
        old = next((link for link in mine if link.id == attendee.link_id), None)
        home = _writable(primary(mine), grants)
        if attendee.path is not Path.CALENDAR or (old and home and old.id == home.id):
            continue
        if home is not None:
            changed = replace(attendee, link_id=home.id)
        else:
            email = tx.people.get(attendee.person_id).email
            changed = replace(attendee, path=Path.INVITE, link_id=None, email=email)
        meeting = meeting.reroute(changed)
        if old is not None and _opens(old, grants):
            effects.append(leftover_effect(meeting, attendee, now))
    return meeting, effects


def _writable(link: CalendarLink | None, grants: Mapping[GrantId, Grant]) -> CalendarLink | None:
    """Return a link if we may write there now."""
    return link if link and link.tier is Tier.WRITE and _opens(link, grants) else None


def _opens(link: CalendarLink, grants: Mapping[GrantId, Grant]) -> bool:
    """Tell whether a link's account lets us in."""
    return link.grant_id in grants and grants[link.grant_id].state is LinkState.OK


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
