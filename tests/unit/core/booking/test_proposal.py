"""The machine of a proposal: every step in every state, and steps that are repeated."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.booking.proposal import OPEN, Answer, Proposal, ProposalState
from core.errors import IllegalStep
from core.ids import MeetingId, PersonId, ProposalId
from tests.unit.core.booking.samples import (
    ASKER,
    DRAFTED,
    ELEVEN,
    GUEST,
    NOON,
    REQUEST,
    TEN,
    THIRD,
    proposal,
    yes,
)

S = ProposalState
ILLEGAL = "illegal"
SAME = "same"

Step = Callable[[Proposal], Proposal]

STEPS: dict[str, Step] = {
    "offer": lambda p: p.offer((TEN,)),
    "accept": lambda p: p.accept(GUEST, TEN),
    "decline": lambda p: p.decline(THIRD).decline(GUEST),
    "book": lambda p: p.book(MeetingId("other")),
    "expire": lambda p: p.end(S.EXPIRED),
    "withdraw": lambda p: p.end(S.WITHDRAWN),
    "supersede": lambda p: p.end(S.SUPERSEDED, ProposalId("newer")),
}

# What each step does in each state: the state that follows, no change, or an error.
TABLE: dict[ProposalState, dict[str, str]] = {
    S.DRAFTED: {
        "offer": S.OFFERED,
        "accept": ILLEGAL,
        "decline": ILLEGAL,
        "book": S.ACCEPTED,
        "expire": S.EXPIRED,
        "withdraw": S.WITHDRAWN,
        "supersede": S.SUPERSEDED,
    },
    S.OFFERED: {
        "offer": ILLEGAL,  # other times than those that were offered
        "accept": S.OFFERED,
        "decline": S.DECLINED,
        "book": S.ACCEPTED,
        "expire": S.EXPIRED,
        "withdraw": S.WITHDRAWN,
        "supersede": S.SUPERSEDED,
    },
    S.ACCEPTED: {"offer": ILLEGAL, "accept": SAME, "decline": ILLEGAL, "book": ILLEGAL},
    S.DECLINED: {"offer": ILLEGAL, "accept": ILLEGAL, "decline": SAME, "book": ILLEGAL},
    S.EXPIRED: {"offer": ILLEGAL, "accept": ILLEGAL, "decline": ILLEGAL, "book": ILLEGAL},
    S.WITHDRAWN: {"offer": ILLEGAL, "accept": ILLEGAL, "decline": ILLEGAL, "book": ILLEGAL},
    S.SUPERSEDED: {"offer": ILLEGAL, "accept": ILLEGAL, "decline": ILLEGAL, "book": ILLEGAL},
}
for _state in set(S) - OPEN:
    TABLE[_state] |= dict.fromkeys(("expire", "withdraw", "supersede"), SAME)

CELLS = [(state, name, TABLE[state][name]) for state in S for name in STEPS]


@pytest.mark.parametrize(("state", "name", "result"), CELLS)
def test_every_step_in_every_state(state: ProposalState, name: str, result: str) -> None:
    before = proposal(state)
    if result == ILLEGAL:
        with pytest.raises(IllegalStep):
            STEPS[name](before)
    elif result == SAME:
        assert STEPS[name](before) is before
    else:
        assert STEPS[name](before).state == result


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (S.OFFERED, lambda p: p.offer((TEN, ELEVEN))),
        (S.OFFERED, lambda p: p.offer((ELEVEN, TEN))),
        (S.OFFERED, lambda p: p.accept(ASKER, TEN)),
        (S.OFFERED, lambda p: p.accept(ASKER, ELEVEN)),
        (S.ACCEPTED, lambda p: p.accept(GUEST, TEN)),
        (S.ACCEPTED, lambda p: p.book(MeetingId("meeting"))),
        (S.DECLINED, lambda p: p.decline(GUEST)),
    ],
    ids=["offer", "offer-turned", "accept", "accept-last", "accepted", "book", "decline"],
)
def test_a_step_that_happened_already_changes_nothing(state: ProposalState, step: Step) -> None:
    before = proposal(state)
    assert step(before) is before


def test_offering_keeps_the_chosen_times_and_the_askers_yes() -> None:
    offered = DRAFTED.offer((NOON, TEN))
    assert [slot.start for slot in offered.slots] == [TEN, NOON]
    assert offered.answers == {ASKER: yes(TEN, NOON)}
    assert offered.waiting_for() == (GUEST, THIRD)


def test_an_asker_who_is_asked_once_more_has_not_answered() -> None:
    offered = DRAFTED.offer((TEN,), asker_agrees=False)
    assert offered.answers == {}
    assert offered.accept(GUEST, TEN).accept(THIRD, TEN).agreed() is None


def test_who_arranges_for_others_does_not_answer() -> None:
    request = replace(REQUEST, asker=PersonId("administrator"))
    offered = replace(DRAFTED, request=request).offer((TEN,))
    assert offered.answers == {}
    assert request.invitees == REQUEST.attendees
    assert REQUEST.invitees == (GUEST, THIRD)


@pytest.mark.parametrize("starts", [(), (TEN + 1,)])
def test_nothing_cannot_be_offered(starts: tuple[int, ...]) -> None:
    with pytest.raises(IllegalStep):
        DRAFTED.offer(starts)


def test_a_time_that_was_not_offered_cannot_be_accepted() -> None:
    with pytest.raises(IllegalStep):
        proposal(S.OFFERED).accept(GUEST, NOON)
    with pytest.raises(IllegalStep):
        proposal(S.ACCEPTED).accept(GUEST, ELEVEN)


def test_all_must_accept_the_same_time() -> None:
    offered = proposal(S.OFFERED)
    split = offered.accept(GUEST, TEN).accept(THIRD, ELEVEN)
    assert split.agreed() is None
    assert split.waiting_for() == ()
    assert split.accept(GUEST, ELEVEN).agreed() == ELEVEN


def test_a_no_is_kept_and_the_last_one_ends_it() -> None:
    declined = proposal(S.OFFERED).decline(THIRD)
    assert declined.answers[THIRD] == Answer(declined=True)
    assert declined.is_open
    assert not declined.decline(GUEST).is_open


def test_the_newer_one_is_named() -> None:
    ended = DRAFTED.end(S.SUPERSEDED, ProposalId("newer"))
    assert ended.replaced_by == "newer"


people = st.sampled_from([ASKER, GUEST, THIRD])
starts = st.sampled_from([TEN, ELEVEN, NOON])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(people, starts), max_size=10))
def test_answers_only_ever_grow(presses: list[tuple[PersonId, int]]) -> None:
    one = DRAFTED.offer((TEN, ELEVEN, NOON))
    said: dict[PersonId, set[int]] = {ASKER: {TEN, ELEVEN, NOON}}
    for person, start in presses:
        one = one.accept(person, start)
        said.setdefault(person, set()).add(start)
        assert one.accept(person, start) is one
    assert {p: set(a.accepted) for p, a in one.answers.items()} == said
    shared = set.intersection(*(said.get(p, set()) for p in (ASKER, GUEST, THIRD)))
    assert one.agreed() == min(shared, default=None)


def test_who_is_optional_is_an_invitee_but_not_needed() -> None:
    request = replace(REQUEST, optional=(THIRD,))
    assert request.needed == (ASKER, GUEST)
    assert request.invitees == (GUEST, THIRD)
    assert REQUEST.needed == REQUEST.attendees
