"""A look ahead at clock changes: whether a series still suits who lives by another clock.

A series keeps its time on one wall, so a clock change moves it on the others' (timing/drift.py).
They accepted it knowing that; but hours and calendars change. A week before the first session
that a change moves for somebody, their hours and calendars are read anew. Where it no longer
suits, or where that cannot be told, they alone are asked, once. Each look is an effect row made
with the series, which reads everything anew when it is due.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.asking_series import ask_series
from core.attendance import SLOW, UNREACHABLE, load_cast, load_policy, mark_revoked
from core.booking.meeting import MeetingState
from core.booking.series import coming, standing
from core.effects import Effect, EffectKind
from core.errors import NotFound
from core.ids import SeriesId
from core.notices import Notice, NoticeKind, as_effect
from core.outcome import Ended, Later
from core.reminding import first_inside, week_of
from core.timing.drift import Drift, drifts
from core.timing.hours import hours_spans
from core.timing.spans import overlaps
from core.timing.zones import DAY, day_span, local_date, wall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.attendance import Attendance, Cast
    from core.booking.meeting import Meeting
    from core.booking.series import Series
    from core.finding.request import PersonTime
    from core.ids import PersonId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports, Tx
    from core.timing.hours import Weekly

AHEAD = 7 * DAY  # how long before the first session of another time of day its person is asked
AGAIN, TRIES = 3600, 3  # seconds between looks at a calendar that does not answer, and how many
LENGTH = 366 * DAY
ARRANGED = "clocks_arranged"  # the fact that series of before there were looks ahead have them


class Trouble(StrEnum):
    """Why a session does not suit at its new time of day."""

    HOURS = "hours"  # it leaves the person's hours, or the programme's
    BUSY = "busy"  # in their calendars, another session, or leave
    UNKNOWN = "unknown"  # their calendars could not be read, which is never taken for free


# --- rules ----------------------------------------------------------------------------------------


def troubles(
    drift: Drift, person: PersonTime, programme: Weekly, length: int, now: int
) -> dict[int, Trouble]:
    """Return which of the moved sessions that are to come no longer suit somebody, by start.

    A session that lay outside their hours before the change was agreed on all the same. `length`
    and `now` in seconds.
    """
    found = {start: _trouble(drift, person, programme, start, length) for start in drift.starts}
    return {start: why for start, why in found.items() if why is not None and start > now}


def _trouble(
    drift: Drift, person: PersonTime, programme: Weekly, start: int, length: int
) -> Trouble | None:
    weeks = (programme,) if person.own is None else (programme, person.own)

    def inside(at: int) -> bool:
        span = (at, at + length)
        return all(hours_spans(week, person.zone, span) == [span] for week in weeks)

    # The time of day as it was, on this very day.
    if not inside(start) and inside(start - drift.minutes * 60):
        return Trouble.HOURS
    if overlaps((*person.busy, *person.away), start, start + length):
        return Trouble.BUSY
    return Trouble.UNKNOWN if person.unknown else None


def drifts_of(series: Series, meetings: Iterable[Meeting], zone: str) -> tuple[Drift, ...]:
    """Return how the sessions of a series wander on a clock, each by the zone whose wall it keeps.

    A single one that was moved to a time of its own was agreed on as it is.
    """
    held = standing(m for m in meetings if m.series == series.id)
    shared = Counter(_wall(m) for m in held)
    kept = [m for m in held if m.start == m.slot or not m.sequence or shared[_wall(m)] > 1]
    found = [
        drift
        for its in dict.fromkeys(m.zone for m in kept)
        for drift in drifts([m.start for m in kept if m.zone == its], its, zone)
    ]
    return tuple(sorted(found, key=lambda drift: drift.starts[0]))


def _wall(meeting: Meeting) -> tuple[str, int]:
    """Return the time of day that a session keeps: zone, minute after midnight."""
    at = wall(meeting.start, meeting.zone)
    return meeting.zone, at.hour * 60 + at.minute


def moment(first: int, person: Person, policy: Policy) -> int | None:
    """Return when to ask about a session: as the person's hours begin a week before its day, or
    next after that; None when they have none near.
    """
    day = day_span(local_date(first - AHEAD, person.zone), person.zone)
    return first_inside(week_of(person, policy), person.zone, day[0])


# --- making the rows ------------------------------------------------------------------------------


def watch(tx: Tx, series: Series, meetings: Iterable[Meeting], now: int) -> None:
    """Queue the looks ahead for a series; doing it again adds nothing.

    What lies less than a week ahead has just been shown to everybody.
    """
    policy = load_policy(tx, tx.programmes.get(series.programme_id))
    known = tuple(meetings)
    for person in tx.people.many(series.people).values():
        for drift in drifts_of(series, known, person.zone):
            due = moment(drift.starts[0], person, policy)
            if due is not None and due > now:
                tx.effects.add(_row(series, person.id, drift, due))


def _row(series: Series, person_id: PersonId, drift: Drift, due: int) -> Effect:
    return Effect(
        key=f"clocks:{series.id}:{person_id}:{drift.change}",
        kind=EffectKind.CLOCKS,
        due_at=due,
        person_id=person_id,
        payload={"about": str(series.id), "change": str(drift.change)},
        give_up_at=drift.starts[-1],
    )


async def watch_earlier(ports: Ports) -> int:
    """Queue, once in a deployment's life, the looks ahead for series that were booked before there
    were any; return for how many.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> int:
        if tx.deployment.get(ARRANGED):
            return 0
        tx.deployment.put(ARRANGED, str(now))
        programmes = [p for o in tx.organisations.all() for p in tx.programmes.of(o.id)]
        found = [m for p in programmes for m in tx.meetings.in_programme(p.id, (now, now + LENGTH))]
        running = {m.series for m in found if m.series and m.state is MeetingState.BOOKED}
        for series_id in running:
            watch(tx, tx.meetings.series(series_id), tx.meetings.of_series(series_id), now)
        return len(running)

    return await ports.store.transact(work)


# --- when a row is due ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """What is looked at: `drift` holds the sessions to come alone, `length` their seconds."""

    series: Series
    drift: Drift
    person: Person
    cast: Cast
    length: int


def moved(
    series: Series, meetings: Iterable[Meeting], zone: str, change: int, now: int
) -> Drift | None:
    """Return what is to come of the sessions that one clock change moves on somebody's clock."""
    known = tuple(meetings)
    ahead = {m.start for m in coming(known, now) if m.start > now}
    for drift in drifts_of(series, known, zone):
        starts = tuple(start for start in drift.starts if start in ahead)
        if drift.change == change and starts:
            return replace(drift, starts=starts)
    return None


async def look(ports: Ports, effect: Effect) -> Ended | Later:
    """Read somebody's hours and calendars for what a change moves, and ask them if need be."""
    now = ports.clock.now()
    found = await ports.store.read(lambda tx: _load(tx, effect, now))
    if not isinstance(found, _Look):
        return found
    spans = [(start, start + found.length) for start in found.drift.starts]
    attendance = await ask_series(ports, found.cast, spans, frozenset({found.series.uid}))
    (person,) = attendance.people
    if person.unknown in (SLOW, UNREACHABLE) and effect.attempts < TRIES:
        return Later(now + AGAIN, "the calendar did not answer")
    programme = found.cast.policy.weekly
    broken = troubles(found.drift, person, programme, found.length, now)
    return Ended(
        "asked" if broken else "it suits",
        lambda tx: _ask(tx, found, attendance, broken, now),
    )


def _load(tx: Tx, effect: Effect, now: int) -> _Look | Ended | Later:
    series_id, change = SeriesId(effect.payload["about"]), int(effect.payload["change"])
    try:
        series = tx.meetings.series(series_id)
    except NotFound:
        return Ended("the series is gone")
    meetings = tx.meetings.of_series(series_id)
    who = [p for p in series.people if p == effect.person_id]
    person = next(iter(tx.people.many(who).values()), None)
    if person is None or not person.active or not person.nudges:
        return Ended("gone, or wants no questions")
    drift = moved(series, meetings, person.zone, change, now)
    if drift is None:
        return Ended("nothing is moved by it any more")
    window = (drift.starts[0] - DAY, drift.starts[-1] + DAY)
    cast = load_cast(tx, series.programme_id, who, window)
    due = moment(drift.starts[0], person, cast.policy)
    if due is not None and due > now:
        return Later(due, "the first session is later now")
    inside = first_inside(week_of(person, cast.policy), person.zone, now)
    if inside is not None and now < inside < drift.starts[0]:
        return Later(inside, "outside their hours")
    own = {m.span for m in meetings}
    claims = {p: [c for c in held if c[:2] not in own] for p, held in cast.claims.items()}
    length = series.pattern.minutes * 60
    return _Look(series, drift, person, replace(cast, claims=claims), length)


def _ask(
    tx: Tx, found: _Look, attendance: Attendance, broken: dict[int, Trouble], now: int
) -> None:
    """Queue the question, once for each change."""
    mark_revoked(tx, attendance, now)
    if not broken:
        return
    series, change = found.series, found.drift.change
    facts = {
        "about": str(series.id),
        "change": str(change),
        "zone": found.drift.zone,
        "minutes": str(found.drift.minutes),
        "troubles": ",".join(f"{start}={why}" for start, why in broken.items()),
    }
    notice = Notice(found.person.id, NoticeKind.CLOCKS, f"clocks:{series.id}:{change}", facts)
    tx.effects.add(as_effect(notice, f"{series.id}:{change}", now))
