"""What a booking and a move look like, and how they reach each person."""

from dataclasses import replace

from core.booking.meeting import Meeting, MeetingState, Path, Rsvp
from core.booking.proposal import Proposal, ProposalState
from core.effects import EffectKind
from core.ids import LinkId, PairId, ProgrammeId
from core.links import Tier
from core.notices import NoticeKind
from core.programme import Pair, Programme
from core.repositories import Tx
from core.use_cases import change_meeting
from core.use_cases.answer_proposal import Outcome, accept
from tests.unit.core.use_cases.steps import (
    FOUR,
    THREE,
    TWO,
    entry,
    open_proposal,
    stated,
)
from tests.unit.core.use_cases.world import (
    DAY,
    DORA,
    INES,
    MINUTE,
    NOAH,
    OMAR,
    ORG,
    TOVE,
    World,
    request,
)

S, N, K = ProposalState, NoticeKind, EffectKind


# --- what the booking looks like -------------------------------------------------------------


async def test_each_person_is_reached_by_one_way(world: World) -> None:
    await world.connect(TOVE, tier=Tier.BUSY)
    result = await accept(world.ports, (await open_proposal(world, INES, TOVE)).id, TOVE, TWO)
    written, mailed = entry(result.meeting, INES), entry(result.meeting, TOVE)
    assert (written.path, written.link_id) == (Path.CALENDAR, LinkId("link-ines-work"))
    assert (written.email, written.rsvp) == ("ines@work.example", Rsvp.ACCEPTED)
    assert (mailed.path, mailed.email) == (Path.INVITE, "tove@work.example")
    await world.work()
    assert [mail.subject for mail in world.mail.to("tove@work.example")] == ["REQUEST 0"]
    assert world.calendars.events(world.main[TOVE]) == []


async def test_who_has_no_calendar_is_invited_at_their_own_address(world: World) -> None:
    result = await accept(world.ports, (await open_proposal(world, INES, TOVE)).id, TOVE, TWO)
    invited = entry(result.meeting, TOVE)
    assert (invited.path, invited.email) == (Path.INVITE, "tove@larch.example")
    assert (invited.link_id, invited.rsvp) == (None, Rsvp.NEEDS_ACTION)


async def test_with_sync_off_nothing_is_written_and_all_get_a_file(world: World) -> None:
    await world.set("sync", "off")
    result = await accept(world.ports, (await open_proposal(world, INES, NOAH)).id, NOAH, TWO)
    assert {a.path for a in result.meeting.attendees} == {Path.PUBLISH} if result.meeting else False
    await world.work()
    assert world.calendars.events(world.main[INES]) == []
    assert sorted(mail.subject for mail in world.mail.sent) == ["details 0", "details 0"]


async def test_the_owner_is_the_mentor_or_who_asks(world: World) -> None:
    first = await world.booked(stated(INES, NOAH, starts=(TWO,)))
    assert first.owner == NOAH
    await world.set("meeting.owner", "asker")
    second = await world.booked(stated(INES, NOAH, starts=(THREE,)))
    assert second.owner == INES
    arranged = replace(stated(OMAR, TOVE, starts=(FOUR,)), asker=DORA)
    assert (await world.booked(arranged)).owner == OMAR


async def test_without_a_pair_the_one_who_leads_owns(world: World) -> None:
    assert (await world.booked(stated(OMAR, TOVE, starts=(TWO,)))).owner == TOVE


async def test_a_pair_of_another_programme_owns_nothing_here(world: World) -> None:
    lagoon = ProgrammeId("lagoon")

    def pair(tx: Tx) -> None:
        tx.programmes.save(Programme(lagoon, ORG, "Lagoon"))
        tx.programmes.add_pair(Pair(PairId("elsewhere"), lagoon, OMAR, TOVE))

    await world.store.transact(pair)
    assert (await world.booked(stated(OMAR, TOVE, starts=(TWO,)))).owner == TOVE


async def test_the_place_is_the_owners_link_else_the_programmes_else_asked_for_once(
    world: World,
) -> None:
    first = await world.booked(stated(INES, NOAH, starts=(TWO,)))
    second = await world.booked(stated(INES, NOAH, starts=(THREE,)))
    assert (first.place, second.place) == ("", "")
    assert len(world.notices(NOAH, N.ASK_LINK)) == 1
    await world.set("link", "https://meet.example.org/harbour")
    third = await world.booked(stated(OMAR, NOAH, starts=(FOUR,)))
    assert third.place == "https://meet.example.org/harbour"
    await world.change(NOAH, meeting_link="https://meet.example.org/noah")
    fourth = await world.booked(stated(OMAR, NOAH, starts=(FOUR + 30 * MINUTE,)))
    assert fourth.place == "https://meet.example.org/noah"


async def test_the_widest_buffer_is_kept_around_the_session(world: World) -> None:
    await world.set("buffer", "5 min")
    await world.change(NOAH, buffer=20)
    assert (await world.booked(stated(INES, NOAH))).buffer == 20


# --- moving ----------------------------------------------------------------------------------


async def moving(world: World, meeting: Meeting, start: int = FOUR) -> Proposal:
    """Return the offered proposal to move a meeting."""
    return await world.offered(
        replace(stated(INES, NOAH, starts=(start,)), moves=meeting.id, title=meeting.title)
    )


async def test_an_accepted_move_keeps_the_meeting_and_raises_its_sequence(world: World) -> None:
    meeting = await world.booked(stated(INES, NOAH))
    await world.work()
    proposal = await moving(world, meeting)
    result = await accept(world.ports, proposal.id, NOAH, FOUR)
    assert result.outcome is Outcome.MOVED
    moved = await world.meeting(meeting.id)
    assert (moved.id, moved.uid, moved.sequence) == (meeting.id, meeting.uid, 1)
    assert moved.span == (FOUR, FOUR + 30 * MINUTE)
    await world.work()
    for person in (INES, NOAH):
        (copy,) = world.calendars.events(world.main[person])
        assert (copy.start, copy.sequence) == (FOUR, 1)
        subjects = [mail.subject for mail in world.mail.to(f"{person}@work.example")]
        assert subjects == ["details 0", "details 1"]
    assert world.chat.to(INES).count(N.MOVED) == 1
    other = await world.booked(stated(OMAR, NOAH, starts=(meeting.start,)))
    assert other.start == meeting.start  # the old time is free again


async def test_a_move_into_a_lost_time_leaves_the_meeting_where_it_is(world: World) -> None:
    meeting = await world.booked(stated(INES, NOAH))
    proposal = await moving(world, meeting)
    await world.booked(stated(OMAR, NOAH, starts=(FOUR,)))
    result = await accept(world.ports, proposal.id, NOAH, FOUR)
    assert (result.outcome, result.taken) == (Outcome.TAKEN, (NOAH,))
    assert await world.meeting(meeting.id) == meeting


async def test_a_move_of_a_session_that_was_called_off_moves_nothing(world: World) -> None:
    meeting = await world.booked(stated(INES, NOAH))
    proposal = await moving(world, meeting)
    await change_meeting.cancel(world.ports, meeting.id, NOAH)
    result = await accept(world.ports, proposal.id, NOAH, FOUR)
    assert result.outcome is Outcome.CLOSED
    stored = await world.meeting(meeting.id)
    assert (stored.state, stored.start) == (MeetingState.CANCELLED, meeting.start)


async def test_calling_off_takes_back_the_offers_to_move(world: World) -> None:
    meeting = await world.booked(stated(INES, NOAH))
    other = await world.offered(request(INES, NOAH, window=(TWO + DAY, TWO + 2 * DAY)))
    proposal = await moving(world, meeting)
    await change_meeting.cancel(world.ports, meeting.id, NOAH)
    stored = await world.proposal(proposal.id)
    assert stored.state is ProposalState.WITHDRAWN
    (told,) = [e for e in world.notices(INES) if e.payload.get("state") == stored.state]
    assert told.payload["proposal"] == proposal.id
    assert (await world.proposal(other.id)).state is ProposalState.OFFERED


async def test_who_agreed_to_another_time_no_longer_counts_as_declined(world: World) -> None:
    meeting = await world.booked(stated(INES, TOVE))
    await change_meeting.answer(world.ports, meeting.id, TOVE, Rsvp.DECLINED)
    wanted = replace(stated(INES, TOVE, starts=(FOUR,)), moves=meeting.id)
    proposal = await world.offered(wanted)
    result = await accept(world.ports, proposal.id, TOVE, FOUR)
    assert entry(result.meeting, TOVE).rsvp is not Rsvp.DECLINED


async def test_a_moved_session_keeps_the_buffer_that_is_wanted_now(world: World) -> None:
    """The search leaves the buffer of now free; the booking must not want the one of then."""
    await world.change(INES, buffer=60)
    meeting = await world.booked(stated(INES, NOAH, starts=(TWO,)))
    await world.booked(stated(OMAR, NOAH, starts=(FOUR,)))
    await world.change(INES, buffer=0)
    proposal = await moving(world, meeting, FOUR + 30 * MINUTE)
    assert [slot.start for slot in proposal.slots] == [FOUR + 30 * MINUTE]
    result = await accept(world.ports, proposal.id, NOAH, FOUR + 30 * MINUTE)
    assert result.outcome is Outcome.MOVED
