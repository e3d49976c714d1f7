"""A sentence that goes on with the last request: it corrects what is looked for, or moves the
session that has come of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.converse import asker, meetings, schedule
from bot.converse.correction_marks import INSTEAD, minutes_of, refines
from bot.converse.corrections import changed, corrected, speaks_of_it
from bot.converse.turn import say
from bot.converse.when import context_of
from bot.speak import proposals, session_words
from bot.understand.cannot import REASONS
from bot.understand.intent import Intent
from bot.understand.read import read
from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState
from core.errors import NotFound
from core.ids import ProposalId

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Reply, Turn
    from bot.understand.intent import Reading
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ports import Ports, Tx

CAST = re.compile(
    r"\b(?:add|invite|include|bring|remove|take|drop)\b"
    r"(?! (?:an?|half|\d+|another|more|some) ).*\b(?:to|into|from|off|out of)\s+"
    r"(?:(?:the|my|our|that|this)\s+(?:\w+(?:'s)?\s+){0,2}(?:session|meeting|call|chat)\b|it\W*$)",
    re.IGNORECASE,
)
CANCEL = re.compile(
    r"^\W*(?:please )?cancel(?: (?:it|that|this|these|them))?(?: please)?\W*$", re.IGNORECASE
)


async def in_words(
    ports: Ports, turn: Turn, roster: Roster, reading: Reading, open_now: tuple[Proposal, ...]
) -> Reply | None:
    """Go on with the last request; None for a sentence that is one of its own."""
    if _drops(turn, reading, open_now):
        return await asker.none_of_these(ports, turn, turn.talk.topic["proposal"])
    moved = await _moves_on(ports, turn, roster, reading, open_now)
    if moved is not None:
        return moved
    named = reading.reason in REASONS  # the session of that day
    said = speaks_of_it(turn, reading) and INSTEAD.search(reading.text) and not named
    correction = corrected(turn, roster, reading, open_now)
    if correction is None and reading.people and CAST.search(reading.text):
        return say(turn.talk, session_words.SAME_PEOPLE)
    if correction is None and not said:
        return None
    talked_of = turn.talk.topic.get("proposal", "")
    if not reading.people:
        meeting = await _came_of(ports, turn, talked_of)
        if meeting is not None:
            wish = replace(reading, duration_minutes=minutes_of(reading), move_from=None)
            return await meetings.move_to(ports, turn, roster, meeting, wish)
    if correction is None:
        return None
    return await schedule.book(
        ports, turn, roster, correction.reading, {}, talked_of, correction.fixes
    )


async def _moves_on(
    ports: Ports, turn: Turn, roster: Roster, reading: Reading, open_now: tuple[Proposal, ...]
) -> Reply | None:
    """Go on looking for a new time of a session with what a sentence changes of the wish."""
    topic = turn.talk.topic
    old = next((p for p in open_now if p.id == topic.get("proposal") and p.request.moves), None)
    wished = [str(text) for text in topic.get("wished", ())]
    if old is None or old.state is not ProposalState.DRAFTED or not wished:
        return None
    if reading.reason in REASONS or not refines(reading):
        return None
    moves = old.request.moves
    meeting = await ports.store.read(lambda tx: tx.meetings.get(moves)) if moves else None
    if meeting is None or meeting.state is not MeetingState.BOOKED:
        return None
    context = context_of(turn, roster)
    wish = read(wished[0], context)
    for text in wished[1:]:
        wish = changed(wish, read(text, context))
    wish = replace(changed(wish, reading), text=reading.text, shift_minutes=None)
    reply = await meetings.move_to(ports, turn, roster, meeting, wish, old.id)
    if reply.talk.topic.get("proposal") in (None, "", old.id):
        return reply
    ended = replace(old, state=ProposalState.SUPERSEDED)
    closed = proposals.card(await schedule.scene_for(ports, old, turn.me.id), ended)
    return replace(reply, messages=(closed, *reply.messages))


def _drops(turn: Turn, reading: Reading, open_now: tuple[Proposal, ...]) -> bool:
    """Tell whether a bare "cancel" means the times that were just found, and no session."""
    talked_of = turn.talk.topic.get("proposal")
    drafted = any(p.id == talked_of and p.request.asker == turn.me.id for p in open_now)
    return drafted and reading.intent is Intent.CANCEL and CANCEL.match(reading.text) is not None


async def _came_of(ports: Ports, turn: Turn, proposal_id: str) -> Meeting | None:
    """Return the session that a proposal led to in the end, while it stands and lies ahead."""

    def load(tx: Tx) -> Meeting | None:
        try:
            proposal = tx.proposals.get(ProposalId(proposal_id))
            while proposal.replaced_by:  # other times were proposed instead, and those were booked
                proposal = tx.proposals.get(proposal.replaced_by)
            booked = proposal.meeting_id
            return tx.meetings.get(booked) if booked else None
        except NotFound:
            return None

    meeting = await ports.store.read(load) if proposal_id else None
    stands = meeting is not None and meeting.state is MeetingState.BOOKED
    return meeting if meeting and stands and meeting.start > turn.now else None
