"""Units of work that wait for one writer, committed together.

A commit waits for the disk, which takes longer than most units. What comes in the meantime shares
the next commit: each unit in a savepoint of its own, so that one that fails takes nothing of the
others with it, and nobody is told of a result before the commit has ended.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy.exc import DBAPIError

from core.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import ThreadPoolExecutor

    from sqlalchemy import Connection, Engine

T = TypeVar("T")
X = TypeVar("X")

MOST = 32  # units of one commit: the first waits for the last


@dataclass(slots=True, eq=False)
class Unit(Generic[X]):
    """One unit of work and who waits for it; what it came to is told after the commit."""

    work: Callable[[X], Any]
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        """Tell what it came to."""
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Together(Generic[X]):
    """The queue of one writer, which is the one thread of a pool."""

    def __init__(
        self,
        writer: ThreadPoolExecutor,
        engine: Engine,
        view: Callable[[Connection], X],
        alone: Callable[[Callable[[X], Any]], Any],
    ) -> None:
        """Write in `writer`, by `engine`; units get the `view` of their connection.

        `alone` runs a unit in a transaction of its own, and again when another one was first.
        """
        self._engine, self._view, self._alone = engine, view, alone
        self._writer = writer
        self._waiting: deque[Unit[X]] = deque()
        self._called = False  # the writer has still to begin with what waits

    def add(self, work: Callable[[X], T]) -> Future[T]:
        """Let a unit wait for the writer. To be called in one thread, the event loop's."""
        unit = Unit(work)
        self._waiting.append(unit)
        if not self._called:
            self._called = True
            self._writer.submit(self._drain)
        return unit.future

    def _drain(self) -> None:
        """Carry out what waits, in its order, until nothing does."""
        self._called = False
        while units := self._take():
            stored = len(units) > 1 and self._group(units)
            for unit in units:
                if not stored or isinstance(unit.error, Stale):
                    self._single(unit)
                unit.tell()

    def _take(self) -> list[Unit[X]]:
        units: list[Unit[X]] = []
        while self._waiting and len(units) < MOST:
            unit = self._waiting.popleft()
            if unit.future.set_running_or_notify_cancel():
                units.append(unit)
        return units

    def _group(self, units: Sequence[Unit[X]]) -> bool:
        """Run units in one transaction; False when nothing of it was stored.

        Some errors of SQLite end the whole transaction (sqlite.org/lang_transaction.html,
        "Response To Errors Within A Transaction"), so after any of them none goes on in it.
        """
        try:
            with self._engine.begin() as connection:
                tx = self._view(connection)
                driver: Any = connection.connection.driver_connection
                for unit in units:
                    self._step(driver, tx, unit)
        except Exception:  # noqa: BLE001  # each is tried by itself then, and tells what it meets
            return False
        return True

    def _step(self, driver: Any, tx: X, unit: Unit[X]) -> None:
        """Run a unit in its savepoint. Raises DBAPIError, or the driver's own errors.

        The savepoint is the driver's: SQLAlchemy's costs as much as a small unit.
        """
        driver.execute("SAVEPOINT unit").close()
        try:
            unit.result = unit.work(tx)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001  # whoever waits for it is told
            unit.error = error
            driver.execute("ROLLBACK TO unit").close()
        driver.execute("RELEASE unit").close()

    def _single(self, unit: Unit[X]) -> None:
        unit.result = unit.error = None
        try:
            unit.result = self._alone(unit.work)
        except BaseException as error:  # noqa: BLE001  # whoever waits for it is told
            unit.error = error
