"""Requests and what their failures mean."""

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from adapters.caldav.http import (
    LONGEST_REPLY,
    Login,
    MovedAway,
    Reply,
    UidConflict,
    failure,
    retry_after,
)
from core.errors import (
    AccessRevoked,
    BadData,
    Conflict,
    FullResync,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)
from tests.unit.caldav.servers import asking, serving

MAYA = Login("maya", "secret")


def error_body(*names: str, space: str = "DAV:", inside: str = "") -> bytes:
    named = "".join(f'<{name} xmlns="{space}">{inside}</{name}>' for name in names)
    return f'<?xml version="1.0"?><error xmlns="DAV:">{named}</error>'.encode()


CALDAV = "urn:ietf:params:xml:ns:caldav"


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (401, {}, b"", AccessRevoked),
        (403, {}, b"", NotConnected),
        (403, {}, b"<html>forbidden</html>", NotConnected),
        (403, {}, error_body("need-privileges"), NotConnected),
        (403, {}, error_body("valid-sync-token"), FullResync),
        (409, {}, error_body("valid-sync-token"), FullResync),
        (412, {}, error_body("valid-sync-token"), FullResync),
        (403, {}, error_body("no-uid-conflict", space=CALDAV), UidConflict),
        (409, {}, error_body("no-uid-conflict", space=CALDAV), Conflict),
        (403, {}, error_body("valid-calendar-data", space=CALDAV), InvalidRequest),
        (403, {}, error_body("max-resource-size", space=CALDAV), InvalidRequest),
        (404, {}, b"", RemoteMissing),
        (410, {}, b"", RemoteMissing),
        (409, {}, b"", RemoteMissing),
        (412, {}, b"", PreconditionFailed),
        (400, {}, b"", InvalidRequest),
        (405, {}, b"", InvalidRequest),
        (413, {}, b"", InvalidRequest),
        (415, {}, b"", InvalidRequest),
        (423, {}, b"", Unavailable),
        (429, {"retry-after": "7"}, b"", RateLimited),
        (429, {}, b"", RateLimited),
        (503, {"retry-after": "7"}, b"", RateLimited),
        (503, {}, b"", Unavailable),
        (408, {}, b"", Unavailable),
        (500, {}, b"", Unavailable),
        (502, {}, b"", Unavailable),
        (504, {}, b"", Unavailable),
        (507, {}, b"", InvalidRequest),
        (304, {}, b"", BadData),
        (302, {}, b"", BadData),
    ],
)
def test_what_a_status_means(
    status: int, headers: dict[str, str], body: bytes, kind: type[ProviderError]
) -> None:
    error = failure(Reply(status, headers, body, URL("https://calendars.example.net/maya/")))
    assert isinstance(error, kind)
    assert error.provider == "caldav"
    assert "maya" not in str(error)


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (TimeoutError(), Unavailable),
        (aiohttp.ClientConnectionError("10.0.0.1 refused"), Unavailable),
        (aiohttp.ServerDisconnectedError(), Unavailable),
        (ConnectionResetError(), Unavailable),
        (aiohttp.InvalidURL("x"), InvalidRequest),
        (ValueError("newline in header"), InvalidRequest),
    ],
)
def test_what_a_broken_connection_means(problem: Exception, kind: type[ProviderError]) -> None:
    error = failure(problem)
    assert isinstance(error, kind)
    assert "10.0.0.1" not in str(error)


def test_the_hint_is_said_of_a_refused_login() -> None:
    error = failure(Reply(401, {}, b"", URL("https://x.example.net/")), "make a new one")
    assert error.detail == "make a new one"


def test_where_the_other_event_is() -> None:
    body = error_body("no-uid-conflict", space=CALDAV, inside='<href xmlns="DAV:">/a/b.ics</href>')
    error = failure(Reply(403, {}, body, URL("https://x.example.net/")))
    assert isinstance(error, UidConflict)
    assert error.hrefs == ["/a/b.ics"]


DATE = "Mon, 02 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "99999999999"}, 86_400),
        ({"retry-after": "Mon, 02 Nov 2026 09:02:00 GMT", "date": DATE}, 120),
        ({"retry-after": "Mon, 02 Nov 2026 08:00:00 GMT", "date": DATE}, 1),
        ({"retry-after": "Mon, 02 Nov 2026 09:02:00 GMT"}, 60),
        ({"retry-after": "soon", "date": DATE}, 60),
        ({"retry-after": "-5"}, 60),
        ({}, 60),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: int) -> None:
    assert retry_after(headers) == seconds


async def test_method_body_and_login_are_sent() -> None:
    seen: list[tuple[str, str | None, bytes, str]] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        login = request.headers["Authorization"]
        seen.append((request.method, request.headers.get("Depth"), await request.read(), login))
        return web.Response(text="fine", headers={"ETag": '"1"'})

    async with serving(handler) as urls, asking(urls) as dav:
        reply = await dav.send(
            Login("mäya", "pä:ss"), "REPORT", urls[0], body=b"<x/>", headers={"Depth": "1"}
        )
    assert (reply.status, reply.etag, reply.body) == (200, '"1"', b"fine")
    assert seen == [("REPORT", "1", b"<x/>", "Basic bcOkeWE6cMOkOnNz")]


async def test_redirects_keep_method_and_login_on_the_same_host() -> None:
    seen: list[tuple[str, str, bytes, bool]] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        seen.append(
            (request.method, request.path, await request.read(), "Authorization" in request.headers)
        )
        if request.path == "/":
            return web.Response(status=301, headers={"Location": "/dav/"})
        return web.Response(text="here")

    async with serving(handler) as urls, asking(urls) as dav:
        reply = await dav.send(MAYA, "PROPFIND", urls[0], body=b"<x/>")
    assert reply.url.path == "/dav/"
    assert seen == [("PROPFIND", "/", b"<x/>", True), ("PROPFIND", "/dav/", b"<x/>", True)]


async def test_credentials_never_follow_to_another_domain() -> None:
    reached = False

    async def other(request: web.BaseRequest) -> web.Response:
        nonlocal reached
        reached = True
        return web.Response()

    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(status=302, headers={"Location": f"{target}/"})

    async with serving(handler, other) as urls:
        target = urls[1].replace("127.0.0.1", "localhost")
        async with asking(urls, URL(target).authority) as dav:
            with pytest.raises(MovedAway):
                await dav.send(MAYA, "PROPFIND", urls[0])
    assert not reached


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "https://169.254.169.254/", "ftp://x/", "http://[", "", "//localhost:1/"],
)
async def test_redirects_to_where_we_must_not_go(location: str) -> None:
    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(status=307, headers={"Location": location})

    async with serving(handler) as urls, asking(urls) as dav:
        with pytest.raises(BadData):
            await dav.send(MAYA, "PROPFIND", urls[0])


async def test_redirects_come_to_an_end() -> None:
    count = 0

    async def handler(request: web.BaseRequest) -> web.Response:
        nonlocal count
        count += 1
        return web.Response(status=302, headers={"Location": f"/{count}"})

    async with serving(handler) as urls, asking(urls) as dav:
        with pytest.raises(BadData):
            await dav.send(MAYA, "PROPFIND", urls[0])
    assert count <= 6


@pytest.mark.parametrize("compressed", [False, True])
async def test_replies_have_a_limit(compressed: bool) -> None:  # pytest passes it by name
    async def handler(request: web.BaseRequest) -> web.Response:
        answer = web.Response(body=b"x" * (LONGEST_REPLY + 1))
        if compressed:
            answer.enable_compression(web.ContentCoding.gzip)
        return answer

    async with serving(handler) as urls, asking(urls) as dav:
        with pytest.raises(BadData, match="too long"):
            await dav.send(MAYA, "REPORT", urls[0])


async def test_cookies_are_not_kept() -> None:
    seen: list[str | None] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        seen.append(request.headers.get("Cookie"))
        return web.Response(headers={"Set-Cookie": "who=maya; Path=/"})

    async with serving(handler) as urls, asking(urls) as dav:
        await dav.send(MAYA, "GET", urls[0])
        await dav.send(Login("alex", "x"), "GET", urls[0])
    assert seen == [None, None]


async def test_a_server_that_hangs_up_is_unavailable() -> None:
    async def handler(request: web.BaseRequest) -> web.Response:
        if request.transport:
            request.transport.abort()
        return web.Response()

    async with serving(handler) as urls, asking(urls) as dav:
        with pytest.raises(Unavailable):
            await dav.send(MAYA, "REPORT", urls[0])


async def test_a_name_with_a_colon_is_refused() -> None:
    async with asking([], "127.0.0.1:1") as dav:
        with pytest.raises(InvalidRequest, match="colon"):
            await dav.send(Login("a:b", "c"), "GET", "http://127.0.0.1:1/")


async def test_a_closed_session_opens_again() -> None:
    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response()

    async with serving(handler) as urls, asking(urls) as dav:
        for _ in range(2):
            assert (await dav.send(MAYA, "GET", urls[0])).status == 200
            await dav.close()


def test_nothing_secret_is_printed() -> None:
    assert "secret" not in repr(MAYA)
    assert "maya" not in repr(MAYA)
