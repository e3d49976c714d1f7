"""How a series repeats, as Google's events say it: RRULE and EXDATE lines, times in a zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from core.timing.zones import utc, zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.booking.drafts import Recurrence

LOCAL = "%Y%m%dT%H%M%S"
IMPLIED = frozenset({"INTERVAL=1", "WKST=MO"})  # the same said or left out (RFC 5545 3.3.10)


def times_of(repeats: Recurrence) -> dict[str, Any]:
    """Return start, end and recurrence of a repeating event: its first day by the rule, in wall
    times of a named zone, which Google demands of such events
    (developers.google.com/workspace/calendar/api/concepts/events-calendars).
    """
    start = _wall(repeats, repeats.first)
    end = start + timedelta(minutes=repeats.minutes)  # by the wall, like the start
    return {
        "start": {"dateTime": start.isoformat(), "timeZone": repeats.zone},
        "end": {"dateTime": end.isoformat(), "timeZone": repeats.zone},
        "recurrence": lines_of(repeats),
    }


def lines_of(repeats: Recurrence) -> list[str]:
    """Return the lines of RFC 5545 3.8.5; there is none for moved sessions."""
    lines = [f"RRULE:{repeats.rule}"]
    if repeats.left_out:
        days = ",".join(f"{_wall(repeats, day):{LOCAL}}" for day in repeats.left_out)
        lines.append(f"EXDATE;TZID={repeats.zone}:{days}")
    return lines


def repeats_as(event: Mapping[str, Any], repeats: Recurrence | None) -> bool:
    """Whether a stored event's lines mean what they should, in whatever order they came back."""
    found = event.get("recurrence") or []
    wanted = lines_of(repeats) if repeats else []
    return isinstance(found, list) and _meaning(found) == _meaning(wanted)


def _meaning(lines: list[Any]) -> frozenset[str]:
    """Return the parts of a rule, and the instants of days that are left out."""
    found: set[str] = set()
    for line in map(str, lines):
        name, _, value = line.partition(":")
        if name.upper() == "RRULE":
            found |= {part.upper() for part in value.split(";")} - IMPLIED
        elif name.upper().startswith("EXDATE"):
            found |= {f"EXDATE {_left_out(name, one)}" for one in value.split(",")}
        else:
            found.add(line)
    return frozenset(found)


def _left_out(name: str, value: str) -> str:
    """Return an EXDATE in UTC, or as it is where it cannot be read."""
    zone = name.partition("TZID=")[2].partition(";")[0]
    try:
        at = datetime.strptime(value.removesuffix("Z"), LOCAL)  # noqa: DTZ007  # its zone follows
        local = at.replace(tzinfo=zone_of("UTC" if value.endswith("Z") else zone))
    except ValueError:
        return value
    return f"{utc(int(local.timestamp())):{LOCAL}}Z"


def _wall(repeats: Recurrence, day: date) -> datetime:
    return datetime.combine(day, time(*divmod(repeats.minute, 60)), zone_of(repeats.zone))
