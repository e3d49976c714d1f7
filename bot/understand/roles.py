"""In a sentence about moving a meeting: which time is the meeting's, which one is wanted."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.understand.atoms import TIME_KINDS
from bot.understand.constraint import At, ClockRange, DayRange
from bot.understand.intent_words import CANCEL, CHANGE, MEETING, MOVE, OCCASION
from bot.understand.lexer import Token
from bot.understand.rules_clocks import bare

_NOUN = re.compile(rf"^(?:{MEETING}|{OCCASION}|one)$")
_MOVING = re.compile(rf"^(?:{MOVE}|{CHANGE}|{CANCEL}|bring|pull|find|have|make|do)$")
_TO = frozenset({"to", "into", "onto", "until", "auf", "naar", "para", "al", "au", "nach"})
_NEW = frozenset({"for", "at", "by"})
_CHANGES = frozenset({"make", "change", "update", "have", "do", "switch", "put", "how", "what"})
_LAPSES = frozenset({"anymore", "more", "longer", "now", "after"})
_NEGATIVE = frozenset({"cant", "cannot", "doesnt", "dont", "wont", "isnt", "not", "no"})
_TWO = 2
_DIRECT = frozenset({"it", "that", "this", "them"})


def _split(token: Token) -> list[Token] | None:
    """Split "from Monday to Wednesday" into the meeting's time and the wanted one."""
    if not (token.word.startswith("from ") or " to " in token.word):
        return None
    value = token.value
    middle = (token.start + token.end) // 2
    if isinstance(value, DayRange) and value.first is not None and value.last is not None:
        return [
            replace(token, value=value.first, end=middle),
            replace(token, value=value.last, start=middle),
        ]
    if isinstance(value, ClockRange) and value.first is not None and value.last is not None:
        return [
            replace(token, kind="CLK", value=value.first, end=middle),
            replace(token, kind="CLK", value=value.last, start=middle),
        ]
    if isinstance(value, DayRange) and value.first is not None and value.last is None:
        return [replace(token, value=value.first)]
    if isinstance(value, ClockRange) and value.first is not None and value.last is None:
        return [replace(token, kind="CLK", value=value.first)]
    return None


def split_roles(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Give the tokens up to the wanted time, and those of the wanted time.

    "move my Thursday session to Friday 3pm" -> (... Thursday session, Friday 3pm).
    """
    tokens = _with_hour(tokens)
    marked = any(t.word in _TO and not _verb(tokens, n + 1) for n, t in enumerate(tokens))
    tokens = [piece for token in tokens for piece in _from(token, marked=marked)]
    lapsed = _lapsed(tokens)
    if lapsed is not None:
        return lapsed
    instead = _instead(tokens)
    if instead is not None:
        return instead
    cut = _cut(tokens)
    if cut is not None:
        return tokens[:cut], tokens[cut:]
    return _without_marker(tokens)


def _with_hour(tokens: list[Token]) -> list[Token]:
    """Read the bare hour of "move it to 4"."""
    out = list(tokens)
    for at in range(1, len(out)):
        token = out[at]
        last = at + 1 == len(out) or out[at + 1].word in {"stop", "dot", "comma", "please"}
        number = token.value
        if last and token.kind in {"NUM", "ONE"} and out[at - 1].word == "to":
            hour = bare(number) if isinstance(number, int) else None
            if hour is not None:
                out[at] = replace(token, kind="CLK", value=hour)
    return out


def _from(token: Token, *, marked: bool) -> list[Token]:
    parts = _split(token) if token.word.startswith("from ") or not marked else None
    if parts is None:
        return [token]
    if len(parts) == 1:
        return parts
    return [parts[0], Token("w:to", "to", parts[0].end, parts[0].end), parts[1]]


def _lapsed(tokens: list[Token]) -> tuple[list[Token], list[Token]] | None:
    """Split "Thursday doesn't work any more, what about Friday": the first time is the old one."""
    places = [n for n, t in enumerate(tokens) if t.kind in TIME_KINDS]
    if len(places) < _TWO:
        return None
    before = tokens[: places[1]]
    between = {t.word for t in before}
    denied = between & _NEGATIVE or any(t.kind in {"NEGATED", "NEG"} for t in before)
    if not (between & _LAPSES and denied):
        return None
    return tokens[: places[0] + 1], tokens[places[1] :]


def _instead(tokens: list[Token]) -> tuple[list[Token], list[Token]] | None:
    words = [t.word for t in tokens]
    if "instead" not in words:
        return None
    at = words.index("instead")
    if words[at + 1 : at + 2] == ["of"]:
        old, new = tokens[at + 2 :], tokens[:at]
        if old and old[0].kind in {"NUM", "ONE"} and isinstance(old[0].value, int):
            old = [replace(old[0], kind="CLK", value=At(old[0].value)), *old[1:]]
        if not any(t.kind in TIME_KINDS for t in new):
            new = [t for t in old if t.kind in TIME_KINDS][1:]
        cut = _cut(new)
        return ([*new[:cut], *old], new[cut:]) if cut else (old, new)
    if any(t.kind in TIME_KINDS for t in tokens[:at]) and _cut(tokens) is None:
        places = [n for n, t in enumerate(tokens[:at]) if t.kind in TIME_KINDS]
        if len(places) == _TWO and _NOUN.match(tokens[places[0] + 1].word):
            return tokens[: places[0] + 1], tokens[places[1] :]
        return [], tokens
    return None


def _cut(tokens: list[Token]) -> int | None:
    """Give the place after the word that announces the wanted time."""
    for at, token in enumerate(tokens):
        if token.word in _TO and not _verb(tokens, at + 1) and _time_follows(tokens, at + 1):
            return at + 1
    for at, token in enumerate(tokens):
        if token.kind in TIME_KINDS and token.word.startswith(("to ", "until ")):
            return at
    for at, token in enumerate(tokens):
        named = [t.word for t in tokens[at + 2 : at + 3]]
        if token.word == "for" and named and _NOUN.match(named[0]):
            continue  # "a later slot for Thursday's session"
        if token.word in _NEW and _time_follows(tokens, at + 1, reach=2) and at > 1:
            return at + 1
    return None


def _verb(tokens: list[Token], at: int) -> bool:
    """Tell whether "to" is only that of "I need to rearrange Thursday"."""
    return at < len(tokens) and bool(_MOVING.match(tokens[at].word))


def _time_follows(tokens: list[Token], at: int, reach: int = 4) -> bool:
    for token in tokens[at : at + reach]:
        if token.kind in TIME_KINDS:
            return True
        if _NOUN.match(token.word):
            return False
    return False


def _without_marker(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    places = [n for n, t in enumerate(tokens) if t.kind in TIME_KINDS]
    if not places:
        return tokens, []
    at = places[0]
    before = tokens[at - 1].word if at else ""
    following = [t.word for t in tokens[at + 1 : at + 4]]
    named = any(_NOUN.match(w) for w in following) or tokens[at].word.endswith("'s")
    changing = any(t.word in _CHANGES for t in tokens[:at])
    if before in _DIRECT or (changing and not named) or (at == 0 and not named):
        return tokens[:at], tokens[at:]
    return tokens, []
