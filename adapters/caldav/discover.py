"""From an address and a login to the list of calendars (RFC 6764, 5397, 4791 6.2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from adapters.caldav.guard import PROVIDER
from adapters.caldav.http import MovedAway
from adapters.caldav.quirks import GENERIC, KNOWN, Quirks
from adapters.caldav.xml import (
    CAL,
    CALENDARS,
    DAV,
    HOME,
    PRINCIPAL,
    Resource,
    multistatus,
    propfind,
)
from core.errors import BadData, InvalidRequest, NotConnected, RemoteMissing
from core.links import RemoteCalendar
from core.timing.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from adapters.caldav.http import Dav, Login

WELL_KNOWN = "/.well-known/caldav"
SUBSCRIBED = "{http://calendarserver.org/ns/}subscribed"
WRITES = frozenset({f"{DAV}all", f"{DAV}write", f"{DAV}write-content"})
TZID = re.compile(r"^TZID(?:;[^:\r\n]*)?:([\w/+-]{1,64})\s*$", re.MULTILINE | re.ASCII)
LONGEST_ZONE = 20_000  # characters of a calendar's time zone that are looked at
NO_CALENDARS = "no calendars were found at this address"


@dataclass(frozen=True, slots=True)
class Account:
    """What a login opens: the collection of its calendars, and the owner's addresses."""

    home: str
    addresses: tuple[str, ...]


def quirks_of(host: str, known: Sequence[Quirks] = KNOWN) -> Quirks:
    """Return what is known about a server."""
    return next((quirks for quirks in known if quirks.knows(host)), GENERIC)


def server_address(typed: str, known: Sequence[Quirks] = KNOWN) -> str:
    """Return the address that a person means: a URL, a host name, or a service's name.

    Raises InvalidRequest for a service that is not connected this way.
    """
    word = typed.strip()
    for quirks in known:
        if word.lower() in quirks.names or (word and quirks.knows(_host(word))):
            if quirks.refused:
                raise InvalidRequest(quirks.refused, provider=PROVIDER)
            if word.lower() in quirks.names:
                return quirks.url
    return word if "://" in word else f"https://{word}"


def _host(word: str) -> str:
    try:
        return URL(word if "://" in word else f"https://{word}").host or ""
    except ValueError:
        return ""


async def discover(dav: Dav, login: Login, server: URL, quirks: Quirks) -> Account:
    """Find the account behind an address. Raises ProviderError leaves.

    The address may be the server's, the person's own (principal) or that of one calendar.
    """
    for start in _starts(server, quirks):
        try:
            found = await ask(dav, login, start, PRINCIPAL)
        except MovedAway:
            raise
        except (RemoteMissing, BadData, NotConnected, InvalidRequest):
            continue
        for resource, base in found:
            for href in resource.hrefs(f"{DAV}current-user-principal"):
                return await _account(dav, login, join(base, href, quirks), quirks)
    raise InvalidRequest(NO_CALENDARS, provider=PROVIDER)


def _starts(server: URL, quirks: Quirks) -> Iterable[URL]:
    """Return the addresses to try: what was typed if it has a path, else the well-known one."""
    bare = server.path in {"", "/"}
    well_known = [server.with_path(WELL_KNOWN)] if quirks.well_known else []
    return [*well_known, server] if bare else [server, *well_known]


async def _account(dav: Dav, login: Login, principal: URL, quirks: Quirks) -> Account:
    """Read the home set of a principal, at Depth 0: iCloud refuses any other."""
    for resource, base in await ask(dav, login, principal, HOME):
        addresses = tuple(resource.hrefs(f"{CAL}calendar-user-address-set"))
        for href in resource.hrefs(f"{CAL}calendar-home-set"):
            return Account(str(join(base, href, quirks)), addresses)
    raise InvalidRequest(NO_CALENDARS, provider=PROVIDER)


async def list_calendars(dav: Dav, login: Login, home: URL, quirks: Quirks) -> list[RemoteCalendar]:
    """Return the calendars in a home set that hold events."""
    found = await ask(dav, login, home, CALENDARS, depth="1")
    defaults = {
        str(url)
        for resource, base in found
        for href in resource.hrefs(f"{CAL}schedule-default-calendar-URL")
        if (url := _near(base, href, quirks))
    }
    calendars = [
        _calendar(resource, url)
        for resource, base in found
        if _holds_events(resource) and (url := _near(base, resource.href, quirks))
    ]
    only = len([calendar for calendar in calendars if calendar.writable]) == 1
    return [
        RemoteCalendar(
            calendar.calendar_id,
            calendar.name,
            calendar.writable,
            calendar.calendar_id in defaults or (only and calendar.writable),
            calendar.zone,
        )
        for calendar in calendars
    ]


def _holds_events(resource: Resource) -> bool:
    """Whether a collection is a calendar that says VEVENT, or says nothing (RFC 4791 5.2.3)."""
    if f"{CAL}calendar" not in resource.children(f"{DAV}resourcetype"):
        return False
    kinds = resource.properties.get(f"{CAL}supported-calendar-component-set")
    if kinds is None:
        return True
    names = {comp.get("name", "").upper() for comp in kinds.iter(f"{CAL}comp")}
    return not names or "VEVENT" in names


def _calendar(resource: Resource, url: URL) -> RemoteCalendar:
    rights = resource.children(f"{DAV}current-user-privilege-set")
    subscribed = SUBSCRIBED in resource.children(f"{DAV}resourcetype")
    # A server that does not tell rights will tell when it is written to.
    writable = not subscribed and (not rights or bool(rights & WRITES))
    name = resource.text(f"{DAV}displayname") or url.path.rstrip("/").rpartition("/")[2]
    zone = _zone(resource.text(f"{CAL}calendar-timezone"))
    return RemoteCalendar(str(url), name[:200], writable, zone=zone)


def _zone(text: str) -> str:
    """Return the IANA zone that a calendar's own VTIMEZONE names (RFC 4791 5.2.2), or "": a
    made-up name says nothing about anybody's clock.
    """
    found = TZID.search(text[:LONGEST_ZONE])
    try:
        return zone_of(found[1]).key if found else ""
    except ValueError:
        return ""


async def ask(
    dav: Dav, login: Login, url: URL, names: Iterable[str], depth: str = "0"
) -> list[tuple[Resource, URL]]:
    """Send a PROPFIND; return its resources, each with the address its hrefs are relative to."""
    reply = await dav.send(login, "PROPFIND", url, body=propfind(names), headers={"Depth": depth})
    return [(resource, reply.url) for resource in multistatus(reply.body)]


def _near(base: URL, href: str, quirks: Quirks) -> URL | None:
    """Return the address that an href means, None for one on another server."""
    try:
        return join(base, href, quirks)
    except BadData:
        return None


def join(base: URL, href: str, quirks: Quirks) -> URL:
    """Return the address that an href means. Raises BadData for one on another server."""
    try:
        url = base.join(URL(href, encoded=True))
        near = quirks.same_place(base.host or "", base.port or 0, url.host or "", url.port or 0)
    except ValueError as error:
        raise BadData("the calendar server names no address", provider=PROVIDER) from error
    if not near or url.scheme != base.scheme:
        raise BadData("the calendar server names another server", provider=PROVIDER)
    return url
