"""What follows from a proposal as it stands: cards for people, nudges, and its end in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.booking.proposal import ProposalState
from core.effects import Effect, EffectKind
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import PersonId
    from core.ports import Tx

RUNGS = ("remind", "widen", "top")  # of the ladder, see core/nudging.py


def card_effects(proposal: Proposal, people: Iterable[PersonId], now: int) -> list[Effect]:
    """Return the notices that show a proposal to people; a later one replaces it in place.

    Each state and version of a proposal is told to a person once.
    """
    facts = {"proposal": str(proposal.id), "state": proposal.state.value}
    key = f"{proposal.id}:{proposal.state}:{proposal.version}"
    return [
        as_effect(Notice(person, NoticeKind.PROPOSAL, f"proposal:{proposal.id}", facts), key, now)
        for person in people
    ]


def tell(tx: Tx, proposal: Proposal, people: Iterable[PersonId], now: int) -> None:
    """Queue the card of a proposal, as it stands now, for some people."""
    for effect in card_effects(proposal, people, now):
        tx.effects.add(effect)


def ask_elsewhere(tx: Tx, proposal: Proposal, person: PersonId, now: int) -> None:
    """Queue the card once more for somebody whose chat has shut, if it waits for their answer."""
    invited = person in proposal.request.invitees and person in proposal.waiting_for()
    if invited and proposal.state is ProposalState.OFFERED and proposal.expires_at > now:
        facts = {"proposal": str(proposal.id), "state": proposal.state.value}
        notice = Notice(person, NoticeKind.PROPOSAL, f"proposal:{proposal.id}", facts)
        tx.effects.add(as_effect(notice, f"{proposal.id}:elsewhere:{now}", now))


def expiry_key(proposal: Proposal) -> str:
    """Return the key under which the end of a proposal waits, to take it back."""
    return f"expire:{proposal.id}"


def nudge_key(proposal: Proposal, rung: str, person: PersonId) -> str:
    """Return the key of one rung of the ladder for a proposal that is not answered."""
    return f"nudge:{proposal.id}:{rung}:{person}"


def close_expired(tx: Tx, proposal: Proposal, actor: PersonId, now: int) -> Proposal:
    """Close an open proposal of which nothing can be booked any more, and return it.

    Where it was offered the others are told; `actor` reads of it in the same turn.
    """
    ended = proposal.end(ProposalState.EXPIRED)
    tx.proposals.save(ended)
    take_back(tx, proposal)
    if proposal.state is ProposalState.OFFERED:
        everybody = dict.fromkeys((proposal.request.asker, *proposal.request.attendees))
        tell(tx, ended, [p for p in everybody if p != actor], now)
    return ended


def take_back(tx: Tx, proposal: Proposal) -> None:
    """Take back what still waits for a proposal that has come to its end."""
    tx.effects.cancel(expiry_key(proposal))
    for person in dict.fromkeys((proposal.request.asker, *proposal.request.attendees)):
        for rung in RUNGS:
            tx.effects.cancel(nudge_key(proposal, rung, person))


def spare(tx: Tx, proposal: Proposal, person: PersonId) -> None:
    """Take back the nudges of one who needs not answer a proposal any more."""
    for rung in RUNGS:
        tx.effects.cancel(nudge_key(proposal, rung, person))


def end_moves(tx: Tx, meeting: Meeting, now: int, but: Proposal) -> None:
    """Close the other proposals that would move a session which has just moved: they are about
    a time at which it no longer is.
    """
    for person in meeting.people[:1]:
        for other in tx.proposals.open_of(person):
            if other.request.moves != meeting.id or other.id == but.id:
                continue
            ended = other.end(ProposalState.SUPERSEDED, but.id)
            tx.proposals.save(ended)
            take_back(tx, other)
            tell(tx, ended, dict.fromkeys((other.request.asker, *other.request.attendees)), now)


def expiry_effect(proposal: Proposal) -> Effect:
    """Return the row that closes a proposal at its time."""
    return Effect(
        key=expiry_key(proposal),
        kind=EffectKind.EXPIRE,
        due_at=proposal.expires_at,
        payload={"proposal": str(proposal.id)},
    )
