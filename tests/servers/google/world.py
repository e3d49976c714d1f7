"""What the stand-in knows: accounts, calendars, events with versions, tokens and consents."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from core.timing.spans import Span, merge
from core.timing.zones import day_span, utc
from tests.servers.google import recurring

RIGHTS = ("freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
Json = dict[str, Any]


@dataclass(slots=True)
class Shelf:
    """One calendar as one account sees it."""

    id: str
    name: str
    role: str = "owner"
    zone: str = "UTC"
    primary: bool = False
    meet: bool = True
    events: dict[str, Json] = field(default_factory=dict)

    def entry(self) -> Json:
        """Return its calendarListEntry."""
        kinds = ["hangoutsMeet"] if self.meet else []
        entry: Json = {
            "kind": "calendar#calendarListEntry",
            "etag": '"1"',
            "id": self.id,
            "summary": self.name,
            "timeZone": self.zone,
            "accessRole": self.role,
            "selected": True,
            "defaultReminders": [],
            "conferenceProperties": {"allowedConferenceSolutionTypes": kinds},
        }
        return entry | ({"primary": True} if self.primary else {})

    def span(self, event: Json) -> Span:
        """Return when an event is; whole days are the calendar's."""
        start, end = (self._edge(event[name]) for name in ("start", "end"))
        return start, end

    def _edge(self, edge: Json) -> int:
        if edge.get("dateTime"):
            return instant(edge["dateTime"])
        return day_span(date.fromisoformat(edge["date"]), self.zone)[0]

    def inside(self, window: Span, *, single: bool = True, gone: bool = False) -> list[Json]:
        """Return the events that are there and share time with a window.

        A series is there as its sessions, or else as itself and its exceptions. `gone` adds what
        was deleted.
        """
        listed = [e for e in self.events.values() if not (single and e.get("recurringEventId"))]
        if single:
            listed = [one for e in listed for one in (recurring.instances(self.events, e) or [e])]
        return [
            event
            for event in listed
            if (gone or event["status"] != "cancelled") and self._meets(event, window)
        ]

    def _meets(self, event: Json, window: Span) -> bool:
        start, end = self.span(event)
        return (bool(event.get("recurrence")) or end > window[0]) and start < window[1]

    def busy(self, window: Span) -> list[Span]:
        """Return the merged spans of all opaque events in a window."""
        opaque = (e for e in self.inside(window) if e.get("transparency") != "transparent")
        return merge(self.span(event) for event in opaque)


@dataclass(slots=True)
class Account:
    """A person at Google."""

    email: str
    sub: str
    hosted: str = ""
    shelves: dict[str, Shelf] = field(default_factory=dict)
    granted: set[str] = field(default_factory=set)

    def add(self, shelf: Shelf) -> Shelf:
        """Give the account a calendar."""
        self.shelves[shelf.id] = shelf
        return shelf


@dataclass(slots=True)
class Code:
    """An authorisation code and what it was given for."""

    account: Account
    scopes: set[str]
    challenge: str
    redirect: str
    nonce: str


@dataclass(slots=True)
class World:
    """Everything behind the stand-in's addresses."""

    accounts: dict[str, Account] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    lasting: dict[str, tuple[Account, set[str]]] = field(default_factory=dict)  # refresh tokens
    passing: dict[str, tuple[str, int]] = field(default_factory=dict)  # access -> refresh, until
    versions: Any = field(default_factory=lambda: count(3_568_771_250_000_000))
    client: tuple[str, str] = ("tandem-client", "tandem-secret")

    def account(self, email: str, sub: str, hosted: str = "") -> Account:
        """Add an account."""
        self.accounts[email] = Account(email, sub, hosted)
        return self.accounts[email]

    def lasting_token(self, account: Account, scopes: set[str]) -> str:
        """Return a new refresh token."""
        token = f"1//{secrets.token_urlsafe(24)}"
        self.lasting[token] = account, scopes
        account.granted |= scopes
        return token

    def passing_token(self, refresh: str, until: int) -> str:
        """Return a new access token."""
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self.passing[token] = refresh, until
        return token

    def opened_by(self, token: str, now: int) -> tuple[Account, set[str]] | None:
        """Return what an access token opens now."""
        refresh, until = self.passing.get(token, ("", 0))
        return self.lasting.get(refresh) if until > now else None

    def revoke(self, account: Account) -> None:
        """Take back everything that an account has granted."""
        self.lasting = {t: kept for t, kept in self.lasting.items() if kept[0] is not account}
        account.granted.clear()

    def stored(self, shelf: Shelf, account: Account, body: Json, old: Json | None = None) -> Json:
        """Store an event as a new version and return it."""
        number = next(self.versions)
        name = body.get("id") or secrets.token_hex(13)
        base: Json = old or {
            "kind": "calendar#event",
            "id": name,
            "iCalUID": f"{name}@google.com",
            "htmlLink": f"https://www.google.com/calendar/event?eid={name}",
            "eventType": "default",
            "creator": {"email": account.email, "self": True},
            "organizer": {"email": account.email, "self": True},
            "status": "confirmed",
            "sequence": 0,
            "created": "2026-10-20T09:00:00.000Z",
            "reminders": {"useDefault": True},
        }
        event = merged(base, body) | {"etag": f'"{number}"', "updated": "2026-10-20T09:00:00.000Z"}
        shelf.events[event["id"]] = event
        return event

    def foreign(self, account: Account, shelf: Shelf, start: int, end: int, **more: Any) -> Json:
        """Store an event that is not ours."""
        times = {"start": {"dateTime": stamp(start)}, "end": {"dateTime": stamp(end)}}
        told = {"summary": "Private matters", "location": "Somewhere", "description": "Hush"}
        return self.stored(shelf, account, {**told, **times, **more})


def merged(base: Json, change: Json) -> Json:
    """Return `base` with a patch applied: objects are merged, null clears, lists are replaced."""
    result = dict(base)
    for name, value in change.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = merged(result.get(name, {}), value)
        else:
            result[name] = value
    return result


def stamp(at: int) -> str:
    """Return an instant in RFC 3339."""
    return f"{utc(at):%Y-%m-%dT%H:%M:%SZ}"


def instant(text: str) -> int:
    """Return the instant of an RFC 3339 time."""
    return int(datetime.fromisoformat(text).timestamp())
