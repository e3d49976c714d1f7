"""Hours that need their surroundings ("at 3", "tomorrow 3"), and ranges of hours and of days."""

from __future__ import annotations

from dataclasses import replace

from bot.understand.cascade import Rule
from bot.understand.constraint import (
    At,
    Clock,
    ClockRange,
    Coming,
    Dates,
    Day,
    DayRange,
    Edge,
    EdgeOf,
    FromNow,
    Part,
    PartOfDay,
    PartRange,
    Period,
    Slashed,
    Span,
    Unit,
    Weekday,
)
from bot.understand.rules_clocks import at, bare, end_of_range, span
from bot.understand.rules_dates import TO, today

_NOON = 12
_SHORTEST_MINUTE = 10
_FOUR_DIGITS = 1000


def _bare_span(first: object, last: object) -> ClockRange | None:
    start, end = end_of_range(first), end_of_range(last)
    return span(start, end) if start and end else None


def _plain_span(first: int, last: int) -> ClockRange | None:
    """Give a range of bare hours; "2-30" and "1-1" are not one."""
    hours = 0 < first < 24 and 0 < last <= 24
    fits = first != last and (hours or min(first, last) >= _FOUR_DIGITS)
    return _bare_span(first, last) if fits else None


def _pair(hour: int, minute: int) -> At | None:
    return at(hour, minute) if 0 < hour <= _NOON and minute >= _SHORTEST_MINUTE else None


def _paired(a: int, b: int, c: int, d: int) -> ClockRange | None:
    return _bare_span(at(a, b), at(c, d))


def _late_hour(number: int) -> At | None:
    return bare(number) if 0 < number <= _NOON or number > 99 else None


def _from(value: object) -> ClockRange | None:
    start = end_of_range(value)
    return ClockRange(start, None) if start else None


def _until(value: object) -> ClockRange | None:
    end = end_of_range(value)
    return ClockRange(None, end) if end else None


def _spread(first: Dates, last: Dates) -> DayRange | None:
    """Give a range of days; the first takes the year that only the last one names."""
    if not (_is_edge(first) and _is_edge(last)):
        return None
    if isinstance(last, Day) and isinstance(first, Day | Slashed) and first.year is None:
        month = first.month if isinstance(first, Day) else None
        first = replace(first, year=last.year) if month is None or last.year else first
        if isinstance(first, Day) and first.month is None and last.month is not None:
            first = replace(first, month=last.month)
    return DayRange(first, last)


def _is_edge(dates: Dates) -> bool:
    return not (
        isinstance(dates, FromNow | DayRange)
        or (isinstance(dates, Weekday) and len(dates.days) > 1)
    )


def _whole(dates: Dates) -> Dates:
    """Give what a deadline means: "by the end of May" lets all of May count."""
    return dates.of if isinstance(dates, EdgeOf) and dates.edge is Edge.END else dates


def _after(dates: Dates) -> DayRange | None:
    return DayRange(_whole(dates), None, first_in=False) if _is_edge(dates) else None


def _before(dates: Dates) -> DayRange | None:
    if isinstance(dates, EdgeOf) and dates.edge is Edge.END:
        return DayRange(None, dates.of)
    return DayRange(None, dates, last_in=False) if _is_edge(dates) else None


def _by(dates: Dates) -> DayRange | None:
    return DayRange(None, _whole(dates)) if _is_edge(dates) else None


def _starting(dates: Dates) -> DayRange | None:
    return DayRange(dates, None) if _is_edge(dates) else None


def _later(dates: Dates) -> Dates | None:
    if dates == today():
        return Coming(0, Unit.DAY)
    return EdgeOf(Edge.REST, dates) if isinstance(dates, Period) else None


def _today_part(part: Part) -> Span:
    return Span(today(), PartOfDay(part))


def _today_clock(clock: Clock) -> Span | None:
    return Span(today(), clock) if isinstance(clock, PartOfDay) else None


def _end_of_day(edge: Edge, unit: Unit) -> PartOfDay | None:
    fits = unit is Unit.DAY and edge in {Edge.END, Edge.START}
    part = Part.END_OF_DAY if edge is Edge.END else Part.FIRST_THING
    return PartOfDay(part) if fits else None


def _dated(dates: Dates, clock: At | None) -> Span | None:
    return Span(dates, clock) if clock else None


_E = "[CLK NUM ONE DOTTED]"
# What may follow an hour that is only a number.
_THEN = (
    "(?=$|[stop comma dot on DATES SPAN PART TONIGHT or and but with for in please if at this until"
    " before by dash my only works not CLOCK LEN LENS next the sharp works is every EDGE SERIES"
    " TODAY TOMORROW WEEKDAYS w thanks instead latest earliest onwards ZONE ok okay onward"
    " would except each suits then so when pls plz thx ta sorry cheers from PLURAL NEG])"
)

HOURS_IN_PLACE = (
    Rule(
        "at? N (onwards|onward|or later|or after|at the earliest)",
        "CLOCK",
        _from,
        "tomorrow 3 or later",
    ),
    Rule("at? N (or earlier|or before|at the latest)", "CLOCK", _until, "tomorrow 4 at the latest"),
    Rule("the? EDGEOF of the? UNIT", "CLOCK", _end_of_day, "tomorrow at the end of the day"),
    Rule(
        "ENDOF",
        "CLOCK",
        lambda u: PartOfDay(Part.END_OF_DAY) if u is Unit.DAY else None,
        "tomorrow EOD",
    ),
    Rule(f"between {_E} (and|dash|to) {_E}", "CLOCK", _bare_span, "between 2 and 4pm"),
    Rule("between N NUM and N NUM", "CLOCK", _paired, "between nine thirty and ten thirty"),
    Rule(f"from N NUM {TO} N NUM", "CLOCK", _paired, "from two fifteen to three fifteen"),
    Rule(
        f"from N NUM {TO} N {_THEN}",
        "CLOCK",
        lambda a, b, c: _bare_span(at(a, b), c),
        "from nine-forty to ten",
    ),
    Rule(f"from {_E} {TO} {_E}", "CLOCK", _bare_span, "from 4 to 5"),
    Rule(f"(about|at)* {_E} {TO} CLK", "CLOCK", _bare_span, "8 - 11pm"),
    Rule(f"(about|at)* CLK {TO} {_E}", "CLOCK", _bare_span, "9:30 to 11"),
    Rule(f"DOTTED {TO} DOTTED", "CLOCK", _bare_span, "17.05-18.15"),
    Rule(
        f"(?<=[DATES PART at comma TODAY TOMORROW])N (dash|to) N {_THEN}",
        "CLOCK",
        _plain_span,
        "next Tuesday 5-7",
    ),
    Rule(
        "N (dash|to) N (?=(in|on|at|comma)? the? (this|next)? (DATES|PART|LEN|UNIT|for|CLOCK|"
        "TONIGHT))",
        "CLOCK",
        _plain_span,
        "5-7 next Tuesday",
    ),
    Rule("^N [dash to until] N$", "CLOCK", _plain_span, "2-4"),
    Rule("(at|from) about? N NUM (?!UNIT|HALF)", "CLK", _pair, "at nine thirty"),
    Rule("at about? [NUM ONE YEAR] (?!UNIT|HALF)", "CLK", bare, "at 3"),
    Rule(
        f"(?<=[TONIGHT DATES PART SPAN CLOCK])about N {_THEN}",
        "CLK",
        _late_hour,
        "tonight around 7",
    ),
    Rule(f"(?<=CLK or)N {_THEN}", "CLK", _late_hour, "Friday at 3 or 4"),
    Rule(f"(?<=CLK comma)N {_THEN}", "CLK", _late_hour, "Friday at 3, 4 or 5"),
    Rule(
        "(?<=[are is be only UNIT work available free to from])N [to dash until] N (?=$|stop|dot|"
        "comma|DATES|on)",
        "CLOCK",
        _plain_span,
        "my hours are 9 to 5",
    ),
    Rule("at about? DOTTED", "CLK", end_of_range, "at 5.15"),
    Rule(
        f"DATES (comma|for)? N NUM {_THEN}",
        "SPAN",
        lambda d, h, m: _dated(d, _pair(h, m)),
        "june tenth ten fifteen",
    ),
    Rule(
        f"DATES comma? NUM {_THEN}", "SPAN", lambda d, n: _dated(d, _late_hour(n)), "tomorrow three"
    ),
    Rule("N NUM (?=DATES)", "CLK", _pair, "nine thirty tomorrow"),
    Rule("N (?=this PART)", "CLK", _late_hour, "7 this evening"),
    Rule("^N NUM$", "CLK", _pair, "eleven thirty"),
    Rule("N (?=[in at]? the? PART)", "CLK", _late_hour, "7 in the evening"),
    Rule("N (?=DATES [PART CLOCK])", "CLK", _late_hour, "8 tomorrow morning"),
    Rule(
        "for NUM (?=$|stop|dot|comma)",
        "CLK",
        lambda n: bare(n) if 0 < n <= _NOON else None,
        "for 12",
    ),
    Rule("DOTTED (?=DATES)", "CLK", end_of_range, "10.30 tomorrow"),
    Rule("(?<=[DATES PART])DOTTED", "CLK", end_of_range, "tomorrow 10.30"),
)

OPEN_HOURS = (
    Rule("[latest max maximum] (by|at)* CLK", "CLOCK", _until, "latest 5pm tomorrow"),
    Rule("CLK [latest max maximum]", "CLOCK", _until, "5pm latest"),
    Rule("earliest (by|at)* CLK", "CLOCK", _from, "earliest 8am on Monday"),
    Rule("CLK earliest", "CLOCK", _from, "tomorrow 8am earliest"),
    Rule("not (before|earlier than) CLK", "CLOCK", _from, "tomorrow not before 9am"),
    Rule(
        f"not (before|earlier than) [NUM ONE DOTTED] {_THEN}",
        "CLOCK",
        _from,
        "tomorrow not before 9",
    ),
    Rule("not after CLK", "CLOCK", _until, "tomorrow not after 4pm"),
    Rule(f"not after [NUM ONE DOTTED] {_THEN}", "CLOCK", _until, "tomorrow not after 4"),
    Rule(
        "no (earlier|sooner) than [CLK NUM ONE DOTTED]",
        "CLOCK",
        _from,
        "tomorrow no earlier than 10",
    ),
    Rule("[no not] later than [CLK NUM ONE DOTTED]", "CLOCK", _until, "tomorrow no later than 4pm"),
    Rule("[after past since] (the)? CLK", "CLOCK", _from, "after 3pm"),
    Rule(f"[after past since] [NUM ONE DOTTED] {_THEN}", "CLOCK", _from, "tomorrow after 3"),
    Rule("starting from CLK", "CLOCK", _from, "starting from 3pm"),
    Rule("(?<=LEN)(starting)? from CLK", "CLK", lambda c: c, "for 30 minutes from 4pm"),
    Rule("from CLK (?=for LEN)", "CLK", lambda c: c, "from 4pm for an hour"),
    Rule("from CLK (onwards|onward|on)?", "CLOCK", _from, "from 3pm"),
    Rule(f"from [NUM ONE DOTTED] (onwards|onward|on)? {_THEN}", "CLOCK", _from, "tomorrow from 3"),
    Rule(
        "CLK (onwards|onward|or later|or after|and later|and after|at the earliest)",
        "CLOCK",
        _from,
        "3pm or later",
    ),
    Rule("CLK (or earlier|or before|at the latest)", "CLOCK", _until, "3pm at the latest"),
    Rule(
        "(ending|finishing|done|over|finish|finished|ends) (at|by|before) [CLK NUM ONE DOTTED]",
        "CLOCK",
        _until,
        "done by 4pm",
    ),
    Rule("[before by until] (the)? CLK", "CLOCK", _until, "before 4pm"),
    Rule(f"[before by until] [NUM ONE DOTTED] {_THEN}", "CLOCK", _until, "tomorrow before 4"),
    Rule(
        "after (my|the|a)? (lunch)",
        "CLOCK",
        lambda: PartRange(Part.LUNCH, None),
        "tomorrow after lunch",
    ),
    Rule(
        "before (my|the|a)? (lunch)",
        "CLOCK",
        lambda: PartRange(None, Part.LUNCH),
        "tomorrow before lunch",
    ),
    Rule("after the? PART", "CLOCK", lambda p: PartRange(p, None), "tomorrow after the morning"),
    Rule("before the? PART", "CLOCK", lambda p: PartRange(None, p), "before the evening"),
    Rule(
        "by CLOCK",
        "CLOCK",
        lambda c: PartRange(None, Part.END_OF_DAY) if c == PartOfDay(Part.END_OF_DAY) else None,
        "by EOD tomorrow",
    ),
    Rule(
        "by DATES CLOCK",
        "SPAN",
        lambda d, c: (
            Span(d, PartRange(None, Part.END_OF_DAY)) if c == PartOfDay(Part.END_OF_DAY) else None
        ),
        "by tomorrow EOD",
    ),
    Rule(
        "(by|before) DATES (at|comma)? CLK",
        "SPAN",
        lambda d, c: Span(d, ClockRange(None, c)),
        "by tomorrow noon",
    ),
    Rule("[this] PART", "SPAN", _today_part, "this afternoon"),
    Rule("this CLOCK", "SPAN", _today_clock, "this late afternoon"),
    Rule("next PART", "SPAN", lambda p: Span(today(1), PartOfDay(p)), "next evening"),
    Rule("TONIGHT", "SPAN", _today_part, "tonight"),
    Rule(
        "(in|during|on|over|at|for)? (the|a|any)? PART",
        "CLOCK",
        PartOfDay,
        "tomorrow in the morning",
    ),
)

DAY_RANGES = (
    Rule(f"from DATES {TO} DATES", "DATES", _spread, "from Monday to Wednesday"),
    Rule("between DATES and DATES", "DATES", _spread, "between Tuesday and Thursday"),
    Rule("DATES [to through] (the)? DATES", "DATES", _spread, "July 18th to July 21st"),
    Rule("DATES dash DATES", "DATES", _spread, "27 Oct - 3 Nov"),
    Rule("DATES until DATES", "DATES", _spread, "Monday until Thursday"),
    Rule("on or after the? DATES", "DATES", _starting, "on or after 27 Oct"),
    Rule("on or before the? DATES", "DATES", _by, "on or before 27 Oct"),
    Rule("[no not] later than (the|on)* DATES", "DATES", _by, "no later than Friday"),
    Rule(
        "[no not] (earlier|sooner|before) than? (the|on)* DATES",
        "DATES",
        _starting,
        "no earlier than Friday",
    ),
    Rule("(after|past) the? DATES", "DATES", _after, "after the 26th"),
    Rule("before the? DATES", "DATES", _before, "before Friday"),
    Rule("by (the)? DATES", "DATES", _by, "by Friday"),
    Rule("until (the)? DATES", "DATES", _by, "until Friday"),
    Rule(
        "(starting|starts|as of|commencing|effective) (on|from|in|with)? the? DATES",
        "DATES",
        _starting,
        "starting on 7 January",
    ),
    Rule(
        "EDGEOF (on|from|in|with)? the? DATES",
        "DATES",
        lambda e, d: _starting(d) if e is Edge.START else None,
        "beginning 7 January",
    ),
    Rule("(from|since) the? DATES (onwards|onward|on)?", "DATES", _starting, "from next Monday"),
    Rule(
        "DATES (onwards|onward|or later|or after|and later|at the earliest)",
        "DATES",
        _starting,
        "Thursday or later",
    ),
    Rule(
        "DATES (or (earlier|sooner|before)|at the latest)", "DATES", _by, "Thursday at the latest"
    ),
    Rule("later DATES", "DATES", _later, "later this week"),
)


_BAD = "[work suit good great possible ok okay convenient ideal available fit]"
VERDICTS = (
    Rule(
        "(and|plus) the? [ONE UNIT DATES] [after following] (that|next)?",
        "NEXTONE",
        lambda *_: True,
        "next Tuesday at 2pm and the one after",
    ),
    Rule(
        "(and|plus) the? following [ONE UNIT]",
        "NEXTONE",
        lambda *_: True,
        "next Tuesday at 2 and the following one",
    ),
    Rule(
        f"(does not|doesnt|dont|do not|wont|will not|isnt|is not|arent|are not) really? {_BAD}",
        "NEGATED",
        lambda: True,
        "Tuesday doesn't work, Wednesday does",
    ),
    Rule(
        "(is|are) (no good|out|bad|impossible|full|blocked)",
        "NEGATED",
        lambda: True,
        "Monday is out, Tuesday is fine",
    ),
)
