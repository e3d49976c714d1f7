"""When somebody is reminded: in their hours, before the session, each lead once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.reminding import BACK, EDGE, first_inside, last_inside, moments
from core.timing.hours import Weekly, hours_spans, weekly
from tests.unit.core.use_cases.world import DAY, HOUR, MINUTE, at

LONDON = "Europe/London"
OFFICE = weekly((480, 1080))  # Monday to Friday, 8 to 18
starts = st.integers(at("2026-10-01 00:00"), at("2026-12-01 00:00"))
leads = st.lists(st.integers(5, 20_160), max_size=5)
zones = st.sampled_from([LONDON, "America/New_York", "Asia/Kolkata", "Pacific/Apia"])
ALL_DAY = weekly((0, 1440), range(7))
weeks = st.sampled_from([OFFICE, weekly((840, 1080), [1]), ALL_DAY, weekly(None)])


def test_inside_it_is_its_own_moment() -> None:
    start = at("2026-11-04 14:00")
    assert moments(start, (1440, 60), OFFICE, LONDON) == {1440: start - DAY, 60: start - HOUR}


def test_at_night_it_is_the_evening_before() -> None:
    assert moments(at("2026-11-04 08:30"), (60,), OFFICE, LONDON) == {
        60: at("2026-11-03 18:00") - EDGE
    }


def test_on_a_monday_it_is_friday_evening_once() -> None:
    """Both would come then: the shorter lead is the one."""
    assert moments(at("2026-11-02 08:30"), (1440, 60), OFFICE, LONDON) == {
        60: at("2026-10-30 18:00") - EDGE
    }


def test_who_has_no_hours_is_not_reminded() -> None:
    assert moments(at("2026-11-02 08:30"), (1440, 60), weekly(None), LONDON) == {}


def test_the_clock_change_is_of_no_account() -> None:
    """Sunday 25 October has 25 hours in London; a day before is 24 hours."""
    start = at("2026-10-26 10:00")
    assert moments(start, (1440,), ALL_DAY, LONDON) == {1440: start - DAY}


@given(starts, leads, weeks, zones)
def test_always_inside_before_and_different(
    start: int, asked: list[int], week: Weekly, zone: str
) -> None:
    found = moments(start, asked, week, zone)
    assert set(found) <= set(asked)
    assert len(set(found.values())) == len(found)
    for lead, due in found.items():
        assert due <= start - lead * MINUTE
        inside = hours_spans(week, zone, (due - DAY, due + DAY))
        assert any(a <= due < b for a, b in inside)


@given(starts, weeks, zones)
def test_nothing_lies_between_the_moment_and_the_last_one_inside(
    moment: int, week: Weekly, zone: str
) -> None:
    last = last_inside(week, zone, moment)
    first = first_inside(week, zone, moment)
    if last is None:
        assert hours_spans(week, zone, (moment - BACK, moment)) == []
    else:
        between = hours_spans(week, zone, (last + EDGE, moment))
        assert last == moment or between == []
    assert first is None or first >= moment
    assert (first == moment) == (last == moment)
