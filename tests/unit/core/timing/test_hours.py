"""Weekly hours as instants: exact nights of clock changes, and a slow reference for all zones."""

import itertools
import time as clock_of_the_process
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.timing.hours import ALWAYS, MIDNIGHT, Weekly, as_weekly, both, hours_spans, weekly
from core.timing.spans import Span, grid, intersect, merge
from core.timing.zones import day_span
from tests.unit.core.timing.places import days_around, midnight_utc, places, slow_instant

NEVER: Weekly = ((),) * 7


def z(text: str) -> int:
    """Return the instant of an ISO text in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def minutes(text: str) -> int:
    """Return minutes after midnight of 08:30."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def on_day(zone: str, day: date, start: str, end: str) -> list[Span]:
    """Return the instants of hours that hold every day, on one local day."""
    hours = weekly((minutes(start), minutes(end)), range(7))
    return hours_spans(hours, zone, day_span(day, zone))


# Every night on which somebody's clock jumps: hours in wall time, instants in UTC.
NIGHTS = [
    ("Europe/London", "2027-03-28", "00:30", "04:00", "2027-03-28T00:30", "2027-03-28T03:00"),
    ("Europe/London", "2027-03-28", "09:00", "17:00", "2027-03-28T08:00", "2027-03-28T16:00"),
    ("Europe/London", "2027-03-27", "09:00", "17:00", "2027-03-27T09:00", "2027-03-27T17:00"),
    ("Europe/London", "2027-03-28", "01:30", "02:30", "2027-03-28T01:00", "2027-03-28T01:30"),
    ("Europe/London", "2027-10-31", "00:30", "02:30", "2027-10-30T23:30", "2027-10-31T02:30"),
    ("America/New_York", "2027-03-14", "13:00", "17:00", "2027-03-14T17:00", "2027-03-14T21:00"),
    ("America/New_York", "2027-03-13", "13:00", "17:00", "2027-03-13T18:00", "2027-03-13T22:00"),
    ("America/New_York", "2027-03-14", "01:00", "04:00", "2027-03-14T06:00", "2027-03-14T08:00"),
    ("America/New_York", "2027-11-07", "00:00", "03:00", "2027-11-07T04:00", "2027-11-07T08:00"),
    ("Africa/Cairo", "2027-04-30", "00:00", "02:00", "2027-04-29T22:00", "2027-04-29T23:00"),
    ("Africa/Cairo", "2027-10-28", "22:00", "24:00", "2027-10-28T19:00", "2027-10-28T22:00"),
    ("America/Havana", "2027-11-07", "00:00", "02:00", "2027-11-07T04:00", "2027-11-07T07:00"),
    ("Australia/Lord_Howe", "2027-10-03", "02:00", "03:00", "2027-10-02T15:30", "2027-10-02T16:00"),
    ("Australia/Lord_Howe", "2027-04-04", "01:30", "02:00", "2027-04-03T14:30", "2027-04-03T15:30"),
    ("Asia/Kathmandu", "2027-03-28", "09:00", "17:00", "2027-03-28T03:15", "2027-03-28T11:15"),
]


@pytest.mark.parametrize(("zone", "day", "start", "end", "first", "last"), NIGHTS)
def test_nights_of_clock_changes(
    zone: str, day: str, start: str, end: str, first: str, last: str
) -> None:
    assert on_day(zone, date.fromisoformat(day), start, end) == [(z(first), z(last))]


def test_half_hours_of_the_night_that_lacks_one_come_once_each() -> None:
    spans = on_day("Europe/London", date(2027, 3, 28), "00:30", "04:00")
    starts = [datetime.fromtimestamp(s, UTC).strftime("%H:%M") for s in grid(spans, 1800, 1800)]
    assert starts == ["00:30", "01:00", "01:30", "02:00", "02:30"]


def test_hours_inside_the_gap_are_nothing() -> None:
    assert on_day("Europe/London", date(2027, 3, 28), "01:15", "01:45") == []
    assert on_day("Pacific/Apia", date(2011, 12, 30), "09:00", "17:00") == []


@pytest.mark.parametrize("server", ["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"])
def test_the_zone_of_the_machine_does_not_matter(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", server)
        clock_of_the_process.tzset()
        for zone, day, start, end, first, last in NIGHTS:
            spans = on_day(zone, date.fromisoformat(day), start, end)
            assert spans == [(z(first), z(last))]
    clock_of_the_process.tzset()


@pytest.mark.parametrize("zone", ["Europe/London", "Africa/Cairo", "America/Havana", "Asia/Tokyo"])
def test_around_the_clock_has_no_seams(zone: str) -> None:
    year = (z("2027-01-01T00:00"), z("2028-01-01T00:00"))
    assert hours_spans(ALWAYS, zone, year) == [year]


def test_windows_cut_hours() -> None:
    window = (z("2027-06-01T10:30"), z("2027-06-01T11:00"))
    assert hours_spans(weekly((480, 1080)), "Europe/London", window) == [window]
    assert hours_spans(weekly((480, 1080)), "Europe/London", (window[1], window[0])) == []
    assert hours_spans(NEVER, "Europe/London", window) == []


fives = st.integers(0, MIDNIGHT // 5).map(lambda n: n * 5)
pairs = st.tuples(fives, fives).map(lambda pair: (min(pair), max(pair)))
weeks = st.lists(st.lists(pairs, max_size=2), min_size=7, max_size=7).map(as_weekly)


def slow_hours(hours: Weekly, zone: str, day: date, window: Span) -> list[Span]:
    """Return the hours of a week around a day, every boundary looked up on the wall clock."""
    spans = [
        (slow_instant(one, start, zone), slow_instant(one, end, zone))
        for one in days_around(day, 3)
        for start, end in hours[one.weekday()]
    ]
    return intersect(merge(spans), [window])


@settings(max_examples=100, deadline=None)
@given(places(), weeks, st.integers(-86_400, 86_400), st.integers(0, 2 * 86_400))
def test_hours_are_what_the_wall_clock_says(
    place: tuple[str, date], hours: Weekly, offset: int, length: int
) -> None:
    zone, day = place
    start = midnight_utc(day) + offset
    window = (start, start + length)
    assert hours_spans(hours, zone, window) == slow_hours(hours, zone, day, window)


@settings(max_examples=100, deadline=None)
@given(places(), weeks, st.integers(1, 20))
def test_a_window_may_be_asked_in_pieces(
    place: tuple[str, date], hours: Weekly, pieces: int
) -> None:
    zone, day = place
    start, end = midnight_utc(day - timedelta(2)), midnight_utc(day + timedelta(2))
    edges = [start + (end - start) * n // pieces for n in range(pieces + 1)]
    parts = [
        span for window in itertools.pairwise(edges) for span in hours_spans(hours, zone, window)
    ]
    assert merge(parts) == hours_spans(hours, zone, (start, end))


def as_set(entry: tuple[tuple[int, int], ...]) -> set[int]:
    """Return the minutes of a day's hours."""
    return {minute for start, end in entry for minute in range(start, end)}


@settings(max_examples=60, deadline=None)
@given(weeks, weeks)
def test_both_keeps_what_lies_in_both_weeks(first: Weekly, second: Weekly) -> None:
    for day in range(7):
        assert as_set(both(first, second)[day]) == as_set(first[day]) & as_set(second[day])


def test_weekly_hours_hold_on_the_chosen_days() -> None:
    assert weekly((540, 600)) == (((540, 600),),) * 5 + ((),) * 2
    assert weekly((540, 600), [6]) == ((),) * 6 + (((540, 600),),)
    assert weekly(None) == NEVER


def test_as_weekly_brings_into_order() -> None:
    days = as_weekly([[(600, 660), (540, 600), (0, 0)], *([[]] * 6)])
    assert days[0] == ((540, 660),)


@pytest.mark.parametrize("rows", [[[]] * 6, [[]] * 8, [[(-1, 5)], *([[]] * 6)]])
def test_as_weekly_refuses_what_is_no_week(rows: list[list[tuple[int, int]]]) -> None:
    with pytest.raises(ValueError, match=r"seven days|between 00:00 and 24:00"):
        as_weekly(rows)


def test_no_day_is_longer_than_a_day() -> None:
    with pytest.raises(ValueError, match="between 00:00 and 24:00"):
        as_weekly([[(0, MIDNIGHT + 1)], *([[]] * 6)])
