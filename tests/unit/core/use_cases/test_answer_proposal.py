"""Offer, accept, decline, withdraw, expire: by the right person, once, and never on a lost time."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from core.booking.meeting import Attendee, Meeting, MeetingState, Path, Rsvp
from core.booking.proposal import MeetingRequest, Proposal, ProposalState
from core.effects import EffectKind, EffectState
from core.errors import IllegalStep, NotFound, Refused
from core.ids import LinkId, PersonId, ProposalId
from core.links import Tier
from core.notices import NoticeKind
from core.people import Leave
from core.programme import Objection, Rule
from core.use_cases import answer_proposal, change_meeting
from core.use_cases.answer_proposal import Outcome, Result, accept, decline, offer, withdraw
from tests.unit.core.use_cases.world import (
    DOMAIN,
    DORA,
    HOUR,
    INES,
    MINUTE,
    NOAH,
    OMAR,
    RITA,
    TOVE,
    TUESDAY,
    World,
    request,
)

TWO, THREE, FOUR = (TUESDAY + n * HOUR for n in (14, 15, 16))
S, N, K = ProposalState, NoticeKind, EffectKind


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


# --- offering ---------------------------------------------------------------------------------


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


# --- accepting --------------------------------------------------------------------------------


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
    assert [e.state for e in world.effects() if e.state is not EffectState.DONE] == [
        EffectState.CANCELLED
    ]


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


# --- lost times -------------------------------------------------------------------------------


async def test_a_calendar_that_filled_up_loses_the_time(world: World) -> None:
    proposal = await open_proposal(world)
    world.busy(INES, TWO, TWO + HOUR)
    for _ in range(2):
        result = await accept(world.ports, proposal.id, NOAH, TWO)
        assert (result.outcome, result.taken, result.meeting) == (Outcome.TAKEN, (INES,), None)
    assert await world.meetings(INES) == ()
    assert world.effects(K.PLACE_EVENT, K.MAIL_DETAILS, K.MAIL_INVITE) == []


async def test_leave_that_was_entered_meanwhile_loses_the_time(world: World) -> None:
    proposal = await open_proposal(world)
    await world.change(NOAH, leave=(Leave(date(2026, 10, 27), date(2026, 10, 27)),))
    result = await accept(world.ports, proposal.id, NOAH, TWO)
    assert (result.outcome, result.taken) == (Outcome.TAKEN, (NOAH,))


async def test_a_buffer_counts_at_the_booking_too(world: World) -> None:
    proposal = await open_proposal(world)
    await world.set("buffer", "15 min")
    world.busy(INES, TWO + 40 * MINUTE, TWO + 50 * MINUTE)
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.TAKEN


async def test_another_session_took_the_time(world: World) -> None:
    mine = await open_proposal(world, INES, NOAH)
    theirs = await open_proposal(world, OMAR, NOAH)
    assert (await accept(world.ports, theirs.id, NOAH, TWO)).outcome is Outcome.BOOKED
    result = await accept(world.ports, mine.id, NOAH, TWO)
    assert (result.outcome, result.taken) == (Outcome.TAKEN, (NOAH,))
    assert len(await world.meetings(NOAH)) == 1


async def test_after_a_lost_time_another_of_the_offered_ones_can_be_booked(world: World) -> None:
    proposal = await open_proposal(world)
    assert proposal.slots[0].start == min(slot.start for slot in proposal.slots) == TWO
    world.busy(INES, TWO, TWO + HOUR)
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.TAKEN
    result = await accept(world.ports, proposal.id, NOAH, THREE)
    assert result.outcome is Outcome.BOOKED
    assert result.meeting is not None
    assert result.meeting.start == THREE


@pytest.mark.parametrize("mentees", [1, 2])
async def test_the_same_time_at_the_same_moment_is_booked_exactly_once(
    world: World, mentees: int
) -> None:
    """Two mentees press for one mentor at once; or one proposal is pressed by two devices."""
    first = await open_proposal(world, NOAH, INES)
    second = await open_proposal(world, NOAH, OMAR) if mentees == 2 else first
    who = OMAR if mentees == 2 else INES
    results = await asyncio.gather(
        accept(world.ports, first.id, INES, TWO), accept(world.ports, second.id, who, TWO)
    )
    outcomes = sorted(result.outcome for result in results)
    lost = Outcome.TAKEN if mentees == 2 else Outcome.CLOSED
    assert outcomes == sorted([Outcome.BOOKED, lost])
    assert len(await world.meetings(NOAH)) == 1
    await world.work()
    assert len(world.calendars.events(world.main[NOAH])) == 1
    assert len(world.mail.to("noah@work.example")) == 1


async def test_times_that_overlap_only_by_a_buffer_are_booked_once(world: World) -> None:
    await world.set("buffer", "10 min")
    first = await world.offered(stated(INES, NOAH, starts=(TWO,)))
    second = await world.offered(stated(OMAR, NOAH, starts=(TWO + 30 * MINUTE,)))
    results = await asyncio.gather(
        accept(world.ports, first.id, NOAH, TWO),
        accept(world.ports, second.id, NOAH, TWO + 30 * MINUTE),
    )
    assert sorted(r.outcome for r in results) == [Outcome.BOOKED, Outcome.TAKEN]


# --- saying no --------------------------------------------------------------------------------


async def test_one_no_ends_it_and_the_others_hear_of_it(world: World) -> None:
    proposal = await open_proposal(world, INES, NOAH, OMAR)
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


# --- new times for lost ones ------------------------------------------------------------------


async def replaced(world: World) -> tuple[Proposal, Result]:
    """Lose a time and put new ones in its place, as the one who met it does."""
    old = await open_proposal(world)
    world.busy(INES, TWO, TWO + HOUR)
    assert (await accept(world.ports, old.id, NOAH, TWO)).outcome is Outcome.TAKEN
    again = replace(old.request, starts=())
    finding = await world.find(again, replaces=old.id)
    assert finding.proposal is not None
    new = finding.proposal.id
    return old, await answer_proposal.offer_instead(world.ports, old.id, new, NOAH)


async def test_new_times_take_the_place_of_the_lost_ones(world: World) -> None:
    old, result = await replaced(world)
    assert (result.outcome, result.proposal.state) == (Outcome.OFFERED, S.OFFERED)
    assert (await world.proposal(old.id)).replaced_by == result.proposal.id
    assert not {TWO, TWO + 30 * MINUTE} & {slot.start for slot in result.proposal.slots}
    assert NOAH not in result.proposal.answers
    subjects = [e.payload["subject"] for e in world.notices(INES, N.PROPOSAL)]
    assert subjects == [f"proposal:{old.id}", f"proposal:{result.proposal.id}"]
    booked = await accept(world.ports, result.proposal.id, NOAH, result.proposal.slots[0].start)
    assert booked.outcome is Outcome.BOOKED


async def test_new_times_ask_the_asker_once_more_where_both_confirm(world: World) -> None:
    await world.set("booking.confirm", "both")
    old = await open_proposal(world)
    await accept(world.ports, old.id, INES, TWO)
    world.busy(INES, TWO, TWO + HOUR)
    assert (await accept(world.ports, old.id, NOAH, TWO)).outcome is Outcome.TAKEN
    finding = await world.find(replace(old.request, starts=()), replaces=old.id)
    assert finding.proposal is not None
    result = await answer_proposal.offer_instead(world.ports, old.id, finding.proposal.id, NOAH)
    start = result.proposal.slots[0].start
    assert (await accept(world.ports, result.proposal.id, NOAH, start)).outcome is Outcome.WAITING


# --- who confirms -----------------------------------------------------------------------------


async def test_with_confirm_none_one_press_books(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, NOAH))
    result = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (result.outcome, result.fresh) == (Outcome.BOOKED, True)
    assert len(world.notices(NOAH, N.BOOKED)) == 1
    again = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (again.outcome, again.meeting) == (Outcome.CLOSED, result.meeting)
    assert len(await world.meetings(NOAH)) == 1


async def test_with_confirm_none_several_times_are_a_question(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, NOAH))
    result = await offer(world.ports, drafted.id, INES, (TWO, THREE))
    assert (result.outcome, result.meeting) == (Outcome.OFFERED, None)
    assert (await accept(world.ports, drafted.id, NOAH, THREE)).outcome is Outcome.BOOKED


async def test_with_confirm_none_who_could_not_be_read_is_asked(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, TOVE))
    result = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (result.outcome, result.proposal.waiting_for()) == (Outcome.OFFERED, (TOVE,))
    assert len(world.notices(TOVE, N.PROPOSAL)) == 1
    assert (await accept(world.ports, drafted.id, TOVE, TWO)).outcome is Outcome.BOOKED


async def test_with_confirm_none_who_can_no_longer_be_read_is_asked(world: World) -> None:
    """The calendar was readable for the search and is not for the booking: not free, unknown."""
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, NOAH))
    world.change_password(NOAH)
    result = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (result.outcome, result.meeting) == (Outcome.OFFERED, None)
    assert await world.meetings(NOAH) == ()
    assert len(world.notices(NOAH, N.PROPOSAL)) == 1
    assert (await accept(world.ports, drafted.id, NOAH, TWO)).outcome is Outcome.BOOKED


async def test_with_confirm_none_a_lost_time_is_still_lost(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(stated(INES, NOAH))
    world.busy(NOAH, TWO, TWO + HOUR)
    result = await offer(world.ports, drafted.id, INES, (TWO,))
    assert (result.outcome, result.taken) == (Outcome.TAKEN, (NOAH,))


async def test_with_confirm_both_the_asker_has_the_last_word(world: World) -> None:
    await world.set("booking.confirm", "both")
    proposal = await open_proposal(world)
    assert proposal.answers == {}
    assert (await accept(world.ports, proposal.id, NOAH, TWO)).outcome is Outcome.WAITING
    assert len(world.notices(INES, N.PROPOSAL)) == 1
    result = await accept(world.ports, proposal.id, INES, TWO)
    assert result.outcome is Outcome.BOOKED


async def test_what_an_administrator_arranges_both_must_accept(world: World) -> None:
    arranged = replace(stated(INES, NOAH), asker=DORA)
    proposal = await world.offered(arranged)
    assert [len(world.notices(p, N.PROPOSAL)) for p in (DORA, INES, NOAH)] == [0, 1, 1]
    with pytest.raises(Refused):
        await accept(world.ports, proposal.id, DORA, TWO)
    assert (await accept(world.ports, proposal.id, INES, TWO)).outcome is Outcome.WAITING
    result = await accept(world.ports, proposal.id, NOAH, TWO)
    assert result.outcome is Outcome.BOOKED
    assert result.meeting is not None
    assert result.meeting.people == (INES, NOAH)
    assert result.meeting.owner == NOAH
    assert len(world.notices(DORA, N.PROPOSAL)) == 2  # the first yes, and the end
    assert world.notices(DORA, N.BOOKED) == []


async def test_an_administrator_may_hear_a_no(world: World) -> None:
    proposal = await world.offered(replace(stated(INES, NOAH), asker=DORA))
    assert (await decline(world.ports, proposal.id, INES)).outcome is Outcome.DECLINED
    assert len(world.notices(DORA, N.PROPOSAL)) == 1


async def test_with_confirm_none_an_administrator_books_for_both(world: World) -> None:
    await world.set("booking.confirm", "none")
    drafted = await world.drafted(replace(stated(INES, NOAH), asker=DORA))
    result = await offer(world.ports, drafted.id, DORA, (TWO,))
    assert result.outcome is Outcome.BOOKED
    assert [len(world.notices(p, N.BOOKED)) for p in (INES, NOAH)] == [1, 1]


# --- what the booking looks like --------------------------------------------------------------


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


# --- moving -----------------------------------------------------------------------------------


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
