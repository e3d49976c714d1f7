"""The conventions: what a phrase means where sources differ, and the reading not taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.understand.constraint import TimeConstraint
from bot.understand.context import Context
from bot.understand.read import read
from bot.understand.report import say_windows
from bot.understand.resolve import resolve
from tests.unit.understand.moments import ALWAYS, HERE, LONDON, NOW, at

TUESDAY = HERE
MONDAY = replace(HERE, now=at("2026-10-19 09:00"))


def constraint(text: str, context: Context = HERE) -> TimeConstraint:
    found = read(text, context).time
    assert found is not None, text
    return found


def windows(text: str, context: Context = HERE) -> str:
    return say_windows(resolve(constraint(text, context), context).windows, context.zone)


def days(text: str, context: Context = HERE) -> list[int]:
    """Give the days of October (32 is 1 November) that a phrase reaches within the hours."""
    found = resolve(constraint(text, context), context).windows
    dates = [datetime.fromtimestamp(start, LONDON).date() for start, _ in found]
    return [d.day + 31 * (d.month - 10) for d in dates]


@pytest.mark.parametrize(
    ("text", "context", "day"),
    [
        ("next Wednesday", TUESDAY, 28),
        ("next Tuesday", MONDAY, 27),
        ("Wednesday", TUESDAY, 21),
        ("this Friday", TUESDAY, 23),
        ("Tuesday at 3pm", TUESDAY, 20),  # today, while 3pm is ahead
        ("Tuesday at 9am", TUESDAY, 27),  # 9am is over today
        ("the coming Tuesday", TUESDAY, 27),
        ("Tuesday of this week", MONDAY, 20),
        ("Thursday of next week", TUESDAY, 29),
        ("tomorrow", TUESDAY, 21),
        ("the 27th", TUESDAY, 27),
        ("in 3 days", TUESDAY, 23),
        ("in a week", TUESDAY, 27),
        ("27/10", TUESDAY, 27),
        ("27.10.", TUESDAY, 27),
        ("2026-10-27", TUESDAY, 27),
    ],
)
def test_single_day(text: str, context: Context, day: int) -> None:
    assert days(text, context) == [day]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("next week", [26, 27, 28, 29, 30]),
        ("this week", [20, 21, 22, 23]),
        ("end of the week", [22, 23]),
        ("early next week", [26, 27]),
        ("the end of the month", [26, 27, 28, 29, 30]),
        ("by Friday", [20, 21, 22, 23]),
        ("before Friday", [20, 21, 22]),
        ("Monday to Wednesday next week", [26, 27, 28]),
        ("after the 26th but before month end", [27, 28, 29, 30]),
        ("next week except Wednesday", [26, 27, 29, 30]),
        ("next week, no Mondays and no Fridays", [27, 28, 29]),
        ("Tuesday or Thursday next week", [27, 29]),
        ("within 3 days", [20, 21, 22, 23]),
        ("the last week of October", [26, 27, 28, 29, 30]),
    ],
)
def test_days_in_reach(text: str, expected: list[int]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("tomorrow at 3", "15:00-15:30"),
        ("tomorrow at 7", "07:00-07:30"),
        ("tomorrow at 9", "09:00-09:30"),
        ("tomorrow at 12", "12:00-12:30"),
        ("tomorrow at 7 in the evening", "19:00-19:30"),
        ("tomorrow morning at 6", "06:00-06:30"),
        ("tomorrow at 0800", "08:00-08:30"),
        ("45 min tomorrow at 3", "15:00-15:45"),
    ],
)
def test_bare_hours_lie_in_working_hours_and_stay_as_said(text: str, clock: str) -> None:
    assert windows(text) == "Wed 21 Oct 2026 " + clock


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("tomorrow 3-4", "15:00-16:00"),
        ("tomorrow 12-4", "12:00-16:00"),
        ("tomorrow 11-1", "11:00-13:00"),
        ("tomorrow 9 to 5", "09:00-17:00"),
        ("tomorrow 3:30 to 6 PM", "15:30-18:00"),
        ("tomorrow between 9:30 and 3:00 pm", "09:30-15:00"),
        ("tomorrow morning", "08:00-12:00"),
        ("tomorrow over lunch", "12:00-14:00"),
        ("tomorrow afternoon", "12:00-18:00"),
        ("first thing tomorrow", "08:00-09:30"),
        ("tomorrow after 3", "15:00-18:00"),
        ("tomorrow before 10", "08:00-10:00"),
    ],
)
def test_ranges_of_a_day(text: str, span: str) -> None:
    assert windows(text) == "Wed 21 Oct 2026 " + span


def test_a_time_outside_the_hours_is_kept_for_the_dialogue_to_explain() -> None:
    found = resolve(constraint("7am tomorrow"), HERE)
    assert found.starts == (at("2026-10-21 07:00"),)
    saturday = resolve(constraint("Saturday"), HERE, cut_to_hours=False)
    assert saturday.windows == ((at("2026-10-24 00:00"), at("2026-10-25 00:00")),)
    assert resolve(constraint("Saturday"), HERE).windows == ()


@pytest.mark.parametrize(
    ("text", "context", "code", "other"),
    [
        ("next Tuesday", MONDAY, "next_weekday", "Tue 20 Oct 2026"),
        ("Tuesday", TUESDAY, "weekday_today", "Tue 27 Oct 2026"),
        ("tomorrow at 3", TUESDAY, "half_of_day", "03:00"),
        ("05/06", TUESDAY, "day_month", "Thu 6 May 2027"),
        ("after the 26th", TUESDAY, "after_day", "Mon 26 Oct 2026"),
        ("Monday 27 October", TUESDAY, "weekday_mismatch", "Mon 26 Oct 2026"),
        ("27 Oct and 3 Nov", TUESDAY, "each_or_any", "either"),
    ],
)
def test_guess_is_named_with_the_other_reading(
    text: str, context: Context, code: str, other: str
) -> None:
    doubts = {d.code: d.other for d in constraint(text, context).ambiguities}
    assert doubts[code] == other


def test_order_of_numbers_is_the_locale_s() -> None:
    american = replace(HERE, locale="en-US", hours=ALWAYS)
    british = replace(HERE, hours=ALWAYS)
    assert windows("05/06/2027", american).startswith("Thu 6 May 2027")
    assert windows("05/06/2027", british).startswith("Sat 5 Jun 2027")
    assert windows("27/10", american).startswith("Tue 27 Oct 2026")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("tomorrow 3pm PST", at("2026-10-21 15:00", "America/Los_Angeles")),
        ("15 July 3pm PST", at("2027-07-15 15:00", "America/Los_Angeles")),  # civil time
        ("tomorrow 3pm New York time", at("2026-10-21 15:00", "America/New_York")),
        ("tomorrow at 15:00 UTC", at("2026-10-21 15:00", "UTC")),
        ("tomorrow 3pm my time", at("2026-10-21 15:00")),
    ],
)
def test_named_zone_is_the_civil_time_of_its_region(text: str, start: int) -> None:
    assert resolve(constraint(text), HERE).starts == (start,)


def test_both_are_wanted_or_either() -> None:
    assert constraint("27 Oct and 3 Nov, both").each
    assert constraint("next Tuesday at 2pm and the one after").each
    assert not constraint("27 Oct or 3 Nov").each
    assert len(constraint("27 Oct or 3 Nov").options) == 2


def test_wishes_are_kept_apart_from_what_is_asked() -> None:
    wish = constraint("next week, ideally in the morning")
    assert len(wish.options) == 1
    assert len(wish.soft) == 1
    assert wish.hard
    assert not constraint("preferably Tuesday").hard


def test_instants_and_lengths() -> None:
    assert resolve(constraint("in 45 minutes"), HERE).starts == (NOW + 45 * 60,)
    assert read("45 minutes with Sam", HERE).duration_minutes == 45
    assert read("30-45 minutes with Sam", HERE).duration == (30, 45)
