"""The durable inbox: what came in is kept before a chat is told so, and answered afterwards.

A chat sends an event again when it gets no quick answer (A42): its key is known then, and nothing
happens. A row is closed after its answer was sent, so a process that dies in between loses
nothing. What is done again then is at most the turn under way: a decision that was stored before
the end is met as already taken (what is booked stays one booking), and only an answer whose
sending was cut off can come twice. What belongs to one conversation is answered in order.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.converse.state import key_of
from bot.holder import is_gone, own_name
from bot.loop import Loop
from bot.message import Incoming, Place, holds_credential, readable
from bot.switchboard import SHUT, UndeliveredError
from core.effects import retry_at
from core.errors import InvalidRequest, ProviderError, RateLimited, TandemError
from core.people import ChatIdentity
from core.ports import Inbound

if TYPE_CHECKING:
    from bot.switchboard import Answer, Sent, Switchboard
    from core.ports import Ports, Tx

log = structlog.get_logger(__name__)

LEASE = 120  # seconds; a turn gives up by itself before
ENOUGH = 0.8  # of the lease: a turn that takes longer is cut off, before its row is due again
BATCH = 64  # turns at once; each may wait for its chat for seconds, and others must not for it
MOST_TRIES = 3  # of a turn that fails by our own fault
PATIENCE = 3600  # seconds for which an answer waits for its chat to come back
MOST_TEXT = 8_000  # characters of a message that are kept; the bot reads half of them
MOST_VALUE = 20_000  # characters of one entry of a form
MOST_VALUES = 100
LONGEST_KEY = 500
WITHHELD = "my password is (not kept)"  # stands for a message that seemed to hold one (A14)
HOPELESS = (*SHUT, InvalidRequest)  # errors of a chat after which no other try helps


# --- what is kept of it -------------------------------------------------------------------------


def cleaned(incoming: Incoming) -> Incoming:
    """Return what may be kept: readable, of a sane size, and without a typed password."""
    text = readable(incoming.text[: 2 * MOST_TEXT])[:MOST_TEXT]
    values = {
        readable(name)[:MOST_VALUE]: readable(value[:MOST_VALUE])
        for name, value in list(incoming.values.items())[:MOST_VALUES]
    }
    return replace(
        incoming,
        text=WITHHELD if holds_credential(text) or holds_credential(incoming.text) else text,
        action=readable(incoming.action)[:255],
        values=values,
        file_name=readable(incoming.file_name)[:200],
        file_text=_storable(incoming.file_text),
    )


def _name(key: str) -> str:
    """Return a key that every database takes: long or odd ones by their digest."""
    if len(key) <= LONGEST_KEY and key.isprintable():
        return key
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _storable(text: str) -> str:
    """Return a text that can be written as UTF-8."""
    return text.encode(errors="replace").decode()


def as_body(incoming: Incoming) -> str:
    """Return the form in which it waits (sealed)."""
    return json.dumps(
        {
            "who": list(incoming.who),
            "place": list(incoming.place),
            "text": incoming.text,
            "action": incoming.action,
            "values": dict(incoming.values),
            "file_name": incoming.file_name,
            "file_text": incoming.file_text,
            "event_id": incoming.event_id,
            "private": incoming.private,
            "zone": incoming.zone,
            "ref": incoming.ref,
        }
    )


def from_body(body: str) -> Incoming:
    """Read it back."""
    data: dict[str, Any] = json.loads(body)
    who, place = ChatIdentity(*data.pop("who")), Place(*data.pop("place"))
    return Incoming(who, place, **data)


def _release(tx: Tx, lease: str, now: int) -> None:
    tx.inbox.release(lease, now)


# --- the loop -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Try:
    """One claimed row, opened."""

    row: Inbound
    incoming: Incoming


class InboxWorker:
    """Keeps what comes in, and has it answered by the switchboard until stopped."""

    def __init__(
        self,
        ports: Ports,
        switchboard: Switchboard,
        bell: asyncio.Event | None = None,
        *,
        batch: int = BATCH,
        lease: int = LEASE,
    ) -> None:
        """Keep the ports and who answers; `bell` wakes the loop when something was kept.

        After `lease` seconds what a crashed process had begun is taken up again.
        """
        self._ports = ports
        self._switchboard = switchboard
        self._lease = lease
        self._name = own_name()
        self._loop = Loop(self._claim, self._handle, self._next_due, ports.clock, batch, bell)
        self._answers: dict[str, Answer] = {}  # decided, but not taken by the chat yet
        self._patient: set[str] = set()  # rows that wait because the chat asked for it
        self._waiting: dict[str, asyncio.Future[tuple[Sent, ...]]] = {}

    # --- what comes in ------------------------------------------------------------------------

    async def receive(self, incoming: Incoming) -> bool:
        """Keep what came in; False when it was kept before. Then the chat may be told so."""
        row = self._row(incoming, self._key(incoming))
        kept = await self._ports.store.transact(lambda tx: tx.inbox.put(row))
        self.wake()
        return kept

    async def answer(self, incoming: Incoming) -> tuple[Sent, ...]:
        """Keep what came in, answer it here and now, and return what was shown for it.

        For a chat that shows the answer in the same response; empty for a repetition. Raises what
        a first try failed with; it is tried again all the same. The row is
        ours from the start, so that no other process answers it; should this one be killed, its
        lease runs out like any other.
        """
        row = self._row(incoming, self._key(incoming))
        held = replace(row, attempts=1, lease=f"{self._name}:{secrets.token_hex(8)}")
        waiting: asyncio.Future[tuple[Sent, ...]] = asyncio.get_running_loop().create_future()
        if self._waiting.setdefault(row.key, waiting) is not waiting:
            return ()
        try:
            kept, queued = await self._ports.store.transact(lambda tx: self._keep(tx, row, held))
            if not kept:
                return ()
            if queued:
                self.wake()
            else:
                self._loop.start(held)
            return await asyncio.wait_for(waiting, self._lease)
        except TimeoutError:
            return ()
        finally:
            self._waiting.pop(row.key, None)

    def _keep(self, tx: Tx, row: Inbound, held: Inbound) -> tuple[bool, bool]:
        """Keep a row: as `held` by us, or to be answered in its turn after what another process
        has begun, perhaps before it was killed: what was said first must not be done last.
        """
        if tx.inbox.busy(row.lane, self._name):
            return tx.inbox.put(row), True
        return tx.inbox.put(held, held.at + self._lease), False

    def _key(self, incoming: Incoming) -> str:
        """Return by what a repetition is known; an event without an id is never one."""
        place = incoming.place
        event = incoming.event_id or f"#{self._ports.ids.new()}"
        return _name(f"{place.kind}|{place.workspace}|{event}")

    def _row(self, incoming: Incoming, key: str) -> Inbound:
        lane = _name(key_of(incoming.place, incoming.who))
        return Inbound(key, lane, as_body(cleaned(incoming)), self._ports.clock.now())

    # --- the loop -----------------------------------------------------------------------------

    def wake(self) -> None:
        """Say that there may be something to answer now."""
        self._loop.wake()

    async def stop(self) -> None:
        """Claim nothing more; what is under way is finished first."""
        self._loop.stop()

    async def run(self) -> None:
        """Answer until stopped."""
        with contextlib.suppress(TandemError):  # else their leases run out
            await self._take_over()
        await self._loop.run()

    async def drain(self) -> None:
        """Answer everything that is due now; for tests and tools."""
        await self._loop.drain()

    async def _take_over(self) -> None:
        """Free what processes had begun that have ended on this machine."""
        leases = await self._ports.store.read(lambda tx: tx.inbox.leases())
        now = self._ports.clock.now()
        for lease in sorted(one for one in leases if is_gone(one.partition(":")[0])):
            await self._ports.store.transact(partial(_release, lease=lease, now=now))

    async def _claim(self, room: int) -> tuple[Inbound, ...]:
        token = f"{self._name}:{secrets.token_hex(8)}"
        now = self._ports.clock.now()
        return await self._ports.store.transact(
            lambda tx: tx.inbox.claim(now, self._lease, room, token)
        )

    async def _next_due(self) -> int | None:
        return await self._ports.store.read(lambda tx: tx.inbox.next_due())

    # --- one row ------------------------------------------------------------------------------

    async def _handle(self, row: Inbound) -> None:
        """Answer one row; a fault of the store leaves it to its lease."""
        try:
            one = _Try(row, from_body(row.body))
            async with asyncio.timeout(self._lease * ENOUGH):
                await self._close(row, await self._turn(one))
        except Exception as error:  # noqa: BLE001  # one bad row must not stop the others
            self._report(row, error)
            try:
                await self._failed(row, error)
            except Exception as worse:  # the store is away: the lease brings the row back
                log.exception("inbound_failed", error=type(worse).__name__)

    def _report(self, row: Inbound, error: Exception) -> None:
        """Let whoever waits for the answer hear why there is none yet; the row is tried again."""
        waiting = self._waiting.pop(row.key, None)
        if waiting is not None and not waiting.done():
            cause = error.__cause__ if isinstance(error, UndeliveredError) else None
            waiting.set_exception(cause or error)

    async def _turn(self, one: _Try) -> tuple[Sent, ...]:
        """Decide and show, or show only what is left of a decision."""
        key = one.row.key
        begun = self._answers.pop(key, None)
        if begun is not None:
            return await self._switchboard.deliver(begun)
        if one.row.attempts > MOST_TRIES and key not in self._patient:
            await self._switchboard.fail(one.incoming)
            return ()
        return await self._switchboard.turn(one.incoming)

    async def _close(self, row: Inbound, sent: tuple[Sent, ...] = ()) -> None:
        """Say that a row was answered; its words are wiped."""
        await self._ports.store.transact(lambda tx: tx.inbox.close(row))
        self._patient.discard(row.key)
        waiting = self._waiting.pop(row.key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(sent)

    async def _failed(self, row: Inbound, error: Exception) -> None:
        """Put a row back, or close it where no other try would help."""
        cause: BaseException = error
        if isinstance(error, UndeliveredError) and error.__cause__ is not None:
            cause = error.__cause__
        due_at = self._again(row, cause)
        if due_at is None:
            await self._close(row)
            return
        if isinstance(error, UndeliveredError):
            self._answers[row.key] = error.answer
        await self._ports.store.transact(lambda tx: tx.inbox.retry(row, due_at))

    def _again(self, row: Inbound, cause: BaseException) -> int | None:
        """Return when to try again, None for never: a chat that is away is waited for, a fault of
        our own is not repeated for ever.
        """
        now, name = self._ports.clock.now(), type(cause).__name__
        if not isinstance(cause, ProviderError):
            log.error("inbound_failed", error=name, attempts=row.attempts, exc_info=cause)
            return None if row.attempts > MOST_TRIES else retry_at(now, row.attempts)
        log.warning("inbound_failed", error=name, attempts=row.attempts)
        if isinstance(cause, HOPELESS) or now - row.at > PATIENCE:
            return None
        self._patient.add(row.key)
        wait = cause.retry_after if isinstance(cause, RateLimited) else 0
        return retry_at(now, row.attempts, wait)
