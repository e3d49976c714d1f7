"""Readings to and from the JSON of `schema`, for a model whose answers are not trusted.

`pack.py` stores our own readings; here nothing is taken that is not exactly as asked: no field
more or less, no word or number out of bounds, no quotation that is not in the sentence, no date
that its quotations do not write. The errors name places of our types, never what was said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from bot.understand.constraint import (
    Coming,
    Frequency,
    Period,
    Recurrence,
    Shift,
    Span,
    TimeConstraint,
    Unit,
)
from bot.understand.grounding import grounded
from bot.understand.intent import PersonMention, Reading
from bot.understand.shapes import (
    ROOT,
    TAGGED,
    Fraction,
    Heard,
    Listed,
    Made,
    Nothing,
    OneOf,
    Pair,
    Quote,
    Shape,
    Truth,
    Whole,
    Words,
    fields_of,
)

REASON = "model"  # the reason of every reading that came this way
LONGEST = 800  # days of one stretch of time; a search through centuries would hold up everybody
DEEPEST = 8  # objects inside each other: five days inside each other ("the week after ...")

_UNIT_DAYS = {
    Unit.MINUTE: 0,
    Unit.HOUR: 0,
    Unit.DAY: 1,
    Unit.WORKDAY: 2,
    Unit.WEEK: 7,
    Unit.WEEKEND: 7,
    Unit.FORTNIGHT: 14,
    Unit.MONTH: 31,
    Unit.QUARTER: 92,
    Unit.YEAR: 366,
}


class NotAReadingError(ValueError):
    """An answer that is not taken; the message is a place and a rule, free of what was said."""


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A quotation and where it stands in the sentence."""

    text: str
    span: tuple[int, int]


# --- to JSON --------------------------------------------------------------------------------


def pack(heard: Heard) -> dict[str, Any]:
    """Give the JSON object of a reading; what is not asked of a model is left out."""
    packed = _pack(ROOT, heard, heard.reading.text)
    if not isinstance(packed, dict):
        raise TypeError("a reading is an object")
    return packed


def _pack(shape: Shape, value: Any, text: str) -> Any:
    match shape:
        case Made(kind):
            own = fields_of(kind).items()
            packed = {name: _pack(field, getattr(value, name), text) for name, field in own}
            return {"kind": kind.__name__, **packed} if kind in TAGGED else packed
        case OneOf(members):
            return _pack(next(m for m in members if _suits(m, value)), value, text)
        case Listed(item):
            return [_pack(item, one, text) for one in value]
        case Pair(first, second):
            return {"first": _pack(first, value[0], text), "second": _pack(second, value[1], text)}
        case Quote() if isinstance(value, tuple):
            return text[value[0] : value[1]]
        case Words():
            return str(value)
        case _:
            return value


def _suits(shape: Shape, value: Any) -> bool:
    """Tell whether a value of ours is of a shape."""
    match shape:
        case Made(kind):
            return isinstance(value, kind)
        case Words(_, kind):
            return isinstance(value, kind or str)
        case Whole():
            return isinstance(value, int)
        case Pair():
            return isinstance(value, tuple)
        case OneOf(members):
            return any(_suits(member, value) for member in members)
        case _:
            return value is None


# --- from JSON ------------------------------------------------------------------------------


def parse(content: str, text: str) -> Heard:
    """Read a model's answer about a sentence. Raises NotAReadingError for all else."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise NotAReadingError("not JSON") from None
    return unpack(data, text)


def unpack(data: object, text: str) -> Heard:
    """Give the reading of a JSON object about a sentence. Raises NotAReadingError."""
    heard = _Unpacker(text).take(ROOT, data, "answer", 0)
    if not isinstance(heard, Heard):
        raise NotAReadingError("answer: not a reading")
    _check_words(heard.reading)
    return heard


def _refuse(place: str, rule: str) -> NoReturn:
    raise NotAReadingError(f"{place}: {rule}")


class _Unpacker:
    """Reads values by their shapes, against one sentence."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.quoted: dict[str, int] = {}  # where the search for a repeated quotation goes on

    def take(self, shape: Shape, value: Any, place: str, depth: int) -> Any:
        """Give the value of a shape. Raises NotAReadingError."""
        match shape:
            case Made(kind):
                return self._made(kind, value, place, depth)
            case OneOf(members):
                fitting = [m for m in members if _may_be(m, value)]
                return self.take(_only(fitting, place), value, place, depth)
            case Listed(item, most):
                if not isinstance(value, list) or len(value) > most:
                    _refuse(place, "no list, or too long")
                return tuple(self.take(item, one, place, depth) for one in value)
            case Pair(first, second):
                _same_fields(value, ("first", "second"), place)
                return (
                    self.take(first, value["first"], place, depth),
                    self.take(second, value["second"], place, depth),
                )
            case Quote():
                return self._quote(value, place)
            case _:
                return _scalar(shape, value, place)

    def _made(self, kind: type, value: Any, place: str, depth: int) -> Any:
        if depth > DEEPEST:
            _refuse(place, "too deep")
        own = fields_of(kind)
        _same_fields(value, (*(("kind",) if kind in TAGGED else ()), *own), place)
        taken = {
            name: self.take(shape, value[name], f"{kind.__name__}.{name}", depth + 1)
            for name, shape in own.items()
        }
        return self._built(kind, taken, place)

    def _built(self, kind: type, taken: dict[str, Any], place: str) -> Any:
        """Fill in what is ours: positions, the sentence, and what a reading says twice."""
        if kind is PersonMention:
            taken |= {"text": taken["text"].text, "span": taken["text"].span}
        elif kind is TimeConstraint:
            taken["origin"] = tuple(sorted(quote.span for quote in taken["origin"]))
            if not taken["origin"]:
                _refuse(place, "no quotation")
        elif kind is Span and taken["dates"] is None and taken["clock"] is None:
            _refuse(place, "neither days nor hours")
        elif kind is Reading:
            return self._reading(taken)
        built = kind(**taken)
        if isinstance(built, Coming | Period | Shift) and _days(built) > LONGEST:
            _refuse(place, "too long")
        if isinstance(built, Recurrence) and not _is_series(built):
            _refuse(place, "no series")
        return built

    def _reading(self, taken: dict[str, Any]) -> Reading:
        time, length, series = taken["time"], taken["duration_minutes"], taken["recurrence"]
        if series is not None and time is None:
            _refuse("Reading.recurrence", "no quotation")
        if time is not None:
            time = replace(time, duration_minutes=length, recurrence=series)
        origin = () if time is None else time.origin
        return Reading(reason=REASON, text=self.text, **{**taken, "time": time}, origin=origin)

    def _quote(self, value: Any, place: str) -> _Quoted:
        """Find a quotation in the sentence; one that is quoted again is the next, if there is."""
        if not isinstance(value, str) or not value.strip():
            _refuse(place, "no quotation")
        at = _find(self.text, value, self.quoted.get(value, 0))
        if at < 0:
            at = _find(self.text, value, 0)
        if at < 0:
            _refuse(place, "not in the sentence")
        self.quoted[value] = at + len(value)
        return _Quoted(value, (at, at + len(value)))


def _find(text: str, words: str, start: int) -> int:
    """Give where whole words stand in a text from `start` on, -1 for nowhere."""
    at = text.find(words, start)
    while at >= 0 and not _whole_words(text, at, at + len(words)):
        at = text.find(words, at + 1)
    return at


def _whole_words(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not before and not after


def _days(dates: Coming | Period | Shift) -> int:
    """Give about how many days a stretch of time has, or how far it leads."""
    if isinstance(dates, Shift):
        return max((abs(number) * _UNIT_DAYS[unit] for number, unit in dates.steps), default=0)
    return dates.count * _UNIT_DAYS[dates.unit]


def _is_series(series: Recurrence) -> bool:
    """Tell whether a rule is one that has days: RFC 5545 has many that are searched in vain."""
    monthly = series.frequency is Frequency.MONTHLY
    if series.month_day is not None:
        return monthly and not series.weekdays and series.position is None
    if series.position is not None:
        return monthly and len(series.weekdays) == 1 and series.position != 0
    return True


def _same_fields(value: Any, names: tuple[str, ...], place: str) -> None:
    if not isinstance(value, dict) or set(value) != set(names):
        _refuse(place, "other fields")


def _only(fitting: list[Shape], place: str) -> Shape:
    if len(fitting) != 1:
        _refuse(place, "of no known kind")
    return fitting[0]


def _may_be(shape: Shape, value: Any) -> bool:
    """Tell which member of a union a JSON value claims to be."""
    match shape:
        case Made(kind):
            tag = value.get("kind") if isinstance(value, dict) else None
            return isinstance(value, dict) and (kind not in TAGGED or tag == kind.__name__)
        case Words() | Quote():
            return isinstance(value, str)
        case Whole():
            return isinstance(value, int) and not isinstance(value, bool)
        case OneOf(members):
            return any(_may_be(member, value) for member in members)
        case Pair():
            return isinstance(value, dict)
        case _:
            return value is None


def _scalar(shape: Shape, value: Any, place: str) -> Any:
    """Give a word, number, truth value or nothing."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match shape:
        case Whole(low, high) if number and isinstance(value, int) and low <= value <= high:
            return value
        case Fraction() if number and 0 <= value <= 1:
            return float(value)
        case Truth() if isinstance(value, bool):
            return value
        case Words(words, kind) if isinstance(value, str) and value in words:
            return kind(value) if kind else value
        case Nothing() if value is None:
            return None
        case _:
            _refuse(place, "not as asked")


def _check_words(reading: Reading) -> None:
    """Refuse dates that the quotations do not write."""
    for name, constraint in (("time", reading.time), ("move_from", reading.move_from)):
        if constraint is not None:
            words = " ".join(reading.text[a:b] for a, b in constraint.origin)
            if not grounded(constraint, words):
                _refuse(f"Reading.{name}", "a date that is not quoted")
