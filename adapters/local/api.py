"""The local chat's JSON API and page. It binds to loopback and refuses foreign hosts and origins.

Whoever reaches it may speak as anybody, which is what it is for: trying the product out. It is
served only by the demo or where a setting asks for it.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from aiohttp import web

from adapters.local.channel import KIND, WORKSPACE, LocalChannel, place_of, shown
from bot.message import Incoming, holds_credential
from core.ids import PersonId
from core.people import ChatIdentity
from core.ports import LocalMessage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bot.message import Outgoing
    from core.people import Person
    from core.ports import Store, Tx

STATIC = Path(__file__).with_name("static")
HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
HEARTBEAT = 15.0
Event = tuple[str, dict[str, Any]]
GOODBYE: Event = ("goodbye", {})
HIDDEN = "(a message with a password, which was not kept)"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class Shown(Protocol):
    """A message that a turn made."""

    @property
    def ref(self) -> str:
        """Its id in this chat."""
        ...

    @property
    def message(self) -> Outgoing:
        """What it says."""
        ...


class Surroundings(Protocol):
    """What the page shows beside the chat; the demo has more of it than a real deployment."""

    async def world(self) -> dict[str, Any]:
        """Return people with their calendars, programme and organisation."""
        ...

    def mails(self) -> list[dict[str, Any]]:
        """Return the mails that were sent, in order."""
        ...

    async def week(self, person_id: str, first: date) -> dict[str, Any]:
        """Return seven days of a person's calendars as they are on the calendar server."""
        ...


@dataclass(frozen=True, slots=True)
class LocalApi:
    """The routes under `/local`. `turn` answers what was done, and gives back what it showed."""

    store: Store
    channel: LocalChannel
    turn: Callable[[Incoming], Awaitable[Sequence[Shown]]]
    surroundings: Surroundings
    known: dict[str, PersonId] = field(default_factory=dict)
    streams: set[asyncio.Queue[Event]] = field(default_factory=set)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def close(self) -> None:
        """End the streams of all open pages: they would hold up the end of the server."""
        self.closed.set()
        for queue in self.streams:
            if not queue.full():  # one that is full is awake anyway
                queue.put_nowait(GOODBYE)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return every route, guarded."""
        return [
            web.get("/", self._guarded(self._page)),
            web.get("/local", self._guarded(self._page)),
            web.get("/local/static/{name}", self._guarded(self._static)),
            web.post("/local/api/messages", self._guarded(self._message)),
            web.post("/local/api/actions", self._guarded(self._action)),
            web.post("/local/api/files", self._guarded(self._file)),
            web.get("/local/api/inbox", self._guarded(self._inbox)),
            web.get("/local/api/mails", self._guarded(self._mails)),
            web.get("/local/api/world", self._guarded(self._world)),
            web.get("/local/api/week", self._guarded(self._week)),
            web.get("/local/api/events", self._guarded(self._events)),
        ]

    def _guarded(
        self, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Refuse foreign hosts (DNS rebinding) and origins (other sites' pages)."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if not _is_ours(request.headers.get("Host", "")):
                return _refuse("This address is for this computer only.", 403)
            origin = request.headers.get("Origin")
            if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
                return _refuse("Requests from other sites are refused.", 403)
            try:
                return await handler(request)
            except _BadRequestError as error:
                return _refuse(str(error), error.status)

        return guarded

    # --- the page ---------------------------------------------------------------------------

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers=HEADERS)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        file = STATIC / request.match_info["name"]
        if file.parent != STATIC or not file.is_file():
            return _refuse("There is no such file.", 404)
        return web.FileResponse(file, headers=HEADERS)

    # --- turns ------------------------------------------------------------------------------

    async def _message(self, request: web.Request) -> web.StreamResponse:
        data = await _body(request)
        text = _text(data, "text")
        who = await self._person(_text(data, "person"))
        await self.channel.add_own(who, HIDDEN if holds_credential(text) else text)
        return await self._turn(
            Incoming(_identity(who), place_of(who), text=text, event_id=_event(data))
        )

    async def _action(self, request: web.Request) -> web.StreamResponse:
        data = await _body(request)
        action, values = _text(data, "action"), data.get("values") or {}
        if not action or not isinstance(values, dict):
            raise _BadRequestError("“action” is missing, or “values” is not an object.")
        flat = {str(name): _flat(value) for name, value in values.items()}
        who = await self._person(_text(data, "person"))
        return await self._turn(
            Incoming(
                _identity(who), place_of(who), action=action, values=flat, event_id=_event(data)
            )
        )

    async def _file(self, request: web.Request) -> web.StreamResponse:
        data = await _body(request)
        name, text = _text(data, "name"), _text(data, "text")
        who = await self._person(_text(data, "person"))
        await self.channel.add_own(who, f"📎 {name[:100]}")
        return await self._turn(
            Incoming(
                _identity(who),
                place_of(who),
                file_name=name or "file",
                file_text=text,
                event_id=_event(data),
            )
        )

    async def _turn(self, incoming: Incoming) -> web.StreamResponse:
        sent = await self.turn(incoming)
        made = [
            {
                "id": item.ref,
                "text": item.message.text,
                "card": item.message.card.as_json() if item.message.card else None,
            }
            for item in sent
        ]
        return web.json_response({"messages": made})

    # --- what there is ------------------------------------------------------------------------

    async def _inbox(self, request: web.Request) -> web.StreamResponse:
        who = await self._person(request.query.get("person", ""))
        found = await self.store.read(lambda tx: tx.local.of(PersonId(who)))
        own = request.query.get("own") == "true"
        return web.json_response(
            {"messages": [_given(m, own=own) for m in found if own or not m.own]}
        )

    async def _mails(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(self.surroundings.mails())

    async def _world(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(await self.surroundings.world())

    async def _week(self, request: web.Request) -> web.StreamResponse:
        who = await self._person(request.query.get("person", ""))
        try:
            first = date.fromisoformat(request.query.get("start", ""))
        except ValueError:
            raise _BadRequestError("“start” is not a date such as 2026-10-26.") from None
        return web.json_response(await self.surroundings.week(who, first))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Stream what happens in one person's chat (server-sent events, WHATWG HTML 9.2)."""
        who = await self._person(request.query.get("person", ""))
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        with self.channel.listening(who) as queue:
            self.streams.add(queue)
            try:
                while not self.closed.is_set():
                    await response.write(await _next(queue))
            except (ConnectionError, asyncio.CancelledError):
                pass
            finally:
                self.streams.discard(queue)
        return response

    async def _person(self, name: str) -> str:
        """Return the id of a person given by id or e-mail, and let them use this chat."""
        if not name:
            raise _BadRequestError("“person” is missing.")
        name = _storable(name)
        if name in self.known:
            return self.known[name]

        def find(tx: Tx) -> PersonId | None:
            person = _find(tx, name)
            if person is None:
                return None
            tx.people.identify(_identity(person.id), person.id)
            return person.id

        found = await self.store.transact(find)
        if found is None:
            raise _BadRequestError(f"There is nobody called “{name[:60]}”.", 404)
        self.known[name] = found
        return found


class PlainSurroundings:
    """What the local page shows in a real deployment: the people, no foreign calendars or mails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def world(self) -> dict[str, Any]:
        """Return the people of the organisation."""

        def load(tx: Tx) -> dict[str, Any]:
            organisation = tx.organisations.all()[0]
            people = [
                {"id": p.id, "name": p.name, "email": p.email, "zone": p.zone, "calendars": []}
                for p in tx.people.of(organisation.id)
            ]
            return {"people": people, "organisation": organisation.name}

        return await self._store.read(load)

    def mails(self) -> list[dict[str, Any]]:
        """Mails have left for the real mail server."""
        return []

    async def week(self, person_id: str, first: date) -> dict[str, Any]:
        """Calendars are shown in people's own programs only."""
        person = await self._store.read(lambda tx: tx.people.many([PersonId(person_id)]))
        zone = next((p.zone for p in person.values()), "UTC")
        note = "Your calendar is shown in your own calendar program."
        start = first.isoformat()
        return {"zone": zone, "start": start, "events": [], "calendars": [], "note": note}


class _BadRequestError(Exception):
    """A request that is answered with a sentence and a 4xx."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def _find(tx: Tx, name: str) -> Person | None:
    found = tx.people.many([PersonId(name)]).get(PersonId(name))
    if found is not None:
        return found
    for organisation in tx.organisations.all():
        person = tx.people.by_email(organisation.id, name)
        if person is not None:
            return person
    return None


def _identity(person_id: str) -> ChatIdentity:
    return ChatIdentity(KIND, WORKSPACE, person_id)


def _given(message: LocalMessage, *, own: bool) -> dict[str, Any]:
    """Return a message of the inbox; who wrote it and when only where that was asked for."""
    full = shown(message)
    return full if own else {key: full[key] for key in ("id", "text", "card")}


def _is_ours(host: str) -> bool:
    """Tell whether a Host header names this machine's loopback."""
    return (urlsplit(f"//{host}").hostname or "") in HOSTS


def _refuse(text: str, status: int) -> web.Response:
    return web.json_response({"error": text}, status=status)


async def _body(request: web.Request) -> Mapping[str, Any]:
    """Return a JSON object."""
    if request.content_type != "application/json":
        raise _BadRequestError("The body has to be JSON (Content-Type: application/json).", 415)
    try:
        data = await request.json()
    except web.HTTPRequestEntityTooLarge:
        raise _BadRequestError("This is too large; the limit is 4 MB.", 413) from None
    except (ValueError, UnicodeDecodeError):
        raise _BadRequestError("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise _BadRequestError("The body is not a JSON object.")
    return data


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise _BadRequestError(f"“{name}” is not a text.")
    return _storable(value)


def _event(data: Mapping[str, Any]) -> str:
    """Return the page's own id of what was done, by which a repetition is known; may be empty."""
    return _text(data, "event")[:100]


def _flat(value: Any) -> str:
    """Return a form's value as text; several values stand one per line."""
    text = "\n".join(str(v) for v in value) if isinstance(value, list) else str(value)
    return _storable(text)


def _storable(text: str) -> str:
    """Return a text without what PostgreSQL cannot store: the character 0 and lone surrogates."""
    return text.replace("\x00", "").encode(errors="replace").decode()


async def _next(queue: asyncio.Queue[Event]) -> bytes:
    """Return the next event as bytes, a comment when nothing happens for a while."""
    try:
        kind, data = await asyncio.wait_for(queue.get(), HEARTBEAT)
    except TimeoutError:
        return b": nothing new\n\n"
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
