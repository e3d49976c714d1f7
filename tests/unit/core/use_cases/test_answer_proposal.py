"""Offer, accept, decline, withdraw, expire: by the right person, once."""

import pytest

from core.booking.proposal import ProposalState
from core.effects import EffectKind, EffectState
from core.errors import IllegalStep, NotFound, Refused
from core.ids import PersonId, ProposalId
from core.notices import NoticeKind
from core.programme import Objection, Rule
from core.use_cases.answer_proposal import Outcome, accept, decline, offer, withdraw
from tests.unit.core.use_cases.steps import (
    FOUR,
    THREE,
    TWO,
    open_proposal,
    stated,
)
from tests.unit.core.use_cases.world import (
    DAY,
    DOMAIN,
    DORA,
    INES,
    MINUTE,
    NOAH,
    OMAR,
    RITA,
    TIMED,
    TOVE,
    TUESDAY,
    World,
    request,
)

S, N, K = ProposalState, NoticeKind, EffectKind


# --- offering --------------------------------------------------------------------------------


async def test_an_offer_asks_the_invitees_and_nobody_else(world: World) -> None:
    drafted = await world.drafted(stated(INES, NOAH, OMAR))
    result = await offer(world.ports, drafted.id, INES, (TWO, FOUR))
    assert (result.outcome, result.fresh, result.meeting) == (Outcome.OFFERED, True, None)
    assert {slot.start for slot in result.proposal.slots} == {TWO, FOUR}
    assert set(result.proposal.answers) == {INES}
    assert [len(world.notices(p, N.PROPOSAL)) for p in (INES, NOAH, OMAR)] == [0, 1, 1]
    assert set(result.people) == {INES, NOAH, OMAR}


async def test_an_offer_pressed_twice_asks_once(world: World) -> None:
    drafted = await world.drafted(stated(INES, NOAH))
    await offer(world.ports, drafted.id, INES, (TWO,))
    before = world.everything()
    for starts in ((TWO,), (THREE,)):
        again = await offer(world.ports, drafted.id, INES, starts)
        assert (again.outcome, again.fresh) == (Outcome.OFFERED, False)
        assert [slot.start for slot in again.proposal.slots] == [TWO]
    assert world.everything() == before


async def test_only_the_asker_offers_and_withdraws(world: World) -> None:
    drafted = await world.drafted(stated(INES, NOAH))
    for person in (NOAH, DORA):
        with pytest.raises(Refused) as caught:
            await offer(world.ports, drafted.id, person, (TWO,))
        assert caught.value.objections == (Objection(Rule.RIGHTS, INES),)
        with pytest.raises(Refused):
            await withdraw(world.ports, drafted.id, person)


async def test_a_time_that_was_not_found_cannot_be_offered(world: World) -> None:
    drafted = await world.drafted(stated(INES, NOAH))
    with pytest.raises(IllegalStep):
        await offer(world.ports, drafted.id, INES, (TWO + 1,))
    assert (await world.proposal(drafted.id)).state is S.DRAFTED


async def test_a_newer_offer_takes_the_place_of_an_older_one(world: World) -> None:
    old = await open_proposal(world)
    other = await open_proposal(world, INES, TOVE)
    new = await open_proposal(world)
    stored = await world.proposal(old.id)
    assert (stored.state, stored.replaced_by) == (S.SUPERSEDED, new.id)
    assert (await world.proposal(other.id)).state is S.OFFERED
    assert world.notices(NOAH)[-1].payload == {
        "kind": N.PROPOSAL,
        "subject": f"proposal:{old.id}",
        "proposal": old.id,
        "state": S.SUPERSEDED,
    }
    assert (await accept(world.ports, old.id, NOAH, TWO)).outcome is Outcome.CLOSED
    assert (await accept(world.ports, new.id, NOAH, TWO)).outcome is Outcome.BOOKED


async def test_offers_for_other_days_stand_side_by_side(world: World) -> None:
    first = await world.offered(request(INES, NOAH, window=(TUESDAY, TUESDAY + DAY)))
    window = (TUESDAY + DAY, TUESDAY + 2 * DAY)
    second = await world.offered(request(INES, NOAH, window=window))
    assert (await world.proposal(first.id)).state is S.OFFERED
    assert (await world.proposal(second.id)).state is S.OFFERED


async def test_an_unknown_proposal_is_not_found(world: World) -> None:
    nothing = ProposalId("nothing")
    with pytest.raises(NotFound):
        await offer(world.ports, nothing, INES, (TWO,))
    with pytest.raises(NotFound):
        await accept(world.ports, nothing, INES, TWO)
    with pytest.raises(NotFound):
        await decline(world.ports, nothing, INES)
    with pytest.raises(NotFound):
        await withdraw(world.ports, nothing, INES)


# --- accepting -------------------------------------------------------------------------------


async def test_accepting_books(world: World) -> None:
    proposal = await open_proposal(world)
    result = await accept(world.ports, proposal.id, NOAH, THREE)
    assert (result.outcome, result.fresh) == (Outcome.BOOKED, True)
    meeting = result.meeting
    assert meeting is not None
    assert meeting == await world.meeting(meeting.id)
    assert (meeting.span, meeting.sequence) == ((THREE, THREE + 30 * MINUTE), 0)
    assert (meeting.uid, meeting.proposal_id) == (f"{meeting.id}@{DOMAIN}", proposal.id)
    assert (meeting.owner, meeting.people) == (NOAH, (INES, NOAH))
    stored = await world.proposal(proposal.id)
    assert (stored.state, stored.meeting_id) == (S.ACCEPTED, meeting.id)
    (expiry,) = world.effects(K.EXPIRE)
    assert expiry.state is EffectState.CANCELLED


async def test_accepting_writes_both_calendars_and_tells_everybody_once(world: World) -> None:
    proposal = await open_proposal(world)
    await accept(world.ports, proposal.id, NOAH, TWO)
    await world.work()
    for person in (INES, NOAH):
        (copy,) = world.calendars.events(world.main[person])
        assert (copy.start, copy.sequence) == (TWO, 0)
        assert [mail.subject for mail in world.mail.to(f"{person}@work.example")] == ["details 0"]
    assert world.chat.to(INES).count(N.BOOKED) == 1
    assert N.BOOKED not in world.chat.to(NOAH)  # who accepted reads it in the answer
    unfinished = [e for e in world.effects() if e.state is not EffectState.DONE]
    assert {e.kind for e in unfinished} <= TIMED
    (expiry,) = [e for e in unfinished if e.kind is EffectKind.EXPIRE]
    assert expiry.state is EffectState.CANCELLED


@pytest.mark.parametrize("person", [NOAH, INES])
@pytest.mark.parametrize("start", [TWO, THREE, TUESDAY])
async def test_answers_after_the_booking_change_nothing(
    world: World, person: PersonId, start: int
) -> None:
    proposal = await open_proposal(world)
    meeting = (await accept(world.ports, proposal.id, NOAH, TWO)).meeting
    before = world.everything()
    for answer in (
        await accept(world.ports, proposal.id, person, start),
        await offer(world.ports, proposal.id, INES, (start,)),
        await decline(world.ports, proposal.id, NOAH),
        await withdraw(world.ports, proposal.id, INES),
    ):
        assert (answer.outcome, answer.fresh, answer.meeting) == (Outcome.CLOSED, False, meeting)
    assert world.everything() == before


async def test_who_was_not_asked_does_not_answer(world: World) -> None:
    proposal = await open_proposal(world)
    for person in (OMAR, RITA, DORA):
        with pytest.raises(Refused):
            await accept(world.ports, proposal.id, person, TWO)
        with pytest.raises(Refused):
            await decline(world.ports, proposal.id, person)
    with pytest.raises(Refused):
        await decline(world.ports, proposal.id, INES)  # who asks takes back instead


async def test_a_time_that_was_not_offered_is_not_booked(world: World) -> None:
    proposal = await open_proposal(world)
    result = await accept(world.ports, proposal.id, NOAH, TWO + 15 * MINUTE)
    assert (result.outcome, result.meeting) == (Outcome.CLOSED, None)
    drafted = await world.drafted(stated(INES, NOAH))
    assert (await accept(world.ports, drafted.id, NOAH, TWO)).outcome is Outcome.CLOSED
    assert await world.meetings(NOAH) == ()


async def test_all_invitees_must_accept_the_same_time(world: World) -> None:
    proposal = await open_proposal(world, INES, NOAH, OMAR)
    first = await accept(world.ports, proposal.id, NOAH, TWO)
    assert (first.outcome, first.proposal.waiting_for()) == (Outcome.WAITING, (OMAR,))
    other = await accept(world.ports, proposal.id, OMAR, THREE)
    assert other.outcome is Outcome.WAITING
    again = await accept(world.ports, proposal.id, OMAR, THREE)
    assert (again.outcome, again.fresh) == (Outcome.WAITING, False)
    assert await world.meetings(INES) == ()
    last = await accept(world.ports, proposal.id, NOAH, THREE)
    assert last.outcome is Outcome.BOOKED
    assert last.meeting is not None
    assert last.meeting.start == THREE


async def test_others_hear_of_an_acceptance_that_does_not_book_yet(world: World) -> None:
    proposal = await open_proposal(world, INES, NOAH, OMAR)
    await accept(world.ports, proposal.id, NOAH, TWO)
    assert [len(world.notices(p, N.PROPOSAL)) for p in (INES, NOAH, OMAR)] == [1, 1, 2]


async def test_a_time_that_has_begun_is_gone(world: World) -> None:
    await world.set("expiry", "30 d")
    proposal = await open_proposal(world)
    world.clock.at = TWO
    assert proposal.expires_at == FOUR
    result = await accept(world.ports, proposal.id, NOAH, TWO)
    assert (result.outcome, result.meeting) == (Outcome.CLOSED, None)
    assert await world.meetings(NOAH) == ()


async def test_an_expired_proposal_is_closed_before_and_after_it_is_swept(world: World) -> None:
    proposal = await open_proposal(world)
    world.clock.at = proposal.expires_at
    for swept in (False, True):
        if swept:
            await world.work()
            assert (await world.proposal(proposal.id)).state is S.EXPIRED
        assert (await accept(world.ports, proposal.id, NOAH, FOUR)).outcome is Outcome.CLOSED
        assert (await offer(world.ports, proposal.id, INES, (FOUR,))).outcome is Outcome.CLOSED
    assert await world.meetings(NOAH) == ()


async def test_both_sides_hear_of_an_offer_that_expires_and_nobody_of_a_draft(
    world: World,
) -> None:
    proposal = await open_proposal(world)
    draft = await world.drafted(stated(OMAR, NOAH))
    await world.work()
    asked = len(world.chat.to(NOAH))
    world.clock.at = max(proposal.expires_at, draft.expires_at)
    await world.work()
    assert (await world.proposal(draft.id)).state is S.EXPIRED
    assert world.chat.to(INES) == [N.PROPOSAL]
    assert world.chat.to(NOAH)[asked:] == [N.PROPOSAL]
    assert world.chat.to(OMAR) == []


# --- saying no -------------------------------------------------------------------------------


async def test_the_last_no_ends_it_and_the_others_hear_of_it(world: World) -> None:
    proposal = await open_proposal(world, INES, NOAH, OMAR)
    await decline(world.ports, proposal.id, NOAH)
    result = await decline(world.ports, proposal.id, OMAR)
    assert (result.outcome, result.proposal.state) == (Outcome.DECLINED, S.DECLINED)
    told = [e for e in world.effects(K.NOTIFY) if e.payload.get("state") == S.DECLINED]
    assert [e.person_id for e in told] == [INES, NOAH]
    assert world.effects(K.EXPIRE)[0].state is EffectState.CANCELLED
    before = world.everything()
    again = await decline(world.ports, proposal.id, OMAR)
    assert (again.outcome, again.fresh) == (Outcome.CLOSED, False)
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.CLOSED
    assert world.everything() == before


async def test_taking_back_an_offer_tells_who_was_asked(world: World) -> None:
    proposal = await open_proposal(world)
    result = await withdraw(world.ports, proposal.id, INES)
    assert (result.outcome, result.proposal.state) == (Outcome.WITHDRAWN, S.WITHDRAWN)
    assert world.notices(NOAH)[-1].payload["state"] == S.WITHDRAWN
    before = world.everything()
    assert (await withdraw(world.ports, proposal.id, INES)).outcome is Outcome.CLOSED
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.CLOSED
    assert world.everything() == before


async def test_taking_back_a_draft_tells_nobody(world: World) -> None:
    drafted = await world.drafted(stated(INES, NOAH))
    assert (await withdraw(world.ports, drafted.id, INES)).outcome is Outcome.WITHDRAWN
    assert world.effects(K.NOTIFY) == []
