"""Our own events in a calendar: create, replace and delete, each safe to repeat.

The path comes from the UID, so a create that came twice meets itself. Replacing and deleting name
the version they mean; `If-Match: *` is never sent, because iCloud understands it backwards.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from adapters.caldav.discover import join
from adapters.caldav.guard import PROVIDER
from adapters.caldav.http import Dav, Login, Reply, UidConflict
from adapters.caldav.xml import event_with_uid, multistatus
from adapters.ical.codec import same_event, uids_of, write_event
from core.errors import (
    BadData,
    Conflict,
    NotConnected,
    PreconditionFailed,
    RemoteMissing,
)
from core.ports import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from adapters.caldav.quirks import Quirks
    from core.booking.drafts import EventDraft

CALENDAR_TYPE = "text/calendar; charset=utf-8"
HASHED = "sha256:"
TRIES = 3


@dataclass(frozen=True, slots=True)
class Shelf:
    """One calendar, opened for writing."""

    dav: Dav
    login: Login
    calendar: URL
    quirks: Quirks

    async def place(self, draft: EventDraft) -> Receipt:
        """Create the event, or adopt the one that is there with its UID and make it say the same.

        Raises Conflict when the UID is in use where we cannot adopt it, NotConnected when the
        calendar is gone.
        """
        url = self.calendar / f"{draft.uid}.ics"
        try:
            return await self._create(url, draft)
        except PreconditionFailed:
            places: Iterable[URL] = [url]
        except UidConflict as conflict:
            places = [join(self.calendar, href, self.quirks) for href in conflict.hrefs]
        except RemoteMissing as error:
            raise NotConnected("the calendar is gone", provider=PROVIDER) from error
        for place in [*places, *await self._with_uid(draft.uid)]:
            if place.parent.path == self.calendar.parent.path and (
                found := await self._adopt(place, draft)
            ):
                return found
        raise Conflict("the UID is in use in another calendar", provider=PROVIDER)

    async def update(self, receipt: Receipt, draft: EventDraft) -> Receipt:
        """Replace the event. Raises PreconditionFailed when it is not the version of the receipt
        (and does not say what the draft says already), RemoteMissing when it is gone.
        """
        url = URL(receipt.remote_id)
        if _is_strong(receipt.etag):
            try:
                return await self._put(url, draft, {"If-Match": receipt.etag})
            except PreconditionFailed:
                pass
        now = await self._get(url)
        if same_event(_text(now), draft):
            return _receipt(now)
        if _is_strong(receipt.etag) or _version(now) != receipt.etag:
            raise PreconditionFailed("the event was changed meanwhile", provider=PROVIDER)
        return await self._put(url, draft, _if_match(now))

    async def remove(self, receipt: Receipt) -> None:
        """Delete the event, whatever has been done to it meanwhile."""
        url = URL(receipt.remote_id)
        headers = {"If-Match": receipt.etag} if _is_strong(receipt.etag) else {}
        try:
            for _ in range(TRIES):
                try:
                    await self.dav.send(self.login, "DELETE", url, headers=headers)
                except PreconditionFailed:
                    headers = _if_match(await self._get(url))
                else:
                    return
        except RemoteMissing:
            return
        raise PreconditionFailed("the event changes all the time", provider=PROVIDER)

    async def _create(self, url: URL, draft: EventDraft) -> Receipt:
        return await self._put(url, draft, {"If-None-Match": "*"})

    async def _put(self, url: URL, draft: EventDraft, condition: dict[str, str]) -> Receipt:
        """Write the event; a server that does not say which version it made is asked."""
        headers = {"Content-Type": CALENDAR_TYPE, **condition}
        reply = await self.dav.send(
            self.login, "PUT", url, body=write_event(draft), headers=headers
        )
        if reply.etag:
            return Receipt(str(url), reply.etag)
        return _receipt(await self._get(url))

    async def _get(self, url: URL) -> Reply:
        return await self.dav.send(self.login, "GET", url, headers={"Accept": "text/calendar"})

    async def _with_uid(self, uid: str) -> list[URL]:
        """Return where this calendar has an event with the UID, under whatever name."""
        body = event_with_uid(uid)
        try:
            reply = await self.dav.send(
                self.login, "REPORT", self.calendar, body=body, headers={"Depth": "1"}
            )
            found = multistatus(reply.body)
        except (BadData, RemoteMissing):
            return []
        return [join(reply.url, resource.href, self.quirks) for resource in found]

    async def _adopt(self, url: URL, draft: EventDraft) -> Receipt | None:
        """Make an existing event ours and current; None when there is none with our UID."""
        try:
            now = await self._get(url)
        except RemoteMissing:
            return None
        if uids_of(_text(now)) != {draft.uid}:
            return None
        if same_event(_text(now), draft):
            return _receipt(now)
        return await self._put(url, draft, _if_match(now))


def _text(reply: Reply) -> str:
    return reply.body.decode("utf-8", "replace")


def _is_strong(etag: str) -> bool:
    """Whether a tag can stand in If-Match (RFC 9110 13.1.1): quoted, not weak."""
    return etag.startswith('"') and etag.endswith('"') and len(etag) > 2


def _version(reply: Reply) -> str:
    """Return what tells this version from others: the tag, or a hash where there is none."""
    return reply.etag or HASHED + hashlib.sha256(reply.body).hexdigest()


def _if_match(reply: Reply) -> dict[str, str]:
    return {"If-Match": reply.etag} if _is_strong(reply.etag) else {}


def _receipt(reply: Reply) -> Receipt:
    return Receipt(str(reply.url), _version(reply))
