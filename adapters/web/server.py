"""The product's own web server: health, pages behind signed links, and what else is plugged in."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web

from core.errors import TandemError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

MAX_BODY = 4 * 1024 * 1024
FAREWELL = 10.0  # seconds for requests under way when the server stops; a search may take 8

# Part of it may have been stored, so nothing is promised here.
FULL = "My disk is full, so I could not finish that. Please tell your administrator."

log = structlog.get_logger(__name__)


def _briefly(record: logging.LogRecord) -> bool:
    """Keep that a request could not be read, not the trace: it quotes the request's address."""
    record.exc_info = None
    return True


logging.getLogger("aiohttp.server").addFilter(_briefly)


@web.middleware
async def _errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn a fault of ours into a plain 500 without details; the path alone is logged."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except TandemError as error:
        kind = type(error).__name__
        log.warning("request_failed", route=_route(request), error=kind)
        if kind == "StorageFull":  # the storage's own error, which its neighbours do not import
            return web.json_response({"error": FULL}, status=507)
        return web.json_response({"error": "That did not work. Please try again."}, status=503)
    except Exception as error:  # nothing of ours may show a trace to a stranger
        log.exception("request_failed", route=_route(request), error=type(error).__name__)
        return web.json_response({"error": "Something went wrong on our side."}, status=500)


async def _plainly(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Name no versions of ours, and quote nothing: aiohttp answers `Expect` with its words."""
    response.headers["Server"] = "Tandem"
    if isinstance(response, web.HTTPExpectationFailed):
        response.text = ""


def _route(request: web.Request) -> str:
    """Return the route's pattern: paths hold signed tokens, which are never logged."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


def health_routes(ready: Callable[[], Awaitable[bool]]) -> list[web.RouteDef]:
    """Return `/health` (the process lives) and `/ready` (the database answers)."""

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readiness(_request: web.Request) -> web.Response:
        good = await ready()
        status = "ready" if good else "not ready"
        return web.json_response({"status": status}, status=200 if good else 503)

    return [web.get("/health", health), web.get("/ready", readiness)]


def application(
    routes: Iterable[web.AbstractRouteDef], closing: Iterable[Callable[[], None]] = ()
) -> web.Application:
    """Return the aiohttp application of all routes.

    `closing` are called when the server stops, so that answers without end come to one.
    """
    app = web.Application(middlewares=[_errors], client_max_size=MAX_BODY)
    app.add_routes(list(routes))
    calls = tuple(closing)

    async def close(_app: web.Application) -> None:
        for call in calls:
            call()

    app.on_shutdown.append(close)
    app.on_response_prepare.append(_plainly)
    return app


class _Connection(web.RequestHandler):
    """One connection: what is no HTTP is refused as aiohttp does, without its words, which quote
    what was sent.
    """

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        super().handle_error(request, status, exc, message)
        bare = web.Response(status=status, headers={"Server": "Tandem"})
        bare.force_close()
        return bare


class Server:
    """The listening server."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(app, shutdown_timeout=FAREWELL)
        self._host = host
        self._port = port
        self._listening: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; return the port, which is chosen by the system when 0 was asked for.

        Raises OSError when the address is taken.
        """
        await self._runner.setup()
        loop, server = asyncio.get_running_loop(), self._runner.server
        if server is None:
            raise RuntimeError("the application did not start")

        # Nobody packs what is meant for us, so nothing is unpacked: a packed body is unreadable.
        how: dict[str, Any] = {"access_log": None, "auto_decompress": False}

        def connection() -> _Connection:
            return _Connection(server, loop=loop, **how)

        self._listening = await loop.create_server(connection, self._host, self._port)
        return int(self._listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no more requests and end those under way."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        await self._runner.cleanup()
