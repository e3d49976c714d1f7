"""What is said to be in the way of all that was asked really is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings

from core.finding.availability import candidates
from core.finding.blocking import in_the_way
from core.finding.explain import shares, why_not
from core.finding.request import PersonTime
from core.ids import PersonId
from core.programme import Rule
from core.timing.zones import DAY
from tests.unit.core.finding.scenes import HOUR, STARTS, Scene, scenes
from tests.unit.core.finding.test_explain import plain

MONDAY = STARTS[3]


@settings(max_examples=60, deadline=None)
@given(scenes(days=2))
def test_where_nothing_can_be_offered_what_is_named_is_against_some_of_it(scene: Scene) -> None:
    search, people = scene.search, scene.people
    assume(not candidates(search, people))
    named = in_the_way(search, people)
    assert len(set(named)) == len(named)
    if shares(search, people):
        lost = {o.kind for o in shares(search, people)}
        assert named or lost == {Rule.SHORT}
    for objection in named:
        whole = range(search.windows[0][0] - search.length, search.windows[-1][1], 300)
        said = {
            o for s in whole for o in why_not(replace(search, now=min(s, search.now)), people, s)
        }
        kinds = {o.kind for o in said}
        assert objection.kind in kinds | {Rule.BUSY, Rule.PERSON_HOURS}


def test_the_one_that_opens_it_is_named_not_the_one_that_takes_most() -> None:
    """Two people's hours take more of the day than a busy one does, but are not in the way."""
    people = [
        PersonTime(PersonId("a"), "Europe/London"),
        PersonTime(PersonId("b"), "America/New_York", [(MONDAY + 12 * HOUR, MONDAY + 17 * HOUR)]),
    ]
    assert [(o.kind, o.person_id) for o in in_the_way(plain(MONDAY, MONDAY + DAY), people)] == [
        (Rule.BUSY, "b")
    ]


def test_two_that_are_both_in_the_way_are_both_named() -> None:
    day = [(MONDAY, MONDAY + DAY)]
    people = [PersonTime(PersonId(who), "UTC", day[:]) for who in "ab"]
    assert [(o.kind, o.person_id) for o in in_the_way(plain(MONDAY, MONDAY + DAY), people)] == [
        (Rule.BUSY, "a"),
        (Rule.BUSY, "b"),
    ]
