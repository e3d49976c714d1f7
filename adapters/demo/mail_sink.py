"""The demo's mail server: takes every mail on this machine and sends none of them on.

A mail is kept exactly as it came over the wire, in memory and as a file, so that people can look
at what others would receive. For tests it can refuse, hang up, or take its time.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING
from weakref import WeakSet

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    import ssl
    from email.message import EmailMessage
    from pathlib import Path

    from aiosmtpd.smtp import AuthenticatorType, Envelope, Session

    from core.ports import Clock

HOST = "127.0.0.1"
CALENDAR = ("text/calendar", "application/ics")


@dataclass(frozen=True, slots=True)
class SunkMail:
    """One received mail. `sender` and `to` are addresses of the envelope, `ics` the calendar
    object, `at` when it came (epoch seconds), `raw` the message as it was sent.
    """

    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    ics: str | None
    at: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the server does wrong: a `reply` instead of yes at RCPT or DATA, silence for
    `seconds`, or closing the connection.
    """

    reply: str = ""
    at: str = "RCPT"
    seconds: float = 0.0
    hang_up: bool = False


class MailSink:
    """An SMTP server on a free loopback port; `folder` keeps each mail as `0001.eml`."""

    def __init__(
        self,
        clock: Clock,
        folder: Path | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        authenticator: AuthenticatorType | None = None,
    ) -> None:
        self.trouble: Trouble | None = None
        self.kept_waiting = 0  # how many clients wait for an answer that trouble delays
        self._clock = clock
        self._folder = folder
        self._tls = tls
        self._implicit = implicit
        self._authenticator = authenticator
        self._mails: list[SunkMail] = []
        self._server: asyncio.Server | None = None
        self._open: WeakSet[SMTP] = WeakSet()
        self._first = 1

    @property
    def port(self) -> int:
        """The port; only while it runs."""
        if self._server is None:
            raise RuntimeError("the mail server is not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen. Files of earlier runs stay; the numbers go on after them."""
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._first = 1 + max(map(_number, self._folder.glob("*.eml")), default=0)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._speak, HOST, 0, ssl=self._tls if self._implicit else None
        )

    async def stop(self) -> None:
        """Close all connections and stop listening; stopping twice is harmless."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for protocol in list(self._open):
            if isinstance(protocol.transport, asyncio.Transport):
                protocol.transport.abort()
        await server.wait_closed()

    def mails(self) -> list[SunkMail]:
        """Return what came since the start, oldest first."""
        return list(self._mails)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd finds its hooks by these names
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002  # aiosmtpd's hooks have these parameters
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        """Take a recipient, or make the trouble that was asked for."""
        refusal = await self._misbehave(server, "RCPT")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Keep a mail, or make the trouble that was asked for."""
        refusal = await self._misbehave(server, "DATA")
        if refusal:
            return refusal
        self._keep(envelope)
        return "250 OK"

    async def _misbehave(self, server: SMTP, command: str) -> str:
        """Be slow, hang up or return a refusal; an empty one means to go on as if nothing was."""
        trouble = self.trouble
        if trouble is None or trouble.at != command:
            return ""
        self.kept_waiting += 1
        try:
            await asyncio.sleep(trouble.seconds)
        finally:
            self.kept_waiting -= 1
        if trouble.hang_up and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
            await asyncio.sleep(1)  # the loss of the connection ends this task
        return trouble.reply

    def _speak(self) -> SMTP:
        """Return the protocol of one new connection."""
        protocol = SMTP(
            self,
            hostname="localhost",
            loop=asyncio.get_running_loop(),
            tls_context=None if self._implicit else self._tls,
            require_starttls=self._tls is not None and not self._implicit,
            auth_required=self._authenticator is not None,
            auth_require_tls=self._tls is not None and not self._implicit,
            authenticator=self._authenticator,
        )
        self._open.add(protocol)
        return protocol

    def _keep(self, envelope: Envelope) -> None:
        """Store one mail in memory and as a file."""
        raw = envelope.original_content or b""
        name = f"{self._first + len(self._mails):04d}"
        if self._folder:
            (self._folder / f"{name}.eml").write_bytes(raw)
        sender, to = envelope.mail_from or "", tuple(envelope.rcpt_tos)
        self._mails.append(_read(name, sender, to, self._clock.now(), raw))


def _number(file: Path) -> int:
    """Return the number in a file's name; 0 for files of somebody else."""
    return int(file.stem) if file.stem.isdecimal() else 0


def _read(name: str, sender: str, to: tuple[str, ...], at: int, raw: bytes) -> SunkMail:
    """Return what people want to see of a mail."""
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    return SunkMail(
        id=name,
        sender=sender,
        to=to,
        subject=str(message["Subject"] or ""),
        text=str(body.get_content()).replace("\r\n", "\n") if body else "",
        ics=_calendar(message),
        at=at,
        raw=raw,
    )


def _calendar(message: EmailMessage) -> str | None:
    """Return the first calendar object of a mail, wherever it hangs."""
    for part in message.walk():
        if part.get_content_type() in CALENDAR:
            data = part.get_payload(decode=True)
            return data.decode("utf-8", "replace") if isinstance(data, bytes) else None
    return None
