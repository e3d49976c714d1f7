"""Entries of the demo's calendars and their iCalendar text.

Everything here is invented: names, titles and times come from lists below and a fixed seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from core.timing.zones import instant, utc

if TYPE_CHECKING:
    from core.timing.spans import Span

DOMAIN = "calendars.example.org"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EUROPE = "Europe"
AMERICA = "America"

# The rules of summer time as they are today: (month, which Sunday, local hour of the change).
CHANGES = {EUROPE: ((3, "-1SU", 1), (10, "-1SU", 1)), AMERICA: ((3, "2SU", 7), (11, "1SU", 6))}
OFFSETS = {
    "Europe/London": (0, EUROPE),
    "Europe/Amsterdam": (1, EUROPE),
    "Europe/Berlin": (1, EUROPE),
    "Europe/Madrid": (1, EUROPE),
    "America/New_York": (-5, AMERICA),
}
FIXED_OFFSETS = {"Asia/Kolkata": "+0530"}


@dataclass(frozen=True, slots=True)
class Moved:
    """One instance of a series at another time: which day it was, when it is instead."""

    day: date
    to_day: date
    to: time


@dataclass(frozen=True, slots=True)
class Entry:
    """An event on somebody's calendar, in wall time of `zone`.

    With `at` None it lasts `days` whole days. `repeat` is an RRULE. `free`, `tentative`, `away`
    and `declined` say how it is shown.
    """

    title: str
    day: date
    zone: str
    at: time | None = None
    minutes: int = 30
    days: int = 1
    repeat: str = ""
    without: tuple[date, ...] = ()
    moved: tuple[Moved, ...] = ()
    free: bool = False
    tentative: bool = False
    away: bool = False
    declined: bool = False

    @property
    def span(self) -> Span:
        """Its first instance in epoch seconds."""
        if self.at is None:
            last = self.day + timedelta(days=self.days)
            return instant(self.day, time(), self.zone), instant(last, time(), self.zone)
        start = instant(self.day, self.at, self.zone)
        return start, start + self.minutes * 60


def calendar_object(entry: Entry, uid: str, owner: str, stamp: int) -> str:
    """Return an entry as a calendar object; `owner` is the mail address of whose it is.

    Series keep their wall time and need their zone; what happens once is written in UTC, which
    the server reads faster.
    """
    zone = vtimezone(entry.zone) if entry.repeat else []
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Diary//EN", *zone]
    lines += _event(entry, uid, owner, stamp, _times(entry, entry.day, entry.at))
    for moved in entry.moved:
        original = _stamp("RECURRENCE-ID", entry.zone, moved.day, entry.at or time())
        times = [original, *_times(entry, moved.to_day, moved.to)]
        lines += _event(entry, uid, owner, stamp, times, series=False)
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _event(
    entry: Entry, uid: str, owner: str, stamp: int, times: list[str], *, series: bool = True
) -> list[str]:
    lines = [f"UID:{uid}", f"DTSTAMP:{utc(stamp):%Y%m%dT%H%M%SZ}", *times]
    lines.append(f"SUMMARY:{entry.title}")
    if entry.repeat and series:
        lines.append(f"RRULE:{entry.repeat}")
        lines += [_stamp("EXDATE", entry.zone, day, entry.at or time()) for day in entry.without]
    if entry.declined:
        lines.append("ORGANIZER;CN=Robin Vale:mailto:robin@example.org")
        lines.append(f"ATTENDEE;PARTSTAT=DECLINED:mailto:{owner}")
    lines.append(f"STATUS:{'TENTATIVE' if entry.tentative else 'CONFIRMED'}")
    lines.append(f"TRANSP:{'TRANSPARENT' if entry.free else 'OPAQUE'}")
    if entry.away:
        lines.append("X-MICROSOFT-CDO-BUSYSTATUS:OOF")
    return ["BEGIN:VEVENT", *lines, "END:VEVENT"]


def _times(entry: Entry, day: date, at: time | None) -> list[str]:
    if at is None:
        last = day + timedelta(days=entry.days)
        return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
    if not entry.repeat:
        start, end = map(utc, entry.span)
        return [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}"]
    return [_stamp("DTSTART", entry.zone, day, at), f"DURATION:PT{entry.minutes}M"]


def _stamp(name: str, zone: str, day: date, at: time) -> str:
    return f"{name};TZID={zone}:{day:%Y%m%d}T{at:%H%M%S}"


def vtimezone(zone: str) -> list[str]:
    """Return the VTIMEZONE of one of the demo's zones, for programs that want one."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    if zone in FIXED_OFFSETS:
        lines += _change("STANDARD", FIXED_OFFSETS[zone], FIXED_OFFSETS[zone], "19700101T000000")
        return [*lines, "END:VTIMEZONE"]
    hours, region = OFFSETS[zone]
    winter, summer = _offset(hours), _offset(hours + 1)
    (month, sunday, hour), (month_back, sunday_back, hour_back) = CHANGES[region]
    lines += _change(
        "DAYLIGHT",
        winter,
        summer,
        f"1970{month:02}{8 if region == AMERICA else 29:02}T{hour + hours:02}0000",
        f"FREQ=YEARLY;BYMONTH={month};BYDAY={sunday}",
    )
    lines += _change(
        "STANDARD",
        summer,
        winter,
        f"1970{month_back:02}{1 if region == AMERICA else 25:02}T{hour_back + hours + 1:02}0000",
        f"FREQ=YEARLY;BYMONTH={month_back};BYDAY={sunday_back}",
    )
    return [*lines, "END:VTIMEZONE"]


def _offset(hours: int) -> str:
    return f"{'-' if hours < 0 else '+'}{abs(hours):02}00"


def _change(name: str, before: str, after: str, start: str, rule: str = "") -> list[str]:
    lines = [f"BEGIN:{name}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"]
    return [*lines, *([f"RRULE:{rule}"] if rule else []), f"END:{name}"]
