"""A session gets its time: it is stored, and all that follows from it is queued with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.booking.plan import plan
from core.reminding import arrange
from core.rooms import makes_room

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.booking.meeting import Meeting
    from core.effects import Effect
    from core.ids import PersonId
    from core.ports import Calendars, Tx


def record(
    tx: Tx,
    services: Calendars,
    before: Meeting | None,
    after: Meeting,
    leftovers: Iterable[Effect],
    actor: PersonId,
    now: int,
) -> None:
    """Claim the time of a session that is new or was moved, store it, and queue what has to reach
    people and calendars, its reminders among that. `leftovers` take away the copies it leaves
    behind; `actor` reads the outcome where they acted. Raises TimeTaken.
    """
    tx.meetings.claim(after)
    tx.meetings.save(after)
    room = makes_room(tx, services, after)
    for effect in (*leftovers, *plan(before, after, actor, now, room=room)):
        tx.effects.add(effect)
    arrange(tx, after, now)
