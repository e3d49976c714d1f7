"""Programmes: create, rename, and end (what becomes of their meetings is chosen, Y16)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from core import withdrawing
from core.ids import ProgrammeId
from core.programme import Programme, Role
from core.use_cases.administer import future, news, rights
from core.use_cases.administer.future import Choice, Settling
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.record import note

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.ids import PersonId
    from core.ports import Ports, Tx
    from core.use_cases.administer.future import Fate
    from core.use_cases.administer.rights import Standing

LONGEST_NAME = 60
BATCH = 50
"""Meetings that are settled in one transaction."""
TOLD = 500
"""People who are told in one transaction."""


async def create(ports: Ports, actor_id: PersonId, name: str) -> Programme:
    """Create a programme; global administrators only. Raises Refused, Unfit."""

    def work(tx: Tx) -> Programme:
        actor = rights.global_administrator(tx, actor_id)
        programme = Programme(ProgrammeId(ports.ids.new()), actor.org_id, _fit(actor, name))
        tx.programmes.save(programme)
        note(tx, actor.person, ports.clock.now(), "programme.create", name, programme.id)
        return programme

    return await ports.store.transact(work)


async def rename(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, name: str
) -> tuple[Programme, Programme]:
    """Give a programme another name; return it before and after. Raises Refused, Unfit."""

    def work(tx: Tx) -> tuple[Programme, Programme]:
        actor, before = rights.programme_of(tx, actor_id, programme_id)
        after = replace(before, name=_fit(actor, name, before))
        tx.programmes.save(after)
        detail = f"{before.name} -> {after.name}"
        note(tx, actor.person, ports.clock.now(), "programme.rename", detail, programme_id)
        return before, after

    return await ports.store.transact(work)


def _fit(actor: Standing, name: str, own: Programme | None = None) -> str:
    """Return the name if a programme may have it. Raises Unfit."""
    line = " ".join(name.split())
    if not line or len(line) > LONGEST_NAME:
        raise Unfit(Problem.PROGRAMME_NAME)
    same = [p for p in actor.programmes if p.name.casefold() == line.casefold()]
    if any(own is None or p.id != own.id for p in same):
        raise Unfit(Problem.PROGRAMME_TAKEN, name=line)
    return line


def _size(tx: Tx, programme_id: ProgrammeId) -> int:
    """Count the people who take part; those who only administer are not among them."""
    members = tx.programmes.members(programme_id)
    return len({m.person_id for m in members if m.role is not Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Ending:
    """What ending a programme means. `meetings` are the future ones, `heirs` could take over."""

    programme: Programme
    people: int
    pairs: int
    proposals: int
    meetings: tuple[Meeting, ...]
    heirs: tuple[Programme, ...]


async def plan_end(ports: Ports, actor_id: PersonId, programme_id: ProgrammeId) -> Ending:
    """Show what ending a programme means; nothing is changed. Raises Refused, Unfit."""

    def work(tx: Tx) -> Ending:
        actor, programme = rights.programme_of(tx, actor_id, programme_id)
        return Ending(
            programme,
            people=_size(tx, programme_id),
            pairs=len(tx.programmes.pairs(programme_id)),
            proposals=len(tx.proposals.open_in(programme_id)),
            meetings=tuple(future.of_programme(tx, programme_id, ports.clock.now())),
            heirs=tuple(p for p in actor.own if p.id != programme_id),
        )

    return await ports.store.read(work)


async def end(ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, fate: Fate) -> int:
    """End a programme; return how many future meetings the choice concerned.

    Meetings go in batches, the last of them together with the end itself, so that none is left
    over even when one is booked in between. Its people are told after it. Raises Refused,
    Unfit, NotFound.
    """
    settled = 0
    while True:
        count, ended = await ports.store.transact(
            lambda tx: _end_some(tx, ports, actor_id, programme_id, fate)
        )
        settled += count
        if ended:
            await _tell_ended(ports, actor_id, programme_id)
            return settled


async def _tell_ended(ports: Ports, actor_id: PersonId, programme_id: ProgrammeId) -> None:
    """Tell everybody but the actor, in batches and spread in time as they may be many."""
    now = ports.clock.now()

    def load(tx: Tx) -> tuple[Programme, list[PersonId]]:
        people = dict.fromkeys(m.person_id for m in tx.programmes.members(programme_id))
        return tx.programmes.get(programme_id), [p for p in people if p != actor_id]

    programme, people = await ports.store.read(load)

    def tell(tx: Tx, first: int) -> None:
        for place, person_id in enumerate(people[first : first + TOLD], first):
            notice = news.left(person_id, programme)
            tx.effects.add(news.later(notice, str(programme_id), news.due_at(now, place)))

    for first in range(0, len(people), TOLD):
        await ports.store.transact(partial(tell, first=first))


def _end_some(
    tx: Tx, ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, fate: Fate
) -> tuple[int, bool]:
    """Settle one batch of meetings, and end the programme when it is the last."""
    actor, programme = rights.programme_of(tx, actor_id, programme_id)
    if fate.choice is Choice.HAND_OVER:
        _check_heir(actor, programme, fate)
    now = ports.clock.now()
    meetings = future.of_programme(tx, programme_id, now)
    batch = meetings if fate.choice is Choice.KEEP else meetings[:BATCH]
    settling = Settling(fate, actor_id, now, ports.ids)
    if fate.choice is Choice.HAND_OVER:
        future.move_to_programme(tx, batch, settling)
    elif fate.choice is Choice.CANCEL:
        for meeting in batch:
            fate.cancel(tx, meeting, actor_id, now)
    detail = f"{programme.name}, {future.described(fate, len(batch))}"
    last = len(batch) == len(meetings)
    if last:
        future.withdraw(tx, tx.proposals.open_in(programme_id), now)
        held = withdrawing.Allowance(tx, programme.org_id)
        tx.programmes.save(replace(programme, ended=True))
        withdrawing.settle(ports, tx, programme.org_id, held, withdrawing.Ending.LATER)
    note(tx, actor.person, now, "programme.end" if last else "sessions", detail, programme_id)
    return len(batch), last


def _check_heir(actor: Standing, programme: Programme, fate: Fate) -> None:
    """Let sessions go only to another running programme of the actor's. Raises Unfit."""
    heirs = {p.id for p in actor.own} - {programme.id}
    if fate.heir not in heirs:
        raise Unfit(Problem.NO_HEIR)


async def named(ports: Ports, actor_id: PersonId) -> Standing:
    """Return what an administrator may administer, with names. Raises Refused."""
    return await ports.store.read(lambda tx: rights.administrator(tx, actor_id))


async def all_of(ports: Ports, actor_id: PersonId) -> tuple[tuple[Programme, int], ...]:
    """Return the programmes of an administrator, ended ones too, with how many people each."""

    def work(tx: Tx) -> tuple[tuple[Programme, int], ...]:
        actor = rights.administrator(tx, actor_id)
        return tuple(
            (p, _size(tx, p.id)) for p in tx.programmes.of(actor.org_id) if actor.administers(p.id)
        )

    return await ports.store.read(work)
