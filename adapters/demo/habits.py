"""How the people of the demo spend their weeks: what repeats, what happens once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from adapters.demo.diary import WEEKDAYS, Entry, Moved
from core.links import Use
from core.timing.spans import Span, intersect, merge, overlaps, subtract
from core.timing.zones import instant, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.demo.people import WorldLink

WORKDAYS = 5
HALF_HOUR = 1800
KEPT_LENGTH = 90 * 60
FIRST_START, LAST_START = time(9), time(17)
KEEPERS = frozenset({"maya", "alex"})  # always find an hour for each other


@dataclass(frozen=True, slots=True)
class Habit:
    """A weekly entry: `days` are weekdays, 0 is Monday; `every` so many weeks."""

    title: str
    days: tuple[int, ...]
    at: time
    minutes: int
    every: int = 1


@dataclass(frozen=True, slots=True)
class Diary:
    """What one calendar is filled with: habits, titles for single entries, and how many a day."""

    habits: tuple[Habit, ...]
    titles: tuple[str, ...]
    a_day: tuple[int, ...] = (2, 3, 3, 4, 4, 5)
    first: time = FIRST_START
    last: time = LAST_START


ALL_WEEK = (0, 1, 2, 3, 4)
OFFICE = (
    *("Budget check", "Client call", "Contract review", "Hiring panel", "Interview notes"),
    *("Launch checklist", "Supplier call", "Roadmap draft", "Support rota", "Training prep"),
    *("Data review", "Design walk-through", "Release call", "Workshop prep", "Quarter outlook"),
)
PRIVATE = ("Dentist", "Piano lesson", "Plumber", "School play", "Climbing", "Dinner", "Book club")

DIARIES = {
    "maya/work": Diary(
        (
            Habit("Stand-up", ALL_WEEK, time(9, 30), 15),
            Habit("Product review", (1,), time(14), 60),
            Habit("Planning", (0,), time(11), 60),
            Habit("Reading group", (3,), time(16), 60, every=2),
        ),
        OFFICE,
    ),
    "maya/personal": Diary(
        (Habit("Choir", (2,), time(18, 30), 90), Habit("School run", (4,), time(8, 30), 30)),
        PRIVATE,
        (0, 0, 1, 1),
        time(12),
        time(19),
    ),
    "alex/work": Diary(
        (
            Habit("Stand-up", ALL_WEEK, time(9), 15),
            Habit("Leadership round", (0,), time(10), 60),
            Habit("Architecture hour", (2,), time(14), 60),
            Habit("Focus time", (4,), time(13), 120),
        ),
        OFFICE,
    ),
    "romero/work": Diary(
        (
            Habit("Team round", (0, 2, 4), time(10), 30),
            Habit("Press review", (3,), time(9), 45),
            Habit("Lunch with the team", (1,), time(14), 60),
        ),
        OFFICE,
    ),
    "priya/work": Diary(
        (
            Habit("Hand-over", ALL_WEEK, time(17), 30),
            Habit("Platform round", (0, 3), time(11), 60),
            Habit("Hiring round", (2,), time(15), 60, every=2),
        ),
        OFFICE,
        (3, 4, 4, 5),
    ),
    "sam/work": Diary(
        (Habit("Stand-up", ALL_WEEK, time(9, 15), 15), Habit("Lab time", (1, 3), time(13), 120)),
        OFFICE,
    ),
    "lee/work": Diary(
        (Habit("Studio round", (0, 3), time(10, 30), 60), Habit("Open hour", (2,), time(15), 60)),
        OFFICE,
    ),
}


def dice(*words: object) -> random.Random:
    """Return dice that fall the same way for the same words."""
    return random.Random(":".join(map(str, words)))  # noqa: S311  # an invented world, no secret


def diary_of(link: WorldLink) -> Diary:
    """Return what a calendar is filled with."""
    return DIARIES[f"{link.person_id}/{link.calendar}"]


def entries_of(
    link: WorldLink, zone: str, monday: date, weeks: int, kept: Sequence[Span], seed: int
) -> Iterator[Entry]:
    """Yield the entries of a calendar, none of them in the hours that are kept free."""
    diary = diary_of(link)
    yield from _series(diary, zone, monday, kept)
    special = list(_special(link, zone, monday))
    yield from special
    mine = kept if link.person_id in KEEPERS else ()
    taken = [entry.span for entry in special]
    for week in range(weeks):
        for weekday in range(WORKDAYS):
            day = monday + timedelta(days=7 * week + weekday)
            throw = dice(seed, link.path, day)
            yield from _single(diary, zone, day, [*taken, *mine], throw)


def _series(diary: Diary, zone: str, monday: date, kept: Sequence[Span]) -> Iterator[Entry]:
    """Yield the habits as series that began weeks ago; the first of them has exceptions."""
    began = monday - timedelta(weeks=6)
    for number, habit in enumerate(diary.habits):
        names = ",".join(WEEKDAYS[day] for day in habit.days)
        day = began + timedelta(days=habit.days[0])
        skipped = monday + timedelta(weeks=2, days=habit.days[-1])
        moved = monday + timedelta(weeks=1, days=habit.days[0])
        later = time(8) if overlaps(kept, *_at(moved, time(17, 30), 30, zone)) else time(17, 30)
        yield Entry(
            habit.title,
            day,
            zone,
            habit.at,
            habit.minutes,
            repeat=f"FREQ=WEEKLY;INTERVAL={habit.every};BYDAY={names}",
            without=(skipped,) if number < 2 else (),
            moved=(Moved(moved, moved, later),) if number == 1 and habit.every == 1 else (),
        )


def _single(
    diary: Diary, zone: str, day: date, taken: list[Span], throw: random.Random
) -> Iterator[Entry]:
    """Yield the single entries of a day, so that with the habits it is as full as it should be."""
    habits = [habit for habit in diary.habits if day.weekday() in habit.days]
    busy = taken + [_at(day, habit.at, habit.minutes, zone) for habit in habits]
    for _ in range(max(0, throw.choice(diary.a_day) - len(habits))):
        minutes = throw.choice((30, 30, 45, 60, 60, 90))
        starts = [
            at
            for at in _half_hours(diary.first, diary.last)
            if not overlaps(busy, *_at(day, at, minutes, zone))
        ]
        if not starts:
            return
        at = throw.choice(starts)
        busy.append(_at(day, at, minutes, zone))
        luck = throw.random()
        yield Entry(
            throw.choice(diary.titles),
            day,
            zone,
            at,
            minutes,
            tentative=luck < 0.06,
            free=0.06 <= luck < 0.11,
            declined=0.11 <= luck < 0.16,
        )


def _special(link: WorldLink, zone: str, monday: date) -> Iterator[Entry]:
    """Yield what is worth having in every world: whole days, leave, nights of clock changes."""
    shift = sorted(DIARIES).index(f"{link.person_id}/{link.calendar}")
    weekday = shift % WORKDAYS

    def day(week: int, number: int = weekday) -> date:
        return monday + timedelta(weeks=week, days=number)

    yield Entry("Birthday of a friend", day(1), zone, free=True)
    if link.use is Use.SECONDARY:
        yield Entry("Weekend by the sea", day(2, 5), zone, days=2)
        return
    yield Entry("Team day", day(3), zone)
    yield Entry("Conference, perhaps", day(4), zone, time(9), 8 * 60, tentative=True)
    yield Entry("Out of office", day(3, 4), zone, time(13), 5 * 60, away=True)
    yield Entry("Holiday", day(5 + shift % 5, 0), zone, days=WORKDAYS, away=True)
    for change in clock_changes(zone, monday):
        yield Entry("Night shift", change - timedelta(days=1), zone, time(23), 6 * 60)


def clock_changes(zone: str, first: date) -> list[date]:
    """Return the days in the year from `first` on which a zone's clocks change."""
    info = zone_of(zone)
    days = [first + timedelta(days=n) for n in range(366)]
    offsets = [datetime.combine(day, time(12), tzinfo=info).utcoffset() for day in days]
    return [day for n, day in enumerate(days) if n and offsets[n] != offsets[n - 1]]


def common_hours(monday: date, weeks: int, seed: int) -> list[Span]:
    """Return the hours that Maya and Alex keep free: up to 90 minutes on four days of a week.

    They lie where both work, 08:00 to 18:00 in London and New York, beside the habits of both.
    """
    busy = [
        _at(monday + timedelta(days=7 * week + day), habit.at, habit.minutes, zone)
        for word, zone in (
            ("maya/work", "Europe/London"),
            ("maya/personal", "Europe/London"),
            ("alex/work", "America/New_York"),
        )
        for habit in DIARIES[word].habits
        for week in range(weeks)
        for day in habit.days
    ]
    kept: list[Span] = []
    for week in range(weeks):
        days = [monday + timedelta(days=7 * week + n) for n in range(WORKDAYS)]
        spared = dice(seed, "common", days[0]).randrange(WORKDAYS)
        for day in days[:spared] + days[spared + 1 :]:
            kept += _kept_on(day, merge(busy), dice(seed, "common", day))
    return merge(kept)


def _kept_on(day: date, busy: list[Span], throw: random.Random) -> list[Span]:
    london = _at(day, time(8), 10 * 60, "Europe/London")
    new_york = _at(day, time(8), 10 * 60, "America/New_York")
    free = subtract(intersect([london], [new_york]), busy)
    starts = [
        start
        for low, high in free
        for start in range(-(-low // HALF_HOUR) * HALF_HOUR, high - KEPT_LENGTH + 1, HALF_HOUR)
    ]
    start = throw.choice(starts)
    return [(start, start + KEPT_LENGTH)]


def _half_hours(first: time, last: time) -> list[time]:
    minutes = range(first.hour * 60 + first.minute, last.hour * 60 + last.minute + 1, 30)
    return [time(at // 60, at % 60) for at in minutes]


def _at(day: date, at: time, minutes: int, zone: str) -> Span:
    start = instant(day, at, zone)
    return start, start + minutes * 60
