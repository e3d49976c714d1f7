"""Effects, conversations, sent cards and the logs in memory."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from core.effects import GIVE_UP, Effect, EffectState
from core.ids import EffectId

if TYPE_CHECKING:
    from collections.abc import Mapping
    from itertools import count

    from adapters.memory.table import Tables
    from core.ids import MeetingId, OrgId, PersonId, ProgrammeId
    from core.repositories import AuditEntry
    from core.talk import LocalMessage, Post


class MemoryEffects:
    """The port `Effects`."""

    def __init__(self, tables: Tables, numbers: count[int]) -> None:
        self._rows = tables.effects
        self._numbers = numbers

    def add(self, effect: Effect) -> None:
        """Insert; a key that exists already changes nothing."""
        if self.by_key(effect.key) is None:
            number = EffectId(next(self._numbers))
            self._rows.put(number, replace(effect, id=number))

    def claim(self, now: int, lease: int, limit: int, token: str) -> tuple[Effect, ...]:
        """Take up to `limit` due effects for `lease` seconds, the first of each lane only."""
        due = [effect for effect in self._firsts() if effect.due_at <= now]
        taken = [
            replace(effect, due_at=now + lease, attempts=effect.attempts + 1, lease=token)
            for effect in sorted(due, key=lambda e: (e.due_at, _number(e)))[:limit]
        ]
        for effect in taken:
            self._put(effect)
        return tuple(sorted(taken, key=_number))

    def finish(self, effect: Effect, state: EffectState, now: int, error: str = "") -> bool:
        """Close an effect at `now` if our lease still stands; tell whether it did."""
        row = self._leased(effect)
        if row:
            self._put(replace(row, state=state, due_at=now, last_error=error, lease=""))
        return row is not None

    def retry(self, effect: Effect, due_at: int, error: str) -> None:
        """Put an effect back until `due_at`, if our lease still stands."""
        row = self._leased(effect)
        if row:
            self._put(replace(row, due_at=due_at, last_error=error, lease=""))

    def get(self, effect_id: EffectId) -> Effect:
        """Return it. Raises NotFound."""
        return self._rows.need(effect_id)

    def by_key(self, key: str) -> Effect | None:
        """Return the effect with this key."""
        rows = self._rows.where(lambda e: e.key == key)
        return rows[0] if rows else None

    def cancel(self, key: str) -> None:
        """Take back an effect that is not finished."""
        row = self.by_key(key)
        if row and row.state is EffectState.READY:
            self._put(replace(row, state=EffectState.CANCELLED, lease=""))

    def of_meeting(self, meeting_id: MeetingId) -> tuple[Effect, ...]:
        """Return everything that was to be done for a meeting, oldest first."""
        return tuple(sorted(self._rows.where(lambda e: e.meeting_id == meeting_id), key=_number))

    def of_person(self, person_id: PersonId, limit: int = 20) -> tuple[Effect, ...]:
        """Return what was to reach one person, newest first."""
        rows = self._rows.where(lambda e: e.person_id == person_id)
        return tuple(sorted(rows, key=_number, reverse=True)[:limit])

    def dead(self, limit: int = 50) -> tuple[Effect, ...]:
        """Return what was given up, newest first."""
        rows = self._rows.where(lambda e: e.state is EffectState.DEAD)
        return tuple(sorted(rows, key=lambda e: (e.due_at, _number(e)), reverse=True)[:limit])

    def revive(self, effect_id: EffectId, now: int) -> bool:
        """Make a given-up effect due again, with a new time to give up if the old is past."""
        row = self._rows.get(effect_id)
        if row is None or row.state is not EffectState.DEAD:
            return False
        end = row.give_up_at if row.give_up_at > now or not row.give_up_at else now + GIVE_UP
        self._put(replace(row, state=EffectState.READY, due_at=now, give_up_at=end))
        return True

    def next_due(self) -> int | None:
        """Return when the next effect can be claimed, None when none waits."""
        return min((effect.due_at for effect in self._firsts()), default=None)

    def purge(self, before: int) -> int:
        """Delete finished effects that were due before an instant; return how many."""
        old = self._rows.where(lambda e: e.state is not EffectState.READY and e.due_at < before)
        return self._rows.drop(*(_number(effect) for effect in old))

    def _firsts(self) -> list[Effect]:
        """Every waiting effect that has no earlier waiting one in its lane."""
        ready = sorted(self._rows.where(lambda e: e.state is EffectState.READY), key=_number)
        lanes: dict[object, Effect] = {}
        for effect in ready:
            lanes.setdefault(effect.lane if effect.lane is not None else _number(effect), effect)
        return list(lanes.values())

    def _leased(self, effect: Effect) -> Effect | None:
        row = self._rows.get(_number(effect))
        if row is None or row.state is not EffectState.READY:
            return None
        return row if effect.lease and row.lease == effect.lease else None

    def _put(self, effect: Effect) -> None:
        self._rows.put(_number(effect), effect)


def _number(effect: Effect) -> EffectId:
    return effect.id if effect.id is not None else EffectId(0)


class MemoryConversations:
    """The port `Conversations`; kept as JSON text, so that nothing else can be stored."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.conversations

    def load(self, key: str) -> Mapping[str, object] | None:
        """Return the stored state of a conversation."""
        row = self._rows.get(key)
        data: dict[str, object] | None = json.loads(row[0]) if row else None
        return data

    def save(self, key: str, data: Mapping[str, object], now: int) -> None:
        """Store it."""
        self._rows.put(key, (json.dumps(data), now))

    def purge(self, before: int) -> int:
        """Delete conversations whose last save is older; return how many."""
        return self._rows.drop(*(key for key, (_, at) in self._rows.items() if at < before))


class MemoryPosts:
    """The port `Posts`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.posts

    def find(self, person_id: PersonId, subject: str) -> tuple[Post, ...]:
        """Return where the newest card about a subject stands, one per chat place."""
        found = [post for post, _ in self._rows.where(lambda row: row[0].person_id == person_id)]
        return tuple(sorted((p for p in found if p.subject == subject), key=lambda p: p.place))

    def save(self, post: Post, now: int) -> None:
        """Remember a card; a newer one about the same subject and place replaces it."""
        self._rows.put((post.person_id, post.subject, post.place), (post, now))

    def purge(self, before: int) -> int:
        """Forget cards that were sent before an instant; return how many."""
        return self._rows.drop(*[key for key, (_, at) in self._rows.items() if at < before])


class MemoryLocal:
    """The port `LocalMessages`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.local

    def add(self, message: LocalMessage) -> None:
        """Append one."""
        self._rows.put(message.id, message)

    def edit(self, message_id: str, body: str) -> LocalMessage | None:
        """Replace the body in place; None when there is no such message."""
        row = self._rows.get(message_id)
        if row is None:
            return None
        row = replace(row, body=body)
        self._rows.put(message_id, row)
        return row

    def of(self, person_id: PersonId) -> tuple[LocalMessage, ...]:
        """Return a person's messages, oldest first."""
        rows = self._rows.where(lambda m: m.person_id == person_id)
        return tuple(sorted(rows, key=lambda m: m.at))

    def purge(self, before: int) -> int:
        """Delete messages from before an instant; return how many."""
        return self._rows.drop(*(m.id for m in self._rows.where(lambda m: m.at < before)))


class MemoryAudit:
    """The port `Audit`."""

    def __init__(self, tables: Tables, numbers: count[int]) -> None:
        self._rows = tables.audit
        self._numbers = numbers

    def add(self, entry: AuditEntry) -> None:
        """Append one entry."""
        self._rows.put(next(self._numbers), entry)

    def latest(
        self, org_id: OrgId, limit: int = 20, programme_id: ProgrammeId | None = None
    ) -> tuple[AuditEntry, ...]:
        """Return the newest entries first."""
        rows = [
            (entry.at, number, entry)
            for number, entry in self._rows.items()
            if entry.org_id == org_id and programme_id in (None, entry.programme_id)
        ]
        rows.sort(key=lambda row: row[:2], reverse=True)
        return tuple(entry for _, _, entry in rows[:limit])


class MemoryDeployment:
    """The port `Deployment`; in memory there is nothing to seal."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.deployment

    def get(self, key: str) -> str | None:
        """Return a fact."""
        return self._rows.get(key)

    def put(self, key: str, value: str) -> None:
        """Store a fact."""
        self._rows.put(key, value)
