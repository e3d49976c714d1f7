"""A series of sessions: one rule in the owner's wall time, and a meeting per occurrence.

The rows of the meetings are the truth. What calendars and mails say of the whole - one event with
its rule, days left out and moved sessions - is derived from them here, always from the present
state of all. A session keeps its slot (its start by the rule) for life: that is how programs
outside know which one is meant (RECURRENCE-ID, RFC 5545 3.8.4.4).

Sequences: a change of one session raises the session's own, a change of the whole the series'. To
the outside they are added up, so that each component's sequence rises with each of its changes,
and the whole's with every one of them (RFC 5546 2.1.4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from core.booking.drafts import Moved, Recurrence
from core.booking.meeting import MeetingState
from core.timing.recurrence import Rule, first_days
from core.timing.zones import at_minute, instant, local_date, wall

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from core.booking.meeting import Meeting
    from core.ids import PersonId, ProgrammeId, SeriesId

MOST = 26  # sessions of one series where a programme says nothing else (Y24)
LONGEST_GAP = 60  # days that one question to a calendar service may span


@dataclass(frozen=True, slots=True)
class Pattern:
    """When a series is by its rule: `minute` after midnight on `count` days of `zone`, from
    `first`, which is one of them; each session lasts `minutes`.
    """

    rule: Rule
    zone: str
    first: date
    minute: int
    minutes: int
    count: int

    def days(self) -> tuple[date, ...]:
        """Return the local dates."""
        return first_days(self.rule, self.first, self.count)

    def slot(self, day: date) -> int:
        """Return the start on a date: by the wall, so that it stays when the clocks change. A
        time that the clocks jump over is moved to the end of the gap.
        """
        return at_minute(day, self.minute, self.zone)

    def slots(self) -> tuple[int, ...]:
        """Return the starts."""
        return tuple(self.slot(day) for day in self.days())

    def day_of(self, slot: int) -> date:
        """Return the date of a slot in the rule's zone."""
        return local_date(slot, self.zone)

    def ending(self, last: date) -> Pattern:
        """Return the same with no session after a date."""
        return replace(self, count=sum(day <= last for day in self.days()))

    def starting(self, first: date) -> Pattern:
        """Return the same from a date on, in step with what it was."""
        days = [day for day in self.days() if day >= first]
        return replace(self, first=days[0], count=len(days)) if days else replace(self, count=0)

    def is_plain(self, slot: int, start: int, end: int) -> bool:
        """Tell whether a session is just what every program makes of the rule on that day."""
        at = wall(start, self.zone)
        by_rule = at.hour * 60 + at.minute == self.minute
        return start == slot and end - start == self.minutes * 60 and by_rule

    def rule_text(self) -> str:
        """Return the RRULE with its end, UNTIL the last slot (RFC 5545 3.3.10: in UTC)."""
        days = self.days()
        # By the wall, not by the slot: in a gap the two differ, and the last one must count.
        last = self.slot(days[-1]) if days else self.slot(self.first)
        local = datetime.combine(days[-1] if days else self.first, time(*divmod(self.minute, 60)))
        said = _read_by_programs(local, self.zone)
        until = datetime.fromtimestamp(max(last, said), tz=UTC)
        return f"{self.rule.text()};UNTIL={until:%Y%m%dT%H%M%SZ}"


def _read_by_programs(local: datetime, zone: str) -> int:
    """Return the instant of a wall time as RFC 5545 3.3.5 has it: one that does not exist is
    taken with the offset from before the gap.
    """
    back = local - timedelta(days=1)
    before = wall(instant(back.date(), back.time(), zone), zone).utcoffset() or timedelta()
    plain = instant(local.date(), local.time(), zone)
    if wall(plain, zone).replace(tzinfo=None) == local:
        return plain
    return int((local - before).replace(tzinfo=UTC).timestamp())


class SeriesState(StrEnum):
    """Where a series stands."""

    RUNNING = "running"
    ENDED = "ended"  # called off: nothing of it is to come


@dataclass(frozen=True, slots=True)
class Series:
    """Sessions that belong together. Its id is that of its first meeting, where the place of its
    copies is kept; `uid` is that of all of them.
    """

    id: SeriesId
    programme_id: ProgrammeId
    owner: PersonId
    people: tuple[PersonId, ...]
    pattern: Pattern
    title: str
    uid: str
    state: SeriesState = SeriesState.RUNNING
    sequence: int = 0
    changed_at: int = 0
    version: int = 0

    def changed(
        self, meetings: Iterable[Meeting], now: int, pattern: Pattern | None = None
    ) -> Series:
        """Return it after a change of the whole, with a sequence above all that went out.

        `meetings` are its sessions as they were before.
        """
        above = revision(self, meetings) + 1
        return replace(self, sequence=above, changed_at=now, pattern=pattern or self.pattern)

    def end(self, meetings: Iterable[Meeting], now: int) -> Series:
        """Call it off; doing it again changes nothing."""
        if self.state is SeriesState.ENDED:
            return self
        return replace(self.changed(meetings, now), state=SeriesState.ENDED)


def revision(series: Series, meetings: Iterable[Meeting]) -> int:
    """Return the sequence of the whole: it rises with every change of any session."""
    return series.sequence + sum(meeting.sequence for meeting in meetings)


def sequence_of(series: Series, meeting: Meeting) -> int:
    """Return the sequence of one session to the outside."""
    return series.sequence + meeting.sequence


def stands(meeting: Meeting) -> bool:
    """Tell whether a session is in the calendar: not called off."""
    return meeting.state is not MeetingState.CANCELLED


def standing(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Return the sessions that stand, by slot."""
    return tuple(sorted((m for m in meetings if stands(m)), key=lambda m: m.slot))


def coming(meetings: Iterable[Meeting], now: int) -> tuple[Meeting, ...]:
    """Return the booked sessions that are not over, by start."""
    ahead = [m for m in meetings if m.state is MeetingState.BOOKED and m.end > now]
    return tuple(sorted(ahead, key=lambda m: m.start))


def present(series: Series, meetings: Iterable[Meeting], now: int) -> Pattern:
    """Return how the sessions to come are for the most part: the rule, or what they were moved
    to together. For words only: slots are those of the rule.
    """
    found = Counter(_place(series.pattern, m) for m in coming(meetings, now))
    if not found:
        return series.pattern
    zone, shift, minute = found.most_common(1)[0][0]
    return relocated(series.pattern, zone, shift, minute)


def _place(pattern: Pattern, meeting: Meeting) -> tuple[str, int, int]:
    """Return where a session is against its slot: zone, days, minute after midnight."""
    at = wall(meeting.start, meeting.zone)
    day = pattern.day_of(meeting.slot)
    return meeting.zone, (at.date() - day).days, at.hour * 60 + at.minute


def relocated(pattern: Pattern, zone: str, shift: int, minute: int) -> Pattern:
    """Return the same pattern some days later (earlier where negative), at another time."""
    rule = pattern.rule
    days = tuple(sorted((day + shift) % 7 for day in rule.weekdays))
    first = pattern.first + timedelta(days=shift)
    rule = replace(rule, weekdays=days)
    return replace(pattern, rule=rule, zone=zone, first=first, minute=minute)


def recurrence(series: Series, meetings: Iterable[Meeting]) -> Recurrence:
    """Return how the present state of a series is written into one event: rule, days that are
    left out, sessions that are not as the rule has them.
    """
    pattern = series.pattern
    kept = {pattern.day_of(m.slot): m for m in standing(meetings)}
    days = pattern.days() or (pattern.first,)
    return Recurrence(
        rule=pattern.rule_text(),
        zone=pattern.zone,
        days=days,
        minute=pattern.minute,
        minutes=pattern.minutes,
        left_out=tuple(day for day in days if day not in kept),
        moved=tuple(
            Moved(day, meeting.start, meeting.end, sequence_of(series, meeting))
            for day, meeting in kept.items()
            if not pattern.is_plain(meeting.slot, meeting.start, meeting.end)
        ),
    )


def windows(spans: Sequence[tuple[int, int]], around: int) -> list[tuple[int, int]]:
    """Return as few windows as possible, none longer than a calendar service takes at once,
    that hold each span (epoch seconds, by start) with `around` seconds on either side.
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        low, high = start - around, end + around
        if found and high - found[-1][0] <= LONGEST_GAP * 86_400:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def cut(pattern: Pattern, skipped: Collection[int]) -> Pattern:
    """Return the pattern without what is left out at its edges, so that its first day is held."""
    held = [day for day in pattern.days() if pattern.slot(day) not in skipped]
    if not held:
        return replace(pattern, count=0)
    return pattern.ending(held[-1]).starting(held[0])
