"""When somebody wants to meet, as said: pure data, turned into instants only by `resolve`.

Weekdays are 0 (Monday) to 6 (Sunday) everywhere. A `Dates` names days, a `Clock` names a part of
each of these days, a `Span` is both together. Nothing here depends on the present moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """A calendar unit that can be counted or named as a period."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    WEEKEND = "weekend"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Which(StrEnum):
    """How a weekday was pointed at."""

    BARE = "bare"  # "Tuesday": the nearest one ahead
    THIS = "this"  # "this Tuesday"
    COMING = "coming"  # "the coming Tuesday": never today
    NEXT = "next"  # "next Tuesday": that day of the next calendar week
    NEAREST = "nearest"  # the other reading of "next Tuesday"
    LAST = "last"  # "last Tuesday", which is over
    SECOND = "second"  # "the Tuesday after next", "Tuesday week"


class Edge(StrEnum):
    """A part of a period."""

    START = "start"
    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    END = "end"
    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"
    REST = "rest"  # "the rest of the week", "later this week"
    LAST_DAY = "last_day"  # "month end" as a deadline


class Part(StrEnum):
    """A named part of the day."""

    MORNING = "morning"
    LUNCH = "lunch"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    TONIGHT = "tonight"
    BREAKFAST = "breakfast"
    FIRST_THING = "first_thing"
    END_OF_DAY = "end_of_day"
    WORKING_HOURS = "working_hours"
    AFTER_HOURS = "after_hours"


class Half(StrEnum):
    """Which half of the day a clock time was said to lie in."""

    AM = "am"
    PM = "pm"
    FULL = "24"  # a 24-hour form such as 15:00 or 08:30
    OTHER = "other"  # unsaid, and the other half than usual is meant


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date as far as it was stated: "the 15th", "27 Oct", "Wed 13th", "2026-10-27"."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Slashed:
    """A date of two numbers whose order only the speaker's locale tells: "05/06"."""

    first: int
    second: int
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """One or more weekdays: "Tuesday", "next Friday"."""

    days: tuple[int, ...]
    which: Which = Which.BARE


@dataclass(frozen=True, slots=True)
class Month:
    """A named month; `year` when stated, else the next one that is not over; `skip` more years."""

    month: int
    year: int | None = None
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    """A stated year as a whole."""

    year: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A feast known by name (`feasts.py`)."""

    name: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The current (0), next (1), ... calendar unit; with `count`, so many of them in a row."""

    unit: Unit
    offset: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Coming:
    """From now for so many units: "within 2 weeks", "in the next 10 days"."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class FromNow:
    """An instant so many minutes ahead: "in 45 minutes"."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Shift:
    """Units after a base, or after today: "tomorrow", "in 2 weeks", "2 days after Friday"."""

    steps: tuple[tuple[int, Unit], ...]
    base: Dates | None = None


@dataclass(frozen=True, slots=True)
class WeekOf:
    """The calendar week around a date: "the week of the 16th"."""

    base: Dates


@dataclass(frozen=True, slots=True)
class Nth:
    """The n-th weekday, week, weekend or day of a period; -1 is the last."""

    n: int
    of: int | Unit
    within: Dates


@dataclass(frozen=True, slots=True)
class EdgeOf:
    """A part of a period: "end of the week", "mid March", "early next week"."""

    edge: Edge
    of: Dates


@dataclass(frozen=True, slots=True)
class DayRange:
    """From a first to a last day; an open side is None. "after the 15th" excludes its edge."""

    first: Dates | None
    last: Dates | None
    first_in: bool = True
    last_in: bool = True


@dataclass(frozen=True, slots=True)
class Both:
    """Days that lie in both: "Tuesday or Wednesday" and "next week"."""

    inner: Dates
    outer: Dates


Dates = (
    Day
    | Slashed
    | Weekday
    | Month
    | Year
    | Holiday
    | Period
    | Coming
    | FromNow
    | Shift
    | WeekOf
    | Nth
    | EdgeOf
    | DayRange
    | Both
)


@dataclass(frozen=True, slots=True)
class At:
    """A time of day as said; without `half` only a bare hour was said. `about`: "around 3"."""

    hour: int
    minute: int = 0
    half: Half | None = None
    about: bool = False


@dataclass(frozen=True, slots=True)
class ClockRange:
    """From one time of day to another; an open side is None."""

    first: At | None
    last: At | None


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A named part of the day, or its early or late end."""

    part: Part
    edge: Edge | None = None


@dataclass(frozen=True, slots=True)
class PartRange:
    """Before or after a named part of the day: "after lunch", "by the evening"."""

    first: Part | None
    last: Part | None


@dataclass(frozen=True, slots=True)
class Within:
    """A clock time or range that must lie in a part of the day: "5 to 7 in the morning"."""

    clock: At | ClockRange
    part: Part


Clock = At | ClockRange | PartOfDay | PartRange | Within


@dataclass(frozen=True, slots=True)
class Span:
    """Days and the part of each day; None means any. `away` has the zone of a part, if another."""

    dates: Dates | None = None
    clock: Clock | None = None


class Frequency(StrEnum):
    """RFC 5545 3.3.10 FREQ."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A series as said: `length` is "for 3 months"; `until_in` says that its last day counts."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    position: int | None = None  # with one weekday: the n-th of the month, -1 the last
    clock: Clock | None = None
    start: Dates | None = None
    count: int | None = None
    length: tuple[int, Unit] | None = None
    until: Dates | None = None
    until_in: bool = True
    exceptions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A guess that was made: what was taken and what else it could mean, in words that read back.

    Codes: next_weekday, weekday_today, half_of_day, day_month, weekday_mismatch, each_or_any,
    after_day, every_second.
    """

    code: str
    chosen: str
    other: str


@dataclass(frozen=True, slots=True)
class TimeConstraint:
    """When: any of the options (first said first), minus the excluded, never before now.

    `each`: all options are wanted, as meetings of their own. `soft`: wishes ("ideally mornings").
    `zone` is the IANA zone that was named for the times; None means the speaker's.
    `origin` are the character spans of the text that this was read from.
    """

    options: tuple[Span, ...] = ()
    exclude: tuple[Span, ...] = ()
    soft: tuple[Span, ...] = ()
    hard: bool = True
    each: bool = False
    duration_minutes: int | None = None
    duration: tuple[int, int] | None = None
    recurrence: Recurrence | None = None
    zone: str | None = None
    origin: tuple[tuple[int, int], ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
