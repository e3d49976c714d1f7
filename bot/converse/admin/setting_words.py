"""How people call settings, and how they write values that the settings' own readers refuse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.policy import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

INHERIT = frozenset({"default", "inherit", "inherited", "reset", "unset"})
ALLOW = {"allow": "on", "permit": "on", "no": "off", "forbid": "off", "disallow": "off"}
SERVICES = {
    "apple": "apple",
    "icloud": "apple",
    "caldav": "apple",
    "google": "google",
    "gmail": "google",
    "microsoft": "microsoft",
    "outlook": "microsoft",
    "m365": "microsoft",
}

SETTING_WORDS: Mapping[str, str] = {
    **{key: key for key in SETTINGS},
    **{key.replace(".", " "): key for key in SETTINGS},
    "hour": "hours",
    "working hours": "hours",
    "office hours": "hours",
    "times": "hours",
    "weekend": "weekends",
    "weekend meetings": "weekends",
    "weekend sessions": "weekends",
    "length": "duration",
    "session length": "duration",
    "default duration": "duration",
    "max duration": "duration.max",
    "maximum duration": "duration.max",
    "longest session": "duration.max",
    "minimum notice": "notice",
    "shortest notice": "notice",
    "buffers": "buffer",
    "grid": "step",
    "expires": "expiry",
    "confirm": "booking.confirm",
    "confirmation": "booking.confirm",
    "who books": "booking.who",
    "who may book": "booking.who",
    "owner": "meeting.owner",
    "service": "services",
    "provider": "services",
    "providers": "services",
    "calendar services": "services",
    "calendar sync": "sync",
    "scheduling assistant": "assistant",
    "user authorisation": "connecting",
    "user-level authorisation": "connecting",
    "personal accounts": "accounts.personal",
    "private accounts": "accounts.personal",
    "attendee copy": "microsoft.attendee_copy",
    "max calendars": "calendars.max",
    "calendars": "calendars.max",
    "closure": "closures",
    "closure days": "closures",
    "holidays": "closures",
    "days off": "closures",
    "session reminders": "reminders",
    "check-in": "checkin",
    "check in": "checkin",
    "number of sessions": "sessions",
    "sessions per pair": "sessions",
    "entitlement": "sessions",
    "longest series": "series.max",
    "series": "series.max",
    "cancellation notice": "cancel.notice",
    "late cancellation": "cancel.notice",
    "late cancellations count": "cancel.counts",
    "late moves": "cancel.move",
    "meeting link": "link",
    "video link": "link",
    "notes": "meeting.notes",
    "notes line": "meeting.notes",
    "notes link": "meeting.notes",
    "contact": "contacts",
    "help contacts": "contacts",
    "support": "contacts",
    "delegation": "delegate",
    "approval": "approved",
}

_SPAN = re.compile(
    r"(?:from |between )?(\d{1,2})([:.]\d{2})? ?(am|pm)? ?(-|–|to|and|until|till) ?"
    r"(\d{1,2})([:.]\d{2})? ?(am|pm)?",
    re.IGNORECASE,
)


def lenient(key: str, text: str) -> str | None:
    """Return a text that the setting's reader takes, None when there is none.

    "9 to 5" means the afternoon's five; quotation marks around a value are decoration.
    """
    tried = [text, text.strip().strip("\"'“”"), text.rstrip(".! ")]
    if key == "weekends":
        tried.append(ALLOW.get(text.casefold(), text))
    if key == "hours":
        tried += _spans(text)
    for one in tried:
        if _reads(key, one):
            return one
    return None


def _spans(text: str) -> list[str]:
    """Return the readings of a span of hours in words."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        return []
    hour, minutes, half, _, last, last_minutes, last_half = match.groups()
    start, end = f"{hour}{minutes or ''}", f"{last}{last_minutes or ''}"
    plain = f"{start}{half or ''}-{end}{last_half or ''}"
    afternoon = f"{start}{half or 'am'}-{end}pm"
    return [plain, afternoon] if last_half is None and int(hour) <= 12 else [plain]


def _reads(key: str, text: str) -> bool:
    try:
        SETTINGS[key].parse(text)
    except ValueError:
        return False
    return True
