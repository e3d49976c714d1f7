"""How many of their sessions a pair has used: those that stand or were held, and those that were
cancelled so late that the programme lets them count. What did not take place does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.booking.meeting import MeetingState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from core.booking.meeting import Meeting
    from core.ids import MeetingId, PersonId, ProgrammeId
    from core.ports import Tx

CANCELLED = "cancelled"  # the kind of references about sessions that were called off
COUNTED = frozenset({MeetingState.BOOKED, MeetingState.HELD})
EVER = (0, 1 << 40)


@dataclass(frozen=True, slots=True)
class Count:
    """The sessions of two people: `limit` 0 is any number, `numbers` the place of each in order."""

    limit: int
    numbers: Mapping[MeetingId, int]

    @property
    def used(self) -> int:
        """How many have been used or booked."""
        return len(self.numbers)

    @property
    def is_full(self) -> bool:
        """Whether one more would be more than the programme gives them."""
        return bool(self.limit) and self.used >= self.limit


def numbered(meetings: Iterable[Meeting], charged: Collection[MeetingId]) -> dict[MeetingId, int]:
    """Return the sessions that count with their numbers, in order of time."""
    counted = [
        m
        for m in meetings
        if m.state in COUNTED or (m.state is MeetingState.CANCELLED and m.id in charged)
    ]
    counted.sort(key=lambda m: (m.start, m.id))
    return {meeting.id: number for number, meeting in enumerate(counted, start=1)}


def count(tx: Tx, programme_id: ProgrammeId, people: Iterable[PersonId]) -> Count | None:
    """Return the count of two people in a programme; None for a group, whose sessions are not
    counted, and where the programme gives any number.
    """
    pair = frozenset(people)
    limit = load_policy(tx, tx.programmes.get(programme_id)).sessions
    if len(pair) != 2 or not limit:
        return None
    return tally(tx, programme_id, pair, limit)


def tally(tx: Tx, programme_id: ProgrammeId, pair: frozenset[PersonId], limit: int) -> Count:
    """Return the count of two people, whatever the programme gives them."""
    one = min(pair)
    shared = [
        m
        for m in tx.meetings.of_person(one, EVER)
        if m.programme_id == programme_id and frozenset(m.people) == pair
    ]
    called_off = [m.id for m in shared if m.state is MeetingState.CANCELLED]
    return Count(limit, numbered(shared, {i for i in called_off if is_charged(tx, i)}))


def is_charged(tx: Tx, meeting_id: MeetingId) -> bool:
    """Tell whether a cancelled session counts all the same."""
    data = tx.references.get(CANCELLED, meeting_id, "terms")
    return bool(data and data.get("counts"))


def note_cancelled(tx: Tx, meeting_id: MeetingId, by: PersonId, *, counts: bool) -> None:
    """Remember who called a session off, and whether it counts."""
    tx.references.put(CANCELLED, meeting_id, "terms", {"by": by, "counts": counts})


def cancelled_by(tx: Tx, meeting_id: MeetingId) -> str:
    """Return who called a session off; empty when nobody did, or when it was booked anew."""
    data = tx.references.get(CANCELLED, meeting_id, "terms")
    return str((data or {}).get("by", ""))


def forgive(tx: Tx, meeting_id: MeetingId) -> None:
    """Let a cancelled session count no more: it was booked anew."""
    tx.references.remove(CANCELLED, meeting_id, "terms")
