"""Ask those who have not answered a proposal about one time alone (Y1: no yes, no booking)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.booking.proposal import ProposalState
from core.errors import IllegalStep, Refused
from core.notices import Notice, NoticeKind, as_effect
from core.nudging import is_resting
from core.programme import Objection, Rule

if TYPE_CHECKING:
    from core.booking.proposal import Proposal
    from core.ids import PersonId, ProposalId
    from core.people import Person
    from core.ports import Ports, Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom it was asked, and who is away or wants no reminders."""

    proposal: Proposal
    people: dict[PersonId, Person]
    asked: tuple[PersonId, ...]
    resting: tuple[PersonId, ...]


async def ask_about_one(
    ports: Ports, proposal_id: ProposalId, actor: PersonId, start: int
) -> Asked:
    """Ask about one time; asking again tells nobody twice.

    Raises Refused for anybody but the asker, IllegalStep for a proposal or time that is over.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Asked:
        proposal = tx.proposals.get(proposal_id)
        request = proposal.request
        if actor != request.asker:
            raise Refused(Objection(Rule.RIGHTS, request.asker))
        over = proposal.state is not ProposalState.OFFERED or proposal.expires_at <= now
        if over or proposal.slot_at(start) is None or start <= now:
            raise IllegalStep(proposal.state)
        people = tx.people.many((*request.attendees, actor))
        silent = [p for p in proposal.waiting_for() if p != actor and p in people]
        resting = tuple(p for p in silent if is_resting(people[p], now))
        asked = tuple(p for p in silent if p not in resting)
        for person in asked:
            facts = {"proposal": str(proposal.id), "start": str(start)}
            notice = Notice(person, NoticeKind.TOP_TIME, f"nudge:{proposal.id}", facts)
            tx.effects.add(as_effect(notice, str(proposal.id), now))
        return Asked(proposal, people, asked, resting)

    return await ports.store.transact(work)
