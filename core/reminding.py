"""Around a session: reminders before it, and the question afterwards whether it took place.

Each is an effect row made when a session gets its time, which reads everything anew when it is
due: it says nothing of a session that has moved or was cancelled, nor to somebody who wants none.
Reminders keep to the hours of their person: one that would come outside of them comes at the last
moment inside before it, and never once the session has begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.booking.meeting import MeetingState, Rsvp
from core.effects import Effect, EffectKind
from core.errors import NotFound
from core.notices import Notice, NoticeKind, as_effect
from core.outcome import Ended, Later
from core.presence import PERSON
from core.timing.hours import hours_spans
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import Attendee, Meeting
    from core.ids import PersonId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports, Tx
    from core.timing.hours import Weekly

BACK = 8 * DAY  # how far before its own moment a reminder may come: over a weekend and a holiday
AHEAD = 4 * DAY  # how long a question waits for somebody's hours
EDGE = 60  # seconds before the end of somebody's hours that still lie inside
AFTER = 10 * 60  # seconds after its end in which nobody is asked about a session
SILENCE = 7 * DAY  # after which an unanswered question counts as "it took place"
YEAR = 366 * DAY
MOVED_ON, NOT_WANTED = "the session has moved on", "not wanted"
OVERTAKEN = "a later one is due as well"


# --- rules ----------------------------------------------------------------------------------------


def last_inside(week: Weekly, zone: str, at: int) -> int | None:
    """Return the latest instant not after `at` in somebody's hours; None when none is near."""
    spans = hours_spans(week, zone, (at - BACK, at + 1))
    if not spans:
        return None
    start, end = spans[-1]
    return at if end > at else max(start, end - EDGE)


def first_inside(week: Weekly, zone: str, at: int) -> int | None:
    """Return the earliest instant not before `at` in somebody's hours; None when none is near."""
    spans = hours_spans(week, zone, (at, at + AHEAD))
    return spans[0][0] if spans else None


def moments(start: int, leads: Iterable[int], week: Weekly, zone: str) -> dict[int, int]:
    """Return when to remind of a session for each lead (minutes): two that fall together are one,
    the shorter.
    """
    found: dict[int, int] = {}
    for lead in sorted(set(leads)):
        due = last_inside(week, zone, start - lead * 60)
        if due is not None and due not in found.values():
            found[lead] = due
    return found


def week_of(person: Person, policy: Policy) -> Weekly:
    """Return the hours in which a person may be written to: their own, else the programme's."""
    return policy.weekly if person.hours is None else person.hours


# --- what somebody wants --------------------------------------------------------------------------


def own_leads(tx: Tx, person: Person) -> tuple[int, ...] | None:
    """Return how many minutes before a session somebody wants to be reminded, longest first; None
    for as the programme has it.
    """
    data = tx.references.get(*_key(person))
    leads = (data or {}).get("leads")
    return tuple(int(lead) for lead in leads) if isinstance(leads, list | tuple) else None


def want(tx: Tx, person: Person, leads: tuple[int, ...] | None, now: int) -> None:
    """Keep when somebody wants to be reminded, for the sessions that stand as for later ones."""
    if leads is None:
        tx.references.remove(*_key(person))
    else:
        tx.references.put(*_key(person), {"leads": list(leads)})
    for meeting in tx.meetings.of_person(person.id, (now, now + YEAR)):
        if meeting.state is MeetingState.BOOKED:
            _add_reminders(tx, meeting, [person], now)


def leads_of(tx: Tx, person: Person, policy: Policy) -> tuple[int, ...]:
    """Return the leads that hold for a person in a programme; none for who wants no reminders."""
    if not person.nudges:
        return ()
    own = own_leads(tx, person)
    return policy.reminders if own is None else own


def _key(person: Person) -> tuple[str, str, str]:
    return PERSON, str(person.org_id), f"reminders:{person.id}"


# --- making the rows ------------------------------------------------------------------------------


def arrange(tx: Tx, meeting: Meeting, now: int) -> None:
    """Queue what comes around a session that has just got its time; doing it again adds nothing."""
    _add_reminders(tx, meeting, tx.people.many(meeting.people).values(), now)
    tx.effects.add(_check_in(meeting, "ask", meeting.end + AFTER))


ARRANGED = "reminders_arranged"  # the fact that sessions of before there were reminders have them


async def arrange_earlier(ports: Ports) -> int:
    """Arrange, once in a deployment's life, what comes around sessions that were booked before
    there were reminders; return how many.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> int:
        if tx.deployment.get(ARRANGED):
            return 0
        tx.deployment.put(ARRANGED, str(now))
        programmes = [p for o in tx.organisations.all() for p in tx.programmes.of(o.id)]
        found = [m for p in programmes for m in tx.meetings.in_programme(p.id, (now, now + YEAR))]
        standing = [m for m in found if m.state is MeetingState.BOOKED]
        for meeting in standing:
            arrange(tx, meeting, now)
        return len(standing)

    return await ports.store.transact(work)


def _add_reminders(tx: Tx, meeting: Meeting, people: Iterable[Person], now: int) -> None:
    policy = load_policy(tx, tx.programmes.get(meeting.programme_id))
    for person in people:
        leads = leads_of(tx, person, policy)
        found = moments(meeting.start, leads, week_of(person, policy), person.zone)
        for lead, due in found.items():
            if due > now:
                tx.effects.add(_reminder(meeting, person.id, lead, due))


def _reminder(meeting: Meeting, person_id: PersonId, lead: int, due: int) -> Effect:
    return Effect(
        key=f"remind:{meeting.id}:{meeting.sequence}:{person_id}:{lead}",
        kind=EffectKind.REMIND,
        due_at=due,
        meeting_id=meeting.id,
        person_id=person_id,
        sequence=meeting.sequence,
        payload={"start": str(meeting.start), "lead": str(lead)},
        give_up_at=meeting.start,
    )


def _check_in(meeting: Meeting, step: str, due: int) -> Effect:
    return Effect(
        key=f"checkin:{meeting.id}:{meeting.sequence}:{step}",
        kind=EffectKind.CHECK_IN,
        due_at=due,
        meeting_id=meeting.id,
        person_id=meeting.owner,
        sequence=meeting.sequence,
        payload={"end": str(meeting.end), "step": step},
    )


# --- when a row is due ----------------------------------------------------------------------------


def _comes(entry: Attendee) -> bool:
    """Tell whether somebody is to be reminded: not who said no, or is optional and silent."""
    return entry.holds and entry.rsvp is not Rsvp.DECLINED


async def remind(ports: Ports, effect: Effect) -> Ended | Later:
    """Remind one person of a session, if it still stands as it did and they still want it."""
    now = ports.clock.now()
    return await ports.store.read(lambda tx: _remind(tx, effect, now))


def _remind(tx: Tx, effect: Effect, now: int) -> Ended | Later:
    meeting = _standing(tx, effect)
    if meeting is None or str(meeting.start) != effect.payload["start"] or meeting.start <= now:
        return Ended(MOVED_ON)
    entry = meeting.attendee(effect.person_id) if effect.person_id else None
    person = tx.people.many([entry.person_id]).get(entry.person_id) if entry else None
    if entry is None or not _comes(entry) or person is None or not person.active:
        return Ended(NOT_WANTED)
    policy = load_policy(tx, tx.programmes.get(meeting.programme_id))
    leads = leads_of(tx, person, policy)
    due = moments(meeting.start, leads, week_of(person, policy), person.zone)
    lead = int(effect.payload["lead"])
    if lead not in due:
        return Ended(NOT_WANTED)
    if due[lead] > now:
        return Later(due[lead], "their hours have changed")
    if any(other < lead and at <= now for other, at in due.items()):
        return Ended(OVERTAKEN)  # both waited, as over an outage: the later one says it all
    facts = {"meeting": str(meeting.id), "start": str(meeting.start)}
    notice = Notice(person.id, NoticeKind.REMINDER, f"reminder:{meeting.id}", facts)
    key = f"{meeting.id}:{effect.sequence}:{lead}"
    return Ended(record=lambda tx: tx.effects.add(as_effect(notice, key, now)))


async def check_in(ports: Ports, effect: Effect) -> Ended | Later:
    """Ask the owner whether a session took place; a week later take a silence for a yes."""
    now = ports.clock.now()
    return await ports.store.read(lambda tx: _asked(tx, effect, now))


def _asked(tx: Tx, effect: Effect, now: int) -> Ended | Later:
    meeting = _standing(tx, effect)
    if meeting is None or str(meeting.end) != effect.payload["end"]:
        return Ended(MOVED_ON)
    if effect.payload["step"] == "close":
        held = meeting.settle(held=True)
        return Ended("nobody said otherwise", lambda tx: tx.meetings.save(held))
    policy = load_policy(tx, tx.programmes.get(meeting.programme_id))
    owner = _whom_to_ask(tx, meeting)
    asks = policy.checkin and owner is not None and owner.nudges
    if owner is not None and asks:
        due = first_inside(week_of(owner, policy), owner.zone, now)
        if due is not None and due > now:
            return Later(due, "outside their hours")

    def record(tx: Tx) -> None:
        if owner is not None and asks:
            facts = {"meeting": str(meeting.id)}
            notice = Notice(owner.id, NoticeKind.CHECK_IN, f"checkin:{meeting.id}", facts)
            tx.effects.add(as_effect(notice, f"{meeting.id}:{effect.sequence}", now))
        tx.effects.add(_check_in(meeting, "close", meeting.end + SILENCE))

    return Ended("" if asks else NOT_WANTED, record)


def _whom_to_ask(tx: Tx, meeting: Meeting) -> Person | None:
    """Return the owner, or somebody else who took part when the owner has left."""
    people = tx.people.many(meeting.people)
    order = (meeting.owner, *meeting.people)
    return next((people[p] for p in order if p in people and people[p].active), None)


def _standing(tx: Tx, effect: Effect) -> Meeting | None:
    """Return the session of a row that still stands, unless a newer row of its kind replaces it."""
    if effect.meeting_id is None:
        return None
    try:
        meeting = tx.meetings.get(effect.meeting_id)
    except NotFound:
        return None
    newer = any(
        e.kind is effect.kind
        and e.sequence > effect.sequence
        and (e.person_id, e.payload.get("lead")) == (effect.person_id, effect.payload.get("lead"))
        for e in tx.effects.of_meeting(meeting.id)
    )
    return None if newer or meeting.state is not MeetingState.BOOKED else meeting
