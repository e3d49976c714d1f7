"""Whose services end: the rules of `core.withdrawing`, as a property over random programmes."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from core.calling_off import cancel_in
from core.ids import GrantId, PersonId
from core.links import Grant, Provider
from core.ports import Tx
from core.programme import Membership, Role
from core.setting_text import SERVICE_WORDS
from core.use_cases.administer import members, programmes, settings
from core.use_cases.administer.future import Choice, Fate
from core.withdrawing import Allowance, Ending, ends_at, losses, personal_allowance
from tests.talks.admin_world import DAY, NOW, ORG, World, an_id, aurora_and_borealis

NAMES = {"google": Provider.GOOGLE, "microsoft": Provider.MICROSOFT, "apple": Provider.CALDAV}
lists = st.sets(st.sampled_from(sorted(NAMES))).map(lambda one: ", ".join(sorted(one)) or "none")
places = st.sampled_from(["", "aurora", "borealis"])
PEOPLE = ("maya", "alex", "sam")


async def a_world(membership: dict[str, set[str]], held: dict[str, set[str]]) -> World:
    """Return two programmes, with people in some of them who have connected some services."""
    world = await aurora_and_borealis()

    def work(tx: Tx) -> None:
        for key in PEOPLE:
            person_id = world.people[key].id
            for programme in world.programmes.values():
                for role in Role:
                    tx.programmes.leave(Membership(programme.id, person_id, role))
            for name in membership[key]:
                tx.programmes.join(Membership(world.programmes[name].id, person_id, Role.MENTOR))
            for service in held.get(key, ()):
                number = GrantId(an_id(world.number()))
                tx.links.save_grant(Grant(number, person_id, NAMES[service], "a", {}))

    await world.store.transact(work)
    return world


async def change(world: World, place: str, text: str, ending: Ending) -> None:
    programme_id = world.programmes[place].id if place else None
    await settings.change(
        world.ports, world.people["jo"].id, programme_id, "services", text, ending=ending
    )


per_person = st.fixed_dictionaries(
    {key: st.sets(st.sampled_from(["aurora", "borealis"])) for key in PEOPLE}
)
holdings = st.fixed_dictionaries({key: st.sets(st.sampled_from(sorted(NAMES))) for key in PEOPLE})


@given(per_person, holdings, st.lists(st.tuples(places, lists), max_size=4))
def test_an_end_is_set_exactly_for_what_is_held_and_not_allowed(
    membership: dict[str, set[str]], held: dict[str, set[str]], steps: list[tuple[str, str]]
) -> None:
    async def play() -> None:
        world = await a_world(membership, held)
        for place, text in steps:
            await change(world, place, text, Ending.LATER)

        def check(tx: Tx) -> None:
            allowance = Allowance(tx, ORG)
            for key in PEOPLE:
                person_id = world.people[key].id
                allowed = allowance.of(person_id)
                assert allowed == personal_allowance(tx, ORG, person_id)
                for service, provider in NAMES.items():
                    ends = service in held[key] and provider not in allowed
                    assert bool(ends_at(tx, person_id, provider)) is ends

        await world.store.read(check)

    asyncio.run(play())


@given(per_person, holdings, places, lists)
def test_the_dry_run_names_whom_the_change_then_ends(
    membership: dict[str, set[str]], held: dict[str, set[str]], place: str, text: str
) -> None:
    async def play() -> None:
        world = await a_world(membership, held)
        programme_id = world.programmes[place].id if place else None
        jo = world.people["jo"].id
        planned, impact = await settings.plan_change(
            world.ports, jo, programme_id, "services", text
        )
        done = await settings.change(world.ports, jo, programme_id, "services", text)
        named = {person.id for person, _ in impact.losing}
        assert named == set(done.settled.ending)
        assert planned.changes == done.changes

    asyncio.run(play())


async def test_ending_twice_counts_from_the_second_time() -> None:
    world = await a_world({key: {"aurora"} for key in PEOPLE}, {k: {"apple"} for k in PEOPLE})
    await change(world, "aurora", "google", Ending.LATER)
    await change(world, "aurora", "google, apple", Ending.LATER)
    world.clock.at += DAY
    await change(world, "aurora", "google", Ending.LATER)
    maya = world.people["maya"].id
    until = await world.store.read(lambda tx: ends_at(tx, maya, Provider.CALDAV))
    assert until == NOW + 15 * DAY
    effects = await world.store.read(lambda tx: tx.effects.of_person(maya, 100))
    states = [e.state.value for e in effects if e.kind == "stop_service"]
    assert sorted(states) == ["cancelled", "ready"]
    assert await world.kinds("maya") == ["service_ends", "service_stays", "service_ends"]


async def test_nobody_loses_what_they_never_had() -> None:
    world = await a_world({key: set() for key in PEOPLE}, {key: set() for key in PEOPLE})

    def check(tx: Tx) -> None:
        before, after = Allowance(tx, ORG), Allowance(tx, ORG, ORG, {"approved": "off"})
        assert losses(tx, ORG, before, after) == ()
        assert after.of(PersonId("nobody")) == frozenset()
        assert set(SERVICE_WORDS.values()) <= set(Provider)

    await world.store.read(check)


async def test_leaving_the_last_programme_that_allows_a_service_ends_it_as_its_withdrawal() -> None:
    world = await a_world({key: {"aurora", "borealis"} for key in PEOPLE}, {"maya": {"google"}})
    await change(world, "borealis", "apple", Ending.LATER)
    jo, maya = world.people["jo"].id, world.people["maya"].id
    aurora = world.programmes["aurora"].id
    await members.remove(world.ports, jo, aurora, maya, Fate(Choice.KEEP, cancel_in))
    until = await world.store.read(lambda tx: ends_at(tx, maya, Provider.GOOGLE))
    assert until == NOW + 14 * DAY
    assert "service_ends" in await world.kinds("maya")
    await members.add_role(world.ports, jo, aurora, maya, Role.MENTEE)
    assert not await world.store.read(lambda tx: ends_at(tx, maya, Provider.GOOGLE))
    assert "service_stays" in await world.kinds("maya")


async def test_leaving_one_of_two_programmes_that_allow_a_service_changes_nothing() -> None:
    world = await a_world({key: {"aurora", "borealis"} for key in PEOPLE}, {"maya": {"google"}})
    jo, maya = world.people["jo"].id, world.people["maya"].id
    aurora = world.programmes["aurora"].id
    await members.remove(world.ports, jo, aurora, maya, Fate(Choice.KEEP, cancel_in))
    assert not await world.store.read(lambda tx: ends_at(tx, maya, Provider.GOOGLE))
    assert "service_ends" not in await world.kinds("maya")


async def test_the_end_of_the_only_programme_that_allows_a_service_ends_it() -> None:
    world = await a_world({key: {"aurora", "borealis"} for key in PEOPLE}, {"maya": {"google"}})
    await change(world, "borealis", "apple", Ending.LATER)
    jo, maya = world.people["jo"].id, world.people["maya"].id
    fate = Fate(Choice.KEEP, cancel_in)
    await programmes.end(world.ports, jo, world.programmes["aurora"].id, fate)
    until = await world.store.read(lambda tx: ends_at(tx, maya, Provider.GOOGLE))
    assert until == NOW + 14 * DAY
