"""Which sessions an answer by mail is about: by UID, and in a series by RECURRENCE-ID.

A session's id is the left side of its UID. Those of a series share the first one's; programs
outside name one of them by its slot, and mean all of them by naming none (RFC 5545 3.8.4.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.booking.series import sequence_of
from core.errors import NotFound
from core.ids import MeetingId
from core.mail_in import Said

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.mail_in import CalendarAnswer
    from core.ports import Tx

MEETING = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Session:
    """One session that is meant; `sequence` is the one that went out with it, `whole` says that
    all of a series are meant.
    """

    meeting: Meeting
    sequence: int
    whole: bool = False

    def is_newer_than(self, answer: CalendarAnswer) -> bool:
        """Tell whether an answer is to an earlier version (RFC 5546 2.1.5)."""
        if answer.sequence is not None:
            return answer.sequence < self.sequence
        if answer.start is None or answer.method is not Said.REPLY or self.whole:
            return False
        return answer.start != self.meeting.start


def sessions_meant(tx: Tx, answer: CalendarAnswer) -> tuple[Session, ...] | None:
    """Return the sessions, by slot; none where it names one that there is not, None where the
    UID is not ours.
    """
    uid = answer.uid.strip().lower()
    left = uid.partition("@")[0]
    if not MEETING.fullmatch(left):
        return None
    try:
        meeting = tx.meetings.get(MeetingId(left))
    except NotFound:
        return None
    if meeting.uid.lower() != uid:
        return None
    if meeting.series is not None:
        return _in_series(tx, meeting, answer.occurrence)
    known = answer.occurrence in (None, 0, meeting.start)
    return (Session(meeting, meeting.sequence),) if known else ()


def _in_series(tx: Tx, first: Meeting, slot: int | None) -> tuple[Session, ...]:
    """Return the session in a slot of the first one's series, all of them where none is named,
    and none where the one that is named cannot be told.
    """
    if first.series is None:
        return ()
    series = tx.meetings.series(first.series)

    def went_out(meeting: Meeting) -> int:
        """Return the sequence that an answer must not be below: of the whole, as it was mailed
        last, or of a session that was changed by itself since.
        """
        with_all = slot is None and meeting.changed_at <= series.changed_at
        return series.sequence if with_all else sequence_of(series, meeting)

    return tuple(
        Session(m, went_out(m), whole=slot is None)
        for m in tx.meetings.of_series(series.id)
        if slot is None or m.slot == slot
    )
