"""A wished series whose early and late hours are to be shared in turn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.speak import times
from bot.speak import turn_words as said
from bot.understand.turns import takes_turns
from core.setting_text import clock_of
from core.use_cases.find_series import SeriesFinding, find_series
from core.use_cases.take_turns import plan_turns, take_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.booking.proposal import MeetingRequest
    from core.booking.series import Pattern
    from core.ports import Ports


async def find(
    ports: Ports,
    text: str,
    request: MeetingRequest,
    options: Sequence[Pattern],
    without: frozenset[int],
) -> tuple[SeriesFinding, list[str]]:
    """Find a series as it was said, in turns where that was wished, and what is to be said of it.

    Raises Refused with the rule that forbids the request itself.
    """
    if not takes_turns(text):
        return await find_series(ports, request, options, without=without), []
    # One reading of what is allowed at all comes first: it refuses what may not be asked.
    finding = await find_series(ports, request, options, without=without)
    if finding.proposal is None:
        return finding, []
    turns = await plan_turns(ports, request, options)
    if turns.first != _pattern(finding):
        found = finding.proposal.id
        finding = await find_series(ports, request, (turns.first,), without=without, replaces=found)
    if finding.proposal is None:
        return finding, []
    if turns.second is None:
        pattern = said.EASY if turns.easy else said.NO_OTHER
        time, city = clock_of(turns.first.minute), times.city(turns.first.zone)
        return finding, [pattern.format(time=time, city=city)]
    taken = await take_turns(ports, finding.proposal.id, request.asker, turns)
    return replace(finding, proposal=taken, request=taken.request), []


def _pattern(finding: SeriesFinding) -> Pattern | None:
    wish = finding.request.series
    return wish.pattern if wish else None
