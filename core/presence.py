"""Where people can be reached: what is remembered of each chat identity and of each person.

Kept as references, under the chat's own kind and workspace for an identity, and under PERSON and
the organisation for what concerns somebody in all chats. Every function runs in a transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.people import ChatIdentity, Return, Stay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.people import Person
    from core.ports import Tx

PERSON = "person"  # the kind of references about somebody in all chats
MAIL = "mail"  # the value of `Person.reach` for who wants no chat
ASK_AGAIN = 60 * 86_400  # seconds after which the same foreign zone is asked about once more


# --- one identity ---------------------------------------------------------------------------------


def known(tx: Tx, identity: ChatIdentity) -> Person | None:
    """Return the person behind an identity; None for nobody, and for one that was given up."""
    person = tx.people.by_identity(identity)
    return None if person is None or is_gone(tx, identity) else person


def mark_unreachable(tx: Tx, identity: ChatIdentity, now: int, why: str) -> None:
    """Remember that nobody is reached there; `why` is the name of an error."""
    tx.references.put(*_key(identity, "unreachable"), {"since": now, "why": why})


def is_unreachable(tx: Tx, identity: ChatIdentity) -> bool:
    """Tell whether messages to an identity are in vain until it speaks again."""
    return is_gone(tx, identity) or _is_shut(tx, identity)


def _is_shut(tx: Tx, identity: ChatIdentity) -> bool:
    """Tell whether messages did not arrive there, or nothing reaches its workspace."""
    if tx.references.get(*_key(identity, "unreachable")) is not None:
        return True
    workspace = tx.workspaces.get(identity.kind, identity.workspace)
    return workspace is not None and not workspace.active


def give_up(tx: Tx, identity: ChatIdentity, now: int) -> None:
    """Forget whose identity it is: the account was closed, and may be opened to another."""
    tx.references.put(*_key(identity, "gone"), {"since": now})


def is_gone(tx: Tx, identity: ChatIdentity) -> bool:
    """Tell whether an identity has to be looked up anew before it is anybody's."""
    return tx.references.get(*_key(identity, "gone")) is not None


def identify(tx: Tx, identity: ChatIdentity, person: Person) -> None:
    """Say that an identity is this person, whatever it was before."""
    tx.people.identify(identity, person.id)
    for name in ("gone", "unreachable"):
        tx.references.remove(*_key(identity, name))


def profile(tx: Tx, identity: ChatIdentity) -> Mapping[str, object] | None:
    """Return what the chat said of an identity when it was last heard."""
    return tx.references.get(*_key(identity, "profile"))


def keep_profile(tx: Tx, identity: ChatIdentity, facts: Mapping[str, str]) -> None:
    """Keep what the chat says of an identity, to tell its changes from those made here."""
    tx.references.put(*_key(identity, "profile"), facts)


def _key(identity: ChatIdentity, name: str) -> tuple[str, str, str]:
    return identity.kind, identity.workspace, f"{name}:{identity.user}"


# --- one person -----------------------------------------------------------------------------------


def has_spoken(tx: Tx, person: Person, identity: ChatIdentity) -> bool:
    """Tell whether this is where the person spoke last, and where they can be reached.

    The identity has to be theirs still (see `known`).
    """
    return last_spoken(tx, person) == identity and not _is_shut(tx, identity)


def note_spoken(tx: Tx, person: Person, identity: ChatIdentity) -> None:
    """Remember where a person spoke last; there they can be reached again."""
    tx.references.remove(*_key(identity, "unreachable"))
    workspace = tx.workspaces.get(identity.kind, identity.workspace)
    if workspace is not None and not workspace.active:
        tx.workspaces.save(replace(workspace, active=True))
    data = {"kind": identity.kind, "workspace": identity.workspace, "user": identity.user}
    tx.references.put(PERSON, person.org_id, f"spoke:{person.id}", data)


def last_spoken(tx: Tx, person: Person) -> ChatIdentity | None:
    """Return where a person spoke last."""
    data = tx.references.get(PERSON, person.org_id, f"spoke:{person.id}")
    if data is None:
        return None
    return ChatIdentity(str(data["kind"]), str(data["workspace"]), str(data["user"]))


def ways(
    tx: Tx, person: Person, identities: Iterable[ChatIdentity]
) -> tuple[tuple[ChatIdentity, ...], ...]:
    """Return where to reach a person: groups of identities, each tried when the one before it
    reached nobody. Empty for who wants mail, and for who can be reached in no chat.

    First the kind of chat they asked for, else where they spoke last, else all at once.
    """
    open_ = [i for i in identities if not is_unreachable(tx, i)]
    if person.reach == MAIL or not open_:
        return ()
    spoken = last_spoken(tx, person)
    wanted = [i for i in open_ if i.kind == person.reach]
    first = [i for i in wanted if i == spoken] or wanted or [i for i in open_ if i == spoken]
    if not first:
        return (tuple(open_),)
    rest = [(i,) for i in open_ if i not in first]
    return (tuple(first), *rest)


# --- where the clock stands -----------------------------------------------------------------------


def asks_about(tx: Tx, person: Person, zone: str, now: int) -> bool:
    """Tell whether a foreign zone is to be asked about: not within two months of the last time."""
    data = tx.references.get(PERSON, person.org_id, f"zone:{person.id}")
    at = (data or {}).get(zone, 0)
    return not (isinstance(at, int) and at and now - at < ASK_AGAIN)


def note_asked(tx: Tx, person: Person, zone: str, now: int) -> None:
    """Remember that a zone was asked about."""
    key = (PERSON, str(person.org_id), f"zone:{person.id}")
    data = tx.references.get(*key) or {}
    tx.references.put(*key, {**data, zone: now})


def plan_stay(tx: Tx, person: Person, facts: Mapping[str, str]) -> None:
    """Remember the one stay in another zone that a person has announced."""
    tx.references.put(PERSON, person.org_id, f"trip:{person.id}", dict(facts))
    trip = Stay(facts["zone"], int(facts["from"]), int(facts["ends"]))
    tx.people.save(replace(tx.people.get(person.id), trip=trip))


def take_plan(tx: Tx, person: Person, facts: Mapping[str, str] | None) -> bool:
    """Forget what a person has announced; False when it is not this (None: when it is nothing)."""
    key = (PERSON, str(person.org_id), f"trip:{person.id}")
    planned = tx.references.get(*key)
    if planned is None or (facts is not None and dict(planned) != dict(facts)):
        return False
    tx.references.remove(*key)
    tx.people.save(replace(tx.people.get(person.id), trip=None))
    return True


def home_zone(tx: Tx, person: Person) -> str:
    """Return a person's own zone, also during a stay in another one."""
    now = tx.references.get(PERSON, person.org_id, f"stay:{person.id}") or {}
    return str(now["home"]) if now.get("zone") == person.zone else person.zone


def stay(tx: Tx, person: Person, zone: str, until: int) -> None:
    """Use a zone until an instant: the one before is kept, and comes back with `end_stay`."""
    key, home = (PERSON, str(person.org_id), f"stay:{person.id}"), home_zone(tx, person)
    tx.references.put(*key, {"zone": zone, "home": home})
    back = Return(zone, home, until)
    tx.people.save(replace(tx.people.get(person.id), zone=zone, back=back))


def end_stay(tx: Tx, person: Person, zone: str) -> Person:
    """Bring the zone before a stay back, unless the person has set another since."""
    key = (PERSON, str(person.org_id), f"stay:{person.id}")
    data = tx.references.get(*key)
    if data is None or data.get("zone") != zone:
        return person
    tx.references.remove(*key)
    home = str(data["home"]) if person.zone == zone else person.zone
    back = replace(person, zone=home, back=None)
    tx.people.save(back)
    return back
