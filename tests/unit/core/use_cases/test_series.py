"""Series from the wish to the end: what fits, what is booked, and what reaches whom."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.booking.meeting import Meeting, MeetingState, Path
from core.booking.proposal import MeetingRequest, Proposal, ProposalState, Wish
from core.booking.series import Pattern, Series, SeriesState, recurrence
from core.effects import EffectKind
from core.errors import Refused, Unavailable
from core.ids import PersonId
from core.notices import NoticeKind
from core.programme import Rule
from core.timing.recurrence import Frequency
from core.timing.recurrence import Rule as Repeats
from core.use_cases import answer_series, change_meeting
from core.use_cases.answer_proposal import accept, offer
from core.use_cases.answer_series import SeriesResult, accept_series, offer_series
from core.use_cases.change_series import end_series
from core.use_cases.find_series import Choice, choose, find_series
from tests.unit.core.use_cases.world import (
    DAY,
    HOUR,
    INES,
    NOAH,
    NOW,
    OMAR,
    TOVE,
    World,
    at,
    make_world,
    request,
)

FORTNIGHT = Pattern(
    Repeats(Frequency.WEEKLY, 2, (1,)), "Europe/London", date(2026, 10, 27), 14 * 60, 30, count=7
)
DEC_8, DEC_22 = at("2026-12-08 14:00"), at("2026-12-22 14:00")


def wish(pattern: Pattern = FORTNIGHT, *others: PersonId, asker: PersonId = INES) -> MeetingRequest:
    """Return a request for a series."""
    return request(asker, *(others or (NOAH,)), series=Wish(pattern), minutes=pattern.minutes)


async def found(world: World, pattern: Pattern = FORTNIGHT) -> Proposal:
    """Return the proposal of a search that must find something."""
    finding = await find_series(world.ports, wish(pattern))
    assert finding.proposal is not None, finding.against
    return finding.proposal


async def booked(world: World, pattern: Pattern = FORTNIGHT) -> SeriesResult:
    """Find, offer and accept a series."""
    proposal = await found(world, pattern)
    await offer_series(world.ports, proposal.id, INES)
    result = await accept_series(world.ports, proposal.id, NOAH)
    assert result.outcome is answer_series.Outcome.BOOKED, result
    return result


async def stored(world: World, series: Series) -> tuple[Series, tuple[Meeting, ...]]:
    """Return a series and its sessions as they are stored."""
    return await world.store.read(
        lambda tx: (tx.meetings.series(series.id), tx.meetings.of_series(series.id))
    )


def made(result: SeriesResult) -> Series:
    """Return the series of a booking."""
    assert result.series is not None
    return result.series


def standing_in(world: World, person: PersonId) -> list[tuple[int, int]]:
    """Return when our events of a person's calendar are."""
    drafts = world.calendars.events(world.main[person])
    return sorted(
        span
        for draft in drafts
        for span in (
            [(draft.start, draft.end)]
            if draft.recurrence is None
            else draft.recurrence.sessions().values()
        )
    )


# --- finding --------------------------------------------------------------------------------------


async def test_all_sessions_fit_and_each_calendar_is_asked_once_per_window() -> None:
    world = await make_world()
    proposal = await found(world)
    assert [s.start for s in proposal.slots] == list(FORTNIGHT.slots())
    assert proposal.request.series is not None
    assert proposal.request.series.gaps == ()
    assert world.calendars.asked == 2 * 2  # two calendars; 27 October to 19 January is two windows
    assert proposal.expires_at == NOW + 72 * HOUR


async def test_what_does_not_fit_is_a_gap_with_other_times() -> None:
    world = await make_world()
    world.busy(NOAH, DEC_22 - HOUR, DEC_22 + 3 * HOUR)
    proposal = await found(world)
    assert len(proposal.slots) == 6
    assert proposal.request.series is not None
    (gap,) = proposal.request.series.gaps
    assert gap.slot == DEC_22
    assert [(o.kind, o.person_id) for o in gap.why] == [(Rule.BUSY, NOAH)]
    assert gap.choices == (DEC_22 + 3 * HOUR, DEC_22 - DAY)


async def test_the_horizon_counts_for_the_first_session_alone() -> None:
    world = await make_world()
    far = replace(FORTNIGHT, first=date(2026, 12, 29))
    finding = await find_series(world.ports, wish(far))
    assert finding.proposal is None
    assert [o.kind for o in finding.against] == [Rule.HORIZON]
    assert (await found(world)).slots[-1].start > NOW + 60 * DAY


async def test_nothing_fits_at_night() -> None:
    world = await make_world()
    night = replace(FORTNIGHT, minute=180)
    finding = await find_series(world.ports, wish(night))
    assert finding.proposal is None
    assert {o.kind for o in finding.against} == {Rule.PROGRAMME_HOURS}


async def test_of_several_patterns_the_one_that_fits_best_is_taken() -> None:
    world = await make_world()
    for number in range(4):
        world.busy(
            NOAH,
            at("2026-10-27 14:00") + number * 14 * DAY,
            at("2026-10-27 15:00") + number * 14 * DAY,
        )
    options = [replace(FORTNIGHT, minute=minute) for minute in (14 * 60, 15 * 60, 16 * 60)]
    finding = await find_series(world.ports, wish(), options)
    assert finding.proposal is not None
    assert finding.request.series is not None
    assert finding.request.series.pattern.minute == 15 * 60
    assert len(finding.proposal.slots) == 7


async def test_an_unread_calendar_is_unknown_for_the_whole() -> None:
    world = await make_world()
    world.calendars.fail(Unavailable("down"), calendar_id=world.main[NOAH])
    finding = await find_series(world.ports, wish())
    assert finding.unknown == {NOAH: "unreachable"}
    assert finding.proposal is not None
    assert all(slot.unchecked == (NOAH,) for slot in finding.proposal.slots)


async def test_rules_that_forbid_the_request() -> None:
    world = await make_world()
    with pytest.raises(Refused):
        await find_series(world.ports, wish(FORTNIGHT, INES))
    with pytest.raises(Refused):
        await find_series(world.ports, wish(replace(FORTNIGHT, minutes=600)))
    with pytest.raises(Refused):
        await find_series(world.ports, wish(replace(FORTNIGHT, count=0)))


# --- choosing -------------------------------------------------------------------------------------


async def gapped(world: World) -> Proposal:
    world.busy(NOAH, DEC_22 - HOUR, DEC_22 + 3 * HOUR)
    return await found(world)


async def test_a_gap_is_moved_left_out_again_or_ends_the_series() -> None:
    world = await make_world()
    proposal = await gapped(world)
    other = DEC_22 - DAY
    moved = await choose(world.ports, proposal.id, INES, Choice.MOVE, DEC_22, other)
    assert [(s.start, s.by_rule) for s in moved.slots][4] == (other, DEC_22)
    assert len(moved.slots) == 7
    again = await choose(world.ports, proposal.id, INES, Choice.SKIP, DEC_22, 0)
    assert again.slots == proposal.slots
    short = await choose(world.ports, proposal.id, INES, Choice.STOP, DEC_22, 0)
    assert [s.start for s in short.slots] == list(FORTNIGHT.slots()[:4])
    assert short.request.series is not None
    assert short.request.series.pattern.slots() == FORTNIGHT.slots()[:4]


async def test_only_what_was_offered_can_be_chosen_and_by_the_asker_alone() -> None:
    world = await make_world()
    proposal = await gapped(world)
    with pytest.raises(ValueError, match="gap"):
        await choose(world.ports, proposal.id, INES, Choice.MOVE, DEC_22, DEC_22)
    with pytest.raises(ValueError, match="gap"):
        await choose(world.ports, proposal.id, INES, Choice.SKIP, DEC_8, 0)
    with pytest.raises(Refused):
        await choose(world.ports, proposal.id, NOAH, Choice.SKIP, DEC_22, 0)


# --- booking --------------------------------------------------------------------------------------


async def test_a_series_is_one_event_and_one_mail_for_each() -> None:
    world = await make_world()
    result = await booked(world)
    series, meetings = await stored(world, made(result))
    assert [m.start for m in meetings] == list(FORTNIGHT.slots())
    assert {m.uid for m in meetings} == {series.uid}
    assert str(series.id) == meetings[0].id
    assert {m.zone for m in meetings} == {"Europe/London"}
    await world.work()
    for person in (INES, NOAH):
        (event,) = world.calendars.events(world.main[person])
        assert event.recurrence == recurrence(series, meetings)
        assert standing_in(world, person) == [m.span for m in meetings]
    assert [(m.to_email, m.subject) for m in world.mail.sent] == [
        ("ines@work.example", "mail_details series 0"),
        ("noah@work.example", "mail_details series 0"),
    ]
    assert NoticeKind.SERIES in world.chat.to(INES)
    assert NoticeKind.BOOKED not in world.chat.to(INES)
    assert result.proposal.state is ProposalState.ACCEPTED


async def test_accepting_again_changes_nothing() -> None:
    world = await make_world()
    result = await booked(world)
    await world.work()
    before = world.everything()
    again = await accept_series(world.ports, result.proposal.id, NOAH)
    assert again.outcome is answer_series.Outcome.CLOSED
    assert not again.fresh
    assert len(again.meetings) == 7
    assert world.everything() == before


async def test_single_sessions_can_be_left_out_by_the_invitee() -> None:
    world = await make_world()
    proposal = await found(world)
    await offer_series(world.ports, proposal.id, INES)
    first = FORTNIGHT.slots()[0]
    result = await accept_series(world.ports, proposal.id, NOAH, frozenset({first, DEC_8}))
    series, meetings = await stored(world, made(result))
    assert [m.start for m in meetings] == [s for s in FORTNIGHT.slots() if s not in (first, DEC_8)]
    assert series.pattern.first == date(2026, 11, 10)
    await world.work()
    assert standing_in(world, NOAH) == [m.span for m in meetings]


async def test_what_went_meanwhile_is_left_out_and_said() -> None:
    world = await make_world()
    proposal = await found(world)
    await offer_series(world.ports, proposal.id, INES)
    world.busy(INES, DEC_8, DEC_8 + HOUR)
    result = await accept_series(world.ports, proposal.id, NOAH)
    assert result.lost == (DEC_8,)
    assert len(result.meetings) == 6


async def test_a_session_booked_meanwhile_is_left_out() -> None:
    """Two proposals for the same time: the calendars are the same, the claims decide."""
    world = await make_world()
    world.ports = replace(world.ports, calendars={})
    first, second = await found(world), None
    finding = await find_series(
        world.ports, wish(replace(FORTNIGHT, first=DAY_OF_DEC_8, count=1), NOAH, asker=OMAR)
    )
    second = finding.proposal
    assert second is not None
    await offer_series(world.ports, first.id, INES)
    await offer_series(world.ports, second.id, OMAR)
    await accept_series(world.ports, second.id, NOAH)
    result = await accept_series(world.ports, first.id, NOAH)
    assert result.lost == (DEC_8,)
    assert len(result.meetings) == 6


DAY_OF_DEC_8 = date(2026, 12, 8)


async def test_nothing_left_to_book_closes_the_proposal() -> None:
    world = await make_world()
    one = replace(FORTNIGHT, count=2)
    proposal = await found(world, one)
    await offer_series(world.ports, proposal.id, INES)
    for slot in one.slots():
        world.busy(NOAH, slot, slot + HOUR)
    result = await accept_series(world.ports, proposal.id, NOAH)
    assert result.outcome is answer_series.Outcome.TAKEN
    assert result.proposal.state is ProposalState.EXPIRED
    assert await world.meetings(INES) == ()


async def test_a_programme_without_confirmation_books_at_once() -> None:
    world = await make_world()
    await world.set("booking.confirm", "none")
    proposal = await found(world)
    result = await offer_series(world.ports, proposal.id, INES)
    assert result.outcome is answer_series.Outcome.BOOKED
    assert len(result.meetings) == 7


async def test_a_moved_gap_is_booked_as_a_moved_session() -> None:
    world = await make_world()
    proposal = await gapped(world)
    await choose(world.ports, proposal.id, INES, Choice.MOVE, DEC_22, DEC_22 - DAY)
    await offer_series(world.ports, proposal.id, INES)
    result = await accept_series(world.ports, proposal.id, NOAH)
    series, meetings = await stored(world, made(result))
    moved = next(m for m in meetings if m.slot == DEC_22)
    assert moved.start == DEC_22 - DAY
    await world.work()
    assert standing_in(world, INES) == sorted(m.span for m in meetings)
    assert series.pattern == FORTNIGHT


async def test_who_gets_invitations_gets_one_for_all() -> None:
    world = await make_world()
    pattern = replace(FORTNIGHT, count=3)
    finding = await find_series(world.ports, wish(pattern, TOVE))
    assert finding.proposal is not None
    await offer_series(world.ports, finding.proposal.id, INES)
    result = await accept_series(world.ports, finding.proposal.id, TOVE)
    await world.work()
    (to_tove,) = [m for m in world.mail.sent if m.to_email.startswith("tove")]
    assert to_tove.subject == "mail_invite series 0"
    entry = result.meetings[0].attendee(TOVE)
    assert entry is not None
    assert entry.path is Path.INVITE


# --- later ----------------------------------------------------------------------------------------


async def test_one_session_is_skipped_and_the_rest_stays() -> None:
    world = await make_world()
    result = await booked(world)
    await world.work()
    mails = len(world.mail.sent)
    skipped = next(m for m in result.meetings if m.start == DEC_8)
    await change_meeting.cancel(world.ports, skipped.id, INES)
    await world.work()
    series, meetings = await stored(world, made(result))
    left = [m for m in meetings if m.state is MeetingState.BOOKED]
    assert len(left) == 6
    for person in (INES, NOAH):
        assert len(world.calendars.events(world.main[person])) == 1
        assert standing_in(world, person) == [m.span for m in left]
    assert len(world.mail.sent) == mails + 2
    assert [m.sequence for m in meetings] == [0, 0, 0, 1, 0, 0, 0]
    assert series.state is SeriesState.RUNNING


async def test_one_session_is_moved_and_the_rest_stays() -> None:
    world = await make_world()
    result = await booked(world)
    await world.work()
    one = next(m for m in result.meetings if m.start == DEC_8)
    later = DEC_8 + HOUR
    asked = request(INES, NOAH, window=(later, later + HOUR), starts=(later,), moves=one.id)
    finding = await world.find(asked)
    assert finding.proposal is not None
    assert not finding.missed
    await offer(world.ports, finding.proposal.id, INES, (later,))
    await accept(world.ports, finding.proposal.id, NOAH, later)
    await world.work()
    _, meetings = await stored(world, made(result))
    assert next(m for m in meetings if m.id == one.id).start == later
    assert standing_in(world, NOAH) == [m.span for m in meetings]


async def test_half_an_hour_later_is_no_clash_with_itself() -> None:
    world = await make_world()
    result = await booked(world)
    await world.work()
    later = DEC_8 + 900
    one = next(m for m in result.meetings if m.start == DEC_8)
    finding = await world.find(
        request(INES, NOAH, window=(later, later + HOUR), starts=(later,), moves=one.id)
    )
    assert not finding.missed


async def test_the_tail_is_cut_with_one_mail_each() -> None:
    world = await make_world()
    result = await booked(world)
    await world.work()
    mails = len(world.mail.sent)
    ended = await end_series(world.ports, made(result).id, INES, at("2026-12-25 23:59"))
    assert [m.start for m in ended.left] == list(FORTNIGHT.slots()[:5])
    assert len(ended.cancelled) == 2
    await world.work()
    series, meetings = await stored(world, made(result))
    assert series.pattern.count == 5
    for person in (INES, NOAH):
        (event,) = world.calendars.events(world.main[person])
        assert event.recurrence is not None
        assert event.recurrence.left_out == ()
        assert standing_in(world, person) == [m.span for m in meetings[:5]]
    assert [m.subject for m in world.mail.sent[mails:]] == ["mail_details series 1"] * 2
    assert world.chat.to(NOAH).count(NoticeKind.SERIES) == 1
    before = world.everything()
    again = await end_series(world.ports, made(result).id, INES, at("2026-12-25 23:59"))
    assert again.cancelled == ()
    assert world.everything() == before


async def test_the_end_of_all_takes_the_event_away() -> None:
    world = await make_world()
    result = await booked(world)
    await world.work()
    await end_series(world.ports, made(result).id, NOAH, reason="a new job")
    await world.work()
    series, meetings = await stored(world, made(result))
    assert series.state is SeriesState.ENDED
    assert all(m.state is MeetingState.CANCELLED for m in meetings)
    for person in (INES, NOAH):
        assert world.calendars.events(world.main[person]) == []
    claims = await world.store.read(lambda tx: tx.meetings.claims((INES,), (NOW, NOW + 400 * DAY)))
    assert claims[INES] == []


async def test_the_past_of_a_series_stays_when_it_is_called_off() -> None:
    world = await make_world()
    result = await booked(world)
    await world.work()
    world.clock.at = at("2026-11-12 09:00")
    await end_series(world.ports, made(result).id, INES)
    await world.work()
    assert standing_in(world, INES) == [m.span for m in result.meetings[:2]]


async def test_strangers_end_nothing() -> None:
    world = await make_world()
    result = await booked(world)
    with pytest.raises(Refused):
        await end_series(world.ports, made(result).id, OMAR)


async def test_where_a_service_has_no_series_its_sessions_are_single_events() -> None:
    world = await make_world()
    world.calendars.series = False
    services = {key: world.calendars.service() for key in world.ports.calendars}
    world.ports = replace(world.ports, calendars=services)
    result = await booked(world)
    await world.work()
    assert len(world.calendars.events(world.main[NOAH])) == 7
    assert len({e.uid for e in world.calendars.events(world.main[NOAH])}) == 7
    one = next(m for m in result.meetings if m.start == DEC_8)
    await change_meeting.cancel(world.ports, one.id, INES)
    await world.work()
    assert len(world.calendars.events(world.main[NOAH])) == 6
    await end_series(world.ports, made(result).id, INES)
    await world.work()
    assert world.calendars.events(world.main[NOAH]) == []


async def test_a_lost_answer_makes_no_second_event() -> None:
    world = await make_world()
    await booked(world)
    world.calendars.lose_answer()
    await world.work()
    world.clock.at += HOUR
    await world.work()
    assert len(world.calendars.events(world.main[INES])) == 1
    assert len(world.calendars.events(world.main[NOAH])) == 1


async def test_every_session_has_its_reminders() -> None:
    world = await make_world()
    result = await booked(world)
    reminded = {e.meeting_id for e in world.effects(EffectKind.REMIND)}
    assert reminded == {m.id for m in result.meetings}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("skip", "cut", "work")), st.integers(0, 6)), max_size=6))
async def test_calendars_say_what_stands_whatever_is_done(
    steps: list[tuple[str, int]],
) -> None:
    world = await make_world()
    result = await booked(world)
    for what, number in steps:
        if what == "skip":
            await change_meeting.cancel(world.ports, result.meetings[number].id, INES)
        elif what == "cut":
            await end_series(world.ports, made(result).id, NOAH, result.meetings[number].start)
        else:
            await world.work()
    await world.work()
    _, meetings = await stored(world, made(result))
    left = [m.span for m in meetings if m.state is MeetingState.BOOKED]
    for person in (INES, NOAH):
        assert standing_in(world, person) == left
        keys = [e.key for e in world.effects() if e.person_id == person]
        assert len(keys) == len(set(keys))
