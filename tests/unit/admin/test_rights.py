"""Who may set what: the levels of the settings against the kinds of administrators."""

from __future__ import annotations

from itertools import product

import pytest

from adapters.memory.people import MemoryPeople
from core.errors import Refused
from core.ids import OrgId, PersonId, ProgrammeId
from core.people import Person
from core.policy import SETTINGS, Level
from core.programme import Programme
from core.use_cases.administer.rights import Standing, administrator
from tests.talks.admin_world import aurora

ORG = OrgId("o")
AURORA, BOREALIS = (Programme(ProgrammeId(n), ORG, n) for n in ("aurora", "borealis"))
NOTICE, HOURS, DELEGATE = SETTINGS["notice"], SETTINGS["hours"], SETTINGS["delegate"]


def standing(*, is_global: bool, alone: bool, administers: bool) -> Standing:
    person = Person(PersonId("p"), ORG, "Pat", "pat@example.org", "UTC", is_admin=is_global)
    programmes = (AURORA,) if alone else (AURORA, BOREALIS)
    return Standing(person, programmes, frozenset({AURORA.id} if administers else ()))


GLOBAL = standing(is_global=True, alone=False, administers=False)
OWN = standing(is_global=False, alone=False, administers=True)
SINGLE = standing(is_global=False, alone=True, administers=True)
NOBODY = standing(is_global=False, alone=True, administers=False)

ALLOWED = {
    # setting, where, delegated -> who may
    ("notice", "aurora", False): {"global", "own", "single"},
    ("notice", "aurora", True): {"global", "own", "single"},
    ("notice", "org", False): {"global", "single"},
    ("notice", "org", True): {"global", "single"},
    ("hours", "aurora", False): {"global", "single"},
    ("hours", "aurora", True): {"global", "own", "single"},
    ("hours", "org", False): {"global", "single"},
    ("hours", "org", True): {"global", "single"},
    ("delegate", "aurora", True): {"global", "single"},
    ("delegate", "org", False): {"global", "single"},
}
KINDS = {"global": GLOBAL, "own": OWN, "single": SINGLE, "nobody": NOBODY}


@pytest.mark.parametrize(("case", "kind"), list(product(ALLOWED, KINDS)))
def test_who_may_set_what(case: tuple[str, str, bool], kind: str) -> None:
    key, where, lent = case
    place = AURORA.id if where == "aurora" else None
    assert KINDS[kind].may_set(SETTINGS[key], place, lent=lent) == (kind in ALLOWED[case])


def test_the_table_of_settings_guards_what_it_must() -> None:
    guarded = {s.key for s in SETTINGS.values() if s.level is Level.GUARDED}
    assert guarded == {
        "hours",
        "weekends",
        "services",
        "assistant",
        "connecting",
        "accounts.personal",
    }
    assert {s.key for s in SETTINGS.values() if s.level is Level.GLOBAL} == {
        "delegate",
        "approved",
        "llm",
        "microsoft.attendee_copy",
    }


def test_nobody_sets_another_programme() -> None:
    assert not OWN.may_set(NOTICE, BOREALIS.id, lent=True)
    assert not OWN.administers(BOREALIS.id)
    assert OWN.own == (AURORA,)
    assert GLOBAL.own == (AURORA, BOREALIS)


async def test_a_refusal_names_who_is_near_without_loading_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await aurora()
    maya = world.people["maya"].id

    def all_people(_: MemoryPeople, org_id: OrgId) -> tuple[Person, ...]:
        raise OSError(org_id)

    monkeypatch.setattr(MemoryPeople, "of", all_people)
    with pytest.raises(Refused) as caught:
        await world.store.read(lambda tx: administrator(tx, maya))
    assert [o.detail for o in caught.value.objections] == ["Dana Fox"]


async def test_a_refusal_names_a_global_administrator_where_nobody_is_nearer() -> None:
    world = await aurora()
    await world.alter("dana", active=False)
    maya = world.people["maya"].id
    with pytest.raises(Refused) as caught:
        await world.store.read(lambda tx: administrator(tx, maya))
    assert [o.detail for o in caught.value.objections] == ["Jo Bell"]


def test_an_administrator_of_an_ended_programme_is_none() -> None:
    ended = Standing(NOBODY.person, (BOREALIS,), frozenset({AURORA.id}))
    assert not ended.is_single
    assert ended.own == ()
