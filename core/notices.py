"""What people must be told in chat: kinds with facts, no wording (the bot finds the words)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from core.effects import GIVE_UP, Effect, EffectKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import PersonId


class NoticeKind(StrEnum):
    """What is told: each kind has its sentence in `bot/speak`, and the ids it needs in `facts`."""

    PROPOSAL = "proposal"  # facts: proposal; the card for an invitee or asker, edited in place
    BOOKED = "booked"  # facts: meeting
    MOVED = "moved"  # facts: meeting
    CANCELLED = "cancelled"  # facts: meeting, by
    SERIES = "series"  # facts: series, by; booked, cut or called off as a whole
    RSVP = "rsvp"  # facts: meeting, by, answer
    WELCOME = "welcome"  # facts: programme
    NUDGE_CONNECT = "nudge_connect"  # facts: by (empty: an administrator's reminder)
    NUDGE_ANSWER = "nudge_answer"  # facts: proposal
    NUDGE_BOOK = "nudge_book"  # facts: programme, partner
    REMINDER = "reminder"  # facts: meeting, start; a session is near
    CHECK_IN = "check_in"  # facts: meeting; did it take place?
    CLOCKS = "clocks"  # facts: about, change, zone, minutes, troubles; a series wanders
    LATE = "late"  # facts: meeting, by, start, minutes, choices
    LATE_KEPT = "late_kept"  # facts: meeting, by, minutes; it starts late and ends as planned
    NUDGE_WIDEN = "nudge_widen"  # facts: proposal; shall the asker look at more days?
    NUDGE_TOP = "nudge_top"  # facts: proposal; shall the invitees be asked about one time?
    TOP_TIME = "top_time"  # facts: proposal, start; one time, to be taken with one press
    ENOUGH = "enough"  # facts: proposal, start, by; accepted, but more than its asker wants by now
    SILENT = "silent"  # facts: proposal; for administrators: nobody ever answered it
    ASK_LINK = "ask_link"  # facts: meeting; where the owner meets people, asked once (Y13)
    CONNECTED = "connected"  # facts: grant; the calendars of a person, with their choice
    CALENDAR_ZONE = "calendar_zone"  # facts: zone, home; a calendar keeps another clock
    CONNECT_FAILED = "connect_failed"  # facts: trouble, provider
    IT_APPROVAL = "it_approval"  # facts: provider, person; the first such case in an organisation
    LINK_BROKEN = "link_broken"  # facts: grant
    SERVICE_ENDS = "service_ends"  # facts: provider, until, others; not allowed any more
    SERVICE_ENDED = "service_ended"  # facts: provider (empty: all), why, others, password
    SERVICE_STAYS = "service_stays"  # facts: provider; the end was taken back
    AUTO_CONNECTED = "auto_connected"  # facts: provider, by; connected by the organisation
    AUTO_PROGRESS = "auto_progress"  # facts: org; how far connecting everybody is
    GIVEN_UP = "given_up"  # facts: effect, meeting, person, what
    MESSAGE = "message"  # facts: by, text ("talk to a person")
    LEFT = "left"  # facts: programme, person
    PAIRED = "paired"  # facts: programme, partner
    UNPAIRED = "unpaired"  # facts: programme, partner
    SAME_PERSON = "same_person"  # facts: ask; is somebody in another chat this person?
    NOT_SAME = "not_same"  # facts: person, chat; one of the two sides said no
    WORKSPACE_GONE = "workspace_gone"  # facts: chat, name, page; nobody is reached there now
    LINKED = "linked"  # facts: chat, name, by; a workspace linked itself
    BY_MAIL = "by_mail"  # facts: proposal, person; their chat is shut, so they were mailed
    DECLINED = "declined"  # facts: meeting; who said no by mail: and now?
    CONFIRM_MAIL = "confirm_mail"  # facts: meeting, answer or text, others; was that theirs?
    ANSWER_AGAIN = "answer_again"  # facts: meeting, why; an answer by mail that cannot count
    COUNTERED = "countered"  # facts: meeting, by, start, end; another time proposed by mail
    MAILED = "mailed"  # facts: by, text; what somebody answered by mail
    BAD_ADDRESS = "bad_address"  # facts: person; for administrators: mails come back
    ZONE_THERE = "zone_there"  # facts: zone, home, from, ends; an announced stay begins
    ZONE_BACK = "zone_back"  # facts: zone, home; a stay in another zone is over
    NEW_HOME = "new_home"  # facts: zone, meetings; sessions outside their hours on a new clock


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one person. `subject` names the card that later versions replace."""

    to: PersonId
    kind: NoticeKind
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def as_effect(notice: Notice, key: str, now: int) -> Effect:
    """Return the effect that tells it. `key` makes it unique among notices of its kind and
    recipient; notices to one person keep their order.
    """
    return Effect(
        key=f"notify:{notice.kind}:{notice.to}:{key}",
        kind=EffectKind.NOTIFY,
        due_at=now,
        lane=f"chat:{notice.to}",
        person_id=notice.to,
        payload={"kind": notice.kind.value, "subject": notice.subject, **notice.facts},
        give_up_at=now + GIVE_UP,
    )


def from_effect(effect: Effect) -> Notice:
    """Read the notice back out of its effect. Raises KeyError for an effect that holds none."""
    facts = dict(effect.payload)
    kind, subject = NoticeKind(facts.pop("kind")), facts.pop("subject", "")
    if effect.person_id is None:
        raise KeyError(effect.key)
    return Notice(effect.person_id, kind, subject, facts)
