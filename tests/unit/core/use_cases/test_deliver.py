"""Carrying out effects: once, in order, retried with patience, given up where people see it."""

from dataclasses import replace

import pytest

from core.booking.meeting import Meeting, Rsvp
from core.booking.proposal import ProposalState
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
from core.notices import Notice, NoticeKind, as_effect
from core.ports import Receipt
from core.repositories import Tx
from core.use_cases.answer_proposal import Outcome, accept
from core.use_cases.change_meeting import answer, cancel
from core.use_cases.connect_calendar import disconnect
from core.use_cases.deliver import deliver, first_tend
from tests.unit.core.use_cases.world import (
    DAY,
    DORA,
    HOUR,
    INES,
    NOAH,
    NOW,
    PROGRAMME,
    TOVE,
    TUESDAY,
    World,
    request,
)

K, S, N = EffectKind, EffectState, NoticeKind
TWO, FOUR = TUESDAY + 14 * HOUR, TUESDAY + 16 * HOUR


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


# --- what goes well ---------------------------------------------------------------------------


async def test_everything_is_done_once(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    sent, copies = len(world.mail.sent), world.calendars.events(world.main[NOAH])
    assert sent == 2
    assert [copy.uid for copy in copies] == [meeting.uid]
    assert await world.work() == []
    assert len(world.mail.sent) == sent


async def test_where_a_copy_lies_is_remembered(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    refs = await world.store.read(lambda tx: tx.meetings.refs(meeting.id))
    assert {ref.link_id for ref in refs} == {f"link-{p}-work" for p in (INES, NOAH)}
    assert {ref.sequence for ref in refs} == {0}


async def test_notices_arrive_in_order(world: World) -> None:
    meeting = await booked(world)
    await moved(world, meeting)
    await cancel(world.ports, meeting.id, NOAH)
    await world.work()
    kinds = [kind for kind in world.chat.to(INES) if kind is not N.PROPOSAL]
    assert kinds == [N.BOOKED, N.MOVED, N.CANCELLED]


# --- once is enough ---------------------------------------------------------------------------


async def test_a_copy_written_twice_is_one_event(world: World) -> None:
    """The worker wrote and crashed before it could say so; the row comes again."""
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    lost = replace(effect, lease="somebody else's")
    assert await run(world, lost) is S.DONE
    assert (await world.effect(effect.id)).state is S.READY
    assert await run(world, await again(world, effect)) is S.DONE
    assert (await world.effect(effect.id)).state is S.DONE
    assert len(world.calendars.events(world.main[NOAH])) == 1


async def test_a_write_whose_answer_was_lost_is_repeated_and_stays_one_event(world: World) -> None:
    await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    world.calendars.lose_answer()
    assert await run(world, effect) is None
    assert await run(world, await again(world, effect)) is S.DONE
    assert len(world.calendars.events(world.main[NOAH])) == 1


@pytest.mark.parametrize("how", ["the worker crashed", "the answer was lost"])
async def test_what_was_written_unseen_is_still_taken_away(world: World, how: str) -> None:
    """Written, but not known to be; then called off. Nothing may stay in the calendar."""
    meeting = await booked(world)
    effect = await one(world, K.PLACE_EVENT, NOAH)
    if how == "the worker crashed":
        await run(world, replace(effect, lease="somebody else's"))
    else:
        world.calendars.lose_answer()
        assert await run(world, effect) is None
    assert len(world.calendars.events(world.main[NOAH])) == 1
    await cancel(world.ports, meeting.id, INES)
    world.clock.at += 2 * HOUR
    await world.work()
    assert world.calendars.events(world.main[NOAH]) == []


async def test_a_removal_repeated_is_a_removal(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    await cancel(world.ports, meeting.id, INES)
    effect = await one(world, K.REMOVE_EVENT, NOAH)
    world.calendars.lose_answer()
    assert await run(world, effect) is None
    assert await run(world, await again(world, effect)) is S.DONE
    assert world.calendars.events(world.main[NOAH]) == []


# --- what has moved on ------------------------------------------------------------------------


async def test_what_is_superseded_does_nothing(world: World) -> None:
    meeting = await booked(world)
    await moved(world, meeting)
    await world.work()
    for person in (INES, NOAH):
        mails = [mail.subject for mail in world.mail.to(f"{person}@work.example")]
        assert mails == ["details 1"]
        copies = world.calendars.events(world.main[person])
        assert [(copy.start, copy.sequence) for copy in copies] == [(FOUR, 1)]
    assert {e.state for e in world.effects() if e.kind is not K.EXPIRE} == {S.DONE}


async def test_a_superseded_write_leaves_the_writing_to_the_newer_one(world: World) -> None:
    meeting = await booked(world)
    await moved(world, meeting)
    old = await one(world, K.PLACE_EVENT, NOAH)
    assert old.sequence == 0
    assert await run(world, old) is S.DONE
    assert world.calendars.events(world.main[NOAH]) == []


async def test_an_old_write_that_comes_late_does_not_undo_the_new_one(world: World) -> None:
    meeting = await booked(world)
    old = await one(world, K.PLACE_EVENT, NOAH)
    await run(world, replace(old, lease="somebody else's"))  # written; nobody knows
    await moved(world, meeting)
    world.clock.at += HOUR
    await world.work()
    assert await run(world, old) is S.DONE
    copies = world.calendars.events(world.main[NOAH])
    assert [(copy.start, copy.sequence) for copy in copies] == [(FOUR, 1)]


async def test_an_answer_supersedes_nothing(world: World) -> None:
    meeting = await booked(world)
    await answer(world.ports, meeting.id, INES, Rsvp.DECLINED)
    await world.work()
    assert [mail.subject for mail in world.mail.to("ines@work.example")] == ["details 0"]
    assert len(world.calendars.events(world.main[INES])) == 1


@pytest.mark.parametrize("what", ["changed", "deleted"])
async def test_a_copy_touched_by_hand_is_written_anew(world: World, what: str) -> None:
    meeting = await booked(world)
    await world.work()
    refs = await world.store.read(lambda tx: tx.meetings.refs(meeting.id))
    for ref in refs:
        receipt = Receipt(ref.remote_id, ref.etag)
        (world.calendars.touch if what == "changed" else world.calendars.drop)(receipt)
    await moved(world, meeting)
    await world.work()
    for person in (INES, NOAH):
        copies = world.calendars.events(world.main[person])
        assert [(copy.start, copy.sequence) for copy in copies] == [(FOUR, 1)]


async def test_a_copy_deleted_by_hand_can_still_be_called_off(world: World) -> None:
    meeting = await booked(world)
    await world.work()
    for ref in await world.store.read(lambda tx: tx.meetings.refs(meeting.id)):
        world.calendars.drop(Receipt(ref.remote_id, ref.etag))
    await cancel(world.ports, meeting.id, INES)
    await world.work()
    assert {e.state for e in world.effects(K.REMOVE_EVENT)} == {S.DONE}


# --- what may work later ----------------------------------------------------------------------


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
    waiting = [e for e in world.effects() if e.state is S.READY]
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
    assert set(told) == {NOAH, PersonId("gus")}


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


# --- what never works -------------------------------------------------------------------------


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


# --- the passing of time ----------------------------------------------------------------------


async def test_a_proposal_that_ended_before_does_not_expire(world: World) -> None:
    proposal = await world.offered(request(INES, NOAH))
    world.clock.at = proposal.expires_at
    (claimed,) = [e for e in await world.claim() if e.kind is K.EXPIRE]
    world.clock.at -= 1  # the last answer comes in the same moment
    start = max(slot.start for slot in proposal.slots)
    assert (await accept(world.ports, proposal.id, NOAH, start)).outcome is Outcome.BOOKED
    world.clock.at += 1
    assert await run(world, claimed) is S.DONE
    assert (await world.proposal(proposal.id)).state is ProposalState.ACCEPTED


async def test_cleaning_up_comes_again_and_deletes_what_is_old(world: World) -> None:
    def work(tx: Tx) -> None:
        tx.effects.add(first_tend(NOW))
        tx.effects.add(as_effect(Notice(INES, N.BOOKED), "old", NOW))
        tx.conversations.save("old", {}, NOW)

    await world.store.transact(work)
    await world.work(rounds=1)
    for _ in range(2):
        world.clock.at += HOUR
        await world.work(rounds=1)
    assert len([e for e in world.effects(K.TEND) if e.state is S.READY]) == 1
    world.clock.at += 31 * DAY
    await world.work(rounds=1)
    assert await world.store.read(lambda tx: tx.conversations.load("old")) is None
    assert world.effects(K.NOTIFY)
    world.clock.at += 60 * DAY
    await world.work(rounds=1)
    assert world.effects(K.NOTIFY) == []
    assert [e.state for e in world.effects(K.TEND)][-1] is S.READY
