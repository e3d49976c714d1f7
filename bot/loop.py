"""The loop of a queue in the database: claim what is due, do it side by side, stop cleanly.

A crash needs no detection: a claimed row becomes due again when its lease runs out. So the loop
only has to outlive whatever goes wrong, and to finish what is under way before it ends.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from core.ports import Clock

log = structlog.get_logger(__name__)

IDLE = 5.0  # seconds between looks when nothing wakes the loop; other processes add rows too
SHORTEST = 0.2  # seconds until a row that is due by now is looked for again
PAUSE = 2.0  # seconds, after the store itself failed

Row = TypeVar("Row")


class Loop(Generic[Row]):
    """Has rows handled as they come due, at most `batch` at once, until it is stopped."""

    def __init__(
        self,
        claim: Callable[[int], Awaitable[Sequence[Row]]],
        handle: Callable[[Row], Coroutine[Any, Any, None]],
        next_due: Callable[[], Awaitable[int | None]],
        clock: Clock,
        batch: int,
        bell: asyncio.Event | None = None,
    ) -> None:
        """`claim` takes as many due rows as there is room for, `handle` does one and raises
        nothing, `next_due` tells when the next is due (epoch seconds; None for never). `bell` is
        set by whoever has added a row.
        """
        self._claim_rows, self._handle, self._next_due = claim, handle, next_due
        self._clock = clock
        self._batch = batch
        self._woken = bell or asyncio.Event()
        self._stopping = False
        self._running: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Say that there may be something to do now."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; what is under way is finished first."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stopping:
            self._woken.clear()
            try:
                found = await self._claim()
            except Exception as error:  # the loop must outlive a broken store
                log.exception("claim_failed", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
                continue
            for row in found:
                self.start(row)
            if not found or len(self._running) >= self._batch:
                await self._wait()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def drain(self) -> None:
        """Handle everything that is due now, and what follows from it; for tests and tools."""
        while found := await self._claim():
            await asyncio.gather(*(self._handle(row) for row in found))

    def start(self, row: Row) -> None:
        """Begin with one row that is claimed already."""
        task = asyncio.create_task(self._handle(row))
        self._running.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()

    async def _claim(self) -> Sequence[Row]:
        """Take what is due, as far as there is room."""
        room = self._batch - len(self._running)
        return await self._claim_rows(room) if room > 0 else ()

    async def _wait(self) -> None:
        """Sleep until woken, until the next row is due, or for the idle time."""
        pause = IDLE
        if len(self._running) < self._batch:  # else the end of a row wakes us
            due = await self._next_due()
            if due is not None:
                pause = min(IDLE, max(SHORTEST, due - self._clock.now()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), pause)
