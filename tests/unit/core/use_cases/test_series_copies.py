"""The copies of a series: one event where the service has one for it, single ones where not."""

from dataclasses import replace
from datetime import date

from adapters.memory.calendar import MemoryCalendars
from core.booking.drafts import EventDraft
from core.booking.meeting import Meeting
from core.booking.series import Pattern, Series
from core.booking.series_plan import plan_series
from core.ids import MeetingId, SeriesId
from core.repositories import Tx
from core.timing.recurrence import Frequency, Rule
from tests.unit.core.use_cases.steps import booked
from tests.unit.core.use_cases.world import INES, NOAH, NOW, TUESDAY, World

WEEKLY = Pattern(Rule(Frequency.WEEKLY), "UTC", date(2026, 10, 27), 14 * 60, 30, count=4)


async def started(world: World) -> tuple[Series, list[Meeting]]:
    """Return a series of Ines and Noah whose first session was booked as a single one."""
    one = await booked(world, INES, NOAH)
    pattern = replace(WEEKLY, minute=(one.start - TUESDAY) // 60)
    made = Series(SeriesId(one.id), one.programme_id, one.owner, one.people, pattern, "", one.uid)
    meetings = [
        replace(one, id=name, start=slot, end=slot + 1800, series=made.id, slot=slot)
        for name, slot in zip([one.id, *map(MeetingId, "bcd")], pattern.slots(), strict=True)
    ]
    await said(world, made, meetings)
    return made, meetings


async def said(world: World, made: Series, meetings: list[Meeting]) -> None:
    """Store a series as it is now, and let it reach everybody."""

    def work(tx: Tx) -> None:
        stored = [m.id for m in tx.meetings.of_person(INES, (0, NOW * 2))]
        before = {name: tx.meetings.get(name).version for name in stored}
        tx.meetings.save_series(made)
        for meeting in meetings:
            tx.meetings.save(replace(meeting, version=before.get(meeting.id, 0)))
        for effect in plan_series(made, meetings, None, world.clock.now()):
            tx.effects.add(effect)

    await world.store.transact(work)
    world.clock.at += 60
    await world.work()


async def changed(
    world: World, made: Series, meetings: list[Meeting], after: list[Meeting]
) -> Series:
    """Change some sessions of a series."""
    series = await world.store.read(lambda tx: tx.meetings.series(made.id))
    new = series.changed(meetings, world.clock.now())
    await said(world, new, after)
    return new


def held(service: MemoryCalendars, calendar_id: str) -> list[tuple[int, bool]]:
    """Return starts of what is in a calendar, and whether it repeats."""
    return [(e.start, e.recurrence is not None) for e in service.events(calendar_id)]


async def test_a_series_is_one_event(world: World) -> None:
    _, meetings = await started(world)
    assert held(world.calendars, world.main[INES]) == [(meetings[0].start, True)]


async def test_what_cannot_repeat_is_written_singly_and_as_one_again_later(world: World) -> None:
    made, meetings = await started(world)
    mine = world.main[INES]
    world.calendars.rules = False
    after = [meetings[0], meetings[1].cancel(NOW), *meetings[2:]]
    new = await changed(world, made, meetings, after)
    singly = [(m.start, False) for m in after if m is not after[1]]
    assert held(world.calendars, mine) == singly
    after[0] = after[0].cancel(NOW)
    new = await changed(world, new, after, after)
    assert held(world.calendars, mine) == singly[1:]
    world.calendars.rules = True
    await changed(world, new, after, after)
    (copy,) = world.calendars.events(mine)
    assert sessions(copy) == [m.start for m in meetings[2:]]


def sessions(copy: EventDraft) -> list[int]:
    """Return when the sessions of a copy begin."""
    assert copy.recurrence is not None
    return sorted(start for start, _ in copy.recurrence.sessions().values())


async def test_a_series_called_off_leaves_nothing(world: World) -> None:
    made, meetings = await started(world)
    world.calendars.rules = False
    new = await changed(world, made, meetings, meetings)
    assert len(held(world.calendars, world.main[NOAH])) == len(meetings)
    gone = [m.cancel(NOW) for m in meetings]
    await changed(world, new, meetings, gone)
    assert held(world.calendars, world.main[NOAH]) == held(world.calendars, world.main[INES]) == []
