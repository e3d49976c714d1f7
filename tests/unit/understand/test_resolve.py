"""Windows are disjoint and never past; wall times keep their meaning when clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand.constraint import (
    At,
    ClockRange,
    Day,
    Half,
    Part,
    PartOfDay,
    Period,
    Shift,
    Span,
    TimeConstraint,
    Unit,
    Weekday,
    Which,
)
from bot.understand.context import Context
from bot.understand.doubts import say_day, say_minute
from bot.understand.read import read
from bot.understand.report import say_windows
from bot.understand.resolve import resolve, zone_of
from tests.unit.understand.moments import ALWAYS, HERE, NOW, at

clocks = st.one_of(
    st.none(),
    st.builds(At, st.integers(0, 23), st.sampled_from([0, 15, 30]), st.just(Half.FULL)),
    st.builds(At, st.integers(1, 12)),
    st.builds(PartOfDay, st.sampled_from(Part)),
    st.builds(
        ClockRange,
        st.builds(At, st.integers(1, 12), st.just(0)),
        st.builds(At, st.integers(1, 12), st.just(30)),
    ),
)
dates = st.one_of(
    st.builds(Day, st.integers(1, 31), st.none() | st.integers(1, 12)),
    st.builds(
        Weekday,
        st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from(Which),
    ),
    st.builds(Period, st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.WEEKEND]), st.integers(0, 3)),
    st.builds(Shift, st.tuples(st.tuples(st.integers(0, 60), st.just(Unit.DAY)))),
)
spans = st.builds(Span, dates, clocks)
constraints = st.builds(
    TimeConstraint,
    options=st.lists(spans, max_size=4).map(tuple),
    exclude=st.lists(spans, max_size=2).map(tuple),
    duration_minutes=st.none() | st.integers(5, 240),
)
ZONES = [
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "America/Sao_Paulo",
]
contexts = st.builds(
    Context,
    now=st.integers(NOW, NOW + 400 * 86400),
    zone=st.sampled_from(ZONES),
    week_start=st.sampled_from([0, 6]),
)


@given(constraints, contexts, st.booleans())
def test_windows_are_sorted_disjoint_and_not_past(
    constraint: TimeConstraint, context: Context, cut: bool
) -> None:
    found = resolve(constraint, context, cut_to_hours=cut)
    assert all(start < end for start, end in found.windows)
    assert all(a[1] < b[0] for a, b in zip(found.windows, found.windows[1:], strict=False))
    assert all(start >= context.now for start, _ in found.windows)
    assert all(start >= context.now for start in found.starts)


@given(constraints, contexts)
def test_exact_starts_lie_in_the_windows(constraint: TimeConstraint, context: Context) -> None:
    found = resolve(constraint, context)
    assert all(any(a <= s < b for a, b in found.windows) for s in found.starts)


@given(
    st.integers(15, 300),
    st.integers(0, 95),
    st.integers(1, 12),
    st.sampled_from(ZONES),
)
def test_echo_reads_back_to_the_same_window(
    days: int, quarter: int, quarters: int, zone: str
) -> None:
    context = replace(HERE, zone=zone, hours=ALWAYS)
    here = datetime.fromtimestamp(NOW, zone_of(zone)).date() + timedelta(days=days)
    first, last = 15 * quarter, min(15 * (quarter + quarters), 1440)
    text = f"{say_day(here)} {say_minute(first)}-{say_minute(last)}"
    time = read(text, context).time
    assert time is not None
    found = resolve(time, context, cut_to_hours=False).windows
    if len(found) == 1 and found[0][1] - found[0][0] == (last - first) * 60:  # no clock change
        assert say_windows(found, zone) == text


def test_short_echo_reads_back() -> None:
    time = read("Tue 12 May 15:00-15:30", HERE).time
    assert time is not None
    assert resolve(time, HERE).windows == ((at("2027-05-12 15:00"), at("2027-05-12 15:30")),)


@pytest.mark.parametrize(
    ("zone", "text", "utc", "gap", "doubled"),
    [
        # London goes back on 25 Oct 2026 at 02:00 and forward on 28 Mar 2027 at 01:00.
        ("Europe/London", "25 Oct at 00:30", "2026-10-24 23:30", False, False),
        ("Europe/London", "25 Oct at 01:30", "2026-10-25 00:30", False, True),
        ("Europe/London", "28 March at 01:30", "2027-03-28 01:30", True, False),
        ("Europe/London", "28 March at 03:00", "2027-03-28 02:00", False, False),
        # New York goes back on 1 Nov 2026 at 02:00 and forward on 14 Mar 2027 at 02:00.
        ("America/New_York", "1 Nov at 01:30", "2026-11-01 05:30", False, True),
        ("America/New_York", "14 March at 02:30", "2027-03-14 07:30", True, False),
        # Lord Howe moves by half an hour on 4 April 2027.
        ("Australia/Lord_Howe", "4 April at 01:45", "2027-04-03 14:45", False, True),
        ("Asia/Kolkata", "25 Oct at 01:30", "2026-10-24 20:00", False, False),
    ],
)
def test_gap_and_doubled_hour(zone: str, text: str, utc: str, gap: bool, doubled: bool) -> None:
    context = replace(HERE, zone=zone)
    time = read(text, context).time
    assert time is not None
    found = resolve(time, context)
    start = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert found.starts == (int(start.timestamp()),)
    assert (found.gap, found.doubled) == (gap, doubled)


def test_a_day_has_23_or_25_hours_when_clocks_change() -> None:
    for text, hours in (("25 October", 25), ("28 March", 23), ("27 March", 24)):
        time = read(text, HERE).time
        assert time is not None
        ((start, end),) = resolve(time, HERE, cut_to_hours=False).windows
        assert (end - start) == hours * 3600


def test_what_is_past_is_dropped_and_said() -> None:
    time = read("yesterday at 3", HERE).time
    assert time is not None
    found = resolve(time, HERE)
    assert found.windows == ()
    assert found.past


def test_nothing_stated_means_the_coming_days() -> None:
    found = resolve(TimeConstraint(), HERE)
    assert found.windows[0] == (NOW, at("2026-10-20 18:00"))
    assert len(found.windows) > 40


def test_unknown_zone_is_utc() -> None:
    assert str(zone_of("Mars/Olympus")) == "UTC"
    assert str(zone_of("../etc/passwd")) == "UTC"


@pytest.mark.parametrize("text", ["31 June", "30 February", "32 October", "29 February 2027"])
def test_days_that_do_not_exist_have_no_windows(text: str) -> None:
    time = read(text, HERE).time
    assert time is None or resolve(time, HERE).windows == ()


def test_29_february_is_the_next_one() -> None:
    time = read("29 February", replace(HERE, hours=ALWAYS)).time
    assert time is not None
    found = resolve(time, replace(HERE, hours=ALWAYS)).windows
    assert found[0][0] == at("2028-02-29 00:00")
