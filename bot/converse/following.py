"""A sentence that goes on with the last request: it corrects what is looked for, or moves the
session that has come of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.converse import asker, meetings, schedule
from bot.converse.corrections import INSTEAD, corrected, minutes_of, speaks_of_it
from bot.converse.turn import say
from bot.speak import session_words
from bot.understand.cannot import REASONS
from bot.understand.intent import Intent
from core.booking.meeting import MeetingState
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
    r"\b(?:add|invite|include|bring|remove|take|drop)\b.*\b(?:to|into|from|off|out of)\s+"
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


def _drops(turn: Turn, reading: Reading, open_now: tuple[Proposal, ...]) -> bool:
    """Tell whether a bare "cancel" means the times that were just found, and no session."""
    talked_of = turn.talk.topic.get("proposal")
    drafted = any(p.id == talked_of and p.request.asker == turn.me.id for p in open_now)
    return drafted and reading.intent is Intent.CANCEL and CANCEL.match(reading.text) is not None


async def _came_of(ports: Ports, turn: Turn, proposal_id: str) -> Meeting | None:
    """Return the session that was booked by a proposal, while it stands and lies ahead."""

    def load(tx: Tx) -> Meeting | None:
        try:
            booked = tx.proposals.get(ProposalId(proposal_id)).meeting_id
            return tx.meetings.get(booked) if booked else None
        except NotFound:
            return None

    meeting = await ports.store.read(load) if proposal_id else None
    stands = meeting is not None and meeting.state is MeetingState.BOOKED
    return meeting if meeting and stands and meeting.start > turn.now else None
