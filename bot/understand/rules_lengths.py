"""Numbers in words, and lengths of time: "45 min", "an hour and a half", "two weeks"."""

from __future__ import annotations

from bot.understand.cascade import Rule
from bot.understand.constraint import Edge, Unit

Steps = tuple[tuple[int, Unit], ...]

MINUTES_OF = {
    Unit.MINUTE: 1,
    Unit.HOUR: 60,
    Unit.DAY: 1440,
    Unit.WORKDAY: 1440,
    Unit.WEEK: 10080,
    Unit.FORTNIGHT: 20160,
}
_MOST = 2000
_QUARTERS = 4
_FEW = 3


def steps(number: float, unit: Unit) -> Steps | None:
    """Give a counted unit; a fraction becomes whole minutes, or days of a month."""
    if unit is Unit.WEEKEND or not 0 <= number <= _MOST:
        return None
    if float(number).is_integer():
        return ((int(number), unit),)
    if unit in MINUTES_OF:
        return ((round(number * MINUTES_OF[unit]), Unit.MINUTE),)
    return ((int(number), unit), (round(number % 1 * 30), Unit.DAY))


def minutes(length: Steps) -> int | None:
    """Give the length in minutes; None when it has months or years."""
    if any(unit not in MINUTES_OF for _, unit in length):
        return None
    return sum(number * MINUTES_OF[unit] for number, unit in length)


def _decimal(pair: tuple[str, str], unit: Unit) -> Steps | None:
    return steps(float(".".join(pair)), unit)


def _joined(first: Steps, second: Steps) -> Steps | None:
    return first + second if first[-1][1] is not second[0][1] else None


def _more_minutes(first: Steps, number: int) -> Steps | None:
    fits = first[-1][1] is Unit.HOUR and 0 < number < MINUTES_OF[Unit.HOUR]
    return (*first, (number, Unit.MINUTE)) if fits else None


def _and_half(length: Steps) -> Steps | None:
    number, unit = length[0]
    return steps(number + 0.5, unit) if len(length) == 1 else None


def _lengths(low: Steps, high: Steps) -> tuple[int, int] | None:
    first, last = minutes(low), minutes(high)
    return (first, last) if first and last and first < last else None


def _counted(low: int, high: Steps) -> tuple[int, int] | None:
    first = steps(low, high[0][1])
    return _lengths(first, high) if first and len(high) == 1 else None


def _workdays(number: int, unit: Unit) -> Steps | None:
    return ((number, Unit.WORKDAY),) if unit is Unit.DAY and 0 < number < _FEW * 100 else None


NUMBERS = (
    Rule(
        "UNIT dash EDGEOF",
        "UNIT",
        lambda u, e: Unit.WEEKEND if (u, e) == (Unit.WEEK, Edge.END) else None,
        "next week-end",
    ),
    Rule("WEEKDAY dash feira", "WEEKDAY", int, "na quinta-feira"),
    Rule("(?<=[this next coming])quarter", "UNIT", lambda: Unit.QUARTER, "this quarter"),
    Rule(
        "(?<=[the])quarter (?=$|stop|comma|dot)", "UNIT", lambda: Unit.QUARTER, "end of the quarter"
    ),
    Rule(
        "(?<=[ORD LAST])[working business work] UNIT",
        "UNIT",
        lambda u: Unit.WORKDAY if u is Unit.DAY else None,
        "the last working day of October",
    ),
    Rule(
        "(close|EDGEOF) of (business|play)",
        "ENDOF",
        lambda *_: Unit.DAY,
        "tomorrow by close of business",
    ),
    Rule("TENS dash? [ONES ONE]", "NUM", lambda a, b: a + b, "twenty one days"),
    Rule("TENS and [ONES ONE] (?=UNIT)", "NUM", lambda a, b: a + b, "thirty and six hours"),
    Rule("ONES", "NUM", int, "in two days"),
    Rule(
        "TENS dash? ORDWORD", "ORDNUM", lambda a, b: a + b if b < 10 else None, "May twenty third"
    ),
    Rule("TENS", "NUM", int, "thirty minutes"),
    Rule("a? couple of? (?=UNIT)", "NUM", lambda: 2, "in a couple of weeks"),
    Rule("(a? few|several) (?=UNIT)", "NUM", lambda: _FEW, "in a few days"),
)

LENGTHS = (
    Rule("N [business working work] dash? UNIT", "LEN", _workdays, "5 business days from now"),
    Rule("N dash? UNIT", "LEN", steps, "45 min"),
    Rule("[DOTTED] dash? UNIT", "LEN", _decimal, "1.5 hours"),
    Rule("DECIMAL dash? UNIT", "LEN", steps, "100.5 hours"),
    Rule("N FRACTION dash? UNIT", "LEN", lambda n, f, u: steps(n + f, u), "1½ hours"),
    Rule("FRACTION of? a? dash? UNIT", "LEN", steps, "½ hour"),
    Rule("N and a? half a? UNIT", "LEN", lambda n, u: steps(n + 0.5, u), "two and a half hours"),
    Rule(
        "N and N quarter of? a? UNIT",
        "LEN",
        lambda n, q, u: steps(n + q / _QUARTERS, u),
        "one and three quarters of an hour",
    ),
    Rule(
        "N and a? quarter of? a? UNIT",
        "LEN",
        lambda n, u: steps(n + 1 / _QUARTERS, u),
        "two and a quarter hours",
    ),
    Rule(
        "N quarter of a UNIT",
        "LEN",
        lambda q, u: steps(q / _QUARTERS, u),
        "three quarters of an hour",
    ),
    Rule("a? quarter dash? (of a)? UNIT", "LEN", lambda u: steps(0.25, u), "a quarter of an hour"),
    Rule("a? half (of)? (dash|a)? UNIT", "LEN", lambda u: steps(0.5, u), "half an hour"),
    Rule("a dash? UNIT", "LEN", lambda u: steps(1, u), "for an hour"),
    Rule("LEN and a? half", "LEN", _and_half, "an hour and a half"),
    Rule("LEN and a? quarter", "LEN", lambda s: _more_minutes(s, 15), "an hour and a quarter"),
    Rule(
        "LEN comma? and? LEN comma? and? LEN", "LEN", lambda a, b, c: a + b + c, "1d, 2hr, and 5min"
    ),
    Rule("LEN (comma? and|comma)? LEN", "LEN", _joined, "1 hour 30 minutes"),
    Rule(
        "LEN and? NUM (?!UNIT|HALF|CLK|MON|dash|slash)", "LEN", _more_minutes, "an hour and thirty"
    ),
    Rule("(between)? N (to|dash|or|and) LEN", "LENS", _counted, "30-45 minutes"),
    Rule("(between)? LEN (to|dash|or|and) LEN", "LENS", _lengths, "half an hour to an hour"),
)
