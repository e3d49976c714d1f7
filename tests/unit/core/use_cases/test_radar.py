"""The look ahead at clock changes: what it finds, when it looks, and that it asks once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.booking.series import Pattern
from core.effects import Effect, EffectKind, EffectState
from core.errors import Unavailable
from core.finding.request import PersonTime
from core.notices import NoticeKind
from core.people import Leave
from core.radar import Trouble, drifts_of, troubles, watch, watch_earlier
from core.timing.drift import drifts
from core.timing.hours import hours_spans, weekly
from core.timing.recurrence import Frequency
from core.timing.recurrence import Rule as Repeats
from core.timing.zones import instant
from core.use_cases import change_meeting
from core.use_cases.answer_series import SeriesResult
from core.use_cases.change_series import end_series
from tests.unit.core.use_cases.test_series import booked, made
from tests.unit.core.use_cases.world import DAY, HOUR, INES, MINUTE, NOAH, World, at, make_world

S = EffectState
LONDON, NEW_YORK = "Europe/London", "America/New_York"
# Ines' Tuesdays at two: 10:00 in New York on 27 October, 09:00 from 3 November.
TUESDAYS = Pattern(
    Repeats(Frequency.WEEKLY, 1, (1,)), LONDON, date(2026, 10, 27), 14 * 60, 30, count=6
)
NOV_3 = at("2026-11-03 14:00")
DUE = at("2026-10-27 12:00")  # eight in New York, where the clocks have not changed yet
WORK = weekly((8 * 60, 18 * 60))
PROGRAMME = weekly((6 * 60, 22 * 60), range(7))


def looks(world: World) -> list[Effect]:
    """Return the rows of looks ahead."""
    return world.effects(EffectKind.CLOCKS)


def asked(world: World) -> list[dict[str, str]]:
    """Return what Noah was asked."""
    return [dict(n.facts) for n in world.chat.told if n.kind is NoticeKind.CLOCKS and n.to == NOAH]


async def looked(world: World) -> list[dict[str, str]]:
    """Let the time of the look come, and return what was asked."""
    world.clock.at = DUE
    await world.work()
    return asked(world)


async def a_series() -> tuple[World, SeriesResult]:
    """Return a world with the series."""
    world = await make_world()
    return world, await booked(world, TUESDAYS)


# --- when -----------------------------------------------------------------------------------------


async def test_one_row_for_who_is_shifted_a_week_before_as_their_day_begins() -> None:
    world, _ = await a_series()
    (row,) = looks(world)
    assert (row.person_id, row.due_at, row.lane) == (NOAH, DUE, None)
    world.clock.at = DUE - 1
    await world.work()
    assert looks(world) == [row]


async def test_a_series_of_before_is_looked_at_once() -> None:
    world, _ = await a_series()
    usual = [row.key for row in looks(world)]
    table = world.store._tables.effects
    table.drop(*[number for number, row in table.items() if row.kind is EffectKind.CLOCKS])
    assert await watch_earlier(world.ports) == 1
    assert [row.key for row in looks(world)] == usual
    assert await watch_earlier(world.ports) == 0


async def test_what_is_less_than_a_week_ahead_was_just_shown() -> None:
    world = await make_world()
    world.clock.at = DUE - DAY
    await booked(world, replace(TUESDAYS, first=date(2026, 10, 27)))
    assert len(looks(world)) == 1
    world = await make_world()
    world.clock.at = DUE - DAY
    await booked(world, replace(TUESDAYS, first=date(2026, 11, 3)))
    assert looks(world) == []


async def test_moved_together_they_keep_a_new_time_and_moved_alone_they_are_as_agreed() -> None:
    _, result = await a_series()
    series, first, *rest = made(result), *result.meetings
    (drift,) = drifts_of(series, result.meetings, NEW_YORK)
    assert drift.starts == tuple(m.start for m in rest)
    alone = rest[0].move(rest[0].start + HOUR, rest[0].end + HOUR, NOV_3)
    (drift,) = drifts_of(series, [first, alone, *rest[1:]], NEW_YORK)
    assert drift.starts == tuple(m.start for m in rest[1:])
    together = [m.move(m.start + HOUR, m.end + HOUR, NOV_3) for m in rest]
    (drift,) = drifts_of(series, [first, *together], NEW_YORK)
    assert drift.starts == tuple(m.start for m in together)
    elsewhere = [replace(m, zone=NEW_YORK) for m in together]
    assert drifts_of(series, [first, *elsewhere], NEW_YORK) == ()


# --- what -----------------------------------------------------------------------------------------


async def test_it_suits_and_nobody_hears_of_it() -> None:
    world, _ = await a_series()
    assert await looked(world) == []
    assert [(row.state, row.last_error) for row in looks(world)] == [(S.DONE, "it suits")]


async def test_a_clash_is_asked_about_once() -> None:
    world, result = await a_series()
    world.busy(NOAH, NOV_3 + 7 * DAY, NOV_3 + 7 * DAY + HOUR)
    (facts,) = await looked(world)
    assert facts == {
        "about": made(result).id,
        "change": str(at("2026-11-01 06:00")),
        "zone": NEW_YORK,
        "minutes": "-60",
        "troubles": f"{NOV_3 + 7 * DAY}=busy",
    }
    await world.store.transact(lambda tx: watch(tx, made(result), result.meetings, DUE - 1))
    world.clock.at = DUE + DAY
    await world.work()
    assert len(asked(world)) == 1
    assert NoticeKind.CLOCKS not in world.chat.to(INES)


async def test_leave_is_no_free_time_either() -> None:
    world, _ = await a_series()
    away = (Leave(date(2026, 11, 2), date(2026, 11, 6)),)
    await world.change(NOAH, leave=away)
    (facts,) = await looked(world)
    assert facts["troubles"] == f"{NOV_3}=busy"


async def test_an_unread_calendar_is_looked_at_again_and_then_asked_about() -> None:
    world, _ = await a_series()
    world.calendars.fail(Unavailable("away"), times=99, calendar_id=world.main[NOAH])
    assert await looked(world) == []
    for _ in range(3):
        world.clock.at += HOUR + MINUTE
        await world.work()
    (facts,) = asked(world)
    assert set(facts["troubles"].split(",")) == {
        f"{start}=unknown" for start in TUESDAYS.slots()[1:]
    }


async def test_ended_or_unwanted_it_is_dropped() -> None:
    world, result = await a_series()
    world.busy(NOAH, NOV_3, NOV_3 + HOUR)
    await end_series(world.ports, made(result).id, INES)
    assert await looked(world) == []
    world, _ = await a_series()
    world.busy(NOAH, NOV_3, NOV_3 + HOUR)
    await world.change(NOAH, nudges=False)
    assert await looked(world) == []
    assert [row.state for row in looks(world)] == [S.DONE]


async def test_without_the_first_sessions_it_waits_for_the_next() -> None:
    world, result = await a_series()
    world.busy(NOAH, NOV_3 + 7 * DAY, NOV_3 + 7 * DAY + HOUR)
    await change_meeting.cancel(world.ports, result.meetings[1].id, INES)
    assert await looked(world) == []
    world.clock.at = DUE + 7 * DAY + HOUR  # eight in New York, in winter time
    await world.work()
    assert len(asked(world)) == 1


# --- the rule -------------------------------------------------------------------------------------


@given(
    hour=st.integers(7, 19),
    busy=st.lists(st.tuples(st.integers(0, 60 * DAY), st.integers(HOUR, 5 * HOUR)), max_size=6),
    unknown=st.sampled_from(("", "not_connected")),
)
def test_nothing_is_passed_over_and_nothing_made_up(
    hour: int, busy: list[tuple[int, int]], unknown: str
) -> None:
    days = [date(2026, 10, 20) + timedelta(days=7 * n) for n in range(8)]
    starts = [instant(day, time(hour), LONDON) for day in days]
    taken = [(starts[0] + begin, starts[0] + begin + long) for begin, long in busy]
    person = PersonTime(NOAH, NEW_YORK, busy=taken, own=WORK, unknown=unknown)
    for drift in drifts(starts, LONDON, NEW_YORK):
        found = troubles(drift, person, PROGRAMME, HOUR, starts[0])
        for start in drift.starts:
            span, before = (start, start + HOUR), start - drift.minutes * 60
            inside = hours_spans(WORK, NEW_YORK, span) == [span]
            was = hours_spans(WORK, NEW_YORK, (before, before + HOUR)) == [(before, before + HOUR)]
            clash = any(a < span[1] and span[0] < b for a, b in taken)
            if was and not inside:
                assert found[start] is Trouble.HOURS
            elif clash:
                assert found[start] is Trouble.BUSY
            else:
                assert found.get(start) is (Trouble.UNKNOWN if unknown else None)
