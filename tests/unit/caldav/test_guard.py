"""Which servers may be reached: public ones, by https, at the addresses that were checked."""

import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.caldav.guard import CheckedResolver, Guard, is_public, registrable
from adapters.caldav.http import Dav, Login
from core.errors import InvalidRequest, Unavailable


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8",
        "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:93.184.216.34",
        "::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "fe80::1", "fe80::1%eth0",
        "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "3fff::1", "2001::1",
        "2002:7f00:1::", "2002:a00:1::1", "100::1", "5f00::1", "not an address", "",
    ],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["17.248.192.1", "93.184.216.34", "2a02:26f0::1", "2620:149:af0::10", "[2a02::1]"]
)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://calendars.example.net/", "https"),
        ("ftp://calendars.example.net/", "https"),
        ("file:///etc/passwd", "not a server address"),
        ("https://maya:secret@calendars.example.net/", "name or password"),
        ("https://maya@calendars.example.net/", "name or password"),
        ("https://calendars.example.net:8443/", "usual port"),
        ("https://calendars.example.net:80/", "usual port"),
        ("https://10.0.0.1/", "public"),
        ("https://[::1]/", "public"),
        ("https://169.254.169.254/latest/meta-data", "public"),
        ("https://", "not a server address"),
        ("https://calendars.example.net:99999/", "not a server address"),
        ("nonsense", "not a server address"),
        ("", "not a server address"),
        ("https://calendars.example.net/" + "a" * 3_000, "not a server address"),
    ],
)
def test_addresses_that_are_refused(url: str, why: str) -> None:
    with pytest.raises(InvalidRequest, match=why) as caught:
        Guard().check(url)
    assert "secret" not in str(caught.value)


def test_addresses_that_are_taken() -> None:
    guard = Guard(["127.0.0.1:5232"])
    assert str(guard.check("https://calendars.example.net/dav/#top")) == (
        "https://calendars.example.net/dav/"
    )
    assert guard.check("https://calendars.example.net:443/").port == 443
    assert guard.check("http://127.0.0.1:5232/maya/").port == 5232
    for other in ("http://127.0.0.1:5233/", "http://localhost:5232/", "http://127.0.0.1/"):
        with pytest.raises(InvalidRequest):
            guard.check(other)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("p42-caldav.icloud.com", "icloud.com"),
        ("example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("cloud.example.de", "example.de"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("Example.ORG.", "example.org"),
    ],
)
def test_registrable_part(host: str, expected: str) -> None:
    assert registrable(host) == expected


class Answers(AbstractResolver):
    """A name server that gives the next of several answers."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in found
        ]

    async def close(self) -> None:
        return


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:127.0.0.1"]]
)
async def test_names_that_lead_inside_are_refused(answer: list[str]) -> None:
    with pytest.raises(OSError, match="public"):
        await CheckedResolver(Guard(), Answers(answer)).resolve("calendars.example.net", 443)


async def test_only_checked_addresses_are_given_out() -> None:
    names = Answers(["93.184.216.34"], ["127.0.0.1"])
    found = await CheckedResolver(Guard(), names).resolve("calendars.example.net", 443)
    assert [result["host"] for result in found] == ["93.184.216.34"]
    # The library connects to what it was given; the name is not asked again for it.
    assert names.asked == 1


async def test_a_name_that_leads_inside_looks_like_a_dead_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dav = Dav(Guard())
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=CheckedResolver(Guard(), Answers(["10.0.0.1"])))
    )
    monkeypatch.setattr(dav, "_session", session)
    with pytest.raises(Unavailable) as caught:
        await dav.send(Login("maya", "secret"), "PROPFIND", "https://calendars.example.net/")
    await dav.close()
    assert "10.0.0.1" not in f"{caught.value!r}{caught.value.__cause__!r}"


@pytest.mark.parametrize("host", ["127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "localhost"])
async def test_other_spellings_of_this_machine_are_refused(host: str) -> None:
    dav = Dav(Guard(), timeout=5)
    with pytest.raises((Unavailable, InvalidRequest)):
        await dav.send(Login("maya", "secret"), "PROPFIND", f"https://{host}/")
    await dav.close()
