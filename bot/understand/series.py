"""Series: what was said about them, put together; their RFC 5545 rule."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.understand.compose import Composed
from bot.understand.constraint import (
    At,
    Both,
    Clock,
    Coming,
    Dates,
    Day,
    DayRange,
    Frequency,
    PartOfDay,
    Period,
    Recurrence,
    Span,
    Unit,
    Weekday,
    Which,
)
from bot.understand.context import Hours
from bot.understand.hours import minute_of
from bot.understand.lexer import Token
from bot.understand.rules_clocks import in_part

_LONG = {Unit.DAY, Unit.WEEK, Unit.FORTNIGHT, Unit.MONTH, Unit.QUARTER, Unit.YEAR}
_OPENS = re.compile(r"\b(?:start|begin)\w*\b|\bfrom (?:next|this|the)\b|\bas of\b")
_TIMES = frozenset({"times", "sessions", "meetings", "occurrences", "calls", "appointments"})
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BOOKS = re.compile(
    r"^w:(?:book|schedule|set|arrange|with|create|add|find|plan|recurring|repeating)$"
)


def _said(tokens: list[Token], composed: Composed) -> Recurrence | None:
    for token in tokens:
        if token.kind == "SERIES" and isinstance(token.value, Recurrence):
            return token.value
    recurring = any(
        t.word in {"recurring", "repeating", "regular", "standing", "series"} for t in tokens
    )
    exact = any(isinstance(s.clock, At) for s in composed.options)
    if composed.plural and (exact or recurring or any(_BOOKS.match(t.kind) for t in tokens)):
        days = [s.dates.days for s in composed.options if isinstance(s.dates, Weekday)]
        return Recurrence(Frequency.WEEKLY, weekdays=tuple(sorted({d for w in days for d in w})))
    return None


def _count(tokens: list[Token]) -> int | None:
    for at, token in enumerate(tokens[:-1]):
        near = {t.word for t in tokens[at + 1 : at + 3]}
        if token.kind == "NUM" and near & _TIMES and isinstance(token.value, int):
            return token.value if 1 < token.value <= 100 else None
    return None


def _length(tokens: list[Token]) -> tuple[int, Unit] | None:
    for token in tokens:
        value = token.value
        if token.kind == "LEN" and isinstance(value, tuple) and value[0][1] in _LONG:
            return (int(value[0][0]), value[0][1])
        if token.kind == "DATES" and isinstance(value, Coming) and value.unit in _LONG:
            return (value.count, value.unit)
    return None


def _bounds(series: Recurrence, dates: Dates | None) -> Recurrence:
    """Take the first day, the last day or the weekday from a day that was said beside it."""
    match dates:
        case DayRange():
            return replace(
                series,
                start=dates.first or series.start,
                until=dates.last or series.until,
                until_in=dates.last_in if dates.last is not None else series.until_in,
            )
        case Both(inner, outer):
            return _bounds(_bounds(series, outer), inner)
        case Weekday() if dates.which in {Which.BARE, Which.THIS} and not series.weekdays:
            fits = series.frequency is Frequency.WEEKLY
            return replace(series, weekdays=dates.days) if fits else replace(series, start=dates)
        case Day(month=None) if series.frequency is Frequency.MONTHLY:
            return replace(series, month_day=dates.day)
        case Coming() | None:
            return series
        case _:
            return replace(series, start=dates)


def _fills(series: Recurrence, unit: Unit) -> bool:
    """Tell whether a period says which sessions are meant, and not only when they begin: "every
    day next week", "every Tuesday next month".
    """
    if series.interval > 1 or unit not in (Unit.WEEK, Unit.MONTH):
        return False
    if series.frequency is Frequency.DAILY:
        return True
    weekly = series.frequency is Frequency.WEEKLY
    return weekly and len(series.weekdays) > (1 if unit is Unit.WEEK else 0)


def series_of(tokens: list[Token], composed: Composed) -> Recurrence | None:
    """Give the series that a sentence asks for, None for a single meeting.

    Two dates that are both wanted ("weekly, next Tuesday and the one after") are not a series.
    """
    series = _said(tokens, composed)
    if series is None or (composed.each and len(composed.options) > 1 and not composed.plural):
        return None
    opens = bool(_OPENS.search(" ".join(t.word for t in tokens)))
    for span in composed.options:
        if composed.plural and _names_all(series, span.dates):
            series = replace(series, weekdays=())
        series = _bounds(series, span.dates)
        period = span.dates.outer if isinstance(span.dates, Both) else span.dates
        if isinstance(period, Period) and not opens and _fills(series, period.unit):
            series = replace(series, until=period, until_in=True)
        if span.clock is not None and (series.clock is None or isinstance(span.clock, At)):
            series = replace(series, clock=_placed(span.clock, series.clock))
    return replace(
        series, count=_count(tokens), length=_length(tokens), exceptions=_exceptions(composed)
    )


def _names_all(series: Recurrence, dates: Dates | None) -> bool:
    """Tell whether "twice a week" goes on with its days: "on Mondays and Thursdays"."""
    return isinstance(dates, Weekday) and len(dates.days) == len(series.weekdays)


def _placed(clock: Clock, said: Clock | None) -> Clock:
    """Read the hour of "every night at 10" in its part of the day."""
    if isinstance(clock, At) and isinstance(said, PartOfDay):
        return in_part(clock, said.part) or clock
    return clock


def _exceptions(composed: Composed) -> tuple[Span, ...]:
    return tuple(span for span in composed.exclude if span.dates is not None)


def rrule(series: Recurrence, hours: Hours) -> str:
    """Give the series as a RFC 5545 3.3.10 rule without its end."""
    parts = [f"FREQ={series.frequency}"]
    if series.interval != 1:
        parts.append(f"INTERVAL={series.interval}")
    if series.weekdays:
        at = str(series.position) if series.position is not None else ""
        parts.append("BYDAY=" + ",".join(at + _DAYS[d] for d in series.weekdays))
    if series.month_day is not None:
        parts.append(f"BYMONTHDAY={series.month_day}")
    minute = _minute(series.clock, hours)
    if minute is not None:
        parts.append(f"BYHOUR={minute // 60};BYMINUTE={minute % 60}")
    return ";".join(parts)


def _minute(clock: Clock | None, hours: Hours) -> int | None:
    return minute_of(clock, hours) if isinstance(clock, At) else None
