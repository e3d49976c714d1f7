"""From what a person types to their calendars."""

import re

import pytest
from yarl import URL

from adapters.caldav.calendar import CalDav
from adapters.caldav.discover import join, quirks_of, server_address
from adapters.caldav.quirks import GENERIC, ICLOUD
from core.errors import BadData, InvalidRequest

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
