"""Busy times of one calendar: ask for the events of a window, keep when they block."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from adapters.caldav.guard import PROVIDER
from adapters.caldav.xml import CAL, HTTP_INSUFFICIENT, events_between, multistatus
from adapters.ical.codec import LONGEST_WINDOW, busy_of
from adapters.ical.recurrence import UsedUpError
from core.errors import BadData, InvalidRequest
from core.ports import BusyAnswer
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yarl import URL

    from adapters.caldav.http import Dav, Login
    from core.timing.spans import Span

# Longer answers are parsed in a thread, so that other conversations go on meanwhile. This many
# bytes are read in a few milliseconds, which is what a change of threads may cost, too.
SHORT_REPLY = 40_000
EVENT = re.compile("BEGIN:VEVENT", re.IGNORECASE)
GONE = frozenset({404, 410})  # removed between the search and the answer


async def read_busy(
    dav: Dav,
    login: Login,
    calendar: URL,
    window: Span,
    zone: str,
    *,
    own: tuple[str, ...],
    ignore: frozenset[str],
    partial: bool,
) -> BusyAnswer:
    """Return when a calendar's owner is busy. Raises ProviderError leaves.

    The free-busy report of RFC 4791 is not used: iCloud refuses it.
    """
    answers = []
    for part in windows(window):
        body = await _events(dav, login, calendar, part, partial=partial)
        if len(body) <= SHORT_REPLY:
            answers.append(_busy(body, part, zone, own, ignore))
        else:
            async with dav.reading:
                answers.append(await asyncio.to_thread(_busy, body, part, zone, own, ignore))
    spans = tuple(span for answer in answers for span in answer.spans)
    return BusyAnswer(spans, max((answer.skipped for answer in answers), default=0))


def windows(window: Span) -> Iterator[Span]:
    """Cut a window into parts that may be expanded at once."""
    start, end = window
    while start < end:
        yield start, min(start + LONGEST_WINDOW, end)
        start += LONGEST_WINDOW


async def _events(dav: Dav, login: Login, calendar: URL, window: Span, *, partial: bool) -> bytes:
    """Send the calendar-query; a server that refuses parts of events is asked for whole ones."""
    # Servers have their own ideas of all-day and floating times: a day more on each side.
    wide = window[0] - DAY, window[1] + DAY
    headers = {"Depth": "1"}
    try:
        body = events_between(wide, partial=partial)
        reply = await dav.send(login, "REPORT", calendar, body=body, headers=headers)
    except InvalidRequest:
        if not partial:
            raise
        body = events_between(wide, partial=False)
        reply = await dav.send(login, "REPORT", calendar, body=body, headers=headers)
    return reply.body


def _busy(
    body: bytes, window: Span, zone: str, own: tuple[str, ...], ignore: frozenset[str]
) -> BusyAnswer:
    """Read a multistatus of events. Raises BadData when it is not the whole answer.

    An event that was found but not sent is counted among those that make no sense; where that is
    true of all of them, nothing is known of the calendar.
    """
    texts: list[str] = []
    unread = 0
    for resource in multistatus(body):
        if resource.status == HTTP_INSUFFICIENT:
            raise BadData("the calendar server sends only a part", provider=PROVIDER)
        text = resource.text(f"{CAL}calendar-data")
        if EVENT.search(text):
            texts.append(text)
        elif resource.status not in GONE:
            unread += 1
    if unread and not texts:
        raise BadData("the calendar server sends no events", provider=PROVIDER)
    try:
        answer = busy_of(texts, window, zone, own, ignore)
    except UsedUpError:
        raise BadData("the series of the calendar cost too much", provider=PROVIDER) from None
    return BusyAnswer(answer.spans, answer.skipped + unread)
