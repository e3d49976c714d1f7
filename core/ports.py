"""Everything the core needs from outside: the only list of what the outside must do.

Each Protocol has a contract suite under `tests/contract`, run against every implementation.
Instants are integer epoch seconds (UTC) throughout.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from core.almanac import Almanac, NoAlmanac
from core.repositories import AuditEntry, Store, Tx
from core.talk import Inbound, LocalMessage, Post, Workspace
from core.waiting import PendingConsent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.booking.drafts import EventDraft, Mail
    from core.booking.meeting import Meeting, Rsvp
    from core.booking.series import Series
    from core.effects import Effect
    from core.links import Grant, Provider, RemoteCalendar, Tier
    from core.notices import Notice
    from core.people import Person
    from core.timing.spans import Span

__all__ = [  # the storage ports live beside
    "Almanac",
    "AuditEntry",
    "Inbound",
    "LocalMessage",
    "PendingConsent",
    "Post",
    "Store",
    "Tx",
    "Workspace",
]

# --- time and names -------------------------------------------------------------------------


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> int:
        """Return the present instant in epoch seconds."""
        ...


class Ids(Protocol):
    """The only source of ids."""

    def new(self) -> str:
        """Return 128 fresh random bits in lower-case hex."""
        ...


# --- calendars ------------------------------------------------------------------------------


class BusyKind(StrEnum):
    """How a span is busy; what does not block (free, declined) never leaves the adapter."""

    BUSY = "busy"
    TENTATIVE = "tentative"
    AWAY = "away"  # out of office


@dataclass(frozen=True, slots=True)
class Busy:
    """One busy span; nothing else of a foreign event is kept (Y10)."""

    start: int
    end: int
    kind: BusyKind = BusyKind.BUSY


@dataclass(frozen=True, slots=True)
class Unknown:
    """A calendar could not be read; `reason` is safe to log and to phrase."""

    reason: str


@dataclass(frozen=True, slots=True)
class BusyAnswer:
    """What one calendar says; `skipped` events could not be parsed and were left out."""

    spans: tuple[Busy, ...]
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where our copy is at the provider and which version of it we wrote."""

    remote_id: str
    etag: str


@dataclass(frozen=True, slots=True)
class Verified:
    """An account that opened: its display name and what to keep (sealed) to open it again."""

    account: str
    secret: Mapping[str, str]


class Connector(Protocol):
    """Open an account at one service and list its calendars."""

    async def verify(self, form: Mapping[str, str]) -> Verified:
        """Open an account live with what the person typed. Raises ProviderError leaves."""
        ...

    async def calendars(self, grant: Grant) -> list[RemoteCalendar]:
        """Return the calendars that hold events. Raises ProviderError leaves."""
        ...

    async def revoke(self, grant: Grant) -> None:
        """Give the access back where the service has a way to; otherwise do nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Start:
    """Where a person gives their consent, and what has to be kept until they come back.

    `pending` (PKCE verifier, nonce ...) is sealed, used once and dropped.
    """

    url: str
    pending: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Consent:
    """An account that was opened by consent: what to keep, and how much of it was granted."""

    account: str
    secret: Mapping[str, str]
    tier: Tier
    personal: bool = False  # a private account, not one of an organisation


class ConsentConnector(Protocol):
    """Open an account by the service's own consent page (OAuth code flow with PKCE)."""

    async def start(self, tier: Tier, hint: str, state: str, redirect: str) -> Start:
        """Return the consent page for a tier. `hint` is the address the person may choose,
        `state` ours to recognise the answer, `redirect` the exact address of the callback.
        """
        ...

    async def finish(
        self, pending: Mapping[str, str], query: Mapping[str, str], redirect: str
    ) -> Consent:
        """Turn the callback's query into an open account.

        Raises ConsentRequiredByAdmin, NotConnected (refused, or too little was granted),
        AccessRevoked (the code was used or is too old), Unavailable, BadData.
        """
        ...


class Grants(Protocol):
    """The one way by which renewed credentials are kept."""

    async def renewed(self, grant: Grant, secret: Mapping[str, str]) -> Grant:
        """Save renewed credentials and return the grant with them; when somebody else has
        renewed them first, return theirs.
        """
        ...


class BusySource(Protocol):
    """Busy times of many calendars of one grant, in as few requests as the service allows."""

    async def busy(
        self,
        grant: Grant,
        calendars: Sequence[str],
        window: Span,
        zone: str,
        ignore: frozenset[str] = frozenset(),
    ) -> Mapping[str, BusyAnswer | Unknown]:
        """Return an answer per calendar id. `zone` (IANA) gives all-day and floating events
        their instants; events with a UID in `ignore` are left out. Raises ProviderError only
        for what concerns the whole grant.
        """
        ...


class CalendarWriter(Protocol):
    """Write our own events; each call may be repeated and then changes nothing more.

    Nobody is mailed by it. A draft with a `party` is the copy of a member who is not the owner:
    where the service can, it names the assistant as organizer and can only be answered (X4).

    Writing a whole series raises CannotRepeat where the service has no one event for it; then
    nothing of it is left there.
    """

    async def place(self, grant: Grant, calendar_id: str, draft: EventDraft) -> Receipt:
        """Create the copy; one that exists already with our UID is adopted and updated.

        Raises NotConnected for a calendar that is gone or not writable, Conflict while the UID
        is still used in another calendar of the account.
        """
        ...

    async def update(
        self, grant: Grant, calendar_id: str, receipt: Receipt, draft: EventDraft
    ) -> Receipt:
        """Replace the copy. Raises PreconditionFailed when it was changed meanwhile,
        RemoteMissing when it is gone.
        """
        ...

    async def remove(self, grant: Grant, calendar_id: str, receipt: Receipt) -> None:
        """Delete the copy, changed meanwhile or not; one that is gone already is a success."""
        ...


class InvitationReader(Protocol):
    """Look whether an invitation that we mailed has come into a calendar (X4)."""

    async def answer(self, grant: Grant, calendar_id: str, uid: str, window: Span) -> Rsvp | None:
        """Return how the calendar's owner has answered the event with our UID, None while it is
        not there. `window` is the meeting's time. Raises ProviderError leaves.
        """
        ...


@dataclass(frozen=True, slots=True)
class Room:
    """Where a virtual session is joined, and the version of the copy that has it."""

    url: str
    receipt: Receipt


class RoomMaker(Protocol):
    """Make the link of a virtual session with the calendar's own service (Y13)."""

    async def make(self, grant: Grant, calendar_id: str, receipt: Receipt) -> Room | None:
        """Give a copy that was placed a room, or return the one it has; None where the account
        has none to give. Later updates of the copy keep it. Raises RemoteMissing for a copy that
        is gone, Unavailable while the room is not ready, and other ProviderError leaves.
        """
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What an IT department has to grant: to which client, and which rights, in the vendor's
    words.
    """

    client_id: str
    scopes: tuple[str, ...]


class Delegation(Protocol):
    """Open accounts by the grant of an organisation's IT department instead of each person's
    consent (R39). The secrets it returns hold `delegated` ("yes") and `subject` (the address).
    """

    def terms(self) -> Terms:
        """Return what IT has to grant."""
        ...

    async def open(self, account: str, tenant: str, tier: Tier) -> Verified:
        """Open the account of an address live, in an organisation that the service calls
        `tenant`. Raises ConsentRequiredByAdmin while IT has not granted it, NotConnected for an
        address that has no account there, and other ProviderError leaves.
        """
        ...


@dataclass(frozen=True, slots=True)
class CalendarService:
    """The sides of one calendar vendor; None where it has no such side.

    `consent`: accounts are opened by a consent page. `inbox`: mailed invitations are filed, and
    can be found. `rooms`: links for virtual sessions are made. `delegation`: accounts are opened
    for a whole organisation. `series`: the writer takes drafts with a recurrence.
    """

    connector: Connector
    busy: BusySource
    writer: CalendarWriter
    consent: ConsentConnector | None = None
    inbox: InvitationReader | None = None
    rooms: RoomMaker | None = None
    delegation: Delegation | None = None
    series: bool = False


Calendars = dict["Provider", CalendarService]


# --- telling people -------------------------------------------------------------------------


class MailTransport(Protocol):
    """Send a finished mail from the fixed sender."""

    async def send(self, mail: Mail) -> None:
        """Hand it to the mail server. Raises Unavailable or RateLimited for what may work
        later, InvalidRequest for a permanent refusal.
        """
        ...


class Letters(Protocol):
    """Finished mails in words; implemented by the bot, which alone has words."""

    def invite(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return the mail with METHOD:REQUEST for one attendee."""
        ...

    def cancel(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return the mail with METHOD:CANCEL for one attendee."""
        ...

    def details(self, meeting: Meeting, person: Person, effect: Effect) -> Mail:
        """Return the details mail (booked, moved or cancelled); METHOD:PUBLISH when the
        attendee's path says so, otherwise without a calendar part.
        """
        ...

    def draft(self, meeting: Meeting, person: Person) -> EventDraft:
        """Return the copy for a person's own calendar."""
        ...

    def series(
        self, series: Series, meetings: Sequence[Meeting], person: Person, effect: Effect
    ) -> Mail:
        """Return the mail about a whole series, of the kind that the effect says. `meetings` are
        all its sessions by slot, those that were called off included.
        """
        ...

    def series_draft(
        self, series: Series, meetings: Sequence[Meeting], person: Person
    ) -> EventDraft:
        """Return the copy of a whole series for a person's own calendar."""
        ...


class Notifier(Protocol):
    """Tell one person something in chat."""

    async def notify(self, notice: Notice) -> None:
        """Send or edit the card. Raises ProviderError when the chat cannot be reached."""
        ...


class Signer(Protocol):
    """Signed links: purpose, subject and expiry are bound together."""

    def sign(self, purpose: str, subject: str, expires_at: int) -> str:
        """Return a URL-safe token."""
        ...

    def read(self, purpose: str, token: str) -> str:
        """Return the subject. Raises NotFound for a token that is forged, expired or of
        another purpose.
        """
        ...


# --- all of them ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside, handed to every use case by the composition root.

    `domain` is the right-hand side of UIDs and Message-IDs; `deadline` is how many seconds a
    search waits for calendars.
    """

    store: Store
    clock: Clock
    ids: Ids
    calendars: Calendars
    domain: str
    deadline: float = 8.0
    almanac: Almanac = field(default_factory=NoAlmanac)
