"""Plain dates and a few words of other languages; the only module that uses dateparser.

A fragment such as "le 3 juin" or "5 de noviembre de 2027" is cut out here first, around the name of
a month; dateparser sees nothing else, and every word of the fragment has to be part of the date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

import dateparser

from bot.understand.constraint import Day
from bot.understand.lexer import YEARS, Token

LANGUAGES = ("de", "fr", "es", "pt", "nl", "it")
_NAMES = """
januar jänner februar märz mai juni juli oktober dezember janvier février fevrier mars avril juin
juillet août aout septembre octobre novembre décembre decembre enero febrero marzo abril mayo junio
julio agosto septiembre setiembre octubre noviembre diciembre janeiro fevereiro março marco maio
junho julho setembro outubro novembro dezembro januari februari maart mei augustus gennaio febbraio
aprile maggio giugno luglio settembre ottobre dicembre
"""
_MONTHS = frozenset(_NAMES.split())
_JOINS = frozenset({"de", "del", "le", "den", "el", "di", "du", "il", "van", "do", "dot", "der"})
_DAY_KINDS = frozenset({"NUM", "ONE", "ORDNUM"})
_MOST = 3  # tokens on either side of the month
_BASE = datetime(2024, 1, 1, tzinfo=UTC)  # a leap year, so that 29 February is a date


@lru_cache(maxsize=512)
def _parsed(fragment: str) -> tuple[int, int] | None:
    """Give (day, month) of a fragment, None when it is not wholly a date."""
    found = dateparser.parse(
        fragment,
        languages=list(LANGUAGES),
        settings={
            "RELATIVE_BASE": _BASE.replace(tzinfo=None),
            "REQUIRE_PARTS": ["day", "month"],
            "DATE_ORDER": "DMY",
            "PARSERS": ["absolute-time"],
        },
    )
    return (found.day, found.month) if found is not None else None


def _reach(tokens: list[Token], at: int) -> tuple[int, int]:
    """Give the first and the last token (excluded) that belong to the month at a place."""
    first = at
    while first > 0 and at - first < _MOST and _belongs(tokens[first - 1]):
        first -= 1
    last = at + 1
    while last < len(tokens) and last - at <= _MOST and _follows(tokens, last):
        last += 1
    return first, last


def _belongs(token: Token) -> bool:
    return token.kind in _DAY_KINDS or token.word in _JOINS


def _follows(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    joined = token.word in _JOINS and at + 1 < len(tokens) and tokens[at + 1].kind == "YEAR"
    return token.kind == "YEAR" or joined


def _date(small: str, tokens: list[Token]) -> Day | None:
    if not any(token.kind in _DAY_KINDS for token in tokens):
        return None
    start = next(t.start for t in tokens if t.kind in _DAY_KINDS or t.word in _MONTHS)
    fragment = re.sub(r"[.,]", " ", small[start : tokens[-1].end])
    found = _parsed(fragment)
    years = [t.value for t in tokens if isinstance(t.value, int) and t.value in YEARS]
    return Day(*found, years[0] if years else None) if found is not None else None


def with_foreign_dates(small: str, tokens: list[Token]) -> list[Token]:
    """Replace the dates of other languages by one token each; others stay as they are."""
    out = list(tokens)
    at = 0
    while at < len(out):
        if out[at].kind == "w:" + out[at].word and out[at].word in _MONTHS:
            first, last = _reach(out, at)
            day = _date(small, out[first:last])
            if day is not None:
                whole = Token("DATES", "date", out[first].start, out[last - 1].end, day)
                out[first:last] = [whole]
                at = first
        at += 1
    return out
