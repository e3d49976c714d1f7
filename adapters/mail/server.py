"""Where mail is handed over: the mail server's address in one line of settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit


class Tls(StrEnum):
    """How the connection is made private."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"  # RFC 3207: plain first, then TLS, or not at all
    IMPLICIT = "smtps"  # RFC 8314: TLS from the first byte


PORTS = {Tls.NONE: 25, Tls.STARTTLS: 587, Tls.IMPLICIT: 465}
SHAPE = "smtp://host:port, smtps://user:password@host or smtp+starttls://user:password@host:587"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server and how to enter it; an empty `username` means without login."""

    host: str
    port: int
    tls: Tls
    username: str = ""
    password: str = field(default="", repr=False)


def parse_smtp_url(url: str) -> SmtpServer:
    """Read a mail server's address.

    Raises ValueError with a sentence that says what is wrong; it never holds the password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ValueError(f"the mail server's address needs the form {SHAPE}") from error
    tls = _tls(parts.scheme)
    if not parts.hostname:
        raise ValueError(f"the mail server's address names no host: write {SHAPE}")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(
            "the mail server's address ends after the port; in a password write / as %2F, "
            "? as %3F, # as %23 and @ as %40"
        )
    username, password = login_of(parts)
    if username and tls is Tls.NONE and not is_local(parts.hostname):
        raise ValueError(
            "smtp:// would send the password readable over the network: "
            "use smtps:// or smtp+starttls://"
        )
    chosen = PORTS[tls] if port is None else port
    if not chosen:
        raise ValueError("the mail server's port is a number from 1 to 65535")
    return SmtpServer(parts.hostname, chosen, tls, username, password)


def _tls(scheme: str) -> Tls:
    """Return the mode that a scheme stands for."""
    try:
        return Tls(scheme)
    except ValueError as error:
        raise ValueError(f"the mail server's address starts with no scheme of {SHAPE}") from error


def login_of(parts: SplitResult, what: str = "the mail server's address") -> tuple[str, str]:
    """Return user name and password, both or neither. Raises ValueError about `what`."""
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(username) != bool(password):
        raise ValueError(f"{what} needs both user name and password, or neither")
    return username, password


def is_local(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
