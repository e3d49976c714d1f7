"""The promises of a store about what came in, steps of connecting, workspaces and references."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from core.links import LinkState, Provider
from core.talk import Inbound, Workspace
from core.waiting import PendingConsent
from tests.contract.store.world import NOON, ORG, do, each, grant, link, person, pid

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from core.repositories import Store

LEASE = 60


def inbound(key: str, lane: str = "slack/D1", at: int = NOON) -> Inbound:
    """Return something that came in, with its own words."""
    return Inbound(key, lane, f"words of {key}", at)


async def claim(store: Store, now: int = NOON, token: str = "t", most: int = 9) -> list[Inbound]:
    """Claim what is due."""
    return list(await store.transact(lambda tx: tx.inbox.claim(now, LEASE, most, token)))


class InboxContract:
    async def test_a_repetition_changes_nothing(self, store: Store) -> None:
        first = inbound("Ev1")
        assert await store.transact(lambda tx: tx.inbox.put(first))
        again = replace(first, body="other words", lane="elsewhere")
        assert not await store.transact(lambda tx: tx.inbox.put(again))
        (taken,) = await claim(store)
        assert taken == replace(first, attempts=1, lease="t")
        assert not await store.transact(lambda tx: tx.inbox.put(again))
        assert await store.transact(lambda tx: tx.inbox.close(taken))
        assert not await store.transact(lambda tx: tx.inbox.put(again))
        assert await claim(store, NOON + 2 * LEASE) == []

    async def test_who_keeps_it_may_hold_it_at_once(self, store: Store) -> None:
        mine = replace(inbound("Ev1"), attempts=1, lease="mine")
        assert await store.transact(lambda tx: tx.inbox.put(mine, NOON + LEASE))
        assert not await store.transact(lambda tx: tx.inbox.put(inbound("Ev1")))
        assert await claim(store) == []
        assert await store.transact(lambda tx: tx.inbox.close(mine))
        left = replace(inbound("Ev2"), attempts=1, lease="gone")
        await do(store, lambda tx: tx.inbox.put(left, NOON + LEASE))
        assert [one.attempts for one in await claim(store, NOON + LEASE)] == [2]

    async def test_a_lane_is_busy_with_what_others_have_begun(self, store: Store) -> None:
        def busy(lane: str, holder: str) -> Awaitable[bool]:
            return store.read(lambda tx: tx.inbox.busy(lane, holder))

        theirs = replace(inbound("Ev1", "a"), attempts=1, lease="one|7:x")
        await do(store, lambda tx: tx.inbox.put(theirs, NOON + LEASE))
        await do(store, lambda tx: tx.inbox.put(inbound("Ev2", "b")))
        assert await busy("a", "other")
        assert not await busy("a", "one|7")
        assert not await busy("b", "other")
        assert await store.transact(lambda tx: tx.inbox.close(theirs))
        assert not await busy("a", "other")

    async def test_what_one_who_is_gone_had_begun_is_due_at_once(self, store: Store) -> None:
        begun = replace(inbound("Ev1"), attempts=1, lease="gone")
        other = replace(inbound("Ev2", "b"), attempts=1, lease="alive")
        await do(store, lambda tx: tx.inbox.put(begun, NOON + LEASE))
        await do(store, lambda tx: tx.inbox.put(other, NOON + LEASE))
        assert await store.read(lambda tx: tx.inbox.leases()) == {"gone", "alive"}
        await do(store, lambda tx: tx.inbox.release("gone", NOON))
        assert await store.read(lambda tx: tx.inbox.leases()) == {"alive"}
        assert not await store.transact(lambda tx: tx.inbox.close(begun))
        assert [(one.key, one.attempts) for one in await claim(store)] == [("Ev1", 2)]

    async def test_of_five_at_once_one_is_kept(self, store: Store) -> None:
        kept = await asyncio.gather(
            *(store.transact(lambda tx: tx.inbox.put(inbound("Ev1"))) for _ in range(5))
        )
        assert sorted(kept) == [False, False, False, False, True]

    async def test_one_of_each_lane_in_the_order_of_coming(self, store: Store) -> None:
        rows = [inbound("a1", "a"), inbound("b1", "b"), inbound("a2", "a"), inbound("b2", "b")]
        await do(store, each(rows, lambda tx, one: tx.inbox.put(one)))
        first = await claim(store)
        assert [one.key for one in first] == ["a1", "b1"]
        assert await claim(store) == []
        await do(store, lambda tx: tx.inbox.close(first[1]))
        assert [one.key for one in await claim(store)] == ["b2"]

    async def test_the_limit_takes_the_oldest(self, store: Store) -> None:
        rows = [inbound(key, key) for key in ("c", "a", "b")]
        await do(store, each(rows, lambda tx, one: tx.inbox.put(one)))
        assert [one.key for one in await claim(store, most=2)] == ["c", "a"]

    async def test_a_lease_that_ran_out_is_nobodys(self, store: Store) -> None:
        await do(store, lambda tx: tx.inbox.put(inbound("Ev1")))
        (late,) = await claim(store, token="slow")
        assert await claim(store, NOON + LEASE - 1) == []
        (taken,) = await claim(store, NOON + LEASE, token="quick")
        assert (taken.attempts, taken.body) == (2, "words of Ev1")
        assert not await store.transact(lambda tx: tx.inbox.close(late))
        await do(store, lambda tx: tx.inbox.retry(late, NOON))
        assert await store.transact(lambda tx: tx.inbox.close(taken))
        assert not await store.transact(lambda tx: tx.inbox.close(taken))

    async def test_what_waits_again_is_due_later(self, store: Store) -> None:
        assert await store.read(lambda tx: tx.inbox.next_due()) is None
        await do(store, lambda tx: tx.inbox.put(inbound("Ev1")))
        assert await store.read(lambda tx: tx.inbox.next_due()) == NOON
        (taken,) = await claim(store)
        assert await store.read(lambda tx: tx.inbox.next_due()) == NOON + LEASE
        await do(store, lambda tx: tx.inbox.retry(taken, NOON + 5))
        assert await store.read(lambda tx: tx.inbox.next_due()) == NOON + 5
        assert [one.attempts for one in await claim(store, NOON + 5)] == [2]

    async def test_what_was_answered_is_forgotten_in_time(self, store: Store) -> None:
        rows = [inbound("old", "a", NOON - 9), inbound("open", "b", NOON - 9), inbound("new", "c")]
        await do(store, each(rows, lambda tx, one: tx.inbox.put(one)))
        taken = {one.key: one for one in await claim(store)}
        answered = (taken["old"], taken["new"])
        await do(store, each(answered, lambda tx, one: tx.inbox.close(one)))
        assert await store.transact(lambda tx: tx.inbox.purge(NOON)) == 1
        assert await store.transact(lambda tx: tx.inbox.put(rows[0]))
        assert not await store.transact(lambda tx: tx.inbox.put(rows[2]))


def pending(name: str, until: int = NOON) -> PendingConsent:
    """Return a step of connecting."""
    return PendingConsent(name, pid(1), "consent", {"verifier": "a b c"}, until)


class ConsentContract:
    async def test_a_step_is_used_once(self, store: Store) -> None:
        await do(store, lambda tx: tx.consents.put(pending("one")))
        assert await store.read(lambda tx: tx.consents.get("one")) == pending("one")
        assert await store.transact(lambda tx: tx.consents.take("one")) == pending("one")
        used = replace(pending("one"), data={}, used=True)
        assert await store.transact(lambda tx: tx.consents.take("one")) == used
        assert await store.read(lambda tx: tx.consents.get("one")) == used

    async def test_of_many_at_once_one_gets_the_data(self, store: Store) -> None:
        await do(store, lambda tx: tx.consents.put(pending("one")))
        found = await asyncio.gather(
            *(store.transact(lambda tx: tx.consents.take("one")) for _ in range(5))
        )
        assert sum(bool(one and one.data) for one in found) == 1

    async def test_an_unknown_step(self, store: Store) -> None:
        assert await store.read(lambda tx: tx.consents.get("none")) is None
        assert await store.transact(lambda tx: tx.consents.take("none")) is None

    async def test_what_expired_is_forgotten(self, store: Store) -> None:
        steps = (pending("old", NOON - 1), pending("young"))
        await do(store, each(steps, lambda tx, one: tx.consents.put(one)))
        assert await store.transact(lambda tx: tx.consents.purge(NOON)) == 1
        assert await store.read(lambda tx: tx.consents.get("old")) is None
        assert await store.read(lambda tx: tx.consents.get("young")) is not None


class HolderContract:
    async def test_a_grant_that_was_left_is_seen_by_its_id_only(self, store: Store) -> None:
        gone = replace(grant(1), state=LinkState.GONE)
        await do(store, lambda tx: tx.links.save_grant(gone))
        assert await store.read(lambda tx: tx.links.grants_of([pid(1)])) == {}
        assert (await store.read(lambda tx: tx.links.grant(gone.id))).state is LinkState.GONE

    async def test_the_links_of_a_grant_that_was_left_are_seen_by_their_ids_only(
        self, store: Store
    ) -> None:
        """Our copies are still taken out of its calendars; no search reads them any more."""
        gone = replace(grant(2), person_id=pid(1), state=LinkState.GONE)
        one, two = link("work", grant(1)), link("home", gone)
        await do(store, each((grant(1), gone), lambda tx, g: tx.links.save_grant(g)))
        await do(store, each((one, two), lambda tx, one: tx.links.save(one)))
        assert await store.read(lambda tx: tx.links.of([pid(1)])) == {pid(1): (one,)}
        assert (await store.read(lambda tx: tx.links.get(two.id))) == two

    async def test_who_holds_accounts_at_a_service(self, store: Store) -> None:
        one, two = grant(1), replace(grant(2), provider=Provider.GOOGLE)
        three = replace(grant(3), state=LinkState.GONE)
        await do(store, each((one, two, three), lambda tx, g: tx.links.save_grant(g)))
        found = await store.read(lambda tx: tx.links.holders(ORG, one.provider))
        assert found == {one.id: pid(1)}

    async def test_administrators(self, store: Store) -> None:
        people = (
            person(2, name="Zoe", is_admin=True),
            person(1, name="Ann", is_admin=True),
            person(3, is_admin=True, active=False),
        )
        await do(store, each(people, lambda tx, one: tx.people.save(one)))
        found = await store.read(lambda tx: tx.people.administrators(ORG))
        assert [one.name for one in found] == ["Ann", "Zoe"]


class WorkspaceContract:
    async def test_a_workspace_is_kept_and_linked(self, store: Store) -> None:
        fresh = Workspace("slack", "T1", "Ridge", None, {"token": "xoxb-1"})
        other = Workspace("teams", "tenant", "Ridge", ORG, {}, active=False)
        await do(store, each((fresh, other), lambda tx, one: tx.workspaces.save(one)))
        assert await store.read(lambda tx: tx.workspaces.get("slack", "T1")) == fresh
        assert await store.read(lambda tx: tx.workspaces.get("teams", "T1")) is None
        assert await store.read(lambda tx: tx.workspaces.unlinked()) == (fresh,)
        linked = replace(fresh, org_id=ORG, name="Renamed")
        await do(store, lambda tx: tx.workspaces.save(linked))
        assert await store.read(lambda tx: tx.workspaces.of(ORG)) == (linked, other)
        assert await store.read(lambda tx: tx.workspaces.unlinked()) == ()


class ReferenceContract:
    async def test_references_are_kept_replaced_and_removed(self, store: Store) -> None:
        data = {"conversation": {"id": "a:1"}, "at": 3}
        await do(
            store,
            lambda tx: tx.references.put("teams", "t", "user", {"old": True}),
            lambda tx: tx.references.put("teams", "t", "user", data),
            lambda tx: tx.references.put("teams", "t", "other", {}),
            lambda tx: tx.references.put("teams", "u", "user", {}),
        )
        assert await store.read(lambda tx: tx.references.get("teams", "t", "user")) == data
        everything = await store.read(lambda tx: tx.references.all("teams", "t"))
        assert list(everything.items()) == [("other", {}), ("user", data)]
        assert await store.read(lambda tx: tx.references.all("slack", "t")) == {}
        await do(store, lambda tx: tx.references.remove("teams", "t", "user"))
        assert await store.read(lambda tx: tx.references.get("teams", "t", "user")) is None
        assert await store.transact(lambda tx: tx.references.clear("teams", "t")) == 1
        assert await store.read(lambda tx: tx.references.get("teams", "u", "user")) == {}
