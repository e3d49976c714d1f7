"""What becomes of the sessions of a series that a clock change moves on somebody's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.converse import meetings, series_change
from bot.converse.turn import Reply, say
from bot.message import Outgoing
from bot.speak import clock_words as said
from bot.speak import rhythm, times, views
from bot.speak.series_change_words import WHEN
from core.booking.series import present
from core.errors import NotFound
from core.ids import SeriesId
from core.radar import moved

if TYPE_CHECKING:
    from bot.converse.turn import Turn
    from core.booking.meeting import Meeting
    from core.booking.series import Series
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.timing.drift import Drift

LONGEST = 15  # digits of an instant on a button


async def press(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Keep the sessions where the change puts them, or look whether they can stay where they were
    on one's own clock, which the others have to agree to; or ask to when the rest is to be moved.
    """
    what, series_id, change = args
    if what == "rest":
        return say(turn.talk, WHEN)
    if what not in ("keep", "stay") or not change.isdecimal() or len(change) > LONGEST:
        raise NotFound(series_id)
    series, drift, ahead, people = await ports.store.read(
        lambda tx: _load(tx, turn, SeriesId(series_id), int(change))
    )
    subject = f"clocks:{series_id}:{change}"
    if drift is None:
        return say(turn.talk, said.GONE, subject=subject)
    if what == "keep":
        kept = said.KEPT.format(rhythm=rhythm.rhythm(present(series, ahead.values(), turn.now)))
        return say(turn.talk, kept, subject=subject)
    others = [p for p in series.people if p != turn.me.id]
    names, back = views.names(people, others, turn.me.id), drift.minutes * 60
    clock = times.clock(drift.starts[0] - back, turn.me.zone)
    intro = said.STAYING.format(time=f"{clock} {times.city(turn.me.zone)}", names=names)
    if len(drift.starts) == 1:
        meeting = ahead[drift.starts[0]]
        to = (meeting.start - back, meeting.end - back)
        reply = await meetings.move(ports, turn, meeting.id, to)
    else:
        reply = await series_change.by_minutes(ports, turn, series.id, drift.starts, -drift.minutes)
    return Reply((Outgoing(intro), *reply.messages), reply.talk)


def _load(
    tx: Tx, turn: Turn, series_id: SeriesId, change: int
) -> tuple[Series, Drift | None, dict[int, Meeting], dict[PersonId, Person]]:
    """Raises NotFound for a series of others."""
    series = tx.meetings.series(series_id)
    if turn.me.id not in series.people:
        raise NotFound(series_id)
    held = tx.meetings.of_series(series_id)
    drift = moved(series, held, turn.me.zone, change, turn.now)
    return series, drift, {m.start: m for m in held}, tx.people.many(series.people)
