"""Days and instants counted from now or from a day: "in 2 weeks", "the week after Easter"."""

from __future__ import annotations

from bot.understand.cascade import Rule
from bot.understand.constraint import (
    Both,
    Coming,
    Dates,
    DayRange,
    FromNow,
    Period,
    Shift,
    Unit,
    Weekday,
    WeekOf,
)
from bot.understand.rules_lengths import MINUTES_OF, Steps
from bot.understand.rules_periods import period

_CLOCK_UNITS = {Unit.MINUTE, Unit.HOUR}


def ahead(length: Steps) -> Dates | None:
    """Give the day, or with hours the instant, that lies so far ahead."""
    if not any(unit in _CLOCK_UNITS for _, unit in length):
        return Shift(length)
    if all(unit in MINUTES_OF for _, unit in length):
        return FromNow(sum(number * MINUTES_OF[unit] for number, unit in length))
    return None


def _days_ahead(length: Steps) -> Dates | None:
    """Give the day that lies so far ahead; "an hour later" counts from what was named before."""
    found = ahead(length)
    return None if isinstance(found, FromNow) else found


def _after(length: Steps, base: Dates) -> Shift | None:
    if any(unit in _CLOCK_UNITS for _, unit in length):
        return None
    return Shift(length, base)


def _before(length: Steps, base: Dates) -> Shift | None:
    later = _after(length, base)
    return Shift(tuple((-number, unit) for number, unit in length), base) if later else None


def _coming(length: Steps) -> Coming | None:
    return Coming(*length[0]) if len(length) == 1 else None


def _lasting(first: Dates, length: Steps) -> DayRange | None:
    """Give "18 Dec for 10 days"; "18 Dec for 45 minutes" is not a run of days."""
    if isinstance(first, FromNow | Coming) or any(unit in _CLOCK_UNITS for _, unit in length):
        return None
    if isinstance(first, DayRange):
        if first.last is not None or first.first is None:
            return None
        first = first.first
    return DayRange(first, Shift(length, first), last_in=False)


def _weeks_on(length: Steps, day: Dates) -> Shift | None:
    fits = isinstance(day, Weekday) and all(unit is Unit.WEEK for _, unit in length)
    return Shift(length, day) if fits else None


def following(dates: Dates) -> Dates:
    """Give "the one after": the next week's day, or the next period."""
    if isinstance(dates, Period):
        return Period(dates.unit, dates.offset + dates.count, dates.count)
    return Shift(((1, Unit.WEEK),), dates)


def _with_following(dates: Dates, counted: object = None) -> tuple[Dates, Dates]:
    """Give a day and the one after: "tomorrow or the day after", "next week or the week after"."""
    if counted is Unit.DAY:
        return (dates, Shift(((1, Unit.DAY),), dates))
    return (dates, following(dates))


def _next_ones(number: int, weekday: int) -> tuple[Dates, ...] | None:
    first = Weekday((weekday,))
    fits = 1 < number <= 8
    return tuple(Shift(((n, Unit.WEEK),), first) for n in range(number)) if fits else None


def _dayed(weekday: int, dates: Dates | None) -> Dates | None:
    return _crossed(dates, Weekday((weekday,)))


def _crossed(dates: Dates | None, weekday: Dates) -> Both | None:
    if dates is None or not isinstance(weekday, Weekday):
        return None
    return Both(weekday, WeekOf(dates))


# Counted from now or from a day; FromNow is an instant, Shift a date (language convention 7).
RELATIVE = (
    Rule("the? (next|coming|following) LEN", "DATES", _coming, "in the next 2 weeks"),
    Rule("within about? LEN", "DATES", _coming, "within 2 weeks"),
    Rule("(over|during) LEN", "DATES", _coming, "over two weeks"),
    Rule(
        "about? LEN (from now|from TODAY|hence|out|ahead|away)",
        "DATES",
        lambda s, *_: ahead(s),
        "2 weeks from now",
    ),
    Rule("about? LEN later", "DATES", lambda s, *_: _days_ahead(s), "2 weeks later"),
    Rule("in about{0,2} LEN time?", "DATES", ahead, "in 3 days"),
    Rule("LEN on DATES", "DATES", _weeks_on, "a week on Friday"),
    Rule(
        "not DATES comma? but? the? UNIT [after following]",
        "DATES",
        lambda d, _: following(d),
        "not next week, the week after",
    ),
    Rule(
        "the? next [business working] UNIT",
        "DATES",
        lambda u: Shift(((1, Unit.WORKDAY),)) if u is Unit.DAY else None,
        "the next business day",
    ),
    Rule("LEN ago", "DATES", lambda s: Shift(tuple((-n, u) for n, u in s)), "2 weeks ago"),
    Rule(
        "for LEN from the? DATES", "DATES", lambda s, d: _lasting(d, s), "for 10 days from 18 Dec"
    ),
    Rule("from the? DATES for LEN", "DATES", _lasting, "from 18 Dec for 10 days"),
    Rule("DATES for LEN", "DATES", _lasting, "18 Dec for 10 days"),
    Rule("plus LEN", "DATES", ahead, "+2 weeks"),
    Rule(
        "LEN (from|after) (on)? the? DATES (on)? DATES",
        "DATES",
        lambda s, a, b: _crossed(_after(s, a), b),
        "2 weeks after Easter on Monday",
    ),
    Rule(
        "DATES LEN (from|after) the? DATES",
        "DATES",
        lambda b, s, a: _crossed(_after(s, a), b),
        "Sunday 3 weeks after 15 January",
    ),
    Rule("LEN (from|after) (on)? the? DATES", "DATES", _after, "3 days after next Monday"),
    Rule("LEN before the? DATES", "DATES", _before, "2 days before Christmas"),
    Rule(
        "[on at over]{0,2} the UNIT",
        "DATES",
        lambda u: period(u) if u in {Unit.WEEKEND, Unit.FORTNIGHT} else None,
        "at the weekend",
    ),
    Rule(
        "UNIT (?=$|stop|comma|or|and|dot)",
        "DATES",
        lambda u: period(u) if u is Unit.WEEKEND else None,
        "next week or weekend",
    ),
    Rule(
        "DATES or next (?!WEEKDAY|UNIT|MON|DATES)",
        "LIST",
        lambda d: (d, following(d)) if isinstance(d, Period) else None,
        "this week or next",
    ),
    Rule(
        "DATES or the? (NUM|ONE|UNIT|WEEKDAY) (after|following) (that|next)?",
        "LIST",
        _with_following,
        "next week or the week after",
    ),
    Rule(
        "DATES (and|plus) the? (NUM|ONE|UNIT|WEEKDAY) (after|following) (that|next)?",
        "EACH",
        _with_following,
        "next Tuesday and the one after",
    ),
    Rule(
        "DATES (and|plus) the? following (ONE|UNIT|WEEKDAY)",
        "EACH",
        _with_following,
        "next Tuesday and the following one",
    ),
)
