"""From the time phrases of a sentence to one constraint: who belongs with whom.

Days and hours are said apart ("Tue or Wed afternoon next week"), so an hour is shared by the days
it follows, and a week or an open range narrows the weekdays beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

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
    PartOfDay,
    PartRange,
    Period,
    Shift,
    Span,
    Unit,
    Weekday,
    WeekOf,
    Which,
    Within,
)
from bot.understand.lexer import Token
from bot.understand.rules_clocks import in_part


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TIME_KINDS = frozenset({"DATES", "CLK", "CLOCK", "SPAN", "LIST", "EACH", "PLURAL"})
_FRAMES = Period | DayRange | Month | Nth | EdgeOf | Coming | WeekOf
# Words that may stand between a day and its hour.
_GLUE = _words(
    """
    at on in the of for comma dash sometime anytime any time from about between during dot this
    maybe perhaps say like around starting w:to
    """
)
_NOT = _words(
    """
    not no except never avoid avoiding without cannot can't cant but exclude rather than apart
    """
)
_ANY = frozenset({"anything", "any", "all", "everything", "anytime", "day", "days", "times"})
_SOFT = _words("ideally preferably prefer preferred possibly rather")


class Link(StrEnum):
    """How a time phrase hangs on the one before it."""

    GLUE = "glue"
    OR = "or"
    AND = "and"
    FAR = "far"


@dataclass(slots=True)
class Atom:
    """One time phrase: its days, its clock, and how it is linked."""

    dates: tuple[Dates, ...]
    clock: Clock | None
    start: int
    end: int
    link: Link = Link.FAR
    negated: bool = False
    soft: bool = False
    each: bool = False
    plural: bool = False


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


def _atom(token: Token) -> Atom:
    value = token.value
    dates: tuple[Dates, ...] = ()
    clock: Clock | None = None
    if token.kind in {"LIST", "EACH"} and isinstance(value, tuple):
        dates = value
    elif token.kind == "SPAN" and isinstance(value, Span):
        dates, clock = ((value.dates,) if value.dates is not None else ()), value.clock
    elif isinstance(value, At | ClockRange | PartOfDay | PartRange | Within):
        clock = value
    else:
        dates = (value,)  # type: ignore[assignment]  # kinds DATES and PLURAL carry Dates
    return Atom(
        dates,
        clock,
        token.start,
        token.end,
        each=token.kind == "EACH",
        plural=token.kind == "PLURAL",
    )


def atoms_of(tokens: Iterable[Token]) -> list[Atom]:
    """Give the time phrases with their links."""
    out: list[Atom] = []
    between: list[str] = []
    for token in tokens:
        if token.kind not in TIME_KINDS:
            between.append(token.kind if token.kind == "NEGATED" else token.word)
            if token.kind == "NEGATED" and out:
                _negate_back(out)
            continue
        atom = _atom(token)
        _link(atom, between, out)
        out.append(atom)
        between = []
    if any(word in _SOFT for word in between) or _ends_soft(between):
        for atom in _last_clause(out):
            atom.soft = True
    return out


def _ends_soft(between: list[str]) -> bool:
    return between[:2] in (["if", "possible"], ["if", "you"], ["would", "be"])


def _negate_back(atoms: list[Atom]) -> None:
    """Apply "Tuesday or Wednesday don't work" to all that it speaks of."""
    for atom in _last_clause(atoms):
        atom.negated = True


def _last_clause(atoms: list[Atom]) -> list[Atom]:
    clause: list[Atom] = []
    for atom in reversed(atoms):
        clause.append(atom)
        if atom.link is Link.FAR:
            break
    return clause


def _link(atom: Atom, between: list[str], before: list[Atom]) -> None:
    words = [w for w in between if w not in _GLUE]
    near = between[-7:]
    negated = any(w in _NOT for w in near) and not _cancelled(near)
    atom.soft = any(w in _SOFT for w in near)
    if not before:
        atom.negated = negated
        return
    previous = before[-1]
    if negated:
        atom.negated = True
    elif not words and ("comma" in between or not between) and previous.negated:
        atom.negated = bool(_same_kind(atom, previous))
    if "or" in words or "slash" in words or "nor" in words:
        atom.link = Link.OR
        atom.negated = atom.negated or (previous.negated and "but" not in words)
    elif set(words) <= {"and", "also", "plus", "then"} and words:
        atom.link = Link.AND
        atom.negated = atom.negated or (previous.negated and _same_kind(atom, previous))
    elif not words:
        atom.link = Link.GLUE
        if "comma" in between and _same_kind(atom, previous):
            atom.link = Link.OR
        if not between or "comma" not in between:
            atom.negated = atom.negated or previous.negated
    if atom.soft and not previous.soft:
        atom.link = Link.FAR
    elif previous.soft and atom.link is not Link.FAR:
        atom.soft = True


def _cancelled(words: list[str]) -> bool:
    """Tell whether a "no" is an answer ("no, Tuesday") or a "but" only joins."""
    if words[-2:] == ["no", "comma"] or words[:2] == ["no", "comma"]:
        return True
    hits = [w for w in words if w in _NOT]
    if hits == ["but"]:
        return not _ANY.intersection(words)
    return any(w in words for w in ("why", "sure", "problem", "matter"))


def _same_kind(atom: Atom, other: Atom) -> bool:
    return bool(atom.dates) == bool(other.dates)


def _joined_clock(old: Clock, new: Clock) -> Clock | None:
    """Refine one clock by another: "in the morning at 7", "after 2 but before 5"."""
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
        if isinstance(day, Day):
            if day.month is None and month is not None:
                atom = replace(atom, dates=(replace(day, month=month),))
            month = day.month or month
        if atom.link not in {Link.OR, Link.AND} or not isinstance(day, Day):
            month = None
        out.append(atom)
    return out[::-1]


def _on_the_day(span: Span) -> Span:
    """Take "starts on Sunday at 8" as that one day."""
    dates = span.dates
    if isinstance(dates, DayRange) and dates.last is None and dates.first_in:
        if isinstance(span.clock, At | Within):
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
