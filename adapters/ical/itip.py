"""Invitations as iCalendar text: METHOD:REQUEST, CANCEL and PUBLISH (RFC 5546, RFC 5545).

The assistant is always the ORGANIZER; the meeting's owner is an attendee with ROLE=CHAIR (X3).
Times are written in UTC, so no VTIMEZONE is needed; those of series are wall times with their
zone. The same Invite always gives the same bytes,
so a mail that has to be sent again says the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, vCalAddress

from adapters.ical.series import add_occurrence, add_series
from core.booking.drafts import Method
from core.booking.meeting import Rsvp
from core.errors import InvalidRequest
from core.timing.zones import utc

if TYPE_CHECKING:
    from core.booking.drafts import Guest, Invite, Sender

PRODID = "-//Tandem//Scheduling Assistant//EN"
LONGEST_NAME = 200
STATUS = {
    Method.REQUEST: "CONFIRMED",
    Method.PUBLISH: "CONFIRMED",
    Method.CANCEL: "CANCELLED",
}
# Joiners are part of names and emoji; all other format characters can only mislead a reader.
JOINERS = "\u200c\u200d"
# Controls, format characters (text direction), surrogates, line and paragraph separators.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
WEB_ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.IGNORECASE)  # RFC 3986 2


def calendar_part(invite: Invite, organizer: Sender) -> bytes:
    """Return the calendar object of a mail: UTF-8, CRLF, lines folded at 75 octets.

    Raises InvalidRequest for an invite that ends before it starts.
    """
    if invite.end <= invite.start:
        raise InvalidRequest("the meeting ends before it starts", provider="ical")
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODID)
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", invite.method.value)
    if invite.recurrence is not None and invite.method is not Method.CANCEL:
        whole = invite.recurrence
        add_series(calendar, whole, lambda moved: _event(invite, organizer, moved or 0))
        return bytes(calendar.to_ical())
    event = _event(invite, organizer)
    if invite.occurrence is not None:
        add_occurrence(calendar, invite.occurrence, invite.start, invite.end, event)
        return bytes(calendar.to_ical())
    event.add("DTSTART", utc(invite.start))
    event.add("DTEND", utc(invite.end))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def clean_name(text: str) -> str:
    """Return a name that is safe in a header and in a CN parameter.

    Quotes and carets would travel as RFC 6868 escapes, which some clients show literally;
    control characters, line breaks and marks of text direction become spaces or nothing.
    """
    kept = "".join(_printable(char) for char in text if char not in '"^')
    return " ".join(kept.split())[:LONGEST_NAME].strip()


def _printable(char: str) -> str:
    """Return the character, a space for what divides words, nothing for what cannot be shown."""
    if char.isspace():
        return " "
    return "" if char not in JOINERS and unicodedata.category(char) in UNPRINTABLE else char


def _text(value: str) -> str:
    """Return a TEXT value: lines kept, control characters dropped (RFC 5545 3.3.11)."""
    lines = re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", value)
    return "\n".join("".join(map(_printable, line)).rstrip() for line in lines)


def _event(invite: Invite, organizer: Sender, sequence: int = 0) -> Event:
    """Return a VEVENT without its times; `sequence` is a moved session's own."""
    event = Event()
    event.add("UID", invite.uid)
    event.add("SEQUENCE", max(invite.sequence, sequence))
    event.add("DTSTAMP", utc(invite.stamp))
    event.add("SUMMARY", " ".join(_text(invite.title).split()))
    if invite.description:
        event.add("DESCRIPTION", _text(invite.description))
    _add_place(event, invite.place)
    event.add("STATUS", STATUS[invite.method])
    event.add("ORGANIZER", _address(organizer.address, organizer.name))
    if invite.method is not Method.CANCEL:
        event.add("TRANSP", "OPAQUE")
        event.add("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")
    if invite.method is not Method.PUBLISH:  # a published event has no attendees (RFC 5546 3.2.1)
        for guest in invite.guests:
            event.add("ATTENDEE", _attendee(guest, asks=invite.method is Method.REQUEST))
    return event


def _add_place(event: Event, place: str) -> None:
    """Add where it is; an address of the web also as URL, which some clients make a button."""
    where = " ".join(_text(place).split())
    if where:
        event.add("LOCATION", where)
    if WEB_ADDRESS.fullmatch(where):
        event.add("URL", where)


def _attendee(guest: Guest, *, asks: bool) -> vCalAddress:
    """Return an ATTENDEE; only a request asks for an answer."""
    address = _address(guest.email, guest.name)
    plain = "OPT-PARTICIPANT" if guest.optional else "REQ-PARTICIPANT"
    address.params["ROLE"] = "CHAIR" if guest.chair else plain
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["PARTSTAT"] = Rsvp(guest.rsvp).value
    if asks:
        address.params["RSVP"] = "TRUE"
    return address


def _address(email: str, name: str) -> vCalAddress:
    """Return a mailto: address in lower case, by which clients compare it, with its CN."""
    address = vCalAddress(f"mailto:{clean_name(email).replace(' ', '').lower()}")
    address.params["CN"] = clean_name(name) or clean_name(email)
    return address
