"""Preferred times change the order of what is found, and never what is found."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.finding.availability import candidates
from core.finding.ranking import best
from core.finding.request import PersonTime, Search
from core.finding.wishing import preferring
from core.ids import PersonId
from core.timing.hours import Weekly, weekly
from core.timing.zones import DAY, wall
from tests.unit.core.finding.scenes import STARTS, Scene, scenes

LONDON, NEW_YORK = "Europe/London", "America/New_York"
MORNINGS, TUESDAYS = weekly((8 * 60, 12 * 60)), weekly((0, 24 * 60), [1])
MONDAY = STARTS[3]


def search_of_a_week() -> Search:
    """Return a search for half an hour in a week without clock changes."""
    week = (MONDAY, MONDAY + 7 * DAY)
    return Search(MONDAY, (week,), 1800, weekly((480, 1080)), MONDAY, MONDAY + 30 * DAY)


def person(number: int, zone: str, preferred: Weekly | None = None) -> PersonTime:
    """Return somebody who is free all week."""
    return PersonTime(PersonId(str(number)), zone, preferred=preferred)


@settings(max_examples=60, deadline=None)
@given(scenes(), st.sampled_from([MORNINGS, TUESDAYS]))
def test_what_is_found_stays(scene: Scene, liked: Weekly) -> None:
    people = [replace(scene.people[0], preferred=liked), *scene.people[1:]]
    search = preferring(scene.search, people)
    assert candidates(search, people) == candidates(scene.search, scene.people)
    assert replace(search, prefer=()) == scene.search


def test_liked_times_come_first() -> None:
    people = [person(1, LONDON), person(2, LONDON, MORNINGS)]
    search = preferring(search_of_a_week(), people)
    chosen = best(search, people, candidates(search, people))
    assert [wall(start, LONDON).hour < 12 for start in chosen] == [True, True, True]


def test_what_two_like_alike_counts_and_else_what_one_of_them_likes() -> None:
    both = [person(1, LONDON, TUESDAYS), person(2, LONDON, MORNINGS)]
    search = preferring(search_of_a_week(), both)
    chosen = best(search, both, candidates(search, both), 1)
    assert [f"{wall(start, LONDON):%a %p}" for start in chosen] == ["Tue AM"]
    apart = [person(1, LONDON, MORNINGS), person(2, NEW_YORK, weekly((14 * 60, 18 * 60)))]
    assert preferring(search_of_a_week(), apart).prefer != ()


def test_without_wishes_nothing_is_liked() -> None:
    search = search_of_a_week()
    assert preferring(search, [person(1, LONDON)]) == search
