"""A second reader for sentences that the rules do not know: a language model, where one is wanted.

What it is told is the sentence itself and nothing else: no names but those the sentence writes,
no calendars, no times, no history. What it says is symbolic (`schema`), checked (`wire`), and
never more than a request: the names are looked up here, the zone is read here, the arithmetic
is `resolve`'s, and whatever is found is only proposed to the speaker first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.understand.constraint import Day, Span
from bot.understand.intent import Intent
from bot.understand.lexer import plain
from bot.understand.occurrences import days_of
from bot.understand.read import read
from bot.understand.resolve import resolve
from bot.understand.shapes import MODEL_INTENTS
from bot.understand.zones import find_zone

if TYPE_CHECKING:
    from bot.understand.context import Context
    from bot.understand.intent import PersonMention, Reading

RULES = "rules"

log = structlog.get_logger(__name__)


class SecondReader(Protocol):
    """Reads a sentence by itself, without anything about the speaker."""

    @property
    def name(self) -> str:
        """The engine's name, for the log."""
        ...

    async def read(self, text: str) -> Reading | None:
        """Give a reading whose people have no candidates yet, None when there is none.

        Never raises: whatever goes wrong, the first reader's word stands.
        """
        ...

    async def close(self) -> None:
        """Let go of what is open, if anything is."""
        ...


async def read_again(second: SecondReader | None, first: Reading, context: Context) -> Reading:
    """Ask the second reader, if there is one, about a sentence that the rules do not know.

    Logs the engine whose reading stands; the sentence itself is never logged.
    """
    engine, reading = RULES, first
    if second is not None and first.intent is Intent.UNKNOWN:
        found = await second.read(first.text)
        done = completed(found, first, context) if found is not None else None
        if done is not None:
            engine, reading = second.name, done
    log.info("sentence_read", engine=engine, intent=str(reading.intent))
    return reading


def completed(found: Reading, first: Reading, context: Context) -> Reading | None:
    """Fill in what only we know: who the names are, the zone, and what the rules read already.

    None for an intent that would act at once, and for times that lie in no calendar. Doubts are
    not listed: their buttons read the sentence anew, by the rules.
    """
    if found.intent not in MODEL_INTENTS or found.intent is Intent.UNKNOWN:
        return None
    try:
        reading = _filled(found, first, context)
        for constraint in (reading.time, reading.move_from):
            if constraint is not None:
                resolve(constraint, context)
    except (ValueError, ArithmeticError, LookupError, RuntimeError) as error:
        log.warning("second_reading_dropped", why="no such time", error=type(error).__name__)
        return None
    return reading


def _filled(found: Reading, first: Reading, context: Context) -> Reading:
    named = find_zone(plain(found.text))
    zone = named[0] if named else None
    time = replace(found.time, zone=zone) if found.time else None
    if time is not None and found.recurrence is not None:
        # As the rules have it: the wanted time of a series is its first meeting.
        days = days_of(found.recurrence, context, most=1)
        spans = tuple(Span(Day(d.day, d.month, d.year), found.recurrence.clock) for d in days)
        time = replace(time, options=spans)
    return replace(
        found,
        people=tuple(_known(mention, first, context) for mention in found.people) or first.people,
        time=time,
        move_from=replace(found.move_from, zone=zone) if found.move_from else None,
        zone=zone,
        provider=first.provider,
    )


def _known(mention: PersonMention, first: Reading, context: Context) -> PersonMention:
    """Look a name up as the rules do; a mention that the rules found themselves stays theirs."""
    start, end = mention.span
    for known in first.people:
        if known.span[0] < end and start < known.span[1]:
            return replace(known, optional=mention.optional or known.optional)
    looked_up = read(f"book with {mention.text}", context).people
    if not looked_up:
        return mention
    return replace(looked_up[0], text=mention.text, span=mention.span, optional=mention.optional)
