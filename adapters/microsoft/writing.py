"""Our own events in a calendar: create, replace and delete, each safe to repeat.

A copy is found by an extended property that holds our UID, and a create that comes twice is
known to the service by its transaction id. Attendees are never written, whosever copy it is: the
service would mail them in the person's name.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.microsoft.errors import PROVIDER
from adapters.microsoft.events import (
    MEETING,
    OURS,
    UID_PROPERTY,
    VERSION_PROPERTY,
    Copy,
    link_of,
    transaction_of,
    write_event,
)
from adapters.microsoft.graph import path_of
from core.errors import (
    Conflict,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    RemoteMissing,
    Unavailable,
)
from core.ports import Room

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from adapters.microsoft.graph import Graph
    from core.booking.drafts import EventDraft
    from core.links import Grant
    from core.ports import Receipt

TRIES = 3
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
        copy exists but does not show it.
        """
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
        (and does not say what the draft says already), RemoteMissing when it is gone.
        """
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

    async def _has_teams(self) -> bool:
        """Whether the calendar's meetings may be held in Teams (microsoft.md section 5.3)."""
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
        quoted = uid.replace("'", "''")
        ours = f"ep/id eq '{UID_PROPERTY}' and ep/value eq '{quoted}'"
        path = path_of(
            *("me", "calendars", self.calendar_id, "events"),
            filter=f"singleValueExtendedProperties/Any(ep: {ours})",
            select=",".join(OURS),
            expand=EXPAND,
        )
        found = await self.graph.pages(self.grant, path)
        return Copy(found[0]) if found else None
