"""From a request to a drafted proposal, or to the reasons why there is none."""

from dataclasses import replace
from datetime import date

import pytest

from core.attendance import NOT_CONNECTED
from core.booking.proposal import MeetingRequest, ProposalState
from core.effects import EffectKind, EffectState
from core.errors import NotFound, Refused
from core.ids import PersonId, ProgrammeId
from core.links import Use
from core.people import Leave, Wishes
from core.ports import Busy, BusyKind
from core.programme import Membership, Objection, Programme, Role, Rule
from core.timing.hours import weekly
from core.timing.zones import wall
from core.use_cases.find_times import Finding
from tests.unit.core.use_cases.world import (
    DAY,
    DORA,
    GUS,
    HOUR,
    INES,
    MINUTE,
    NEXT_WEEK,
    NOAH,
    NOW,
    OMAR,
    ORG,
    PROGRAMME,
    RITA,
    TOVE,
    TUESDAY,
    World,
    at,
    request,
)

TWO = TUESDAY + 14 * HOUR


def starts(finding: Finding) -> list[int]:
    """Return the proposed starts, best first."""
    return [slot.start for slot in finding.proposal.slots] if finding.proposal else []


def stated(start: int, *people: PersonId) -> MeetingRequest:
    """Return a request for one exact time."""
    return request(*(people or (INES, NOAH)), window=(start, start + 1800), starts=(start,))


async def test_three_good_times_on_three_days(world: World) -> None:
    finding = await world.find(request(INES, NOAH))
    found = starts(finding)
    assert len(found) == len({wall(s, "Europe/London").date() for s in found}) == 3
    for start in found:
        assert NEXT_WEEK[0] <= start < NEXT_WEEK[1]
        assert 8 <= wall(start, "America/New_York").hour < 18
        assert 8 <= wall(start, "Europe/London").hour < 18
        assert wall(start, "Europe/London").minute == 0
    assert finding.more
    assert (finding.missed, finding.shares, finding.unlocks, finding.unknown) == ((), (), (), {})
    assert set(finding.people) == {INES, NOAH}


async def test_a_found_proposal_is_stored_and_nobody_else_hears_of_it(world: World) -> None:
    finding = await world.find(request(INES, NOAH))
    assert finding.proposal is not None
    proposal = await world.proposal(finding.proposal.id)
    assert proposal == finding.proposal
    assert (proposal.state, proposal.answers) == (ProposalState.DRAFTED, {})
    assert proposal.expires_at == NOW + 72 * HOUR
    assert [(e.kind, e.due_at) for e in world.effects()] == [
        (EffectKind.EXPIRE, proposal.expires_at)
    ]
    assert all(world.calendars.events(calendar) == [] for calendar in world.main.values())


async def test_a_proposal_ends_with_its_last_time(world: World) -> None:
    finding = await world.find(stated(at("2026-10-21 14:00")))
    assert finding.proposal is not None
    assert finding.proposal.expires_at == at("2026-10-21 14:00")


async def test_busy_times_sessions_leave_and_closures_are_left_alone(world: World) -> None:
    await world.booked(stated(TWO, OMAR, NOAH))
    world.busy(INES, TUESDAY + 12 * HOUR, TUESDAY + 14 * HOUR)
    world.busy(NOAH, TUESDAY + 15 * HOUR, TUESDAY + 18 * HOUR)
    await world.change(INES, leave=(Leave(date(2026, 10, 28), date(2026, 10, 29)),))
    await world.set("closures", "2026-10-30")
    window = (TUESDAY, NEXT_WEEK[1])
    finding = await world.find(request(INES, NOAH, window=window), count=40)
    assert starts(finding) == [TWO + 30 * MINUTE]


async def test_any_calendar_of_a_person_blocks_but_only_connected_ones(world: World) -> None:
    second = await world.connect(INES, use=Use.SECONDARY, name="home")
    shown_only = world.calendars.add_calendar("ines@home.example", "somebody else's")
    world.calendars.add_busy(second, Busy(TWO, TWO + HOUR))
    world.calendars.add_busy(shown_only, Busy(TWO - HOUR, TWO))
    assert starts(await world.find(stated(TWO - HOUR))) == [TWO - HOUR]
    blocked = await world.find(stated(TWO))
    assert blocked.missed == (Objection(Rule.BUSY, INES),)


async def test_tentative_events_block_unless_the_programme_says_otherwise(world: World) -> None:
    world.busy(NOAH, TWO, TWO + HOUR, BusyKind.TENTATIVE)
    assert (await world.find(stated(TWO))).missed
    await world.set("tentative", "off")
    assert starts(await world.find(stated(TWO))) == [TWO]


async def test_tentative_events_block_as_the_person_says(world: World) -> None:
    world.busy(NOAH, TWO, TWO + HOUR, BusyKind.TENTATIVE)
    await world.change(NOAH, tentative=False)
    assert starts(await world.find(stated(TWO))) == [TWO]
    await world.set("tentative", "off")
    await world.change(NOAH, tentative=True)
    assert (await world.find(stated(TWO))).missed


async def test_what_is_said_for_the_programme_goes_before_what_is_said_in_general(
    world: World,
) -> None:
    late = Wishes(hours=weekly((15 * 60, 17 * 60)))
    await world.change(INES, apart=((ProgrammeId("another"), late),))
    assert starts(await world.find(stated(TWO))) == [TWO]
    await world.change(INES, apart=((PROGRAMME, late),))
    assert (await world.find(stated(TWO))).missed == (Objection(Rule.PERSON_HOURS, INES),)


async def test_out_of_office_blocks(world: World) -> None:
    await world.set("tentative", "off")
    world.busy(NOAH, TWO, TWO + HOUR, BusyKind.AWAY)
    assert (await world.find(stated(TWO))).missed == (Objection(Rule.BUSY, NOAH),)


async def test_own_hours_and_buffers_hold_in_every_programme(world: World) -> None:
    await world.change(INES, hours=weekly((15 * 60, 17 * 60)), buffer=20)
    world.busy(INES, TUESDAY + 16 * HOUR, TUESDAY + 17 * HOUR)
    found = starts(await world.find(request(INES, NOAH, window=(TUESDAY, TUESDAY + DAY)), count=9))
    assert found == [TUESDAY + 15 * HOUR]  # 15:15 would leave no 20 minutes before 16:00


async def test_a_day_that_holds_as_many_sessions_as_are_wanted_is_full(world: World) -> None:
    await world.booked(stated(TWO))
    later = stated(TWO + 2 * HOUR)
    assert starts(await world.find(later)) == [TWO + 2 * HOUR]
    await world.change(INES, wishes=Wishes(daily=1))
    full = await world.find(later)
    assert full.missed == (Objection(Rule.LIMIT, INES),)
    assert full.proposal is not None
    assert all(not TUESDAY <= slot.start < TUESDAY + DAY for slot in full.proposal.slots)
    elsewhere = Wishes(daily=1)
    await world.change(INES, wishes=Wishes(), apart=((ProgrammeId("another"), elsewhere),))
    assert starts(await world.find(later)) == [TWO + 2 * HOUR]


async def test_what_is_offered_counts_and_what_is_only_found_does_not(world: World) -> None:
    await world.change(NOAH, wishes=Wishes(weekly=1))
    await world.drafted(stated(TWO))
    later = request(OMAR, NOAH, window=(TWO + 2 * HOUR, TWO + 3 * HOUR))
    assert (await world.find(later)).missed == ()
    await world.offered(stated(TWO), 1)
    assert Objection(Rule.LIMIT, NOAH) in (await world.find(later)).missed


async def test_a_stated_time_that_is_free_is_offered_alone(world: World) -> None:
    finding = await world.find(stated(TWO))
    assert starts(finding) == [TWO]
    assert (finding.missed, finding.more) == ((), False)


async def test_a_stated_time_that_is_not_free_says_why_and_offers_the_nearest(
    world: World,
) -> None:
    world.busy(NOAH, TWO, TWO + HOUR)
    finding = await world.find(stated(TWO))
    assert finding.missed == (Objection(Rule.BUSY, NOAH),)
    assert [u.objection for u in finding.unlocks] == [Objection(Rule.BUSY, NOAH)]
    assert starts(finding)
    assert all(abs(start - TWO) < DAY for start in starts(finding))


async def test_a_saturday_is_refused_with_the_days_around_it(world: World) -> None:
    saturday = at("2026-10-31 00:00")
    finding = await world.find(request(INES, NOAH, window=(saturday, saturday + DAY)))
    assert Objection(Rule.WEEKEND) in finding.missed
    assert Objection(Rule.WEEKEND) in [u.objection for u in finding.unlocks]
    days = {wall(start, "Europe/London").strftime("%a %d") for start in starts(finding)}
    assert {"Fri 30", "Mon 02"} <= days


async def test_too_early_names_each_reason(world: World) -> None:
    finding = await world.find(stated(at("2026-10-21 06:00")))
    assert set(finding.missed) == {
        Objection(Rule.PROGRAMME_HOURS, INES),
        Objection(Rule.PROGRAMME_HOURS, NOAH),
    }


async def test_inside_the_notice_and_beyond_the_horizon(world: World) -> None:
    soon = await world.find(stated(NOW + 3 * HOUR + 45 * MINUTE))
    assert soon.missed == (Objection(Rule.NOTICE),)
    far = await world.find(stated(at("2027-01-12 15:00")))
    assert far.missed == (Objection(Rule.HORIZON),)
    assert far.proposal is None


async def test_nothing_fits_and_nothing_near(world: World) -> None:
    world.busy(INES, NOW, NOW + 90 * DAY)
    finding = await world.find(request(INES, NOAH))
    assert finding.proposal is None
    assert finding.missed == (Objection(Rule.BUSY, INES),)
    assert finding.shares
    assert [u.objection for u in finding.unlocks] == [Objection(Rule.BUSY, INES)]
    assert world.effects() == []


async def test_only_the_window_when_nothing_near_is_wanted(world: World) -> None:
    world.busy(INES, *NEXT_WEEK)
    near = await world.find(request(INES, NOAH))
    assert near.proposal is not None
    assert not any(NEXT_WEEK[0] <= s < NEXT_WEEK[1] for s in starts(near))
    alone = await world.find(request(INES, NOAH), nearby=False)
    assert alone.proposal is None


async def test_more_times_are_other_times_and_take_the_place_of_the_first(world: World) -> None:
    first = await world.find(request(INES, NOAH))
    assert first.proposal is not None
    shown = frozenset(starts(first))
    second = await world.find(request(INES, NOAH), without=shown, replaces=first.proposal.id)
    assert second.proposal is not None
    assert not shown & set(starts(second))
    old = await world.proposal(first.proposal.id)
    assert (old.state, old.replaced_by) == (ProposalState.SUPERSEDED, second.proposal.id)
    states = {e.payload["proposal"]: e.state for e in world.effects(EffectKind.EXPIRE)}
    assert states == {old.id: EffectState.CANCELLED, second.proposal.id: EffectState.READY}


async def test_who_has_no_calendar_is_unknown_not_free(world: World) -> None:
    finding = await world.find(request(INES, TOVE))
    assert finding.unknown == {TOVE: NOT_CONNECTED}
    assert finding.proposal is not None
    assert {slot.unchecked for slot in finding.proposal.slots} == {(TOVE,)}


async def test_a_session_that_is_moved_does_not_stand_in_its_own_way(world: World) -> None:
    meeting = await world.booked(stated(TWO))
    await world.work()  # its copies now lie in both calendars
    assert world.calendars.events(world.main[NOAH])
    later = TWO + 15 * MINUTE
    moving = replace(stated(later), moves=meeting.id)
    assert starts(await world.find(moving)) == [later]
    assert (await world.find(stated(later))).missed


async def test_a_buffer_that_one_side_wants_keeps_out_what_could_not_be_booked(
    world: World,
) -> None:
    """A session keeps the widest buffer of its people, so it must be searched with that."""
    await world.booked(stated(TWO, OMAR, NOAH))
    await world.change(INES, buffer=30)
    window = (TUESDAY, TUESDAY + DAY)
    for start in starts(await world.find(request(INES, NOAH, window=window), count=40)):
        assert start + 30 * MINUTE <= TWO - 30 * MINUTE or start >= TWO + HOUR


async def test_what_ends_just_before_the_first_possible_time_counts_with_its_buffer(
    world: World,
) -> None:
    earliest = NOW + 4 * HOUR  # the programme's notice
    await world.set("buffer", "30 min")
    world.busy(INES, earliest - HOUR, earliest - 10 * MINUTE)
    assert (await world.find(stated(earliest))).missed == (Objection(Rule.BUFFER, INES),)
    assert starts(await world.find(stated(earliest + 30 * MINUTE)))


# --- what is no request -----------------------------------------------------------------------


async def test_a_session_with_oneself_is_none(world: World) -> None:
    for people in ((INES,), (INES, INES)):
        with pytest.raises(Refused) as caught:
            await world.find(request(*people))
        assert caught.value.objections == (Objection(Rule.YOURSELF),)


async def test_only_members_are_booked(world: World) -> None:
    for person in (RITA, PersonId("nobody")):
        with pytest.raises(Refused) as caught:
            await world.find(request(INES, person))
        assert caught.value.objections == (Objection(Rule.WHO, person),)
    await world.change(NOAH, active=False)
    with pytest.raises(Refused):
        await world.find(request(INES, NOAH))


async def test_where_only_pairs_meet_others_are_refused(world: World) -> None:
    await world.set("booking.who", "pairs")
    assert (await world.find(request(INES, NOAH))).proposal
    assert (await world.find(request(NOAH, INES, OMAR))).proposal
    with pytest.raises(Refused) as caught:
        await world.find(request(INES, TOVE))
    assert caught.value.objections == (Objection(Rule.WHO, TOVE, detail="pairs"),)
    with pytest.raises(Refused):
        await world.find(request(INES, NOAH, OMAR))


async def test_a_pair_of_another_programme_is_no_pair_of_this_one(world: World) -> None:
    await world.set("booking.who", "pairs", scope="lagoon")
    lagoon = ProgrammeId("lagoon")

    def join(tx: object) -> None:
        tx.programmes.save(Programme(lagoon, ORG, "Lagoon"))  # type: ignore[attr-defined]  # a Tx
        for person in (INES, NOAH):
            tx.programmes.join(Membership(lagoon, person, Role.MENTEE))  # type: ignore[attr-defined]  # a Tx

    await world.store.transact(join)
    with pytest.raises(Refused):
        await world.find(request(INES, NOAH, programme_id=lagoon))


@pytest.mark.parametrize("minutes", [4, 241])
async def test_lengths_out_of_bounds_are_refused(world: World, minutes: int) -> None:
    with pytest.raises(Refused) as caught:
        await world.find(request(INES, NOAH, minutes=minutes))
    assert caught.value.objections == (Objection(Rule.DURATION, detail="240"),)


async def test_the_past_is_over(world: World) -> None:
    for windows in ((), ((NOW - DAY, NOW),)):
        with pytest.raises(Refused) as caught:
            await world.find(request(INES, NOAH, windows=windows))
        assert caught.value.objections == (Objection(Rule.PAST),)


async def test_a_programme_that_has_ended_is_over(world: World) -> None:
    ended = Programme(PROGRAMME, ORG, "Harbour", ended=True)
    await world.store.transact(lambda tx: tx.programmes.save(ended))
    with pytest.raises(Refused) as caught:
        await world.find(request(INES, NOAH))
    assert caught.value.objections == (Objection(Rule.WHO, detail="ended"),)


async def test_an_unknown_programme_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.find(request(INES, NOAH, programme_id=ProgrammeId("none")))


async def test_only_an_administrator_arranges_for_others(world: World) -> None:
    for nobody_special in (OMAR, RITA):
        with pytest.raises(Refused):
            await world.find(arranged(nobody_special))
    for administrator in (DORA, GUS):
        assert (await world.find(arranged(administrator))).proposal


def arranged(asker: PersonId) -> MeetingRequest:
    """Return a request for others."""
    return request(asker, INES, NOAH, attendees=(INES, NOAH))


async def test_who_arranges_is_known_to_whoever_speaks_of_the_finding(world: World) -> None:
    assert set((await world.find(arranged(DORA))).people) == {DORA, INES, NOAH}


async def test_only_who_takes_part_or_administers_moves_a_session(world: World) -> None:
    meeting = await world.booked(stated(TWO))
    moving = request(OMAR, INES, NOAH, attendees=meeting.people, moves=meeting.id)
    with pytest.raises(Refused):
        await world.find(moving)
    with pytest.raises(Refused):  # nor with another cast than the session has
        await world.find(request(OMAR, NOAH, moves=meeting.id))
    assert (await world.find(replace(moving, asker=DORA))).proposal


async def test_a_refused_request_reads_no_calendar(world: World) -> None:
    with pytest.raises(Refused):
        await world.find(request(INES, RITA))
    assert world.calendars.asked == 0
