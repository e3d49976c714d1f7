"""From an agreed time to a meeting: who owns it, how it reaches each person, where it is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.booking.meeting import Attendee, Meeting, Path, Rsvp
from core.booking.plan import leftover_effect
from core.ids import MeetingId
from core.links import LinkState, Provider, Tier, primary
from core.policy import AttendeeCopy, OwnerRule
from core.programme import LEADS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from core.attendance import Cast
    from core.booking.proposal import Proposal
    from core.effects import Effect
    from core.ids import GrantId, PersonId
    from core.links import CalendarLink, Grant
    from core.people import Person
    from core.policy import Policy
    from core.ports import Tx

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")  # an account may be a mere user name


def convene(
    tx: Tx,
    proposal: Proposal,
    start: int,
    cast: Cast,
    uid: str,
    now: int,
    yes: Collection[PersonId] = (),
) -> Meeting:
    """Return the meeting that a proposal's time becomes; its id is the left side of the UID.

    `yes` are the optional ones who come, too. Of the others of them, those who said that no time
    suits them are left out, and the rest are invited.
    """
    request = proposal.request
    owner = _owner(tx, proposal, cast)
    kept = {*request.needed, *yes}
    invited = [p for p in request.attendees if p in kept or not proposal.has_declined(p)]
    span = (start, start + request.minutes * 60)
    return Meeting(
        id=MeetingId(uid.partition("@")[0]),
        programme_id=request.programme_id,
        proposal_id=proposal.id,
        owner=owner,
        attendees=tuple(
            _attendee(cast, cast.people[p].during(span), owns=p == owner)
            if p in request.needed
            else _hoped(cast, cast.people[p].during(span), comes=p in yes)
            for p in invited
        ),
        start=start,
        end=span[1],
        zone=request.zone,
        title=request.title,
        uid=uid,
        place=cast.people[owner].meeting_link or cast.policy.link,
        buffer=buffer_of(cast),
        changed_at=now,
        agenda=request.agenda,
        notes=cast.policy.notes,
    )


def reachable(tx: Tx, meeting: Meeting, now: int) -> tuple[Meeting, list[Effect]]:
    """Return a meeting that is about to change so that the change reaches everybody (X4).

    Whose written copy is not in their primary any more (disconnected, another primary, writing
    refused) gets it there, or by mail. The effects take away the copies that would be left
    behind in calendars we can still enter. Everybody else keeps their way.
    """
    policy = load_policy(tx, tx.programmes.get(meeting.programme_id))
    links = tx.links.of(meeting.people)
    grants = tx.links.grants_of(meeting.people)
    effects: list[Effect] = []
    for attendee in meeting.attendees:
        mine = links[attendee.person_id]
        old = next((link for link in mine if link.id == attendee.link_id), None)
        home = primary(mine)
        stays = old is not None and home is not None and old.id == home.id
        if attendee.path is not Path.CALENDAR or (stays and _writable(home, grants)):
            continue
        owns = attendee.person_id == meeting.owner
        changed = replace(
            attendee,
            path=way_to(policy, home, grants, owns=owns),
            link_id=home.id if home else None,
            email=address_of(tx.people.get(attendee.person_id), home, grants),
        )
        meeting = meeting.reroute(changed)
        if old is not None and _opens(old, grants):
            effects.append(leftover_effect(meeting, attendee, now))
    return meeting, effects


def on_their_clocks(meeting: Meeting, people: Mapping[PersonId, Person]) -> Meeting:
    """Return a session that was moved with the zones in which its people will be then (A40)."""
    attendees = tuple(
        replace(a, zone=people[a.person_id].during(meeting.span).zone)
        if a.person_id in people
        else a
        for a in meeting.attendees
    )
    return replace(meeting, attendees=attendees)


def way_to(
    policy: Policy, home: CalendarLink | None, grants: Mapping[GrantId, Grant], *, owns: bool
) -> Path:
    """Return how a meeting reaches a person whose primary is `home`: exactly one way (X4, X12).

    Exchange files the assistant's invitation with its buttons, so a member at Microsoft gets
    that and no copy, unless their organisation wants plain copies.
    """
    if not policy.sync:
        return Path.PUBLISH
    if home is None or not _writable(home, grants):
        return Path.INVITE
    files = grants[home.grant_id].provider is Provider.MICROSOFT
    if files and not owns and policy.attendee_copy is AttendeeCopy.REQUEST:
        return Path.INVITE
    return Path.CALENDAR


def address_of(person: Person, home: CalendarLink | None, grants: Mapping[GrantId, Grant]) -> str:
    """Return where mails go: to the account of the primary calendar if that is an address, else
    to that of the profile (X4).
    """
    grant = grants.get(home.grant_id) if home else None
    return grant.account if grant and ADDRESS.fullmatch(grant.account) else person.email


def _writable(link: CalendarLink | None, grants: Mapping[GrantId, Grant]) -> bool:
    """Tell whether we may write there now."""
    return link is not None and link.tier is Tier.WRITE and _opens(link, grants)


def _opens(link: CalendarLink, grants: Mapping[GrantId, Grant]) -> bool:
    """Tell whether a link's account lets us in."""
    return link.grant_id in grants and grants[link.grant_id].state is LinkState.OK


def buffer_of(cast: Cast) -> int:
    """Return the minutes that a session keeps free around it: the most that anybody wants."""
    return max(cast.policy.buffer, *(p.buffer or 0 for p in cast.people.values()))


def _attendee(cast: Cast, person: Person, *, owns: bool) -> Attendee:
    """Return a person's entry in a meeting, with the way on which it reaches them."""
    link = primary(cast.links.get(person.id, ()))
    path = way_to(cast.policy, link, cast.grants, owns=owns)
    return Attendee(
        person_id=person.id,
        name=person.name,
        email=address_of(person, link, cast.grants),
        zone=person.zone,
        path=path,
        link_id=link.id if link else None,
        rsvp=path.first_rsvp,
    )


def _hoped(cast: Cast, person: Person, *, comes: bool) -> Attendee:
    """Return an optional person's entry; nothing is written for who has not said yes."""
    plain = _attendee(cast, person, owns=False)
    if comes:
        return replace(plain, rsvp=Rsvp.ACCEPTED, optional=True)
    path = Path.INVITE if plain.path is Path.CALENDAR else plain.path
    return replace(plain, path=path, rsvp=Rsvp.NEEDS_ACTION, optional=True)


def _owner(tx: Tx, proposal: Proposal, cast: Cast) -> PersonId:
    """Return whose meeting it is (Y2): the mentor's or coach's, or the asker's."""
    request = proposal.request
    people = request.needed
    asker = request.asker if request.asker in people else people[0]
    if cast.policy.owner is OwnerRule.ASKER:
        return asker
    for person_id in people:
        for pair in tx.programmes.pairs_of(person_id):
            here = pair.programme_id == request.programme_id
            if here and {pair.mentor_id, pair.mentee_id} <= set(people):
                return pair.mentor_id
    for person_id in people:
        roles = tx.programmes.roles(person_id)
        if any(m.programme_id == request.programme_id and m.role in LEADS for m in roles):
            return person_id
    return asker
