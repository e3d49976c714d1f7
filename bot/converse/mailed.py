"""The buttons under what came by mail: whether an answer counts, a time to move to, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.converse import meetings
from bot.converse.turn import Reply, say
from bot.message import holds_credential, readable
from bot.speak import mailroom_notices, times, views
from bot.speak import mailroom_words as said
from core.booking.meeting import Rsvp
from core.errors import NotFound, Refused
from core.ids import MeetingId, PersonId
from core.notices import Notice, NoticeKind, as_effect
from core.programme import Objection, Rule
from core.use_cases import change_meeting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from core.ports import Ports, Tx

LONGEST = 1500  # characters that are passed on
LONGEST_NUMBER = 15  # digits of an instant
MOST_READERS = 6


async def confirm(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Take an answer that came by mail as the person's own, or leave everything as it is."""
    if args == ("none",):
        return say(turn.talk, said.NOT_MINE)
    if len(args) != 2 or args[1] not in said.NOTED:
        raise NotFound("button")
    rsvp = Rsvp(args[1])
    changed = await change_meeting.answer(ports, MeetingId(args[0]), turn.me.id, rsvp)
    meeting, me = changed.meeting, turn.me
    if rsvp is Rsvp.DECLINED:
        text, card = await ports.store.read(lambda tx: mailroom_notices.after_no(tx, meeting, me))
        return say(turn.talk, text, card)
    time = times.of_meeting(meeting, me)
    mine = meeting.attendee(me.id)
    return say(turn.talk, said.NOTED[mine.rsvp if mine else rsvp].format(time=time))


async def move_to(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Look whether the session can be moved to a time that somebody proposed by mail."""
    numbers = args[1:]
    if len(args) != 3 or not all(n.isdecimal() and len(n) <= LONGEST_NUMBER for n in numbers):
        raise NotFound("button")
    return await meetings.move(ports, turn, args[0], (int(args[1]), int(args[2])))


async def tell(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Pass on what the person wrote, to the others of a session or to people of a mail."""
    text = readable(turn.incoming.values.get("why", "")).strip()[:LONGEST]
    if not text or holds_credential(text):
        return say(turn.talk, said.TELL_WHAT)
    if len(args) != 2:
        raise NotFound("button")
    kind, target = args

    def work(tx: Tx) -> str:
        facts = {"by": turn.me.id, "text": text}
        if kind == "m":
            facts["meeting"] = target
        readers = _readers(tx, turn, kind, target)
        for one in readers:
            notice = Notice(one, NoticeKind.MAILED, "", facts)
            tx.effects.add(as_effect(notice, f"{turn.me.id}:{turn.now}", turn.now))
        return views.names(tx.people.many(readers), readers, turn.me.id)

    return say(turn.talk, said.TOLD.format(names=await ports.store.transact(work)))


def _readers(tx: Tx, turn: Turn, kind: str, target: str) -> list[PersonId]:
    """Return who is to read it. Raises NotFound, Refused for a session of others."""
    if kind == "m":
        meeting = tx.meetings.get(MeetingId(target))
        if meeting.attendee(turn.me.id) is None:
            raise Refused(Objection(Rule.RIGHTS, meeting.owner))
        return [p for p in meeting.people if p != turn.me.id]
    people = tx.people.many(PersonId(one) for one in target.split(",")[:MOST_READERS])
    found = [p.id for p in people.values() if p.org_id == turn.me.org_id and p.active]
    if not found:
        raise NotFound("reader")
    return found


VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "mailed": lambda p, t, _r, a: confirm(p, t, a),
    "moveto": lambda p, t, _r, a: move_to(p, t, a),
    "tell": lambda p, t, _r, a: tell(p, t, a),
}
