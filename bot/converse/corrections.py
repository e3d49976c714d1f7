"""Corrections: "no, the other Alex", "make it 45", "I meant next month".

A correction goes on with the request that was last talked about and changes only what it says.
Whatever is said without the mark of a correction is a request of its own, so a topic can be
left at any time; only while the times just found are open, a mere hour, length or name is about
them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.converse import series_corrections
from bot.converse.correction_marks import (
    ABOUT_IT,
    ADDS,
    OTHER,
    is_about_people,
    is_marked,
    is_part,
    lasts,
    minutes_of,
    says_something,
    when_of,
)
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

SOON = Coming(2, Unit.WEEK)
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
    return reading.intent in ABOUT_IT and not lasts(reading)


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
    marked = is_marked(reading.text)
    lasting = reading.intent is Intent.SET_PREFERENCES
    part = found and not lasting and (is_part(reading) or is_about_people(reading))
    part = part or (found and reading.reason in REASONS)  # they cannot come on one of the days
    if not (marked or changes_series or part):
        return None
    if not (changes_series or says_something(reading)):
        return None
    fixes = (*topic.get("fixes", ()), reading.text)
    context = context_of(turn, roster)
    result = read(said, context)
    for fix in fixes:
        result = changed(result, read(fix, context))
    people = _meant(turn, result, reading)
    return Correction(replace(result, intent=Intent.BOOK, text=said, people=people), fixes)


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


def changed(before: Reading, fix: Reading) -> Reading:
    """Return a request with the time and length of a correction."""
    when, minutes = when_of(fix), minutes_of(fix)
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
