"""Sentences about all that is to come of a series: "all future sessions an hour later", "from
December our Tuesdays at 3 instead", "cancel the remaining sessions".

They change what stands already, so they must never read as a wish for something new.
"""

from __future__ import annotations

import re

from bot.understand.atoms import TIME_KINDS
from bot.understand.constraint import (
    At,
    DayRange,
    Frequency,
    FromNow,
    Recurrence,
    Shift,
    Weekday,
)
from bot.understand.intent_words import shaped
from bot.understand.lexer import Token
from bot.understand.roles import split_roles
from bot.understand.rules_lengths import minutes

REASON = "the rest of a series at another time"

_MANY = (
    r"(?:sessions|meetings|mtgs|calls|catch ?ups|check ?ins|chats|appointments|1:1s|slots|"
    r"bookings|ones|lessons|syncs)"
)
_ONE = r"(?:session|meeting|mtg|call|catch ?up|check ?in|chat|appointment|1:1|slot|one|lesson|sync)"
_BESIDE = (
    r"(?:future|upcoming|remaining|coming|following|further|other|later|subsequent|next|recurring|"
    r"regular|standing|mentoring|coaching|booked|planned|scheduled|of|the|my|our|these|those|"
    r"<series>|<t>)"
)
_ALL = (
    rf"\b(?:all|every|each)(?: {_BESIDE})* (?:{_MANY}|{_ONE}|series)\b|"
    r"\b(?:all|each) of (?:them|these|those)\b|\b(?:them|these|those) all\b|\bthe lot\b|"
    r"\ball (?:at |to |on )?<t>|"
    r"\b(?:whats|what is|everything|all) (?:thats |that is )?(?:left|remaining|to come)\b|"
    r"^no more (?:sessions|meetings|calls)\b|"
    rf"\b(?:remaining|future|following|subsequent|further|upcoming)(?: <series>)? {_MANY}\b|"
    r"\b(?:the|my|our) (?:rest|remainder)\b(?! (?:of (?:us|the (?:group|team|programme))|is|are|"
    r"stays?|suits?|works?)\b)|"
    r"\b(?:whole|entire) series\b|^(?:change |move )?series\b|"
    r"\b(?:the|my|our|this) (?:\S+ )?series\b(?! (?:session|meeting|one|call))"
)
_WHOLE = shaped(_ALL)
_SINCE = shaped(rf"\b(?:the|my|our) {_MANY}(?: with <p>)? <t>")
_RHYTHM = shaped(
    r"\b(?:the|my|our|this) (?:<series>|recurring|regular|standing|repeating)"
    rf"(?: (?:{_ONE}|{_MANY}|with|to|at|instead)\b|\W*$)|\b(?:my|our|the) <t> (?:{_MANY}|series)\b|"
    r"\bmeeting <series>"
)
_ONWARDS = shaped(
    r"\b(?:from (?:now|here|then|there) on(?:wards?)?|going forwards?|in (?:the )?future|"
    r"henceforth|permanently)\b"
)
_ON = re.compile(r"\bon(?:wards?)?$")
_REMAKE = shaped(
    r"\b(?:make|have|do|put|move|shift|push) (?:it|them|that|this|those|all)\b|\bwe meet <t>|"
    r"\b(?:our|the) (?:sessions|meetings|calls) (?:are|is|start|begin|move)\b"
)
_ENDS = re.compile(r"\b(?:end|stop|finish|terminate|any ?more|any longer|no longer)\b")
_DAYS_OF = frozenset({"the", "my", "our", "these", "those", "all"})
# What asks for something else, in whatever words it speaks of all sessions.
_OTHERWISE = shaped(
    r"\b(?:book|schedule|set up|arrange|organi[sz]e|create|find|plan|add|show|list|whats?|whens?|"
    r"why|which|who|how (?:many|often|long)|do i|have i|cancel\w*|skip|delete|drop|end|stop|"
    r"remind\w*|reminders?|before|between|dont|do not|never|no|not|prefer\w*|only|away|leave|if|"
    r"whether|free|available|until|connect|undo|usually|i (?:work|start|finish|am)|im|buffer|"
    r"late|agenda|topic|weekly sessions? with)\b"
)
_TO = shaped(
    r"\b(?:to|be|start|starting|instead|make|do|go|move|push|shift|meet|have|is|like|want)\b(?:.{0,40}<t>)|"
    r"<t>.{0,20}\binstead\b"
)
_ANOTHER = shaped(r"\b(?:make|turn|have) (?:the|my|our|this) (?:\S+ ){0,2}series\b.*<series>")
_RHYTHMS = shaped(
    r"<series> (?:instead of|rather than|and not) <series>|"
    r"\b(?:go|change|switch|drop|move|down|up|back)(?: \w+){0,2} to <series>|"
    r"^<series>(?: instead)? from (?:now|here|then) on\W*$"
)
_LATER = frozenset({"later", "earlier", "sooner", "back", "forward", "forwards", "ahead"})
_SOONER = frozenset({"earlier", "sooner", "forward", "forwards", "ahead"})
_NOUN = re.compile(rf"^(?:{_ONE}|{_MANY}|series)$")


def is_whole(shape: str, tokens: list[Token], *, ends: bool) -> bool:
    """Tell whether all that is to come of a series is meant; `ends`: to be called off.

    Whoever calls off "the weekly session" may mean the next one: that is asked.
    """
    if _beside(tokens) or (ends and _one_day(tokens, shape)):
        return False
    if _WHOLE.search(shape) or _plural_days(tokens):
        return True
    if any(_open(t) for t in tokens) and _SINCE.search(shape):
        return True
    if not ends and (_from_then(shape, tokens) or _other_rhythm(shape)):
        return True
    rhythm = any(isinstance(t.value, Recurrence) for t in tokens)
    if rhythm and not ends and _step(tokens) is not None:
        return True
    if ends:
        return bool(_ENDS.search(shape) and _RHYTHM.search(shape))
    return bool(_ONWARDS.search(shape) or _RHYTHM.search(shape))


def _other_rhythm(shape: str) -> bool:
    """Tell whether what stands is to come more or less often: "every 2 weeks instead of weekly"."""
    return "_series_" in shape and "_p_" not in shape and _RHYTHMS.search(shape) is not None


def _from_then(shape: str, tokens: list[Token]) -> bool:
    """Tell whether a time is to hold from a day on: "from next week on at 5", "starting next month
    make it 3pm every week".
    """
    since = [t for t in tokens if _open(t)]
    if not since or "_p_" in shape or not any(isinstance(t.value, At) for t in tokens):
        return False
    return any(_ON.search(t.word) for t in since) or _REMAKE.search(shape) is not None


def without_onwards(shape: str) -> str:
    """Give a wish without "from now on", which every wish is."""
    return _ONWARDS.sub("", shape).strip()


def changes(shape: str, tokens: list[Token]) -> bool:
    """Tell whether another time is wanted for all that is to come, be there a verb or none."""
    if _OTHERWISE.search(shape) or not is_whole(shape, tokens, ends=False):
        return False
    series = [t.value for t in tokens if isinstance(t.value, Recurrence)]
    if any(one.interval > 1 for one in series) and _ANOTHER.search(shape):
        return True
    if _other_rhythm(shape):
        return True
    if _step(tokens) is not None:
        return True
    if any(one.weekdays for one in series):
        return re.search(r"\binstead\b", shape) is not None
    exact = any(isinstance(t.value, At) for t in tokens)
    weekday = any(isinstance(t.value, Weekday) for t in tokens)
    said = _TO.search(shape) is not None or _from_then(shape, tokens)
    return (exact and (said or _WHOLE.search(shape) is not None)) or (weekday and said)


def roles(tokens: list[Token]) -> tuple[list[Token], list[Token], int | None]:
    """Give the tokens of what is moved, those of the wanted time, and by how many minutes.

    "from December", wherever it stands, says which sessions are meant.
    """
    since = [t for t in tokens if _open(t)]
    step = _step(tokens)
    rest = [t for t in tokens if not _open(t) and not _ahead(t) and not _names_rhythm(t)]
    if step is not None:
        return since, [], step
    old, new = split_roles(rest)
    if not any(t.kind in TIME_KINDS for t in new):
        old, new = [], old
    named = [n for n, t in enumerate(new) if isinstance(t.value, Weekday) and _leads(new, n)]
    return since, [t for n, t in enumerate(new) if n not in named], None


def _beside(tokens: list[Token]) -> list[Token]:
    """Give the dates that pick some days, and are no bound, weekday or length of a way."""
    dates = [t for t in tokens if t.kind in {"DATES", "SPAN", "LIST", "EACH"}]
    return [t for t in dates if not (_open(t) or _ahead(t) or isinstance(t.value, Weekday))]


def _open(token: Token) -> bool:
    value = token.value
    return isinstance(value, DayRange) and value.first is not None and value.last is None


def ahead_of(token: Token) -> int | None:
    """Give the minutes of "15 minutes later", which beside a meeting is no instant from now."""
    if not token.word.endswith(" later"):
        return None
    match token.value:
        case FromNow(number):
            return number
        case Shift(steps, None):
            return minutes(steps)
        case _:
            return None


def _ahead(token: Token) -> bool:
    return ahead_of(token) is not None


def _one_day(tokens: list[Token], shape: str) -> bool:
    """Tell whether one day may be meant: "all sessions on Friday", not "the Tuesday series"."""
    single = any(t.kind == "DATES" and isinstance(t.value, Weekday) for t in tokens)
    return single and "series" not in shape and not _ENDS.search(shape)


def _plural_days(tokens: list[Token]) -> bool:
    """Tell whether weekdays are spoken of as what is there: "our Tuesdays"."""
    spoken_of = any(
        t.kind == "PLURAL" and tokens[n - 1].word in _DAYS_OF for n, t in enumerate(tokens) if n
    )
    since = any(_open(t) for t in tokens) and any(t.kind == "PLURAL" for t in tokens)
    return spoken_of or (since and any(t.word == "instead" for t in tokens))


def _names_rhythm(token: Token) -> bool:
    """Tell whether a rhythm is only a name: "our weekly session"."""
    one = token.value
    if not isinstance(one, Recurrence):
        return False
    return one.frequency is Frequency.WEEKLY and one.interval == 1 and not one.weekdays


def _leads(tokens: list[Token], at: int) -> bool:
    """Tell whether a weekday names the sessions: "the Tuesday sessions", "Tuesdays at 3"."""
    after = tokens[at + 1].word if at + 1 < len(tokens) else ""
    before = tokens[at - 1].word if at else ""
    return bool(_NOUN.match(after)) or (before in _DAYS_OF and at > 0)


def _step(tokens: list[Token]) -> int | None:
    """Give by how many minutes all are to be later, earlier below zero."""
    for at, token in enumerate(tokens):
        if _ahead(token):
            return ahead_of(token)
        near = {t.word for t in tokens[at + 1 : at + 2]} | {t.word for t in tokens[at - 1 : at]}
        if token.kind == "LEN" and isinstance(token.value, tuple) and near & _LATER:
            length = minutes(token.value)
            sooner = bool(near & _SOONER)
            return -length if length is not None and sooner else length
    return None
