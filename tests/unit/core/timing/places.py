"""Time zones and days on which clocks change, and the slowest possible reading of a clock.

The reference steps through real time and looks at the wall clock; it knows nothing of gaps,
folds or offsets.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

STEP = 300  # seconds; since 2012 every clock change lies on five minutes
REACH = 26 * 3600  # no zone is further from UTC than a day and two hours

# "localtime" and "Factory" depend on the machine; right/ counts leap seconds.
ZONES = sorted(
    name
    for name in available_timezones()
    if name not in ("localtime", "Factory") and not name.startswith(("posix", "right", "System"))
)


def midnight_utc(day: date) -> int:
    """Return the instant of a date's midnight in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def clock(at: int, zone: str) -> datetime:
    """Return what a wall clock shows, without its zone."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def slow_instant(day: date, minutes: int, zone: str) -> int:
    """Return the first instant at which the wall clock shows the time or has passed it."""
    wanted = datetime.combine(day, time()) + timedelta(minutes=minutes)
    around = midnight_utc(day)
    return next(
        at for at in range(around - REACH, around + 3 * REACH, STEP) if clock(at, zone) >= wanted
    )


@cache
def change_days(zone: str, year: int) -> tuple[date, ...]:
    """Return the local days of a year on which the clocks of a zone change."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    return tuple(day for day in days if _offset(day, zone) != _offset(day + timedelta(1), zone))


def _offset(day: date, zone: str) -> timedelta | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).utcoffset()


@st.composite
def places(draw: st.DrawFn) -> tuple[str, date]:
    """Return a zone and a day, on or beside a clock change wherever the zone has one."""
    zone = draw(st.sampled_from(ZONES))
    year = draw(st.integers(2012, 2037))
    changes = change_days(zone, year)
    if not changes or draw(st.booleans()) is False:
        return zone, date(year, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
    return zone, draw(st.sampled_from(changes)) + timedelta(days=draw(st.integers(-1, 1)))


def days_around(day: date, count: int) -> Iterator[date]:
    """Return the days from `count` before to `count` after."""
    return (day + timedelta(days=n) for n in range(-count, count + 1))
