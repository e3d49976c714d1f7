"""When days and weeks are full: counted by the calendar on the wall."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.finding.limits import Limit, full_days, full_weeks, room_for
from core.timing.zones import DAY, days_span, local_date

LONDON = "Europe/London"
MONDAY = days_span(date(2026, 10, 26), date(2026, 10, 26), LONDON)[0]  # the day after the clocks
HOUR = 3600

starts = st.integers(MONDAY - 20 * DAY, MONDAY + 20 * DAY)
zones = st.sampled_from([LONDON, "America/New_York", "Pacific/Apia", "Asia/Kathmandu"])


@given(st.lists(starts, max_size=30), zones, st.integers(1, 4), starts)
def test_a_day_is_closed_exactly_when_it_holds_so_many(
    held: list[int], zone: str, most: int, at: int
) -> None:
    closed = any(a <= at < b for a, b in full_days([(one,) for one in held], zone, most))
    day = local_date(at, zone)
    assert closed == (sum(local_date(one, zone) == day for one in held) >= most)


@given(st.lists(starts, max_size=30), zones, st.integers(1, 4), starts)
def test_a_week_is_closed_exactly_when_it_holds_so_many(
    held: list[int], zone: str, most: int, at: int
) -> None:
    closed = any(a <= at < b for a, b in full_weeks([(one,) for one in held], zone, most))
    week = local_date(at, zone).isocalendar()[:2]
    assert closed == (sum(local_date(one, zone).isocalendar()[:2] == week for one in held) >= most)


@pytest.mark.parametrize(
    ("offered", "days", "weeks"),
    [
        ([9, 15], [0], [0]),  # hours after Monday's midnight: one day
        ([9, 24 + 9], [], [0]),  # two days of one week
        ([9, 7 * 24 + 9], [], []),  # two weeks
    ],
)
def test_what_is_offered_counts_where_all_of_it_lies(
    offered: list[int], days: list[int], weeks: list[int]
) -> None:
    session = tuple(MONDAY + hour * HOUR for hour in offered)
    first = date(2026, 10, 26)
    expected = [days_span(first, first, LONDON) for _ in days]
    assert full_days([session], LONDON, 1) == expected
    expected = [days_span(first, first + timedelta(days=6), LONDON) for _ in weeks]
    assert full_weeks([session], LONDON, 1) == expected


limits = st.builds(
    Limit, zones, st.integers(1, 4), st.booleans(), st.lists(st.tuples(starts)).map(tuple)
)


@given(st.lists(starts, unique=True, max_size=30), st.lists(limits, max_size=3))
def test_sessions_are_had_together_exactly_as_far_as_the_limits_go(
    wanted: list[int], held: list[Limit]
) -> None:
    """What is left out is in the way of a limit with what was kept before it."""
    kept = room_for(wanted, held)
    for start in wanted:
        before = [one for one in kept if one < start]
        full = any(a <= start < b for one in held for a, b in one.holding(before).full())
        assert (start in kept) is not full


@given(limits, starts)
def test_a_session_that_is_to_be_moved_does_not_count(limit: Limit, start: int) -> None:
    assert limit.holding([start]).without({start}) == limit.without({start})
