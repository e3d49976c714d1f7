"""What may be chosen when somebody comes late, and what each choice makes of the session."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.booking.meeting import MeetingState
from core.late import EARLY, LEAST, MOST, Choice, choices, is_near, span_after
from tests.unit.core.booking.samples import MEETING

KEEP, MOVE, SHORTEN = Choice
LENGTH = (MEETING.end - MEETING.start) // 60


@pytest.mark.parametrize(
    ("minutes", "possible"),
    [
        (10, (KEEP, MOVE, SHORTEN)),
        (LENGTH - LEAST // 60, (KEEP, MOVE, SHORTEN)),
        (LENGTH - LEAST // 60 + 1, (MOVE,)),
        (MOST, (MOVE,)),
        (MOST + 1, ()),
        (500, ()),
        (0, ()),
        (-5, ()),
    ],
)
def test_what_may_be_chosen(minutes: int, possible: tuple[Choice, ...]) -> None:
    assert choices(MEETING, minutes) == possible


@given(st.integers(1, MOST))
def test_what_each_choice_makes_of_it(minutes: int) -> None:
    for choice in choices(MEETING, minutes):
        start, end = span_after(MEETING, choice, minutes)
        assert (start == MEETING.start) == (choice is KEEP)
        assert (end == MEETING.end) == (choice is not MOVE)
        assert end - start >= LEAST
        assert choice is not MOVE or end - start == MEETING.end - MEETING.start


@pytest.mark.parametrize(
    ("now", "near"),
    [
        (MEETING.start - EARLY - 1, False),
        (MEETING.start - EARLY, True),
        (MEETING.end - 1, True),
        (MEETING.end, False),
    ],
)
def test_what_is_near(now: int, near: bool) -> None:
    assert is_near(MEETING, now) is near
    assert not is_near(replace(MEETING, state=MeetingState.CANCELLED), now)
