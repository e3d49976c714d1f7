"""Remind those who have not answered a proposal, because its asker wants it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.booking.proposal import ProposalState
from core.errors import IllegalStep, Refused
from core.notices import Notice, NoticeKind, as_effect
from core.nudging import is_resting
from core.programme import Objection, Rule
from core.timing.zones import local_date

if TYPE_CHECKING:
    from core.ids import PersonId, ProposalId
    from core.people import Person
    from core.ports import Ports, Tx


@dataclass(frozen=True, slots=True)
class Reminding:
    """Who is reminded, who was today already, who is away or wants no reminders."""

    people: dict[PersonId, Person]
    reminded: tuple[PersonId, ...]
    before: tuple[PersonId, ...]
    resting: tuple[PersonId, ...]


async def remind_invitees(ports: Ports, proposal_id: ProposalId, actor: PersonId) -> Reminding:
    """Remind each who has not answered, at most once on one of their days.

    Raises Refused for anybody but the asker, IllegalStep for a proposal that is over.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Reminding:
        proposal = tx.proposals.get(proposal_id)
        request = proposal.request
        if actor != request.asker:
            raise Refused(Objection(Rule.RIGHTS, request.asker))
        if proposal.state is not ProposalState.OFFERED or proposal.expires_at <= now:
            raise IllegalStep(proposal.state)
        people = tx.people.many((*request.attendees, actor))
        silent = [p for p in proposal.waiting_for() if p != actor and p in people]
        resting = tuple(p for p in silent if is_resting(people[p], now))
        before: list[PersonId] = []
        for who in (p for p in silent if p not in resting):
            facts = {"proposal": str(proposal.id)}
            notice = Notice(who, NoticeKind.NUDGE_ANSWER, f"nudge:{proposal.id}", facts)
            today = local_date(now, people[who].zone)
            effect = as_effect(notice, f"{proposal.id}:asked:{today}", now)
            if tx.effects.by_key(effect.key) is not None:
                before.append(who)
            tx.effects.add(effect)
        fresh = tuple(p for p in silent if p not in resting and p not in before)
        return Reminding(people, fresh, tuple(before), resting)

    return await ports.store.transact(work)
