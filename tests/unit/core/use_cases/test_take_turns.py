"""Turns with early and late hours, from the calendars to a drafted and a booked series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.booking.proposal import Gap, Proposal
from core.booking.series import Pattern
from core.errors import Refused
from core.finding.turns import Turns
from core.timing.recurrence import Frequency
from core.timing.recurrence import Rule as Repeats
from core.use_cases.answer_series import accept_series, offer_series
from core.use_cases.find_series import find_series
from core.use_cases.take_turns import plan_turns, take_turns
from tests.unit.core.use_cases.test_series import found, standing_in, wish
from tests.unit.core.use_cases.world import HOUR, INES, MINUTE, NOAH, World, at, make_world

# After the clocks of both have changed: two in London is nine in New York.
TUESDAYS = Pattern(
    Repeats(Frequency.WEEKLY, 1, (1,)), "Europe/London", date(2026, 11, 3), 14 * 60, 30, count=4
)
FIRST, SECOND = TUESDAYS.slots(), replace(TUESDAYS, minute=16 * 60 + 30).slots()


async def planned(world: World, *options: Pattern) -> Turns:
    """Return the turns of a wish."""
    return await plan_turns(world.ports, wish(TUESDAYS), options or (TUESDAYS,))


async def taken(world: World) -> Proposal:
    """Return the drafted series that takes turns."""
    proposal = await found(world, TUESDAYS)
    return await take_turns(world.ports, proposal.id, INES, await planned(world))


async def test_every_other_session_is_at_the_second_time_and_booked_there() -> None:
    world = await make_world()
    proposal = await taken(world)
    starts = [FIRST[0], SECOND[1], FIRST[2], SECOND[3]]
    assert [s.start for s in proposal.slots] == starts
    assert [s.by_rule for s in proposal.slots] == [0, FIRST[1], 0, FIRST[3]]
    await offer_series(world.ports, proposal.id, INES)
    result = await accept_series(world.ports, proposal.id, NOAH)
    assert [(m.slot, m.start) for m in result.meetings] == list(zip(FIRST, starts, strict=True))
    await world.work()
    spans = [(start, start + 30 * MINUTE) for start in starts]
    assert standing_in(world, INES) == standing_in(world, NOAH) == spans


async def test_a_gap_that_the_second_time_fills_is_none() -> None:
    world = await make_world()
    world.busy(NOAH, FIRST[2], FIRST[2] + HOUR)
    world.busy(INES, FIRST[3], FIRST[3] + 4 * HOUR)
    assert [g.slot for g in _gaps(await found(world, TUESDAYS))] == [FIRST[2], FIRST[3]]
    turns = Turns(TUESDAYS, replace(TUESDAYS, minute=16 * 60 + 30))
    turns = replace(turns, free=frozenset((*FIRST[:2], *SECOND[:3])))
    proposal = await found(world, TUESDAYS)
    proposal = await take_turns(world.ports, proposal.id, INES, turns)
    assert [s.start for s in proposal.slots] == [FIRST[0], SECOND[1], SECOND[2]]
    assert [g.slot for g in _gaps(proposal)] == [FIRST[3]]


def _gaps(proposal: Proposal) -> tuple[Gap, ...]:
    assert proposal.request.series is not None
    return proposal.request.series.gaps


async def test_the_second_time_lies_in_everybodys_free_hours() -> None:
    world = await make_world()
    for slot in FIRST:
        world.busy(NOAH, slot + 2 * HOUR, slot + 3 * HOUR)  # 16:00 to 17:00 in London
    turns = await planned(world)
    assert turns.second is not None
    assert not turns.free & set(SECOND)


async def test_nobody_but_the_asker_and_never_after_it_was_offered() -> None:
    world = await make_world()
    proposal, turns = await found(world, TUESDAYS), await planned(world)
    with pytest.raises(Refused):
        await take_turns(world.ports, proposal.id, NOAH, turns)
    await offer_series(world.ports, proposal.id, INES)
    same = await take_turns(world.ports, proposal.id, INES, turns)
    assert [s.start for s in same.slots] == list(FIRST)


async def test_easy_for_both() -> None:
    world = await make_world()
    easy = await planned(world, TUESDAYS, replace(TUESDAYS, minute=15 * 60))
    assert (easy.first.minute, easy.second, easy.easy) == (15 * 60, None, True)
    finding = await find_series(world.ports, wish(easy.first))
    assert finding.proposal is not None
    assert finding.proposal.slots[0].start == at("2026-11-03 15:00")
