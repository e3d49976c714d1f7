"""The tokens of workspaces: sealed in the store, and exchanged for new ones before they end.

docs.slack.dev/authentication/using-token-rotation: a refresh token is good once, so there is one
exchange at a time for each workspace, and it goes on when those who wait for it give up: what it
brings would be lost, and with it the workspace.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from adapters.slack.errors import PROVIDER, Failure, typed
from adapters.slack.inbound import KIND
from adapters.slack.inputs import flat
from core.errors import AccessRevoked, BadData
from core.talk import Workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from adapters.slack.config import SlackApp
    from core.ports import Clock, Store, Tx

Json = dict[str, Any]

EARLY = 2 * 3600  # seconds before its end that a token is exchanged
GRACE = 2.0  # seconds in which another process keeps the token that it was given
FRESH = 5  # seconds for which a workspace is not read again; another process may change it


log = structlog.get_logger(__name__)


class Exchanger(Protocol):
    """What calls oauth.v2.access (`adapters.slack.vendor`)."""

    async def exchange(self, form: Mapping[str, str]) -> Json:
        """Return the answer. Raises Failure."""
        ...


class Tokens:
    """Keeps and renews tokens."""

    def __init__(
        self,
        app: SlackApp,
        store: Store,
        clock: Clock,
        exchanger: Callable[[], Awaitable[Exchanger]],
    ) -> None:
        """Keep them in `store`; a workspace's secret is sealed there."""
        self._app, self._store, self._clock = app, store, clock
        self._exchanger = exchanger
        self._on_lost: Callable[[str], Awaitable[None]] | None = None
        self._renewals: dict[str, asyncio.Task[str]] = {}
        self._read: dict[str, tuple[int, Workspace]] = {}

    async def of(self, workspace: str) -> str:
        """Return a token that is good for now. Raises AccessRevoked and Unavailable."""
        secret = await self._secret(workspace)
        if not self._ends_soon(secret):
            return secret["token"]
        renewal = self._renewals.get(workspace)
        if renewal is None:
            renewal = asyncio.create_task(self._renewal(workspace))
            self._renewals[workspace] = renewal
            renewal.add_done_callback(lambda done: self._end(workspace, done))
        return await asyncio.shield(renewal)

    async def close(self) -> None:
        """Wait for the exchanges that are under way."""
        await asyncio.gather(*self._renewals.values(), return_exceptions=True)

    async def since(self, workspace: str, *, anew: bool = False) -> int | None:
        """Return when a workspace installed us, None while it has not; as it stands now with
        `anew`, else as it stood some seconds ago.
        """
        if anew:
            self.forget(workspace)
        found = await self._found(workspace)
        if found is None:
            return None
        since = found.secret.get("since", "")
        return int(since) if since.isdecimal() else 0

    async def save(
        self, workspace: str, name: str, secret: Mapping[str, str], *, renews: str | None = None
    ) -> None:
        """Keep the tokens of a workspace that installed us, once more or for the first time.

        Those that a refresh token `renews` are kept only where that is still ours: not where we
        were removed or installed anew in the meantime.
        """

        def work(tx: Tx) -> None:
            known = tx.workspaces.get(KIND, workspace)
            stale = known is None or not known.active or known.secret.get("refresh") != renews
            if renews is not None and stale:
                return
            if known is not None and not known.active:
                tx.references.clear(KIND, workspace)  # that people were not reached meanwhile
            found = known or Workspace(KIND, workspace, name or workspace, None, {})
            tx.workspaces.save(replace(found, secret=dict(secret), active=True))

        await self._store.transact(work)
        self.forget(workspace)

    def forget(self, workspace: str) -> None:
        """Read a workspace again the next time."""
        self._read.pop(workspace, None)

    def tell(self, on_lost: Callable[[str], Awaitable[None]]) -> None:
        """Call `on_lost` with a workspace whose tokens are dead."""
        self._on_lost = on_lost

    async def lost(self, workspace: str, token: str) -> None:
        """Take note that Slack believes a token no more: unless there is another one by now, the
        workspace has to install us anew.
        """
        self.forget(workspace)
        found = await self._found(workspace)
        if found is not None and found.secret.get("token") == token and self._on_lost is not None:
            log.warning("slack_token_dead", workspace=workspace)
            await self._on_lost(workspace)
            self.forget(workspace)

    def secret_of(self, answer: Mapping[str, object]) -> dict[str, str]:
        """Return what is kept of an answer of oauth.v2.access. Raises BadData."""
        token = flat(answer.get("access_token"))
        if not token:
            raise BadData("no token", provider=PROVIDER)
        lasts = answer.get("expires_in")
        since = str(self._clock.now())
        kept = {"token": token, "us": flat(answer.get("bot_user_id")), "since": since}
        if isinstance(lasts, int) and not isinstance(lasts, bool) and lasts > 0:
            kept |= {
                "refresh": flat(answer.get("refresh_token")),
                "ends": str(self._clock.now() + lasts),
            }
        return kept

    async def _secret(self, workspace: str) -> Mapping[str, str]:
        found = await self._found(workspace)
        if found is None:
            raise AccessRevoked("not installed", provider=PROVIDER)
        return found.secret

    async def _found(self, workspace: str) -> Workspace | None:
        """Return a workspace that has us; every event and every message asks for it."""
        at, now = self._read.get(workspace), self._clock.now()
        if at is not None and 0 <= now - at[0] < FRESH:
            return at[1]
        found = await self._store.read(lambda tx: tx.workspaces.get(KIND, workspace))
        if found is None or not found.active or not found.secret.get("token"):
            self.forget(workspace)
            return None
        self._read[workspace] = (now, found)
        return found

    async def _renewal(self, workspace: str) -> str:
        self.forget(workspace)
        secret = await self._secret(workspace)  # an exchange may have ended just now
        if self._ends_soon(secret):
            secret = await self._renewed(workspace, secret)
        return secret["token"]

    def _end(self, workspace: str, done: asyncio.Task[str]) -> None:
        """Forget an exchange; what failed there was told to whoever still waited."""
        del self._renewals[workspace]
        if not done.cancelled():
            done.exception()

    def _ends_soon(self, secret: Mapping[str, str]) -> bool:
        ends = secret.get("ends", "")
        return ends.isdecimal() and int(ends) - self._clock.now() < EARLY

    async def _ended(self, workspace: str, old: Mapping[str, str]) -> None:
        """A refresh token is dead: another process may have used it, and is about to say so."""
        await asyncio.sleep(GRACE)
        await self.lost(workspace, old["token"])

    async def _renewed(self, workspace: str, old: Mapping[str, str]) -> Mapping[str, str]:
        """Exchange a token; the old one does where Slack cannot be reached and it still lives."""
        form = {
            "client_id": self._app.client_id,
            "client_secret": self._app.client_secret,
            "grant_type": "refresh_token",
            "refresh_token": old.get("refresh", ""),
        }
        try:
            answer = await (await self._exchanger()).exchange(form)
        except Failure as failure:
            if int(old["ends"]) > self._clock.now() + 60:
                return old
            if failure.code == "invalid_refresh_token":
                await self._ended(workspace, old)
                raise AccessRevoked(failure.code, provider=PROVIDER) from None
            raise typed(failure) from None
        kept = {**old, **_present(self.secret_of(answer)), "since": old.get("since", "")}
        await self.save(workspace, "", kept, renews=old.get("refresh", ""))
        return kept


def _present(secret: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in secret.items() if value}
