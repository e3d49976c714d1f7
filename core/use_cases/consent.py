"""Connect an account by its service's own consent page: link, page, consent, connected (R30-R33).

Every step waits as a sealed row that is used once and for ten minutes only. The link is bound to
the person it was made for, the consent to the browser that followed the link, so that neither a
forwarded link nor a forged answer connects one person's calendar for another (RFC 9700 4.7).
"""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from core.connecting import (
    Choice,
    Connected,
    allows_personal,
    first_choice,
    link_calendars,
    most_calendars,
    policies_of,
    same_account,
    wanted_tier,
)
from core.consenting import (
    CONFIRM,
    FLOW,
    LINK,
    PATIENCE,
    ConnectError,
    Opened,
    Trouble,
    Visit,
    ask_zone,
    check_gates,
    data_of,
    fingerprint,
    tell_connected,
    tell_trouble,
    whose,
)
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    NotConnected,
    ProviderError,
    Refused,
)
from core.ids import GrantId, PersonId
from core.keeping import leave, opened, restored
from core.links import Grant, LinkState, Provider, Tier
from core.people import ChatIdentity
from core.ports import Consent, PendingConsent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.links import RemoteCalendar
    from core.people import Person
    from core.ports import ConsentConnector, Ports, Tx

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
    data = data_of(pending, LINK, now)
    person = tx.people.get(whose(pending))
    provider = Provider(data["provider"])
    check_gates(tx, person, provider, replacing="replacing" in data)
    identity = ChatIdentity(*json.loads(data["identity"])) if "identity" in data else None
    return Visit(person, provider, identity, Tier(data["tier"]))


# --- to the service and back --------------------------------------------------------------------


async def begin(ports: Ports, link_id: str, browser: str, redirect: str) -> str:
    """Use a link up and return the service's consent page for it.

    `browser` is the secret of the browser that followed the link, `redirect` the exact address
    of the callback. Raises ConnectError.
    """
    asked = await visit(ports, link_id)
    if not browser or not browser.isascii():
        raise ConnectError(Trouble.FOREIGN, asked.provider)
    connector = _connector(ports, asked.provider)
    state = ports.ids.new() + ports.ids.new()
    try:
        start = await connector.start(asked.tier, asked.person.email, state, redirect)
    except ProviderError:
        raise ConnectError(Trouble.UNREACHABLE, asked.provider) from None
    now = ports.clock.now()

    def work(tx: Tx) -> None:
        used = data_of(tx.consents.take(link_id), LINK, now)
        data = {
            **used,
            "pending": json.dumps(dict(start.pending)),
            "browser": fingerprint(browser),
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
    pending = await ports.store.transact(lambda tx: _take(tx, state))
    data = data_of(pending, FLOW, now)
    person = await ports.store.read(lambda tx: tx.people.get(whose(pending)))
    if Provider(data["provider"]) is not provider:
        raise ConnectError(Trouble.STRANGE, provider)
    _check_browser(data, browser, provider)
    try:
        consent = await _ask(ports, provider, data, query)
        return await _own_or_ask(ports, person, provider, consent, data)
    except ConnectError as error:
        trouble = error.trouble
        await ports.store.transact(lambda tx: tell_trouble(tx, person, provider, trouble, now))
        raise


def _take(tx: Tx, step_id: str) -> PendingConsent | None:
    """Use a step up by an id that came from outside; not every database takes every character."""
    return tx.consents.take(step_id) if step_id.isascii() and step_id.isprintable() else None


def _check_browser(data: Mapping[str, str], browser: str, provider: Provider) -> None:
    """Raise ConnectError in another browser than the one that followed the link."""
    if not (browser.isascii() and hmac.compare_digest(data["browser"], fingerprint(browser))):
        raise ConnectError(Trouble.FOREIGN, provider)


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
    pending = await ports.store.transact(lambda tx: _take(tx, confirm_id))
    data = data_of(pending, CONFIRM, now)
    provider = Provider(data["provider"])
    _check_browser(data, browser, provider)
    person = await ports.store.read(lambda tx: tx.people.get(whose(pending)))
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
        check_gates(tx, person, provider, replacing=replacing)
        old = same_account(tx, person.id, provider, consent.account)
        if old is None or grant is fresh:
            tx.links.save_grant(restored(old, fresh.secret) if old else fresh)
        stored = tx.links.grant(old.id if old else fresh.id)
        opened(tx, stored, now)
        connected = Connected(stored, calendars, tx.links.of([person.id])[person.id])
        most = most_calendars(policies_of(tx, person))
        choice = first_choice(connected, tier, most, replacing=replacing)
        _link(tx, ports, person, connected, choice)
        tell_connected(tx, stored, now)
        ask_zone(tx, person, connected, now)
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


async def form_opened(ports: Ports, link_id: str, connected: Connected) -> Opened:
    """Use a link up for an account that its person opened by a form, and link a first choice.

    Raises ConnectError; what opened the account is then given back, unless it serves already.
    """
    now = ports.clock.now()
    try:
        return await ports.store.transact(lambda tx: _form_opened(tx, ports, link_id, connected))
    except ConnectError:
        await ports.store.transact(lambda tx: _give_back(tx, connected.grant, now))
        raise


def _form_opened(tx: Tx, ports: Ports, link_id: str, connected: Connected) -> Opened:
    now, grant = ports.clock.now(), connected.grant
    if not connected.calendars:
        raise ConnectError(Trouble.EMPTY, grant.provider)
    pending = tx.consents.take(link_id)
    data = data_of(pending, LINK, now)
    person = tx.people.get(whose(pending))
    if grant.person_id != person.id:
        raise ConnectError(Trouble.FOREIGN, grant.provider)
    if Provider(data["provider"]) is not grant.provider:
        raise ConnectError(Trouble.STRANGE, grant.provider)
    most, replacing = most_calendars(policies_of(tx, person)), "replacing" in data
    tier = Tier(data["tier"])
    check_gates(tx, person, grant.provider, replacing=replacing)
    current = replace(connected, links=tx.links.of([person.id])[person.id])
    choice = first_choice(current, tier, most, replacing=replacing)
    _link(tx, ports, person, current, choice)
    tell_connected(tx, grant, now)
    ask_zone(tx, person, connected, now)
    after = replace(connected, links=tx.links.of([person.id])[person.id])
    return Opened(person, grant.provider, grant.account, tier, tier, after)


def _give_back(tx: Tx, grant: Grant, now: int) -> None:
    """Keep no credentials of an account that nothing was connected of."""
    if not any(x.grant_id == grant.id for x in tx.links.of([grant.person_id])[grant.person_id]):
        known = tx.links.grants_of([grant.person_id]).get(grant.id)
        if known is not None:
            leave(tx, known, now)


async def show_again(ports: Ports, person_id: PersonId, grant_id: GrantId) -> None:
    """Show a person's calendars in chat after they chose on a page. Raises NotFound."""
    now = ports.clock.now()

    def work(tx: Tx) -> None:
        grant = tx.links.grants_of([person_id]).get(grant_id)
        if grant is not None:
            tell_connected(tx, grant, now, key=f"chosen:{now}")

    await ports.store.transact(work)
