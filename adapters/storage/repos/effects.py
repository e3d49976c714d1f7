"""Effects as rows: what still has to be done, taken by lease and in order per lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, delete, exists, literal_column, select, update

from adapters.storage import codecs
from adapters.storage import tables as t
from core.effects import GIVE_UP, Effect, EffectKind, EffectState
from core.ids import EffectId, MeetingId, PersonId

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row

    from adapters.storage.db import Db

# Written into the statements, not bound: only so the partial indexes are used.
READY: ColumnElement[str] = literal_column("'ready'")
CLOSED = t.effect.c.state != READY

_first = t.effect.alias("first")
_earlier = t.effect.alias("earlier")
# Waiting, and no earlier one of the same lane waits; without a lane nothing is earlier.
_IS_FIRST = (
    _first.c.state == READY,
    ~exists()
    .where(_earlier.c.lane == _first.c.lane)
    .where(_earlier.c.state == READY, _earlier.c.id < _first.c.id),
)
_due = (
    select(_first.c.id)
    .where(*_IS_FIRST, _first.c.due_at <= bindparam("now"))
    .order_by(_first.c.due_at, _first.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=_first, skip_locked=True)  # SQLite has no such clause and needs none
    # A named part is planned once, so that its limit also limits what is locked.
    .cte("due")
)
_leased = (
    t.effect.c.id == bindparam("row_id"),
    t.effect.c.state == READY,
    t.effect.c.lease == bindparam("token"),
)


class SqlEffects:
    """The port `Effects`.

    A claim pushes `due_at` forward by the lease: a crash needs no detector, the row becomes due
    again by itself.
    """

    _claim = (
        update(t.effect)
        .where(t.effect.c.id.in_(select(_due.c.id)))
        .values(
            due_at=bindparam("leased_until"),
            attempts=t.effect.c.attempts + 1,
            lease=bindparam("token"),
        )
        .returning(t.effect)
    )
    _finish = (
        update(t.effect)
        .where(*_leased)
        .values(
            state=bindparam("new_state"),
            due_at=bindparam("now"),
            last_error=bindparam("error"),
            lease="",
        )
    )
    _retry = (
        update(t.effect)
        .where(*_leased)
        .values(due_at=bindparam("then"), last_error=bindparam("error"), lease="")
    )
    _cancel = (
        update(t.effect)
        .where(t.effect.c.key == bindparam("row_key"), t.effect.c.state == READY)
        .values(state=EffectState.CANCELLED, lease="")
    )
    _revive = (
        update(t.effect)
        .where(t.effect.c.id == bindparam("row_id"), t.DEAD)
        .values(
            state=EffectState.READY,
            due_at=bindparam("now"),
            give_up_at=case(
                (t.effect.c.give_up_at == 0, 0),
                (t.effect.c.give_up_at > bindparam("now"), t.effect.c.give_up_at),
                else_=bindparam("now") + GIVE_UP,
            ),
        )
    )
    _one = select(t.effect).where(t.effect.c.id == bindparam("id"))
    _by_key = select(t.effect).where(t.effect.c.key == bindparam("key"))
    _of_meeting = (
        select(t.effect).where(t.effect.c.meeting_id == bindparam("id")).order_by(t.effect.c.id)
    )
    _of_person = (
        select(t.effect)
        .where(t.effect.c.person_id == bindparam("id"))
        .order_by(t.effect.c.id.desc())
        .limit(bindparam("most"))
    )
    _dead = (
        select(t.effect)
        .where(t.DEAD)
        .order_by(t.effect.c.due_at.desc(), t.effect.c.id.desc())
        .limit(bindparam("most"))
    )
    # Not min(): in order of the index the first one that is free ends the search.
    _next_due = (
        select(_first.c.due_at).where(*_IS_FIRST).order_by(_first.c.due_at, _first.c.id).limit(1)
    )
    _purge = delete(t.effect).where(CLOSED, t.effect.c.due_at < bindparam("before"))

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, effect: Effect) -> None:
        """Insert; a key that exists already changes nothing."""
        self._db.add(t.effect, _values(effect))

    def claim(self, now: int, lease: int, limit: int, token: str) -> tuple[Effect, ...]:
        """Take up to `limit` due effects for `lease` seconds, the first of each lane only."""
        rows = self._db.rows(
            self._claim, now=now, leased_until=now + lease, most=limit, token=token
        )
        return tuple(_effect(row) for row in sorted(rows, key=lambda row: int(row.id)))

    def finish(self, effect: Effect, state: EffectState, now: int, error: str = "") -> bool:
        """Close an effect at `now` if our lease still stands; tell whether it did."""
        return bool(
            effect.lease
            and self._db.run(
                self._finish,
                row_id=effect.id,
                token=effect.lease,
                new_state=state,
                now=now,
                error=error,
            )
        )

    def retry(self, effect: Effect, due_at: int, error: str) -> None:
        """Put an effect back until `due_at`, if our lease still stands."""
        if effect.lease:
            self._db.run(
                self._retry, row_id=effect.id, token=effect.lease, then=due_at, error=error
            )

    def get(self, effect_id: EffectId) -> Effect:
        """Return it. Raises NotFound."""
        return _effect(self._db.need(self._one, str(effect_id), id=effect_id))

    def by_key(self, key: str) -> Effect | None:
        """Return the effect with this key."""
        row = self._db.one(self._by_key, key=key)
        return _effect(row) if row else None

    def cancel(self, key: str) -> None:
        """Take back an effect that is not finished."""
        self._db.run(self._cancel, row_key=key)

    def of_meeting(self, meeting_id: MeetingId) -> tuple[Effect, ...]:
        """Return everything that was to be done for a meeting, oldest first."""
        return tuple(map(_effect, self._db.rows(self._of_meeting, id=meeting_id)))

    def of_person(self, person_id: PersonId, limit: int = 20) -> tuple[Effect, ...]:
        """Return what was to reach one person, newest first: the delivery log."""
        return tuple(map(_effect, self._db.rows(self._of_person, id=person_id, most=limit)))

    def dead(self, limit: int = 50) -> tuple[Effect, ...]:
        """Return what was given up, newest first."""
        return tuple(map(_effect, self._db.rows(self._dead, most=limit)))

    def revive(self, effect_id: EffectId, now: int) -> bool:
        """Make a given-up effect due again, with a new time to give up if the old is past."""
        return bool(self._db.run(self._revive, row_id=effect_id, now=now))

    def next_due(self) -> int | None:
        """Return when the next effect can be claimed, None when none waits."""
        row = self._db.one(self._next_due)
        return row.due_at if row else None

    def purge(self, before: int) -> int:
        """Delete finished effects that were due before an instant; return how many."""
        return self._db.run(self._purge, before=before)


def _values(one: Effect) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind,
        "due_at": one.due_at,
        "lane": one.lane,
        "meeting_id": one.meeting_id,
        "person_id": one.person_id,
        "sequence": one.sequence,
        "payload": codecs.dump_texts(one.payload),
        "give_up_at": one.give_up_at,
        "attempts": one.attempts,
        "state": one.state,
        "last_error": one.last_error,
        "lease": one.lease,
    }


def _effect(row: Row[Any]) -> Effect:
    return Effect(
        id=EffectId(row.id),
        key=row.key,
        kind=EffectKind(row.kind),
        due_at=row.due_at,
        lane=row.lane,
        meeting_id=None if row.meeting_id is None else MeetingId(row.meeting_id),
        person_id=None if row.person_id is None else PersonId(row.person_id),
        sequence=row.sequence,
        payload=codecs.load_texts(row.payload),
        give_up_at=row.give_up_at,
        attempts=row.attempts,
        state=EffectState(row.state),
        last_error=row.last_error,
        lease=row.lease,
    )
