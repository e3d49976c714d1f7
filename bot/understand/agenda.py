"""What a session is to be about, as it is said in the request for it: "book with Alex next week
about her promotion", "set up an hour with Sam to talk about the thesis", "agenda: career plan".

Those are the speaker's own words for other people; no time, person or wish is read in them.
"""

from __future__ import annotations

import re

from core.setting_text import parse_text

_DAY = r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_BOOKS = re.compile(
    r"\b(?:book|schedule|set up|arrange|organi[sz]e|plan|find|get|grab|need|want|meet(?:ing)?|"
    r"session|call|chat|catch[- ]?up|slot|time|hour|minutes|min)\b|"
    rf"\b(?:every|each) (?:other |second )?(?:{_DAY}|week|fortnight|month)\b.*\bwith\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:cancel|call off|move|reschedule|why|what|which|who|how|ask|tell|remind|nudge|late|"
    r"don['’]?t|not|never|prefer|show|list|know|think|sorry|status|disconnect|connect)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:\b(?:the |our |with the )?(?:agenda|topic|subject)(?: is| will be)?\s*:\s*|"
    r"\b(?:the |our )?(?:agenda|topic|subject) (?:is|will be) )(?P<what>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
# "about an hour", "about 3", "about noon", "about the same time": a rough time, nobody's topic.
_ROUGH = (
    r"(?!\d|(?:an? (?:hour|half|week|month|day|quarter|minute|couple|few|moment)|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|sixty|half|noon|"
    r"midday|midnight|(?:next|this|that) (?:week|month|day|time|morning|afternoon|evening)|it|same|"
    rf"when|what|tomorrow|today|now|lunch\w*|tea\s?time|{_DAY}|mon|tue|wed|thu|fri|sat|sun)\b|"
    r"the (?:same|usual|end|start|middle|beginning|week|\d))"
)
_ABOUT = re.compile(
    r"[\s,;](?:(?:(?:(?:and )?to|so (?:that )?we can) (?:(?:talk|chat|speak) (?:about|through|"
    r"over)|discuss|go over|go through|review)|regarding|concerning|"
    r"on the (?:topic|subject) of|re:)\s+|"
    rf"about\s+{_ROUGH})(?P<what>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
# Where a time, a length or (unless somebody was named before) a person follows the topic.
_WHEN = (
    r"(?:(?:sometime |some ?time |any ?time )?(?:on |by |before |after |from |during |early |late |"
    r"in the |in |for )?(?:next|this|coming) (?:week|month|"
    rf"{_DAY}|morning|afternoon|evening)|(?:on |by |before |after )?{_DAY}s?\b|tomorrow|today|"
    r"tonight|(?:at|around) (?:noon|midday|\d)|on (?:the )?\d|in the (?:morning|afternoon|evening)|"
    r"in (?:an?|one|two|three|\d+) (?:hour|day|week)|"
    r"for (?:an?|half an|one|two|\d+)\s*(?:h|hours?|min|minutes?)\b|every (?:other )?\w+|weekly|"
    rf"(?:starting|beginning) (?:on |from |in )?(?:the |next |this |\d|{_DAY}|{_MONTH}|tomorrow)|"
    rf"(?:until|till) (?:the |next |\d|{_DAY}|{_MONTH}|christmas|easter)|"
    r"asap|as soon as)"
)
_TAIL = re.compile(rf"[\s,;](?={_WHEN})", re.IGNORECASE)
_WITH = re.compile(r"[\s,;](?=with\s)", re.IGNORECASE)
_HAS_WITH = re.compile(r"\bwith\b", re.IGNORECASE)
_ENDS = " \t\r\n.,;!?–—-"


def agenda_in(text: str) -> str:
    """Return what the session is to be about, as one plain line; empty when nothing is said."""
    found = _found(text)
    return parse_text(text[found[1] : found[2]].strip(_ENDS)) if found else ""


def without_agenda(text: str) -> str:
    """Return a request with that left blank, so that every other word keeps its place."""
    found = _found(text)
    if found is None:
        return text
    start, _, end = found
    return text[:start] + " " * (end - start) + text[end:]


def _found(text: str) -> tuple[int, int, int] | None:
    """Return where it is said: the first word about it, its own first word, its end."""
    named = _NAMED.search(text)
    if named is not None:
        return _checked(text, named.start(), named.start("what"), len(text))
    about = _ABOUT.search(text)
    if about is None:
        return None
    start, first = about.start(), about.start("what")
    ends = [_TAIL.search(text, first)]
    if not _HAS_WITH.search(text[:start]):
        ends.append(_WITH.search(text, first))
    return _checked(text, start, first, min([e.start() for e in ends if e], default=len(text)))


def _checked(text: str, start: int, first: int, end: int) -> tuple[int, int, int] | None:
    """Return the places where what is left asks for a session, and something is said at all."""
    rest = text[:start] + " " + text[end:]
    asks = _BOOKS.search(rest) and not _OTHERWISE.search(rest)
    said = any(c.isalnum() for c in text[first:end])
    return (start, first, end) if asks and said else None
