"""The product with one chat between its stand-ins, each a process of its own, and its senders."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from adapters.storage.sealing import Sealer, parse_ring
from adapters.storage.store import SqlStore
from core.talk import Workspace
from tests.bench.chat_people import ANSWERS, PEOPLE, ZONE, Medium, SlackSide, TeamsSide, address
from tests.e2e.harness import Deployment
from tests.e2e.town import Someone, settle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from core.ports import Tx

ROOT = Path(__file__).parents[2]
STEP = 0.1  # seconds between looks
STUCK = 150.0  # seconds without any progress after which nothing more is expected


@dataclass(frozen=True, slots=True)
class Ack:
    """One message as its sender saw it: due and acknowledged (monotonic seconds)."""

    conversation: str
    due: float
    done: float
    status: int

    @property
    def took(self) -> float:
        """Seconds from when it was due, so that a sender who was held up counts too."""
        return self.done - self.due


@dataclass(frozen=True, slots=True)
class Post:
    """One message that the stand-in has taken, and when."""

    conversation: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Report:
    """What the stand-in has seen since its last orders."""

    posts: tuple[Post, ...]  # the answers
    others: int  # what else the product said: it welcomes people
    refused: int
    early: int

    def counts(self) -> Counter[str]:
        return Counter(post.conversation for post in self.posts)


@dataclass(slots=True)
class Town:
    """One chat's stand-in, the product behind it (or another bot), and the way to both."""

    medium: Medium
    http: aiohttp.ClientSession
    services: str
    target: str = ""
    bare: bool = False  # send no token: the SDK would ask the vendor's own servers about it

    async def send(self, number: int, due: float | None = None) -> Ack:
        """Send somebody's next message; wait for its acknowledgement."""
        letter = self.medium.letter(number)
        due = time.monotonic() if due is None else due
        url, headers = self.target + self.medium.path, dict(letter.headers)
        if self.bare:
            headers.pop("Authorization", None)
        try:
            async with self.http.post(url, data=letter.body, headers=headers) as answer:
                await answer.read()
                status = answer.status
        except aiohttp.ClientError:
            status = 0
        return Ack(letter.conversation, due, time.monotonic(), status)

    async def order(self, **orders: Any) -> None:
        """Tell the stand-in how to behave; what it has seen is forgotten."""
        async with self.http.post(f"{self.services}/orders", json=orders) as answer:
            answer.raise_for_status()

    async def report(self) -> Report:
        async with self.http.post(f"{self.services}/posts", json={}) as answer:
            found = await answer.json()
        posts = [Post(*post) for post in found["posts"]]
        answers = tuple(post for post in posts if post.text in ANSWERS)
        return Report(answers, len(posts) - len(answers), found["refused"], found["early"])

    async def answered(self, many: int, patience: float = STUCK) -> Report:
        """Wait until so many answers were taken, or nothing moves any more."""
        seen, since, texts = -1, time.monotonic(), {"texts": ANSWERS}
        while seen < many and time.monotonic() - since < patience:
            async with self.http.post(f"{self.services}/posts", json=texts) as answer:
                now = (await answer.json())["count"]
            if now != seen:
                seen, since = now, time.monotonic()
            await asyncio.sleep(STEP)
        return await self.report()

    async def welcomed(self, many: int, patience: float) -> None:
        """Wait until the product has said so much besides its answers."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while (await self.report()).others < many:  # noqa: ASYNC110  # seen from outside
                    await asyncio.sleep(1)


@asynccontextmanager
async def process(name: str, *words: str) -> AsyncIterator[dict[str, str]]:
    """Run one of our modules and give what it prints first, until the end."""
    command = [sys.executable, "-m", name, *words]
    child = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield json.loads(await child.stdout.readline())
    finally:
        child.stdin.close()
        await child.wait()


@asynccontextmanager
async def town(kind: str) -> AsyncIterator[Town]:
    """A stand-in and senders, without a product yet."""
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=60)
    async with (
        process("tests.bench.chat_services") as where,
        aiohttp.ClientSession(connector=connector, timeout=timeout) as http,
    ):
        url = where["url"]
        slack = kind == "slack"
        medium: Medium = SlackSide(url) if slack else TeamsSide(url, where["token"])
        yield Town(medium, http, url)


@asynccontextmanager
async def product(place: Town, folder: Path) -> AsyncIterator[Deployment]:
    """The product with the town's chat, its people imported and its workspaces known."""
    settings = place.medium.settings()
    deployment = Deployment(folder, settings)
    await asyncio.to_thread(deployment.start)
    try:
        people = [Someone(f"Person {n}", address(n), ZONE) for n in range(PEOPLE)]
        await asyncio.to_thread(settle, deployment, people, folder)
        await _link(place.medium, deployment)
        place.target = f"http://{deployment.url}"
        yield deployment
    finally:
        await asyncio.to_thread(deployment.stop)


async def _link(medium: Medium, deployment: Deployment) -> None:
    """Add the other workspaces of the organisation, as if each had been installed."""
    keys = parse_ring(deployment.settings["keys"])
    store = SqlStore(deployment.settings["database_url"], Sealer(keys))

    def work(tx: Tx) -> None:
        (organisation,) = tx.organisations.all()
        for name, secret in medium.workspaces():
            tx.workspaces.save(Workspace(medium.kind, name, name, organisation.id, secret))

    try:
        await store.transact(work)
    finally:
        store.dispose()


def waiting(deployment: Deployment) -> int:
    """Return how many messages the product has kept and not answered."""
    with closing(sqlite3.connect(deployment.database)) as database:
        (found,) = database.execute("select count(*) from inbound where not done").fetchone()
    return int(found)


def delays(acks: Iterable[Ack], report: Report) -> dict[str, list[float]]:
    """Return by conversation how long after each message its answer came (seconds)."""
    posts: Mapping[str, list[float]] = defaultdict(list)
    for post in report.posts:
        posts[post.conversation].append(post.at)
    found: dict[str, list[float]] = defaultdict(list)
    for ack in acks:
        place = ack.conversation
        if len(found[place]) < len(posts[place]):
            found[place].append(posts[place][len(found[place])] - ack.due)
    return found
