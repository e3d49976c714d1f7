"""Parts of periods: the end of a week, the middle of a month, the rest of the day's week."""

from __future__ import annotations

from datetime import date, timedelta

from bot.understand.constraint import Edge

_WEEK = 7
_MONTHS = 12
_END_OF_MONTH = 7  # days
_THIRD = 10
_HALF_MONTH = 15
_MONTH_LENGTHS = range(28, 32)
_HALF_YEAR = 183

Days = tuple[date, date]  # from the first day to the day after the last one


def days_in(year: int, month: int) -> int:
    """Count the days of a month."""
    following = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
    return (following - timedelta(days=1)).day


def add_months(day: date, months: int) -> date:
    """Give the same day of another month, or its last day."""
    month = day.month - 1 + months
    year, month = day.year + month // _MONTHS, month % _MONTHS + 1
    return date(year, month, min(day.day, days_in(year, month)))


def edge_of(edge: Edge, first: date, end: date, today: date) -> Days:
    """Give the part of a period that an edge names; `today` bounds "the rest"."""
    length = (end - first).days
    if edge is Edge.REST:
        later = today + timedelta(days=1)
        return (min(max(first, later), end), end)
    if edge in {Edge.FIRST_HALF, Edge.SECOND_HALF}:
        middle = first + timedelta(days=_half(first, length))
        return (first, middle) if edge is Edge.FIRST_HALF else (middle, end)
    if length == _WEEK:
        return _edge_of_week(edge, first, end)
    return _edge_of_period(edge, first, end, length)


def _half(first: date, length: int) -> int:
    """Give the days of a first half: to Wednesday in a week, 15 in a month."""
    if length == _WEEK:
        return 3 + (-first.weekday() % _WEEK)
    return _HALF_MONTH if length in _MONTH_LENGTHS else length // 2


def _edge_of_week(edge: Edge, first: date, end: date) -> Days:
    monday = first + timedelta(days=-first.weekday() % _WEEK)
    day = timedelta(days=1)
    match edge:
        case Edge.START | Edge.EARLY:
            return (monday, monday + 2 * day)
        case Edge.MIDDLE:
            return (monday + day, monday + 4 * day)
        case Edge.LAST_DAY:
            return (end - day, end)
        case _:
            return (monday + 3 * day, max(end, monday + 5 * day))


def _edge_of_period(edge: Edge, first: date, end: date, length: int) -> Days:
    if length > _HALF_YEAR and edge is not Edge.LAST_DAY:
        part = {Edge.MIDDLE: 1, Edge.END: 2, Edge.LATE: 2}.get(edge, 0)
        start = add_months(first, part * _MONTHS // 3)
        return (start, add_months(start, _MONTHS // 3))
    third = timedelta(days=_THIRD if length in _MONTH_LENGTHS else length // 3 or 1)
    match edge:
        case Edge.START | Edge.EARLY:
            return (first, first + third)
        case Edge.MIDDLE:
            return (first + third, first + 2 * third)
        case Edge.END:
            week = timedelta(days=_END_OF_MONTH)
            return (max(end - week, first) if length in _MONTH_LENGTHS else end - third, end)
        case Edge.LAST_DAY:
            return (end - timedelta(days=1), end)
        case _:
            return (end - third, end)
