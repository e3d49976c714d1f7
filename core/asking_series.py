"""Asking calendars about all sessions of a series: once per window that a service takes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from core.attendance import Attendance, ask
from core.booking.series import windows
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.attendance import Cast
    from core.booking.proposal import MeetingRequest, Wish
    from core.booking.series import Pattern
    from core.finding.request import PersonTime
    from core.ids import PersonId
    from core.ports import Ports
    from core.timing.spans import Span

AROUND = 2 * DAY  # seconds on either side of a session in which other times are looked for
AT_ONCE = 3  # windows that are asked for side by side


def wish_of(request: MeetingRequest) -> Wish:
    """Return the series that a request is for."""
    if request.series is None:
        message = "no request for a series"
        raise ValueError(message)
    return request.series


def spans_of(pattern: Pattern) -> list[Span]:
    """Return when the sessions are by the rule."""
    return [(slot, slot + pattern.minutes * 60) for slot in pattern.slots()]


async def ask_series(ports: Ports, cast: Cast, spans: Sequence[Span]) -> Attendance:
    """Ask every calendar once per window, a few windows at a time, and put the answers together."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(window: Span) -> Attendance:
        async with gate:
            return await ask(ports, cast, window)

    parts = await asyncio.gather(*(one(window) for window in windows(spans, AROUND)))
    return _joined(parts)


def _joined(parts: Sequence[Attendance]) -> Attendance:
    """Return the answers for several windows as one; unknown in one is unknown."""
    people: dict[PersonId, PersonTime] = {}
    for part in parts:
        for person in part.people:
            known = people.get(person.person_id, replace(person, busy=[], away=[], unknown=""))
            people[person.person_id] = replace(
                known,
                busy=[*known.busy, *person.busy],
                away=[*known.away, *person.away],
                unknown=known.unknown or person.unknown,
            )
    revoked = tuple(dict.fromkeys(grant for part in parts for grant in part.revoked))
    return Attendance(tuple(people.values()), revoked, sum(part.skipped for part in parts))
