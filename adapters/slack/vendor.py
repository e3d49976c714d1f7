"""The vendor's SDK: the only module that imports it, and itself loaded when Slack is used."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Taker = Callable[[Mapping[str, object]], Awaitable[dict[str, Any] | None]]

Json = dict[str, Any]
T = TypeVar("T")

TIMEOUT = 10  # seconds
MOST = 100  # clients that are kept


class Client:
    """The SDK's AsyncWebClient; raises Failure alone."""

    def __init__(self, base_url: str, session: Callable[[], aiohttp.ClientSession]) -> None:
        """Send to `base_url` (".../api/") by the session that is open then."""
        self._base_url, self._session = base_url, session
        self._clients: OrderedDict[str, AsyncWebClient] = OrderedDict()

    async def call(
        self, method: str, token: str, body: Mapping[str, object], *, asks: bool = False
    ) -> Json:
        """Call a method of the Web API and return its answer."""
        return await _guarded(self._send(method, token, dict(body), asks=asks))

    async def exchange(self, form: Mapping[str, str]) -> Json:
        """Call oauth.v2.access, for a new installation or a new token; it has no token yet."""
        client = self._client(None)
        sent = {"http_verb": "POST", "data": dict(form)}
        return await _guarded(_answer(client, "oauth.v2.access", sent))

    async def _send(self, method: str, token: str, body: Json, *, asks: bool) -> Json:
        client = self._known(token)
        if asks:
            return await _answer(client, method, {"data": body})
        return await _answer(client, method, {"json": body})

    def _known(self, token: str) -> AsyncWebClient:
        """Return the client of a token: making one costs more than what it sends."""
        client = self._clients.pop(token, None)
        if client is None or client.session is not self._session():
            client = self._client(token)
        self._clients[token] = client
        if len(self._clients) > MOST:
            self._clients.popitem(last=False)
        return client

    def _client(self, token: str | None) -> AsyncWebClient:
        return AsyncWebClient(
            token=token,
            base_url=self._base_url,
            session=self._session(),
            timeout=TIMEOUT,
            retry_handlers=[],
        )


async def _guarded(sending: Awaitable[T]) -> T:
    """Return what is sent for. Raises Failure alone."""
    try:
        async with asyncio.timeout(TIMEOUT):
            return await sending
    except SlackApiError as error:
        raise _failure(error) from None
    except aiohttp.ClientConnectorError:
        raise Failure(0, unsent=True) from None
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError):
        raise Failure(0) from None
    except ValueError:
        raise Failure(200, "unreadable") from None


class Bolt:
    """The SDK's AsyncApp before our own turns: it knows Slack's envelopes and Socket Mode.

    Every payload goes to `take`, whose answer is the acknowledgement; the door has checked the
    signature already.
    """

    def __init__(self, take: Taker, base_url: str) -> None:
        """Build the app; nothing is asked yet."""
        self._socket: AsyncSocketModeHandler | None = None
        self._app = AsyncApp(
            name="tandem",
            client=AsyncWebClient(base_url=base_url, retry_handlers=[]),
            before_authorize=_Before(take),
            authorize=_nobody,
            request_verification_enabled=False,
        )

    async def dispatch(self, body: str, headers: Mapping[str, str]) -> tuple[int, str, str]:
        """Return status, content type and body of the answer. Raises ValueError for a payload
        that cannot come from Slack.
        """
        try:
            request = AsyncBoltRequest(body=body, headers=dict(headers))
        except (AttributeError, KeyError, TypeError, IndexError) as error:
            raise ValueError(type(error).__name__) from None
        response = await self._app.async_dispatch(request)
        return response.status, response.first_headers().get("content-type", ""), response.body

    async def connect(self, app_token: str) -> None:
        """Open a socket through which Slack sends what it would post. Raises Failure."""
        self._socket = AsyncSocketModeHandler(self._app, app_token)
        await _guarded(
            self._socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt's has none
        )

    async def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]  # Bolt's has none
            self._socket = None


class _Before(AsyncMiddleware):
    """Our turns, in front of whatever Bolt does; not a plain function, because Bolt fails on
    strange payloads while it collects the arguments of one.
    """

    def __init__(self, take: Taker) -> None:
        self._take = take

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002  # Bolt hands it by name
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  # Bolt's name
    ) -> BoltResponse | None:
        if req.body.get("type") == "url_verification" or req.body.get("ssl_check") == "1":
            return await next()
        answer = await self._take(req.body)
        return BoltResponse(status=200, body=answer if answer is not None else "")


async def _nobody() -> AuthorizeResult:
    """Bolt asks for an authorisation of what it answers itself only; that needs none."""
    return AuthorizeResult(enterprise_id=None, team_id=None)


async def _answer(client: AsyncWebClient, method: str, sent: Mapping[str, Any]) -> Json:
    response = await client.api_call(method, **sent)
    data = response.data
    if not isinstance(data, dict):
        raise Failure(200, "unreadable")
    return data


def _failure(error: SlackApiError) -> Failure:
    """Return what an answer without "ok" says."""
    response: Any = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    headers = {str(k).lower(): str(v) for k, v in dict(getattr(response, "headers", {})).items()}
    wait = headers.get("retry-after", "")
    return Failure(
        status,
        code if isinstance(code, str) else "",
        int(wait[:9]) if wait.isascii() and wait.isdecimal() else None,
    )
