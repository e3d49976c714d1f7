"""What it costs to check a series: 26 sessions of six people against one search for a time.

Both go the whole way from the request to the stored proposal, on the store and the calendars in
memory, so that what is compared is the work of finding. Every time of day of the working hours is
tried for the series, and the one that fits best is taken.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import date
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from core.booking.proposal import MeetingRequest, Wish
from core.booking.series import Pattern, windows
from core.ids import PersonId
from core.ports import Busy
from core.timing.recurrence import Frequency, Rule
from core.timing.zones import DAY
from core.use_cases.find_series import find_series
from core.use_cases.find_times import find_times
from tests.talks.stage import AURORA, NOW, aurora

if TYPE_CHECKING:
    from tests.talks.stage import Stage

PEOPLE = ("maya", "alex", "romero", "priya", "sam", "lee")
ZONE = "Europe/London"
REPEAT = 15
MOST = 20.0


def run() -> list[str]:
    """Return the figures, one line each."""
    return asyncio.run(_run())


async def _run() -> list[str]:
    stage = await _world()
    first = Pattern(Rule(Frequency.WEEKLY, 1, (1,)), ZONE, date(2026, 10, 27), 480, 30, 26)
    options = [replace(first, minute=minute) for minute in range(480, 1051, 30)]
    people = tuple(PersonId(who) for who in PEOPLE)
    month = ((NOW, NOW + 30 * DAY),)
    single = MeetingRequest(AURORA, people[0], people, 30, month, ZONE)
    whole = replace(single, windows=(), series=Wish(first))
    search: list[float] = []
    check: list[float] = []
    asked = 0
    for _ in range(REPEAT):
        started = perf_counter()
        await find_times(stage.ports, single)
        search.append(perf_counter() - started)
        before = stage.calendars.asked
        started = perf_counter()
        finding = await find_series(stage.ports, whole, options)
        check.append(perf_counter() - started)
        asked = stage.calendars.asked - before
    held = len(finding.proposal.slots) if finding.proposal else 0
    spans = [(slot, slot + 1800) for slot in first.slots()]
    ratio = median(check) / median(search)
    return [
        f"one search for 6 people over 30 days: {median(search) * 1000:.2f} ms",
        f"a series of 26, {len(options)} times of day: {held} fit; {median(check) * 1000:.2f} ms",
        f"  = {ratio:.1f} x one search (at most {MOST:g} is wanted)",
        f"calendars asked {asked} times: 6 people, {len(windows(spans, 2 * DAY))} windows",
    ]


async def _world() -> Stage:
    """Return six people in one zone, each with three busy times on every day of half a year."""
    stage = await aurora()
    seeded = random.Random(2026)
    for who in PEOPLE:
        await stage.change(who, zone=ZONE)
        for day in range(200):
            for _ in range(3):
                at = NOW - 9 * 3600 + day * DAY + 28_800 + 900 * seeded.randrange(36)
                span = Busy(at, at + 900 * seeded.randint(1, 3))
                stage.calendars.add_busy(stage.shelves[who], span)
    return stage
