"""Teams on the wire: signed activities in, the Bot Connector's calls and invoke answers out."""

from __future__ import annotations

import html
import itertools
import json
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.teams.app import PATH, Teams
from adapters.teams.pacing import Pacer
from adapters.teams.turns import NOTHING, SENT, WORKING
from adapters.web.server import application
from bot.acquaint import as_profile
from core.people import ChatIdentity
from core.talk import Workspace
from core.use_cases import identify
from tests.chats import reading
from tests.chats.screens import Item, Screens
from tests.chats.slack_medium import NAMED, at_once
from tests.servers.teams.judge import parts
from tests.servers.teams.server import TENANT, Connector
from tests.talks.script import card_lines
from tests.unit.teams.card_judge import CARD, judged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AsyncExitStack

    from bot.channel import ChatChannel, Directory
    from bot.message import Incoming, Outgoing
    from core.people import Person
    from core.ports import Ports, Tx
    from tests.talks.stage import Chats, Stage

Json = dict[str, Any]

BOT = {"id": "28:5f1c5c0e-7a5d-4d0e-9f57-0d9a4a1c2b3d", "name": "Tandem"}
CHANNEL = "19:general@thread.tacv2"


class Office(Connector):
    """The Bot Connector that tells in which order messages came, and judges their cards."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[tuple[str, str, str, Json]] = []
        self.blocked: set[str] = set()

    def _answer(self, request: web.Request, path: str, sent: Any) -> web.Response:
        conversation, *more = [*parts(path)[2:], ""]
        if conversation in self.blocked:
            body = {"error": {"code": "MessageWritesBlocked", "message": "no"}}
            return web.json_response(body, status=403)
        answer = super()._answer(request, path, sent)
        if request.method == "PUT" and answer.status == 200:
            self._noted("edit", conversation, more[1], sent)
        return answer

    def _post(self, conversation: str, sent: Json) -> web.Response:
        answer = super()._post(conversation, sent)
        if sent["type"] == "message":
            ref = json.loads(answer.text or "{}")["id"]
            self._noted("new", conversation, ref, sent)
        return answer

    def _noted(self, kind: str, conversation: str, ref: str, sent: Json) -> None:
        self.events.append((kind, conversation, ref, sent))

    def judge(self, card: Json) -> None:
        self.violations += judged(json.dumps(card))


class TeamsMedium:
    """One tenant; each person has a personal conversation with the assistant."""

    everybody: tuple[str, str] | None = None

    def __init__(
        self, server: Office, closing: AsyncExitStack, screens: Screens | None = None
    ) -> None:
        self._server, self._closing = server, closing
        self.screens = screens or Screens()
        self.chats: Chats = self.screens.chats
        self._people: dict[str, Person] = {}
        self._numbers = itertools.count(1000)
        self._url = ""

    def build(
        self, ports: Ports
    ) -> tuple[Mapping[str, ChatChannel], Mapping[str, Directory]]:  # fmt: skip
        self._ports = ports
        clock = itertools.count(step=10_000)
        self.teams = Teams(
            self._server.app,
            ports.store,
            ports.clock,
            endpoints=self._server.endpoints,
            pacer=Pacer(lambda: float(next(clock)), at_once),
        )
        self._closing.push_async_callback(self.teams.close)
        return {"teams": self.teams.channel}, {"teams": self.teams.directory}

    def attach(self, stage: Stage) -> None:
        self._routes = self.teams.routes(stage.reception)

    # --- people -------------------------------------------------------------------------------

    async def meets(self, person: Person) -> None:
        """Somebody installs the assistant; whoever comes by is known by their address.

        They have looked at a card before: who is new would be greeted, which only Teams can do.
        """
        if person.id in self._people:
            return
        self._people[person.id] = person
        user = _user(person.id)
        self._server.members[_account(person.id)] = {
            "id": _account(person.id),
            "name": person.name,
            "objectId": user,
            "email": person.email,
            "userPrincipalName": person.email,
            "tenantId": TENANT,
        }
        identity = ChatIdentity("teams", TENANT, user)
        self.chats.homes[person.id] = identity

        def link(tx: Tx) -> None:
            if tx.workspaces.get("teams", TENANT) is None:
                tx.workspaces.save(Workspace("teams", TENANT, "example.org", person.org_id, {}))

        await self._ports.store.transact(link)
        look = {"action": {"type": "Action.Execute", "verb": "refresh"}, "trigger": "automatic"}
        looked = {"name": "adaptiveCard/action", "value": look, "replyToId": "1"}
        await self._post(self._activity(person.id, "invoke", **looked))
        await self._post(self._activity(person.id, "installationUpdate", action="add"))
        found = await self.teams.directory.get(identity)
        assert found is not None
        met = await identify.meet(self._ports, as_profile(found))
        assert met.person is not None, f"{person.name} is {met.standing}"

    def _who(self, conversation: str) -> str:
        place = conversation.partition(";")[0]
        return NAMED if place == CHANNEL else place.removeprefix("a:")

    # --- what people do -----------------------------------------------------------------------

    async def take(self, incoming: Incoming) -> None:
        who = next(p for p in self._people if _user(p) == incoming.who.user)
        more: Json = {"id": incoming.event_id} if incoming.event_id else {}
        if incoming.zone:
            more["localTimezone"] = incoming.zone
        if incoming.action:
            await self._press(who, incoming.action, incoming.values, more)
            return
        text = html.escape(incoming.text, quote=False)
        if incoming.private:
            await self._post(self._activity(who, text=text, **more))
            return
        more["conversation"] = {
            "conversationType": "channel",
            "tenantId": TENANT,
            "id": f"{CHANNEL};messageid=1",
        }
        tag = "<at>Tandem</at>"
        mention = {"type": "mention", "text": tag, "mentioned": BOT}
        await self._post(self._activity(who, text=f"{tag} {text}", entities=[mention], **more))

    async def _press(self, who: str, action: str, values: Mapping[str, str], more: Json) -> None:
        item = self.screens.find(who, action)
        card = _card(item.raw) if item else {"body": []}
        button = _button(card, action) or {"type": "Action.Execute", "verb": action, "data": {}}
        data = {**button["data"], **_inputs(card, values)}
        pressed = {"type": button["type"], "verb": button["verb"], "data": data}
        value = {"action": pressed, "trigger": "manual"}
        ref = item.ref if item else "1"
        sent = self._activity(
            who, "invoke", name="adaptiveCard/action", value=value, replyToId=ref, **more
        )
        answer = await self._post(sent)
        assert answer["statusCode"] == 200
        if item is not None:
            self._answered(who, item, answer)

    def _answered(self, who: str, item: Item, answer: Json) -> None:
        """Put the answer to a button into the place of its card."""
        if answer["type"] != CARD:
            assert answer["value"] == WORKING
            return
        card = answer["value"]
        self._server.judge(card)
        sheet = reading.adaptive_sheet(card)
        form = any(b.get("data", {}).get("_form") for b in card.get("actions", ()))
        first = sheet.lines[0] if sheet.lines else ""
        read = sheet.whole() if form else sheet.under(first)
        raw = {"attachments": [{"contentType": CARD, "content": card}]}
        again = item.form and form
        if again:
            self.screens.close(who, item.ref)
        if form:
            self.screens.show(who, Item(item.ref, item.place, raw, read, form=True))
        elif read.text == SENT:
            self.screens.close(who, item.ref)  # the card below is replaced by this, too
            self.screens.replace(who, item.ref, raw, read)
        else:
            self.screens.edit(who, item.ref, raw, read)

    # --- the wire -----------------------------------------------------------------------------

    def _activity(self, who: str, kind: str = "message", **more: Any) -> Json:
        user = self._people[who]
        return {
            "type": kind,
            "id": f"f:{next(self._numbers)}",
            "channelId": "msteams",
            "serviceUrl": self._server.service,
            "from": {"id": _account(who), "name": user.name, "aadObjectId": _user(who)},
            "recipient": BOT,
            "conversation": {
                "conversationType": "personal",
                "tenantId": TENANT,
                "id": f"a:{who}",
            },
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }

    async def _post(self, activity: Json) -> Json:
        await self._open()
        async with self._session.post(self._url, json=activity) as answer:
            assert answer.status in (200, 201), f"{answer.status} {activity}"
            return await answer.json() if answer.content_type == "application/json" else {}

    async def _open(self) -> None:
        if not self._url:
            listening = TestServer(application(self._routes))
            await self._closing.enter_async_context(listening)
            token = self._server.issuer.token(self._server.service)
            session = ClientSession(headers={"Authorization": f"Bearer {token}"})
            self._session = await self._closing.enter_async_context(session)
            self._url = str(listening.make_url(PATH))

    # --- what people see ----------------------------------------------------------------------

    async def settle(self) -> None:
        changed: dict[str, str] = {}
        while self._server.events:
            kind, place, ref, activity = self._server.events.pop(0)
            who, read = self._who(place), reading.of_teams(activity)
            changed[ref] = who
            if kind == "new":
                self.screens.show(who, Item(ref, place, activity, read))
            else:
                self.screens.edit(who, ref, activity, read)
        for ref, who in changed.items():
            item = next(i for i in self.screens.items[who] if i.ref == ref and not i.form)
            if _account(who) in _card(item.raw).get("refresh", {}).get("userIds", ()):
                await self._refresh(who, item)

    async def _refresh(self, who: str, item: Item) -> None:
        """A card that comes into view asks for its newest state: that has to be what stands."""
        action = _card(item.raw)["refresh"]["action"]
        value = {"action": action, "trigger": "automatic"}
        sent = self._activity(
            who, "invoke", name="adaptiveCard/action", value=value, replyToId=item.ref
        )
        answer = await self._post(sent)
        if answer["type"] != CARD:
            assert answer["value"] == NOTHING
            return
        self._server.judge(answer["value"])
        new = reading.adaptive_sheet(answer["value"]).whole()
        if _all_of(new) != _all_of(item.reading):
            self._server.violations.append(
                f"{who}: {_all_of(item.reading)} became by itself {_all_of(new)}"
            )


def _all_of(message: Outgoing) -> list[str]:
    """Return what is read of a card, whichever of it counts as the text of the message."""
    lines = [message.text, *card_lines(message)]
    return lines[1:] if lines[:1] == lines[1:2] else lines


def _account(who: str) -> str:
    return f"29:{who}"


def _user(who: str) -> str:
    return str(uuid5(NAMESPACE_URL, who))


def _card(activity: Json) -> Json:
    attachments = activity.get("attachments") or [{"content": {"body": []}}]
    found: Json = attachments[0]["content"]
    return found


def _button(card: Json, action: str) -> Json:
    sets = (e["actions"] for e in card["body"] if e["type"] == "ActionSet")
    rows = [card.get("actions", ()), *sets]
    return next((b for row in rows for b in row if b.get("verb") == action), {})


def _inputs(card: Json, values: Mapping[str, str]) -> dict[str, str]:
    """Return what Teams sends of the inputs: what was shown, unless something was entered."""
    sent: dict[str, str] = {}
    for element in card["body"]:
        if not element["type"].startswith("Input."):
            continue
        entry = reading.teams_input(element)
        value = values.get(entry.name, entry.value)
        several = element.get("isMultiSelect")
        sent[element["id"]] = ",".join(value.splitlines()) if several else value
    known = {name.removesuffix(reading.SEVERAL) for name in sent}
    return {**{n: v for n, v in values.items() if n not in known}, **sent}
