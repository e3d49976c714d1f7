"""The doctor in chat: what is wrong with my calendar, and what to do (A36, R47)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.card import Action, Card, Style
from bot.converse.admin import admin_command
from bot.converse.turn import Reply, watched
from bot.message import Outgoing
from bot.speak import doctor_words
from bot.speak.doctor_notices import wants_calendar
from bot.speak.doctor_views import examined
from core.ids import ProgrammeId
from core.use_cases.examine import examine

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from core.ports import Ports

_MINE = r"(?:my|the) (?:\w+ )?(?:calendars?|connection|calendar connection)"
_NOT = r"(?:can(?:'t|’t|t|not| not)|do(?:n'?t|n’t| not))"
_SEE = r"(?:see|read|check|open|access|reach)"
ASKED = re.compile(
    rf"^(?:(?:please )?(?:run |call |ask |see )?(?:the |a |my )?doctor(?: please)?|"
    rf"what(?:'s|’s|s| is) (?:wrong|the (?:matter|problem)) with {_MINE}|"
    rf"why {_NOT} you {_SEE} {_MINE}|why (?:can|do) you not {_SEE} {_MINE}|"
    rf"why (?:is|are) {_MINE} (?:broken|shut|not (?:connected|working)|disconnected)|"
    rf"why (?:is|are)n(?:'|’)?t {_MINE} (?:connected|working)|"
    rf"why (?:does|do)(?:n(?:'|’)?t| not)? {_MINE} (?:not )?work|"
    rf"(?:can|do) you (?:still )?(?:see|read|access|reach) {_MINE}|you {_NOT} {_SEE} {_MINE}|"
    rf"(?:is|are) {_MINE} (?:ok|okay|well|working|broken|all right|fine)|"
    rf"{_MINE} (?:is|are|seems?) (?:not working|broken)|{_MINE} (?:is|are)n(?:'|’)?t working|"
    rf"(?:does|do) {_MINE} (?:still )?work|{_MINE} (?:doesn|don)(?:'|’)?t work|"
    rf"(?:test|examine|diagnose) {_MINE}|check my (?:calendar )?connection)\W*$",
    re.IGNORECASE,
)


def is_asked(text: str) -> bool:
    """Tell whether a sentence asks for the doctor."""
    return ASKED.match(text) is not None


async def show(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Look at the person's own calendars live; administrators see their programmes as well."""
    found = await watched(turn, examine(ports, turn.me.id), doctor_words.LOOKING)
    contacts = [p.contacts for p in roster.policies.values() if p.contacts]
    mine = examined(found, turn.me, turn.now, f": {contacts[0]}" if contacts else "")
    if not roster.administers:
        return Reply((mine,), turn.talk)
    theirs = await admin_command(ports, turn, "doctor")
    if roster.arranges and not found.calendars:
        return theirs  # who only administers needs no calendar
    return Reply((mine, *theirs.messages), theirs.talk)


async def asking(ports: Ports, turn: Turn, reply: Reply) -> Reply:
    """Ask who books for a calendar, each time, where the programme requires one (X5)."""
    shown = any(message.subject.startswith("proposal:") for message in reply.messages)
    programme_id = reply.talk.topic.get("programme")
    if not shown or not programme_id:
        return reply
    line = await ports.store.read(
        lambda tx: wants_calendar(tx, turn.me, ProgrammeId(programme_id), ports.calendars)
    )
    if not line:
        return reply
    action = Action("connect:start", doctor_words.CONNECT, Style.PRIMARY)
    asked = Outgoing(line, Card(actions=(action,)))
    return Reply((*reply.messages, asked), reply.talk)
