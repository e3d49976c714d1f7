"""A real IMAP server (pymap) in this process, with one mailbox in memory."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer, IMAPService

from adapters.mail.imap import ImapServer, parse_imap_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path
    from ssl import SSLContext

USER, PASSWORD = "assistant", "secret word"
CAME = '"20-Oct-2026 09:00:00 +0000"'


class Imap:
    """The server, and what tests do at it with a client of their own."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None
        self._connect: Callable[..., Any] | None = None
        self._serving: dict[asyncio.Task[object], asyncio.StreamWriter] = {}

    async def prepare(self, certificate: tuple[Path, Path] | None = None) -> None:
        """Make the mailbox, which outlives the server's ends; a certificate is for STARTTLS."""
        parser = ArgumentParser()
        DictBackend.add_subparser("dict", parser.add_subparsers())
        IMAPService.add_arguments(parser)
        args = parser.parse_args(["dict", "--demo-user", USER, "--demo-password", PASSWORD])
        absent = dict.fromkeys(("host", "cert", "key", "proxy_protocol", "passlib_cfg"))
        vars(args).update(absent, tls=False, debug=False)
        if certificate:
            vars(args).update(tls=True, cert=str(certificate[0]), key=str(certificate[1]))
        backend, config = await DictBackend.init(args)
        config.apply_context()
        self._connect = IMAPServer(backend.login, config)

    async def start(self, tls: SSLContext | None = None) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Cut everybody off; nothing of a connection is left for a later test to stumble over."""
        if self._server is None:
            return
        self._server.close()
        for writer in self._serving.values():
            writer.close()
        if self._serving:
            _, late = await asyncio.wait(tuple(self._serving), timeout=5)
            for task in late:
                task.cancel()
        self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._connect is not None
        task = asyncio.current_task()
        assert task is not None
        self._serving[task] = writer
        try:
            with contextlib.suppress(ConnectionError, EOFError):
                await self._connect(reader, writer, SocketInfoLocal(writer, unique_id=b"t"))
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):  # a broken TLS end is an end as well
                async with asyncio.timeout(1):
                    await writer.wait_closed()
            del self._serving[task]

    def at(self, scheme: str = "imap") -> ImapServer:
        """Return the mailbox's address."""
        return parse_imap_url(f"{scheme}://{USER}:secret%20word@127.0.0.1:{self.port}")

    async def deliver(self, *mails: bytes, came: str = CAME) -> None:
        """Put mails into the mailbox, as if they came at a time."""
        await asyncio.to_thread(self._deliver, mails, came)

    def _deliver(self, mails: tuple[bytes, ...], came: str) -> None:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.login(USER, PASSWORD)
            for mail in mails:
                kind, _ = client.append("INBOX", "", came, mail)
                assert kind == "OK"

    async def flags(self) -> list[bool]:
        """Return of each mail whether it is read."""
        return await asyncio.to_thread(self._flags)

    def _flags(self) -> list[bool]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.login(USER, PASSWORD)
            client.select("INBOX", readonly=True)
            _, data = client.fetch("1:*", "(FLAGS)")
            return [b"\\Seen" in line for line in data if isinstance(line, bytes)]


@contextlib.asynccontextmanager
async def running(
    tls: SSLContext | None = None, certificate: tuple[Path, Path] | None = None
) -> AsyncIterator[Imap]:
    """Run a server with an empty mailbox."""
    imap = Imap()
    await imap.prepare(certificate)
    await imap.start(tls)
    try:
        yield imap
    finally:
        await imap.stop()
