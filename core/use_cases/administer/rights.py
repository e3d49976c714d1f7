"""Who may administer what (R67, R68, Y5).

A global administrator is `Person.is_admin`; a programme's administrator has the role ADMIN in
it. Where the organisation has a single programme, its administrator has both powers, except
that further programmes and global administrators are made by a global one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.errors import NotFound, Refused
from core.policy import Level, resolve
from core.programme import Membership, Objection, Programme, Role, Rule
from core.use_cases.administer.problems import Problem, Unfit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.ids import OrgId, PersonId, ProgrammeId
    from core.people import Person
    from core.policy import Setting
    from core.ports import Tx

MOST_NAMES = 3
"""Names in a refusal."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person may administer; `programmes` are those of the organisation that run."""

    person: Person
    programmes: tuple[Programme, ...]
    administered: frozenset[ProgrammeId]

    @property
    def org_id(self) -> OrgId:
        """The organisation."""
        return self.person.org_id

    @property
    def is_global(self) -> bool:
        """Whether this is a global administrator."""
        return self.person.is_admin

    @property
    def is_single(self) -> bool:
        """Whether this is the administrator of the only programme there is."""
        return len(self.programmes) == 1 and self.programmes[0].id in self.administered

    @property
    def has_both_powers(self) -> bool:
        """Whether settings of the organisation are this person's to change."""
        return self.is_global or self.is_single

    @property
    def is_any(self) -> bool:
        """Whether this person administers anything."""
        return self.is_global or bool(self.administered)

    @property
    def own(self) -> tuple[Programme, ...]:
        """The running programmes that this person may administer."""
        return tuple(p for p in self.programmes if self.administers(p.id))

    def administers(self, programme_id: ProgrammeId) -> bool:
        """Tell whether a programme is this person's to administer."""
        return self.is_global or programme_id in self.administered

    def may_set(self, setting: Setting, programme_id: ProgrammeId | None, *, lent: bool) -> bool:
        """Tell whether a setting may be changed there; `lent` is the setting `delegate`."""
        if programme_id is None or setting.level is Level.GLOBAL:
            return self.has_both_powers
        if setting.level is Level.GUARDED and not lent:
            return self.has_both_powers
        return self.administers(programme_id)


def standing(tx: Tx, actor_id: PersonId) -> Standing:
    """Load what somebody may administer; one who has left the organisation, nothing."""
    person = tx.people.get(actor_id)
    if not person.active:
        raise refused(tx, person.org_id, programmes_of(tx, actor_id))
    running = tuple(p for p in tx.programmes.of(person.org_id) if not p.ended)
    roles = tx.programmes.roles(actor_id)
    return Standing(
        person, running, frozenset(m.programme_id for m in roles if m.role is Role.ADMIN)
    )


def who_can(tx: Tx, org_id: OrgId) -> tuple[Person, ...]:
    """Return the global administrators, in order of name; everybody is looked through for it."""
    return tuple(p for p in tx.people.of(org_id) if p.active and p.is_admin)


def _administrators(tx: Tx, programmes: Iterable[ProgrammeId]) -> tuple[Person, ...]:
    """Return the administrators of the first of some programmes that has any, by name."""
    for programme_id in programmes:
        members = tx.programmes.members(programme_id)
        found = tx.people.many(m.person_id for m in members if m.role is Role.ADMIN).values()
        active = [p for p in found if p.active]
        if active:
            return tuple(sorted(active, key=lambda p: (p.name.casefold(), p.id)))
    return ()


def programmes_of(tx: Tx, person_id: PersonId) -> tuple[ProgrammeId, ...]:
    """Return the running programmes in which somebody has a role."""
    return tuple(dict.fromkeys(m.programme_id for m in tx.programmes.roles(person_id)))


def refused(tx: Tx, org_id: OrgId, programmes: Iterable[ProgrammeId] = ()) -> Refused:
    """Return the refusal that names who can do it instead: those nearby, before the global ones.

    Global administrators are looked for only where there is nobody nearer, since finding them
    means loading everybody.
    """
    people = _administrators(tx, programmes) or who_can(tx, org_id)
    return Refused(Objection(Rule.RIGHTS, detail=", ".join(p.name for p in people[:MOST_NAMES])))


def administrator(tx: Tx, actor_id: PersonId) -> Standing:
    """Load somebody who administers anything at all. Raises Refused."""
    actor = standing(tx, actor_id)
    if not actor.is_any:
        raise refused(tx, actor.org_id, programmes_of(tx, actor_id))
    return actor


def reader(tx: Tx, actor_id: PersonId) -> Standing:
    """Load somebody who may read the log: programmes that have ended count too. Raises Refused."""
    actor = standing(tx, actor_id)
    if actor.has_both_powers:
        return actor
    ended = (p.id for p in tx.programmes.of(actor.org_id) if p.ended)
    mine = {i for i in ended if Membership(i, actor_id, Role.ADMIN) in tx.programmes.members(i)}
    actor = replace(actor, administered=actor.administered | mine)
    if not actor.is_any:
        raise refused(tx, actor.org_id, programmes_of(tx, actor_id))
    return actor


def global_administrator(tx: Tx, actor_id: PersonId) -> Standing:
    """Load a global administrator. Raises Refused."""
    actor = standing(tx, actor_id)
    if not actor.is_global:
        raise refused(tx, actor.org_id)
    return actor


def programme_of(
    tx: Tx, actor_id: PersonId, programme_id: ProgrammeId
) -> tuple[Standing, Programme]:
    """Load a running programme for one who administers it.

    Raises NotFound for another organisation's, Unfit for one that has ended, Refused.
    """
    actor, programme = standing(tx, actor_id), tx.programmes.get(programme_id)
    if programme.org_id != actor.org_id:
        raise NotFound(programme_id)
    if not actor.administers(programme_id):
        raise refused(tx, actor.org_id, (programme_id,))
    if programme.ended:
        raise Unfit(Problem.ENDED, name=programme.name)
    return actor, programme


def colleague(tx: Tx, actor: Standing, person_id: PersonId) -> Person:
    """Load a person of the actor's own organisation. Raises NotFound."""
    person = tx.people.get(person_id)
    if person.org_id != actor.org_id:
        raise NotFound(person_id)
    return person


def lent(tx: Tx, org_id: OrgId) -> bool:
    """Tell whether programme administrators may set what is guarded (`delegate`)."""
    return resolve(tx.settings.read(org_id), {}).delegate
