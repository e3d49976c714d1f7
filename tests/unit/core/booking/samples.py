"""A proposal and a meeting of three people, for the machines and for the plan."""

from dataclasses import replace

from core.booking.meeting import Attendee, Meeting, MeetingState, Path, Rsvp
from core.booking.proposal import Answer, MeetingRequest, Proposal, ProposalState, Slot
from core.ids import LinkId, MeetingId, PersonId, ProgrammeId, ProposalId

NOW = 1_800_000_000
HOUR = 3600
TEN, ELEVEN, NOON = (NOW + 86_400 + n * HOUR for n in range(3))

ASKER, GUEST, THIRD = PersonId("asker"), PersonId("guest"), PersonId("third")

REQUEST = MeetingRequest(
    programme_id=ProgrammeId("programme"),
    asker=ASKER,
    attendees=(ASKER, GUEST, THIRD),
    minutes=60,
    windows=((TEN, NOON + HOUR),),
    zone="Europe/Oslo",
)
DRAFTED = Proposal(
    id=ProposalId("proposal"),
    request=REQUEST,
    slots=tuple(Slot(start, start + HOUR) for start in (TEN, ELEVEN, NOON)),
    made_at=NOW,
    expires_at=NOON,
)


def proposal(state: ProposalState) -> Proposal:
    """Return a proposal in a state, reached the way it is reached."""
    offered = DRAFTED.offer((TEN, ELEVEN))
    match state:
        case ProposalState.DRAFTED:
            return DRAFTED
        case ProposalState.OFFERED:
            return offered
        case ProposalState.ACCEPTED:
            return offered.accept(GUEST, TEN).accept(THIRD, TEN).book(MeetingId("meeting"))
        case ProposalState.DECLINED:
            return offered.decline(THIRD).decline(GUEST)
        case _:
            return offered.end(state)


def yes(*starts: int) -> Answer:
    """Return the acceptance of times."""
    return Answer(accepted=starts)


def attendee(person: str, path: Path, rsvp: Rsvp = Rsvp.NEEDS_ACTION) -> Attendee:
    """Return an attendee who is reached by a path."""
    link = LinkId(f"link-of-{person}") if path is Path.CALENDAR else None
    email = f"{person}@example.org"
    return Attendee(PersonId(person), person.title(), email, "Europe/Oslo", path, link, rsvp)


MEETING = Meeting(
    id=MeetingId("meeting"),
    programme_id=ProgrammeId("programme"),
    proposal_id=DRAFTED.id,
    owner=GUEST,
    attendees=(
        attendee(ASKER, Path.INVITE),
        attendee(GUEST, Path.CALENDAR, Rsvp.ACCEPTED),
        attendee(THIRD, Path.PUBLISH),
    ),
    start=TEN,
    end=ELEVEN,
    zone="Europe/Oslo",
    title="A session",
    uid="meeting@tandem.example.org",
)
CANCELLED = MEETING.cancel(NOW)
HELD = replace(MEETING, state=MeetingState.HELD)
