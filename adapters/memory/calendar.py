"""A calendar service in memory: every promise of the ports, with times and errors on demand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from core.errors import (
    AccessRevoked,
    CannotRepeat,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    ProviderError,
    RemoteMissing,
    Unavailable,
)
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, RemoteCalendar
from core.ports import Busy, BusyAnswer, CalendarService, Receipt, Room, Unknown, Verified
from core.timing.zones import day_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.booking.drafts import EventDraft
    from core.booking.meeting import Rsvp
    from core.timing.spans import Span


WITH_ROOMS = frozenset({Provider.GOOGLE, Provider.MICROSOFT})
WITH_INBOX = frozenset({Provider.MICROSOFT})


@dataclass(slots=True)
class _Shelf:
    """One calendar: its owner's foreign busy spans and whole days, our events and their rooms by
    remote id, and invitations that came by mail by UID.
    """

    calendar: RemoteCalendar
    owner: str
    foreign: list[tuple[Busy, str]] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    events: dict[str, tuple[EventDraft, str]] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    filed: dict[str, tuple[Span, Rsvp]] = field(default_factory=dict)


@dataclass(slots=True)
class _Trouble:
    """The next `times` calls fail with `error`; for `calendar_id` only, when it is given."""

    error: ProviderError
    times: int
    calendar_id: str | None


class MemoryCalendars:
    """Connector, busy source and writer on dictionaries, and what the provider has besides.

    `delay` seconds pass before each answer; `asked` counts the calendars that were read; with
    `meets` off accounts have no rooms to give, with `series` off events do not repeat, with
    `rules` off none can repeat as it is asked to.
    """

    def __init__(self, provider: Provider = Provider.CALDAV) -> None:
        """Begin without accounts."""
        self.provider = provider
        self.delay = 0.0
        self.asked = 0
        self.meets = True
        self.series = True
        self.rules = True
        self._passwords: dict[str, str] = {}
        self._shelves: dict[str, _Shelf] = {}
        self._versions = count(1)
        self._trouble: list[_Trouble] = []
        self._lost = 0

    def service(self) -> CalendarService:
        """Return the sides of this adapter that the provider's service has."""
        inbox = self if self.provider in WITH_INBOX else None
        rooms = self if self.provider in WITH_ROOMS else None
        return CalendarService(self, self, self, inbox=inbox, rooms=rooms, series=self.series)

    # --- what tests arrange and see ---

    def open_account(self, username: str, password: str) -> None:
        """Add an account, or give it another password."""
        self._passwords[username] = password

    def add_calendar(
        self, username: str, name: str, *, writable: bool = True, default: bool = False
    ) -> str:
        """Add a calendar to an account and return its id."""
        calendar_id = f"memory://{username}/{len(self._shelves)}"
        found = RemoteCalendar(calendar_id, name, writable, default)
        self._shelves[calendar_id] = _Shelf(found, username)
        return calendar_id

    def grant(self, username: str, person_id: str, grant_id: str = "") -> Grant:
        """Return a grant that opens an account."""
        secret = {"username": username, "password": self._passwords[username]}
        return Grant(
            GrantId(grant_id or f"grant-{username}"),
            PersonId(person_id),
            self.provider,
            username,
            secret,
        )

    def set_busy(self, calendar_id: str, spans: Iterable[Busy]) -> None:
        """Replace the foreign busy spans of a calendar."""
        self._shelves[calendar_id].foreign = [(busy, "") for busy in spans]

    def add_busy(self, calendar_id: str, busy: Busy, uid: str = "") -> None:
        """Add one foreign busy span."""
        self._shelves[calendar_id].foreign.append((busy, uid))

    def add_day(self, calendar_id: str, day: date) -> None:
        """Add a whole day that is busy."""
        self._shelves[calendar_id].days.append(day)

    def events(self, calendar_id: str) -> list[EventDraft]:
        """Return our events in a calendar, by start."""
        drafts = [draft for draft, _ in self._shelves[calendar_id].events.values()]
        return sorted(drafts, key=lambda draft: draft.start)

    def file(self, calendar_id: str, uid: str, span: Span, answer: Rsvp) -> None:
        """Put in an invitation that came by mail, or its owner's answer to it."""
        self._shelves[calendar_id].filed[uid] = span, answer

    def touch(self, receipt: Receipt) -> None:
        """Change one of our events as its owner might: it gets another version."""
        shelf = self._holding(receipt.remote_id)
        draft, _ = shelf.events[receipt.remote_id]
        shelf.events[receipt.remote_id] = draft, self._version()

    def drop(self, receipt: Receipt) -> None:
        """Delete one of our events as its owner might."""
        del self._holding(receipt.remote_id).events[receipt.remote_id]

    def fail(self, error: ProviderError, times: int = 1, calendar_id: str | None = None) -> None:
        """Let the next `times` requests fail, of one calendar only when it is given."""
        self._trouble.append(_Trouble(error, times, calendar_id))

    def heal(self) -> None:
        """Forget all failures that were ordered."""
        self._trouble.clear()

    def lose_answer(self) -> None:
        """Let the next write succeed and its answer be lost."""
        self._lost += 1

    # --- Connector ---

    async def verify(self, form: Mapping[str, str]) -> Verified:
        """Open an account with `username` and `password`. Raises AccessRevoked."""
        username, password = form.get("username", ""), form.get("password", "")
        if not username or not password:
            raise InvalidRequest("account name and password are needed", provider=self.provider)
        await self._answer(username, password)
        return Verified(username, {"username": username, "password": password})

    async def calendars(self, grant: Grant) -> list[RemoteCalendar]:
        """Return the calendars of an account."""
        username = await self._open(grant)
        return [shelf.calendar for shelf in self._shelves.values() if shelf.owner == username]

    async def revoke(self, grant: Grant) -> None:
        """Do nothing, as CalDAV does."""

    # --- BusySource ---

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Return an answer per calendar. Raises AccessRevoked and ConsentRequiredByAdmin."""
        answers: dict[str, BusyAnswer | Unknown] = {}
        for calendar_id in dict.fromkeys(calendars):
            self.asked += 1
            try:
                username = await self._open(grant, calendar_id)
                shelf = self._shelf(username, calendar_id)
            except (AccessRevoked, ConsentRequiredByAdmin):
                raise
            except ProviderError as error:
                answers[calendar_id] = Unknown(error.detail)
            else:
                answers[calendar_id] = _answer(shelf, window, zone, ignore)
        return answers

    # --- CalendarWriter ---

    async def place(self, grant: Grant, calendar_id: str, draft: EventDraft) -> Receipt:
        """Create the event, or make the one with its UID say the same."""
        shelf = self._shelf(await self._open(grant, calendar_id), calendar_id)
        if not shelf.calendar.writable:
            raise NotConnected("no right to write in this calendar", provider=self.provider)
        remote_id = f"{calendar_id}/{draft.uid}"
        self._check_rule(shelf, remote_id, draft)
        receipt = self._put(shelf, remote_id, draft)
        self._lose()
        return receipt

    async def update(
        self, grant: Grant, calendar_id: str, receipt: Receipt, draft: EventDraft
    ) -> Receipt:
        """Replace the event. Raises PreconditionFailed, RemoteMissing."""
        shelf = self._shelf(await self._open(grant, calendar_id), calendar_id)
        if receipt.remote_id not in shelf.events:
            raise RemoteMissing("the event is gone", provider=self.provider)
        stored, version = shelf.events[receipt.remote_id]
        if version != receipt.etag and stored != draft:
            raise PreconditionFailed("the event was changed meanwhile", provider=self.provider)
        self._check_rule(shelf, receipt.remote_id, draft)
        written = self._put(shelf, receipt.remote_id, draft)
        self._lose()
        return written

    async def remove(self, grant: Grant, calendar_id: str, receipt: Receipt) -> None:
        """Delete the event if it is there."""
        shelf = self._shelf(await self._open(grant, calendar_id), calendar_id)
        shelf.events.pop(receipt.remote_id, None)
        shelf.rooms.pop(receipt.remote_id, None)
        self._lose()

    # --- InvitationReader ---

    async def answer(self, grant: Grant, calendar_id: str, uid: str, window: Span) -> Rsvp | None:
        """Return the answer to an invitation that was filed at the time of its meeting."""
        shelf = self._shelf(await self._open(grant, calendar_id), calendar_id)
        span, answer = shelf.filed.get(uid, ((0, 0), None))
        return answer if span[0] < window[1] and span[1] > window[0] else None

    # --- RoomMaker ---

    async def make(self, grant: Grant, calendar_id: str, receipt: Receipt) -> Room | None:
        """Give an event a room, once. Raises RemoteMissing."""
        shelf = self._shelf(await self._open(grant, calendar_id), calendar_id)
        if receipt.remote_id not in shelf.events:
            raise RemoteMissing("the event is gone", provider=self.provider)
        if not self.meets:
            return None
        draft, version = shelf.events[receipt.remote_id]
        if receipt.remote_id not in shelf.rooms:
            version = self._version()
            shelf.events[receipt.remote_id] = draft, version
            shelf.rooms[receipt.remote_id] = f"https://meet.example.org/{version.strip(chr(34))}"
        self._lose()
        return Room(shelf.rooms[receipt.remote_id], Receipt(receipt.remote_id, version))

    # --- inside ---

    async def _open(self, grant: Grant, calendar_id: str | None = None) -> str:
        """Check a grant and return its account."""
        username, password = grant.secret["username"], grant.secret["password"]
        await self._answer(username, password, calendar_id)
        return username

    async def _answer(self, username: str, password: str, calendar_id: str | None = None) -> None:
        """Pass the time of one request, then fail if that was ordered or the login is wrong."""
        await asyncio.sleep(self.delay)
        for trouble in self._trouble:
            if trouble.times and trouble.calendar_id in {None, calendar_id}:
                trouble.times -= 1
                raise trouble.error
        if self._passwords.get(username) != password:
            raise AccessRevoked("the password is not accepted", provider=self.provider)

    def _shelf(self, username: str, calendar_id: str) -> _Shelf:
        shelf = self._shelves.get(calendar_id)
        if shelf is None or shelf.owner != username:
            raise NotConnected("there is no such calendar", provider=self.provider)
        return shelf

    def _holding(self, remote_id: str) -> _Shelf:
        return next(shelf for shelf in self._shelves.values() if remote_id in shelf.events)

    def _check_rule(self, shelf: _Shelf, remote_id: str, draft: EventDraft) -> None:
        if draft.recurrence is not None and not self.rules:
            shelf.events.pop(remote_id, None)
            raise CannotRepeat("no such rule", provider=self.provider)

    def _put(self, shelf: _Shelf, remote_id: str, draft: EventDraft) -> Receipt:
        stored, version = shelf.events.get(remote_id, (None, ""))
        if stored != draft:
            version = self._version()
            shelf.events[remote_id] = draft, version
        return Receipt(remote_id, version)

    def _version(self) -> str:
        return f'"{next(self._versions)}"'

    def _lose(self) -> None:
        if self._lost:
            self._lost -= 1
            raise Unavailable("the answer was lost", provider=self.provider)


def _answer(shelf: _Shelf, window: Span, zone: str, ignore: frozenset[str]) -> BusyAnswer:
    """Return what blocks in a window, clipped to it."""
    low, high = window
    found = [busy for busy, uid in shelf.foreign if not uid or uid not in ignore]
    found += [Busy(*day_span(day, zone)) for day in shelf.days]
    drafts = [draft for draft, _ in shelf.events.values() if draft.uid not in ignore]
    found += [Busy(*span) for draft in drafts for span in _spans(draft)]
    spans = sorted(
        (max(busy.start, low), min(busy.end, high), busy.kind)
        for busy in found
        if busy.start < high and busy.end > low
    )
    return BusyAnswer(tuple(Busy(start, end, kind) for start, end, kind in spans))


def _spans(draft: EventDraft) -> list[Span]:
    """Return when an event is, or each session of a series."""
    repeats = draft.recurrence
    return [(draft.start, draft.end)] if repeats is None else [*repeats.sessions().values()]
