"""The loop that claims due effects and carries them out; stops without losing any.

A crash needs no detection: a claimed row becomes due again when its lease runs out. Nothing
here decides anything; order, repetition and giving up are on the rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING

import structlog

from core.errors import TandemError
from core.use_cases.deliver import deliver, next_tend

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.effects import Effect
    from core.ports import Ports
    from core.use_cases.deliver import Means

log = structlog.get_logger(__name__)

LEASE = 120  # seconds; a mail or a calendar write gives up by itself after 30 s
ENOUGH = 0.8  # of the lease: an act that takes longer is cut off, before its row is due again
BATCH = 16
IDLE = 5.0  # seconds between looks when nothing wakes the worker; other processes add rows too
PAUSE = 2.0  # after the store itself failed


class Worker:
    """Carries out effects until it is stopped."""

    def __init__(
        self,
        ports: Ports,
        means: Means,
        bell: asyncio.Event | None = None,
        *,
        batch: int = BATCH,
        lease: int = LEASE,
        seen: Callable[[Effect], None] | None = None,
    ) -> None:
        """Keep the ports and the means.

        `bell` wakes the worker when somebody has queued something; `seen` hears of each effect
        that was carried out. After `lease` seconds the work of a crashed process is taken up
        again; any value is safe, because no act of a living one outlasts it.
        """
        self._ports = ports
        self._means = means
        self._batch = batch
        self._lease = lease
        self._seen = seen
        self._woken = bell or asyncio.Event()
        self._stopping = False
        self._name = secrets.token_hex(4)
        self._running: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Say that there may be something to do now."""
        self._woken.set()

    async def stop(self) -> None:
        """Claim nothing more; what is under way is finished first."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Work until stopped."""
        await self._ports.store.transact(
            lambda tx: tx.effects.add(next_tend(self._ports.clock.now()))
        )
        while not self._stopping:
            self._woken.clear()
            try:
                found = await self._claim()
            except Exception as error:  # the loop must outlive a broken store
                log.exception("claim_failed", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
                continue
            for effect in found:
                task = asyncio.create_task(self._carry_out(effect))
                self._running.add(task)
                task.add_done_callback(self._done)
            if not found or len(self._running) >= self._batch:
                await self._wait()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def drain(self) -> None:
        """Carry out everything that is due now, and what follows from it; for tests and tools."""
        while found := await self._claim():
            await asyncio.gather(*(self._carry_out(effect) for effect in found))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()

    async def _claim(self) -> tuple[Effect, ...]:
        """Take what is due, as far as there is room."""
        room = self._batch - len(self._running)
        if room <= 0:
            return ()
        token = f"{self._name}:{secrets.token_hex(8)}"
        now = self._ports.clock.now()
        return await self._ports.store.transact(
            lambda tx: tx.effects.claim(now, self._lease, room, token)
        )

    async def _carry_out(self, effect: Effect) -> None:
        """Carry out one effect; a fault of ours leaves it to its lease."""
        try:
            async with asyncio.timeout(self._lease * ENOUGH):
                state = await deliver(self._ports, self._means, effect)
        except (TandemError, TimeoutError) as error:
            log.warning("effect_failed", kind=effect.kind, error=type(error).__name__)
        except Exception as error:  # one bad row must not stop the others
            log.exception("effect_failed", kind=effect.kind, error=type(error).__name__)
        else:
            if self._seen and state is not None:
                self._seen(effect)
            log.info("effect", kind=effect.kind, state=state or "retry", attempts=effect.attempts)

    async def _wait(self) -> None:
        """Sleep until woken, until the next row is due, or for the idle time."""
        due = await self._ports.store.read(lambda tx: tx.effects.next_due())
        pause = IDLE
        if due is not None and len(self._running) < self._batch:
            pause = min(IDLE, max(0.2, due - self._ports.clock.now()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), pause)
