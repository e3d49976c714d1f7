"""(before, after) -> effects: who must get what when a meeting is booked, moved or cancelled.

The one place that decides (X4): whose calendar we write gets the copy and a details mail;
everybody else the assistant's REQUEST or CANCEL mail; with calendar sync off a details mail
with a file to add by hand. Keys make each effect unique per (meeting, person, sequence).

A link that has yet to be made (Y13) is made right after the owner's copy is written; until then,
but no longer than `LINK_PATIENCE`, what tells others of the meeting waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState, Path
from core.effects import GIVE_UP, Effect, EffectKind
from core.notices import Notice, NoticeKind, as_effect

if TYPE_CHECKING:
    from core.booking.meeting import Attendee, Meeting
    from core.ids import PersonId


FIRST_LOOK = 4  # seconds after which it is first looked whether a link has been made
LINK_PATIENCE = 60  # seconds that people wait for it at the most
LINK_GIVE_UP = 300  # seconds after which no link is tried for any more
SERIES = "series"  # in the payload of what concerns a session of a series: its id


def plan(
    before: Meeting | None,
    after: Meeting,
    by: PersonId | None,
    now: int,
    *,
    room: bool = False,
    reason: str = "",
) -> list[Effect]:
    """Return the effects of a change; none when nothing was changed.

    `by` made the change in chat: they read the outcome there and get no notice. A new name or
    place comes with the mail; in chat people hear of times. With `room` the owner's calendar
    makes the meeting's link, for which the mails and the others' copies wait. `reason` is why it
    was called off, in its person's words.
    """
    if before is not None and before.sequence == after.sequence:
        return []
    effects: list[Effect] = []
    amended = before is not None and (before.span, before.state) == (after.span, after.state)
    for attendee in after.attendees:
        effects.extend(_for(attendee, before, after, now, reason))
        if attendee.person_id != by and not amended:
            effects.append(_notice(before, after, attendee.person_id, by, now, reason))
    owner = after.attendee(after.owner)
    if room and owner is not None and after.state is MeetingState.BOOKED:
        link = link_effect(after, owner, now)
        return [*(_patient(effect, link, now) for effect in effects), link]
    return effects


def link_effect(meeting: Meeting, owner: Attendee, now: int) -> Effect:
    """Return the making of the meeting's link, in the lane of the owner's copy, behind it."""
    return Effect(
        key=f"link:{meeting.id}:{meeting.sequence}",
        kind=EffectKind.MAKE_LINK,
        due_at=now,
        lane=f"{meeting.id}:{owner.person_id}:calendar",
        meeting_id=meeting.id,
        person_id=owner.person_id,
        sequence=meeting.sequence,
        payload={"link": owner.link_id or "", "until": str(now + LINK_PATIENCE)},
        give_up_at=now + LINK_GIVE_UP,
    )


def _patient(effect: Effect, link: Effect, now: int) -> Effect:
    """Let an effect wait for the link, unless the link waits for it, or chat tells it."""
    if effect.kind is EffectKind.NOTIFY or effect.lane == link.lane:
        return effect
    waits = {"awaits": link.key, "until": link.payload["until"]}
    return replace(effect, due_at=now + FIRST_LOOK, payload={**effect.payload, **waits})


def _for(
    attendee: Attendee, before: Meeting | None, meeting: Meeting, now: int, reason: str
) -> list[Effect]:
    """Return the calendar write and the mail for one attendee."""
    cancelled = meeting.state is MeetingState.CANCELLED
    if attendee.path is Path.INVITE:
        kind = EffectKind.MAIL_CANCEL if cancelled else EffectKind.MAIL_INVITE
        return [_reasoned(mail_effect(kind, before, meeting, attendee, now), reason)]
    details = _reasoned(
        mail_effect(EffectKind.MAIL_DETAILS, before, meeting, attendee, now), reason
    )
    if attendee.path is Path.PUBLISH:
        return [details]
    return [event_effect(meeting, attendee, now), details]


def _reasoned(effect: Effect, reason: str) -> Effect:
    """Return a mail that says why."""
    return replace(effect, payload={**effect.payload, "reason": reason}) if reason else effect


def event_effect(meeting: Meeting, attendee: Attendee, now: int, *, again: str = "") -> Effect:
    """Return the writing (or removal) of one attendee's own copy; `again` says why the same
    version is written once more.
    """
    cancelled = meeting.state is MeetingState.CANCELLED and meeting.series is None
    key = f"event:{meeting.id}:{attendee.person_id}:{attendee.link_id}:{meeting.sequence}"
    return Effect(
        key=f"{key}:{again}" if again else key,
        kind=EffectKind.REMOVE_EVENT if cancelled else EffectKind.PLACE_EVENT,
        due_at=now,
        lane=_lane(meeting, attendee, "calendar"),
        meeting_id=meeting.id,
        person_id=attendee.person_id,
        sequence=meeting.sequence,
        payload={"link": attendee.link_id or "", **_of_series(meeting)},
        give_up_at=last_try(meeting, now),
    )


def _lane(meeting: Meeting, attendee: Attendee, medium: str) -> str:
    """Return what keeps its order: all about one meeting, or one series, and person."""
    return f"{meeting.series or meeting.id}:{attendee.person_id}:{medium}"


def _of_series(meeting: Meeting) -> dict[str, str]:
    """Return what tells an effect about one session of a series: its copy is that of them all."""
    return {SERIES: str(meeting.series)} if meeting.series else {}


def leftover_effect(meeting: Meeting, attendee: Attendee, now: int) -> Effect:
    """Return the removal of a copy that stands where the person's sessions no longer go."""
    written = event_effect(meeting, attendee, now, again="left")
    return replace(written, kind=EffectKind.REMOVE_EVENT)


def mail_effect(
    kind: EffectKind, before: Meeting | None, meeting: Meeting, attendee: Attendee, now: int
) -> Effect:
    """Return one mail; at most one per person and sequence.

    It carries the time before a change, by which the mail tells a move from another change.
    """
    was = {} if before is None else {"was_start": str(before.start), "was_end": str(before.end)}
    return Effect(
        key=f"mail:{meeting.id}:{attendee.person_id}:{meeting.sequence}",
        kind=kind,
        due_at=now,
        lane=_lane(meeting, attendee, "mail"),
        meeting_id=meeting.id,
        person_id=attendee.person_id,
        sequence=meeting.sequence,
        payload={**was, **_of_series(meeting)},
        give_up_at=last_try(meeting, now),
    )


def last_try(meeting: Meeting, now: int) -> int:
    """Return when trying has no more sense: the meeting's start or 48 hours, at least an hour."""
    return max(now + 3600, min(meeting.start, now + GIVE_UP))


def _notice(
    before: Meeting | None,
    after: Meeting,
    to: PersonId,
    by: PersonId | None,
    now: int,
    reason: str,
) -> Effect:
    """Return what one person reads in chat."""
    kind = NoticeKind.BOOKED
    if after.state is MeetingState.CANCELLED:
        kind = NoticeKind.CANCELLED
    elif before is not None:
        kind = NoticeKind.MOVED
    facts = {"meeting": str(after.id), "by": by or "", **({"reason": reason} if reason else {})}
    notice = Notice(to, kind, subject=f"meeting:{after.id}", facts=facts)
    return as_effect(notice, f"{after.id}:{after.sequence}", now)
