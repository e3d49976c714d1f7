"""How many bookings a second the store carries, on SQLite and on PostgreSQL.

One booking is a transaction as the product runs it: it reads programme, settings, people, links
and claims, claims the time of two people, stores proposal and meeting and queues six effects.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from adapters.memory.store import MemoryStore
from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from core.people import Organisation
from core.programme import Programme
from tests.contract.store.world import (
    HOUR,
    NOON,
    ORG,
    PROGRAMME,
    effect,
    grant,
    link,
    meeting,
    person,
    pid,
    proposal,
)
from tests.pg import postgres

if TYPE_CHECKING:
    from core.repositories import Store, Tx

PAIRS = 40
TURNS = 300
TOGETHER = 8


def seed(tx: Tx) -> None:
    """Store pairs of people who all have a calendar."""
    tx.organisations.save(Organisation(ORG, "Harbour School"))
    tx.programmes.save(Programme(PROGRAMME, ORG, "Spring mentoring"))
    for number in range(2 * PAIRS):
        tx.people.save(person(number))
        tx.links.save_grant(grant(number))
        tx.links.save(link(f"link-{number}", grant(number)))


def booking(turn: int, tx: Tx) -> None:
    """Book one meeting of one pair, each at a time of its own."""
    two = (turn % PAIRS, PAIRS + turn % PAIRS)
    people = tuple(pid(number) for number in two)
    one = meeting(*two, start=NOON + turn // PAIRS * 2 * HOUR)
    tx.programmes.get(PROGRAMME)
    tx.settings.read(ORG)
    tx.settings.read(PROGRAMME)
    tx.people.many(people)
    tx.links.of(people)
    tx.links.grants_of(people)
    tx.meetings.claims(people, one.span)
    tx.meetings.claim(one)
    tx.meetings.save(one)
    tx.proposals.save(replace(proposal(*two), meeting_id=one.id))
    for who in people:
        for what in ("event", "mail", "notify"):
            key, lane = f"{what}:{one.id}:{who}", f"{one.id}:{who}:{what}"
            tx.effects.add(effect(key, lane=lane, meeting_id=one.id, person_id=who))


async def measure(name: str, store: Store) -> str:
    """Return one line: bookings a second, alone and together, and how long one takes."""
    await store.transact(seed)
    took: list[float] = []
    for turn in range(TURNS):
        start = time.perf_counter()
        await store.transact(partial(booking, turn))
        took.append(time.perf_counter() - start)
    start = time.perf_counter()
    for first in range(TURNS, 2 * TURNS, TOGETHER):
        turns = range(first, first + TOGETHER)
        await asyncio.gather(*(store.transact(partial(booking, turn)) for turn in turns))
    together = len(range(TURNS, 2 * TURNS, TOGETHER)) * TOGETHER / (time.perf_counter() - start)
    middle, slow = (
        statistics.median(took) * 1000,
        statistics.quantiles(took, n=20, method="inclusive")[-1] * 1000,
    )
    return (
        f"{name:<10} {TURNS / sum(took):6.0f}/s one at a time (median {middle:.1f} ms,"
        f" 95 % {slow:.1f} ms), {together:6.0f}/s {TOGETHER} at a time"
    )


async def _measure_sql(name: str, url: str) -> str:
    store = SqlStore(url, Sealer([("k1", bytes(32))]))
    try:
        return await measure(name, store)
    finally:
        store.dispose()


def run() -> list[str]:
    """Return the figures of this machine, a line per database."""
    lines = ["Booking transactions:"]
    lines.append(asyncio.run(measure("memory", MemoryStore())))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/tandem.db"
        migrate(url)
        lines.append(asyncio.run(_measure_sql("SQLite", url)))
    lines.append(asyncio.run(_measure_sql("PostgreSQL", postgres().migrated())))
    return lines


if __name__ == "__main__":
    print("\n".join(run()))
