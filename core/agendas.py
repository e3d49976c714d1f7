"""Writing what sessions are about: of one, or of several of one series with one copy and one mail.

One session of a series may have an agenda of its own: its mail says it, and the copy of the whole
names it by its day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.booking.plan import plan
from core.booking.series_plan import plan_series
from core.convening import reachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.booking.meeting import Meeting
    from core.ids import MeetingId, PersonId, SeriesId
    from core.ports import Tx


def write_one(tx: Tx, meeting: Meeting, line: str, actor: PersonId, now: int) -> Meeting:
    """Write it into one session, and bring everybody's copy and mail up to date."""
    standing, leftovers = reachable(tx, meeting, now)
    after = standing.amend(now, agenda=line)
    tx.meetings.save(after)
    for effect in (*leftovers, *plan(standing, after, actor, now)):
        tx.effects.add(effect)
    return after


def write_series(
    tx: Tx, series_id: SeriesId, lines: Mapping[MeetingId, str], actor: PersonId, now: int
) -> dict[MeetingId, Meeting]:
    """Write a line into each of some booked sessions of a series; return all of its sessions."""
    series, before = tx.meetings.series(series_id), tx.meetings.of_series(series_id)
    after = {m.id: m for m in before}
    leftovers = []
    for meeting_id, line in lines.items():
        standing, left = reachable(tx, after[meeting_id], now)
        after[meeting_id] = standing.amend(now, agenda=line)
        leftovers += left
        tx.meetings.save(after[meeting_id])
    changed = series.changed(before, now)
    tx.meetings.save_series(changed)
    told = plan_series(changed, tuple(after.values()), actor, now, quiet=True)
    for effect in (*leftovers, *told):
        tx.effects.add(effect)
    return after
