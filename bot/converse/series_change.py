"""Changing what is to come of a series in words: "change the rest of the series to 3pm", "move the
series to Wednesdays from now on". What is found is a proposal like that of a new series.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.converse import series
from bot.converse.schedule import refused
from bot.converse.state import PATIENCE
from bot.converse.turn import Reply, say, watched
from bot.converse.when import context_of
from bot.speak import reasons, rhythm, series_views, series_words, times, views, words
from bot.speak import series_change_words as said
from bot.speak.reasons import Scene
from bot.understand.constraint import At, Weekday
from bot.understand.hours import minute_of
from bot.understand.read import read
from bot.understand.resolve import resolve
from core.booking.meeting import MeetingState
from core.booking.proposal import MeetingRequest
from core.booking.series import present
from core.booking.series_change import NewTime, change_of
from core.errors import NotFound, Refused
from core.ids import SeriesId
from core.use_cases.change_meeting import cancel_terms
from core.use_cases.find_series import find_series

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.converse.roster import Roster
    from bot.converse.state import Conversation
    from bot.converse.turn import Turn
    from bot.understand.context import Hours
    from bot.understand.intent import Reading
    from core.booking.meeting import Meeting
    from core.booking.proposal import Wish
    from core.booking.series import Pattern, Series
    from core.ports import Ports, Tx
    from core.use_cases.find_series import SeriesFinding

EVERY = re.compile(r"\b(?:every|each|daily|weekly|monthly|fortnightly|biweekly)\b", re.IGNORECASE)


async def in_words(
    ports: Ports, turn: Turn, roster: Roster, reading: Reading, meetings: Sequence[Meeting]
) -> Reply:
    """Change the series that is meant; several are told apart by a question."""
    heads = {m.series: m for m in reversed(meetings) if m.series}
    if not heads:
        return say(turn.talk, series_words.NO_SERIES)
    if len(heads) == 1:
        return await _change(ports, turn, roster, next(iter(heads)), reading)
    asked = series.which(turn, heads.values(), "rest")
    said_so = {"text": reading.text, "at": turn.now}
    return Reply(asked.messages, asked.talk.about(rest=said_so))


async def picked(
    ports: Ports, turn: Turn, roster: Roster, series_id: str, time: Sequence[str] = ()
) -> Reply:
    """Change the series that was chosen, as it was said before the question, or to the time
    (minute, weekday, zone) that somebody proposed by mail.
    """
    if len(time) == 3 and time[0].isdecimal() and (not time[1] or time[1].isdecimal()):
        new = NewTime(time[2], int(time[0]), int(time[1]) if time[1] else None)
        return await _change(ports, turn, roster, SeriesId(series_id), None, new)
    wish = turn.talk.topic.get("rest")
    if not wish or turn.now - wish["at"] > PATIENCE:
        return say(turn.talk, words.OLD_BUTTON)
    reading = read(str(wish["text"]), context_of(turn, roster))
    return await _change(ports, turn, roster, SeriesId(series_id), reading)


async def _change(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    series_id: SeriesId | None,
    reading: Reading | None,
    new: NewTime | str = "",
) -> Reply:
    """Check every session that is to come at its new time, and show what does not fit."""
    one, every = await _load(ports, turn, series_id)
    pattern = present(one, every, turn.now)
    if reading is not None:
        new = _new_time(turn, context_of(turn, roster).hours, reading, pattern)
    if isinstance(new, str):
        return say(turn.talk, new)
    ahead, late = await _movable(ports, turn, roster, reading, every)
    if not ahead:
        return say(turn.talk, said.NOTHING_AHEAD)
    wish = change_of(one, every, ahead, new, turn.now)
    if wish is None:
        return say(turn.talk, said.ONE_DAY)
    if not wish.shifts:
        return say(turn.talk, said.ALREADY)
    return await _search(ports, turn, one, ahead, wish, pattern, late)


async def by_minutes(
    ports: Ports, turn: Turn, series_id: SeriesId, starts: Collection[int], later: int
) -> Reply:
    """Look whether some sessions of a series can all be so many minutes later (earlier where
    negative), which the others have to agree to.
    """
    one, every = await _load(ports, turn, series_id)
    pattern = present(one, every, turn.now)
    ahead, late = await _in_time(ports, turn, [m for m in every if m.start in starts])
    new = NewTime(pattern.zone, later=later)
    wish = change_of(one, every, ahead, new, turn.now) if ahead else None
    if wish is None:
        return say(turn.talk, said.NOTHING_AHEAD)
    return await _search(ports, turn, one, ahead, wish, pattern, late)


async def _load(
    ports: Ports, turn: Turn, series_id: SeriesId | None
) -> tuple[Series, tuple[Meeting, ...]]:
    """Return a series with all its sessions. Raises NotFound for those of others."""

    def load(tx: Tx) -> tuple[Series, tuple[Meeting, ...]]:
        if series_id is None:
            raise NotFound("")
        return tx.meetings.series(series_id), tx.meetings.of_series(series_id)

    one, every = await ports.store.read(load)
    if turn.me.id not in one.people:
        raise NotFound(str(series_id))
    return one, every


async def _movable(
    ports: Ports, turn: Turn, roster: Roster, reading: Reading | None, every: Sequence[Meeting]
) -> tuple[tuple[Meeting, ...], Meeting | None]:
    """Return the sessions that are meant, and the last one that it is too late to move."""
    since = turn.now
    if reading is not None and reading.move_from is not None and reading.move_from.options:
        windows = resolve(reading.move_from, context_of(turn, roster), cut_to_hours=False).windows
        since = windows[0][0] - 1 if windows else since
    return await _in_time(ports, turn, [m for m in every if m.start > since])


async def _in_time(
    ports: Ports, turn: Turn, meant: Iterable[Meeting]
) -> tuple[tuple[Meeting, ...], Meeting | None]:
    """Return the booked ones of some sessions, and the last one that it is too late to move."""
    booked = [m for m in meant if m.state is MeetingState.BOOKED and m.start > turn.now]
    ahead, late = sorted(booked, key=lambda m: m.start), None
    while ahead and not (await cancel_terms(ports, ahead[0].id, turn.me.id)).may_move:
        late = ahead.pop(0)
    return tuple(ahead), late


async def _search(
    ports: Ports,
    turn: Turn,
    one: Series,
    ahead: Sequence[Meeting],
    wish: Wish,
    before: Pattern,
    late: Meeting | None,
) -> Reply:
    request = MeetingRequest(
        programme_id=one.programme_id,
        asker=turn.me.id,
        attendees=one.people,
        minutes=max(m.end - m.start for m in ahead) // 60,
        windows=(),
        zone=wish.pattern.zone,
        title=one.title,
        series=wish,
    )
    try:
        finding = await watched(turn, find_series(ports, request), words.CHECKING)
    except Refused as refusal:
        return await refused(ports, turn, request, refusal)
    scene = Scene(turn.me.id, finding.people, finding.policy, finding.programme)
    if finding.proposal is None:
        return say(turn.talk, said.NOTHING.format(reasons=reasons.reasons(scene, finding.against)))
    names = views.names(finding.people, finding.request.invitees, turn.me.id)
    notes = reasons.unknowns(scene, finding.unknown)
    if late is not None:
        notes = [said.LATE.format(time=times.moment(late.start, turn.me.zone, turn.now)), *notes]
    intro = [said.INTRO.format(names=names, rhythm=rhythm.rhythm(before))]
    card = series_views.drafted(scene, finding.proposal, turn.now, intro, notes)
    return Reply((card,), _about(turn, finding))


def _about(turn: Turn, finding: SeriesFinding) -> Conversation:
    """Keep what the next sentence may lean on; a correction must not go back to before this."""
    return turn.talk.about(
        partner=list(finding.request.invitees),
        programme=finding.request.programme_id,
        proposal=finding.proposal.id if finding.proposal else "",
        shown=[],
        said="",
        others=[],
        rest=None,
    )


# --- what is wished -------------------------------------------------------------------------------


def _new_time(turn: Turn, hours: Hours, reading: Reading, pattern: Pattern) -> NewTime | str:
    """Return the new time of day, weekday or both, or what is to be said instead."""
    zone = reading.zone or (reading.time.zone if reading.time else None) or turn.me.zone
    if reading.shift_minutes:
        return NewTime(zone, later=reading.shift_minutes)
    if reading.recurrence is not None:
        return _as_series(hours, reading, pattern, zone)
    options = reading.time.options if reading.time else ()
    if len(options) != 1:
        return said.WHEN
    (span,) = options
    weekday = _weekday(span.dates)
    if span.clock is not None and not isinstance(span.clock, At):
        return said.WHEN
    if (span.dates is not None and weekday is None) or (span.clock is None and weekday is None):
        return said.WHEN
    minute = None if span.clock is None else minute_of(span.clock, hours)
    return NewTime(zone, minute, weekday)


def _as_series(hours: Hours, reading: Reading, pattern: Pattern, zone: str) -> NewTime | str:
    """Return what a wish with "Wednesdays" or "every Wednesday" means; how often stays."""
    wished, rule = reading.recurrence, pattern.rule
    if wished is None or len(wished.weekdays) != 1:
        return said.HOW_OFTEN
    rhythm_said = (wished.frequency.value, wished.interval)
    named = EVERY.search(reading.text) is not None or wished.interval != 1
    if named and rhythm_said != (rule.frequency.value, rule.interval):
        return said.HOW_OFTEN
    if wished.clock is not None and not isinstance(wished.clock, At):
        return said.WHEN
    minute = None if wished.clock is None else minute_of(wished.clock, hours)
    return NewTime(zone, minute, wished.weekdays[0])


def _weekday(dates: object) -> int | None:
    """Return the one weekday that was named."""
    return dates.days[0] if isinstance(dates, Weekday) and len(dates.days) == 1 else None
