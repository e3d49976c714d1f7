"""How Teams finds people and places again: the addresses that the last activities showed.

Three kinds of entries per tenant: `user:<Entra id>`, `place:<conversation>` and `service`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.ports import Store, Tx

KIND = "teams"
SERVICE = "service"
SIGNING = ("", "signing_keys")  # of no tenant


class References(Protocol):
    """Where addresses are kept, as JSON-able data per tenant and key."""

    async def get(self, tenant: str, key: str) -> Mapping[str, object] | None:
        """Return an entry."""
        ...

    async def many(self, tenant: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
        """Return the entries of some keys, as they stand at one moment."""
        ...

    async def put(self, tenant: str, entries: Mapping[str, Mapping[str, object]]) -> None:
        """Insert or replace entries, all or none; what is there already is not written."""
        ...

    async def remove(self, tenant: str, key: str) -> None:
        """Delete an entry; one that is not there changes nothing."""
        ...


class StoredReferences:
    """References in the product's own store."""

    def __init__(self, store: Store) -> None:
        """Keep them in `store`."""
        self._store = store

    async def get(self, tenant: str, key: str) -> Mapping[str, object] | None:
        """Return an entry."""
        return await self._store.read(lambda tx: tx.references.get(KIND, tenant, key))

    async def many(self, tenant: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
        """Return the entries of some keys, in one transaction."""

        def work(tx: Tx) -> dict[str, Mapping[str, object]]:
            found = ((key, tx.references.get(KIND, tenant, key)) for key in keys)
            return {key: data for key, data in found if data is not None}

        return await self._store.read(work)

    async def put(self, tenant: str, entries: Mapping[str, Mapping[str, object]]) -> None:
        """Insert or replace entries in one transaction, where they say something new.

        An ordinary message does not, so it never waits for a writer.
        """

        def unknown(tx: Tx) -> dict[str, Mapping[str, object]]:
            return {k: v for k, v in entries.items() if tx.references.get(KIND, tenant, k) != v}

        def work(tx: Tx) -> None:
            for key, data in unknown(tx).items():
                tx.references.put(KIND, tenant, key, data)

        if await self._store.read(unknown):
            await self._store.transact(work)

    async def remove(self, tenant: str, key: str) -> None:
        """Delete an entry."""
        await self._store.transact(lambda tx: tx.references.remove(KIND, tenant, key))


class KeyShelf:
    """The Connector's public signing keys, for the next process (`adapters.teams.auth.Shelf`)."""

    def __init__(self, store: Store) -> None:
        """Keep them in `store`."""
        self._store = store

    async def load(self) -> tuple[int, list[Mapping[str, object]]]:
        """Return when they were fetched and the keys; none at first."""
        found = await self._store.read(lambda tx: tx.references.get(KIND, *SIGNING)) or {}
        at, keys = found.get("at"), found.get("keys")
        if not isinstance(at, int) or not isinstance(keys, list):
            return 0, []
        return at, [key for key in keys if isinstance(key, dict)]

    async def save(self, at: int, keys: list[Mapping[str, object]]) -> None:
        """Replace them."""
        data = {"at": at, "keys": keys}
        await self._store.transact(lambda tx: tx.references.put(KIND, *SIGNING, data))


@dataclass(frozen=True, slots=True)
class Contact:
    """A person: `account` is their id for this bot ("29:…"), `conversation` their private one.

    `seen` is a conversation in whose roster they stand. `zone` and `locale` are what their client
    last said. `gone` says that they removed the assistant: nothing reaches them here.
    """

    account: str = ""
    conversation: str = ""
    seen: str = ""
    name: str = ""
    zone: str = ""
    locale: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A conversation: where its service is, and for a private one whose account it is."""

    service: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """What was known when somebody came: of them, of the conversation, and the service."""

    contact: Contact | None
    spot: Spot | None
    service: str


E = TypeVar("E", Contact, Spot)


class AddressBook:
    """Typed entries over References."""

    def __init__(self, references: References) -> None:
        """Read and write there."""
        self._references = references

    async def contact(self, tenant: str, user: str) -> Contact | None:
        """Return what is known of a person."""
        return _made(Contact, await self._references.get(tenant, _user(user)))

    async def spot(self, tenant: str, conversation: str) -> Spot | None:
        """Return what is known of a conversation."""
        return _made(Spot, await self._references.get(tenant, _place(conversation)))

    async def met(self, tenant: str, user: str, conversation: str) -> Met:
        """Return what is known of a person, a conversation and a tenant, in one look."""
        user, place = _user(user), _place(conversation)
        found = await self._references.many(tenant, (user, place, SERVICE))
        service = (found.get(SERVICE) or {}).get("service", "")
        return Met(_made(Contact, found.get(user)), _made(Spot, found.get(place)), str(service))

    async def service(self, tenant: str) -> str:
        """Return where the tenant's service was last seen, "" when it never was."""
        found = await self._references.get(tenant, SERVICE)
        return str(found.get("service", "")) if found else ""

    async def save(
        self,
        tenant: str,
        *,
        users: Mapping[str, Contact] | None = None,
        places: Mapping[str, Spot] | None = None,
        service: str = "",
    ) -> None:
        """Keep what an activity showed."""
        entries: dict[str, Mapping[str, object]] = {}
        entries |= {_user(user): asdict(contact) for user, contact in (users or {}).items()}
        entries |= {_place(place): asdict(spot) for place, spot in (places or {}).items()}
        if service:
            entries[SERVICE] = {"service": service}
        await self._references.put(tenant, entries)

    async def forget_place(self, tenant: str, conversation: str) -> None:
        """Forget a conversation that the assistant was removed from."""
        await self._references.remove(tenant, _place(conversation))


def _user(user: str) -> str:
    return f"user:{user}"


def _place(conversation: str) -> str:
    return f"place:{conversation}"


def _made(kind: type[E], data: Mapping[str, object] | None) -> E | None:
    """Return an entry of what was stored; names that another version wrote are passed over."""
    if data is None:
        return None
    known = {f.name: data[f.name] for f in fields(kind) if f.name in data}
    return kind(**known)  # type: ignore[arg-type]  # written by `asdict` of the same class
