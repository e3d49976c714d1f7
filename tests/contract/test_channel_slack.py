"""The chat contract for Slack, against the stand-in for its Web API."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest

from adapters.slack.channel import SlackChannel
from adapters.slack.directory import SlackDirectory
from bot.message import Place
from core.errors import AccessRevoked, ProviderError, RateLimited, Unavailable
from core.people import ChatIdentity
from tests.contract.channel_contract import ChannelContract
from tests.servers.slack.bench import MAYA, bench
from tests.servers.slack.server import Refusal, SlackServer
from tests.unit.slack.checker import texts

SHARED = Place("slack", "T1", "C1", "1700000000.000001")
REFUSALS: dict[type[ProviderError], Refusal] = {
    AccessRevoked: Refusal("account_inactive"),
    RateLimited: Refusal("ratelimited", 429, {"Retry-After": "3"}),
    Unavailable: Refusal("internal_error"),
}


@dataclass(frozen=True, slots=True)
class SlackBench:
    server: SlackServer
    channel: SlackChannel
    directory: SlackDirectory
    person: ChatIdentity = MAYA
    shared: Place = SHARED

    def shown(self, place: Place) -> Sequence[str]:
        return [
            "\n".join((body["text"], *texts(body["blocks"])))
            for (conversation, _), body in self.server.messages.items()
            if conversation == place.conversation
        ]

    def fail(self, kind: type[ProviderError]) -> None:
        for call in ("chat.postMessage", "assistant.threads.setStatus"):
            self.server.refuse(call, REFUSALS[kind])


class TestSlack(ChannelContract):
    @pytest.fixture
    async def bench(self) -> AsyncIterator[SlackBench]:
        async with SlackServer() as server, bench(server) as made:
            server.members["U1"] = {"team_id": "T1", "profile": {"real_name": "Maya"}}
            made.slack.channel.heard(Place("slack", "T1", "DU1"), "1700000000.000002")
            yield SlackBench(server, made.slack.channel, made.slack.directory)
            assert server.violations == []
