"""Answers to proposals: offered, accepted, declined, settled, taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action
from bot.converse import over_limit, series
from bot.converse.deeds import Kind, did
from bot.converse.schedule import (
    load_proposal,
    not_the_asker,
    scene_for,
    scene_of,
    search,
)
from bot.converse.turn import Reply, say, watched
from bot.message import Outgoing
from bot.speak import group_words, proposals, views, words
from core.booking.proposal import ProposalState
from core.connecting import load_status
from core.errors import Refused
from core.ids import ProposalId
from core.use_cases import answer_proposal
from core.use_cases.answer_proposal import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.state import Conversation
    from bot.converse.turn import Turn
    from core.ports import Ports


async def offer(ports: Ports, turn: Turn, proposal_id: str, which: str) -> Reply:
    """Offer one, several or all times of a drafted proposal: "all", or starts with commas."""
    proposal = await load_proposal(ports, proposal_id)
    if turn.me.id != proposal.request.asker:
        return await not_the_asker(ports, turn, proposal)
    if proposal.request.series is not None:
        return await series.offer(ports, turn, proposal)
    every = tuple(slot.start for slot in proposal.slots)
    named = which.split(",")
    starts = every if which == "all" else tuple(s for s in every if str(s) in named)
    if not starts:
        return say(turn.talk, words.OLD_BUTTON)
    work = answer_proposal.offer(ports, proposal.id, turn.me.id, starts)
    return await outcome(ports, turn, await watched(turn, work, words.CHECKING))


async def offer_many(ports: Ports, turn: Turn, ids: Sequence[str]) -> Reply:
    """Offer several drafted proposals, each with all its times."""
    messages: list[Outgoing] = []
    results: list[Result] = []
    for proposal_id in ids:
        proposal = await load_proposal(ports, proposal_id)
        if turn.me.id != proposal.request.asker:
            return await not_the_asker(ports, turn, proposal)
        starts = tuple(slot.start for slot in proposal.slots)
        work = answer_proposal.offer(ports, proposal.id, turn.me.id, starts)
        results.append(await watched(turn, work, words.CHECKING))
        messages += (await outcome(ports, turn, results[-1])).messages
    if all(result.outcome is Outcome.OFFERED and result.fresh for result in results):
        names = views.names(results[0].people, proposal.request.invitees, turn.me.id)
        count = words.every(len(results))
        messages.append(Outgoing(words.OFFERED_ALL.format(count=count, names=names)))
    offered = [r.proposal.id for r in results if r.outcome is Outcome.OFFERED and r.fresh]
    talk = did(turn.talk, Kind.OFFER, offered, turn.now) if offered else turn.talk
    return Reply(tuple(messages), talk)


async def accept(
    ports: Ports, turn: Turn, proposal_id: str, *starts: int, over: bool = False
) -> Reply:
    """Accept one offered time; in a vote several, until one of them is booked. What is `over`
    their own limit takes their own word.
    """
    over = over or over_limit.is_told(turn, proposal_id, starts[0])
    asked, me = ProposalId(proposal_id), turn.me.id
    try:
        for one in starts:
            work = answer_proposal.accept(ports, asked, me, one, over=over)
            result = await watched(turn, work, words.CHECKING)
            if result.outcome is not Outcome.WAITING:
                break
    except Refused:
        return say(turn.talk, words.WRONG_PERSON)
    if result.outcome is Outcome.BEYOND:
        return over_limit.tell(turn, proposal_id, starts[starts.index(one) :])
    return await outcome(ports, turn, result)


async def decline(ports: Ports, turn: Turn, proposal_id: str) -> Reply:
    """Say that none of the times suits."""
    try:
        result = await answer_proposal.decline(ports, ProposalId(proposal_id), turn.me.id)
    except Refused:
        return say(turn.talk, words.WRONG_PERSON)
    return await outcome(ports, turn, result)


async def ask_most(ports: Ports, turn: Turn, proposal_id: str, start: int) -> Reply:
    """Offer a time that suits most of a group; whom it does not suit is asked as optional."""
    proposal = await load_proposal(ports, proposal_id)
    if turn.me.id != proposal.request.asker:
        return await not_the_asker(ports, turn, proposal)
    window = (start, start + proposal.request.minutes * 60)
    request = replace(proposal.request, starts=(start,), windows=(window,))
    finding = await search(ports, turn, request, nearby=False)
    if not isinstance(finding, Reply) and finding.proposal is None and finding.partly:
        optional = (*request.optional, *finding.partly[0].missing)
        request = replace(request, optional=tuple(dict.fromkeys(optional)))
        finding = await search(ports, turn, request, nearby=False)
    if isinstance(finding, Reply):
        return finding
    if finding.proposal is None:
        again = Action(f"more:{proposal.id}", "Other times")
        return Reply((views.plain(group_words.MOST_GONE, actions=(again,)),), turn.talk)
    reply = await offer(ports, turn, finding.proposal.id, "all")
    if proposal.state is not ProposalState.DRAFTED:
        return reply
    ended = replace(proposal, state=ProposalState.SUPERSEDED)
    closed = proposals.card(await scene_for(ports, ended, turn.me.id), ended)
    return replace(reply, messages=(closed, *reply.messages))


async def settle(ports: Ports, turn: Turn, proposal_id: str, start: int) -> Reply:
    """Book a time of a vote without those who have not accepted it."""
    proposal = await load_proposal(ports, proposal_id)
    if turn.me.id != proposal.request.asker:
        return await not_the_asker(ports, turn, proposal)
    work = answer_proposal.settle(ports, proposal.id, turn.me.id, start)
    result = await watched(turn, work, words.CHECKING)
    if result.outcome is not Outcome.TAKEN:
        return await outcome(ports, turn, result)
    actions = (Action(f"more:{proposal.id}", "Other times"),)
    said = group_words.VOTE_OPEN if proposal.is_open else group_words.VOTE_GONE
    return Reply((views.plain(said, actions=() if proposal.is_open else actions),), turn.talk)


async def withdraw(ports: Ports, turn: Turn, proposal_id: str) -> Reply:
    """Take a proposal back."""
    proposal = await load_proposal(ports, proposal_id)
    if turn.me.id != proposal.request.asker:
        return await not_the_asker(ports, turn, proposal)
    result = await answer_proposal.withdraw(ports, proposal.id, turn.me.id)
    return await outcome(ports, turn, result)


async def outcome(ports: Ports, turn: Turn, result: Result) -> Reply:
    """Show what became of an answer: the card in place, and the news when there is some."""
    if result.outcome is Outcome.TAKEN:
        return await _taken(ports, turn, result)
    scene = await scene_for(ports, result.proposal, turn.me.id)
    meeting, moves = result.meeting, result.proposal.request.moves
    if meeting is None and moves:
        meeting = await ports.store.read(lambda tx: tx.meetings.get(moves))
    card = proposals.card(scene, result.proposal, meeting)
    if result.meeting is None or turn.me.id not in result.meeting.people:
        typed = result.outcome is Outcome.CLOSED and turn.incoming.text  # wants words of its own
        return Reply((card, Outgoing(card.text)) if typed else (card,), _noted(turn, result))
    if not result.fresh or result.outcome is Outcome.CLOSED:
        return Reply((card,), turn.talk)
    status = await ports.store.read(lambda tx: load_status(tx, turn.me.id))
    news = views.booked(
        scene.people,
        result.meeting,
        turn.me.id,
        scene.programme,
        connected=bool(status.links),
        moved=result.outcome is Outcome.MOVED,
    )
    if result.unchecked:
        names = views.names(scene.people, result.unchecked, turn.me.id)
        doubt = words.NOT_CHECKED_AGAIN.format(names=names)
        news = replace(news, text=f"{news.text} {doubt}")
    return Reply((card, news), _noted(turn, result))


def _noted(turn: Turn, result: Result) -> Conversation:
    """Return the conversation with what was just done, which may be taken back."""
    proposal, me = result.proposal, turn.me.id
    if not result.fresh:
        return turn.talk
    if result.outcome is Outcome.OFFERED and proposal.request.asker == me:
        return did(turn.talk, Kind.OFFER, (proposal.id,), turn.now)
    if result.outcome is Outcome.BOOKED and result.meeting is not None:
        alone = not any(person != me for person in proposal.answers)
        kind = Kind.BOOKING if alone and proposal.request.asker == me else Kind.AGREED
        return did(turn.talk, kind, (result.meeting.id,), turn.now)
    if result.outcome is Outcome.MOVED and result.meeting is not None:
        version = str(result.meeting.sequence)
        return did(turn.talk, Kind.MOVED, (result.meeting.id, version), turn.now)
    return turn.talk


async def _taken(ports: Ports, turn: Turn, result: Result) -> Reply:
    """The time has gone: find new ones for the same request and ask everybody anew (A19)."""
    old = result.proposal
    scene = await scene_for(ports, old, turn.me.id)
    names = views.names(scene.people, result.taken, turn.me.id)
    plural = len(result.taken) > 1 or turn.me.id in result.taken  # "you are"
    whose = words.TAKEN_WHOSE[plural].format(names=names) if names else ""
    lost = old.agreed()
    gone = frozenset(slot.start for slot in old.slots if lost in (None, slot.start))
    gone |= frozenset(old.request.refused)
    request = replace(old.request, starts=())
    alone = views.books_at_once(scene, old)  # then nobody else has seen the lost time
    finding = await search(ports, turn, request, without=gone, replaces=old.id if alone else None)
    if isinstance(finding, Reply):
        return finding
    if finding.proposal is None:
        lapsed = await answer_proposal.lapse(ports, old.id, turn.me.id)
        card = replace(proposals.card(scene, lapsed.proposal), instead="")
        return Reply((card, Outgoing(words.TAKEN_NOTHING.format(whose=whose))), turn.talk)
    lead = words.TAKEN.format(whose="" if alone and finding.missed else whose)
    closed = proposals.card(scene, replace(old, state=ProposalState.SUPERSEDED))
    if alone:
        found = views.found(scene_of(finding, turn.me.id), finding, [lead])
        talk = turn.talk.about(proposal=finding.proposal.id)
        return Reply((closed, found), talk)
    offered = await answer_proposal.offer_instead(ports, old.id, finding.proposal.id, turn.me.id)
    if offered.outcome is Outcome.CLOSED:
        return await outcome(ports, turn, offered)
    moves = old.request.moves
    meeting = await ports.store.read(lambda tx: tx.meetings.get(moves)) if moves else None
    fresh = proposals.card(scene_of(finding, turn.me.id), offered.proposal, meeting)
    news = replace(fresh, text=f"{lead} {fresh.text}")
    talk = turn.talk.about(
        partner=[p for p in request.attendees if p != turn.me.id],
        programme=request.programme_id,
        proposal=offered.proposal.id,
    )
    return Reply((closed, news), talk)
