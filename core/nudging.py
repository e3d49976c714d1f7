"""The ladder for a proposal that is not answered: remind who was asked, then offer the asker more
days, then to ask about the best time alone; at its end the administrators hear of it once.

Nothing is ever booked without the yes of who was asked (Y1). Each rung is a row for one person,
made when the proposal is offered, taken back with it, and read anew when it is due.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.booking.proposal import ProposalState
from core.booking.telling import nudge_key
from core.effects import Effect, EffectKind
from core.errors import NotFound
from core.ids import ProposalId
from core.notices import Notice, NoticeKind, as_effect
from core.outcome import Ended
from core.programme import Role
from core.reminding import first_inside, week_of
from core.timing.zones import local_date

if TYPE_CHECKING:
    from core.booking.proposal import Proposal
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Ports, Tx

SHORTEST = 3 * 3600  # seconds of a proposal's life under which nobody is nudged
APART = 3600  # seconds between two nudges of one person


class Rung(StrEnum):
    """The steps, from bottom to top."""

    REMIND = "remind"  # the invitee
    WIDEN = "widen"  # the asker
    TOP = "top"  # the asker


SHARE = {Rung.REMIND: (1, 3), Rung.WIDEN: (1, 2), Rung.TOP: (3, 4)}  # of the proposal's life
KINDS = {
    Rung.REMIND: NoticeKind.NUDGE_ANSWER,
    Rung.WIDEN: NoticeKind.NUDGE_WIDEN,
    Rung.TOP: NoticeKind.NUDGE_TOP,
}


def rungs(proposal: Proposal, now: int) -> list[tuple[Rung, PersonId, int]]:
    """Return who is to be nudged when, for a proposal that is offered now."""
    life = proposal.expires_at - now
    if life < SHORTEST or proposal.state is not ProposalState.OFFERED:
        return []
    asker = proposal.request.asker
    at = {rung: now + life * part // whole for rung, (part, whole) in SHARE.items()}
    waiting = [p for p in proposal.waiting_for() if p != asker]
    reminders = [(Rung.REMIND, person, at[Rung.REMIND]) for person in waiting]
    if proposal.request.series is not None:  # it has no other days, and no one best time
        return reminders
    return [
        *reminders,
        (Rung.WIDEN, asker, at[Rung.WIDEN]),
        (Rung.TOP, asker, at[Rung.TOP]),
    ]


def arrange_ladder(tx: Tx, proposal: Proposal, now: int) -> None:
    """Queue the rungs of a proposal that has just been offered, each in its person's hours."""
    policy = load_policy(tx, tx.programmes.get(proposal.request.programme_id))
    steps = rungs(proposal, now)
    people = tx.people.many(person for _, person, _ in steps)
    last: dict[PersonId, int] = {}
    for rung, person_id, at in steps:
        person = people.get(person_id)
        due = first_inside(week_of(person, policy), person.zone, at) if person else None
        if due is None or due >= proposal.expires_at:
            continue
        if due - last.get(person_id, 0) >= APART:
            last[person_id] = due
            tx.effects.add(_row(proposal, rung, person_id, due))


def _row(proposal: Proposal, rung: Rung, person_id: PersonId, due: int) -> Effect:
    return Effect(
        key=nudge_key(proposal, rung, person_id),
        kind=EffectKind.NUDGE,
        due_at=due,
        person_id=person_id,
        payload={"proposal": str(proposal.id), "rung": rung.value},
        give_up_at=proposal.expires_at,
    )


async def nudge(ports: Ports, effect: Effect) -> Ended:
    """Take one rung, if the proposal still waits and its person is there to be nudged."""
    now = ports.clock.now()
    return await ports.store.read(lambda tx: _nudge(tx, effect, now))


def _nudge(tx: Tx, effect: Effect, now: int) -> Ended:
    rung, person_id = Rung(effect.payload["rung"]), effect.person_id
    try:
        proposal = tx.proposals.get(ProposalId(effect.payload["proposal"]))
    except NotFound:
        return Ended("the proposal is gone")
    if person_id is None or not _waits(proposal, rung, person_id, now):
        return Ended("answered or over")
    person = tx.people.many([person_id]).get(person_id)
    if person is None or is_resting(person, now):
        return Ended("away, or wants no reminders")
    subject = f"nudge:{proposal.id}"
    notice = Notice(person_id, KINDS[rung], subject, {"proposal": str(proposal.id)})
    key = f"{proposal.id}:{rung}"
    return Ended(record=lambda tx: tx.effects.add(as_effect(notice, key, now)))


def _waits(proposal: Proposal, rung: Rung, person_id: PersonId, now: int) -> bool:
    """Tell whether a proposal still waits for those whom a rung is about."""
    if proposal.state is not ProposalState.OFFERED or now >= proposal.expires_at:
        return False
    if rung is Rung.REMIND:
        return person_id not in proposal.answers
    return any(p != proposal.request.asker for p in proposal.waiting_for())


def is_resting(person: Person, now: int) -> bool:
    """Tell whether somebody is not to be nudged: gone, away, or wants no reminders (Y15)."""
    today = local_date(now, person.zone)
    away = any(leave.first <= today <= leave.last for leave in person.leave)
    return away or not person.active or not person.nudges


def tell_administrators(tx: Tx, proposal: Proposal, now: int) -> None:
    """Tell the administrators once of a proposal that somebody left without any answer."""
    if all(p == proposal.request.asker for p in proposal.waiting_for()):
        return
    programme = tx.programmes.get(proposal.request.programme_id)
    members = tx.programmes.members(programme.id)
    admins = [m.person_id for m in members if m.role is Role.ADMIN]
    if not admins:
        admins = [person.id for person in tx.people.administrators(programme.org_id)]
    concerned = {proposal.request.asker, *proposal.request.attendees}
    for admin in dict.fromkeys(admins):
        if admin not in concerned:
            facts = {"proposal": str(proposal.id)}
            notice = Notice(admin, NoticeKind.SILENT, f"silent:{proposal.id}", facts)
            tx.effects.add(as_effect(notice, str(proposal.id), now))
