"""Series: "weekly", "every other Tuesday", "the first Monday of every month", "twice a week"."""

from __future__ import annotations

from dataclasses import replace

from bot.understand.cascade import Rule
from bot.understand.constraint import (
    Frequency,
    Part,
    PartOfDay,
    Recurrence,
    Shift,
    Unit,
    Weekday,
    Which,
)
from bot.understand.rules_lengths import Steps

_WORKDAYS = (0, 1, 2, 3, 4)
_FREQUENCIES = {
    Unit.DAY: (Frequency.DAILY, 1),
    Unit.WEEK: (Frequency.WEEKLY, 1),
    Unit.FORTNIGHT: (Frequency.WEEKLY, 2),
    Unit.MONTH: (Frequency.MONTHLY, 1),
    Unit.QUARTER: (Frequency.MONTHLY, 3),
    Unit.YEAR: (Frequency.YEARLY, 1),
}
_SPREAD = {2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: _WORKDAYS}  # times a week, evenly
_LAST_DAY = 31
_MOST_IN_A_ROW = 8


def every(number: int, unit: Unit) -> Recurrence | None:
    """Give the series of every so many units."""
    if unit is Unit.WORKDAY:
        return Recurrence(Frequency.WEEKLY, weekdays=_WORKDAYS) if number == 1 else None
    if unit is Unit.WEEKEND:
        return Recurrence(Frequency.WEEKLY, number, weekdays=(5, 6))
    if unit not in _FREQUENCIES or number < 1:
        return None
    frequency, interval = _FREQUENCIES[unit]
    return Recurrence(frequency, number * interval)


def _every_length(length: Steps) -> Recurrence | None:
    return every(*length[0]) if len(length) == 1 else None


def _times(number: int, unit: Unit) -> Recurrence | None:
    """Give "twice a month": the closest even spread."""
    series = every(1, unit)
    if series is None or number == 1:
        return series
    if unit is Unit.WEEK:
        return _weekly(*_SPREAD[number]) if number in _SPREAD else series
    fortnights = unit is Unit.MONTH and number == 2
    return Recurrence(Frequency.WEEKLY, 2 if fortnights else 1)


def _weekly(*weekdays: int, interval: int = 1) -> Recurrence:
    return Recurrence(Frequency.WEEKLY, interval, weekdays=tuple(sorted(set(weekdays))))


def _other(*weekdays: int) -> Recurrence:
    return _weekly(*weekdays, interval=2)


def _ordinal(number: int, *weekdays: int) -> Recurrence | None:
    return _weekly(*weekdays, interval=number) if 1 < number <= _MOST_IN_A_ROW else None


def _monthly(number: int, weekday: int, *_: object) -> Recurrence:
    return Recurrence(Frequency.MONTHLY, weekdays=(weekday,), position=number)


def _monthly_of(number: int, weekday: int, unit: Unit) -> Recurrence | None:
    return _monthly(number, weekday) if unit is Unit.MONTH else None


def _month_day(number: int, unit: Unit) -> Recurrence | None:
    fits = unit is Unit.MONTH and 0 < number <= _LAST_DAY
    return Recurrence(Frequency.MONTHLY, month_day=number) if fits else None


def _series(value: tuple[Frequency, int], *_: object) -> Recurrence:
    return Recurrence(*value)


def _from_to(first: int, last: int) -> Recurrence:
    days = [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    return _weekly(*days)


def _half_yearly(value: tuple[Frequency, int]) -> Recurrence | None:
    return Recurrence(Frequency.MONTHLY, 6) if value[0] is Frequency.YEARLY else None


def _bi(value: tuple[Frequency, int]) -> Recurrence:
    return Recurrence(value[0], 2 * value[1])


def _on_position(value: tuple[Frequency, int], number: int, weekday: int) -> Recurrence | None:
    return _monthly(number, weekday) if value == (Frequency.MONTHLY, 1) else None


def _on_day(value: tuple[Frequency, int], number: int) -> Recurrence | None:
    return _month_day(number, Unit.MONTH) if value == (Frequency.MONTHLY, 1) else None


def _with_part(series: Recurrence, part: Part) -> Recurrence:
    return replace(series, clock=PartOfDay(part))


def _plural(*weekdays: int) -> Weekday:
    return Weekday(tuple(dict.fromkeys(weekdays)))


def _next_ones(number: int, weekday: int) -> tuple[Shift, ...] | None:
    first = Weekday((weekday,))
    fits = 1 < number <= _MOST_IN_A_ROW
    return tuple(Shift(((n, Unit.WEEK),), first) for n in range(number)) if fits else None


def _nth_from_now(number: int, weekday: int) -> Shift:
    return Shift(((number - 1, Unit.WEEK),), Weekday((weekday,), Which.COMING))


_DAY = "[WEEKDAY WEEKDAYS]"
_MORE = f"(([comma and or slash plus amp]){{0,2}} {_DAY}){{0,6}}"
_MONTHLY = "(of|in) (every|the|a)"

# Before weekdays become dates.
SERIES = (
    Rule("bi dash? OFTEN", "SERIES", _bi, "bi-weekly"),
    Rule(
        f"the? [ORD LAST] {_DAY} [of in] every UNIT",
        "SERIES",
        _monthly_of,
        "the first Monday of every month",
    ),
    Rule("every ORD [of in] (the|every) UNIT", "SERIES", _month_day, "every 15th of the month"),
    Rule("on? the? ORD of every UNIT", "SERIES", _month_day, "on the 19th of every month"),
    Rule(
        "every UNIT on the? ORDNUM",
        "SERIES",
        lambda u, n: _month_day(n, u),
        "every month on the 19th",
    ),
    Rule(
        f"every UNIT on the? [ORD LAST] {_DAY}",
        "SERIES",
        lambda u, n, w: _monthly_of(n, w, u),
        "every month on the first Monday",
    ),
    Rule(
        f"OFTEN comma? on? the? [ORD LAST] {_DAY}",
        "SERIES",
        _on_position,
        "monthly on the first Monday",
    ),
    Rule("OFTEN on the? ORDNUM", "SERIES", _on_day, "monthly on the 15th"),
    Rule(
        f"every [ORD LAST] {_DAY} {_MONTHLY} UNIT",
        "SERIES",
        _monthly_of,
        "every first Monday of the month",
    ),
    Rule(
        "every WEEKDAY [to through dash until] WEEKDAY",
        "SERIES",
        _from_to,
        "every Monday to Friday",
    ),
    Rule(f"every other {_DAY} {_MORE}", "SERIES", _other, "every other Tuesday"),
    Rule(f"every alternate {_DAY} {_MORE}", "SERIES", _other, "every alternate Tuesday"),
    Rule(f"(on)? alternate {_DAY} {_MORE}", "SERIES", _other, "alternate Tuesdays"),
    Rule(f"every ORD {_DAY} {_MORE}", "SERIES", _ordinal, "every third Tuesday"),
    Rule(f"every single? {_DAY} {_MORE}", "SERIES", _weekly, "every Monday and Wednesday"),
    Rule("semi dash? OFTEN", "SERIES", _half_yearly, "semi-annually"),
    Rule(
        "(once a|once per|once every|every) quarter",
        "SERIES",
        lambda: every(1, Unit.QUARTER),
        "once a quarter",
    ),
    Rule("N times (per)? LEN", "SERIES", lambda n, s: _times(n, s[0][1]), "3 times a week"),
    Rule("every (other|alternate) UNIT", "SERIES", lambda u: every(2, u), "every other week"),
    Rule("every ORD UNIT", "SERIES", every, "every third week"),
    Rule("every weekdays", "SERIES", lambda: every(1, Unit.WORKDAY), "every weekday"),
    Rule("every LEN", "SERIES", _every_length, "every 2 weeks"),
    Rule("every single? UNIT", "SERIES", lambda u: every(1, u), "every week"),
    Rule(
        "every PART",
        "SERIES",
        lambda p: Recurrence(Frequency.DAILY, clock=PartOfDay(p)),
        "every morning",
    ),
    Rule("once LEN", "SERIES", _every_length, "once a week"),
    Rule("once (every|per) UNIT", "SERIES", lambda u: every(1, u), "once per month"),
    Rule("twice (per)? LEN", "SERIES", lambda s: _times(2, s[0][1]), "twice a month"),
    Rule("OFTEN", "SERIES", _series, "weekly"),
)
PLURALS = (
    Rule("NUM WEEKDAYS (from now|hence|away)", "DATES", _nth_from_now, "two Fridays from now"),
    Rule("the? next NUM WEEKDAYS", "EACH", _next_ones, "the next two Tuesdays"),
    Rule(
        "on? WEEKDAY ([comma and or slash]{1,2} WEEKDAY){0,4} [comma and or slash]{1,2} WEEKDAYS",
        "PLURAL",
        _plural,
        "Tuesday and Thursdays",
    ),
    Rule(f"on? WEEKDAYS {_MORE}", "PLURAL", _plural, "Tuesdays and Thursdays"),
)
