"""Recurrence rules (RFC 5545 3.3.10), evaluated by asking each day of a window.

A day belongs to a rule when all parts of the rule agree with it, so the work is bounded by the
length of the window and not by the age of the series, nor by rules that never match. What has to
be counted from the start (COUNT) draws on a `Budget`. Local times are "wall seconds": the seconds
since 1970-01-01 00:00 on the event's own clock.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from icalendar import vRecur

from core.timing.hours import EPOCH_ORDINAL
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_TIMES_A_DAY = 288
LONGEST_RULE = 2_000
HOUR = 3_600
WEEK = 7


class TooMuchError(ValueError):
    """One event alone asks for more than a whole calendar may cost: it makes no sense."""


class UsedUpError(Exception):
    """The events together cost too much: what is not read yet is not known to be free."""


class Budget:
    """What one reading of a calendar may cost: days and times looked at, instances made.

    What is dearer than the full allowance raises TooMuchError and costs nothing; what is dearer
    than the rest of it raises UsedUpError.
    """

    __slots__ = ("instances", "most_instances", "most_steps", "steps")

    def __init__(self, steps: int = 500_000, instances: int = 5_000) -> None:
        """Start with the full allowance."""
        self.steps = self.most_steps = steps
        self.instances = self.most_instances = instances

    def take_steps(self, steps: int) -> None:
        """Pay for steps. Raises TooMuchError or UsedUpError."""
        self.steps = _rest(self.steps, self.most_steps, steps)

    def take_instances(self, count: int) -> None:
        """Pay for instances of series. Raises TooMuchError or UsedUpError."""
        self.instances = _rest(self.instances, self.most_instances, count)


def _rest(left: int, most: int, price: int) -> int:
    """Return what is left after paying. Raises TooMuchError or UsedUpError."""
    if price > most:
        raise TooMuchError("a recurrence rule costs too much")
    if price > left:
        raise UsedUpError("the recurrence rules of a calendar cost too much")
    return left - price


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed RRULE; weekdays count from 0 (Monday), `until` is its raw value, "" if absent."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    days: tuple[tuple[int, int], ...] = ()
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    week_start: int = 0


def parse_rule(text: str) -> Rule:
    """Read an RRULE. Raises ValueError for what is none, and for rules finer than an hour."""
    if len(text) > LONGEST_RULE:
        raise ValueError("recurrence rule too long")
    parts = {key.upper(): value for key, value in vRecur.from_ical(text).items()}
    freq = _one(parts, "FREQ", "").upper()
    if freq not in FREQUENCIES:
        raise ValueError(f"recurrence by {freq or 'nothing'} is not read")
    if _one(parts, "RSCALE", "GREGORIAN").upper() != "GREGORIAN":
        raise ValueError("a rule of another calendar is not read")  # RFC 7529 4.1
    count = _one(parts, "COUNT", "")
    rule = Rule(
        freq=freq,
        interval=int(_one(parts, "INTERVAL", "1")),
        count=int(count) if count else None,
        until=_until(text),
        days=tuple(_weekday(str(day)) for day in parts.get("BYDAY", ())),
        months=_numbers(parts, "BYMONTH", 1, 12),
        month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
        year_days=_numbers(parts, "BYYEARDAY", -366, 366),
        weeks=_numbers(parts, "BYWEEKNO", -53, 53),
        positions=_numbers(parts, "BYSETPOS", -366, 366),
        hours=_numbers(parts, "BYHOUR", 0, 23),
        minutes=_numbers(parts, "BYMINUTE", 0, 59),
        seconds=_numbers(parts, "BYSECOND", 0, 60),
        week_start=WEEKDAYS.index(_one(parts, "WKST", "MO").upper()),
    )
    if rule.interval < 1 or (rule.count is not None and rule.count < 1):
        raise ValueError("recurrence rule with an interval or count below one")
    return rule


def _one(parts: dict[str, list[object]], key: str, default: str) -> str:
    values = parts.get(key)
    return str(values[0]) if values else default


def _numbers(parts: dict[str, list[object]], key: str, low: int, high: int) -> tuple[int, ...]:
    numbers = tuple(sorted({int(str(value)) for value in parts.get(key, ())}))
    if any(not low <= number <= high or (low < 0 and number == 0) for number in numbers):
        raise ValueError(f"{key} out of range")
    return numbers


def _until(text: str) -> str:
    pairs = dict(part.partition("=")[::2] for part in text.upper().split(";"))
    return pairs.get("UNTIL", "").strip()


def _weekday(text: str) -> tuple[int, int]:
    """Read `2TU` or `TU`: the ordinal (0 for every one) and the weekday."""
    ordinal, day = text[:-2], text[-2:].upper()
    return int(ordinal or 0), WEEKDAYS.index(day)


def starts(rule: Rule, first: int, low: int, high: int, budget: Budget) -> list[int]:
    """Return the rule's starts in wall seconds within `[low, high)`, sorted; `first` is DTSTART.

    UNTIL is the caller's, who knows the zone. Raises TooMuchError when the budget does not suffice.
    """
    pattern = Pattern(rule, first)
    day_of_first = first // DAY
    begin = day_of_first if rule.count else max(day_of_first, low // DAY)
    end = (high - 1) // DAY
    if end < begin:
        return []
    if rule.positions:
        begin, end = pattern.period(begin)[0], pattern.period(end)[1]
    budget.take_steps((end - begin + 1) * (1 + len(pattern.times)))
    found = (wall for wall in pattern.walls(begin, end) if wall >= first)
    if rule.count:
        found = (wall for _, wall in zip(range(rule.count), found, strict=False))
    return [wall for wall in found if low <= wall < high]


class Pattern:
    """A rule with what it takes from DTSTART (RFC 5545 3.3.10: "Information, not contained...")."""

    __slots__ = (
        "first_date",
        "first_day",
        "first_hour",
        "ordinal_by_month",
        "rule",
        "tests",
        "times",
    )

    def __init__(self, rule: Rule, first: int) -> None:
        """Fill in the defaults. Raises TooMuchError when a day has too many starts."""
        self.first_day = first // DAY
        self.first_hour = first % DAY // HOUR
        self.first_date = date.fromordinal(self.first_day + EPOCH_ORDINAL)
        self.rule = rule
        self.ordinal_by_month = rule.freq == "MONTHLY" or bool(rule.months)
        self.times = _times(rule, first)
        self.tests = [
            test
            for wanted, test in (
                (rule.interval > 1 and rule.freq != "HOURLY", self._in_step),
                (rule.months, self._month),
                (rule.year_days, self._year_day),
                (rule.weeks, self._week),
                (rule.month_days, self._month_day),
                (rule.days, self._weekday),
                (not _names_days(rule), self._like_first),
            )
            if wanted
        ]

    def walls(self, begin: int, end: int) -> Iterator[int]:
        """Yield the starts on the days `begin` to `end`, both included, in order."""
        if self.rule.positions:
            yield from self._positions(begin, end)
            return
        for day in range(begin, end + 1):
            if self.has(day):
                yield from (day * DAY + time for time in self._times_of(day))

    def has(self, day: int) -> bool:
        """Tell whether every part of the rule agrees with a day (days since 1970-01-01)."""
        on = date.fromordinal(day + EPOCH_ORDINAL)
        return all(test(on) for test in self.tests)

    def period(self, day: int) -> tuple[int, int]:
        """Return the first and last day of the rule's period (week, month...) around a day."""
        if self.rule.freq == "WEEKLY":
            first = day - (day + 3 - self.rule.week_start) % WEEK
            return first, first + WEEK - 1
        on = date.fromordinal(day + EPOCH_ORDINAL)
        if self.rule.freq == "MONTHLY":
            first = day - on.day + 1
            return first, first + monthrange(on.year, on.month)[1] - 1
        if self.rule.freq == "YEARLY":
            first = day - on.timetuple().tm_yday + 1
            return first, first + _year_length(on.year) - 1
        return day, day

    def _positions(self, begin: int, end: int) -> Iterator[int]:
        """Yield what BYSETPOS picks from each whole period."""
        at = begin
        while at <= end:
            first, last = self.period(at)
            days = (day for day in range(first, last + 1) if self.has(day))
            whole = [day * DAY + time for day in days for time in self.times]
            picked = {n - 1 if n > 0 else len(whole) + n for n in self.rule.positions}
            yield from (wall for index, wall in enumerate(whole) if index in picked)
            at = last + 1

    def _times_of(self, day: int) -> list[int]:
        if self.rule.freq != "HOURLY" or self.rule.interval == 1:
            return self.times
        since = (day - self.first_day) * 24 - self.first_hour
        return [t for t in self.times if (since + t // HOUR) % self.rule.interval == 0]

    def _in_step(self, on: date) -> bool:
        """Whether the interval meets the day's period."""
        if self.rule.freq == "MONTHLY":
            passed = (on.year - self.first_date.year) * 12 + on.month - self.first_date.month
        elif self.rule.freq == "YEARLY":
            passed = on.year - self.first_date.year
        else:
            passed = on.toordinal() - self.first_date.toordinal()
            if self.rule.freq == "WEEKLY":
                offset = (self.first_date.weekday() - self.rule.week_start) % WEEK
                passed = (passed + offset) // WEEK
        return passed % self.rule.interval == 0

    def _like_first(self, on: date) -> bool:
        """Whether a day repeats the day of DTSTART, when the rule names no days itself."""
        first, freq = self.first_date, self.rule.freq
        if freq == "WEEKLY":
            return on.weekday() == first.weekday()
        if freq == "MONTHLY":
            return on.day == first.day
        if freq == "YEARLY":
            if self.rule.weeks:
                return on.weekday() == first.weekday()
            return on.day == first.day and (bool(self.rule.months) or on.month == first.month)
        return True

    def _month(self, on: date) -> bool:
        return on.month in self.rule.months

    def _month_day(self, on: date) -> bool:
        days = self.rule.month_days
        return on.day in days or on.day - monthrange(on.year, on.month)[1] - 1 in days

    def _year_day(self, on: date) -> bool:
        number = on.timetuple().tm_yday
        return number in self.rule.year_days or (
            number - _year_length(on.year) - 1 in self.rule.year_days
        )

    def _week(self, on: date) -> bool:
        """Whether the week (week 1 has at least four days of the year, RFC 5545) is named."""
        middle = date.fromordinal(on.toordinal() - (on.weekday() - self.rule.week_start) % WEEK + 3)
        number = (middle.timetuple().tm_yday - 1) // WEEK + 1
        weeks = (_year_length(middle.year) - middle.timetuple().tm_yday) // WEEK + number
        return number in self.rule.weeks or number - weeks - 1 in self.rule.weeks

    def _weekday(self, on: date) -> bool:
        """Whether BYDAY names the day, with its ordinal in the month or year if it has one."""
        weekday = on.weekday()
        for ordinal, wanted in self.rule.days:
            if wanted == weekday and (not ordinal or self._ordinal(on, ordinal)):
                return True
        return False

    def _ordinal(self, on: date, ordinal: int) -> bool:
        """Whether a day is the nth of its weekday; only months and years have such (RFC 5545)."""
        if self.rule.freq not in {"MONTHLY", "YEARLY"} or self.rule.weeks:
            return True
        if self.ordinal_by_month:
            number, length = on.day, monthrange(on.year, on.month)[1]
        else:
            number, length = on.timetuple().tm_yday, _year_length(on.year)
        if ordinal > 0:
            return (number - 1) // WEEK + 1 == ordinal
        return (length - number) // WEEK + 1 == -ordinal


def _names_days(rule: Rule) -> bool:
    """Whether a rule says itself which days it means."""
    return bool(rule.days or rule.month_days or rule.year_days)


def _year_length(year: int) -> int:
    return 366 if isleap(year) else 365


def _times(rule: Rule, first: int) -> list[int]:
    """Return the starts within a day, in seconds after midnight, sorted."""
    at = first % DAY
    hours: tuple[int, ...] | range = rule.hours or (at // HOUR,)
    if rule.freq == "HOURLY" and not rule.hours:
        hours = range(24)
    minutes = rule.minutes or (at // 60 % 60,)
    seconds = rule.seconds or (at % 60,)
    if len(hours) * len(minutes) * len(seconds) > MOST_TIMES_A_DAY:
        raise TooMuchError("too many times a day")
    return sorted(h * HOUR + m * 60 + s for h in hours for m in minutes for s in seconds)
