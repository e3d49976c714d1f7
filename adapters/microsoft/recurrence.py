"""How a series repeats, in Graph's words: a pattern, a range of days, and a Windows zone.

A pattern knows no days that are left out: such occurrences are deleted, moved ones updated.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from adapters.microsoft.errors import PROVIDER
from adapters.microsoft.zones import windows_of
from core.errors import CannotRepeat
from core.timing.recurrence import DAYS
from core.timing.zones import local_date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.booking.drafts import Recurrence

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
SHORTEST = 28  # days of a month: Exchange holds the 31st on a shorter month's last day
# What a pattern of each type says; the rest of a stored one stands there without a meaning.
MEANT = {
    "daily": (),
    "weekly": ("daysOfWeek", "firstDayOfWeek"),
    "absoluteMonthly": ("dayOfMonth",),
    "relativeMonthly": ("daysOfWeek", "index"),
    "absoluteYearly": ("dayOfMonth", "month"),
}


def times_of(repeats: Recurrence) -> dict[str, Any]:
    """Return start, end and recurrence of a repeating event: its first day by the rule, on the
    clock of its zone, so that it stays when the clocks change. Raises CannotRepeat.
    """
    zone = _zone(repeats)
    start = datetime.combine(repeats.first, time(*divmod(repeats.minute, 60)))
    end = start + timedelta(minutes=repeats.minutes)
    return {
        "start": {"dateTime": start.isoformat(), "timeZone": zone},
        "end": {"dateTime": end.isoformat(), "timeZone": zone},
        "recurrence": {
            "pattern": pattern_of(repeats),
            "range": {
                "type": "endDate",
                "startDate": f"{repeats.first}",
                "endDate": f"{repeats.last}",
                "recurrenceTimeZone": zone,
            },
        },
    }


def check(repeats: Recurrence | None) -> None:
    """Raise CannotRepeat for a series that Exchange has no one event for: of a rule or a zone
    that it does not know, or with a session moved to or past the day of its neighbour
    (Exchange: ErrorOccurrenceCrossingBoundary).
    """
    if repeats is None:
        return
    _zone(repeats)
    pattern_of(repeats)
    held = [start for _, (start, _) in sorted(repeats.sessions().items())]
    days = [local_date(start, repeats.zone) for start in held]
    if any(one >= next_one for one, next_one in pairwise(days)):
        raise CannotRepeat("sessions change places", provider=PROVIDER)


def repeats_as(event: Mapping[str, Any], repeats: Recurrence | None) -> bool:
    """Whether a stored event repeats as it should, deleted and moved occurrences aside."""
    found = event.get("recurrence") or None
    if found is None or repeats is None:
        return found is repeats
    wanted = times_of(repeats)["recurrence"]
    return isinstance(found, dict) and _meaning(found) == _meaning(wanted)


def _meaning(recurrence: Mapping[str, Any]) -> tuple[Any, ...]:
    pattern, span = recurrence.get("pattern") or {}, recurrence.get("range") or {}
    meant = [pattern.get(name) for name in MEANT.get(str(pattern.get("type")), ())]
    known = [sorted(one) if isinstance(one, list) else one for one in meant]
    ends = [span.get(name) for name in ("type", "startDate", "endDate")]
    return (pattern.get("type"), pattern.get("interval"), *known, *ends)


def pattern_of(repeats: Recurrence) -> dict[str, Any]:
    """Return the recurrencePattern of a rule (RFC 5545 3.3.10). Raises CannotRepeat."""
    parts = dict(part.split("=", 1) for part in repeats.rule.split(";"))
    interval = int(parts.get("INTERVAL", "1"))
    kind = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
    return {**kind[parts["FREQ"]](parts, repeats.first, interval), "interval": interval}


def _daily(parts: Mapping[str, str], first: date, interval: int) -> dict[str, Any]:
    if "BYMONTHDAY" in parts or "BYSETPOS" in parts:
        raise CannotRepeat("days of a month, daily", provider=PROVIDER)
    if "BYDAY" not in parts:
        return {"type": "daily"}
    if interval != 1:
        raise CannotRepeat("some weekdays, but not every day", provider=PROVIDER)
    return _weekly(parts, first, interval)


def _weekly(parts: Mapping[str, str], first: date, interval: int) -> dict[str, Any]:  # noqa: ARG001
    if "BYMONTHDAY" in parts or "BYSETPOS" in parts:
        raise CannotRepeat("days of a month, weekly", provider=PROVIDER)
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else [DAYS[first.weekday()]]
    begins = "sunday" if parts.get("WKST") == "SU" else "monday"
    return {"type": "weekly", "daysOfWeek": [_name(day) for day in days], "firstDayOfWeek": begins}


def _monthly(parts: Mapping[str, str], first: date, interval: int) -> dict[str, Any]:  # noqa: ARG001
    if "BYDAY" not in parts:
        if "BYSETPOS" in parts:
            raise CannotRepeat("a position among days of a month", provider=PROVIDER)
        day = int(parts.get("BYMONTHDAY", first.day))
        return {"type": "absoluteMonthly", "dayOfMonth": _in_each_month(day)}
    nth, day_name = parts["BYDAY"][:-2], parts["BYDAY"][-2:]
    nth = nth or parts.get("BYSETPOS", "")
    if "BYMONTHDAY" in parts or "," in parts["BYDAY"] or nth not in INDEXES:
        raise CannotRepeat("weekdays of a month that no pattern names", provider=PROVIDER)
    return {"type": "relativeMonthly", "daysOfWeek": [_name(day_name)], "index": INDEXES[nth]}


def _yearly(parts: Mapping[str, str], first: date, interval: int) -> dict[str, Any]:  # noqa: ARG001
    if any(name.startswith("BY") for name in parts):
        raise CannotRepeat("chosen days of a year", provider=PROVIDER)
    day = _in_each_month(first.day)
    return {"type": "absoluteYearly", "dayOfMonth": day, "month": first.month}


def _in_each_month(day: int) -> int:
    if not 0 < day <= SHORTEST:
        raise CannotRepeat("a day that not every month has", provider=PROVIDER)
    return day


def _name(day: str) -> str:
    """Return Graph's name of a weekday. Raises CannotRepeat for the n-th of them."""
    if day not in DAYS:
        raise CannotRepeat("weekdays of a month, weekly", provider=PROVIDER)
    return NAMES[DAYS.index(day)]


def _zone(repeats: Recurrence) -> str:
    """Return the zone's Windows name, which is always taken (learn.microsoft.com/graph/api/
    resources/datetimetimezone).
    """
    found = windows_of(repeats.zone)
    if found is None:
        raise CannotRepeat("a zone that Windows does not have", provider=PROVIDER)
    return found
