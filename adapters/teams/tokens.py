"""The bot's own token for the Bot Connector, by client credentials (RFC 6749 4.4) over aiohttp.

The SDK would fetch it with blocking calls on the event loop.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import structlog

from adapters.teams.errors import PROVIDER, Failure, typed
from core.errors import NotConnected

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.teams.config import Endpoints, TeamsApp
    from core.ports import Clock

AHEAD = 300  # seconds before its end in which a token is fetched anew
REFUSED = frozenset({"invalid_client", "unauthorized_client", "invalid_grant", "invalid_request"})

log = structlog.get_logger(__name__)


class Tokens:
    """One token, fetched by one caller at a time while the others wait for it."""

    def __init__(
        self,
        app: TeamsApp,
        endpoints: Endpoints,
        clock: Clock,
        session: Callable[[], aiohttp.ClientSession],
    ) -> None:
        """Fetch nothing yet."""
        self._app, self._endpoints, self._clock = app, endpoints, clock
        self._session = session
        self._lock = asyncio.Lock()
        self._token, self._until = "", 0

    async def get(self) -> str:
        """Return a token, "" in development.

        Raises NotConnected when our secret is refused, Unavailable and BadData.
        """
        if self._app.development:
            return ""
        async with self._lock:
            if self._clock.now() >= self._until - AHEAD:
                self._token, self._until = await self._fetch()
            return self._token

    def drop(self, token: str) -> None:
        """Do not use a token again that was refused."""
        if token == self._token:
            self._until = 0

    async def _fetch(self) -> tuple[str, int]:
        url = f"{self._endpoints.login}/{self._app.tenant}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": self._app.app_id,
            "client_secret": self._app.password,
            "scope": self._endpoints.scope,
        }
        try:
            async with self._session().post(url, data=form, allow_redirects=False) as answer:
                status, body = answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise typed(Failure(0)) from None
        except ValueError:
            raise typed(Failure(0, "unreadable")) from None
        return self._read(status, body)

    def _read(self, status: int, body: object) -> tuple[str, int]:
        """Return the token and its end (epoch seconds). The body is never logged."""
        found = body if isinstance(body, dict) else {}
        error = found.get("error")
        if error in REFUSED:
            log.error("teams_secret_refused", error=error)
            raise NotConnected(str(error), provider=PROVIDER)
        token, seconds = found.get("access_token"), found.get("expires_in")
        if status != 200:
            raise typed(Failure(status if status >= 500 else 0))
        if not isinstance(token, str) or not token or not isinstance(seconds, int | str):
            raise typed(Failure(200, "unreadable"))
        try:
            return token, self._clock.now() + int(seconds)
        except ValueError:
            raise typed(Failure(200, "unreadable")) from None
