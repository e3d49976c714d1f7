"""What is said to open times does, and asks of other people nothing but their hours."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.finding.request import Ease, PersonTime, Search
from core.finding.unlocking import SHORTER, WEEK, Means, Way, ways
from core.ids import PersonId
from core.timing.hours import weekly
from core.timing.zones import DAY
from tests.unit.core.finding.scenes import HOUR, STARTS, Scene, scenes, slow_candidates

MONDAY = STARTS[3]
ASKER = PersonId("p0")
NINE = (MONDAY + 9 * HOUR, MONDAY + 10 * HOUR)


def varied(person: PersonTime) -> PersonTime:
    """Return a person all of whose rules can be set aside."""
    eased = [(Ease.TENTATIVE, replace(person, busy=person.busy[::2]))]
    if person.own is not None:
        eased.append((Ease.HOURS, replace(person, own=None)))
    if person.buffer:
        eased.append((Ease.BUFFER, replace(person, buffer=0)))
    return replace(person, eased=tuple(eased))


def after(scene: Scene, way: Way) -> Scene:
    """Return the scene with the one change of a way."""
    match way.means:
        case Means.SHORTER:
            return replace(scene, search=replace(scene.search, length=way.minutes * 60))
        case Means.LATER:
            search = replace(scene.search, windows=way.windows, starts=())
            return replace(scene, search=search)
    people = [
        dict(p.eased)[way.ease] if way.ease and p.person_id == way.person_id else p
        for p in scene.people
    ]
    return replace(scene, people=tuple(people))


@settings(max_examples=40, deadline=None)
@given(scenes(days=2), st.sampled_from([ASKER, PersonId("who arranges it")]))
def test_every_way_opens_what_it_says(scene: Scene, asker: PersonId) -> None:
    scene = replace(scene, people=tuple(map(varied, scene.people)))
    found = ways(scene.search, scene.people, asker)
    for way in found:
        opened = slow_candidates(after(scene, way))
        assert (way.count, way.first) == (len(opened), opened[0])
        if way.means is Means.ASK:
            assert (way.ease, way.person_id == asker) == (Ease.HOURS, False)
        if way.means is Means.EASE:
            assert way.person_id == asker
    assert [w.means for w in found] == sorted((w.means for w in found), key=list(Means).index)
    assert len([w for w in found if w.means is Means.SHORTER]) <= 1


def search(start: int = MONDAY, end: int = MONDAY + DAY) -> Search:
    return Search(
        now=MONDAY,
        windows=((start, end),),
        length=3600,
        programme=weekly((480, 1080)),
        earliest=MONDAY,
        latest=MONDAY + 60 * DAY,
    )


def test_what_others_keep_to_themselves_is_never_a_way() -> None:
    other = varied(PersonTime(PersonId("other"), "UTC", [NINE], own=weekly(None), buffer=600))
    found = ways(search(), [PersonTime(ASKER, "UTC"), other], ASKER)
    assert [(w.means, w.ease) for w in found] == [(Means.ASK, Ease.HOURS)]


def test_the_longest_of_the_shorter_sessions_is_the_way() -> None:
    busy = [(MONDAY, NINE[0]), (NINE[0] + 50 * 60, MONDAY + 9 * DAY)]
    (way,) = ways(search(), [PersonTime(ASKER, "UTC", busy)], ASKER)
    assert (way.means, way.minutes, way.first) == (Means.SHORTER, 45, NINE[0])
    assert way.minutes in SHORTER


def test_the_seven_days_after_are_after_the_last_window() -> None:
    away = [(MONDAY, MONDAY + 2 * DAY)]
    (way,) = ways(search(), [PersonTime(ASKER, "UTC", away=away)], ASKER)
    assert (way.means, way.windows) == (Means.LATER, ((MONDAY + DAY, MONDAY + DAY + WEEK),))


def test_beyond_the_horizon_there_is_no_way() -> None:
    near = replace(search(), latest=MONDAY + DAY)
    assert ways(near, [PersonTime(ASKER, "UTC", away=[(MONDAY, MONDAY + DAY)])], ASKER) == ()
