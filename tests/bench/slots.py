"""How exactly and how fast times are found.

The cases with known answers lie beside the project, in `../shared/slots`. Beside them one search
is measured as it comes in life - everything forgotten, buffers, ranking - against what sorting
the same busy times alone costs in the same minute on the same machine. The largest case leaves
no time free, so the same is measured on a made-up diary of that size that does, ranking included.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.finding.availability import candidates
from core.finding.ranking import best
from core.finding.request import PersonTime, Search
from core.ids import PersonId
from core.setting_text import parse_hours
from core.timing.hours import weekly
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.timing.spans import Span

DATA = Path(__file__).resolve().parents[3] / "shared" / "slots"
MISSING = "../shared/slots is not here"
HARDEST = "people-10-events-8"
REPEAT = 60
MOST = 8.0


@dataclass(frozen=True, slots=True)
class Case:
    """One search with its known answer; busy times unsorted and overlapping, as they came."""

    name: str
    search: Search
    people: tuple[PersonTime, ...]
    expected: list[int]


def read_cases() -> list[Case]:
    """Return the cases by size, none when their folder is not here."""
    cases = [_read(path) for path in sorted(DATA.glob("people-*.json"))]
    return sorted(cases, key=lambda case: sum(len(p.busy) for p in case.people))


def _read(path: Path) -> Case:
    data = json.loads(path.read_text(encoding="utf-8"))
    start, end = data["from"], data["to"]
    rule = data["working_hours"]
    search = Search(
        now=start,
        windows=((start, end),),
        length=data["length"] * 60,
        programme=weekly(
            parse_hours(f"{rule['start']}-{rule['end']}"), [day - 1 for day in rule["days"]]
        ),
        earliest=start,
        latest=end,
        step=data["frequency"] * 60,
    )
    people = tuple(
        PersonTime(PersonId(str(number)), one["tz"], [(a, b) for a, b in one["busy"]])
        for number, one in enumerate(data["people"])
    )
    return Case(path.stem, search, people, data["expected_slot_starts"])


def forget() -> None:
    """Empty everything that is remembered between searches: the core's caches and the zones."""
    for name, module in list(sys.modules.items()):
        if name.startswith("core."):
            for thing in list(vars(module).values()):
                clear = getattr(thing, "cache_clear", None)
                if clear is not None:
                    clear()
    ZoneInfo.clear_cache()


def find(case: Case) -> list[int]:
    """Return the best three times, as a request in chat would get them."""
    starts = candidates(case.search, case.people)
    return best(case.search, case.people, starts, 3)


def run() -> list[str]:
    """Return the figures, one line each."""
    cases = read_cases()
    lines = [_exactness(case) for case in cases] or [MISSING]
    for case in [case for case in cases if case.name == HARDEST] + [made_up()]:
        lines += _against_sorting(case)
    return lines


def made_up(people: int = 10, events: int = 8, days: int = 60) -> Case:
    """Return a search of the same size in which some times are free: mornings are left alone.

    The same numbers come out each time.
    """
    seeded = random.Random(2027)
    start = 1_803_859_200  # 1 March 2027; both clock changes of the spring lie inside
    zones = ("Europe/London", "Europe/Paris", "Europe/Helsinki", "Africa/Lagos", "Asia/Beirut")
    crowd: list[PersonTime] = []
    for number in range(people):
        busy: list[Span] = []
        for event in range(events * days):  # day by day, as calendars answer
            at = start + event // events * DAY + 39_600 + 900 * seeded.randrange(40)
            busy.append((at, at + 900 * seeded.randint(1, 4)))
        crowd.append(PersonTime(PersonId(str(number)), zones[number % len(zones)], busy))
    end = start + days * DAY
    search = Search(
        now=start,
        windows=((start, end),),
        length=1800,
        programme=weekly((480, 1080)),
        earliest=start,
        latest=end,
    )
    return Case("made up", search, tuple(crowd), [])


def _exactness(case: Case) -> str:
    found = candidates(case.search, case.people)
    verdict = "exact" if found == case.expected else "NOT EXACT"
    cold = median(_cold(lambda: candidates(case.search, case.people)) for _ in range(15))
    return f"{case.name}: {verdict}, {len(found)} starts, {cold * 1000:.2f} ms cold"


def _against_sorting(case: Case) -> list[str]:
    """Compare one whole search with `sorted()` over each person's busy times.

    The two are measured in turns, so that whatever else the machine does hits both.
    """
    buffered = replace(case, people=tuple(replace(p, buffer=600) for p in case.people))
    cold: list[float] = []
    warm: list[float] = []
    sorting: list[float] = []
    for _ in range(REPEAT):
        sorting.append(_timed(lambda: _sort(case.people)))
        cold.append(_cold(lambda: find(buffered)))
        sorting.append(_timed(lambda: _sort(case.people)))
        warm.append(_timed(lambda: find(buffered)))
    base = median(sorting)
    events = sum(len(p.busy) for p in case.people)
    starts = len(candidates(buffered.search, buffered.people))
    what = f"{len(case.people)} people, {events} busy times, {starts} starts remain"
    return [
        f"{case.name}: {what}; sorting the busy times alone: {base * 1000:.2f} ms",
        _ratio("cold", median(cold), base) + f" (at most {MOST:g} is wanted)",
        _ratio("warm", median(warm), base),
    ]


def _ratio(name: str, seconds: float, base: float) -> str:
    what = "finding the best three with buffers of 10 min"
    return f"  {what}, {name}: {seconds * 1000:.2f} ms = {seconds / base:.1f} x sorting"


def _sort(people: tuple[PersonTime, ...]) -> list[list[Span]]:
    return [sorted(person.busy) for person in people]


def _cold(work: Callable[[], object]) -> float:
    """Return the seconds of one run that remembers nothing."""
    forget()
    return _timed(work)


def _timed(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
