"""A constraint to instants: late, against the speaker's zone, hours and the present moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.understand.constraint import (
    At,
    Clock,
    ClockRange,
    Coming,
    Dates,
    FromNow,
    Half,
    Part,
    PartOfDay,
    Period,
    Shift,
    Span,
    TimeConstraint,
    Unit,
    Weekday,
    Which,
    Within,
)
from bot.understand.context import Context, Hours
from bot.understand.days import Frame, dates_of
from bot.understand.hours import DAY, minutes_of

_MINUTE = 60
_DEFAULT_MINUTES = 30
_ABOUT = 30 * _MINUTE
_HORIZON_DAYS = 60
_MOST_DAYS = 400
_SATURDAY = 5
_WEEKS = {Unit.WEEK, Unit.FORTNIGHT}

Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Instants (epoch seconds): windows are sorted, disjoint, half open and not before now.

    `starts` are the starts that were stated exactly; each has a window of the meeting's length.
    `past`: something that was asked for is over. `gap`: a stated time does not exist (the clock
    jumps over it) and was moved forward. `doubled`: it happens twice and the first was taken.
    """

    windows: tuple[Window, ...]
    starts: tuple[int, ...] = ()
    past: bool = False
    gap: bool = False
    doubled: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One resolved stretch of a span; an exact time has `exact` and ends where it starts."""

    start: int
    end: int
    exact: bool = False
    about: bool = False
    day: date | None = None


def zone_of(name: str) -> ZoneInfo:
    """Give the zone, UTC for a name that is not one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def frame_of(context: Context, zone: ZoneInfo) -> Frame:
    """Give the anchor of all dates: the day it is for the speaker."""
    return Frame(
        datetime.fromtimestamp(context.now, zone).date(),
        month_first=context.locale.replace("_", "-").upper().endswith("-US"),
        week_start=context.week_start,
    )


def instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """Give the epoch second of a local minute; one in a gap moves forward by the gap."""
    whole, rest = divmod(minute, DAY)
    base = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=whole)
    wall = base.replace(hour=rest // 60, minute=rest % 60, fold=0)
    return int(wall.timestamp())


def _oddity(day: date, minute: int, zone: ZoneInfo) -> str:
    """Tell whether the clock jumps over a local minute ("gap") or shows it twice ("doubled")."""
    whole, rest = divmod(minute, DAY)
    wall = datetime(day.year, day.month, day.day, rest // 60, rest % 60, tzinfo=zone)
    wall += timedelta(days=whole)
    first, second = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if first is None or second is None or first == second:
        return ""
    back = datetime.fromtimestamp(wall.timestamp(), UTC).astimezone(zone)
    return "doubled" if back.replace(tzinfo=None) == wall.replace(tzinfo=None) else "gap"


class _Resolver:
    """Resolves spans against one speaker; remembers what went wrong on the way."""

    def __init__(self, context: Context, zone: ZoneInfo) -> None:
        self.context = context
        self.zone = zone
        self.frame = frame_of(context, zone)
        self.past = False
        self.oddities: set[str] = set()

    def pieces(self, span: Span) -> list[Piece]:
        """Give a span's stretches, in the past too."""
        if isinstance(span.dates, FromNow):
            at = self.context.now + span.dates.minutes * _MINUTE
            return [Piece(at, at, exact=True)]
        if isinstance(span.dates, Coming) and span.dates.unit in {Unit.MINUTE, Unit.HOUR}:
            length = span.dates.count * (60 if span.dates.unit is Unit.HOUR else 1) * _MINUTE
            return [Piece(self.context.now, self.context.now + length)]
        if span.clock is None:
            return self._days(span.dates)
        return self._hours(span.dates, span.clock)

    def _days(self, dates: Dates | None) -> list[Piece]:
        if dates is None:
            return []
        runs = dates_of(dates, self.frame)
        return [Piece(instant(a, 0, self.zone), instant(b, 0, self.zone), day=a) for a, b in runs]

    def _hours(self, dates: Dates | None, clock: Clock) -> list[Piece]:
        if dates is None:
            return self._next(clock)
        first, last = minutes_of(clock, self.context.hours)
        frame = replace(self.frame, passed=self._over(clock))
        out = [
            self._piece(a + timedelta(days=number), clock, first, last)
            for a, b in dates_of(dates, frame)
            for number in range(min((b - a).days, _MOST_DAYS))
        ]
        if _is_today(dates) and all(p.start < self.context.now for p in out):
            other = _flipped(clock)
            if other is not None:
                later = self._piece(self.frame.today, other, *minutes_of(other, self.context.hours))
                return [later] if later.start >= self.context.now else out
        return out

    def _next(self, clock: Clock) -> list[Piece]:
        """Resolve a clock without a day: the next time it comes."""
        first, last = minutes_of(clock, self.context.hours)
        today = self.frame.today
        if clock == At(0, 0, Half.FULL):
            return [self._piece(today + timedelta(days=1), clock, first, last)]
        piece = self._piece(today, clock, first, last)
        if self._ended(piece):
            other = _flipped(clock)
            if other is not None and isinstance(clock, At) and self._is_free(other):
                return [self._piece(today, other, *minutes_of(other, self.context.hours))]
            return [self._piece(today + timedelta(days=1), clock, first, last)]
        return [piece]

    def _is_free(self, clock: Clock) -> bool:
        """Tell whether the other half of the day is still ahead and within working hours."""
        first, last = minutes_of(clock, self.context.hours)
        inside = self.context.hours.first <= first < self.context.hours.last
        return inside and self._piece(self.frame.today, clock, first, last).start > self.context.now

    def _over(self, clock: Clock) -> bool:
        first, last = minutes_of(clock, self.context.hours)
        return self._ended(self._piece(self.frame.today, clock, first, last))

    def _ended(self, piece: Piece) -> bool:
        return piece.start < self.context.now if piece.exact else piece.end <= self.context.now

    def _piece(self, day: date, clock: Clock, first: int, last: int) -> Piece:
        exact = isinstance(clock, At) or (isinstance(clock, Within) and isinstance(clock.clock, At))
        if exact:
            self.oddities.add(_oddity(day, first, self.zone))
        about = isinstance(clock, At) and clock.about
        start = instant(day, first, self.zone)
        return Piece(start, instant(day, last, self.zone), exact, about, day)


def _is_today(dates: Dates) -> bool:
    return isinstance(dates, Shift) and dates.base is None and all(n == 0 for n, _ in dates.steps)


def _flipped(clock: Clock) -> Clock | None:
    """Give the reading of a bare hour in the other half of the day."""
    if isinstance(clock, At) and clock.half is None:
        return replace(clock, half=Half.OTHER)
    if isinstance(clock, ClockRange) and clock.first is not None and clock.last is not None:
        bare = clock.first.half is None and clock.last.half is None
        return Within(clock, Part.EVENING) if bare else None
    return None


def merged(windows: Iterable[Window]) -> list[Window]:
    """Sort windows and join those that touch or overlap."""
    out: list[Window] = []
    for start, end in sorted(w for w in windows if w[0] < w[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _without(windows: list[Window], blocked: list[Window]) -> list[Window]:
    left: list[Window] = []
    for start, end in windows:
        free = start
        for first, last in blocked:
            if last <= free or end <= first:
                continue
            left.append((free, first))
            free = last
        left.append((free, end))
    return [(start, end) for start, end in left if start < end]


def _within_hours(windows: list[Window], hours: Hours, zone: ZoneInfo) -> list[Window]:
    out: list[Window] = []
    for start, end in windows:
        day = datetime.fromtimestamp(start, zone).date()
        last = datetime.fromtimestamp(end, zone).date()
        while day <= last:
            for first, until in hours.of(day.weekday()):
                a, b = instant(day, first, zone), instant(day, until, zone)
                if max(a, start) < min(b, end):
                    out.append((max(a, start), min(b, end)))
            day += timedelta(days=1)
    return out


def _names_weekend(dates: Dates | None) -> bool:
    return not (isinstance(dates, Period | Coming) and dates.unit in _WEEKS)


def _weekdays_only(piece: Piece, zone: ZoneInfo) -> list[Window]:
    everyday = Hours(first=0, last=DAY)
    return _within_hours([(piece.start, piece.end)], everyday, zone)


def pieces_of(span: Span, context: Context, zone_name: str | None = None) -> list[Piece]:
    """Give a span's stretches uncut: neither to now nor to working hours."""
    return _Resolver(context, zone_of(zone_name or context.zone)).pieces(span)


def _excluded(
    resolver: _Resolver, constraint: TimeConstraint, around: list[Window]
) -> list[Window]:
    out: list[Window] = []
    for span in constraint.exclude:
        out += _blocked(resolver, span, around)
    return merged(out)


def _blocked(resolver: _Resolver, span: Span, around: list[Window]) -> list[Window]:
    """Give what an exclusion takes away: a bare weekday or hour counts on every day in reach."""
    if span.dates is not None and not isinstance(span.dates, Weekday):
        return [_stretch(p) for p in resolver.pieces(span)]
    weekday = span.dates
    out: list[Window] = []
    for start, end in around:
        day = datetime.fromtimestamp(start, resolver.zone).date()
        last = datetime.fromtimestamp(end, resolver.zone).date()
        while day <= last:
            if weekday is None or _blocks(weekday, day, resolver.frame):
                out.append(_day_part(day, span.clock, resolver))
            day += timedelta(days=1)
    return out


def _blocks(weekday: Weekday, day: date, frame: Frame) -> bool:
    if weekday.which is Which.NEXT:
        return any(a <= day < b for a, b in dates_of(weekday, frame))
    return day.weekday() in weekday.days


def _day_part(day: date, clock: Clock | None, resolver: _Resolver) -> Window:
    first, last = (0, DAY) if clock is None else minutes_of(clock, resolver.context.hours)
    if isinstance(clock, PartOfDay) and clock.part is Part.MORNING:
        first = 0  # who wants no mornings does not want 7 o'clock either
    if first == last:
        last += _DEFAULT_MINUTES
    return instant(day, first, resolver.zone), instant(day, last, resolver.zone)


def _stretch(piece: Piece) -> Window:
    return (piece.start, piece.end if piece.end > piece.start else piece.start + 1800)


def resolve(constraint: TimeConstraint, context: Context, *, cut_to_hours: bool = True) -> Resolved:
    """Give the instants at which the meeting may lie.

    Stated times stay as said; with `cut_to_hours` only ranges (days, weeks, parts of the day) are
    cut to the speaker's hours. A constraint without options means any time in the coming 60 days.
    """
    resolver = _Resolver(context, zone_of(constraint.zone or context.zone))
    minutes = constraint.duration_minutes or _DEFAULT_MINUTES
    length = minutes * _MINUTE
    loose: list[Window] = []
    exact: list[int] = []
    for span in constraint.options or (_anytime(),):
        for piece in resolver.pieces(span):
            if piece.exact and not piece.about:
                exact.append(piece.start)
            elif piece.exact:
                loose.append((piece.start - _ABOUT, piece.start + _ABOUT + length))
            elif _names_weekend(span.dates):
                loose.append((piece.start, piece.end))
            else:
                loose += _weekdays_only(piece, resolver.zone)
    return _cut(constraint, resolver, merged(loose), sorted(set(exact)), length, cut_to_hours)


def _anytime() -> Span:
    return Span(Coming(_HORIZON_DAYS, Unit.DAY))


def _cut(
    constraint: TimeConstraint,
    resolver: _Resolver,
    loose: list[Window],
    exact: list[int],
    length: int,
    cut_to_hours: bool,
) -> Resolved:
    now = resolver.context.now
    ahead = [(max(start, now), end) for start, end in loose if end > now]
    starts = [start for start in exact if start >= now]
    if cut_to_hours:
        here = zone_of(resolver.context.zone)
        ahead = _within_hours(ahead, resolver.context.hours, here)
    stated = [(start, start + length) for start in starts]
    blocked = _excluded(resolver, constraint, merged([*ahead, *stated]))
    ahead = _without(ahead, blocked)
    starts = [s for s in starts if not any(a < s + length and s < b for a, b in blocked)]
    return Resolved(
        tuple(merged([*ahead, *((s, s + length) for s in starts)])),
        tuple(starts),
        past=len(starts) < len(exact) or any(start < now for start, _ in loose),
        gap="gap" in resolver.oddities,
        doubled="doubled" in resolver.oddities,
    )
