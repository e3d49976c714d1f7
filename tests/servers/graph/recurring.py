"""Series of the stand-in: occurrences made of a pattern as Graph describes patterns.

An occurrence is called `<id of the series>.OID.<day>`; one that was changed is kept under that
name (an exception), a deleted one is remembered by it.
"""

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

Event = dict[str, Any]
MARK = ".OID."
WEEKDAYS = [day.lower() for day in months.day_name]
INDEXES = {"first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(slots=True)
class Exceptions:
    """What differs from the patterns of a calendar: events by name, and deleted ones."""

    changed: dict[str, Event] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def forget(self, series: str) -> None:
        """Drop what was kept of a series, as a new pattern does."""
        self.changed = {n: e for n, e in self.changed.items() if not n.startswith(series + MARK)}
        self.deleted = {n for n in self.deleted if not n.startswith(series + MARK)}


def utc_of(value: Mapping[str, str]) -> datetime:
    """Return the instant of a dateTimeTimeZone with a Windows name or UTC."""
    name = value["timeZone"]
    zone = ZoneInfo("UTC" if name == "UTC" else WINDOWS_TO_OLSON[name])
    return datetime.fromisoformat(value["dateTime"][:19]).replace(tzinfo=zone).astimezone(UTC)


def occurrences(series: Event, kept: Exceptions) -> list[Event]:
    """Return what stands of a series, exceptions among it; nothing for what is none."""
    if not series["recurrence"]:
        return []
    names = ((f"{series['id']}{MARK}{day}", day) for day in _days(series["recurrence"]))
    return [
        kept.changed.get(name) or _occurrence(series, name, day)
        for name, day in names
        if name not in kept.deleted
    ]


def crosses(name: str, moved: Event, there: list[Event]) -> bool:
    """Whether an occurrence would come to or past the day of its neighbour."""
    names = [one["id"] for one in there]
    place = names.index(name)
    day = moved["start"]["dateTime"][:10]
    before, after = there[:place][-1:], there[place + 1 :][:1]
    return any(one["start"]["dateTime"][:10] >= day for one in before) or any(
        one["start"]["dateTime"][:10] <= day for one in after
    )


def _occurrence(series: Event, name: str, day: date) -> Event:
    zone = ZoneInfo(WINDOWS_TO_OLSON[series["recurrence"]["range"]["recurrenceTimeZone"]])
    first, last = (_utc(series[end]).astimezone(zone) for end in ("start", "end"))
    start = datetime.combine(day, first.time(), zone)
    length = last.replace(tzinfo=None) - first.replace(tzinfo=None)
    end = (start.replace(tzinfo=None) + length).replace(tzinfo=zone)
    return {
        **series,
        "id": name,
        "type": "occurrence",
        "seriesMasterId": series["id"],
        "iCalUId": f"{series['iCalUId'][:-8]}{day:%Y%m%d}",
        "transactionId": None,
        "recurrence": None,
        "originalStart": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "start": times(start.astimezone(UTC)),
        "end": times(end.astimezone(UTC)),
    }


def times(at: datetime) -> dict[str, str]:
    """Return an instant as Graph answers it."""
    return {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}


def _utc(value: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(value["dateTime"][:19]).replace(tzinfo=UTC)


def _days(recurrence: Mapping[str, Any]) -> Iterator[date]:
    pattern, span = recurrence["pattern"], recurrence["range"]
    assert span["type"] == "endDate"
    day, first = (date.fromisoformat(span["startDate"]),) * 2
    while day <= date.fromisoformat(span["endDate"]):
        if _falls(pattern, first, day):
            yield day
        day += timedelta(days=1)


def _falls(pattern: Mapping[str, Any], first: date, day: date) -> bool:
    """Whether a pattern that began on a day has another one (resources/recurrencepattern)."""
    kind, interval = str(pattern["type"]), int(pattern["interval"])
    apart = 12 * (day.year - first.year) + day.month - first.month
    if kind == "daily":
        return (day - first).days % interval == 0
    if kind == "weekly":
        begins = WEEKDAYS.index(pattern["firstDayOfWeek"])
        weeks = [one - timedelta(days=(one.weekday() - begins) % 7) for one in (first, day)]
        fits = ((weeks[1] - weeks[0]).days // 7) % interval == 0
        return fits and _named(pattern, day)
    most = months.monthrange(day.year, day.month)[1]
    if kind == "absoluteMonthly":
        return apart % interval == 0 and day.day == min(int(pattern["dayOfMonth"]), most)
    if kind == "absoluteYearly":
        fits = apart % (12 * interval) == 0 and day.month == int(pattern["month"])
        return fits and day.day == min(int(pattern["dayOfMonth"]), most)
    assert kind == "relativeMonthly"
    number = INDEXES.get(pattern["index"])
    placed = day.day + 7 > most if number is None else (day.day - 1) // 7 + 1 == number
    return apart % interval == 0 and placed and _named(pattern, day)


def _named(pattern: Mapping[str, Any], day: date) -> bool:
    return WEEKDAYS[day.weekday()] in set(pattern["daysOfWeek"])
