"""A proposed series that takes turns: for whom each session is early or late, and the two times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Note
from bot.speak import series_words, times, words
from bot.speak import turn_words as said
from core.finding.turns import strain
from core.setting_text import clock_of
from core.timing.zones import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.speak.reasons import Scene
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal, Slot
    from core.booking.series import Series


def takes_turns(item: Proposal) -> bool:
    """Tell whether sessions were given a second time of day, not another one for a gap."""
    return any(_turned(item, slot) for slot in item.slots)


def _turned(item: Proposal, slot: Slot) -> bool:
    wish = item.request.series
    if wish is None or not slot.by_rule or slot.by_rule in {gap.slot for gap in wish.gaps}:
        return False
    zone = wish.pattern.zone
    return local_date(slot.by_rule, zone) == local_date(slot.start, zone)


def beside(scene: Scene, item: Proposal, slot: Slot) -> str:
    """Return what stands beside a session: where turns are taken for whom it is early or late;
    which day it replaces where it was moved for a reason of its own.
    """
    if slot.by_rule and not _turned(item, slot):
        day = times.day(slot.by_rule, scene.people[scene.me].zone, item.made_at)
        return series_words.INSTEAD.format(day=day)
    if not takes_turns(item):
        return ""
    found: dict[str, list[str]] = {said.EARLY: [], said.LATE: []}
    for person_id in item.request.attendees:
        person = scene.people[person_id]
        by = strain(slot.start, item.request.minutes, person.zone)
        if by:
            name = said.YOU if person_id == scene.me else person.name.split()[0]
            found[said.EARLY if by < 0 else said.LATE].append(name)
    parts = (p.format(names=words.listed(names)) for p, names in found.items() if names)
    return ", ".join(parts)


def booked(series: Series, meetings: Iterable[Meeting]) -> list[str]:
    """Return that some sessions of a series that was just booked are at another time of day."""
    zone = series.pattern.zone
    shifted = [m for m in meetings if m.start != m.slot]
    others = {times.clock(m.start, zone) for m in shifted}
    same_days = all(local_date(m.start, zone) == local_date(m.slot, zone) for m in shifted)
    if len(shifted) < 2 or len(others) != 1 or not same_days:
        return []
    return [said.BOOKED.format(count=len(shifted), time=others.pop(), city=times.city(zone))]


def notes(item: Proposal) -> tuple[Note, ...]:
    """Return how turns are taken, for all who see the proposal; nothing where there are none."""
    wish = item.request.series
    if wish is None or not takes_turns(item):
        return ()
    zone = wish.pattern.zone
    other = next(slot for slot in item.slots if _turned(item, slot))
    text = said.TURNS.format(
        first=clock_of(wish.pattern.minute),
        second=times.clock(other.start, zone),
        city=times.city(zone),
    )
    return (Note(text),)
