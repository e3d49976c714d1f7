"""The first steps of many tests: a request for exact times, an offer that waits."""

from core.booking.meeting import Attendee, Meeting
from core.booking.proposal import MeetingRequest, Proposal
from core.effects import Effect, EffectKind, EffectState
from core.ids import PersonId
from core.use_cases.deliver import deliver
from tests.unit.core.use_cases.world import HOUR, INES, NOAH, TUESDAY, World, request

TWO, THREE, FOUR = (TUESDAY + n * HOUR for n in (14, 15, 16))


def stated(*people: PersonId, starts: tuple[int, ...] = (TWO, THREE, FOUR)) -> MeetingRequest:
    """Return a request for exact times; the first person asks."""
    return request(*people, window=(TWO, FOUR + HOUR), starts=starts)


async def open_proposal(world: World, *people: PersonId) -> Proposal:
    """Return a proposal of three times that waits for the invitees."""
    return await world.offered(stated(*(people or (INES, NOAH))))


def entry(meeting: Meeting | None, person: PersonId) -> Attendee:
    """Return a person's entry in a meeting."""
    assert meeting is not None
    found = meeting.attendee(person)
    assert found is not None
    return found


async def booked(world: World, *people: PersonId, start: int = TWO) -> Meeting:
    """Return a session of which nothing has been sent yet."""
    people = people or (INES, NOAH)
    return await world.booked(request(*people, window=(start, start + 1800), starts=(start,)))


async def moved(world: World, meeting: Meeting, start: int = FOUR) -> Meeting:
    """Move a session."""
    window = (start, start + 1800)
    return await world.booked(
        request(*meeting.people, window=window, starts=(start,), moves=meeting.id)
    )


async def one(world: World, kind: EffectKind, person: PersonId) -> Effect:
    """Claim everything due and return the one effect of a kind for a person, as claimed."""
    found = [e for e in await world.claim() if (e.kind, e.person_id) == (kind, person)]
    assert len(found) == 1
    return found[0]


async def again(world: World, effect: Effect) -> Effect:
    """Let the lease of an effect run out and claim it once more."""
    stored = await world.effect(effect.id)
    world.clock.at = max(world.clock.at, stored.due_at)
    claimed = await world.claim(f"later-{world.clock.at}")
    return next(e for e in claimed if e.id == effect.id)


async def run(world: World, effect: Effect) -> EffectState | None:
    """Carry out one effect."""
    return await deliver(world.ports, world.means, effect)
