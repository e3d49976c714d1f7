"""Steps of connecting by consent: what may go wrong, what a step keeps, and who is told.

Every step waits as a sealed row that is used once and for ten minutes only (`Consents`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.connecting import check_service, most_calendars, policies_of
from core.errors import Refused, TandemError
from core.links import Provider
from core.notices import Notice, NoticeKind, as_effect
from core.presence import asks_about, note_asked
from core.programme import Role
from core.timing.zones import same_clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.connecting import Connected
    from core.ids import PersonId
    from core.links import Grant, Tier
    from core.people import ChatIdentity, Person
    from core.ports import PendingConsent, Tx

PATIENCE = 600  # seconds that a link, a consent and a confirmation each wait
LINK, FLOW, CONFIRM = "link", "flow", "confirm"
CARD = "calendars"  # the subject of the card that shows a person's calendars


class Trouble(StrEnum):
    """Why connecting ended without a connection; each has its page and its chat message."""

    REFUSED = "refused"  # the person said no at the service
    ADMIN = "admin"  # the organisation's IT administrator has to approve (A12)
    MISSING = "missing"  # busy times, or lasting access, were not granted
    PERSONAL = "personal"  # a private account where none is allowed
    EXPIRED = "expired"  # the link or the answer is older than ten minutes, or never was ours
    USED = "used"  # the link or the answer was used before
    FOREIGN = "foreign"  # the answer came to another browser than the one that asked
    STRANGE = "strange"  # the service's answer makes no sense
    UNREACHABLE = "unreachable"
    OFF = "off"  # the organisation or the programme does not allow it
    FULL = "full"  # `calendars.max`
    EMPTY = "empty"  # the account holds no calendar


class ConnectError(TandemError):
    """Connecting failed. `trouble` says why, `provider` where (None while that is not known)."""

    def __init__(self, trouble: Trouble, provider: Provider | None = None) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.provider = provider


@dataclass(frozen=True, slots=True)
class Visit:
    """What a link stands for: whose calendar at which service, asked for in which chat."""

    person: Person
    provider: Provider
    identity: ChatIdentity | None
    tier: Tier


@dataclass(frozen=True, slots=True)
class Opened:
    """A consent that was given: connected, or to be confirmed first as the person's own.

    `connected` shows the account with what was chosen for the person until they choose; `tier`
    is what was granted of `asked`.
    """

    person: Person
    provider: Provider
    account: str
    tier: Tier
    asked: Tier
    connected: Connected | None = None
    confirm: str = ""


def check_gates(tx: Tx, person: Person, provider: Provider, *, replacing: bool) -> None:
    """Refuse what the rules do not allow (any more). Raises ConnectError."""
    try:
        check_service(tx, person, provider)
    except Refused:
        raise ConnectError(Trouble.OFF, provider) from None
    if not person.active:
        raise ConnectError(Trouble.OFF, provider)
    most = most_calendars(policies_of(tx, person))
    links = tx.links.of([person.id])[person.id]
    grants = tx.links.grants_of([person.id])
    elsewhere = [link for link in links if grants[link.grant_id].provider is not provider]
    if most and len(elsewhere) >= most and not replacing:
        raise ConnectError(Trouble.FULL, provider)


def data_of(pending: PendingConsent | None, kind: str, now: int) -> Mapping[str, str]:
    """Return what a step keeps. Raises ConnectError for one that is over."""
    if pending is None or pending.kind != kind:
        raise ConnectError(Trouble.EXPIRED)
    if pending.used:
        raise ConnectError(Trouble.USED)
    if now >= pending.expires_at:
        raise ConnectError(Trouble.EXPIRED, Provider(pending.data["provider"]))
    return pending.data


def whose(pending: PendingConsent | None) -> PersonId:
    """Return whose step it is. Raises ConnectError for none."""
    if pending is None:
        raise ConnectError(Trouble.EXPIRED)
    return pending.person_id


def fingerprint(browser: str) -> str:
    """Return what is kept of a browser's secret."""
    return hashlib.sha256(browser.encode()).hexdigest()


def tell_connected(tx: Tx, grant: Grant, now: int, key: str = "") -> None:
    """Show the calendars in the person's chat, with the choice of primary and secondaries."""
    notice = Notice(
        grant.person_id, NoticeKind.CONNECTED, CARD, {"grant": grant.id, "at": str(now)}
    )
    tx.effects.add(as_effect(notice, f"{grant.id}:{key or f'{grant.version}:{now}'}", now))


def ask_zone(tx: Tx, person: Person, connected: Connected, now: int) -> None:
    """Ask once which clock counts, where the account's own calendar keeps another one."""
    zone = next((c.zone for c in connected.calendars if c.default), "")
    if not zone or same_clock(zone, person.zone, now) or not asks_about(tx, person, zone, now):
        return
    note_asked(tx, person, zone, now)
    facts = {"zone": zone, "home": person.zone}
    notice = Notice(person.id, NoticeKind.CALENDAR_ZONE, "", facts)
    tx.effects.add(as_effect(notice, f"{zone}:{now}", now))


def tell_trouble(tx: Tx, person: Person, provider: Provider, trouble: Trouble, now: int) -> None:
    """Say in chat why it failed; tell the administrators the first time that IT has to approve."""
    facts = {"trouble": trouble.value, "provider": provider.value}
    notice = Notice(person.id, NoticeKind.CONNECT_FAILED, "", facts)
    tx.effects.add(as_effect(notice, f"{provider}:{now}", now))
    if trouble is not Trouble.ADMIN:
        return
    fact = f"it-approval:{person.org_id}:{provider}"
    if tx.deployment.get(fact):
        return
    tx.deployment.put(fact, str(now))
    for admin_id in _administrators(tx, person):
        facts = {"provider": provider.value, "person": person.id}
        told = Notice(admin_id, NoticeKind.IT_APPROVAL, f"it:{provider}", facts)
        tx.effects.add(as_effect(told, f"{person.org_id}:{provider}", now))


def _administrators(tx: Tx, person: Person) -> list[PersonId]:
    """Return who administers the person's programmes, else the global administrators (R32)."""
    found: dict[PersonId, None] = {}
    for programme_id in dict.fromkeys(m.programme_id for m in tx.programmes.roles(person.id)):
        members = tx.programmes.members(programme_id)
        found |= {m.person_id: None for m in members if m.role is Role.ADMIN}
    return list(found) or [p.id for p in tx.people.administrators(person.org_id)]
