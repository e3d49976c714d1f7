"""Weeks, months, quarters, their parts, counted days ahead, and feasts."""

from __future__ import annotations

from bot.understand.cascade import Rule
from bot.understand.constraint import (
    Both,
    Coming,
    Dates,
    Day,
    DayRange,
    Edge,
    EdgeOf,
    Holiday,
    Month,
    Nth,
    Part,
    PartOfDay,
    Period,
    Shift,
    Span,
    Unit,
    Weekday,
    WeekOf,
    Year,
)
from bot.understand.rules_dates import today
from bot.understand.rules_lengths import Steps

_QUARTERS = 4
_CLOCK_UNITS = {Unit.MINUTE, Unit.HOUR}
_PERIODS = {Unit.WEEK, Unit.WEEKEND, Unit.FORTNIGHT, Unit.MONTH, Unit.QUARTER, Unit.YEAR}
_RANGES = Month | Period | Nth | EdgeOf | WeekOf | DayRange | Year | Both | Holiday | Coming


def period(unit: Unit, offset: int = 0) -> Dates | None:
    """Give a named calendar unit; a day is counted from today."""
    if unit is Unit.DAY:
        return today(offset)
    return Period(unit, offset) if unit in _PERIODS else None


def _edge(edge: Edge, of: Dates | Unit) -> Dates | None:
    if isinstance(of, Unit):
        whole = period(of) if of is not Unit.DAY else None
        return EdgeOf(edge, whole) if whole else None
    return EdgeOf(edge, of) if isinstance(of, _RANGES) else None


def _end_of(unit: Unit) -> Dates | None:
    return EdgeOf(Edge.END, Period(unit)) if unit in _PERIODS else None


def _nth(number: int, of: int | Unit, within: Dates) -> Nth | None:
    if isinstance(of, Unit) and of not in {Unit.DAY, Unit.WEEK, Unit.WEEKEND, Unit.WORKDAY}:
        return None
    return Nth(number, of, within) if isinstance(within, _RANGES) else None


def _nth_part(number: int, weekday: int, part: Part, within: Dates) -> Span | None:
    dates = _nth(number, weekday, within)
    return Span(dates, PartOfDay(part)) if dates else None


def _nth_after(number: int, weekday: int, base: Dates) -> Nth:
    return Nth(number, weekday, DayRange(base, None, first_in=False))


def _weekday_before(weekday: int, base: Dates) -> Nth | None:
    week = DayRange(Shift(((-1, Unit.WEEK),), base), base, last_in=False)
    return Nth(-1, weekday, week) if isinstance(base, Day | Holiday) else None


def _within_unit(number: int, of: int | Unit, unit: Unit) -> Nth | None:
    whole = period(unit) if unit in {Unit.MONTH, Unit.WEEK, Unit.YEAR} else None
    return _nth(number, of, whole) if whole else None


def _weekday_of(weekday: int, within: Dates) -> Both | None:
    return Both(Weekday((weekday,)), within) if isinstance(within, _RANGES) else None


def _in_years(month: int, length: Steps) -> Month | None:
    fits = len(length) == 1 and length[0][1] is Unit.YEAR
    return Month(month, skip=length[0][0]) if fits else None


def _half_of(*values: object) -> EdgeOf | None:
    of = values[-1]
    if not isinstance(of, _RANGES):
        return None
    return EdgeOf(Edge.FIRST_HALF if values[0] == 1 else Edge.SECOND_HALF, of)


def _half_of_unit(*values: object) -> EdgeOf | None:
    unit = values[-1]
    whole = period(unit) if isinstance(unit, Unit) and unit is not Unit.DAY else None
    return _half_of(*values[:-1], whole) if whole else None


def _day_within(number: int, within: Dates) -> Both | None:
    fits = isinstance(within, Period) and within.unit is Unit.MONTH
    return Both(Day(number), within) if fits else None


def _quarter(number: int, year: int | None = None) -> Dates | None:
    if not 0 < number <= _QUARTERS:
        return None
    return DayRange(Month(3 * number - 2, year), Month(3 * number, year))


def _quarter_unit(number: int, unit: Unit, year: int | None = None) -> Dates | None:
    return _quarter(number, year) if unit is Unit.QUARTER else None


def _month_in(month: int, within: Dates) -> Both | None:
    fits = isinstance(within, Period) and within.unit is Unit.YEAR
    return Both(Month(month), within) if fits else None


def _week_of(unit: Unit, date: Dates) -> WeekOf | None:
    return WeekOf(date) if unit is Unit.WEEK else None


def _next_edge(edge: Edge, unit: Unit) -> Dates | None:
    whole = period(unit, 1)
    return EdgeOf(edge, whole) if whole and unit is not Unit.DAY else None


# Weeks and longer, whole or in part; FROM is what comes before a month that is also a name.
PERIODS = (
    Rule(
        "[in within]? the? N next UNIT", "DATES", lambda n, u: Period(u, 1, n), "in the 2 next days"
    ),
    Rule(
        "not this UNIT but (the)? next UNIT?",
        "DATES",
        lambda u, *_: period(u, 1),
        "not this week but next",
    ),
    Rule("the? UNIT after next", "DATES", lambda u: period(u, 2), "the week after next"),
    Rule("the? [next coming following] UNIT", "DATES", lambda u: period(u, 1), "next week"),
    Rule("(la|le)? UNIT next", "DATES", lambda u: period(u, 1), "la semaine prochaine"),
    Rule("this UNIT", "DATES", period, "this week"),
    Rule("(?<!the)LAST UNIT (?!of|in)", "DATES", lambda _, u: period(u, -1), "last week"),
    Rule("the? ORD quarter of? YEAR?", "DATES", _quarter, "the third quarter of 2027"),
    Rule("the? ORD UNIT of? YEAR", "DATES", _quarter_unit, "4th qtr 2027"),
    Rule("QUARTERNUM of? YEAR?", "DATES", _quarter, "Q3 2027"),
    Rule("(?<=[in of for during])YEAR", "DATES", Year, "in 2027"),
    Rule("EDGE dash? (of|in)? the? this? (UNIT)", "DATES", _edge, "mid week"),
    Rule("[the at]{0,2} EDGEOF of the? this? UNIT", "DATES", _edge, "end of the week"),
    Rule(
        "UNIT dash? EDGEOF",
        "DATES",
        lambda u, e: _edge(e, u) if u in _PERIODS and e is Edge.END else None,
        "month end",
    ),
    Rule("(?<=by)the? ENDOF", "DATES", _end_of, "by EOY"),
    Rule("ENDOF", "DATES", _end_of, "EOM"),
    Rule("MON after next", "DATES", lambda m: Month(m, skip=1), "June after next"),
    Rule("MON in LEN", "DATES", _in_years, "June in a year"),
    Rule("MON comma? of? YEAR", "DATES", Month, "March 2027"),
    Rule("MON of? DATES", "DATES", _month_in, "March next year"),
    Rule("(?<!NUM)MONTH", "DATES", Month, "in December"),
    Rule(
        "(?<=[in next this until by before after of for EDGE since from])MONTHISH (?![or be i "
        "not well have we you])",
        "DATES",
        Month,
        "in May",
    ),
    Rule(
        "next DATES", "DATES", lambda d: d if isinstance(d, Month | Holiday) else None, "next March"
    ),
    Rule(
        "this DATES", "DATES", lambda d: d if isinstance(d, Month | Holiday) else None, "this March"
    ),
    Rule(
        "[this the]? ORD WEEKDAY PART of DATES",
        "SPAN",
        _nth_part,
        "the first Monday evening of March",
    ),
    Rule("the? [ORD LAST] UNIT (of|in) DATES", "DATES", _nth, "the first week of December"),
    Rule("the? [ORD LAST] WEEKDAY (of|in) DATES", "DATES", _nth, "the second Tuesday in June"),
    Rule(
        "the? [ORD LAST] WEEKDAY (of|in) the? this? UNIT",
        "DATES",
        _within_unit,
        "the last Friday of the month",
    ),
    Rule(
        "the? [ORD LAST] UNIT (of|in) the? this? UNIT",
        "DATES",
        _within_unit,
        "the last week of the month",
    ),
    Rule("the? [ORD LAST latter] half of DATES", "DATES", _half_of, "the first half of May"),
    Rule(
        "the? [ORD LAST latter] half of the? this? UNIT",
        "DATES",
        _half_of_unit,
        "the second half of the week",
    ),
    Rule(
        "the? UNIT of the? DATES",
        "DATES",
        lambda u, d: Nth(1, u, WeekOf(d)) if u is Unit.WEEKEND else None,
        "the weekend of 14 November",
    ),
    Rule("EDGE dash? (of|in)? the? DATES", "DATES", _edge, "mid March"),
    Rule("[the at in]{0,2} EDGEOF of DATES", "DATES", _edge, "the end of April"),
    Rule(
        "the? UNIT (of|commencing|starting|begining|comencing) (on)? the? DATES",
        "DATES",
        _week_of,
        "the week of the 16th",
    ),
    Rule(
        "the? UNIT EDGEOF (on)? the? DATES",
        "DATES",
        lambda u, e, d: _week_of(u, d) if e is Edge.START else None,
        "week beginning 9 November",
    ),
    Rule("weekof the? DATES", "DATES", WeekOf, "w/c 9 November"),
    Rule(
        "the? [ORD LAST] WEEKDAY after DATES",
        "DATES",
        _nth_after,
        "the third Tuesday after Christmas",
    ),
    Rule(
        "the? WEEKDAY before (the)? DATES", "DATES", _weekday_before, "the Monday before Christmas"
    ),
    Rule("WEEKDAY (of|in) (the)? DATES", "DATES", _weekday_of, "Friday of the first week of March"),
    Rule(
        "the? UNIT after (the)? DATES",
        "DATES",
        lambda u, d: (
            WeekOf(Shift(((1, Unit.WEEK),), d))
            if u is Unit.WEEK
            else Shift(((1, Unit.DAY),), d)
            if u is Unit.DAY
            else None
        ),
        "the week after Easter",
    ),
    Rule(
        "the? UNIT before (the)? DATES",
        "DATES",
        lambda u, d: (
            WeekOf(Shift(((-1, Unit.WEEK),), d))
            if u is Unit.WEEK
            else Shift(((-1, Unit.DAY),), d)
            if u is Unit.DAY
            else None
        ),
        "the week before Christmas",
    ),
)
