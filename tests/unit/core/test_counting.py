"""Which sessions of a pair count, and which one of how many each is."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.booking.meeting import Meeting, MeetingState
from core.counting import Count, numbered
from core.ids import MeetingId
from tests.unit.core.booking.samples import MEETING

STATES = tuple(MeetingState)


def sessions(states: list[MeetingState]) -> list[Meeting]:
    """Return sessions an hour apart, in these states."""
    plain = MEETING
    return [
        replace(plain, id=MeetingId(f"m{n}"), start=n * 3600, end=n * 3600 + 1800, state=state)
        for n, state in enumerate(states)
    ]


def test_what_counts() -> None:
    """Booked and held ones, and those that were cancelled at a price; never what was missed."""
    booked, held, cancelled, charged, missed = sessions(
        [STATES[0], STATES[2], STATES[1], STATES[1], MeetingState.MISSED]
    )
    numbers = numbered([held, missed, charged, cancelled, booked], {charged.id, missed.id})
    assert numbers == {booked.id: 1, held.id: 2, charged.id: 3}


@given(st.lists(st.sampled_from(STATES)), st.randoms())
def test_numbers_follow_the_time_whatever_the_order(
    states: list[MeetingState], random: Random
) -> None:
    ordered = sessions(states)
    shuffled = [*ordered]
    random.shuffle(shuffled)
    numbers = numbered(shuffled, set())
    assert [m.id for m in ordered if m.id in numbers] == list(numbers)
    assert list(numbers.values()) == list(range(1, len(numbers) + 1))


def test_full_at_the_limit_and_never_without_one() -> None:
    two = numbered(sessions([STATES[0], STATES[0]]), set())
    assert Count(2, two).is_full
    assert not Count(3, two).is_full
    assert not Count(0, two).is_full
    assert Count(2, two).used == 2
