"""`CalDav`: calendars behind CalDAV servers as the core's ports."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from yarl import URL

from adapters.caldav.discover import (
    discover,
    list_calendars,
    quirks_of,
    server_address,
)
from adapters.caldav.guard import PROVIDER, Guard, registrable
from adapters.caldav.http import Dav, Login
from adapters.caldav.quirks import KNOWN, Quirks
from adapters.caldav.reading import read_busy
from adapters.caldav.writing import Shelf
from core.errors import (
    AccessRevoked,
    InvalidRequest,
    NotConnected,
    ProviderError,
    why_unread,
)
from core.ports import BusyAnswer, CalendarService, Receipt, Unknown, Verified

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.booking.drafts import EventDraft
    from core.links import Grant, RemoteCalendar
    from core.timing.spans import Span

SIDE_BY_SIDE = 2  # requests at once per account


class CalDav:
    """Connector, busy source and writer for iCloud and every other CalDAV server.

    A grant's secret holds `server`, `username`, `password`, `home` (where the calendars are) and
    `addresses` (the owner's, to find their answer among attendees).
    """

    def __init__(
        self,
        allowed: Iterable[str] = (),
        timeout: float = 15.0,
        quirks: Sequence[Quirks] = KNOWN,
        patience: float = 7.0,
    ) -> None:
        """Reach public servers, and those of `allowed` (`host:port`), within `timeout` seconds.

        Calendars whose busy times have not come after `patience` seconds are unknown, so that
        the others of the account count in a search that waits no longer itself.
        """
        self._dav = Dav(Guard(allowed), timeout)
        self._patience = patience
        self._quirks = quirks
        self._gates: WeakValueDictionary[tuple[str, str], asyncio.Semaphore] = WeakValueDictionary()

    def service(self) -> CalendarService:
        """Return the three sides of this adapter."""
        return CalendarService(self, self, self, series=True)

    async def close(self) -> None:
        """Close all connections."""
        await self._dav.close()

    # --- Connector ---

    async def verify(self, form: Mapping[str, str]) -> Verified:
        """Open an account with `server` (empty or `apple`: iCloud), `username`, `password`.

        An `email`, where it is given, helps to find the owner's answers to invitations.
        Raises InvalidRequest, before anything is sent, for an address that must not be reached
        and for a password that cannot be an app password; ProviderError leaves afterwards.
        """
        server = self._dav.guard.check(server_address(form.get("server", ""), self._quirks))
        quirks = quirks_of(server.host or "", self._quirks)
        username, password = form.get("username", "").strip(), form.get("password", "").strip()
        if not username or not password:
            raise InvalidRequest("account name and app password are needed", provider=PROVIDER)
        if quirks.shape and not quirks.shape.fullmatch(password):
            raise InvalidRequest(quirks.shape_hint, provider=PROVIDER)
        login = Login(username, password, quirks.revoked_hint)
        account = await discover(self._dav, login, server, quirks)
        own = [form.get("email", "").strip().lower(), username]
        addresses = {*account.addresses, *(f"mailto:{name}" for name in own if "@" in name)}
        secret = {
            "server": str(server),
            "username": username,
            "password": password,
            "home": account.home,
            "addresses": " ".join(sorted(addresses)),
        }
        return Verified(username if "@" in username else f"{username} ({server.host})", secret)

    async def calendars(self, grant: Grant) -> list[RemoteCalendar]:
        """Return the calendars of an account that hold events. Raises ProviderError leaves."""
        home = URL(grant.secret["home"])
        async with self._gate(grant):
            return await list_calendars(self._dav, self._login(grant), home, self._of(grant))

    async def revoke(self, grant: Grant) -> None:
        """Do nothing: an app password is taken back where it was made, by its owner."""

    # --- BusySource ---

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Return an answer per calendar. Raises AccessRevoked when the login is not accepted."""
        revoked: list[AccessRevoked] = []
        until = asyncio.get_running_loop().time() + self._patience

        async def one(calendar_id: str) -> BusyAnswer | Unknown:
            try:
                async with asyncio.timeout_at(until), self._gate(grant):
                    if revoked:  # several failed logins could lock the account
                        return Unknown("access revoked")
                    return await self._busy(grant, calendar_id, window, zone, ignore)
            except AccessRevoked as error:
                revoked.append(error)
                return Unknown("access revoked")
            except TimeoutError:
                return Unknown("too slow")
            except ProviderError as error:
                return Unknown(why_unread(error))

        wanted = list(dict.fromkeys(calendars))
        answers = await asyncio.gather(*map(one, wanted))
        if revoked:
            raise revoked[0]
        return dict(zip(wanted, answers, strict=True))

    async def _busy(
        self, grant: Grant, calendar_id: str, window: Span, zone: str, ignore: frozenset[str]
    ) -> BusyAnswer:
        return await read_busy(
            self._dav,
            self._login(grant),
            self._url(grant, calendar_id),
            window,
            zone,
            own=tuple(grant.secret.get("addresses", "").split()),
            ignore=ignore,
            partial=self._of(grant).partial,
        )

    # --- CalendarWriter ---

    async def place(self, grant: Grant, calendar_id: str, draft: EventDraft) -> Receipt:
        """Create the copy, or adopt and update the one with our UID. Raises ProviderError leaves.

        Conflict says that the UID is in another calendar of the account, where iCloud wants it to
        be removed first.
        """
        async with self._gate(grant):
            return await self._shelf(grant, calendar_id).place(draft)

    async def update(
        self, grant: Grant, calendar_id: str, receipt: Receipt, draft: EventDraft
    ) -> Receipt:
        """Replace the copy. Raises PreconditionFailed, RemoteMissing and other leaves."""
        async with self._gate(grant):
            self._url(grant, receipt.remote_id)
            return await self._shelf(grant, calendar_id).update(receipt, draft)

    async def remove(self, grant: Grant, calendar_id: str, receipt: Receipt) -> None:
        """Delete the copy; one that is gone is a success. Raises ProviderError leaves."""
        async with self._gate(grant):
            self._url(grant, receipt.remote_id)
            await self._shelf(grant, calendar_id).remove(receipt)

    # --- what a grant holds ---

    def _shelf(self, grant: Grant, calendar_id: str) -> Shelf:
        url = self._url(grant, calendar_id)
        url = url if url.path.endswith("/") else url / ""
        return Shelf(self._dav, self._login(grant), url, self._of(grant))

    def _of(self, grant: Grant) -> Quirks:
        return quirks_of(URL(grant.secret["home"]).host or "", self._quirks)

    def _login(self, grant: Grant) -> Login:
        secret = grant.secret
        return Login(secret["username"], secret["password"], self._of(grant).revoked_hint)

    def _url(self, grant: Grant, calendar_id: str) -> URL:
        """Return an address inside the account. Raises NotConnected for one elsewhere."""
        url = URL(calendar_id)
        if registrable(url.host or "") != registrable(URL(grant.secret["home"]).host or ""):
            raise NotConnected("this calendar is in another account", provider=PROVIDER)
        return url

    def _gate(self, grant: Grant) -> asyncio.Semaphore:
        key = grant.secret["home"], grant.secret["username"]
        return self._gates.setdefault(key, asyncio.Semaphore(SIDE_BY_SIDE))
