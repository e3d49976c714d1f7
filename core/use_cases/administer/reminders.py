"""Reminders that an administrator sends: to connect, to answer, to book (R09).

At most one a day for each person and kind, none to people who are away (Y15) or have switched
reminders off.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.notices import Notice, NoticeKind, as_effect
from core.timing.zones import local_date
from core.use_cases.administer import rights, status
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.record import note
from core.use_cases.administer.status import Entry, Lack

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from core.effects import Effect
    from core.ids import PersonId, ProgrammeId
    from core.people import Person
    from core.ports import Ports, Tx

BATCH = 200
"""People reminded in one transaction."""


class What(StrEnum):
    """What to remind of."""

    CONNECT = "connect"
    ANSWER = "answer"
    BOOK = "book"


KINDS = {
    What.CONNECT: NoticeKind.NUDGE_CONNECT,
    What.ANSWER: NoticeKind.NUDGE_ANSWER,
    What.BOOK: NoticeKind.NUDGE_BOOK,
}
LISTS = {
    What.CONNECT: (Lack.UNCONNECTED, Lack.BROKEN),
    What.ANSWER: (Lack.WAITING,),
    What.BOOK: (Lack.UNBOOKED,),
}


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many got a reminder, had one today already, or are left in peace."""

    sent: int = 0
    already: int = 0
    spared: int = 0

    def plus(self, other: Reminded) -> Reminded:
        """Add up two batches."""
        return Reminded(
            self.sent + other.sent, self.already + other.already, self.spared + other.spared
        )


async def remind(
    ports: Ports,
    actor_id: PersonId,
    programme_id: ProgrammeId,
    what: What,
    person_id: PersonId | None,
    report: Callable[[int, int], Awaitable[None]] | None = None,
) -> Reminded:
    """Remind one person, or with None everybody who lacks it; `report` gets (done, total).

    Raises Refused; Unfit for a person who needs no such reminder.
    """
    entries = await ports.store.read(
        lambda tx: _lacking(tx, ports, actor_id, programme_id, what, person_id)
    )
    total = Reminded()
    for at in range(0, len(entries), BATCH):
        batch = entries[at : at + BATCH]
        total = total.plus(await _send(ports, actor_id, programme_id, what, batch))
        if report:
            await report(min(at + BATCH, len(entries)), len(entries))
    return total


def _lacking(
    tx: Tx,
    ports: Ports,
    actor_id: PersonId,
    programme_id: ProgrammeId,
    what: What,
    person_id: PersonId | None,
) -> Sequence[Entry]:
    """Return whom to remind, each person once. Raises Refused, Unfit."""
    actor, programme = rights.programme_of(tx, actor_id, programme_id)
    lists = status.look(tx, programme, ports.clock.now()).lists
    found = {e.person.id: e for lack in reversed(LISTS[what]) for e in reversed(lists[lack])}
    entries = list(reversed(found.values()))
    if person_id is None:
        return entries
    chosen = [e for e in entries if e.person.id == person_id]
    if not chosen:
        raise Unfit(Problem.REMINDER, name=rights.colleague(tx, actor, person_id).name)
    return chosen


async def _send(
    ports: Ports,
    actor_id: PersonId,
    programme_id: ProgrammeId,
    what: What,
    batch: Sequence[Entry],
) -> Reminded:
    def work(tx: Tx) -> Reminded:
        actor, _ = rights.programme_of(tx, actor_id, programme_id)
        now = ports.clock.now()
        spared = [e for e in batch if not _may_be_reminded(e.person, now)]
        effects = [
            _effect(e, programme_id, what, now) for e in batch if _may_be_reminded(e.person, now)
        ]
        fresh = [e for e in effects if tx.effects.by_key(e.key) is None]
        for effect in fresh:
            tx.effects.add(effect)
        if fresh:
            note(tx, actor.person, now, "remind", _detail(what, batch, fresh), programme_id)
        return Reminded(len(fresh), len(effects) - len(fresh), len(spared))

    return await ports.store.transact(work)


def _may_be_reminded(person: Person, now: int) -> bool:
    """Tell whether somebody wants reminders and is not away today, on their own calendar."""
    today = local_date(now, person.zone)
    return person.nudges and not any(leave.first <= today <= leave.last for leave in person.leave)


def _effect(entry: Entry, programme_id: ProgrammeId, what: What, now: int) -> Effect:
    facts = {
        What.CONNECT: {"by": "", "programme": str(programme_id)},
        What.ANSWER: {"proposal": str(entry.proposal or "")},
        What.BOOK: {
            "programme": str(programme_id),
            "partner": str(entry.partner.id) if entry.partner else "",
        },
    }
    notice = Notice(entry.person.id, KINDS[what], "", facts[what])
    return as_effect(notice, local_date(now, entry.person.zone).isoformat(), now)


def _detail(what: What, batch: Sequence[Entry], fresh: Sequence[Effect]) -> str:
    if len(fresh) > 1:
        return f"to {what}: {len(fresh)} people"
    return f"to {what}: {next(e.person.name for e in batch if e.person.id == fresh[0].person_id)}"
