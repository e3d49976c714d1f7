"""From the time phrases of a sentence to one constraint: who belongs with whom.

Days and hours are said apart ("Tue or Wed afternoon next week"), so an hour is shared by the days
it follows, and a week or an open range narrows the weekdays beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.understand.atoms import Atom, Link
from bot.understand.constraint import (
    At,
    Both,
    Clock,
    ClockRange,
    Coming,
    Dates,
    Day,
    DayRange,
    EdgeOf,
    FromNow,
    Month,
    Nth,
    Part,
    PartOfDay,
    Period,
    Shift,
    Span,
    Unit,
    Weekday,
    WeekOf,
    Which,
    Within,
)
from bot.understand.rules_clocks import in_part

_FRAMES = Period | DayRange | Month | Nth | EdgeOf | Coming | WeekOf


@dataclass(slots=True)
class Group:
    """Days that share their hours."""

    dates: list[Dates] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    clock_first: bool = False
    each: bool = False

    def spans(self) -> list[Span]:
        """Give every day with every hour."""
        days: Sequence[Dates | None] = self.dates or [None]
        hours: Sequence[Clock | None] = self.clocks or [None]
        return [Span(d, c) for d in days for c in hours]


@dataclass(frozen=True, slots=True)
class Composed:
    """The spans of a sentence by their role."""

    options: tuple[Span, ...] = ()
    exclude: tuple[Span, ...] = ()
    soft: tuple[Span, ...] = ()
    each: bool = False
    plural: bool = False
    origin: tuple[tuple[int, int], ...] = ()


def _joined_clock(old: Clock, new: Clock) -> Clock | None:
    """Refine one clock by another: "in the morning at 7", "after 2 but before 5"."""
    if isinstance(old, PartOfDay) and isinstance(new, PartOfDay):
        return new if new.part is Part.FIRST_THING or new.edge else None
    if isinstance(old, PartOfDay):
        old, new = new, old
    if isinstance(new, PartOfDay) and isinstance(old, At | ClockRange):
        return in_part(old, new.part)
    if isinstance(old, ClockRange) and isinstance(new, ClockRange):
        if old.last is None and new.first is None:
            return ClockRange(old.first, new.last)
        if old.first is None and new.last is None:
            return ClockRange(new.first, old.last)
    return None


def _is_frame(dates: Dates) -> bool:
    return isinstance(dates, _FRAMES) and not (
        isinstance(dates, DayRange) and dates.first is not None and dates.last is not None
    )


def _joined_frames(old: Dates, new: Dates) -> Dates:
    if isinstance(old, DayRange) and isinstance(new, DayRange):
        if old.last is None and new.first is None:
            return replace(old, last=new.last, last_in=new.last_in)
        if old.first is None and new.last is None:
            return replace(new, last=old.last, last_in=old.last_in)
    return Both(old, new)


def _narrowed(dates: Dates, frame: Dates) -> Dates:
    if isinstance(dates, Weekday) and dates.which is Which.BARE:
        return Both(Weekday(dates.days), frame)
    in_month = isinstance(frame, Period | Month) and isinstance(dates, Day) and dates.month is None
    if isinstance(frame, DayRange) or (in_month and _is_month(frame)):
        return Both(dates, frame)
    return dates


def _is_month(frame: Dates) -> bool:
    return isinstance(frame, Month) or (isinstance(frame, Period) and frame.unit is Unit.MONTH)


class _Builder:
    """Collects atoms into groups; days that are frames narrow all the others."""

    def __init__(self) -> None:
        self.groups: list[Group] = [Group()]
        self.frame: Dates | None = None
        self.framed_last = False

    def add(self, atom: Atom) -> None:
        """Take one atom in."""
        for number, dates in enumerate(atom.dates):
            self._add_dates(dates, atom.link if number == 0 else Link.OR, each=atom.each)
        if atom.clock is not None:
            link = Link.GLUE if atom.dates else atom.link
            self._add_clock(atom.clock, link)

    def _add_dates(self, dates: Dates, link: Link, *, each: bool) -> None:
        group = self.groups[-1]
        alternative = link is Link.OR or link is Link.AND
        if _is_frame(dates) and not (alternative and (group.dates or self.framed_last)):
            self.frame = dates if self.frame is None else _joined_frames(self.frame, dates)
            self.framed_last = True
            return
        if alternative and self.framed_last and _is_frame(dates) and not group.dates:
            if isinstance(dates, DayRange) and link is Link.AND and self.frame is not None:
                self.frame = _joined_frames(self.frame, dates)
                return
            group.dates.append(self.frame) if self.frame else None
            self.frame = None
        self.framed_last = False
        if alternative and group.dates and group.clocks and not group.clock_first:
            group = Group()
            self.groups.append(group)
        elif group.dates and link in {Link.GLUE, Link.FAR}:
            if dates in group.dates or self._restates(group, dates):
                return
            group = Group()
            self.groups.append(group)
        if not group.dates and group.clocks:
            group.clock_first = True
        group.each = group.each or each
        group.dates.append(dates)

    @staticmethod
    def _restates(group: Group, dates: Dates) -> bool:
        """Tell whether a date only makes a weekday before it precise ("Friday, the 30th")."""
        last = group.dates[-1]
        if isinstance(last, Weekday) and last.which is Which.BARE and isinstance(dates, Shift):
            group.dates[-1] = Both(last, WeekOf(dates))
            return True
        if isinstance(dates, FromNow):
            group.dates[-1] = dates
            return True
        if isinstance(last, Weekday) and len(last.days) == 1 and isinstance(dates, Day):
            group.dates[-1] = replace(dates, weekday=last.days[0])
            return True
        return False

    def _add_clock(self, clock: Clock, link: Link) -> None:
        group = self.groups[-1]
        if not group.clocks:
            group.clocks.append(clock)
            return
        if link is Link.OR:
            group.clocks.append(clock)
            return
        joined = _joined_clock(group.clocks[-1], clock)
        if joined is not None:
            group.clocks[-1] = joined
        elif link is Link.AND:
            group.clocks.append(clock)

    def spans(self) -> list[Span]:
        """Give the spans, each weekday inside the frame."""
        groups = self.groups
        if self.frame is not None:
            for group in groups:
                group.dates = [_narrowed(d, self.frame) for d in group.dates] or [self.frame]
        return [
            span
            for group in groups
            for span in group.spans()
            if span.dates is not None or span.clock is not None
        ]


def _spans(atoms: list[Atom]) -> list[Span]:
    builder = _Builder()
    for atom in _same_month(atoms):
        builder.add(atom)
    return list(dict.fromkeys(_on_the_day(span) for span in builder.spans()))


def _same_month(atoms: list[Atom]) -> list[Atom]:
    """Give the month of the last day to the days listed before it: "the 22nd or 23rd of March"."""
    out: list[Atom] = []
    month: int | None = None
    for atom in reversed(atoms):
        day = atom.dates[0] if len(atom.dates) == 1 else None
        if not isinstance(day, Day):
            month = None
            out.append(atom)
            continue
        month = day.month or month
        out.append(replace(atom, dates=(replace(day, month=month),)))
        if atom.link not in {Link.OR, Link.AND}:
            month = None
    return out[::-1]


def _on_the_day(span: Span) -> Span:
    """Take "starts on Sunday at 8" as that one day."""
    dates = span.dates
    exact = isinstance(span.clock, At | Within)
    if exact and isinstance(dates, DayRange) and dates.last is None and dates.first_in:
        return Span(dates.first, span.clock)
    return span


def compose(atoms: list[Atom]) -> Composed:
    """Give the options, exclusions and wishes that the time phrases state together."""
    wanted = [a for a in atoms if not a.negated and not a.soft]
    wishes = [a for a in atoms if a.soft and not a.negated]
    excluded = [a for a in atoms if a.negated]
    return Composed(
        options=tuple(_spans(wanted)),
        exclude=tuple(_spans(_unlinked(excluded))),
        soft=tuple(_spans(wishes)),
        each=any(a.each for a in wanted) or _each(wanted),
        plural=any(a.plural for a in wanted),
        origin=tuple((a.start, a.end) for a in atoms),
    )


def _unlinked(atoms: list[Atom]) -> list[Atom]:
    """Make exclusions alternatives: all of them are out."""
    return [
        replace(a, link=Link.OR if a.link is not Link.GLUE or _frames_only(a) else a.link)
        for a in atoms
    ]


def _frames_only(atom: Atom) -> bool:
    return bool(atom.dates) and atom.clock is None


def _each(atoms: list[Atom]) -> bool:
    return any(a.link is Link.AND and a.dates and not a.plural for a in atoms)
