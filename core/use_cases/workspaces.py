"""Workspaces and tenants that installed the assistant, and which organisation they belong to.

Everything that is looked up by e-mail in a workspace rests on its link, so only a global
administrator makes one. A workspace links itself when such an administrator, by their verified
e-mail there, has installed it; all of them are told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.booking.telling import ask_elsewhere
from core.errors import Refused
from core.notices import Notice, NoticeKind, as_effect
from core.people import ChatIdentity
from core.programme import Objection, Rule
from core.talk import Workspace
from core.tenancy import linked_by, linked_by_operator, note_link

if TYPE_CHECKING:
    from core.ids import OrgId, PersonId
    from core.people import Person
    from core.ports import Ports, Tx

LONGEST = 200  # characters of a name that are kept


@dataclass(frozen=True, slots=True)
class Installer:
    """Who installed the assistant. `email` is verified by the chat, empty where it has none."""

    identity: ChatIdentity
    name: str = ""
    email: str = ""


async def installed(
    ports: Ports,
    kind: str,
    external_id: str,
    name: str,
    installer: Installer,
    *,
    vouched: bool = False,
) -> Workspace:
    """Take note of a workspace that installed the assistant, came back, or was renamed.

    `vouched`: the operator has named it in the deployment's settings.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Workspace:
        known = tx.workspaces.get(kind, external_id)
        called = " ".join(name.split())[:LONGEST] or (known.name if known else external_id)
        found = known or Workspace(kind, external_id, called, None, {})
        found = replace(found, name=called, active=True)
        if found.org_id is None:
            found = linked_by(tx, found, installer.email, now)
        if found.org_id is None and vouched:
            found = linked_by_operator(tx, found)
        if found != known:
            tx.workspaces.save(found)
        if installer.name:
            tx.references.put(kind, external_id, "installer", {"name": installer.name[:LONGEST]})
        return found

    return await ports.store.transact(work)


async def removed(ports: Ports, kind: str, external_id: str, page: str = "") -> None:
    """Take note that a workspace removed the assistant, or took its key back: nobody is reached
    there now, and what was kept to find them, tokens included, is deleted.

    Its organisation's administrators are told once, with the `page` that installs it anew; what
    people were asked there is asked where they are still reached, be it by mail.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> None:
        workspace = tx.workspaces.get(kind, external_id)
        tx.references.clear(kind, external_id)
        if workspace is None:
            return
        if workspace.active:
            _tell_gone(tx, workspace, page, now)
            _ask_elsewhere(tx, workspace, now)
        tx.workspaces.save(replace(workspace, active=False, secret={}))

    await ports.store.transact(work)


def _tell_gone(tx: Tx, workspace: Workspace, page: str, now: int) -> None:
    if workspace.org_id is None:
        return
    facts = {"chat": workspace.kind, "name": workspace.name, "page": page}
    for admin in tx.people.administrators(workspace.org_id):
        notice = Notice(admin.id, NoticeKind.WORKSPACE_GONE, "", facts)
        key = f"{workspace.kind}:{workspace.external_id}:{now}"
        tx.effects.add(as_effect(notice, key, now))


def _ask_elsewhere(tx: Tx, workspace: Workspace, now: int) -> None:
    """Queue each open proposal once more for those who were asked in a workspace."""
    if workspace.org_id is None:
        return
    there = (workspace.kind, workspace.external_id)
    for programme in tx.programmes.of(workspace.org_id):
        for item in tx.proposals.open_in(programme.id):
            for person in item.waiting_for():
                if any(i[:2] == there for i in tx.people.identities(person)):
                    ask_elsewhere(tx, item, person, now)


async def listed(ports: Ports, actor_id: PersonId) -> tuple[tuple[Workspace, ...], ...]:
    """Return an organisation's workspaces, and those that nobody has linked. Raises Refused."""

    def work(tx: Tx) -> tuple[tuple[Workspace, ...], ...]:
        actor = _administrator(tx, actor_id)
        return tx.workspaces.of(actor.org_id), _open_to(tx, actor.org_id)

    return await ports.store.read(work)


async def link(ports: Ports, actor_id: PersonId, name: str) -> tuple[Workspace, ...]:
    """Link the unlinked workspace of a name (or id); return what it found: exactly one workspace
    was linked, none and several changed nothing. Raises Refused.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> tuple[Workspace, ...]:
        actor = _administrator(tx, actor_id)
        wanted = name.casefold().strip()
        known = _open_to(tx, actor.org_id)
        found = [w for w in known if wanted == w.external_id.casefold()]
        found = found or [w for w in known if wanted == w.name.casefold()]
        if len(found) == 1:
            tx.workspaces.save(replace(found[0], org_id=actor.org_id))
            note_link(tx, actor, found[0], now)
        return tuple(found)

    return await ports.store.transact(work)


def _open_to(tx: Tx, org_id: OrgId) -> tuple[Workspace, ...]:
    """Return the unlinked workspaces that an organisation may take: none where there are several
    organisations, because the name of a workspace says nothing of whose it is.
    """
    alone = [o.id for o in tx.organisations.all()] == [org_id]
    return tx.workspaces.unlinked() if alone else ()


def _administrator(tx: Tx, actor_id: PersonId) -> Person:
    """Return the global administrator who acts. Raises Refused, naming whom to ask."""
    actor = tx.people.get(actor_id)
    if actor.is_admin and actor.active:
        return actor
    first = next(iter(tx.people.administrators(actor.org_id)), None)
    raise Refused(Objection(Rule.RIGHTS, first.id if first else None))
