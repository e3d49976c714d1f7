"""Buttons of the asker: more times, none of these, somebody else, another reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Note
from bot.converse import questions
from bot.converse.corrections import chosen_before, other_reading
from bot.converse.schedule import (
    book,
    load_proposal,
    not_the_asker,
    scene_for,
    scene_of,
    search,
)
from bot.converse.turn import Reply, say
from bot.converse.when import context_of
from bot.message import Outgoing
from bot.speak import proposals, reasons, series_words, times, views, words
from bot.understand.intent import Intent
from bot.understand.read import read
from core.booking.proposal import ProposalState
from core.errors import NotFound
from core.ids import PersonId
from core.use_cases import answer_proposal

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from core.ports import Ports


async def more(ports: Ports, turn: Turn, proposal_id: str) -> Reply:
    """Show other times for the same request, leaving out all that were shown."""
    proposal = await load_proposal(ports, proposal_id)
    if proposal.request.asker != turn.me.id:
        return await not_the_asker(ports, turn, proposal)
    if proposal.request.series is not None:
        return say(turn.talk, series_words.ANOTHER)
    same = turn.talk.topic.get("proposal") == proposal.id
    shown = set(turn.talk.topic.get("shown", [])) if same else set()
    shown |= {slot.start for slot in proposal.slots} | set(proposal.request.refused)
    replaces = proposal.id if proposal.state is ProposalState.DRAFTED else None
    eased = tuple((ease, who) for ease, who in proposal.request.eased if who == turn.me.id)
    if proposal.state is ProposalState.DRAFTED:  # later nobody is asked for one more exception
        eased = proposal.request.eased
    request = replace(proposal.request, starts=(), eased=eased)
    finding = await search(
        ports, turn, request, without=frozenset(shown), replaces=replaces, nearby=False
    )
    if isinstance(finding, Reply):
        return finding
    scene = scene_of(finding, turn.me.id)
    if finding.proposal is None:
        talk = turn.talk.about(partner=list(request.invitees), programme=request.programme_id)
        left = [Note(text) for text in reasons.unlocks(scene, finding.unlocks, ())]
        text = words.NO_MORE.format(window="in that window")
        return say(talk, text, Card(parts=tuple(left)) if left else None)
    old = replace(proposal, state=ProposalState.SUPERSEDED)
    messages = (proposals.card(scene, old),) if replaces else ()
    talk = turn.talk.about(
        partner=list(request.invitees),
        programme=request.programme_id,
        proposal=finding.proposal.id,
        shown=[*shown, *(s.start for s in finding.proposal.slots)],
    )
    return Reply((*messages, views.found(scene, finding)), talk)


async def none_of_these(ports: Ports, turn: Turn, proposal_id: str) -> Reply:
    """Drop a drafted proposal and ask for another window."""
    proposal = await load_proposal(ports, proposal_id)
    if proposal.request.asker != turn.me.id:
        return await not_the_asker(ports, turn, proposal)
    if proposal.state is not ProposalState.DRAFTED:
        return say(turn.talk, words.OLD_BUTTON)  # others have seen it: it can be taken back only
    result = await answer_proposal.withdraw(ports, proposal.id, turn.me.id)
    scene = await scene_for(ports, result.proposal, turn.me.id)
    request = result.proposal.request
    talk = turn.talk.about(partner=list(request.invitees), programme=request.programme_id)
    card = replace(proposals.card(scene, result.proposal), text=words.SUPERSEDED_BY_YOU)
    whole = request.series is not None
    return Reply((card, Outgoing(series_words.ANOTHER if whole else words.ANOTHER_WINDOW)), talk)


async def somebody_else(ports: Ports, turn: Turn, proposal_id: str) -> Reply:
    """Offer the others of the same name, or ask whom."""
    topic = turn.talk.topic
    if topic.get("proposal") != proposal_id or not topic.get("said"):
        return say(turn.talk, words.EXPIRED_QUESTION)
    others = [PersonId(p) for p in topic.get("others", [])]
    people = await ports.store.read(lambda tx: tx.people.many(others))
    actions = [
        Action(f"pick:0:{p.id}", f"{p.name} ({times.city(p.zone)})") for p in people.values()
    ]
    message = views.plain(words.WHO, actions=actions)
    question = {"text": topic["said"], "picks": {}, "options": questions.options_of(message)}
    return Reply((message,), turn.talk.asking("who", question, turn.now))


async def picked(ports: Ports, turn: Turn, roster: Roster, mention: str, person_id: str) -> Reply:
    """Go on with a request after the question who was meant."""
    question = turn.talk.question
    if question is None or question.kind != "who":
        return say(turn.talk, words.EXPIRED_QUESTION)
    try:
        person = await ports.store.read(lambda tx: tx.people.get(PersonId(person_id)))
    except NotFound:
        return say(turn.talk, words.EXPIRED_QUESTION)
    reading = read(question.data["text"], context_of(turn, roster))
    picks = {int(k): v for k, v in question.data["picks"].items()} | {int(mention): person.id}
    if not reading.people or reading.intent is not Intent.BOOK:
        talk = turn.talk.about(partner=[person.id])
        return await book(ports, replace(turn, talk=talk), roster, replace(reading, people=()))
    return await book(ports, replace(turn, talk=turn.talk.answered()), roster, reading, picks)


async def read_otherwise(ports: Ports, turn: Turn, roster: Roster, index: str) -> Reply:
    """Search again with the other reading of what was said."""
    said = turn.talk.topic.get("said")
    other = None
    if said and index.isdecimal():
        other = other_reading(turn, roster, said, int(index))
    if other is None:
        return say(turn.talk, words.EXPIRED_QUESTION)
    talked_of = turn.talk.topic.get("proposal", "")
    return await book(ports, turn, roster, other, chosen_before(turn, other), talked_of)
