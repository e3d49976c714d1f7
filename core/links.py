"""Calendar links: which calendars a person has connected, and what we may do with them (X1, X2).

A grant is the right to enter one account at one service; a link is one calendar inside it.
Exactly one link of a person is primary (sessions are written there when its tier allows);
all links, primary and secondary, say when the person is busy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.ids import GrantId, LinkId, PersonId

DELEGATED = "delegated"
"""What the secret of a grant holds that was opened by IT's grant."""


class Provider(StrEnum):
    """The services whose calendars can be connected."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    CALDAV = "caldav"


class Tier(StrEnum):
    """What a link lets us do: T1 read busy times, T2 also write our own events (X2)."""

    BUSY = "busy"
    WRITE = "write"


class Use(StrEnum):
    """What a link is for."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class LinkState(StrEnum):
    """Whether a grant still opens its account."""

    OK = "ok"
    BROKEN = "broken"
    GONE = "gone"  # left by its person; kept only until the access was given back


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to enter one account. `account` and `secret` are sealed at rest, never logged.

    `secret` holds what the service needs: for CalDAV `server`, `username`, `password`, `home`.
    """

    id: GrantId
    person_id: PersonId
    provider: Provider
    account: str = field(repr=False)
    secret: Mapping[str, str] = field(repr=False)
    state: LinkState = LinkState.OK
    why_broken: str = ""
    version: int = 0


def is_delegated(grant: Grant) -> bool:
    """Tell whether a grant was opened by the organisation's IT and not by the person."""
    return DELEGATED in grant.secret


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """One connected calendar. `calendar_id` is the service's own id (CalDAV: the URL)."""

    id: LinkId
    grant_id: GrantId
    person_id: PersonId
    calendar_id: str
    name: str
    use: Use
    tier: Tier


@dataclass(frozen=True, slots=True)
class RemoteCalendar:
    """A calendar found in an account, before it is linked.

    `zone` is its own IANA zone, empty where the service does not say.
    """

    calendar_id: str
    name: str
    writable: bool
    default: bool = False
    zone: str = ""


def primary(links: Iterable[CalendarLink]) -> CalendarLink | None:
    """Return the primary link among one person's links, if there is one."""
    return next((link for link in links if link.use is Use.PRIMARY), None)
