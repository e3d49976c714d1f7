"""Arithmetic on spans against the plainest model there is: the set of covered integers."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from core.timing.spans import Span, grid, intersect, merge, overlaps, subtract, total, widen

thorough = settings(max_examples=150, deadline=None)

points = st.integers(-40, 40)
raw = st.lists(st.tuples(points, points), max_size=12)  # unsorted, overlapping, some empty
tidy = raw.map(merge)
queries = st.tuples(points, st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def covered(spans: list[Span]) -> set[int]:
    """Return every integer inside the spans."""
    return {point for start, end in spans for point in range(start, end)}


def is_tidy(spans: list[Span]) -> bool:
    """Tell whether spans are sorted, not empty, and neither overlap nor touch."""
    return all(start < end for start, end in spans) and all(
        before[1] < after[0] for before, after in itertools.pairwise(spans)
    )


@thorough
@given(raw)
def test_merge_covers_the_same_and_is_tidy(spans: list[Span]) -> None:
    assert covered(merge(spans)) == covered(spans)
    assert is_tidy(merge(spans))


@thorough
@given(tidy)
def test_merge_leaves_tidy_spans_alone(spans: list[Span]) -> None:
    assert merge(spans) == spans


@thorough
@given(tidy, tidy)
def test_subtract_is_set_difference(spans: list[Span], holes: list[Span]) -> None:
    left = subtract(spans, holes)
    assert covered(left) == covered(spans) - covered(holes)
    assert is_tidy(left)


@thorough
@given(tidy, tidy)
def test_intersect_is_set_intersection(first: list[Span], second: list[Span]) -> None:
    both = intersect(first, second)
    assert covered(both) == covered(first) & covered(second)
    assert is_tidy(both)
    assert both == intersect(second, first)


@thorough
@given(tidy, st.integers(0, 9), st.integers(0, 9))
def test_widen_adds_what_lies_near(spans: list[Span], before: int, after: int) -> None:
    near = {p + shift for p in covered(spans) for shift in range(-before, after + 1)}
    wide = widen(spans, before, after)
    assert covered(wide) == near
    assert is_tidy(wide)


@thorough
@given(tidy, st.integers(1, 12), st.integers(1, 10))
def test_grid_finds_every_start_that_fits(spans: list[Span], length: int, step: int) -> None:
    inside = covered(spans)
    fitting = [
        start
        for start in range(-60, 60)
        if start % step == 0 and all(p in inside for p in range(start, start + length))
    ]
    assert grid(spans, length, step) == fitting


@thorough
@given(tidy)
def test_total_counts(spans: list[Span]) -> None:
    assert total(spans) == len(covered(spans))


@thorough
@given(raw, queries)
def test_overlaps_is_shared_time(spans: list[Span], query: Span) -> None:
    assert overlaps(spans, *query) == bool(covered(spans) & covered([query]))


def test_spans_are_half_open() -> None:
    assert intersect([(0, 10)], [(10, 20)]) == []
    assert subtract([(0, 10)], [(10, 20)]) == [(0, 10)]
    assert not overlaps([(0, 10)], 10, 20)
    assert merge([(0, 10), (10, 20)]) == [(0, 20)]
