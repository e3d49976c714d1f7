"""A proposal: times found for a request, who has been asked, and what they answered.

    drafted -> offered -> accepted | declined | expired | withdrawn | superseded
       |________________-> accepted (confirm = none) | withdrawn | superseded | expired

An open proposal holds no time (Y22). A step that already happened returns the same object, so
that doubled clicks are harmless; a step the state does not allow raises `IllegalStep`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import IllegalStep
from core.timing.spans import intersect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.booking.series import Pattern
    from core.finding.request import Ease
    from core.ids import MeetingId, PersonId, ProgrammeId, ProposalId, SeriesId
    from core.programme import Objection
    from core.timing.spans import Span


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFTED = "drafted"  # shown to the asker only
    OFFERED = "offered"  # the invitees have been asked
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


OPEN = frozenset({ProposalState.DRAFTED, ProposalState.OFFERED})


@dataclass(frozen=True, slots=True)
class Gap:
    """A session of a series that cannot be at its time: why, and the nearest times that can."""

    slot: int
    why: tuple[Objection, ...] = ()
    choices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """A booked session of a series that is wished at `slot` instead of when it `was`."""

    slot: int
    meeting: MeetingId
    was: int


@dataclass(frozen=True, slots=True)
class Beyond:
    """Sessions of a series, by their starts, that are more than a person wants at most: they
    decide about these once more. `without` are those that they do not want anyway.
    """

    person: PersonId
    starts: tuple[int, ...]
    without: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """A series that is asked for, with what of it does not fit. `cut`: it was asked to be longer
    than a series may be.

    With `changes` the sessions of one that stands are to be moved, as `shifts` say: then
    `pattern` is what is said of their new times, a gap stays at its old time, and those whose
    slots are in `dropped` are called off. `beyond` says who is asked about what is more than
    they want.
    """

    pattern: Pattern
    gaps: tuple[Gap, ...] = ()
    cut: bool = False
    changes: SeriesId | None = None
    shifts: tuple[Shift, ...] = ()
    dropped: tuple[int, ...] = ()
    beyond: tuple[Beyond, ...] = ()

    def beyond_of(self, person: PersonId) -> Beyond | None:
        """Return what somebody is asked about because it is more than they want."""
        return next((one for one in self.beyond if one.person == person), None)

    def asking(self, *people: Beyond) -> Wish:
        """Return the wish with what these people are asked about; those without starts no more."""
        named = {one.person for one in people}
        others = (one for one in self.beyond if one.person not in named)
        return replace(self, beyond=(*others, *(one for one in people if one.starts)))

    def slots(self) -> tuple[int, ...]:
        """Return the starts that are wished for."""
        return tuple(one.slot for one in self.shifts) or self.pattern.slots()


@dataclass(frozen=True, slots=True)
class MeetingRequest:
    """What was asked. `windows` and `starts` are instants; `zone` is the speaker's (IANA).

    `attendees` are all who take part; the asker is among them unless an administrator arranges
    for others. `starts` are times said exactly. `moves` names the meeting that is rescheduled.
    With `series` all slots of its proposal are wanted, as the sessions of one series. `optional`
    are those of the attendees who are wanted if possible. `eased` is what of whose rules is set
    aside for this once; who is not the asker decides about it by their answer. `counters` is the
    proposal that this answers with other times, the `rounds`-th time in a row; `refused` are the
    starts that were proposed before. `agenda` is what the session is about, one plain line in the
    asker's own words.
    """

    programme_id: ProgrammeId
    asker: PersonId
    attendees: tuple[PersonId, ...]
    minutes: int
    windows: tuple[Span, ...]
    zone: str
    starts: tuple[int, ...] = ()
    title: str = ""
    moves: MeetingId | None = None
    series: Wish | None = None
    optional: tuple[PersonId, ...] = ()
    eased: tuple[tuple[Ease, PersonId], ...] = ()
    counters: ProposalId | None = None
    rounds: int = 0
    refused: tuple[int, ...] = ()
    agenda: str = ""

    @property
    def exceptions(self) -> tuple[PersonId, ...]:
        """Those who are asked for an exception from their own rules: they must say yes."""
        return tuple(dict.fromkeys(who for _, who in self.eased if who != self.asker))

    @property
    def needed(self) -> tuple[PersonId, ...]:
        """The attendees who are not optional; all of them where only one would be left."""
        found = tuple(p for p in self.attendees if p not in self.optional)
        return found if len(found) > 1 else self.attendees

    @property
    def is_vote(self) -> bool:
        """Whether several people have to agree on a time, so that one no does not end it."""
        return self.moves is None and self.series is None and len(self.needed) > 2

    @property
    def invitees(self) -> tuple[PersonId, ...]:
        """Those who answer a proposal: every attendee but the asker."""
        return tuple(p for p in self.attendees if p != self.asker)

    def is_again(self, other: MeetingRequest) -> bool:
        """Tell whether this asks anew for what the other asked: same people, same days (Y22).

        A series and a single session are two wishes.
        """
        return (
            self.asker == other.asker
            and (self.series is None) == (other.series is None)
            and self.moves == other.moves
            and set(self.attendees) == set(other.attendees)
            and bool(intersect(self.windows, other.windows))
        )

    def is_same_wish(self, other: MeetingRequest) -> bool:
        """Tell whether another of them asks for what this asks for: one session, the same days."""
        plain = not (self.moves or self.series or other.moves or other.series)
        people = {self.asker, *self.attendees}, {other.asker, *other.attendees}
        crossed = self.asker != other.asker and people[0] == people[1]
        return plain and crossed and bool(intersect(self.windows, other.windows))


@dataclass(frozen=True, slots=True)
class Slot:
    """One offered time in epoch seconds; `unchecked` people's calendars could not be read.

    In a series `by_rule` is its start by the rule, where it was moved; 0 where it was not. The
    `missing` are optional and not free then.
    """

    start: int
    end: int
    unchecked: tuple[PersonId, ...] = ()
    by_rule: int = 0
    missing: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said: the starts they accept, or that none of the times suits."""

    accepted: tuple[int, ...] = ()
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a time of a vote stands, in people who are needed, without the asker: who accepts it,
    who has answered and does not, and who has not answered.
    """

    start: int
    yes: tuple[PersonId, ...]
    no: tuple[PersonId, ...]
    silent: tuple[PersonId, ...]

    @property
    def missing(self) -> tuple[PersonId, ...]:
        """All who have not accepted it."""
        return (*self.no, *self.silent)

    @property
    def number(self) -> int:
        """How many are asked."""
        return len(self.yes) + len(self.missing)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Times for a request. `expires_at` and `made_at` are epoch seconds."""

    id: ProposalId
    request: MeetingRequest
    slots: tuple[Slot, ...]
    made_at: int
    expires_at: int
    state: ProposalState = ProposalState.DRAFTED
    answers: Mapping[PersonId, Answer] = field(default_factory=dict)
    meeting_id: MeetingId | None = None
    replaced_by: ProposalId | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.state in OPEN

    def slot_at(self, start: int) -> Slot | None:
        """Return the offered slot with this start."""
        return next((slot for slot in self.slots if slot.start == start), None)

    def offer(self, starts: tuple[int, ...], *, asker_agrees: bool = True) -> Proposal:
        """Send these of the found times to the invitees.

        The asker accepts them by that, unless the programme wants to ask them once more.
        """
        if self.state is ProposalState.OFFERED and set(starts) == {s.start for s in self.slots}:
            return self
        if self.state is not ProposalState.DRAFTED:
            raise IllegalStep(self.state)
        slots = tuple(slot for slot in self.slots if slot.start in starts)
        if not slots:
            message = "nothing to offer"
            raise IllegalStep(message)
        answers = dict(self.answers)
        if asker_agrees and self.request.asker in self.request.attendees:
            answers[self.request.asker] = Answer(tuple(s.start for s in slots))
        return replace(self, state=ProposalState.OFFERED, slots=slots, answers=answers)

    def accept(self, person_id: PersonId, start: int) -> Proposal:
        """Note that a person accepts one of the offered times."""
        answer = self.answers.get(person_id, Answer())
        alive = self.state in (ProposalState.OFFERED, ProposalState.ACCEPTED)
        if alive and start in answer.accepted:
            return self
        if self.state is not ProposalState.OFFERED or self.slot_at(start) is None:
            raise IllegalStep(self.state)
        accepted = Answer((*answer.accepted, start))
        return replace(self, answers={**self.answers, person_id: accepted})

    def agreed(self) -> int | None:
        """Return the first offered start that all who are needed accept, if there is one."""
        return next((slot.start for slot in self.slots if self.all_accept(slot.start)), None)

    def all_accept(self, start: int) -> bool:
        """Tell whether all who are needed accept a start."""
        return all(self.has_accepted(person, start) for person in self.request.needed)

    def has_accepted(self, person_id: PersonId, start: int) -> bool:
        """Tell whether a person accepts a start."""
        return start in self.answers.get(person_id, Answer()).accepted

    def has_declined(self, person_id: PersonId) -> bool:
        """Tell whether a person said that none of the times suits."""
        return self.answers.get(person_id, Answer()).declined

    def coming(self, start: int) -> frozenset[PersonId]:
        """Return who comes at a start: who is needed, and of the others who have accepted it."""
        hoped = [p for p in self.request.attendees if self.has_accepted(p, start)]
        return frozenset((*self.request.needed, *hoped))

    def waiting_for(self) -> tuple[PersonId, ...]:
        """Return those who are needed and have not answered."""
        return tuple(p for p in self.request.needed if p not in self.answers)

    def decline(self, person_id: PersonId) -> Proposal:
        """Note that none of the times suits a person.

        The proposal ends if they are needed; in a vote once nobody but the asker is left.
        """
        if self.state is ProposalState.DECLINED:
            return self
        if self.state is not ProposalState.OFFERED:
            raise IllegalStep(self.state)
        if self.answers.get(person_id, Answer()).declined:
            return self
        answers = {**self.answers, person_id: Answer(declined=True)}
        voters = [p for p in self.request.needed if p != self.request.asker]
        left = [p for p in voters if not answers.get(p, Answer()).declined]
        ends = person_id in voters and not (self.request.is_vote and left)
        state = ProposalState.DECLINED if ends else ProposalState.OFFERED
        return replace(self, state=state, answers=answers)

    def standing(self, start: int) -> Standing:
        """Return who of those who are asked and needed can come at a start."""
        voters = [p for p in self.request.needed if p != self.request.asker]
        return Standing(
            start,
            tuple(p for p in voters if self.has_accepted(p, start)),
            tuple(p for p in voters if p in self.answers and not self.has_accepted(p, start)),
            tuple(p for p in voters if p not in self.answers),
        )

    def favourite(self, after: int) -> Standing | None:
        """Return the time of a vote that most can come at, the earliest of several; None when
        nobody can at any after `after` (epoch seconds).
        """
        found = [self.standing(slot.start) for slot in self.slots if slot.start > after]
        some = [one for one in found if self._is_enough(one)]
        if not self.request.is_vote or not some:
            return None
        return min(some, key=lambda one: (-len(one.yes), one.start))

    def _is_enough(self, one: Standing) -> bool:
        """Tell whether two people could meet; who arranges it for others is none of them."""
        return len(one.yes) > (0 if self.request.asker in self.request.attendees else 1)

    def settle(self, start: int) -> Proposal:
        """Take a time of a vote without those who have not accepted it: they become optional.

        It is the asker who decides that, and thereby accepts it; also after the vote has expired.
        """
        alive = self.state in (ProposalState.OFFERED, ProposalState.EXPIRED)
        request, slot = self.request, self.slot_at(start)
        votes = alive and request.is_vote and slot is not None
        if not votes or not self._is_enough(self.standing(start)):
            raise IllegalStep(self.state)
        given = self.answers.get(request.asker, Answer()).accepted
        answers = {**self.answers, request.asker: Answer(tuple(dict.fromkeys((*given, start))))}
        asked = replace(self, state=ProposalState.OFFERED, answers=answers)
        yes = self.standing(start).yes
        out = tuple(p for p in request.needed if p != request.asker and p not in yes)
        return replace(asked, request=replace(request, optional=(*request.optional, *out)))

    def book(self, meeting_id: MeetingId) -> Proposal:
        """Close it: one of its times has become (or moved) a meeting."""
        if self.state is ProposalState.ACCEPTED and self.meeting_id == meeting_id:
            return self
        if not self.is_open:
            raise IllegalStep(self.state)
        return replace(self, state=ProposalState.ACCEPTED, meeting_id=meeting_id)

    def end(self, state: ProposalState, replaced_by: ProposalId | None = None) -> Proposal:
        """Close it as expired, withdrawn or superseded; a closed one stays as it is."""
        if not self.is_open:
            return self
        return replace(self, state=state, replaced_by=replaced_by)
