"""Changing what is to come of a series: what is found, what is moved, and what reaches whom."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.booking.meeting import Meeting, MeetingState
from core.booking.proposal import Proposal, ProposalState, Wish
from core.booking.series import Pattern, Series, present, recurrence
from core.booking.series_change import NewTime, change_of
from core.effects import EffectKind
from core.ids import MeetingId, SeriesId
from core.notices import NoticeKind
from core.timing.recurrence import Frequency
from core.timing.recurrence import Rule as Repeats
from core.timing.zones import wall
from core.use_cases import answer_series, change_meeting, undo
from core.use_cases.answer_series import SeriesResult, accept_series, offer_series
from core.use_cases.change_series import end_series
from core.use_cases.find_series import Choice, choose, find_series
from tests.unit.core.use_cases.test_series import booked, made, standing_in, stored
from tests.unit.core.use_cases.world import (
    DAY,
    INES,
    NOAH,
    OMAR,
    PROGRAMME,
    TOVE,
    World,
    at,
    make_world,
    request,
)

WEEKLY = Pattern(
    Repeats(Frequency.WEEKLY, 1, (1,)), "Europe/London", date(2026, 10, 27), 14 * 60, 30, count=5
)
THREE = NewTime("Europe/London", 15 * 60)
WEDNESDAYS = NewTime("Europe/London", weekday=2)


def wish_for(
    world: World, series: Series, meetings: tuple[Meeting, ...], new: NewTime = THREE
) -> Wish:
    """Return the wish to have everything that is to come at another time."""
    ahead = [m for m in meetings if m.start > world.clock.at and m.state is MeetingState.BOOKED]
    wish = change_of(series, meetings, ahead, new, world.clock.at)
    assert wish is not None
    return wish


async def drafted(world: World, series: Series, new: NewTime = THREE) -> Proposal:
    """Return the proposal to change a series."""
    series, meetings = await stored(world, series)
    asked = replace(
        request(INES, NOAH, series=wish_for(world, series, meetings, new)),
        minutes=series.pattern.minutes,
    )
    finding = await find_series(world.ports, asked)
    assert finding.proposal is not None, finding.against
    return finding.proposal


async def changed(world: World, series: Series, new: NewTime = THREE) -> SeriesResult:
    """Find a change, offer and accept it."""
    proposal = await drafted(world, series, new)
    await offer_series(world.ports, proposal.id, INES)
    return await accept_series(world.ports, proposal.id, NOAH)


def walls(meetings: tuple[Meeting, ...]) -> list[str]:
    """Return when sessions that stand are in London."""
    stand = [m for m in meetings if m.state is MeetingState.BOOKED]
    return [f"{wall(m.start, 'Europe/London'):%a %d %b %H:%M}" for m in stand]


async def test_the_rest_is_moved_and_what_has_been_stays() -> None:
    world = await make_world()
    series = made(await booked(world, WEEKLY))
    await world.work()
    mails = len(world.mail.sent)
    world.clock.at = at("2026-10-28 09:00")
    result = await changed(world, series)
    assert result.outcome is answer_series.Outcome.BOOKED
    after, meetings = await stored(world, series)
    assert walls(meetings) == [
        "Tue 27 Oct 14:00",
        "Tue 03 Nov 15:00",
        "Tue 10 Nov 15:00",
        "Tue 17 Nov 15:00",
        "Tue 24 Nov 15:00",
    ]
    assert (after.uid, after.sequence) == (series.uid, series.sequence + 1)
    assert {m.uid for m in meetings} == {series.uid}
    assert [m.slot for m in meetings] == list(WEEKLY.slots())
    await world.work()
    assert len(world.mail.sent) - mails == 2  # one for each, not one for each session
    for person in (INES, NOAH):
        assert standing_in(world, person) == sorted(m.span for m in meetings)
        (event,) = world.calendars.events(world.main[person])
        assert event.uid == series.uid
    again = recurrence(after, meetings)
    assert again.rule == WEEKLY.rule_text()
    assert [one.day for one in again.moved] == list(WEEKLY.days()[1:])
    assert present(after, meetings, world.clock.at).minute == 15 * 60


async def test_its_own_old_times_are_free_and_one_may_take_the_place_of_the_next() -> None:
    world = await make_world()
    days = replace(WEEKLY, rule=Repeats(Frequency.DAILY), count=4)
    series = made(await booked(world, days))
    await world.work()
    half = NewTime("Europe/London", later=15)
    await changed(world, series, half)
    _, meetings = await stored(world, series)
    assert walls(meetings) == [f"{day} 14:15" for day in DAYS]
    again = replace(THREE, minute=14 * 60)
    await changed(world, series, again)
    _, meetings = await stored(world, series)
    assert walls(meetings) == [f"{day} 14:00" for day in DAYS]
    await world.work()
    assert standing_in(world, INES) == sorted(m.span for m in meetings)


DAYS = ("Tue 27 Oct", "Wed 28 Oct", "Thu 29 Oct", "Fri 30 Oct")


async def test_what_does_not_fit_stays_unless_something_else_is_chosen() -> None:
    for choice, left in (
        (Choice.KEEP, "Tue 10 Nov 14:00"),
        (Choice.SKIP, ""),
        (Choice.MOVE, "Mon 09 Nov 15:00"),
    ):
        world = await make_world()
        series = made(await booked(world, WEEKLY))
        world.busy(NOAH, at("2026-11-10 15:00"), at("2026-11-10 20:00"))
        world.busy(NOAH, at("2026-11-10 08:00"), at("2026-11-10 14:00"))
        proposal = await drafted(world, series)
        wish = proposal.request.series
        assert wish is not None
        (gap,) = wish.gaps
        assert at("2026-11-10 14:00") not in gap.choices
        start = at("2026-11-09 15:00") if choice is Choice.MOVE else 0
        assert choice is not Choice.MOVE or start in gap.choices
        await choose(world.ports, proposal.id, INES, choice, gap.slot, start)
        await offer_series(world.ports, proposal.id, INES)
        await accept_series(world.ports, proposal.id, NOAH)
        _, meetings = await stored(world, series)
        assert walls(meetings)[2:3] == ([left] if left else ["Tue 17 Nov 15:00"])
        await world.work()
        stand = sorted(m.span for m in meetings if m.state is MeetingState.BOOKED)
        assert standing_in(world, NOAH) == stand


async def test_a_choice_is_taken_back() -> None:
    world = await make_world()
    series = made(await booked(world, WEEKLY))
    world.busy(NOAH, at("2026-11-10 15:00"), at("2026-11-10 16:00"))
    proposal = await drafted(world, series)
    slot = at("2026-11-10 15:00")
    off = await choose(world.ports, proposal.id, INES, Choice.SKIP, slot, 0)
    assert off.request.series is not None
    assert off.request.series.dropped == (slot,)
    back = await choose(world.ports, proposal.id, INES, Choice.KEEP, slot, 0)
    assert back.request.series is not None
    assert (back.request.series.dropped, back.slots) == ((), proposal.slots)


async def test_wednesdays_and_back() -> None:
    world = await make_world()
    series = made(await booked(world, WEEKLY))
    await changed(world, series, WEDNESDAYS)
    after, meetings = await stored(world, series)
    assert [one[:10] for one in walls(meetings)][:2] == ["Wed 28 Oct", "Wed 04 Nov"]
    first = after.sequence
    assert present(after, meetings, world.clock.at).rule.weekdays == (2,)
    await changed(world, series, NewTime("Europe/London", 14 * 60, 1))
    after, meetings = await stored(world, series)
    assert [m.start for m in meetings] == list(WEEKLY.slots())
    assert after.sequence > first
    await world.work()
    (event,) = world.calendars.events(world.main[INES])
    assert event.recurrence is not None
    assert event.recurrence.moved == ()


async def test_what_was_taken_meanwhile_stays_where_it_was() -> None:
    world = await make_world()
    series = made(await booked(world, WEEKLY))
    proposal = await drafted(world, series)
    await offer_series(world.ports, proposal.id, INES)
    world.busy(NOAH, at("2026-11-10 15:00"), at("2026-11-10 16:00"))
    result = await accept_series(world.ports, proposal.id, NOAH)
    assert result.lost == (at("2026-11-10 15:00"),)
    _, meetings = await stored(world, series)
    assert walls(meetings)[1:4] == ["Tue 03 Nov 15:00", "Tue 10 Nov 14:00", "Tue 17 Nov 15:00"]


async def test_nothing_changes_till_everybody_agrees_nor_when_somebody_does_not() -> None:
    world = await make_world()
    series = made(await booked(world, WEEKLY))
    proposal = await drafted(world, series)
    await offer_series(world.ports, proposal.id, INES)
    assert walls((await stored(world, series))[1])[1] == "Tue 03 Nov 14:00"
    world.busy(NOAH, at("2026-10-26 00:00"), at("2027-01-01 00:00"))
    result = await accept_series(world.ports, proposal.id, NOAH)
    assert result.outcome is answer_series.Outcome.TAKEN
    after, meetings = await stored(world, series)
    assert (after.sequence, [m.start for m in meetings]) == (0, list(WEEKLY.slots()))
    assert result.proposal.state is ProposalState.EXPIRED


async def test_who_gets_invitations_gets_one_request_for_all() -> None:
    world = await make_world()
    finding = await find_series(world.ports, request(INES, TOVE, series=Wish(WEEKLY)))
    assert finding.proposal is not None
    await offer_series(world.ports, finding.proposal.id, INES)
    series = made(await accept_series(world.ports, finding.proposal.id, TOVE))
    series, meetings = await stored(world, series)
    wish = wish_for(world, series, meetings)
    finding = await find_series(world.ports, request(INES, TOVE, series=wish))
    assert finding.proposal is not None
    await offer_series(world.ports, finding.proposal.id, INES)
    await accept_series(world.ports, finding.proposal.id, TOVE)
    rows = [e for e in world.effects(EffectKind.MAIL_INVITE) if e.person_id == TOVE]
    assert [e.sequence for e in rows] == [0, 1]
    told = [e for e in world.effects() if e.payload.get("kind") == NoticeKind.SERIES]
    assert [e.payload.get("what") for e in told if e.person_id == INES] == [None, "moved"]
    await world.work()
    to_tove = [m.subject for m in world.mail.sent if m.to_email.startswith("tove")]
    assert to_tove == ["mail_invite series 1"]  # the first was not sent yet: one says it all


async def test_of_others_nothing_is_moved_away() -> None:
    world = await make_world()
    series = made(await booked(world, WEEKLY))
    other = replace(WEEKLY, first=date(2026, 11, 3), minute=15 * 60, count=1)
    asked = request(NOAH, OMAR, series=Wish(other), minutes=30)
    proposal = await drafted(world, series)
    await offer_series(world.ports, proposal.id, INES)
    finding = await find_series(world.ports, asked)
    assert finding.proposal is not None
    await offer_series(world.ports, finding.proposal.id, NOAH)
    await accept_series(world.ports, finding.proposal.id, OMAR)
    await accept_series(world.ports, proposal.id, NOAH)
    _, meetings = await stored(world, series)
    assert walls(meetings)[1] == "Tue 03 Nov 14:00"
    assert walls(meetings)[2] == "Tue 10 Nov 15:00"


def plain(pattern: Pattern) -> tuple[Series, tuple[Meeting, ...]]:
    """Return a series and its sessions as they are booked."""
    one = Series(SeriesId("s"), PROGRAMME, NOAH, (NOAH, INES), pattern, "", "u")
    meetings = [
        Meeting(
            id=MeetingId(str(number)),
            programme_id=PROGRAMME,
            proposal_id=None,
            owner=NOAH,
            attendees=(),
            start=slot,
            end=slot + 1800,
            zone=pattern.zone,
            title="",
            uid="u",
            series=one.id,
            slot=slot,
        )
        for number, slot in enumerate(pattern.slots())
    ]
    return one, tuple(meetings)


def test_other_days_only_where_there_is_one_a_week() -> None:
    twice, meetings = plain(replace(WEEKLY, rule=Repeats(Frequency.WEEKLY, 1, (1, 3))))
    assert change_of(twice, meetings, meetings, WEDNESDAYS, 0) is None
    assert change_of(twice, meetings, meetings, THREE, 0) is not None
    daily, meetings = plain(replace(WEEKLY, rule=Repeats(Frequency.DAILY)))
    assert change_of(daily, meetings, meetings, WEDNESDAYS, 0) is None


def test_a_session_that_was_moved_by_itself_keeps_its_day_but_not_in_another_week() -> None:
    series, meetings = plain(WEEKLY)
    alone = replace(meetings[1], start=at("2026-11-02 11:00"), end=at("2026-11-02 11:30"))
    meetings = (meetings[0], alone, *meetings[2:])
    later = change_of(series, meetings, meetings, THREE, 0)
    assert later is not None
    assert later.shifts[1].slot == at("2026-11-02 15:00")
    wednesdays = change_of(series, meetings, meetings, WEDNESDAYS, 0)
    assert wednesdays is not None
    assert wednesdays.shifts[1].slot == at("2026-11-04 14:00")


ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")


@given(
    own=st.sampled_from(ZONES),
    theirs=st.sampled_from(ZONES),
    minute=st.none() | st.integers(0, 1439),
    weekday=st.none() | st.integers(0, 6),
)
def test_what_is_said_of_a_change_is_what_it_does(
    own: str, theirs: str, minute: int | None, weekday: int | None
) -> None:
    series, meetings = plain(replace(WEEKLY, zone=own))
    wish = change_of(series, meetings, meetings, NewTime(theirs, minute, weekday), 0)
    assert wish is not None
    said, moved = wish.pattern, {one.meeting: one.slot for one in wish.shifts}
    assert all(moved[m.id] != m.start for m in meetings if m.id in moved)
    for start in moved.values():
        there = wall(start, said.zone)
        assert (weekday is None) or there.weekday() == weekday
        assert (minute is None) or there.hour * 60 + there.minute == minute
    assert all(abs(start - meetings[int(one)].start) < 7 * DAY for one, start in moved.items())
    if len(moved) == len(meetings) and own == theirs:
        after = [replace(m, start=moved[m.id], end=moved[m.id] + 1800) for m in meetings]
        assert present(series, after, 0) == replace(said, count=series.pattern.count)


@pytest.mark.parametrize("number", [1, 3])
async def test_each_change_rises_above_all_before(number: int) -> None:
    world = await make_world()
    series = made(await booked(world, WEEKLY))
    seen = [0]
    for step in range(number):
        await changed(world, series, replace(THREE, minute=(15 + step) * 60))
        after, meetings = await stored(world, series)
        seen.append(after.sequence)
        assert {one.sequence for one in recurrence(after, meetings).moved} == {
            after.sequence + step + 1
        }
    assert seen == sorted(set(seen))


MOVES = (
    THREE,
    WEDNESDAYS,
    NewTime("Europe/London", later=-30),
    NewTime("America/New_York", 600, 4),
)
steps = st.lists(
    st.tuples(st.sampled_from(("rest", "skip", "cut", "week", "undo", "work")), st.integers(0, 4)),
    max_size=7,
)


@settings(max_examples=40, deadline=None)
@given(steps)
async def test_calendars_say_what_stands_whatever_is_changed(taken: list[tuple[str, int]]) -> None:
    """Nothing that was gone comes back, sequences rise, nobody has two sessions at once."""
    world = await make_world()
    series = made(await booked(world, WEEKLY))
    for what, number in taken:
        before, meetings = await stored(world, series)
        one = meetings[number]
        if what == "rest" and any(m.state is MeetingState.BOOKED for m in meetings):
            await _moved_if_possible(world, before, meetings, MOVES[number % len(MOVES)])
        elif what == "skip":
            await change_meeting.cancel(world.ports, one.id, INES)
        elif what == "cut":
            await end_series(world.ports, series.id, NOAH, one.start)
        elif what == "undo":
            await undo.undo_series(world.ports, series.id, NOAH)
        elif what == "week":
            world.clock.at += 7 * DAY
        else:
            await world.work()
        after, later = await stored(world, series)
        assert after.uid == before.uid
        assert after.sequence >= before.sequence
        for old, new in zip(meetings, later, strict=True):
            assert (new.sequence > old.sequence) == ((new.span, new.state) != (old.span, old.state))
            assert old.state is MeetingState.BOOKED or new.span == old.span
            assert old.start > world.clock.at or new.span == old.span
        spans = sorted(m.span for m in later if m.state is MeetingState.BOOKED)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
    await world.work()
    _, meetings = await stored(world, series)
    left = sorted(m.span for m in meetings if m.state is MeetingState.BOOKED)
    for person in (INES, NOAH):
        assert standing_in(world, person) == left
        keys = [e.key for e in world.effects() if e.person_id == person]
        assert len(keys) == len(set(keys))


async def _moved_if_possible(
    world: World, series: Series, meetings: tuple[Meeting, ...], new: NewTime
) -> None:
    """Find, offer and accept a change of what is to come, where there is anything to change."""
    wish = wish_for(world, series, meetings, new)
    if not wish.shifts:
        return
    finding = await find_series(world.ports, request(INES, NOAH, series=wish))
    if finding.proposal is None:
        return
    await offer_series(world.ports, finding.proposal.id, INES)
    await accept_series(world.ports, finding.proposal.id, NOAH)
