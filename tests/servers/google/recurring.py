"""Series of the stand-in: an event with lines of RFC 5545, and its exceptions beside it.

An instance is called `<id of the series>_<start by the rule in UTC>`; one that was changed or
cancelled is kept under that name among the events, the others are made of the series when asked.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

Json = dict[str, Any]
INHERITED = (
    *("kind", "iCalUID", "htmlLink", "eventType", "creator", "organizer", "created", "updated"),
    *("summary", "description", "location", "transparency", "status", "sequence", "reminders"),
    *("extendedProperties", "attendees", "guestsCanInviteOthers", "guestsCanModify", "etag"),
)


def starts(series: Json) -> list[datetime]:
    """Return the starts by the lines, aware, in the series' zone."""
    zone = ZoneInfo(series["start"]["timeZone"])
    first = datetime.fromisoformat(series["start"]["dateTime"]).astimezone(zone)
    found = rruleset()
    for line in series["recurrence"]:
        name, _, value = line.partition(":")
        if name == "RRULE":
            rule = rrulestr(value, dtstart=first)
            assert isinstance(rule, rrule)
            found.rrule(rule)
            continue
        assert name.startswith("EXDATE;TZID="), line
        local = ZoneInfo(name.removeprefix("EXDATE;TZID="))
        for one in value.split(","):
            found.exdate(datetime.strptime(one, "%Y%m%dT%H%M%S").replace(tzinfo=local))
    return list(found)


def instances(events: Mapping[str, Json], series: Json) -> list[Json]:
    """Return all instances of a series, cancelled ones too; nothing for what is none."""
    if not series.get("recurrence") or series["status"] == "cancelled":
        return []
    return [_instance(events, series, start) for start in starts(series)]


def instance(events: Mapping[str, Json], name: str) -> Json | None:
    """Return an instance by its name."""
    series = events.get(name.partition("_")[0])
    listed = instances(events, series) if series else []
    return next((one for one in listed if one["id"] == name), None)


def exceptions(events: Mapping[str, Json], series: Json) -> list[Json]:
    """Return what is kept of a series' instances."""
    return [e for e in events.values() if e.get("recurringEventId") == series["id"]]


def prune(events: dict[str, Json], series: Json) -> None:
    """Drop exceptions from what the rule no longer has; what is said of the whole reaches the
    other ones.
    """
    if not series.get("recurrence"):
        return
    names = {_name(series, start) for start in starts(series)}
    for one in exceptions(events, series):
        if one["id"] not in names:
            del events[one["id"]]


def _name(series: Json, start: datetime) -> str:
    return f"{series['id']}_{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _instance(events: Mapping[str, Json], series: Json, start: datetime) -> Json:
    name = _name(series, start)
    if name in events:
        return events[name]
    zone = series["start"]["timeZone"]
    length = _wall(series["end"], zone) - _wall(series["start"], zone)
    end = (start.replace(tzinfo=None) + length).replace(tzinfo=ZoneInfo(zone))
    return {
        **{key: series[key] for key in INHERITED if key in series},
        "id": name,
        "recurringEventId": series["id"],
        "originalStartTime": {"dateTime": start.isoformat(), "timeZone": zone},
        "start": {"dateTime": start.isoformat(), "timeZone": zone},
        "end": {"dateTime": end.isoformat(), "timeZone": zone},
    }


def _wall(edge: Json, zone: str) -> datetime:
    at = datetime.fromisoformat(edge["dateTime"]).astimezone(ZoneInfo(zone))
    return at.replace(tzinfo=None)
