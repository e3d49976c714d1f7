"""Single days and runs of days within a month: "27 Oct", "Wed 13th", "2 to 6 November"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.understand.cascade import Rule
from bot.understand.constraint import (
    Both,
    Dates,
    Day,
    DayRange,
    FromNow,
    Month,
    Period,
    Shift,
    Slashed,
    Unit,
    Weekday,
    Which,
)
from bot.understand.lexer import YEARS, full_year

_DAYS = 31
_MONTHS = 12
_NOT_AN_HOUR = 13  # "Friday 10" is an hour, "Friday 13" a date
_CENTURY = 100


def today(days: int = 0) -> Shift:
    """Give today, or the day so many days ahead."""
    return Shift(((days, Unit.DAY),))


def day(number: int, month: int | None = None, year: int | None = None) -> Day | None:
    """Give a date, None when no month has such a day."""
    fits = 0 < number <= _DAYS and (year is None or year in YEARS)
    return Day(number, month, year) if fits else None


def _month_day(month: int, number: int, year: int | None = None) -> Day | None:
    return day(number, month, year)


def _short_year(number: int, month: int, year: int) -> Day | None:
    return day(number, month, full_year(year)) if _NOT_AN_HOUR <= year < _CENTURY else None


def _slashed(first: int, second: int, year: int | None = None) -> Dates | None:
    if not (0 < first <= _DAYS and 0 < second <= _DAYS):
        return None
    if first <= _MONTHS and second <= _MONTHS:
        return Slashed(first, second, year)
    if first > _MONTHS:
        return day(first, second, year) if second <= _MONTHS else None
    return day(second, first, year)


def _full(value: tuple[int, int, int, bool]) -> Dates | None:
    first, second, year, dotted = value
    if dotted:
        return day(first, second, full_year(year)) if 0 < second <= _MONTHS else None
    return _slashed(first, second, full_year(year))


def _pair(value: tuple[int, int], year: int | None = None) -> Dates | None:
    return _slashed(value[0], value[1], year)


def _dotted(value: tuple[str, str]) -> Day | None:
    number, month = int(value[0]), int(value[1])
    return day(number, month) if 0 < month <= _MONTHS else None


def _weekday_dotted(weekday: int, value: tuple[str, str]) -> Day | None:
    date = _dotted(value)
    return replace(date, weekday=weekday) if date else None


def _dated_weekday(weekday: int, date: Dates) -> Dates | None:
    return replace(date, weekday=weekday) if isinstance(date, Day | Slashed) else None


def _weekday_number(weekday: int, number: int) -> Day | None:
    return Day(number, weekday=weekday) if _NOT_AN_HOUR <= number <= _DAYS else None


def _weekday_ordinal(weekday: int, number: int) -> Day | None:
    return Day(number, weekday=weekday) if 0 < number <= _DAYS else None


def _pointed(which: Which) -> Callable[[int], Weekday]:
    return lambda weekday: Weekday((weekday,), which)


def days_of_month(first: int, last: int, month: int, year: int | None = None) -> DayRange | None:
    """Give a run of days within one month."""
    if not 0 < first < last <= _DAYS:
        return None
    return DayRange(Day(first, month, year), Day(last, month, year))


def _month_days(month: int, first: int, last: int, year: int | None = None) -> DayRange | None:
    return days_of_month(first, last, month, year)


def _ordinal_days(first: int, last: int) -> DayRange | None:
    return DayRange(Day(first), Day(last)) if first != last else None


def _with_period(date: Dates, unit: Unit, offset: int = 1) -> Both | None:
    fits = unit in {Unit.YEAR, Unit.MONTH, Unit.WEEK}
    return Both(date, Period(unit, offset)) if fits else None


def _later_date(_: object, date: Dates) -> Dates | None:
    return date if isinstance(date, Day | Slashed) else None


def _slashed_range(first: tuple[int, int], last: tuple[int, int], year: int) -> DayRange | None:
    start, end = _pair(first, year), _pair(last, year)
    return DayRange(start, end) if start and end else None


TO = "(to|until|through|dash)"
_SEPARATED = "(comma|dot|dash|the|on)"
_NUMBER = "(N|ORD)"

# Numbers beside a month's name are days of it, whatever else they could be.
CALENDAR = (
    Rule(
        "from? SLASHED dash DMY",
        "DATES",
        lambda a, b: _slashed_range(a, b[:2], full_year(b[2])),
        "10/27-10/29/2026",
    ),
    Rule("DMY", "DATES", _full, "22.08.2027"),
    Rule("NUM dash YEAR dash MON", "DATES", lambda d, y, m: day(d, m, y), "23-2027-September"),
    Rule("MON dash YEAR dash NUM", "DATES", lambda m, y, d: day(d, m, y), "September-2027-23"),
    Rule("YEAR slash MON slash NUM", "DATES", lambda y, m, d: day(d, m, y), "2027/aug/10"),
    Rule("N dash MON dash YEAR", "DATES", day, "10-aug-2027"),
    Rule(
        f"from? the? {_NUMBER} {TO} the? {_NUMBER} of? MON comma? of? YEAR",
        "DATES",
        days_of_month,
        "10 - 22 August 2027",
    ),
    Rule(
        f"from? the? {_NUMBER} ({TO}|slash) the? {_NUMBER} of? MON",
        "DATES",
        days_of_month,
        "from 2 to 6 November",
    ),
    Rule(
        f"between the? {_NUMBER} and the? {_NUMBER} of? MON",
        "DATES",
        days_of_month,
        "between 2 and 6 November",
    ),
    Rule(
        f"(?<!NUM)(?<!ORDNUM)from? MON the? {_NUMBER} {TO} the? {_NUMBER} comma? YEAR",
        "DATES",
        _month_days,
        "July 13-15, 2027",
    ),
    Rule(
        f"(?<!NUM)(?<!ORDNUM)from? MON the? {_NUMBER} {TO} the? {_NUMBER}",
        "DATES",
        _month_days,
        "July 13-15",
    ),
    Rule(
        f"the? {_NUMBER} dot? (UNIT of)? of? MON dot? (comma|of)? of? YEAR",
        "DATES",
        lambda *v: day(v[0], v[-2], v[-1]) if len(v) == 3 or v[1] is Unit.DAY else None,
        "7th of November, 2027",
    ),
    Rule("the? ORD of? MON NUM (?!UNIT|HALF)", "DATES", _short_year, "14th April 27"),
    Rule(
        "the? ORD UNIT of MON",
        "DATES",
        lambda d, u, m: day(d, m) if u is Unit.DAY else None,
        "third day of September",
    ),
    Rule("SLASHYEAR", "DATES", lambda v: Month(*v) if 0 < v[0] <= _MONTHS else None, "10/2027"),
    Rule(f"MON dot? comma? the? {_NUMBER} comma? of? YEAR", "DATES", _month_day, "April 14, 2027"),
    Rule(f"the? {_NUMBER} dot? of? MON", "DATES", day, "27 Oct"),
    Rule("MON slash N", "DATES", _month_day, "Oct/27"),
    Rule("MON dot? the? ORD", "DATES", _month_day, "October 27th"),
    Rule("MON dot? (the)? (on)? NUM (?!HALF)", "DATES", _month_day, "Oct 27"),
    Rule("SLASHED dash SLASHED comma? YEAR", "DATES", _slashed_range, "10/27-10/29, 2026"),
    Rule("SLASHED comma? YEAR", "DATES", _pair, "10/27, 2026"),
    Rule("SLASHED", "DATES", _pair, "27/10"),
    Rule("WEEKDAY comma? the? DOTTED dot?", "DATES", _weekday_dotted, "Tuesday 27.10."),
    Rule(
        "(?<!at)(?<!about)(?<!from)DOTTED dot (?=CLK|comma|at|about|to|dash|[WEEKDAY TODAY])",
        "DATES",
        _dotted,
        "27.10. at 3pm",
    ),
    Rule(
        "(^|(?<=[for by until after before comma and or CLK]))DOTTED dot",
        "DATES",
        _dotted,
        "27.10.",
    ),
    Rule("on the? DOTTED dot?", "DATES", _dotted, "on 27.10."),
)


# Weekdays, alone or with a date, and the days counted from today.
DAYS = (
    Rule(
        f"{'[this next coming following]'}? WEEKDAY {_SEPARATED}* DATES",
        "DATES",
        _dated_weekday,
        "Tue 27 Oct",
    ),
    Rule(
        f"[this next coming following]? WEEKDAY {_SEPARATED}{{0,2}} ORDNUM",
        "DATES",
        _weekday_ordinal,
        "Tuesday the 27th",
    ),
    Rule("WEEKDAY (comma? the) ORD", "DATES", _weekday_ordinal, "Saturday the third"),
    Rule("WEEKDAY NUM (?!HALF|UNIT|oclock)", "DATES", _weekday_number, "Tuesday 27"),
    Rule("the? WEEKDAY after next", "DATES", _pointed(Which.SECOND), "the Tuesday after next"),
    Rule(
        "WEEKDAY UNIT (?!of)",
        "DATES",
        lambda w, u: Shift(((1, Unit.WEEK),), Weekday((w,))) if u is Unit.WEEK else None,
        "Tuesday week",
    ),
    Rule("the? next WEEKDAY", "DATES", _pointed(Which.NEXT), "next Tuesday"),
    Rule("this coming? WEEKDAY", "DATES", _pointed(Which.THIS), "this Thursday"),
    Rule("the? [coming following] WEEKDAY", "DATES", _pointed(Which.COMING), "the coming Thursday"),
    Rule(
        "the? UNIT after TOMORROW",
        "DATES",
        lambda u, d: today(d + 1) if u is Unit.DAY else None,
        "the day after tomorrow",
    ),
    Rule("overmorrow", "DATES", lambda: today(2), "overmorrow"),
    Rule("[TODAY TOMORROW] comma? DATES", "DATES", _later_date, "tomorrow 21 Oct"),
    Rule(
        "[TODAY TOMORROW] UNIT (?!of)",
        "DATES",
        lambda d, u: today(d + 7) if u is Unit.WEEK else None,
        "tomorrow week",
    ),
    Rule("[TODAY TOMORROW]", "DATES", today, "tomorrow"),
    Rule("the UNIT before yesterday", "DATES", lambda _: today(-2), "the day before yesterday"),
    Rule("yesterday", "DATES", lambda: today(-1), "yesterday"),
    Rule("(right|just) now", "DATES", lambda: FromNow(0), "right now"),
    Rule(
        "(^|(?<=[meet EDGEOF stop])) now (?=$|stop|with)", "DATES", lambda: FromNow(0), "meet now"
    ),
    Rule(
        "the? LAST WEEKDAY (?!of|in)",
        "DATES",
        lambda _, w: Weekday((w,), Which.LAST),
        "last Monday",
    ),
    Rule(
        "the next UNIT (?=comma|stop|at|$)",
        "DATES",
        lambda u: today(1) if u is Unit.DAY else None,
        "the next day at 10",
    ),
    Rule(
        "(?<![or and])the UNIT after (?=comma|stop|at|$)",
        "DATES",
        lambda u: today(1) if u is Unit.DAY else None,
        "the day after",
    ),
    Rule(
        f"from? the? ORDNUM {TO} the? ORDNUM",
        "DATES",
        _ordinal_days,
        "from the 1st through the 4th",
    ),
    Rule(
        "between the? ORDNUM and the? ORDNUM", "DATES", _ordinal_days, "between the 1st and the 4th"
    ),
    Rule(
        "the? ORDNUM (?!ONE|option|slot|time|choice|NUM|proposal|UNIT|WEEKDAY|quarter|session|"
        "meeting)",
        "DATES",
        day,
        "the 25th",
    ),
    Rule(
        "on the ORDWORD (?!ONE|option|slot|time|choice|NUM|UNIT|WEEKDAY)",
        "DATES",
        day,
        "on the twentieth",
    ),
    Rule("on? the? weekdays", "DATES", lambda: Weekday((0, 1, 2, 3, 4)), "on weekdays"),
    Rule("[on at]? the? weekends", "DATES", lambda: Weekday((5, 6)), "weekends"),
)

# After the periods, in which a weekday is counted ("the last Friday of May").
WEEKDAYS = (Rule("WEEKDAY", "DATES", lambda w: Weekday((w,)), "Tuesday"),)
