"""Effects: what still has to reach other people, calendars or a later time (pure rules).

An effect is a row written in the transaction of the decision that causes it, carried out by a
worker, repeated safely by its `key`. `lane` orders effects that must not overtake each other:
(meeting, recipient, medium); None for those that wait on nobody.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import EffectId, MeetingId, PersonId


class EffectKind(StrEnum):
    """The kinds of work a worker knows."""

    PLACE_EVENT = "place_event"  # create or update our copy in a calendar
    REMOVE_EVENT = "remove_event"
    MAIL_INVITE = "mail_invite"  # METHOD:REQUEST
    MAIL_CANCEL = "mail_cancel"  # METHOD:CANCEL
    MAIL_DETAILS = "mail_details"  # details, without calendar part or with METHOD:PUBLISH
    MAKE_LINK = "make_link"  # the link of a virtual session, by the owner's calendar service
    CHECK_ARRIVAL = "check_arrival"  # whether a mailed invitation has come into a calendar
    NOTIFY = "notify"  # a chat notice
    REMIND = "remind"  # remind one person of a session
    CHECK_IN = "check_in"  # ask after a session whether it took place; later, take it that it did
    NUDGE = "nudge"  # one rung of the ladder for a proposal that nobody answers
    CLOCKS = "clocks"  # a week before a clock change moves a series for somebody: does it suit?
    EXPIRE = "expire"  # close a proposal at its time
    REVOKE = "revoke"  # give an access back that its person has left
    CHECK_GRANT = "check_grant"  # the daily look whether an account opens; re-inserts itself
    RECONNECT = "reconnect"  # the weekly word about a broken account; re-inserts itself
    STOP_SERVICE = "stop_service"  # take one person's links of a service that is not allowed back
    AUTO_CONNECT = "auto_connect"  # connect one person by IT's grant, or watch how far it is
    TEND = "tend"  # periodic clean-up; re-inserts itself


class EffectState(StrEnum):
    """Where an effect stands."""

    READY = "ready"
    DONE = "done"
    DEAD = "dead"  # given up, visibly
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Effect:
    """One piece of work. `due_at` in epoch seconds; `give_up_at` when trying has no more sense."""

    key: str
    kind: EffectKind
    due_at: int
    lane: str | None = None
    meeting_id: MeetingId | None = None
    person_id: PersonId | None = None
    sequence: int = 0
    payload: Mapping[str, str] = field(default_factory=dict)
    give_up_at: int = 0
    id: EffectId | None = None
    attempts: int = 0
    state: EffectState = EffectState.READY
    last_error: str = ""
    lease: str = ""


CAP = 15 * 60
GIVE_UP = 48 * 3600


def retry_at(now: int, attempts: int, retry_after: int = 0) -> int:
    """Return when to try again: capped exponential with full jitter, never before Retry-After."""
    ceiling = min(CAP, 2 ** min(attempts, 12))
    return now + max(retry_after, 1 + int(random.random() * ceiling))  # noqa: S311  # jitter


def is_hopeless(effect: Effect, now: int) -> bool:
    """Tell whether an effect's time is over, so that it must be given up visibly."""
    return bool(effect.give_up_at) and now >= effect.give_up_at
