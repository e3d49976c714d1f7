"""Times in words: in the night in which a clock goes back nobody can misread one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speak import times
from core.timing.zones import comes_twice, wall

HALF = 1800


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


FIRST = at("2026-10-25T00:30")  # 01:30 in London, an hour before the clock goes back
SECOND = at("2026-10-25T01:30")  # 01:30 once more


@pytest.mark.parametrize(
    ("start", "minutes", "shown"),
    [
        (FIRST, 30, "Sun 25 Oct 01:30 BST-01:00 GMT London"),
        (SECOND, 30, "Sun 25 Oct 01:30-02:00 GMT London"),
        (FIRST - HALF, 30, "Sun 25 Oct 01:00-01:30 BST London"),
        (SECOND - HALF, 30, "Sun 25 Oct 01:00-01:30 GMT London"),
        (FIRST - 2 * HALF, 30, "Sun 25 Oct 00:30-01:00 BST London"),
        (FIRST - 2 * HALF, 150, "Sun 25 Oct 00:30 BST-02:00 GMT London"),
        (FIRST - 3 * HALF, 30, "Sun 25 Oct 00:00-00:30 London"),
    ],
)
def test_a_span_in_the_night_the_clock_goes_back(start: int, minutes: int, shown: str) -> None:
    assert times.span(start, start + minutes * 60, "Europe/London") == shown


def test_a_single_time_in_the_hour_that_comes_twice_says_which_one_it_is() -> None:
    assert times.moment(FIRST, "Europe/London") == "Sun 25 Oct 01:30 BST London"
    assert times.moment(SECOND, "Europe/London") == "Sun 25 Oct 01:30 GMT London"
    assert times.moment(SECOND + HALF, "Europe/London") == "Sun 25 Oct 02:00 London"


def test_so_it_does_on_another_readers_clock() -> None:
    shown = times.both(SECOND, SECOND + HALF, "America/New_York", ["Europe/London"])
    assert shown == "Sat 24 Oct 21:30-22:00 New York (Sun 25 Oct 01:30 GMT London)"


def test_a_zone_without_abbreviations_shows_its_distance_to_utc() -> None:
    twice = at("2021-03-28T02:30")  # Asuncion went back at 03:00 UTC: 23:30 comes twice
    assert times.moment(twice, "America/Asuncion") == "Sat 27 Mar 23:30 UTC-03:00 Asuncion"


def test_over_the_hour_that_is_left_out_both_ends_say_their_offset() -> None:
    start = at("2027-03-28T00:30")
    shown = times.span(start, start + 2 * HALF, "Europe/London")
    assert shown == "Sun 28 Mar 00:30 GMT-02:30 BST London"


@given(
    st.integers(min_value=at("2020-01-01T00:00"), max_value=at("2035-01-01T00:00")),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran"]),
)
def test_an_instant_is_marked_exactly_where_another_one_shows_the_same(
    near: int, zone: str
) -> None:
    shown = wall(near, zone).replace(tzinfo=None)
    others = (near + step * 1800 for step in (-4, -3, -2, -1, 1, 2, 3, 4))
    twice = any(wall(one, zone).replace(tzinfo=None) == shown for one in others)
    assert comes_twice(near, zone) is twice


@given(
    st.integers(min_value=-240, max_value=240),
    st.integers(min_value=1, max_value=16),
)
def test_in_that_night_no_two_spans_read_the_same(quarter: int, length: int) -> None:
    start = FIRST + quarter * 900
    end = start + length * 900
    moved = [start + step * 3600 for step in (-2, -1, 1, 2)]
    shown = times.span(start, end, "Europe/London")
    assert all(times.span(m, m + end - start, "Europe/London") != shown for m in moved)
