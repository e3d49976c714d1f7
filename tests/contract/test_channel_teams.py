"""The channel contract for Teams, against the stand-in for the Bot Connector."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest

from adapters.teams.channel import TeamsChannel
from adapters.teams.directory import TeamsDirectory
from adapters.teams.wire import TRIES
from bot.message import Place
from core.errors import AccessRevoked, ProviderError, RateLimited, Unavailable
from core.people import ChatIdentity
from tests.contract.channel_contract import ChannelContract
from tests.servers.teams.bench import ACCOUNT, MAYA, USER, bench
from tests.servers.teams.server import TENANT, Connector, Order, refusal

SHARED = Place("teams", TENANT, "19:abc@thread.tacv2", "1627505122598")
REFUSALS: dict[type[ProviderError], tuple[int, str, dict[str, str]]] = {
    AccessRevoked: (403, "ConversationBlockedByUser", {}),
    RateLimited: (429, "", {"Retry_After": "3"}),
    Unavailable: (503, "", {}),
}


@dataclass(frozen=True, slots=True)
class TeamsBench:
    connector: Connector
    channel: TeamsChannel
    directory: TeamsDirectory
    person: ChatIdentity = MAYA
    shared: Place = SHARED

    def shown(self, place: Place) -> Sequence[str]:
        return [
            json.dumps(body, ensure_ascii=False)
            for (conversation, _), body in self.connector.activities.items()
            if conversation.partition(";")[0] == place.conversation
        ]

    def fail(self, kind: type[ProviderError]) -> None:
        """Refuse once and for all the tries that one message has."""
        status, code, headers = REFUSALS[kind]
        order: Order = refusal(status, code, **headers)
        order.times = TRIES
        self.connector.orders.append(order)


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


class TestTeams(ChannelContract):
    @pytest.fixture
    async def bench(self, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TeamsBench]:
        async with Connector() as connector, bench(connector) as made:
            await made.meet()
            monkeypatch.setattr(made.teams._wire, "_sleep", _at_once)
            connector.members[ACCOUNT] = {"id": ACCOUNT, "aadObjectId": USER, "name": "Maya Rossi"}
            yield TeamsBench(connector, made.teams.channel, made.teams.directory)
            assert connector.violations == []
