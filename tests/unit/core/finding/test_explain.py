"""Reasons: true, complete, and what is said to unlock times really does."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.finding.availability import asked, candidates
from core.finding.explain import Unlock, percents, shares, unlocks, why_not
from core.finding.request import PersonTime, Search
from core.ids import PersonId
from core.programme import Objection, Rule
from core.timing.hours import ALWAYS, Weekly, as_weekly, weekly
from core.timing.spans import total
from core.timing.zones import DAY
from tests.unit.core.finding.scenes import (
    FIVE,
    HOUR,
    STARTS,
    Scene,
    in_week,
    is_away,
    is_busy,
    local,
    moments,
    on_grid,
    scenes,
    slow_candidates,
)

MONDAY = STARTS[3]  # 14 June 2027: no clock changes near

thorough = settings(max_examples=60, deadline=None)


def asked_starts(scene: Scene, most: int = 60) -> list[int]:
    """Return starts on the grid in the windows, evenly thinned out."""
    every = list(on_grid(scene.search))
    return every[:: 1 + len(every) // most]


@thorough
@given(scenes())
def test_nothing_is_against_exactly_the_candidates(scene: Scene) -> None:
    free = set(candidates(scene.search, scene.people))
    for start in asked_starts(scene):
        assert (why_not(scene.search, scene.people, start) == ()) == (start in free)


def hit_by(rule: Rule, scene: Scene, person: PersonTime, start: int) -> bool:
    """Tell by looking at the clock whether one person's rule or time blocks a slot."""
    search, zone = scene.search, person.zone
    shown = moments(start, search.length)
    match rule:
        case Rule.CLOSED:
            return any(local(at, zone).date() in search.closures for at in shown)
        case Rule.PROGRAMME_HOURS:
            return any(not in_week(search.programme, at, zone) for at in shown)
        case Rule.PERSON_HOURS:
            own = person.own
            return own is not None and any(not in_week(own, at, zone) for at in shown)
        case Rule.AWAY:
            return is_away(person, start, search.length)
        case Rule.BUSY:
            return is_busy(replace(person, buffer=0), start, search.length)
        case _:
            return is_busy(person, start, search.length)


PERSONAL = (
    Rule.CLOSED,
    Rule.PROGRAMME_HOURS,
    Rule.PERSON_HOURS,
    Rule.AWAY,
    Rule.BUSY,
    Rule.BUFFER,
)


@thorough
@given(scenes())
def test_reasons_are_true_and_none_is_missing(scene: Scene) -> None:
    search = scene.search
    for start in asked_starts(scene, 20):
        given_reasons = why_not(search, scene.people, start)
        found = {(o.kind, o.person_id) for o in given_reasons}
        assert len(found) == len(given_reasons)
        assert ((Rule.NOTICE, None) in found) == (start < search.earliest)
        assert ((Rule.HORIZON, None) in found) == (start > search.latest)
        weekend = False
        for person in scene.people:
            hit = {rule for rule in PERSONAL if hit_by(rule, scene, person, start)}
            day = local(start, person.zone).weekday()
            if day > 4 and not search.programme[day]:
                weekend = True  # then the weekend is the reason, not the hour of the day
                hit.discard(Rule.PROGRAMME_HOURS)
            for more, less in ((Rule.AWAY, Rule.BUSY), (Rule.BUSY, Rule.BUFFER)):
                if more in hit:
                    hit.discard(less)  # being away says more than being busy, that than too near
            if Rule.AWAY in hit:
                hit.discard(Rule.BUFFER)
            assert {r for r, p in found if p == person.person_id} == hit
        assert ((Rule.WEEKEND, None) in found) == weekend


def lifted(scene: Scene, start: int, objections: Sequence[Objection]) -> Scene:
    """Return the scene of one start without what is against it."""
    search = replace(scene.search, starts=(start,), windows=((start, start + scene.search.length),))
    people = {p.person_id: p for p in scene.people}
    for kind, who in ((o.kind, o.person_id) for o in objections):
        match kind:
            case Rule.NOTICE:
                search = replace(search, earliest=start)
            case Rule.HORIZON:
                search = replace(search, latest=start)
            case Rule.CLOSED:
                search = replace(search, closures=())
            case Rule.WEEKEND | Rule.PROGRAMME_HOURS:
                search = replace(search, programme=ALWAYS)
        if who is not None:
            person = people[who]
            own = ALWAYS if kind is Rule.PERSON_HOURS else person.own
            buffer = 0 if kind in (Rule.BUFFER, Rule.BUSY, Rule.AWAY) else person.buffer
            busy = () if kind in (Rule.BUSY, Rule.AWAY) else person.busy
            away = () if kind is Rule.AWAY else person.away
            people[who] = replace(person, own=own, buffer=buffer, busy=busy, away=away)
    return Scene(search, tuple(people.values()))


def one_rule(objection: Objection) -> object:
    """Return the same for objections that are lifted by one change."""
    if objection.kind in (Rule.WEEKEND, Rule.PROGRAMME_HOURS):
        return "the programme's week"
    return objection.kind if objection.kind is Rule.CLOSED else objection


@thorough
@given(scenes())
def test_a_refused_time_is_free_without_its_reasons_and_not_while_one_is_left(scene: Scene) -> None:
    for start in asked_starts(scene, 12):
        against = why_not(scene.search, scene.people, start)
        bare = lifted(scene, start, against)
        assert candidates(bare.search, bare.people) == [start]
        for kept in against:
            rest = [o for o in against if one_rule(o) != one_rule(kept)]
            bare = lifted(scene, start, rest)
            assert candidates(bare.search, bare.people) == []


@thorough
@given(scenes(), st.integers(1, DAY))
def test_the_past_is_all_there_is_to_say_about_the_past(scene: Scene, ago: int) -> None:
    start = scene.search.now - ago
    assert why_not(scene.search, scene.people, start) == (Objection(Rule.PAST),)


def test_reasons_hold_nothing_of_an_event() -> None:
    assert {field.name for field in fields(Objection)} == {"kind", "person_id", "share", "detail"}
    assert {field.name for field in fields(Unlock)} == {"objection", "count", "first"}


# --- shares ---------------------------------------------------------------------------------


@thorough
@given(scenes())
def test_shares_never_exceed_the_whole(scene: Scene) -> None:
    found = shares(scene.search, scene.people)
    assert sum(o.share for o in found) <= 1 + 1e-9
    assert all(0 < o.share <= 1 for o in found)
    assert [o.share for o in found] == sorted((o.share for o in found), reverse=True)
    assert len({(o.kind, o.person_id) for o in found}) == len(found)


@thorough
@given(scenes())
def test_shares_and_what_can_be_offered_make_one(scene: Scene) -> None:
    search, people = scene.search, scene.people
    offered = [range(at, at + search.length) for at in slow_candidates(scene)]
    base = open_time = 0
    for first, last in asked(search):
        for at in range(first, last, FIVE):
            base += any(in_week(search.programme, at, p.zone) for p in people)
            open_time += any(at in slot for slot in offered)
    found = shares(search, people)
    if base == 0:
        assert found == ()
        return
    left = 1 - sum(o.share for o in found)
    assert left == pytest.approx(open_time / base)
    assert sum(percents([*(o.share for o in found), left])) == 100


@thorough
@given(scenes())
def test_a_share_is_never_of_a_reason_that_no_start_has(scene: Scene) -> None:
    """What a share names is against some start of the time that it is about, too."""
    found = {(o.kind, o.person_id) for o in shares(scene.search, scene.people)}
    first, last = scene.search.windows[0][0], scene.search.windows[-1][1]
    said: set[tuple[Rule, PersonId | None]] = set()
    for start in range(first - scene.search.length, last, FIVE):
        now = replace(scene.search, now=min(start, scene.search.now))
        said |= {(o.kind, o.person_id) for o in why_not(now, scene.people, start)}
    kinds = {kind for kind, _ in said}
    for kind, who in found - {(Rule.SHORT, None)}:
        if kind is Rule.PERSON_HOURS:  # a person's hours are the programme's and their own
            assert {(kind, who), (Rule.PROGRAMME_HOURS, who)} & said or Rule.WEEKEND in kinds
        elif kind is Rule.CLOSED:
            assert kind in kinds
        else:
            assert (kind, who) in said or (Rule.AWAY, who) in said


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ([1 / 3, 1 / 3, 1 / 3], [34, 33, 33]),
        ([0.505, 0.495], [51, 49]),
        ([0.29, 0.71], [29, 71]),
        ([0.996, 0.004], [100, 0]),
        ([1.0, 0.0], [100, 0]),
        ([], []),
    ],
)
def test_percents_add_up(parts: list[float], wanted: list[int]) -> None:
    assert percents(parts) == wanted


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=9))
def test_percents_of_a_whole_add_up_and_none_is_off_by_one(weights: list[int]) -> None:
    parts = [weight / sum(weights) for weight in weights]
    shown = percents(parts)
    assert sum(shown) == 100
    assert all(abs(n - 100 * part) < 1 for n, part in zip(shown, parts, strict=True))


def test_closure_days_and_buffers_take_their_share() -> None:
    people = [PersonTime(PersonId("a"), "UTC", [(MONDAY + 9 * HOUR, MONDAY + 10 * HOUR)])]
    buffered = [replace(people[0], buffer=HOUR // 2)]
    day = plain(MONDAY, MONDAY + 2 * DAY)
    closing = replace(day, closures=(local(MONDAY + DAY, "UTC").date(),))
    assert [(o.kind, round(o.share, 2)) for o in shares(closing, buffered)] == [
        (Rule.CLOSED, 0.5),
        (Rule.BUSY, 0.05),
        (Rule.BUFFER, 0.05),
    ]


def test_what_is_too_short_is_not_open() -> None:
    eight = MONDAY + 8 * HOUR
    holes = [(eight + 900, eight + 5 * HOUR), (eight + 5 * HOUR + 900, eight + 10 * HOUR)]
    found = shares(plain(MONDAY, MONDAY + DAY), [PersonTime(PersonId("a"), "UTC", holes)])
    assert [(o.kind, round(o.share, 3)) for o in found] == [(Rule.BUSY, 0.95), (Rule.SHORT, 0.05)]


def test_shares_name_the_largest_reason_first() -> None:
    eight = MONDAY + 8 * HOUR  # the programme's hours are 08:00-18:00
    people = [
        PersonTime(PersonId("early"), "UTC", own=weekly((8 * 60, 9 * 60))),
        PersonTime(PersonId("busy"), "UTC", [(eight, eight + HOUR // 2)]),
    ]
    found = shares(plain(MONDAY, MONDAY + DAY), people)
    assert [(o.kind, o.person_id, round(o.share, 3)) for o in found] == [
        (Rule.PERSON_HOURS, "early", 0.9),
        (Rule.BUSY, "busy", 0.05),
    ]


def test_who_is_never_there_takes_everything() -> None:
    people = [PersonTime(PersonId("gone"), "UTC", own=weekly(None))]
    found = shares(plain(MONDAY, MONDAY + DAY), people)
    assert found == (Objection(Rule.PERSON_HOURS, PersonId("gone"), 1.0),)


def test_nothing_asked_takes_nothing_away() -> None:
    search = replace(plain(STARTS[0], STARTS[0] + DAY), earliest=STARTS[0] + 2 * DAY)
    assert total(asked(search)) == 0
    assert shares(search, [PersonTime(PersonId("a"), "UTC")]) == ()


# --- unlocks --------------------------------------------------------------------------------


def plain(start: int, end: int) -> Search:
    """Return a search on working days with half-hour slots and no notice."""
    return Search(
        now=start,
        windows=((start, end),),
        length=1800,
        programme=weekly((480, 1080)),
        earliest=start,
        latest=end,
    )


def longer(week: Weekly) -> Weekly:
    """Return the hours two hours longer on either side."""
    return as_weekly([(max(0, a - 120), min(1440, b + 120)) for a, b in day] for day in week)


def without(scene: Scene, objection: Objection) -> Scene:
    """Return the scene in which one rule or one person's time is left out."""
    search = scene.search
    match objection.kind:
        case Rule.NOTICE:
            return replace(scene, search=replace(search, earliest=search.now))
        case Rule.PROGRAMME_HOURS:
            return replace(scene, search=replace(search, programme=longer(search.programme)))
        case Rule.WEEKEND:
            week = (*search.programme[:5], search.programme[0], search.programme[0])
            return replace(scene, search=replace(search, programme=week))
        case Rule.CLOSED:
            return replace(scene, search=replace(search, closures=()))
        case Rule.PERSON_HOURS:
            return each(scene, objection, lambda p: replace(p, own=None))
        case _:
            return each(scene, objection, lambda p: replace(p, busy=(), away=()))


def each(scene: Scene, objection: Objection, change: Callable[[PersonTime], PersonTime]) -> Scene:
    """Return the scene with one person changed."""
    people = [change(p) if p.person_id == objection.person_id else p for p in scene.people]
    return replace(scene, people=tuple(people))


@settings(max_examples=80, deadline=None)
@given(scenes())
def test_what_unlocks_really_does(scene: Scene) -> None:
    assume(not candidates(scene.search, scene.people))
    for unlock in unlocks(scene.search, scene.people):
        opened = slow_candidates(without(scene, unlock.objection))
        assert opened, unlock
        assert (unlock.count, unlock.first) == (len(opened), opened[0])


SATURDAY = MONDAY + 5 * DAY
FREE = PersonTime(PersonId("free"), "Europe/London")
ALL_DAY = [(MONDAY - DAY, MONDAY + 2 * DAY)]

BLOCKED = {
    Objection(Rule.BUSY, PersonId("x")): Scene(
        plain(MONDAY, MONDAY + DAY), (FREE, PersonTime(PersonId("x"), "UTC", ALL_DAY))
    ),
    Objection(Rule.BUSY, PersonId("y")): Scene(
        plain(MONDAY, MONDAY + DAY), (FREE, PersonTime(PersonId("y"), "UTC", away=ALL_DAY))
    ),
    Objection(Rule.PERSON_HOURS, PersonId("x")): Scene(
        plain(MONDAY, MONDAY + DAY),
        (FREE, PersonTime(PersonId("x"), "UTC", own=weekly((480, 1080), [3]))),
    ),
    Objection(Rule.NOTICE): Scene(
        replace(plain(MONDAY, MONDAY + DAY), earliest=MONDAY + DAY), (FREE,)
    ),
    Objection(Rule.WEEKEND): Scene(plain(SATURDAY, SATURDAY + DAY), (FREE,)),
    Objection(Rule.PROGRAMME_HOURS): Scene(
        plain(MONDAY + 18 * HOUR, MONDAY + 20 * HOUR), (replace(FREE, zone="UTC"),)
    ),
    Objection(Rule.CLOSED): Scene(
        replace(plain(MONDAY, MONDAY + DAY), closures=(local(MONDAY, "UTC").date(),)), (FREE,)
    ),
}


@pytest.mark.parametrize("blocker", BLOCKED, ids=lambda o: f"{o.kind}-{o.person_id}")
def test_the_one_thing_in_the_way_is_named(blocker: Objection) -> None:
    scene = BLOCKED[blocker]
    assert candidates(scene.search, scene.people) == []
    assert [u.objection for u in unlocks(scene.search, scene.people)] == [blocker]


def test_two_things_in_the_way_at_once_are_no_unlock() -> None:
    scene = BLOCKED[Objection(Rule.BUSY, PersonId("x"))]
    people = (*scene.people, PersonTime(PersonId("z"), "UTC", ALL_DAY))
    assert unlocks(scene.search, people) == ()


def test_the_most_useful_comes_first() -> None:
    search = plain(MONDAY, MONDAY + DAY)
    morning = PersonTime(PersonId("m"), "UTC", own=weekly((480, 540)))
    busy = PersonTime(PersonId("b"), "UTC", [(MONDAY, MONDAY + 9 * HOUR)])
    found = unlocks(search, [morning, busy])
    assert [u.objection.person_id for u in found] == ["m", "b"]
    assert found[0].count > found[1].count
