"""The promises of a store about people, programmes and settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.errors import Conflict, NotFound
from core.ids import OrgId, PairId, PersonId, ProgrammeId
from core.people import ChatIdentity, Leave, Organisation, Return, Stay, Wishes
from core.programme import Membership, Pair, Programme, Role
from core.timing.hours import weekly
from tests.contract.store.world import ORG, PROGRAMME, do, each, person, pid

if TYPE_CHECKING:
    from core.repositories import Store, Tx

SLACK = ChatIdentity("slack", "T1", "U1")
TEAMS = ChatIdentity("teams", "tenant", "29:1")
ENDED = ProgrammeId("programme-0")


class OrganisationContract:
    async def test_organisation_is_kept_and_replaced(self, store: Store) -> None:
        renamed = Organisation(ORG, "Harbour College")
        await do(store, lambda tx: tx.organisations.save(renamed))
        assert await store.read(lambda tx: tx.organisations.get(ORG)) == renamed

    async def test_unknown_organisation(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.organisations.get(OrgId("nobody")))

    async def test_all_organisations_by_name(self, store: Store) -> None:
        await do(
            store,
            lambda tx: tx.organisations.save(Organisation(OrgId("z"), "adult education")),
            lambda tx: tx.organisations.save(Organisation(OrgId("a"), "Zebra Trust")),
        )
        names = [o.name for o in await store.read(lambda tx: tx.organisations.all())]
        assert names == ["adult education", "Harbour School", "Zebra Trust"]


class PeopleContract:
    async def test_every_field_of_a_person_is_kept(self, store: Store) -> None:
        full = person(
            1,
            name="Ngũgĩ O'Neil 🎓",
            locale="fr-FR",
            hours=weekly((480, 1440), (0, 2, 6)),
            buffer=15,
            duration=45,
            leave=(
                Leave(date(2026, 8, 3), date(2026, 8, 14)),
                Leave(date(2027, 1, 1), date(2027, 1, 1)),
            ),
            meeting_link="https://meet.example.org/room",
            is_admin=True,
            active=False,
            welcomed=True,
            nudges=False,
            wishes=Wishes(daily=2, weekly=5, preferred=weekly((540, 720), (1,))),
            apart=((ProgrammeId("p-1"), Wishes(hours=weekly((480, 720)), buffer=0, duration=45)),),
            country="DE-BY",
            tentative=False,
            trip=Stay("America/New_York", 1_793_592_000, 1_794_024_000),
            back=Return("Europe/Lisbon", "Europe/London", 1_793_500_000),
        )
        await do(store, lambda tx: tx.people.save(full))
        assert await store.read(lambda tx: tx.people.get(pid(1))) == full

    async def test_a_bare_person_is_kept(self, store: Store) -> None:
        assert await store.read(lambda tx: tx.people.get(pid(2))) == person(2)

    async def test_unknown_person(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.people.get(PersonId("nobody")))

    async def test_many_keeps_the_order_and_leaves_out_who_is_not_there(self, store: Store) -> None:
        backwards = [pid(2), PersonId("nobody"), pid(1)]
        found = await store.read(lambda tx: tx.people.many(backwards))
        assert list(found.items()) == [(pid(2), person(2)), (pid(1), person(1))]
        found = await store.read(lambda tx: tx.people.many([pid(1), pid(2)]))
        assert list(found) == [pid(1), pid(2)]
        assert await store.read(lambda tx: tx.people.many([])) == {}

    async def test_people_of_an_organisation_by_name(self, store: Store) -> None:
        other = OrgId("org-2")
        stranger = person(9, org_id=other)
        await do(
            store,
            lambda tx: tx.people.save(person(1, name="zoe")),
            lambda tx: tx.people.save(person(2, name="Zack")),
            lambda tx: tx.organisations.save(Organisation(other, "Other")),
            lambda tx: tx.people.save(stranger),
        )
        found = [p.id for p in await store.read(lambda tx: tx.people.of(ORG))]
        assert found == [pid(3), pid(4), pid(5), pid(6), pid(2), pid(1)]
        assert await store.read(lambda tx: tx.people.of(other)) == (stranger,)

    async def test_address_is_compared_without_case(self, store: Store) -> None:
        await do(store, lambda tx: tx.people.save(person(1, email="Maya.Strauß@Example.org")))
        found = await store.read(lambda tx: tx.people.by_email(ORG, "maya.STRAUSS@example.ORG"))
        assert found is not None
        assert found.email == "Maya.Strauß@Example.org"
        assert await store.read(lambda tx: tx.people.by_email(ORG, "maya@example.org")) is None
        other = OrgId("org-2")
        assert await store.read(lambda tx: tx.people.by_email(other, found.email)) is None

    async def test_address_is_unique_in_an_organisation(self, store: Store) -> None:
        with pytest.raises(Conflict):
            await store.transact(lambda tx: tx.people.save(person(2, email="P1@example.org")))
        assert await store.read(lambda tx: tx.people.get(pid(2))) == person(2)

    async def test_conflict_leaves_the_transaction_usable(self, store: Store) -> None:
        def work(tx: Tx) -> None:
            with pytest.raises(Conflict):
                tx.people.save(person(2, email="p1@example.org"))
            tx.people.save(person(3, name="Still stored"))

        await store.transact(work)
        assert (await store.read(lambda tx: tx.people.get(pid(3)))).name == "Still stored"

    async def test_address_may_repeat_in_another_organisation(self, store: Store) -> None:
        twin = person(9, org_id=OrgId("org-2"), email="p1@example.org")

        def work(tx: Tx) -> None:
            tx.organisations.save(Organisation(OrgId("org-2"), "Other"))
            tx.people.save(twin)

        await store.transact(work)
        assert await store.read(lambda tx: tx.people.get(pid(9))) == twin

    async def test_own_address_is_no_conflict(self, store: Store) -> None:
        await do(store, lambda tx: tx.people.save(person(1, email="P1@Example.org")))
        assert (await store.read(lambda tx: tx.people.get(pid(1)))).email == "P1@Example.org"

    async def test_identities(self, store: Store) -> None:
        await do(
            store,
            lambda tx: tx.people.identify(TEAMS, pid(1)),
            lambda tx: tx.people.identify(SLACK, pid(1)),
        )
        assert await store.read(lambda tx: tx.people.by_identity(SLACK)) == person(1)
        assert await store.read(lambda tx: tx.people.identities(pid(1))) == (SLACK, TEAMS)
        assert await store.read(lambda tx: tx.people.identities(pid(2))) == ()

    async def test_identity_of_nobody(self, store: Store) -> None:
        await do(store, lambda tx: tx.people.identify(SLACK, pid(1)))
        other = SLACK._replace(workspace="T2")
        assert await store.read(lambda tx: tx.people.by_identity(other)) is None

    async def test_identity_moves_to_another_person(self, store: Store) -> None:
        await do(
            store,
            lambda tx: tx.people.identify(SLACK, pid(1)),
            lambda tx: tx.people.identify(SLACK, pid(2)),
        )
        assert await store.read(lambda tx: tx.people.by_identity(SLACK)) == person(2)
        assert await store.read(lambda tx: tx.people.identities(pid(1))) == ()


class ProgrammeContract:
    async def test_programme_is_kept_and_replaced(self, store: Store) -> None:
        ended = Programme(PROGRAMME, ORG, "Spring", ended=True)
        await do(store, lambda tx: tx.programmes.save(ended))
        assert await store.read(lambda tx: tx.programmes.get(PROGRAMME)) == ended

    async def test_unknown_programme(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.programmes.get(ProgrammeId("none")))

    async def test_programmes_by_name_with_ended_ones(self, store: Store) -> None:
        old = Programme(ENDED, ORG, "autumn mentoring", ended=True)
        await do(store, lambda tx: tx.programmes.save(old))
        found = await store.read(lambda tx: tx.programmes.of(ORG))
        assert found == (old, Programme(PROGRAMME, ORG, "Spring mentoring"))
        assert await store.read(lambda tx: tx.programmes.of(OrgId("org-2"))) == ()

    async def test_roles_are_given_once_and_taken_away(self, store: Store) -> None:
        mentor, admin = (Membership(PROGRAMME, pid(1), r) for r in (Role.MENTOR, Role.ADMIN))
        await do(
            store,
            lambda tx: tx.programmes.join(mentor),
            lambda tx: tx.programmes.join(mentor),
            lambda tx: tx.programmes.join(admin),
            lambda tx: tx.programmes.leave(Membership(PROGRAMME, pid(1), Role.COACH)),
        )
        assert set(await store.read(lambda tx: tx.programmes.members(PROGRAMME))) == {mentor, admin}
        assert len(await store.read(lambda tx: tx.programmes.roles(pid(1)))) == 2
        await do(store, lambda tx: tx.programmes.leave(admin))
        assert await store.read(lambda tx: tx.programmes.members(PROGRAMME)) == (mentor,)

    async def test_roles_and_pairs_of_a_person_end_with_the_programme(self, store: Store) -> None:
        pair = Pair(PairId("pair-1"), PROGRAMME, pid(1), pid(2), coaching=True)
        mentor = Membership(PROGRAMME, pid(1), Role.MENTOR)
        await do(
            store,
            lambda tx: tx.programmes.join(mentor),
            lambda tx: tx.programmes.add_pair(pair),
        )
        assert await store.read(lambda tx: tx.programmes.roles(pid(1))) == (mentor,)
        assert await store.read(lambda tx: tx.programmes.pairs_of(pid(1))) == (pair,)
        assert await store.read(lambda tx: tx.programmes.pairs_of(pid(2))) == (pair,)
        assert await store.read(lambda tx: tx.programmes.pairs_of(pid(3))) == ()
        ended = Programme(PROGRAMME, ORG, "Spring", ended=True)
        await do(store, lambda tx: tx.programmes.save(ended))
        assert await store.read(lambda tx: tx.programmes.roles(pid(1))) == ()
        assert await store.read(lambda tx: tx.programmes.pairs_of(pid(2))) == ()
        assert await store.read(lambda tx: tx.programmes.pairs(PROGRAMME)) == (pair,)
        assert await store.read(lambda tx: tx.programmes.members(PROGRAMME)) == (mentor,)

    async def test_the_same_two_people_are_one_pair(self, store: Store) -> None:
        pair = Pair(PairId("pair-1"), PROGRAMME, pid(1), pid(2))
        swapped = Pair(PairId("pair-2"), PROGRAMME, pid(2), pid(1))
        other = Pair(PairId("pair-3"), PROGRAMME, pid(1), pid(3))
        again = replace(pair, id=PairId("pair-4"))
        pairs = (pair, again, swapped, other)
        await do(store, each(pairs, lambda tx, one: tx.programmes.add_pair(one)))
        assert set(await store.read(lambda tx: tx.programmes.pairs(PROGRAMME))) == {pair, other}
        await do(store, lambda tx: tx.programmes.remove_pair(pair.id))
        await do(store, lambda tx: tx.programmes.remove_pair(pair.id))
        assert await store.read(lambda tx: tx.programmes.pairs(PROGRAMME)) == (other,)

    async def test_what_is_stored_refers_to_what_is_there(self, store: Store) -> None:
        stray = Membership(PROGRAMME, PersonId("nobody"), Role.MENTOR)
        with pytest.raises(NotFound):
            await store.transact(lambda tx: tx.programmes.join(stray))
        assert await store.read(lambda tx: tx.programmes.members(PROGRAMME)) == ()

    async def test_a_transaction_may_write_in_any_order(self, store: Store) -> None:
        new = person(9)

        def work(tx: Tx) -> None:
            tx.programmes.join(Membership(PROGRAMME, new.id, Role.MENTEE))
            tx.people.save(new)

        await store.transact(work)
        assert len(await store.read(lambda tx: tx.programmes.roles(new.id))) == 1


class SettingContract:
    async def test_texts_per_scope(self, store: Store) -> None:
        await do(
            store,
            lambda tx: tx.settings.write(ORG, "buffer", "10 min"),
            lambda tx: tx.settings.write(PROGRAMME, "buffer", "20 min"),
            lambda tx: tx.settings.write(ORG, "hours", "08:00-18:00"),
            lambda tx: tx.settings.write(ORG, "buffer", "15 min"),
        )
        texts = await store.read(lambda tx: tx.settings.read(ORG))
        assert texts == {"buffer": "15 min", "hours": "08:00-18:00"}
        assert await store.read(lambda tx: tx.settings.read("nowhere")) == {}

    async def test_none_removes_a_text(self, store: Store) -> None:
        await do(
            store,
            lambda tx: tx.settings.write(ORG, "buffer", "10 min"),
            lambda tx: tx.settings.write(ORG, "buffer", None),
            lambda tx: tx.settings.write(ORG, "hours", None),
        )
        assert await store.read(lambda tx: tx.settings.read(ORG)) == {}
