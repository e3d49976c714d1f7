"""Which calendars a person may connect, which they have, and how links are chosen (X1, X2, X13).

Everything here decides inside a transaction; what asks a service is in the use cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.errors import Refused
from core.ids import LinkId
from core.keeping import leave
from core.links import CalendarLink, LinkState, Provider, Tier, Use, primary
from core.policy import resolve
from core.programme import Objection, Rule
from core.rehoming import bring_home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import GrantId, PersonId
    from core.links import Grant, RemoteCalendar
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ids, Tx


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


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose in one account: calendar ids of that account.

    With `write` off sessions come by mail (T1); with `instead` their other accounts are left.
    """

    primary: str | None
    secondaries: tuple[str, ...] = ()
    write: bool = True
    instead: bool = False


# --- what is allowed ----------------------------------------------------------------------------


def policies_of(tx: Tx, person: Person) -> tuple[Policy, ...]:
    """Return the rules of every running programme the person is in, else the organisation's."""
    ids = dict.fromkeys(m.programme_id for m in tx.programmes.roles(person.id))
    running = (programme for programme in map(tx.programmes.get, ids) if not programme.ended)
    rules = tuple(load_policy(tx, programme) for programme in running)
    return rules or (resolve(tx.settings.read(person.org_id), {}),)


def allowed_services(policies: tuple[Policy, ...]) -> tuple[Provider, ...]:
    """Return the services that one of the person's programmes allows.

    Raises Refused, its detail naming the gate that is shut for all of them: the organisation's
    approval first (X8, R38), then the Scheduling Assistant, then each person's own connecting
    (X13, R27).
    """
    for gate in ("approved", "assistant", "connecting"):
        policies = tuple(policy for policy in policies if getattr(policy, gate))
        if not policies:
            raise Refused(Objection(Rule.SERVICE, detail=gate))
    return tuple(dict.fromkeys(s for policy in policies for s in policy.services))


def check_service(tx: Tx, person: Person, provider: Provider) -> None:
    """Raise Refused unless the person may connect calendars of a service."""
    if provider not in allowed_services(policies_of(tx, person)):
        raise Refused(Objection(Rule.SERVICE, detail=provider.value))


def most_calendars(policies: tuple[Policy, ...]) -> int:
    """Return how many calendars a person may connect, 0 for any number (X1)."""
    return min((policy.calendars_max for policy in policies if policy.calendars_max), default=0)


def allows_personal(policies: tuple[Policy, ...]) -> bool:
    """Tell whether private accounts may be connected."""
    return any(policy.personal for policy in policies)


def wanted_tier(tx: Tx, person: Person, *, replacing: bool) -> Tier:
    """Return what to ask for: writing for a primary where sessions are written, else busy times.

    A person whose primary opens adds a secondary, which is read only (X2, R57).
    """
    writes = any(policy.sync for policy in policies_of(tx, person))
    home = primary(tx.links.of([person.id])[person.id])
    grant = tx.links.grants_of([person.id]).get(home.grant_id) if home else None
    has_primary = grant is not None and grant.state is LinkState.OK
    return Tier.WRITE if writes and (replacing or not has_primary) else Tier.BUSY


# --- what there is ------------------------------------------------------------------------------


def load_status(tx: Tx, person_id: PersonId) -> Status:
    """Return a person's calendars."""
    return Status(tx.links.of([person_id])[person_id], tx.links.grants_of([person_id]))


def same_account(tx: Tx, person_id: PersonId, provider: Provider, account: str) -> Grant | None:
    """Return the grant that a person has on an account already; addresses compare without case."""
    for grant in tx.links.grants_of([person_id]).values():
        if grant.provider is provider and grant.account.casefold() == account.casefold():
            return grant
    return None


# --- choosing -----------------------------------------------------------------------------------


def first_choice(
    connected: Connected, tier: Tier, most: int = 0, *, replacing: bool = False
) -> Choice:
    """Return what is chosen for a person until they choose themselves.

    What they had in this account stays. Without a primary elsewhere the account's own default
    calendar becomes it; beside one, it blocks their time.
    """
    known = {c.calendar_id for c in connected.calendars}
    mine = [
        link
        for link in connected.links
        if link.grant_id == connected.grant.id and link.calendar_id in known
    ]
    if mine:
        kept = primary(mine)
        return Choice(
            kept.calendar_id if kept else None,
            tuple(link.calendar_id for link in mine if link is not kept),
            write=tier is Tier.WRITE,
            instead=replacing,
        )
    default = next((c for c in connected.calendars if c.default), connected.calendars[0])
    elsewhere = primary(connected.links) is not None and not replacing
    room = most - len(connected.links) if most and not replacing else 1
    if room < 1:
        return Choice(None)
    if elsewhere:
        return Choice(None, (default.calendar_id,))
    return Choice(default.calendar_id, write=tier is Tier.WRITE, instead=replacing)


def link_calendars(
    tx: Tx, ids: Ids, person: Person, connected: Connected, choice: Choice, now: int
) -> Status:
    """Link calendars of an account: at most one primary, any number of secondaries (X1).

    A new primary makes the old one a secondary; with `instead` the other accounts are left, and
    what is booked follows the primary first. Calendars of the account that are not named are no
    longer linked. Raises Refused when `calendars.max` would be passed.
    """
    by_id = {c.calendar_id: c for c in connected.calendars}
    wanted = _wanted(choice, by_id)
    links = tx.links.of([person.id])[person.id]
    others = [link for link in links if link.grant_id != connected.grant.id]
    mine = {link.calendar_id: link for link in links if link.grant_id == connected.grant.id}
    most = most_calendars(policies_of(tx, person))
    if most and (0 if choice.instead else len(others)) + len(wanted) > most:
        raise Refused(Objection(Rule.CALENDARS_MAX, detail=str(most)))
    if Use.PRIMARY in wanted.values():
        for link in others:
            tx.links.save(replace(link, use=Use.SECONDARY, tier=Tier.BUSY))
    for calendar_id, link in mine.items():
        if calendar_id not in wanted:
            tx.links.remove(link.id)
    for calendar_id, use in wanted.items():
        remote, old = by_id[calendar_id], mine.get(calendar_id)
        tx.links.save(
            CalendarLink(
                id=old.id if old else LinkId(ids.new()),
                grant_id=connected.grant.id,
                person_id=person.id,
                calendar_id=calendar_id,
                name=remote.name,
                use=use,
                tier=_tier(use, remote, write=choice.write),
            )
        )
    if choice.instead:
        _leave_others(tx, person.id, connected.grant.id, now)
    return load_status(tx, person.id)


def _leave_others(tx: Tx, person_id: PersonId, stays: GrantId, now: int) -> None:
    """Leave every other account; what is booked there moves to the new primary first (A17)."""
    emptied = bring_home(tx, person_id, now).emptied
    for grant in tx.links.grants_of([person_id]).values():
        if grant.id != stays:
            leave(tx, grant, now, emptied)


def _wanted(choice: Choice, known: Mapping[str, RemoteCalendar]) -> dict[str, Use]:
    """Return the uses of the calendars that were chosen and are there, the primary first."""
    wanted = {choice.primary: Use.PRIMARY} if choice.primary in known and choice.primary else {}
    for calendar_id in choice.secondaries:
        if calendar_id in known:
            wanted.setdefault(calendar_id, Use.SECONDARY)
    return wanted


def _tier(use: Use, remote: RemoteCalendar, *, write: bool) -> Tier:
    """Return what a link lets us do: secondaries and refused primaries are busy only (X2)."""
    return Tier.WRITE if use is Use.PRIMARY and remote.writable and write else Tier.BUSY
