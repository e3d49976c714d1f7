"""Times in words, always with weekday, date, time and zone; the only place that formats them.

All instants are epoch seconds. A zone is spoken by its city ("London", "New York"), which stays
right across clock changes where abbreviations such as BST do not. Only where a wall time comes
twice, or a session reaches over a clock change, the abbreviation says which one is meant:
"01:30 BST-01:00 GMT London".
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.timing.zones import comes_twice, local_date, offset_minutes, wall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import Meeting
    from core.people import Person
    from core.timing.spans import Span

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CITIES = {"UTC": "UTC", "Etc/UTC": "UTC", "Asia/Kolkata": "India", "Asia/Calcutta": "India"}


def city(zone: str) -> str:
    """Return how people call a zone: "Europe/London" is London, "Asia/Kolkata" India."""
    return CITIES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ")


def day_name(day: date, today: date | None = None) -> str:
    """Return "Tue 27 Oct", with the year when it is not this year's."""
    text = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return text if today is None or day.year == today.year else f"{text} {day.year}"


def clock(at: int, zone: str) -> str:
    """Return "14:00" on a zone's clock; "01:30 BST" in an hour that this clock shows twice."""
    return marked(at, zone) if comes_twice(at, zone) else f"{wall(at, zone):%H:%M}"


def marked(at: int, zone: str) -> str:
    """Return "01:30 BST": a wall time that says its offset; "01:30 UTC-03:00" where the zone has
    no abbreviation of its own.
    """
    local = wall(at, zone)
    name = local.tzname() or ""
    return f"{local:%H:%M} {name if name.isalpha() else f'UTC{local.isoformat()[-6:]}'}"


def hours(start: int, end: int, zone: str) -> str:
    """Return "14:00-14:30": from when to when on a zone's clock, on one day."""
    return "-".join(_ends(start, end, zone))


def _ends(start: int, end: int, zone: str) -> tuple[str, str]:
    """Return both wall times. Where the clock changes in between, both say their offset: without
    it they do not tell how long it is, and may run backwards.
    """
    if offset_minutes(start, zone) != offset_minutes(end, zone):
        return marked(start, zone), marked(end, zone)
    if comes_twice(start, zone) or comes_twice(end, zone):
        return f"{wall(start, zone):%H:%M}", marked(end, zone)
    return clock(start, zone), clock(end, zone)


def day(at: int, zone: str, now: int | None = None) -> str:
    """Return the local date of an instant: "Tue 27 Oct"."""
    return day_name(local_date(at, zone), None if now is None else local_date(now, zone))


def moment(at: int, zone: str, now: int | None = None) -> str:
    """Return "Tue 27 Oct 14:00 London"."""
    return f"{day(at, zone, now)} {clock(at, zone)} {city(zone)}"


def span(start: int, end: int, zone: str, now: int | None = None) -> str:
    """Return "Tue 27 Oct 14:00-14:30 London"."""
    since, until = _ends(start, end, zone)
    if local_date(end - 1, zone) != local_date(start, zone):
        until = f"{day(end, zone, start)} {until}"
    return f"{day(start, zone, now)} {since}-{until} {city(zone)}"


def elsewhere(start: int, zones: Iterable[str], reader: str) -> str:
    """Return the start on the other clocks: "10:00 New York", with the day when it differs.

    Zones whose clock shows the same as the reader's are left out; empty when none differs.
    """
    mine = wall(start, reader)
    parts: list[str] = []
    for zone in dict.fromkeys(zones):
        theirs = wall(start, zone)
        if theirs.replace(tzinfo=None) == mine.replace(tzinfo=None):
            continue
        date_part = "" if theirs.date() == mine.date() else f"{day_name(theirs.date())} "
        text = f"{date_part}{clock(start, zone)} {city(zone)}"
        if text not in parts:
            parts.append(text)
    return ", ".join(parts)


def both(start: int, end: int, reader: str, zones: Iterable[str], now: int | None = None) -> str:
    """Return "Tue 27 Oct 14:00-14:30 London (10:00 New York)"."""
    others = elsewhere(start, zones, reader)
    text = span(start, end, reader, now)
    return f"{text} ({others})" if others else text


def begin(at: int, reader: Person, now: int | None = None) -> str:
    """Return when something begins, on the clock that the reader will have then."""
    return moment(at, reader.during((at, at + 1)).zone, now)


def of_meeting(meeting: Meeting, reader: Person, now: int | None = None) -> str:
    """Return a session's time on the clock that the reader will have then, and on the others'.

    Without `now` the year is named where it is another than that of the session's last change.
    """
    return of_both(meeting, meeting.span, reader, now)


def of_both(meeting: Meeting, at: Span, reader: Person, now: int | None = None) -> str:
    """Return some other time of a session on the clocks on which its own is shown."""
    zones = [a.zone for a in meeting.attendees if a.person_id != reader.id]
    return both(*at, reader.during(at).zone, zones, now or meeting.changed_at or None)


def length(minutes: int) -> str:
    """Return "30 minutes", "1 hour", "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} minutes"
    if not rest:
        return f"{hours} hour" if hours == 1 else f"{hours} hours"
    return f"{hours} h {rest} min"


def dates(first: date, last: date, today: date | None = None) -> str:
    """Return "Mon 2 Nov" or "Mon 2 Nov to Fri 6 Nov", with years other than today's."""
    until = "" if first == last else f" to {day_name(last, today)}"
    return day_name(first, today) + until


def next_day(day_: date) -> date:
    """Return the following calendar day."""
    return day_ + timedelta(days=1)
