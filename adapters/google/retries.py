"""Repeating what may pass: at most three times within one call, with full jitter."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from adapters.google.errors import HOUR, LONG, Failure, typed
from core.errors import RateLimited, Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

RETRIES = 3  # inside one call; afterwards the effect's own schedule
FIRST_WAIT, LONGEST_WAIT = 0.5, 5.0  # seconds; a longer wait is left to the effect's schedule

T = TypeVar("T")


def full_jitter(most: float) -> float:
    """Return a random wait from nothing to `most` seconds."""
    return secrets.SystemRandom().uniform(0, most)


@dataclass(frozen=True, slots=True)
class Retries:
    """How to wait between attempts; tests wait in their own way."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[float], float] = full_jitter

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what `attempt` returns. Raises ProviderError leaves for its Failure.

        It is repeated when the failure may pass, never sooner than the service asks for.
        """
        for count in range(RETRIES):
            try:
                return await attempt()
            except Failure as failure:
                wait = self._wait(failure, count)
                if wait is None:
                    raise typed(failure) from failure.__cause__
                await self.sleep(wait)
        try:
            return await attempt()
        except Failure as failure:
            raise typed(failure) from failure.__cause__

    def _wait(self, failure: Failure, count: int) -> float | None:
        """Return how many seconds to wait before the next attempt; None when there is none."""
        if not failure.again or not isinstance(typed(failure), Unavailable | RateLimited):
            return None
        asked = failure.wait or (HOUR if failure.reason in LONG else 0)
        if asked > LONGEST_WAIT:
            return None
        return asked + self.jitter(min(LONGEST_WAIT, FIRST_WAIT * 2**count))
