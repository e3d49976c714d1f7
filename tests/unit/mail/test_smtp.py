"""SMTP against a real server: refusals, lost connections, TLS and login."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from adapters.demo.mail_sink import MailSink, Trouble
from adapters.mail.server import SmtpServer, Tls
from adapters.mail.smtp import SmtpTransport
from core.booking.drafts import Sender
from core.errors import InvalidRequest, ProviderError, RateLimited, Unavailable
from tests.unit.mail.samples import MAIL, FixedClock

SENDER = Sender("Scheduling Assistant", "assistant@tandem.example.org")
Start = Callable[..., Awaitable[MailSink]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    sinks: list[MailSink] = []

    async def started(**options: object) -> MailSink:
        sink = MailSink(FixedClock(), **options)  # type: ignore[arg-type]  # the test's own words
        await sink.start()
        sinks.append(sink)
        return sink

    yield started
    for sink in sinks:
        await sink.stop()


def transport(
    port: int,
    tls: Tls = Tls.NONE,
    login: tuple[str, str] = ("", ""),
    trust: ssl.SSLContext | None = None,
    timeout: float = 5,
) -> SmtpTransport:
    server = SmtpServer("127.0.0.1", port, tls, *login)
    return SmtpTransport(server, SENDER, FixedClock(), timeout=timeout, trust=trust)


async def test_envelope_and_content(start: Start, tmp_path: Path) -> None:
    sink = await start(folder=tmp_path / "mails")
    await transport(sink.port).send(replace(MAIL, text="one\n.\n..two\n"))
    (mail,) = sink.mails()
    assert (mail.sender, mail.to) == (SENDER.address, ("maya@example.org",))
    assert mail.subject == MAIL.subject
    assert mail.text == "one\n.\n..two\n"
    assert mail.ics is not None
    assert "METHOD:REQUEST" in mail.ics
    assert (tmp_path / "mails" / f"{mail.id}.eml").read_bytes() == mail.raw


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ("421 4.3.2 closing", RateLimited),
        ("450 4.2.0 greylisted", RateLimited),
        ("451 4.7.1 later", RateLimited),
        ("452 4.5.3 too many", RateLimited),
        ("454 4.7.0 not now", Unavailable),
        ("550 5.1.1 no such person", InvalidRequest),
        ("552 5.2.2 full", InvalidRequest),
        ("554 5.7.1 spam", InvalidRequest),
    ],
)
async def test_replies(start: Start, reply: str, error: type[ProviderError], at: str) -> None:
    sink = await start()
    sink.trouble = Trouble(reply, at=at)
    with pytest.raises(ProviderError) as caught:
        await transport(sink.port).send(MAIL)
    assert type(caught.value) is error
    assert caught.value.detail == f"SMTP {reply[:9]}"
    assert sink.mails() == []


async def test_a_refusal_tells_nothing_of_the_person(start: Start) -> None:
    sink = await start()
    sink.trouble = Trouble("550 maya@example.org is unknown here")
    with pytest.raises(InvalidRequest) as caught:
        await transport(sink.port).send(MAIL)
    assert str(caught.value) == "mail: SMTP 550"


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
async def test_a_lost_connection_may_work_later(start: Start, at: str) -> None:
    sink = await start()
    sink.trouble = Trouble(hang_up=True, at=at)
    with pytest.raises(Unavailable):
        await transport(sink.port).send(MAIL)


async def test_a_slow_server_may_work_later(start: Start) -> None:
    sink = await start()
    sink.trouble = Trouble(seconds=30, at="DATA")
    with pytest.raises(Unavailable):
        await transport(sink.port, timeout=0.3).send(MAIL)


async def test_nobody_listening_may_work_later(start: Start) -> None:
    sink = await start()
    port = sink.port
    await sink.stop()
    with pytest.raises(Unavailable, match="connect"):
        await transport(port).send(MAIL)


async def test_who_is_refused_at_the_door_may_come_again() -> None:
    """A greeting of 554 is about the server, not about the mail."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 5.3.2 no service today\r\n")
        with suppress(OSError):
            await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    gone = asyncio.Event()
    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Unavailable, match="SMTP 554"):
        await transport(port).send(MAIL)
    await gone.wait()
    server.close()
    await server.wait_closed()


async def test_a_server_that_hangs_up_at_goodbye_has_the_mail(start: Start) -> None:
    sink = await start()

    gone = asyncio.Event()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", sink.port)

        async def back() -> None:
            while data := await inner_reader.read(4096):
                writer.write(data)

        answers = asyncio.create_task(back())
        while (line := await reader.readline()) and not line.upper().startswith(b"QUIT"):
            inner_writer.write(line)
        answers.cancel()
        for end in (writer, inner_writer):
            end.close()
            with suppress(OSError):
                await end.wait_closed()
        gone.set()

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    await transport(server.sockets[0].getsockname()[1]).send(MAIL)
    assert len(sink.mails()) == 1
    await gone.wait()
    server.close()
    await server.wait_closed()


# --- TLS and login --------------------------------------------------------------------------


def door(server: object, session: object, envelope: object, how: str, who: object) -> AuthResult:
    known = LoginPassword(b"tandem", b"right")
    return AuthResult(success=who == known, handled=False)


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
async def test_mail_travels_in_tls(
    start: Start, tls: Tls, server_side: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    sink = await start(tls=server_side, implicit=tls is Tls.IMPLICIT)
    await transport(sink.port, tls, trust=trust).send(MAIL)
    assert len(sink.mails()) == 1


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
async def test_an_unknown_certificate_gets_no_mail(
    start: Start, tls: Tls, server_side: ssl.SSLContext
) -> None:
    sink = await start(tls=server_side, implicit=tls is Tls.IMPLICIT)
    with pytest.raises(Unavailable):
        await transport(sink.port, tls).send(MAIL)
    assert sink.mails() == []


async def test_starttls_is_never_given_up_for_plain(start: Start) -> None:
    sink = await start()
    with pytest.raises(Unavailable):
        await transport(sink.port, Tls.STARTTLS).send(MAIL)
    assert sink.mails() == []


async def test_login(start: Start, server_side: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    sink = await start(tls=server_side, authenticator=door)
    await transport(sink.port, Tls.STARTTLS, ("tandem", "right"), trust).send(MAIL)
    assert len(sink.mails()) == 1


async def test_a_wrong_password_is_no_fault_of_the_mail(
    start: Start, server_side: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    sink = await start(tls=server_side, authenticator=door)
    with pytest.raises(Unavailable, match="login") as caught:
        await transport(sink.port, Tls.STARTTLS, ("tandem", "wrong"), trust).send(MAIL)
    assert "wrong" not in str(caught.value)


async def test_check_sends_nothing(
    start: Start, server_side: ssl.SSLContext, trust: ssl.SSLContext
) -> None:
    sink = await start(tls=server_side, authenticator=door)
    await transport(sink.port, Tls.STARTTLS, ("tandem", "right"), trust).check()
    with pytest.raises(Unavailable, match="login"):
        await transport(sink.port, Tls.STARTTLS, ("tandem", "wrong"), trust).check()
    assert sink.mails() == []
