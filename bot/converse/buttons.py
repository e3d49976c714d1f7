"""A button -> its handler, by its verb: the only place that knows which button leads where.

An action is "verb:argument:..."; the handlers check whether the arguments still make sense.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.converse import (
    agenda,
    answer,
    around,
    asker,
    calendars,
    connect,
    doctor,
    help,  # noqa: A004  # the handler is called as the command
    mailed,
    meetings,
    preferences,
    reach,
    schedule,
    series,
    series_change,
    topics,
    unlocking,
    wishing,
)
from bot.converse.admin import admin_action
from bot.converse.turn import Reply, say
from bot.converse.when import context_of
from bot.speak import words
from bot.understand.intent import Intent
from bot.understand.read import read
from core.errors import IllegalStep, NotFound, Refused
from core.ids import EffectId, PersonId
from core.use_cases.retry_delivery import retry_own

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from core.ports import Ports

LONGEST_NUMBER = 15  # digits of an id or instant; longer ones are no number of ours


async def press(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Act on a button; one that makes no sense any more says so."""
    verb, *rest = turn.incoming.action.split(":")
    args = tuple(rest)
    handler = VERBS.get(verb)
    if handler is None:
        return say(turn.talk, words.OLD_BUTTON)
    try:
        return await handler(ports, turn, roster, args)
    except (NotFound, IllegalStep, OldFormError):
        return say(turn.talk, words.OLD_BUTTON)
    except Refused:
        return say(turn.talk, words.NOT_YOURS)


async def _book_button(ports: Ports, turn: Turn, roster: Roster, args: tuple[str, ...]) -> Reply:
    """Look for times with one person, as the button under a welcome or a cancellation asks."""
    partner = await ports.store.read(lambda tx: tx.people.get(PersonId(_one(args))))
    if partner.org_id != turn.me.org_id:
        raise NotFound(partner.id)
    talk = turn.talk.about(partner=[partner.id])
    reading = read("book", context_of(turn, roster))
    reading = replace(reading, intent=Intent.BOOK, people=(), time=None)
    turn = replace(turn, talk=talk)
    return await doctor.asking(ports, turn, await schedule.book(ports, turn, roster, reading))


async def _link_button(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    if args and args[0] == "skip":
        return say(turn.talk, words.LINK_SKIPPED)
    return await preferences.save_link(ports, turn, turn.incoming.values.get("link", ""))


async def _retry_button(ports: Ports, turn: Turn, effect_id: str) -> Reply:
    """Try a delivery again, for whom it concerns and for administrators."""
    if not effect_id.isdecimal() or len(effect_id) > LONGEST_NUMBER:
        raise OldFormError
    revived = await retry_own(ports, turn.me.id, EffectId(int(effect_id)))
    if revived is None:
        return await admin_action(ports, turn, ("retry", effect_id))
    return say(turn.talk, words.RETRIED if revived else words.RETRIED_ALREADY)


VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "offer": lambda p, t, _r, a: answer.offer(p, t, *_two(a)),
    "offers": lambda p, t, _r, a: answer.offer_many(p, t, _one(a).split(",")),
    "accept": lambda p, t, _r, a: answer.accept(p, t, *_at(a)),
    "over": lambda p, t, _r, a: answer.accept(p, t, _one(a), *_starts(a[1:]), over=True),
    "decline": lambda p, t, _r, a: answer.decline(p, t, _one(a)),
    "most": lambda p, t, _r, a: answer.ask_most(p, t, *_at(a)),
    "settle": lambda p, t, _r, a: answer.settle(p, t, *_at(a)),
    "withdraw": lambda p, t, _r, a: answer.withdraw(p, t, _one(a)),
    "more": lambda p, t, _r, a: asker.more(p, t, _one(a)),
    "none": lambda p, t, _r, a: asker.none_of_these(p, t, _one(a)),
    "other": lambda p, t, r, a: asker.read_otherwise(p, t, r, _one(a)),
    "else": lambda p, t, _r, a: asker.somebody_else(p, t, _one(a)),
    "pick": lambda p, t, r, a: asker.picked(p, t, r, *_two(a)),
    "book": _book_button,
    "show": lambda p, t, _r, a: meetings.show(p, t, _one(a)),
    "cancel": lambda p, t, _r, a: meetings.cancel(p, t, _one(a), *a[1:2]),
    "move": lambda p, t, r, a: meetings.pick_to_move(p, t, r, _one(a)),
    "connect": lambda p, t, r, a: connect.action(p, t, r, (_one(a), *a[1:])),
    "disconnect": lambda p, t, _r, a: calendars.disconnect(p, t, *a[:2]),
    "nudge": lambda p, t, _r, a: calendars.nudge(p, t, _one(a)),
    "doctor": lambda p, t, r, _a: doctor.show(p, t, r),
    "link": lambda p, t, _r, a: _link_button(p, t, a),
    "help": lambda p, t, r, _a: help.show_help(p, t, r),
    "retry": lambda p, t, _r, a: _retry_button(p, t, _one(a)),
    "admin": lambda p, t, _r, a: admin_action(p, t, a),
    "series": lambda p, t, _r, a: series.action(p, t, a),
    "rest": lambda p, t, r, a: series_change.picked(p, t, r, _one(a), a[1:]),
    **reach.VERBS,
    **agenda.VERBS,
    **topics.VERBS,
    **around.VERBS,
    **wishing.VERBS,
    **mailed.VERBS,
    **unlocking.VERBS,
}


class OldFormError(Exception):
    """A button of an earlier version, whose arguments are others."""


def _one(args: tuple[str, ...]) -> str:
    """Return the first argument of a button."""
    if not args or not args[0]:
        raise OldFormError
    return args[0]


def _two(args: tuple[str, ...]) -> tuple[str, str]:
    """Return the two arguments of a button."""
    if len(args) != 2:
        raise OldFormError
    return args[0], args[1]


def _starts(args: tuple[str, ...]) -> list[int]:
    """Return starts in epoch seconds, at least one."""
    if not args or not all(one.isdecimal() and len(one) <= LONGEST_NUMBER for one in args):
        raise OldFormError
    return [int(one) for one in args]


def _at(args: tuple[str, ...]) -> tuple[str, int]:
    """Return an id and a start in epoch seconds."""
    first, second = _two(args)
    if not second.isdecimal() or len(second) > LONGEST_NUMBER:
        raise OldFormError
    return first, int(second)
