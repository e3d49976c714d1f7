"""One IMAP connection (RFC 3501, RFC 2177) on the standard library's client, without asyncio.

`imaplib` has no IDLE before Python 3.14, and its buffered reading cannot be interrupted: a read
that has timed out once is dead. Both are mended by the two methods that it invites to override.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from adapters.mail.server import is_local, login_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

MOST_LINE = 1_000_000
SLICE = 0.5  # seconds between looks whether an IDLE is to end
FIRST_IDLE = 1.0  # seconds of the first IDLE of a wait; each further one is four times as long
CHUNK = 65_536
IDLE_TAG = b"IDLE1"
NEWS = re.compile(rb"\* \d+ (?:EXISTS|RECENT)", re.IGNORECASE)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Safety(StrEnum):
    """How the connection is made private."""

    NONE = "imap"
    STARTTLS = "imap+starttls"  # plain first, then TLS, or not at all
    IMPLICIT = "imaps"  # RFC 8314: TLS from the first byte


PORTS = {Safety.NONE: 143, Safety.STARTTLS: 143, Safety.IMPLICIT: 993}
SHAPE = "imaps://user:password@host or imap+starttls://user:password@host:143"


@dataclass(frozen=True, slots=True)
class ImapServer:
    """A mailbox: the server, how it is entered, and the folder."""

    host: str
    port: int
    tls: Safety
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def parse_imap_url(url: str) -> ImapServer:
    """Read a mailbox's address; a path names a folder other than INBOX.

    Raises ValueError with a sentence that says what is wrong; it never holds the password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        tls = Safety(parts.scheme)
    except ValueError as error:
        raise ValueError(f"the mailbox's address needs the form {SHAPE}") from error
    if not parts.hostname:
        raise ValueError(f"the mailbox's address names no host: write {SHAPE}")
    if parts.query or parts.fragment:
        raise ValueError(
            "the mailbox's address ends after the folder; in a password write / as %2F, ? as %3F, "
            "# as %23 and @ as %40"
        )
    username, password = login_of(parts, "the mailbox's address")
    if not username:
        raise ValueError(f"the mailbox's address needs a user name and a password: write {SHAPE}")
    if tls is Safety.NONE and not is_local(parts.hostname):
        raise ValueError(
            "imap:// would send the password readable over the network: "
            "use imaps:// or imap+starttls://"
        )
    chosen = PORTS[tls] if port is None else port
    if not chosen:
        raise ValueError("the mailbox's port is a number from 1 to 65535")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not folder.isascii() or not folder.isprintable():
        raise ValueError("the mailbox's folder has a name in ASCII (RFC 3501 5.1.3)")
    return ImapServer(parts.hostname, chosen, tls, username, password, folder)


class _Patient(imaplib.IMAP4):
    """The library's client with a buffer of its own, so that a timeout loses nothing."""

    _kept = b""

    def readline(self) -> bytes:
        """Return a line; b"" at the end. Raises TimeoutError, after which it may be called on."""
        while b"\n" not in self._kept:
            if len(self._kept) > MOST_LINE:
                raise self.error("line too long")
            more = self.sock.recv(CHUNK)
            if not more:
                return b""
            self._kept += more
        line, _, self._kept = self._kept.partition(b"\n")
        return line + b"\n"

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer only at the end."""
        parts, missing = [self._kept], size - len(self._kept)
        self._kept = b""
        while missing > 0:
            more = self.sock.recv(min(CHUNK * 4, missing))
            if not more:
                break
            parts.append(more)
            missing -= len(more)
        whole = b"".join(parts)
        whole, self._kept = whole[:size], whole[size:] + self._kept
        return whole

    def secure(self, context: ssl.SSLContext | None) -> None:
        """Go on in TLS; what came in plain before counts for nothing."""
        self.starttls(context)
        self._kept = b""


class _PatientTls(_Patient, imaplib.IMAP4_SSL):
    """The same over TLS from the first byte."""


class ImapError(Exception):
    """The server refused something, or did not keep to the protocol."""


class LoginError(ImapError):
    """The server does not take our name and password."""


class Connection:
    """One connection with one folder selected. Blocks: everything is called in a thread.

    Raises ImapError and OSError; neither holds what the server says, which may name people.
    """

    def __init__(self, server: ImapServer, timeout: float, trust: ssl.SSLContext) -> None:
        """Connect, log in and select the folder."""
        self._timeout = timeout
        self._size = 0  # mails in the folder, as was known before the last search
        try:
            self._client = self._connected(server, timeout, trust)
        except imaplib.IMAP4.error as error:
            raise ImapError("no mail server that we can speak with") from error
        try:
            self._enter(server)
        except BaseException:
            self.close()
            raise

    def _connected(self, server: ImapServer, timeout: float, trust: ssl.SSLContext) -> _Patient:
        if server.tls is Safety.IMPLICIT:
            return _PatientTls(server.host, server.port, ssl_context=trust, timeout=timeout)
        client = _Patient(server.host, server.port, timeout=timeout)
        if server.tls is Safety.STARTTLS:
            try:
                client.secure(trust)
            except BaseException:
                client.shutdown()
                raise
        return client

    def _enter(self, server: ImapServer) -> None:
        try:
            self._client.login(server.username, server.password)
        except imaplib.IMAP4.abort as error:
            raise ImapError("lost while logging in") from error
        except imaplib.IMAP4.error as error:
            raise LoginError("login refused") from error
        quoted = server.folder.replace("\\", "\\\\").replace('"', '\\"')
        self._ok(lambda: self._client.select(f'"{quoted}"'))
        _, found = self._client.response("UIDVALIDITY")
        number = (found or [None])[0]
        if not isinstance(number, bytes) or not number.isdigit():
            raise ImapError("the folder has no UIDVALIDITY")
        self.validity = int(number)
        self._size = self._told()
        _, capabilities = self._client.capability()
        self.can_idle = b"IDLE" in b" ".join(c for c in capabilities if c).upper().split()

    def _ok(self, call: Callable[[], tuple[str, Sequence[object]]]) -> Sequence[object]:
        """Make a call. Raises ImapError unless the server says OK."""
        try:
            kind, data = call()
        except imaplib.IMAP4.error as error:
            raise ImapError("the connection is lost, or an answer makes no sense") from error
        if kind != "OK":
            raise ImapError("the server refused")
        return data

    def search(self, *criteria: str) -> list[int]:
        """Return the UIDs that a search finds, in order."""
        self._size = self._told() or self._size
        data = self._ok(lambda: self._client.uid("SEARCH", *criteria))
        text = b" ".join(one for one in data if isinstance(one, bytes))
        return sorted({int(word) for word in text.split() if word.isdigit()})

    def fetch(self, uid: int, largest: int) -> bytes | None:
        """Return the first `largest` bytes of a mail without marking it; None: it is gone."""
        what = f"(BODY.PEEK[]<0.{largest}>)"
        data = self._ok(lambda: self._client.uid("FETCH", str(uid), what))
        for one in data:
            if isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], bytes):
                return one[1]
        return None

    def mark_read(self, uid: int) -> None:
        r"""Set \Seen."""
        self._ok(lambda: self._client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))

    def idle(self, seconds: float, ends: Callable[[], bool]) -> None:
        """Wait until the folder has news, `ends()` says so, or the time is over (RFC 2177).

        What came since the last search is news too: a server tells it with any answer. Some keep
        what came just before an IDLE until that IDLE is done; therefore the first ones are short.
        """
        news = self._told() not in (0, self._size)
        until, length = time.monotonic() + seconds, FIRST_IDLE
        while not news and not ends() and (left := until - time.monotonic()) > 0:
            news = self._idle_once(min(length, left), ends)
            length *= 4

    def _idle_once(self, seconds: float, ends: Callable[[], bool]) -> bool:
        """Idle for so long, and return whether there is news, which may come at its very end."""
        client, news = self._client, False
        client.send(IDLE_TAG + b" IDLE\r\n")
        while not (line := self._line()).startswith(b"+"):
            if line.startswith(IDLE_TAG):
                raise ImapError("the server refused to idle")
            news = news or NEWS.match(line) is not None
        until = time.monotonic() + seconds
        while not news and not ends() and (left := until - time.monotonic()) > 0:
            client.sock.settimeout(min(SLICE, left))
            with contextlib.suppress(TimeoutError):
                news = NEWS.match(self._line()) is not None
        client.sock.settimeout(self._timeout)
        client.send(b"DONE\r\n")
        while not (line := self._line()).startswith(IDLE_TAG):
            news = news or NEWS.match(line) is not None
        return news

    def _told(self) -> int:
        """Return how many mails the folder has, as was told last; 0: it was not told anew."""
        _, found = self._client.response("EXISTS")
        numbers = [int(one) for one in found if isinstance(one, bytes) and one.isdigit()]
        return numbers[-1] if numbers else 0

    def _line(self) -> bytes:
        try:
            line = self._client.readline()
        except imaplib.IMAP4.error as error:
            raise ImapError("an answer makes no sense") from error
        if not line:
            raise ImapError("the connection is lost")
        return line

    def close(self) -> None:
        """Leave; what goes wrong in leaving is nobody's concern."""
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._client.sock.settimeout(2.0)
            self._client.logout()
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._client.shutdown()


def day_of(at: int) -> str:
    """Return the UTC day of an instant as IMAP writes it, in English at every place."""
    day = time.gmtime(at)
    return f"{day.tm_mday}-{MONTHS[day.tm_mon - 1]}-{day.tm_year:04}"
