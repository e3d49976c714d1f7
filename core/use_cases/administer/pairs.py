"""Pairs: making them, taking them apart, and giving somebody another mentor (Y16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import NotFound
from core.ids import PairId
from core.notices import Notice, NoticeKind, as_effect
from core.programme import LEADS, Pair, Role
from core.use_cases.administer import future, rights
from core.use_cases.administer.future import Choice, Settling
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.record import note

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.booking.meeting import Meeting
    from core.ids import PersonId, ProgrammeId
    from core.people import Person
    from core.ports import Ids, Ports, Tx
    from core.programme import Programme
    from core.use_cases.administer.future import Fate

FOLLOWERS = frozenset({Role.MENTEE, Role.COACHEE})


@dataclass(frozen=True, slots=True)
class Paired:
    """A pair with its people; `is_new` tells whether it was made just now."""

    pair: Pair
    mentor: Person
    mentee: Person
    is_new: bool = True


async def pair(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, one: PersonId, other: PersonId
) -> Paired:
    """Make a pair of two people of a programme, in whichever order they are named.

    Raises Refused; Unfit when one is not in the programme or their roles do not fit.
    """

    def work(tx: Tx) -> Paired:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        first, second = (rights.colleague(tx, actor, p) for p in (one, other))
        now = ports.clock.now()
        paired = make(tx, ports.ids, programme, (first, second), now)
        if paired.is_new:
            detail = f"{paired.mentor.name} with {paired.mentee.name}"
            note(tx, actor.person, now, "pair.add", detail, programme_id)
        return paired

    return await ports.store.transact(work)


def make(tx: Tx, ids: Ids, programme: Programme, people: tuple[Person, Person], now: int) -> Paired:
    """Make the pair in an open transaction and tell both. Raises Unfit."""
    made = join(tx, ids, programme, people)
    if made.is_new:
        for person, partner in ((made.mentor, made.mentee), (made.mentee, made.mentor)):
            notice = paired_notice(person.id, programme, [partner.id])
            tx.effects.add(as_effect(notice, str(made.pair.id), now))
    return made


def paired_notice(
    person_id: PersonId, programme: Programme, partners: Sequence[PersonId]
) -> Notice:
    """Return the notice of new partners: it names the first and counts the others."""
    facts = {"programme": str(programme.id), "partner": str(partners[0])}
    if len(partners) > 1:
        facts["more"] = str(len(partners) - 1)
    return Notice(person_id, NoticeKind.PAIRED, "", facts)


def join(tx: Tx, ids: Ids, programme: Programme, people: tuple[Person, Person]) -> Paired:
    """Make the pair in an open transaction and tell nobody. Raises Unfit."""
    mentor, mentee, coaching = _sides(tx, programme, *people)
    for known in tx.programmes.pairs_of(mentee.id):
        if known.programme_id == programme.id and known.partner_of(mentee.id) == mentor.id:
            return Paired(known, mentor, mentee, is_new=False)
    made = Pair(PairId(ids.new()), programme.id, mentor.id, mentee.id, coaching=coaching)
    tx.programmes.add_pair(made)
    return Paired(made, mentor, mentee)


def _sides(tx: Tx, programme: Programme, one: Person, other: Person) -> tuple[Person, Person, bool]:
    """Return who leads, who follows, and whether it is coaching. Raises Unfit."""
    if one.id == other.id:
        raise Unfit(Problem.SAME_PERSON, name=one.name)
    first, second = (_roles(tx, programme, person) for person in (one, other))
    return sides(one, other, first, second)


def _roles(tx: Tx, programme: Programme, person: Person) -> frozenset[Role]:
    held = tx.programmes.roles(person.id)
    roles = frozenset(m.role for m in held if m.programme_id == programme.id)
    if not roles:
        raise Unfit(Problem.NOT_MEMBER, name=person.name, programme=programme.name)
    return roles


def sides(
    one: Person, other: Person, first: frozenset[Role], second: frozenset[Role]
) -> tuple[Person, Person, bool]:
    """Decide by their roles who leads and who follows; when both orders fit, the one named
    second leads ("pair Maya with Alex"). Raises Unfit when neither order fits.
    """
    if second & LEADS and first & FOLLOWERS:
        return other, one, _coaches(second, first)
    if first & LEADS and second & FOLLOWERS:
        return one, other, _coaches(first, second)
    missing = Problem.NO_FOLLOWER if (first | second) & LEADS else Problem.NO_LEAD
    raise Unfit(missing, one=one.name, other=other.name)


def _coaches(lead: frozenset[Role], follower: frozenset[Role]) -> bool:
    """Tell whether the two are coach and coachee rather than mentor and mentee."""
    return Role.COACH in lead and (Role.COACHEE in follower or Role.MENTOR not in lead)


@dataclass(frozen=True, slots=True)
class Parting:
    """What taking a pair apart means. `meetings` are their future ones."""

    programme: Programme
    pair: Pair
    mentor: Person
    mentee: Person
    meetings: tuple[Meeting, ...]


async def plan_parting(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, one: PersonId, other: PersonId
) -> Parting:
    """Show what taking a pair apart means; nothing is changed. Raises Refused, Unfit."""

    def work(tx: Tx) -> Parting:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        found = _pair_of(tx, programme, *(rights.colleague(tx, actor, p) for p in (one, other)))
        meetings = tuple(future.of_pair(tx, found, ports.clock.now()))
        people = tx.people.many((found.mentor_id, found.mentee_id))
        return Parting(programme, found, people[found.mentor_id], people[found.mentee_id], meetings)

    return await ports.store.read(work)


def _pair_of(tx: Tx, programme: Programme, one: Person, other: Person) -> Pair:
    for known in tx.programmes.pairs_of(one.id):
        if known.programme_id == programme.id and known.partner_of(one.id) == other.id:
            return known
    raise Unfit(Problem.NOT_PAIRED, one=one.name, other=other.name)


async def unpair(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, pair_id: PairId, fate: Fate
) -> int:
    """Take a pair apart; return how many future meetings the choice concerned.

    Raises Refused, Unfit, NotFound for a pair that is gone.
    """

    def work(tx: Tx) -> int:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        found, now = _get(tx, programme, pair_id), ports.clock.now()
        if fate.choice is Choice.HAND_OVER:
            raise Unfit(Problem.NO_HEIR)
        count = _part(tx, found, Settling(fate, actor_id, now, ports.ids))
        detail = f"{_names(tx, found)}, {future.described(fate, count)}"
        note(tx, actor.person, now, "pair.remove", detail, programme_id)
        return count

    return await ports.store.transact(work)


async def re_pair(
    ports: Ports,
    actor_id: PersonId,
    programme_id: ProgrammeId,
    pair_id: PairId,
    mentor_id: PersonId,
    fate: Fate,
) -> tuple[Paired, int]:
    """Give the mentee of a pair another mentor; return the new pair and how many future
    meetings the choice concerned. Handing over is to the new mentor. Raises as `unpair` does.
    """

    def work(tx: Tx) -> tuple[Paired, int]:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        found, now = _get(tx, programme, pair_id), ports.clock.now()
        mentor = rights.colleague(tx, actor, mentor_id)
        mentee = rights.colleague(tx, actor, found.mentee_id)
        if mentor_id == found.mentor_id:
            raise Unfit(Problem.PAIRED, one=mentee.name, other=mentor.name)
        before = _names(tx, found)
        count = _part(tx, found, Settling(fate, actor_id, now, ports.ids))
        paired = make(tx, ports.ids, programme, (mentee, mentor), now)
        detail = f"{before} -> {mentor.name}, {future.described(fate, count)}"
        note(tx, actor.person, now, "pair.change", detail, programme_id)
        return paired, count

    return await ports.store.transact(work)


def _get(tx: Tx, programme: Programme, pair_id: PairId) -> Pair:
    found = next((p for p in tx.programmes.pairs(programme.id) if p.id == pair_id), None)
    if found is None:
        raise NotFound(pair_id)
    return found


def _part(tx: Tx, found: Pair, settling: Settling) -> int:
    """Take the pair away, tell both, withdraw what only these two had open, settle their
    meetings.
    """
    two = {found.mentor_id, found.mentee_id}
    for one, other in ((found.mentor_id, found.mentee_id), (found.mentee_id, found.mentor_id)):
        facts = {"programme": str(found.programme_id), "partner": str(other)}
        notice = Notice(one, NoticeKind.UNPAIRED, "", facts)
        tx.effects.add(as_effect(notice, str(found.id), settling.now))
    meetings = future.of_pair(tx, found, settling.now)
    tx.programmes.remove_pair(found.id)
    future.withdraw(
        tx,
        [
            p
            for p in tx.proposals.open_of(found.mentee_id)
            if p.request.programme_id == found.programme_id and set(p.request.attendees) == two
        ],
        settling.now,
    )
    return future.settle_leaving(tx, meetings, found.mentor_id, settling)


def _names(tx: Tx, found: Pair) -> str:
    people = tx.people.many((found.mentor_id, found.mentee_id))
    return f"{people[found.mentor_id].name} with {people[found.mentee_id].name}"


def inherit(
    tx: Tx, ids: Ids, programme: Programme, pairs: Iterable[Pair], heir: Person, now: int
) -> None:
    """Pair the mentees of one who leaves with the one who takes over, where roles allow it."""
    if not _roles(tx, programme, heir) & LEADS:
        return
    for left in pairs:
        mentee = tx.people.get(left.mentee_id)
        if mentee.id != heir.id:
            make(tx, ids, programme, (mentee, heir), now)


async def page(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, first: int, count: int
) -> tuple[int, tuple[Paired, ...]]:
    """Return how many pairs a programme has, and some of them by the mentee's name."""

    def work(tx: Tx) -> tuple[int, tuple[Paired, ...]]:
        rights.programme_of(tx, actor_id, programme_id)
        known = tx.programmes.pairs(programme_id)
        people = tx.people.many({p for one in known for p in (one.mentor_id, one.mentee_id)})
        found = [
            Paired(one, people[one.mentor_id], people[one.mentee_id], is_new=False) for one in known
        ]
        found.sort(key=lambda one: (one.mentee.name.casefold(), one.mentor.name.casefold()))
        return len(found), tuple(found[first : first + count])

    return await ports.store.read(work)


async def of_person(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, person_id: PersonId
) -> tuple[Paired, ...]:
    """Return the pairs of one person in a programme. Raises Refused, Unfit, NotFound."""

    def work(tx: Tx) -> tuple[Paired, ...]:
        actor, _ = rights.programme_of(tx, actor_id, programme_id)
        rights.colleague(tx, actor, person_id)
        known = [p for p in tx.programmes.pairs_of(person_id) if p.programme_id == programme_id]
        people = tx.people.many({p for one in known for p in (one.mentor_id, one.mentee_id)})
        return tuple(
            Paired(one, people[one.mentor_id], people[one.mentee_id], is_new=False) for one in known
        )

    return await ports.store.read(work)


async def get(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, pair_id: PairId
) -> Paired:
    """Return one pair with its people. Raises Refused, Unfit, NotFound."""

    def work(tx: Tx) -> Paired:
        _, programme = rights.programme_of(tx, actor_id, programme_id)
        found = _get(tx, programme, pair_id)
        people = tx.people.many((found.mentor_id, found.mentee_id))
        return Paired(found, people[found.mentor_id], people[found.mentee_id], is_new=False)

    return await ports.store.read(work)
