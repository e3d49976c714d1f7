"""iCalendar text <-> the core's types: busy times out of events, our own events into text.

Reading costs CPU time in proportion to the text: callers run it in a thread for long replies.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from icalendar import Calendar
from icalendar import Event as VEvent

from adapters.ical.events import Event, plain_address, read_event
from adapters.ical.expand import Instance, instances
from adapters.ical.lines import Component, Property, components
from adapters.ical.recurrence import Budget
from adapters.ical.series import add_series
from adapters.ical.zones import Clocks, Known, Named, ruled_clocks
from core.ports import Busy, BusyAnswer
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.drafts import EventDraft
    from core.timing.spans import Span

PRODUCT = "-//Tandem//Scheduling Assistant//EN"
LONGEST_WINDOW = 62 * DAY
ESCAPED = re.compile(r"\\([\\;,nN])")

TIMES = frozenset(
    {
        *("UID", "SEQUENCE", "RECURRENCE-ID"),
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"),
        *("TRANSP", "STATUS", "ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS"),
    }
)
ZONE_RULES = frozenset({"DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"})
ZONES = {"VTIMEZONE": frozenset({"TZID"}), "STANDARD": ZONE_RULES, "DAYLIGHT": ZONE_RULES}
BUSY_KEEPS = {**ZONES, "VEVENT": TIMES}
TITLES_TOO = {**ZONES, "VEVENT": TIMES | {"SUMMARY"}}
OURS = {"VEVENT": TIMES | {"SUMMARY", "DESCRIPTION", "LOCATION"}}


class Reading:
    """Events of one calendar in one window, and how many of them made no sense."""

    def __init__(
        self, window: Span, zone: str, own: Iterable[str] = (), ignore: frozenset[str] = frozenset()
    ) -> None:
        """Read for an owner in `zone` (IANA) with the addresses `own`.

        Raises ValueError for a window longer than 62 days and for an unknown zone.
        """
        if window[1] - window[0] > LONGEST_WINDOW:
            raise ValueError("a window for events has at most 62 days")
        self.window = window
        self.clock = Named(zone)
        self.clock.instant(window[0])
        self.own = frozenset(plain_address(address) for address in own)
        self.ignore = ignore
        self.budget = Budget()
        self.zones: Known = {}
        self.skipped = 0

    def instances(self, text: str, *, titles: bool = False) -> list[Instance]:
        """Return the instances in the window of one calendar object; what fails is counted.

        Raises UsedUpError when the calendar costs more than one may.
        """
        parts = components(text, TITLES_TOO if titles else BUSY_KEEPS)
        zones = [part for part in parts if part.name == "VTIMEZONE"]
        ruled = ruled_clocks(zones, *self.window, self.budget, self.zones) if zones else {}
        clocks = Clocks(self.clock, ruled)
        by_uid: dict[str, list[Event]] = {}
        for part in parts:
            if part.name == "VEVENT" and (event := self._event(part, clocks)):
                by_uid.setdefault(event.uid, []).append(event)
        found: list[Instance] = []
        for uid, events in by_uid.items():
            if uid not in self.ignore:
                found.extend(self._expand(events))
        return found

    def _event(self, part: Component, clocks: Clocks) -> Event | None:
        try:
            return read_event(part, clocks, self.own)
        except (ValueError, OverflowError):
            self.skipped += 1
            return None

    def _expand(self, events: list[Event]) -> list[Instance]:
        try:
            return instances(events, self.window, self.budget)
        except (ValueError, OverflowError):
            self.skipped += 1
            return []


def busy_of(
    objects: Iterable[str],
    window: Span,
    zone: str,
    own: Iterable[str] = (),
    ignore: frozenset[str] = frozenset(),
) -> BusyAnswer:
    """Return when the events of calendar objects block their owner, clipped to the window.

    `zone` gives all-day and floating events their instants; `own` are the owner's addresses;
    events with a UID in `ignore` are left out. An event that makes no sense is skipped and
    counted, alone. Raises ValueError for a window longer than 62 days, UsedUpError when the
    series together cost too much to be read to the end.
    """
    reading = Reading(window, zone, own, ignore)
    low, high = window
    spans = sorted(
        (max(one.start, low), min(one.end, high), one.event.kind)
        for text in objects
        for one in reading.instances(text)
        if one.event.kind
    )
    busy = tuple(Busy(start, end, kind) for start, end, kind in dict.fromkeys(spans) if end > start)
    return BusyAnswer(busy, reading.skipped)


def write_event(draft: EventDraft) -> bytes:
    """Return the copy of a meeting as a calendar object.

    It has no METHOD (RFC 4791 4.1), and neither ORGANIZER nor ATTENDEE, so that no server mails
    anybody because of it; its times are UTC, those of a series the wall times of its zone.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    if draft.recurrence is not None:
        add_series(calendar, draft.recurrence, lambda moved: _event(draft, moved or 0))
        return bytes(calendar.to_ical())
    event = _event(draft)
    event.add("DTSTART", _utc(draft.start))
    event.add("DTEND", _utc(draft.end))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(draft: EventDraft, sequence: int = 0) -> VEvent:
    """Return what a draft says, without its times."""
    event = VEvent()
    event.add("UID", draft.uid)
    event.add("SEQUENCE", max(draft.sequence, sequence))
    event.add("DTSTAMP", _utc(draft.stamp))
    event.add("SUMMARY", draft.title)
    event.add("TRANSP", "OPAQUE")
    if draft.description:
        event.add("DESCRIPTION", draft.description)
    if draft.place:
        event.add("LOCATION", draft.place)
    if draft.place.startswith(("https://", "http://")):
        event.add("URL", draft.place)
    return event


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at, tz=UTC)


def same_event(text: str, draft: EventDraft) -> bool:
    """Tell whether a stored object already says what the draft says."""
    events = [part for part in components(text, OURS) if part.name == "VEVENT"]
    try:
        if draft.recurrence is not None:
            ours = components(write_event(draft).decode(), OURS)
            return _told(events) == _told([part for part in ours if part.name == "VEVENT"])
        return len(events) == 1 and _says(events[0], draft)
    except (ValueError, OverflowError):
        return False


def _told(events: list[Component]) -> list[list[tuple[str, ...]]]:
    """Return what the components of a series say, without the order in which they say it."""
    return sorted(sorted(_line(found) for found in part.properties()) for part in events)


def _line(found: Property) -> tuple[str, ...]:
    """Return one property, so that the same meaning gives the same words."""
    zone = found.params.get("TZID", "")
    if found.name == "RRULE":
        return (found.name, *sorted(found.value.upper().split(";")))
    if found.name == "EXDATE":
        return (found.name, zone, *sorted(found.value.split(",")))
    return (found.name, zone, _plain(unescape(found.value)))


def _says(part: Component, draft: EventDraft) -> bool:
    values = {found.name: found for found in part.properties()}
    clocks = Clocks(Named("UTC"), {})
    if not {"DTSTART", "DTEND"} <= values.keys() or "RRULE" in values:
        return False
    times = clocks.moment(values["DTSTART"]).instant, clocks.moment(values["DTEND"]).instant
    texts = {name: unescape(found.value) for name, found in values.items()}
    wanted = {
        "UID": draft.uid,
        "SEQUENCE": str(draft.sequence),
        "SUMMARY": draft.title,
        "DESCRIPTION": draft.description,
        "LOCATION": draft.place,
    }
    return times == (draft.start, draft.end) and all(
        _plain(texts.get(name, "0" if name == "SEQUENCE" else "")) == _plain(text)
        for name, text in wanted.items()
    )


def unescape(text: str) -> str:
    """Return a TEXT value as it was meant (RFC 5545 3.3.11)."""
    return ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def _plain(text: str) -> str:
    """Return a text without what servers may change: line ends, space around lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def uids_of(text: str) -> frozenset[str]:
    """Return the UIDs in a calendar object; lines that cannot be read are passed over."""
    found = set()
    for part in components(text, {"VEVENT": frozenset({"UID"})}):
        for line in part.lines:
            found.add(line.partition(":")[2].strip())
    return frozenset(found)
