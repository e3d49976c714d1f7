"""The types of a reading as shapes: the one source of the schema a model answers in (`schema`)
and of what reads its answers (`wire`). A field that is added to a type is in both at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType, NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from bot.understand import constraint, intent
from bot.understand.constraint import Clock, Dates, TimeConstraint
from bot.understand.feasts import FEAST_NAMES
from bot.understand.intent import Intent, PersonMention, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a model may say a sentence means: nothing of this is carried out, and nobody else hears of
# it, before the speaker has pressed a button. Answers to proposals, preferences, messages to
# people and administration act at once and are read by rules alone.
MODEL_INTENTS = frozenset(Intent) - {
    Intent.ACCEPT,
    Intent.DECLINE,
    Intent.SET_PREFERENCES,
    Intent.TALK_TO_HUMAN,
    Intent.ADMIN,
}
MOST = 12  # items of a list


@dataclass(frozen=True, slots=True)
class Heard:
    """The reading of one chat sentence, and from 0 to 1 how sure it is."""

    reading: Reading
    confidence: float


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, both bounds included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Fraction:
    """A number from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The absence of a value."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A part of the sentence, copied literally."""


@dataclass(frozen=True, slots=True)
class Words:
    """One of some words; `kind` is the enumeration they belong to."""

    words: tuple[str, ...]
    kind: type[StrEnum] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """At most so many items."""

    item: Shape
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values of different meaning."""

    first: Shape
    second: Shape


@dataclass(frozen=True, slots=True)
class Made:
    """One of our dataclasses; its fields are those of `fields_of`."""

    kind: type


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several shapes; `name` when the union has one of its own."""

    members: tuple[Shape, ...]
    name: str = ""


Shape = Whole | Fraction | Truth | Nothing | Quote | Words | Listed | Pair | Made | OneOf

# Where not all fields are asked for: the others are ours to fill in (ids, zones, positions).
ASKED: Mapping[type, tuple[str, ...]] = MappingProxyType(
    {
        Reading: ("intent", "people", "time", "move_from", "duration_minutes", "recurrence"),
        PersonMention: ("text", "optional"),
        TimeConstraint: ("options", "exclude", "soft", "hard", "each", "origin"),
    }
)
# The classes that stand for each other in a union carry their name in the field "kind".
TAGGED: frozenset[type] = frozenset({*get_args(Dates), *get_args(Clock)})
UNIONS: Mapping[frozenset[type], str] = MappingProxyType(
    {frozenset(get_args(Dates)): "Dates", frozenset(get_args(Clock)): "Clock"}
)

_MONTH, _MONTH_DAY, _WEEKDAY, _YEAR = Whole(1, 12), Whole(1, 31), Whole(0, 6), Whole(2000, 2100)
_COUNT = Whole(1, 60)
# Every number has its bounds here, so that no answer leads out of the calendar.
_NUMBERS: Mapping[str, Whole] = {
    "Day.day": _MONTH_DAY,
    "Day.month": _MONTH,
    "Day.year": _YEAR,
    "Day.weekday": _WEEKDAY,
    "Slashed.first": _MONTH_DAY,
    "Slashed.second": _MONTH_DAY,
    "Slashed.year": _YEAR,
    "Slashed.weekday": _WEEKDAY,
    "Weekday.days": _WEEKDAY,
    "Month.month": _MONTH,
    "Month.year": _YEAR,
    "Month.skip": Whole(0, 5),
    "Year.year": _YEAR,
    "Holiday.year": _YEAR,
    "Period.offset": Whole(-60, 60),
    "Period.count": _COUNT,
    "Coming.count": Whole(1, 366),
    "FromNow.minutes": Whole(1, 10_080),
    "Shift.steps": Whole(-31, 366),
    "Nth.n": Whole(-5, 31),
    "Nth.of": _WEEKDAY,
    "At.hour": Whole(0, 24),
    "At.minute": Whole(0, 59),
    "Recurrence.interval": Whole(1, 12),
    "Recurrence.weekdays": _WEEKDAY,
    "Recurrence.month_day": _MONTH_DAY,
    "Recurrence.position": Whole(-1, 5),
    "Recurrence.count": Whole(1, 100),
    "Recurrence.length": _COUNT,
    "Reading.duration_minutes": Whole(1, 1440),
}
_SPECIAL: Mapping[str, Shape] = {
    "Reading.intent": Words(tuple(i for i in Intent if i in MODEL_INTENTS), Intent),
    "PersonMention.text": Quote(),
    "TimeConstraint.origin": Listed(Quote()),
    "Holiday.name": Words(tuple(sorted(FEAST_NAMES))),
    "Shift.steps": Listed(
        Pair(_NUMBERS["Shift.steps"], Words(tuple(constraint.Unit), constraint.Unit)), 3
    ),
}


@lru_cache(maxsize=64)
def fields_of(kind: type) -> Mapping[str, Shape]:
    """Give the fields of a dataclass that are asked for, with their shapes."""
    names = {**vars(constraint), **vars(intent)}  # the types of annotations that are strings
    hints = get_type_hints(kind, localns=names)
    asked = ASKED.get(kind)
    return MappingProxyType(
        {
            field.name: shape_of(hints[field.name], f"{kind.__name__}.{field.name}")
            for field in fields(kind)
            if asked is None or field.name in asked
        }
    )


def shape_of(hint: Any, place: str) -> Shape:
    """Give the shape of an annotation; `place` is "Class.field". KeyError without bounds."""
    if place in _SPECIAL:
        return _SPECIAL[place]
    if get_origin(hint) in {Union, UnionType}:
        members = get_args(hint)
        name = UNIONS.get(frozenset(members) - {NoneType}, "")
        if name and NoneType in members:
            named = OneOf(tuple(shape_of(m, place) for m in members if m is not NoneType), name)
            return OneOf((named, Nothing()))
        return OneOf(tuple(shape_of(member, place) for member in members), name)
    if get_origin(hint) is tuple:
        first, second = get_args(hint)
        item = shape_of(first, place)
        return Listed(item) if second is Ellipsis else Pair(item, shape_of(second, place))
    return _plain_shape(hint, place)


def _plain_shape(hint: Any, place: str) -> Shape:
    if hint is NoneType:
        return Nothing()
    if hint is bool:
        return Truth()
    if hint is float:
        return Fraction()
    if hint is int:
        return _NUMBERS[place]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Words(tuple(hint), hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return Made(hint)
    raise KeyError(place)


ROOT = Made(Heard)
