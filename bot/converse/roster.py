"""Whom a person may speak of: their partners first, then everybody in their programmes (Y20).

Names are read once per programme and kept, because a sentence must not cost a query over
100,000 people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.understand.context import KnownPerson
from bot.understand.intent import Relation
from core.attendance import load_policy
from core.programme import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import OrgId, PersonId, ProgrammeId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Tx
    from core.programme import Membership, Pair, Programme

Known = tuple[KnownPerson, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """One person's programmes, pairs, and the people they may mean: those close to them (their
    partners, as what they are to them), and everybody in their programmes, themselves too.
    """

    me: Person
    programmes: tuple[Programme, ...]
    policies: Mapping[ProgrammeId, Policy]
    roles: tuple[Membership, ...]
    pairs: tuple[Pair, ...]
    partners: Mapping[PersonId, Person]
    close: Known
    known: Known

    @property
    def policy(self) -> Policy | None:
        """The rules of the person's first programme, for sentences that name none."""
        return self.policies[self.programmes[0].id] if self.programmes else None

    @property
    def administers(self) -> bool:
        """Whether the person administers anything."""
        return self.me.is_admin or any(m.role is Role.ADMIN for m in self.roles)

    @property
    def arranges(self) -> bool:
        """Whether the person administers and takes part in nothing themselves."""
        taking_part = any(m.role is not Role.ADMIN for m in self.roles)
        return self.administers and not taking_part and not self.pairs

    @property
    def example(self) -> str:
        """A name for example sentences."""
        first = next(iter(self.partners.values()), None)
        return first.first_name if first else "Alex"

    def relation(self, person_id: PersonId) -> str:
        """Return "your mentor", "your mentee" and so on, empty for somebody else."""
        for pair in self.pairs:
            if pair.partner_of(self.me.id) == person_id:
                return f"your {_relation(pair, self.me.id).value}"
        return ""


def _relation(pair: Pair, me: PersonId) -> Relation:
    """Return what the other one of a pair is to me."""
    if pair.mentor_id == me:
        return Relation.COACHEE if pair.coaching else Relation.MENTEE
    return Relation.COACH if pair.coaching else Relation.MENTOR


class RosterBook:
    """Rosters; the names of a programme are read anew when an administrator changed anything.

    Every change of who is in a programme has an audit entry, so the newest one tells whether
    the names that are kept still hold, in every process.
    """

    def __init__(self) -> None:
        """Begin without names."""
        self._names: dict[str, tuple[object, Known]] = {}

    def load(self, tx: Tx, me: Person) -> Roster:
        """Return a person's roster."""
        roles = tx.programmes.roles(me.id)
        ids = dict.fromkeys(m.programme_id for m in roles)
        programmes = tuple(tx.programmes.get(i) for i in ids)
        if me.is_admin:
            others = [p for p in tx.programmes.of(me.org_id) if p.id not in ids and not p.ended]
            programmes = (*programmes, *others)
        policies = {p.id: load_policy(tx, p) for p in programmes}
        pairs = tx.programmes.pairs_of(me.id)
        partner_ids = [p for pair in pairs if (p := pair.partner_of(me.id))]
        partners = tx.people.many(partner_ids)
        ordered = {i: partners[i] for i in dict.fromkeys(partner_ids) if i in partners}
        close = tuple(
            _known(ordered[other], _relation(pair, me.id))
            for pair in pairs
            if (other := pair.partner_of(me.id)) in ordered
        )
        rest = self._everybody(tx, me.org_id, programmes)
        return Roster(me, programmes, policies, roles, pairs, ordered, close, rest)

    def _everybody(self, tx: Tx, org_id: OrgId, programmes: tuple[Programme, ...]) -> Known:
        """Return everybody of some programmes, from memory while nothing has changed."""
        state = tx.audit.latest(org_id, 1)
        key = f"{org_id}:{'+'.join(p.id for p in programmes)}"
        kept = self._names.get(key)
        if kept and kept[0] == state:
            return kept[1]
        ids = dict.fromkeys(m.person_id for p in programmes for m in tx.programmes.members(p.id))
        people = tx.people.many(ids)
        names = tuple(_known(p, Relation.NONE) for p in people.values() if p.active)
        self._names[key] = (state, names)
        return names


def _known(person: Person, relation: Relation) -> KnownPerson:
    return KnownPerson(person.id, person.name, person.email, relation)
