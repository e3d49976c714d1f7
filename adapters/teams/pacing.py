"""One message after the other in a conversation, and not more than Teams takes.

learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: per bot and conversation
7 sends in 1 s, 8 in 2 s, 60 in 30 s and 1800 in an hour, twice that for questions about members;
30 requests in a second per tenant.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from adapters.teams.errors import PROVIDER
from core.errors import RateLimited

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

SENDS = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
MEMBERS = ((1.0, 14), (2.0, 16), (30.0, 120), (3600.0, 3600))
TENANT = ((1.0, 30),)
LONGEST = 15.0  # seconds that a caller is kept waiting; longer waits are theirs to plan
LANES = 5000


class Pace:
    """When things happened lately, and how long the next one has to wait."""

    def __init__(self, limits: Sequence[tuple[float, int]]) -> None:
        """Keep (seconds, how many) pairs, the shortest first."""
        self._limits = limits
        self._times: deque[float] = deque(maxlen=max(most for _, most in limits))

    def wait(self, now: float) -> float:
        """Return the seconds until one more is allowed."""
        return max(self._free_at(seconds, most) for seconds, most in self._limits) - now

    def mark(self, now: float) -> None:
        """Count one."""
        self._times.append(now)

    def idle(self, now: float) -> bool:
        """Tell whether nothing that was counted matters any more."""
        return not self._times or self._times[-1] + self._limits[-1][0] < now

    def _free_at(self, seconds: float, most: int) -> float:
        """Return when a window of `seconds` has room again."""
        return self._times[-most] + seconds if len(self._times) >= most else float("-inf")


class _Lane:
    """A conversation's turn and pace."""

    def __init__(self, limits: Sequence[tuple[float, int]]) -> None:
        self.lock = asyncio.Lock()
        self.pace = Pace(limits)
        self.users = 0


class Pacer:
    """Gives each conversation its turns."""

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Measure with `now` (seconds that never go back) and wait with `sleep`."""
        self._now, self._sleep = now, sleep
        self._lanes: dict[str, _Lane] = {}
        self._tenants: dict[str, Pace] = {}

    @asynccontextmanager
    async def turn(
        self, tenant: str, lane: str, limits: Sequence[tuple[float, int]] = SENDS
    ) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Hold a conversation; the given call waits for its pace and has to precede each request.

        That call raises RateLimited when the wait would be longer than somebody may be kept.
        """
        held = self._lanes.setdefault(lane, _Lane(limits))
        held.users += 1
        try:
            async with held.lock:
                yield lambda: self._step(tenant, held)
        finally:
            held.users -= 1
            self._tidy()

    async def _step(self, tenant: str, lane: _Lane) -> None:
        paces = (lane.pace, self._tenants.setdefault(tenant, Pace(TENANT)))
        while (wait := max(pace.wait(self._now()) for pace in paces)) > 0:
            if wait > LONGEST:
                seconds = int(wait) + 1
                raise RateLimited("own pace", provider=PROVIDER, retry_after=seconds)
            await self._sleep(wait)
        for pace in paces:
            pace.mark(self._now())

    def _tidy(self) -> None:
        """Drop conversations that nobody waits for, once there are many."""
        if len(self._lanes) <= LANES:
            return
        now = self._now()
        for key in [k for k, lane in self._lanes.items() if not lane.users]:
            if self._lanes[key].pace.idle(now) or len(self._lanes) > 2 * LANES:
                del self._lanes[key]
