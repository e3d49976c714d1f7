"""Somebody cannot come on a day: which session that is, and what is to become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action
from bot.converse import meetings, questions, reach
from bot.converse.turn import say
from bot.converse.when import context_of
from bot.speak import session_words as said
from bot.speak import times, views, words
from bot.understand.cannot import ASKS, REASONS, windows_of
from bot.understand.resolve import resolve
from core.timing.spans import overlaps
from core.use_cases.list_meetings import agenda

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Reply, Turn
    from bot.understand.intent import Reading
    from core.booking.meeting import Meeting
    from core.ports import Ports
    from core.use_cases.list_meetings import Agenda


CAST = frozenset({"who comes", "who else comes"})  # reasons of readings


async def move_in_words(ports: Ports, turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Look for another time; who only says that they cannot come is asked what they want."""
    if reading.reason in CAST:
        return say(turn.talk, said.SAME_PEOPLE)
    if reading.reason not in REASONS:
        return await meetings.move_in_words(ports, turn, roster, reading)
    found = await agenda(ports, turn.me.id)
    meant = _meant(turn, roster, found, reading)
    if not meant:
        if reading.preferences:
            return await reach.set_preferences(ports, turn, roster, reading)
        return say(turn.talk, said.NONE_THEN)
    if reading.reason != ASKS:
        return await meetings.move_one_of(ports, turn, roster, found, meant, reading)
    if len(meant) == 1:
        time = times.of_meeting(meant[0], turn.me, turn.now)
        names = views.others(found.people, meant[0].people, turn.me.id)
        text = said.CANNOT_COME.format(time=time, names=names)
        actions = views.meeting_actions(meant[0])
        return questions.ask(turn, views.plain(text, actions=actions))
    return _which(turn, found, meant)


def _meant(turn: Turn, roster: Roster, found: Agenda, reading: Reading) -> list[Meeting]:
    """Return the sessions of the days that are named; of a weekday those of the nearest one that
    has any.
    """
    people = {c for mention in reading.people for c in mention.candidates} - {turn.me.id}
    with_them = [m for m in found.meetings if not people or people & set(m.people)]
    if reading.move_from is None:
        return with_them
    context = context_of(turn, roster)
    near = resolve(reading.move_from, context, cut_to_hours=False).windows
    meant = [m for m in with_them if overlaps(near, m.start, m.end)]
    if meant:
        return meant
    further = windows_of(reading.move_from, context)
    return [m for m in with_them if overlaps(further, m.start, m.end)]


def _which(turn: Turn, found: Agenda, meant: list[Meeting]) -> Reply:
    """Ask which of several sessions cannot be."""
    actions = [
        Action(
            f"show:{m.id}",
            f"{views.others(found.people, m.people, turn.me.id)}, "
            f"{times.begin(m.start, turn.me, turn.now)}",
        )
        for m in meant[: meetings.SHOWN]
    ]
    return questions.ask(turn, views.plain(words.WHICH_MEETING, actions=actions))
