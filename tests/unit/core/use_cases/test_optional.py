"""Who is wanted only if possible: asked, never waited for, held only with their own yes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.booking.meeting import Path, Rsvp
from core.booking.proposal import ProposalState
from core.effects import EffectKind
from core.errors import Refused
from core.ids import ProposalId
from core.notices import NoticeKind
from core.use_cases import change_meeting
from core.use_cases.answer_proposal import Outcome, accept, decline, offer, settle
from core.use_cases.deliver import expire
from tests.unit.core.use_cases.steps import THREE, TWO, stated
from tests.unit.core.use_cases.world import DORA, HOUR, INES, NOAH, OMAR, TOVE, World


async def asked(world: World, *starts: int) -> ProposalId:
    """Ines asks Noah, and Omar if possible, for one of some times."""
    request = replace(stated(INES, NOAH, OMAR, starts=starts or (TWO, THREE)), optional=(OMAR,))
    drafted = await world.drafted(request)
    return (await offer(world.ports, drafted.id, INES, tuple(starts or (TWO, THREE)))).proposal.id


async def test_it_is_booked_when_all_who_are_needed_have_said_yes(world: World) -> None:
    result = await accept(world.ports, await asked(world), NOAH, TWO)
    assert result.outcome is Outcome.BOOKED
    assert result.meeting is not None
    omar = result.meeting.attendee(OMAR)
    assert omar is not None
    assert (omar.optional, omar.rsvp, omar.path) == (True, Rsvp.NEEDS_ACTION, Path.INVITE)
    assert set(result.meeting.holders) == {INES, NOAH}
    meeting_id = result.meeting.id
    mails = await world.store.read(lambda tx: tx.effects.of_meeting(meeting_id))
    written = [e for e in mails if e.kind is EffectKind.PLACE_EVENT]
    assert {e.person_id for e in written} == {INES, NOAH}


async def test_a_no_of_an_optional_person_ends_nothing_and_only_the_asker_hears_it(
    world: World,
) -> None:
    proposal = await asked(world)
    told = len(world.notices(NOAH, NoticeKind.PROPOSAL))
    result = await decline(world.ports, proposal, OMAR)
    assert (result.outcome, result.proposal.state) == (Outcome.DECLINED, ProposalState.OFFERED)
    assert len(world.notices(INES, NoticeKind.PROPOSAL)) == 1
    assert len(world.notices(NOAH, NoticeKind.PROPOSAL)) == told
    assert not (await decline(world.ports, proposal, OMAR)).fresh
    booked = await accept(world.ports, proposal, NOAH, TWO)
    assert booked.meeting is not None
    assert set(booked.meeting.people) == {INES, NOAH}


async def test_a_yes_of_an_optional_person_counts_like_any_other(world: World) -> None:
    proposal = await asked(world)
    assert (await accept(world.ports, proposal, OMAR, TWO)).outcome is Outcome.WAITING
    booked = await accept(world.ports, proposal, NOAH, TWO)
    assert booked.meeting is not None
    omar = booked.meeting.attendee(OMAR)
    assert omar is not None
    assert (omar.rsvp, omar.path) == (Rsvp.ACCEPTED, Path.CALENDAR)
    assert set(booked.meeting.holders) == {INES, NOAH, OMAR}


async def test_an_optional_person_who_is_busy_after_all_stops_nobody(world: World) -> None:
    proposal = await asked(world)
    await accept(world.ports, proposal, OMAR, TWO)
    world.busy(OMAR, TWO, TWO + HOUR)
    booked = await accept(world.ports, proposal, NOAH, TWO)
    assert booked.outcome is Outcome.BOOKED
    assert booked.meeting is not None
    assert OMAR not in booked.meeting.holders


async def test_a_later_answer_takes_and_gives_back_the_time(world: World) -> None:
    booked = await accept(world.ports, await asked(world), NOAH, TWO)
    assert booked.meeting is not None
    meeting = booked.meeting

    async def held() -> int:
        found = await world.store.read(lambda tx: tx.meetings.claims([OMAR], meeting.span))
        return len(found[OMAR])

    assert await held() == 0
    await change_meeting.answer(world.ports, meeting.id, OMAR, Rsvp.ACCEPTED)
    assert await held() == 1
    await change_meeting.answer(world.ports, meeting.id, OMAR, Rsvp.DECLINED)
    assert await held() == 0
    told = [p for p in (INES, NOAH) if world.notices(p, NoticeKind.RSVP)]
    assert told == [meeting.owner]


async def test_two_sessions_may_want_the_same_optional_person(world: World) -> None:
    first = await accept(world.ports, await asked(world, TWO), NOAH, TWO)
    assert first.meeting is not None
    second = await world.booked(stated(OMAR, NOAH, starts=(THREE,)))
    moved = first.meeting.move(*second.span, world.clock.at, ())
    assert OMAR not in moved.holders


async def test_times_without_optional_people_come_after_those_with_all(world: World) -> None:
    world.busy(OMAR, TWO, TWO + HOUR)
    request = replace(stated(INES, NOAH, OMAR, starts=(TWO, THREE)), optional=(OMAR,))
    found = await world.drafted(request)
    missing = {slot.start: slot.missing for slot in found.slots}
    assert missing == {THREE: (), TWO: (OMAR,)}
    assert found.slots[0].start == THREE


async def a_vote(world: World) -> ProposalId:
    """Ines asks Noah and Omar for one of two times; nobody is optional."""
    return (await world.offered(stated(INES, NOAH, OMAR, starts=(TWO, THREE)))).id


async def test_one_no_leaves_a_vote_open_and_the_asker_settles_it(world: World) -> None:
    vote = await a_vote(world)
    await decline(world.ports, vote, OMAR)
    assert (await accept(world.ports, vote, NOAH, THREE)).outcome is Outcome.WAITING
    with pytest.raises(Refused):
        await settle(world.ports, vote, NOAH, THREE)
    result = await settle(world.ports, vote, INES, THREE)
    assert result.outcome is Outcome.BOOKED
    assert result.meeting is not None
    assert set(result.meeting.people) == {INES, NOAH}
    again = await settle(world.ports, vote, INES, THREE)
    assert (again.outcome, again.fresh) == (Outcome.CLOSED, False)
    assert len(await world.meetings(INES)) == 1


async def test_an_expired_vote_is_settled_with_the_silent_ones_invited(world: World) -> None:
    vote = await a_vote(world)
    await accept(world.ports, vote, NOAH, TWO)
    await world.store.transact(lambda tx: expire(tx, vote, world.clock.at))
    assert (await world.proposal(vote)).state is ProposalState.EXPIRED
    result = await settle(world.ports, vote, INES, TWO)
    assert result.outcome is Outcome.BOOKED
    assert result.meeting is not None
    assert set(result.meeting.people) == {INES, NOAH, OMAR}
    assert set(result.meeting.holders) == {INES, NOAH}


async def test_what_was_asked_anew_since_ends_when_the_old_vote_is_settled(world: World) -> None:
    vote = await a_vote(world)
    await accept(world.ports, vote, NOAH, TWO)
    await world.store.transact(lambda tx: expire(tx, vote, world.clock.at))
    anew = await a_vote(world)
    result = await settle(world.ports, vote, INES, TWO)
    assert result.outcome is Outcome.BOOKED
    newer = await world.proposal(anew)
    assert (newer.state, newer.replaced_by) == (ProposalState.SUPERSEDED, vote)
    for person in (NOAH, OMAR):
        assert (await accept(world.ports, anew, person, THREE)).outcome is Outcome.CLOSED
    assert len(await world.meetings(INES)) == 1


async def test_a_settled_time_is_read_once_more(world: World) -> None:
    vote = await a_vote(world)
    await accept(world.ports, vote, NOAH, TWO)
    world.busy(NOAH, TWO, TWO + HOUR)
    result = await settle(world.ports, vote, INES, TWO)
    assert (result.outcome, result.taken) == (Outcome.TAKEN, (NOAH,))
    assert (await world.proposal(vote)).is_open


async def test_a_vote_that_suits_nobody_ends_at_once(world: World) -> None:
    vote = await a_vote(world)
    await decline(world.ports, vote, OMAR)
    assert (await decline(world.ports, vote, NOAH)).proposal.state is ProposalState.DECLINED
    assert not (await accept(world.ports, vote, NOAH, TWO)).fresh


async def test_nobody_is_booked_twice_by_a_late_yes(world: World) -> None:
    booked = await accept(world.ports, await asked(world, TWO), NOAH, TWO)
    assert booked.meeting is not None
    await world.booked(stated(OMAR, TOVE, starts=(TWO,)))
    changed = await change_meeting.answer(world.ports, booked.meeting.id, OMAR, Rsvp.ACCEPTED)
    omar = changed.meeting.attendee(OMAR)
    assert omar is not None
    assert (omar.rsvp, omar.holds) == (Rsvp.TENTATIVE, False)


async def test_who_arranges_for_others_settles_for_two_of_them_at_the_least(world: World) -> None:
    request = replace(stated(INES, NOAH, OMAR, starts=(TWO, THREE)), asker=DORA)
    request = replace(request, attendees=(INES, NOAH, OMAR))
    drafted = await world.drafted(request)
    vote = (await offer(world.ports, drafted.id, DORA, (TWO, THREE))).proposal.id
    await decline(world.ports, vote, OMAR)
    await accept(world.ports, vote, NOAH, TWO)
    await accept(world.ports, vote, INES, THREE)
    assert (await world.proposal(vote)).favourite(0) is None  # each would sit there alone
    for start in (TWO, THREE):
        assert (await settle(world.ports, vote, DORA, start)).outcome is Outcome.CLOSED
    await accept(world.ports, vote, INES, TWO)
    result = await settle(world.ports, vote, DORA, TWO)
    assert result.meeting is not None
    assert set(result.meeting.people) == {INES, NOAH}
