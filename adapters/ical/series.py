"""Series as iCalendar text: one event with its rule, days left out and moved sessions.

A series is written in wall times with its zone (TZID), or it would shift when the clocks change;
so it comes with the zone's rules for its time (RFC 5545 3.6.5).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from core.timing.zones import DAY, instant, wall, zone_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from icalendar import Calendar, Event

    from core.booking.drafts import Moved, Occurrence, Recurrence


def add_series(
    calendar: Calendar, recurrence: Recurrence, event: Callable[[int | None], Event]
) -> None:
    """Add a series to a calendar object: its zone, the event with the rule, a component for each
    moved session. `event` makes the component without its times, given a moved one's sequence.
    """
    calendar.add_component(zone_rules(recurrence.zone, recurrence.first, _last_day(recurrence)))
    whole = event(None)
    zone = zone_of(recurrence.zone)
    start = _wall(recurrence.first, recurrence.minute, zone)
    whole.add("DTSTART", start)
    whole.add("DTEND", start + timedelta(minutes=recurrence.minutes))  # by the wall, like DTSTART
    whole.add("RRULE", vRecur.from_ical(recurrence.rule))
    if recurrence.left_out:
        whole.add("EXDATE", [_wall(day, recurrence.minute, zone) for day in recurrence.left_out])
    calendar.add_component(whole)
    for one in recurrence.moved:
        component = event(one.sequence)
        component.add("RECURRENCE-ID", _wall(one.day, recurrence.minute, zone))
        _add_times(component, one, recurrence.zone)
        calendar.add_component(component)


def add_occurrence(
    calendar: Calendar, occurrence: Occurrence, start: int, end: int, event: Event
) -> None:
    """Add one session of a series by itself: which one it is by the rule, and when it is."""
    days = (wall(start, occurrence.zone).date(), occurrence.day)
    calendar.add_component(zone_rules(occurrence.zone, min(days), max(days)))
    zone = zone_of(occurrence.zone)
    event.add("DTSTART", wall(start, occurrence.zone))
    event.add("DTEND", wall(end, occurrence.zone))
    event.add("RECURRENCE-ID", _wall(occurrence.day, occurrence.minute, zone))
    calendar.add_component(event)


def _add_times(component: Event, one: Moved, zone: str) -> None:
    component.add("DTSTART", wall(one.start, zone))
    component.add("DTEND", wall(one.end, zone))


def _last_day(recurrence: Recurrence) -> date:
    moved = [wall(one.end, recurrence.zone).date() for one in recurrence.moved]
    return max([recurrence.last, *moved])


def _wall(day: date, minute: int, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(*divmod(minute, 60)), zone)


def zone_rules(zone: str, first: date, last: date) -> Timezone:
    """Return the offsets of a zone from one day to another, each change as an onset of its own."""
    low, high = instant(first, time(), zone) - DAY, instant(last, time(), zone) + 2 * DAY
    found = Timezone()
    found.add("TZID", zone)
    found.add_component(_onset(low, zone, plain=True))
    at = low
    while at < high:
        if _offset(at, zone) != _offset(at + DAY, zone):
            found.add_component(_onset(_change(at, at + DAY, zone), zone))
        at += DAY
    return found


def _change(low: int, high: int, zone: str) -> int:
    """Return the first instant with the later offset, by bisection."""
    before = _offset(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def _onset(at: int, zone: str, *, plain: bool = False) -> TimezoneStandard | TimezoneDaylight:
    """Return an onset; its local time is that before the change (RFC 5545 3.6.5)."""
    now = wall(at, zone)
    kind = TimezoneDaylight if now.dst() else TimezoneStandard
    part: TimezoneStandard | TimezoneDaylight = kind()
    before = _offset(at if plain else at - 1, zone)
    local = datetime.fromtimestamp(at, tz=UTC).replace(tzinfo=None) + before
    part.add("DTSTART", local)
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", _offset(at, zone))
    part.add("TZNAME", now.tzname() or zone)
    return part


def _offset(at: int, zone: str) -> timedelta:
    return wall(at, zone).utcoffset() or timedelta()
