"""What "earlier in the day" and the like leave, and that no negotiation goes on for ever."""

from __future__ import annotations

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from core.finding.counter import ROUNDS, Shift, but_weekdays, passes_on, shifted
from core.timing.spans import intersect
from core.timing.zones import day_span, instant, local_date

ZONE = "Europe/London"
HALF = 1800
WEEK = (day_span(date(2026, 10, 26), ZONE)[0], day_span(date(2026, 10, 30), ZONE)[1])


def at(day: int, hour: int) -> int:
    return instant(date(2026, 10, day), time(hour), ZONE)


def half_hour(day: int, hour: int) -> tuple[int, int]:
    return at(day, hour), at(day, hour) + HALF


SLOTS = (half_hour(27, 14), half_hour(27, 16), half_hour(29, 9))


def test_earlier_and_later_stay_in_the_days() -> None:
    midnight = [at(27, 0), at(29, 0)]
    assert shifted(Shift.EARLIER, SLOTS, (WEEK,), ZONE) == (
        (midnight[0], at(27, 14)),
        (midnight[1], at(29, 9)),
    )
    assert shifted(Shift.LATER, SLOTS, (WEEK,), ZONE) == (
        (at(27, 16) + HALF, at(28, 0)),
        (at(29, 9) + HALF, at(30, 0)),
    )


def test_a_bit_reaches_two_hours() -> None:
    (span,) = shifted(Shift.BIT_EARLIER, SLOTS[:1], (WEEK,), ZONE)
    assert span == (at(27, 12), at(27, 14) + HALF - 60)
    (span,) = shifted(Shift.BIT_LATER, SLOTS[:1], (WEEK,), ZONE)
    assert span == (at(27, 14) + 60, at(27, 16) + HALF)


def test_another_day_leaves_out_the_days_and_goes_on_with_the_week_after() -> None:
    left = shifted(Shift.OTHER_DAY, SLOTS, (WEEK,), ZONE)
    assert {local_date(a, ZONE).day for a, _ in left} == {26, 28, 30}
    (after,) = shifted(Shift.OTHER_DAY, SLOTS[:1], (day_span(date(2026, 10, 27), ZONE),), ZONE)
    assert after[0] == at(28, 0)


def test_the_week_after_is_a_whole_one() -> None:
    (span,) = shifted(Shift.WEEK_AFTER, SLOTS, (WEEK,), ZONE)
    assert (local_date(span[0], ZONE), local_date(span[1] - 1, ZONE)) == (
        date(2026, 11, 2),
        date(2026, 11, 8),
    )


def test_earlier_and_later_in_the_week() -> None:
    assert shifted(Shift.EARLIER_DAYS, SLOTS, (WEEK,), ZONE) == ((WEEK[0], at(27, 0)),)
    (later,) = shifted(Shift.LATER_DAYS, SLOTS, (WEEK,), ZONE)
    assert later[0] == at(30, 0)
    assert local_date(later[1] - 1, ZONE) == date(2026, 11, 1)
    assert shifted(Shift.EARLIER_DAYS, (half_hour(26, 14),), (WEEK,), ZONE) == ()


def test_not_on_fridays() -> None:
    (left,) = but_weekdays((WEEK,), {4}, ZONE)
    assert left == (WEEK[0], at(30, 0))
    friday = day_span(date(2026, 10, 30), ZONE)
    assert all(local_date(a, ZONE).weekday() != 4 for a, _ in but_weekdays((friday,), {4}, ZONE))


@given(
    st.sampled_from(Shift),
    st.lists(st.integers(WEEK[0], WEEK[1] - HALF), min_size=1, max_size=5),
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Kolkata"]),
)
def test_no_wish_leaves_a_proposed_time(shift: Shift, starts: list[int], zone: str) -> None:
    slots = tuple((start, start + HALF) for start in starts)
    spans = shifted(shift, slots, (WEEK,), zone)
    assert all(a < b for a, b in spans)
    assert list(spans) == sorted(spans)
    whole = [s for s in slots if intersect([s], spans) == [s]]
    if shift not in (Shift.BIT_EARLIER, Shift.BIT_LATER):
        assert not whole


@given(st.lists(st.booleans(), max_size=40))
def test_every_negotiation_comes_to_an_end(counters: list[bool]) -> None:
    """However often the two counter, only so many are passed on by themselves."""
    rounds = passed = 0
    for wants_other in counters:
        if wants_other and passes_on(rounds):
            rounds += 1
            passed += 1
    assert passed <= ROUNDS
    assert passed == min(ROUNDS, sum(counters))
