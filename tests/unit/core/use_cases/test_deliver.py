"""Carrying out effects: once, in order, and nothing that has been superseded."""

from dataclasses import replace

import pytest

from core.booking.meeting import Rsvp
from core.booking.proposal import ProposalState
from core.connecting import Choice
from core.effects import EffectKind, EffectState
from core.notices import Notice, NoticeKind, as_effect
from core.ports import Receipt
from core.repositories import Tx
from core.use_cases.answer_proposal import Outcome, accept
from core.use_cases.change_meeting import answer, cancel
from core.use_cases.connect_calendar import choose
from core.use_cases.deliver import next_tend
from tests.unit.core.use_cases.account import opened
from tests.unit.core.use_cases.steps import FOUR, again, booked, moved, one, run
from tests.unit.core.use_cases.world import (
    DAY,
    HOUR,
    INES,
    NOAH,
    NOW,
    TIMED,
    TOVE,
    World,
    request,
)

K, S, N = EffectKind, EffectState, NoticeKind


# --- what goes well --------------------------------------------------------------------------


async def test_everything_is_done_once(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    sent, copies = len(world.mail.sent), world.calendars.events(world.main[NOAH])
    assert sent == 2
    assert [copy.uid for copy in copies] == [meeting.uid]
    assert await world.work() == []
    assert len(world.mail.sent) == sent


async def test_where_a_copy_lies_is_remembered(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    refs = await world.store.read(lambda tx: tx.meetings.refs(meeting.id))
    assert {ref.link_id for ref in refs} == {f"link-{p}-work" for p in (INES, NOAH)}
    assert {ref.sequence for ref in refs} == {0}


async def test_notices_arrive_in_order(world: World) -> None:
    meeting = await booked(world)
    await moved(world, meeting)
    await cancel(world.ports, meeting.id, NOAH)
    await world.work()
    kinds = [kind for kind in world.chat.to(INES) if kind is not N.PROPOSAL]
    assert kinds == [N.BOOKED, N.MOVED, N.CANCELLED]


# --- once is enough --------------------------------------------------------------------------


async def test_a_copy_written_twice_is_one_event(world: World) -> None:
    """The worker wrote and crashed before it could say so; the row comes again."""
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    lost = replace(effect, lease="somebody else's")
    assert await run(world, lost) is S.DONE
    assert (await world.effect(effect.id)).state is S.READY
    assert await run(world, await again(world, effect)) is S.DONE
    assert (await world.effect(effect.id)).state is S.DONE
    assert len(world.calendars.events(world.main[NOAH])) == 1


async def test_a_write_whose_answer_was_lost_is_repeated_and_stays_one_event(world: World) -> None:
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    world.calendars.lose_answer()
    assert await run(world, effect) is None
    assert await run(world, await again(world, effect)) is S.DONE
    assert len(world.calendars.events(world.main[NOAH])) == 1


@pytest.mark.parametrize("how", ["the worker crashed", "the answer was lost"])
async def test_what_was_written_unseen_is_still_taken_away(world: World, how: str) -> None:
    """Written, but not known to be; then called off. Nothing may stay in the calendar."""
    meeting = await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    if how == "the worker crashed":
        await run(world, replace(effect, lease="somebody else's"))
    else:
        world.calendars.lose_answer()
        assert await run(world, effect) is None
    assert len(world.calendars.events(world.main[NOAH])) == 1
    await cancel(world.ports, meeting.id, INES)
    world.clock.at += 2 * HOUR
    await world.work()
    assert world.calendars.events(world.main[NOAH]) == []


async def test_what_was_written_unseen_is_not_left_in_an_old_primary(
    world: World, calendars: list[str]
) -> None:
    old = await world.connect(TOVE)
    meeting = await booked(world, INES, TOVE)
    effect = await one(world, K.PLACE_EVENT, TOVE)
    world.calendars.lose_answer()
    assert await run(world, effect) is None
    await choose(world.ports, TOVE, await opened(world), Choice(calendars[0], ()))
    await moved(world, meeting)
    world.clock.at += HOUR
    await world.work()
    assert world.calendars.events(old) == []
    assert [copy.start for copy in world.calendars.events(calendars[0])] == [FOUR]


async def test_a_removal_repeated_is_a_removal(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    await cancel(world.ports, meeting.id, INES)
    effect = await one(world, K.REMOVE_EVENT, NOAH)
    world.calendars.lose_answer()
    assert await run(world, effect) is None
    assert await run(world, await again(world, effect)) is S.DONE
    assert world.calendars.events(world.main[NOAH]) == []


# --- what has moved on -----------------------------------------------------------------------


async def test_what_is_superseded_does_nothing(world: World) -> None:
    meeting = await booked(world)
    await moved(world, meeting)
    await world.work()
    for person in (INES, NOAH):
        mails = [mail.subject for mail in world.mail.to(f"{person}@work.example")]
        assert mails == ["details 1"]
        copies = world.calendars.events(world.main[person])
        assert [(copy.start, copy.sequence) for copy in copies] == [(FOUR, 1)]
    assert {e.state for e in world.effects() if e.kind not in TIMED} == {S.DONE}


async def test_a_superseded_write_leaves_the_writing_to_the_newer_one(world: World) -> None:
    meeting = await booked(world)
    await moved(world, meeting)
    old = await one(world, K.PLACE_EVENT, NOAH)
    assert old.sequence == 0
    assert await run(world, old) is S.DONE
    assert world.calendars.events(world.main[NOAH]) == []


async def test_an_old_write_that_comes_late_does_not_undo_the_new_one(world: World) -> None:
    meeting = await booked(world)
    old = await one(world, K.PLACE_EVENT, NOAH)
    await run(world, replace(old, lease="somebody else's"))  # written; nobody knows
    await moved(world, meeting)
    world.clock.at += HOUR
    await world.work()
    assert await run(world, old) is S.DONE
    copies = world.calendars.events(world.main[NOAH])
    assert [(copy.start, copy.sequence) for copy in copies] == [(FOUR, 1)]


async def test_an_answer_supersedes_nothing(world: World) -> None:
    meeting = await booked(world)
    await answer(world.ports, meeting.id, INES, Rsvp.DECLINED)
    await world.work()
    assert [mail.subject for mail in world.mail.to("ines@work.example")] == ["details 0"]
    assert len(world.calendars.events(world.main[INES])) == 1


@pytest.mark.parametrize("what", ["changed", "deleted"])
async def test_a_copy_touched_by_hand_is_written_anew(world: World, what: str) -> None:
    meeting = await booked(world)
    await world.work()
    refs = await world.store.read(lambda tx: tx.meetings.refs(meeting.id))
    for ref in refs:
        receipt = Receipt(ref.remote_id, ref.etag)
        (world.calendars.touch if what == "changed" else world.calendars.drop)(receipt)
    await moved(world, meeting)
    await world.work()
    for person in (INES, NOAH):
        copies = world.calendars.events(world.main[person])
        assert [(copy.start, copy.sequence) for copy in copies] == [(FOUR, 1)]


async def test_a_copy_deleted_by_hand_can_still_be_called_off(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    for ref in await world.store.read(lambda tx: tx.meetings.refs(meeting.id)):
        world.calendars.drop(Receipt(ref.remote_id, ref.etag))
    await cancel(world.ports, meeting.id, INES)
    await world.work()
    assert {e.state for e in world.effects(K.REMOVE_EVENT)} == {S.DONE}


# --- the passing of time ---------------------------------------------------------------------


async def test_a_proposal_that_ended_before_does_not_expire(world: World) -> None:
    proposal = await world.offered(request(INES, NOAH))
    world.clock.at = proposal.expires_at
    (claimed,) = [e for e in await world.claim() if e.kind is K.EXPIRE]
    world.clock.at -= 1  # the last answer comes in the same moment
    start = max(slot.start for slot in proposal.slots)
    assert (await accept(world.ports, proposal.id, NOAH, start)).outcome is Outcome.BOOKED
    world.clock.at += 1
    assert await run(world, claimed) is S.DONE
    assert (await world.proposal(proposal.id)).state is ProposalState.ACCEPTED


async def test_cleaning_up_is_not_doubled_by_starts_in_later_months(world: World) -> None:
    for _ in range(3):  # a process starts; those of before have been forgotten by then
        await world.store.transact(lambda tx: tx.effects.add(next_tend(world.clock.at)))
        for _ in range(3):
            await world.work(rounds=1)
            world.clock.at += HOUR
        assert len([e for e in world.effects(K.TEND) if e.state is S.READY]) == 1
        world.clock.at += 91 * DAY


async def test_cleaning_up_comes_again_and_deletes_what_is_old(world: World) -> None:
    def work(tx: Tx) -> None:
        tx.effects.add(next_tend(NOW))
        tx.effects.add(as_effect(Notice(INES, N.BOOKED), "old", NOW))
        tx.conversations.save("old", {}, NOW)

    await world.store.transact(work)
    await world.work(rounds=1)
    for _ in range(2):
        world.clock.at += HOUR
        await world.work(rounds=1)
    assert len([e for e in world.effects(K.TEND) if e.state is S.READY]) == 1
    world.clock.at += 31 * DAY
    await world.work(rounds=1)
    assert await world.store.read(lambda tx: tx.conversations.load("old")) is None
    assert world.effects(K.NOTIFY)
    world.clock.at += 60 * DAY
    await world.work(rounds=1)
    assert world.effects(K.NOTIFY) == []
    assert [e.state for e in world.effects(K.TEND)][-1] is S.READY
