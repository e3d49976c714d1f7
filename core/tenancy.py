"""Which organisation a chat workspace or tenant belongs to (Y21).

Everybody there is looked up by e-mail in that organisation, so a workspace is linked by a global
administrator, known by the chat's verified e-mail, or by the operator's own settings; all
administrators are told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.notices import Notice, NoticeKind, as_effect
from core.ports import AuditEntry

if TYPE_CHECKING:
    from core.people import Person
    from core.ports import Tx
    from core.talk import Workspace


def linked_by(tx: Tx, workspace: Workspace, email: str, now: int) -> Workspace:
    """Return a workspace linked to the one organisation in which an address is that of a global
    administrator; unchanged where there is none, or more than one.
    """
    if not email:
        return workspace
    found = [tx.people.by_email(o.id, email) for o in tx.organisations.all()]
    able = [person for person in found if person and person.active and person.is_admin]
    if len(able) != 1:
        return workspace
    person = able[0]
    note_link(tx, person, workspace, now)
    facts = {"chat": workspace.kind, "name": workspace.name, "by": str(person.id)}
    for admin in tx.people.administrators(person.org_id):
        notice = Notice(admin.id, NoticeKind.LINKED, "", facts)
        key = f"{workspace.kind}:{workspace.external_id}:{now}"
        tx.effects.add(as_effect(notice, key, now))
    return replace(workspace, org_id=person.org_id)


def linked_by_operator(tx: Tx, workspace: Workspace) -> Workspace:
    """Return a workspace of the deployment's settings linked to its only organisation."""
    organisations = tx.organisations.all()
    if len(organisations) != 1:
        return workspace
    return replace(workspace, org_id=organisations[0].id)


def note_link(tx: Tx, actor: Person, workspace: Workspace, now: int) -> None:
    """Write the link down in the audit log."""
    detail = f"{workspace.kind} {workspace.name}"
    tx.audit.add(AuditEntry(now, actor.org_id, actor.id, "workspace.link", detail))
