"""Claims due effects and has them carried out; stops without losing any.

Nothing here decides anything; order, repetition and giving up are on the rows.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

import structlog

from bot.loop import Loop
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
        self._lease = lease
        self._seen = seen
        self._name = secrets.token_hex(4)
        self._loop = Loop(self._claim, self._carry_out, self._next_due, ports.clock, batch, bell)

    def wake(self) -> None:
        """Say that there may be something to do now."""
        self._loop.wake()

    async def stop(self) -> None:
        """Claim nothing more; what is under way is finished first."""
        self._loop.stop()

    async def run(self) -> None:
        """Work until stopped."""
        await self._ports.store.transact(
            lambda tx: tx.effects.add(next_tend(self._ports.clock.now()))
        )
        await self._loop.run()

    async def drain(self) -> None:
        """Carry out everything that is due now, and what follows from it; for tests and tools."""
        await self._loop.drain()

    async def _claim(self, room: int) -> tuple[Effect, ...]:
        token = f"{self._name}:{secrets.token_hex(8)}"
        now = self._ports.clock.now()
        return await self._ports.store.transact(
            lambda tx: tx.effects.claim(now, self._lease, room, token)
        )

    async def _next_due(self) -> int | None:
        return await self._ports.store.read(lambda tx: tx.effects.next_due())

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
