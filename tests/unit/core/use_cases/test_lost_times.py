"""Times that go between the offer and the answer are never booked; new ones take their place."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from core.booking.proposal import Proposal, ProposalState
from core.effects import EffectKind
from core.errors import Refused
from core.notices import NoticeKind
from core.people import Leave
from core.programme import Programme
from core.timing.hours import weekly
from core.use_cases import answer_proposal
from core.use_cases.answer_proposal import Outcome, Result, accept
from tests.unit.core.use_cases.steps import (
    THREE,
    TWO,
    open_proposal,
    stated,
)
from tests.unit.core.use_cases.world import (
    DAY,
    HOUR,
    INES,
    MINUTE,
    NOAH,
    OMAR,
    ORG,
    PROGRAMME,
    TOVE,
    World,
    request,
)

S, N, K = ProposalState, NoticeKind, EffectKind


# --- lost times ------------------------------------------------------------------------------


async def test_a_calendar_that_filled_up_loses_the_time(world: World) -> None:
    proposal = await open_proposal(world)
    world.busy(INES, TWO, TWO + HOUR)
    for _ in range(2):
        result = await accept(world.ports, proposal.id, NOAH, TWO)
        assert (result.outcome, result.taken, result.meeting) == (Outcome.TAKEN, (INES,), None)
    assert await world.meetings(INES) == ()
    assert world.effects(K.PLACE_EVENT, K.MAIL_DETAILS, K.MAIL_INVITE) == []


async def test_leave_that_was_entered_meanwhile_loses_the_time(world: World) -> None:
    proposal = await open_proposal(world)
    await world.change(NOAH, leave=(Leave(date(2026, 10, 27), date(2026, 10, 27)),))
    result = await accept(world.ports, proposal.id, NOAH, TWO)
    assert (result.outcome, result.taken) == (Outcome.TAKEN, (NOAH,))


async def test_a_buffer_counts_at_the_booking_too(world: World) -> None:
    proposal = await open_proposal(world)
    await world.set("buffer", "15 min")
    world.busy(INES, TWO + 40 * MINUTE, TWO + 50 * MINUTE)
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.TAKEN


async def test_another_session_took_the_time(world: World) -> None:
    mine = await open_proposal(world, INES, NOAH)
    theirs = await open_proposal(world, OMAR, NOAH)
    assert (await accept(world.ports, theirs.id, NOAH, TWO)).outcome is Outcome.BOOKED
    result = await accept(world.ports, mine.id, NOAH, TWO)
    assert (result.outcome, result.taken) == (Outcome.TAKEN, (NOAH,))
    assert len(await world.meetings(NOAH)) == 1


async def test_after_a_lost_time_another_of_the_offered_ones_can_be_booked(world: World) -> None:
    proposal = await open_proposal(world)
    assert proposal.slots[0].start == min(slot.start for slot in proposal.slots) == TWO
    world.busy(INES, TWO, TWO + HOUR)
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.TAKEN
    result = await accept(world.ports, proposal.id, NOAH, THREE)
    assert result.outcome is Outcome.BOOKED
    assert result.meeting is not None
    assert result.meeting.start == THREE


@pytest.mark.parametrize("mentees", [1, 2])
async def test_the_same_time_at_the_same_moment_is_booked_exactly_once(
    world: World, mentees: int
) -> None:
    """Two mentees press for one mentor at once; or one proposal is pressed by two devices."""
    first = await open_proposal(world, NOAH, INES)
    second = await open_proposal(world, NOAH, OMAR) if mentees == 2 else first
    who = OMAR if mentees == 2 else INES
    results = await asyncio.gather(
        accept(world.ports, first.id, INES, TWO), accept(world.ports, second.id, who, TWO)
    )
    outcomes = sorted(result.outcome for result in results)
    lost = Outcome.TAKEN if mentees == 2 else Outcome.CLOSED
    assert outcomes == sorted([Outcome.BOOKED, lost])
    assert len(await world.meetings(NOAH)) == 1
    await world.work()
    assert len(world.calendars.events(world.main[NOAH])) == 1
    assert len(world.mail.to("noah@work.example")) == 1


async def test_times_that_overlap_only_by_a_buffer_are_booked_once(world: World) -> None:
    await world.set("buffer", "10 min")
    first = await world.offered(stated(INES, NOAH, starts=(TWO,)))
    second = await world.offered(stated(OMAR, NOAH, starts=(TWO + 30 * MINUTE,)))
    results = await asyncio.gather(
        accept(world.ports, first.id, NOAH, TWO),
        accept(world.ports, second.id, NOAH, TWO + 30 * MINUTE),
    )
    assert sorted(r.outcome for r in results) == [Outcome.BOOKED, Outcome.TAKEN]


# --- new times for lost ones -----------------------------------------------------------------


async def replaced(world: World) -> tuple[Proposal, Result]:
    """Lose a time and put new ones in its place, as the one who met it does."""
    old = await open_proposal(world)
    world.busy(INES, TWO, TWO + HOUR)
    assert (await accept(world.ports, old.id, NOAH, TWO)).outcome is Outcome.TAKEN
    again = replace(old.request, starts=())
    finding = await world.find(again)
    assert finding.proposal is not None
    new = finding.proposal.id
    return old, await answer_proposal.offer_instead(world.ports, old.id, new, NOAH)


async def test_new_times_take_the_place_of_the_lost_ones(world: World) -> None:
    old, result = await replaced(world)
    assert (result.outcome, result.proposal.state) == (Outcome.OFFERED, S.OFFERED)
    assert (await world.proposal(old.id)).replaced_by == result.proposal.id
    assert not {TWO, TWO + 30 * MINUTE} & {slot.start for slot in result.proposal.slots}
    assert NOAH not in result.proposal.answers
    subjects = [e.payload["subject"] for e in world.notices(INES, N.PROPOSAL)]
    assert subjects == [f"proposal:{old.id}", f"proposal:{result.proposal.id}"]
    booked = await accept(world.ports, result.proposal.id, NOAH, result.proposal.slots[0].start)
    assert booked.outcome is Outcome.BOOKED


async def test_what_was_booked_meanwhile_counts(world: World) -> None:
    """Between the lost time and the new ones somebody else takes another of the old times."""
    old = await open_proposal(world)
    world.busy(INES, TWO, TWO + HOUR)
    assert (await accept(world.ports, old.id, NOAH, TWO)).outcome is Outcome.TAKEN
    finding = await world.find(replace(old.request, starts=()))
    assert finding.proposal is not None
    assert (await accept(world.ports, old.id, NOAH, THREE)).outcome is Outcome.BOOKED
    new = finding.proposal.id
    result = await answer_proposal.offer_instead(world.ports, old.id, new, NOAH)
    assert (result.outcome, result.proposal.id) == (Outcome.CLOSED, old.id)
    assert (await world.proposal(new)).state is S.WITHDRAWN
    assert len(await world.meetings(NOAH)) == 1


async def test_a_stranger_puts_nothing_in_the_place_of_times(world: World) -> None:
    old = await open_proposal(world)
    finding = await world.find(replace(old.request, starts=()))
    assert finding.proposal is not None
    with pytest.raises(Refused):
        await answer_proposal.offer_instead(world.ports, old.id, finding.proposal.id, TOVE)
    assert (await world.proposal(old.id)).is_open


async def test_new_times_ask_the_asker_once_more_where_both_confirm(world: World) -> None:
    await world.set("booking.confirm", "both")
    old = await open_proposal(world)
    await accept(world.ports, old.id, INES, TWO)
    world.busy(INES, TWO, TWO + HOUR)
    assert (await accept(world.ports, old.id, NOAH, TWO)).outcome is Outcome.TAKEN
    finding = await world.find(replace(old.request, starts=()))
    assert finding.proposal is not None
    result = await answer_proposal.offer_instead(world.ports, old.id, finding.proposal.id, NOAH)
    start = result.proposal.slots[0].start
    assert (await accept(world.ports, result.proposal.id, NOAH, start)).outcome is Outcome.WAITING


async def test_a_proposal_without_other_times_is_closed_and_the_others_told(world: World) -> None:
    proposal = await open_proposal(world)
    await accept(world.ports, proposal.id, NOAH, THREE + 1)
    world.busy(INES, TWO, TWO + 4 * HOUR)
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.TAKEN
    closed = await answer_proposal.lapse(world.ports, proposal.id, NOAH)
    assert (closed.outcome, closed.proposal.state) == (Outcome.CLOSED, S.EXPIRED)
    assert [e.payload["state"] for e in world.notices(INES)] == [S.EXPIRED]
    before = world.everything()
    assert not (await answer_proposal.lapse(world.ports, proposal.id, NOAH)).fresh
    assert world.everything() == before


# --- rules that changed meanwhile -------------------------------------------------------------

CHANGES = [
    ("hours", "08:00-13:00"),
    ("closures", "2026-10-27"),
]


@pytest.mark.parametrize(("key", "text"), CHANGES)
async def test_a_rule_of_the_programme_that_changed_meanwhile_counts(
    world: World, key: str, text: str
) -> None:
    proposal = await open_proposal(world)
    await world.set(key, text)
    result = await accept(world.ports, proposal.id, NOAH, TWO)
    assert (result.outcome, result.taken, result.meeting) == (Outcome.TAKEN, (), None)
    assert await world.meetings(NOAH) == ()


async def test_a_weekend_that_was_closed_meanwhile_stays_free(world: World) -> None:
    await world.set("weekends", "on")
    saturday = TWO + 4 * DAY
    wanted = request(INES, NOAH, window=(saturday, saturday + 1800), starts=(saturday,))
    proposal = await world.offered(wanted)
    await world.set("weekends", "off")
    assert (await accept(world.ports, proposal.id, NOAH, saturday)).outcome is Outcome.TAKEN


async def test_a_programme_that_ended_meanwhile_books_nothing(world: World) -> None:
    proposal = await open_proposal(world)
    ended = Programme(PROGRAMME, ORG, "Harbour", ended=True)
    await world.store.transact(lambda tx: tx.programmes.save(ended))
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).meeting is None
    assert await world.meetings(NOAH) == ()


async def test_a_yes_of_ones_own_outweighs_hours_and_notice(world: World) -> None:
    proposal = await open_proposal(world)
    await world.change(NOAH, hours=weekly((480, 540)))
    await world.set("notice", "14 d")
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.BOOKED
