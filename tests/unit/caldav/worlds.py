"""Accounts and answers of made-up servers."""

from aiohttp import web

from core.ids import GrantId, PersonId
from core.links import Grant, Provider

RESPONSE = (
    "<response><href>/{number}.ics</href><propstat><prop><c:calendar-data>{text}"
    "</c:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
)


def grant_at(url: str) -> Grant:
    """Return what opens an account at a server."""
    secret = {"server": url, "username": "maya", "password": "right", "home": f"{url}/"}
    return Grant(GrantId("g"), PersonId("maya"), Provider.CALDAV, "maya", secret)


def multistatus(inside: str) -> web.Response:
    """Return an answer of WebDAV."""
    text = (
        '<?xml version="1.0"?><multistatus xmlns="DAV:"'
        f' xmlns:c="urn:ietf:params:xml:ns:caldav">{inside}</multistatus>'
    )
    return web.Response(status=207, text=text, content_type="application/xml")


def report(*texts: str) -> web.Response:
    """Return an answer with these calendar objects."""
    found = (RESPONSE.format(number=n, text=text) for n, text in enumerate(texts))
    return multistatus("".join(found))
