"""Effects that fail: retried with patience, given up where people see it."""

from dataclasses import replace

import pytest

from core.effects import CAP, Effect, EffectKind, EffectState
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    ProviderError,
    RateLimited,
    Unavailable,
)
from core.ids import MeetingId, PersonId
from core.links import LinkState
from core.notices import NoticeKind
from core.repositories import Tx
from core.use_cases.connect_calendar import disconnect
from core.use_cases.deliver import deliver
from tests.unit.core.use_cases.steps import FOUR, again, booked, moved, one, run
from tests.unit.core.use_cases.world import (
    DORA,
    HOUR,
    INES,
    NOAH,
    NOW,
    PROGRAMME,
    TIMED,
    TOVE,
    World,
    request,
)

K, S, N = EffectKind, EffectState, NoticeKind


# --- what may work later ---------------------------------------------------------------------


async def test_a_service_that_is_away_is_tried_again_with_patience(world: World) -> None:
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    world.calendars.fail(Unavailable("not now"), times=3)
    for attempt in range(1, 4):
        assert effect.attempts == attempt
        assert await run(world, effect) is None
        stored = await world.effect(effect.id)
        assert stored.state is S.READY
        assert world.clock.at < stored.due_at <= world.clock.at + CAP + 1
        assert "Unavailable" in stored.last_error
        effect = await again(world, effect)
    assert await run(world, effect) is S.DONE
    assert len(world.calendars.events(world.main[NOAH])) == 1


async def test_a_wait_that_is_asked_for_is_kept(world: World) -> None:
    await booked(world)
    world.mail.failure = RateLimited("slowly", retry_after=7 * HOUR)
    effect = await one(world, K.MAIL_DETAILS, NOAH)
    assert await run(world, effect) is None
    assert (await world.effect(effect.id)).due_at >= NOW + 7 * HOUR


async def test_one_broken_calendar_holds_back_nobody_else(world: World) -> None:
    await booked(world)
    world.calendars.fail(Unavailable("not now"), times=99, calendar_id=world.main[NOAH])
    await world.work()
    assert len(world.calendars.events(world.main[INES])) == 1
    assert len(world.mail.sent) == 2
    assert N.BOOKED in world.chat.to(INES)
    waiting = [e for e in world.effects() if e.state is S.READY and e.kind not in TIMED]
    assert [(e.kind, e.person_id) for e in waiting] == [(K.PLACE_EVENT, NOAH)]


async def test_trying_ends_visibly(world: World) -> None:
    await booked(world)
    world.calendars.fail(Unavailable("not now"), times=999, calendar_id=world.main[NOAH])
    await world.work()
    (effect,) = [e for e in world.effects(K.PLACE_EVENT) if e.person_id == NOAH]
    world.clock.at = effect.give_up_at - 1
    await world.work()
    assert (await world.effect(effect.id)).state is S.READY
    world.clock.at += CAP + 2
    await world.work()
    dead = await world.effect(effect.id)
    assert dead.state is S.DEAD
    assert "Unavailable" in dead.last_error
    for responsible in (NOAH, DORA):  # the owner and the programme's administrator
        (told,) = world.notices(responsible, N.GIVEN_UP)
        assert told.payload["person"] == NOAH
        assert told.payload["what"] == K.PLACE_EVENT
    assert world.notices(INES, N.GIVEN_UP) == []
    assert world.chat.to(NOAH).count(N.GIVEN_UP) == 1


async def test_without_an_administrator_of_the_programme_a_global_one_is_told(
    world: World,
) -> None:
    def resign(tx: Tx) -> None:
        for membership in tx.programmes.members(PROGRAMME):
            if membership.person_id == DORA:
                tx.programmes.leave(membership)

    await world.store.transact(resign)
    await booked(world)
    world.mail.failure = InvalidRequest("no such address")
    await world.work()
    told = [e.person_id for e in world.effects(K.NOTIFY) if ":given_up:" in e.key]
    assert set(told) == {NOAH, INES, PersonId("gus")}


async def test_an_answer_that_makes_no_sense_is_tried_a_few_times(world: World) -> None:
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    world.calendars.fail(BadData("no calendar text"), times=99)
    for _ in range(5):
        assert await run(world, effect) is None
        effect = await again(world, effect)
    assert await run(world, effect) is S.DEAD


async def test_a_lost_lease_records_nothing(world: World) -> None:
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    late = replace(effect, lease="another worker's")
    for error in (Unavailable("not now"), InvalidRequest("never")):
        world.calendars.fail(error)
        before = world.everything()
        await run(world, late)
        assert world.everything() == before


# --- what never works ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        NotConnected("no right"),
        AccessRevoked("wrong password"),
        ConsentRequiredByAdmin("ask"),
        InvalidRequest("never"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_can_never_work_is_given_up_at_once(world: World, error: ProviderError) -> None:
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    world.calendars.fail(error)
    assert await run(world, effect) is S.DEAD
    stored = await world.effect(effect.id)
    assert (stored.state, stored.attempts) == (S.DEAD, 1)
    assert type(error).__name__ in stored.last_error
    assert len(world.notices(DORA, N.GIVEN_UP)) == 1
    revoked = isinstance(error, AccessRevoked)
    assert ((await world.grant(NOAH)).state is LinkState.BROKEN) == revoked
    assert len(world.notices(NOAH, N.LINK_BROKEN)) == revoked


async def test_a_refused_calendar_is_told_of_once_however_it_shows(world: World) -> None:
    world.change_password(NOAH)
    await booked(world)
    await world.work()
    await world.find(request(INES, NOAH))
    assert len(world.notices(NOAH, N.LINK_BROKEN)) == 1


async def test_a_given_up_row_frees_its_lane(world: World) -> None:
    meeting = await booked(world)
    world.calendars.fail(InvalidRequest("never"), calendar_id=world.main[NOAH])
    await world.work()
    await moved(world, meeting)
    await world.work()
    copies = world.calendars.events(world.main[NOAH])
    assert [(copy.start, copy.sequence) for copy in copies] == [(FOUR, 1)]


async def test_a_mail_without_a_way_is_given_up(world: World) -> None:
    await world.change(TOVE, email="nowhere")
    await booked(world, INES, TOVE)
    await world.work()
    (mail,) = [e for e in world.effects(K.MAIL_INVITE) if e.person_id == TOVE]
    assert mail.state is S.DEAD
    assert len(world.notices(DORA, N.GIVEN_UP)) == 1


async def test_a_chat_that_cannot_be_reached_is_given_up_without_a_word(world: World) -> None:
    """A notice about a notice would never end."""
    await booked(world)
    world.chat.failure = NotConnected("blocked")
    await world.work()
    assert {e.state for e in world.effects(K.NOTIFY)} == {S.DEAD}
    assert [e for e in world.effects(K.NOTIFY) if ":given_up:" in e.key] == []


async def test_a_calendar_that_was_disconnected_is_named(world: World) -> None:
    await booked(world)
    await disconnect(world.ports, NOAH)
    await world.work()
    (effect,) = [e for e in world.effects(K.PLACE_EVENT) if e.person_id == NOAH]
    assert effect.state is S.DEAD
    assert "NotConnected" in effect.last_error


async def test_a_service_that_this_installation_lost_is_given_up_visibly(world: World) -> None:
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    ports = replace(world.ports, calendars={})
    assert await deliver(ports, world.means, effect) is S.DEAD
    assert len(world.notices(DORA, N.GIVEN_UP)) == 1


async def test_an_effect_about_nothing_is_given_up(world: World) -> None:
    lost = Effect("lost", K.MAIL_INVITE, NOW, meeting_id=MeetingId("none"), person_id=INES)
    await world.store.transact(lambda tx: tx.effects.add(lost))
    (effect,) = await world.claim()
    assert await run(world, effect) is S.DEAD


async def test_errors_are_stored_short_and_without_secrets(world: World) -> None:
    await booked(world)
    world.change_password(NOAH)
    world.mail.failure = InvalidRequest("x" * 1000)
    await world.work()
    for effect in world.effects():
        assert len(effect.last_error) <= 300
        assert "a password" not in str(effect)
