"""Settings of organisations and programmes: what exists, what it means, where a value comes from.

A setting is stored as canonical text at organisation level, overridden per programme (Y5). The
table `SETTINGS` is the only list; adding one is adding a line. `Policy` is the typed result for
one programme. No setting touches the assistant's name or address (Y6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.links import Provider
from core.timing.hours import Minutes, Weekly, weekly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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


UNITS = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
ON = frozenset({"on", "yes", "true", "1"})
OFF = frozenset({"off", "no", "false", "0"})


def parse_clock(text: str) -> int:
    """Return minutes after midnight of "8", "08:00", "8am" or "18.30"; 24:00 is 1440."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", text.strip().lower())
    if not match:
        message = f"{text!r} is not a time such as 08:00"
        raise ValueError(message)
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    fits = 1 <= hour <= 12 if half else hour * 60 + minute <= 1440
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if not fits or minute > 59:
        message = f"{text!r} is not a time of day"
        raise ValueError(message)
    return hour * 60 + minute


def parse_hours(text: str) -> Minutes:
    """Return (from, to) in minutes of "08:00-18:00"."""
    parts = re.split(r"\s*(?:-|–|to)\s*", text.strip())
    if len(parts) != 2:
        message = f"{text!r} is not a range such as 08:00-18:00"
        raise ValueError(message)
    start, end = parse_clock(parts[0]), parse_clock(parts[1])
    if start >= end:
        message = f"in {text!r} the end is not after the start"
        raise ValueError(message)
    return start, end


def parse_switch(text: str) -> bool:
    """Return the truth of on/off."""
    word = text.strip().lower()
    if word not in ON | OFF:
        message = f"{text!r} is neither on nor off"
        raise ValueError(message)
    return word in ON


def minutes_between(low: int, high: int, unit: str) -> Callable[[str], int]:
    """Return a reader of "45", "45 min", "4 h", "60 d" into minutes, bare numbers in `unit`."""

    def parse(text: str) -> int:
        match = re.fullmatch(
            r"(\d{1,6})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)?", text.strip().lower()
        )
        if not match:
            message = f"{text!r} is not a length such as 30 min, 4 h or 60 d"
            raise ValueError(message)
        word = match[2] or unit
        value = int(match[1]) * UNITS["min" if word.startswith("m") else word[0]]
        if not low <= value <= high:
            message = f"{text!r} is not between {spoken(low)} and {spoken(high)}"
            raise ValueError(message)
        return value

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of a whole number between two bounds."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text.strip()) or not low <= int(text) <= high:
            message = f"{text!r} is not a whole number from {low} to {high}"
            raise ValueError(message)
        return int(text)

    return parse


LEAD = minutes_between(5, 20160, "h")
MOST_LEADS = 5


def parse_leads(text: str) -> tuple[int, ...]:
    """Return how many minutes before a session people are reminded, longest first; "none" for
    never.
    """
    words = [w for w in re.split(r"\s*(?:,|\+|\band\b)\s*", text.strip().lower()) if w]
    leads = {LEAD(word) for word in words if word not in ("none", "off", "no")}
    if len(leads) > MOST_LEADS:
        message = f"{text!r} is not a list of at most {MOST_LEADS} reminders"
        raise ValueError(message)
    return tuple(sorted(leads, reverse=True))


def one_of(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    """Return a reader of one word of an enumeration."""

    def parse(text: str) -> StrEnum:
        try:
            return kind(text.strip().lower())
        except ValueError:
            message = f"{text!r} is not one of {', '.join(kind)}"
            raise ValueError(message) from None

    return parse


SERVICE_WORDS = {"apple": "caldav", "icloud": "caldav", "outlook": "microsoft", "m365": "microsoft"}


def parse_services(text: str) -> tuple[Provider, ...]:
    """Return the services named, "none" for no service; Apple is CalDAV."""
    words = [w for w in re.split(r"[,\s+]+", text.strip().lower()) if w not in ("", "none", "and")]
    try:
        return tuple(dict.fromkeys(Provider(SERVICE_WORDS.get(w, w)) for w in words))
    except ValueError:
        message = f"{text!r} is not a list of google, microsoft, apple"
        raise ValueError(message) from None


def parse_dates(text: str) -> tuple[date, ...]:
    """Return sorted ISO dates separated by commas or spaces; "none" empties the list."""
    words = [w for w in re.split(r"[,\s]+", text.strip()) if w and w.lower() != "none"]
    try:
        return tuple(sorted({date.fromisoformat(word) for word in words}))
    except ValueError:
        message = f"{text!r} is not a list of dates such as 2026-12-24, 2026-12-25"
        raise ValueError(message) from None


def parse_link(text: str) -> str:
    """Return an https address, or nothing for "none"."""
    word = text.strip().strip("<>")
    if word.lower() in ("", "none"):
        return ""
    if not re.fullmatch(r"https://[^\s<>\"']{4,500}", word):
        message = f"{text!r} is not a link that starts with https://"
        raise ValueError(message)
    return word


def parse_text(text: str) -> str:
    """Return one line of at most 300 characters, "none" for nothing."""
    line = " ".join(text.split())[:300]
    return "" if line.lower() == "none" else line


def spoken(minutes: int) -> str:
    """Return minutes as people say them: "15 min", "4 h", "60 days"."""
    if minutes >= 2880 and minutes % 1440 == 0:
        return f"{minutes // 1440} days"
    if minutes >= 60 and minutes % 60 == 0:
        return f"{minutes // 60} h"
    return f"{minutes} min"


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
