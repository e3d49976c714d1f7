"""Many people at once: rows of a file become people and pairs, and each bad row is reported.

One bad row never stops the others. Rows are written in transactions of two hundred, people
first and pairs after them, so that a mentor may stand below their mentees. Importing the same
file again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core import withdrawing
from core.programme import LEADS, Role
from core.use_cases.administer import members, news, pairs, rights
from core.use_cases.administer.newcomer import (
    faults_of,
    read_address,
    read_newcomer,
    read_role,
)
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.record import note

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from core.ids import PersonId, ProgrammeId
    from core.ports import Ports, Tx
    from core.programme import Programme
    from core.use_cases.administer.newcomer import Newcomer
    from core.use_cases.administer.pairs import Paired

    Report = Callable[[int, int], Awaitable[None]]
    Work = Callable[[Tx, Ports, PersonId, ProgrammeId, "Batch"], "ImportReport"]

BATCH = 200
"""Rows that are written in one transaction."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was written. `number` counts as a spreadsheet does: the heads are row 1."""

    number: int
    name: str = ""
    email: str = ""
    zone: str = ""
    role: str = ""
    mentor: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row. `is_added` tells whether the person was added all the same."""

    row: int
    problem: Problem
    facts: Mapping[str, str] = field(default_factory=dict)
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of a file. `added` are new people, `joined` known ones with a new role,
    `unchanged` those who were in the programme already; `paired` new pairs.
    """

    rows: int
    added: int = 0
    joined: int = 0
    unchanged: int = 0
    paired: int = 0
    faults: tuple[Fault, ...] = ()

    def plus(self, other: ImportReport) -> ImportReport:
        """Add what came of a further batch; the number of rows stays."""
        return ImportReport(
            self.rows,
            self.added + other.added,
            self.joined + other.joined,
            self.unchanged + other.unchanged,
            self.paired + other.paired,
            self.faults + other.faults,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are written together. `first` is the place of the first among all the work of
    the import, counted from 0: it says when its people are told.
    """

    rows: Sequence[Row]
    first: int


def check(rows: Sequence[Row]) -> tuple[list[Row], list[Fault]]:
    """Return the rows that can be used, and what is wrong with the others (pure)."""
    good: list[Row] = []
    faults: list[Fault] = []
    first: dict[str, Row] = {}
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        found = [
            Fault(row.number, u.problem, u.facts)
            for u in faults_of(row.name, row.email, row.zone, row.role, row.locale)
        ]
        if not found and read_role(row.role) is Role.ADMIN:
            found = [Fault(row.number, Problem.ROLE_ADMIN)]
        found = found or _doubled(row, first, seen)
        faults += found
        if not found:
            good.append(row)
    return good, faults


def _doubled(row: Row, first: dict[str, Row], seen: set[tuple[str, str, str]]) -> list[Fault]:
    """Refuse an address that came before, unless it gives the same person one more role or
    one more mentor.
    """
    email = read_address(row.email).casefold()
    before = first.setdefault(email, row)
    entry = (email, row.role.strip().casefold(), row.mentor.strip().casefold())
    same_name = " ".join(before.name.split()).casefold() == " ".join(row.name.split()).casefold()
    if entry in seen or not same_name:
        facts = {"value": row.email.strip(), "row": str(before.number)}
        return [Fault(row.number, Problem.ADDRESS_DOUBLED, facts)]
    seen.add(entry)
    return []


async def import_rows(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, rows: Sequence[Row], report: Report
) -> ImportReport:
    """Add the people of the rows, and their pairs. `report` gets (rows done, all).

    Raises Refused, Unfit, NotFound as `members.add` does, before anything is changed.
    """
    await ports.store.read(lambda tx: rights.programme_of(tx, actor_id, programme_id))
    good, faults = check(rows)
    with_mentor = [row for row in good if row.mentor.strip()]
    run = _Run(ports, actor_id, programme_id, report, len(good) + len(with_mentor))
    added = await run.batches(_add_people, good, 0)
    paired = await run.batches(_add_pairs, with_mentor, len(good))
    result = ImportReport(len(rows), faults=tuple(faults)).plus(added).plus(paired)
    return replace(result, faults=tuple(sorted(result.faults, key=lambda fault: fault.row)))


@dataclass(frozen=True, slots=True)
class _Run:
    """One import on its way."""

    ports: Ports
    actor_id: PersonId
    programme_id: ProgrammeId
    report: Report
    total: int

    async def batches(self, work: Work, rows: Sequence[Row], before: int) -> ImportReport:
        """Do the work on all rows, one transaction per batch; `before` rows are done already."""
        result = ImportReport(0)
        for at in range(0, len(rows), BATCH):
            batch = Batch(rows[at : at + BATCH], before + at)
            result = result.plus(await self._one(work, batch))
            await self.report(batch.first + len(batch.rows), self.total)
        return result

    async def _one(self, work: Work, batch: Batch) -> ImportReport:
        return await self.ports.store.transact(
            lambda tx: work(tx, self.ports, self.actor_id, self.programme_id, batch)
        )


def _add_people(
    tx: Tx, ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, batch: Batch
) -> ImportReport:
    """Add the people of one batch, with one audit entry."""
    actor, programme = rights.programme_of(tx, actor_id, programme_id)
    now = ports.clock.now()
    came = [
        members.enrol(tx, ports.ids, programme, _newcomer(row), now, news.due_at(now, place))
        for place, row in enumerate(batch.rows, batch.first)
    ]
    for one in came:
        withdrawing.follow(ports, tx, one.person, frozenset())
    added = sum(1 for c in came if c.is_new)
    joined = sum(1 for c in came if c.has_joined and not c.is_new)
    if added or joined:
        detail = f"{_range(batch)}: {added} people added, {joined} known people given a role"
        note(tx, actor.person, now, "people.import", detail, programme_id)
    return ImportReport(0, added, joined, len(came) - added - joined)


def _newcomer(row: Row) -> Newcomer:
    return read_newcomer(row.name, row.email, row.zone, row.role, row.locale)


def _add_pairs(
    tx: Tx, ports: Ports, actor_id: PersonId, programme_id: ProgrammeId, batch: Batch
) -> ImportReport:
    """Make the pairs of one batch, with one audit entry and one notice a person."""
    actor, programme = rights.programme_of(tx, actor_id, programme_id)
    now = ports.clock.now()
    faults: list[Fault] = []
    made: list[Paired] = []
    for row in batch.rows:
        try:
            made.append(_pair(tx, ports, programme, row))
        except Unfit as unfit:
            faults.append(Fault(row.number, unfit.problem, unfit.facts, is_added=True))
    new = [one for one in made if one.is_new]
    if new:
        _tell(tx, programme, new, batch.first, now)
        detail = f"{_range(batch)}: {len(new)} pairs"
        note(tx, actor.person, now, "pairs.import", detail, programme_id)
    return ImportReport(0, paired=len(new), faults=tuple(faults))


def _tell(tx: Tx, programme: Programme, made: Sequence[Paired], first: int, now: int) -> None:
    """Tell everybody of these pairs once, but for those whose welcome will name their partners."""
    partners: dict[PersonId, list[PersonId]] = {}
    for one in made:
        partners.setdefault(one.mentor.id, []).append(one.mentee.id)
        partners.setdefault(one.mentee.id, []).append(one.mentor.id)
    key = str(made[0].pair.id)
    told = (p for p in partners if not news.is_welcome_ahead(tx, p, programme, now))
    for place, person_id in enumerate(told, first):
        notice = pairs.paired_notice(person_id, programme, partners[person_id])
        tx.effects.add(news.later(notice, key, news.due_at(now, place)))


def _pair(tx: Tx, ports: Ports, programme: Programme, row: Row) -> Paired:
    """Pair the person of a row with the mentor it names, unless they are a pair already."""
    facts = {"value": row.mentor.strip()}
    mentee = tx.people.by_email(programme.org_id, read_address(row.email))
    mentor = tx.people.by_email(programme.org_id, row.mentor.strip().strip("<>"))
    if mentor is None or mentee is None:
        raise Unfit(Problem.MENTOR_UNKNOWN, **facts)
    if mentor.id == mentee.id:
        raise Unfit(Problem.MENTOR_SELF)
    roles = {m.role for m in tx.programmes.roles(mentor.id) if m.programme_id == programme.id}
    if not roles & LEADS:
        raise Unfit(Problem.MENTOR_ROLE, **facts)
    if read_role(row.role) in LEADS:
        raise Unfit(Problem.MENTOR_PAIR)
    return pairs.join(tx, ports.ids, programme, (mentee, mentor))


def _range(batch: Batch) -> str:
    return f"rows {batch.rows[0].number}-{batch.rows[-1].number}"
