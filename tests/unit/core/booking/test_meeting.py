"""The life of a meeting: legal and illegal steps, repeated steps, and its sequence."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.booking.meeting import Meeting, MeetingState, Path, Rsvp
from core.errors import IllegalStep
from core.ids import PersonId
from tests.unit.core.booking.samples import (
    ASKER,
    CANCELLED,
    ELEVEN,
    GUEST,
    HELD,
    HOUR,
    MEETING,
    NOON,
    NOW,
    TEN,
    attendee,
)

Step = Callable[[Meeting], Meeting]
LATER = NOW + 60

CHANGES: dict[str, Step] = {
    "move": lambda m: m.move(ELEVEN, NOON, LATER),
    "lengthen": lambda m: m.move(TEN, ELEVEN + HOUR, LATER),
    "rename": lambda m: m.amend(LATER, title="Another name"),
    "place": lambda m: m.amend(LATER, place="https://meet.example.org/oslo"),
    "cancel": lambda m: m.cancel(LATER),
}

STATES = {True: MeetingState.HELD, False: MeetingState.MISSED}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_raises_the_sequence_by_one(change: Step) -> None:
    after = change(MEETING)
    assert after.sequence == MEETING.sequence + 1
    assert after.changed_at == LATER
    assert (after.id, after.uid, after.version) == (MEETING.id, MEETING.uid, MEETING.version)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_same_change_again_is_no_change(change: Step) -> None:
    after = change(MEETING)
    assert change(after) is after


@pytest.mark.parametrize("over", [CANCELLED, HELD], ids=["cancelled", "held"])
@pytest.mark.parametrize("name", ["move", "lengthen", "rename", "place"])
def test_what_is_over_is_not_changed(name: str, over: Meeting) -> None:
    with pytest.raises(IllegalStep):
        CHANGES[name](over)


def test_only_what_was_not_held_can_be_called_off() -> None:
    assert CANCELLED.state is MeetingState.CANCELLED
    assert CANCELLED.cancel(LATER) is CANCELLED
    with pytest.raises(IllegalStep):
        HELD.cancel(LATER)


@pytest.mark.parametrize("held", [True, False])
def test_whether_it_took_place_is_said_without_a_new_sequence(*, held: bool) -> None:
    """The other answer replaces it, the same one changes nothing, and what is off stays off."""
    once = MEETING.settle(held=held)
    assert (once.state, once.sequence) == (STATES[held], MEETING.sequence)
    assert once.settle(held=held) is once
    assert once.settle(held=not held).state is STATES[not held]
    with pytest.raises(IllegalStep):
        CANCELLED.settle(held=held)
    with pytest.raises(IllegalStep):
        once.move(NOW, NOW + 60, NOW)


def test_a_place_that_was_meant_from_the_start_is_no_change() -> None:
    after = MEETING.furnish("https://meet.example.org/oslo")
    assert after == replace(MEETING, place="https://meet.example.org/oslo")
    with pytest.raises(IllegalStep):
        CANCELLED.furnish("https://meet.example.org/oslo")


def test_moving_changes_the_time_only() -> None:
    after = MEETING.move(ELEVEN, NOON, LATER)
    assert after.span == (ELEVEN, NOON)
    assert (after.title, after.place, after.owner) == (MEETING.title, MEETING.place, MEETING.owner)
    assert after.people == MEETING.people


def test_who_is_moved_has_agreed_and_only_an_invitation_asks_anew() -> None:
    meeting = MEETING
    for person in meeting.people:
        meeting = meeting.answer(person, Rsvp.DECLINED)
    after = meeting.move(ELEVEN, NOON, LATER)
    assert {a.path: a.rsvp for a in after.attendees} == {
        Path.INVITE: Rsvp.NEEDS_ACTION,
        Path.CALENDAR: Rsvp.ACCEPTED,
        Path.PUBLISH: Rsvp.ACCEPTED,
    }


def test_an_answer_is_no_change_of_the_meeting() -> None:
    after = MEETING.answer(ASKER, Rsvp.DECLINED)
    assert after.sequence == MEETING.sequence
    assert after.state is MeetingState.BOOKED
    assert [a.rsvp for a in after.attendees][1:] == [a.rsvp for a in MEETING.attendees][1:]
    entry = after.attendee(ASKER)
    assert entry is not None
    assert entry.rsvp is Rsvp.DECLINED
    assert after.answer(ASKER, Rsvp.DECLINED) == after


def test_somebody_elses_answer_changes_nobody() -> None:
    assert MEETING.answer(PersonId("stranger"), Rsvp.DECLINED) == MEETING
    assert MEETING.attendee(PersonId("stranger")) is None


def test_another_way_to_one_attendee_leaves_the_others() -> None:
    by_mail = attendee(GUEST, Path.INVITE)
    after = MEETING.reroute(by_mail)
    assert after.attendee(GUEST) == by_mail
    assert after.attendees[0] == MEETING.attendees[0]
    assert after.sequence == MEETING.sequence


times = st.integers(0, 5).map(lambda n: TEN + n * HOUR)
texts = st.sampled_from(["A session", "Another name", ""])
steps: st.SearchStrategy[Step] = st.one_of(
    times.map(lambda start: lambda m: m.move(start, start + HOUR, LATER)),
    texts.map(lambda text: lambda m: m.amend(LATER, title=text)),
    texts.map(lambda text: lambda m: m.amend(LATER, place=text)),
    st.sampled_from(list(Rsvp)).map(lambda rsvp: lambda m: m.answer(GUEST, rsvp)),
    st.just(lambda m: m.cancel(LATER)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=12))
def test_the_sequence_rises_exactly_when_what_people_see_changes(path: list[Step]) -> None:
    meeting = MEETING
    for step in path:
        try:
            after = step(meeting)
        except IllegalStep:
            assert meeting.state is MeetingState.CANCELLED
            continue
        changed = seen(after) != seen(meeting)
        assert after.sequence == meeting.sequence + changed
        meeting = after


def seen(meeting: Meeting) -> Meeting:
    """Return a meeting without its count of changes and without answers."""
    return replace(meeting, sequence=0, changed_at=0, attendees=())
