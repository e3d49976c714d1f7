"""The few best times: from the candidates, comfortable, on round times, spread."""

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.finding.availability import candidates
from core.finding.ranking import best
from core.finding.request import PersonTime, Search
from core.ids import PersonId
from core.timing.hours import weekly
from core.timing.zones import DAY
from tests.unit.core.finding.scenes import HOUR, STARTS, ZONES, Scene, local, scenes

MONDAY = STARTS[3]  # 14 June 2027
thorough = settings(max_examples=50, deadline=None)

zones = st.sampled_from(ZONES)


def week(days: int = 5, start: int = MONDAY) -> Search:
    """Return a search over working days, 08:00-18:00."""
    return Search(
        now=start,
        windows=((start, start + days * DAY),),
        length=1800,
        programme=weekly((480, 1080)),
        earliest=start,
        latest=start + days * DAY,
    )


def crowd(*names: str) -> list[PersonTime]:
    """Return free people, one per zone."""
    return [PersonTime(PersonId(str(n)), zone) for n, zone in enumerate(names)]


@thorough
@given(scenes(), st.integers(1, 6))
def test_the_best_are_some_of_the_candidates(scene: Scene, count: int) -> None:
    starts = candidates(scene.search, scene.people)
    chosen = best(scene.search, scene.people, starts, count)
    assert set(chosen) <= set(starts)
    assert len(set(chosen)) == len(chosen) == min(count, len(starts))


@thorough
@given(scenes(), st.randoms(use_true_random=False))
def test_the_same_question_has_the_same_answer(scene: Scene, random: Random) -> None:
    starts = candidates(scene.search, scene.people)
    chosen = best(scene.search, scene.people, starts)
    shuffled = random.sample(starts, len(starts))
    assert best(scene.search, scene.people, starts) == chosen
    assert best(scene.search, scene.people, shuffled) == chosen


@thorough
@given(scenes(), st.integers(1, 5))
def test_asking_for_more_keeps_the_first(scene: Scene, count: int) -> None:
    starts = candidates(scene.search, scene.people)
    fewer = best(scene.search, scene.people, starts, count)
    assert best(scene.search, scene.people, starts, count + 1)[: len(fewer)] == fewer


@pytest.mark.parametrize("zone", ZONES)
def test_a_free_week_gives_three_days_and_round_times(zone: str) -> None:
    search, people = week(), crowd(zone)
    chosen = best(search, people, candidates(search, people))
    shown = [local(start, zone) for start in chosen]
    assert len({moment.date() for moment in shown}) == 3
    assert {moment.minute for moment in shown} == {0}


def part(moment: datetime) -> int:
    """Return the part of a day: before noon, early afternoon, later."""
    return 0 if moment.hour < 12 else 1 if moment.hour < 15 else 2


@pytest.mark.parametrize("zone", ZONES)
def test_a_free_day_is_not_three_times_the_same_morning(zone: str) -> None:
    search, people = week(days=2), crowd(zone)
    midday = best(search, people, candidates(search, people))
    assert len({part(local(start, zone)) for start in midday}) >= 2
    assert all(abs(a - b) >= 2 * HOUR for a in midday for b in midday if a != b)


@settings(max_examples=60, deadline=None)
@given(zones, zones, st.integers(1, 5))
def test_times_of_one_day_do_not_touch_while_others_are_free(
    first: str, second: str, days: int
) -> None:
    search, people = week(days + 1), crowd(first, second)
    starts = candidates(search, people)
    chosen = best(search, people, starts)
    open_days = {local(start, first).date() for start in starts}
    used = {local(start, first).date() for start in chosen}
    assert len(used) == min(3, len(open_days))


def test_half_hours_come_before_quarters() -> None:
    search, people = week(days=1), crowd("UTC")
    ten = MONDAY + 10 * HOUR
    starts = [ten + 900, ten + 1800, ten + 2700]
    assert best(search, people, starts, 1) == [ten + 1800]
    assert best(search, people, [*starts, ten], 1) == [ten]


def test_round_times_are_round_for_the_one_who_asks() -> None:
    search = week()
    people = crowd("Asia/Kathmandu", "UTC")  # a quarter of an hour off everybody else
    chosen = best(search, people, candidates(search, people))
    assert {local(start, "Asia/Kathmandu").minute for start in chosen} <= {0, 30}


def test_nobody_is_got_up_early_while_the_middle_of_the_day_is_free() -> None:
    search = week()
    people = crowd("Europe/London", "America/New_York")
    for start in best(search, people, candidates(search, people)):
        assert local(start, "America/New_York").hour >= 9
        assert local(start, "Europe/London").hour <= 16


def test_sooner_is_better_than_later() -> None:
    search, people = week(days=12), crowd("UTC")
    days = [MONDAY + n * DAY + 10 * HOUR for n in (9, 2, 0)]
    assert best(search, people, days, 1) == [days[2]]
    half_past = MONDAY + 10 * HOUR + 1800
    assert best(search, people, [half_past, MONDAY + DAY + 10 * HOUR], 1) != [half_past]
    assert best(search, people, [half_past, days[0]], 1) == [half_past]  # not worth nine days


def test_wishes_are_followed_where_they_can_be() -> None:
    afternoon = tuple((MONDAY + n * DAY + 15 * HOUR, MONDAY + n * DAY + 18 * HOUR) for n in (0, 1))
    search, people = replace(week(), prefer=afternoon), crowd("UTC")
    chosen = best(search, people, candidates(search, people), 2)
    assert all(any(a <= start < b for a, b in afternoon) for start in chosen)
    elsewhere = [MONDAY + 3 * DAY + 10 * HOUR]
    assert best(search, people, elsewhere) == elsewhere


def test_nothing_to_choose_from() -> None:
    assert best(week(), crowd("UTC"), []) == []


def test_nobody_at_all_is_asked_in_utc() -> None:
    starts = [MONDAY + 10 * HOUR, MONDAY + 10 * HOUR + 900]
    assert best(week(), [], starts, 1) == starts[:1]
