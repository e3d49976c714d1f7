"""The second reader over HTTP: one question per sentence, one answer or none.

Nothing but the sentence and fixed instructions is sent (`prompt`): no calendars, no names but
those the sentence writes, nothing about the speaker. An answer that is late, too large, a
redirect, a refusal, no JSON, not of the schema or not sure is dropped, and nothing is retried.
The log names the reason and never the sentence or the answer.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog

from adapters.llm.prompt import question
from bot.understand.intent import Intent
from bot.understand.wire import NotAReadingError, parse

if TYPE_CHECKING:
    from bot.understand.intent import Reading

LARGEST = 64 * 1024  # bytes of an answer
SURE = 0.6  # below this the rules' "unknown" is the better answer
AT_ONCE = 8  # questions under way; others wait within their own deadline

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers: `url` is the base that `/chat/completions` is added to.

    `deadline` is in seconds and holds for everything, from connecting to the last byte.
    """

    url: str
    model: str
    key: str = field(repr=False)
    deadline: float = 3.0


class DroppedError(Exception):
    """An answer that is not used; the message says why, without anything that was said."""


class ChatReader:
    """Asks a model behind an OpenAI-compatible endpoint; implements `SecondReader`."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Keep where to ask; nothing is opened before the first question."""
        self._endpoint = endpoint
        self._session: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self._endpoint.model

    async def read(self, text: str) -> Reading | None:
        """Give the model's reading of a sentence, None for anything that is not a sure one."""
        try:
            return await self._heard(text)
        except DroppedError as dropped:
            log.warning("second_reading_dropped", engine=self.name, why=str(dropped))
            return None

    async def _heard(self, text: str) -> Reading:
        """Ask and check. Raises DroppedError for everything that can go wrong."""
        try:
            async with asyncio.timeout(self._endpoint.deadline):
                body = await self._ask(text)
            heard = parse(_content(body), text)
        except NotAReadingError as refused:
            raise DroppedError(f"not a reading: {refused}") from None
        except TimeoutError:
            raise DroppedError("late") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise DroppedError(f"unreachable: {type(error).__name__}") from None
        if heard.reading.intent is Intent.UNKNOWN or heard.confidence < SURE:
            raise DroppedError("unsure")
        return heard.reading

    async def close(self) -> None:
        """Close the connections; a later question opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=AT_ONCE),
                cookie_jar=aiohttp.DummyCookieJar(),
                # A compressed answer could be far larger than what is read of it.
                auto_decompress=False,
                headers={"User-Agent": "Tandem", "Accept-Encoding": "identity"},
            )
        return self._session

    async def _ask(self, text: str) -> bytes:
        """Send one question and return the answer's body. Raises DroppedError."""
        place = self._endpoint
        async with self._open().post(
            f"{place.url.rstrip('/')}/chat/completions",
            json=question(place.model, text),
            headers={"Authorization": f"Bearer {place.key}"},
            # The key and the sentence go to this address and to no other.
            allow_redirects=False,
        ) as response:
            if response.status != 200:
                raise DroppedError(f"status {response.status}")
            return await _body(response)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer up to the limit. Raises DroppedError beyond it."""
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_chunked(16_384):
        size += len(part)
        if size > LARGEST:
            raise DroppedError("too large")
        parts.append(part)
    return b"".join(parts)


def _content(body: bytes) -> str:
    """Return what the model said: choices[0].message.content. Raises DroppedError."""
    try:
        found: Any = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise DroppedError("not a completion") from None
    if not isinstance(found, str):
        raise DroppedError("nothing said")  # a refusal has its words elsewhere
    return found
