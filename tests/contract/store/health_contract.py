"""The promises of a store about how connections stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.health import Amiss, Tally
from core.ids import GrantId, ProgrammeId
from core.links import LinkState, Provider
from core.programme import Membership, Role
from tests.contract.store.world import PROGRAMME, do, each, grant, person, pid

if TYPE_CHECKING:
    from core.repositories import Store


class HealthContract:
    async def test_who_takes_part_is_counted_once(self, store: Store) -> None:
        broken = replace(grant(2), state=LinkState.BROKEN, why_broken="revoked:17")
        partly = replace(grant(3), why_broken="missing:18:link-3")
        second = replace(grant(3), id=GrantId("second"), provider=Provider.GOOGLE)
        left = replace(grant(4), state=LinkState.GONE)
        roles = [(1, Role.MENTOR), (1, Role.MENTEE), (2, Role.MENTEE), (3, Role.MENTEE)]
        roles += [(3, Role.ADMIN), (4, Role.MENTEE), (5, Role.ADMIN)]
        await do(
            store,
            each(
                [Membership(PROGRAMME, pid(n), role) for n, role in roles],
                lambda tx, one: tx.programmes.join(one),
            ),
            each(
                [grant(1), broken, partly, second, left, grant(5)],
                lambda tx, one: tx.links.save_grant(one),
            ),
        )
        assert await store.read(lambda tx: tx.health.tally(PROGRAMME)) == Tally(4, 3, 2)
        found = await store.read(lambda tx: tx.health.amiss(PROGRAMME))
        assert found == (
            Amiss(broken.id, pid(2), "Person 2", Provider.CALDAV, "revoked:17"),
            Amiss(partly.id, pid(3), "Person 3", Provider.CALDAV, "missing:18:link-3"),
        )
        assert await store.read(lambda tx: tx.health.amiss(PROGRAMME, 1)) == found[:1]

    async def test_names_are_in_order_without_case_and_who_has_left_is_out(
        self, store: Store
    ) -> None:
        names = {1: "zoe", 2: "Ada", 3: "bo", 4: "Al"}
        people = [person(n, name=name, active=n != 4) for n, name in names.items()]
        broken = [replace(grant(n), state=LinkState.BROKEN, why_broken="") for n in names]
        await do(
            store,
            each(people, lambda tx, one: tx.people.save(one)),
            each(
                [Membership(PROGRAMME, p.id, Role.COACHEE) for p in people],
                lambda tx, one: tx.programmes.join(one),
            ),
            each(broken, lambda tx, one: tx.links.save_grant(one)),
        )
        found = await store.read(lambda tx: tx.health.amiss(PROGRAMME))
        assert [one.name for one in found] == ["Ada", "bo", "zoe"]

    async def test_a_programme_without_people(self, store: Store) -> None:
        empty = ProgrammeId("no-such-programme")
        assert await store.read(lambda tx: tx.health.tally(empty)) == Tally(0, 0, 0)
        assert await store.read(lambda tx: tx.health.amiss(empty)) == ()
