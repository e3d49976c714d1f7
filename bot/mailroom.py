"""The loop that reads the assistant's mailbox; a lost connection is patiently made again.

A mail is read, taken by the core in one transaction together with how far the mailbox is read,
and only then marked as read. What a crash cuts off is done again and is known by then. One mail
that our own fault cannot handle is tried a few times and then left unread, so that a person can
find it. Logged are kinds and counts, never a word or an address.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.message import holds_credential
from core.errors import NotConnected, ProviderError
from core.mail_in import Position, note_mailbox
from core.use_cases.take_mail import Taken, position_of, skip_mail, take_mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.mail_in import MailBox, MailIn
    from core.ports import Ports

log = structlog.get_logger(__name__)

POLL = 60.0  # seconds between looks, however quiet the server is
FIRST_LOOK = 7 * 86_400  # how old an unread mail may be in a mailbox that is new to us
PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds before connecting again
REFUSED_PAUSE = 300.0  # after a refused login: more tries would only lock the account
MOST_TRIES = 3  # of a mail that fails by our own fault
DEADLINE = 30.0  # seconds in which one mail is taken apart


class Mailroom:
    """Reads a mailbox until stopped."""

    def __init__(
        self,
        ports: Ports,
        box: MailBox,
        read: Callable[[bytes], MailIn],
        wake: Callable[[], None],
        *,
        poll: float = POLL,
        pause: float = PAUSE,
    ) -> None:
        """Keep the mailbox, how a mail is taken apart, and what wakes the worker."""
        self._ports = ports
        self._box = box
        self._read = read
        self._wake = wake
        self._poll = poll
        self._pause = pause
        self._stopped = asyncio.Event()
        self._failures = 0
        self._tries: dict[int, int] = {}
        self._told = ""  # what the store knows of the mailbox: well, refused, lost

    async def run(self) -> None:
        """Read until stopped; whatever goes wrong is tried again later."""
        while not self._stopped.is_set():
            try:
                await self._session()
            except NotConnected as error:
                log.error("mailbox_refused", why=error.detail, mend="TANDEM_IMAP_URL")  # noqa: TRY400
                await self._rest("refused")
            except ProviderError as error:
                log.warning("mailbox_lost", error=type(error).__name__, why=error.detail)
                await self._rest("lost")
            except Exception as error:  # noqa: BLE001  # the loop must outlive a broken store
                # No trace: it may show what a mail holds.
                log.error("mailbox_failed", error=type(error).__name__)  # noqa: TRY400
                await self._rest("failed")
        await self._leave()

    async def stop(self) -> None:
        """Take no further mail; the one under way is finished first."""
        self._stopped.set()
        await self._leave()

    async def drain(self) -> list[Taken]:
        """Connect, take what is there, and leave; for tests and tools. Raises ProviderError."""
        try:
            return await self._round(await self._box.open())
        finally:
            await self._leave()

    async def check(self) -> None:
        """Connect and leave, to see whether it can be done. Raises ProviderError."""
        try:
            await self._box.open()
        finally:
            await self._leave()

    async def _session(self) -> None:
        """Read on one connection until it is lost or we are stopped."""
        validity = await self._box.open()
        await self._tell("well")
        while not self._stopped.is_set():
            await self._round(validity)
            self._failures = 0
            if not self._stopped.is_set():
                await self._box.wait(self._poll)

    async def _round(self, validity: int) -> list[Taken]:
        """Take every new mail, oldest first."""
        name = self._box.name
        known = await position_of(self._ports, name)
        after = known.uid if known is not None and known.validity == validity else None
        taken: list[Taken] = []
        for uid in await self._box.new(after, self._ports.clock.now() - FIRST_LOOK):
            if self._stopped.is_set():
                break
            found = await self._one(Position(name, validity, uid))
            if found is not None:
                taken.append(found)
        return taken

    async def _one(self, position: Position) -> Taken | None:
        """Take one mail and mark it as read; None for one that is gone or given up."""
        data = await self._box.fetch(position.uid)
        if data is None:
            await skip_mail(self._ports, position)
            return None
        try:
            taken = await self._take(data, position)
        except Exception as error:
            tries = self._tries.get(position.uid, 0) + 1
            self._tries[position.uid] = tries
            if tries < MOST_TRIES:
                raise
            log.error("mail_given_up", error=type(error).__name__)  # noqa: TRY400  # no trace
            await skip_mail(self._ports, position)
            return None
        self._tries.pop(position.uid, None)
        log.info("mail", taken=taken)
        self._wake()
        await self._box.done(position.uid)
        return taken

    async def _take(self, data: bytes, position: Position) -> Taken:
        async with asyncio.timeout(DEADLINE):
            mail = await asyncio.to_thread(self._read, data)
        if holds_credential(mail.text):  # nothing that seems to hold a password is kept (A14)
            mail = replace(mail, text="")
        return await take_mail(self._ports, mail, position)

    async def _tell(self, state: str) -> None:
        """Remember for the doctor whether the mailbox can be read."""
        if state == self._told:
            return
        now, well = self._ports.clock.now(), state == "well"
        await self._ports.store.transact(
            lambda tx: note_mailbox(tx, now, well=well, refused=state == "refused")
        )
        if well:
            log.info("mailbox_open")
        self._told = state

    async def _rest(self, state: str) -> None:
        """Wait before the next try: longer each time, not at all when stopped.

        Where our own fault was in the way, that is the log's to tell, and not the mailbox's.
        """
        self._failures += 1
        if state != "failed" and not self._stopped.is_set():
            with contextlib.suppress(Exception):  # the store may be away as well
                await self._tell(state)
        longest = min(LONGEST_PAUSE, self._pause * 2 ** min(self._failures, 10))
        pause = random.uniform(self._pause, longest)  # noqa: S311  # jitter
        if state == "refused":
            pause = max(pause, REFUSED_PAUSE)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), pause)

    async def _leave(self) -> None:
        with contextlib.suppress(ProviderError):
            await self._box.close()
