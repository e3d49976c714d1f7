"""Whether a mailed invitation has come into a calendar that files it, and what it says (X4)."""

from dataclasses import replace

import pytest

from adapters.memory.calendar import MemoryCalendars
from core.arrival import HERE, LOOKS, MISSING, MOOT, NOT_YET, PATIENCE
from core.booking.meeting import Meeting, Rsvp
from core.effects import Effect, EffectKind, EffectState
from core.errors import AccessRevoked, ProviderError, Unavailable
from core.ids import GrantId
from core.links import LinkState, Provider, Tier
from core.notices import NoticeKind
from core.use_cases import change_meeting
from core.use_cases.administer import deliveries
from core.use_cases.connect_calendar import disconnect
from tests.unit.core.use_cases.steps import booked, entry, moved
from tests.unit.core.use_cases.world import DORA, INES, NOAH, NOW, PROGRAMME, TOVE, World

K, N, S = EffectKind, NoticeKind, EffectState


async def invited(
    world: World, provider: Provider = Provider.MICROSOFT, tier: Tier = Tier.WRITE
) -> tuple[MemoryCalendars, Meeting]:
    """Book Tove, whose calendar is at Microsoft, for a session of Ines's; let the mail go out."""
    known = {Provider.CALDAV: world.calendars, Provider.GOOGLE: world.google}
    service = known.get(provider) or world.add_service(provider)
    await world.connect(TOVE, service=service, tier=tier)
    await world.set("meeting.owner", "asker")
    meeting = await booked(world, INES, TOVE)
    await world.work()
    return service, meeting


def file(
    world: World, service: MemoryCalendars, meeting: Meeting, answer: Rsvp = Rsvp.NEEDS_ACTION
) -> None:
    """Exchange files the invitation; Tove may have answered it there."""
    service.file(world.main[TOVE], meeting.uid, meeting.span, answer)


async def after(world: World, *seconds: int) -> Effect:
    """Let the mail be so old at each step; return the latest look."""
    for second in seconds:
        world.clock.at = NOW + second
        await world.work()
    return world.effects(K.CHECK_ARRIVAL)[-1]


async def test_it_is_looked_some_minutes_after_the_mail_and_the_log_says_so(world: World) -> None:
    service, meeting = await invited(world)
    (check,) = world.effects(K.CHECK_ARRIVAL)
    assert (check.person_id, check.due_at, check.state) == (TOVE, NOW + LOOKS[0], S.READY)
    file(world, service, meeting)
    done = await after(world, LOOKS[0])
    assert (done.state, done.last_error) == (S.DONE, HERE)
    assert entry(await world.meeting(meeting.id), TOVE).rsvp is Rsvp.NEEDS_ACTION


async def test_what_comes_late_is_found_later(world: World) -> None:
    service, meeting = await invited(world)
    waiting = await after(world, *LOOKS[:2])
    assert (waiting.state, waiting.last_error) == (S.READY, NOT_YET)
    file(world, service, meeting)
    done = await after(world, LOOKS[2])
    assert (done.state, done.last_error, done.attempts) == (S.DONE, HERE, 3)


async def test_what_never_comes_stands_in_the_delivery_log_and_can_be_looked_for_again(
    world: World,
) -> None:
    service, meeting = await invited(world)
    dead = await after(world, *LOOKS)
    assert (dead.state, dead.last_error, dead.attempts) == (S.DEAD, MISSING, len(LOOKS))
    assert world.notices(INES, N.GIVEN_UP) == world.notices(DORA, N.GIVEN_UP) == []
    (shown,) = await deliveries.given_up(world.ports, DORA, PROGRAMME)
    assert shown.effect == dead
    file(world, service, meeting)
    assert dead.id is not None
    await deliveries.retry(world.ports, DORA, dead.id)
    await world.work()
    assert (await world.effect(dead.id)).state is S.DONE


@pytest.mark.parametrize("answer", [Rsvp.ACCEPTED, Rsvp.TENTATIVE, Rsvp.DECLINED])
async def test_an_answer_that_is_found_counts_like_one_in_chat(world: World, answer: Rsvp) -> None:
    service, meeting = await invited(world)
    file(world, service, meeting, answer)
    done = await after(world, LOOKS[0])
    assert done.last_error == f"{HERE}: {answer.value}"
    stored = await world.meeting(meeting.id)
    assert entry(stored, TOVE).rsvp is answer
    assert stored.sequence == 0
    (told,) = world.notices(INES, N.RSVP)
    assert (told.payload["by"], told.payload["answer"]) == (TOVE, answer.value)
    assert world.notices(TOVE, N.RSVP) == []


async def test_an_answer_in_chat_meanwhile_counts_more(world: World) -> None:
    service, meeting = await invited(world)
    await change_meeting.answer(world.ports, meeting.id, TOVE, Rsvp.DECLINED)
    file(world, service, meeting, Rsvp.ACCEPTED)
    await after(world, LOOKS[0])
    assert entry(await world.meeting(meeting.id), TOVE).rsvp is Rsvp.DECLINED
    assert len(world.notices(INES, N.RSVP)) == 1


async def test_who_has_said_no_is_not_missed(world: World) -> None:
    """What is declined in Outlook leaves the calendar."""
    _, meeting = await invited(world)
    await change_meeting.answer(world.ports, meeting.id, TOVE, Rsvp.DECLINED)
    done = await after(world, LOOKS[0])
    assert (done.state, done.last_error) == (S.DONE, MOOT)


async def test_mail_is_filed_in_the_accounts_own_calendar_which_may_be_another(
    world: World,
) -> None:
    service, meeting = await invited(world)
    own = service.add_calendar("tove@work.example", "Calendar", default=True)
    service.file(own, meeting.uid, meeting.span, Rsvp.NEEDS_ACTION)
    assert (await after(world, LOOKS[0])).last_error == HERE


@pytest.mark.parametrize(
    ("provider", "tier"),
    [
        (Provider.MICROSOFT, Tier.BUSY),
        (Provider.GOOGLE, Tier.BUSY),
        (Provider.GOOGLE, Tier.WRITE),
        (Provider.CALDAV, Tier.BUSY),
    ],
)
async def test_elsewhere_nothing_is_looked_for(
    world: World, provider: Provider, tier: Tier
) -> None:
    await invited(world, provider, tier)
    assert world.effects(K.CHECK_ARRIVAL) == []


async def test_a_mail_to_another_address_is_not_looked_for(world: World) -> None:
    service = world.add_service(Provider.MICROSOFT)
    await world.connect(TOVE, service=service)
    await world.store.transact(
        lambda tx: tx.links.save_grant(
            replace(tx.links.grant(GrantId("grant-tove-work")), account="tove")
        )
    )
    await world.set("meeting.owner", "asker")
    await booked(world, INES, TOVE)
    await world.work()
    assert len(world.mail.to("tove@larch.example")) == 1
    assert world.effects(K.CHECK_ARRIVAL) == []


async def test_each_version_is_looked_for_at_its_time(world: World) -> None:
    service, meeting = await invited(world)
    file(world, service, meeting)
    later = await moved(world, meeting)
    await world.work()
    await after(world, LOOKS[0])
    first, second = world.effects(K.CHECK_ARRIVAL)
    assert (first.state, first.last_error) == (S.DONE, MOOT)
    assert (second.state, second.last_error) == (S.READY, NOT_YET)
    file(world, service, later)
    assert (await after(world, LOOKS[1])).last_error == HERE


async def test_what_is_cancelled_or_left_is_not_looked_for(world: World) -> None:
    _, meeting = await invited(world)
    await change_meeting.cancel(world.ports, meeting.id, INES)
    assert (await after(world, LOOKS[0])).last_error == MOOT
    await booked(world, INES, TOVE)
    await world.work()
    await disconnect(world.ports, TOVE)
    assert (await after(world, LOOKS[0] * 2)).last_error == MOOT


@pytest.mark.parametrize(
    ("error", "state"),
    [(Unavailable("away"), LinkState.OK), (AccessRevoked("no longer"), LinkState.BROKEN)],
)
async def test_a_calendar_that_cannot_be_read_ends_quietly(
    world: World, error: ProviderError, state: LinkState
) -> None:
    service, _ = await invited(world)
    service.fail(error, times=1000)
    steps = range(LOOKS[0], PATIENCE + 2000, 900)
    dead = await after(world, *steps)
    assert dead.state is S.DEAD
    assert (await world.grant(TOVE)).state is state
    assert [e for p in (INES, TOVE, NOAH, DORA) for e in world.notices(p, N.GIVEN_UP)] == []
