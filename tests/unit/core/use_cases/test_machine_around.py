"""The machine of bookings with what happens around a session: somebody runs late, says whether it
took place, wants other reminders, and takes back what was just done. The same promises hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from core.booking.meeting import Meeting, MeetingState
from core.booking.proposal import ProposalState
from core.late import Choice, is_near, span_after
from core.use_cases import change_meeting, run_late, undo
from core.use_cases.set_reminders import set_reminders
from tests.unit.core.use_cases.test_machine import Booking, caught, numbers, persons, starts
from tests.unit.core.use_cases.world import MINUTE

if TYPE_CHECKING:
    from core.ids import PersonId
    from core.timing.spans import Span

choices = st.sampled_from(Choice)


class Around(Booking):
    """Everything that people can do to each other's time, before, during and after it."""

    @precondition(lambda self: len(self.meetings) > 2)
    @rule(number=numbers, minutes=st.integers(-40, 60))
    def a_session_is_near(self, number: int, minutes: int) -> None:
        start = self.meeting(number).start
        self.world.clock.at = max(self.world.clock.at, start + minutes * MINUTE)

    @precondition(lambda self: len(self.meetings) > 1)
    @rule(number=numbers, who=numbers, minutes=st.sampled_from([5, 10, 40, 500]), choice=choices)
    def somebody_runs_late(self, number: int, who: int, minutes: int, choice: Choice) -> None:
        """What is chosen is done once: pressing again changes nothing more."""
        meeting = self._coming(number)
        person = meeting.people[who % len(meeting.people)]
        ports, foreign = self.world.ports, self._foreign()
        told = self.do(caught(run_late.announce(ports, meeting.id, person, minutes)))
        before = self.world.everything()
        self.do(caught(run_late.announce(ports, meeting.id, person, minutes)))
        assert self.world.everything() == before
        assert told is None or is_near(meeting, self.world.clock.at)
        args = (meeting.id, person, choice, meeting.start, minutes)
        done = self.do(caught(run_late.choose(ports, *args)))
        after = self.do(self.world.meeting(meeting.id))
        changed = done is not None and done.outcome is run_late.Outcome.CHANGED
        assert after.sequence == meeting.sequence + changed
        if changed:
            assert after.span == span_after(meeting, choice, minutes)
            self._must_not_meet(after, foreign, but=meeting)
        before = self.world.everything()
        again = self.do(caught(run_late.choose(ports, *args)))
        assert self.world.everything() == before
        assert again is None or again.outcome is not run_late.Outcome.CHANGED

    def _coming(self, number: int) -> Meeting:
        """Return a session that is near by now, where there is one that is not over."""
        found = [self.do(self.world.meeting(meeting_id)) for meeting_id in self.meetings]
        now = self.world.clock.at
        coming = [m for m in found if m.state is MeetingState.BOOKED and m.end > now]
        if not coming:
            return self.meeting(number)
        meeting = min(coming, key=lambda m: m.start)
        self.world.clock.at = max(now, meeting.start - number * MINUTE)
        return meeting

    @precondition(lambda self: self.meetings)
    @rule(number=numbers, who=numbers, held=st.booleans())
    def somebody_says_whether_it_took_place(self, number: int, who: int, *, held: bool) -> None:
        meeting = self.meeting(number)
        person = meeting.people[who % len(meeting.people)]
        work = change_meeting.settle(self.world.ports, meeting.id, person, held=held)
        if self.do(caught(work)) is None:
            off = meeting.state is MeetingState.CANCELLED
            assert off or meeting.end > self.world.clock.at
            return
        after = self.do(self.world.meeting(meeting.id))
        assert after.state is (MeetingState.HELD if held else MeetingState.MISSED)
        assert after.sequence == meeting.sequence

    @precondition(lambda self: self.proposals)
    @rule(number=numbers)
    def an_offer_is_undone(self, number: int) -> None:
        proposal = self.proposal(number)
        asker, now = proposal.request.asker, self.world.clock.at
        done = self.do(undo.undo_offer(self.world.ports, proposal.id, asker, now))
        others = set(proposal.answers) - {asker}
        undone = done.outcome is undo.Outcome.UNDONE
        assert undone == (proposal.state is ProposalState.OFFERED and not others)

    @precondition(lambda self: self.meetings)
    @rule(number=numbers, who=numbers)
    def a_booking_is_undone(self, number: int, who: int) -> None:
        meeting = self.meeting(number)
        person = meeting.people[who % len(meeting.people)]
        done = self.do(undo.undo_booking(self.world.ports, meeting.id, person))
        after = self.do(self.world.meeting(meeting.id))
        undone = done.outcome is undo.Outcome.UNDONE
        assert (after.sequence, after.state) == (
            (1, MeetingState.CANCELLED) if undone else (meeting.sequence, meeting.state)
        )
        assert not undone or self.world.clock.at - meeting.changed_at <= 10 * MINUTE

    @precondition(lambda self: self.meetings)
    @rule(number=numbers, start=starts, who=numbers, minutes=st.sampled_from([1, 9, 11]))
    def a_move_is_undone(self, number: int, start: int, who: int, minutes: int) -> None:
        """It is at its old time again with the next sequence, where nobody has anything else."""
        meeting = self.meeting(number)
        person = meeting.people[who % len(meeting.people)]
        self.a_session_is_to_be_moved(number, start, who, agree=True)
        self.sequences_rise_with_what_people_see()
        moved = self.meeting(number)
        foreign = self._foreign()
        self.world.clock.at += minutes * MINUTE
        done = self.do(undo.undo_move(self.world.ports, meeting.id, person, moved.sequence))
        after = self.meeting(number)
        if done.outcome is not undo.Outcome.UNDONE:
            assert after == moved
            return
        assert self.world.clock.at - moved.changed_at <= 10 * MINUTE
        assert (after.uid, after.sequence) == (meeting.uid, moved.sequence + 1)
        assert after.span == meeting.span or moved.sequence == meeting.sequence
        self._must_not_meet(after, foreign)
        twice = self.do(undo.undo_move(self.world.ports, meeting.id, person, moved.sequence))
        assert twice.outcome is not undo.Outcome.UNDONE

    @precondition(lambda self: self.meetings)
    @rule(number=numbers, who=numbers, again=st.booleans())
    def a_cancellation_is_undone(self, number: int, who: int, *, again: bool) -> None:
        """It comes back as another session, at most once, where nobody has anything else."""
        meeting = self.meeting(number)
        person = meeting.people[who % len(meeting.people)]
        foreign = self._foreign()
        if again:
            self.do(change_meeting.cancel(self.world.ports, meeting.id, person))
        done = self.do(undo.undo_cancelling(self.world.ports, meeting.id, person))
        if done.outcome is not undo.Outcome.UNDONE:
            return
        assert done.meeting is not None
        assert done.meeting.uid != meeting.uid
        assert done.meeting.span == meeting.span
        self.meetings.append(done.meeting.id)
        self._must_not_meet(done.meeting, foreign)
        twice = self.do(undo.undo_cancelling(self.world.ports, meeting.id, person))
        assert twice.outcome is undo.Outcome.ALREADY

    @rule(person=persons, leads=st.sampled_from([None, (), (60,), (1440, 30)]))
    def somebody_wants_other_reminders(
        self, person: PersonId, leads: tuple[int, ...] | None
    ) -> None:
        self.do(set_reminders(self.world.ports, person, leads))

    def _must_not_meet(
        self,
        meeting: Meeting,
        foreign: dict[PersonId, list[Span]],
        but: Meeting | None = None,
    ) -> None:
        """Check that a session lies over nothing foreign, but what it lay over before."""
        held = (0, 0) if but is None else but.span
        for person in meeting.people:
            for a, b in foreign.get(person, []):
                apart = b <= meeting.start or a >= meeting.end
                assert apart or (a < held[1] and b > held[0])


# See test_machine.py: add Phase.shrink while looking for the reason of a broken promise.
LIMITS = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def test_what_happens_around_sessions_keeps_every_promise() -> None:
    run_state_machine_as_test(Around, settings=LIMITS)
