"""A small world for the store's tests: an organisation, a programme and people by number."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from core.booking.meeting import Attendee, Meeting, Path
from core.booking.proposal import MeetingRequest, Proposal, Slot
from core.effects import Effect, EffectKind
from core.ids import GrantId, LinkId, MeetingId, OrgId, PersonId, ProgrammeId, ProposalId
from core.links import CalendarLink, Grant, Provider, Tier, Use
from core.people import Organisation, Person
from core.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.repositories import Store, Tx

V = TypeVar("V")

ORG = OrgId("org-1")
PROGRAMME = ProgrammeId("programme-1")
NOON = 1_900_000_000
HOUR = 3600
PEOPLE = 6

_numbers = count(1)


def pid(number: int) -> PersonId:
    """Return the id of a person of the world."""
    return PersonId(f"person-{number}")


def person(number: int, **changes: Any) -> Person:
    """Return a person of the world."""
    one = Person(pid(number), ORG, f"Person {number}", f"p{number}@example.org", "Europe/Oslo")
    return replace(one, **changes)


def seed(tx: Tx) -> None:
    """Store the organisation, the programme and the people."""
    tx.organisations.save(Organisation(ORG, "Harbour School"))
    tx.programmes.save(Programme(PROGRAMME, ORG, "Spring mentoring"))
    for number in range(1, PEOPLE + 1):
        tx.people.save(person(number))


def meeting(*people: int, start: int = NOON, **changes: Any) -> Meeting:
    """Return a fresh meeting of an hour for people of the world."""
    number = next(_numbers)
    one = Meeting(
        id=MeetingId(f"meeting-{number}"),
        programme_id=PROGRAMME,
        proposal_id=None,
        owner=pid(people[0]),
        attendees=tuple(
            Attendee(pid(n), f"Person {n}", f"p{n}@example.org", "Europe/Oslo", Path.INVITE)
            for n in people
        ),
        start=start,
        end=start + HOUR,
        zone="Europe/Oslo",
        title="A session",
        uid=f"meeting-{number}@tandem.example.org",
    )
    return replace(one, **changes)


def proposal(*people: int, **changes: Any) -> Proposal:
    """Return a fresh proposal of the first person to the others."""
    request = MeetingRequest(
        programme_id=PROGRAMME,
        asker=pid(people[0]),
        attendees=tuple(pid(n) for n in people),
        minutes=60,
        windows=((NOON, NOON + 8 * HOUR),),
        zone="Europe/Oslo",
    )
    one = Proposal(
        id=ProposalId(f"proposal-{next(_numbers)}"),
        request=request,
        slots=(Slot(NOON, NOON + HOUR),),
        made_at=NOON - 24 * HOUR,
        expires_at=NOON - HOUR,
    )
    return replace(one, **changes)


def effect(key: str, due_at: int = NOON, **changes: Any) -> Effect:
    """Return an effect."""
    return replace(Effect(key, EffectKind.NOTIFY, due_at), **changes)


def grant(number: int, **changes: Any) -> Grant:
    """Return a grant of a person of the world."""
    one = Grant(
        GrantId(f"grant-{number}"),
        pid(number),
        Provider.CALDAV,
        f"account-of-{number}@example.net",
        {"server": "https://dav.example.net", "password": f"secret-word-{number}"},
    )
    return replace(one, **changes)


def link(name: str, of: Grant, use: Use = Use.PRIMARY) -> CalendarLink:
    """Return a link inside a grant."""
    url = f"https://dav.example.net/{name}/"
    return CalendarLink(LinkId(name), of.id, of.person_id, url, name.title(), use, Tier.WRITE)


async def do(store: Store, *steps: Callable[[Tx], object]) -> None:
    """Run each step in a transaction of its own."""
    for step in steps:
        await store.transact(step)


def each(items: Iterable[V], step: Callable[[Tx, V], object]) -> Callable[[Tx], None]:
    """Return the work that runs a step for each item."""

    def work(tx: Tx) -> None:
        for item in items:
            step(tx, item)

    return work


def book(wanted: Meeting) -> Callable[[Tx], None]:
    """Return the work that claims a meeting's time and stores it."""

    def work(tx: Tx) -> None:
        tx.meetings.claim(wanted)
        tx.meetings.save(wanted)

    return work
