"""`MicrosoftCalendar`: Microsoft 365 and Outlook.com calendars as the core's ports."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, NoReturn

from adapters.microsoft.auth import Credential, Endpoints, Entra, asked_tier, consent_of
from adapters.microsoft.delegation import MicrosoftDelegation
from adapters.microsoft.errors import PROVIDER
from adapters.microsoft.events import calendar_of
from adapters.microsoft.graph import Graph, Patience, path_of
from adapters.microsoft.reading import Question, read_answer, read_busy
from adapters.microsoft.tokens import Tokens
from adapters.microsoft.writing import Shelf
from core.errors import InvalidRequest, NotConnected
from core.links import Tier
from core.ports import CalendarService

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from core.booking.drafts import EventDraft
    from core.booking.meeting import Rsvp
    from core.links import Grant, RemoteCalendar
    from core.ports import BusyAnswer, Consent, Grants, Receipt, Room, Start, Unknown
    from core.timing.spans import Span

CALENDAR_FIELDS = "id,name,isDefaultCalendar,canEdit"


class MicrosoftCalendar:
    """Connector, consent connector, busy source and writer for Microsoft's calendars.

    A grant's secret holds `refresh_token`, `scopes`, `tier`, `home_account` (object and tenant)
    and `tenant`. Access tokens stay in memory.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: Credential,
        grants: Grants,
        endpoints: Endpoints | None = None,
        *,
        patience: Patience | None = None,
        search: float = 7.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`client_secret` is a secret, or msal's description of a certificate.

        Calendars whose busy times have not come after `search` seconds are unknown, so that the
        others of the account count in a search that waits no longer itself. `clock` (epoch
        seconds), `sleep` (seconds) and `chance` (0 to 1) are replaced in tests.
        """
        at = endpoints or Endpoints()
        self._entra = Entra(client_id, client_secret, at, clock=clock)
        self._tokens = Tokens(self._entra, grants, clock)
        self._graph = Graph(at.graph, self._tokens, patience, sleep, chance)
        self._delegation = MicrosoftDelegation(client_id, self._tokens)
        self._search = search
        self._sleep = sleep

    def service(self) -> CalendarService:
        """Return the sides of this adapter; it has all."""
        return CalendarService(
            *(self, self, self),
            consent=self,
            inbox=self,
            rooms=self,
            delegation=self._delegation,
            series=True,
        )

    async def close(self) -> None:
        """Finish renewals that are under way, then close all connections."""
        await self._tokens.close()
        await self._entra.close()
        await self._graph.close()

    # --- ConsentConnector ---

    async def start(self, tier: Tier, hint: str, state: str, redirect: str) -> Start:
        """Return the consent page for a tier. Raises Unavailable."""
        return await self._entra.start(tier, hint, state, redirect)

    async def finish(
        self, pending: Mapping[str, str], query: Mapping[str, str], redirect: str
    ) -> Consent:
        """Turn the callback's query into an open account. Raises as the port says."""
        asked = asked_tier(pending)
        access = await self._entra.redeem(pending, query, redirect)
        consent = consent_of(access, asked)
        self._tokens.keep(access)
        return consent

    # --- Connector ---

    async def verify(self, form: Mapping[str, str]) -> NoReturn:  # noqa: ARG002 - the port's shape
        """Raise InvalidRequest: accounts open by Microsoft's own page, never by a password."""
        raise InvalidRequest("this account is opened at Microsoft's own page", provider=PROVIDER)

    async def calendars(self, grant: Grant) -> list[RemoteCalendar]:
        """Return the calendars of an account. Raises ProviderError leaves."""
        path = path_of("me", "calendars", select=CALENDAR_FIELDS, top="100")
        items = await self._graph.pages(grant, path)
        return [calendar_of(item, may_write=_may_write(grant)) for item in items]

    async def revoke(self, grant: Grant) -> None:
        """Forget the tokens: there is no call by which an app gives back one person's consent."""
        self._tokens.forget(grant)

    # --- BusySource ---

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Return an answer per calendar. Raises AccessRevoked or ConsentRequiredByAdmin when the
        account does not open.
        """
        until = asyncio.get_running_loop().time() + self._search
        question = Question(grant, window, zone, ignore)
        return await read_busy(self._graph, question, list(dict.fromkeys(calendars)), until)

    # --- CalendarWriter ---

    async def place(self, grant: Grant, calendar_id: str, draft: EventDraft) -> Receipt:
        """Create the copy, or adopt and update the one with our UID; a member's copy is as plain
        as the owner's. Raises ProviderError leaves.
        """
        return await self._shelf(grant, calendar_id).place(draft)

    async def update(
        self, grant: Grant, calendar_id: str, receipt: Receipt, draft: EventDraft
    ) -> Receipt:
        """Replace the copy. Raises PreconditionFailed, RemoteMissing and other leaves."""
        return await self._shelf(grant, calendar_id).update(receipt, draft)

    async def remove(self, grant: Grant, calendar_id: str, receipt: Receipt) -> None:
        """Delete the copy; one that is gone is a success. Raises ProviderError leaves."""
        await self._shelf(grant, calendar_id).remove(receipt)

    # --- InvitationReader ---

    async def answer(self, grant: Grant, calendar_id: str, uid: str, window: Span) -> Rsvp | None:
        """Return how a person answered the invitation that came by our mail (X4), None while it
        is not in their calendar. `window` is the meeting's time. Raises ProviderError leaves.
        """
        return await read_answer(self._graph, grant, calendar_id, uid, window)

    # --- RoomMaker ---

    async def make(self, grant: Grant, calendar_id: str, receipt: Receipt) -> Room | None:
        """Make the owner's copy a Teams meeting and return how it is joined; None where the
        account has no Teams. Raises ProviderError leaves.
        """
        return await self._shelf(grant, calendar_id).make_room(receipt)

    def _shelf(self, grant: Grant, calendar_id: str) -> Shelf:
        if not _may_write(grant):
            raise NotConnected("only busy times were granted", provider=PROVIDER)
        return Shelf(self._graph, grant, calendar_id, self._sleep)


def _may_write(grant: Grant) -> bool:
    return grant.secret.get("tier") == Tier.WRITE
