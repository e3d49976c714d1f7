"""What is kept of chats: conversations, cards that were sent, what came in, workspaces.

The same rules hold as for `core.repositories`; each Protocol is passed by the contract suite on
memory, SQLite and PostgreSQL. Instants are epoch seconds (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import OrgId, PersonId


class Conversations(Protocol):
    """What the bot and a person are talking about (Y23), as JSON-able data."""

    def load(self, key: str) -> Mapping[str, object] | None:
        """Return the stored state of a conversation."""
        ...

    def save(self, key: str, data: Mapping[str, object], now: int) -> None:
        """Store it."""
        ...

    def purge(self, before: int) -> int:
        """Delete conversations whose last save is older (Y25); return how many."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """Where a card about `subject` stands in one person's chat, so that it can be edited."""

    person_id: PersonId
    subject: str
    kind: str
    place: str
    ref: str


class Posts(Protocol):
    """Cards that were sent and may be edited later."""

    def find(self, person_id: PersonId, subject: str) -> tuple[Post, ...]:
        """Return where the newest card about a subject stands, one per chat place."""
        ...

    def save(self, post: Post, now: int) -> None:
        """Remember a card; a newer one about the same subject and place replaces it."""
        ...

    def purge(self, before: int) -> int:
        """Forget cards that were sent before an instant; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class LocalMessage:
    """One message of the local chat: `body` is JSON of text and card; `own` by the person."""

    id: str
    person_id: PersonId
    own: bool
    body: str
    at: int


class LocalMessages(Protocol):
    """The local chat's own messages, oldest first."""

    def add(self, message: LocalMessage) -> None:
        """Append one."""
        ...

    def edit(self, message_id: str, body: str) -> LocalMessage | None:
        """Replace the body in place; None when there is no such message."""
        ...

    def of(self, person_id: PersonId) -> tuple[LocalMessage, ...]:
        """Return a person's messages, oldest first."""
        ...

    def purge(self, before: int) -> int:
        """Delete messages from before an instant (Y25); return how many."""
        ...


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that came in from a chat and waits for its answer.

    `key` is the chat's own name of the event, by which a repetition is known; what belongs to one
    `lane` (a conversation) is answered in the order in which it came. `body` may hold words of
    the person: it is sealed at rest and wiped when the answer was given. `at` is when it came.
    """

    key: str
    lane: str
    body: str = field(repr=False)
    at: int
    attempts: int = 0
    lease: str = ""


class Inbox(Protocol):
    """What came in, kept before the chat is told that we have it."""

    def put(self, inbound: Inbound, due_at: int | None = None) -> bool:
        """Keep it; False when its key is known: a repetition changes nothing.

        It is due at once, or at `due_at` when the caller holds it itself by a lease of its own.
        """
        ...

    def claim(self, now: int, lease: int, limit: int, token: str) -> tuple[Inbound, ...]:
        """Take up to `limit` for `lease` seconds, oldest first, the first of each lane only."""
        ...

    def busy(self, lane: str, holder: str) -> bool:
        """Tell whether something of a lane is under way by another one than `holder`, whose
        leases begin with that name.
        """
        ...

    def leases(self) -> frozenset[str]:
        """Return the leases of what is under way."""
        ...

    def release(self, lease: str, now: int) -> None:
        """Make what a lease holds due at once: its holder is gone."""
        ...

    def close(self, inbound: Inbound) -> bool:
        """Say that it was answered, if our lease still stands; its body is wiped."""
        ...

    def retry(self, inbound: Inbound, due_at: int) -> None:
        """Put it back until `due_at`, if our lease still stands."""
        ...

    def next_due(self) -> int | None:
        """Return when the next can be claimed, None when none waits."""
        ...

    def purge(self, before: int) -> int:
        """Forget answered ones that came before an instant (Y25); return how many."""
        ...


@dataclass(frozen=True, slots=True)
class Workspace:
    """A chat workspace or tenant with the assistant in it (Y21).

    `org_id` is None until an administrator has linked it; `secret` (tokens) is sealed at rest.
    """

    kind: str
    external_id: str
    name: str
    org_id: OrgId | None
    secret: Mapping[str, str] = field(repr=False)
    active: bool = True


class Workspaces(Protocol):
    """Workspaces."""

    def get(self, kind: str, external_id: str) -> Workspace | None:
        """Return it, opened."""
        ...

    def of(self, org_id: OrgId) -> tuple[Workspace, ...]:
        """Return the workspaces of an organisation, opened, in order of kind and name."""
        ...

    def unlinked(self) -> tuple[Workspace, ...]:
        """Return those that no administrator has linked, in order of kind and name."""
        ...

    def save(self, workspace: Workspace) -> None:
        """Insert or replace."""
        ...


class References(Protocol):
    """What a chat needs to find somebody or something again, by its own key, as JSON-able data."""

    def get(self, kind: str, workspace: str, key: str) -> Mapping[str, object] | None:
        """Return it."""
        ...

    def all(self, kind: str, workspace: str) -> Mapping[str, Mapping[str, object]]:
        """Return everything of a workspace by its key, in order of keys."""
        ...

    def put(self, kind: str, workspace: str, key: str, data: Mapping[str, object]) -> None:
        """Insert or replace."""
        ...

    def remove(self, kind: str, workspace: str, key: str) -> None:
        """Delete it; one that is not there changes nothing."""
        ...

    def clear(self, kind: str, workspace: str) -> int:
        """Delete all of a workspace; return how many."""
        ...
