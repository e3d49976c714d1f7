"""Grants, sealed at rest, and the calendar links inside them, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from adapters.storage import codecs
from adapters.storage import tables as t
from core.ids import GrantId, LinkId, PersonId
from core.links import CalendarLink, Grant, LinkState, Provider, Tier, Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row

    from adapters.storage.db import Db
    from adapters.storage.sealing import Sealer


class SqlLinks:
    """The port `Links`."""

    _grant = select(t.calendar_grant).where(t.calendar_grant.c.id == bindparam("id"))
    _grants_of = select(t.calendar_grant).where(
        t.calendar_grant.c.person_id.in_(bindparam("people", expanding=True))
    )
    _remove_grant = delete(t.calendar_grant).where(t.calendar_grant.c.id == bindparam("id"))
    _one = select(t.calendar_link).where(t.calendar_link.c.id == bindparam("id"))
    _of = (
        select(t.calendar_link)
        .where(t.calendar_link.c.person_id.in_(bindparam("people", expanding=True)))
        .order_by(t.calendar_link.c.id)
    )
    _remove = delete(t.calendar_link).where(t.calendar_link.c.id == bindparam("id"))
    _sealed = select(
        t.calendar_grant.c.id, t.calendar_grant.c.account, t.calendar_grant.c.secret
    ).with_for_update()
    _reseal = update(t.calendar_grant).where(t.calendar_grant.c.id == bindparam("row_id"))

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

    def get(self, link_id: LinkId) -> CalendarLink:
        """Return a link. Raises NotFound."""
        return _link(self._db.need(self._one, link_id, id=link_id))

    def of(self, people: Iterable[PersonId]) -> dict[PersonId, tuple[CalendarLink, ...]]:
        """Return the links of several people in one query; every id is a key."""
        found: dict[PersonId, list[CalendarLink]] = {person: [] for person in people}
        for link in map(_link, self._db.rows(self._of, people=list(found))):
            found[link.person_id].append(link)
        return {person: tuple(links) for person, links in found.items()}

    def save(self, link: CalendarLink) -> None:
        """Insert or replace."""
        values = {
            "id": link.id,
            "grant_id": link.grant_id,
            "person_id": link.person_id,
            "calendar_id": link.calendar_id,
            "name": link.name,
            "use": link.use,
            "tier": link.tier,
        }
        self._db.upsert(t.calendar_link, values, "id")

    def remove(self, link_id: LinkId) -> None:
        """Delete a link."""
        self._db.run(self._remove, id=link_id)

    def reseal(self) -> int:
        """Seal what is not sealed with the first key anew, deployment facts too; return how many.

        The version of a grant stays: what it says has not changed.
        """
        old = [row for row in self._db.rows(self._sealed) if not self._is_current(row)]
        for row in old:
            account = self._sealer.open(row.account, _account(row.id))
            secret = self._sealer.open(row.secret, _secret(row.id))
            self._db.run(
                self._reseal,
                row_id=row.id,
                account=self._sealer.seal(account, _account(row.id)),
                secret=self._sealer.seal(secret, _secret(row.id)),
            )
        return len(old) + SqlDeployment(self._db, self._sealer).reseal()

    def _is_current(self, row: Row[Any]) -> bool:
        return self._sealer.is_current(row.account) and self._sealer.is_current(row.secret)

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


def _account(grant_id: str) -> str:
    return f"calendar_grant.account:{grant_id}"


def _secret(grant_id: str) -> str:
    return f"calendar_grant.secret:{grant_id}"


def _link(row: Row[Any]) -> CalendarLink:
    return CalendarLink(
        id=LinkId(row.id),
        grant_id=GrantId(row.grant_id),
        person_id=PersonId(row.person_id),
        calendar_id=row.calendar_id,
        name=row.name,
        use=Use(row.use),
        tier=Tier(row.tier),
    )


class SqlDeployment:
    """The port `Deployment`: facts of the first start, sealed."""

    _one = select(t.deployment.c.value).where(t.deployment.c.key == bindparam("key"))
    _all = select(t.deployment).with_for_update()

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

    def reseal(self) -> int:
        """Seal what is not sealed with the first key anew; return how many changed."""
        rows = self._db.rows(self._all)
        old = [row for row in rows if not self._sealer.is_current(row.value)]
        for row in old:
            self.put(row.key, self._sealer.open(row.value, _fact(row.key)))
        return len(old)


def _fact(key: str) -> str:
    return f"deployment.value:{key}"
