"""Times for most of a group: true, the best first, and never counting the unknown as free."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.finding.availability import candidates
from core.finding.compromise import partly
from tests.unit.core.finding.scenes import Scene, scenes

thorough = settings(max_examples=80, deadline=None)


@thorough
@given(scenes(), st.integers(1, 4))
def test_it_says_exactly_who_cannot(scene: Scene, count: int) -> None:
    must = {scene.people[0].person_id}
    found = partly(scene.search, scene.people, must, count)
    assert len(found) <= count
    assert len({p.start for p in found}) == len(found)
    for item in found:
        exact = replace(scene.search, starts=(item.start,))
        cannot = {p.person_id for p in scene.people if not candidates(exact, [p])}
        assert set(item.missing) == cannot
        assert cannot
        assert not cannot & must
        assert not set(item.unknown) & cannot


@thorough
@given(scenes())
def test_fewer_missing_come_first_and_no_better_time_is_left_out(scene: Scene) -> None:
    must = {scene.people[0].person_id}
    found = partly(scene.search, scene.people, must, 1)
    lost = [len(p.missing) + len(p.unknown) for p in partly(scene.search, scene.people, must)]
    assert lost == sorted(lost)
    others = [p for p in scene.people if p.person_id not in must]
    for start in candidates(scene.search, [p for p in scene.people if p.person_id in must])[::7]:
        exact = replace(scene.search, starts=(start,))
        cannot = [p for p in others if not candidates(exact, [p])]
        unknown = [p for p in others if p.unknown and p not in cannot]
        number = len(cannot) + len(unknown)
        if cannot and 2 * number <= len(others):
            assert len(found[0].missing) + len(found[0].unknown) <= number


@thorough
@given(scenes())
def test_who_could_not_be_checked_is_never_one_who_can(scene: Scene) -> None:
    blind = [replace(p, busy=(), unknown="not_connected") for p in scene.people[1:]]
    me = scene.people[0]
    assert partly(scene.search, [me, *blind], {me.person_id}) == ()


@thorough
@given(scenes())
def test_optional_people_may_all_be_missing_and_the_others_none(scene: Scene) -> None:
    must = {p.person_id for p in scene.people[:1]}
    needed = [p for p in scene.people if p.person_id in must]
    others = [p for p in scene.people if p.person_id not in must]
    found = partly(scene.search, scene.people, must, 1, most=False)
    for item in found:
        assert item.start in candidates(scene.search, needed)
        assert not must & {*item.missing, *item.unknown}
    for start in candidates(scene.search, needed)[::7]:
        exact = replace(scene.search, starts=(start,))
        if any(not candidates(exact, [p]) for p in others):
            assert found
