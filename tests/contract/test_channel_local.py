"""The channel contract for the local chat."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from adapters.local.channel import Event, LocalChannel
from adapters.memory.store import MemoryStore
from adapters.system import RandomIds, SystemClock
from bot.message import Place
from core.people import ChatIdentity
from tests.contract.channel_contract import LocalContract


class LocalBench:
    """An open page of the person, which hears what is said."""

    def __init__(self, channel: LocalChannel, page: asyncio.Queue[Event]) -> None:
        self.channel, self.person = channel, ChatIdentity("local", "local", "maya")
        self._page = page
        self._messages: dict[str, dict[str, Any]] = {}

    def shown(self, place: Place) -> Sequence[str]:
        assert place.conversation == self.person.user
        while not self._page.empty():
            kind, data = self._page.get_nowait()
            if kind == "message":
                self._messages[data["id"]] = data
        return [json.dumps(data, ensure_ascii=False) for data in self._messages.values()]


class TestLocal(LocalContract):
    @pytest.fixture
    def bench(self) -> Iterator[LocalBench]:
        channel = LocalChannel(MemoryStore(), SystemClock(), RandomIds())
        with channel.listening("maya") as page:
            yield LocalBench(channel, page)
