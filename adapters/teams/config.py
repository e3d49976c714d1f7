"""What a deployment says about its Teams app, and the addresses of the other side."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ANY_TENANT = "*"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where Microsoft is reached; other values are for sovereign clouds and for tests.

    `hosts` may be sent to with our token: whole names, or endings that begin with a dot.
    `loopback` allows plain http to this machine as well. `ca_file` is trusted in addition.
    """

    login: str = "https://login.microsoftonline.com"
    openid: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    issuer: str = "https://api.botframework.com"
    scope: str = "https://api.botframework.com/.default"
    service: str = "https://smba.trafficmanager.net/teams/"
    hosts: tuple[str, ...] = ("smba.trafficmanager.net", ".teams.microsoft.com")
    loopback: bool = False
    ca_file: str = ""

    def allows(self, url: str) -> bool:
        """Tell whether our token may travel to an address; it comes from outside."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        host = (parts.hostname or "").lower()
        if parts.username is not None or parts.query or parts.fragment:
            return False
        if self.loopback and host in LOOPBACK:
            return parts.scheme in ("http", "https")
        return parts.scheme == "https" and port in (None, 443) and self._knows(host)

    def _knows(self, host: str) -> bool:
        return any(
            host.endswith(known) if known.startswith(".") else host == known for known in self.hosts
        )


@dataclass(frozen=True, slots=True)
class TeamsApp:
    """The app's registration: `app_id` and `password` of a single-tenant bot in `tenant`.

    Its own tenant may use it, and so may `tenants` ("*": every one). With `development` alone it
    runs without an app id, for the vendor's playground on this machine, and believes what comes
    from there. Raises ValueError with a sentence for anything else.
    """

    app_id: str
    password: str = field(repr=False)
    tenant: str
    tenants: tuple[str, ...] = ()
    development: bool = False

    def __post_init__(self) -> None:
        """Refuse what would leave the door open (an empty id switches authentication off)."""
        if self.development:
            if self.app_id or self.password:
                raise ValueError(
                    "The Teams development mode is for the playground on this machine: "
                    "it takes no app id and no password."
                )
            return
        if not _ID.fullmatch(self.app_id):
            raise ValueError("The Teams app id is missing; without it anybody could post here.")
        if not _ID.fullmatch(self.tenant):
            raise ValueError("The tenant id of the Teams bot is missing.")
        if not self.password:
            raise ValueError("The password (client secret) of the Teams bot is missing.")
        wrong = [t for t in self.tenants if t != ANY_TENANT and not _ID.fullmatch(t)]
        if wrong:
            raise ValueError(f"This is no tenant id: {wrong[0][:60]!r}.")

    def admits(self, tenant: str) -> bool:
        """Tell whether people of a tenant may use the app."""
        allowed = (self.tenant, *self.tenants)
        return self.development or ANY_TENANT in allowed or tenant.lower() in _lower(allowed)

    @property
    def bot_id(self) -> str:
        """The bot's own id in Teams."""
        return f"28:{self.app_id}" if self.app_id else ""


def is_id(text: str) -> bool:
    """Tell whether a text has the shape of an id of Entra (a GUID, in the playground longer)."""
    return _ID.fullmatch(text) is not None


def host_of(url: str) -> str:
    """Return the host that an address names, empty for none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.hostname or ""


def _lower(names: tuple[str, ...]) -> set[str]:
    return {name.lower() for name in names}
