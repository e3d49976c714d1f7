"""Which of the open proposal's slots are meant: by number, by order, or by their time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.understand.constraint import At, Clock, Span, TimeConstraint, Weekday, Which
from bot.understand.context import Context
from bot.understand.days import Frame, dates_of
from bot.understand.hours import minutes_of
from bot.understand.resolve import frame_of, resolve, zone_of

_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "sixth": 5, "6th": 5,
}  # fmt: skip
_NUMBERS = {
    "a": 1,
    "b": 2,
    "c": 3,
    "d": 4,
    "e": 5,
    "f": 6,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
}
_THING = r"(?:one|option|slot|time|choice|proposal|suggestion|of (?:them|these|those)|date)"
_ORDINAL = re.compile(
    rf"\b(first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|6th|last|latest|earliest|"
    rf"(?<=the )(?:earlier|later)|(?:earlier|later)(?= {_THING})|middle|latter|former|final)"
    rf"(?: two| 2)?(?= {_THING}| works?| is| would|"
    rf" please| pls| plz| then| looks| sounds| suits| and| or|,|\.|!|\?|$)"
)
_NUMBERED = re.compile(
    r"(?:\b(?:option|number|slot|choice|no|nr|proposal|time)\W{0,2}|#)(\d|one|two|three|four|"
    r"five|six|[a-f](?=\W*$))\b|^\W*(\d)\W*$|^(?:the )?(?:number )?(\d|one|two|three) (?:works|"
    r"please|is (?:good|fine|best|great|ok|perfect)|suits|looks)"
)
_TAKES = re.compile(
    r"^(?:ok,? |okay,? |yes,? )?(?:lets |ill |id |i will )(?:go with|go for|take|pick|"
    r"choose) _t_\W*$"
)
_LISTED = re.compile(
    r"^\W*(?:options? |slots? |numbers? |times )?\d(?:(?:,| and| or| ?&)+ ?\d){1,5}"
    r"(?: (?:please|works?|are (?:fine|good|ok)))?\W*$"
)
_OTHERS = re.compile(r"\b(?:others?|rest|remaining|but|except|apart from|other than)\b")
_AMOUNT = re.compile(r"\b(?:hours?|hrs?|h|minutes?|mins?|min|days?|weeks?|_len_|bit|little) $")
_BOTH = re.compile(
    r"\b(?:both|all(?: of (?:them|these|those)| three| 3| work| are)|any(?: of (?:them|these|"
    r"those)| (?:one|time|works|is)|$|thing works)|either|whichever|whatever|every one|"
    r"everything|anything|eithers|dont mind|no preference)\b"
)
_SHORT = 24  # characters; longer sentences may have ordinals in their dates
_POINTS = re.compile(
    r"^(?:ok |okay |yes |i think |lets |maybe |id |ill |i |would |prefer |like |take |go with |"
    r"choose |pick |book |do |please |how about |either )*"
    r"(?:the (?:first|1st|second|2nd|third|3rd|fourth|4th|last|later|latest|earlier|earliest|"
    r"middle|latter|former|_t_|other) (?:one|option|"
    r"slot|time|works|please|is)|"
    r"(?:last|latest|earliest|first) (?:one|option|slot)(?: works| please| pls)?\W*$|"
    r"eithers? (?:one )?(?:is |works |would be )?(?:fine|ok|okay|good|great)\b|"
    r"the one (?:on|at|in) _t_|(?:any|all|both|either)(?: one| two)? ?(?:of (?:those|these|them|"
    r"the times))? ?(?:is|are|work|works|will|would|$)|"
    r"(?:the )?(?:first|second|third|last) or (?:the )?(?:first|second|third|last)|whichever|"
    r"_t_ one)\b"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The indexes that were meant; `by_time` when they were named by their time."""

    indexes: tuple[int, ...]
    by_time: bool = False


def _index(word: str, count: int | None) -> int | None:
    if word in _ORDINALS:
        return _ORDINALS[word]
    if word in {"earliest", "earlier", "former"}:
        return 0
    if word == "middle":
        return count // 2 if count else 1
    return count - 1 if count else None


def _compares(words: str, found: re.Match[str]) -> bool:
    """Tell whether "later" asks for another hour ("half an hour later"), and picks nothing."""
    if found.group(1) not in {"earlier", "later"}:
        return False
    before = words[: found.start()].split()
    named = re.match(rf" {_THING}\b", words[found.end() :])
    return before[-1:] != ["the"] and (
        named is None or bool(_AMOUNT.search(words, 0, found.start()))
    )


def _ordered(words: str, starts: tuple[int, ...] | None) -> list[int]:
    count = len(starts) if starts else None
    found_words = [f for f in _ORDINAL.finditer(words) if not _compares(words, f)]
    out = [_index(found.group(1), count) for found in found_words]
    if re.search(r"\bfirst (?:two|2)\b", words):
        out += [0, 1]
    for found in _NUMBERED.finditer(words):
        text = next(g for g in found.groups() if g)
        out.append(_NUMBERS.get(text, int(text) if text.isdigit() else 0) - 1)
    if _LISTED.match(words):
        out += [int(digit) - 1 for digit in re.findall(r"\d", words)]
    return [i for i in out if i is not None and i >= 0 and (count is None or i < count)]


def points(shape: str) -> bool:
    """Tell whether a sentence picks from proposed times that are not known here."""
    return bool(_POINTS.search(shape) or _TAKES.search(shape))


def _timed(constraint: TimeConstraint | None, context: Context) -> list[int]:
    starts = context.proposal_starts
    if constraint is None or not starts or not constraint.options:
        return []
    zone = zone_of(constraint.zone or context.zone)
    frame = frame_of(context, zone)
    here = [datetime.fromtimestamp(start, zone) for start in starts]
    return [
        i
        for i, at in enumerate(here)
        if any(_fits(s, at, frame, context) for s in constraint.options)
    ]


def _fits(span: Span, at: datetime, frame: Frame, context: Context) -> bool:
    """Tell whether a slot is what was said: any Thursday of the proposal is "Thursday"."""
    if isinstance(span.dates, Weekday) and span.dates.which is not Which.NEXT:
        if at.weekday() not in span.dates.days:
            return False
    elif span.dates is not None and not any(
        a <= at.date() < b for a, b in dates_of(span.dates, frame)
    ):
        return False
    if span.clock is None:
        return True
    minute = at.hour * 60 + at.minute
    first, last = minutes_of(span.clock, context.hours)
    if isinstance(span.clock, At) or first == last:
        same = {first, (first + 720) % 1440} if _is_bare(span.clock) else {first}
        return minute in same
    return first <= minute < last


def _is_bare(clock: Clock) -> bool:
    return isinstance(clock, At) and clock.half is None


def choose(
    shape: str, words: str, constraint: TimeConstraint | None, context: Context
) -> Choice | None:
    """Give the chosen slots, None when the sentence chooses nothing.

    `words` is the sentence in small letters; ordinals count even when nothing is known of the
    open proposal, times only when its starts are known.
    """
    starts = context.proposal_starts
    ordered = _ordered(shape if len(words) > _SHORT else words, starts)
    if ordered:
        if starts and _OTHERS.search(words) and not constraint:
            return Choice(tuple(i for i in range(len(starts)) if i not in ordered))
        return Choice(tuple(sorted(set(ordered))))
    timed = _timed(constraint, context)
    if timed:
        return Choice(tuple(timed), by_time=True)
    if starts and _BOTH.search(shape):
        return Choice(_all_but(constraint, context))
    return None


def _all_but(constraint: TimeConstraint | None, context: Context) -> tuple[int, ...]:
    starts = context.proposal_starts or ()
    if constraint is None or not constraint.exclude:
        return tuple(range(len(starts)))
    kept = []
    for index, start in enumerate(starts):
        whole = TimeConstraint(exclude=constraint.exclude)
        found = resolve(whole, context, cut_to_hours=False)
        if any(a <= start < b for a, b in found.windows):
            kept.append(index)
    return tuple(kept)
