"""Whose a mail is, and who is to read it: by the address and by the mails of ours it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState
from core.mail_in import is_own, mail_id
from core.programme import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from core.booking.meeting import Attendee, Meeting
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Tx

DAY = 86_400
BACK, AHEAD = 60 * DAY, 400 * DAY  # of now: meetings that a mail may still be about
MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Writer:
    """Who has written and who is to read it. `answers_us` says that the mail answers one of
    ours to them; `meeting` is what that one was about.
    """

    person: Person
    readers: tuple[PersonId, ...]
    meeting: Meeting | None = None
    answers_us: bool = False


def standing(meeting: Meeting, now: int) -> bool:
    """Tell whether a meeting is still to come, or under way."""
    return meeting.state is MeetingState.BOOKED and meeting.end > now


def attendee_of(tx: Tx, meeting: Meeting, address: str) -> Attendee | None:
    """Return who has an address: that of the invitation, else that of their profile."""
    address = address.lower()
    if not address:
        return None
    for attendee in meeting.attendees:
        if attendee.email.lower() == address:
            return attendee
    people = tx.people.many(meeting.people)
    owners = {p.id for p in people.values() if p.email.lower() == address}
    return next((a for a in meeting.attendees if a.person_id in owners), None)


def writer_of(
    tx: Tx, address: str, thread: Collection[str], now: int, domain: str
) -> Writer | None:
    """Return who has written from an address; None where that is nobody, or not sure.

    `thread` are the Message-IDs that the mail answers: by ours it is sure what it is about.
    """
    if not address:
        return None
    own = {one for one in thread if is_own(one, domain)}
    people = _by_profile(tx, address)
    for person in people:
        found = _by_thread(tx, person, own, now, domain) if own else None
        if found is not None:
            return found
    if own and (invited := _by_invitation(tx, address, own, now, domain)) is not None:
        return invited
    return Writer(people[0], _readers(tx, people[0], now)) if len(people) == 1 else None


def addressee_of(tx: Tx, address: str, mail: str, now: int, domain: str) -> Person | None:
    """Return whose address it is to which a mail of ours went."""
    people = _by_profile(tx, address)
    if people:
        return people[0]
    invited = _by_invitation(tx, address, {mail}, now, domain)
    return invited.person if invited else None


def administrators_of(tx: Tx, person: Person) -> tuple[PersonId, ...]:
    """Return who administers a person's programmes, else their organisation."""
    programmes = dict.fromkeys(m.programme_id for m in tx.programmes.roles(person.id))
    members = [m for programme in programmes for m in tx.programmes.members(programme)]
    found = dict.fromkeys(m.person_id for m in members if m.role is Role.ADMIN)
    if not found:
        found = dict.fromkeys(p.id for p in tx.people.administrators(person.org_id))
    return tuple(p for p in found if p != person.id)


def _by_profile(tx: Tx, address: str) -> list[Person]:
    """Return the active people with an address; one in each organisation at the most."""
    found = [tx.people.by_email(o.id, address) for o in tx.organisations.all()]
    return [person for person in found if person is not None and person.active]


def _by_thread(tx: Tx, person: Person, thread: set[str], now: int, domain: str) -> Writer | None:
    """Return the writer with the meeting or the proposal about which we wrote to them."""
    for meeting in tx.meetings.of_person(person.id, (now - BACK, now + AHEAD)):
        if thread & set(_ids_about(meeting, person.id, domain)):
            return _about(person, meeting)
    for proposal in tx.proposals.open_of(person.id):
        if mail_id(f"proposal:{proposal.id}:{person.id}", domain) in thread:
            concerned = dict.fromkeys((proposal.request.asker, *proposal.request.attendees))
            readers = tuple(p for p in concerned if p != person.id)
            return Writer(person, readers, answers_us=True)
    return None


def _about(person: Person, meeting: Meeting) -> Writer:
    readers = tuple(p for p in meeting.people if p != person.id)
    return Writer(person, readers, meeting, answers_us=True)


def _ids_about(meeting: Meeting, person: PersonId, domain: str) -> Iterator[str]:
    """Yield the Message-IDs of all mails to one attendee about a meeting."""
    for sequence in range(min(meeting.sequence, MOST_VERSIONS) + 1):
        yield mail_id(f"mail:{meeting.id}:{person}:{sequence}", domain)


def _by_invitation(tx: Tx, address: str, thread: set[str], now: int, domain: str) -> Writer | None:
    """Return who was invited under an address that is not their profile's: their calendar's.

    It costs a look at all sessions of these weeks, so it is for mails that answer ours.
    """
    window = (now - BACK, now + AHEAD)
    programmes = [p for o in tx.organisations.all() for p in tx.programmes.of(o.id)]
    for programme in programmes:
        for meeting in tx.meetings.in_programme(programme.id, window):
            one = next((a for a in meeting.attendees if a.email.lower() == address), None)
            if one and thread & set(_ids_about(meeting, one.person_id, domain)):
                return _about(tx.people.get(one.person_id), meeting)
    return None


def _readers(tx: Tx, person: Person, now: int) -> tuple[PersonId, ...]:
    """Return who reads words that answer nothing we know: the only partner, else whoever
    administers.
    """
    pairs = [pair.partner_of(person.id) for pair in tx.programmes.pairs_of(person.id)]
    meetings = tx.meetings.of_person(person.id, (now, now + AHEAD))
    met = [other for m in meetings if standing(m, now) for other in m.people]
    partners = {one for one in (*pairs, *met) if one and one != person.id}
    return tuple(partners) if len(partners) == 1 else administrators_of(tx, person)
