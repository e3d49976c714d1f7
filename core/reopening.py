"""The offer that other times had taken the place of, asked again when those are taken back: inside
a transaction.

A closed proposal stays closed; what is asked again is the same offer under a new id, with its own
end in time. It is not asked again where its time is over, or where its asker has asked anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.booking.proposal import ProposalState
from core.booking.telling import expiry_effect, tell
from core.errors import NotFound
from core.nudging import arrange_ladder

if TYPE_CHECKING:
    from core.booking.proposal import Proposal
    from core.ids import PersonId, ProposalId
    from core.ports import Tx


def reopen(
    tx: Tx,
    taken_back: Proposal,
    new_id: ProposalId,
    actor: PersonId,
    now: int,
    *,
    reads: bool = False,
) -> Proposal | None:
    """Ask again what `taken_back` had answered with other times; None where there is nothing left
    to ask. Everybody is told, but not the actor where they read it (`reads`) in the same turn.
    """
    counters = taken_back.request.counters
    try:
        first = tx.proposals.get(counters) if counters else None
    except NotFound:
        return None
    if first is None or not _lasts(tx, first, taken_back, now):
        return None
    slots = tuple(slot for slot in first.slots if slot.start > now)
    starts = {slot.start for slot in slots}
    again = replace(
        first,
        id=new_id,
        slots=slots,
        expires_at=min(first.expires_at, max(starts)),
        state=ProposalState.OFFERED,
        answers={p: a for p, a in first.answers.items() if p != actor},
        replaced_by=None,
        version=0,
    )
    tx.proposals.save(again)
    tx.effects.add(expiry_effect(again))
    arrange_ladder(tx, again, now)
    request = again.request
    told = dict.fromkeys((request.asker, *request.attendees))
    tell(tx, again, [p for p in told if p != actor or not reads], now)
    return again


def _lasts(tx: Tx, first: Proposal, taken_back: Proposal, now: int) -> bool:
    """Tell whether the first offer ended by the other times alone, and is not over by itself."""
    ended_so = first.state is ProposalState.SUPERSEDED and first.replaced_by == taken_back.id
    ahead = any(slot.start > now for slot in first.slots)
    request = first.request
    anew = any(
        request.is_again(other.request) and other.state is ProposalState.OFFERED
        for other in tx.proposals.open_of(request.asker)
    )
    return ended_so and ahead and first.expires_at > now and not anew
