"""The first start makes the organisation and its administrator; later ones change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.use_cases.administer import members
from core.use_cases.administer.deployment import ensure_deployment
from core.use_cases.administer.problems import Unfit
from tests.talks.admin_world import World, empty_world

if TYPE_CHECKING:
    from core.ids import PersonId
    from core.ports import Tx


async def start(world: World, name: str = "Jo Bell", email: str = "jo@example.org") -> PersonId:
    return await ensure_deployment(world.ports, "Larkfield", name, email)


async def people(world: World) -> list[tuple[str, bool]]:
    def work(tx: Tx) -> list[tuple[str, bool]]:
        (organisation,) = tx.organisations.all()
        return [(p.name, p.is_admin) for p in tx.people.of(organisation.id)]

    return await world.store.read(work)


async def test_the_first_start_makes_a_global_administrator() -> None:
    world = empty_world()
    jo = await start(world)
    assert await people(world) == [("Jo Bell", True)]
    (organisation,) = await world.store.read(lambda tx: tx.organisations.all())
    assert organisation.name == "Larkfield"
    log = await world.store.read(lambda tx: tx.audit.latest(organisation.id))
    assert [(e.actor, e.action) for e in log] == [(jo, "deployment")]


async def test_starting_again_changes_nothing() -> None:
    world = empty_world()
    jo = await start(world)
    before = world.store._tables
    assert await start(world, email="JO@example.org") == jo
    assert await people(world) == [("Jo Bell", True)]
    assert len(world.store._tables.audit) == len(before.audit)


async def test_another_name_of_the_organisation_makes_no_second_one() -> None:
    world = empty_world()
    await start(world)
    await ensure_deployment(world.ports, "Larkfield Ltd", "Jo Bell", "jo@example.org")
    assert await people(world) == [("Jo Bell", True)]


async def test_a_right_that_was_taken_away_stays_away() -> None:
    world = empty_world()
    jo = await start(world)
    ann = await start(world, "Ann Orr", "ann@example.org")
    assert await people(world) == [("Ann Orr", True), ("Jo Bell", True)]
    await members.set_global(world.ports, ann, jo, on=False)
    assert await start(world) == jo
    assert await people(world) == [("Ann Orr", True), ("Jo Bell", False)]


async def test_an_organisation_without_any_administrator_gets_one() -> None:
    world = empty_world()
    jo = await start(world)
    await start(world, "Ann Orr", "ann@example.org")

    def nobody(tx: Tx) -> None:
        (organisation,) = tx.organisations.all()
        for person in tx.people.of(organisation.id):
            tx.people.save(replace(person, is_admin=False))

    await world.store.transact(nobody)
    assert await start(world) == jo
    assert await people(world) == [("Ann Orr", False), ("Jo Bell", True)]


@pytest.mark.parametrize(("name", "email"), [("", "jo@example.org"), ("Jo Bell", "jo")])
async def test_a_name_or_address_that_is_none_is_refused(name: str, email: str) -> None:
    world = empty_world()
    with pytest.raises(Unfit):
        await start(world, name, email)
    assert len(world.store._tables.people) == 0
