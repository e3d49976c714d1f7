"""Several people book, move, answer and call off at random; what must always hold, holds.

The times are few, so that people get in each other's way all the time. After every step:
nobody has two sessions at once (buffers included), sequences rise exactly with what people see,
and there is one mail per person and version. Every step is taken twice: the second time nothing
may change. At the end everything that is still to be delivered is, and calendars say the same
as we do.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.booking.meeting import Meeting, MeetingState, Path, Rsvp
from core.booking.proposal import OPEN, Proposal, ProposalState
from core.connecting import Choice
from core.effects import CAP, EffectKind, EffectState
from core.errors import IllegalStep, Unavailable
from core.links import Provider
from core.timing.hours import weekly
from core.use_cases import change_meeting
from core.use_cases.answer_proposal import (
    Outcome,
    Result,
    accept,
    decline,
    offer,
    settle,
    withdraw,
)
from core.use_cases.connect_calendar import choose, disconnect, open_account
from tests.unit.core.finding.scenes import in_week
from tests.unit.core.use_cases.world import (
    DAY,
    HOUR,
    INES,
    MINUTE,
    NOAH,
    OMAR,
    TIMED,
    TOVE,
    TUESDAY,
    ZONES,
    World,
    make_world,
    request,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from core.ids import MeetingId, PersonId, ProposalId
    from core.timing.spans import Span

T = TypeVar("T")

PEOPLE = (INES, NOAH, OMAR, TOVE)  # Tove has no calendar that could be read
HALF = 30 * MINUTE
GRID = [TUESDAY + 12 * HOUR + n * HALF for n in range(12)]
MAILS = (EffectKind.MAIL_INVITE, EffectKind.MAIL_CANCEL, EffectKind.MAIL_DETAILS)

casts = st.permutations(PEOPLE).flatmap(
    lambda order: st.integers(2, 3).map(lambda count: tuple(order[:count]))
)
starts = st.sampled_from(GRID)
persons = st.sampled_from(PEOPLE)
connected = st.sampled_from([INES, NOAH, OMAR])
numbers = st.integers(0, 30)


class Booking(RuleBasedStateMachine):
    """Everything that people can do to each other's time."""

    def __init__(self) -> None:
        """Begin without a world; the first step makes it."""
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = World()
        self.proposals: list[ProposalId] = []
        self.meetings: list[MeetingId] = []
        self.seen: dict[MeetingId, Meeting] = {}
        self.accounts: dict[tuple[PersonId, str], str] = {}
        self.left: set[PersonId] = set()  # who has disconnected, at one time or another

    def teardown(self) -> None:
        """Deliver what is left, compare, and close the loop."""
        try:
            if self.world.main:
                self._settle()
        finally:
            self.loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one step of the world."""
        return self.loop.run_until_complete(work)

    def proposal(self, number: int) -> Proposal:
        """Return one of the proposals made so far, as it is stored."""
        return self.do(self.world.proposal(self.proposals[number % len(self.proposals)]))

    def meeting(self, number: int) -> Meeting:
        """Return one of the sessions made so far, as it is stored."""
        return self.do(self.world.meeting(self.meetings[number % len(self.meetings)]))

    def fresh(self) -> World:
        """Return the world in which the machine begins."""
        return self.do(make_world())

    # --- the world ---

    @initialize(confirm=st.sampled_from(["invitee", "none", "both"]))
    def begin(self, confirm: str) -> None:
        self.world = self.fresh()
        self.do(self.world.set("step", "30 min"))
        self.do(self.world.set("booking.confirm", confirm))
        for person in self.world.main:
            for name in ("work", "home"):
                self.accounts[person, name] = f"{person}@{name}.example"
            self.world.calendars.open_account(self.accounts[person, "home"], "a password")
            self.world.calendars.add_calendar(self.accounts[person, "home"], "home")

    @rule(hours=st.integers(0, 5))
    def time_passes(self, hours: int) -> None:
        self.world.clock.at += hours * HOUR + 7 * MINUTE

    @rule(person=connected, start=starts)
    def a_calendar_fills_up(self, person: PersonId, start: int) -> None:
        self.world.busy(person, start + 5 * MINUTE, start + 25 * MINUTE)

    @precondition(lambda self: self.proposals)
    @rule(number=numbers, which=numbers, who=numbers, late=st.integers(-40, 40))
    def an_offered_time_fills_up(self, number: int, which: int, who: int, late: int) -> None:
        """It may be only the buffer that something reaches into."""
        proposal = self.proposal(number)
        start = proposal.slots[which % len(proposal.slots)].start + late * MINUTE
        cast = [p for p in proposal.request.attendees if p in self.world.main]
        self.world.busy(cast[who % len(cast)], start, start + 10 * MINUTE)

    @rule(person=persons, buffer=st.sampled_from([None, 0, 10, 30]))
    def somebody_wants_a_buffer(self, person: PersonId, buffer: int | None) -> None:
        self.do(self.world.change(person, buffer=buffer))

    @rule(person=persons, late=st.booleans())
    def somebody_has_other_hours(self, person: PersonId, *, late: bool) -> None:
        self.do(self.world.change(person, hours=weekly((660, 1320)) if late else None))

    @rule(person=connected, name=st.sampled_from(["work", "home"]))
    def somebody_has_another_primary(self, person: PersonId, name: str) -> None:
        form = {"username": self.accounts[person, name], "password": "a password"}
        opened = self.do(open_account(self.world.ports, person, Provider.CALDAV, form))
        chosen = opened.calendars[0].calendar_id
        self.do(choose(self.world.ports, person, opened, Choice(chosen, ())))

    @precondition(lambda self: len(self.meetings) > 2)
    @rule(person=connected)
    def somebody_disconnects(self, person: PersonId) -> None:
        self.do(disconnect(self.world.ports, person))
        self.left.add(person)

    @rule(times=st.integers(0, 3), lost=st.integers(0, 1))
    def the_worker_runs(self, times: int, lost: int) -> None:
        self.world.calendars.fail(Unavailable("not now"), times)
        for _ in range(lost):
            self.world.calendars.lose_answer()
        self.do(self.world.work(rounds=2))
        self.world.calendars.heal()
        self.world.calendars._lost = 0

    # --- proposals ---

    @rule(cast=casts, start=starts)
    def a_session_is_wanted_and_all_agree(self, cast: tuple[PersonId, ...], start: int) -> None:
        """What was found a moment ago can be booked: nothing has changed since."""
        proposal = self._search(cast, (start, start + HALF), starts=(start,))
        if proposal is not None:
            self._agree(proposal, proposal.slots[0].start)
            assert self.do(self.world.proposal(proposal.id)).state is ProposalState.ACCEPTED

    @precondition(lambda self: self.meetings)
    @rule(number=numbers, start=starts, who=numbers, agree=st.booleans())
    def a_session_is_to_be_moved(self, number: int, start: int, who: int, *, agree: bool) -> None:
        meeting = self.meeting(number)
        if meeting.state is not MeetingState.BOOKED or meeting.start <= self.world.clock.at:
            return
        turn = who % len(meeting.people)
        cast = (*meeting.people[turn:], *meeting.people[:turn])
        window = (start, start + HALF)
        proposal = self._search(cast, window, starts=(start,), moves=meeting.id)
        if proposal is not None and agree:
            self._agree(proposal, proposal.slots[0].start)
            assert self.do(self.world.proposal(proposal.id)).meeting_id == meeting.id

    @rule(cast=casts, start=starts, hoped=st.booleans())
    def one_time_is_offered(self, cast: tuple[PersonId, ...], start: int, *, hoped: bool) -> None:
        """The third of three may be wanted only if possible."""
        optional = cast[2:] if hoped else ()
        window = (start, start + HALF)
        proposal = self._search(cast, window, starts=(start,), optional=optional)
        if proposal is not None:
            self._offer(proposal, 1)

    @rule(cast=casts, day=st.integers(0, 1), count=st.integers(0, 3))
    def times_of_a_day_are_offered(self, cast: tuple[PersonId, ...], day: int, count: int) -> None:
        window = (TUESDAY + day * DAY, TUESDAY + (day + 1) * DAY)
        proposal = self._search(cast, window)
        if proposal is not None and count:
            self._offer(proposal, count)

    @rule(start=starts, order=st.permutations(PEOPLE))
    def two_want_the_same_time_at_once(self, start: int, order: list[PersonId]) -> None:
        """Two ask the same third person, who presses both at the same moment."""
        first, second, shared = order[:3]
        found = [
            self._search((asker, shared), (start, start + HALF), starts=(start,))
            for asker in (first, second)
        ]
        open_ones = [self._offer(one, 1) for one in found if one is not None]
        presses = [
            accept(self.world.ports, one.id, shared, one.slots[0].start) for one in open_ones
        ]
        before = self._foreign()
        for proposal, result in zip(open_ones, self.do(_together(presses)), strict=True):
            self._judge(proposal, result, before)

    @precondition(lambda self: self.proposals)
    @rule(number=numbers, who=numbers, which=numbers)
    def a_time_is_accepted(self, number: int, who: int, which: int) -> None:
        proposal = self.proposal(number)
        person = proposal.request.attendees[who % len(proposal.request.attendees)]
        start = proposal.slots[which % len(proposal.slots)].start
        self._twice(proposal, lambda: accept(self.world.ports, proposal.id, person, start))

    @precondition(lambda self: self.proposals)
    @rule(number=numbers, which=numbers)
    def everybody_accepts(self, number: int, which: int) -> None:
        proposal = self.proposal(number)
        self._agree(proposal, proposal.slots[which % len(proposal.slots)].start)

    @precondition(lambda self: self.proposals)
    @rule(number=numbers, who=numbers)
    def somebody_says_no(self, number: int, who: int) -> None:
        proposal = self.proposal(number)
        invitees = proposal.request.invitees
        person = invitees[who % len(invitees)]
        self._twice(proposal, lambda: decline(self.world.ports, proposal.id, person))

    @precondition(lambda self: self.proposals)
    @rule(number=numbers, which=numbers)
    def a_vote_is_settled(self, number: int, which: int) -> None:
        """By its asker, without those who have not accepted the time, expired or not."""
        proposal = self.proposal(number)
        start = proposal.slots[which % len(proposal.slots)].start
        asker = proposal.request.asker
        self._twice(proposal, lambda: settle(self.world.ports, proposal.id, asker, start))

    @precondition(lambda self: self.proposals)
    @rule(number=numbers)
    def an_offer_is_taken_back(self, number: int) -> None:
        proposal = self.proposal(number)
        asker = proposal.request.asker
        self._twice(proposal, lambda: withdraw(self.world.ports, proposal.id, asker))

    # --- sessions ---

    @precondition(lambda self: self.meetings)
    @rule(number=numbers, who=numbers)
    def a_session_is_called_off(self, number: int, who: int) -> None:
        meeting = self.meeting(number)
        person = meeting.people[who % len(meeting.people)]
        over = meeting.end <= self.world.clock.at and meeting.state is not MeetingState.CANCELLED
        changed = self.do(change_meeting.cancel(self.world.ports, meeting.id, person))
        if over:  # nobody is told that what is over does not take place
            assert (changed.fresh, changed.meeting) == (False, meeting)
            return
        assert changed.meeting.state is MeetingState.CANCELLED
        before = self.world.everything()
        again = self.do(change_meeting.cancel(self.world.ports, meeting.id, person))
        assert not again.fresh
        assert self.world.everything() == before

    @precondition(lambda self: self.meetings)
    @rule(number=numbers, who=numbers, rsvp=st.sampled_from(Rsvp))
    def somebody_answers(self, number: int, who: int, rsvp: Rsvp) -> None:
        meeting = self.meeting(number)
        person = meeting.people[who % len(meeting.people)]
        try:
            self.do(change_meeting.answer(self.world.ports, meeting.id, person, rsvp))
        except IllegalStep:
            assert meeting.state is not MeetingState.BOOKED
            return
        before = self.world.everything()
        self.do(change_meeting.answer(self.world.ports, meeting.id, person, rsvp))
        assert self.world.everything() == before

    @rule(owner=persons)
    def somebody_has_a_link(self, owner: PersonId) -> None:
        link = "https://meet.example.org/room"
        for meeting in self.do(change_meeting.set_place(self.world.ports, owner, link)):
            assert (meeting.owner, meeting.place) == (owner, link)

    # --- how the steps are taken ---

    def _search(self, cast: tuple[PersonId, ...], window: Span, **more: Any) -> Proposal | None:
        """Search, and check every time that is found."""
        if window[1] <= self.world.clock.at:
            return None
        finding = self.do(self.world.find(request(cast[0], *cast[1:], window=window, **more)))
        if finding.proposal is None:
            return None
        self.proposals.append(finding.proposal.id)
        for slot in finding.proposal.slots:
            links = self.do(self.world.store.read(lambda tx: tx.links.of(cast)))
            assert set(slot.unchecked) == {person for person in cast if not links[person]}
            assert slot.start >= self.world.clock.at + 4 * HOUR
            assert set(slot.missing) <= set(finding.proposal.request.optional)
            self._must_be_free(finding.proposal, slot.start, self._foreign())
            able = tuple(person for person in cast if person not in slot.missing)
            self._must_be_in_hours(able, slot.start)
        return finding.proposal

    def _offer(self, proposal: Proposal, count: int) -> Proposal:
        """Offer the first times of a drafted proposal; return it as it is then."""
        chosen = tuple(slot.start for slot in proposal.slots[:count])
        asker = proposal.request.asker
        self._twice(proposal, lambda: offer(self.world.ports, proposal.id, asker, chosen))
        return self.do(self.world.proposal(proposal.id))

    def _agree(self, proposal: Proposal, start: int) -> None:
        """Let everybody accept one time, offered first where it was not."""
        if proposal.state is ProposalState.DRAFTED:
            asker = proposal.request.asker
            self._twice(proposal, lambda: offer(self.world.ports, proposal.id, asker, (start,)))
        for person in proposal.request.attendees:
            now = self.do(self.world.proposal(proposal.id))
            self._twice(now, lambda p=person: accept(self.world.ports, proposal.id, p, start))

    def _twice(self, proposal: Proposal, step: Any) -> None:
        """Take a step, judge it, and see that taking it again changes nothing."""
        foreign = self._foreign()
        result = self.do(caught(step()))
        self._judge(proposal, result, foreign)
        before = self.world.everything()
        self.do(caught(step()))
        assert self.world.everything() == before

    def _judge(
        self, proposal: Proposal, result: Result | None, foreign: dict[PersonId, list[Span]]
    ) -> None:
        """Check what became of an answer against what was known before it."""
        if result is None:  # a step that the state does not know
            assert proposal.state not in OPEN or proposal.state is ProposalState.DRAFTED
            return
        if result.outcome not in (Outcome.BOOKED, Outcome.MOVED):
            assert result.outcome is Outcome.CLOSED or result.meeting is None
            return
        meeting = result.meeting
        assert meeting is not None
        assert proposal.slot_at(meeting.start) is not None
        assert self.world.clock.at < meeting.start
        if set(meeting.holders) == set(proposal.request.attendees):
            assert proposal.is_open
            assert self.world.clock.at < proposal.expires_at
        elif not (proposal.request.optional or any(a.optional for a in meeting.attendees)):
            # a vote that its asker has settled
            assert proposal.state in (ProposalState.OFFERED, ProposalState.EXPIRED)
        self._must_be_free(proposal, meeting.start, foreign, but=meeting)
        if meeting.id not in self.meetings:
            self.meetings.append(meeting.id)

    def _foreign(self) -> dict[PersonId, list[Span]]:
        """Return the foreign busy times in everybody's calendar, where it is connected."""
        links = self.do(self.world.store.read(lambda tx: tx.links.of(self.world.main)))
        shelves = self.world.calendars._shelves
        return {
            person: [(busy.start, busy.end) for busy, _ in shelves[calendar].foreign]
            for person, calendar in self.world.main.items()
            if calendar in {link.calendar_id for link in links[person]}
        }

    def _must_be_free(
        self,
        proposal: Proposal,
        start: int,
        foreign: dict[PersonId, list[Span]],
        but: Meeting | None = None,
    ) -> None:
        """Check a time against calendars and sessions of all, with everybody's own buffer."""
        slot, end = proposal.slot_at(start), start + HALF
        out = slot.missing if slot is not None else ()
        able = tuple(person for person in proposal.request.attendees if person not in out)
        cast = but.holders if but else able
        people = self.do(self.world.store.read(lambda tx: tx.people.many(cast)))
        widest = max(person.buffer or 0 for person in people.values()) * MINUTE
        for person in cast:
            own = (people[person].buffer or 0) * MINUTE
            for a, b in foreign.get(person, []):
                assert b <= start - own or a >= end + own
            for meeting in self._booked(person):
                if meeting.id not in (but and but.id, proposal.request.moves):
                    gap = max(widest, meeting.buffer * MINUTE)
                    assert meeting.end <= start - gap or meeting.start >= end + gap

    def _must_be_in_hours(self, cast: tuple[PersonId, ...], start: int) -> None:
        """Check a time against the programme's and everybody's own hours on their own clock."""
        people = self.do(self.world.store.read(lambda tx: tx.people.many(cast)))
        for person in cast:
            for week in (weekly((480, 1080)), people[person].hours):
                assert week is None or in_week(week, start, ZONES[person])
                assert week is None or in_week(week, start + HALF - MINUTE, ZONES[person])

    def _booked(self, person: PersonId) -> list[Meeting]:
        found = self.do(self.world.meetings(person))
        return [m for m in found if m.state is MeetingState.BOOKED and person in m.holders]

    # --- what always holds ---

    @invariant()
    def nobody_has_two_sessions_at_once(self) -> None:
        for person in PEOPLE:
            for one, other in combinations(self._booked(person), 2):
                gap = max(one.buffer, other.buffer) * MINUTE
                assert one.end + gap <= other.start or other.end + gap <= one.start

    @invariant()
    def sequences_rise_with_what_people_see(self) -> None:
        for meeting_id in self.meetings:
            now, before = self.do(self.world.meeting(meeting_id)), self.seen.get(meeting_id)
            if before is not None:
                assert now.uid == before.uid
                assert now.sequence >= before.sequence
                assert (now.sequence > before.sequence) == (_shown(now) != _shown(before))
            self.seen[meeting_id] = now

    @invariant()
    def one_mail_per_person_and_version(self) -> None:
        effects = self.world.effects(*MAILS)
        mails = Counter((e.meeting_id, e.person_id, e.sequence) for e in effects)
        assert set(mails.values()) <= {1}
        assert len({e.key for e in self.world.effects()}) == len(self.world.effects())
        sent = Counter(mail.message_id for mail in self.world.mail.sent)
        assert set(sent.values()) <= {1}

    @invariant()
    def what_was_accepted_is_a_session(self) -> None:
        for proposal_id in self.proposals:
            proposal = self.do(self.world.proposal(proposal_id))
            assert (proposal.state is ProposalState.ACCEPTED) == (proposal.meeting_id is not None)

    # --- the end ---

    def _settle(self) -> None:
        """Deliver everything; then each calendar holds exactly the sessions that stand."""
        for _ in range(4):  # lanes let one notice through at a time
            self.do(self.world.work(rounds=200))
            self.world.clock.at += CAP + 1
        later = {*TIMED, EffectKind.CHECK_GRANT, EffectKind.RECONNECT}
        effects = [e for e in self.world.effects() if e.kind not in later]
        assert {e.state for e in effects} <= {EffectState.DONE, EffectState.DEAD}
        dead = {(e.meeting_id, e.person_id) for e in effects if e.state is EffectState.DEAD}
        for person in self.world.main:
            for meeting in self.do(self.world.meetings(person)):
                if (meeting.id, person) not in dead:
                    self._must_agree(meeting, person)

    def _must_agree(self, meeting: Meeting, person: PersonId) -> None:
        """Check one person's copies of a session: one where it belongs, none elsewhere."""
        entry = meeting.attendee(person)
        assert entry is not None
        links = self.do(self.world.store.read(lambda tx: tx.links.of([person])))[person]
        home = next((link.calendar_id for link in links if link.id == entry.link_id), None)
        off = meeting.state is MeetingState.CANCELLED
        stands = not off and entry.path is Path.CALENDAR
        shelves = self.world.calendars._shelves
        for calendar, shelf in shelves.items():
            if shelf.owner not in (self.accounts[person, "work"], self.accounts[person, "home"]):
                continue
            copies = [c for c in self.world.calendars.events(calendar) if c.uid == meeting.uid]
            if stands and calendar == home:
                (copy,) = copies
                assert (copy.start, copy.end, copy.place) == (*meeting.span, meeting.place)
                assert copy.sequence == meeting.sequence
            else:  # what is in a calendar that was disconnected cannot be taken away
                assert copies == [] or person in self.left


def _shown(meeting: Meeting) -> Meeting:
    """Return a session as people see it: without answers and counts; whether it took place is
    nothing that is sent to anybody.
    """
    off = meeting.state is MeetingState.CANCELLED
    state = MeetingState.CANCELLED if off else MeetingState.BOOKED
    plain = replace(meeting, attendees=(), sequence=0, changed_at=0, version=0, buffer=0)
    return replace(plain, state=state)


async def _together(steps: list[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Take steps at the same moment."""
    return list(await asyncio.gather(*steps))


async def caught(step: Coroutine[Any, Any, T]) -> T | None:
    """Take a step that the machine of proposals or sessions may not know."""
    try:
        return await step
    except IllegalStep:
        return None


# A path that breaks a promise is shown as it was found: making it shorter takes minutes. Add
# Phase.shrink for that while looking for the reason.
LIMITS = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def test_random_bookings_keep_every_promise() -> None:
    run_state_machine_as_test(Booking, settings=LIMITS)
