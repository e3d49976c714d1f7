"""The adapters of the program, built from its settings: with `bot/app.py` the composition root.

A service whose settings are not given is not spoken to; nothing is loaded or asked before its
first use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from adapters.caldav.calendar import CalDav
from adapters.google.calendar import GoogleCalendar
from adapters.google.oauth import Endpoints as GoogleEndpoints
from adapters.google.scopes import ASKED as GOOGLE_SCOPES
from adapters.microsoft.auth import SCOPES as MICROSOFT_SCOPES
from adapters.microsoft.auth import Endpoints as MicrosoftEndpoints
from adapters.microsoft.calendar import MicrosoftCalendar
from bot.doors import App
from core.keeping import KeptGrants
from core.links import Provider, Tier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.settings import Settings
    from core.ports import Calendars, Clock, Store


@dataclass(slots=True)
class Vendors:
    """The calendar services this deployment speaks to, and how their connections are closed."""

    calendars: Calendars = field(default_factory=dict)
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def close(self) -> None:
        """Close all connections."""
        for call in self.closing:
            await call()


def calendar_vendors(settings: Settings, store: Store, clock: Clock) -> Vendors:
    """Return the services of the settings: CalDAV always, Google and Microsoft with a client."""
    caldav = CalDav(settings.caldav_allow)
    vendors = Vendors({Provider.CALDAV: caldav.service()}, [caldav.close])
    grants = KeptGrants(store)
    if settings.google_client_id:
        google = GoogleCalendar(
            settings.google_client_id,
            settings.google_client_secret.get_secret_value(),
            grants,
            google_endpoints(settings),
            clock,
        )
        vendors.calendars[Provider.GOOGLE] = google.service()
        vendors.closing.append(google.close)
    if settings.microsoft_client_id:
        microsoft = MicrosoftCalendar(
            settings.microsoft_client_id,
            settings.microsoft_client_secret.get_secret_value(),
            grants,
            microsoft_endpoints(settings),
            clock=clock.now,
        )
        vendors.calendars[Provider.MICROSOFT] = microsoft.service()
        vendors.closing.append(microsoft.close)
    return vendors


def consent_apps(settings: Settings) -> dict[Provider, App]:
    """Return our applications at the services with a consent page, for the letter to IT."""
    apps: dict[Provider, App] = {}
    if settings.google_client_id:
        apps[Provider.GOOGLE] = App(settings.google_client_id, GOOGLE_SCOPES[Tier.WRITE])
    if settings.microsoft_client_id:
        authority = settings.microsoft_authority.rpartition("/")[0]
        query = urlencode({"client_id": settings.microsoft_client_id})
        apps[Provider.MICROSOFT] = App(
            settings.microsoft_client_id,
            (*MICROSOFT_SCOPES[Tier.WRITE], "offline_access"),
            f"{authority}/organizations/adminconsent?{query}",
        )
    return apps


def google_endpoints(settings: Settings) -> GoogleEndpoints:
    """Return every address at Google that is called."""
    return GoogleEndpoints(
        auth=settings.google_auth_url,
        token=settings.google_token_url,
        revoke=settings.google_revoke_url,
        api=settings.google_api_url,
        issuer=settings.google_issuer,
    )


def microsoft_endpoints(settings: Settings) -> MicrosoftEndpoints:
    """Return every address at Microsoft that is called."""
    return MicrosoftEndpoints(
        authority=settings.microsoft_authority,
        graph=settings.microsoft_graph_url,
        scopes=settings.microsoft_scope_prefix,
        ca_file=settings.microsoft_ca_file or None,
    )
