"""Arithmetic on spans: `(start, end)` in integer epoch seconds, half open.

A list of spans is sorted and disjoint - the invariant that `merge` makes and every other
function keeps. Each function is a single pass; nothing here knows zones or calendars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Sort, drop empty spans and join the overlapping or touching ones."""
    ordered = sorted(spans)
    merged: list[Span] = []
    append = merged.append
    start, end = 0, 0
    has_open = False
    for span_start, span_end in ordered:
        if has_open and span_start <= end:
            if span_end > end:
                end = span_end
        elif span_end > span_start:
            if has_open:
                append((start, end))
            start, end, has_open = span_start, span_end, True
    if has_open:
        append((start, end))
    return merged


def widen(spans: Iterable[Span], before: int, after: int) -> list[Span]:
    """Grow each span by `before` and `after` seconds, then join what now touches."""
    return merge([(start - before, end + after) for start, end in spans])


def subtract(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Return what of `spans` lies outside `holes`; both sorted and disjoint."""
    left: list[Span] = []
    append = left.append
    index, count = 0, len(holes)
    for start, end in spans:
        while index < count and holes[index][1] <= start:
            index += 1
        at, probe = start, index
        while probe < count:
            hole_start, hole_end = holes[probe]
            if hole_start >= end:
                break
            if hole_start > at:
                append((at, hole_start))
            at = hole_end
            if at >= end:
                break
            probe += 1
        if at < end:
            append((at, end))
    return left


def intersect(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """Return what lies in both; both sorted and disjoint."""
    both: list[Span] = []
    append = both.append
    i, j, n, m = 0, 0, len(first), len(second)
    while i < n and j < m:
        a_start, a_end = first[i]
        b_start, b_end = second[j]
        start = a_start if a_start > b_start else b_start
        end = a_end if a_end < b_end else b_end
        if start < end:
            append((start, end))
        if a_end < b_end:
            i += 1
        else:
            j += 1
    return both


def grid(spans: Iterable[Span], length: int, step: int) -> list[int]:
    """Return every start on the step's grid (of the epoch) at which `length` seconds fit."""
    starts: list[int] = []
    for start, end in spans:
        first = -(-start // step) * step
        starts.extend(range(first, end - length + 1, step))
    return starts


def total(spans: Iterable[Span]) -> int:
    """Return the seconds covered by disjoint spans."""
    return sum(end - start for start, end in spans)


def overlaps(spans: Iterable[Span], start: int, end: int) -> bool:
    """Tell whether any span shares time with `[start, end)`; an empty span shares none."""
    return any(s < end and e > start and s < e for s, e in spans)
