"""WebDAV's XML: the requests we send and the answers we read (RFC 4918, 4791).

Answers come from servers that a person typed in, so entities and document types are refused, and
what is read is bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.errors import BadData
from core.timing.zones import utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.timing.spans import Span

DAV = "{DAV:}"
CAL = "{urn:ietf:params:xml:ns:caldav}"
MOST_RESPONSES = 20_000
STATUS = re.compile(r"[1-5][0-9][0-9]")
HTTP_OK = 200
HTTP_INSUFFICIENT = 507

NAMESPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/"'
HEAD = '<?xml version="1.0" encoding="utf-8"?>'

PRINCIPAL = ("d:current-user-principal", "d:resourcetype")
HOME = ("c:calendar-home-set", "c:calendar-user-address-set")
CALENDARS = (
    "d:resourcetype",
    "d:displayname",
    "c:supported-calendar-component-set",
    "d:current-user-privilege-set",
    "c:schedule-default-calendar-URL",
    "c:calendar-timezone",
)
# What decides about busy time, and nothing else (Y10).
EVENT_PROPERTIES = (
    *("UID", "SEQUENCE", "RECURRENCE-ID"),
    *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"),
    *("TRANSP", "STATUS", "ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS"),
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One response of a multistatus: where, its own status, and the properties it has."""

    href: str
    status: int
    properties: Mapping[str, Element]

    def text(self, name: str) -> str:
        """Return a property's text, "" when it is not there."""
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def hrefs(self, name: str) -> list[str]:
        """Return the addresses inside a property."""
        found = self.properties.get(name)
        if found is None:
            return []
        return [text for e in found.iter(f"{DAV}href") if (text := (e.text or "").strip())]

    def children(self, name: str) -> frozenset[str]:
        """Return the names of all elements inside a property."""
        found = self.properties.get(name)
        return frozenset(e.tag for e in found.iter()) - {name} if found is not None else frozenset()


def propfind(names: Iterable[str]) -> bytes:
    """Return the body of a PROPFIND for properties."""
    wanted = "".join(f"<{name}/>" for name in names)
    return f"{HEAD}<d:propfind {NAMESPACES}><d:prop>{wanted}</d:prop></d:propfind>".encode()


def events_between(window: Span, *, partial: bool) -> bytes:
    """Return the body of a calendar-query for the events in a window (RFC 4791 7.8).

    With `partial` only the properties that decide about busy time are asked for (9.6).
    """
    start, end = (f"{utc(at):%Y%m%dT%H%M%SZ}" for at in window)
    names = "".join(f'<c:prop name="{name}"/>' for name in EVENT_PROPERTIES)
    parts = (
        f'<c:comp name="VCALENDAR"><c:comp name="VEVENT">{names}</c:comp>'
        '<c:comp name="VTIMEZONE"/></c:comp>'
    )
    return _query(
        f"<c:calendar-data>{parts if partial else ''}</c:calendar-data>",
        f'<c:time-range start="{start}" end="{end}"/>',
    )


def event_with_uid(uid: str) -> bytes:
    """Return the body of a calendar-query for the event with a UID."""
    return _query(
        "",
        '<c:prop-filter name="UID"><c:text-match collation="i;octet">'
        f"{_escaped(uid)}</c:text-match></c:prop-filter>",
    )


def _query(data: str, condition: str) -> bytes:
    return (
        f"{HEAD}<c:calendar-query {NAMESPACES}><d:prop><d:getetag/>{data}</d:prop><c:filter>"
        f'<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{condition}'
        "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
    ).encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def parse(body: bytes) -> Element:
    """Return the root of an answer. Raises BadData for what is no well-formed, harmless XML."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise BadData("the calendar server's answer is not XML", provider="caldav") from error
    return root


def multistatus(body: bytes) -> list[Resource]:
    """Return the responses of a multistatus answer. Raises BadData for any other answer."""
    root = parse(body)
    if root.tag != f"{DAV}multistatus":
        raise BadData("the calendar server's answer is not WebDAV", provider="caldav")
    responses = root.findall(f"{DAV}response")
    if len(responses) > MOST_RESPONSES:
        raise BadData("the calendar server's answer is too long", provider="caldav")
    return [_resource(response) for response in responses]


def _resource(response: Element) -> Resource:
    properties: dict[str, Element] = {}
    for propstat in response.findall(f"{DAV}propstat"):
        if _status(propstat) == HTTP_OK:
            for prop in propstat.findall(f"{DAV}prop"):
                properties.update((child.tag, child) for child in prop)
    href = response.findtext(f"{DAV}href") or ""
    return Resource(href.strip(), _status(response), properties)


def _status(element: Element) -> int:
    """Read `HTTP/1.1 200 OK`; an element without a status is fine."""
    words = (element.findtext(f"{DAV}status") or "").split()
    found = STATUS.fullmatch(words[1]) if len(words) > 1 else None
    return int(found[0]) if found else HTTP_OK


def preconditions(body: bytes) -> dict[str, list[str]]:
    """Return what a DAV:error names (RFC 4918 16), without namespace, with the hrefs inside it."""
    try:
        root = parse(body) if body.lstrip()[:1] == b"<" else None
    except BadData:
        root = None
    if root is None or root.tag != f"{DAV}error":
        return {}
    return {
        child.tag.rpartition("}")[2]: [e.text.strip() for e in child.iter(f"{DAV}href") if e.text]
        for child in root
    }
