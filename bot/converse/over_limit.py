"""Accepting one session more than somebody wants at most: told first, taken by their own word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Style
from bot.converse.turn import Reply
from bot.speak import times, views, wish_words
from core.undoing import is_recent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.turn import Turn

TOLD = "over"  # in the topic of a conversation: the proposal and the start that were told, and when


def tell(turn: Turn, proposal_id: str, starts: Sequence[int]) -> Reply:
    """Say that the first of these starts is more than the person wants; with a button that takes
    them all the same.
    """
    text = wish_words.OVER.format(time=times.begin(starts[0], turn.me, turn.now))
    which = ":".join(str(start) for start in starts)
    take = Action(f"over:{proposal_id}:{which}", wish_words.OVER_TAKE, Style.PRIMARY)
    talk = turn.talk.about(**{TOLD: [proposal_id, starts[0], turn.now]})
    return Reply((views.plain(text, actions=[take]),), talk)


def is_told(turn: Turn, proposal_id: str, start: int) -> bool:
    """Tell whether a person who says yes in words was just told that this is one more than they
    want. A press on the time may be a double click, so it takes the button made for it.
    """
    about, at, when = turn.talk.topic.get(TOLD) or ("", 0, 0)
    told = (about, at) == (proposal_id, start) and is_recent(int(when), turn.now)
    return bool(turn.incoming.text) and told
