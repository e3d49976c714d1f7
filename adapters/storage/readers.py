"""Units of work that only read SQLite: one thread does them, more come when it is held up.

Python runs one thread at a time. Many threads that read for a tenth of a millisecond each spend
more time in handing over to one another than in reading. So whatever waits is read by one thread,
in its order, on one snapshot, and all of it is told in one go. A long report must not hold up
everybody else: when somebody has waited for `PATIENCE`, another thread comes.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

T = TypeVar("T")
X = TypeVar("X")

PATIENCE = 0.01  # seconds that somebody waits behind others before another thread comes
MOST = 16  # units on one snapshot


@dataclass(slots=True, eq=False)
class Unit(Generic[X]):
    """One unit of work, the how-many-th it is, and who waits for it."""

    number: int
    work: Callable[[X], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        """Tell what it came to; to be called on the event loop."""
        if self.future.done() or self.future.get_loop().is_closed():
            return  # nobody waits any more
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Readers(Generic[X]):
    """The queue of the reading threads. `read` is called on one event loop at a time."""

    def __init__(
        self,
        engine: Engine,
        view: Callable[[Connection], X],
        alone: Callable[[Callable[[X], Any]], Any],
        threads: int,
    ) -> None:
        """Read by `engine` in at most `threads` threads; units get the `view` of a connection.

        `alone` runs a unit in a transaction of its own, where the database failed in a common one.
        """
        self._engine, self._view, self._alone = engine, view, alone
        self._first = ThreadPoolExecutor(1, "store-read")
        self._others = ThreadPoolExecutor(max(1, threads - 1), "store-read-more")
        self._waiting: deque[Unit[X]] = deque()
        self._taking = Lock()
        self._done: deque[Unit[X]] = deque()
        self._count = 0
        self._called = False  # the first thread has still to begin with what waits
        self._watching: asyncio.AbstractEventLoop | None = None

    async def read(self, work: Callable[[X], T]) -> T:
        """Return what a unit came to. Raises what `work` raises, StorageError leaves."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._count += 1
        self._waiting.append(Unit(self._count, work, future))
        if not self._called:
            self._called = True
            self._first.submit(self._drain, loop)
        if self._watching is not loop:
            self._watch(loop)
        return await future

    def shutdown(self) -> None:
        """Let the units that wait end."""
        self._first.shutdown()
        self._others.shutdown()

    # --- on the event loop ----------------------------------------------------------------------

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watching = loop
        loop.call_later(PATIENCE, self._look, loop, self._count)

    def _look(self, loop: asyncio.AbstractEventLoop, count: int) -> None:
        """Tell what is done, and send another thread when something of back then waits still."""
        self._watching = None
        self._tell()
        with suppress(IndexError):  # nothing waits
            late = self._waiting[0].number <= count
            if late:
                self._others.submit(self._drain, loop)
            self._watch(loop)

    def _tell(self) -> None:
        while self._done:
            self._done.popleft().tell()

    # --- in a thread ----------------------------------------------------------------------------

    def _drain(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read until nothing waits."""
        self._called = False
        while True:
            last = self._count  # whoever comes later may have written something we would not see
            first = self._take(last)
            if first is None:
                return
            for unit in self._together(first, last):
                self._single(unit)
            with suppress(RuntimeError):  # the loop has ended, nobody waits
                loop.call_soon_threadsafe(self._tell)

    def _take(self, last: int) -> Unit[X] | None:
        with self._taking:
            if self._waiting and self._waiting[0].number <= last:
                return self._waiting.popleft()
        return None

    def _together(self, first: Unit[X], last: int) -> list[Unit[X]]:
        """Read units on one snapshot; return those for which the database failed."""
        failed: list[Unit[X]] = []
        begun = False
        units = chain((first,), iter(partial(self._take, last), None))
        try:
            with self._engine.begin() as connection:
                tx, begun = self._view(connection), True
                for unit in islice(units, MOST):
                    self._step(unit, tx, failed)
        except DBAPIError:  # at its begin or its end
            if not begun:
                failed.append(first)
        return failed

    def _step(self, unit: Unit[X], tx: X, failed: list[Unit[X]]) -> None:
        try:
            unit.result = unit.work(tx)
        except DBAPIError:
            failed.append(unit)
            return
        except BaseException as error:  # noqa: BLE001  # whoever waits for it is told
            unit.error = error
        self._done.append(unit)

    def _single(self, unit: Unit[X]) -> None:
        try:
            unit.result = self._alone(unit.work)
        except BaseException as error:  # noqa: BLE001  # whoever waits for it is told
            unit.error = error
        self._done.append(unit)
