"""Conversations, sent cards, the local chat and the audit log as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from adapters.storage import codecs
from adapters.storage import tables as t
from core.ids import OrgId, PersonId, ProgrammeId
from core.repositories import AuditEntry
from core.talk import LocalMessage, Post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

    from adapters.storage.db import Db


class SqlConversations:
    """The port `Conversations`."""

    _load = select(t.conversation.c.data).where(t.conversation.c.key == bindparam("key"))
    _purge = delete(t.conversation).where(t.conversation.c.saved_at < bindparam("before"))

    def __init__(self, db: Db) -> None:
        self._db = db

    def load(self, key: str) -> Mapping[str, object] | None:
        """Return the stored state of a conversation."""
        row = self._db.one(self._load, key=key)
        return codecs.load_data(row.data) if row else None

    def save(self, key: str, data: Mapping[str, object], now: int) -> None:
        """Store it. Raises TypeError for what JSON has not."""
        values = {"key": key, "data": codecs.dump_data(data), "saved_at": now}
        self._db.upsert(t.conversation, values, "key")

    def purge(self, before: int) -> int:
        """Delete conversations whose last save is older; return how many."""
        return self._db.run(self._purge, before=before)


class SqlPosts:
    """The port `Posts`."""

    _find = (
        select(t.post)
        .where(
            t.post.c.person_id == bindparam("person_id"), t.post.c.subject == bindparam("subject")
        )
        .order_by(t.post.c.place)
    )
    _purge = delete(t.post).where(t.post.c.saved_at < bindparam("before"))

    def __init__(self, db: Db) -> None:
        self._db = db

    def find(self, person_id: PersonId, subject: str) -> tuple[Post, ...]:
        """Return where the newest card about a subject stands, one per chat place."""
        rows = self._db.rows(self._find, person_id=person_id, subject=subject)
        return tuple(
            Post(PersonId(row.person_id), row.subject, row.kind, row.place, row.ref) for row in rows
        )

    def save(self, post: Post, now: int) -> None:
        """Remember a card; a newer one about the same subject and place replaces it."""
        values = {
            "person_id": post.person_id,
            "subject": post.subject,
            "kind": post.kind,
            "place": post.place,
            "ref": post.ref,
            "saved_at": now,
        }
        self._db.upsert(t.post, values, "person_id", "subject", "place")

    def purge(self, before: int) -> int:
        """Forget cards that were sent before an instant; return how many."""
        return self._db.run(self._purge, before=before)


class SqlLocal:
    """The port `LocalMessages`."""

    _edit = (
        update(t.local_message)
        .where(t.local_message.c.id == bindparam("row_id"))
        .values(body=bindparam("new_body"))
        .returning(t.local_message)
    )
    _of = (
        select(t.local_message)
        .where(t.local_message.c.person_id == bindparam("person_id"))
        .order_by(t.local_message.c.at, t.local_message.c.number)
    )
    _purge = delete(t.local_message).where(t.local_message.c.at < bindparam("before"))

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, message: LocalMessage) -> None:
        """Append one."""
        values = {
            "id": message.id,
            "person_id": message.person_id,
            "own": message.own,
            "body": message.body,
            "at": message.at,
        }
        self._db.insert(t.local_message, [values])

    def edit(self, message_id: str, body: str) -> LocalMessage | None:
        """Replace the body in place; None when there is no such message."""
        row = self._db.one(self._edit, row_id=message_id, new_body=body)
        return _message(row) if row else None

    def of(self, person_id: PersonId) -> tuple[LocalMessage, ...]:
        """Return a person's messages, oldest first."""
        return tuple(map(_message, self._db.rows(self._of, person_id=person_id)))

    def purge(self, before: int) -> int:
        """Delete messages from before an instant; return how many."""
        return self._db.run(self._purge, before=before)


def _message(row: Row[Any]) -> LocalMessage:
    return LocalMessage(row.id, PersonId(row.person_id), row.own, row.body, row.at)


class SqlAudit:
    """The port `Audit`."""

    _newest = (t.audit_entry.c.at.desc(), t.audit_entry.c.number.desc())
    _latest = (
        select(t.audit_entry)
        .where(t.audit_entry.c.org_id == bindparam("org_id"))
        .order_by(*_newest)
        .limit(bindparam("most"))
    )
    _latest_in = _latest.where(t.audit_entry.c.programme_id == bindparam("programme_id"))

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, entry: AuditEntry) -> None:
        """Append one entry."""
        values = {
            "at": entry.at,
            "org_id": entry.org_id,
            "actor": entry.actor,
            "action": entry.action,
            "detail": entry.detail,
            "programme_id": entry.programme_id,
        }
        self._db.insert(t.audit_entry, [values])

    def latest(
        self, org_id: OrgId, limit: int = 20, programme_id: ProgrammeId | None = None
    ) -> tuple[AuditEntry, ...]:
        """Return the newest entries first."""
        if programme_id is None:
            rows = self._db.rows(self._latest, org_id=org_id, most=limit)
        else:
            rows = self._db.rows(
                self._latest_in, org_id=org_id, most=limit, programme_id=programme_id
            )
        return tuple(map(_entry, rows))


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        org_id=OrgId(row.org_id),
        actor=PersonId(row.actor),
        action=row.action,
        detail=row.detail,
        programme_id=None if row.programme_id is None else ProgrammeId(row.programme_id),
    )
