"""Answers to proposals in words: "yes", "the second one", "Tuesday works", "none of these"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.card import Action
from bot.converse import series
from bot.converse.answer import accept, decline, offer
from bot.converse.asker import more, none_of_these
from bot.converse.schedule import (
    load_proposal,
    scene_for,
)
from bot.converse.turn import Reply, say
from bot.message import Outgoing
from bot.speak import proposals, series_words, times, views, words
from bot.understand.cannot import REASONS
from bot.understand.intent import Intent
from core.booking.proposal import Answer, ProposalState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.booking.proposal import Proposal, Slot
    from core.ports import Ports


async def open_proposals(ports: Ports, turn: Turn) -> tuple[Proposal, ...]:
    """Return the proposals that a sentence of this person may answer, newest first."""
    found = await ports.store.read(lambda tx: tx.proposals.open_of(turn.me.id))
    live = [p for p in found if p.expires_at > turn.now]
    asked = [p for p in live if _awaits(p, turn)]
    talked_of = turn.talk.topic.get("proposal")
    mine = [p for p in live if p.state is ProposalState.DRAFTED and p.id == talked_of]
    return tuple(asked or mine)


def _awaits(proposal: Proposal, turn: Turn) -> bool:
    """Tell whether this person's answer is still open."""
    return (
        proposal.state is ProposalState.OFFERED
        and turn.me.id in proposal.request.attendees
        and not proposal.answers.get(turn.me.id, Answer()).accepted
        and not proposal.has_declined(turn.me.id)
        and (turn.me.id != proposal.request.asker or proposal.waiting_for() == (turn.me.id,))
    )


LONGEST_LABEL = 75  # of a button, in the strictest of the chats
FILLER = re.compile(
    r"^(?:\W|\b(?:ok|okay|please|pls|then|at|on|in|the|for|that|would|is|be|good|fine|great|only|"
    r"just|and|or|both)\b)*$",
    re.IGNORECASE,
)
ABOUT_THESE = re.compile(
    r"^\W*(?:none of (?:these|those|them|the times)\b|(?:no|nope|sorry)\W*,)"
    r"|\b(?:i|we) (?:can|could) only (?:do|make|manage)\b"
    r"|^\W*(?:sorry\W+)?(?:i|we) (?:can['’]?t|cannot|can not) (?:do|make|manage)\b",
    re.IGNORECASE,
)
CAN_DO = re.compile(r"^\W*(?:i|we) (?:can|could) (?:do|make)\b", re.IGNORECASE)


def meant(plain: Reading, answering: Reading, proposals: tuple[Proposal, ...]) -> Reading:
    """Return how a sentence is to be taken while a proposal is open.

    `plain` reads it as if nothing were open, `answering` with the open times in mind. Only what
    accepts, declines or counters by its own words answers - and, for who was asked, a bare time.
    "I'm away until Friday" names an offered day and is no yes, "I can only do Friday" is about the
    offered times and no preference for ever; a search that was only shown is offered on a plain
    yes alone, because that reaches somebody else.
    """
    if plain.intent in (Intent.ACCEPT, Intent.DECLINE, Intent.COUNTER):
        return answering
    if proposals[0].state is ProposalState.DRAFTED:
        return plain
    if answering.intent in (Intent.DECLINE, Intent.COUNTER) and plain.intent is Intent.OUT_OF_SCOPE:
        return answering
    if plain.intent is Intent.SET_PREFERENCES and ABOUT_THESE.search(plain.text):
        return answering if answering.intent in (Intent.DECLINE, Intent.COUNTER) else plain
    if plain.reason in REASONS and answering.intent is not Intent.RESCHEDULE:
        return answering  # they cannot come on an offered day
    most = len(proposals[0].slots) if proposals[0].request.is_vote else 1
    one = answering.intent is Intent.ACCEPT and 1 <= len(answering.choice or ()) <= most
    return answering if one and (_bare_time(plain) or CAN_DO.match(plain.text)) else plain


def _bare_time(reading: Reading) -> bool:
    """Tell whether a sentence is a time and nothing else: "Tuesday", "the 27th please"."""
    if reading.time is None or reading.people or reading.preferences:
        return False
    text = reading.text
    for start, end in sorted(reading.time.origin, reverse=True):
        text = text[:start] + text[end:]
    return FILLER.match(text) is not None


async def in_words(
    ports: Ports, turn: Turn, reading: Reading, waiting: tuple[Proposal, ...]
) -> Reply:
    """Act on "yes", "the second one", "Tuesday works", "none of these" for an open proposal."""
    if not waiting:
        return await _nothing_open(ports, turn, reading)
    proposal = waiting[0]
    shown = None if reading.time else await _shown_since(ports, turn, proposal)
    if shown is not None and reading.intent is Intent.DECLINE:
        return await none_of_these(ports, turn, shown.id)  # it reaches nobody
    if shown is not None:
        return await _which(ports, turn, (*waiting, shown))
    drafted = proposal.state is ProposalState.DRAFTED
    slots = sorted(proposal.slots, key=lambda slot: slot.start)
    if reading.intent is Intent.DECLINE:
        if drafted:
            return await none_of_these(ports, turn, proposal.id)
        if len(waiting) == 1:
            return await decline(ports, turn, proposal.id)
    chosen = [slots[i] for i in reading.choice or () if i < len(slots)]
    if len(waiting) > 1:
        return await _which(ports, turn, waiting)
    if proposal.request.series is not None:
        return await series.answered(ports, turn, reading, proposal)
    return await _one_of(ports, turn, reading, proposal, slots, chosen)


async def _shown_since(ports: Ports, turn: Turn, asked: Proposal) -> Proposal | None:
    """Return what the speaker was shown after they were asked and has not offered: "the first
    one" may mean either.
    """
    talked_of = turn.talk.topic.get("proposal")
    if not talked_of or talked_of == asked.id or asked.state is not ProposalState.OFFERED:
        return None
    found = await ports.store.read(lambda tx: tx.proposals.open_of(turn.me.id))
    mine = (p for p in found if p.id == talked_of and p.state is ProposalState.DRAFTED)
    shown = next(mine, None)
    live = shown is not None and shown.expires_at > turn.now and shown.made_at >= asked.made_at
    return shown if live else None


async def _one_of(
    ports: Ports,
    turn: Turn,
    reading: Reading,
    proposal: Proposal,
    slots: Sequence[Slot],
    chosen: Sequence[Slot],
) -> Reply:
    """Take the times that were chosen, or all that are left to choose from."""
    drafted = proposal.state is ProposalState.DRAFTED
    if not chosen and drafted:
        chosen = slots
    elif not chosen and reading.choice is None:
        left = proposals.acceptable(turn.me.id, proposal)
        chosen = [slot for slot in slots if left == [slot.start]]
    if drafted:
        which = ",".join(str(slot.start) for slot in chosen)
        return await offer(ports, turn, proposal.id, which)
    if len(chosen) == 1 or (chosen and proposal.request.is_vote):
        return await accept(ports, turn, proposal.id, *(slot.start for slot in chosen))
    return await _which(ports, turn, (proposal,))


async def _nothing_open(ports: Ports, turn: Turn, reading: Reading) -> Reply:
    """Take a yes as one to "shall I look for others?" when that was asked last."""
    talked_of = turn.talk.topic.get("proposal")
    if talked_of and reading.intent is Intent.ACCEPT and not reading.choice:
        proposal = await load_proposal(ports, talked_of)
        ended = proposal.state in (ProposalState.DECLINED, ProposalState.EXPIRED)
        if ended and proposal.request.asker == turn.me.id:
            return await more(ports, turn, proposal.id)
    return say(turn.talk, words.NO_OPEN)


async def _which(ports: Ports, turn: Turn, waiting: tuple[Proposal, ...]) -> Reply:
    """Ask which of the open times is meant."""
    actions: list[Action] = []
    for proposal in waiting:
        scene = await scene_for(ports, proposal, turn.me.id)
        asker = scene.name(proposal.request.asker)
        verb = "offer" if proposal.state is ProposalState.DRAFTED else "accept"
        suffix, act = f" ({asker})" if len(waiting) > 1 else "", ""
        if verb == "offer" and len(waiting) > 1:
            suffix, act = "", f"{views.verb(at_once=views.books_at_once(scene, proposal))} "
        if proposal.request.series is not None:
            what = series_words.ACCEPT if verb == "accept" else series_words.OFFER
            first = min(slot.start for slot in proposal.slots)
            label = f"{what} from {times.begin(first, turn.me, turn.now)}{suffix}"[:LONGEST_LABEL]
            actions.append(Action(f"series:{verb}:{proposal.id}", label))
            continue
        actions += [
            Action(
                f"{verb}:{proposal.id}:{slot.start}",
                f"{act}{times.begin(slot.start, turn.me, turn.now)}{suffix}",
            )
            for slot in sorted(proposal.slots, key=lambda slot: slot.start)
            if verb == "offer" or slot.start in proposals.acceptable(turn.me.id, proposal)
        ]
    message: Outgoing = views.plain(words.WHICH_ONE, actions=actions[:9])
    return Reply((message,), turn.talk)
