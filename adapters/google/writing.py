"""Our own events in one calendar: create, correct and delete, each safe to repeat.

The id comes from the UID, so a create that came twice meets itself. Corrections name the version
they mean (If-Match). Google is always told to mail nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.google.errors import PROVIDER
from adapters.google.events import (
    MEMBER_FIELDS,
    OWN_FIELDS,
    WRITTEN_FIELDS,
    content,
    correction,
    event_id,
    imported,
    is_import,
    is_there,
    receipt_of,
    says,
    sequence_of,
)
from adapters.google.series import FIELDS, MOST, Step, steps
from core.errors import (
    BadData,
    CannotRepeat,
    Conflict,
    NotConnected,
    PreconditionFailed,
    RemoteMissing,
    Unavailable,
)
from core.ports import Room

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from adapters.google.api import Api
    from core.booking.drafts import EventDraft, Party
    from core.links import Grant
    from core.ports import Receipt

TRIES = 3
MASTER = "recurringEventId"  # of a session that is not as its series has it: that of the series
MEET = "hangoutsMeet"
MEET_LOOKS, MEET_PAUSE = 5, 0.5  # how often, and with how many seconds between, a link is awaited
QUIET: dict[str, Any] = {"sendUpdates": "none"}
# On every write, or Google drops the Meet link that an event has (developers.google.com/workspace/
# calendar/api/guides/create-events).
KEEP_MEET: dict[str, Any] = {"conferenceDataVersion": 1}


@dataclass(frozen=True, slots=True)
class Shelf:
    """One calendar, opened for writing."""

    api: Api
    grant: Grant
    calendar_id: str

    async def place(self, draft: EventDraft) -> Receipt:
        """Create the event, or adopt the one of ours that is there and make it say the same.

        A member's copy is imported, so that it can be answered but not moved (X4). Raises
        NotConnected when the calendar is gone, CannotRepeat for a series that does not become
        what it should be.
        """
        return await self._settled(await self._place(draft), draft)

    async def _place(self, draft: EventDraft) -> Receipt:
        if draft.party is not None:
            return await self._place_member(draft, draft.party)
        body = {"id": event_id(draft.uid), **content(draft)}
        try:
            return receipt_of(await self._write("insert", body=body))
        except Conflict:
            return await self._adopt(event_id(draft.uid), draft)
        except RemoteMissing as error:
            raise NotConnected("the calendar is gone", provider=PROVIDER) from error

    async def update(self, receipt: Receipt, draft: EventDraft) -> Receipt:
        """Correct the event. Raises PreconditionFailed when it is not the version of the receipt
        (and does not say what the draft says already), RemoteMissing when it is gone,
        CannotRepeat as `place`.
        """
        return await self._settled(await self._update(receipt, draft), draft)

    async def _update(self, receipt: Receipt, draft: EventDraft) -> Receipt:
        now = await self._get(receipt.remote_id, MEMBER_FIELDS if draft.party else OWN_FIELDS)
        if not is_there(now):
            raise RemoteMissing("the event was deleted", provider=PROVIDER)
        if says(now, draft):
            return receipt_of(now)
        if now.get("etag") != receipt.etag:
            raise PreconditionFailed("the event was changed meanwhile", provider=PROVIDER)
        if draft.party is not None and is_import(now, draft):
            return await self._import(draft, draft.party, now)
        try:
            return await self._correct(now, draft)
        except PreconditionFailed:
            # Perhaps by ourselves: an answer was lost, and the repetition met its own success.
            now = await self._get(receipt.remote_id)
            if not says(now, draft):
                raise
            return receipt_of(now)

    async def remove(self, receipt: Receipt) -> None:
        """Delete the event, whatever has been done to it meanwhile.

        "Not found" may also mean "no access": it is believed after a second look only.
        """
        where = {"calendarId": self.calendar_id, "eventId": receipt.remote_id}
        try:
            await self.api.call(self.grant, "events", "delete", **where, **QUIET)
        except RemoteMissing as error:
            try:
                now = await self._get(receipt.remote_id)
            except RemoteMissing:
                return
            if is_there(now):
                raise Unavailable("the event could not be deleted", provider=PROVIDER) from error

    async def make_room(
        self, receipt: Receipt, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> Room | None:
        """Give the event a Meet link; None where the calendar's organisation allows none.

        Google makes it after its answer, so it is looked for a few times; asking again later
        with the same request id is ignored by Google and finds the link. Raises Unavailable
        while it is not there, RemoteMissing when the event is gone.
        """
        now = await self._get(receipt.remote_id)
        if not is_there(now):
            raise RemoteMissing("the event was deleted", provider=PROVIDER)
        if not link_of(now) and not await self._allows_meet():
            return None
        if not link_of(now):
            try:
                now = await self._ask_meet(now)
            except PreconditionFailed:  # as in `update`
                now = await self._get(receipt.remote_id)
        for _ in range(MEET_LOOKS):
            if url := link_of(now):
                return Room(url, receipt_of(now))
            if _meet_status(now) == "failure":
                return None
            await sleep(MEET_PAUSE)
            now = await self._get(receipt.remote_id)
        raise Unavailable("the Meet link is not ready", provider=PROVIDER)

    # --- the sessions of a series ---

    async def _settled(self, receipt: Receipt, draft: EventDraft) -> Receipt:
        """Make each session of a series what it should be, and look whether it has become so.

        That exceptions can be imported (for a member's copy) is not documented: where they do
        not become what they should be, the copy is taken away, and CannotRepeat is raised.
        """
        if draft.recurrence is None:
            return receipt
        for tried in range(TRIES):
            wrong = steps(receipt.remote_id, await self._sessions(receipt), draft)
            if not wrong:
                return receipt_of(await self._get(receipt.remote_id)) if tried else receipt
            for step in wrong:
                await self._take(receipt.remote_id, step, draft.party)
        await self.remove(receipt)
        raise CannotRepeat("its sessions do not become what they should be", provider=PROVIDER)

    async def _sessions(self, receipt: Receipt) -> list[dict[str, Any]]:
        """Return all instances, cancelled ones too. Raises BadData."""
        params: dict[str, Any] = {"calendarId": self.calendar_id, "eventId": receipt.remote_id}
        params |= {"showDeleted": True, "maxResults": MOST, "fields": FIELDS}
        found: list[dict[str, Any]] = []
        for _ in range(TRIES):
            page = await self.api.call(self.grant, "events", "instances", **params)
            found += page.get("items", [])
            if not page.get("nextPageToken"):
                return found
            params["pageToken"] = page["nextPageToken"]
        raise BadData("the sessions have no end", provider=PROVIDER)

    async def _take(self, master: str, step: Step, party: Party | None) -> None:
        """Put one session right. Our database is the truth, so no version is named."""
        if step.draft is None:
            where = {"calendarId": self.calendar_id, "eventId": step.remote_id}
            with contextlib.suppress(RemoteMissing):
                await self.api.call(self.grant, "events", "delete", **where, **QUIET)
        elif party is None or (step.old and not is_import(step.old, step.draft)):
            body = correction(step.draft, sequence_of(step.old))
            await self._write("patch", eventId=step.remote_id, body=body)
        else:
            which = {MASTER: master, "originalStartTime": step.original}
            await self._import(step.draft, party, step.old, **which)

    # --- single calls ---

    async def _place_member(self, draft: EventDraft, party: Party) -> Receipt:
        """Import a member's copy, or make the one that is there current."""
        params: dict[str, Any] = {"calendarId": self.calendar_id, "iCalUID": draft.uid}
        params |= {"showDeleted": True}
        try:
            found = await self.api.call(
                self.grant, "events", "list", **params, fields=f"items({MEMBER_FIELDS},{MASTER})"
            )
            items = (item for item in found.get("items", []) if MASTER not in item)
            old: dict[str, Any] = next(items, {})
            if old and not is_there(old):
                old = {"sequence": sequence_of(old)}  # what was answered on it went with it
            if old and says(old, draft):
                return receipt_of(old)
            return await self._import(draft, party, old)
        except RemoteMissing as error:
            raise NotConnected("the calendar is gone", provider=PROVIDER) from error

    async def _import(
        self, draft: EventDraft, party: Party, old: Mapping[str, Any], **which: Any
    ) -> Receipt:
        """Write a member's copy. Google finds it by the UID: what comes again replaces it.

        `which` names the session of a series, where it is about one.
        """
        body = imported(draft, party, self.grant.secret.get("email", ""), old) | which
        written = await self.api.call(
            self.grant,
            "events",
            "import_",
            calendarId=self.calendar_id,
            body=body,
            fields=WRITTEN_FIELDS,
            **KEEP_MEET,
        )
        return receipt_of(written)

    async def _adopt(self, remote_id: str, draft: EventDraft) -> Receipt:
        """Make our event that is there (or was deleted: its id stays taken) current."""
        for _ in range(TRIES):
            now = await self._get(remote_id)
            if says(now, draft):
                return receipt_of(now)
            try:
                return await self._correct(now, draft)
            except PreconditionFailed:
                continue
        raise PreconditionFailed("the event changes all the time", provider=PROVIDER)

    async def _correct(self, now: dict[str, Any], draft: EventDraft) -> Receipt:
        seen = receipt_of(now)
        body = correction(draft, sequence_of(now))
        if draft.recurrence is None and now.get("recurrence"):
            body["recurrence"] = None
        answer = await self._write("patch", etag=seen.etag, eventId=seen.remote_id, body=body)
        return receipt_of(answer)

    async def _write(self, method: str, etag: str = "", **params: Any) -> dict[str, Any]:
        return await self.api.call(
            self.grant,
            "events",
            method,
            etag,
            calendarId=self.calendar_id,
            fields=params.pop("fields", WRITTEN_FIELDS),
            **params,
            **QUIET,
            **KEEP_MEET,
        )

    async def _get(self, remote_id: str, fields: str = OWN_FIELDS) -> dict[str, Any]:
        return await self.api.call(
            self.grant,
            "events",
            "get",
            calendarId=self.calendar_id,
            eventId=remote_id,
            fields=fields,
        )

    async def _ask_meet(self, now: dict[str, Any]) -> dict[str, Any]:
        seen = receipt_of(now)
        request = {"requestId": seen.remote_id, "conferenceSolutionKey": {"type": MEET}}
        return await self._write(
            "patch",
            etag=seen.etag,
            eventId=seen.remote_id,
            body={"conferenceData": {"createRequest": request}},
            fields=OWN_FIELDS,
        )

    async def _allows_meet(self) -> bool:
        entry = await self.api.call(
            self.grant,
            "calendarList",
            "get",
            calendarId=self.calendar_id,
            fields="conferenceProperties",
        )
        try:
            return MEET in entry["conferenceProperties"]["allowedConferenceSolutionTypes"]
        except (KeyError, TypeError):
            return False


def link_of(event: dict[str, Any]) -> str:
    """Return an event's Meet link, or nothing. Raises BadData for one that is no address."""
    found = event.get("hangoutLink", "")
    if found and not str(found).startswith("https://"):
        raise BadData("a Meet link that is no address", provider=PROVIDER)
    return str(found)


def _meet_status(event: dict[str, Any]) -> str:
    data = event.get("conferenceData") or {}
    status = data.get("createRequest", {}).get("status", {})
    return str(status.get("statusCode", "pending"))
