"""The rows around sessions and silent proposals: made once, read anew, taken back in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.booking.meeting import MeetingState, Rsvp
from core.booking.proposal import ProposalState
from core.effects import EffectKind, EffectState
from core.errors import IllegalStep, Refused
from core.notices import NoticeKind
from core.people import Leave
from core.reminding import arrange_earlier
from core.use_cases import change_meeting
from core.use_cases.answer_proposal import accept, decline, offer, offer_instead, withdraw
from core.use_cases.set_reminders import reminders_of, set_reminders
from tests.unit.core.use_cases.steps import FOUR, THREE, TWO, booked, moved, open_proposal, stated
from tests.unit.core.use_cases.world import (
    DAY,
    DORA,
    HOUR,
    INES,
    MINUTE,
    NOAH,
    NOW,
    RITA,
    World,
)

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.ids import PersonId

K, N, S = EffectKind, NoticeKind, EffectState


def rows(world: World, person: PersonId) -> list[tuple[int, int, int]]:
    """Return the reminders queued for a person: sequence, lead, and when they are due."""
    found = [e for e in world.effects(K.REMIND) if e.person_id == person]
    return [(e.sequence, int(e.payload["lead"]), e.due_at) for e in found]


async def told_at(world: World, person: PersonId, *kinds: NoticeKind, until: int) -> list[int]:
    """Let time pass in steps of a quarter of an hour; return when somebody was told something."""
    found: list[int] = []
    while world.clock.at < until:
        world.clock.at += 15 * MINUTE
        before = len([n for n in world.chat.told if n.to == person and n.kind in kinds])
        await world.work()
        after = len([n for n in world.chat.told if n.to == person and n.kind in kinds])
        found += [world.clock.at] * (after - before)
    return found


# --- reminders --------------------------------------------------------------------------------


async def test_one_row_for_each_person_and_lead(world: World) -> None:
    await booked(world)
    for person in (INES, NOAH):
        assert sorted(rows(world, person)) == [(0, 60, TWO - HOUR), (0, 1440, TWO - DAY)]
    assert await told_at(world, INES, N.REMINDER, until=TWO + HOUR) == [TWO - DAY, TWO - HOUR]


async def test_a_session_of_before_there_were_reminders_gets_them_once(world: World) -> None:
    await booked(world)
    usual = {e.key for e in world.effects(K.REMIND, K.CHECK_IN)}
    table = world.store._tables.effects
    table.drop(*[number for number, row in table.items() if row.key in usual])
    assert world.effects(K.REMIND, K.CHECK_IN) == []
    assert await arrange_earlier(world.ports) == 1
    assert {e.key for e in world.effects(K.REMIND, K.CHECK_IN)} == usual
    assert await arrange_earlier(world.ports) == 0


async def test_moved_there_and_back_each_is_said_once(world: World) -> None:
    meeting = await booked(world)
    meeting = await moved(world, meeting, FOUR)
    await moved(world, meeting, TWO)
    assert len(rows(world, INES)) == 6
    assert await told_at(world, INES, N.REMINDER, until=FOUR + HOUR) == [TWO - DAY, TWO - HOUR]


async def test_an_amended_session_is_reminded_of_as_before(world: World) -> None:
    await booked(world)
    await change_meeting.set_place(world.ports, NOAH, "https://meet.example.org/noah")
    assert await told_at(world, INES, N.REMINDER, until=FOUR) == [TWO - DAY, TWO - HOUR]


async def test_who_declined_or_left_is_not_reminded(world: World) -> None:
    meeting = await booked(world)
    await change_meeting.answer(world.ports, meeting.id, INES, Rsvp.DECLINED)
    await world.change(NOAH, active=False)
    assert await told_at(world, INES, N.REMINDER, until=TWO) == []
    assert N.REMINDER not in world.chat.to(NOAH)


async def test_a_person_who_was_deleted(world: World) -> None:
    await booked(world)
    await world.work()
    world.store._tables.people.drop(INES)
    assert await told_at(world, NOAH, N.REMINDER, until=TWO) == [TWO - DAY, TWO - HOUR]
    assert {e.state for e in world.effects(K.REMIND)} == {S.DONE}
    assert N.REMINDER not in world.chat.to(INES)


async def test_a_worker_that_slept_says_nothing_once_it_has_begun(world: World) -> None:
    await booked(world)
    world.clock.at = TWO
    await world.work()
    assert N.REMINDER not in world.chat.to(INES)


async def test_no_rows_for_moments_that_are_over(world: World) -> None:
    world.clock.at = TWO - 5 * HOUR
    await booked(world)
    assert rows(world, INES) == [(0, 60, TWO - HOUR)]


async def test_a_wish_holds_for_what_stands_and_is_found_again(world: World) -> None:
    await booked(world)
    assert await set_reminders(world.ports, INES, (120,)) is None
    assert await set_reminders(world.ports, INES, ()) == (120,)
    assert await set_reminders(world.ports, INES, (120, 30)) == ()
    assert await reminders_of(world.ports, INES) == (120, 30)
    assert await told_at(world, INES, N.REMINDER, until=TWO) == [TWO - 2 * HOUR, TWO - HOUR // 2]


async def test_a_wish_taken_back(world: World) -> None:
    await booked(world)
    await set_reminders(world.ports, INES, ())
    await set_reminders(world.ports, INES, None)
    assert await told_at(world, INES, N.REMINDER, until=TWO) == [TWO - DAY, TWO - HOUR]


async def test_other_hours_move_a_reminder(world: World) -> None:
    """What was due in the evening before is due in the morning, when hours begin earlier."""
    await booked(world)
    early = (((0, 1440),),) * 7
    await world.change(INES, hours=((),) * 7)
    await told_at(world, INES, N.REMINDER, until=TWO - DAY + HOUR)
    assert N.REMINDER not in world.chat.to(INES)
    await world.change(INES, hours=early)
    assert await told_at(world, INES, N.REMINDER, until=TWO) == [TWO - HOUR]


# --- did it take place? -----------------------------------------------------------------------


async def over(world: World) -> Meeting:
    """Return a session that has just ended, everything about it sent."""
    meeting = await booked(world)
    world.clock.at = meeting.end
    await world.work()
    return meeting


async def test_the_owner_is_asked_once(world: World) -> None:
    meeting = await over(world)
    assert await told_at(world, NOAH, N.CHECK_IN, until=TWO + 9 * DAY) == [
        meeting.end + 15 * MINUTE
    ]
    assert N.CHECK_IN not in world.chat.to(INES)
    assert (await world.meeting(meeting.id)).state is MeetingState.HELD


async def test_what_was_moved_is_asked_about_after_its_new_time(world: World) -> None:
    meeting = await booked(world)
    await moved(world, meeting, FOUR)
    world.clock.at = TWO
    assert await told_at(world, NOAH, N.CHECK_IN, until=FOUR + 2 * DAY) == [FOUR + 45 * MINUTE]


@pytest.mark.parametrize("held", [True, False])
async def test_an_answer_ends_the_question(world: World, *, held: bool) -> None:
    meeting = await over(world)
    await change_meeting.settle(world.ports, meeting.id, INES, held=held)
    world.clock.at += 30 * DAY
    await world.work()
    stored = await world.meeting(meeting.id)
    assert stored.state is (MeetingState.HELD if held else MeetingState.MISSED)
    assert stored.sequence == 0
    assert N.CHECK_IN not in world.chat.to(NOAH)


async def test_the_other_answer_replaces_the_first(world: World) -> None:
    meeting = await over(world)
    for held in (True, False, False):
        await change_meeting.settle(world.ports, meeting.id, NOAH, held=held)
    assert (await world.meeting(meeting.id)).state is MeetingState.MISSED


async def test_who_may_say_so_and_when(world: World) -> None:
    meeting = await booked(world)
    with pytest.raises(IllegalStep):
        await change_meeting.settle(world.ports, meeting.id, NOAH, held=True)
    world.clock.at = meeting.end
    with pytest.raises(Refused):
        await change_meeting.settle(world.ports, meeting.id, RITA, held=True)
    await change_meeting.settle(world.ports, meeting.id, DORA, held=True)


async def test_what_is_over_cannot_be_called_off(world: World) -> None:
    meeting = await over(world)
    before = world.everything()
    changed = await change_meeting.cancel(world.ports, meeting.id, INES)
    assert (changed.fresh, changed.meeting.state) == (False, MeetingState.BOOKED)
    assert world.everything() == before


# --- proposals that are not answered ----------------------------------------------------------


async def test_the_ladder_has_its_rungs_and_no_more(world: World) -> None:
    proposal = await open_proposal(world)
    kinds = (N.NUDGE_ANSWER, N.NUDGE_WIDEN, N.NUDGE_TOP)
    life = proposal.expires_at - NOW
    assert life == 72 * HOUR
    invitee = await told_at(world, NOAH, *kinds, until=proposal.expires_at + DAY)
    assert invitee == [NOW + 27 * HOUR]  # a third of it is at 5 in New York: at 8 then
    asker = [n.kind for n in world.chat.told if n.to == INES and n.kind in kinds]
    assert asker == [N.NUDGE_WIDEN, N.NUDGE_TOP]
    assert world.chat.to(DORA) == [N.SILENT]


@pytest.mark.parametrize("how", ["accept", "decline", "withdraw", "supersede", "instead"])
async def test_the_ladder_goes_with_its_proposal(world: World, how: str) -> None:
    proposal = await open_proposal(world)
    rungs = world.effects(K.NUDGE)
    assert len(rungs) == 3
    if how == "accept":
        await accept(world.ports, proposal.id, NOAH, TWO)
    elif how == "decline":
        await decline(world.ports, proposal.id, NOAH)
    elif how == "withdraw":
        await withdraw(world.ports, proposal.id, INES)
    elif how == "supersede":
        await open_proposal(world)
    else:
        newer = await world.drafted(stated(INES, NOAH, starts=(THREE,)))
        await offer_instead(world.ports, proposal.id, newer.id, NOAH)
    assert (await world.proposal(proposal.id)).state is not ProposalState.OFFERED
    assert {(await world.effect(e.id)).state for e in rungs} == {S.CANCELLED}


async def test_a_short_proposal_nudges_nobody(world: World) -> None:
    world.clock.at = TWO - 5 * HOUR
    await world.set("notice", "0 h")
    await world.set("expiry", "2 h")
    await open_proposal(world)
    assert world.effects(K.NUDGE) == []


async def test_who_is_away_or_wants_none_is_left_in_peace(world: World) -> None:
    await world.change(NOAH, leave=(Leave(date(2026, 10, 20), date(2026, 10, 24)),))
    await world.change(INES, nudges=False)
    drafted = await world.drafted(stated(INES, NOAH))
    await offer(world.ports, drafted.id, INES, (drafted.slots[0].start,))
    kinds = (N.NUDGE_ANSWER, N.NUDGE_WIDEN, N.NUDGE_TOP)
    assert await told_at(world, NOAH, *kinds, until=drafted.expires_at) == []
    assert not set(kinds) & set(world.chat.to(INES))


async def test_administrators_hear_of_it_once_and_only_of_silence(world: World) -> None:
    proposal = await open_proposal(world, INES, NOAH)
    await world.store.transact(
        lambda tx: tx.proposals.save(replace(tx.proposals.get(proposal.id)).accept(NOAH, TWO))
    )
    world.clock.at = proposal.expires_at
    await world.work()
    assert (await world.proposal(proposal.id)).state is ProposalState.EXPIRED
    assert N.SILENT not in world.chat.to(DORA)  # Noah had answered
