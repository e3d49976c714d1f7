"""Programmes, the roles in them, pairs, and the objections their rules can raise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.ids import OrgId, PairId, PersonId, ProgrammeId


class Role(StrEnum):
    """What somebody is in a programme; one person may hold several."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    COACH = "coach"
    COACHEE = "coachee"
    ADMIN = "admin"


LEADS = frozenset({Role.MENTOR, Role.COACH})


@dataclass(frozen=True, slots=True)
class Programme:
    """One mentoring or coaching programme of an organisation."""

    id: ProgrammeId
    org_id: OrgId
    name: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """One role of one person in one programme."""

    programme_id: ProgrammeId
    person_id: PersonId
    role: Role


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentor (or coach) with one of their mentees (or coachees); a circle is several."""

    id: PairId
    programme_id: ProgrammeId
    mentor_id: PersonId
    mentee_id: PersonId
    coaching: bool = False

    def partner_of(self, person_id: PersonId) -> PersonId | None:
        """Return the other one of the pair, or None for somebody outside it."""
        if person_id == self.mentor_id:
            return self.mentee_id
        return self.mentor_id if person_id == self.mentee_id else None


class Rule(StrEnum):
    """Why something is refused or a time is not offered."""

    WEEKEND = "weekend"
    PROGRAMME_HOURS = "programme_hours"
    PERSON_HOURS = "person_hours"
    BUSY = "busy"
    BUFFER = "buffer"  # wanted free around what somebody has
    SHORT = "short"  # free, but shorter than a session
    AWAY = "away"
    CLOSED = "closed"
    NOTICE = "notice"
    HORIZON = "horizon"
    PAST = "past"
    DURATION = "duration"
    YOURSELF = "yourself"
    WHO = "who"
    RIGHTS = "rights"
    SYNC_OFF = "sync_off"
    SERVICE = "service"
    CALENDARS_MAX = "calendars_max"
    FIXED = "fixed"
    LIMIT = "limit"  # they have as many sessions as they want
    HOLIDAY = "holiday"  # a public holiday of theirs
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason. `person_id` says whose hours or time; `share` of the asked time it blocks, 0-1.

    `detail` is a fact for the sentence (a limit, a date), never an event's content.
    """

    kind: Rule
    person_id: PersonId | None = None
    share: float = 0.0
    detail: str = ""
