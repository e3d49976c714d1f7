"""Answers of calendar programs: METHOD:REPLY and METHOD:COUNTER (RFC 5546 3.2.3, 3.2.7).

Read leniently, because what programs send is not always what the RFC wants: ORGANIZER missing,
lines ended or folded wrongly, other attendees listed besides, names in upper or lower case. What
is needed is little: who answers (ATTENDEE), which event (UID), and what.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.ical.codec import ZONES, unescape
from adapters.ical.events import plain_address
from adapters.ical.lines import Component, Property, components, split_line
from adapters.ical.recurrence import Budget, UsedUpError
from adapters.ical.zones import Clocks, Named, ruled_clocks
from core.mail_in import CalendarAnswer, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

KEEPS = {
    **ZONES,
    "VEVENT": frozenset(
        {
            *("UID", "ATTENDEE", "SEQUENCE", "DTSTAMP", "COMMENT"),
            *("DTSTART", "DTEND", "RECURRENCE-ID"),
        }
    ),
}
METHOD = re.compile(r"^METHOD[^:\r\n]*:[ \t]*([A-Za-z]+)", re.MULTILINE | re.IGNORECASE)
YEAR = re.compile(r":((?:19|20)\d\d)\d{4}(?:T|$)")
UTC_TIME = re.compile(r"\d{8}T\d{6}Z")
WIDE = 400 * 86_400  # seconds around a reply's own year in which its zone has to be exact
LONGEST_COMMENT = 1500
LONGEST_UID = 300
MOST_EVENTS = 20


def read_answers(data: bytes, method: str = "") -> tuple[CalendarAnswer, ...]:
    """Return the answers in a calendar object; none for anything that is no answer.

    `method` is the parameter of the MIME part, for a body that names none. Never raises: what
    makes no sense is left out.
    """
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    found = METHOD.search(text)
    try:
        said = Said((found[1] if found else method).upper())
    except ValueError:
        return ()
    text = re.sub(r"\r+\n?", "\n", text)  # folding is undone by line feeds
    parts = components(text, KEEPS)
    events = [part for part in parts if part.name == "VEVENT"][:MOST_EVENTS]
    clocks = _clocks([part for part in parts if part.name == "VTIMEZONE"], events)
    return tuple(dict.fromkeys(one for part in events for one in _answers(part, said, clocks)))


def _clocks(zones: list[Component], events: list[Component]) -> Clocks:
    """Return the clocks of the zones, exact around the events."""
    lines = [line for event in events for line in event.lines]
    years = [int(year) for line in lines for year in YEAR.findall(line)]
    middle = (max(years, default=2026) - 1970) * 31_556_952
    try:
        ruled = ruled_clocks(zones, middle - WIDE, middle + WIDE, Budget()) if zones else {}
    except UsedUpError:
        ruled = {}
    return Clocks(Named("UTC"), ruled)


def _properties(part: Component) -> dict[str, list[Property]]:
    """Return the properties that can be read, by name."""
    found: dict[str, list[Property]] = {}
    for line in part.lines:
        try:
            one = split_line(line)
        except ValueError:
            continue
        found.setdefault(one.name, []).append(one)
    return found


def _answers(part: Component, said: Said, clocks: Clocks) -> Iterator[CalendarAnswer]:
    """Yield what each attendee of one VEVENT says; one who lists others says it for themselves,
    which is for the reader to see by the sender.
    """
    values = _properties(part)
    uid = _first(values, "UID").strip()[:LONGEST_UID]
    if not uid:
        return
    comments = " ".join(unescape(one.value) for one in values.get("COMMENT", ()))
    for attendee in values.get("ATTENDEE", ()):
        address = plain_address(attendee.params.get("EMAIL", "") or attendee.value)
        if "@" not in address:
            continue
        yield CalendarAnswer(
            method=said,
            uid=uid,
            attendee=address,
            partstat=attendee.params.get("PARTSTAT", "NEEDS-ACTION").strip().upper(),
            sequence=_number(_first(values, "SEQUENCE")),
            stamp=_instant(values, "DTSTAMP", clocks) or 0,
            start=_instant(values, "DTSTART", clocks),
            end=_instant(values, "DTEND", clocks),
            occurrence=_occurrence(values, clocks),
            comment=" ".join(comments.split())[:LONGEST_COMMENT],
        )


def _occurrence(values: dict[str, list[Property]], clocks: Clocks) -> int | None:
    """Return which session of a series is meant: None for all, 0 for one that cannot be told."""
    if not values.get("RECURRENCE-ID"):
        return None
    return _instant(values, "RECURRENCE-ID", clocks) or 0


def _first(values: dict[str, list[Property]], name: str) -> str:
    return values[name][0].value if values.get(name) else ""


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _instant(values: dict[str, list[Property]], name: str, clocks: Clocks) -> int | None:
    """Return an instant; None for a day, a time on no clock, and what is none."""
    if not values.get(name):
        return None
    found = values[name][0]
    if not UTC_TIME.fullmatch(found.value.strip().upper()) and not found.params.get("TZID"):
        return None
    try:
        moment = clocks.moment(found)
    except (ValueError, OverflowError):
        return None
    return None if moment.is_date else moment.instant
