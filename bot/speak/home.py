"""The page of the assistant for one person, and cards as they stand now: from stored state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Note, Part, Style, Text
from bot.message import Outgoing
from bot.speak import (
    agenda_views,
    agenda_words,
    calendar_words,
    people_words,
    proposals,
    times,
    views,
    words,
)
from bot.speak.calendar_views import SERVICES, SUBJECT, status_message, status_rows
from bot.speak.notifier import proposal_card
from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState
from core.connecting import load_status
from core.errors import NotFound
from core.ids import MeetingId, ProposalId
from core.rehoming import strays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.connecting import Status
    from core.ids import PersonId
    from core.links import Provider
    from core.people import Person
    from core.ports import Tx

SHOWN = 5  # sessions, proposals and partners of each kind
MOST_ACTIONS = 20  # Slack takes 25 in one place
YEAR = 366 * 86_400


@dataclass(frozen=True, slots=True)
class Household:
    """What the page shows of one person."""

    me: Person
    meetings: tuple[Meeting, ...]
    proposals: tuple[Proposal, ...]
    people: dict[PersonId, Person]
    calendars: tuple[tuple[str, str], ...]
    is_connected: bool
    broken: Provider | None
    lonely: tuple[PersonId, ...]
    now: int = 0


def load_home(tx: Tx, me: Person, now: int) -> Household:
    """Load everything that the page shows; no calendar is asked."""
    booked = tuple(
        m
        for m in tx.meetings.of_person(me.id, (now, now + YEAR))
        if m.state is MeetingState.BOOKED and m.end > now
    )
    waiting = tuple(
        p
        for p in tx.proposals.open_of(me.id)
        if p.expires_at > now and p.state is ProposalState.OFFERED
    )
    partners = [
        other for pair in tx.programmes.pairs_of(me.id) if (other := pair.partner_of(me.id))
    ]
    met = {person for m in booked for person in m.people}
    lonely = tuple(p for p in dict.fromkeys(partners) if p not in met)[:3]
    ids = [p for m in booked for p in m.people]
    ids += [p for w in waiting for p in (w.request.asker, *w.request.attendees)]
    status = load_status(tx, me.id)
    people = tx.people.many(dict.fromkeys([me.id, *ids, *lonely]))
    rows = tuple(status_rows(status))
    return Household(
        me, booked, waiting, people, rows, bool(status.links), _broken(status), lonely, now
    )


def _broken(status: Status) -> Provider | None:
    """Return the service of a calendar that no longer lets us in."""
    grants = (status.grants.get(link.grant_id) for link in status.broken)
    return next((grant.provider for grant in grants if grant), None)


def home_card(home: Household, preferences: tuple[tuple[str, str], ...]) -> Card:
    """Return the page."""
    me = home.me
    parts: list[Part] = [Text(people_words.HOME_HELLO.format(name=me.first_name))]
    parts.append(Text(people_words.HOME_NEXT if home.meetings else people_words.HOME_NONE))
    rows = tuple((_names(home, m), _row(home, m)) for m in _next(home))
    if rows:
        parts.append(Fields(rows))
    parts += _more(len(agenda_views.heads(home.meetings)), "what have I got?")
    if home.proposals:
        parts.append(Text(people_words.HOME_OPEN))
        parts += [Note(agenda_views.waits(home.people, p, home.me)) for p in home.proposals[:SHOWN]]
        parts += _more(len(home.proposals), "open proposals")
    parts += [
        Note(people_words.HOME_NUDGE.format(name=home.people[p].name))
        for p in home.lonely
        if p in home.people
    ]
    unconnected = ((people_words.HOME_CALENDARS, people_words.HOME_UNCONNECTED),)
    parts.append(Fields(home.calendars or unconnected))
    if home.broken:
        parts.append(Text(calendar_words.CONNECT_BROKEN.format(service=SERVICES[home.broken])))
    parts += [Text(people_words.HOME_PREFERENCES), Fields(preferences)]
    last = tuple(_settings(home))
    actions = (*_actions(home, MOST_ACTIONS - len(last)), *last)
    return Card(people_words.HOME, tuple(parts), (), actions)


def _names(home: Household, meeting: Meeting) -> str:
    others = [p for p in meeting.people if p != home.me.id and p in home.people]
    return views.names(home.people, others, home.me.id)


def _next(home: Household) -> list[Meeting]:
    """Return the sessions that are shown: the next ones, of a series the next one alone."""
    return agenda_views.heads(home.meetings)[:SHOWN]


def _row(home: Household, meeting: Meeting) -> str:
    return agenda_views.session_row(home.meetings, meeting, home.me, home.now)


def _when(me: Person, meeting: Meeting) -> str:
    return times.of_meeting(meeting, me)


def _more(count: int, said: str) -> list[Part]:
    """Say how many entries of a list are not shown, and what to say for all of them."""
    left = count - SHOWN
    return [Note(agenda_words.PAGE_MORE.format(count=left, said=said))] if left > 0 else []


def _actions(home: Household, room: int) -> list[Action]:
    """Return at most `room` buttons of what there is: answers that wait first, and of a proposal
    all its answers or none.
    """
    made: list[Action] = []
    for item in home.proposals[:SHOWN]:
        answers = list(_answers(home, item))
        if len(made) + len(answers) <= room:
            made += answers
    return [*made, *_others(home)][:room]


def _answers(home: Household, item: Proposal) -> Iterator[Action]:
    """Give the answers to one proposal."""
    me, asker = home.me, home.people[item.request.asker].first_name
    for start in proposals.acceptable(me.id, item) if me.id in item.waiting_for() else ():
        label = f"{times.begin(start, me, home.now)} ({asker})"
        yield Action(f"accept:{item.id}:{start}", label[:75], Style.PRIMARY)
    if me.id in item.waiting_for() and me.id in item.request.invitees:
        yield Action(f"decline:{item.id}", f"None of these ({asker})"[:75], Style.DANGER)


def _others(home: Household) -> Iterator[Action]:
    """Give the buttons of partners without a session, and of the next sessions."""
    for partner in home.lonely:
        if partner in home.people:
            name = home.people[partner].first_name
            yield Action(f"book:{partner}", f"Find a time with {name}"[:75])
    listed = _next(home)
    names = {m.id: _names(home, m) for m in listed}
    yield from agenda_views.session_actions(listed, names, home.me, home.now)


def _settings(home: Household) -> Iterator[Action]:
    """Give the buttons that everybody has, however much there is."""
    if home.broken:
        yield Action(f"connect:service:{home.broken}", "Connect again", Style.PRIMARY)
    connect = "Connect another calendar" if home.is_connected else "Connect my calendar"
    yield Action("connect:start", connect)
    yield Action("prefs:form", "Change my preferences")
    yield Action("help", "What can you do?")


def subject_view(tx: Tx, me: Person, subject: str, now: int) -> Outgoing | None:
    """Return the card about a subject as it stands for a person; None when it is not theirs.

    It says what the message about it said as far as that is stored: how a session reaches them,
    whose calendar could not be read, what is still booked in another calendar.
    """
    kind, _, found = subject.partition(":")
    try:
        if kind == "proposal":
            return _proposal(tx, me, ProposalId(found))
        if kind == "meeting":
            return _meeting(tx, me, MeetingId(found))
    except NotFound:
        return None
    if subject == SUBJECT:
        message = status_message(load_status(tx, me.id), len(strays(tx, me.id, now)))
        return Outgoing(message.text, message.card, SUBJECT)
    return None


def _proposal(tx: Tx, me: Person, proposal_id: ProposalId) -> Outgoing | None:
    item = tx.proposals.get(proposal_id)
    if me.id == item.request.asker:
        return proposal_card(tx, me, item)
    seen = me.id in item.request.attendees and item.state is not ProposalState.DRAFTED
    return proposal_card(tx, me, item) if seen else None


def _meeting(tx: Tx, me: Person, meeting_id: MeetingId) -> Outgoing | None:
    meeting = tx.meetings.get(meeting_id)
    if me.id not in meeting.people:
        return None
    people = tx.people.many(meeting.people)
    others = views.others(people, meeting.people, me.id)
    when = _when(me, meeting)
    if meeting.state is MeetingState.CANCELLED:
        text = words.CANCELLED.format(names=others, time=when)
        return Outgoing(text, None, f"meeting:{meeting.id}")
    programme = tx.programmes.get(meeting.programme_id).name
    connected = bool(tx.links.of([me.id])[me.id])
    return views.booked(people, meeting, me.id, programme, connected=connected)
