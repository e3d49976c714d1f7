"""Who may change the settings about connecting, where (R67, R68, Y5)."""

from __future__ import annotations

import pytest

from core.use_cases.administer import settings
from core.use_cases.administer.problems import Problem, Unfit
from tests.talks.admin_world import ORG, World, aurora, aurora_and_borealis

GUARDED = {
    "services": "google",
    "assistant": "off",
    "connecting": "off",
    "accounts.personal": "off",
}
OPEN = {"calendars.max": "1", "connect": "required", "sync": "off"}
GENERAL = {"approved": "off"}


async def tried(world: World, who: str, key: str, text: str, programme: str = "aurora") -> str:
    """Change a setting; return "saved" or what was objected."""
    programme_id = world.programmes[programme].id if programme else None
    try:
        change = await settings.change(world.ports, world.people[who].id, programme_id, key, text)
    except Unfit as unfit:
        return unfit.problem.value
    return "saved" if change.changes else "same"


@pytest.mark.parametrize("item", [*GUARDED.items(), *OPEN.items(), *GENERAL.items()])
async def test_a_global_administrator_changes_all_of_them(item: tuple[str, str]) -> None:
    world = await aurora_and_borealis()
    assert await tried(world, "jo", *item) == "saved"
    world = await aurora_and_borealis()
    assert await tried(world, "jo", *item, programme="") == "saved"


@pytest.mark.parametrize("item", [*GUARDED.items(), *OPEN.items(), *GENERAL.items()])
async def test_the_administrator_of_the_only_programme_has_both_powers(
    item: tuple[str, str],
) -> None:
    world = await aurora()
    assert await tried(world, "dana", *item) == "saved"


@pytest.mark.parametrize("item", GUARDED.items())
async def test_guarded_ones_are_lent_to_programme_administrators(item: tuple[str, str]) -> None:
    world = await aurora_and_borealis()
    assert await tried(world, "dana", *item) == Problem.GUARDED
    assert await tried(world, "jo", "delegate", "on", programme="") == "saved"
    assert await tried(world, "dana", *item) == "saved"
    assert await tried(world, "dana", *item, programme="") == Problem.GLOBAL_ONLY


@pytest.mark.parametrize("item", OPEN.items())
async def test_the_others_are_the_programmes_own(item: tuple[str, str]) -> None:
    world = await aurora_and_borealis()
    assert await tried(world, "dana", *item) == "saved"
    assert await tried(world, "dana", *item, programme="") == Problem.GLOBAL_ONLY


async def test_approval_is_a_global_administrators_alone() -> None:
    world = await aurora_and_borealis()
    assert await tried(world, "jo", "delegate", "on", programme="") == "saved"
    assert await tried(world, "dana", "approved", "off") == Problem.GLOBAL_ONLY
    stored = await world.store.read(lambda tx: tx.settings.read(ORG))
    assert stored == {"delegate": "on"}
