"""Connect a person's own calendars: open the account, choose primary and secondaries, disconnect.

Nobody connects for somebody else (R34): every function acts for the person themselves.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.errors import NotFound, ProviderError, Refused
from core.ids import GrantId, LinkId
from core.links import CalendarLink, Grant, LinkState, Provider, RemoteCalendar, Tier, Use, primary
from core.policy import resolve
from core.programme import Objection, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.ids import PersonId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports, Tx


@dataclass(frozen=True, slots=True)
class Connected:
    """An account that opened: its calendars, and which of them are linked already."""

    grant: Grant
    calendars: tuple[RemoteCalendar, ...]
    links: tuple[CalendarLink, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """A person's calendars: links by use, and the grants behind them."""

    links: tuple[CalendarLink, ...]
    grants: Mapping[GrantId, Grant]

    @property
    def primary(self) -> CalendarLink | None:
        """The calendar that sessions go to."""
        return primary(self.links)

    @property
    def broken(self) -> tuple[CalendarLink, ...]:
        """The links whose account no longer opens."""
        return tuple(
            link
            for link in self.links
            if link.grant_id not in self.grants
            or self.grants[link.grant_id].state is LinkState.BROKEN
        )


def policies_of(tx: Tx, person: Person) -> tuple[Policy, ...]:
    """Return the rules of every programme the person is in, else the organisation's."""
    ids = dict.fromkeys(m.programme_id for m in tx.programmes.roles(person.id))
    rules = tuple(load_policy(tx, tx.programmes.get(programme_id)) for programme_id in ids)
    return rules or (resolve(tx.settings.read(person.org_id), {}),)


def allowed_services(policies: tuple[Policy, ...]) -> tuple[Provider, ...]:
    """Return the services that one of the person's programmes allows.

    Raises Refused when the organisation has not approved calendar connections (X8, R38).
    """
    if not any(policy.approved for policy in policies):
        raise Refused(Objection(Rule.SERVICE, detail="approved"))
    return tuple(dict.fromkeys(s for policy in policies for s in policy.services))


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
    if provider not in await offered_services(ports, person_id):
        raise Refused(Objection(Rule.SERVICE, detail=provider.value))
    person = await ports.store.read(lambda tx: tx.people.get(person_id))
    connector = ports.calendars[provider].connector
    # The address lets the service tell the person's own answer to an invitation from others'.
    verified = await connector.verify({**form, "email": person.email})
    fresh = Grant(GrantId(ports.ids.new()), person_id, provider, verified.account, verified.secret)
    calendars = tuple(await connector.calendars(fresh))

    def work(tx: Tx) -> Connected:
        grant = fresh
        for old in tx.links.grants_of([person_id]).values():
            if (old.provider, old.account) == (provider, verified.account):
                grant = replace(old, secret=verified.secret, state=LinkState.OK, why_broken="")
        tx.links.save_grant(grant)
        links = tx.links.of([person_id])[person_id]
        return Connected(grant, calendars, links)

    return await ports.store.transact(work)


async def list_calendars(ports: Ports, person_id: PersonId, grant_id: GrantId) -> Connected:
    """Return the calendars of an account that is open already, for choosing again."""

    def load(tx: Tx) -> tuple[Grant, tuple[CalendarLink, ...]]:
        grant = tx.links.grant(grant_id)
        if grant.person_id != person_id:
            raise NotFound(grant_id)
        return grant, tx.links.of([person_id])[person_id]

    grant, links = await ports.store.read(load)
    calendars = await ports.calendars[grant.provider].connector.calendars(grant)
    return Connected(grant, tuple(calendars), links)


async def choose(
    ports: Ports,
    person_id: PersonId,
    connected: Connected,
    primary_id: str | None,
    secondary_ids: tuple[str, ...],
    *,
    write: bool = True,
    instead: bool = False,
) -> Status:
    """Link calendars of an account: at most one primary, any number of secondaries (X1).

    A new primary makes the old one a secondary. With `write` off, or a calendar that cannot be
    written, sessions come by mail (T1). Calendars of the account that are not named are no
    longer linked; with `instead` the person's other accounts are left for good. Raises Refused
    when `calendars.max` would be passed.
    """
    by_id = {c.calendar_id: c for c in connected.calendars}
    primary_id = primary_id if primary_id in by_id else None
    wanted = dict.fromkeys(i for i in secondary_ids if i in by_id and i != primary_id)

    def work(tx: Tx) -> tuple[Status, list[Grant]]:
        left = _wipe(tx, person_id, connected.grant.id) if instead else []
        links = tx.links.of([person_id])[person_id]
        others = [link for link in links if link.grant_id != connected.grant.id]
        mine = {link.calendar_id: link for link in links if link.grant_id == connected.grant.id}
        count = len(others) + len(wanted) + (primary_id is not None)
        _check_max(policies_of(tx, tx.people.get(person_id)), count)
        if primary_id is not None:
            for link in others:
                tx.links.save(replace(link, use=Use.SECONDARY, tier=Tier.BUSY))
        for calendar_id, link in mine.items():
            if calendar_id != primary_id and calendar_id not in wanted:
                tx.links.remove(link.id)
        for calendar_id in ([primary_id] if primary_id else []) + list(wanted):
            remote = by_id[calendar_id]
            use = Use.PRIMARY if calendar_id == primary_id else Use.SECONDARY
            old = mine.get(remote.calendar_id)
            tx.links.save(
                CalendarLink(
                    id=old.id if old else LinkId(ports.ids.new()),
                    grant_id=connected.grant.id,
                    person_id=person_id,
                    calendar_id=remote.calendar_id,
                    name=remote.name,
                    use=use,
                    tier=_tier(use, remote, write=write),
                )
            )
        return load_status(tx, person_id), left

    found, left = await ports.store.transact(work)
    await _revoke(ports, left)
    return found


def _tier(use: Use, remote: RemoteCalendar, *, write: bool) -> Tier:
    """Return what a link lets us do: secondaries and refused primaries are busy only (X2)."""
    return Tier.WRITE if use is Use.PRIMARY and remote.writable and write else Tier.BUSY


def _check_max(policies: tuple[Policy, ...], count: int) -> None:
    limits = [policy.calendars_max for policy in policies if policy.calendars_max]
    if limits and count > min(limits):
        raise Refused(Objection(Rule.CALENDARS_MAX, detail=str(min(limits))))


def load_status(tx: Tx, person_id: PersonId) -> Status:
    """Return a person's calendars."""
    return Status(tx.links.of([person_id])[person_id], tx.links.grants_of([person_id]))


async def status(ports: Ports, person_id: PersonId) -> Status:
    """Return a person's calendars."""
    return await ports.store.read(lambda tx: load_status(tx, person_id))


async def disconnect(ports: Ports, person_id: PersonId) -> Status:
    """Give the access back and wipe every grant and link of a person (A45).

    Sessions stay where they are; later changes reach the person by mail.
    """

    def work(tx: Tx) -> tuple[Status, list[Grant]]:
        left = _wipe(tx, person_id)
        return load_status(tx, person_id), left

    found, left = await ports.store.transact(work)
    await _revoke(ports, left)
    return found


def _wipe(tx: Tx, person_id: PersonId, kept: GrantId | None = None) -> list[Grant]:
    """Delete a person's grants with their links, but for one; return those to be given back."""
    left = [g for g in tx.links.grants_of([person_id]).values() if g.id != kept]
    for grant in left:
        tx.links.remove_grant(grant.id)
    return left


async def _revoke(ports: Ports, grants: Iterable[Grant]) -> None:
    """Give accesses back at their services."""
    for grant in grants:
        if grant.provider in ports.calendars:
            with suppress(ProviderError):  # nothing of it is kept here any more
                await ports.calendars[grant.provider].connector.revoke(grant)
