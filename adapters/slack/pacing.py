"""One message after the other in a conversation, and not more than Slack takes.

docs.slack.dev/apis/web-api/rate-limits: about one message a second in a channel, short bursts
allowed, and several hundred a minute in a workspace. What Slack asks us to wait for a method is
kept, so that the next caller does not ask in vain.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from adapters.slack.errors import PROVIDER
from core.errors import RateLimited

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

CHANNEL = ((1.0, 3), (10.0, 10))  # (seconds, how many) within them
WORKSPACE = ((1.0, 20), (60.0, 240))
LONGEST = 10.0  # seconds that a caller is kept waiting; longer waits are theirs to plan
MOST_LANES = 5000
Limits = tuple[tuple[float, int], ...]


class _Lane:
    """When things happened lately in one conversation or workspace."""

    def __init__(self, limits: Limits) -> None:
        self.lock = asyncio.Lock()
        self.limits = limits
        self.times: deque[float] = deque(maxlen=max(most for _, most in limits))
        self.users = 0

    def wait(self, now: float) -> float:
        """Return the seconds until one more is allowed."""
        free = [
            self.times[-most] + seconds - now
            for seconds, most in self.limits
            if len(self.times) >= most
        ]
        return max(free, default=0.0)


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
        self._workspaces: dict[str, _Lane] = {}
        self._shut: dict[tuple[str, str], float] = {}

    @asynccontextmanager
    async def turn(self, workspace: str, lane: str) -> AsyncIterator[None]:
        """Hold a conversation at its pace. Raises RateLimited when that takes too long."""
        held = self._lanes.setdefault(f"{workspace}|{lane}", _Lane(CHANNEL))
        held.users += 1
        try:
            async with held.lock:
                await self._step(held, self._workspaces.setdefault(workspace, _Lane(WORKSPACE)))
                yield
        finally:
            held.users -= 1
            self._tidy()

    def check(self, workspace: str, method: str) -> None:
        """Raise RateLimited while Slack wants no more of a method."""
        left = self._shut.get((workspace, method), 0.0) - self._now()
        if left > 0:
            raise RateLimited("asked to wait", provider=PROVIDER, retry_after=int(left) + 1)

    def shut(self, workspace: str, method: str, seconds: int) -> None:
        """Keep that Slack wants nothing of a method for some seconds."""
        now = self._now()
        self._shut = {key: at for key, at in self._shut.items() if at > now}
        self._shut[workspace, method] = now + seconds

    async def _step(self, *lanes: _Lane) -> None:
        while (wait := max(lane.wait(self._now()) for lane in lanes)) > 0:
            if wait > LONGEST:
                raise RateLimited("own pace", provider=PROVIDER, retry_after=int(wait) + 1)
            await self._sleep(wait)
        for lane in lanes:
            lane.times.append(self._now())

    def _tidy(self) -> None:
        """Drop conversations in which nothing happens, once there are many."""
        if len(self._lanes) <= MOST_LANES:
            return
        now = self._now()
        for key in [k for k, lane in self._lanes.items() if not lane.users]:
            if not self._lanes[key].times or self._lanes[key].times[-1] + LONGEST < now:
                del self._lanes[key]
