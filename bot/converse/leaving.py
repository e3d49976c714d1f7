"""Leave that somebody announces, and the sessions that are booked in it already."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from bot.card import Action
from bot.speak import agenda_words, times, views, words
from core.timing.spans import overlaps
from core.timing.zones import instant
from core.use_cases.list_meetings import agenda

if TYPE_CHECKING:
    from core.people import Person
    from core.ports import Ports

MOST = 5  # sessions that are named


async def booked_meanwhile(
    ports: Ports, before: Person, after: Person
) -> tuple[str, tuple[Action, ...]]:
    """Return what is booked in the days that somebody has just said they are away, and a button
    for each session; nothing is changed by itself.
    """
    new = [leave for leave in after.leave if leave not in before.leave]
    days = [
        (instant(x.first, time(), after.zone), instant(times.next_day(x.last), time(), after.zone))
        for x in new
    ]
    if not days:
        return "", ()
    found = await agenda(ports, after.id)
    inside = [m for m in found.meetings if overlaps(days, m.start, m.end)]
    if not inside:
        return "", ()
    named = [
        agenda_words.AWAY_ONE.format(
            time=times.of_meeting(m, after), names=views.others(found.people, m.people, after.id)
        )
        for m in inside[:MOST]
    ]
    text = agenda_words.AWAY_BOOKED[len(inside) > 1].format(sessions=words.listed(named))
    if len(inside) > MOST:
        text = f"{text} {agenda_words.AWAY_MORE.format(count=len(inside) - MOST)}"
    actions = [Action(f"show:{m.id}", f"Change {times.begin(m.start, after)}") for m in inside]
    return text, tuple(actions[:MOST])
