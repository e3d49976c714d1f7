"""One event of a calendar: when it takes place and whether it blocks the owner's time.

Only what decides about busy time is kept (Y10). A title is kept where the caller asks for it,
which the demo's own week view alone does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from icalendar import vDuration

from adapters.ical.recurrence import Rule, TooMuchError, parse_rule
from adapters.ical.zones import Clocks, Moment
from core.ports import BusyKind
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.ical.lines import Component, Property

MOST_RULES = 4
MOST_DATES = 2_000


@dataclass(frozen=True, slots=True)
class Length:
    """How long an event is: `days` on its clock (nominal), then `seconds` that pass (exact)."""

    days: int
    seconds: int

    def end(self, start: Moment) -> int:
        """Return the instant at which an event of this length ends."""
        return start.clock.instant(start.wall + self.days * DAY) + self.seconds


@dataclass(frozen=True, slots=True)
class Event:
    """A VEVENT: a single event, a series, or (with `instead_of`) one changed instance."""

    uid: str
    start: Moment
    length: Length
    kind: BusyKind | None
    sequence: int = 0
    rules: tuple[Rule, ...] = ()
    dates: tuple[tuple[Moment, Length | None], ...] = ()
    except_dates: tuple[Moment, ...] = ()
    instead_of: Moment | None = None
    and_later: bool = False
    title: str = ""


@dataclass(slots=True)
class _Draft:
    """The properties of a VEVENT that have been seen so far."""

    values: dict[str, Property] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    dates: list[Property] = field(default_factory=list)
    except_dates: list[Property] = field(default_factory=list)
    answer: str = ""


def read_event(component: Component, clocks: Clocks, own: frozenset[str]) -> Event:
    """Make an event of a VEVENT. Raises ValueError for one that makes no sense.

    `own` are the owner's addresses in lower case, to find their answer among the attendees.
    """
    seen = _collect(component, own)
    values = seen.values
    if "DTSTART" not in values:
        raise ValueError("an event without a start")
    start = clocks.moment(values["DTSTART"])
    changed = values.get("RECURRENCE-ID")
    if len(seen.rules) > MOST_RULES:
        raise TooMuchError("too many recurrence rules")
    return Event(
        uid=_value(values, "UID"),
        start=start,
        length=_length(start, values, clocks),
        kind=busy_kind(values, seen.answer),
        sequence=_number(_value(values, "SEQUENCE")),
        rules=tuple(parse_rule(text) for text in seen.rules),
        dates=tuple(_dates(seen.dates, clocks, start)),
        except_dates=tuple(m for m, _ in _dates(seen.except_dates, clocks, start)),
        instead_of=clocks.moment(changed) if changed else None,
        and_later=bool(changed and changed.params.get("RANGE", "").upper() == "THISANDFUTURE"),
        title=_value(values, "SUMMARY"),
    )


def _collect(component: Component, own: frozenset[str]) -> _Draft:
    seen = _Draft()
    for found in component.properties():
        if found.name == "RRULE":
            seen.rules.append(found.value)
        elif found.name == "RDATE":
            seen.dates.append(found)
        elif found.name == "EXDATE":
            seen.except_dates.append(found)
        elif found.name != "ATTENDEE":
            seen.values.setdefault(found.name, found)
        elif is_own(found, own):
            seen.answer = found.params.get("PARTSTAT", "").upper()
    return seen


def is_own(attendee: Property, own: frozenset[str]) -> bool:
    """Whether an ATTENDEE is one of the addresses (Apple gives the mail address in EMAIL)."""
    addresses = (attendee.value, attendee.params.get("EMAIL", ""))
    return any(plain_address(address) in own for address in addresses)


def plain_address(address: str) -> str:
    """Return a calendar user address in lower case, a mail address without `mailto:`."""
    return address.strip().lower().removeprefix("mailto:")


def busy_kind(values: dict[str, Property], answer: str) -> BusyKind | None:
    """Return how an event blocks its owner's time, None when it does not: cancelled,
    transparent (RFC 5545 3.8.2.7), shown as free, or declined.

    `answer` is the owner's own PARTSTAT, "" when they are not an attendee.
    """
    status = _value(values, "STATUS").upper()
    shown_as = _value(values, "X-MICROSOFT-CDO-BUSYSTATUS").upper()
    free = (
        _value(values, "TRANSP").upper() == "TRANSPARENT"
        or status == "CANCELLED"
        or answer == "DECLINED"
        or shown_as == "FREE"
    )
    if free:
        return None
    if shown_as == "OOF":
        return BusyKind.AWAY
    if "TENTATIVE" in {status, answer, shown_as}:
        return BusyKind.TENTATIVE
    return BusyKind.BUSY


def _value(values: dict[str, Property], name: str) -> str:
    found = values.get(name)
    return found.value.strip() if found else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _length(start: Moment, values: dict[str, Property], clocks: Clocks) -> Length:
    """Return the length by DTEND, DURATION or neither (RFC 5545 3.6.1)."""
    if "DTEND" in values:
        end = clocks.moment(values["DTEND"])
        if end.is_date != start.is_date:
            raise ValueError("start and end are of different types")
        if start.is_date:
            # Some programs end an all-day event on the day it starts.
            return _positive(Length(max((end.wall - start.wall) // DAY, int(end == start)), 0))
        return _positive(Length(0, end.instant - start.instant))
    if "DURATION" in values:
        return _positive(_duration(values["DURATION"].value, start))
    return Length(1, 0) if start.is_date else Length(0, 0)


def _duration(text: str, start: Moment) -> Length:
    duration: timedelta = vDuration.from_ical(text.strip())  # type: ignore[no-untyped-call]  # the library has no types here
    if "T" in text.upper() and not start.is_date:
        return Length(duration.days, duration.seconds)
    return Length(duration.days + (1 if duration.seconds else 0), 0)


def _positive(length: Length) -> Length:
    if length.days < 0 or length.seconds < 0:
        raise ValueError("an event that ends before it starts")
    return length


def _dates(
    found: list[Property], clocks: Clocks, start: Moment
) -> Iterator[tuple[Moment, Length | None]]:
    """Read the values of RDATE or EXDATE lines; a PERIOD has its own length."""
    texts = [(line, text) for line in found for text in line.value.split(",") if text.strip()]
    if len(texts) > MOST_DATES:
        raise TooMuchError("too many dates")
    for line, text in texts:
        begin, slash, end = text.partition("/")
        moment = clocks.moment(line, begin)
        if not slash:
            yield moment, None
        elif end.lstrip("+-").upper().startswith("P"):
            yield moment, _positive(_duration(end, start))
        else:
            yield moment, _positive(Length(0, clocks.moment(line, end).instant - moment.instant))
