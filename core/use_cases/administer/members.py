"""People of a programme: joining, roles, powers, and leaving (Y14, Y16, R67)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core import autoconnect, withdrawing
from core.ids import PersonId
from core.notices import Notice, NoticeKind, as_effect
from core.people import Person
from core.programme import LEADS, Membership, Role
from core.use_cases.administer import future, news, pairs, rights
from core.use_cases.administer.future import Choice, Settling
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.record import note

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.ids import ProgrammeId
    from core.ports import Ids, Ports, Tx
    from core.programme import Pair, Programme
    from core.use_cases.administer.future import Fate
    from core.use_cases.administer.newcomer import Newcomer


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of adding somebody: whether the person, and whether the role, is new."""

    person: Person
    role: Role
    is_new: bool
    has_joined: bool


async def add(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, newcomer: Newcomer
) -> Enrolled:
    """Add a person to a programme, known to the organisation or not. Raises Refused, Unfit."""

    def work(tx: Tx) -> Enrolled:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        now = ports.clock.now()
        enrolled = enrol(tx, ports.ids, programme, newcomer, now)
        withdrawing.follow(ports, tx, enrolled.person, frozenset())
        if enrolled.is_new or enrolled.has_joined:
            detail = f"{enrolled.person.name} as {enrolled.role}"
            note(tx, actor.person, now, "person.add", detail, programme_id)
        return enrolled

    return await ports.store.transact(work)


def enrol(
    tx: Tx, ids: Ids, programme: Programme, newcomer: Newcomer, now: int, tell_at: int | None = None
) -> Enrolled:
    """Make sure the person exists and has the role; somebody known keeps what they have set.

    The welcome is told at `tell_at` (epoch seconds), at once with None.
    """
    known = tx.people.by_email(programme.org_id, newcomer.email)
    person = known or Person(
        PersonId(ids.new()),
        programme.org_id,
        newcomer.name,
        newcomer.email,
        newcomer.zone,
        newcomer.locale,
    )
    if known is None or not known.active:
        person = replace(person, active=True)
        tx.people.save(person)
    joined = _join(tx, programme, person, newcomer.role, now, tell_at)
    return Enrolled(person, newcomer.role, is_new=known is None, has_joined=joined)


def _join(
    tx: Tx, programme: Programme, person: Person, role: Role, now: int, tell_at: int | None = None
) -> bool:
    """Give a role; tell whether it is a new one. The first that takes part brings a welcome."""
    membership = Membership(programme.id, person.id, role)
    if membership in tx.programmes.roles(person.id):
        return False
    tx.programmes.join(membership)
    if role is not Role.ADMIN:
        autoconnect.joined(tx, person, now)
    if role is not Role.ADMIN and not person.welcomed:
        facts = {"programme": str(programme.id)}
        welcome = Notice(person.id, NoticeKind.WELCOME, "welcome", facts)
        told = (
            as_effect(welcome, news.FIRST, now)
            if tell_at is None
            else news.later(welcome, news.FIRST, tell_at)
        )
        tx.effects.add(told)
        tx.people.save(replace(person, welcomed=True))
    return True


async def add_role(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, person_id: PersonId, role: Role
) -> Enrolled:
    """Give somebody of the organisation a role in a programme. Raises Refused, Unfit."""

    def work(tx: Tx) -> Enrolled:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        person, now = rights.colleague(tx, actor, person_id), ports.clock.now()
        joined = _join(tx, programme, person, role, now)
        if joined:
            withdrawing.follow(ports, tx, person, frozenset())
            note(tx, actor.person, now, "role.add", f"{person.name}: {role}", programme_id)
        return Enrolled(person, role, is_new=False, has_joined=joined)

    return await ports.store.transact(work)


async def take_role(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, person_id: PersonId, role: Role
) -> Person:
    """Take a role away; pairs and meetings that rest on it must be settled first.

    Raises Unfit for a role that is not there, that pairs rest on, or that is the last one (who
    has none is no longer in the programme: see `remove`). Raises Refused.
    """

    def work(tx: Tx) -> Person:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        person = rights.colleague(tx, actor, person_id)
        membership = Membership(programme.id, person.id, role)
        held = [m for m in tx.programmes.roles(person_id) if m.programme_id == programme_id]
        if membership not in held:
            raise Unfit(Problem.NO_ROLE, name=person.name, role=role.value)
        if held == [membership] and role is not Role.ADMIN:
            raise Unfit(Problem.LAST_ROLE, name=person.name, role=role.value)
        _check_pairs(tx, programme_id, person, role)
        tx.programmes.leave(membership)
        detail = f"{person.name}: {role}"
        note(tx, actor.person, ports.clock.now(), "role.remove", detail, programme_id)
        return person

    return await ports.store.transact(work)


def _check_pairs(tx: Tx, programme_id: ProgrammeId, person: Person, role: Role) -> None:
    """Refuse to take a role that a pair rests on. Raises Unfit naming the partner."""
    for pair in tx.programmes.pairs(programme_id):
        leads = pair.mentor_id == person.id and role in LEADS
        follows = pair.mentee_id == person.id and role in {Role.MENTEE, Role.COACHEE}
        if leads or follows:
            partner = pair.partner_of(person.id)
            other = tx.people.get(partner).name if partner else ""
            raise Unfit(Problem.ROLE_PAIRED, one=person.name, other=other, role=role.value)


async def set_global(ports: Ports, actor_id: PersonId, person_id: PersonId, *, on: bool) -> Person:
    """Make somebody a global administrator, or take it back. Raises Refused, Unfit."""

    def work(tx: Tx) -> Person:
        actor = rights.global_administrator(tx, actor_id)
        person = rights.colleague(tx, actor, person_id)
        if person.is_admin == on:
            return person
        others = [p for p in rights.who_can(tx, actor.org_id) if p.id != person_id]
        if not on and not others:
            raise Unfit(Problem.LAST_ADMIN, name=person.name)
        person = replace(person, is_admin=on)
        tx.people.save(person)
        action = "global_admin.add" if on else "global_admin.remove"
        note(tx, actor.person, ports.clock.now(), action, person.name)
        return person

    return await ports.store.transact(work)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What removing somebody means. `meetings` are future ones, `heirs` could take them over."""

    person: Person
    programme: Programme
    roles: tuple[Role, ...]
    partners: tuple[Person, ...]
    meetings: tuple[Meeting, ...]
    heirs: tuple[Person, ...]


async def plan_removal(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, person_id: PersonId
) -> Leaving:
    """Show what removing somebody means; nothing is changed. Raises Refused, Unfit."""

    def work(tx: Tx) -> Leaving:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        person = rights.colleague(tx, actor, person_id)
        members = tx.programmes.members(programme_id)
        roles = tuple(sorted(m.role for m in members if m.person_id == person_id))
        if not roles:
            raise Unfit(Problem.NOT_MEMBER, name=person.name, programme=programme.name)
        held = [p.partner_of(person_id) for p in tx.programmes.pairs(programme_id)]
        partners = tx.people.many(partner for partner in held if partner)
        meetings = tuple(future.of_person(tx, programme_id, person_id, ports.clock.now()))
        alike = [m.person_id for m in members if m.role in roles and m.role is not Role.ADMIN]
        heirs = tx.people.many(p for p in dict.fromkeys(alike) if p != person_id)
        return Leaving(
            person, programme, roles, tuple(partners.values()), meetings, tuple(heirs.values())
        )

    return await ports.store.read(work)


async def remove(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, person_id: PersonId, fate: Fate
) -> int:
    """Take somebody out of a programme with all roles and pairs; return how many future
    meetings the choice concerned. Raises Refused, Unfit.
    """

    def work(tx: Tx) -> int:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        person, now = rights.colleague(tx, actor, person_id), ports.clock.now()
        _check_heir(tx, programme_id, person, fate)
        meetings = future.of_person(tx, programme_id, person_id, now)
        settling = Settling(fate, actor_id, now, ports.ids)
        services = withdrawing.personal_allowance(tx, person.org_id, person_id)
        led = _leave_programme(tx, programme, person, now)
        withdrawing.follow(ports, tx, person, services)
        if person_id != actor_id:
            told = news.left(person_id, programme)
            tx.effects.add(as_effect(told, f"{programme.id}:{now}", now))
        if fate.choice is Choice.HAND_OVER:
            heir = rights.colleague(tx, actor, PersonId(fate.heir))
            pairs.inherit(tx, ports.ids, programme, led, heir, now)
        asked = tx.proposals.open_of(person_id)
        future.part(
            tx, [p for p in asked if p.request.programme_id == programme.id], person_id, now
        )
        count = future.settle_leaving(tx, meetings, person_id, settling)
        detail = f"{person.name}, {future.described(fate, count)}"
        note(tx, actor.person, now, "person.remove", detail, programme_id)
        return count

    return await ports.store.transact(work)


def _check_heir(tx: Tx, programme_id: ProgrammeId, person: Person, fate: Fate) -> None:
    """Refuse to hand over to somebody who is not in the programme, or to the one who leaves."""
    if fate.choice is not Choice.HAND_OVER:
        return
    members = {m.person_id for m in tx.programmes.members(programme_id)}
    if fate.heir == person.id or fate.heir not in members:
        raise Unfit(Problem.NO_HEIR)


def _leave_programme(tx: Tx, programme: Programme, person: Person, now: int) -> tuple[Pair, ...]:
    """Take away roles and pairs, tell the partners, and return the pairs this person led.

    Raises Unfit when there is no role to take.
    """
    held = [m for m in tx.programmes.roles(person.id) if m.programme_id == programme.id]
    if not held:
        raise Unfit(Problem.NOT_MEMBER, name=person.name, programme=programme.name)
    for membership in held:
        tx.programmes.leave(membership)
    known = tx.programmes.pairs(programme.id)
    for pair in known:
        partner = pair.partner_of(person.id)
        if partner:
            tx.programmes.remove_pair(pair.id)
            _tell_left(tx, programme, person, partner, pair, now)
    return tuple(pair for pair in known if pair.mentor_id == person.id)


def _tell_left(
    tx: Tx, programme: Programme, person: Person, partner: PersonId, pair: Pair, now: int
) -> None:
    facts = {"programme": str(programme.id), "person": str(person.id)}
    tx.effects.add(as_effect(Notice(partner, NoticeKind.LEFT, "", facts), str(pair.id), now))


async def page(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, first: int, count: int
) -> tuple[int, tuple[tuple[Person, tuple[Role, ...]], ...]]:
    """Return how many people a programme has, and some of them with their roles, by name."""

    def work(tx: Tx) -> tuple[int, tuple[tuple[Person, tuple[Role, ...]], ...]]:
        actor, _ = rights.programme_of(tx, actor_id, programme_id)
        roles: dict[PersonId, list[Role]] = {}
        for member in tx.programmes.members(programme_id):
            roles.setdefault(member.person_id, []).append(member.role)
        people = [p for p in tx.people.of(actor.org_id) if p.id in roles]
        shown = people[first : first + count]
        return len(people), tuple((p, tuple(roles[p.id])) for p in shown)

    return await ports.store.read(work)
