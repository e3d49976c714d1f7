"""The adapters of the program, built from its settings: with `bot/app.py` the composition root.

A service whose settings are not given is not spoken to; nothing is loaded or asked before its
first use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from adapters.caldav.calendar import CalDav
from adapters.google.calendar import GoogleCalendar
from adapters.google.delegation import ServiceAccount, load_service_account
from adapters.google.oauth import Endpoints as GoogleEndpoints
from adapters.google.scopes import ASKED as GOOGLE_SCOPES
from adapters.llm.client import ChatReader, Endpoint
from adapters.mail.imap import parse_imap_url
from adapters.mail.mailbox import ImapMailbox
from adapters.mail.reading import read_mail
from adapters.mail.server import SmtpServer, parse_smtp_url
from adapters.microsoft.auth import SCOPES as MICROSOFT_SCOPES
from adapters.microsoft.auth import Endpoints as MicrosoftEndpoints
from adapters.microsoft.calendar import MicrosoftCalendar
from adapters.slack.app import Slack
from adapters.slack.config import SlackApp
from adapters.slack.manifest import manifest_for
from adapters.storage.clock import clock_difference
from adapters.storage.schema import SchemaKind, migrate, schema_state
from adapters.storage.sealing import Sealer, parse_ring
from adapters.storage.store import SqlStore
from adapters.teams.app import Teams
from adapters.teams.config import Endpoints as TeamsEndpoints
from adapters.teams.config import TeamsApp
from adapters.teams.package import make_package
from bot.doors import App
from bot.mailroom import Mailroom
from core.errors import TandemError
from core.keeping import KeptGrants
from core.links import Provider, Tier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bot.settings import Settings
    from core.ports import Calendars, Clock, Ports, Store


class StartError(Exception):
    """The product cannot start; the message says why and what to do."""


CLOCKS_MAY_DIFFER = 2.0  # seconds
LOOPBACK = ("127.0.0.1", "::1", "localhost")
TEAMS_HOSTS = TeamsEndpoints().hosts


@dataclass(slots=True)
class Vendors:
    """The services this deployment speaks to, and how their connections begin and end."""

    calendars: Calendars = field(default_factory=dict)
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    starting: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def start(self) -> None:
        """Warm up what has to be ready before the first message."""
        for call in self.starting:
            await call()

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
            account=_service_account(settings),
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


def _service_account(settings: Settings) -> ServiceAccount | None:
    """Return what IT made for auto-connect at Google, if it made one. Raises StartError."""
    if not settings.google_service_account_file:
        return None
    try:
        return load_service_account(settings.google_service_account_file)
    except ValueError as error:
        raise StartError(f"TANDEM_GOOGLE_SERVICE_ACCOUNT_FILE: {error}") from error


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


def outside_chats(settings: Settings, store: Store, clock: Clock) -> dict[str, Slack | Teams]:
    """Return the chats of the settings beside the local one, by their kind. Raises StartError."""
    slack, teams = slack_chat(settings, store, clock), teams_chat(settings, store, clock)
    return {
        **({"slack": slack} if slack else {}),
        **({"teams": teams} if teams else {}),
    }


def slack_chat(settings: Settings, store: Store, clock: Clock) -> Slack | None:
    """Return the Slack app of the settings, if there is one. Raises StartError."""
    secrets = {
        "signing_secret": settings.slack_signing_secret.get_secret_value(),
        "client_secret": settings.slack_client_secret.get_secret_value(),
        "app_token": settings.slack_app_token.get_secret_value(),
        "bot_token": settings.slack_bot_token.get_secret_value(),
    }
    if not (settings.slack_client_id or any(secrets.values())):
        return None
    try:
        app = SlackApp(
            settings.public_url,
            client_id=settings.slack_client_id,
            api=settings.slack_api_url,
            consent=settings.slack_consent_url,
            **secrets,
        )
    except ValueError as error:
        raise StartError(f"{error} See the TANDEM_SLACK_… settings.") from error
    return Slack(app, store, clock)


def teams_chat(settings: Settings, store: Store, clock: Clock) -> Teams | None:
    """Return the Teams bot of the settings, if there is one. Raises StartError."""
    password = settings.teams_app_password.get_secret_value()
    tenants = (settings.teams_tenant, settings.teams_tenants)
    if not any((settings.teams_app_id, password, *tenants, settings.teams_development)):
        return None
    if settings.teams_development and settings.host not in LOOPBACK:
        raise StartError("TANDEM_TEAMS_DEVELOPMENT works on TANDEM_HOST=127.0.0.1 only.")
    try:
        app = TeamsApp(
            settings.teams_app_id,
            settings.teams_app_password.get_secret_value(),
            settings.teams_tenant,
            settings.teams_tenants,
            settings.teams_development,
        )
    except ValueError as error:
        raise StartError(f"{error} See TANDEM_TEAMS_APP_ID, _APP_PASSWORD and _TENANT.") from error
    return Teams(app, store, clock, endpoints=teams_endpoints(settings))


def teams_endpoints(settings: Settings) -> TeamsEndpoints:
    """Return every address of Teams that is called; one on this machine is for tests."""
    service = settings.teams_service_url
    host = urlsplit(service).hostname or ""
    return TeamsEndpoints(
        login=settings.teams_login_url,
        openid=settings.teams_openid_url,
        issuer=settings.teams_issuer,
        service=service,
        hosts=TEAMS_HOSTS if host in TEAMS_HOSTS else (*TEAMS_HOSTS, host),
        loopback=settings.teams_development or host in LOOPBACK,
        ca_file=settings.teams_ca_file,
    )


def slack_manifest(settings: Settings) -> str:
    """Return the manifest to be pasted at Slack for this deployment. Raises StartError."""
    socket = bool(settings.slack_app_token.get_secret_value())
    single = bool(settings.slack_bot_token.get_secret_value())
    try:
        return manifest_for(settings.public_url, socket=socket, single=single)
    except (ValueError, OSError) as error:
        raise StartError(str(error)) from error


def teams_package(settings: Settings, target: Path, version: str) -> str:
    """Write the package that is uploaded to Teams; return where it is. Raises StartError."""
    try:
        return str(make_package(target, settings.teams_app_id, settings.public_url, version))
    except OSError as error:
        raise StartError(f"The package could not be made: {error}.") from error
    except ValueError as error:
        raise StartError(f"{error} See TANDEM_TEAMS_APP_ID and TANDEM_PUBLIC_URL.") from error


def smtp_server(settings: Settings) -> SmtpServer:
    """Return the mail server of the settings. Raises StartError."""
    try:
        return parse_smtp_url(settings.smtp_url.get_secret_value())
    except ValueError as error:
        raise StartError(f"TANDEM_SMTP_URL: {error}") from error


def mail_room(settings: Settings, ports: Ports, wake: Callable[[], None]) -> Mailroom | None:
    """Return the reader of the assistant's mailbox, if it has one. Raises StartError."""
    url, authserv = settings.imap_url.get_secret_value(), settings.imap_authserv
    if not url:
        return None
    try:
        box = ImapMailbox(parse_imap_url(url))
    except ValueError as error:
        raise StartError(f"TANDEM_IMAP_URL: {error}") from error
    return Mailroom(ports, box, lambda data: read_mail(data, authserv), wake)


def open_store(settings: Settings) -> SqlStore:
    """Open the database, its schema made sure of.

    SQLite is migrated at once (after a copy); PostgreSQL only by `tandem migrate`. Raises
    StartError, which names the command, for any other schema than this version's.
    """
    url = settings.database_url.get_secret_value()
    try:
        state = schema_state(url)
        if state.kind in (SchemaKind.EMPTY, SchemaKind.OLDER) and url.startswith("sqlite"):
            migrate(url)
        elif state.kind in (SchemaKind.EMPTY, SchemaKind.OLDER):
            what = "an older" if state.current else "no"
            raise StartError(f"The database has {what} schema. Run `tandem migrate` first.")
        elif state.kind is SchemaKind.NEWER:
            raise StartError(
                "The database was written by a newer version of Tandem. Install that version, "
                "or restore the copy made before the migration."
            )
        return SqlStore(url, sealer_of(settings))
    except TandemError as error:
        raise StartError(f"The database cannot be used: {error}") from error


def check_clocks(settings: Settings, clock: Clock) -> None:
    """Refuse to run beside a database with another time: several processes share due times."""
    try:
        ahead = clock_difference(settings.database_url.get_secret_value(), clock)
    except TandemError as error:
        raise StartError(f"The database cannot be used: {error}") from error
    if abs(ahead) > CLOCKS_MAY_DIFFER:
        word = "ahead of" if ahead > 0 else "behind"
        raise StartError(
            f"The database's clock is {abs(ahead):.0f} s {word} this machine's; at most "
            f"{CLOCKS_MAY_DIFFER:.0f} s are allowed. Set both by a time server (NTP)."
        )


def sealer_of(settings: Settings) -> Sealer:
    """Return the sealer of the key ring. Raises StartError for a ring that is none."""
    try:
        return Sealer(parse_ring(settings.keys.get_secret_value()))
    except (ValueError, TandemError) as error:
        raise StartError(f"TANDEM_KEYS: {error}. `tandem key` makes a key.") from error


def second_reader(settings: Settings) -> ChatReader | None:
    """Return the language model of the deployment, if it has one."""
    if not settings.llm_url:
        return None
    key = settings.llm_key.get_secret_value()
    return ChatReader(Endpoint(settings.llm_url, settings.llm_model, key, settings.llm_deadline))


def signing_keys(settings: Settings) -> list[str]:
    """Return the keys of signed links, made from the key ring, newest first."""
    return [
        f"links:{key_id}:{key.hex()}"
        for key_id, key in parse_ring(settings.keys.get_secret_value())
    ]
