"""The product on the demo's stage: servers, people and calendars of its own on this machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from adapters.demo.play import invitation, play_demo
from adapters.demo.stage import DemoSurroundings, Stage
from adapters.storage.sealing import new_key
from adapters.system import SystemClock
from bot.app import build, signalled
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

INTERRUPTED = 130  # the exit status that shells give for Ctrl-C


async def demo(folder: Path, port: int, caldav_port: int, *, play: bool) -> int:
    """Run the product on the demo's stage in `folder`; return the exit status.

    With `play` the conversation is played and checked instead of waiting for a browser.
    """
    stopped = signalled()
    stage = Stage(folder, SystemClock(), caldav_port=caldav_port)
    await stage.start()
    try:
        keys = folder / "keys"
        if not keys.exists():
            keys.touch(mode=0o600)
            keys.write_text(new_key("demo"))
        settings = Settings.model_validate(
            {
                "keys": keys.read_text(),
                "database_url": f"sqlite:///{folder / 'tandem.db'}",
                "port": port,
                "public_url": f"http://127.0.0.1:{port}",
                "local_chat": True,
                **stage.environment(),
            }
        )
        return await _on_stage(settings, stage, stopped, play=play)
    finally:
        await stage.stop()


async def _on_stage(settings: Settings, stage: Stage, stopped: asyncio.Event, *, play: bool) -> int:
    """Start the product, fill it with the stage's people, and wait or play."""
    app = build(settings, surroundings=lambda _: DemoSurroundings(stage))
    try:
        await stage.populate(app.ports)
        await app.start()
        address = f"http://127.0.0.1:{app.port}"
        if play:
            return await _unless(stopped, play_demo(address))
        print(invitation(address, stage.calendars.url), flush=True)  # noqa: T201  # the product
        await stopped.wait()
        return 0
    finally:
        await app.stop()


async def _unless(stopped: asyncio.Event, work: Coroutine[None, None, int]) -> int:
    """Return the exit status of some work, or of its interruption."""
    working, waiting = asyncio.create_task(work), asyncio.create_task(stopped.wait())
    await asyncio.wait((working, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if working.done():
        return working.result()
    working.cancel()
    return INTERRUPTED
