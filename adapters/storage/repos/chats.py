"""What came in, workspaces and references as rows; words and tokens are sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, false, select, true, update

from adapters.storage import codecs
from adapters.storage import tables as t
from adapters.storage.repos.sealed import place
from core.ids import OrgId
from core.talk import Inbound, Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

    from adapters.storage.db import Db
    from adapters.storage.sealing import Sealer

_first = t.inbound.alias("first")
_earlier = t.inbound.alias("earlier")
_IS_FIRST = (
    _first.c.done == false(),
    ~exists()
    .where(_earlier.c.lane == _first.c.lane)
    .where(_earlier.c.done == false(), _earlier.c.number < _first.c.number),
)
_due = (
    select(_first.c.number)
    .where(*_IS_FIRST, _first.c.due_at <= bindparam("now"))
    .order_by(_first.c.number)
    .limit(bindparam("most"))
    .with_for_update(of=_first, skip_locked=True)  # SQLite has no such clause and needs none
    .cte("due")
)
_leased = (
    t.inbound.c.key == bindparam("row_key"),
    t.inbound.c.done == false(),
    t.inbound.c.lease == bindparam("token"),
)


class SqlInbox:
    """The port `Inbox`. A body is sealed under its row's number, which the database gives."""

    _fill = (
        update(t.inbound)
        .where(t.inbound.c.number == bindparam("row_number"))
        .values(body=bindparam("sealed"))
    )
    _claim = (
        update(t.inbound)
        .where(t.inbound.c.number.in_(select(_due.c.number)))
        .values(
            due_at=bindparam("leased_until"),
            attempts=t.inbound.c.attempts + 1,
            lease=bindparam("token"),
        )
        .returning(t.inbound)
    )
    _held = (t.inbound.c.done == false(), t.inbound.c.lease != "")
    _busy = (
        select(t.inbound.c.number)
        .where(*_held, t.inbound.c.lane == bindparam("lane"))
        .where(~t.inbound.c.lease.startswith(bindparam("holder")))
        .limit(1)
    )
    _leases = select(t.inbound.c.lease).where(*_held).distinct()
    _release = (
        update(t.inbound)
        .where(t.inbound.c.done == false(), t.inbound.c.lease == bindparam("token"))
        .values(due_at=bindparam("now"), lease="")
    )
    _close = update(t.inbound).where(*_leased).values(done=true(), body=None, lease="")
    _retry = update(t.inbound).where(*_leased).values(due_at=bindparam("then"), lease="")
    _next_due = select(_first.c.due_at).where(*_IS_FIRST).order_by(_first.c.due_at).limit(1)
    _purge = delete(t.inbound).where(
        t.inbound.c.done == true(), t.inbound.c.at < bindparam("before")
    )

    def __init__(self, db: Db, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    def put(self, inbound: Inbound, due_at: int | None = None) -> bool:
        """Keep it; False when its key is known."""
        values = {
            "key": inbound.key,
            "lane": inbound.lane,
            "body": None,
            "at": inbound.at,
            "due_at": inbound.at if due_at is None else due_at,
            "attempts": inbound.attempts,
            "lease": inbound.lease,
            "done": False,
        }
        row = self._db.added(t.inbound, values)
        if row is None:
            return False
        sealed = self._sealer.seal(inbound.body, _body(row.number))
        self._db.run(self._fill, row_number=row.number, sealed=sealed)
        return True

    def claim(self, now: int, lease: int, limit: int, token: str) -> tuple[Inbound, ...]:
        """Take up to `limit` for `lease` seconds, oldest first, the first of each lane only."""
        rows = self._db.rows(
            self._claim, now=now, leased_until=now + lease, most=limit, token=token
        )
        return tuple(self._inbound(row) for row in sorted(rows, key=lambda row: int(row.number)))

    def busy(self, lane: str, holder: str) -> bool:
        """Tell whether something of a lane is under way by another one than `holder`."""
        return self._db.one(self._busy, lane=lane, holder=holder) is not None

    def leases(self) -> frozenset[str]:
        """Return the leases of what is under way."""
        return frozenset(str(row.lease) for row in self._db.rows(self._leases))

    def release(self, lease: str, now: int) -> None:
        """Make what a lease holds due at once: its holder is gone."""
        self._db.run(self._release, token=lease, now=now)

    def close(self, inbound: Inbound) -> bool:
        """Say that it was answered, if our lease still stands; its body is wiped."""
        return bool(
            inbound.lease and self._db.run(self._close, row_key=inbound.key, token=inbound.lease)
        )

    def retry(self, inbound: Inbound, due_at: int) -> None:
        """Put it back until `due_at`, if our lease still stands."""
        if inbound.lease:
            self._db.run(self._retry, row_key=inbound.key, token=inbound.lease, then=due_at)

    def next_due(self) -> int | None:
        """Return when the next can be claimed."""
        row = self._db.one(self._next_due)
        return int(row.due_at) if row else None

    def purge(self, before: int) -> int:
        """Forget answered ones that came before an instant; return how many."""
        return self._db.run(self._purge, before=before)

    def _inbound(self, row: Row[Any]) -> Inbound:
        body = self._sealer.open(row.body, _body(row.number))
        return Inbound(row.key, row.lane, body, row.at, row.attempts, row.lease)


def _body(number: int) -> str:
    return place(t.inbound.c.body, str(number))


class SqlWorkspaces:
    """The port `Workspaces`; tokens are sealed."""

    _order = (t.workspace.c.kind, t.workspace.c.name, t.workspace.c.external_id)
    _one = select(t.workspace).where(
        t.workspace.c.kind == bindparam("kind"),
        t.workspace.c.external_id == bindparam("external_id"),
    )
    _of = select(t.workspace).where(t.workspace.c.org_id == bindparam("org_id")).order_by(*_order)
    _unlinked = select(t.workspace).where(t.workspace.c.org_id.is_(None)).order_by(*_order)

    def __init__(self, db: Db, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    def get(self, kind: str, external_id: str) -> Workspace | None:
        """Return it, opened. Raises SealError for a missing key."""
        row = self._db.one(self._one, kind=kind, external_id=external_id)
        return self._open(row) if row else None

    def of(self, org_id: OrgId) -> tuple[Workspace, ...]:
        """Return the workspaces of an organisation. Raises SealError."""
        return tuple(map(self._open, self._db.rows(self._of, org_id=org_id)))

    def unlinked(self) -> tuple[Workspace, ...]:
        """Return those that no administrator has linked. Raises SealError."""
        return tuple(map(self._open, self._db.rows(self._unlinked)))

    def save(self, workspace: Workspace) -> None:
        """Insert or replace."""
        where = _secret(workspace.kind, workspace.external_id)
        values = {
            "kind": workspace.kind,
            "external_id": workspace.external_id,
            "name": workspace.name,
            "org_id": workspace.org_id,
            "secret": self._sealer.seal(codecs.dump_texts(workspace.secret), where),
            "active": workspace.active,
        }
        self._db.upsert(t.workspace, values, "kind", "external_id")

    def _open(self, row: Row[Any]) -> Workspace:
        text = self._sealer.open(row.secret, _secret(row.kind, row.external_id))
        org_id = None if row.org_id is None else OrgId(row.org_id)
        return Workspace(
            row.kind, row.external_id, row.name, org_id, codecs.load_texts(text), row.active
        )


def _secret(kind: str, external_id: str) -> str:
    return place(t.workspace.c.secret, kind, external_id)


class SqlReferences:
    """The port `References`."""

    _here = (
        t.chat_reference.c.kind == bindparam("kind"),
        t.chat_reference.c.workspace == bindparam("workspace"),
    )
    _one = select(t.chat_reference.c.data).where(*_here, t.chat_reference.c.key == bindparam("key"))
    _all = select(t.chat_reference).where(*_here).order_by(t.chat_reference.c.key)
    _remove = delete(t.chat_reference).where(*_here, t.chat_reference.c.key == bindparam("key"))
    _clear = delete(t.chat_reference).where(*_here)

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, kind: str, workspace: str, key: str) -> Mapping[str, object] | None:
        """Return it."""
        row = self._db.one(self._one, kind=kind, workspace=workspace, key=key)
        return codecs.load_data(row.data) if row else None

    def all(self, kind: str, workspace: str) -> Mapping[str, Mapping[str, object]]:
        """Return everything of a workspace."""
        rows = self._db.rows(self._all, kind=kind, workspace=workspace)
        return {row.key: codecs.load_data(row.data) for row in rows}

    def put(self, kind: str, workspace: str, key: str, data: Mapping[str, object]) -> None:
        """Insert or replace. Raises TypeError for what JSON has not."""
        values = {"kind": kind, "workspace": workspace, "key": key}
        values["data"] = codecs.dump_data(data)
        self._db.upsert(t.chat_reference, values, "kind", "workspace", "key")

    def remove(self, kind: str, workspace: str, key: str) -> None:
        """Delete it."""
        self._db.run(self._remove, kind=kind, workspace=workspace, key=key)

    def clear(self, kind: str, workspace: str) -> int:
        """Delete all of a workspace; return how many."""
        return self._db.run(self._clear, kind=kind, workspace=workspace)
