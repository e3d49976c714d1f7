"""Whether the dates of a reading are in the words it was read from.

A model that counts ("tomorrow" becomes the 22nd) is caught here: the number of a day, a year
and the name or number of a month must be written in the quoted words. English names of months
only, like the rest of the reader; a month of another language is not believed.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from bot.understand.constraint import Day, Holiday, Month, Slashed, Year
from bot.understand.vocabulary import MONTHS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = re.compile(r"\d{1,4}")
_LETTERS = re.compile(r"[a-z]+")
_NUMBER_KINDS = frozenset({"ONE", "ONES", "NUM", "TENS", "ORDWORD"})
_MONTH_STEM = 3
_TEN = 10


def grounded(value: object, words: str) -> bool:
    """Tell whether all days, months and years in a value are written in the words."""
    numbers, months = _numbers(words), _months(words)
    return all(_is_said(date, numbers, months) for date in _dates(value))


def _dates(value: object) -> Iterator[Day | Slashed | Month | Year | Holiday]:
    """Walk through a reading's data to everything that names a calendar date."""
    if isinstance(value, Day | Slashed | Month | Year | Holiday):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _dates(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _dates(getattr(value, field.name))


def _is_said(
    date: Day | Slashed | Month | Year | Holiday, numbers: frozenset[int], months: frozenset[int]
) -> bool:
    year = date.year is None or bool({date.year, date.year % 100} & numbers)
    match date:
        case Day(day, month):
            named = month is None or month in months | numbers
            return year and day in numbers and named
        case Slashed(first, second):
            return year and {first, second} <= numbers
        case Month(month):
            return year and month in months | numbers
        case _:
            return year


def _numbers(words: str) -> frozenset[int]:
    """Give the numbers that are written, in digits or in words ("twenty-first")."""
    small = words.lower()
    found = [int(digits) for digits in _DIGITS.findall(small)]
    tens = False
    for word in _LETTERS.findall(small):
        kind, number = WORDS.get(word, ("", None))
        if kind in _NUMBER_KINDS and isinstance(number, int):
            found.append(found.pop() + number if tens and number < _TEN else number)
        tens = kind == "TENS"
    return frozenset(found)


def _months(words: str) -> frozenset[int]:
    """Give the months that are named, in full or by their first letters."""
    stems = {word[:_MONTH_STEM] for word in _LETTERS.findall(words.lower())}
    return frozenset(n for n, name in enumerate(MONTHS, start=1) if name[:_MONTH_STEM] in stems)
