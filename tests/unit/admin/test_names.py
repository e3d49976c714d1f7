"""Who is meant by a name, and which zone by a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.converse.admin.names import Asked, find, fitting, fold, nearest
from core.ids import OrgId, PersonId
from core.people import ChatIdentity, Organisation, Person
from core.use_cases.administer.zone_names import canonical_zone, nearest_zone
from tests.talks.admin_world import ORG, World, aurora

if TYPE_CHECKING:
    from core.ports import Tx

CHAT = ChatIdentity("local", "w", "dana")


def person(name: str) -> Person:
    email = f"{fold(name).replace(' ', '.')}@example.org"
    return Person(PersonId(name), OrgId("o"), name, email, "UTC")


PEOPLE = [
    person(name)
    for name in ("Alex Chen", "Alex Romero", "Alexandra Roy", "Zoë O’Hara", "Anna-Maria Núñez")
]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Alex", ["Alex Chen", "Alex Romero"]),
        ("alex chen", ["Alex Chen"]),
        ("Chen", ["Alex Chen"]),
        ("Chen Alex", ["Alex Chen"]),
        ("Alexan", ["Alexandra Roy"]),
        ("Al Ro", ["Alex Romero", "Alexandra Roy"]),
        ("Zoe", ["Zoë O’Hara"]),
        ("zoe o'hara's", ["Zoë O’Hara"]),
        ("anna maria", ["Anna-Maria Núñez"]),
        ("Nunez", ["Anna-Maria Núñez"]),
        ("Alexander", []),
        ("", []),
        ("A", []),
    ],
)
def test_names_fit_whole_then_by_words_then_by_beginnings(word: str, found: list[str]) -> None:
    assert [p.name for p in fitting(PEOPLE, fold(word))] == found


@pytest.mark.parametrize(
    ("word", "near"),
    [("Alexnadra", ["Alexandra Roy"]), ("Aelx", ["Alex Chen"]), ("Zeo", []), ("Xerxes", [])],
)
def test_slips_are_only_ever_suggested(word: str, near: list[str]) -> None:
    assert fitting(PEOPLE, fold(word)) == []
    assert [p.name for p in nearest(PEOPLE, fold(word))] == near


async def names_of(world: World, word: str, programme: str = "") -> list[str]:
    """The names of those whom a word fits."""
    where = world.programmes[programme].id if programme else None
    asked = Asked(ORG, word, CHAT, where)
    found = await world.store.read(lambda tx: find(tx, asked))
    return [p.name for p in found.people]


async def test_ids_addresses_and_mentions_name_one_person() -> None:
    world = await aurora()
    tom = world.people["tom"]
    ways = (
        f"#{tom.id}",
        "TOM.WEBER@example.org",
        "<tom.weber@example.org>",
        "<mailto:tom.weber@example.org|tom.weber@example.org>",
        "<@tom>",
        "@Tom",
        "<at>Tom W</at>",
    )
    for word in ways:
        assert await names_of(world, word) == ["Tom Weber"]
    assert await names_of(world, "#" + "f" * 32) == []
    assert await names_of(world, "<@nobody>") == []
    assert await names_of(world, "nobody@example.org") == []


async def test_people_of_the_programme_come_before_their_namesakes() -> None:
    world = await aurora()
    await world.person("outsider", "Priya Das", "Asia/Kolkata")
    assert await names_of(world, "Priya") == ["Priya Das", "Priya Nair"]
    assert await names_of(world, "Priya", "aurora") == ["Priya Nair"]
    assert await names_of(world, "Priya Das", "aurora") == ["Priya Das"]


async def test_nobody_of_another_organisation_and_nobody_who_has_left_is_found() -> None:
    world = await aurora()
    other = OrgId("f" * 32)
    stranger = Person(PersonId("e" * 32), other, "Tom Strange", "tom@elsewhere.example", "UTC")

    def work(tx: Tx) -> None:
        tx.organisations.save(Organisation(other, "Elsewhere"))
        tx.people.save(stranger)

    await world.store.transact(work)
    await world.alter("alex", active=False)
    assert await names_of(world, "Tom") == ["Tom Weber"]
    assert await names_of(world, f"#{stranger.id}") == []
    assert await names_of(world, "tom@elsewhere.example") == []
    assert await names_of(world, "Alex") == ["Alex Romero"]


async def test_namesakes_are_told_apart_by_their_partners() -> None:
    world = await aurora()
    asked = Asked(ORG, "Alex", CHAT, world.programmes["aurora"].id)
    found = await world.store.read(lambda tx: find(tx, asked))
    assert found.sides == ("Maya's mentor", "")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/London", "Europe/London"),
        (" europe/london ", "Europe/London"),
        ("America/New York", "America/New_York"),
        ("America / New_York", "America/New_York"),
        ("asia/kolkata", "Asia/Kolkata"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("utc", "UTC"),
        ("London", None),
        ("EST", None),
        ("Europe/Lundon", None),
        ("../etc/passwd", None),
        ("", None),
        ("Etc", None),
    ],
)
def test_zone_names(text: str, zone: str | None) -> None:
    assert canonical_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("London", "Europe/London"),
        ("Europe/Lundon", "Europe/London"),
        ("New york", "America/New_York"),
        ("US/New York", "America/New_York"),
        ("Bombay", ""),
        ("Mumbai", "Asia/Kolkata"),
        ("PST", "America/Los_Angeles"),
        ("Berln", "Europe/Berlin"),
        ("Asia/Kolkatta", "Asia/Kolkata"),
        ("", ""),
        ("somewhere over the rainbow", ""),
    ],
)
def test_the_zone_that_was_probably_meant(text: str, zone: str) -> None:
    assert nearest_zone(text) == zone
