"""Which addresses a server that a person typed in may have (server-side request forgery).

Only https to public addresses, only the usual port. A name is resolved once, and the connection
goes to exactly the addresses that were checked, so that a name that answers differently the second
time gains nothing. The demo's own server on the loopback interface is allowed by `host:port`.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from core.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

PROVIDER = "caldav"
HTTPS_PORT = 443
LONGEST_URL = 2_000

# Public IPv6 is 2000::/3; these parts of it lead elsewhere (RFC 4380 Teredo, RFC 3056 6to4, and
# RFC 3849/9637 documentation). NAT64 (64:ff9b::/96) and mapped IPv4 lie outside 2000::/3.
PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
TUNNELS = tuple(
    map(ipaddress.IPv6Network, ("2001::/32", "2002::/16", "2001:db8::/32", "3fff::/20"))
)

# RFC 6890 protocol assignments and RFC 7526 6to4 relays, which older Pythons call global.
SPECIAL_IPV4 = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, for unicast."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        tunnel = any(found in network for network in TUNNELS)
        return found in PUBLIC_IPV6 and found.is_global and not tunnel
    special = any(found in network for network in SPECIAL_IPV4)
    return found.is_global and not (found.is_multicast or found.is_reserved or special)


def is_address(host: str) -> bool:
    """Tell whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def registrable(host: str) -> str:
    """Return the part of a host name that somebody has registered.

    Without a list of public suffixes this errs on the strict side: below two-letter domains, a
    short second label (co.uk, com.au) is taken for a suffix.
    """
    labels = host.rstrip(".").lower().split(".")
    if is_address(host) or len(labels) <= 2:
        return ".".join(labels)
    short = len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])


class Guard:
    """Decides about addresses; `allowed` are `host:port` that may be reached all the same."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """Allow nothing but public servers and the ones given."""
        self.allowed = frozenset(entry.lower() for entry in allowed)

    def allows(self, host: str, port: int) -> bool:
        """Tell whether an address was allowed by name."""
        return f"{host.lower()}:{port}" in self.allowed

    def check(self, text: str) -> URL:
        """Return the address as a URL. Raises InvalidRequest, which says what is wrong with it."""
        try:
            url = URL(text).with_fragment(None)
            host, port = url.host or "", url.port or 0
        except (ValueError, TypeError) as error:
            raise _refused("this is not a server address") from error
        if not host or len(text) > LONGEST_URL:
            raise _refused("this is not a server address")
        if url.user is not None or url.password is not None:
            raise _refused("the server address must not contain a name or password")
        if self.allows(host, port) and url.scheme in {"http", "https"}:
            return url
        if url.scheme != "https":
            raise _refused("the server address must begin with https://")
        if port != HTTPS_PORT:
            raise _refused("the server must be on the usual port")
        if is_address(host) and not is_public(host):
            raise _refused("the server must have a public address")
        return url


def _refused(detail: str) -> InvalidRequest:
    return InvalidRequest(detail, provider=PROVIDER)


class CheckedResolver(AbstractResolver):
    """Resolves names to public addresses only; aiohttp connects to exactly what it returns."""

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None) -> None:
        """Check the answers of `resolver` (by default the system's)."""
        self._guard = guard
        self._resolver = resolver or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a host. Raises OSError when one of them is not public."""
        found = await self._resolver.resolve(host, port, family)
        if not self._guard.allows(host, port) and not all(is_public(r["host"]) for r in found):
            raise OSError("no public address")
        return found

    async def close(self) -> None:
        """Close the resolver underneath."""
        await self._resolver.close()
