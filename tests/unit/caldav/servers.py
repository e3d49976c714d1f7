"""Small servers on the loopback interface, made of handlers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from yarl import URL

from adapters.caldav.guard import Guard
from adapters.caldav.http import Dav

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(*handlers: Handler) -> AsyncIterator[list[str]]:
    """Serve each handler at its own port of the loopback interface."""
    runners, urls = [], []
    for handler in handlers:
        runner = web.ServerRunner(web.Server(handler))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        runners.append(runner)
        urls.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield urls
    finally:
        for runner in runners:
            await runner.cleanup()


@asynccontextmanager
async def asking(urls: list[str], *more: str) -> AsyncIterator[Dav]:
    dav = Dav(Guard([URL(url).authority for url in urls] + list(more)), timeout=5)
    try:
        yield dav
    finally:
        await dav.close()
