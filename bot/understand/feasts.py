"""The dates of feasts: fixed, n-th weekday of a month, or counted from Easter."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter

_FIXED = {
    "christmas_eve": (12, 24),
    "christmas": (12, 25),
    "boxing_day": (12, 26),
    "new_years_eve": (12, 31),
    "new_year": (1, 1),
    "halloween": (10, 31),
    "valentine": (2, 14),
    "independence_day": (7, 4),
    "veterans_day": (11, 11),
    "st_patrick": (3, 17),
    "april_fools": (4, 1),
    "groundhog_day": (2, 2),
    "earth_day": (4, 22),
    "all_saints": (11, 1),
}
_FROM_EASTER = {
    "ash_wednesday": -46,
    "palm_sunday": -7,
    "maundy_thursday": -3,
    "good_friday": -2,
    "easter": 0,
    "easter_monday": 1,
    "ascension": 39,
    "pentecost": 49,
}
# month, weekday, which one (-1 is the last), days after it
_NTH = {
    "thanksgiving": (11, 3, 4, 0),
    "black_friday": (11, 3, 4, 1),
    "cyber_monday": (11, 3, 4, 4),
    "mothers_day": (5, 6, 2, 0),
    "fathers_day": (6, 6, 3, 0),
    "presidents_day": (2, 0, 3, 0),
    "mlk_day": (1, 0, 3, 0),
    "memorial_day": (5, 0, -1, 0),
    "labor_day": (9, 0, 1, 0),
    "columbus_day": (10, 0, 2, 0),
}
_WEEK = 7


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    """Give the n-th (-1: the last) weekday of a month."""
    if number < 0:
        following = date(year + month // 12, month % 12 + 1, 1)
        last = following - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % _WEEK)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % _WEEK + _WEEK * (number - 1))


def feast(name: str, year: int) -> date:
    """Give the feast's date in a year; KeyError for an unknown name."""
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _FROM_EASTER:
        return easter(year) + timedelta(days=_FROM_EASTER[name])
    month, weekday, number, more = _NTH[name]
    return nth_weekday(year, month, weekday, number) + timedelta(days=more)


FEAST_NAMES = frozenset({*_FIXED, *_FROM_EASTER, *_NTH})
