"""What follows from a change of a whole series: one copy, one mail and one word per person.

Changes of single sessions are planned like those of any meeting (plan.py); only the copy is that
of the whole, and the mail names the session by its slot.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.booking.drafts import Occurrence
from core.booking.meeting import MeetingState, Path
from core.booking.plan import SERIES, last_try
from core.booking.series import sequence_of, stands
from core.effects import Effect, EffectKind
from core.ids import MeetingId
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.booking.drafts import Invite
    from core.booking.meeting import Attendee, Meeting
    from core.booking.series import Series
    from core.ids import PersonId

MOVED = "moved"  # what was done with a series: its sessions to come are at another time
WHOLE = "whole"  # in the payload: the effect is about the series, not about one session of it


def plan_series(
    series: Series,
    meetings: Sequence[Meeting],
    by: PersonId | None,
    now: int,
    *,
    reason: str = "",
    quiet: bool = False,
    what: str = "",
) -> list[Effect]:
    """Return the effects of a series that was booked, cut, called off, moved or given a place.

    `meetings` are all its sessions as they are now. `by` reads the outcome where they made it;
    `quiet` changes are told by mail alone; `what` was done (`MOVED`), where it is no end.
    """
    face = _face(meetings)
    effects: list[Effect] = []
    for attendee in face.attendees:
        effects += _for(series, meetings, face, attendee, now, reason)
        if attendee.person_id != by and not quiet:
            effects.append(_notice(series, attendee.person_id, by, now, reason, what))
    return effects


def _face(meetings: Sequence[Meeting]) -> Meeting:
    """Return the session that says how the series reaches people: the last one that stands."""
    return ([m for m in meetings if stands(m)] or list(meetings))[-1]


def _for(
    series: Series,
    meetings: Sequence[Meeting],
    face: Meeting,
    attendee: Attendee,
    now: int,
    reason: str,
) -> list[Effect]:
    over = not any(m.state is MeetingState.BOOKED for m in meetings)
    kind = EffectKind.MAIL_DETAILS
    if attendee.path is Path.INVITE:
        kind = EffectKind.MAIL_CANCEL if over else EffectKind.MAIL_INVITE
    mail = series_effect(series, kind, attendee, now, face)
    if reason:
        mail = replace(mail, payload={**mail.payload, "reason": reason})
    if attendee.path is not Path.CALENDAR:
        return [mail]
    return [series_effect(series, EffectKind.PLACE_EVENT, attendee, now, face), mail]


def series_effect(
    series: Series, kind: EffectKind, attendee: Attendee, now: int, face: Meeting
) -> Effect:
    """Return what brings the whole series to one person: their copy, or a mail."""
    medium = "calendar" if kind is EffectKind.PLACE_EVENT else "mail"
    key = f"{medium}:{series.id}:{attendee.person_id}"
    own = f"{WHOLE}:{series.sequence}" if series.sequence else "0"
    payload = {SERIES: str(series.id), WHOLE: "yes"}
    if medium == "calendar":
        own, payload["link"] = f"{attendee.link_id}:{own}", attendee.link_id or ""
    return Effect(
        key=f"{key}:{own}",
        kind=kind,
        due_at=now,
        lane=f"{series.id}:{attendee.person_id}:{medium}",
        meeting_id=MeetingId(series.id),
        person_id=attendee.person_id,
        sequence=series.sequence,
        payload=payload,
        give_up_at=last_try(face, now),
    )


def _notice(
    series: Series, to: PersonId, by: PersonId | None, now: int, reason: str, what: str
) -> Effect:
    more = {name: fact for name, fact in (("reason", reason), ("what", what)) if fact}
    facts = {"series": str(series.id), "by": by or "", **more}
    notice = Notice(to, NoticeKind.SERIES, subject=f"series:{series.id}", facts=facts)
    return as_effect(notice, f"{series.id}:{series.sequence}", now)


def in_series(invite: Invite, series: Series, meeting: Meeting) -> Invite:
    """Return the calendar part of a mail about one session of a series: which one it is, and its
    sequence to the outside.
    """
    pattern = series.pattern
    which = Occurrence(pattern.zone, pattern.day_of(meeting.slot), pattern.minute)
    return replace(invite, occurrence=which, sequence=sequence_of(series, meeting))
