"""The mailbox over IMAP, on a real server: reading, waiting, refusals, TLS, lost connections."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from adapters.mail.imap import Connection, Safety, day_of, parse_imap_url
from adapters.mail.mailbox import ImapMailbox
from core.errors import NotConnected, Unavailable
from tests.unit.mail import arriving as at
from tests.unit.mail.imap_server import running

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.unit.mail.imap_server import Imap

LONG_AGO = 1_600_000_000
FOREVER = 500.0  # seconds; no test waits so long


@pytest.fixture
async def imap() -> AsyncIterator[Imap]:
    async with running() as server:
        yield server


# --- the address ----------------------------------------------------------------------------------


def test_an_address_with_and_without_port_and_folder() -> None:
    found = parse_imap_url("imaps://me%40example.org:p%2Fw@mail.example.org")
    assert (found.host, found.port, found.tls) == ("mail.example.org", 993, Safety.IMPLICIT)
    assert (found.username, found.password, found.folder) == ("me@example.org", "p/w", "INBOX")
    found = parse_imap_url("imap+starttls://me:pw@mail.example.org:1143/Answers%20here")
    assert (found.port, found.tls, found.folder) == (1143, Safety.STARTTLS, "Answers here")
    assert parse_imap_url("imap://me:pw@127.0.0.1").port == 143
    assert "p/w" not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "https://me:hunter2@mail.example.org",
        "imaps://mail.example.org",
        "imaps://me@mail.example.org",
        "imaps://:hunter2@mail.example.org",
        "imaps://me:hunter2@",
        "imaps://me:hunter2@mail.example.org:0",
        "imaps://me:hunter2@mail.example.org:x",
        "imaps://me:hunter2@mail.example.org/a?b",
        "imap://me:hunter2@mail.example.org",
        "imaps://me:hunter2@mail.example.org/Entwürfe",
    ],
)
def test_what_is_no_address_is_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"mailbox|imap") as caught:
        parse_imap_url(url)
    assert "hunter2" not in str(caught.value)


def test_days_are_in_english() -> None:
    assert day_of(1792486800) == "20-Oct-2026"


# --- reading --------------------------------------------------------------------------------------


async def test_mails_are_found_fetched_and_marked(imap: Imap) -> None:
    await imap.deliver(at.words("one"), at.words("two"))
    box = ImapMailbox(imap.at())
    validity = await box.open()
    uids = await box.new(None, LONG_AGO)
    assert len(uids) == 2
    assert await box.new(uids[0], LONG_AGO) == uids[1:]
    assert await box.new(uids[1], LONG_AGO) == []  # though "n:*" names the last one too
    assert await box.fetch(uids[0]) == at.words("one")
    assert await imap.flags() == [False, False]
    await box.done(uids[0])
    assert await imap.flags() == [True, False]
    assert await box.new(None, LONG_AGO) == uids[1:]
    assert await box.new(None, 4_000_000_000) == []  # too old to be of interest
    assert await box.fetch(9999) is None
    await box.close()
    assert await box.open() == validity
    await box.close()


async def test_a_mail_of_five_megabytes_is_cut(imap: Imap) -> None:
    await imap.deliver(at.words("word " * 1_000_000))
    box = ImapMailbox(imap.at(), largest=100_000)
    await box.open()
    (uid,) = await box.new(None, LONG_AGO)
    data = await box.fetch(uid)
    assert data is not None
    assert len(data) == 100_000
    assert await box.new(uid, LONG_AGO) == []  # the connection is whole afterwards
    await box.close()


# --- waiting --------------------------------------------------------------------------------------


async def test_news_end_the_wait(imap: Imap) -> None:
    box = ImapMailbox(imap.at())
    await box.open()
    for count in (1, 2):
        waiting = asyncio.create_task(box.wait(FOREVER))
        await imap.deliver(at.words("news"))
        async with asyncio.timeout(60):
            while len(await _after(box, waiting)) < count:
                waiting = asyncio.create_task(box.wait(FOREVER))
    await box.close()


async def _after(box: ImapMailbox, waiting: asyncio.Task[None]) -> list[int]:
    await waiting
    return await box.new(0, LONG_AGO)


async def test_a_quiet_wait_ends_by_itself_and_closing_ends_any(imap: Imap) -> None:
    box = ImapMailbox(imap.at())
    await box.open()
    await box.wait(0.1)
    assert await box.new(0, LONG_AGO) == []
    waiting = asyncio.create_task(box.wait(FOREVER))
    async with asyncio.timeout(60):
        await asyncio.sleep(0.05)
        await box.close()
        await waiting


async def test_a_server_that_cannot_push_is_polled(
    imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it cannot idle")

    monkeypatch.setattr(Connection, "idle", never)
    box = ImapMailbox(imap.at())
    await box.open()
    assert box._connection is not None
    box._connection.can_idle = False
    await box.wait(0.01)
    waiting = asyncio.create_task(box.wait(FOREVER))
    async with asyncio.timeout(60):
        await asyncio.sleep(0.05)
        await box.close()
        await waiting


class Scripted:
    """A server that tells of a new mail at one moment only, and never again."""

    def __init__(self, moment: str) -> None:
        self.moment = moment

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, *words = line.split()
            word = b" ".join(words[:2]).upper().decode()
            if tag == b"DONE":
                writer.write(b"IDLE1 OK done\r\n")
                continue
            if word.startswith("SELECT"):
                writer.write(b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n")
            elif word == "CAPABILITY":
                writer.write(b"* CAPABILITY IMAP4rev1 IDLE\r\n")
            elif word == "UID SEARCH":
                writer.write(b"* SEARCH\r\n")
            if word == self.moment:
                writer.write(b"* 4 EXISTS\r\n")
            writer.write(b"+ go on\r\n" if word == "IDLE" else tag + b" OK fine\r\n")
        writer.close()


@pytest.mark.parametrize("moment", ["UID SEARCH", "UID STORE", "IDLE"])
async def test_what_comes_between_looking_and_waiting_is_not_missed(moment: str) -> None:
    server = await asyncio.start_server(Scripted(moment).serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    box = ImapMailbox(parse_imap_url(f"imap://a:b@127.0.0.1:{port}"))
    await box.open()
    await box.new(None, LONG_AGO)
    await box.done(1)
    async with asyncio.timeout(60):
        await box.wait(FOREVER)
        await box.new(None, LONG_AGO)  # it is known now: the next wait ends by its time
        await box.wait(0.01)
    await box.close()
    server.close()
    await server.wait_closed()


async def test_what_a_server_keeps_until_the_idle_is_done_is_not_missed(
    imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This server tells of what came before an IDLE only once that IDLE is done."""
    monkeypatch.setattr("adapters.mail.imap.FIRST_IDLE", 0.1)
    box = ImapMailbox(imap.at())
    await box.open()
    for number in range(3):
        await box.new(None, LONG_AGO)
        await imap.deliver(f"Subject: {number}\r\n\r\nhello".encode())
        async with asyncio.timeout(60):
            await box.wait(FOREVER)
        assert len(await box.new(None, LONG_AGO)) == number + 1
    await box.close()


# --- what goes wrong ------------------------------------------------------------------------------


async def test_a_refused_login_and_a_missing_folder_are_told_apart(imap: Imap) -> None:
    with pytest.raises(NotConnected) as caught:
        await ImapMailbox(parse_imap_url(f"imap://assistant:wrong@127.0.0.1:{imap.port}")).open()
    assert "assistant" not in str(caught.value)
    folder = parse_imap_url(f"imap://assistant:secret%20word@127.0.0.1:{imap.port}/Nowhere")
    with pytest.raises(Unavailable):
        await ImapMailbox(folder).open()


async def test_nobody_there_and_somebody_else_there() -> None:
    async def babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 this is no IMAP server\r\n")
        writer.close()

    other = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    box = ImapMailbox(parse_imap_url(f"imap://a:b@127.0.0.1:{port}"), timeout=5)
    with pytest.raises(Unavailable):
        await box.open()
    other.close()
    await other.wait_closed()
    with pytest.raises(Unavailable):
        await box.open()
    with pytest.raises(Unavailable):
        await box.new(None, LONG_AGO)  # it was never opened


async def test_a_lost_connection_is_said_and_can_be_made_again(imap: Imap) -> None:
    await imap.deliver(at.words("one"))
    box = ImapMailbox(imap.at())
    await box.open()
    waiting = asyncio.create_task(box.wait(FOREVER))
    await asyncio.sleep(0.05)
    await imap.stop()
    async with asyncio.timeout(60):
        with pytest.raises(Unavailable):
            await waiting
    with pytest.raises(Unavailable):
        await box.open()
    await imap.start()
    await box.open()
    assert len(await box.new(None, LONG_AGO)) == 1
    await box.close()


async def test_a_server_that_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Unavailable):
        await ImapMailbox(parse_imap_url(f"imap://a:b@127.0.0.1:{port}"), timeout=0.2).open()
    server.close()
    await server.wait_closed()


# --- TLS ------------------------------------------------------------------------------------------


async def test_tls_from_the_first_byte(server_side: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    async with running(server_side) as imap:
        box = ImapMailbox(imap.at("imaps"), trust=trust)
        await box.open()
        await box.wait(0.1)
        assert await box.new(None, LONG_AGO) == []
        await box.close()
        with pytest.raises(Unavailable, match="SSL"):
            await ImapMailbox(imap.at("imaps")).open()  # a certificate nobody has signed


async def test_starttls_or_nothing(certificate: tuple[Path, Path], trust: ssl.SSLContext) -> None:
    async with running(certificate=certificate) as imap:
        box = ImapMailbox(imap.at("imap+starttls"), trust=trust)
        await box.open()
        assert await box.new(None, LONG_AGO) == []
        await box.close()
        with pytest.raises(Unavailable):
            await ImapMailbox(imap.at("imap+starttls")).open()
    async with running() as imap:
        with pytest.raises(Unavailable):
            await ImapMailbox(imap.at("imap+starttls"), trust=trust).open()
