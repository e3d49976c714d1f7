"""A chat-completions endpoint on the loopback interface that answers as a test tells it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from adapters.llm.client import ChatReader, Endpoint

KEY = "k-0123456789"


def completion(said: Any) -> web.Response:
    """Answer as a chat completion; objects are said as JSON."""
    content = said if isinstance(said, str) or said is None else json.dumps(said)
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return web.json_response({"object": "chat.completion", "choices": [choice]})


Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Model:
    """The endpoint: what it answers, and every question it was asked."""

    answer: Any = None
    behave: Behaviour | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def calls(self) -> int:
        return len(self.paths)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(f"{request.method} {request.path}")
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self.asked.append(await request.json() if request.can_read_body else {})
        if self.behave is not None:
            return await self.behave(request)
        return completion(self.answer)

    def reader(self, *, deadline: float = 5.0, url: str = "") -> ChatReader:
        return ChatReader(Endpoint(url or f"{self.url}/v1", "quick-1", KEY, deadline))


@asynccontextmanager
async def serving() -> AsyncIterator[Model]:
    """Serve a model at a free port."""
    model = Model()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", model.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    model.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield model
    finally:
        await runner.cleanup()


async def never(_: web.Request) -> web.StreamResponse:
    """Take the question and say nothing."""
    await asyncio.Event().wait()
    raise AssertionError
