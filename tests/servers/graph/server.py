"""A stand-in for Microsoft Graph: calendars with state, and errors on demand.

It counts because every request and every answer is judged by Graph's own description (`judge`);
what that description cannot say is asserted in `_manners`.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from aiohttp import web

from tests.servers.graph.entra import Entra
from tests.servers.graph.judge import Exchange, judge
from tests.servers.graph.mailbox import Calendar, Mailbox, view

PREFIX = "/v1.0"
APPLICATION = "the application"  # whose token it is that names no person
FIND = re.compile(
    r"singleValueExtendedProperties/Any\(ep: ep/id eq '([^']+)' and ep/value eq '((?:[^']|'')+)'\)"
)
EXPAND = re.compile(r"singleValueExtendedProperties\(\$filter=id eq '([^']+)'\)")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in, alone or in a batch; headers by lower-case name."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any
    batched: bool = False

    @property
    def options(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is given back; `body` is JSON, text is sent as a page of HTML."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Order:
    """The next `times` requests with `part` in their path are answered so.

    `seconds` pass before; without an answer the request is carried out afterwards.
    """

    answer: Answer | None
    part: str = ""
    times: int = 1
    seconds: float = 0.0


def error(status: int, code: str, text: str = "No.", **headers: str) -> Answer:
    """A refusal as Graph words it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    inner = {"date": "2026-10-01T08:00:00", "request-id": "0", "client-request-id": "0"}
    return Answer(status, {"error": {"code": code, "message": text, "innerError": inner}}, named)


@dataclass(slots=True)
class Graph:
    """Listens at `url`; mailboxes by the address of their owner.

    `lose` answers to writes are lost after the write (counted by request id, because an HTTP
    library may repeat a request by itself). `most` is the greatest number of requests at once.
    """

    entra: Entra
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    page: int = 50
    lose: int = 0
    outside: frozenset[str] = frozenset()  # mailboxes that the application may not open
    sends_back: bool = True  # whether a PATCH answers with the event or with nothing
    url: str = ""
    orders: list[Order] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    judged: int = 0
    most: int = 0
    pause: float = 0.0
    _active: Counter[str] = field(default_factory=Counter)
    _lost: set[str] = field(default_factory=set)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}{PREFIX}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    def requests(self, part: str = "") -> list[Asked]:
        """What was asked for, with `part` in its path."""
        return [asked for asked in self.asked if part in asked.path]

    # --- one request ---

    async def _handle(self, request: web.Request) -> web.Response:
        text = await request.text()
        raw = urlsplit(request.raw_path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(
            request.method,
            raw.path.removeprefix(PREFIX),
            raw.query,
            headers,
            json.loads(text) if text else None,
        )
        owner = self._owner(headers)
        self._active[owner] += 1
        self.most = max(self.most, self._active[owner])
        try:
            await asyncio.sleep(self.pause)
            answer = await self._answer(asked, owner)
        finally:
            self._active[owner] -= 1
        if self._loses(asked, answer):
            if request.transport:
                request.transport.abort()
            return web.Response()
        return _response(answer)

    def _loses(self, asked: Asked, answer: Answer) -> bool:
        if asked.method == "GET" or asked.path == "/$batch" or answer.status in {401, 403, 429}:
            return False
        request_id = asked.headers["client-request-id"]
        if request_id not in self._lost and self.lose:
            self.lose -= 1
            self._lost.add(request_id)
        return request_id in self._lost

    def _owner(self, headers: Mapping[str, str]) -> str:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        permit = self.entra.access.get(token)
        return (permit.account.address or APPLICATION) if permit else ""

    async def _answer(self, asked: Asked, owner: str) -> Answer:
        self.asked.append(asked)
        self._manners(asked)
        order = self._order(asked.path)
        if order:
            await asyncio.sleep(order.seconds)
            if order.answer:
                return order.answer
        if not owner:
            return error(401, "InvalidAuthenticationToken", "Lifetime validation failed.")
        if asked.path == "/$batch":
            return await self._batch(asked, owner)
        if owner == APPLICATION:
            _, users, name, *rest = asked.path.split("/")
            owner, asked = unquote(name), replace(asked, path="/".join(["", "me", *rest]))
            if users != "users":
                return error(400, "BadRequest", "/me is for people")
            if owner not in self.mailboxes:
                return error(404, "ErrorInvalidUser")
            if owner in self.outside:
                return error(403, "ErrorAccessDenied", "Access to OData is disabled.")
        answer = self._act(asked, self.mailboxes[owner])
        self._judge(asked, answer)
        return answer

    def _order(self, path: str) -> Order | None:
        for order in self.orders:
            if order.part in path and order.times:
                order.times -= 1
                return order
        return None

    def _manners(self, asked: Asked) -> None:
        """What no description says: immutable ids everywhere, nobody invited, writes guarded."""
        prefer = asked.headers.get("prefer", "")
        if asked.path != "/$batch" and 'IdType="ImmutableId"' not in prefer:
            self.complaints.append(f"{asked.path}: ids that change")
        if isinstance(asked.body, dict) and "attendees" in asked.body:
            self.complaints.append(f"{asked.path}: the service would mail the attendees")
        if asked.method == "PATCH" and not asked.headers.get("if-match"):
            self.complaints.append(f"{asked.path}: a blind write")
        if asked.path.endswith("/calendarView") and "$select" not in asked.options:
            self.complaints.append(f"{asked.path}: everything of foreign events")

    def _judge(self, asked: Asked, answer: Answer) -> None:
        found = judge()
        if found is not None:
            parts = (asked.method, asked.path, asked.query, asked.body)
            self.complaints += found.complaints(Exchange(*parts, answer.status, answer.body))
            self.judged += 1

    async def _batch(self, asked: Asked, owner: str) -> Answer:
        parts = asked.body["requests"]
        assert 0 < len(parts) <= 20
        assert len({part["id"] for part in parts}) == len(parts)
        answers = []
        for part in parts:
            url = urlsplit(part["url"])
            headers = {name.lower(): value for name, value in part.get("headers", {}).items()}
            inner = Asked(
                part["method"], url.path, url.query, headers, part.get("body"), batched=True
            )
            answer = await self._answer(inner, owner)
            one = {"id": part["id"], "status": answer.status, "headers": dict(answer.headers)}
            answers.append({**one, "body": answer.body})
        return Answer(200, {"responses": answers[::-1]})  # in any order

    # --- what is asked for ---

    def _act(self, asked: Asked, mailbox: Mailbox) -> Answer:
        parts = [unquote(part) for part in asked.path.strip("/").split("/")]
        if parts[:2] == ["me", "calendars"]:
            if len(parts) == 2:
                return self._collection(asked, [_calendar(c, mailbox) for c in _all(mailbox)])
            calendar = mailbox.calendars.get(parts[2])
            if calendar is None:
                return error(404, "ErrorItemNotFound")
            if len(parts) == 3:
                return Answer(200, _shown(asked, _calendar(calendar, mailbox), None))
            return self._in_calendar(asked, mailbox, calendar, parts[3])
        if parts[:2] == ["me", "events"] and len(parts) in {3, 4}:
            calendar = mailbox.holding(parts[2])
            if calendar is None:
                return error(404, "ErrorItemNotFound")
            if parts[3:] == ["instances"]:
                return self._instances(asked, calendar, parts[2])
            return self._on_event(asked, mailbox, calendar, parts[2])
        return error(400, "BadRequest")

    def _in_calendar(self, asked: Asked, mailbox: Mailbox, calendar: Calendar, what: str) -> Answer:
        options = asked.options
        if what == "calendarView":
            window = (datetime.fromisoformat(options[f"{n}DateTime"]) for n in ("start", "end"))
            return self._collection(asked, view(calendar, *window), calendar)
        if asked.method == "POST":
            if not calendar.can_edit:
                return error(403, "ErrorAccessDenied")
            event = mailbox.create(calendar, asked.body)
            if event is None:
                return error(409, "ErrorDuplicateTransactionId")
            return Answer(201, dict(event))
        found = FIND.fullmatch(options.get("$filter", ""))
        if not found:
            return error(400, "ErrorInvalidUrlQueryFilter")
        name, value = found[1], found[2].replace("''", "'")
        events = [
            event
            for event_id, event in calendar.events.items()
            if calendar.properties[event_id].get(name) == value
        ]
        return self._collection(asked, events, calendar)

    def _instances(self, asked: Asked, calendar: Calendar, series: str) -> Answer:
        """The occurrences that stand, within a window: deleted ones are not shown."""
        ends = (datetime.fromisoformat(asked.options[f"{n}DateTime"]) for n in ("start", "end"))
        shown = [e for e in view(calendar, *ends) if e["seriesMasterId"] == series]
        return self._collection(asked, shown, calendar)

    def _on_event(
        self, asked: Asked, mailbox: Mailbox, calendar: Calendar, event_id: str
    ) -> Answer:
        event = calendar.shown(event_id)
        assert event is not None
        if asked.method == "GET":
            if event["onlineMeeting"] and mailbox.late_links:
                mailbox.late_links -= 1
                event = {**event, "onlineMeeting": None}
            return Answer(200, _shown(asked, event, calendar))
        if asked.method == "DELETE":
            mailbox.delete(calendar, event_id)
            return Answer(204)
        if asked.headers.get("if-match", event["@odata.etag"]) != event["@odata.etag"]:
            return error(412, "ErrorIrresolvableConflict")
        if event_id in calendar.events:
            changed = dict(mailbox.write(calendar, event_id, asked.body))
        elif moved := mailbox.move(calendar, event_id, asked.body):
            changed = dict(moved)
        else:
            return error(400, "ErrorOccurrenceCrossingBoundary")
        return Answer(200, changed) if self.sends_back else Answer(204)

    def _collection(
        self, asked: Asked, items: list[dict[str, Any]], calendar: Calendar | None = None
    ) -> Answer:
        options = asked.options
        size = min(int(options.get("$top", "10")), self.page)
        skip = int(options.get("$skip", "0"))
        shown = [_shown(asked, item, calendar) for item in items[skip : skip + size]]
        body: dict[str, Any] = {"@odata.context": "x", "value": shown}
        if len(items) > skip + size:
            rest = "&".join(
                f"{name}={quote(value, safe='')}"
                for name, value in {**options, "$skip": str(skip + size)}.items()
            )
            body["@odata.nextLink"] = f"{self.url}{asked.path}?{rest}"
        return Answer(200, body)


def _all(mailbox: Mailbox) -> list[Calendar]:
    return list(mailbox.calendars.values())


def _calendar(calendar: Calendar, mailbox: Mailbox) -> dict[str, Any]:
    return {
        "id": calendar.id,
        "name": calendar.name,
        "isDefaultCalendar": calendar.default,
        "canEdit": calendar.can_edit,
        "allowedOnlineMeetingProviders": list(mailbox.providers),
        "color": "auto",
        "changeKey": "x",
        "owner": {"name": "Owner", "address": mailbox.owner},
    }


def _shown(asked: Asked, item: Mapping[str, Any], calendar: Calendar | None) -> dict[str, Any]:
    """What $select and $expand leave of an item: its id and version always."""
    options = asked.options
    chosen = set(options["$select"].split(",")) if "$select" in options else set(item)
    chosen |= {"id", "@odata.etag"}
    shown = {name: value for name, value in item.items() if name in chosen}
    expand = EXPAND.fullmatch(options.get("$expand", ""))
    if expand and calendar:
        value = calendar.properties.get(str(item["id"]), {}).get(expand[1])
        if value is not None:
            shown["singleValueExtendedProperties"] = [{"id": expand[1], "value": value}]
    return shown


def _response(answer: Answer) -> web.Response:
    headers = {**answer.headers, "request-id": "00000000-0000-0000-0000-000000000001"}
    if isinstance(answer.body, str):
        return web.Response(
            status=answer.status, text=answer.body, content_type="text/html", headers=headers
        )
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    return web.json_response(answer.body, status=answer.status, headers=headers)
