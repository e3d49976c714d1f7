"""One person's week as it stands on the demo's calendar server, with titles.

This is the demo looking at calendars that it has invented itself; the product never reads titles.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from yarl import URL

from adapters.caldav.discover import list_calendars
from adapters.caldav.guard import Guard
from adapters.caldav.http import Dav, Login
from adapters.caldav.quirks import GENERIC
from adapters.caldav.xml import CAL, events_between, multistatus
from adapters.ical.codec import PRODUCT, Reading
from core.timing.zones import DAY, days_span

if TYPE_CHECKING:
    from core.links import RemoteCalendar
    from core.timing.spans import Span

FREE = "free"
DAYS = 7


@dataclass(frozen=True, slots=True, order=True)
class WeekEvent:
    """One event: epoch seconds, `status` busy, tentative, away or free, the calendar's name.

    `is_tandem` marks the sessions that the assistant has written.
    """

    start: int
    end: int
    title: str
    all_day: bool
    status: str
    calendar: str
    is_tandem: bool


async def read_week(
    url: str, user: str, password: str, first_day: date, zone: str
) -> list[WeekEvent]:
    """Return the events of the seven days from `first_day` in `zone`, by start.

    `url` is the demo server's address. Raises ProviderError leaves.
    """
    server = URL(url)
    dav = Dav(Guard([f"{server.host}:{server.port}"]))
    login = Login(user, password)
    window = days_span(first_day, first_day + timedelta(days=DAYS - 1), zone)
    try:
        calendars = await list_calendars(dav, login, server / user / "", GENERIC)
        found = await asyncio.gather(
            *(_read(dav, login, calendar, window, zone) for calendar in calendars)
        )
    finally:
        await dav.close()
    return sorted(event for events in found for event in events)


async def _read(
    dav: Dav, login: Login, calendar: RemoteCalendar, window: Span, zone: str
) -> list[WeekEvent]:
    body = events_between((window[0] - DAY, window[1] + DAY), partial=False)
    headers = {"Depth": "1"}
    reply = await dav.send(login, "REPORT", calendar.calendar_id, body=body, headers=headers)
    reading = Reading(window, zone, own=[login.username])
    return [
        WeekEvent(
            start=one.start,
            end=one.end,
            title=one.event.title,
            all_day=one.event.start.is_date,
            status=one.event.kind.value if one.event.kind else FREE,
            calendar=calendar.name,
            is_tandem=PRODUCT in text,
        )
        for resource in multistatus(reply.body)
        if (text := resource.text(f"{CAL}calendar-data"))
        for one in reading.instances(text, titles=True)
    ]
