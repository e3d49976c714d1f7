"""Which days a series falls on (RFC 5545 3.3.10), by the calendar alone: no clocks, no zones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Literal

from dateutil.rrule import DAILY, MO, MONTHLY, SU, WEEKLY, YEARLY, rrule

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Frequency(StrEnum):
    """RFC 5545 3.3.10 FREQ; nothing is held more often than daily."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


_FREQ: dict[Frequency, Literal[0, 1, 2, 3]] = {
    Frequency.DAILY: DAILY,
    Frequency.WEEKLY: WEEKLY,
    Frequency.MONTHLY: MONTHLY,
    Frequency.YEARLY: YEARLY,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How a series repeats; weekdays are 0 (Monday) to 6.

    `position` picks the n-th of these weekdays in a month (-1: the last). `sunday_first` is on
    which day weeks begin, which matters to every other week on several days.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    position: int | None = None
    sunday_first: bool = False

    def days(self, first: date) -> Iterator[date]:
        """Return its days from the first one on, which begins the count of intervals.

        Days that a month does not have are left out; a rule for a day that no month has (31
        February) has none.
        """
        found = rrule(
            _FREQ[self.frequency],
            dtstart=datetime(first.year, first.month, first.day),  # noqa: DTZ001  # a calendar day
            interval=self.interval,
            byweekday=self.weekdays or None,
            bysetpos=self.position,
            bymonthday=self.month_day,
            wkst=SU if self.sunday_first else MO,
        )
        return (at.date() for at in found)

    def text(self) -> str:
        """Return the rule's parts without its end."""
        parts = [f"FREQ={self.frequency.value}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        nth = str(self.position) if self.position is not None and len(self.weekdays) == 1 else ""
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{nth}{DAYS[day]}" for day in self.weekdays))
        if self.month_day is not None:
            parts.append(f"BYMONTHDAY={self.month_day}")
        if self.position is not None and not nth:
            parts.append(f"BYSETPOS={self.position}")
        if self.sunday_first and self.frequency is Frequency.WEEKLY:
            parts.append("WKST=SU")
        return ";".join(parts)


def first_days(rule: Rule, first: date, count: int) -> tuple[date, ...]:
    """Return at most so many days of a rule."""
    return tuple(islice(rule.days(first), count))
