"""Wall time to instants and back; the only place that knows the clock changes.

Instants are integer epoch seconds (UTC). A wall time that does not exist (the clock jumps over
it) becomes the end of the gap; a wall time that comes twice takes the first. A local day is
bounded by its own midnights, so it may have 23 or 25 hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.timing.spans import Span

DAY = 86_400


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone. Raises ValueError, naming it, for anything that is not one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{name!r} is not a time zone name such as Europe/London"
        raise ValueError(message) from error


def instant(day: date, at: time, zone: str) -> int:
    """Return the instant of a wall time: gaps move to their end, doubled times take the first."""
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone_of(zone))
    first = int(local.timestamp())
    if datetime.fromtimestamp(first, tz=local.tzinfo).replace(tzinfo=None) == local.replace(
        tzinfo=None
    ):
        return first
    return _gap_end(first, zone_of(zone))


def at_minute(day: date, minute: int, zone: str) -> int:
    """Return the instant of so many minutes after midnight (0 to 1439) by the wall."""
    return instant(day, time(*divmod(minute, 60)), zone)


def _gap_end(near: int, zone: ZoneInfo) -> int:
    """Return the instant of the clock change within a day of `near`, by bisection."""
    low, high = near - DAY, near + DAY
    before = datetime.fromtimestamp(low, tz=zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, tz=zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def wall(at: int, zone: str) -> datetime:
    """Return the wall clock of a zone at an instant, as an aware datetime."""
    return datetime.fromtimestamp(at, tz=zone_of(zone))


def utc(at: int) -> datetime:
    """Return the instant as an aware UTC datetime."""
    return datetime.fromtimestamp(at, tz=UTC)


def local_date(at: int, zone: str) -> date:
    """Return the calendar date of a zone at an instant."""
    return wall(at, zone).date()


def day_span(day: date, zone: str) -> Span:
    """Return the local day from midnight to midnight: 23, 24 or 25 hours."""
    return instant(day, time(), zone), instant(day + timedelta(days=1), time(), zone)


def days_span(first: date, last: date, zone: str) -> Span:
    """Return the span of the local days `first` to `last`, both included."""
    return instant(first, time(), zone), instant(last + timedelta(days=1), time(), zone)


def offset_minutes(at: int, zone: str) -> int:
    """Return how many minutes the zone's clocks are ahead of UTC at an instant."""
    offset = wall(at, zone).utcoffset() or timedelta()
    return int(offset.total_seconds()) // 60


def comes_twice(at: int, zone: str) -> bool:
    """Tell whether the zone's clock shows the wall time of an instant a second time: before or
    after it, in the night in which it goes back.
    """
    local = wall(at, zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def same_clock(one: str, other: str, at: int) -> bool:
    """Tell whether two zones show the same time at an instant; a name that is none counts as the
    same, so that nobody is asked about it.
    """
    try:
        return wall(at, one).utcoffset() == wall(at, other).utcoffset()
    except ValueError:
        return True
