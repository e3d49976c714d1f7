"""What is offered is exactly what is possible: free, in everybody's hours, and asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from core.finding.availability import candidates, common_hours, mutual_free
from core.finding.request import PersonTime, Search
from core.ids import PersonId
from core.timing.hours import ALWAYS
from core.timing.spans import merge, subtract
from core.timing.zones import DAY, day_span
from tests.unit.core.finding.scenes import (
    Scene,
    fives,
    is_busy,
    on_grid,
    scenes,
    slow_candidates,
    suits,
)

thorough = settings(max_examples=80, deadline=None)


@thorough
@given(scenes())
def test_candidates_are_the_possible_starts(scene: Scene) -> None:
    assert candidates(scene.search, scene.people) == slow_candidates(scene)


@thorough
@given(scenes(), st.data())
def test_stated_starts_are_taken_as_they_are(scene: Scene, data: st.DataObject) -> None:
    first = scene.search.windows[0][0]
    wanted = data.draw(st.lists(fives(0, DAY), min_size=1, max_size=40))
    free = candidates(scene.search, scene.people)
    starts = tuple(first + offset for offset in wanted) + tuple(free[:3])
    asked = replace(scene, search=replace(scene.search, starts=starts))
    assert candidates(asked.search, asked.people) == slow_candidates(asked)


@thorough
@given(scenes(), st.integers(0, 5))
def test_what_was_shown_is_left_out(scene: Scene, number: int) -> None:
    every = candidates(scene.search, scene.people)
    shown = frozenset(every[::2][:number])
    rest = candidates(replace(scene.search, without=shown), scene.people)
    assert rest == [start for start in every if start not in shown]


@thorough
@given(scenes())
def test_free_time_is_free_for_each_and_all_of_it(scene: Scene) -> None:
    free = mutual_free(scene.search, scene.people)
    assert free == merge(free)
    assert subtract(free, merge(scene.search.windows)) == []
    assert subtract(free, merge(common_hours(scene.search, scene.people))) == []
    for person in scene.people:
        for start, end in free:
            assert not is_busy(person, start, end - start)


@thorough
@given(scenes())
def test_order_of_people_and_of_their_events_does_not_matter(scene: Scene) -> None:
    turned = [replace(p, busy=list(p.busy)[::-1]) for p in reversed(scene.people)]
    assert candidates(scene.search, turned) == candidates(scene.search, scene.people)


@thorough
@given(scenes())
def test_nobody_is_looked_at_for_nothing(scene: Scene) -> None:
    alone = [set(candidates(scene.search, [person])) for person in scene.people]
    together = candidates(scene.search, scene.people)
    assert set(together) == set.intersection(*alone)
    for person, starts in zip(scene.people, alone, strict=True):
        possible = {s for s in on_grid(scene.search) if suits(scene.search, person, s)}
        assert starts <= possible


def test_a_closed_day_is_closed_on_everybodys_calendar() -> None:
    """The 16th begins in Auckland while it is still the 15th in London."""
    zones = ("Europe/London", "Pacific/Auckland")
    people = [PersonTime(PersonId(zone), zone) for zone in zones]
    start = int(datetime(2027, 6, 15, tzinfo=UTC).timestamp())
    search = Search(
        now=start,
        windows=((start, start + 3 * DAY),),
        length=3600,
        programme=ALWAYS,
        earliest=start,
        latest=start + 3 * DAY,
        closures=(date(2027, 6, 16),),
    )
    first, last = day_span(date(2027, 6, 16), zones[1])[0], day_span(date(2027, 6, 16), zones[0])[1]
    assert mutual_free(search, people) == [(start, first), (last, start + 3 * DAY)]
