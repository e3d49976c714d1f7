"""Slack on the wire: signed events and presses in, Web API calls and modals out."""

from __future__ import annotations

import hashlib
import hmac
import html
import io
import itertools
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from adapters.slack.app import Slack
from adapters.slack.config import SlackApp
from adapters.slack.pacing import Pacer
from adapters.web.server import application
from bot.acquaint import as_profile
from bot.card import Card
from bot.message import Outgoing
from core.people import ChatIdentity
from core.talk import Workspace
from core.use_cases import identify
from tests.chats import reading
from tests.chats.screens import Item, Screens
from tests.servers.slack.bench import SECRET
from tests.servers.slack.server import TOKEN, SlackServer
from tests.unit.slack.payloads import US, event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AsyncExitStack

    from bot.channel import ChatChannel, Directory
    from bot.message import Incoming
    from core.people import Person
    from core.ports import Ports, Tx
    from tests.talks.stage import Chats, Stage

Json = dict[str, Any]

TEAM, CHANNEL, NAMED = "T1", "CGENERAL", "general"


async def at_once(_seconds: float) -> None:
    """Wait for nothing: the pace of real chats is not what is tested here."""


def hurried() -> Pacer:
    """A pace at which hours lie between two messages."""
    clock = itertools.count(step=10_000)
    return Pacer(lambda: float(next(clock)), at_once)


class Workshop(SlackServer):
    """Slack's Web API that keeps what stands in conversations, in the order in which it came."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[tuple[str, str, str, Json]] = []
        self.stands: set[tuple[str, str]] = set()
        self.shut: set[str] = set()

    def _answer(self, method: str, body: Json) -> Json:
        channel = body.get("channel", "")
        if channel in self.shut:
            return {"ok": False, "error": "channel_not_found"}
        answer = super()._answer(method, body)
        match method:
            case "chat.postMessage":
                self.stands.add((channel, answer["ts"]))
                self.events.append(("new", channel, answer["ts"], body))
            case "chat.update":
                if (channel, body["ts"]) not in self.stands:
                    return {"ok": False, "error": "message_not_found"}
                self.events.append(("edit", channel, body["ts"], body))
            case "chat.postEphemeral":
                self.events.append(("aside", channel, body["user"], body))
            case "views.open" | "views.push":
                view_id = f"V{next(self._numbers)}"
                self.events.append(("modal", body["trigger_id"], view_id, body["view"]))
                return {"view": {"id": view_id}}
            case "views.update":
                self.events.append(("changed", "", body["view_id"], body["view"]))
            case "assistant.threads.setStatus":
                self.events.append(("status", "", "", body))
            case "users.info" if body["user"] not in self.members:
                return {"ok": False, "error": "user_not_found"}
        return answer


class SlackMedium:
    """One workspace; each person has a conversation "D…" with the assistant."""

    everybody: tuple[str, str] | None = None

    def __init__(
        self, server: Workshop, closing: AsyncExitStack, screens: Screens | None = None
    ) -> None:
        self._server, self._closing = server, closing
        self.screens = screens or Screens()
        self.chats: Chats = self.screens.chats
        self._users: dict[str, str] = {}
        self._triggers: dict[str, str] = {}
        self._numbers = itertools.count(1000)
        self._url = ""

    def build(
        self, ports: Ports
    ) -> tuple[Mapping[str, ChatChannel], Mapping[str, Directory]]:  # fmt: skip
        self._ports = ports
        app = SlackApp("http://127.0.0.1", SECRET, "1.2", "secret", api=self._server.api)
        self.slack = Slack(app, ports.store, ports.clock, pacer=hurried())
        self._closing.push_async_callback(self.slack.close)
        return {"slack": self.slack.channel}, {"slack": self.slack.directory}

    def attach(self, stage: Stage) -> None:
        self._routes = self.slack.routes(stage.reception)

    # --- people -------------------------------------------------------------------------------

    async def meets(self, person: Person) -> None:
        """Slack knows somebody's address; whoever comes by is known by it."""
        if person.id in self._users:
            return
        user = f"U{len(self._users) + 1:04}"
        self._users[person.id] = user
        about = {"real_name": person.name, "email": person.email}
        member = {"id": user, "team_id": TEAM, "tz": person.zone, "profile": about}
        self._server.members[user] = member
        identity = ChatIdentity("slack", TEAM, user)
        self.chats.homes[person.id] = identity

        def link(tx: Tx) -> None:
            if tx.workspaces.get("slack", TEAM) is None:
                secret = {"token": TOKEN, "since": "0"}
                tx.workspaces.save(Workspace("slack", TEAM, "Harbour", person.org_id, secret))

        await self._ports.store.transact(link)
        found = await self.slack.directory.get(identity)
        assert found is not None
        met = await identify.meet(self._ports, as_profile(found))
        assert met.person is not None, f"{person.name} is {met.standing}"

    def _who(self, user: str) -> str:
        return next((p for p, known in self._users.items() if known == user), user)

    # --- what people do -----------------------------------------------------------------------

    async def take(self, incoming: Incoming) -> None:
        who = self._who(incoming.who.user)
        number = next(self._numbers)
        event_id = incoming.event_id or f"Ev{number}"
        if incoming.action:
            await self._press(who, incoming.action, incoming.values, event_id)
            return
        stamp = f"1760000000.{number:06}"
        text = html.escape(incoming.text, quote=False)
        message: Json = {"user": incoming.who.user, "team": TEAM, "ts": stamp}
        if incoming.private:
            about = {"type": "message", "channel_type": "im", "channel": self._direct(who)}
            await self._event({**message, **about, "text": text}, event_id)
        else:
            about = {"type": "app_mention", "channel": CHANNEL}
            await self._event({**message, **about, "text": f"<@{US}> {text}"}, event_id)

    def _direct(self, who: str) -> str:
        return f"D{self._users[who]}"

    async def _event(self, inner: Json, event_id: str) -> None:
        sent = json.dumps(event(inner, event_id=event_id)).encode()
        await self._signed(sent, "application/json")

    async def _press(
        self, who: str, action: str, values: Mapping[str, str], event_id: str
    ) -> None:  # fmt: skip
        item = self.screens.find(who, action)
        if item is not None and item.form:
            await self._in_view(who, item.ref, item.raw, action, values)
        elif item is not None and item.view and not _button(item.raw, action):
            view_id, view = await self._opened(who, item)
            await self._in_view(who, view_id, view, action, values)
        else:
            await self._in_message(who, item, action, values, event_id)

    async def _in_message(
        self, who: str, item: Item | None, action: str, values: Mapping[str, str], event_id: str
    ) -> None:
        ref = item.ref if item else "1700000000.000001"
        raw = item.raw if item else {"blocks": []}
        place = item.place if item else self._direct(who)
        button = _button(raw, action) or {"type": "button", "action_id": action}
        more = {
            "container": {"type": "message", "message_ts": ref, "channel_id": place},
            "channel": {"id": place},
            "state": _state(raw["blocks"], values),
            "actions": [{**button, "action_ts": event_id}],
        }
        await self._interaction("block_actions", who, more)

    async def _in_view(
        self, who: str, ref: str, view: Json, action: str, values: Mapping[str, str]
    ) -> None:
        shown = {
            "id": ref,
            "type": "modal",
            "hash": f"{next(self._numbers)}.x",
            "callback_id": view.get("callback_id", ""),
            "private_metadata": view["private_metadata"],
            "state": _state(view["blocks"], values),
        }
        if action != view.get("callback_id"):
            button = {**_button(view, action), "action_ts": str(next(self._numbers))}
            more = {"container": {"type": "view", "view_id": ref}, "actions": [button]}
            await self._interaction("block_actions", who, {"view": shown, **more})
            return
        answer = await self._interaction("view_submission", who, {"view": shown})
        if answer.get("response_action") == "errors":
            problems = " ".join(dict.fromkeys(answer["errors"].values()))  # under their inputs
            self.screens.tell(who, problems, ref, Outgoing(problems))
        else:
            assert answer == {"response_action": "clear"}
            self.screens.close(who, ref)

    async def _opened(self, who: str, item: Item) -> tuple[str, Json]:
        """Press the button that holds a form; return the modal that it opens."""
        await self._in_message(who, item, reading.OPENS, {}, str(next(self._numbers)))
        kind, trigger, view_id, view = self._server.events.pop()
        assert (kind, self._triggers[trigger]) == ("modal", who)
        return view_id, view

    async def _interaction(self, kind: str, who: str, more: Json) -> Json:
        trigger = f"{next(self._numbers)}.trigger"
        self._triggers[trigger] = who
        user = {"id": self._users[who], "team_id": TEAM}
        body = {"type": kind, "team": {"id": TEAM}, "user": user, "trigger_id": trigger, **more}
        sent = urlencode({"payload": json.dumps(body)}).encode()
        return await self._signed(sent, "application/x-www-form-urlencoded")

    async def _signed(self, raw: bytes, kind: str) -> Json:
        await self._open()
        stamp = str(self._ports.clock.now())
        base = b"v0:" + stamp.encode() + b":" + raw
        signature = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
        }
        async with self._session.post(self._url, data=io.BytesIO(raw), headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            return json.loads(text) if text else {}

    async def _open(self) -> None:
        if not self._url:
            listening = TestServer(application(self._routes))
            await self._closing.enter_async_context(listening)
            self._session = await self._closing.enter_async_context(ClientSession())
            self._url = str(listening.make_url("/slack/events"))

    # --- what people see ----------------------------------------------------------------------

    async def settle(self) -> None:
        while self._server.events:
            kind, place, ref, body = self._server.events.pop(0)
            match kind:
                case "new" | "edit":
                    await self._message(kind, place, ref, body)
                case "aside":
                    text = reading.of_slack(body).text
                    self.chats.asides.append((NAMED, self._who(ref), text))
                case "modal":
                    item = Item(ref, place, body, reading.of_modal(body), form=True)
                    self.screens.show(self._triggers[place], item)
                case "changed":
                    for who in self._users:
                        self.screens.close(who, ref)
                case "status" if body["status"]:
                    self.chats.progressed.append(body["status"])

    async def _message(self, kind: str, place: str, ref: str, body: Json) -> None:
        who = NAMED if place == CHANNEL else self._who(place.removeprefix("D"))
        names = {user: m["profile"]["real_name"] for user, m in self._server.members.items()}
        item = Item(ref, place, body, reading.of_slack(body, names))
        if _button(body, reading.OPENS):
            kept = len(self._server.events)
            _, item.view = await self._opened(who, item)
            assert len(self._server.events) == kept, "opening a form does nothing else"
            item.reading = _unfolded(item.reading, reading.of_modal(item.view))
        if kind == "new":
            self.screens.show(who, item)
        else:
            self.screens.edit(who, ref, body, item.reading)
            stands = next(i for i in self.screens.items[who] if i.ref == ref)
            stands.view = item.view


def _unfolded(message: Outgoing, form: Outgoing) -> Outgoing:
    """Return a message as if the form that its button holds stood in it."""
    assert message.card
    assert form.card
    links = tuple(a for a in message.card.actions if a.id != reading.OPENS)
    card = Card(
        "", message.card.parts, form.card.inputs, (*form.card.actions, *links)
    )  # fmt: skip
    return Outgoing(message.text, card)


def _button(raw: Json, action: str) -> Json:
    """Return a button of a message or view, empty when there is none."""
    rows = (b["elements"] for b in raw["blocks"] if b["type"] == "actions")
    return next((e for row in rows for e in row if e["action_id"] == action), {})


def _state(blocks: list[Json], values: Mapping[str, str]) -> Json:
    """Return what Slack sends of the inputs: what was shown, unless something was entered."""
    state: dict[str, Json] = {}
    for block in blocks:
        if block["type"] == "input":
            entry = reading.slack_input(block)
            value = values.get(entry.name, entry.value)
            state[block["block_id"]] = {"entry": _entered(block["element"], value)}
    for name in values.keys() - {b.removeprefix(reading.ENTRY) for b in state}:
        entered = {"type": "plain_text_input", "value": values[name]}
        state[reading.ENTRY + name] = {"entry": entered}
    return {"values": state}


def _entered(element: Json, value: str) -> Json:
    kind = element["type"]
    if not kind.endswith("select"):
        name = "selected_time" if kind == "timepicker" else "value"
        return {"type": kind, name: value or None}
    groups = element.get("option_groups", [{"options": element.get("options", [])}])
    options = {o["value"].removeprefix(reading.MARK): o for g in groups for o in g["options"]}
    if kind == "multi_static_select":
        chosen = [options[one] for one in value.splitlines()]
        return {"type": kind, "selected_options": chosen}
    return {"type": kind, "selected_option": options.get(value)}
