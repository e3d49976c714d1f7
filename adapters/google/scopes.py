"""The rights asked for at Google: the fewest that each tier needs (X2, R57).

Which right opens which method is in Google's discovery document; a broader right that a person
granted earlier serves as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.links import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = "https://www.googleapis.com/auth/"
FREE_BUSY = f"{ROOT}calendar.freebusy"
CALENDAR_LIST = f"{ROOT}calendar.calendarlist.readonly"
OWN_EVENTS = f"{ROOT}calendar.events.owned"
IDENTITY = ("openid", "email")

ASKED: dict[Tier, tuple[str, ...]] = {
    Tier.BUSY: (*IDENTITY, FREE_BUSY, CALENDAR_LIST),
    Tier.WRITE: (*IDENTITY, FREE_BUSY, CALENDAR_LIST, OWN_EVENTS),
}
# What IT authorises for a whole organisation; one scope more than that fails every token.
GRANTED_BY_IT: dict[Tier, tuple[str, ...]] = {
    Tier.BUSY: (FREE_BUSY, CALENDAR_LIST),
    Tier.WRITE: (FREE_BUSY, CALENDAR_LIST, OWN_EVENTS),
}
EVERYTHING = f"{ROOT}calendar"
READ_ALL = f"{ROOT}calendar.readonly"
READS_BUSY = frozenset({FREE_BUSY, f"{ROOT}calendar.events.freebusy", READ_ALL, EVERYTHING})
LISTS = frozenset({CALENDAR_LIST, f"{ROOT}calendar.calendarlist", READ_ALL, EVERYTHING})
WRITES = frozenset({OWN_EVENTS, f"{ROOT}calendar.events", EVERYTHING})


def tier_of(granted: Iterable[str]) -> Tier | None:
    """Return what the granted rights allow; None when busy times or the list cannot be read.

    People may untick single rights on the consent page, so what was asked proves nothing.
    """
    rights = frozenset(granted)
    if not rights & READS_BUSY or not rights & LISTS:
        return None
    return Tier.WRITE if rights & WRITES else Tier.BUSY
