"""Standing times and clock changes: Europe and the USA change on different Sundays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.timing.drift import drifts
from core.timing.zones import DAY, instant, offset_minutes, wall

LONDON, NEW_YORK, INDIA = "Europe/London", "America/New_York", "Asia/Kolkata"
ZONES = st.sampled_from(
    (LONDON, NEW_YORK, INDIA, "Australia/Sydney", "America/Sao_Paulo", "Europe/Oslo", "UTC")
)


def weekly(first: date, count: int, zone: str, at: time = time(14)) -> list[int]:
    return [instant(first + timedelta(days=7 * n), at, zone) for n in range(count)]


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_autumn_there_and_back() -> None:
    """Europe leaves summer time on 25 October, the USA on 1 November."""
    starts = weekly(date(2026, 10, 20), 4, LONDON)
    there, back = drifts(starts, LONDON, NEW_YORK)
    assert (there.change, there.zone, there.minutes) == (utc("2026-10-25 01:00"), LONDON, 60)
    assert there.starts == (starts[1],)
    assert (back.change, back.zone, back.minutes) == (utc("2026-11-01 06:00"), NEW_YORK, -60)
    assert back.starts == tuple(starts[2:])


def test_spring_the_other_way_round() -> None:
    """The USA change on 14 March 2027, Europe on the 28th: two weeks in between."""
    starts = weekly(date(2027, 3, 9), 5, NEW_YORK, time(9))
    there, back = drifts(starts, NEW_YORK, LONDON)
    assert (there.zone, there.minutes, there.starts) == (NEW_YORK, -60, tuple(starts[1:3]))
    assert (back.zone, back.minutes, back.starts) == (LONDON, 60, tuple(starts[3:]))


def test_who_never_changes_is_shifted_all_the_same() -> None:
    starts = weekly(date(2026, 10, 20), 30, LONDON)
    winter, summer = drifts(starts, LONDON, INDIA)
    assert (winter.minutes, winter.zone, len(winter.starts)) == (60, LONDON, 22)
    assert (summer.minutes, summer.zone, len(summer.starts)) == (-60, LONDON, 7)


def test_changes_between_two_sessions_that_even_out_are_none() -> None:
    starts = [instant(day, time(14), LONDON) for day in (date(2026, 10, 20), date(2026, 11, 17))]
    assert drifts(starts, LONDON, NEW_YORK) == ()
    assert drifts(starts[:1], LONDON, INDIA) == ()
    assert drifts([], LONDON, INDIA) == ()


@given(
    first=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    count=st.integers(1, 40),
    kept=ZONES,
    other=ZONES,
)
def test_a_drift_is_just_where_the_other_wall_changes(
    first: date, count: int, kept: str, other: str
) -> None:
    starts = weekly(first, count, kept, time(12))
    shown = [wall(start, other).time() for start in starts]
    found = drifts(starts, kept, other)
    firsts = {drift.starts[0] for drift in found}
    for before, start, was, now in zip(starts, starts[1:], shown, shown[1:], strict=False):
        assert (was != now) == (start in firsts)
        for drift in (d for d in found if d.starts[0] == start):
            assert before < drift.change <= start
            assert offset_minutes(drift.change - 1, drift.zone) != offset_minutes(
                drift.change, drift.zone
            )
            shifted = wall(start - drift.minutes * 60 - 7 * DAY, other)
            assert abs(drift.minutes) <= 120
            assert shifted.minute == wall(before, other).minute
    counted = [start for drift in found for start in drift.starts]
    assert counted == sorted(set(counted))
    assert not found or counted == starts[starts.index(counted[0]) :]
