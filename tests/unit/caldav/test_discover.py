"""From what a person types to their calendars."""

import re

import pytest
from aiohttp import web
from yarl import URL

from adapters.caldav.calendar import CalDav
from adapters.caldav.discover import join, list_calendars, quirks_of, server_address
from adapters.caldav.http import Login
from adapters.caldav.quirks import GENERIC, ICLOUD
from core.errors import AccessRevoked, BadData, InvalidRequest
from core.links import RemoteCalendar
from tests.unit.caldav.servers import asking, serving

MAYA = Login("maya", "secret")

APPLE = "https://caldav.icloud.com"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("", APPLE),
        ("apple", APPLE),
        (" iCloud ", APPLE),
        ("caldav.icloud.com", "https://caldav.icloud.com"),
        ("cloud.example.net", "https://cloud.example.net"),
        ("cloud.example.net/dav", "https://cloud.example.net/dav"),
        ("https://cloud.example.net/remote.php/dav", "https://cloud.example.net/remote.php/dav"),
        ("http://cloud.example.net", "http://cloud.example.net"),
        ("fastmail", "https://caldav.fastmail.com"),
    ],
)
def test_what_a_person_means(typed: str, address: str) -> None:
    assert server_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "google",
        "https://apidata.googleusercontent.com/caldav/v2/",
        "calendar.google.com",
        "outlook",
    ],
)
def test_services_that_are_connected_otherwise(typed: str) -> None:
    with pytest.raises(InvalidRequest, match="not by CalDAV"):
        server_address(typed)


def test_servers_are_known_by_their_domain() -> None:
    assert quirks_of("p42-caldav.icloud.com") is ICLOUD
    assert quirks_of("icloud.com.example.net") is GENERIC
    assert quirks_of("noticloud.com") is GENERIC


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "abcdefghijklmnop",
        "abcd-efgh-ijkl",
        "abcd-efgh-ijkl-mnop-qrst",
        "ABCD-EFGH-IJKL-MNOP",
        "abcd-efgh-ijkl-mno1",
        "abcd efgh ijkl mnop",
    ],
)
@pytest.mark.parametrize("server", ["", "apple", "https://caldav.icloud.com/"])
async def test_an_apple_password_of_another_shape_is_refused_before_anything_is_sent(
    server: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    caldav = CalDav()

    def sent(*_: object) -> None:
        pytest.fail("something was sent")

    monkeypatch.setattr(caldav._dav, "_open", sent)
    form = {"server": server, "username": "lee@example.org", "password": password}
    with pytest.raises(InvalidRequest, match=re.escape("xxxx-xxxx-xxxx-xxxx")) as caught:
        await caldav.verify(form)
    assert password not in str(caught.value)


HOME = URL("https://cloud.example.net/dav/")


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/maya/work/", "https://cloud.example.net/maya/work/"),
        ("work/", "https://cloud.example.net/dav/work/"),
        ("https://cloud.example.net/maya/", "https://cloud.example.net/maya/"),
        ("https://cloud.example.net:443/maya/", "https://cloud.example.net/maya/"),
        ("/maya%40example.org/a%2Fb/", "https://cloud.example.net/maya%40example.org/a%2Fb/"),
    ],
)
def test_addresses_in_answers(href: str, url: str) -> None:
    assert str(join(HOME, href, GENERIC)) == url


@pytest.mark.parametrize(
    "href",
    [
        "https://other.example.net/maya/",
        "//other.example.net/maya/",
        "http://cloud.example.net/maya/",
        "https://cloud.example.net:8443/maya/",
        "https://p42-caldav.icloud.com/1/",
        "https://cloud.example.net@evil.example.com/",
    ],
)
def test_addresses_that_lead_elsewhere(href: str) -> None:
    with pytest.raises(BadData):
        join(HOME, href, GENERIC)


def test_apple_may_move_within_its_domain_only() -> None:
    base = URL("https://caldav.icloud.com/")
    moved = join(base, "https://p42-caldav.icloud.com:443/1/calendars/", ICLOUD)
    assert str(moved) == "https://p42-caldav.icloud.com/1/calendars/"
    for href in ("https://icloud.com.example.net/", "http://p42-caldav.icloud.com/"):
        with pytest.raises(BadData):
            join(base, href, ICLOUD)


def calendar(path: str, name: str, *properties: str, kinds: str = "<c:calendar/>") -> str:
    return (
        f"<response><href>{path}</href><propstat><prop><displayname>{name}</displayname>"
        f"<resourcetype><collection/>{kinds}</resourcetype>{''.join(properties)}</prop>"
        "<status>HTTP/1.1 200 OK</status></propstat></response>"
    )


def rights(*names: str) -> str:
    listed = "".join(f"<privilege><{name}/></privilege>" for name in names)
    return f"<current-user-privilege-set>{listed}</current-user-privilege-set>"


def holding(*kinds: str) -> str:
    listed = "".join(f'<c:comp name="{kind}"/>' for kind in kinds)
    return f"<c:supported-calendar-component-set>{listed}</c:supported-calendar-component-set>"


def multistatus(*responses: str) -> web.Response:
    text = (
        '<?xml version="1.0"?><multistatus xmlns="DAV:"'
        ' xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/">'
        f"{''.join(responses)}</multistatus>"
    )
    return web.Response(status=207, text=text, content_type="application/xml")


async def found_at(*responses: str) -> list[RemoteCalendar]:
    async def handler(request: web.BaseRequest) -> web.Response:
        assert (request.method, request.headers["Depth"]) == ("PROPFIND", "1")
        return multistatus(*responses)

    async with serving(handler) as urls, asking(urls) as dav:
        home = URL(urls[0]) / "maya" / ""
        return await list_calendars(dav, MAYA, home, GENERIC)


async def listed(*responses: str) -> dict[str, tuple[str, bool, bool]]:
    found = await found_at(*responses)
    return {URL(one.calendar_id).path: (one.name, one.writable, one.default) for one in found}


async def test_calendars_that_hold_events_are_listed_with_their_rights() -> None:
    found = await listed(
        calendar("/maya/", "Maya", kinds=""),
        calendar("/maya/work/", "Work", holding("VEVENT", "VTODO"), rights("read", "write")),
        calendar("/maya/all/", "All", rights("all")),
        calendar("/maya/content/", "Content", rights("read", "write-content")),
        calendar("/maya/silent/", "Silent"),
        calendar("/maya/team/", "Team", rights("read", "read-free-busy")),
        calendar("/maya/web/", "Web", rights("all"), kinds="<c:calendar/><s:subscribed/>"),
        calendar("/maya/tasks/", "Tasks", holding("VTODO")),
        calendar("/maya/inbox/", "Inbox", kinds="<c:schedule-inbox/>"),
        calendar("/maya/book/", "Book", kinds="<addressbook/>"),
        calendar("/maya/unnamed/", ""),
    )
    assert {path: writable for path, (_, writable, _) in found.items()} == {
        "/maya/work/": True,
        "/maya/all/": True,
        "/maya/content/": True,
        "/maya/silent/": True,
        "/maya/team/": False,
        "/maya/web/": False,
        "/maya/unnamed/": True,
    }
    assert found["/maya/unnamed/"][0] == "unnamed"
    assert not any(default for _, _, default in found.values())


async def test_the_default_calendar_is_the_one_of_the_inbox() -> None:
    name = "c:schedule-default-calendar-URL"
    url = f"<{name}><href>/maya/home/</href></{name}>"
    found = await listed(
        calendar("/maya/work/", "Work", rights("all")),
        calendar("/maya/home/", "Home", rights("all")),
        calendar("/maya/inbox/", "Inbox", url, kinds="<c:schedule-inbox/>"),
    )
    assert {path for path, (_, _, default) in found.items() if default} == {"/maya/home/"}


async def test_an_only_calendar_is_the_default() -> None:
    found = await listed(
        calendar("/maya/work/", "Work", rights("all")),
        calendar("/maya/team/", "Team", rights("read")),
    )
    assert found == {
        "/maya/work/": ("Work", True, True),
        "/maya/team/": ("Team", False, False),
    }


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        ("TZID:Europe/Berlin", "Europe/Berlin"),
        ("TZID;X-OWN=1:America/New_York ", "America/New_York"),
        ("TZID:Europe/Atlantis", ""),
        ("TZID:../../etc/passwd", ""),
        ("TZID:/etc/localtime", ""),
        ("X-TZID:Europe/Berlin", ""),
        ("", ""),
    ],
)
async def test_a_calendar_says_which_clock_it_keeps(names: str, zone: str) -> None:
    text = f"BEGIN:VCALENDAR&#13;\nBEGIN:VTIMEZONE&#13;\n{names}&#13;\nEND:VTIMEZONE&#13;\n"
    own = f"<c:calendar-timezone>{text}END:VCALENDAR</c:calendar-timezone>"
    (found,) = await found_at(calendar("/maya/work/", "Work", rights("all"), own))
    assert found.zone == zone


async def test_a_calendar_on_another_server_is_not_believed() -> None:
    found = await listed(
        calendar("https://calendars.example.com/maya/", "Trap", rights("all")),
        calendar("/maya/work/", "Work", rights("all")),
    )
    assert set(found) == {"/maya/work/"}


async def test_a_refused_login_stops_the_search() -> None:
    asked = 0

    async def handler(request: web.BaseRequest) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(status=401)

    async with serving(handler) as urls:
        caldav = CalDav([URL(urls[0]).authority])
        with pytest.raises(AccessRevoked):
            await caldav.verify({"server": urls[0], "username": "maya", "password": "wrong"})
        await caldav.close()
    assert asked == 1


async def test_the_mail_address_of_a_person_is_kept_to_find_their_answers() -> None:
    async def handler(request: web.BaseRequest) -> web.Response:
        href = "<{0}><href>/maya/</href></{0}>"
        return multistatus(
            calendar(
                "/maya/",
                "Maya",
                href.format("current-user-principal"),
                href.format("c:calendar-home-set"),
            )
        )

    async with serving(handler) as urls:
        caldav = CalDav([URL(urls[0]).authority])
        form = {"server": urls[0], "username": "maya", "password": "right"}
        verified = await caldav.verify({**form, "email": "Maya@Example.org"})
        without = await caldav.verify(form)
        await caldav.close()
    assert verified.secret["addresses"] == "mailto:maya@example.org"
    assert without.secret["addresses"] == ""
    assert verified.account == "maya (127.0.0.1)"
