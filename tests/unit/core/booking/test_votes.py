"""A vote: several have to agree, one no does not end it, and it always comes to an end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.booking.meeting import Rsvp
from core.booking.proposal import Proposal, ProposalState
from core.errors import IllegalStep
from core.ids import MeetingId, PersonId
from tests.unit.core.booking.samples import (
    ASKER,
    DRAFTED,
    ELEVEN,
    GUEST,
    MEETING,
    NOON,
    NOW,
    REQUEST,
    TEN,
    THIRD,
)

FOURTH, HOPED = PersonId("fourth"), PersonId("hoped")
VOTERS = (GUEST, THIRD, FOURTH)
STARTS = (TEN, ELEVEN, NOON)

steps = st.lists(
    st.tuples(st.sampled_from((*VOTERS, HOPED)), st.none() | st.sampled_from(STARTS)), max_size=12
)


def vote() -> Proposal:
    """Return an open vote among three, with one more who is optional."""
    request = replace(REQUEST, attendees=(ASKER, *VOTERS, HOPED), optional=(HOPED,))
    return replace(DRAFTED, request=request).offer(STARTS)


def played(said: list[tuple[PersonId, int | None]]) -> Proposal:
    """Return the vote after some answers; None is a no to all times."""
    item = vote()
    for person, start in said:
        if item.state is not ProposalState.OFFERED:
            break
        item = item.decline(person) if start is None else item.accept(person, start)
    return item


@given(steps)
def test_it_ends_early_only_when_nobody_is_left(said: list[tuple[PersonId, int | None]]) -> None:
    item = played(said)
    nobody = all(item.has_declined(person) for person in VOTERS)
    assert item.is_open is not nobody
    assert item.state in (ProposalState.OFFERED, ProposalState.DECLINED)


@given(steps)
def test_the_standing_counts_everybody_once(said: list[tuple[PersonId, int | None]]) -> None:
    item = played(said)
    for start in STARTS:
        one = item.standing(start)
        assert sorted((*one.yes, *one.missing)) == sorted(VOTERS)
        assert (not one.missing) is item.all_accept(start)
        assert set(one.silent) == {p for p in VOTERS if p not in item.answers}


@given(steps, st.sampled_from((NOW, TEN, ELEVEN, NOON)))
def test_the_favourite_is_what_most_can_the_earliest_of_several(
    said: list[tuple[PersonId, int | None]], after: int
) -> None:
    item = played(said)
    found = item.favourite(after)
    counts = {s: len(item.standing(s).yes) for s in STARTS if s > after}
    most = max(counts.values(), default=0)
    if found is None:
        assert most == 0
    else:
        assert found.start == min(s for s, count in counts.items() if count == most)


@given(steps, st.sampled_from(STARTS), st.booleans())
def test_what_the_asker_settles_is_agreed(
    said: list[tuple[PersonId, int | None]], start: int, expired: object
) -> None:
    item = played(said)
    if expired:
        item = item.end(ProposalState.EXPIRED)
    coming = set(item.standing(start).yes)
    if item.state is ProposalState.DECLINED or not coming:
        with pytest.raises(IllegalStep):
            item.settle(start)
        return
    settled = item.settle(start)
    assert settled.all_accept(start)
    assert set(settled.request.needed) == {ASKER, *coming}
    assert set(settled.request.attendees) == set(item.request.attendees)
    assert settled.book(MeetingId("m")).state is ProposalState.ACCEPTED


def test_two_people_do_not_vote() -> None:
    pair = replace(DRAFTED, request=replace(REQUEST, attendees=(ASKER, GUEST)))
    offered = pair.offer(STARTS)
    assert offered.decline(GUEST).state is ProposalState.DECLINED
    with pytest.raises(IllegalStep):
        offered.accept(GUEST, TEN).settle(TEN)


def test_who_is_optional_is_asked_anew_when_it_moves() -> None:
    one = replace(MEETING.attendees[2], optional=True, rsvp=Rsvp.ACCEPTED)
    meeting = MEETING.reroute(one)
    assert THIRD in meeting.move(NOON, NOON + 60, NOW).holders
    assert THIRD not in meeting.move(NOON, NOON + 60, NOW, ()).holders
    assert THIRD in meeting.move(NOON, NOON + 60, NOW, {THIRD}).holders
