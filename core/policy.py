"""Settings of organisations and programmes: what exists, what it means, where a value comes from.

A setting is stored as canonical text at organisation level, overridden per programme (Y5). The
table `SETTINGS` is the only list; adding one is adding a line. `Policy` is the typed result for
one programme. No setting touches the assistant's name or address (Y6).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.setting_text import (
    minutes_between,
    one_of,
    parse_dates,
    parse_hours,
    parse_leads,
    parse_link,
    parse_services,
    parse_switch,
    parse_text,
    whole,
)
from core.timing.hours import Minutes, Weekly, weekly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from core.links import Provider


class Confirm(StrEnum):
    """Who confirms a booking (Y1)."""

    INVITEE = "invitee"
    NONE = "none"
    BOTH = "both"


class OwnerRule(StrEnum):
    """Who owns a meeting (Y2)."""

    MENTOR = "mentor"
    ASKER = "asker"


class WhoRule(StrEnum):
    """Who may book whom (Y20)."""

    PROGRAMME = "programme"
    PAIRS = "pairs"


class Connect(StrEnum):
    """Whether connecting a calendar is encouraged or asked for each time (X5)."""

    ENCOURAGED = "encouraged"
    REQUIRED = "required"


class AttendeeCopy(StrEnum):
    """How a session reaches an attendee at Microsoft who does not own it (X4)."""

    REQUEST = "request"  # by the assistant's invitation, which Exchange files with its buttons
    PLAIN = "plain"  # as a copy without attendees, with a details mail


class Level(StrEnum):
    """Who may change a setting (Y5, R46, R67, R68)."""

    PROGRAMME = "programme"  # any administrator of the programme
    GUARDED = "guarded"  # global, single-programme administrators, others only by delegation
    GLOBAL = "global"  # global administrators only, kept at organisation level


class Source(StrEnum):
    """Where a value comes from."""

    DEFAULT = "default"
    ORGANISATION = "organisation"
    PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table: `parse` raises ValueError with a sentence that says what is right."""

    key: str
    default: str
    parse: Callable[[str], Any]
    help: str
    example: str
    level: Level = Level.PROGRAMME


DURATION = minutes_between(5, 480, "min")
GUARDED, GLOBAL = Level.GUARDED, Level.GLOBAL

_TABLE = (
    Setting("hours", "08:00-18:00", parse_hours, "hours of the day, in each person's own zone",
            "hours 07:00-20:00", GUARDED),
    Setting("weekends", "off", parse_switch, "whether Saturdays and Sundays are offered",
            "weekends on", GUARDED),
    Setting("duration", "30 min", DURATION, "length of a session when nobody says one",
            "duration 45 min"),
    Setting("duration.max", "4 h", DURATION, "longest session", "duration.max 2 h"),
    Setting("notice", "4 h", minutes_between(0, 20160, "h"), "shortest notice", "notice 24 h"),
    Setting("horizon", "60 d", minutes_between(1440, 525600, "d"), "how far ahead people book",
            "horizon 90 d"),
    Setting("buffer", "0 min", minutes_between(0, 240, "min"), "free time around a session",
            "buffer 10 min"),
    Setting("step", "15 min", minutes_between(5, 60, "min"), "starts lie on this grid",
            "step 30 min"),
    Setting("expiry", "72 h", minutes_between(60, 43200, "h"), "how long a proposal stays open",
            "expiry 48 h"),
    Setting("booking.confirm", "invitee", one_of(Confirm), "who confirms: invitee, none or both",
            "booking.confirm none"),
    Setting("booking.who", "programme", one_of(WhoRule), "who may book whom: programme or pairs",
            "booking.who pairs"),
    Setting("meeting.owner", "mentor", one_of(OwnerRule), "who owns a session: mentor or asker",
            "meeting.owner asker"),
    Setting("services", "google, microsoft, apple", parse_services,
            "calendar services people may connect", "services google, apple", GUARDED),
    Setting("assistant", "on", parse_switch,
            "the Scheduling Assistant: whether calendars are read to find times", "assistant off",
            GUARDED),
    Setting("connecting", "on", parse_switch,
            "whether each person may connect their own calendars", "connecting off", GUARDED),
    Setting("accounts.personal", "on", parse_switch,
            "whether private accounts (gmail.com, outlook.com) may be connected",
            "accounts.personal off", GUARDED),
    Setting("sync", "on", parse_switch, "whether sessions are written to calendars", "sync off"),
    Setting("connect", "encouraged", one_of(Connect), "whether people are asked to connect",
            "connect required"),
    Setting("calendars.max", "0", whole(0, 50), "calendars per person, 0 for any number",
            "calendars.max 1"),
    Setting("tentative", "on", parse_switch, "whether tentative events block", "tentative off"),
    Setting("closures", "none", parse_dates, "closure days of the programme",
            "closures 2026-12-24, 2026-12-25"),
    Setting("reminders", "24 h, 1 h", parse_leads, "when people are reminded of a session",
            "reminders 48 h, 30 min"),
    Setting("checkin", "on", parse_switch,
            "whether the owner is asked after a session if it took place", "checkin off"),
    Setting("sessions", "0", whole(0, 500), "sessions per pair, 0 for any number", "sessions 6"),
    Setting("series.max", "26", whole(2, 100), "most sessions of one series", "series.max 12"),
    Setting("cancel.notice", "0 h", minutes_between(0, 20160, "h"),
            "cancelling later than this before a session is late; 0 for never",
            "cancel.notice 24 h"),
    Setting("cancel.counts", "off", parse_switch,
            "whether a mentee's late cancellation uses up a session", "cancel.counts on"),
    Setting("cancel.move", "on", parse_switch, "whether mentees may still move a session late",
            "cancel.move off"),
    Setting("link", "none", parse_link, "the programme's link for virtual sessions",
            "link https://meet.example.org/aurora"),
    Setting("meeting.notes", "none", parse_text,
            "a line for notes in every invitation: a link or words",
            "meeting.notes https://notes.example.org/aurora"),
    Setting("contacts", "none", parse_text, "whom people ask: administrator, sponsor, support",
            "contacts Support: help@example.org"),
    Setting("delegate", "off", parse_switch,
            "whether programme administrators set hours, weekends and services", "delegate on",
            GLOBAL),
    Setting("approved", "on", parse_switch, "whether the organisation allows calendar connections",
            "approved off", GLOBAL),
    Setting("microsoft.attendee_copy", "request", one_of(AttendeeCopy),
            "how sessions reach attendees at Microsoft: request (invitation) or plain (copy)",
            "microsoft.attendee_copy plain", GLOBAL),
    Setting("llm", "off", parse_switch,
            "whether a sentence nobody understood is shown to the deployment's language model",
            "llm on", GLOBAL),
)  # fmt: skip

SETTINGS: Mapping[str, Setting] = {setting.key: setting for setting in _TABLE}


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one programme, resolved. Lengths in minutes; `hours` minutes after midnight."""

    hours: Minutes
    weekends: bool
    duration: int
    duration_max: int
    notice: int
    horizon: int
    buffer: int
    step: int
    expiry: int
    confirm: Confirm
    who: WhoRule
    owner: OwnerRule
    services: tuple[Provider, ...]
    assistant: bool
    connecting: bool
    personal: bool
    sync: bool
    connect: Connect
    calendars_max: int
    tentative: bool
    closures: tuple[date, ...]
    reminders: tuple[int, ...]
    checkin: bool
    sessions: int
    series_max: int
    cancel_notice: int
    cancel_counts: bool
    cancel_move: bool
    link: str
    notes: str
    contacts: str
    delegate: bool
    approved: bool
    attendee_copy: AttendeeCopy
    llm: bool
    sources: Mapping[str, Source]

    @property
    def weekly(self) -> Weekly:
        """The programme's hours as a week: Monday to Friday, or all days with weekends on."""
        return weekly(self.hours, range(7 if self.weekends else 5))


FIELDS = {
    "booking.confirm": "confirm",
    "booking.who": "who",
    "meeting.owner": "owner",
    "meeting.notes": "notes",
    "duration.max": "duration_max",
    "calendars.max": "calendars_max",
    "accounts.personal": "personal",
    "series.max": "series_max",
    "cancel.notice": "cancel_notice",
    "cancel.counts": "cancel_counts",
    "cancel.move": "cancel_move",
    "microsoft.attendee_copy": "attendee_copy",
}


def resolve(organisation: Mapping[str, str], programme: Mapping[str, str]) -> Policy:
    """Return the policy of a programme from the texts stored at both levels.

    A stored text that no longer parses (an older version wrote it) falls back to the next level.
    """
    return _resolved(tuple(organisation.items()), tuple(programme.items()))


Texts = tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)  # policies are asked for with every message and hardly ever change
def _resolved(of_organisation: Texts, of_programme: Texts) -> Policy:
    organisation, programme = dict(of_organisation), dict(of_programme)
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for key, setting in SETTINGS.items():
        levels = ((Source.PROGRAMME, programme), (Source.ORGANISATION, organisation))
        chosen, source = setting.parse(setting.default), Source.DEFAULT
        for level, texts in levels:
            if key not in texts or (setting.level is GLOBAL and level is Source.PROGRAMME):
                continue
            try:
                chosen, source = setting.parse(texts[key]), level
            except ValueError:
                continue
            break
        values[FIELDS.get(key, key)] = chosen
        sources[key] = source
    return Policy(sources=MappingProxyType(sources), **values)
