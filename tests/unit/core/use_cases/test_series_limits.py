"""Limits of people when a series is offered, accepted or booked: nobody gets more sessions than
they want but by their own word.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.booking.proposal import Beyond, Proposal, ProposalState
from core.errors import Refused
from core.finding.request import Ease
from core.finding.unlocking import Means
from core.ids import PersonId
from core.people import Wishes
from core.ports import BusyKind
from core.programme import Objection, Rule
from core.timing.hours import weekly
from core.use_cases.answer_series import Outcome, Over, SeriesResult, accept_series, offer_series
from core.use_cases.find_series import Choice, choose, find_series
from tests.unit.core.use_cases.test_series import wish
from tests.unit.core.use_cases.test_series_change import WEEKLY, drafted
from tests.unit.core.use_cases.world import (
    DAY,
    INES,
    NOAH,
    OMAR,
    World,
    make_world,
    request,
)

FIRST, SECOND, *REST = WEEKLY.slots()
THURSDAY = (SECOND + 2 * DAY, SECOND + 3 * DAY)


async def offered(world: World, *others: PersonId) -> Proposal:
    """Offer five Tuesdays."""
    finding = await find_series(world.ports, wish(WEEKLY, *others))
    assert finding.proposal is not None, finding.against
    return (await offer_series(world.ports, finding.proposal.id, INES)).proposal


async def full(world: World, person: PersonId) -> None:
    """Book a person in the second week, who then wants one session a week."""
    other = OMAR if person == NOAH else NOAH
    await world.booked(request(other, person, windows=(THURSDAY,)))
    await world.change(person, wishes=Wishes(weekly=1))


def asked_of(result: SeriesResult, person: PersonId) -> Beyond | None:
    """Return what somebody is asked about."""
    series = result.proposal.request.series
    assert series is not None
    return series.beyond_of(person)


async def test_who_accepts_is_asked_and_nothing_is_answered_or_booked() -> None:
    world = await make_world()
    proposal = await offered(world)
    await full(world, NOAH)
    for _ in range(2):
        result = await accept_series(world.ports, proposal.id, NOAH)
        assert result.outcome is Outcome.BEYOND
        assert asked_of(result, NOAH) == Beyond(NOAH, (SECOND,))
        assert NOAH not in result.proposal.answers
    result = await accept_series(world.ports, proposal.id, NOAH, over=Over.SKIP)
    assert result.outcome is Outcome.BOOKED
    assert [m.start for m in result.meetings] == [FIRST, *REST]
    assert asked_of(result, NOAH) is None


async def test_what_was_left_out_before_the_question_stays_out() -> None:
    world = await make_world()
    proposal = await offered(world)
    await full(world, NOAH)
    await accept_series(world.ports, proposal.id, NOAH, frozenset({FIRST}))
    result = await accept_series(world.ports, proposal.id, NOAH, over=Over.TAKE)
    assert [m.start for m in result.meetings] == [SECOND, *REST]


async def test_what_is_left_out_is_not_counted() -> None:
    world = await make_world()
    proposal = await offered(world)
    await full(world, NOAH)
    result = await accept_series(world.ports, proposal.id, NOAH, frozenset({SECOND}))
    assert result.outcome is Outcome.BOOKED


async def test_where_every_session_is_too_much_doing_without_is_no_answer() -> None:
    world = await make_world()
    proposal = await offered(world)
    await world.change(NOAH, wishes=Wishes(weekly=0))
    result = await accept_series(world.ports, proposal.id, NOAH, over=Over.SKIP)
    assert result.outcome is Outcome.BEYOND
    result = await accept_series(world.ports, proposal.id, NOAH, over=Over.TAKE)
    assert len(result.meetings) == 5


async def test_whose_yes_is_older_is_asked_once_more_and_the_others_wait() -> None:
    world = await make_world()
    proposal = await offered(world, NOAH, OMAR)
    await accept_series(world.ports, proposal.id, NOAH)
    await full(world, INES)
    await world.change(NOAH, wishes=Wishes(weekly=1))  # Noah is booked with Ines on Thursday
    result = await accept_series(world.ports, proposal.id, OMAR)
    assert result.outcome is Outcome.WAITING
    assert set(result.proposal.waiting_for()) == {INES, NOAH}
    assert asked_of(result, INES) == Beyond(INES, (SECOND,))
    assert asked_of(result, OMAR) is None
    result = await accept_series(world.ports, proposal.id, NOAH, over=Over.TAKE)
    assert result.proposal.waiting_for() == (INES,)
    result = await accept_series(world.ports, proposal.id, INES, over=Over.SKIP)
    assert result.outcome is Outcome.BOOKED
    assert [m.start for m in result.meetings] == [FIRST, *REST]


@pytest.mark.parametrize("over", [Over.SKIP, Over.TAKE])
async def test_who_books_at_once_is_asked_and_others_get_no_more_than_they_want(over: Over) -> None:
    world = await make_world()
    await world.set("booking.confirm", "none")
    finding = await find_series(world.ports, wish(WEEKLY))
    assert finding.proposal is not None
    await full(world, INES)
    await world.change(NOAH, wishes=Wishes(daily=0))
    result = await offer_series(world.ports, finding.proposal.id, INES)
    assert result.outcome is Outcome.BEYOND
    assert result.proposal.state is ProposalState.DRAFTED
    assert (await offer_series(world.ports, finding.proposal.id, INES, over)).outcome is (
        Outcome.TAKEN  # Noah, whom nobody asks, wants none
    )


async def test_a_series_that_is_moved_may_not_bring_more_than_is_wanted() -> None:
    world = await make_world()
    proposal = await offered(world)
    booked = await accept_series(world.ports, proposal.id, NOAH)
    assert booked.series is not None
    change = await drafted(world, booked.series)
    await offer_series(world.ports, change.id, INES)
    await world.change(NOAH, wishes=Wishes(weekly=1))
    result = await accept_series(world.ports, change.id, NOAH)
    assert result.outcome is Outcome.BOOKED  # where they stand so far gives way to them


async def test_another_time_for_a_gap_may_be_too_much_beside_the_others() -> None:
    world = await make_world()
    for day in (FIRST, SECOND):  # noon is free on the days after, and one such week is wanted
        world.busy(NOAH, day - DAY // 2, day + DAY // 2)
    pattern = replace(WEEKLY, rule=replace(WEEKLY.rule, weekdays=(1, 3)), count=4)
    finding = await find_series(world.ports, wish(pattern))
    assert finding.proposal is not None
    series = finding.proposal.request.series
    assert series is not None
    first, _ = series.gaps
    await world.change(NOAH, wishes=Wishes(weekly=1))  # a Thursday is held in that week
    with pytest.raises(Refused) as refusal:
        await choose(
            world.ports, finding.proposal.id, INES, Choice.MOVE, first.slot, first.choices[0]
        )
    assert refusal.value.objections == (Objection(Rule.LIMIT, NOAH),)
    kept = await choose(world.ports, finding.proposal.id, INES, Choice.SKIP, first.slot, 0)
    assert kept.slots == finding.proposal.slots


async def test_what_is_set_aside_in_one_window_only_is_as_it_was_in_the_others() -> None:
    """Only the first of the calendar windows holds something tentative."""
    world = await make_world()
    pattern = replace(WEEKLY, count=20)
    starts = pattern.slots()
    world.busy(INES, starts[0], starts[0] + DAY // 48, BusyKind.TENTATIVE)
    for start in starts[1:]:
        world.busy(NOAH, start, start + DAY // 48)
    finding = await find_series(world.ports, wish(pattern))
    assert finding.proposal is None
    (way,) = [way for way in finding.ways if way.means is Means.EASE]
    assert (way.ease, way.count, way.first) == (Ease.TENTATIVE, 1, starts[0])
    eased = replace(wish(pattern), eased=((Ease.TENTATIVE, INES),))
    found = await find_series(world.ports, eased)
    assert found.proposal is not None
    assert [slot.start for slot in found.proposal.slots] == [starts[0]]


async def test_no_button_stands_for_what_it_could_not_say() -> None:
    world = await make_world()
    await world.change(INES, hours=weekly((60, 120)))
    slots = frozenset({FIRST})
    assert (await find_series(world.ports, wish(WEEKLY))).ways
    assert not (await find_series(world.ports, wish(WEEKLY), without=slots)).ways
    twice = (WEEKLY, replace(WEEKLY, minute=15 * 60))
    assert not (await find_series(world.ports, wish(WEEKLY), twice)).ways
