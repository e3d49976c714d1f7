"""Slack put together, and its addresses: POST /slack/events and the pages of an installation.

Events, commands and buttons all come to the one address, or by Socket Mode. What is refused there
ends in a 4xx without details.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from aiohttp import web

from adapters.slack.channel import SlackChannel
from adapters.slack.config import EVENTS_PATH, INSTALL_PATH, SlackApp
from adapters.slack.directory import SlackDirectory
from adapters.slack.door import DeniedError, letter_of
from adapters.slack.errors import Failure, typed
from adapters.slack.inbound import KIND, Ignored, read
from adapters.slack.inputs import flat
from adapters.slack.installs import Installs
from adapters.slack.states import States
from adapters.slack.tokens import Tokens
from adapters.slack.turns import Turns
from adapters.slack.wire import Wire
from bot.channel import ChatPerson
from core.people import ChatIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from adapters.slack.pacing import Pacer
    from adapters.slack.vendor import Bolt, Client
    from bot.channel import Reception
    from core.ports import Clock, Store

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)

log = structlog.get_logger(__name__)


class Slack:
    """Everything of Slack: `channel`, `directory`, and `routes` for a reception."""

    def __init__(
        self, app: SlackApp, store: Store, clock: Clock, *, pacer: Pacer | None = None
    ) -> None:
        """Connect to nothing yet."""
        self._app, self._clock = app, clock
        self._session: aiohttp.ClientSession | None = None
        self._vendor: ModuleType | None = None
        self._bolt: Bolt | None = None
        self._turns: Turns | None = None
        self._reception: Reception | None = None
        self._tokens = Tokens(app, store, clock, self._client)
        self._wire = Wire(self._client, self._tokens, pacer)
        self.channel = SlackChannel(self._wire, store)
        self.directory = SlackDirectory(self._wire, clock)
        states = States(app.client_secret, store, clock)
        self._installs = Installs(app, states, self._tokens, self.directory, self._client)

    def routes(self, reception: Reception) -> list[web.AbstractRouteDef]:
        """Return the routes to be registered at Slack; none with Socket Mode and one workspace.

        Has to be called before `start`.
        """
        self._reception = reception
        page = self._app.public_url.rstrip("/") + INSTALL_PATH if self._app.installs else ""
        self._turns = Turns(reception, self._wire, self.channel, self.directory, self._tokens, page)
        routes: list[web.AbstractRouteDef] = []
        if self._app.signing_secret:
            routes += [web.post(EVENTS_PATH, self._post), web.get(EVENTS_PATH, _checked)]
        if self._app.installs:
            routes += self._installs.routes(reception)
        return routes

    async def start(self) -> None:
        """Load the SDK, so that no first event waits for it; open the socket where one is set.

        Raises ProviderError leaves when the one workspace or the socket cannot be reached.
        """
        bolt = await self._bolt_app()
        if self._app.bot_token:
            await self._adopt()
        if self._app.app_token:
            try:
                # Asked once before, because Bolt tries for ever what Slack refuses for good.
                await (await self._client()).call("apps.connections.open", self._app.app_token, {})
                await bolt.connect(self._app.app_token)
            except Failure as failure:
                raise typed(failure) from None

    async def close(self) -> None:
        """Close the socket, wait for what still runs, close the connections."""
        if self._bolt is not None:
            await self._bolt.close()
        if self._turns is not None:
            await self._turns.close()
        await self._tokens.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    # --- what comes in --------------------------------------------------------------------------

    async def _post(self, request: web.Request) -> web.Response:
        try:
            body = await letter_of(request, self._app.signing_secret, self._clock.now())
        except DeniedError as error:
            log.warning("slack_denied", reason=error.reason)
            return web.Response(status=error.status)
        bolt = await self._bolt_app()
        headers = {"Content-Type": request.content_type}
        try:
            status, kind, text = await bolt.dispatch(body, headers)
        except ValueError as error:
            log.warning("slack_denied", reason=f"payload {str(error)[:40]}")
            return web.Response(status=400)
        return web.Response(
            status=status, body=text.encode(), content_type=kind.partition(";")[0] or "text/plain"
        )

    async def _take(self, body: Mapping[str, object]) -> dict[str, Any] | None:
        """Run the turn of a payload; return what acknowledges it."""
        event = read(body)
        if isinstance(event, Ignored):
            log.debug("slack_ignored", reason=event.reason)
            return None
        if self._turns is None:
            raise RuntimeError("`routes` was not called")
        return (await self._turns.answer(event, command="command" in body)).body

    async def _adopt(self) -> None:
        """Keep the token of the one workspace, and tell the bot of it (auth.test)."""
        token = self._app.bot_token
        try:
            found = await (await self._client()).call("auth.test", token, {})
        except Failure as failure:
            raise typed(failure) from None
        workspace, name = flat(found.get("team_id")), flat(found.get("team"))
        secret = {"token": token, "us": flat(found.get("user_id")), "since": "0"}
        await self._tokens.save(workspace, name, secret)
        if self._reception is not None:
            nobody = ChatPerson(ChatIdentity(KIND, workspace, ""), "")
            await self._reception.installed(KIND, workspace, name, nobody, named=True)

    # --- the vendor's SDK -----------------------------------------------------------------------

    async def _load(self) -> ModuleType:
        """Return the module of the SDK, loaded in a thread when it is first needed."""
        if self._vendor is None:
            self._vendor = await asyncio.to_thread(import_module, "adapters.slack.vendor")
        return self._vendor

    async def _client(self) -> Client:
        vendor = await self._load()
        client: Client = vendor.Client(self._app.api, self._open)
        return client

    async def _bolt_app(self) -> Bolt:
        if self._bolt is None:
            vendor = await self._load()
            made: Bolt = vendor.Bolt(self._take, self._app.api)
            self._bolt = self._bolt or made
        return self._bolt

    def _open(self) -> aiohttp.ClientSession:
        """Return the session, opened on the running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self._session


async def _checked(request: web.Request) -> web.Response:
    """Slack looks at our certificate now and then (ssl_check)."""
    return web.Response(status=200 if request.query.get("ssl_check") == "1" else 405)
