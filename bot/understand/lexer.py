"""Text to typed tokens with character spans: one pass of one compiled pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.understand.constraint import At, Day, Half, Unit
from bot.understand.vocabulary import WORDS, spelled

MAX_TEXT = 4000  # characters that are read; chat messages about meetings are far shorter
_NOON = 12
_HOURS = 24
_MINUTES = 60
_DAYS = 31
_MONTHS = 12
_CENTURY = 100
_NUMBER_WORDS = frozenset({"ONE", "ONES", "NUM", "TENS"})
_CLOCK_DIGITS = 4
_LASTING = frozenset({"for", "of", "lasting", "during"})  # "for 1h30" is a length, "at 1h30" not
YEARS = range(1970, 2200)  # four digits that are a year, unless "at" stands before


@dataclass(slots=True)
class Token:
    """A piece of the text; `word` is its usual spelling, `value` what a rule reads from it."""

    kind: str
    word: str
    start: int
    end: int
    value: object = None


_LEXER = re.compile(
    r"""
    (?P<mention><@[^>\s]{1,80}>|<at>[^<]{1,80}</at>)
  | (?P<address>https?://\S{1,400}|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6})
  | (?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d)(?:t(?=\d\d:))?|\d{4}[/.]\d{1,2}[/.]\d{1,2}(?!\d))
  | (?P<dmy>\d{1,2}(?P<sep>[/.-])\d{1,2}(?P=sep)(?:\d{4}|\d{2})(?![\d:]))
  | (?P<onetoone>1:1s?(?!\d)|1-1s?\b|1-on-1s?\b|121s?\b(?=\s(?:with|w/|meet|sess|call|slot)))
  | (?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:\s?(?:[ap]\.?m\b\.?|[ap]\b|h\b|uhr\b))?(?!\d))
  | (?P<hours>\d{1,2}\s?h\s?[0-5]\d(?![\w]))
  | (?P<apm>\d{1,4}(?:[ap]\b|\s?[ap]m\b|\s?[ap]\.m\b\.?)|\d{1,2}\.\d{2}\s?[ap]\.?m\b\.?)
  | (?P<ordinal>\d{1,2}\s?(?:st|nd|rd|th)\b)
  | (?P<fraction>\d\s?/\s?[24](?=\s?(?:a\s|an\s|of\s|h|day|week))|[½¼¾])
  | (?P<slashyear>\d{1,2}/\d{4}(?![\d/]))
  | (?P<slashed>\d{1,2}/\d{1,2}(?![\d/]))
  | (?P<dotted>\d{1,2}\.\d{1,2}(?:h\b)?(?!\d))
  | (?P<glued>\d{1,4}(?:minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mths?|mo|y|
      yrs?)\b)
  | (?P<num>\d{1,9}(?:\.\d{1,3})?)
  | (?P<meridiem>[ap]\.m\b\.?)
  | (?P<withslash>w/(?:c\b)?)
  | (?P<word>[^\W\d_](?:[\w]|'(?=\w))*'?)
  | (?P<mark>[-,.:/+@&~?!;\n#])
    """,
    re.VERBOSE,
)
# German and Dutch write "Friday afternoon" as one word: "Freitagnachmittag", "vrijdagmiddag".
_COMPOUND = re.compile(
    r"((?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:maan|dins|woens|donder|vrij|zater|zon)dag)"
    r"(vormittag|nachmittag|abend|ochtend|middag|avond)s?"
)
_DIGITS = re.compile(r"\d+")
_CHARACTERS = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u02bc": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
    }
)
_GLUED_UNITS = {
    "m": Unit.MINUTE,
    "h": Unit.HOUR,
    "d": Unit.DAY,
    "w": Unit.WEEK,
    "y": Unit.YEAR,
}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}


def plain(text: str) -> str:
    """Give the text in small letters with plain quotes and dashes, length and positions kept."""
    text = text[:MAX_TEXT].translate(_CHARACTERS).replace(" -> ", " to ").replace(" => ", " to ")
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _clock(piece: str) -> At | None:
    hour, minute = (int(d) for d in _DIGITS.findall(piece)[:2])
    if hour > _HOURS or minute >= _MINUTES:
        return None
    half = _half_of(piece)
    if half is None and (hour > _NOON or hour == 0 or piece[0] == "0" or piece[-1] in "hr"):
        half = Half.FULL
    return At(hour, minute, half) if _possible(hour, half) else None


def _half_of(piece: str) -> Half | None:
    for letter, half in (("a", Half.AM), ("p", Half.PM)):
        if letter in piece:
            return half
    return None


def _possible(hour: int, half: Half | None) -> bool:
    return half in {None, Half.FULL} or hour <= _NOON or half == Half.PM


def _apm(piece: str) -> At | None:
    digits = "".join(_DIGITS.findall(piece))
    cut = -2 if len(digits) > 2 else len(digits)
    hour, minute = int(digits[:cut]), int(digits[cut:] or 0)
    half = _half_of(piece)
    if minute >= _MINUTES or hour > _HOURS:
        return None
    if hour > _NOON or half is None:
        half = Half.FULL
    return At(hour, minute, half)


def _iso(piece: str) -> Day | None:
    year, month, day = (int(d) for d in _DIGITS.findall(piece))
    return Day(day, month, year) if 0 < month <= _MONTHS and 0 < day <= _DAYS else None


def full_year(year: int) -> int:
    """Give the year that two digits stand for."""
    return year + 2000 if year < _CENTURY else year


def _fraction(piece: str) -> float:
    if piece in _FRACTIONS:
        return _FRACTIONS[piece]
    above, below = (int(d) for d in _DIGITS.findall(piece))
    return above / below


def _dotted(piece: str) -> tuple[str, object]:
    """Read "17.05" as it is, "16.29h" likewise, but "1.5h" as a length."""
    first, second = _DIGITS.findall(piece)
    if piece[-1] == "h" and len(second) == 1:
        return "LEN", ((int(first) * 60 + int(second) * 6, Unit.MINUTE),)
    return "DOTTED", (first, second)


def _glued(piece: str) -> tuple[str, object]:
    """Read "45min" and "2h" as lengths, "17h" as an hour of the day."""
    digits = _DIGITS.match(piece)
    number, name = (digits.group(), piece[digits.end() :]) if digits else ("0", "d")
    kind, value = WORDS.get(name, ("", None))
    unit = value if kind == "UNIT" and isinstance(value, Unit) else _GLUED_UNITS[name]
    if name == "h" and _NOON < int(number) < _HOURS:
        return "CLK", At(int(number), 0, Half.FULL)
    return "LEN", ((int(number), unit),)


def _number(piece: str) -> tuple[str, object]:
    if not piece.isdigit():
        return "DECIMAL", float(piece)
    number = int(piece)
    if len(piece) == _CLOCK_DIGITS and piece[0] == "0":
        return "CLK", _apm(piece + " ")
    return ("YEAR" if number in YEARS else "NUM"), number


def _numbers(piece: str) -> tuple[int, ...]:
    return tuple(int(d) for d in _DIGITS.findall(piece))


_READERS: Mapping[str, Callable[[str], tuple[str, object]]] = {
    "clock": lambda piece: ("CLK", _clock(piece)),
    "hours": lambda piece: ("CLK", _clock(piece + "h")),
    "lasting": lambda piece: (
        "LEN",
        tuple(zip(_numbers(piece), (Unit.HOUR, Unit.MINUTE), strict=True)),
    ),
    "apm": lambda piece: ("CLK", _apm(piece)),
    "iso": lambda piece: ("DATES", _iso(piece)),
    "dmy": lambda piece: ("DMY", (*_numbers(piece), "." in piece)),
    "slashyear": lambda piece: ("SLASHYEAR", _numbers(piece)),
    "slashed": lambda piece: ("SLASHED", _numbers(piece)),
    "dotted": _dotted,
    "ordinal": lambda piece: ("ORDNUM", _numbers(piece)[0]),
    "fraction": lambda piece: ("FRACTION", _fraction(piece)),
    "glued": _glued,
    "num": _number,
}


def _typed(group: str, piece: str, start: int, end: int) -> Token:
    """Make the token of a numeric piece; an impossible one is a word that means nothing."""
    kind, value = _READERS[group](piece)
    return Token(kind if value is not None else "X", piece, start, end, value)


def _named(piece: str, start: int, end: int) -> Token:
    word = spelled(piece)
    kind, value = WORDS.get(word, ("w:" + word, None))
    return Token(kind, word, start, end, value)


def lex(small: str) -> list[Token]:
    """Cut text that `plain` gave into tokens; spaces and other signs fall between them."""
    tokens = []
    for found in _LEXER.finditer(small):
        group = found.lastgroup or "mark"
        piece, (start, end) = found.group(), found.span()
        joined = _COMPOUND.fullmatch(piece) if group == "word" else None
        if joined:
            middle = start + joined.end(1)
            tokens += [_named(joined[1], start, middle), _named(joined[2], middle, end)]
        elif group in {"word", "mark", "meridiem", "withslash"}:
            tokens.append(_named(piece, start, end))
        elif group in {"mention", "address", "onetoone"}:
            tokens.append(Token(group.upper(), piece, start, end))
        else:
            length = group == "hours" and tokens and tokens[-1].word in _LASTING
            tokens.append(_typed("lasting" if length else group, piece, start, end))
    return _spelled_out(tokens)


def _spelled_out(tokens: list[Token]) -> list[Token]:
    """Drop the hyphen of "six-fifteen" and "twenty-five"; between digits it is a range."""
    return [
        token
        for at, token in enumerate(tokens)
        if token.word != "dash" or not (_in_words(tokens, at - 1) and _in_words(tokens, at + 1))
    ]


def _in_words(tokens: list[Token], at: int) -> bool:
    inside = 0 <= at < len(tokens)
    return inside and tokens[at].kind in _NUMBER_WORDS and tokens[at].word.isalpha()
