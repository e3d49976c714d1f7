"""Telling many people at once: later than what people ask for themselves, and spread in time.

News has a lane of its own: a notice that waits for its time must not hold back what the same
person is to be told at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.effects import GIVE_UP, Effect, EffectState
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from core.ids import PersonId
    from core.ports import Tx
    from core.programme import Programme

HEAD_START = 30
"""Seconds before the first of many is told."""
PER_SECOND = 20
"""Rows of a list told in one second."""
MARGIN = 10
"""Seconds before its time in which a welcome counts as being told already."""
FIRST = "first"
"""The key of the one welcome of a person."""


def due_at(now: int, row: int) -> int:
    """Return when the row of this number, counted from 0, is told (epoch seconds)."""
    return now + HEAD_START + row // PER_SECOND


def later(notice: Notice, key: str, at: int) -> Effect:
    """Return the effect that tells a notice at an instant to come."""
    effect = as_effect(notice, key, at)
    return replace(effect, lane=f"news:{notice.to}", give_up_at=at + GIVE_UP)


def left(person_id: PersonId, programme: Programme) -> Notice:
    """Return the notice that tells somebody that they have left a programme themselves."""
    facts = {"programme": str(programme.id), "person": str(person_id)}
    return Notice(person_id, NoticeKind.LEFT, "", facts)


def is_welcome_ahead(tx: Tx, person_id: PersonId, programme: Programme, now: int) -> bool:
    """Tell whether somebody's welcome to a programme is still to come: it names the partners
    that they have when it is told.
    """
    effect = tx.effects.by_key(f"notify:{NoticeKind.WELCOME}:{person_id}:{FIRST}")
    return (
        effect is not None
        and effect.state is EffectState.READY
        and effect.attempts == 0  # taken up already, it may have been put in words without them
        and effect.due_at > now + MARGIN
        and effect.payload.get("programme") == programme.id
    )
