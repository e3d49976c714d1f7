"""What was last done for a person in this conversation, so that it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.state import Conversation


class Kind(StrEnum):
    """What can be taken back, besides preferences."""

    OFFER = "offer"  # of proposals
    BOOKING = "booking"  # of a session, at one press
    AGREED = "agreed"  # a session that all had to accept
    MOVED = "moved"  # a session to another time; the second id is the sequence it got by that
    SERIES = "series"  # a series that was booked
    CHANGED = "changed"  # all that is to come of a series, as its people have agreed
    ENDED = "ended"  # a series, or what was to come of it after a day
    CANCELLING = "cancelling"  # of a session
    AGENDA = "agenda"  # what sessions are about; the ids are the line, each session and its old one
    NOTED = "noted"  # what a proposal is about; the ids are the line, the proposal and its old one
    PRIMARY = "primary"  # another calendar for sessions; the ids are the old account and calendar
    STAY = "stay"  # in another zone, for some days to come
    SETTING = "setting"  # of an organisation or a programme; the ids are as in its undo's button
    REMINDERS = "reminders"  # when to be reminded; the ids are the leads before, none for unset


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done at an instant, to things with these ids."""

    kind: Kind
    ids: tuple[str, ...]
    at: int


def did(talk: Conversation, kind: Kind, ids: Sequence[str], now: int) -> Conversation:
    """Return the conversation with this as the last deed; older ones cannot be undone."""
    deed = {"kind": kind.value, "ids": list(ids), "at": now}
    return replace(talk, topic={**talk.topic, "did": deed, "undo": None})


def forget(talk: Conversation) -> Conversation:
    """Return the conversation without a deed to take back."""
    return replace(talk, topic={**talk.topic, "did": None})


def last(talk: Conversation) -> Deed | None:
    """Return what was done last, if it is anything that can be taken back."""
    stored: Any = talk.topic.get("did")
    if not stored:
        return None
    return Deed(Kind(stored["kind"]), tuple(stored["ids"]), int(stored["at"]))
