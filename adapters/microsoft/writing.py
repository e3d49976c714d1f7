"""Our own events in a calendar: create, replace and delete, each safe to repeat.

A copy is found by an extended property that holds our UID, and a create that comes twice is
known to the service by its transaction id. Attendees are never written, whosever copy it is: the
service would mail them in the person's name.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.microsoft.errors import PROVIDER
from adapters.microsoft.events import (
    MEETING,
    OURS,
    VERSION_PROPERTY,
    Copy,
    found_by,
    link_of,
    transaction_of,
    write_event,
)
from adapters.microsoft.graph import path_of
from adapters.microsoft.recurrence import check
from adapters.microsoft.series import Steps, instances_path, steps
from core.errors import (
    CannotRepeat,
    Conflict,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    RemoteMissing,
    Unavailable,
)
from core.ports import Receipt, Room

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from adapters.microsoft.graph import Graph
    from core.booking.drafts import EventDraft
    from core.links import Grant

TRIES = 3
ROUNDS = 5  # looks at a series, with what differs written in between
TEAMS = "teamsForBusiness"
EXPAND = f"singleValueExtendedProperties($filter=id eq '{VERSION_PROPERTY}')"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One calendar, opened for writing."""

    graph: Graph
    grant: Grant
    calendar_id: str
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def place(self, draft: EventDraft) -> Receipt:
        """Create the copy, or adopt the one that is there with our UID and put it right.

        Raises NotConnected when the calendar is gone, Conflict when the service says that the
        copy exists but does not show it, CannotRepeat for a series that it cannot hold.
        """
        try:
            check(draft.recurrence)
        except CannotRepeat:
            if found := await self._find(draft.uid):
                await self.remove(found.receipt)
            raise
        return await self._settled(await self._place(draft), draft)

    async def _place(self, draft: EventDraft) -> Receipt:
        try:
            if found := await self._find(draft.uid):
                return await self._put_right(found, draft)
            for attempt in range(TRIES):
                try:
                    return (await self._create(draft, attempt)).receipt
                except Conflict:
                    # Known by its transaction id: made just now, or made and deleted before.
                    if found := await self._find(draft.uid):
                        return await self._put_right(found, draft)
        except RemoteMissing as error:
            raise NotConnected("the calendar is gone", provider=PROVIDER) from error
        raise Conflict("the event exists, but it is not shown", provider=PROVIDER)

    async def update(self, receipt: Receipt, draft: EventDraft) -> Receipt:
        """Replace the copy. Raises PreconditionFailed when it is not the version of the receipt
        (and does not say what the draft says already), RemoteMissing when it is gone,
        CannotRepeat as `place`.
        """
        try:
            check(draft.recurrence)
        except CannotRepeat:
            await self.remove(receipt)
            raise
        return await self._settled(await self._update(receipt, draft), draft)

    async def _update(self, receipt: Receipt, draft: EventDraft) -> Receipt:
        now = await self._get(receipt.remote_id)
        if now.says(draft):
            return now.receipt
        # Whether If-Match is obeyed for events is not documented, so versions are compared, too.
        if now.receipt.etag != receipt.etag:
            raise PreconditionFailed("the event was changed meanwhile", provider=PROVIDER)
        return await self._write(now, draft)

    async def remove(self, receipt: Receipt) -> None:
        """Delete the copy, whatever has been done to it meanwhile."""
        try:
            await self.graph.send(self.grant, "DELETE", path_of("me", "events", receipt.remote_id))
        except RemoteMissing:
            return

    async def make_room(self, receipt: Receipt) -> Room | None:
        """Make the copy an online meeting, if it is none, and return how it is joined.

        None where the account has no Teams: a private one, or one without a licence. Raises
        Unavailable while the link is not there yet, RemoteMissing for a copy that is gone.
        """
        path = path_of("me", "events", receipt.remote_id, select=",".join(MEETING))
        event = await self.graph.get(self.grant, path)
        if not event.get("isOnlineMeeting"):
            if not await self._has_teams():
                return None
            wish = {"isOnlineMeeting": True, "onlineMeetingProvider": TEAMS}
            try:
                await self._patch(receipt.remote_id, wish, Copy(event).receipt.etag)
            except InvalidRequest:
                return None
        for attempt in range(TRIES):
            event = await self.graph.get(self.grant, path)
            if link := link_of(event):
                return Room(link, Copy(event).receipt)
            await self.sleep(1.0 + attempt)  # it can appear a moment later (section 5.3)
        raise Unavailable("the meeting has no link yet", provider=PROVIDER)

    # --- the sessions of a series ---

    async def _settled(self, receipt: Receipt, draft: EventDraft) -> Receipt:
        """Make each session of a series what it should be, and look whether it has become so.

        Where that cannot be, the copy is taken away, and CannotRepeat is raised.
        """
        repeats = draft.recurrence
        if repeats is None:
            return receipt
        path = instances_path(receipt.remote_id, repeats)
        for tried in range(ROUNDS):
            todo = steps(await self.graph.pages(self.grant, path), draft, repeats)
            if todo.none:
                return (await self._get(receipt.remote_id)).receipt if tried else receipt
            if todo.lacking:
                receipt = await self._renew(receipt, draft, again=tried > 0)
                path = instances_path(receipt.remote_id, repeats)
            elif not await self._take(todo):
                break
        await self.remove(receipt)
        raise CannotRepeat("its sessions do not become what they should be", provider=PROVIDER)

    async def _renew(self, receipt: Receipt, draft: EventDraft, *, again: bool) -> Receipt:
        """Bring back deleted occurrences: the rule is written anew, and when that was not enough
        (it is not documented whether it is) the whole event.
        """
        if again:
            await self.remove(receipt)
            return await self._place(draft)
        now = (await self._get(receipt.remote_id)).receipt
        times = {name: write_event(draft)[name] for name in ("start", "end", "recurrence")}
        with contextlib.suppress(PreconditionFailed, Conflict):  # it is looked at again anyway
            return await self._patch(now.remote_id, times, now.etag)
        return now

    async def _take(self, todo: Steps) -> bool:
        """Delete and move occurrences; False when the service refuses one of them for good."""
        for remote_id in todo.surplus:
            await self.remove(Receipt(remote_id, ""))
        for remote_id, draft in todo.wrong:
            try:
                now = await self._get(remote_id)  # each write may give all of them new versions
                await self._patch(remote_id, now.differences(draft), now.receipt.etag)
            except InvalidRequest:
                return False
            except (PreconditionFailed, Conflict, RemoteMissing):
                continue  # the next look tells what it is now
        return True

    async def _has_teams(self) -> bool:
        """Whether the calendar's meetings may be held in Teams."""
        path = path_of("me", "calendars", self.calendar_id, select="allowedOnlineMeetingProviders")
        allowed = (await self.graph.get(self.grant, path)).get("allowedOnlineMeetingProviders")
        return isinstance(allowed, list) and TEAMS in allowed

    async def _create(self, draft: EventDraft, attempt: int) -> Copy:
        payload = {
            **write_event(draft),
            "transactionId": transaction_of(draft, self.calendar_id, attempt),
            "showAs": "busy",
            # Nobody else is in the copy, so nobody can answer or propose by it.
            "responseRequested": False,
            "allowNewTimeProposals": False,
        }
        path = path_of("me", "calendars", self.calendar_id, "events")
        return Copy((await self.graph.send(self.grant, "POST", path, payload)).json())

    async def _put_right(self, found: Copy, draft: EventDraft) -> Receipt:
        """Make an existing copy say what the draft says."""
        for _ in range(TRIES):
            if found.says(draft):
                return found.receipt
            try:
                return await self._write(found, draft)
            except PreconditionFailed:
                found = await self._get(found.receipt.remote_id)
        raise PreconditionFailed("the event changes all the time", provider=PROVIDER)

    async def _write(self, now: Copy, draft: EventDraft) -> Receipt:
        """Write what differs. A write that came twice meets itself. Raises PreconditionFailed."""
        at = now.receipt
        try:
            return await self._patch(at.remote_id, now.changes(draft), at.etag)
        except (PreconditionFailed, Conflict):
            later = await self._get(at.remote_id)
            if later.says(draft):
                return later.receipt
            raise PreconditionFailed("the event was changed meanwhile", provider=PROVIDER) from None

    async def _patch(self, remote_id: str, fields: Mapping[str, Any], etag: str) -> Receipt:
        path = path_of("me", "events", remote_id)
        reply = await self.graph.send(self.grant, "PATCH", path, fields, {"If-Match": etag})
        if reply.body:
            return Copy(reply.json()).receipt
        return (await self._get(remote_id)).receipt

    async def _get(self, remote_id: str) -> Copy:
        path = path_of("me", "events", remote_id, select=",".join(OURS), expand=EXPAND)
        return Copy(await self.graph.get(self.grant, path))

    async def _find(self, uid: str) -> Copy | None:
        """Return the copy with our UID in this calendar."""
        path = path_of(
            *("me", "calendars", self.calendar_id, "events"),
            filter=found_by(uid),
            select=",".join(OURS),
            expand=EXPAND,
        )
        found = await self.graph.pages(self.grant, path)
        return Copy(found[0]) if found else None
