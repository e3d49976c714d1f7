"""Connect an account by its service's own consent page: link, page, consent, connected (R30-R33).

Every step waits as a sealed row that is used once and for ten minutes only. The link is bound to
the person it was made for, the consent to the browser that followed the link, so that neither a
forwarded link nor a forged answer connects one person's calendar for another (RFC 9700 4.7).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.connecting import (
    Choice,
    Connected,
    allows_personal,
    check_service,
    first_choice,
    link_calendars,
    most_calendars,
    policies_of,
    same_account,
    wanted_tier,
)
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    NotConnected,
    ProviderError,
    Refused,
    TandemError,
)
from core.ids import GrantId, PersonId
from core.keeping import opened, restored
from core.links import Grant, LinkState, Provider, Tier
from core.notices import Notice, NoticeKind, as_effect
from core.people import ChatIdentity
from core.ports import Consent, PendingConsent
from core.programme import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.links import RemoteCalendar
    from core.people import Person
    from core.ports import ConsentConnector, Ports, Tx

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


# --- the link -----------------------------------------------------------------------------------


async def make_links(
    ports: Ports,
    person_id: PersonId,
    providers: Iterable[Provider],
    identity: ChatIdentity | None,
    *,
    replacing: bool = False,
    tier: Tier | None = None,
) -> dict[Provider, str]:
    """Keep a link per service for a person; return their ids, valid for ten minutes.

    `identity` is the chat user who asked. `tier` asks for more or less than the person's
    calendars call for.
    """
    until = ports.clock.now() + PATIENCE
    ids = {provider: ports.ids.new() for provider in providers}

    def work(tx: Tx) -> dict[Provider, str]:
        asked = tier or wanted_tier(tx, tx.people.get(person_id), replacing=replacing)
        for provider, link_id in ids.items():
            data = {"provider": provider.value, "tier": asked.value}
            if replacing:
                data["replacing"] = "yes"
            if identity is not None:
                data["identity"] = json.dumps(identity)
            tx.consents.put(PendingConsent(link_id, person_id, LINK, data, until))
        return ids

    return await ports.store.transact(work)


async def visit(ports: Ports, link_id: str) -> Visit:
    """Return what a link stands for; looking does not use it up. Raises ConnectError."""
    return await ports.store.read(lambda tx: _visit(tx, link_id, ports.clock.now()))


def _visit(tx: Tx, link_id: str, now: int) -> Visit:
    pending = tx.consents.get(link_id)
    data = _data(pending, LINK, now)
    person = tx.people.get(_whose(pending))
    provider = Provider(data["provider"])
    _check_gates(tx, person, provider, replacing="replacing" in data)
    identity = ChatIdentity(*json.loads(data["identity"])) if "identity" in data else None
    return Visit(person, provider, identity, Tier(data["tier"]))


def _check_gates(tx: Tx, person: Person, provider: Provider, *, replacing: bool) -> None:
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


def _data(pending: PendingConsent | None, kind: str, now: int) -> Mapping[str, str]:
    """Return what a step keeps. Raises ConnectError for one that is over."""
    if pending is None or pending.kind != kind:
        raise ConnectError(Trouble.EXPIRED)
    if pending.used:
        raise ConnectError(Trouble.USED)
    if now >= pending.expires_at:
        raise ConnectError(Trouble.EXPIRED, Provider(pending.data["provider"]))
    return pending.data


def _whose(pending: PendingConsent | None) -> PersonId:
    if pending is None:
        raise ConnectError(Trouble.EXPIRED)
    return pending.person_id


# --- to the service and back --------------------------------------------------------------------


async def begin(ports: Ports, link_id: str, browser: str, redirect: str) -> str:
    """Use a link up and return the service's consent page for it.

    `browser` is the secret of the browser that followed the link, `redirect` the exact address
    of the callback. Raises ConnectError.
    """
    asked = await visit(ports, link_id)
    connector = _connector(ports, asked.provider)
    state = ports.ids.new() + ports.ids.new()
    try:
        start = await connector.start(asked.tier, asked.person.email, state, redirect)
    except ProviderError:
        raise ConnectError(Trouble.UNREACHABLE, asked.provider) from None
    now = ports.clock.now()

    def work(tx: Tx) -> None:
        used = _data(tx.consents.take(link_id), LINK, now)
        data = {
            **used,
            "pending": json.dumps(dict(start.pending)),
            "browser": _fingerprint(browser),
            "redirect": redirect,
        }
        tx.consents.put(PendingConsent(state, asked.person.id, FLOW, data, now + PATIENCE))

    await ports.store.transact(work)
    return start.url


async def finish(
    ports: Ports, provider: Provider, query: Mapping[str, str], browser: str
) -> Opened:
    """Turn the service's answer into a connection, or into a question whether it is theirs.

    Raises ConnectError; the person hears in chat why, and administrators of an IT approval.
    """
    now, state = ports.clock.now(), query.get("state", "")
    pending = await ports.store.transact(lambda tx: tx.consents.take(state))
    data = _data(pending, FLOW, now)
    person = await ports.store.read(lambda tx: tx.people.get(_whose(pending)))
    if Provider(data["provider"]) is not provider:
        raise ConnectError(Trouble.STRANGE, provider)
    if not hmac.compare_digest(data["browser"], _fingerprint(browser)):
        raise ConnectError(Trouble.FOREIGN, provider)
    try:
        consent = await _ask(ports, provider, data, query)
        return await _own_or_ask(ports, person, provider, consent, data)
    except ConnectError as error:
        trouble = error.trouble
        await ports.store.transact(lambda tx: _tell(tx, person, provider, trouble, now))
        raise


async def _ask(
    ports: Ports, provider: Provider, data: Mapping[str, str], query: Mapping[str, str]
) -> Consent:
    """Let the service's adapter read the answer. Raises ConnectError."""
    connector = _connector(ports, provider)
    try:
        return await connector.finish(json.loads(data["pending"]), query, data["redirect"])
    except ConsentRequiredByAdmin:
        trouble = Trouble.ADMIN
    except NotConnected:
        trouble = Trouble.REFUSED if query.get("error") == "access_denied" else Trouble.MISSING
    except AccessRevoked:
        trouble = Trouble.USED
    except BadData:
        trouble = Trouble.STRANGE
    except ProviderError:
        trouble = Trouble.UNREACHABLE
    raise ConnectError(trouble, provider)


async def _own_or_ask(
    ports: Ports, person: Person, provider: Provider, consent: Consent, data: Mapping[str, str]
) -> Opened:
    """Connect an account whose address is the person's, or ask whether another one is theirs."""

    def check(tx: Tx) -> bool:
        if consent.personal and not allows_personal(policies_of(tx, person)):
            raise ConnectError(Trouble.PERSONAL, provider)
        known = same_account(tx, person.id, provider, consent.account)
        return known is not None or consent.account.casefold() == person.email.casefold()

    if await ports.store.read(check):
        return await _connect(ports, person, provider, consent, data)
    confirm = ports.ids.new() + ports.ids.new()
    kept = {
        **{k: v for k, v in data.items() if k != "pending"},
        "account": consent.account,
        "secret": json.dumps(dict(consent.secret)),
        "granted": consent.tier.value,
    }
    until = ports.clock.now() + PATIENCE
    row = PendingConsent(confirm, person.id, CONFIRM, kept, until)
    await ports.store.transact(lambda tx: tx.consents.put(row))
    asked = Tier(data["tier"])
    return Opened(person, provider, consent.account, consent.tier, asked, confirm=confirm)


async def confirm(ports: Ports, confirm_id: str, browser: str) -> Opened:
    """Connect an account that the person says is theirs. Raises ConnectError."""
    now = ports.clock.now()
    pending = await ports.store.transact(lambda tx: tx.consents.take(confirm_id))
    data = _data(pending, CONFIRM, now)
    provider = Provider(data["provider"])
    if not hmac.compare_digest(data["browser"], _fingerprint(browser)):
        raise ConnectError(Trouble.FOREIGN, provider)
    person = await ports.store.read(lambda tx: tx.people.get(_whose(pending)))
    consent = Consent(data["account"], json.loads(data["secret"]), Tier(data["granted"]))
    return await _connect(ports, person, provider, consent, data)


async def _connect(
    ports: Ports, person: Person, provider: Provider, consent: Consent, data: Mapping[str, str]
) -> Opened:
    """List the account's calendars, keep the grant, link a first choice. Raises ConnectError."""
    fresh = Grant(
        GrantId(ports.ids.new()), person.id, provider, consent.account, dict(consent.secret)
    )
    better = await ports.store.read(lambda tx: _better(tx, fresh, consent.tier))
    grant, calendars = await _listed(ports, fresh, better)
    tier = Tier.WRITE if grant is better else consent.tier
    now, replacing = ports.clock.now(), "replacing" in data

    def work(tx: Tx) -> Connected:
        _check_gates(tx, person, provider, replacing=replacing)
        old = same_account(tx, person.id, provider, consent.account)
        if old is None or grant is fresh:
            tx.links.save_grant(restored(old, fresh.secret) if old else fresh)
        stored = tx.links.grant(old.id if old else fresh.id)
        opened(tx, stored, now)
        connected = Connected(stored, calendars, tx.links.of([person.id])[person.id])
        most = most_calendars(policies_of(tx, person))
        choice = first_choice(connected, tier, most, replacing=replacing)
        _link(tx, ports, person, connected, choice)
        _tell_connected(tx, stored, now)
        return replace(connected, links=tx.links.of([person.id])[person.id])

    connected = await ports.store.transact(work)
    asked = Tier(data["tier"])
    return Opened(person, provider, consent.account, tier, asked, connected)


def _better(tx: Tx, fresh: Grant, granted: Tier) -> Grant | None:
    """Return what opens the same account already and may do more than was granted now.

    Who adds an account that is their primary already is asked for busy times only, and must not
    lose by it that sessions are written there.
    """
    old = same_account(tx, fresh.person_id, fresh.provider, fresh.account)
    if old is None or old.state is not LinkState.OK or granted is Tier.WRITE:
        return None
    links = tx.links.of([old.person_id])[old.person_id]
    return old if any(x.grant_id == old.id and x.tier is Tier.WRITE for x in links) else None


async def _listed(
    ports: Ports, fresh: Grant, better: Grant | None
) -> tuple[Grant, tuple[RemoteCalendar, ...]]:
    """Return the account's calendars and by what they were listed. Raises ConnectError."""
    connector = ports.calendars[fresh.provider].connector
    for grant in filter(None, (better, fresh)):
        try:
            calendars = tuple(await connector.calendars(grant))
        except AccessRevoked:
            continue
        except ProviderError:
            raise ConnectError(Trouble.UNREACHABLE, fresh.provider) from None
        if not calendars:
            raise ConnectError(Trouble.EMPTY, fresh.provider)
        return grant, calendars
    raise ConnectError(Trouble.MISSING, fresh.provider)


def _link(tx: Tx, ports: Ports, person: Person, connected: Connected, choice: Choice) -> None:
    try:
        link_calendars(tx, ports.ids, person, connected, choice, ports.clock.now())
    except Refused:
        raise ConnectError(Trouble.FULL, connected.grant.provider) from None


def _connector(ports: Ports, provider: Provider) -> ConsentConnector:
    """Return the service's consent page. Raises ConnectError where there is none here."""
    service = ports.calendars.get(provider)
    if service is None or service.consent is None:
        raise ConnectError(Trouble.OFF, provider)
    return service.consent


def _fingerprint(browser: str) -> str:
    """Return what is kept of a browser's secret."""
    return hashlib.sha256(browser.encode()).hexdigest()


async def form_opened(ports: Ports, link_id: str, connected: Connected) -> Opened:
    """Use a link up for an account that its person opened by a form, and link a first choice.

    Raises ConnectError.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Opened:
        pending = tx.consents.take(link_id)
        data = _data(pending, LINK, now)
        person, grant = tx.people.get(_whose(pending)), connected.grant
        if grant.person_id != person.id:
            raise ConnectError(Trouble.FOREIGN, grant.provider)
        most, replacing = most_calendars(policies_of(tx, person)), "replacing" in data
        tier = Tier(data["tier"])
        choice = first_choice(connected, tier, most, replacing=replacing)
        _link(tx, ports, person, connected, choice)
        _tell_connected(tx, grant, now)
        after = replace(connected, links=tx.links.of([person.id])[person.id])
        return Opened(person, grant.provider, grant.account, tier, tier, after)

    return await ports.store.transact(work)


async def show_again(ports: Ports, person_id: PersonId, grant_id: GrantId) -> None:
    """Show a person's calendars in chat after they chose on a page. Raises NotFound."""
    now = ports.clock.now()

    def work(tx: Tx) -> None:
        grant = tx.links.grants_of([person_id]).get(grant_id)
        if grant is not None:
            _tell_connected(tx, grant, now, key=f"chosen:{now}")

    await ports.store.transact(work)


# --- telling ------------------------------------------------------------------------------------


def _tell_connected(tx: Tx, grant: Grant, now: int, key: str = "") -> None:
    """Show the calendars in the person's chat, with the choice of primary and secondaries."""
    notice = Notice(
        grant.person_id, NoticeKind.CONNECTED, CARD, {"grant": grant.id, "at": str(now)}
    )
    tx.effects.add(as_effect(notice, f"{grant.id}:{key or grant.version}", now))


def _tell(tx: Tx, person: Person, provider: Provider, trouble: Trouble, now: int) -> None:
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
