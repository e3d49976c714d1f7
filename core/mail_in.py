"""What has come by mail to the assistant's mailbox, taken apart: no MIME, no iCalendar text.

An adapter makes it of a mail's bytes; `core.use_cases.take_mail` decides what it means. Instants
are epoch seconds (UTC), addresses are in lower case.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from core.ids import PersonId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import ProgrammeId
    from core.people import Person
    from core.ports import Tx

OWN_LEFT_SIDE = re.compile(r"[0-9a-f]{32}")
ADDRESS = "address"  # the kind of references under which addresses that do not work are kept
BOXES = "mailbox"  # of references: how far each mailbox is read, and whether it can be
TROUBLE = ("all", "trouble")


class Said(StrEnum):
    """The iTIP methods that an attendee may send us (RFC 5546 1.4)."""

    REPLY = "REPLY"
    COUNTER = "COUNTER"


@dataclass(frozen=True, slots=True)
class CalendarAnswer:
    """One attendee's answer as their calendar program wrote it.

    `partstat` is the raw value in upper case, `sequence` None where none was given, `stamp` the
    DTSTAMP (0: none), `start` and `end` the time in it, `occurrence` the RECURRENCE-ID (0: one that
    cannot be read).
    """

    method: Said
    uid: str
    attendee: str = field(repr=False)
    partstat: str = "NEEDS-ACTION"
    sequence: int | None = None
    stamp: int = 0
    start: int | None = None
    end: int | None = None
    occurrence: int | None = None
    comment: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail could not be delivered (RFC 3464).

    `recipients` have failed for good, `status` is the first one's (RFC 3463), `returned` the
    Message-ID of the mail that came back, "" where the report does not hold it.
    """

    recipients: tuple[str, ...] = field(repr=False)
    status: str
    returned: str


@dataclass(frozen=True, slots=True)
class MailIn:
    """One mail. `sender` is the one address of From, "" where there are several or none.

    `verified` says that our own mail server has found the sender's domain to stand behind it;
    `text` is what was written anew, without quotations; `thread` are the Message-IDs of ours or
    others that it answers; `automatic` that no person has sent it.
    """

    message_id: str
    sender: str = field(repr=False)
    verified: bool = False
    answers: tuple[CalendarAnswer, ...] = ()
    text: str = field(default="", repr=False)
    thread: tuple[str, ...] = ()
    automatic: bool = False
    bounce: Bounce | None = None


class Position(NamedTuple):
    """How far a mailbox has been read: the last UID of one UIDVALIDITY (RFC 3501 2.3.1.1)."""

    mailbox: str
    validity: int
    uid: int


class MailBox(Protocol):
    """The assistant's mailbox. Every call raises ProviderError leaves when it is lost."""

    @property
    def name(self) -> str:
        """A name that tells mailboxes apart and nothing else: no host, no user."""
        ...

    async def open(self) -> int:
        """Connect, and return the UIDVALIDITY."""
        ...

    async def new(self, after: int | None, since: int) -> list[int]:
        """Return the UIDs after one, oldest first; without one those of unread mails since the
        day of an instant.
        """
        ...

    async def fetch(self, uid: int) -> bytes | None:
        """Return a mail, cut where it is too large; None when it is gone. It stays unread."""
        ...

    async def done(self, uid: int) -> None:
        """Mark a mail as read."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return when something new may have come, at the latest after so many seconds."""
        ...

    async def close(self) -> None:
        """Leave; also ends a `wait` that is under way."""
        ...


# --- our own mails ------------------------------------------------------------------------------


def mail_id(key: str, domain: str) -> str:
    """Return the Message-ID that the mail with this key has, as `bot.speak.mails` makes it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def is_own(message_id: str, domain: str) -> bool:
    """Tell whether a Message-ID has the form of ours."""
    left, _, right = message_id.strip().strip("<>").partition("@")
    return bool(OWN_LEFT_SIDE.fullmatch(left)) and right.lower() == domain.lower()


# --- addresses that do not work -----------------------------------------------------------------


def mark_address(tx: Tx, person: Person, address: str, status: str, now: int) -> bool:
    """Remember that mails to an address come back; False when that is known already."""
    known = tx.references.get(ADDRESS, person.org_id, person.id) or {}
    if known.get("address") == address:
        return False
    data = {"address": address, "status": status, "since": now, "profile": person.email}
    tx.references.put(ADDRESS, person.org_id, person.id, data)
    return True


def bad_address(tx: Tx, person: Person) -> Mapping[str, object] | None:
    """Return `address`, `status` and `since` of a person's address that does not work."""
    return tx.references.get(ADDRESS, person.org_id, person.id)


class BadAddress(NamedTuple):
    """An address that does not take mails, and since when."""

    person: Person
    address: str
    since: int


def bad_addresses(tx: Tx, programme_id: ProgrammeId) -> tuple[BadAddress, ...]:
    """Return the addresses in a programme that do not work, in order of name.

    Those of people whose address was corrected since are not among them.
    """
    known = tx.references.all(ADDRESS, tx.programmes.get(programme_id).org_id)
    if not known:
        return ()
    members = {m.person_id for m in tx.programmes.members(programme_id)}
    people = tx.people.many(one for one in map(PersonId, known) if one in members)
    found = [
        BadAddress(person, str(data["address"]), int(str(data["since"])))
        for person_id, data in known.items()
        if (person := people.get(PersonId(person_id))) and data["profile"] == person.email
    ]
    return tuple(sorted(found, key=lambda one: (one.person.name.casefold(), one.person.id)))


def address_works(tx: Tx, person: Person) -> None:
    """Forget it: a mail came from there."""
    tx.references.remove(ADDRESS, person.org_id, person.id)


# --- whether the mailbox can be read ------------------------------------------------------------


class MailboxTrouble(NamedTuple):
    """The mailbox cannot be read since an instant; `refused`: the server does not let us in."""

    since: int
    refused: bool


def note_mailbox(tx: Tx, now: int, *, well: bool, refused: bool = False) -> None:
    """Remember whether the mailbox can be read, and since when it cannot."""
    known = mailbox_trouble(tx)
    if well:
        tx.references.remove(BOXES, *TROUBLE)
    else:
        data = {"since": known.since if known else now, "refused": refused}
        tx.references.put(BOXES, *TROUBLE, data)


def mailbox_trouble(tx: Tx) -> MailboxTrouble | None:
    """Return what is wrong with the mailbox, None when nothing is."""
    data = tx.references.get(BOXES, *TROUBLE)
    return MailboxTrouble(int(str(data["since"])), bool(data["refused"])) if data else None
