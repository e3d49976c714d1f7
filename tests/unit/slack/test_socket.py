"""Socket Mode: the same turns, through a socket that we open ourselves."""

import asyncio

import pytest

from core.errors import AccessRevoked
from tests.servers.slack.bench import bench
from tests.servers.slack.server import Refusal, SlackServer
from tests.unit.slack.payloads import Json, direct, submitted


async def test_events_come_by_a_socket(server: SlackServer) -> None:
    settings = {"app_token": "xapp-1", "bot_token": "xoxb-one", "signing_secret": ""}
    async with bench(server, installed=False, **settings) as made:
        socket = await asyncio.wait_for(server.sockets.get(), 10)
        sent: list[tuple[str, str, Json]] = [
            ("e1", "events_api", direct("book with Alex")),
            ("e2", "interactive", submitted(zone="Mars")),
        ]
        made.reception.wrong = {"zone": "Which zone?"}
        for envelope, kind, payload in sent:
            letter = {"envelope_id": envelope, "type": kind, "payload": payload}
            await socket.send_json({**letter, "accepts_response_payload": kind == "interactive"})
        said = [await asyncio.wait_for(server.said.get(), 10) for _ in sent]
        answers = {answer["envelope_id"]: answer for answer in said}
        assert answers.keys() == {"e1", "e2"}
        assert answers["e2"]["payload"]["errors"] == {"in|zone": "Which zone?"}
        assert [found.text for found in made.reception.got] == ["book with Alex"]
        assert (await made.raw("POST"))[0] == 404


async def test_a_socket_that_slack_refuses_is_named(server: SlackServer) -> None:
    settings = {"app_token": "xapp-1", "bot_token": "xoxb-one", "signing_secret": ""}
    server.refuse("apps.connections.open", Refusal("invalid_auth"))
    with pytest.raises(AccessRevoked):
        async with bench(server, installed=False, **settings):
            pass
