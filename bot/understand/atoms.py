"""The time phrases of a sentence one by one, and how each hangs on the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.understand.constraint import (
    At,
    Clock,
    ClockRange,
    Dates,
    PartOfDay,
    PartRange,
    Span,
    Within,
)
from bot.understand.lexer import Token
from bot.understand.rules_relative import following


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TIME_KINDS = frozenset({"DATES", "CLK", "CLOCK", "SPAN", "LIST", "EACH", "PLURAL"})
# Words that may stand between a day and its hour.
_GLUE = _words(
    """
    at on in the of for comma dash sometime anytime any time from about between during dot this
    maybe perhaps say like around starting w:to
    """
)
_NOT = _words(
    """
    not no except never avoid avoiding without cannot cant dont wont doesnt but exclude than
    apart
    """
)
_PAUSE = frozenset({"comma", "dot", "dash", "not", "never"})
_THAT = frozenset({"that", "those", "these"})
_ANY = frozenset({"anything", "any", "all", "everything", "anytime", "day", "days", "times"})
_OR = frozenset({"or", "slash", "nor"})
_AND = frozenset({"and", "also", "plus", "then"})
_NEAR = 7  # words before a time in which "not" or "preferably" speaks of it
_SOFT = _words("ideally preferably prefer preferred possibly rather")


class Link(StrEnum):
    """How a time phrase hangs on the one before it."""

    GLUE = "glue"
    OR = "or"
    AND = "and"
    FAR = "far"


@dataclass(slots=True)
class Atom:
    """One time phrase: its days, its clock, and how it is linked."""

    dates: tuple[Dates, ...]
    clock: Clock | None
    start: int
    end: int
    link: Link = Link.FAR
    negated: bool = False
    soft: bool = False
    each: bool = False
    plural: bool = False


def _atom(token: Token) -> Atom:
    value = token.value
    dates: tuple[Dates, ...] = ()
    clock: Clock | None = None
    if token.kind in {"LIST", "EACH"} and isinstance(value, tuple):
        dates = value
    elif token.kind == "SPAN" and isinstance(value, Span):
        dates, clock = ((value.dates,) if value.dates is not None else ()), value.clock
    elif isinstance(value, At | ClockRange | PartOfDay | PartRange | Within):
        clock = value
    else:
        dates = (value,)  # type: ignore[assignment]  # kinds DATES and PLURAL carry Dates
    return Atom(
        dates,
        clock,
        token.start,
        token.end,
        each=token.kind == "EACH",
        plural=token.kind == "PLURAL",
    )


def atoms_of(tokens: Iterable[Token]) -> list[Atom]:
    """Give the time phrases with their links."""
    out: list[Atom] = []
    between: list[str] = []
    for token in tokens:
        if token.kind == "NEXTONE":
            _add_following(out)
        elif token.kind not in TIME_KINDS:
            between.append(token.kind if token.kind == "NEGATED" else token.word)
            if token.kind == "NEGATED" and out:
                _negate_back(out)
        if token.kind not in TIME_KINDS:
            continue
        atom = _atom(token)
        _link(atom, between, out)
        out.append(atom)
        between = []
    if any(word in _SOFT for word in between) or _ends_soft(between):
        for atom in _last_clause(out):
            atom.soft = True
    return out


def _add_following(atoms: list[Atom]) -> None:
    """Add "and the one after" to the last day; it is a meeting of its own at the same hour."""
    for atom in reversed(atoms):
        if atom.dates:
            atom.dates = (*atom.dates, following(atom.dates[-1]))
            atom.each = True
            return


def _ends_soft(between: list[str]) -> bool:
    return between[:2] in (["if", "possible"], ["if", "you"], ["would", "be"])


def _negate_back(atoms: list[Atom]) -> None:
    """Apply "Tuesday or Wednesday don't work" to all that it speaks of."""
    for atom in _last_clause(atoms):
        atom.negated = True


def _last_clause(atoms: list[Atom]) -> list[Atom]:
    clause: list[Atom] = []
    for atom in reversed(atoms):
        clause.append(atom)
        if atom.link is Link.FAR:
            break
    return clause


def _link(atom: Atom, between: list[str], before: list[Atom]) -> None:
    """Set how an atom hangs on the one before it, and whether it is excluded or only wished."""
    near = _unanswered(between)[-_NEAR:]
    if near[-1:] == ["no"] and _is_open(atom.clock):
        near = near[:-1]  # "no not before 10": the hour phrase has its "not" in it
    atom.negated = any(w in _NOT for w in near) and not _cancelled(near)
    atom.soft = any(w in _SOFT for w in near)
    if not before:
        return
    previous = before[-1]
    words = [w for w in between if w not in _GLUE]
    atom.link = _link_of(words, between, same=_same_kind(atom, previous))
    if atom.link is Link.OR and not words and _is_open(atom.clock):
        atom.link = Link.GLUE  # "Friday afternoon, not before 3"
    atom.negated = atom.negated or (previous.negated and _shares_no(atom, words, between, previous))
    if atom.soft and not previous.soft:
        atom.link = Link.FAR
    elif previous.soft and atom.link is not Link.FAR:
        atom.soft = True


def _link_of(words: list[str], between: list[str], *, same: bool) -> Link:
    if any(w in _OR for w in words):
        return Link.OR
    if not words:
        return Link.OR if same and "comma" in between else Link.GLUE
    return Link.AND if set(words) <= _AND else Link.FAR


def _shares_no(atom: Atom, words: list[str], between: list[str], previous: Atom) -> bool:
    """Tell whether a "not" before the previous time holds for this one too."""
    if atom.link is Link.OR and words:
        return "but" not in words
    hour_first = previous.clock is not None and not previous.dates and not atom.clock
    if atom.link is Link.FAR or (hour_first and atom.link is Link.GLUE):
        return False  # "any time except lunch tomorrow" is about tomorrow
    return "comma" not in between or _same_kind(atom, previous)


def _unanswered(words: list[str]) -> list[str]:
    """Return what follows a "no" that is an answer: "no, Tuesday", "not that, Tuesday"."""
    for index, (word, after) in enumerate(pairwise(words)):
        if (word == "no" and after in _PAUSE) or (word in _THAT and after == "comma"):
            return _unanswered(words[index + 1 :])
    return words


def _cancelled(words: list[str]) -> bool:
    """Tell whether a "but" only joins, or a word of saying no says something else."""
    hits = [w for w in words if w in _NOT]
    if hits == ["but"]:
        return not _ANY.intersection(words)
    return any(w in words for w in ("why", "sure", "problem", "matter"))


def _is_open(clock: Clock | None) -> bool:
    return isinstance(clock, ClockRange) and (clock.first is None or clock.last is None)


def _same_kind(atom: Atom, other: Atom) -> bool:
    return bool(atom.dates) == bool(other.dates)
