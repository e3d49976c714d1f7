"""The promises of a store about effects: leases, lanes, and what is left of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.effects import Effect, EffectKind, EffectState
from core.errors import NotFound
from core.ids import EffectId, MeetingId
from tests.contract.store.world import HOUR, NOON, do, each, effect, pid

if TYPE_CHECKING:
    from core.repositories import Store

LEASE = 60


async def add(store: Store, *effects: Effect) -> None:
    await do(store, each(effects, lambda tx, one: tx.effects.add(one)))


async def take(
    store: Store, now: int = NOON, limit: int = 10, token: str = "t1"
) -> tuple[Effect, ...]:
    return await store.transact(lambda tx: tx.effects.claim(now, LEASE, limit, token))


async def keys(store: Store, now: int = NOON, limit: int = 10, token: str = "t1") -> list[str]:
    return [one.key for one in await take(store, now, limit, token)]


async def finish(
    store: Store, one: Effect, state: EffectState = EffectState.DONE, now: int = NOON
) -> bool:
    return await store.transact(lambda tx: tx.effects.finish(one, state, now, "why"))


async def load(store: Store, key: str) -> Effect:
    found = await store.read(lambda tx: tx.effects.by_key(key))
    assert found is not None
    return found


class EffectContract:
    async def test_every_field_is_kept(self, store: Store) -> None:
        full = Effect(
            key="mail:1",
            kind=EffectKind.MAIL_INVITE,
            due_at=NOON,
            lane="lane",
            meeting_id=MeetingId("meeting-x"),
            person_id=pid(1),
            sequence=3,
            payload={"link": "ü", "turn": "1"},
            give_up_at=NOON + HOUR,
        )
        await add(store, full)
        found = await load(store, "mail:1")
        assert replace(found, id=None) == full
        assert found.id is not None
        number = found.id
        assert await store.read(lambda tx: tx.effects.get(number)) == found

    async def test_unknown_effect(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.effects.get(EffectId(10**9)))
        assert await store.read(lambda tx: tx.effects.by_key("none")) is None

    async def test_a_key_is_added_once(self, store: Store) -> None:
        await add(store, effect("a", NOON))
        await add(store, effect("a", NOON + 5), effect("a", NOON + 6))
        assert (await load(store, "a")).due_at == NOON
        assert await keys(store, NOON + HOUR) == ["a"]

    async def test_a_key_stays_used_when_its_effect_is_done(self, store: Store) -> None:
        await add(store, effect("a"))
        await finish(store, (await take(store))[0])
        await add(store, effect("a"))
        assert await keys(store, NOON + HOUR) == []

    async def test_only_what_is_due_is_taken(self, store: Store) -> None:
        await add(store, effect("later", NOON + 1), effect("now", NOON), effect("past", NOON - 9))
        assert await keys(store) == ["now", "past"]

    async def test_what_is_due_longest_is_taken_first(self, store: Store) -> None:
        due = {"a": NOON - 1, "b": NOON - 3, "c": NOON - 2}
        await add(store, *(effect(key, at) for key, at in due.items()))
        assert await keys(store, limit=1) == ["b"]
        assert await keys(store, limit=1) == ["c"]
        assert await keys(store, limit=1) == ["a"]

    async def test_taking_leases_and_counts(self, store: Store) -> None:
        await add(store, effect("a"))
        taken = (await take(store, token="mine"))[0]
        assert (taken.due_at, taken.attempts, taken.lease) == (NOON + LEASE, 1, "mine")
        assert taken == await load(store, "a")
        assert await keys(store, NOON + LEASE - 1, token="other") == []

    async def test_an_expired_lease_is_taken_again(self, store: Store) -> None:
        await add(store, effect("a"))
        first = (await take(store, token="mine"))[0]
        second = (await take(store, NOON + LEASE, token="other"))[0]
        assert (second.key, second.attempts, second.lease) == ("a", 2, "other")
        assert not await finish(store, first)
        assert (await load(store, "a")).state is EffectState.READY
        assert await finish(store, second)
        assert (await load(store, "a")).state is EffectState.DONE

    async def test_an_expired_lease_that_nobody_took_still_finishes(self, store: Store) -> None:
        await add(store, effect("a"))
        taken = (await take(store))[0]
        assert await finish(store, taken, now=NOON + 2 * LEASE)

    @pytest.mark.parametrize("state", [EffectState.DONE, EffectState.DEAD])
    async def test_finished_is_never_taken_again(self, store: Store, state: EffectState) -> None:
        await add(store, effect("a"))
        taken = (await take(store))[0]
        assert await finish(store, taken, state, NOON + 7)
        closed = await load(store, "a")
        assert (closed.state, closed.due_at, closed.last_error) == (state, NOON + 7, "why")
        assert await keys(store, NOON + HOUR) == []
        assert not await finish(store, taken)

    async def test_nothing_finishes_without_a_lease(self, store: Store) -> None:
        await add(store, effect("a"))
        assert not await finish(store, await load(store, "a"))
        assert not await finish(store, effect("a"))
        assert (await load(store, "a")).state is EffectState.READY

    async def test_retry_waits_until_it_is_due(self, store: Store) -> None:
        await add(store, effect("a"))
        taken = (await take(store))[0]
        await do(store, lambda tx: tx.effects.retry(taken, NOON + 300, "Unavailable: 503"))
        waiting = await load(store, "a")
        assert (waiting.due_at, waiting.lease, waiting.attempts) == (NOON + 300, "", 1)
        assert waiting.last_error == "Unavailable: 503"
        assert await keys(store, NOON + 299) == []
        assert (await take(store, NOON + 300))[0].attempts == 2

    async def test_retry_with_a_lost_lease_does_nothing(self, store: Store) -> None:
        await add(store, effect("a"))
        lost = (await take(store, token="mine"))[0]
        second = (await take(store, NOON + LEASE, token="other"))[0]
        await do(store, lambda tx: tx.effects.retry(lost, NOON + 5, "late"))
        await do(store, lambda tx: tx.effects.retry(replace(lost, lease=""), NOON + 5, "late"))
        assert await load(store, "a") == second

    async def test_cancelled_is_never_taken(self, store: Store) -> None:
        await add(store, effect("a"), effect("b"))
        await do(store, lambda tx: tx.effects.cancel("a"), lambda tx: tx.effects.cancel("none"))
        assert await keys(store) == ["b"]
        assert (await load(store, "a")).state is EffectState.CANCELLED

    async def test_cancelling_takes_the_lease_away(self, store: Store) -> None:
        await add(store, effect("a"))
        taken = (await take(store))[0]
        await do(store, lambda tx: tx.effects.cancel("a"))
        assert not await finish(store, taken)
        assert (await load(store, "a")).state is EffectState.CANCELLED

    async def test_done_cannot_be_cancelled(self, store: Store) -> None:
        await add(store, effect("a"))
        await finish(store, (await take(store))[0])
        await do(store, lambda tx: tx.effects.cancel("a"))
        assert (await load(store, "a")).state is EffectState.DONE

    async def test_many_workers_never_take_the_same(self, store: Store) -> None:
        await add(store, *(effect(f"e{n}", lane=f"lane-{n % 12}") for n in range(60)))
        taken: list[Effect] = []
        while len(taken) < 60:
            rounds = await asyncio.gather(*(take(store, token=f"w{n}") for n in range(8)))
            fresh = [one for found in rounds for one in found]
            assert len({one.lane for one in fresh}) == len(fresh)
            taken += fresh
            for one in fresh:
                assert await finish(store, one)
        assert len({one.key for one in taken}) == 60
        assert {one.attempts for one in taken} == {1}


class LaneContract:
    async def test_a_lane_keeps_its_order(self, store: Store) -> None:
        await add(store, effect("first", lane="x"), effect("second", NOON - 9, lane="x"))
        assert await keys(store) == ["first"]
        assert await keys(store) == []
        await finish(store, await load(store, "first"))
        assert await keys(store) == ["second"]

    async def test_lanes_do_not_wait_for_each_other(self, store: Store) -> None:
        await add(store, effect("a1", lane="a"), effect("b1", lane="b"), effect("a2", lane="a"))
        await add(store, effect("free1"), effect("free2"))
        assert await keys(store) == ["a1", "b1", "free1", "free2"]

    async def test_a_retry_holds_its_lane(self, store: Store) -> None:
        await add(store, effect("first", lane="x"), effect("second", lane="x"))
        taken = (await take(store))[0]
        await do(store, lambda tx: tx.effects.retry(taken, NOON + 300, "later"))
        assert await keys(store, NOON + 299) == []
        assert await keys(store, NOON + 300) == ["first"]

    async def test_a_later_one_that_is_due_sooner_waits(self, store: Store) -> None:
        await add(store, effect("first", NOON + HOUR, lane="x"), effect("second", lane="x"))
        assert await keys(store) == []

    @pytest.mark.parametrize("state", [EffectState.DEAD, EffectState.CANCELLED])
    async def test_what_was_given_up_frees_its_lane(self, store: Store, state: EffectState) -> None:
        await add(store, effect("first", lane="x"), effect("second", lane="x"))
        await finish(store, (await take(store))[0], state)
        assert await keys(store) == ["second"]

    async def test_next_due_is_what_can_be_taken_next(self, store: Store) -> None:
        assert await store.read(lambda tx: tx.effects.next_due()) is None
        await add(store, effect("a", NOON + 50), effect("first", lane="x"))
        await add(store, effect("second", NOON - 9, lane="x"))
        assert await store.read(lambda tx: tx.effects.next_due()) == NOON
        first = (await take(store))[0]
        assert await store.read(lambda tx: tx.effects.next_due()) == NOON + 50
        await finish(store, first)
        assert await store.read(lambda tx: tx.effects.next_due()) == NOON - 9


class EffectLogContract:
    async def test_what_was_to_be_done_for_a_meeting(self, store: Store) -> None:
        one, other = MeetingId("meeting-x"), MeetingId("meeting-y")
        await add(store, effect("a", NOON + 9, meeting_id=one), effect("b", meeting_id=other))
        await add(store, effect("c", NOON, meeting_id=one))
        found = await store.read(lambda tx: tx.effects.of_meeting(one))
        assert [e.key for e in found] == ["a", "c"]

    async def test_delivery_log_of_a_person(self, store: Store) -> None:
        await add(store, *(effect(f"e{n}", person_id=pid(1 + n % 2)) for n in range(8)))
        found = await store.read(lambda tx: tx.effects.of_person(pid(1), 3))
        assert [e.key for e in found] == ["e6", "e4", "e2"]
        assert len(await store.read(lambda tx: tx.effects.of_person(pid(1)))) == 4

    async def test_what_was_given_up_newest_first(self, store: Store) -> None:
        await add(store, effect("a"), effect("b"), effect("c"), effect("d"))
        a, b, c, d = await take(store)
        await finish(store, b, EffectState.DEAD, NOON + 1)
        await finish(store, a, EffectState.DEAD, NOON + 3)
        await finish(store, c, EffectState.DEAD, NOON + 2)
        await finish(store, d, EffectState.DONE, NOON + 4)
        found = await store.read(lambda tx: tx.effects.dead())
        assert [e.key for e in found] == ["a", "c", "b"]
        assert len(await store.read(lambda tx: tx.effects.dead(2))) == 2

    async def test_given_up_is_revived(self, store: Store) -> None:
        await add(store, effect("a", give_up_at=NOON + HOUR))
        taken = (await take(store))[0]
        assert taken.id is not None
        number = taken.id
        assert not await store.transact(lambda tx: tx.effects.revive(number, NOON))
        await finish(store, taken, EffectState.DEAD)
        assert await store.transact(lambda tx: tx.effects.revive(number, NOON + 9))
        again = await load(store, "a")
        assert (again.state, again.due_at, again.give_up_at) == (
            EffectState.READY,
            NOON + 9,
            NOON + HOUR,
        )
        assert await keys(store, NOON + 9) == ["a"]
        assert not await store.transact(lambda tx: tx.effects.revive(EffectId(10**9), NOON))

    async def test_revived_after_its_time_may_try_again(self, store: Store) -> None:
        await add(store, effect("a", give_up_at=NOON + 1), effect("b"))
        taken = await take(store)
        for one in taken:
            await finish(store, one, EffectState.DEAD)
        later = NOON + HOUR
        revived = await store.transact(
            lambda tx: [tx.effects.revive(one.id, later) for one in taken if one.id is not None]
        )
        assert revived == [True, True]
        assert (await load(store, "a")).give_up_at > NOON + HOUR
        assert (await load(store, "b")).give_up_at == 0

    async def test_purge_deletes_what_was_finished_before(self, store: Store) -> None:
        await add(store, effect("old"), effect("young"), effect("cancelled", NOON - 9))
        await add(store, effect("waiting", NOON - 9))
        await do(store, lambda tx: tx.effects.cancel("cancelled"))
        for one in await take(store):
            if one.key != "waiting":
                await finish(store, one, now=NOON + (one.key == "young"))
        assert await store.transact(lambda tx: tx.effects.purge(NOON + 1)) == 2
        gone = ("old", "cancelled")
        assert await store.read(lambda tx: [tx.effects.by_key(k) for k in gone]) == [None, None]
        assert (await load(store, "young")).state is EffectState.DONE
        assert (await load(store, "waiting")).state is EffectState.READY
        assert await store.transact(lambda tx: tx.effects.purge(NOON + 1)) == 0
