"""What foreign events say: when they block, and how the owner answered an invitation of ours.

Busy times come from `calendarView`, never from `getSchedule`: that one
sees the default calendar alone, serves no private accounts, and takes addresses instead of
calendars, so that it would save no request and need a second way beside it. Each view covers at
most 60 days and 40 pages; a calendar with more events than 4,000 in it is unknown, never free:
reading on would pass every deadline of a search.

The mailbox's own time zone is not read: `MailboxSettings.Read` is in none of the tiers that people
consent to, and whose clock counts is asked of them in chat.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.microsoft.errors import PROVIDER, Reply, TooSlow
from adapters.microsoft.events import FOREIGN, WHOSE, answer_of, busy_of, found_by, uids_of
from adapters.microsoft.graph import MOST_IN_BATCH, SIDE_BY_SIDE, path_of
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    ProviderError,
    why_unread,
)
from core.links import Tier
from core.ports import Busy, BusyAnswer, Unknown
from core.timing.zones import DAY, utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adapters.microsoft.graph import Graph
    from core.booking.meeting import Rsvp
    from core.links import Grant
    from core.timing.spans import Span

LONGEST_VIEW = 60 * DAY  # of one request
PAGE = "100"
# What values of the wrong type, or times at the ends of the calendar, are answered with.
NONSENSE = (ValueError, TypeError, OverflowError, AttributeError)
# Zones are at most this far from UTC, so a whole day of any zone is met by the padded window.
PAD = DAY


@dataclass(frozen=True, slots=True)
class Question:
    """When is the owner of an account busy? `zone` (IANA) is the owner's, for whole days."""

    grant: Grant
    window: Span
    zone: str
    ignore: frozenset[str]

    def views(self, calendar_id: str) -> list[str]:
        """Return the paths that show one calendar's window, a piece at a time."""
        fields = FOREIGN + (WHOSE if self.ignore else ())
        start, end = self.window[0] - PAD, self.window[1] + PAD
        return [
            view_path(calendar_id, (at, min(at + LONGEST_VIEW, end)), fields)
            for at in range(start, end, LONGEST_VIEW)
        ]


def view_path(calendar_id: str, window: Span, fields: Sequence[str]) -> str:
    """Return the path of a calendar's view: series come as their occurrences."""
    start, end = (f"{utc(at):%Y-%m-%dT%H:%M:%SZ}" for at in window)
    return path_of(
        *("me", "calendars", calendar_id, "calendarView"),
        startDateTime=start,
        endDateTime=end,
        select=",".join(fields),
        top=PAGE,
    )


async def read_busy(
    graph: Graph, question: Question, calendars: Sequence[str], until: float
) -> dict[str, BusyAnswer | Unknown]:
    """Return an answer per calendar, those that have not come by `until` (loop time) unknown.

    Up to three views are read side by side; more of them in batches, which save requests but wait
    for their slowest part. Raises AccessRevoked and ConsentRequiredByAdmin for the whole account.
    """
    views = {calendar: question.views(calendar) for calendar in calendars}
    paths = [path for listed in views.values() for path in listed]
    whole: list[ProviderError] = []
    firsts: Mapping[str, Reply | ProviderError] = {}
    if len(paths) > SIDE_BY_SIDE:
        firsts = await _batched(graph, question.grant, paths, until)

    async def one(calendar: str) -> BusyAnswer | Unknown:
        try:
            async with asyncio.timeout_at(until):
                return await _read(graph, question, calendar, firsts)
        except (AccessRevoked, ConsentRequiredByAdmin) as error:
            whole.append(error)
            return Unknown("access revoked")
        except TimeoutError:
            return Unknown("too slow")
        except ProviderError as error:
            return Unknown("too slow" if isinstance(error, TooSlow) else why_unread(error))

    answers = await asyncio.gather(*map(one, views))
    if whole:
        raise whole[0]
    return dict(zip(views, answers, strict=True))


async def _batched(
    graph: Graph, grant: Grant, paths: Sequence[str], until: float
) -> dict[str, Reply | ProviderError]:
    """Return the first page of each path, or why there is none."""
    found: dict[str, Reply | ProviderError] = {}
    for at in range(0, len(paths), MOST_IN_BATCH):
        part = paths[at : at + MOST_IN_BATCH]
        try:
            async with asyncio.timeout_at(until):
                found |= zip(part, await graph.batch(grant, part), strict=True)
        except TimeoutError:
            found |= dict.fromkeys(part, TooSlow("too slow", provider=PROVIDER))
        except ProviderError as error:
            found |= dict.fromkeys(part, error)
    return found


async def _read(
    graph: Graph,
    question: Question,
    calendar_id: str,
    firsts: Mapping[str, Reply | ProviderError],
) -> BusyAnswer:
    spans: dict[Busy, None] = {}
    skipped = 0
    series: set[str] | None = None
    for path in question.views(calendar_id):
        first = firsts.get(path)
        if isinstance(first, ProviderError):
            raise first
        for event in await graph.pages(question.grant, path, first):
            try:
                busy = busy_of(event, question.zone)
            except (BadData, *NONSENSE):
                skipped += 1
                continue
            # An event may be seen in two pieces of the window.
            if not busy or not _counts(busy, question) or question.ignore & _uids(question, event):
                continue
            if question.ignore and event.get("seriesMasterId"):
                series = await _own(graph, question, calendar_id) if series is None else series
                if event["seriesMasterId"] in series:
                    continue
            spans[busy] = None
    ordered = sorted(spans, key=lambda busy: (busy.start, busy.end))
    return BusyAnswer(tuple(ordered), skipped)


async def _own(graph: Graph, question: Question, calendar_id: str) -> set[str]:
    """Return the ids of our series that are to be left out: their occurrences have other UIDs."""
    found: set[str] = set()
    if question.grant.secret.get("tier") != Tier.WRITE:
        return found
    for uid in sorted(question.ignore):
        path = path_of(
            "me", "calendars", calendar_id, "events", filter=found_by(uid), select="id", top=PAGE
        )
        found |= {str(event.get("id")) for event in await graph.pages(question.grant, path)}
    return found


def _counts(busy: Busy, question: Question) -> bool:
    return busy.start < question.window[1] and busy.end > question.window[0]


def _uids(question: Question, event: Mapping[str, object]) -> frozenset[str]:
    return uids_of(event) if question.ignore else frozenset()


async def read_answer(
    graph: Graph, grant: Grant, calendar_id: str, uid: str, window: Span
) -> Rsvp | None:
    """Return the owner's answer on the copy that came by our mail; None while there is none.

    It is looked for by its time, because whether a UID from outside can be searched for is not
    documented; of the other events there nothing but their ids is seen.
    """
    fields = (*WHOSE, "responseStatus", "isCancelled")
    for event in await graph.pages(grant, view_path(calendar_id, window, fields)):
        if isinstance(event, dict) and uid in uids_of(event):
            return answer_of(event)
    return None
