"""What came in, workspaces and references in memory; there is nothing to seal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.memory.table import Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from itertools import count

    from adapters.memory.table import Tables
    from core.ids import OrgId
    from core.talk import Inbound, Workspace


class MemoryInbox:
    """The port `Inbox`."""

    def __init__(self, tables: Tables, numbers: count[int]) -> None:
        self._rows = tables.inbound
        self._numbers = numbers

    def put(self, inbound: Inbound, due_at: int | None = None) -> bool:
        """Keep it; False when its key is known."""
        if inbound.key in self._rows:
            return False
        self._rows.put(
            inbound.key,
            Waiting(next(self._numbers), inbound, inbound.at if due_at is None else due_at),
        )
        return True

    def claim(self, now: int, lease: int, limit: int, token: str) -> tuple[Inbound, ...]:
        """Take up to `limit` for `lease` seconds, oldest first, the first of each lane only."""
        due = sorted((w for w in self._firsts() if w.due_at <= now), key=lambda w: w.number)
        taken = []
        for row in due[:limit]:
            inbound = replace(row.inbound, attempts=row.inbound.attempts + 1, lease=token)
            self._rows.put(inbound.key, replace(row, inbound=inbound, due_at=now + lease))
            taken.append(inbound)
        return tuple(taken)

    def busy(self, lane: str, holder: str) -> bool:
        """Tell whether something of a lane is under way by another one than `holder`."""
        held = (w.inbound.lease for w in self._held() if w.inbound.lane == lane)
        return any(not lease.startswith(holder) for lease in held)

    def leases(self) -> frozenset[str]:
        """Return the leases of what is under way."""
        return frozenset(w.inbound.lease for w in self._held())

    def release(self, lease: str, now: int) -> None:
        """Make what a lease holds due at once: its holder is gone."""
        for row in self._held():
            if row.inbound.lease == lease:
                freed = replace(row.inbound, lease="")
                self._rows.put(freed.key, replace(row, inbound=freed, due_at=now))

    def close(self, inbound: Inbound) -> bool:
        """Say that it was answered, if our lease still stands; its body is wiped."""
        row = self._leased(inbound)
        if row:
            wiped = replace(row.inbound, body="", lease="")
            self._rows.put(inbound.key, replace(row, inbound=wiped, done=True))
        return row is not None

    def retry(self, inbound: Inbound, due_at: int) -> None:
        """Put it back until `due_at`, if our lease still stands."""
        row = self._leased(inbound)
        if row:
            freed = replace(row.inbound, lease="")
            self._rows.put(inbound.key, replace(row, inbound=freed, due_at=due_at))

    def next_due(self) -> int | None:
        """Return when the next can be claimed."""
        return min((row.due_at for row in self._firsts()), default=None)

    def purge(self, before: int) -> int:
        """Forget answered ones that came before an instant; return how many."""
        old = self._rows.where(lambda w: w.done and w.inbound.at < before)
        return self._rows.drop(*(row.inbound.key for row in old))

    def _held(self) -> list[Waiting]:
        """Return what is under way."""
        return list(self._rows.where(lambda w: not w.done and w.inbound.lease != ""))

    def _firsts(self) -> list[Waiting]:
        """Return what waits, the oldest of each lane."""
        firsts: dict[str, Waiting] = {}
        for row in sorted(self._rows.where(lambda w: not w.done), key=lambda w: w.number):
            firsts.setdefault(row.inbound.lane, row)
        return list(firsts.values())

    def _leased(self, inbound: Inbound) -> Waiting | None:
        row = self._rows.get(inbound.key)
        ours = row is not None and not row.done and row.inbound.lease == inbound.lease
        return row if ours and inbound.lease else None


class MemoryWorkspaces:
    """The port `Workspaces`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.workspaces

    def get(self, kind: str, external_id: str) -> Workspace | None:
        """Return it."""
        return self._rows.get((kind, external_id))

    def of(self, org_id: OrgId) -> tuple[Workspace, ...]:
        """Return the workspaces of an organisation, in order of kind and name."""
        return tuple(sorted(self._rows.where(lambda w: w.org_id == org_id), key=_order))

    def unlinked(self) -> tuple[Workspace, ...]:
        """Return those that no administrator has linked, in order of kind and name."""
        return tuple(sorted(self._rows.where(lambda w: w.org_id is None), key=_order))

    def save(self, workspace: Workspace) -> None:
        """Insert or replace."""
        self._rows.put((workspace.kind, workspace.external_id), workspace)


def _order(workspace: Workspace) -> tuple[str, str, str]:
    return workspace.kind, workspace.name, workspace.external_id


class MemoryReferences:
    """The port `References`; kept as JSON text, so that nothing else can be stored."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.references

    def get(self, kind: str, workspace: str, key: str) -> Mapping[str, object] | None:
        """Return it."""
        text = self._rows.get((kind, workspace, key))
        data: dict[str, object] | None = json.loads(text) if text else None
        return data

    def all(self, kind: str, workspace: str) -> Mapping[str, Mapping[str, object]]:
        """Return everything of a workspace."""
        here = (kind, workspace)
        return {k[2]: json.loads(row) for k, row in sorted(self._rows.items()) if k[:2] == here}

    def put(self, kind: str, workspace: str, key: str, data: Mapping[str, object]) -> None:
        """Insert or replace."""
        self._rows.put((kind, workspace, key), json.dumps(dict(data)))

    def remove(self, kind: str, workspace: str, key: str) -> None:
        """Delete it."""
        self._rows.drop((kind, workspace, key))

    def clear(self, kind: str, workspace: str) -> int:
        """Delete all of a workspace; return how many."""
        keys = [key for key, _ in self._rows.items() if key[:2] == (kind, workspace)]
        return self._rows.drop(*keys)
