"""Connect a person's own calendars: open the account, choose primary and secondaries, disconnect.

Nobody connects for somebody else (R34): every function acts for the person themselves. Accounts
that open by a service's consent page come in through `consent`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.connecting import (
    Choice,
    Connected,
    Status,
    allowed_services,
    check_service,
    link_calendars,
    load_status,
    policies_of,
    same_account,
)
from core.consenting import ask_zone
from core.errors import NotFound
from core.ids import GrantId
from core.keeping import leave, opened, restored
from core.links import Grant
from core.rehoming import Rehomed, bring_home, strays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.booking.meeting import Meeting
    from core.ids import PersonId
    from core.links import Provider
    from core.ports import Ports, Tx


async def offered_services(ports: Ports, person_id: PersonId) -> tuple[Provider, ...]:
    """Return the services a person may connect and this deployment speaks. Raises Refused."""
    services = await ports.store.read(
        lambda tx: allowed_services(policies_of(tx, tx.people.get(person_id)))
    )
    return tuple(service for service in services if service in ports.calendars)


async def open_account(
    ports: Ports, person_id: PersonId, provider: Provider, form: Mapping[str, str]
) -> Connected:
    """Open an account live with what the person typed, keep its grant, list its calendars.

    The same account opened again replaces its old credentials and keeps its links. Nothing is
    linked yet unless it was before. Raises Refused, and ProviderError leaves from the service.
    """

    def load(tx: Tx) -> str:
        person = tx.people.get(person_id)
        check_service(tx, person, provider)
        return person.email

    email = await ports.store.read(load)
    connector = ports.calendars[provider].connector
    # The address lets the service tell the person's own answer to an invitation from others'.
    verified = await connector.verify({**form, "email": email})
    fresh = Grant(GrantId(ports.ids.new()), person_id, provider, verified.account, verified.secret)
    calendars = tuple(await connector.calendars(fresh))

    def work(tx: Tx) -> Connected:
        old = same_account(tx, person_id, provider, verified.account)
        grant = restored(old, verified.secret) if old else fresh
        tx.links.save_grant(grant)
        opened(tx, grant, ports.clock.now())
        links = tx.links.of([person_id])[person_id]
        return Connected(tx.links.grant(grant.id), calendars, links)

    return await ports.store.transact(work)


async def list_calendars(ports: Ports, person_id: PersonId, grant_id: GrantId) -> Connected:
    """Return the calendars of an account that is open already, for choosing again.

    Raises NotFound for an account that is not theirs, and ProviderError leaves.
    """

    def load(tx: Tx) -> Connected:
        grant = tx.links.grants_of([person_id]).get(grant_id)
        if grant is None:
            raise NotFound(grant_id)
        return Connected(grant, (), tx.links.of([person_id])[person_id])

    found = await ports.store.read(load)
    service = ports.calendars.get(found.grant.provider)
    if service is None:
        raise NotFound(grant_id)
    calendars = await service.connector.calendars(found.grant)
    return Connected(found.grant, tuple(calendars), found.links)


async def choose(ports: Ports, person_id: PersonId, connected: Connected, choice: Choice) -> Status:
    """Link what a person chose of an account. Raises Refused when `calendars.max` is passed."""
    now = ports.clock.now()

    def work(tx: Tx) -> Status:
        person = tx.people.get(person_id)
        status = link_calendars(tx, ports.ids, person, connected, choice, now)
        ask_zone(tx, person, connected, now)
        return status

    return await ports.store.transact(work)


async def status(ports: Ports, person_id: PersonId) -> Status:
    """Return a person's calendars."""
    return await ports.store.read(lambda tx: load_status(tx, person_id))


async def disconnect(ports: Ports, person_id: PersonId, grant_id: GrantId | None = None) -> Status:
    """Leave one account of a person, or all of them: links go at once, accesses are given back.

    Sessions stay where they are; later changes reach the person by mail (A45).
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Status:
        for grant in tx.links.grants_of([person_id]).values():
            if grant_id in (None, grant.id):
                leave(tx, grant, now)
        return load_status(tx, person_id)

    return await ports.store.transact(work)


async def stray_sessions(ports: Ports, person_id: PersonId) -> tuple[Meeting, ...]:
    """Return the coming sessions that stand in another calendar than the primary (A17)."""
    now = ports.clock.now()
    return await ports.store.read(lambda tx: strays(tx, person_id, now))


async def move_sessions(ports: Ports, person_id: PersonId) -> Rehomed:
    """Let every coming session follow the person's primary."""
    now = ports.clock.now()
    return await ports.store.transact(lambda tx: bring_home(tx, person_id, now))
