"""Feasts and seasons by name; `feasts.py` knows their dates."""

from __future__ import annotations

from dataclasses import replace

from bot.understand.cascade import Rule
from bot.understand.constraint import Day, DayRange, Holiday, Part, Unit
from bot.understand.lexer import YEARS


def _year(values: tuple[object, ...]) -> int | None:
    years = [v for v in values if isinstance(v, int) and v in YEARS]
    return years[0] if years else None


def _feast(pattern: str, name: str, example: str, needs: object = None) -> Rule:
    """Make the rule of one feast; `needs` is a value that must be among what was matched."""

    def build(*values: object) -> Holiday | None:
        if needs is not None and needs not in values:
            return None
        return Holiday(name, _year(values))

    return Rule(f"next? {pattern} YEAR?", "DATES", build, example)


def _season(word: str, first: Day, last: Day) -> Rule:
    prefix = "(?<=[in for this next the by until during])"
    return Rule(
        f"{prefix}{word} (?!UNIT|YEAR)", "DATES", lambda: DayRange(first, last), f"in {word}"
    )


def _season_of(word: str, first: Day, last: Day) -> Rule:
    def build(year: int) -> DayRange:
        over = last.month is not None and first.month is not None and last.month < first.month
        return DayRange(replace(first, year=year), replace(last, year=year + over))

    return Rule(f"{word} of? YEAR", "DATES", build, f"{word} 2027")


# Before weekdays, since "Good Friday" has one in it.
FEASTS = (
    _feast("[christmas xmas] PART", "christmas_eve", "Christmas Eve", Part.EVENING),
    _feast("[christmas xmas] UNIT", "christmas", "Christmas Day", Unit.DAY),
    _feast("[christmas xmas]", "christmas", "after Christmas"),
    _feast("boxing UNIT", "boxing_day", "Boxing Day", Unit.DAY),
    _feast("new UNIT PART", "new_years_eve", "New Year's Eve", Unit.YEAR),
    _feast("new UNIT UNIT?", "new_year", "New Year's Day", Unit.YEAR),
    _feast("good WEEKDAY", "good_friday", "Good Friday", 4),
    _feast("easter WEEKDAY", "easter_monday", "Easter Monday", 0),
    _feast("easter WEEKDAY?", "easter", "after Easter"),
    _feast("[palm branch] WEEKDAY", "palm_sunday", "Palm Sunday", 6),
    _feast("ash WEEKDAY", "ash_wednesday", "Ash Wednesday", 2),
    _feast("maundy WEEKDAY", "maundy_thursday", "Maundy Thursday", 3),
    _feast("[pentecost whitsun]", "pentecost", "Pentecost"),
    _feast("ascension UNIT?", "ascension", "Ascension Day"),
    _feast("black WEEKDAY", "black_friday", "Black Friday", 4),
    _feast("cyber WEEKDAY", "cyber_monday", "Cyber Monday", 0),
    _feast("thanksgiving UNIT?", "thanksgiving", "after Thanksgiving"),
    _feast("[halloween]", "halloween", "on Halloween"),
    _feast("[valentines valentine] UNIT", "valentine", "Valentine's Day", Unit.DAY),
    _feast("[mothers mother] UNIT", "mothers_day", "Mother's Day", Unit.DAY),
    _feast("[fathers father] UNIT", "fathers_day", "Father's Day", Unit.DAY),
    _feast("[presidents president] UNIT", "presidents_day", "Presidents' Day", Unit.DAY),
    _feast("mlk UNIT", "mlk_day", "MLK day", Unit.DAY),
    _feast("martin luther king (jr)? dot? UNIT", "mlk_day", "Martin Luther King day", Unit.DAY),
    _feast("memorial UNIT", "memorial_day", "Memorial Day", Unit.DAY),
    _feast("[labor labour] UNIT", "labor_day", "Labor Day", Unit.DAY),
    _feast("independence UNIT", "independence_day", "Independence Day", Unit.DAY),
    _feast("columbus UNIT", "columbus_day", "Columbus Day", Unit.DAY),
    _feast("[veterans veteran] UNIT", "veterans_day", "Veterans Day", Unit.DAY),
    _feast("(st|saint) dot? [patricks patrick] UNIT", "st_patrick", "St Patrick's Day", Unit.DAY),
    _feast("MONTH fools UNIT", "april_fools", "April Fools' Day", 4),
    _feast("groundhog UNIT", "groundhog_day", "Groundhog Day", Unit.DAY),
    _feast("earth UNIT", "earth_day", "Earth Day", Unit.DAY),
    _feast("[all] saints UNIT", "all_saints", "All Saints' Day", Unit.DAY),
)

_SEASONS = (
    ("spring", Day(20, 3), Day(20, 6)),
    ("summer", Day(21, 6), Day(22, 9)),
    ("autumn", Day(23, 9), Day(20, 12)),
    ("fall", Day(23, 9), Day(20, 12)),
    ("winter", Day(21, 12), Day(19, 3)),
)
SEASONS = tuple(make(*season) for season in _SEASONS for make in (_season_of, _season))
