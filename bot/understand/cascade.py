"""Rules over token kinds, applied in stages from small phrases to large ones.

A rule's pattern is a regular expression over kinds: a capital name is a kind or one of `MACROS`, a
small name a word (`dash`, `comma`... for signs), and the usual operators mean what they mean for
letters. Each kind is one private character, so the patterns run at the speed of `re`.
What matches is replaced by one token; a builder that gives None refuses the match.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.understand.lexer import Token
from bot.understand.vocabulary import WORDS, spelled

Build = Callable[..., object]

MACROS = {
    "ORD": ("ORDNUM", "ORDWORD"),
    "MON": ("MONTH", "MONTHISH"),
    "N": ("NUM", "ONE"),
}
_CODES: dict[str, str] = {"X": "\ue000"}
_PIECE = re.compile(r"[A-Za-z][A-Za-z_]*|.")
_BASE = 0xE000


def _code(kind: str) -> str:
    return _CODES.setdefault(kind, chr(_BASE + len(_CODES)))


def _coded(name: str) -> str:
    if name in MACROS:
        return "".join(_code(kind) for kind in MACROS[name])
    if name.isupper():
        return _code(name)
    if spelled(name) in WORDS:
        raise ValueError(f"{name!r} is a word of a kind of its own: name the kind")
    return _code("w:" + spelled(name))


def _compiled(pattern: str) -> str:
    out = []
    in_class = False
    for piece in _PIECE.findall(pattern):
        in_class = piece == "[" or (in_class and piece != "]")
        if not piece[0].isalpha():
            out.append(piece.strip())
        elif piece in MACROS and not in_class:
            out.append(f"[{_coded(piece)}]")
        else:
            out.append(_coded(piece))
    return "".join(out)


@dataclass(frozen=True, slots=True)
class Rule:
    """One production: `example` is a phrase that it reads (the tests know its meaning)."""

    pattern: str
    kind: str
    build: Build
    example: str
    regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the pattern once."""
        object.__setattr__(self, "regex", re.compile(_compiled(self.pattern)))


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that follow one another, and one pattern that tells whether any of them has a match.

    Most stages have nothing to do for most sentences.
    """

    rules: tuple[Rule, ...]
    any: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the one pattern."""
        either = "|".join(f"(?:{rule.regex.pattern})" for rule in self.rules)
        object.__setattr__(self, "any", re.compile(either))


def codes(tokens: list[Token]) -> str:
    """Give one character per token; words that no rule names are all alike."""
    unknown = _CODES["X"]
    return "".join([_CODES.get(token.kind, unknown) for token in tokens])


def _built(rule: Rule, tokens: list[Token]) -> Token | None:
    value = rule.build(*[t.value for t in tokens if t.value is not None])
    if value is None:
        return None
    word = " ".join([t.word for t in tokens])
    return Token(rule.kind, word, tokens[0].start, tokens[-1].end, value)


def apply(rule: Rule, tokens: list[Token], coded: str) -> list[Token]:
    """Apply one rule to all its matches; the same list comes back when it has none."""
    found = rule.regex.search(coded)
    if found is None:
        return tokens
    out: list[Token] = []
    done = 0
    while found is not None:
        first, last = found.span()
        token = _built(rule, tokens[first:last])
        if token is None:
            found = rule.regex.search(coded, first + 1)
            continue
        out += tokens[done:first]
        out.append(token)
        done = last
        found = rule.regex.search(coded, last)
    return out + tokens[done:]


def run(stages: tuple[Stage, ...], tokens: list[Token]) -> list[Token]:
    """Apply the rules in their order, each to all its matches from left to right."""
    coded = codes(tokens)
    for stage in stages:
        if stage.any.search(coded) is None:
            continue
        for rule in stage.rules:
            after = apply(rule, tokens, coded)
            if after is not tokens:
                tokens, coded = after, codes(after)
    return tokens
