"""The promises of a store about grants and calendar links."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.errors import NotFound, Stale
from core.ids import GrantId, LinkId
from core.links import LinkState, Tier, Use
from tests.contract.store.world import do, each, grant, link, pid

if TYPE_CHECKING:
    from core.repositories import Store


class LinkContract:
    async def test_grant_is_kept_opened(self, store: Store) -> None:
        broken = replace(grant(1), state=LinkState.BROKEN, why_broken="revoked:17")
        await do(store, lambda tx: tx.links.save_grant(broken))
        found = await store.read(lambda tx: tx.links.grant(broken.id))
        assert found == broken
        assert dict(found.secret)["password"] == "secret-word-1"

    async def test_unknown_grant(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.links.grant(GrantId("none")))

    async def test_each_saving_of_a_grant_is_a_version(self, store: Store) -> None:
        first = grant(1)
        await do(store, lambda tx: tx.links.save_grant(first))
        fresh = replace(first, secret={"password": "changed"})
        await do(store, lambda tx: tx.links.save_grant(fresh))
        found = await store.read(lambda tx: tx.links.grant(first.id))
        assert (found.secret, found.version) == ({"password": "changed"}, 1)
        with pytest.raises(Stale):
            await store.transact(lambda tx: tx.links.save_grant(first))
        assert await store.read(lambda tx: tx.links.grant(first.id)) == found

    async def test_grants_of_several_people(self, store: Store) -> None:
        grants = [grant(n) for n in (1, 2, 3)]
        await do(store, each(grants, lambda tx, one: tx.links.save_grant(one)))
        found = await store.read(lambda tx: tx.links.grants_of([pid(3), pid(1), pid(4)]))
        assert found == {grants[0].id: grants[0], grants[2].id: grants[2]}
        assert await store.read(lambda tx: tx.links.grants_of([])) == {}

    async def test_links_of_several_people(self, store: Store) -> None:
        one, two = link("work", grant(1)), link("home", grant(1), Use.SECONDARY)
        await do(
            store,
            lambda tx: tx.links.save_grant(grant(1)),
            lambda tx: tx.links.save(one),
            lambda tx: tx.links.save(two),
        )
        found = await store.read(lambda tx: tx.links.of([pid(1), pid(2)]))
        assert found == {pid(1): (two, one), pid(2): ()}
        assert await store.read(lambda tx: tx.links.of([])) == {}
        assert await store.read(lambda tx: tx.links.get(one.id)) == one

    async def test_link_is_replaced_and_removed(self, store: Store) -> None:
        one = link("work", grant(1))
        changed = replace(one, name="Renamed", use=Use.SECONDARY, tier=Tier.BUSY)
        await do(
            store,
            lambda tx: tx.links.save_grant(grant(1)),
            lambda tx: tx.links.save(one),
            lambda tx: tx.links.save(changed),
        )
        assert await store.read(lambda tx: tx.links.get(one.id)) == changed
        await do(store, lambda tx: tx.links.remove(one.id), lambda tx: tx.links.remove(one.id))
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.links.get(one.id))

    async def test_a_grant_takes_its_links_with_it(self, store: Store) -> None:
        kept = link("kept", grant(2))
        await do(
            store,
            each((grant(1), grant(2)), lambda tx, one: tx.links.save_grant(one)),
            each((link("work", grant(1)), kept), lambda tx, one: tx.links.save(one)),
            lambda tx: tx.links.remove_grant(grant(1).id),
        )
        assert await store.read(lambda tx: tx.links.of([pid(1), pid(2)])) == {
            pid(1): (),
            pid(2): (kept,),
        }
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.links.grant(grant(1).id))

    async def test_link_needs_its_grant(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.transact(lambda tx: tx.links.save(link("work", grant(1))))
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.links.get(LinkId("work")))

    async def test_resealing_changes_nothing_that_is_read(self, store: Store) -> None:
        await do(store, lambda tx: tx.links.save_grant(grant(1)))
        assert await store.transact(lambda tx: tx.links.reseal()) == 0
        assert await store.read(lambda tx: tx.links.grant(grant(1).id)) == grant(1)


class DeploymentContract:
    async def test_facts_are_kept_and_replaced(self, store: Store) -> None:
        await do(
            store,
            lambda tx: tx.deployment.put("address", "first@example.org"),
            lambda tx: tx.deployment.put("address", "tandem@example.org"),
        )
        assert await store.read(lambda tx: tx.deployment.get("address")) == "tandem@example.org"
        assert await store.read(lambda tx: tx.deployment.get("other")) is None
