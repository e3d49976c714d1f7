"""Who has to say yes: the invitee, nobody, both; and whoever could not be read."""

from dataclasses import replace

import pytest

from core.booking.proposal import ProposalState
from core.effects import EffectKind
from core.errors import Refused
from core.notices import NoticeKind
from core.use_cases.answer_proposal import Outcome, accept, decline, offer
from tests.unit.core.use_cases.steps import (
    THREE,
    TWO,
    open_proposal,
    stated,
)
from tests.unit.core.use_cases.world import (
    DORA,
    HOUR,
    INES,
    NOAH,
    TOVE,
    World,
)

S, N, K = ProposalState, NoticeKind, EffectKind


async def test_with_confirm_none_one_press_books(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, NOAH))
    result = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (result.outcome, result.fresh) == (Outcome.BOOKED, True)
    assert len(world.notices(NOAH, N.BOOKED)) == 1
    again = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (again.outcome, again.meeting) == (Outcome.CLOSED, result.meeting)
    assert len(await world.meetings(NOAH)) == 1


async def test_with_confirm_none_several_times_are_a_question(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, NOAH))
    result = await offer(world.ports, drafted.id, INES, (TWO, THREE))
    assert (result.outcome, result.meeting) == (Outcome.OFFERED, None)
    assert (await accept(world.ports, drafted.id, NOAH, THREE)).outcome is Outcome.BOOKED


async def test_with_confirm_none_who_could_not_be_read_is_asked(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, TOVE))
    result = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (result.outcome, result.proposal.waiting_for()) == (Outcome.OFFERED, (TOVE,))
    assert len(world.notices(TOVE, N.PROPOSAL)) == 1
    assert (await accept(world.ports, drafted.id, TOVE, TWO)).outcome is Outcome.BOOKED


async def test_with_confirm_none_who_can_no_longer_be_read_is_asked(world: World) -> None:
    """The calendar was readable for the search and is not for the booking: not free, unknown."""
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, NOAH))
    world.change_password(NOAH)
    result = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (result.outcome, result.meeting) == (Outcome.OFFERED, None)
    assert await world.meetings(NOAH) == ()
    assert len(world.notices(NOAH, N.PROPOSAL)) == 1
    assert (await accept(world.ports, drafted.id, NOAH, TWO)).outcome is Outcome.BOOKED


async def test_with_confirm_none_a_lost_time_is_still_lost(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, NOAH))
    world.busy(NOAH, TWO, TWO + HOUR)
    result = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (result.outcome, result.taken) == (Outcome.TAKEN, (NOAH,))


async def test_with_confirm_both_the_asker_has_the_last_word(world: World) -> None:
    await world.set("booking.confirm", "both")
    proposal = await open_proposal(world)
    assert proposal.answers == {}
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.WAITING
    assert len(world.notices(INES, N.PROPOSAL)) == 1
    result = await accept(world.ports, proposal.id, INES, TWO)
    assert result.outcome is Outcome.BOOKED


async def test_what_an_administrator_arranges_both_must_accept(world: World) -> None:
    arranged = replace(stated(INES, NOAH), asker=DORA)
    proposal = await world.offered(arranged)
    assert [len(world.notices(p, N.PROPOSAL)) for p in (DORA, INES, NOAH)] == [0, 1, 1]
    with pytest.raises(Refused):
        await accept(world.ports, proposal.id, DORA, TWO)
    assert (await accept(world.ports, proposal.id, INES, TWO)).outcome is Outcome.WAITING
    result = await accept(world.ports, proposal.id, NOAH, TWO)
    assert result.outcome is Outcome.BOOKED
    assert result.meeting is not None
    assert result.meeting.people == (INES, NOAH)
    assert result.meeting.owner == NOAH
    assert len(world.notices(DORA, N.PROPOSAL)) == 2  # the first yes, and the end
    assert world.notices(DORA, N.BOOKED) == []


async def test_an_administrator_may_hear_a_no(world: World) -> None:
    proposal = await world.offered(replace(stated(INES, NOAH), asker=DORA))
    assert (await decline(world.ports, proposal.id, INES)).outcome is Outcome.DECLINED
    assert len(world.notices(DORA, N.PROPOSAL)) == 1


async def test_with_confirm_none_an_administrator_books_for_both(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(replace(stated(INES, NOAH), asker=DORA))
    result = await offer(world.ports, drafted.id, DORA, (TWO,))
    assert result.outcome is Outcome.BOOKED
    assert [len(world.notices(p, N.BOOKED)) for p in (INES, NOAH)] == [1, 1]
