"""What a sentence was taken to mean: frozen data without behaviour, JSON-able by `pack`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.understand.constraint import Ambiguity, Dates, Recurrence, TimeConstraint


class Intent(StrEnum):
    """What the speaker wants; nothing out of scope or unknown ever acts."""

    BOOK = "book"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    LIST_MEETINGS = "list_meetings"
    AVAILABILITY = "availability_query"
    ACCEPT = "accept"
    DECLINE = "decline"
    COUNTER = "counter"
    WHY = "why"
    CONNECT = "connect_calendar"
    DISCONNECT = "disconnect_calendar"
    SET_PREFERENCES = "set_preferences"
    SHOW_PREFERENCES = "show_preferences"
    ADMIN = "admin"
    RUNNING_LATE = "running_late"
    HELP = "help"
    TALK_TO_HUMAN = "talk_to_human"
    STATUS = "status"
    MORE_TIMES = "more_times"
    GREETING = "greeting"
    THANKS = "thanks"
    OUT_OF_SCOPE = "out_of_scope"
    UNKNOWN = "unknown"


class Relation(StrEnum):
    """Who a known person is to the speaker, or a group named as such."""

    NONE = ""
    MENTOR = "mentor"
    MENTEE = "mentee"
    COACH = "coach"
    COACHEE = "coachee"
    GROUP = "group"  # "everyone", "the whole circle"


@dataclass(frozen=True, slots=True)
class PersonMention:
    """One person or group as written; several candidates mean that the dialogue must ask.

    `everyone`: all candidates are meant ("my mentees"). `optional`: "and Sam if he can".
    """

    text: str
    span: tuple[int, int]
    candidates: tuple[str, ...] = ()
    relation: Relation = Relation.NONE
    everyone: bool = False
    optional: bool = False


class Preference(StrEnum):
    """The preferences that a sentence can set."""

    NOT_BEFORE = "not_before"  # minute of the day in `minutes`
    NOT_AFTER = "not_after"  # minute of the day in `minutes`
    BUFFER = "buffer"  # length in `minutes`
    DAYS_OFF = "days_off"  # `weekdays`
    PART_OFF = "part_off"  # "no mornings": blocked (weekday, from, to) in `weekly`
    AVAILABILITY = "availability"  # free (weekday, from, to) in `weekly`
    AWAY = "away"  # `first` to `last`, both included, ISO dates; None is open
    ZONE = "zone"  # `zone`, for `first` to `last` when temporary
    DURATION = "duration"  # default length in `minutes`
    DAILY_LIMIT = "daily_limit"  # at most `minutes` (a count) sessions a day
    WEEKLY_LIMIT = "weekly_limit"
    PREFER = "prefer"  # liked better: (weekday, from, to) in `weekly`
    HOLIDAYS = "holidays"  # public holidays of `place`, in the speaker's words
    TENTATIVE_FREE = "tentative_free"  # tentative events do not block; `remove`: as the programme
    TENTATIVE_BUSY = "tentative_busy"


@dataclass(frozen=True, slots=True)
class PreferenceChange:
    """One change; minutes of the day count from local midnight. `remove` takes the setting back."""

    kind: Preference
    minutes: int | None = None
    weekdays: tuple[int, ...] = ()
    weekly: tuple[tuple[int, int, int], ...] = ()
    first: str | None = None
    last: str | None = None
    zone: str | None = None
    place: str | None = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one sentence.

    `move_from` is the meeting meant by a reschedule or a cancellation; `time` is the wanted time
    (for a cancellation too `move_from` holds the meeting's time and `time` is None).
    `choice` are indexes into the open proposal; () means that none of them was meant.
    `shift_minutes`: "push it back half an hour" is 30, "an hour earlier" is -60.
    `without` are people who are left out: "everyone except Ben".
    `whole`: all that is to come of a series is meant, from the day in `move_from` on.
    """

    intent: Intent
    reason: str
    text: str
    people: tuple[PersonMention, ...] = ()
    without: tuple[PersonMention, ...] = ()
    time: TimeConstraint | None = None
    move_from: TimeConstraint | None = None
    duration_minutes: int | None = None
    duration: tuple[int, int] | None = None
    shift_minutes: int | None = None
    choice: tuple[int, ...] | None = None
    preferences: tuple[PreferenceChange, ...] = ()
    recurrence: Recurrence | None = None
    series_end: Dates | None = None
    whole: bool = False
    zone: str | None = None
    provider: str | None = None
    ambiguities: tuple[Ambiguity, ...] = ()
    origin: tuple[tuple[int, int], ...] = ()
