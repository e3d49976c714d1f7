"""Corrections: "no, the other Alex", "make it 45", "I meant next month".

A correction goes on with the request that was last talked about and changes only what it says.
Whatever is said without the mark of a correction is a request of its own, so a topic can be
left at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.converse import series_corrections
from bot.converse.when import context_of
from bot.understand.cannot import REASONS
from bot.understand.constraint import At, Coming, DayRange, FromNow, Span, Unit
from bot.understand.intent import Intent, PersonMention
from bot.understand.read import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.constraint import Clock, Recurrence, TimeConstraint
    from bot.understand.context import Context
    from bot.understand.intent import Reading
    from core.booking.proposal import Proposal

MARK = re.compile(
    r"^\W*(?:no|nope|sorry|oops|wait|actually|rather|i meant?|i said|not that|make (?:it|that)|"
    r"make them|better|instead|the other|let'?s (?:do|make it|say)|can (?:it|we) (?:be|do|make it))"
    r"\b",
    re.IGNORECASE,
)
BARE_MINUTES = re.compile(
    r"\b(?:make (?:it|that)|rather|better|let'?s (?:do|say|make it)|do)\W+(?:for )?(\d{1,3})\W*$",
    re.IGNORECASE,
)
LASTING = re.compile(  # "no sessions on Fridays", "actually at most 2 sessions a week"
    r"^\W*no (?:sessions?|meetings?|calls?|appointments?|weekends?)\b|"
    r"\b(?:sessions?|meetings?|calls?|\d+|one|two|three) (?:a|per|each|every) (?:day|week)\b",
    re.IGNORECASE,
)
BUT = re.compile(  # "works for me, but only 20 minutes"
    r"^\W*(?:(?:yes|yeah|ok|okay|fine|good|great|perfect|sure|(?:that )?works(?: for me)?)\W+)+"
    r"but\b",
    re.IGNORECASE,
)
ADDS = re.compile(
    r"^\W*(?:(?:yes|ok|okay|fine|great|good|please)\W+)*(?:and|plus|also|add|invite|include|bring)\b|"
    r"\b(?:too|as well|also)\b",
    re.IGNORECASE,
)
BOOKS = re.compile(r"\b(?:book|schedule|find|arrange|plan|organi[sz]e|set up)\b", re.IGNORECASE)
INSTEAD = re.compile(r"\binstead\W*$", re.IGNORECASE)
SAME = re.compile(r"^\W*(?:the )?same (?:time|hour)\b", re.IGNORECASE)
ORDERS = re.compile(
    r"\b(?:book|schedule|find|arrange|plan|organi[sz]e|set up|set|meet|meeting|need|session|call|"
    r"slot|appointment|see|every|each)\b",
    re.IGNORECASE,
)
ABOUT_IT = frozenset(
    {
        Intent.BOOK,
        Intent.AVAILABILITY,
        Intent.COUNTER,
        Intent.RESCHEDULE,
        Intent.ACCEPT,
        Intent.DECLINE,
        Intent.MORE_TIMES,
        Intent.SET_PREFERENCES,
        Intent.OUT_OF_SCOPE,
        Intent.UNKNOWN,
    }
)
OTHER = re.compile(r"\b(?:the )?other\b", re.IGNORECASE)
SOON = Coming(2, Unit.WEEK)
FEW = 6  # words
FRESH = 30 * 60  # seconds in which a correction still means the last request


@dataclass(frozen=True, slots=True)
class Correction:
    """The last request with all its changes; `fixes` are the sentences that changed it."""

    reading: Reading
    fixes: tuple[str, ...]


def speaks_of_it(turn: Turn, reading: Reading) -> bool:
    """Tell whether a sentence may still be about the last request."""
    if not _is_fresh(turn):
        return False
    lasting = reading.intent is Intent.SET_PREFERENCES and LASTING.search(reading.text)
    return reading.intent in ABOUT_IT and not lasting


def _is_fresh(turn: Turn) -> bool:
    topic = turn.talk.topic
    return bool(topic.get("said")) and turn.now - topic.get("said_at", 0) <= FRESH


def _changes_series(said: str, reading: Reading, context: Context) -> bool:
    """Tell whether a sentence changes something of the series that was asked for."""
    before = read(said, context).recurrence if said else None
    return before is not None and series_corrections.changed(before, reading) != before


def corrected(
    turn: Turn, roster: Roster, reading: Reading, open_now: Sequence[Proposal] = ()
) -> Correction | None:
    """Return the last request with this sentence's changes, None when it is no correction.

    While the times that were found for it are open (`open_now`), an hour or a length alone is
    about them.
    """
    topic = turn.talk.topic
    said = str(topic.get("said") or "")
    found = any(p.id == topic.get("proposal") and p.request.asker == turn.me.id for p in open_now)
    changes_series = found and _changes_series(said, reading, context_of(turn, roster))
    if not (speaks_of_it(turn, reading) or (changes_series and _is_fresh(turn))):
        return None
    marked = any(mark.match(reading.text) for mark in (MARK, BUT, SAME))
    lasting = reading.intent is Intent.SET_PREFERENCES
    part = found and not lasting and (_is_part(reading) or _is_about_people(reading))
    part = part or (found and reading.reason in REASONS)  # they cannot come on one of the days
    if not (marked or changes_series or part):
        return None
    if not (changes_series or _says_something(reading)):
        return None
    fixes = (*topic.get("fixes", ()), reading.text)
    context = context_of(turn, roster)
    result = read(said, context)
    for fix in fixes:
        result = changed(result, read(fix, context))
    people = _meant(turn, result, reading)
    return Correction(replace(result, intent=Intent.BOOK, text=said, people=people), fixes)


def _says_something(reading: Reading) -> bool:
    """Tell whether a correction names people, times or a length."""
    people = bool(reading.people or reading.without)
    return people or _says_when(reading) or minutes_of(reading) is not None


def _is_about_people(reading: Reading) -> bool:
    """Tell whether a sentence adds people to what was just found, or takes some away."""
    if reading.without:
        return True
    other = INSTEAD.search(reading.text) or ADDS.search(reading.text)
    asks = reading.intent is Intent.AVAILABILITY or BOOKS.search(reading.text)
    return bool(reading.people and other and not asks)


def _meant(turn: Turn, before: Reading, fix: Reading) -> tuple[PersonMention, ...]:
    """Return who is meant after a correction: those who were, with what it says of them."""
    named = _people(turn, fix)
    if named and not ADDS.search(fix.text):
        return named
    talked = tuple(_mention(before, p) for p in turn.talk.topic.get("partner", ()))
    out = {c for mention in fix.without for c in mention.candidates}
    kept = (m for m in talked or before.people if not out.intersection(m.candidates))
    return (*kept, *named)


def _mention(before: Reading, person_id: str) -> PersonMention:
    """Return a mention of somebody who was chosen, optional where they were so."""
    hoped = any(m.optional and person_id in m.candidates for m in before.people)
    return PersonMention("", (0, 0), (person_id,), optional=hoped)


def is_length(reading: Reading) -> bool:
    """Tell whether a sentence is but another length: "works for me, but only 20 minutes"."""
    marked = any(mark.match(reading.text) for mark in (MARK, BUT))
    alone = reading.time is None and not (reading.people or reading.recurrence or reading.choice)
    short = marked or ORDERS.search(reading.text) is None
    return alone and short and reading.intent in ABOUT_IT and minutes_of(reading) is not None


def _is_part(reading: Reading) -> bool:
    """Tell whether a sentence is but an hour or a length: "after 3", "30 minutes is enough"."""
    if reading.people or reading.recurrence or reading.choice or ORDERS.search(reading.text):
        return False
    time = reading.time
    if time is None or not (time.options or time.exclude):
        return reading.duration_minutes is not None and reading.intent is not Intent.ACCEPT
    return all(span.dates is None for span in (*time.options, *time.exclude))


def refines(reading: Reading) -> bool:
    """Tell whether a sentence goes on with a wish: "no, Friday", "after 3", "next week instead"."""
    marks = (MARK, BUT, SAME)
    marked = any(m.match(reading.text) for m in marks) or INSTEAD.search(reading.text) is not None
    bare = reading.time is not None and len(reading.text.split()) <= FEW
    anew = reading.intent is Intent.RESCHEDULE and not marked  # "move it to 4pm"
    alone = not (anew or reading.people or reading.recurrence or reading.choice)
    short = marked or (bare and ORDERS.search(reading.text) is None) or _is_part(reading)
    lasting = reading.intent is Intent.SET_PREFERENCES
    says = _says_when(reading) or minutes_of(reading) is not None
    return alone and short and says and not lasting and reading.intent in ABOUT_IT


def changed(before: Reading, fix: Reading) -> Reading:
    """Return a request with the time and length of a correction."""
    when, minutes = _when(fix), minutes_of(fix)
    return replace(
        before,
        without=(*before.without, *fix.without),
        time=_merged(before.time, fix.time),
        recurrence=_series(before.recurrence, fix),
        duration_minutes=before.duration_minutes if minutes is None else minutes,
        ambiguities=fix.ambiguities if when else before.ambiguities,
    )


def _series(before: Recurrence | None, fix: Reading) -> Recurrence | None:
    return fix.recurrence if before is None else series_corrections.changed(before, fix)


def _merged(before: TimeConstraint | None, fix: TimeConstraint | None) -> TimeConstraint | None:
    """Return the time after a correction: a new hour is on the day named before, a new day at
    the hour named before, and a "not" takes away from what was asked.
    """
    if before is None or fix is None:
        return fix or before
    if not fix.options:
        return _without(before, fix.exclude)
    pairs = [_completed(span, old) for span in fix.options for old in before.options or (Span(),)]
    kept = before.exclude if all(span.dates is None for span in fix.options) else ()
    return replace(fix, options=tuple(dict.fromkeys(pairs)), exclude=(*kept, *fix.exclude))


def _without(before: TimeConstraint, unwanted: tuple[Span, ...]) -> TimeConstraint:
    """Return a time without what somebody does not want. Where that is the very day or hour that
    was asked for, any other will do.
    """
    days = {span.dates for span in unwanted if span.clock is None}
    hours = {_hour(span.clock) for span in unwanted if span.dates is None and span.clock}
    options = tuple(
        Span(
            SOON if span.dates in days else span.dates,
            None if _hour(span.clock) in hours else span.clock,
        )
        for span in before.options
    )
    named = tuple(span for span in options if span.dates or span.clock)
    return replace(before, options=named, exclude=(*before.exclude, *unwanted))


def _hour(clock: Clock | None) -> Clock | tuple[int, int] | None:
    """Return what makes two clock times the same: "not at 4" takes "4pm" away."""
    return (clock.hour % 12, clock.minute) if isinstance(clock, At) else clock


def _completed(span: Span, old: Span) -> Span:
    """Return a span with the day or hour it does not name; an instant names both."""
    if isinstance(span.dates, FromNow) or isinstance(old.dates, FromNow):
        return span
    return replace(span, dates=span.dates or old.dates, clock=span.clock or old.clock)


def _says_when(reading: Reading) -> bool:
    """Tell whether a correction names times that are wanted, or that are not."""
    time = reading.time
    return time is not None and bool(time.options or time.exclude)


def _when(reading: Reading) -> TimeConstraint | None:
    """Return the time a correction names."""
    return reading.time if reading.time and reading.time.options else None


def minutes_of(reading: Reading) -> int | None:
    """Return the length a correction names; a bare number is one where it can be no hour."""
    if series_corrections.STEP.search(reading.text):
        return None  # "20 minutes earlier" is no length
    bare = BARE_MINUTES.search(reading.text)
    if reading.duration_minutes is None and bare and _when(reading) is None:
        return int(bare[1])
    return reading.duration_minutes


def chosen_before(turn: Turn, reading: Reading) -> dict[int, str]:
    """Return who was chosen before for the mentions of a request that is read again."""
    partner = turn.talk.topic.get("partner", ())
    return {
        index: found[0]
        for index, mention in enumerate(reading.people)
        if len(found := [c for c in mention.candidates if c in partner]) == 1
    }


def other_reading(turn: Turn, roster: Roster, said: str, index: int) -> Reading | None:
    """Return a request read the other way at one point where a convention had to choose.

    None when there is no such point (any more).
    """
    context = context_of(turn, roster)
    reading = read(said, context)
    if reading.time is None or not 0 <= index < len(reading.ambiguities):
        return None
    point = reading.ambiguities[index]
    if point.code == "each_or_any":
        return replace(reading, time=replace(reading.time, each=not reading.time.each))
    other = read(f"book on {point.other}", context).time
    if point.code == "half_of_day":
        other = read(f"book at {point.other}", context).time
    if other is None or not other.options:
        return None
    options = tuple(_swapped(span, other.options[0], point.code) for span in reading.time.options)
    rest = tuple(a for i, a in enumerate(reading.ambiguities) if i != index)
    return replace(reading, time=replace(reading.time, options=options), ambiguities=rest)


def _swapped(span: Span, other: Span, code: str) -> Span:
    """Return a span with its date, edge or half of the day read the other way."""
    if code == "half_of_day":
        return replace(span, clock=other.clock) if span.clock else span
    if code == "after_day" and isinstance(span.dates, DayRange):
        return replace(span, dates=replace(span.dates, first_in=True))
    return replace(span, dates=other.dates)


def _people(turn: Turn, reading: Reading) -> tuple[PersonMention, ...]:
    """Return who is meant; "the other Alex" leaves out the one talked about."""
    if not OTHER.search(reading.text):
        return reading.people
    talked = set(turn.talk.topic.get("partner", ()))
    return tuple(
        replace(m, candidates=tuple(c for c in m.candidates if c not in talked) or m.candidates)
        for m in reading.people
    )
