"""The link of a virtual session: made before people are told, and never in their way (Y13)."""

import pytest

from adapters.memory.calendar import MemoryCalendars
from core.booking.meeting import Meeting, Rsvp
from core.booking.plan import LINK_GIVE_UP, LINK_PATIENCE
from core.effects import EffectKind, EffectState
from core.errors import AccessRevoked, ProviderError, RateLimited, RemoteMissing, Unavailable
from core.ids import PersonId
from core.links import LinkState, Provider, Tier
from core.notices import NoticeKind
from core.ports import Room
from core.use_cases import change_meeting
from tests.unit.core.use_cases.steps import FOUR, booked, entry, moved
from tests.unit.core.use_cases.world import INES, NOW, TIMED, TOVE, World

K, N, S = EffectKind, NoticeKind, EffectState
LINK = "https://meet.example.org/"


async def with_owner(world: World, provider: Provider = Provider.GOOGLE) -> MemoryCalendars:
    """Connect Tove, who owns her sessions with Ines."""
    service = world.google if provider is Provider.GOOGLE else world.add_service(provider)
    await world.connect(TOVE, service=service)
    return service


async def pass_time(world: World, seconds: int, step: int = 1) -> None:
    """Let time pass, and do what falls due."""
    end = world.clock.at + seconds
    while world.clock.at < end:
        world.clock.at = min(end, world.clock.at + step)
        await world.work()


def told(world: World, person: PersonId) -> list[tuple[str, bool]]:
    """Return a person's mails by subject, and whether each has the link."""
    return [(m.subject, m.text.startswith(LINK)) for m in world.mail.to(f"{person}@work.example")]


def link_effect(world: World) -> EffectState:
    """Return where the making of the link stands."""
    (effect,) = world.effects(K.MAKE_LINK)
    return effect.state


# --- the normal case --------------------------------------------------------------------------


@pytest.mark.parametrize("provider", [Provider.GOOGLE, Provider.MICROSOFT])
async def test_everybody_gets_one_invitation_with_the_link(
    world: World, provider: Provider
) -> None:
    service = await with_owner(world, provider)
    meeting = await booked(world, INES, TOVE)
    await world.work()
    stored = await world.meeting(meeting.id)
    assert stored.place.startswith(LINK)
    assert stored.sequence == 0
    assert world.mail.sent == []
    await pass_time(world, 10)
    assert told(world, INES) == told(world, TOVE) == [("details 0", True)]
    for calendars, person in ((service, TOVE), (world.calendars, INES)):
        (copy,) = calendars.events(world.main[person])
        assert (copy.place, copy.sequence) == (stored.place, 0)
    await pass_time(world, 600, 30)
    assert len(world.mail.sent) == 2
    assert world.notices(TOVE, N.ASK_LINK) == []
    assert {e.state for e in world.effects() if e.kind not in TIMED} == {S.DONE}


async def test_who_is_invited_by_mail_gets_the_link_too(world: World) -> None:
    await with_owner(world)
    await world.connect(INES, tier=Tier.BUSY, name="work")
    await booked(world, INES, TOVE)
    await pass_time(world, 10)
    assert told(world, INES) == [("REQUEST 0", True)]


async def test_the_copy_keeps_its_room_when_it_moves(world: World) -> None:
    service = await with_owner(world)
    meeting = await booked(world, INES, TOVE)
    await pass_time(world, 10)
    place = (await world.meeting(meeting.id)).place
    await moved(world, meeting)
    await pass_time(world, 10)
    assert len(world.effects(K.MAKE_LINK)) == 1
    (copy,) = service.events(world.main[TOVE])
    assert (copy.start, copy.place) == (FOUR, place)
    assert told(world, INES) == [("details 0", True), ("details 1", True)]


async def test_what_is_known_already_is_not_made(world: World) -> None:
    await with_owner(world)
    await world.set("link", "https://meet.example.org/harbour")
    assert (await booked(world, INES, TOVE)).place == "https://meet.example.org/harbour"
    await world.change(TOVE, meeting_link="https://meet.example.org/tove")
    assert (await booked(world, INES, TOVE, start=FOUR)).place == "https://meet.example.org/tove"
    assert world.effects(K.MAKE_LINK) == []
    assert all("awaits" not in e.payload for e in world.effects())


@pytest.mark.parametrize("sync", ["on", "off"])
async def test_where_nothing_is_written_nothing_is_made(world: World, sync: str) -> None:
    await world.connect(TOVE, service=world.google, tier=Tier.BUSY)
    await world.set("sync", sync)
    await booked(world, INES, TOVE)
    assert world.effects(K.MAKE_LINK) == []
    assert len(world.notices(TOVE, N.ASK_LINK)) == 1


# --- when it does not work --------------------------------------------------------------------


async def test_an_account_without_rooms_is_asked_and_nobody_waits(world: World) -> None:
    service = await with_owner(world)
    service.meets = False
    await booked(world, INES, TOVE)
    await pass_time(world, 5)
    assert told(world, INES) == told(world, TOVE) == [("details 0", False)]
    assert len(world.notices(TOVE, N.ASK_LINK)) == 1
    assert link_effect(world) is S.DONE


class Broken(MemoryCalendars):
    """A service whose rooms fail until they are healed."""

    def __init__(self, error: ProviderError) -> None:
        """Fail with an error."""
        super().__init__(Provider.GOOGLE)
        self.error: ProviderError | None = error

    async def make(self, *args: object) -> Room | None:
        """Fail, or make a room."""
        if self.error is not None:
            raise self.error
        return await super().make(*args)  # type: ignore[arg-type]  # handed on as they came


async def with_broken(world: World, error: ProviderError) -> Broken:
    """Connect Tove at a service whose rooms fail."""
    service = Broken(error)
    world.google = service
    world.ports.calendars[Provider.GOOGLE] = service.service()
    await world.connect(TOVE, service=service)
    return service


async def test_a_slow_service_holds_nobody_longer_than_a_minute(world: World) -> None:
    service = await with_broken(world, Unavailable("not ready"))
    meeting = await booked(world, INES, TOVE)
    await pass_time(world, LINK_PATIENCE - 1)
    assert world.mail.sent == []
    assert world.calendars.events(world.main[INES]) == []
    await pass_time(world, 1)
    assert told(world, INES) == told(world, TOVE) == [("details 0", False)]
    assert len(world.calendars.events(world.main[INES])) == 1
    service.error = None
    await pass_time(world, 30)
    after = await world.meeting(meeting.id)
    assert (after.sequence, after.place.startswith(LINK)) == (1, True)
    assert told(world, INES) == [("details 0", False), ("details 1", True)]
    assert world.notices(INES, N.MOVED) == []
    assert world.notices(TOVE, N.ASK_LINK) == []


async def test_a_service_that_recovers_in_time_costs_nothing_but_time(world: World) -> None:
    service = await with_broken(world, Unavailable("not ready"))
    meeting = await booked(world, INES, TOVE)
    await pass_time(world, 10)
    service.error = None
    await pass_time(world, LINK_PATIENCE - 10)
    assert told(world, INES) == told(world, TOVE) == [("details 0", True)]
    assert (await world.meeting(meeting.id)).sequence == 0
    assert all(e.attempts <= 6 for e in world.effects(K.MAIL_DETAILS))


@pytest.mark.parametrize("error", [Unavailable("never"), RemoteMissing("deleted by hand")])
async def test_a_link_that_never_comes_is_asked_of_the_owner(
    world: World, error: ProviderError
) -> None:
    await with_broken(world, error)
    await booked(world, INES, TOVE)
    await pass_time(world, LINK_GIVE_UP, 5)
    assert link_effect(world) is S.DEAD
    assert told(world, INES) == told(world, TOVE) == [("details 0", False)]
    assert len(world.notices(TOVE, N.ASK_LINK)) == 1
    assert [e for p in (INES, TOVE) for e in world.notices(p, N.GIVEN_UP)] == []


async def test_what_the_service_asks_to_wait_is_waited(world: World) -> None:
    service = await with_broken(world, RateLimited("later", retry_after=40))
    await booked(world, INES, TOVE)
    await world.work()
    service.error = None
    await pass_time(world, 39)
    assert link_effect(world) is S.READY
    await pass_time(world, 1)
    assert link_effect(world) is S.DONE


async def test_a_revoked_account_is_told_as_such(world: World) -> None:
    await with_broken(world, AccessRevoked("no longer"))
    await booked(world, INES, TOVE)
    await pass_time(world, 5)
    assert told(world, INES) == told(world, TOVE) == [("details 0", False)]
    assert (await world.grant(TOVE)).state is LinkState.BROKEN
    assert len(world.notices(TOVE, N.ASK_LINK)) == 1


async def test_a_copy_that_cannot_be_written_takes_no_link_and_holds_nobody(world: World) -> None:
    service = await with_owner(world)
    meeting = await booked(world, INES, TOVE)
    service.fail(Unavailable("away"), times=1000)
    await pass_time(world, LINK_PATIENCE, 4)
    assert told(world, INES) == [("details 0", False)]
    service.heal()
    await pass_time(world, 1000, 10)
    after = await world.meeting(meeting.id)
    assert (after.sequence, after.place.startswith(LINK)) == (1, True)
    assert told(world, TOVE) == [("details 0", False), ("details 1", True)]


async def test_a_link_made_by_a_crashed_worker_is_found_again(world: World) -> None:
    service = await with_owner(world)
    meeting = await booked(world, INES, TOVE)
    await world.work(rounds=1)  # the copy; behind it the link is claimed, and its worker dies
    claimed = [e for e in await world.claim() if e.kind is K.MAKE_LINK]
    assert len(claimed) == 1
    grant, calendar_id = await world.grant(TOVE), world.main[TOVE]
    refs = await world.store.read(lambda tx: tx.meetings.refs(meeting.id))
    (ref,) = (r for r in refs if "tove" in r.link_id)
    made = await service.make(grant, calendar_id, ref)  # type: ignore[arg-type]  # same fields
    assert made is not None
    await pass_time(world, 200, 10)
    assert (await world.meeting(meeting.id)).place == made.url


# --- what happens meanwhile -------------------------------------------------------------------


async def meanwhile(world: World) -> tuple[Broken, Meeting]:
    """Book, and let some seconds pass in which the link does not come."""
    service = await with_broken(world, Unavailable("not ready"))
    meeting = await booked(world, INES, TOVE)
    await pass_time(world, 6)
    return service, meeting


async def test_a_session_cancelled_meanwhile_gets_none(world: World) -> None:
    service, meeting = await meanwhile(world)
    await change_meeting.cancel(world.ports, meeting.id, INES)
    service.error = None
    await pass_time(world, 400, 10)
    assert (await world.meeting(meeting.id)).place == ""
    assert told(world, INES) == told(world, TOVE) == [("details 1", False)]
    assert service.events(world.main[TOVE]) == []
    assert world.calendars.events(world.main[INES]) == []
    assert world.notices(TOVE, N.ASK_LINK) == []


async def test_a_session_moved_meanwhile_gets_its_link(world: World) -> None:
    service, meeting = await meanwhile(world)
    await moved(world, meeting)
    service.error = None
    await pass_time(world, 400, 5)
    after = await world.meeting(meeting.id)
    assert after.place.startswith(LINK)
    assert [link for _, link in told(world, INES)][-1] is True
    for calendars, person in ((service, TOVE), (world.calendars, INES)):
        (copy,) = calendars.events(world.main[person])
        assert (copy.start, copy.place, copy.sequence) == (FOUR, after.place, after.sequence)


async def test_an_owner_who_gives_a_link_meanwhile_is_believed(world: World) -> None:
    service, meeting = await meanwhile(world)
    await change_meeting.set_place(world.ports, TOVE, "https://meet.example.org/tove")
    service.error = None
    await pass_time(world, 400, 10)
    assert (await world.meeting(meeting.id)).place == "https://meet.example.org/tove"
    assert told(world, INES) == [("details 1", True)]
    assert link_effect(world) is S.DONE


async def test_an_answer_meanwhile_is_kept(world: World) -> None:
    service, meeting = await meanwhile(world)
    await change_meeting.answer(world.ports, meeting.id, INES, Rsvp.DECLINED)
    service.error = None
    await pass_time(world, 60)
    after = await world.meeting(meeting.id)
    assert after.place.startswith(LINK)
    assert entry(after, INES).rsvp is Rsvp.DECLINED


async def test_chat_is_told_at_once(world: World) -> None:
    await with_broken(world, Unavailable("not ready"))
    await booked(world, INES, TOVE)
    await world.work()
    assert world.clock.at == NOW
    assert N.BOOKED in world.chat.to(INES)
