"""Which times suit most of a group, and who cannot: for the asker alone, without reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.speak import group_words, times, words

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.speak.reasons import Scene
    from core.finding.compromise import Partly
    from core.ids import PersonId
    from core.use_cases.find_times import Finding


def partly(scene: Scene, finding: Finding) -> list[str]:
    """Return "Tue 27 Oct 14:00 London suits 4 of 5: Sam cannot." for each such time.

    Whether somebody is busy, away or outside their hours is not said; the asker may ask why.
    """
    others = [p for p in finding.request.attendees if p != finding.request.asker]
    optional = finding.request.optional
    said = [_line(scene, item, len(others), optional) for item in finding.partly]
    return [*said, group_words.PARTLY_HOW] if said else []


def asked(scene: Scene, finding: Finding) -> list[str]:
    """Return that a time needs the yes of the optional people too, where they are to be asked."""
    optional = [p for p in finding.request.optional if p != scene.me]
    if not optional:
        return []
    names = words.listed([scene.people[p].name for p in optional])
    return [group_words.OPTIONAL_ASKED.format(names=names)]


def _line(scene: Scene, item: Partly, number: int, optional: Collection[PersonId]) -> str:
    """Return one time, and for how many it is."""
    pattern = group_words.PARTLY_UNKNOWN if item.unknown else group_words.PARTLY
    if not item.unknown and set(item.missing) <= set(optional):
        pattern = group_words.PARTLY_OPTIONAL
    return pattern.format(
        time=times.moment(item.start, scene.people[scene.me].zone),
        able=number - len(item.missing) - len(item.unknown),
        all=number,
        names=words.listed([scene.people[p].name for p in item.missing]),
        unknown=words.listed([scene.people[p].name for p in item.unknown]),
    )
