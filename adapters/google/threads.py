"""Blocking work beside the event loop: a bounded pool of threads, and few calls per mailbox."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

# A thread waits for one answer, so this is how many calls may be under way at once. Threads are
# started when there is work for them; one that waits costs some tens of kilobytes.
THREADS = 200
SIDE_BY_SIDE = 5  # calls at once per mailbox

T = TypeVar("T")


class Threads:
    """Runs functions in threads, at most five at once for one mailbox."""

    def __init__(self, size: int = THREADS) -> None:
        """Start no thread before there is work."""
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="google")
        self._gates: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def run(self, mailbox: str, work: Callable[[], T]) -> T:
        """Return what `work` returns or raises.

        A caller who gives up leaves at once; the mailbox's place is free again only when the
        thread is, because until then Google still counts the call.
        """
        gate = self._gates.setdefault(mailbox, asyncio.Semaphore(SIDE_BY_SIDE))
        loop = asyncio.get_running_loop()
        await gate.acquire()
        try:
            job = self._pool.submit(work)
        except BaseException:
            gate.release()
            raise

        def leave(_: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
                loop.call_soon_threadsafe(gate.release)

        job.add_done_callback(leave)
        return await asyncio.wrap_future(job)

    async def close(self) -> None:
        """Drop what has not begun and wait for what has."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._pool.shutdown)
