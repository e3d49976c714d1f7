"""Grants and the calendar links inside them as rows; what opens or names an account is sealed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, false, select, true, update

from adapters.storage import codecs
from adapters.storage import tables as t
from adapters.storage.repos.sealed import place, reseal
from core.ids import GrantId, LinkId, PersonId
from core.links import CalendarLink, Grant, LinkState, Provider, Tier, Use
from core.waiting import PendingConsent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row

    from adapters.storage.db import Db
    from adapters.storage.sealing import Sealer
    from core.ids import OrgId


class SqlLinks:
    """The port `Links`."""

    _grant = select(t.calendar_grant).where(t.calendar_grant.c.id == bindparam("id"))
    _grants_of = select(t.calendar_grant).where(
        t.calendar_grant.c.person_id.in_(bindparam("people", expanding=True)),
        t.calendar_grant.c.state != LinkState.GONE,
    )
    _holders = (
        select(t.calendar_grant.c.id, t.calendar_grant.c.person_id)
        .join(t.person, t.person.c.id == t.calendar_grant.c.person_id)
        .where(
            t.person.c.org_id == bindparam("org_id"),
            t.calendar_grant.c.provider == bindparam("provider"),
            t.calendar_grant.c.state != LinkState.GONE,
        )
        .order_by(t.calendar_grant.c.id)
    )
    _remove_grant = delete(t.calendar_grant).where(t.calendar_grant.c.id == bindparam("id"))
    _one = select(t.calendar_link).where(t.calendar_link.c.id == bindparam("id"))
    _of = (
        select(t.calendar_link)
        .join(t.calendar_grant, t.calendar_grant.c.id == t.calendar_link.c.grant_id)
        .where(
            t.calendar_link.c.person_id.in_(bindparam("people", expanding=True)),
            t.calendar_grant.c.state != LinkState.GONE,
        )
        .order_by(t.calendar_link.c.id)
    )
    _remove = delete(t.calendar_link).where(t.calendar_link.c.id == bindparam("id"))

    def __init__(self, db: Db, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    def grant(self, grant_id: GrantId) -> Grant:
        """Return the grant, opened. Raises NotFound, and SealError for a missing key."""
        return self._open(self._db.need(self._grant, grant_id, id=grant_id))

    def grants_of(self, people: Iterable[PersonId]) -> dict[GrantId, Grant]:
        """Return the grants of several people, opened, in one query. Raises SealError."""
        rows = self._db.rows(self._grants_of, people=list(people))
        return {grant.id: grant for grant in map(self._open, rows)}

    def save_grant(self, grant: Grant) -> None:
        """Insert or replace. Raises Stale."""
        values = {
            "id": grant.id,
            "person_id": grant.person_id,
            "provider": grant.provider,
            "account": self._sealer.seal(grant.account, _account(grant.id)),
            "secret": self._sealer.seal(codecs.dump_texts(grant.secret), _secret(grant.id)),
            "state": grant.state,
            "why_broken": grant.why_broken,
            "version": grant.version,
        }
        self._db.save_versioned(t.calendar_grant, values)

    def remove_grant(self, grant_id: GrantId) -> None:
        """Delete a grant with all its links."""
        self._db.run(self._remove_grant, id=grant_id)

    def holders(self, org_id: OrgId, provider: Provider) -> dict[GrantId, PersonId]:
        """Return who of an organisation has which account at a service; nothing is opened."""
        rows = self._db.rows(self._holders, org_id=org_id, provider=provider)
        return {GrantId(row.id): PersonId(row.person_id) for row in rows}

    def get(self, link_id: LinkId) -> CalendarLink:
        """Return a link. Raises NotFound, and SealError for a missing key."""
        return self._link(self._db.need(self._one, link_id, id=link_id))

    def of(self, people: Iterable[PersonId]) -> dict[PersonId, tuple[CalendarLink, ...]]:
        """Return the links of several people in one query; every id is a key. Raises SealError."""
        found: dict[PersonId, list[CalendarLink]] = {person: [] for person in people}
        for link in map(self._link, self._db.rows(self._of, people=list(found))):
            found[link.person_id].append(link)
        return {person: tuple(links) for person, links in found.items()}

    def save(self, link: CalendarLink) -> None:
        """Insert or replace."""
        values = {
            "id": link.id,
            "grant_id": link.grant_id,
            "person_id": link.person_id,
            "calendar_id": self._sealer.seal(link.calendar_id, _calendar(link.id)),
            "name": link.name,
            "use": link.use,
            "tier": link.tier,
        }
        self._db.upsert(t.calendar_link, values, "id")

    def remove(self, link_id: LinkId) -> None:
        """Delete a link."""
        self._db.run(self._remove, id=link_id)

    def reseal(self) -> int:
        """Seal all that is sealed anew with the first key; return how many rows changed.

        That is every sealed column of every table, not those of links alone. Raises SealError.
        """
        return reseal(self._db, self._sealer)

    def _open(self, row: Row[Any]) -> Grant:
        return Grant(
            id=GrantId(row.id),
            person_id=PersonId(row.person_id),
            provider=Provider(row.provider),
            account=self._sealer.open(row.account, _account(row.id)),
            secret=codecs.load_texts(self._sealer.open(row.secret, _secret(row.id))),
            state=LinkState(row.state),
            why_broken=row.why_broken,
            version=row.version,
        )

    def _link(self, row: Row[Any]) -> CalendarLink:
        return CalendarLink(
            id=LinkId(row.id),
            grant_id=GrantId(row.grant_id),
            person_id=PersonId(row.person_id),
            calendar_id=self._sealer.open(row.calendar_id, _calendar(row.id)),
            name=row.name,
            use=Use(row.use),
            tier=Tier(row.tier),
        )


def _account(grant_id: str) -> str:
    return place(t.calendar_grant.c.account, grant_id)


def _secret(grant_id: str) -> str:
    return place(t.calendar_grant.c.secret, grant_id)


def _calendar(link_id: str) -> str:
    return place(t.calendar_link.c.calendar_id, link_id)


class SqlConsents:
    """The port `Consents`; what a step keeps is sealed."""

    _one = select(t.pending_consent).where(t.pending_consent.c.id == bindparam("id"))
    # The old row is what counts: only one transaction finds it unused and wipes it.
    _use = (
        update(t.pending_consent)
        .where(t.pending_consent.c.id == bindparam("row_id"), t.pending_consent.c.used == false())
        .values(used=true(), data=b"")
    )
    _purge = delete(t.pending_consent).where(t.pending_consent.c.expires_at < bindparam("before"))

    def __init__(self, db: Db, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    def put(self, pending: PendingConsent) -> None:
        """Insert."""
        sealed = self._sealer.seal(codecs.dump_texts(pending.data), _pending(pending.id))
        values = {
            "id": pending.id,
            "person_id": pending.person_id,
            "kind": pending.kind,
            "data": sealed,
            "expires_at": pending.expires_at,
            "used": pending.used,
        }
        self._db.insert(t.pending_consent, [values])

    def get(self, pending_id: str) -> PendingConsent | None:
        """Return one as it stands, used ones without their data. Raises SealError."""
        row = self._db.one(self._one, id=pending_id)
        return self._open(row) if row else None

    def take(self, pending_id: str) -> PendingConsent | None:
        """Return one and mark it used: of any number of calls exactly one gets the data."""
        pending = self.get(pending_id)
        if pending is None or pending.used:
            return pending
        if self._db.run(self._use, row_id=pending_id):
            return pending
        return replace(pending, data={}, used=True)

    def purge(self, before: int) -> int:
        """Delete those that expired before an instant; return how many."""
        return self._db.run(self._purge, before=before)

    def _open(self, row: Row[Any]) -> PendingConsent:
        text = "{}" if row.used else self._sealer.open(row.data, _pending(row.id))
        person_id, data = PersonId(row.person_id), codecs.load_texts(text)
        return PendingConsent(row.id, person_id, row.kind, data, row.expires_at, row.used)


def _pending(pending_id: str) -> str:
    return place(t.pending_consent.c.data, pending_id)


class SqlDeployment:
    """The port `Deployment`: facts of the first start, sealed."""

    _one = select(t.deployment.c.value).where(t.deployment.c.key == bindparam("key"))

    def __init__(self, db: Db, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    def get(self, key: str) -> str | None:
        """Return a fact. Raises SealError for a missing key."""
        row = self._db.one(self._one, key=key)
        return self._sealer.open(row.value, _fact(key)) if row else None

    def put(self, key: str, value: str) -> None:
        """Store a fact."""
        values = {"key": key, "value": self._sealer.seal(value, _fact(key))}
        self._db.upsert(t.deployment, values, "key")


def _fact(key: str) -> str:
    return place(t.deployment.c.value, key)
