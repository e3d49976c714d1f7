"""What people want of their sessions: limits, preferred times, holidays, tentative events."""

from __future__ import annotations

import re

from bot.understand.intent import Preference, PreferenceChange
from bot.understand.intent_words import shaped

_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNTS |= {"once": 1, "twice": 2, "zero": 0}
_EACH = r"(?:a|per|each|every|in a|in one) "
_UNITS = r"(day|week|fortnight|month|quarter|year)\b"
_LIMIT = shaped(
    r"\b(?:(?:no|never|not) more than|at most|max(?:imum)?(?: of)?|"
    r"only(?: do| have| take| want| manage)?|limit(?: me| it)? to|cap (?:me|it) at|max me at|"
    r"up to) (\w+) (?:\w+ )?(?:meetings?|sessions?|calls?|bookings?)?,? ?"
    rf"(?:{_EACH}|/ ?){_UNITS}"
    rf"|\b(\w+) (?:meetings?|sessions?|calls?) {_EACH}{_UNITS} (?:max|maximum|at most|tops|"
    r"is enough)"
    r"|\b(\w+) (?:meetings?|sessions?|calls?),? (?:max|maximum|at (?:the )?most|tops),? "
    rf"{_EACH}{_UNITS}"
    r"|\b(?:max|maximum|at most|(?:no|not|never) more than) (\w+) (?:meetings?|sessions?|calls?) "
    r"(daily|weekly|monthly)\b"
)
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month"}
_DIGITS = 3
_LIMIT_KINDS = {"day": Preference.DAILY_LIMIT, "week": Preference.WEEKLY_LIMIT}
_LIMIT_MORE = re.compile(
    r"(?:,|\band\b|\bor\b)[, ]*(?:and |not more than |no more than |at most )?(\w+) "
    r"(?:\w+ )?(?:meetings?|sessions?|calls?|bookings?)? ?(?:a|per|each|every|in a) (day|week)\b"
)
_UNLIMITED = re.compile(
    r"\b(?:no|without|remove (?:the|my)|drop (?:the|my)|lift (?:the|my)) (?:more )?(?:(?P<of>dai|"
    r"week)ly )?(?:session |meeting )?limits?(?: (?:on|of) (?:my )?(?:sessions|meetings))?"
    r"(?: (?:a|per|each|for the) (?P<unit>day|week))?\b"
)
_OFTEN = r"(?:usually |normally |generally |really |rather |much |always |would |d |also )*"
_PREFER = shaped(
    rf"\b(?:i|we|id|wed) {_OFTEN}"
    r"(?:prefer|favou?r|like)\b(?: it)?(?: {s}| to meet| meeting| to "
    r"have {s}| having {s}| having them)?(?: on| in| at| from| to| between| if it is)* ?(?:the "
    r"|on |in )*<t>".replace("{s}", r"(?:my )?(?:meetings|sessions|calls|bookings)")
    + r"|<t>(?: (?:and|or) <t>)* (?:are|is|work|works|suit|suits|fit|fits)(?: me| us)?(?: always| "
    r"usually)? (?:best|better|preferred|ideal|my favou?rites?)\b"
    r"|^prefer(?:ably)? (?:on |in |the )*<t>"
    r"|^(?:best|ideal|favou?rite)(?: for me)?(?: is| are|:)? (?:on |in |at )*<t>"
    r"|\bmy (?:preferred|favou?rite|ideal|best) (?:times?|days?|hours|part of the day|slots?)(?: "
    r"(?:is|are)|:)?(?: on| in| at| from| between)* <t>"
)
_ONLY = re.compile(r"\bonly\b")
_NOT_PREFER = re.compile(
    r"\b(?:no|forget (?:all )?(?:my|the)|drop (?:my|the)|remove (?:my|the)) (?:more )?preferred "
    r"(?:times?|days?|hours)\b"
)
_TENTATIVE = re.compile(
    r"\b(?:tentative|provisional|unconfirmed)\b[^.?]*?\b(?:(?P<free>as free|(?:is|are) free|"
    r"(?:dont|do not|doesnt|does not|shouldnt|should not|neednt|never) (?:block|count)|can be "
    r"(?:booked|"
    r"overbooked)|are (?:ok|fine) to book over)|(?P<busy>as busy|(?:is|are) busy|blocks?|counts?|"
    r"as blocked|as booked)|(?P<rule>as (?:the|my) programmes?(?: says)?|by default))\b"
    r"|\b(?P<over>ignore|book over|overbook|skip|dont count|do not count) (?:all )?(?:my |the )?"
    r"(?:tentative|provisional|unconfirmed)\b"
)
_DAYS = r"(?:public |bank |national |official |statutory )*holidays"
_PLACE = r"(?P<place{n}>(?!public|bank|national|official|the\b|my\b|our\b)[a-z][a-z.&' -]{{1,40}}?)"
_KEEP = (
    r"\b(?:observe|keep|respect|follow|celebrate|mind|honou?r|use|block|add|dont book(?: me)? on|do"
    r" not book(?: me)? on|never on|not on|off on|free on|no (?:sessions|meetings) on|dont work on|"
    r"do not work on)"
)
_HOLIDAYS = re.compile(
    rf"{_KEEP} (?:all |the )*{_PLACE.format(n=1)} {_DAYS}\b"
    rf"|{_KEEP} (?:all |the |my )*{_DAYS} (?:of|in|for|from) (?:the )?{_PLACE.format(n=2)}(?: free|"
    rf" off)?\W*$"
    rf"|^(?:my )?{_DAYS}(?: are|:)? (?:(?:of|in|for|those of) )?(?:the )?{_PLACE.format(n=3)}\W*$"
    rf"|^{_PLACE.format(n=4)} {_DAYS} (?:off|free)(?: please)?\W*$"
)
_NO_HOLIDAYS = re.compile(
    rf"\b(?:forget|ignore|dont (?:observe|keep|mind)|do not (?:observe|keep|mind)|stop "
    rf"(?:observing|keeping)|no longer (?:observe|keep)|remove|drop) (?:my |the |"
    rf"any |all )*{_DAYS}\b"
    r"|\bi (?:also |do )?work on (?:public|bank|national) holidays\b"
    r"|^no (?:public|bank|national) holidays\W*$"
)


def limits(small: str) -> list[PreferenceChange]:
    """Read "not more than 2 sessions a day and 5 a week", or that there is no limit any more.

    What can be no limit is read as well, to be answered: none at all, or in another time, whose
    name is in `place` then.
    """
    free = _UNLIMITED.search(small)
    if free:
        named = free["unit"] or {"dai": "day", "week": "week"}.get(free["of"] or "")
        units = [named] if named else ["day", "week"]
        return [PreferenceChange(_LIMIT_KINDS[unit], remove=True) for unit in units]
    found = _LIMIT.search(small)
    if not found:
        return []
    said = [tuple(g for g in found.groups() if g)[:2]]
    said += [(more[1], more[2]) for more in _LIMIT_MORE.finditer(small, found.end())]
    counts = {
        _ADVERBS.get(u, u): int(w) if w.isdecimal() else _COUNTS.get(w)
        for w, u in said
        if not w.isdecimal() or len(w) <= _DIGITS
    }
    return [
        PreferenceChange(
            _LIMIT_KINDS.get(unit, Preference.WEEKLY_LIMIT),
            minutes=n,
            place=None if unit in _LIMIT_KINDS else unit,
        )
        for unit, n in counts.items()
        if n is not None
    ]


def prefers(shape: str) -> bool:
    """Tell whether times are liked better, and no others excluded."""
    return bool(_PREFER.search(shape)) and not _ONLY.search(shape)


def others(shape: str) -> list[PreferenceChange]:
    """Read what names no times: tentative events, public holidays, no preferred times."""
    if _NOT_PREFER.search(shape):
        return [PreferenceChange(Preference.PREFER, remove=True)]
    if _NO_HOLIDAYS.search(shape):
        return [PreferenceChange(Preference.HOLIDAYS, remove=True)]
    found = _HOLIDAYS.search(shape)
    if found:
        place = next(p for n in (1, 2, 3, 4) if (p := found[f"place{n}"]))
        return [PreferenceChange(Preference.HOLIDAYS, place=place.strip())]
    tentative = _TENTATIVE.search(shape)
    if tentative is None:
        return []
    if tentative["rule"]:
        return [PreferenceChange(Preference.TENTATIVE_FREE, remove=True)]
    free = tentative["free"] or tentative["over"]
    return [PreferenceChange(Preference.TENTATIVE_FREE if free else Preference.TENTATIVE_BUSY)]
