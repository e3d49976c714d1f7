"""Wall time to instants: gaps, doubled hours, days that have not 24 hours, names of zones."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.timing.zones import (
    DAY,
    day_span,
    days_span,
    instant,
    local_date,
    offset_minutes,
    utc,
    wall,
    zone_of,
)
from tests.unit.core.timing.places import places, slow_instant

HOUR = 3600


def z(text: str) -> int:
    """Return the instant of an ISO text in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@settings(max_examples=250, deadline=None)
@given(places(), st.integers(0, 287))
def test_instant_is_when_the_clock_first_shows_it(place: tuple[str, date], fives: int) -> None:
    zone, day = place
    at = time(fives // 12, fives % 12 * 5)
    assert instant(day, at, zone) == slow_instant(day, fives * 5, zone)


@settings(max_examples=150, deadline=None)
@given(places())
def test_a_day_lasts_from_midnight_to_midnight(place: tuple[str, date]) -> None:
    zone, day = place
    assert day_span(day, zone) == (slow_instant(day, 0, zone), slow_instant(day, 1440, zone))


@settings(max_examples=200, deadline=None)
@given(places(), st.integers(0, 2 * DAY))
def test_wall_and_date_agree_with_the_clock(place: tuple[str, date], seconds: int) -> None:
    zone, day = place
    at = instant(day, time(), zone) + seconds
    assert wall(at, zone).timestamp() == at
    assert wall(at, zone).tzinfo is zone_of(zone)
    assert local_date(at, zone) == wall(at, zone).date()
    shown = wall(at, zone).replace(tzinfo=UTC).timestamp() - at
    assert offset_minutes(at, zone) == shown // 60


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/London", date(2027, 3, 28), time(0, 59), "2027-03-28T00:59"),
        ("Europe/London", date(2027, 3, 28), time(1, 0), "2027-03-28T01:00"),
        ("Europe/London", date(2027, 3, 28), time(1, 30), "2027-03-28T01:00"),
        ("Europe/London", date(2027, 3, 28), time(2, 0), "2027-03-28T01:00"),
        ("Europe/London", date(2027, 10, 31), time(1, 30), "2027-10-31T00:30"),
        ("America/New_York", date(2027, 3, 14), time(2, 59), "2027-03-14T07:00"),
        ("America/New_York", date(2027, 11, 7), time(1, 0), "2027-11-07T05:00"),
        ("Africa/Cairo", date(2027, 4, 30), time(0, 0), "2027-04-29T22:00"),
        ("Africa/Cairo", date(2027, 4, 30), time(1, 0), "2027-04-29T22:00"),
        ("America/Havana", date(2027, 11, 7), time(0, 30), "2027-11-07T04:30"),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), "2027-10-02T15:30"),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), "2027-04-03T14:45"),
        ("Pacific/Apia", date(2011, 12, 30), time(15, 0), "2011-12-30T10:00"),
    ],
)
def test_gaps_move_to_their_end_and_doubled_times_take_the_first(
    zone: str, day: date, at: time, expected: str
) -> None:
    assert utc(instant(day, at, zone)) == utc(z(expected))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/London", date(2027, 3, 28), 23),
        ("Europe/London", date(2027, 10, 31), 25),
        ("America/New_York", date(2027, 3, 14), 23),
        ("America/New_York", date(2027, 11, 7), 25),
        ("Africa/Cairo", date(2027, 4, 30), 23),  # from 01:00: there is no midnight
        ("Africa/Cairo", date(2027, 10, 28), 25),  # its last hour comes twice
        ("America/Havana", date(2027, 11, 7), 25),  # its first hour comes twice
        ("America/Havana", date(2027, 3, 14), 23),
        ("Atlantic/Azores", date(2027, 3, 28), 23),
        ("Australia/Lord_Howe", date(2027, 10, 3), 23.5),
        ("Australia/Lord_Howe", date(2027, 4, 4), 24.5),
        ("Pacific/Apia", date(2011, 12, 30), 0),  # skipped when the date line moved
        ("Asia/Kolkata", date(2027, 3, 28), 24),
    ],
)
def test_length_of_a_local_day(zone: str, day: date, hours: float) -> None:
    start, end = day_span(day, zone)
    assert end - start == hours * HOUR
    assert days_span(day, day, zone) == (start, end)


def test_days_of_a_week_with_a_change() -> None:
    start, end = days_span(date(2027, 3, 22), date(2027, 3, 28), "Europe/London")
    assert end - start == 7 * DAY - HOUR


def test_a_zone_in_the_time_itself_is_not_heard() -> None:
    at = time(9, 0, tzinfo=UTC, fold=1)
    assert instant(date(2027, 7, 1), at, "Asia/Tokyo") == z("2027-07-01T00:00")


@pytest.mark.parametrize("name", ["Mars/Base", "", "Europe", "../etc/passwd", "/etc", "a\0b", "é"])
def test_what_is_no_zone_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone name") as caught:
        zone_of(name)
    assert repr(name) in str(caught.value)
