"""What a sentence wants: its shape against the ordered rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.understand.atoms import TIME_KINDS
from bot.understand.intent import Intent, PersonMention
from bot.understand.intent_actions import ASKS, BOOKS, BOOKS_FIRST, CANCELS, MOVES
from bot.understand.intent_changes import CHANGED
from bot.understand.intent_elsewhere import ELSEWHERE, ELSEWHERE_REPLIES
from bot.understand.intent_plans import PLANS
from bot.understand.intent_rules import (
    ADMIN,
    CALENDARS,
    REPLIES,
    RUNNING_LATE,
    WHY,
    IntentRule,
)
from bot.understand.intent_sayings import SAYINGS
from bot.understand.intent_scope import foreign
from bot.understand.lexer import Token
from bot.understand.replies import reply


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIGNS = {"comma": ",", "dot": ".", "stop": ".", "dash": "-", "slash": "/", "colon": ":"}
_MOST_SHAPE = 1500
_TYPO_LENGTH = 6
_KEYWORDS = (
    "schedule",
    "scheduled",
    "scheduling",
    "reschedule",
    "rescheduling",
    "cancel",
    "cancelled",
    "meeting",
    "session",
    "appointment",
    "calendar",
    "available",
    "availability",
    "postpone",
    "connect",
    "disconnect",
    "delete",
    "remove",
    "preferences",
    "reminders",
    "recurring",
    "fortnightly",
    "tentative",
    "holidays",
    "running",
)
# How people shorten and misspell the words that decide; what may be another word is not here.
_SHORT = {
    short: word
    for word, shorts in {
        "reschedule": "resched resch rsched reschd reschedul resched. rescedule reschedul",
        "move": "mv mve",
        "cancel": "cancl cncl cxl canx cancle canell cancell",
        "postpone": "postpne pospone",
        "session": "sesh sess sesion seshion",
        "sessions": "seshes sesions sessons sesssions",
        "meetings": "mtgs meetngs meetins",
        "meeting": "mtg mtng meetng meetin",
        "could": "cld",
        "would": "wld",
        "should": "shld shoud",
        "can": "cn",
        "you": "u",
        "please": "pls plz plse plese",
        "because": "cos coz cuz bc becuase becos",
        "preferences": "prefs",
        "running": "runing runnin",
        "holidays": "hols",
        "available": "availible avail availble availabel avaliable",
        "what": "wot",
        "with": "w w/ wiv wth",
        "and": "n",
        "buffer": "bufer buffr",
        "yeah": "yh yeh",
        "dont": "dnt dont",
        "remind": "remnd",
        "reminders": "remiders",
        "series": "serie serieses",
        "remaining": "remaing remainig",
        "upcoming": "upcomming",
        "future": "futur",
    }.items()
    for short in shorts.split()
}
_PLAIN = _words(
    """
    mit avec con com met und et oder ou la le el de del der den am um au with and or at on in
    for from to by the a an please maybe perhaps sometime anytime any some time is ok okay fine
    good me us my i im we you it that this not no but except before after between until both
    each either only also around about say hi hey hello preferably ideally possible if would
    could can do be best first thanks thank one ones other - / , . ? & + all day of w online
    again instead earliest latest later earlier soon asap possibly next week then too
    """
)
# What may stand beside a time that answers a proposal.
ABOUT_TIMES = _PLAIN | _words(
    """
    meant mean wrong any anything something better easier free around only good great fine ok okay
    works work suits suit fits fit nice easy open got have has is are was like want go going try
    how what about which when there thats its id ill still really much more far too late early
    soon sooner already might may must should shall lets let see meet so yes yeah no nope sorry
    oh hm hmm well actually rather somewhere other another different new date slot slots times
    myself them they those these day days week weeks month anyone everyone half hour past quarter
    oclock works ones best possible push onwards home mine yours your as long because since
    """
)
_CALLED = re.compile(
    r"^(?:/ ?(?:schedule|tandem) |@ ?(?:assistant|tandem|bot|scheduling assistant)[,.: ]+)+"
)


def shape_of(small: str, tokens: list[Token], people: Iterable[PersonMention]) -> str:
    """Give the sentence with time phrases, lengths, series and people replaced by their kind."""
    spans = sorted(p.span for p in people)
    out: list[str] = []
    covered = 0
    for token in tokens:
        while spans and spans[0][1] <= token.start:
            spans.pop(0)
        if spans and spans[0][0] <= token.start < spans[0][1]:
            if covered != spans[0][1]:
                out.append("_p_")
                covered = spans[0][1]
            continue
        piece = _piece(small, token)
        if piece != "_t_" or out[-1:] != ["_t_"]:
            out.append(piece)
    shape = " ".join(out)[:_MOST_SHAPE].replace(" ,", ",").replace(" .", ".")
    shape = shape.replace(" \0 ", "-")
    return _CALLED.sub("", shape)


def _piece(small: str, token: Token) -> str:
    if token.kind in TIME_KINDS:
        return "_t_"
    if token.kind in {"LEN", "LENS"}:
        return "_len_"
    if token.kind == "SERIES":
        return "_series_"
    if token.word == "dash" and not {small[token.start - 1], small[token.end : token.end + 1]} & {
        " ",
        "",
    }:
        return "\0"
    if token.word in _SIGNS and not small[token.start].isalpha():
        return "?" if small[token.start] == "?" else _SIGNS[token.word]
    return respelled(small[token.start : token.end].replace("'", ""))


@lru_cache(maxsize=4096)
def respelled(word: str) -> str:
    """Give the usual spelling of the words that decide most, when one slip was made in them."""
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < _TYPO_LENGTH or word in _KEYWORDS:
        return word
    for target in _KEYWORDS:
        near = abs(len(target) - len(word)) <= 1 and word[0] == target[0]
        if near and OSA.distance(word, target, score_cutoff=1) <= 1:
            return target if word != target + "s" else word
    return word


def _first(rules: Iterable[IntentRule], shape: str) -> tuple[Intent, str] | None:
    for rule in rules:
        if rule.regex.search(shape):
            return rule.intent, rule.reason
    return None


def classify(shape: str) -> tuple[Intent, str]:
    """Give the intent and the reason for it."""
    found = _first(CHANGED, shape) or _first(PLANS, shape) or _first(SAYINGS, shape)
    found = found or _first(ADMIN, shape)
    found = found or _first(REPLIES, shape) or reply(shape) or _first(ELSEWHERE_REPLIES, shape)
    found = found or _first(CALENDARS, shape) or _first(WHY, shape)
    found = found or _first(RUNNING_LATE, shape)
    if found:
        return found
    why = foreign(shape)
    if why:
        return Intent.OUT_OF_SCOPE, why
    found = (
        _first(BOOKS_FIRST, shape)
        or _first(ELSEWHERE, shape)
        or _first(MOVES, shape)
        or _first(CANCELS, shape)
        or _first(ASKS, shape)
        or _first(BOOKS, shape)
    )
    return found or _leftover(shape)


def _leftover(shape: str) -> tuple[Intent, str]:
    words = shape.replace(",", " ").replace(".", " ").replace("?", " ").split()
    said = [w for w in words if w not in {"_t_", "_p_", "_len_", "_series_"}]
    if len(said) < len(words) and all(w in _PLAIN for w in said):
        return Intent.BOOK, "time or person alone"
    return (
        (Intent.OUT_OF_SCOPE, "nothing about meetings")
        if len(words) > 2
        else (Intent.UNKNOWN, "no rule")
    )
