"""How a workspace installs the assistant: Slack's page of consent, and the way back to us.

docs.slack.dev/authentication/installing-with-oauth.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import structlog
from aiohttp import web

from adapters.slack.config import INSTALL_PATH, REDIRECT_PATH, SCOPES
from adapters.slack.errors import Failure
from adapters.slack.inbound import KIND
from adapters.slack.inputs import flat
from adapters.slack.states import LIFE
from bot.channel import ChatPerson
from core.errors import ProviderError
from core.people import ChatIdentity

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from adapters.slack.config import SlackApp
    from adapters.slack.directory import SlackDirectory
    from adapters.slack.states import States
    from adapters.slack.tokens import Exchanger, Tokens
    from bot.channel import Reception

COOKIE = "tandem_slack"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
AGAIN = f'<p><a href="{INSTALL_PATH}">Start again</a></p>'
DONE = (
    "Tandem is installed in {name}. Everybody there can now write to it: open Tandem under Apps "
    "in Slack and say hello. If your organisation already uses Tandem, an administrator links "
    "this workspace to it in the chat."
)
DECLINED = "Nothing was installed, because the request was declined in Slack."
EXPIRED = "This page is no longer good: it works once, for ten minutes, in one browser."
REFUSED = "Slack did not confirm the installation. Nothing was installed."
WHOLE_GRID = (
    "Tandem is installed in one workspace at a time, not in a whole organisation at once. "
    "Nothing was installed. Choose a workspace at the top right of Slack's page."
)
NARROW = "Slack gave fewer permissions than Tandem needs. Nothing was installed."

log = structlog.get_logger(__name__)


class Installs:
    """The two pages of an installation."""

    def __init__(
        self,
        app: SlackApp,
        states: States,
        tokens: Tokens,
        directory: SlackDirectory,
        exchanger: Callable[[], Awaitable[Exchanger]],
    ) -> None:
        """Keep tokens in `tokens`; ask who installs by `directory`."""
        self._app, self._states, self._tokens = app, states, tokens
        self._directory, self._exchanger = directory, exchanger

    def routes(self, reception: Reception) -> list[web.AbstractRouteDef]:
        """Return the routes that begin and end an installation."""

        async def back(request: web.Request) -> web.Response:
            return await self._back(request, reception)

        return [
            web.get(INSTALL_PATH, self._begin, allow_head=False),
            web.get(REDIRECT_PATH, back, allow_head=False),
        ]

    async def _begin(self, _request: web.Request) -> web.Response:
        state = self._states.make()
        query = {
            "client_id": self._app.client_id,
            "scope": ",".join(SCOPES),
            "redirect_uri": self._app.redirect,
            "state": state,
        }
        answer = web.Response(
            status=302, headers={**HEADERS, "Location": f"{self._app.consent}?{urlencode(query)}"}
        )
        answer.set_cookie(
            COOKIE,
            state,
            max_age=LIFE,
            path="/slack",
            httponly=True,
            secure=self._app.public_url.startswith("https:"),
            samesite="Lax",
        )
        return answer

    async def _back(self, request: web.Request, reception: Reception) -> web.Response:
        state, cookie = request.query.get("state", ""), request.cookies.get(COOKIE, "")
        if not await self._states.use(state, cookie):
            return _page(400, EXPIRED)
        if request.query.get("error"):
            return _page(400, DECLINED)
        code = request.query.get("code", "")
        if not (0 < len(code) <= 512 and code.isprintable()):
            return _page(400, REFUSED)
        try:
            answer = await self._exchanged(code)
            return await self._installed(answer, reception)
        except (Failure, ProviderError) as error:
            log.warning("slack_install_failed", error=type(error).__name__)
            return _page(400, REFUSED)

    async def _exchanged(self, code: str) -> dict[str, Any]:
        form = {
            "client_id": self._app.client_id,
            "client_secret": self._app.client_secret,
            "code": code,
            "redirect_uri": self._app.redirect,
        }
        return await (await self._exchanger()).exchange(form)

    async def _installed(self, answer: Mapping[str, Any], reception: Reception) -> web.Response:
        """Keep what Slack gave, and tell the bot who installed it."""
        team = answer.get("team")
        if answer.get("is_enterprise_install") is True or not isinstance(team, dict):
            return _page(400, WHOLE_GRID)
        missing = set(SCOPES) - set(flat(answer.get("scope")).split(","))
        if missing:
            log.warning("slack_install_narrow", missing=sorted(missing))
            return _page(400, NARROW)
        workspace, name = flat(team.get("id")), flat(team.get("name"))
        by = answer.get("authed_user")
        user = flat(by.get("id")) if isinstance(by, dict) else ""
        if not (workspace and user):
            return _page(400, REFUSED)
        await self._tokens.save(workspace, name, self._tokens.secret_of(answer))
        installer = await self._who(ChatIdentity(KIND, workspace, user))
        await reception.installed(KIND, workspace, name, installer)
        return _page(200, DONE.format(name=name or "your workspace"))

    async def _who(self, identity: ChatIdentity) -> ChatPerson:
        """Return who installs, as far as Slack tells."""
        found = None
        try:
            found = await self._directory.get(identity)
        except ProviderError as error:
            log.info("slack_installer_unread", error=type(error).__name__)
        return found or ChatPerson(identity, "")


def _page(status: int, text: str) -> web.Response:
    again = "" if status == 200 else AGAIN
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tandem</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><h1>Tandem in Slack</h1><p>{html.escape(text)}</p>{again}</body></html>"
    )
    return web.Response(status=status, text=body, content_type="text/html", headers=HEADERS)
