"""The first start: the organisation and its first global administrator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import NotFound
from core.ids import OrgId, PersonId
from core.people import Organisation, Person
from core.use_cases.administer import rights
from core.use_cases.administer.newcomer import read_address, read_name
from core.use_cases.administer.record import note

if TYPE_CHECKING:
    from core.ports import Ports, Tx

FACT = "organisation"
"""The fact under which the deployment remembers its organisation."""
FIRST_ZONE = "UTC"


async def ensure_deployment(
    ports: Ports, organisation_name: str, admin_name: str, admin_email: str
) -> PersonId:
    """Make sure that the organisation and the administrator named in the settings exist.

    At the first start both are created. Later starts change nothing (a right that was taken
    away in chat stays away), except that a new name of an administrator adds this person, and
    that an organisation without any global administrator gets one. Raises Unfit for a name or
    address that is none.
    """
    name, email = read_name(admin_name), read_address(admin_email)

    def work(tx: Tx) -> PersonId:
        now = ports.clock.now()
        organisation = _known(tx) or _found(tx, OrgId(ports.ids.new()), organisation_name)
        known = tx.people.by_email(organisation.id, email)
        person = known or Person(
            PersonId(ports.ids.new()), organisation.id, name, email, FIRST_ZONE
        )
        if known is None or not rights.who_can(tx, organisation.id):
            person = replace(person, is_admin=True, active=True)
            tx.people.save(person)
            note(tx, person, now, "deployment", f"{person.name} is a global administrator")
        return person.id

    return await ports.store.transact(work)


def _known(tx: Tx) -> Organisation | None:
    """Return the organisation that an earlier start made."""
    org_id = tx.deployment.get(FACT)
    if org_id is None:
        return None
    try:
        return tx.organisations.get(OrgId(org_id))
    except NotFound:
        return None


def _found(tx: Tx, org_id: OrgId, name: str) -> Organisation:
    """Take the organisation of this name, or create it, and remember it."""
    line = " ".join(name.split())
    known = next((o for o in tx.organisations.all() if o.name.casefold() == line.casefold()), None)
    organisation = known or Organisation(org_id, line)
    tx.organisations.save(organisation)
    tx.deployment.put(FACT, organisation.id)
    return organisation
