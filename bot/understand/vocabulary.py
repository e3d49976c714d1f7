"""The words of time, by kind; every other word that a rule names is a kind of its own."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from bot.understand.constraint import Edge, Frequency, Half, Part, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_SHORT = (
    ("mon",),
    ("tue", "tues"),
    ("wed", "weds"),
    ("thu", "thur", "thurs"),
    ("fri",),
    ("sat",),
    ("sun",),
)
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH_SHORT = {
    "feb": 2,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
# These are also names or verbs: a month only beside a number or after "in", "next", "end of"...
_MONTH_UNSURE = {"jan": 1, "mar": 3, "may": 5}

_ONES = ("two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "ninety")
_TENS_VALUES = (20, 30, 40, 50, 60, 90)
_ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
)

_UNITS: Mapping[Unit, str] = {
    Unit.MINUTE: "minute minutes min mins minuts",
    Unit.HOUR: "hour hours hr hrs hour's hours' h",
    Unit.DAY: "day days",
    Unit.WORKDAY: "workday workdays",
    Unit.WEEK: "week weeks wk wks workweek week's weeks'",
    Unit.WEEKEND: "weekend wkend weekend's",
    Unit.FORTNIGHT: "fortnight fortnights",
    Unit.MONTH: "month months mth mths month's months' mo mos",
    Unit.QUARTER: "qtr qtrs quarter's",
    Unit.YEAR: "year years yr yrs year's years'",
}

_PARTS: Mapping[Part, str] = {
    Part.MORNING: "morning mornings morn forenoon morning's",
    Part.LUNCH: "lunchtime lunchtimes noontime",
    Part.AFTERNOON: "afternoon afternoons aft afternoon's arvo",
    Part.EVENING: "evening evenings eve evening's dinnertime",
    Part.NIGHT: "night nights nighttime night's",
    Part.BREAKFAST: "breakfasttime",
}

_TODAY = "today todays today's"
_TOMORROW = (
    "tomorrow tomorrows tomorrow's tmrw tmr tmrow tomorow tommorow tommorrow tomorro tomrrow "
    "tomorrrow 2morrow 2moro tmw toms tomoz tommorw tomorw tmoro tmro tmrrw 2mrw tomoro tomorrw "
    "tmrws tmrw's tomoz's"
)
_TONIGHT = "tonight tonite tonights tonight's 2nite"

_SERIES: Mapping[str, tuple[Frequency, int]] = {
    "daily": (Frequency.DAILY, 1),
    "everyday": (Frequency.DAILY, 1),
    "nightly": (Frequency.DAILY, 1),
    "weekly": (Frequency.WEEKLY, 1),
    "biweekly": (Frequency.WEEKLY, 2),
    "fortnightly": (Frequency.WEEKLY, 2),
    "monthly": (Frequency.MONTHLY, 1),
    "bimonthly": (Frequency.MONTHLY, 2),
    "quarterly": (Frequency.MONTHLY, 3),
    "yearly": (Frequency.YEARLY, 1),
    "annually": (Frequency.YEARLY, 1),
    "annual": (Frequency.YEARLY, 1),
}

# The first need no "of": "early next week", but "end of next week".
_EDGES: Mapping[Edge, str] = {Edge.EARLY: "early", Edge.MIDDLE: "mid middle", Edge.LATE: "late"}
_EDGES_OF: Mapping[Edge, str] = {
    Edge.START: "beginning start",
    Edge.END: "end",
    Edge.REST: "rest remainder",
}

_ENDS: Mapping[str, Unit] = {
    "eod": Unit.DAY,
    "cob": Unit.DAY,
    "eow": Unit.WEEK,
    "eom": Unit.MONTH,
    "eoq": Unit.QUARTER,
    "eoy": Unit.YEAR,
}

# Words that mean the same as another one; punctuation is named so that rules can say it.
_SAME: Mapping[str, str] = {
    "don't": "dont",
    "doesn't": "doesnt",
    "won't": "wont",
    "can't": "cant",
    "isn't": "isnt",
    "aren't": "arent",
    "@": "at",
    "&": "and",
    "an": "a",
    "till": "until",
    "til": "until",
    "'til": "until",
    "thru": "through",
    "excluding": "except",
    "excl": "except",
    "besides": "except",
    "w/": "with",
    "w/c": "weekof",
    "upcoming": "coming",
    "current": "this",
    "each": "every",
    "approximately": "about",
    "approx": "about",
    "roughly": "about",
    "circa": "about",
    "ca": "about",
    "~": "about",
    "around": "about",
    "o'clock": "oclock",
    "oclock": "oclock",
    "nxt": "next",
    "b4": "before",
    "befor": "before",
    "bfore": "before",
    "befroe": "before",
    "beofre": "before",
    "bfr": "before",
    "untill": "until",
    "unti": "until",
    "aftr": "after",
    "afer": "after",
    "betwen": "between",
    "wkly": "weekly",
    "weeky": "weekly",
    "fortnighly": "fortnightly",
    "evry": "every",
    "wensday": "wednesday",
    "wendsday": "wednesday",
    "avo": "arvo",
    "abt": "about",
    "hlf": "half",
    "aft.": "after",
    "-": "dash",
    ",": "comma",
    "/": "slash",
    ".": "dot",
    ":": "colon",
    "+": "plus",
    "?": "stop",
    "!": "stop",
    ";": "stop",
    "\n": "stop",
    "mother's": "mothers",
    "mothers'": "mothers",
    "father's": "fathers",
    "fathers'": "fathers",
    "valentine's": "valentines",
    "presidents'": "presidents",
    "president's": "presidents",
    "veterans'": "veterans",
    "veteran's": "veterans",
    "patrick's": "patricks",
    "saints'": "saints",
    "fools'": "fools",
    "quarters": "quarter",
    "halves": "half",
    "weekday": "weekdays",
    "weekday's": "weekdays",
    "noon's": "noon",
    "noonish": "noon",
    "monthend": "month-end",
}


_Word = tuple[str, object]


# Everyday words of German, French, Spanish, Portuguese, Dutch and Italian, by their English one.
_ELSEWHERE: Mapping[str, str] = {
    "monday": "montag lundi lunes maandag lunedì segunda",
    "tuesday": "dienstag mardi martes dinsdag martedì terça terca",
    "wednesday": "mittwoch mercredi miércoles miercoles woensdag mercoledì quarta",
    "thursday": "donnerstag jeudi jueves donderdag giovedì quinta",
    "friday": "freitag vendredi viernes vrijdag venerdì sexta",
    "saturday": "samstag samedi sábado sabado zaterdag sabato",
    "sunday": "sonntag dimanche domingo zondag domenica",
    "today": "heute aujourd'hui hoy hoje vandaag oggi",
    "tomorrow": "morgen demain mañana amanhã domani",
    "overmorrow": "übermorgen overmorgen",
    "morning": "vormittag matin ochtend manhã",
    "afternoon": "nachmittag après-midi aprèsmidi tarde middag",
    "evening": "abend soir noite avond",
    "week": "woche semaine semana settimana",
    "next": "nächste nächsten nächster nächstes prochaine prochain próxima próximo volgende",
    "at": "um à às om",
    "with": "mit avec con com",
    "and": "und et y en",
    "or": "oder ou",
    "uhr": "uur heures",
}
_FOREIGN_WORDS = {word: name for name, words in _ELSEWHERE.items() for word in words.split()}


def _kind(kind: str, value: object, spellings: Iterable[str]) -> dict[str, _Word]:
    return dict.fromkeys(spellings, (kind, value))


def _named_days() -> dict[str, _Word]:
    words: dict[str, _Word] = {}
    for number, name in enumerate(WEEKDAYS):
        words |= _kind("WEEKDAY", number, (name, *_WEEKDAY_SHORT[number], name + "'s"))
        words |= _kind("WEEKDAYS", number, (name + "s", name + "s'"))
    for number, name in enumerate(MONTHS, start=1):
        words |= _kind("MONTH", number, (name, name + "'s"))
    words |= {name: ("MONTH", number) for name, number in _MONTH_SHORT.items()}
    words |= {name: ("MONTHISH", number) for name, number in _MONTH_UNSURE.items()}
    words |= _kind("TODAY", 0, _TODAY.split())
    words |= _kind("TOMORROW", 1, _TOMORROW.split())
    return words | _kind("TONIGHT", Part.TONIGHT, _TONIGHT.split())


def _numbers() -> dict[str, _Word]:
    words: dict[str, _Word] = {"one": ("ONE", 1), "thirtieth": ("ORDWORD", 30)}
    words |= {name: ("ONES", n) for n, name in enumerate(_ONES, start=2)}
    words |= {name: ("NUM", n) for n, name in enumerate(_TEENS, start=10)}
    words |= {name: ("TENS", n) for n, name in zip(_TENS_VALUES, _TENS, strict=True)}
    for number, name in enumerate(_ORDINALS, start=1):
        words |= _kind("ORDWORD", number, (name, name + "'s"))
    words |= {f"q{n}": ("QUARTERNUM", n) for n in range(1, 5)}
    return words | _kind("LAST", -1, ("last", "final"))


def _units() -> dict[str, _Word]:
    words: dict[str, _Word] = {}
    for unit, names in _UNITS.items():
        words |= _kind("UNIT", unit, names.split())
    for part, names in _PARTS.items():
        words |= _kind("PART", part, names.split())
    words |= {name: ("OFTEN", series) for name, series in _SERIES.items()}
    words |= {name: ("ENDOF", unit) for name, unit in _ENDS.items()}
    for kind, edges in (("EDGE", _EDGES), ("EDGEOF", _EDGES_OF)):
        for edge, names in edges.items():
            words |= _kind(kind, edge, names.split())
    words |= _kind("HALF", Half.AM, ("am", "a.m.", "a.m"))
    return words | _kind("HALF", Half.PM, ("pm", "p.m.", "p.m"))


WORDS: Mapping[str, tuple[str, object]] = MappingProxyType(_named_days() | _numbers() | _units())
_TYPO_TARGETS = (*WEEKDAYS, *(name for name in MONTHS if len(name) > 5), "tomorrow", "afternoon")
_TYPO_LENGTH = 6


@lru_cache(maxsize=4096)
def spelled(word: str) -> str:
    """Give a word's usual spelling: synonyms, and one slip in the name of a day or month."""
    same = _SAME.get(word) or _FOREIGN_WORDS.get(word)
    if same is not None:
        return same
    if word in WORDS or len(word) < _TYPO_LENGTH:
        return word
    for target in _TYPO_TARGETS:
        near = abs(len(target) - len(word)) <= 1 and word[0] == target[0]
        if near and word != target + "s" and OSA.distance(word, target, score_cutoff=1) <= 1:
            return target
    return word
