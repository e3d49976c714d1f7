"""Times of day: "3pm", "half past three", "in the morning", and ranges of them."""

from __future__ import annotations

from dataclasses import replace

from bot.understand.cascade import Rule
from bot.understand.constraint import At, ClockRange, Half, Part, PartOfDay, Unit, Within

_DAY = 24
_HOUR = 60
_NOON = 12
_EVENING = 5
_SHORTEST = 13  # "10 to 3pm" may be a range, "20 to 3pm" is not
_DIGITS_OF_HOUR = 100


def at(hour: int, minute: int = 0, half: Half | None = None) -> At | None:
    """Give a time of day from what was said, None when there is no such time."""
    if not (0 <= hour <= _DAY and 0 <= minute < _HOUR):
        return None
    if half in {Half.AM, Half.PM} and not 0 < hour <= _NOON:
        return At(hour, minute, Half.FULL) if hour > _NOON else None
    if half is None and (hour > _NOON or hour == 0):
        half = Half.FULL
    return At(hour, minute, half)


def bare(number: int) -> At | None:
    """Give the time of "at 3", "at 150" or "at 1530"."""
    if number < _DIGITS_OF_HOUR:
        return at(number)
    return at(number // _DIGITS_OF_HOUR, number % _DIGITS_OF_HOUR)


def _dotted(pair: tuple[str, str], half: Half | None = None) -> At | None:
    hour, minute = pair
    if len(minute) == 1:
        return None
    if half is None and hour[0] == "0":
        half = Half.FULL
    return at(int(hour), int(minute), half)


def _halved(clock: At, half: Half) -> At | None:
    return at(clock.hour, clock.minute, half)


def _past(number: int, hour: int) -> At | None:
    return at(hour, number) if number < _HOUR and 0 < hour <= _NOON else None


def _before(number: int, hour: int) -> At | None:
    if not (0 < number < _HOUR and 0 < hour <= _NOON):
        return None
    return at(hour - 1 or _NOON, _HOUR - number)


def _moved(clock: At, minutes: int) -> At | None:
    """Give a full hour moved by minutes; noon and midnight keep their half of the day."""
    if clock.minute or not 0 < clock.hour < _DAY:
        return None
    minute = clock.hour * _HOUR + minutes
    hour, rest = divmod(minute, _HOUR)
    half = clock.half
    if half in {Half.AM, Half.PM} and (clock.hour == _NOON) != (hour == _NOON):
        return At(hour + _NOON if half is Half.PM and hour < _NOON - 1 else hour, rest, Half.FULL)
    return At(hour, rest, half)


def _moved_by(*values: object) -> At | None:
    number, clock = values[0], values[-1]
    fits = isinstance(number, int) and isinstance(clock, At) and 0 < number < _HOUR
    return (
        _moved(clock, number)
        if fits and isinstance(number, int) and isinstance(clock, At)
        else None
    )


def _moved_before(*values: object) -> At | None:
    number, clock = values[0], values[-1]
    if not (isinstance(number, int) and isinstance(clock, At) and _SHORTEST <= number < _HOUR):
        return None
    return _moved(clock, -number)


def _about(clock: At) -> At:
    return replace(clock, about=True)


def span(first: At, last: At) -> ClockRange | None:
    """Give a range whose two ends share what only one of them said."""
    return (
        ClockRange(first, last) if (first.hour, first.minute) != (last.hour, last.minute) else None
    )


def _hour_of(length: tuple[tuple[int, Unit], ...]) -> At | None:
    fits = len(length) == 1 and length[0][1] is Unit.HOUR
    return at(length[0][0], 0, Half.FULL) if fits else None


def end_of_range(value: object) -> At | None:
    """Give the time that a token of a range stands for: a clock, "17.05" or a bare hour."""
    if isinstance(value, At):
        return value
    if isinstance(value, tuple):
        return _dotted(value)
    return bare(value) if isinstance(value, int) else None


def in_part(clock: At | ClockRange, part: Part) -> At | ClockRange | Within | None:
    """Give a time said with its part of the day: "7 in the evening" is 19:00."""
    if isinstance(clock, ClockRange):
        return Within(clock, part)
    if clock.half is not None:
        return clock
    if part in {Part.MORNING, Part.BREAKFAST}:
        return replace(clock, half=Half.AM)
    small_hours = part in {Part.NIGHT, Part.TONIGHT} and (
        clock.hour < _EVENING or clock.hour == _NOON
    )
    return replace(clock, half=Half.AM if small_hours else Half.PM)


# The hour's own words, before lengths and dates can take the numbers.
HOURS = (
    Rule("N NUM HALF", "CLK", at, "ten forty five am"),
    Rule("N NUM a m", "CLK", lambda h, m: at(h, m, Half.AM), "ten forty five a m"),
    Rule("N NUM p m", "CLK", lambda h, m: at(h, m, Half.PM), "ten forty five p m"),
    Rule("N colon? HALF", "CLK", lambda h, half: at(h, 0, half), "nine am"),
    Rule("N oclock HALF", "CLK", lambda h, half: at(h, 0, half), "9 o'clock pm"),
    Rule("DOTTED uhr", "CLK", end_of_range, "18.30 Uhr"),
    Rule("N uhr", "CLK", lambda h: at(h, 0, Half.FULL), "um 18 Uhr"),
    Rule("at LEN", "CLK", _hour_of, "at 10h"),
    Rule("a (la|las) N", "CLK", bare, "mañana a las 10"),
    Rule("at? N in the? HALF", "CLK", lambda h, half: at(h, 0, half), "3 in the am"),
    Rule("N oclock", "CLK", at, "at 9 o'clock"),
    Rule("half (past|after) CLK", "CLK", lambda c: _moved(c, 30), "half past 3pm"),
    Rule("a? quarter (past|after) CLK", "CLK", lambda c: _moved(c, 15), "quarter past 3pm"),
    Rule("a? quarter (to|of|before|until) CLK", "CLK", lambda c: _moved(c, -15), "quarter to 1pm"),
    Rule("at? N UNIT? (past|after) CLK", "CLK", _moved_by, "20 past 3pm"),
    Rule("at? N UNIT? (to|before|until) CLK (?!dash|to)", "CLK", _moved_before, "20 to 3pm"),
    Rule("half (past|after) N", "CLK", lambda h: at(h, 30), "half past three"),
    Rule("a? quarter (past|after) N", "CLK", lambda h: at(h, 15), "a quarter past 3"),
    Rule("a? quarter (to|of|before|until) N", "CLK", lambda h: _before(15, h), "a quarter to 4"),
    Rule("N (past) N (?!UNIT)", "CLK", _past, "ten past four"),
    Rule(
        "at? NUM to N (?!ORD|MON|of|UNIT|dash)",
        "CLK",
        lambda m, h: _before(m, h) if m in {20, 25} else None,
        "twenty to nine",
    ),
    Rule(
        "N NUM (?=[in at on]? the? PART)",
        "CLK",
        lambda h, m: at(h, m) if h <= _NOON else None,
        "five thirty eight in the evening",
    ),
    Rule("noon", "CLK", lambda: At(12, 0, Half.FULL), "tomorrow noon"),
    Rule("midday", "CLK", lambda: At(12, 0, Half.FULL), "tomorrow at midday"),
    Rule("midnight", "CLK", lambda: At(0, 0, Half.FULL), "tomorrow at midnight"),
    Rule(
        "(?<![ORD LAST a and])half N (?!UNIT|of|MON|NUM)",
        "CLK",
        lambda h: at(h, 30) if h <= _NOON else None,
        "tomorrow at half three",
    ),
    Rule("about CLK", "CLK", _about, "around 3pm"),
    Rule("CLK ish", "CLK", _about, "3pm ish"),
    Rule("(at|from|about)? N dash? ish", "CLK", bare, "11ish"),
)

# Parts of the day with their early and late ends.
PARTS = (
    Rule(
        "ORDWORD thing (in the PART)?",
        "CLOCK",
        lambda n, *_: PartOfDay(Part.FIRST_THING) if n == 1 else None,
        "first thing tomorrow",
    ),
    Rule(
        "LAST thing (in the PART)?",
        "CLOCK",
        lambda *_: PartOfDay(Part.END_OF_DAY),
        "last thing tomorrow",
    ),
    Rule(
        "[at over during] lunch dash? time?",
        "CLOCK",
        lambda: PartOfDay(Part.LUNCH),
        "over lunch tomorrow",
    ),
    Rule(
        "[at over during] breakfast time?",
        "CLOCK",
        lambda: PartOfDay(Part.BREAKFAST),
        "during breakfast",
    ),
    Rule(
        "[at over during] dinner time?", "CLOCK", lambda: PartOfDay(Part.EVENING), "during dinner"
    ),
    Rule(
        "after (work|school|UNIT)",
        "CLOCK",
        lambda *u: PartOfDay(Part.AFTER_HOURS) if u in {(), (Unit.HOUR,)} else None,
        "tomorrow after work",
    ),
    Rule(
        "[during in within outside] (my|our|normal|the)? [working business office work] UNIT",
        "CLOCK",
        lambda u: PartOfDay(Part.WORKING_HOURS) if u is Unit.HOUR else None,
        "tomorrow during business hours",
    ),
    Rule("EDGE dash? (of|in)? the? PART", "CLOCK", lambda e, p: PartOfDay(p, e), "late afternoon"),
    Rule("EDGE TONIGHT", "CLOCK", lambda e, p: PartOfDay(p, e), "late tonight"),
)
