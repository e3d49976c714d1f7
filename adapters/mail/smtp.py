"""Hand mails to a mail server, always from the one fixed sender."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import aiosmtplib

from adapters.mail.compose import compose, recipient
from adapters.mail.server import Tls
from core.errors import InvalidRequest, ProviderError, RateLimited, Unavailable

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

    from adapters.mail.server import SmtpServer
    from core.booking.drafts import Mail, Sender
    from core.ports import Clock

AT_ONCE = 4  # connections; more looks like an attack to many servers
TIMEOUT = 30.0
FAREWELL = 2.0
# Replies by which a server asks for time: busy, greylisted, too much at once (RFC 5321 4.2.3).
THROTTLED = frozenset({421, 450, 451, 452})
PAUSE = 60
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463 status codes


class SmtpTransport:
    """MailTransport over SMTP. Certificates are always verified where TLS is used.

    `timeout` is how many seconds one mail may take in all; `trust` replaces the system's list of
    certificate authorities.
    """

    def __init__(
        self,
        server: SmtpServer,
        sender: Sender,
        clock: Clock,
        *,
        timeout: float = TIMEOUT,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self._timeout = timeout
        self._trust = trust
        self._places = asyncio.Semaphore(AT_ONCE)

    async def send(self, mail: Mail) -> None:
        """Hand it to the mail server. Raises Unavailable or RateLimited for what may work
        later, InvalidRequest for a permanent refusal.
        """
        to = recipient(mail)
        data = compose(mail, self._sender, self._clock.now()).as_bytes()
        async with self._places, self._session() as client:
            try:
                await client.sendmail(self._sender.address, [to], data)
            except (aiosmtplib.SMTPException, OSError) as error:
                raise _mapped(error) from error

    async def check(self) -> None:
        """Connect, greet and log in, but send nothing. Raises Unavailable, saying what failed."""
        async with self._session():
            pass

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Open a connection that is ready for mail and close it afterwards.

        What goes wrong in leaving is nobody's concern: the mail is accepted by then.
        """
        client = aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.tls is Tls.IMPLICIT,
            start_tls=self._server.tls is Tls.STARTTLS,
            tls_context=self._trust,
            timeout=self._timeout,
        )
        try:
            async with asyncio.timeout(self._timeout):
                await self._enter(client)
                yield client
        except TimeoutError as error:
            raise Unavailable("the mail server takes too long", provider="mail") from error
        else:
            with suppress(aiosmtplib.SMTPException, OSError):
                async with asyncio.timeout(FAREWELL):
                    await client.quit()
        finally:
            client.close()

    async def _enter(self, client: aiosmtplib.SMTP) -> None:
        """Connect and log in; a failure here says nothing about the mail, so it may pass."""
        try:
            await client.connect()
            await client.ehlo()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            detail = f"cannot connect to the mail server ({_words(error)})"
            raise Unavailable(detail, provider="mail") from error
        if not self._server.username:
            return
        try:
            await client.login(self._server.username, self._server.password)
        except (aiosmtplib.SMTPException, OSError) as error:
            detail = f"the mail server does not accept our login ({_words(error)})"
            raise Unavailable(detail, provider="mail") from error


def _mapped(error: aiosmtplib.SMTPException | OSError) -> ProviderError:
    """Return our error for what happened after the login.

    4xx may work later and 5xx never (RFC 5321 4.2.1); a lost connection may work later.
    """
    code = _code(error)
    detail = _words(error)
    if code in THROTTLED:
        return RateLimited(detail, provider="mail", retry_after=PAUSE)
    if code is not None and 500 <= code < 600:
        return InvalidRequest(detail, provider="mail")
    return Unavailable(detail, provider="mail")


def _reply(error: Exception) -> aiosmtplib.SMTPResponseException | None:
    """Return the server's reply behind an error, if it gave one."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        return error.recipients[0]  # a mail has one recipient
    return error if isinstance(error, aiosmtplib.SMTPResponseException) else None


def _code(error: Exception) -> int | None:
    """Return the reply code, if the server gave one."""
    reply = _reply(error)
    return reply.code if reply else None


def _words(error: Exception) -> str:
    """Return what may be logged: codes and kinds, never the server's text, which names people."""
    reply = _reply(error)
    if reply is None:
        return type(error).__name__
    status = ENHANCED.search(reply.message)
    return f"SMTP {reply.code} {status.group()}" if status else f"SMTP {reply.code}"
