"""Teams put together, and its one address: POST /api/messages.

What comes there is checked from the outside in - form, token, size, JSON, sender - before the
vendor's SDK sees it. Whatever is wrong ends in a 4xx without details.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from aiohttp import web

from adapters.teams.auth import DeniedError, Doorkeeper, Keys, NoKeysError, Passport
from adapters.teams.cards import no_dialog
from adapters.teams.channel import TeamsChannel
from adapters.teams.config import LOOPBACK, Endpoints, TeamsApp, host_of
from adapters.teams.directory import TeamsDirectory
from adapters.teams.inbound import BadActivityError, Ignored, read, tenant_of
from adapters.teams.references import AddressBook, KeyShelf, References, StoredReferences
from adapters.teams.tokens import Tokens
from adapters.teams.turns import Turns
from adapters.teams.wire import Answer, Wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from botbuilder.schema import Activity

    from adapters.teams.bridge import Bridge
    from adapters.teams.pacing import Pacer
    from bot.channel import Reception
    from core.ports import Clock, Store

PATH = "/api/messages"
MOST_BODY = 256 * 1024  # bytes; Teams' own messages end at 100 KB
TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)

log = structlog.get_logger(__name__)


class Teams:
    """Everything of Teams: `channel`, `directory`, and `routes` for a reception."""

    def __init__(
        self,
        app: TeamsApp,
        store: Store,
        clock: Clock,
        *,
        endpoints: Endpoints | None = None,
        opens: Callable[[str], bool] = no_dialog,
        references: References | None = None,
        pacer: Pacer | None = None,
    ) -> None:
        """Connect to nothing yet. Buttons whose id `opens` knows open a dialog, the others show
        their form in the place of the card.
        """
        found = endpoints or Endpoints()
        # Without a token everything stays on this machine.
        self._endpoints = replace(found, hosts=(), loopback=True) if app.development else found
        self._app, self._opens = app, opens
        self._session: aiohttp.ClientSession | None = None
        self._vendor: ModuleType | None = None
        self._bridge: Bridge | None = None
        self._keys = Keys(self._endpoints, clock, self._open, KeyShelf(store))
        self._doorkeeper = Doorkeeper(app, self._endpoints, self._keys)
        tokens = Tokens(app, self._endpoints, clock, self._open)
        self._wire = Wire(self._endpoints, tokens, clock, self._open, pacer)
        self._book = AddressBook(references or StoredReferences(store))
        self.channel = TeamsChannel(self.bridge, self._book, self._endpoints, opens)
        self.directory = TeamsDirectory(self._wire, self._book, self._endpoints)

    async def start(self) -> None:
        """Load the SDK and fetch the signing keys, so that no first message waits for them."""
        await self.bridge()
        if not self._app.development:
            await self._keys.warm()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def bridge(self) -> Bridge:
        """Return the way through the SDK, loaded in a thread when it is first needed."""
        if self._bridge is None:
            vendor = await self._load()
            made: Bridge = vendor.Bridge(self._wire, self._app.app_id)
            self._bridge = self._bridge or made
        return self._bridge

    def routes(self, reception: Reception) -> list[web.AbstractRouteDef]:
        """Return the route that is registered at the bot's resource."""
        turns = Turns(reception, self._book, self.directory, self._opens)

        async def post(request: web.Request) -> web.StreamResponse:
            try:
                return await self._take(request, turns)
            except DeniedError as error:
                log.warning("teams_denied", reason=error.reason)
                return web.Response(status=error.status)
            except NoKeysError:
                log.warning("teams_denied", reason="no_keys")
                return web.Response(status=429, headers={"Retry-After": "10"})

        return [web.post(PATH, post)]

    async def _take(self, request: web.Request, turns: Turns) -> web.StreamResponse:
        """Let in, run the turn, and answer. Raises DeniedError and NoKeysError."""
        if request.content_type != "application/json":
            raise DeniedError("content_type", 415)
        passport = await self._passport(request)
        raw = await _object(request)
        vendor = await self._load()
        try:
            activity: Activity = vendor.activity_of(raw)
            tenant = tenant_of(activity)
            event = read(activity)
        except (BadActivityError, ValueError) as error:
            raise DeniedError(f"activity {str(error)[:40]}", 400) from None
        self._check(activity, tenant, passport)
        if isinstance(event, Ignored):
            log.debug("teams_ignored", reason=event.reason)
            return web.Response(status=404 if activity.type == "invoke" else 201)

        async def logic(_activity: Activity) -> Answer | None:
            return await turns.answer(event)

        answer = await (await self.bridge()).turn(activity, logic)
        return _response(answer)

    async def _passport(self, request: web.Request) -> Passport | None:
        """Return what the sender's token says; None in development, for this machine alone."""
        if not self._app.development:
            return await self._doorkeeper.check(request.headers.get("Authorization", ""))
        near = (request.remote or "") in LOOPBACK and host_of(f"//{request.host}") in LOOPBACK
        if not near:
            raise DeniedError("not_this_machine", 403)
        return None

    def _check(self, activity: Activity, tenant: str, passport: Passport | None) -> None:
        """Hold an activity against its token, our tenants and the addresses we may write to."""
        service = str(activity.service_url or "")
        if passport is not None:
            passport.check(str(activity.channel_id or ""), service)
        if not self._endpoints.allows(service):
            raise DeniedError("foreign_service", 403)
        if not self._app.admits(tenant):
            raise DeniedError("foreign_tenant", 403)

    async def _load(self) -> ModuleType:
        if self._vendor is None:
            self._vendor = await asyncio.to_thread(import_module, "adapters.teams.bridge")
        return self._vendor

    def _open(self) -> aiohttp.ClientSession:
        """Return the session, opened on the running loop."""
        if self._session is None:
            context = ssl.create_default_context()
            if self._endpoints.ca_file:
                context.load_verify_locations(self._endpoints.ca_file)
            connector = aiohttp.TCPConnector(ssl=context, limit=50)
            self._session = aiohttp.ClientSession(connector=connector, timeout=TIMEOUT)
        return self._session


async def _object(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a request. Raises DeniedError for any other body."""
    data = bytearray()
    try:
        async for chunk in request.content.iter_chunked(64 * 1024):
            data += chunk
            if len(data) > MOST_BODY:
                raise DeniedError("too_large", 413)
        found = json.loads(bytes(data))
    except (ValueError, RecursionError, aiohttp.ClientPayloadError, web.RequestPayloadError):
        raise DeniedError("no_json", 400) from None
    if not isinstance(found, dict):
        raise DeniedError("no_object", 400)
    return found


def _response(answer: Answer | None) -> web.Response:
    """Return 201 as the SDK does for what is no invoke, else the invoke's own answer."""
    if answer is None:
        return web.Response(status=201)
    if answer.body is None:
        return web.Response(status=answer.status)
    return web.json_response(answer.body, status=answer.status)
