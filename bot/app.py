"""The composition root: builds the program from its parts, reads from top to bottom.

`Tandem` is the running product, `build` puts it together, and `serve` runs it until a signal.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from adapters.almanac.days import HolidayAlmanac
from adapters.llm.client import ChatReader
from adapters.local.api import LocalApi, PlainSurroundings
from adapters.local.channel import KIND, WORKSPACE, LocalChannel
from adapters.mail.smtp import SmtpTransport
from adapters.storage.errors import SealError
from adapters.storage.schema import migrate
from adapters.storage.sealing import new_key
from adapters.storage.store import SqlStore
from adapters.system import RandomIds, SystemClock
from adapters.web.answer import AnswerRoutes
from adapters.web.oauth import ConnectRoutes
from adapters.web.pages import Pages
from adapters.web.rsvp import RsvpRoutes
from adapters.web.rsvp_desk import MeetingDesk
from adapters.web.server import Server, application, health_routes
from adapters.web.signing import ItsSigner
from adapters.web.upload import UploadRoutes
from bot.channel import ChatPerson
from bot.doors import Doors
from bot.inbox import InboxWorker
from bot.parts import (
    LOOPBACK,
    StartError,
    Vendors,
    calendar_vendors,
    check_clocks,
    consent_apps,
    mail_room,
    open_store,
    outside_chats,
    second_reader,
    signing_keys,
    smtp_server,
)
from bot.reception import ChatReception
from bot.settings import Settings
from bot.speak.mails import MailWriter
from bot.speak.news_mails import NewsMails
from bot.speak.notifier import ChatNotifier
from bot.switchboard import Switchboard
from bot.worker import Worker
from core.booking.drafts import SENDER_NAME, Sender
from core.errors import ProviderError, TandemError
from core.mail_in import note_mailbox
from core.people import ChatIdentity
from core.ports import Ports
from core.radar import watch_earlier
from core.reminding import arrange_earlier
from core.use_cases.administer.deployment import ensure_deployment
from core.use_cases.deliver import Means

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.local.api import Surroundings
    from bot.mailroom import Mailroom
    from core.effects import Effect
    from core.ports import Calendars, Clock, Signer, Tx

log = structlog.get_logger(__name__)

ADDRESS_FACT = "assistant_address"
FAILURES = (StartError, TandemError)  # what a command ends with: one line, no trace


def explain(error: Exception) -> str:
    """Return why a command failed, and what to do where only one thing helps."""
    if isinstance(error, SealError):
        return f"TANDEM_KEYS: {error}. Set the key ring that this database was written with."
    return str(error)


@dataclass(slots=True)
class Tandem:
    """The product, put together. `vendors` are empty where other calendars were handed in."""

    settings: Settings
    ports: Ports
    store: SqlStore
    worker: Worker
    inbox: InboxWorker
    channel: LocalChannel
    server: Server
    transport: SmtpTransport
    vendors: Vendors
    second: ChatReader | None = None
    mailroom: Mailroom | None = None
    working: tuple[asyncio.Task[None], ...] = ()
    port: int = 0

    async def start(self) -> None:
        """Make sure of the deployment's facts, listen, and begin to work."""
        await fix_sender(self.ports, self.settings.assistant_address)
        await ensure_deployment(
            self.ports,
            self.settings.organisation,
            self.settings.admin_name,
            self.settings.admin_email,
        )
        await arrange_earlier(self.ports)
        await watch_earlier(self.ports)
        if self.mailroom is None:  # what an earlier start could not read is nobody's concern now
            now = self.ports.clock.now()
            await self.ports.store.transact(lambda tx: note_mailbox(tx, now, well=True))
        try:
            self.port = await self.server.start()
        except OSError as error:
            raise StartError(
                f"Cannot listen on {self.settings.host}:{self.settings.port}: {error.strerror}. "
                "Choose another TANDEM_PORT."
            ) from error
        try:
            await self.vendors.start()
        except ProviderError as error:
            await self.server.stop()
            raise StartError(f"A chat cannot be reached ({error}). Try again later.") from error
        self.working = (
            asyncio.create_task(self.inbox.run()),
            asyncio.create_task(self.worker.run()),
            *([asyncio.create_task(self.mailroom.run())] if self.mailroom else []),
        )

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, close everything."""
        await self.server.stop()
        await self.inbox.stop()
        if self.mailroom is not None:
            await self.mailroom.stop()
        await self.worker.stop()
        if self.working:
            await asyncio.wait(self.working, timeout=20)
        await self.close()

    async def close(self) -> None:
        """Close connections and the database."""
        await self.vendors.close()
        if self.second is not None:
            await self.second.close()
        self.store.dispose()


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    calendars: Calendars | None = None,
    surroundings: Callable[[Ports], Surroundings] | None = None,
) -> Tandem:
    """Put the product together; nothing runs yet. Raises StartError.

    `calendars` replaces the calendar vendors (benchmarks keep them in memory), `surroundings`
    is what the local page shows beside the chat.
    """
    clock, ids = clock or SystemClock(), RandomIds()
    store = open_store(settings)
    check_clocks(settings, clock)
    vendors = Vendors(calendars) if calendars else calendar_vendors(settings, store, clock)
    patience, almanac = settings.find_deadline, HolidayAlmanac()
    ports = Ports(store, clock, ids, vendors.calendars, settings.domain, patience, almanac)

    sender = Sender(SENDER_NAME, settings.assistant_address)
    transport = SmtpTransport(smtp_server(settings), sender, clock)
    signer = ItsSigner(signing_keys(settings), clock)
    doors = Doors(settings.public_url, signer, consent_apps(settings))

    local = LocalChannel(store, clock, ids)
    chats = outside_chats(settings, store, clock)
    channels = {KIND: local, **{kind: chat.channel for kind, chat in chats.items()}}
    directories = {kind: chat.directory for kind, chat in chats.items()}

    bell, second = asyncio.Event(), second_reader(settings)
    switchboard = Switchboard(ports, channels, bell.set, second, doors, directories)
    inbox = InboxWorker(ports, switchboard, asyncio.Event(), lease=settings.lease)
    reception = ChatReception(ports, inbox, channels, doors)

    everybody = (KIND, WORKSPACE) if settings.local_chat else None
    mails = NewsMails(store, transport, clock, SENDER_NAME, settings.domain, doors)
    notifier = ChatNotifier(store, clock, channels, switchboard.show, everybody, mails)
    means = Means(transport, _letters(settings, sender, signer, clock), notifier)
    worker = Worker(ports, means, bell, lease=settings.lease, seen=_announcer(local))

    routes = _pages(ports, doors, reception, signer, bell.set)
    closing: list[Callable[[], None]] = []
    vendors.starting += _first_acts(settings, reception)
    for chat in chats.values():
        vendors.starting.append(chat.start)
        vendors.closing.append(chat.close)
        routes += chat.routes(reception)
    if settings.local_chat:
        _only_loopback(settings)
        around = surroundings(ports) if surroundings else PlainSurroundings(store)
        api = LocalApi(store, local, inbox.answer, around)
        routes += api.routes()
        closing.append(api.close)
    server = Server(application(routes, closing), settings.host, settings.port)
    mailroom = mail_room(settings, ports, bell.set)
    return Tandem(
        settings, ports, store, worker, inbox, local, server, transport, vendors, second, mailroom
    )


def _letters(settings: Settings, sender: Sender, signer: Signer, clock: Clock) -> MailWriter:
    """Return who writes the mails about meetings."""
    return MailWriter(
        assistant=SENDER_NAME,
        domain=settings.domain,
        public_url=settings.public_url,
        signer=signer,
        clock=clock,
        sender=sender,
    )


def _pages(
    ports: Ports, doors: Doors, reception: ChatReception, signer: Signer, wake: Callable[[], None]
) -> list[Any]:
    """Return the routes of our own pages: health, and what signed links lead to."""
    pages = Pages(SENDER_NAME)
    return [
        *health_routes(lambda: _ready(ports)),
        *pages.routes(),
        *RsvpRoutes(MeetingDesk(ports, wake), signer, pages, ports.clock).routes(),
        *ConnectRoutes(ports, doors, pages, wake).routes(),
        *AnswerRoutes(ports, signer, pages, wake).routes(),
        *UploadRoutes(reception.uploaded, signer, pages).routes(),
    ]


def _first_acts(
    settings: Settings, reception: ChatReception
) -> list[Callable[[], Awaitable[None]]]:
    """Return what is noted before any chat is reached: the tenant of Teams that the settings name
    is this deployment's own, whoever writes first.
    """
    if not settings.teams_tenant:
        return []
    nobody = ChatPerson(ChatIdentity("teams", settings.teams_tenant, ""), "")
    return [partial(reception.installed, "teams", settings.teams_tenant, "", nobody, named=True)]


def _only_loopback(settings: Settings) -> None:
    if settings.host not in LOOPBACK:
        raise StartError("TANDEM_LOCAL_CHAT works on TANDEM_HOST=127.0.0.1 only.")


def _announcer(channel: LocalChannel) -> Callable[[Effect], None]:
    """Tell open local pages that a mail went out or a calendar was written."""

    def seen(effect: Effect) -> None:
        if effect.person_id and effect.kind.value.startswith("mail"):
            channel.announce(effect.person_id, "mail", {})
        elif effect.person_id and effect.kind.value.endswith("event"):
            channel.announce(effect.person_id, "calendar", {})

    return seen


async def _ready(ports: Ports) -> bool:
    """Tell whether the database answers."""
    try:
        await ports.store.read(lambda tx: tx.effects.next_due())
    except TandemError:
        return False
    return True


async def fix_sender(ports: Ports, address: str) -> None:
    """Seal the assistant's address at the first start; refuse another one later (Y6)."""

    def work(tx: Tx) -> str:
        known = tx.deployment.get(ADDRESS_FACT)
        if known is None:
            tx.deployment.put(ADDRESS_FACT, address)
        return known or address

    known = await ports.store.transact(work)
    if known != address:
        raise StartError(
            f"This deployment's assistant is {known} and can never be another one, because "
            "invitations that were sent could no longer be changed or cancelled. Set "
            f"TANDEM_ASSISTANT_ADDRESS={known}."
        )


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then stop without losing anything. Raises StartError."""
    stopped = signalled()
    app = build(settings)
    try:
        await app.start()
        gc.freeze()  # what was loaded stays: looking through it again holds everybody up
        log.info("serving", host=settings.host, port=app.port, local_chat=settings.local_chat)
        await stopped.wait()
    finally:
        await app.stop()


def signalled() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set, from now on."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    return stopped


# --- the other commands ---------------------------------------------------------------------


def make_key(name: str) -> str:
    """Return a fresh key for TANDEM_KEYS. Raises StartError for a name that cannot be one."""
    try:
        return new_key(name)
    except TandemError as error:
        raise StartError(str(error)) from error


def migrate_database(settings: Settings) -> str:
    """Bring the schema up to date and say what was done. Raises StartError."""
    try:
        version = migrate(settings.database_url.get_secret_value())
    except TandemError as error:
        raise StartError(f"The database cannot be migrated: {error}") from error
    return f"The database has schema version {version}, which is this program's."
