"""A sentence taken apart: its tokens, people, shape and stated times."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.understand import left_out
from bot.understand.atoms import TIME_KINDS, atoms_of
from bot.understand.compose import Composed, compose
from bot.understand.constraint import TimeConstraint
from bot.understand.foreign import with_foreign_dates
from bot.understand.grammar import parse
from bot.understand.intents import shape_of
from bot.understand.lexer import Token, lex, plain
from bot.understand.naming import names_of
from bot.understand.people import find_people
from bot.understand.rules_lengths import minutes
from bot.understand.zones import find_zone

if TYPE_CHECKING:
    from bot.understand.context import Context
    from bot.understand.intent import PersonMention

_NOT_DAYS = frozenset(
    {
        ("mon", "rendez"),
        ("mon", "agenda"),
        ("mon", "calendrier"),
        ("mon", "mentor"),
        ("mon", "ami"),
        ("sat", "down"),
        ("sat", "with"),
        ("sun", "is"),
        ("sun", "sets"),
        ("march", "on"),
    }
)
_ONE = re.compile(
    r"^(?:session|meeting|mtg|call|chat|catch|catchup|slot|one|appointment|sesh|sesion|lesson|1:1)$"
)
_EVERY = frozenset({"on", "every", "all", "most", "and", "or", "comma"})
_LEAVE = frozenset({"leave", "holiday", "holidays"})
_MONTHS_AS_NAMES = frozenset(
    {"january", "jan", "april", "may", "june", "august", "summer", "autumn"}
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence taken apart."""

    text: str
    small: str
    tokens: list[Token]
    people: tuple[PersonMention, ...]
    shape: str
    composed: Composed
    zone: str | None
    lengths: tuple[int, ...]
    spread: tuple[int, int] | None
    without: tuple[PersonMention, ...] = ()


def _owns(tokens: list[Token], at: int) -> bool:
    """Tell whether "thursdays session" is Thursday's, written without its apostrophe."""
    after = tokens[at + 1].word if at + 1 < len(tokens) else ""
    before = tokens[at - 1].word if at else ""
    return tokens[at].kind == "WEEKDAYS" and before not in _EVERY and bool(_ONE.match(after))


def _retagged(tokens: list[Token]) -> list[Token]:
    """Take "with April" as a person unless a number shows the month, and "mon agenda" as no day."""
    for at, token in enumerate(tokens):
        if _owns(tokens, at):
            tokens[at] = replace(token, kind="WEEKDAY")
        elif token.word == "annual" and tokens[at + 1 : at + 2] and tokens[at + 1].word in _LEAVE:
            tokens[at] = replace(token, kind="w:annual", value=None)
    for at, token in enumerate(tokens[1:], start=1):
        alone = not any(
            tokens[n].kind in {"NUM", "ORDNUM", "YEAR"}
            for n in (at - 1, at + 1)
            if 0 <= n < len(tokens)
        )
        if tokens[at - 1].word in {"with", "w/"} and token.word in _MONTHS_AS_NAMES and alone:
            tokens[at] = replace(token, kind="w:" + token.word, value=None)
        if (tokens[at - 1].word, token.word) in _NOT_DAYS:
            first = tokens[at - 1]
            tokens[at - 1] = replace(first, kind="w:" + first.word, value=None)
    return tokens


def take_apart(text: str, context: Context) -> Parsed:
    """Take a sentence of the speaker apart. Pure; its cost is linear."""
    small = plain(text)
    tokens = _retagged(lex(small))
    named = find_zone(small)
    if named is not None:
        first, last = named[1]
        tokens = [t for t in tokens if not first <= t.start < last]
    tokens = parse(with_foreign_dates(small, tokens))
    people = find_people(text, tokens, names_of(context.names, context.others), context.speaker)
    rest, without = left_out.cut(text, people) if left_out.HINT.search(text) else (text, ())
    if without:
        return replace(take_apart(rest, context), text=text, without=without)
    taken = [p.span for p in people]
    tokens = [t for t in tokens if t.kind not in TIME_KINDS or not _inside(t, taken)]
    lengths = [minutes(t.value) for t in tokens if t.kind == "LEN" and isinstance(t.value, tuple)]
    spreads = [t.value for t in tokens if t.kind == "LENS" and isinstance(t.value, tuple)]
    return Parsed(
        text,
        small,
        tokens,
        people,
        shape_of(small, tokens, people),
        compose(atoms_of(tokens)),
        named[0] if named else None,
        tuple(n for n in lengths if n is not None),
        spreads[0] if spreads else None,
    )


def _inside(token: Token, spans: list[tuple[int, int]]) -> bool:
    return any(first <= token.start < last for first, last in spans)


def constraint_of(
    parsed: Parsed, duration: int | None, composed: Composed | None = None
) -> TimeConstraint:
    """Give the stated times, of a part of the sentence where `composed` is given."""
    composed = composed or parsed.composed
    only_soft = not composed.options and bool(composed.soft)
    return TimeConstraint(
        options=composed.soft if only_soft else composed.options,
        exclude=composed.exclude,
        soft=composed.soft,
        hard=not only_soft,
        each=composed.each,
        duration_minutes=duration,
        duration=parsed.spread,
        zone=parsed.zone,
        origin=composed.origin,
    )
