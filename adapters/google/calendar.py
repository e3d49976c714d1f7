"""`GoogleCalendar`: Google's calendars as the core's ports."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from typing import TYPE_CHECKING, Any

from adapters.google.api import Api
from adapters.google.busy import Reading
from adapters.google.delegation import Delegate, GoogleDelegation
from adapters.google.errors import PROVIDER, Failure, typed
from adapters.google.oauth import Endpoints, OAuth, challenge_of
from adapters.google.retries import Retries
from adapters.google.scopes import ASKED, WRITES, tier_of
from adapters.google.tokens import Tokens
from adapters.google.writing import Shelf
from core.errors import BadData, InvalidRequest, NotConnected
from core.links import RemoteCalendar, Tier, is_delegated
from core.ports import CalendarService, Consent, Receipt, Start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adapters.google.delegation import ServiceAccount
    from core.booking.drafts import EventDraft
    from core.links import Grant
    from core.ports import BusyAnswer, Clock, Grants, Room, Unknown, Verified
    from core.timing.spans import Span

LIST_FIELDS = "nextPageToken,items(id,summary,summaryOverride,accessRole,primary,deleted,timeZone)"
PAGE = 250  # the most that Google gives at once


class GoogleCalendar:
    """Connector, consent, busy source and writer for Google accounts.

    A grant's secret holds `refresh_token`, `scopes` (what was granted, with spaces between),
    `sub` (the account's own id) and `email`. Access tokens are kept in memory only.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        grants: Grants,
        endpoints: Endpoints,
        clock: Clock,
        timeout: float = 15.0,
        patience: float = 7.0,
        retries: Retries | None = None,
        account: ServiceAccount | None = None,
    ) -> None:
        """Act as the OAuth client registered at Google; nothing is loaded or sent yet.

        One attempt of a call takes `timeout` seconds at most. Calendars whose busy times have
        not come after `patience` seconds are unknown, so that the others count. With `account`
        an IT department may open its people's accounts.
        """
        retries = retries or Retries()
        self._patience, self._retries = patience, retries
        self._oauth = OAuth(client_id, client_secret, endpoints, clock, timeout)
        delegate = Delegate(account, self._oauth, clock) if account else None
        self._delegation = GoogleDelegation(delegate, retries) if delegate else None
        self._tokens = Tokens(self._oauth, grants, clock, delegate)
        self._api = Api(endpoints.api, self._tokens, clock, timeout, retries)

    def service(self) -> CalendarService:
        """Return the sides of this adapter."""
        return CalendarService(
            self, self, self, consent=self, rooms=self, delegation=self._delegation, series=True
        )

    async def close(self) -> None:
        """Wait for calls under way and close all connections."""
        await self._api.close()
        await self._oauth.close()

    # --- ConsentConnector ---

    async def start(self, tier: Tier, hint: str, state: str, redirect: str) -> Start:
        """Return Google's consent page for a tier's rights.

        Asking for more than before builds on what is granted already (incremental consent);
        asking for busy times only does not bring older rights back.
        """
        verifier, nonce = secrets.token_urlsafe(64), secrets.token_urlsafe(24)
        parameters = {
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "login_hint": hint,
            "include_granted_scopes": "true" if tier is Tier.WRITE else "false",
        }
        url = self._oauth.consent_url(ASKED[tier], redirect, parameters)
        return Start(url, {"verifier": verifier, "nonce": nonce, "state": state})

    async def finish(
        self, pending: Mapping[str, str], query: Mapping[str, str], redirect: str
    ) -> Consent:
        """Turn the callback's query into an open account; its tier is what was really granted.

        Raises ConsentRequiredByAdmin, NotConnected (refused, or too little was granted),
        AccessRevoked (the code was used or is too old), Unavailable, BadData.
        """
        if not hmac.compare_digest(query.get("state", "").encode(), pending["state"].encode()):
            raise BadData("the answer is not for this consent", provider=PROVIDER)
        if "error" in query:
            raise typed(Failure(403, query["error"]))
        if not query.get("code"):
            raise BadData("the answer holds no code", provider=PROVIDER)
        try:
            tokens = await self._oauth.exchange(query["code"], pending["verifier"], redirect)
        except Failure as failure:
            raise typed(failure) from None
        return self._consent(tokens, pending["nonce"])

    def _consent(self, tokens: dict[str, Any], nonce: str) -> Consent:
        identity = self._oauth.identity(tokens.get("id_token"), nonce)
        scopes = str(tokens.get("scope", "")).split()
        tier, refresh_token = tier_of(scopes), tokens.get("refresh_token")
        if tier is None:
            raise NotConnected("busy times were not granted", provider=PROVIDER)
        if not isinstance(refresh_token, str) or not refresh_token:
            raise NotConnected("no lasting access was granted", provider=PROVIDER)
        try:
            self._tokens.keep(refresh_token, tokens)
        except Failure as failure:
            raise typed(failure) from None
        secret = {
            "refresh_token": refresh_token,
            "scopes": " ".join(sorted(scopes)),
            "sub": identity.subject,
            "email": identity.email,
        }
        return Consent(identity.email, secret, tier, personal=not identity.hosted)

    # --- Connector ---

    async def verify(self, form: Mapping[str, str]) -> Verified:  # noqa: ARG002  # the port's
        """Refuse: a Google account is opened by its consent page, never by a password."""
        raise InvalidRequest("Google accounts are opened by consent", provider=PROVIDER)

    async def calendars(self, grant: Grant) -> list[RemoteCalendar]:
        """Return the calendars of an account's list. Raises ProviderError leaves.

        Sessions can be written to calendars that the person owns, when that right was granted.
        """
        writes = bool(WRITES.intersection(grant.secret.get("scopes", "").split()))
        found: list[RemoteCalendar] = []
        params: dict[str, Any] = {"minAccessRole": "freeBusyReader", "maxResults": PAGE}
        while True:
            page = await self._api.call(grant, "calendarList", "list", **params, fields=LIST_FIELDS)
            found += listed(page, writes=writes)
            if not page.get("nextPageToken"):
                return found
            params["pageToken"] = page["nextPageToken"]

    async def revoke(self, grant: Grant) -> None:
        """Give the access back at Google. Raises ProviderError leaves while it cannot be given.

        Google takes back everything that the person granted to the product's project. What IT
        granted is IT's to take back.
        """
        self._tokens.forget(grant)
        if is_delegated(grant):
            return
        await self._retries.run(lambda: self._oauth.revoke(grant.secret["refresh_token"]))

    # --- BusySource ---

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,  # noqa: ARG002  # the port's: Google keeps whole days in the calendar's zone
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Return an answer per calendar.

        Raises AccessRevoked, NotConnected and ConsentRequiredByAdmin, which concern the whole
        grant.
        """
        until = asyncio.get_running_loop().time() + self._patience
        return await Reading(self._api, grant, window, ignore, until).busy(calendars)

    # --- CalendarWriter ---

    async def place(self, grant: Grant, calendar_id: str, draft: EventDraft) -> Receipt:
        """Create the copy, or adopt and update the one with our UID: the owner's is theirs, a
        member's has the assistant as organizer (X4). Raises ProviderError leaves.
        """
        return await Shelf(self._api, grant, calendar_id).place(draft)

    async def update(
        self, grant: Grant, calendar_id: str, receipt: Receipt, draft: EventDraft
    ) -> Receipt:
        """Correct the copy. Raises PreconditionFailed, RemoteMissing and other leaves."""
        return await Shelf(self._api, grant, calendar_id).update(receipt, draft)

    async def remove(self, grant: Grant, calendar_id: str, receipt: Receipt) -> None:
        """Delete the copy; one that is gone is a success. Raises ProviderError leaves."""
        await Shelf(self._api, grant, calendar_id).remove(receipt)

    # --- RoomMaker ---

    async def make(self, grant: Grant, calendar_id: str, receipt: Receipt) -> Room | None:
        """Give a placed event a Meet link; None where Meet is not allowed.

        Raises ProviderError leaves.
        """
        return await Shelf(self._api, grant, calendar_id).make_room(receipt, self._retries.sleep)


def listed(page: Mapping[str, Any], *, writes: bool) -> list[RemoteCalendar]:
    """Return the calendars of one page of the list. Raises BadData."""
    items = page.get("items", [])
    if not isinstance(items, list):
        raise BadData("a list of calendars that is none", provider=PROVIDER)
    return [
        RemoteCalendar(
            calendar_id=str(item["id"]),
            name=str(item.get("summaryOverride") or item.get("summary") or item["id"]),
            writable=writes and item.get("accessRole") == "owner",
            default=item.get("primary") is True,
            zone=str(item.get("timeZone") or ""),
        )
        for item in items
        if isinstance(item, dict) and item.get("id") and not item.get("deleted")
    ]
