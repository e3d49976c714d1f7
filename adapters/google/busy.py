"""Busy times: many calendars in one request, and our own meeting left out where it is moved.

Google merges the spans of a calendar and says nothing else about them: no kind, no title.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.google.errors import PROVIDER, Failure, typed
from adapters.google.events import OURS, instant_of, is_there, span_of, stamp
from adapters.google.scopes import WRITES
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    NotConnected,
    ProviderError,
    RemoteMissing,
    why_unread,
)
from core.ports import Busy, BusyAnswer, Unknown
from core.timing.spans import intersect, merge, subtract
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from adapters.google.api import Api
    from core.links import Grant
    from core.timing.spans import Span

MOST_CALENDARS = 50  # per request: its documented limit
LONGEST = 60 * DAY  # per request: more than about three months was refused
WHOLE_GRANT = (AccessRevoked, ConsentRequiredByAdmin, NotConnected)
PAGE = 250
MOST_PAGES = 40  # of events: ten thousand at the time of one meeting are no calendar
TIMES = "timeZone,nextPageToken,items(id,status,transparency,start,end)"

Answer = list["Span"] | Unknown


@dataclass(frozen=True, slots=True)
class Reading:
    """One question about the calendars of a grant, answered until `until` (the loop's time)."""

    api: Api
    grant: Grant
    window: Span
    ignore: frozenset[str]
    until: float

    async def busy(self, calendars: Sequence[str]) -> dict[str, BusyAnswer | Unknown]:
        """Return an answer per calendar. Raises what concerns the whole grant."""
        wanted = list(dict.fromkeys(calendars))
        parts = [(chunk, cut) for chunk in chunks(wanted) for cut in cuts(self.window)]
        found = await _all(*(self._query(chunk, cut) for chunk, cut in parts))
        answers: dict[str, Answer] = {calendar_id: [] for calendar_id in wanted}
        for part in found:
            for calendar_id, answer in part.items():
                answers[calendar_id] = _joined(answers[calendar_id], answer)
        done = await _all(*(self._finished(one, answers[one]) for one in wanted))
        return dict(zip(wanted, done, strict=True))

    async def _query(self, calendars: Sequence[str], cut: Span) -> dict[str, Answer]:
        """Ask once; a failure of the request makes all its calendars unknown."""
        body = {
            "timeMin": stamp(cut[0]),
            "timeMax": stamp(cut[1]),
            "timeZone": "UTC",
            "calendarExpansionMax": MOST_CALENDARS,
            "items": [{"id": calendar_id} for calendar_id in calendars],
        }
        try:
            async with asyncio.timeout_at(self.until):
                answer = await self.api.call(
                    self.grant, "freebusy", "query", body=body, fields="calendars"
                )
            return answers_of(answer, calendars)
        except TimeoutError:
            reason = Unknown("too slow")
        except WHOLE_GRANT:
            raise
        except ProviderError as error:
            reason = Unknown(why_unread(error))
        return dict.fromkeys(calendars, reason)

    # --- leaving out our own meeting ---

    async def _finished(self, calendar_id: str, answer: Answer) -> BusyAnswer | Unknown:
        if isinstance(answer, Unknown):
            return answer
        try:
            async with asyncio.timeout_at(self.until):
                spans = await self._without_own(calendar_id, answer)
        except TimeoutError:
            return Unknown("too slow")
        except AccessRevoked:
            raise
        except ProviderError as error:
            return Unknown(why_unread(error))
        return BusyAnswer(tuple(Busy(start, end) for start, end in spans))

    async def _without_own(self, calendar_id: str, busy: list[Span]) -> list[Span]:
        """Return the busy spans without the ignored meetings.

        Where one of them is, the merged spans cannot tell whether somebody else's event is
        there, too: the times of the events in just that span decide. An invitation that was
        declined counts there, because its answer stands among attendees, which are never read.
        """
        rights = self.grant.secret.get("scopes", "").split()
        if not busy or not self.ignore or not WRITES.intersection(rights):
            return busy
        ids: set[str] = set()
        own: list[Span] = []
        for uid in sorted(self.ignore):
            filters = {"privateExtendedProperty": f"{OURS}={uid}"}
            for name, span in await self._events(calendar_id, self.window, filters):
                ids.add(name)
                own.append(span)
        own = intersect(busy, merge(own))
        if not own:
            return busy
        around = own[0][0], own[-1][1]
        others = [s for name, s in await self._events(calendar_id, around, {}) if name not in ids]
        return merge([*subtract(busy, own), *intersect(own, merge(others))])

    async def _events(
        self, calendar_id: str, window: Span, filters: Mapping[str, str]
    ) -> list[tuple[str, Span]]:
        """Return id and times of the events that block; none where we may not look."""
        found: list[tuple[str, Span]] = []
        params: dict[str, Any] = {
            "calendarId": calendar_id,
            "timeMin": stamp(window[0]),
            "timeMax": stamp(window[1]),
            "singleEvents": True,
            "maxResults": PAGE,
            "fields": TIMES,
            **filters,
        }
        for _ in range(MOST_PAGES):
            try:
                page = await self.api.call(self.grant, "events", "list", **params)
            except (NotConnected, RemoteMissing):
                return []
            found += blocking(page)
            if not page.get("nextPageToken"):
                return found
            params["pageToken"] = page["nextPageToken"]
        raise BadData("the events have no end", provider=PROVIDER)


def blocking(page: Mapping[str, Any]) -> list[tuple[str, Span]]:
    """Return id and times of the events of a page that block. Raises BadData."""
    zone = str(page.get("timeZone", "UTC"))
    try:
        return [
            (str(item.get("id")), span_of(item, zone))
            for item in page.get("items", [])
            if is_there(item) and item.get("transparency", "opaque") == "opaque"
        ]
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise BadData("events that cannot be read", provider=PROVIDER) from None


def answers_of(answer: Mapping[str, Any], calendars: Sequence[str]) -> dict[str, Answer]:
    """Return each calendar's spans. One that reports errors, is missing or cannot be read is
    unknown, never free. Raises BadData for an answer that is about no calendars at all.
    """
    found = answer.get("calendars")
    if not isinstance(found, dict):
        raise BadData("no calendars in the answer", provider=PROVIDER)
    return {calendar_id: _answer(found.get(calendar_id)) for calendar_id in calendars}


def _answer(entry: Any) -> Answer:
    if not isinstance(entry, dict):
        return Unknown("unreadable answer")
    errors = entry.get("errors")
    if errors:
        first = errors[0] if isinstance(errors, list) else None
        reason = str(first.get("reason", "")) if isinstance(first, dict) else ""
        return Unknown(why_unread(typed(Failure(0, reason))))
    try:
        spans = [(instant_of(p["start"]), instant_of(p["end"])) for p in entry["busy"]]
    except (BadData, KeyError, TypeError, OverflowError):
        return Unknown("unreadable answer")
    if any(end < start for start, end in spans):
        return Unknown("unreadable answer")
    return merge(spans)


def _joined(one: Answer, other: Answer) -> Answer:
    """Put two parts of a window together: what is unknown in one part is unknown."""
    if isinstance(one, Unknown):
        return one
    return other if isinstance(other, Unknown) else merge([*one, *other])


def chunks(calendars: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list of calendars into as many as one request may name."""
    for first in range(0, len(calendars), MOST_CALENDARS):
        yield calendars[first : first + MOST_CALENDARS]


def cuts(window: Span) -> Iterator[Span]:
    """Cut a window into as long ones as one request may ask for."""
    for start in range(window[0], window[1], LONGEST):
        yield start, min(start + LONGEST, window[1])


async def _all(*jobs: Any) -> list[Any]:
    """Run jobs side by side to their end, then raise the first error, if there was one."""
    results = await asyncio.gather(*jobs, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
