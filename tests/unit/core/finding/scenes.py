"""Random searches, and the slowest way to answer them: look at every five minutes of a slot.

All times lie on five minutes and hours lie between 05:00 and 22:00, so that the reference needs
no rule for clock changes; those have tests of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from core.finding.request import PersonTime, Search
from core.ids import PersonId
from core.timing.hours import Weekly, as_weekly, weekly
from core.timing.spans import Span, merge

FIVE = 300
HOUR = 3600
DAY = 86_400

ZONES = (
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "America/St_Johns",
    "UTC",
)
# Weeks in which clocks change somewhere, and one in which none does.
STARTS = tuple(
    int(datetime.fromisoformat(f"{day}T00:00+00:00").timestamp())
    for day in ("2027-03-12", "2027-03-26", "2027-04-02", "2027-06-14", "2027-10-29", "2027-11-05")
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A search and its people."""

    search: Search
    people: tuple[PersonTime, ...]


def local(at: int, zone: str) -> datetime:
    """Return what the wall clock shows."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))


def in_week(week: Weekly, at: int, zone: str) -> bool:
    """Tell whether a moment lies in weekly hours."""
    shown = local(at, zone)
    minute = shown.hour * 60 + shown.minute
    return any(start <= minute < end for start, end in week[shown.weekday()])


def moments(start: int, length: int) -> range:
    """Return the beginning of every five minutes of a slot."""
    return range(start, start + length, FIVE)


def is_busy(person: PersonTime, start: int, length: int) -> bool:
    """Tell whether a slot with the person's buffer around it meets something of theirs."""
    around = moments(start - person.buffer, length + 2 * person.buffer)
    return any(s <= at < e for at in around for s, e in person.busy)


def is_away(person: PersonTime, start: int, length: int) -> bool:
    """Tell whether a slot meets a leave."""
    return any(s <= at < e for at in moments(start, length) for s, e in person.away)


def suits(search: Search, person: PersonTime, start: int) -> bool:
    """Tell whether a slot lies in hours and days that count for one person, and is free."""
    for at in moments(start, search.length):
        if local(at, person.zone).date() in search.closures:
            return False
        if not in_week(search.programme, at, person.zone):
            return False
        if person.own is not None and not in_week(person.own, at, person.zone):
            return False
    if is_away(person, start, search.length):
        return False
    return not is_busy(person, start, search.length)


def is_possible(scene: Scene, start: int) -> bool:
    """Tell whether a slot may be offered."""
    search = scene.search
    return (
        search.earliest <= start <= search.latest
        and start not in search.without
        and any(a <= start and start + search.length <= b for a, b in search.windows)
        and all(suits(search, person, start) for person in scene.people)
    )


def on_grid(search: Search) -> Iterator[int]:
    """Return every start on the grid at which a slot lies in one of the windows."""
    for first, last in search.windows:
        at = first
        while at + search.length <= last:
            if at % search.step == 0:
                yield at
            at += FIVE


def slow_candidates(scene: Scene) -> list[int]:
    """Return every start that may be offered."""
    starts = scene.search.starts or on_grid(scene.search)
    return sorted({start for start in starts if is_possible(scene, start)})


# --- making them ----------------------------------------------------------------------------


def fives(low: int, high: int) -> st.SearchStrategy[int]:
    """Return multiples of five minutes between two bounds in seconds."""
    return st.integers(low // FIVE, high // FIVE).map(lambda n: n * FIVE)


minutes_of_day = st.integers(5 * 12, 22 * 12).map(lambda n: n * 5)
day_hours = st.tuples(minutes_of_day, minutes_of_day).map(lambda p: (min(p), max(p)))
own_weeks = st.lists(st.lists(day_hours, max_size=2), min_size=7, max_size=7).map(as_weekly)


@st.composite
def programme_weeks(draw: st.DrawFn) -> Weekly:
    """Return a programme's hours: the same each day, weekends or not."""
    start = draw(st.integers(6, 11)) * 60
    end = draw(st.integers(14, 21)) * 60
    return weekly((start, end), range(draw(st.sampled_from([5, 5, 7]))))


@st.composite
def people(draw: st.DrawFn, name: str, start: int, days: int) -> PersonTime:
    """Return a person with a diary around a window."""
    zone = draw(st.sampled_from(ZONES))
    events = st.tuples(fives(-DAY, (days + 1) * DAY), fives(0, 9 * HOUR))
    busy = [(start + at, start + at + length) for at, length in draw(st.lists(events, max_size=9))]
    away: list[Span] = []
    if draw(st.integers(0, 3)) == 0:
        first = start + draw(fives(0, days * DAY))
        away.append((first, first + draw(fives(HOUR, DAY))))
    return PersonTime(
        PersonId(name),
        zone,
        busy,
        away,
        own=draw(st.one_of(st.none(), own_weeks)),
        buffer=draw(st.sampled_from([0, 0, FIVE, 2 * FIVE, 6 * FIVE])),
    )


def closure_days(start: int, days: int) -> st.SearchStrategy[tuple[date, ...]]:
    """Return no, one or two closed days."""
    offsets = st.lists(st.integers(0, days), max_size=2)
    return offsets.map(
        lambda chosen: tuple(sorted({local(start + n * DAY, "UTC").date() for n in chosen}))
    )


@st.composite
def scenes(draw: st.DrawFn, days: int = 3) -> Scene:
    """Return a search with one to three people."""
    start = draw(st.sampled_from(STARTS)) + draw(fives(0, 4 * DAY))
    edges = st.tuples(fives(0, days * DAY), fives(0, days * DAY)).map(sorted)
    raw = draw(st.lists(edges, min_size=0, max_size=2))
    windows = merge((start + a, start + b) for a, b in raw) or [(start, start + days * DAY)]
    now = start - draw(fives(0, 2 * HOUR))
    search = Search(
        now=now,
        windows=tuple(windows),
        length=draw(st.sampled_from([5, 15, 30, 45, 60, 120])) * 60,
        programme=draw(programme_weeks()),
        earliest=now + draw(st.sampled_from([0, 0, 4 * HOUR, DAY])),
        latest=now + draw(st.sampled_from([DAY, 60 * DAY, 60 * DAY])),
        step=draw(st.sampled_from([5, 15, 30, 60])) * 60,
        closures=draw(closure_days(start, days)),
    )
    crowd = [draw(people(f"p{n}", start, days)) for n in range(draw(st.integers(1, 3)))]
    return Scene(search, tuple(crowd))
