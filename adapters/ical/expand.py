"""The instances of an event in a window: series, exceptions, changed instances (RFC 5545 3.8.5)."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.ical.recurrence import Budget, Rule, starts
from adapters.ical.zones import Moment, read_wall
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from adapters.ical.events import Event, Length
    from core.timing.spans import Span

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Instance:
    """One time at which an event takes place, in epoch seconds."""

    start: int
    end: int
    event: Event


def instances(events: Sequence[Event], window: Span, budget: Budget) -> list[Instance]:
    """Return the instances that touch `window` of the events with one UID.

    An instance without length touches what it lies in. What is written out one by one is paid
    for by its text; rules draw on the budget. Raises ValueError or OverflowError for a series
    that cannot be expanded, TooMuchError for one that is too dear, UsedUpError when the budget is.
    """
    if len(events) == 1 and _is_plain(events[0]):
        return _inside([_single(events[0])], window)
    series = _newest(event for event in events if event.instead_of is None)
    changed = _changed(events, series)
    found = [_single(event) for event in changed]
    if series:
        found.extend(_of_series(series, changed, window, budget))
    inside = _inside(found, window)
    if series and series.rules:
        budget.take_instances(len(inside))
    return inside


def _is_plain(event: Event) -> bool:
    """Whether an event takes place just once."""
    return not (event.rules or event.dates or event.except_dates)


def _inside(found: Iterable[Instance], window: Span) -> list[Instance]:
    low, high = window
    return [i for i in found if i.start < high and (i.end > low or i.start >= low)]


def _newest(events: Iterable[Event]) -> Event | None:
    return max(events, key=lambda event: event.sequence, default=None)


def _changed(events: Sequence[Event], series: Event | None) -> list[Event]:
    """Return the changed instances, of several changes to one instance the newest."""
    newest: dict[Key, Event] = {}
    for event in sorted(events, key=lambda event: event.sequence):
        if event.instead_of is not None:
            newest[_key(event.instead_of, series or event)] = event
    return list(newest.values())


def _single(event: Event) -> Instance:
    return Instance(event.start.instant, event.length.end(event.start), event)


def _of_series(
    series: Event, changed: Sequence[Event], window: Span, budget: Budget
) -> Iterator[Instance]:
    """Yield the instances of a series that no exception and no changed instance replaces."""
    gone = {_key(moment, series) for moment in series.except_dates}
    gone |= {_key(event.instead_of, series) for event in changed if event.instead_of}
    later = sorted(
        (
            (event.instead_of.instant, event)
            for event in changed
            if event.instead_of and event.and_later
        ),
        key=lambda pair: pair[0],
    )
    begins = [begin for begin, _ in later]
    reach = max([_shift(event) for _, event in later], default=0)
    for start, length in _starts(series, window, reach, budget):
        if _key(start, series) in gone or ("day", start.wall // DAY) in gone:
            continue
        at = start.instant
        since = bisect_left(begins, at)
        yield _like(later[since - 1][1], start) if since else _instance(at, length, start, series)


def _instance(at: int, length: Length, start: Moment, series: Event) -> Instance:
    return Instance(at, length.end(start), series)


def _shift(event: Event) -> int:
    """Return by how many seconds a changed instance moved or grew."""
    moved = event.start.wall - (event.instead_of or event.start).wall
    return abs(moved) + event.length.days * DAY + event.length.seconds


def _like(event: Event, start: Moment) -> Instance:
    """Move an instance as a RANGE=THISANDFUTURE before it says (RFC 5545 3.8.4.4)."""
    moved = event.start.wall - (event.instead_of or event.start).wall
    at = Moment(start.wall + moved, event.start.clock, event.start.is_date)
    return Instance(at.instant, event.length.end(at), event)


def _starts(
    series: Event, window: Span, reach: int, budget: Budget
) -> Iterator[tuple[Moment, Length]]:
    """Yield each start of a series near the window once, with its length."""
    first = series.start
    found: dict[int, tuple[Moment, Length]] = {first.wall: (first, series.length)}
    spare = DAY + reach  # clocks differ from UTC by less than a day
    low = window[0] - series.length.days * DAY - series.length.seconds - spare
    high = window[1] + spare
    for rule in series.rules:
        for wall in starts(rule, first.wall, low, high, budget):
            moment = Moment(wall, first.clock, first.is_date)
            if _until(rule, moment):
                found[wall] = moment, series.length
    for moment, length in series.dates:
        found[moment.wall] = moment, length or series.length
    yield from found.values()


def _until(rule: Rule, start: Moment) -> bool:
    """Whether a start is not after its rule's UNTIL, which may be a day, local time or UTC."""
    if not rule.until:
        return True
    wall, utc, is_date = read_wall(rule.until)
    if is_date or start.is_date:
        return start.wall // DAY <= wall // DAY
    return (start.instant if utc else start.wall) <= wall


def _key(moment: Moment, series: Event) -> Key:
    """Name an instance by what its series calls it: a day, or an instant.

    Some programs name an instance of a timed series by its day, or one of an all-day series by a
    time; both are understood.
    """
    if series.start.is_date or moment.is_date:
        return "day", moment.wall // DAY
    return "instant", moment.instant
