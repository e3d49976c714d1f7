"""Clocks of events: IANA and Windows names, VTIMEZONE rules, and floating times.

A clock turns "wall seconds" (seconds since 1970-01-01 00:00 on that clock) into an instant. A
VTIMEZONE counts only where its name says nothing: an IANA or Windows name is better kept by the
time zone database than by whoever wrote the event.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from adapters.ical.recurrence import Budget, parse_rule, starts
from core.timing.hours import EPOCH_ORDINAL
from core.timing.zones import DAY, instant, zone_of

if TYPE_CHECKING:
    from adapters.ical.lines import Component, Property

OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?")
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?")
LOOKBACK_DAYS = 400
FIRST_WALL = (2 - EPOCH_ORDINAL) * DAY  # 0001-01-02
LAST_WALL = (date.max.toordinal() - 1 - EPOCH_ORDINAL) * DAY  # 9999-12-30


class Clock(Protocol):
    """Turns local time into instants."""

    def instant(self, wall: int) -> int:
        """Return the epoch seconds of `wall` seconds. Raises ValueError outside the calendar."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """A clock of the time zone database."""

    zone: str

    def instant(self, wall: int) -> int:
        """Convert by the rules for gaps and doubled times in `core.timing.zones`.

        At both ends of the calendar a day counts for all that lie beyond it: some programs write
        the last day of the year 9999 for "for ever", and no window reaches there.
        """
        day, seconds = divmod(min(max(wall, FIRST_WALL), LAST_WALL), DAY)
        at = datetime.fromtimestamp(seconds, tz=UTC).time()
        return instant(date.fromordinal(day + EPOCH_ORDINAL), at, self.zone)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A clock of a VTIMEZONE: sorted (wall seconds of the change, offset before, offset after)."""

    changes: tuple[tuple[int, int, int], ...]

    def instant(self, wall: int) -> int:
        """Convert by the last change at or before `wall`; before the first one, by its offset."""
        index = bisect_right(self.changes, (wall, DAY, DAY)) - 1
        offset = self.changes[0][1] if index < 0 else self.changes[index][2]
        return wall - offset


@dataclass(frozen=True, slots=True)
class Moment:
    """A DATE or DATE-TIME value (RFC 5545 3.3.4, 3.3.5) on the clock it is meant on."""

    wall: int
    clock: Clock
    is_date: bool = False

    @property
    def instant(self) -> int:
        """Its epoch seconds; for a date, the local midnight it begins with."""
        return self.clock.instant(self.wall)


UTC_CLOCK = Ruled(((0, 0, 0),))


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of one calendar: the member's own, and those its VTIMEZONEs describe."""

    own: Clock
    ruled: dict[str, Clock]

    def find(self, name: str) -> Clock:
        """Return the clock of a TZID. Raises ValueError for a name that nothing explains."""
        iana = iana_name(name)
        if iana:
            return Named(iana)
        if name in self.ruled:
            return self.ruled[name]
        raise ValueError("unknown time zone")

    def moment(self, found: Property, text: str | None = None) -> Moment:
        """Read a date or time (`text`: one of several). Raises ValueError."""
        wall, utc, is_date = read_wall(found.value if text is None else text)
        if utc:
            return Moment(wall, UTC_CLOCK)
        name = found.params.get("TZID", "")
        # A date has no clock of its own: it is a day in the life of the calendar's owner.
        return Moment(wall, self.find(name) if name and not is_date else self.own, is_date)


def read_wall(text: str) -> tuple[int, bool, bool]:
    """Read a DATE or DATE-TIME: wall seconds, whether UTC, whether a date. Raises ValueError."""
    match = MOMENT.fullmatch(text.strip().upper())
    if not match:
        raise ValueError("not a date or time")
    year, month, day, hours, minutes, seconds, utc = match.groups()
    midnight = (date(int(year), int(month), int(day)).toordinal() - EPOCH_ORDINAL) * DAY
    if hours is None:
        return midnight, False, True
    hour, minute, second = int(hours), int(minutes), int(seconds)
    if hour > 23 or minute > 59 or second > 60:  # 60 is a leap second
        raise ValueError("not a time of day")
    return midnight + hour * 3600 + minute * 60 + min(second, 59), utc is not None, False


def iana_name(name: str) -> str | None:
    """Return the IANA name that a TZID means, None when it means none.

    Besides plain names these are Windows names, and names behind a prefix such as
    `/example.org/Europe/Berlin` (RFC 5545 3.2.19: globally unique identifiers).
    """
    plain = name.strip().strip("/")
    plain = WINDOWS_TO_OLSON.get(plain, plain)
    parts = plain.split("/")
    beginnings = range(len(parts)) if name.strip().startswith("/") else range(1)
    for begin in beginnings:
        candidate = "/".join(parts[begin:])
        if _is_iana(candidate):
            return candidate
    return None


def _is_iana(name: str) -> bool:
    try:
        zone_of(name)
    except ValueError:
        return False
    return bool(name)


# The clocks that were made before, by the text of their VTIMEZONE; None for one without sense.
Known = dict[tuple[str, ...], "Ruled | None"]


def ruled_clocks(
    components: list[Component], low: int, high: int, budget: Budget, known: Known | None = None
) -> dict[str, Clock]:
    """Return the clocks of the VTIMEZONEs that are needed, exact between two instants.

    One that cannot be read is left out, and with it, one by one, the events that use it. Every
    object of a calendar brings the same zones again: `known` keeps them from being paid for twice.
    """
    found: dict[str, Clock] = {}
    known = {} if known is None else known
    for component in components:
        name = _needed_name(component)
        if not name or name in found:
            continue
        text = _text_of(component)
        if text not in known:
            known[text] = _ruled_or_none(component, low, high, budget)
        clock = known[text]
        if clock is not None:
            found[name] = clock
    return found


def _needed_name(component: Component) -> str:
    """Return a VTIMEZONE's name; "" where its name alone says all, or nothing."""
    try:
        names = [p.value.strip() for p in component.properties() if p.name == "TZID"]
    except ValueError:
        return ""
    return names[0] if names and not iana_name(names[0]) else ""


def _text_of(component: Component) -> tuple[str, ...]:
    inside = (line for part in component.inside for line in (part.name, *part.lines))
    return (*component.lines, *inside)


def _ruled_or_none(component: Component, low: int, high: int, budget: Budget) -> Ruled | None:
    try:
        return _ruled(component, low, high, budget)
    except (ValueError, KeyError, OverflowError):
        return None


def _ruled(component: Component, low: int, high: int, budget: Budget) -> Ruled:
    parts = [part for part in component.inside if part.name in {"STANDARD", "DAYLIGHT"}]
    changes = sorted({change for part in parts for change in _changes(part, low, high, budget)})
    if not changes:
        raise ValueError("a time zone without rules")
    return Ruled(tuple(changes))


def _changes(part: Component, low: int, high: int, budget: Budget) -> list[tuple[int, int, int]]:
    """Return the changes of one STANDARD or DAYLIGHT part (RFC 5545 3.6.5) that can matter."""
    values: dict[str, list[str]] = {}
    for found in part.properties():
        values.setdefault(found.name, []).extend(found.value.split(","))
    before, after = (_offset(values[name][0]) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    first = read_wall(values["DTSTART"][0])[0]
    walls = {first, *(read_wall(text)[0] for text in values.get("RDATE", ()))}
    for text in (",".join(values["RRULE"]),) if "RRULE" in values else ():
        rule = parse_rule(text)
        until = read_wall(rule.until)[0] + DAY if rule.until else high
        end = min(until, high) + DAY
        begin = min(low, end) - LOOKBACK_DAYS * DAY
        walls |= {at for at in starts(rule, first, begin, end, budget) if at <= until}
    return [(wall, before, after) for wall in walls]


def _offset(text: str) -> int:
    """Read a UTC-OFFSET (RFC 5545 3.3.14) in seconds. Raises ValueError."""
    match = OFFSET.fullmatch(text.strip())
    if not match:
        raise ValueError("not a UTC offset")
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    return (hours * 3600 + minutes * 60 + seconds) * (-1 if match[1] == "-" else 1)
