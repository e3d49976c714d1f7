"""The barest bot of each vendor's SDK: it says again what it hears, and keeps nothing.

    python -m tests.bench.chat_echo slack|teams URL

`URL` is of the stand-in. Prints one line of JSON with its own `url`; listens until standard input
ends. The Teams one checks no tokens (an empty app id), which the product does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.chat_people import SECRET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def slack(url: str) -> web.Application:
    client = AsyncWebClient(token="xoxb-T0", base_url=f"{url}/api/")
    app = AsyncApp(signing_secret=SECRET, client=client)

    @app.event("message")
    async def heard(event: dict[str, Any], say: Callable[[str], Awaitable[object]]) -> None:
        await say(event["text"])

    return app.web_app()


class _Echo(ActivityHandler):  # type: ignore[misc]  # the SDK has no types
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(turn_context.activity.text)


def teams(_: str) -> web.Application:
    settings = SimpleNamespace(APP_ID="", APP_PASSWORD="", APP_TYPE="MultiTenant", APP_TENANTID="")
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(settings))
    bot = _Echo()

    async def post(request: web.Request) -> web.Response:
        return await adapter.process(request, bot) or web.Response(status=201)

    app = web.Application()
    app.router.add_post("/api/messages", post)
    return app


async def serve(app: web.Application) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve({"slack": slack, "teams": teams}[sys.argv[1]](sys.argv[2])))
