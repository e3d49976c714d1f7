"""What becomes of sessions and proposals at the edges: groups, many of them, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState
from core.calling_off import cancel_in
from core.use_cases.administer import members, pairs, programmes
from core.use_cases.administer.future import Choice, Fate
from core.use_cases.administer.problems import Problem, Unfit
from tests.talks.admin_world import DAY, HOUR, NOW, World, aurora, aurora_and_borealis

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.ids import PersonId
    from core.ports import Tx

SOON = NOW + 7 * DAY + 5 * HOUR


async def removed(world: World, key: str, fate: Fate) -> int:
    programme = world.programmes["aurora"].id
    return await members.remove(
        world.ports, world.people["dana"].id, programme, world.people[key].id, fate
    )


async def test_cancelling_goes_through_the_function_that_is_handed_in() -> None:
    world = await aurora()
    first = await world.meeting(SOON, "alex", "maya")
    second = await world.meeting(SOON + DAY, "alex", "maya")
    called: list[tuple[str, str, int]] = []

    def cancel(_: Tx, meeting: Meeting, by: PersonId, now: int) -> None:
        called.append((meeting.id, by, now))

    count = await removed(world, "maya", Fate(Choice.CANCEL, cancel))
    assert count == 2
    dana = world.people["dana"].id
    assert called == [(first.id, dana, NOW), (second.id, dana, NOW)]


async def test_a_session_of_several_is_handed_over_to_one_who_is_not_in_it_yet() -> None:
    world = await aurora()
    await world.meeting(SOON, "alex", "maya", "sam")
    await world.meeting(SOON + DAY, "alex", "maya", "priya")
    priya = world.people["priya"].id
    assert await removed(world, "alex", Fate(Choice.HAND_OVER, cancel_in, priya)) == 2
    (proposal,) = await world.store.read(lambda tx: tx.proposals.open_of(priya))
    others = {world.people["maya"].id, world.people["sam"].id}
    assert set(proposal.request.attendees) == others | {priya}
    assert proposal.slots[0].start == SOON
    assert proposal.slots[0].unchecked == (priya,)


async def test_nobody_hands_over_to_a_stranger_or_to_the_one_who_leaves() -> None:
    world = await aurora()
    await world.meeting(SOON, "alex", "maya")
    for heir in (world.people["jo"].id, world.people["alex"].id, "nobody"):
        with pytest.raises(Unfit) as caught:
            await removed(world, "alex", Fate(Choice.HAND_OVER, cancel_in, heir))
        assert caught.value.problem is Problem.NO_HEIR
    assert await world.audit() == ()


async def test_a_pair_cannot_be_handed_over_to_nobody() -> None:
    world = await aurora()
    (pair,) = await world.store.read(lambda tx: tx.programmes.pairs(world.programmes["aurora"].id))
    with pytest.raises(Unfit):
        await pairs.unpair(
            world.ports,
            world.people["dana"].id,
            world.programmes["aurora"].id,
            pair.id,
            Fate(Choice.HAND_OVER, cancel_in),
        )


async def test_what_other_people_and_other_programmes_have_is_left_alone() -> None:
    world = await aurora_and_borealis()
    elsewhere = await world.meeting(SOON, "alex", "maya", programme="borealis")
    others = await world.meeting(SOON + DAY, "tom", "sam")
    kept = await world.proposal(SOON + 2 * DAY, "maya", "alex", programme="borealis")
    closed = await world.proposal(SOON + 3 * DAY, "maya", "tom")
    assert await removed(world, "maya", Fate(Choice.CANCEL, cancel_in)) == 0
    meetings = await world.store.read(
        lambda tx: [tx.meetings.get(m.id).state for m in (elsewhere, others)]
    )
    assert meetings == [MeetingState.BOOKED, MeetingState.BOOKED]
    proposals = await world.store.read(
        lambda tx: [tx.proposals.get(p.id).state for p in (kept, closed)]
    )
    assert proposals == [ProposalState.OFFERED, ProposalState.WITHDRAWN]


async def test_taking_a_pair_apart_closes_only_what_the_two_had_open() -> None:
    world = await aurora()
    both = await world.proposal(SOON, "maya", "alex")
    three = await world.proposal(SOON + DAY, "maya", "alex", "sam")
    (pair,) = await world.store.read(lambda tx: tx.programmes.pairs(world.programmes["aurora"].id))
    await pairs.unpair(
        world.ports,
        world.people["dana"].id,
        world.programmes["aurora"].id,
        pair.id,
        Fate(Choice.KEEP, cancel_in),
    )
    assert (await world.store.read(lambda tx: tx.proposals.get(both.id))).state is (
        ProposalState.WITHDRAWN
    )
    assert (await world.store.read(lambda tx: tx.proposals.get(three.id))).is_open


async def test_a_programme_with_many_sessions_ends_in_batches_and_leaves_none() -> None:
    world = await aurora()
    for day in range(1, 121):
        await world.meeting(NOW + day * DAY, "alex", "maya")
    fate = Fate(Choice.CANCEL, cancel_in)
    aurora_id = world.programmes["aurora"].id
    assert await programmes.end(world.ports, world.people["dana"].id, aurora_id, fate) == 120
    meetings = await world.store.read(
        lambda tx: tx.meetings.in_programme(aurora_id, (NOW, NOW + 400 * DAY))
    )
    assert {m.state for m in meetings} == {MeetingState.CANCELLED}
    assert [e.action for e in await world.audit()] == ["programme.end", "sessions", "sessions"]
    assert (await world.store.read(lambda tx: tx.programmes.get(aurora_id))).ended


async def test_a_batch_that_fails_leaves_the_programme_running() -> None:
    world = await aurora()
    for day in range(1, 61):
        await world.meeting(NOW + day * DAY, "alex", "maya")

    def cancel(tx: Tx, meeting: Meeting, by: PersonId, now: int) -> None:
        if meeting.start > NOW + 55 * DAY:
            raise OSError(meeting.id)
        cancel_in(tx, meeting, by, now)

    aurora_id = world.programmes["aurora"].id
    dana = world.people["dana"].id
    with pytest.raises(OSError, match="0000"):
        await programmes.end(world.ports, dana, aurora_id, Fate(Choice.CANCEL, cancel))
    assert not (await world.store.read(lambda tx: tx.programmes.get(aurora_id))).ended
    fate = Fate(Choice.CANCEL, cancel_in)
    assert await programmes.end(world.ports, dana, aurora_id, fate) == 10


async def test_who_is_taken_out_is_told_and_the_actor_is_not() -> None:
    world = await aurora()
    await removed(world, "maya", Fate(Choice.KEEP, cancel_in))
    (notice,) = await world.notices("maya")
    facts = {"kind": "left", "person": world.people["maya"].id}
    assert {k: notice.payload[k] for k in facts} == facts
    await removed(world, "dana", Fate(Choice.KEEP, cancel_in))
    assert await world.kinds("dana") == []


async def test_everybody_is_told_once_that_their_programme_has_ended() -> None:
    world = await aurora_and_borealis()
    fate = Fate(Choice.KEEP, cancel_in)
    aurora_id = world.programmes["aurora"].id
    await programmes.end(world.ports, world.people["dana"].id, aurora_id, fate)
    told = {key: await world.kinds(key) for key in world.people}
    members = {"maya", "alex", "romero", "priya", "sam", "tom"}
    assert told == {key: ["left"] if key in members else [] for key in world.people}
    (notice,) = await world.notices("sam")
    assert notice.due_at >= NOW + 30


async def test_powers_are_not_handed_over_with_sessions() -> None:
    world = await aurora_and_borealis()
    await world.meeting(SOON, "dana", "maya")
    borealis = world.programmes["borealis"].id
    fate = Fate(Choice.HAND_OVER, cancel_in, borealis)
    await programmes.end(world.ports, world.people["jo"].id, world.programmes["aurora"].id, fate)
    assert await world.store.read(lambda tx: tx.programmes.roles(world.people["dana"].id)) == ()
