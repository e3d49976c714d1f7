"""The product's own time from a message to its reply, seen by an HTTP client.

Calendars are kept in memory; everything else is as in the demo: SQLite on disk, the mail server,
the demo's people and their links, the web server and its local chat.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp

from adapters.demo.stage import Stage
from adapters.memory.calendar import MemoryCalendars
from adapters.storage.sealing import new_key
from adapters.system import SystemClock
from bot import app, logs
from bot.settings import Settings
from core.ids import LinkId, OrgId
from core.links import CalendarLink, Provider
from core.people import Organisation
from core.ports import Busy

if TYPE_CHECKING:
    from core.ports import Tx

WARM, COUNT = 20, 200
AIM = 25.0
SENTENCES = ("book with Alex next week", "what have I got?", "what are my preferences?")


def run() -> list[str]:
    """Return the figures, one line each."""
    logs.configure("error", "text")
    with tempfile.TemporaryDirectory(prefix="tandem-reply-") as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[str]:
    stage = Stage(folder, SystemClock())
    await stage.mail.start()
    settings = Settings.model_validate(
        {
            "keys": new_key("bench"),
            "database_url": f"sqlite:///{folder / 'tandem.db'}",
            "port": 0,
            "local_chat": True,
            **stage.environment(),
        }
    )
    calendars = MemoryCalendars(Provider.CALDAV)
    product = app.build(settings, calendars={Provider.CALDAV: calendars.service()})
    await product.store.transact(lambda tx: _fill(tx, stage, calendars))
    await product.start()
    try:
        async with aiohttp.ClientSession() as http:
            address = f"http://127.0.0.1:{product.port}/local/api/messages"
            return [await _line(http, address, text) for text in SENTENCES]
    finally:
        await product.stop()
        await stage.mail.stop()


def _fill(tx: Tx, stage: Stage, calendars: MemoryCalendars) -> None:
    """Put the demo's people into the store, with calendars of about four events a day."""
    stage._people(tx, Organisation(OrgId("bench"), stage.world.organisation))
    seeded = random.Random(2027)
    now = stage.clock.now() // 86_400 * 86_400
    for number, link in enumerate(stage.world.links):
        calendars.open_account(link.user, "password")
        calendar_id = calendars.add_calendar(link.user, link.name)
        starts = [now + day * 86_400 + 900 * seeded.randrange(32, 72) for day in range(60)]
        spans = [
            Busy(start + 7200 * i, start + 7200 * i + 1800) for start in starts for i in (0, 1)
        ]
        calendars.set_busy(calendar_id, spans)
        grant = calendars.grant(link.user, link.person_id, f"grant-{number}")
        tx.links.save_grant(grant)
        tx.links.save(
            CalendarLink(
                LinkId(f"link-{number}"),
                grant.id,
                link.person_id,
                calendar_id,
                link.name,
                link.use,
                link.tier,
            )
        )


async def _line(http: aiohttp.ClientSession, address: str, text: str) -> str:
    """Return median and 95th percentile of one sentence, in milliseconds."""
    times: list[float] = []
    for number in range(WARM + COUNT):
        start = time.perf_counter()
        async with http.post(address, json={"person": "maya", "text": text}) as answer:
            answer.raise_for_status()
            await answer.read()
        if number >= WARM:
            times.append((time.perf_counter() - start) * 1000)
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    return f"“{text}”: p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms (aim {AIM:.0f} ms)"
