"""The assistant's mailbox over IMAP, for the loop of `bot.mailroom`.

The client is the standard library's, in one thread of its own. It is well kept, needs no further
package, and a mailbox is one slow connection: an asynchronous client would gain nothing (the one
that is known, aioimaplib, is under the GPL besides).
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from adapters.mail.imap import Connection, ImapError, LoginError, day_of
from core.errors import NotConnected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.mail.imap import ImapServer

T = TypeVar("T")
TIMEOUT = 20.0  # seconds for one answer of the server
LARGEST = 1_000_000  # bytes of one mail that are read; words and calendar parts stand in front


class ImapMailbox:
    """`core.mail_in.MailBox` over IMAP. Certificates are always verified where TLS is used.

    `trust` replaces the system's list of certificate authorities.
    """

    def __init__(
        self,
        server: ImapServer,
        *,
        timeout: float = TIMEOUT,
        largest: int = LARGEST,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._largest = largest
        self._trust = trust
        self._thread = ThreadPoolExecutor(1, "mailbox")
        self._leaving = threading.Event()
        self._connection: Connection | None = None

    @property
    def name(self) -> str:
        """A digest of server, user and folder."""
        server = self._server
        whole = f"{server.host.lower()}|{server.username}|{server.folder}"
        return hashlib.sha256(whole.encode()).hexdigest()[:32]

    async def open(self) -> int:
        """Connect anew, and return the UIDVALIDITY.

        Raises NotConnected when our login is refused, Unavailable for everything else.
        """
        return (await self._run(self._connect)).validity

    async def new(self, after: int | None, since: int) -> list[int]:
        """Return the UIDs after one; without one those of unread mails since a day."""
        if after is None:
            return await self._do(lambda c: c.search("UNSEEN", "SINCE", day_of(since)))
        # "n:*" always names the last mail too, also when its UID is below n (RFC 3501 6.4.8).
        found = await self._do(lambda c: c.search("UID", f"{after + 1}:*"))
        return [uid for uid in found if uid > after]

    async def fetch(self, uid: int) -> bytes | None:
        """Return a mail, cut where it is too large; None when it is gone."""
        return await self._do(lambda c: c.fetch(uid, self._largest))

    async def done(self, uid: int) -> None:
        """Mark a mail as read."""
        await self._do(lambda c: c.mark_read(uid))

    async def wait(self, seconds: float) -> None:
        """Return when something new may have come, at the latest after so many seconds.

        A server that cannot push is looked at when the time is over.
        """
        await self._do(lambda c: self._wait(c, seconds))

    async def close(self) -> None:
        """Leave, ending a `wait` that is under way. The mailbox can be opened again."""
        self._leaving.set()
        await self._run(self._leave)
        self._leaving.clear()

    # --- in the thread ------------------------------------------------------------------------

    def _connect(self) -> Connection:
        self._leave()
        trust = self._trust or ssl.create_default_context()
        self._connection = Connection(self._server, self._timeout, trust)
        return self._connection

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _wait(self, connection: Connection, seconds: float) -> None:
        if connection.can_idle:
            connection.idle(seconds, self._leaving.is_set)
        else:
            self._leaving.wait(seconds)

    async def _do(self, work: Callable[[Connection], T]) -> T:
        """Do something on the open connection. Raises Unavailable when there is none."""

        def on_connection() -> T:
            if self._connection is None:
                raise ImapError("not connected")
            return work(self._connection)

        return await self._run(on_connection)

    async def _run(self, work: Callable[[], T]) -> T:
        """Do something in the thread. Raises ProviderError leaves, which name kinds only."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, work)
        except LoginError as error:
            raise NotConnected("the mailbox does not accept our login", provider="mail") from error
        except (ImapError, OSError, ValueError) as error:
            detail = f"the mailbox cannot be read ({_words(error)})"
            raise Unavailable(detail, provider="mail") from error


def _words(error: Exception) -> str:
    """Return what may be logged: our own words, else the kind of the error."""
    return str(error) if isinstance(error, ImapError) else type(error).__name__
