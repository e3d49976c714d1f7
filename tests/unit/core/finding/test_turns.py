"""Taking turns: which two times of day, and which session is at which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.booking.series import Pattern
from core.finding.turns import in_turn, plan, strain
from core.timing.recurrence import Frequency, Rule

LONDON, NEW_YORK, INDIA = "Europe/London", "America/New_York", "Asia/Kolkata"
WINTER = Pattern(  # London is five hours ahead of New York throughout
    Rule(Frequency.WEEKLY, 1, (1,)), LONDON, date(2026, 11, 10), 14 * 60, 30, count=6
)


def at(hour: float, count: int = 6) -> Pattern:
    """Return Tuesdays at an hour of London's clock."""
    return replace(WINTER, minute=int(hour * 60), count=count)


EVERY = [at(half / 2) for half in range(26, 36)]  # 13:00 to 17:30: eight to half past twelve


def free(*patterns: Pattern) -> frozenset[int]:
    """Return all starts of some patterns."""
    return frozenset(start for pattern in patterns for start in pattern.slots())


def test_strain_is_early_late_or_none() -> None:
    (start, *_) = at(14).slots()
    assert strain(start, 30, LONDON) == 0
    assert strain(start, 30, NEW_YORK) == -30  # nine in the morning
    assert strain(start, 30, INDIA) == 3 * 60 + 30  # it ends at eight in the evening


def test_the_early_hour_of_one_is_answered_by_the_late_hour_of_the_other() -> None:
    turns = plan([at(14)], EVERY, free(*EVERY), [LONDON, NEW_YORK])
    assert turns.first == at(14)
    assert turns.second == at(16.5)  # it ends at five in London, half an hour late
    held = in_turn(turns.first.slots(), turns.first, turns.second, turns.free)
    assert [slot for slot, _ in held] == list(at(14).slots())
    assert [(start - slot) // 60 for slot, start in held] == [0, 150] * 3


def test_what_is_easy_for_all_needs_no_turns() -> None:
    turns = plan([at(15)], EVERY, free(*EVERY), [LONDON, NEW_YORK])
    assert (turns.first, turns.second, turns.easy) == (at(15), None, True)
    turns = plan(EVERY, EVERY, free(*EVERY), [LONDON, NEW_YORK])
    assert (turns.first, turns.second, turns.easy) == (at(14.5), None, True)


def test_one_clock_or_no_other_time_changes_nothing() -> None:
    eight = at(8)
    assert plan([eight], [at(16.5)], free(eight, at(16.5)), [LONDON, LONDON]).second is None
    turns = plan([at(13)], EVERY, free(at(13)), [LONDON, NEW_YORK])
    assert (turns.first, turns.second, turns.easy) == (at(13), None, False)


def test_where_ones_turn_is_taken_the_other_steps_in_and_turns_go_on() -> None:
    first, second = at(14), at(16.5)
    a, b = first.slots(), second.slots()
    known = free(first, second) - {b[1], a[4], b[4]}
    held = dict(in_turn(a, first, second, known))
    assert held == {a[0]: a[0], a[1]: a[1], a[2]: b[2], a[3]: a[3], a[5]: b[5]}


@given(
    firsts=st.lists(st.sampled_from(EVERY), min_size=1, max_size=4, unique=True),
    lost=st.sets(st.sampled_from(sorted(free(*EVERY))), max_size=40),
    zones=st.lists(st.sampled_from((LONDON, NEW_YORK, INDIA, "UTC")), min_size=1, max_size=4),
)
def test_turns_are_free_times_alternate_and_are_fairer(
    firsts: list[Pattern], lost: set[int], zones: list[str]
) -> None:
    known = free(*EVERY) - lost
    turns = plan(firsts, EVERY, known, zones)
    assert turns.first in firsts
    if turns.second is None:
        return
    held = in_turn(turns.first.slots(), turns.first, turns.second, turns.free)
    assert turns.free <= known
    assert {start for _, start in held} <= known
    slots = {slot: turns.second.slot(turns.first.day_of(slot)) for slot in turns.first.slots()}
    assert {slot for slot, _ in held} == {s for s, o in slots.items() if known & {s, o}}
    for (one, at_one), (other, at_other) in pairwise(held):
        same = (at_one == one) == (at_other == other)
        assert not same or not {other, slots[other]} <= known

    def uneven(starts: list[int]) -> int:
        totals = [sum(abs(strain(s, 30, zone)) for s in starts) for zone in set(zones)]
        return max(totals) - min(totals)

    if len(firsts) == 1:
        alone = [slot for slot in turns.first.slots() if slot in known]
        assert uneven([start for _, start in held]) < uneven(alone)
