"""The calendars of one mailbox, as Graph keeps them: ids, versions, transaction ids, views."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.servers.graph.recurring import MARK, Exceptions, crosses, occurrences, times, utc_of

__all__ = ["Calendar", "Mailbox", "day_times", "instants", "times", "view"]
NOW = "2026-10-01T08:00:00.0000000Z"
BLOB = (
    '<div style="width:100%"><span>________________________________________</span></div>'
    '<div class="me-email-text"><a href="https://teams.microsoft.com/l/meetup-join/x">Join</a></div>'
)
JOIN = "https://teams.microsoft.com/l/meetup-join/x"


@dataclass(slots=True)
class Calendar:
    """One calendar and its events by id."""

    id: str
    name: str
    can_edit: bool = True
    default: bool = False
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    properties: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: Exceptions = field(default_factory=Exceptions)

    def shown(self, event_id: str) -> dict[str, Any] | None:
        """An event, or an occurrence of a series."""
        series = self.events.get(event_id.partition(MARK)[0])
        if MARK not in event_id or series is None:
            return series
        return next((e for e in occurrences(series, self.kept) if e["id"] == event_id), None)


@dataclass(slots=True)
class Mailbox:
    """Calendars of one owner.

    `replay` says how a create with a known transaction id is answered: "event" gives the event
    again, "conflict" refuses; what is documented leaves both open. `remembers` keeps the ids of
    deleted events. `restores` says whether a rule that is written anew brings back occurrences
    that were deleted. `late_links` is how many looks a meeting's link needs to appear.
    """

    owner: str
    calendars: dict[str, Calendar] = field(default_factory=dict)
    replay: str = "event"
    remembers: bool = False
    restores: bool = True
    late_links: int = 0
    providers: tuple[str, ...] = ("teamsForBusiness",)
    _transactions: dict[str, str] = field(default_factory=dict)
    _count: Iterator[int] = field(default_factory=lambda: count(1))

    def add_calendar(self, name: str, *, default: bool = False, can_edit: bool = True) -> Calendar:
        # Ids tell upper from lower case and end in "=".
        found = Calendar(f"AAkALgAAaCal{len(self.calendars)}AAA=", name, can_edit, default)
        self.calendars[found.id] = found
        return found

    def holding(self, event_id: str) -> Calendar | None:
        return next((c for c in self.calendars.values() if c.shown(event_id)), None)

    def create(self, calendar: Calendar, sent: Mapping[str, Any]) -> dict[str, Any] | None:
        """A new event, the old one for a known transaction id, None where that is refused."""
        transaction = sent.get("transactionId")
        if transaction in self._transactions:
            holder = self.holding(self._transactions[transaction])
            if holder and self.replay == "event":
                return holder.events[self._transactions[transaction]]
            if holder or self.remembers:
                return None
        number = next(self._count)
        event = {**self._blank(number), **_kept(sent), "transactionId": transaction}
        event_id = str(event["id"])
        calendar.events[event_id] = event
        calendar.properties[event_id] = {}
        if transaction:
            self._transactions[transaction] = event_id
        return self.write(calendar, event_id, sent)

    def write(self, calendar: Calendar, event_id: str, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Change an event as a PATCH does; it gets another version."""
        event = calendar.events[event_id]
        for item in sent.get("singleValueExtendedProperties", ()):
            calendar.properties[event_id][item["id"]] = item["value"]
        event |= _kept(sent)
        if "body" in sent:
            event["body"] = _stored_body(sent["body"])
            if event["isOnlineMeeting"] and "me-email-text" not in event["body"]["content"]:
                # Who removes the joining part turns the meeting off.
                event |= {"isOnlineMeeting": False, "onlineMeeting": None}
        if "location" in sent:
            event["locations"] = [event["location"]]
        for end in ("start", "end"):
            if end in sent:
                event[end] = _stored_time(sent[end])
        if "recurrence" in sent:
            event["type"] = "seriesMaster" if sent["recurrence"] else "singleInstance"
            if self.restores or not sent["recurrence"]:
                calendar.kept.forget(event_id)
        if sent.get("isOnlineMeeting") and not event.get("onlineMeeting"):
            old = event["body"]["content"]
            event["body"]["content"] = old.replace("</body>", f"{BLOB}</body>")
            event["onlineMeeting"] = {"joinUrl": JOIN}
        return self._versioned(event)

    def _versioned(self, event: dict[str, Any]) -> dict[str, Any]:
        key = f"changeKey{next(self._count)}=="
        event |= {"changeKey": key, "@odata.etag": f'W/"{key}"'}
        return event

    def move(self, calendar: Calendar, name: str, sent: Mapping[str, Any]) -> dict[str, Any] | None:
        """Change one occurrence; None where it would come to the day of its neighbour. The
        series, which holds its exceptions, gets another version, too.
        """
        series = calendar.events[name.partition(MARK)[0]]
        there = occurrences(series, calendar.kept)
        old = next(one for one in there if one["id"] == name)
        new = {**old, **_kept(sent), "type": "exception"}
        new |= {end: _stored_time(sent[end]) for end in ("start", "end") if end in sent}
        if crosses(name, new, there):
            return None
        calendar.kept.changed[name] = self._versioned(new)
        self._versioned(series)
        return new

    def delete(self, calendar: Calendar, event_id: str) -> None:
        series = event_id.partition(MARK)[0]
        if series != event_id:
            calendar.kept.deleted.add(event_id)
            calendar.kept.changed.pop(event_id, None)
            self._versioned(calendar.events[series])
            return
        calendar.kept.forget(series)
        del calendar.events[event_id], calendar.properties[event_id]

    def _blank(self, number: int) -> dict[str, Any]:
        return {
            "id": f"AQMkADAwAevent{number}AaA=",
            "createdDateTime": NOW,
            "lastModifiedDateTime": NOW,
            "categories": [],
            "originalStartTimeZone": "UTC",
            "originalEndTimeZone": "UTC",
            "iCalUId": f"040000008200E00074C5B7101A82E00800000000{number:032X}",
            "reminderMinutesBeforeStart": 15,
            "isReminderOn": True,
            "hasAttachments": False,
            "subject": "",
            "bodyPreview": "",
            "importance": "normal",
            "sensitivity": "normal",
            "isAllDay": False,
            "isCancelled": False,
            "isOrganizer": True,
            "responseRequested": True,
            "seriesMasterId": None,
            "showAs": "busy",
            "type": "singleInstance",
            "webLink": "https://outlook.office365.com/owa/?itemid=x",
            "onlineMeetingUrl": None,
            "isOnlineMeeting": False,
            "onlineMeetingProvider": "unknown",
            "allowNewTimeProposals": True,
            "isDraft": False,
            "hideAttendees": False,
            "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
            "body": {"contentType": "html", "content": "<html><body></body></html>"},
            "location": {"displayName": "", "locationType": "default"},
            "locations": [],
            "recurrence": None,
            "attendees": [],
            "organizer": {"emailAddress": {"name": "Owner", "address": self.owner}},
            "onlineMeeting": None,
        }


def view(calendar: Calendar, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """The events that reach into a window, by start; whole days lie at UTC's midnights."""
    every = calendar.events.values()
    shown = [one for e in every for one in (occurrences(e, calendar.kept) or [e])]
    found = [e for e in shown if _at(e["start"]) < end and _at(e["end"]) > start]
    return sorted(found, key=lambda event: _at(event["start"]))


def instants(event: Mapping[str, Any]) -> tuple[int, int]:
    start, end = (int(_at(event[name]).timestamp()) for name in ("start", "end"))
    return start, end


def day_times(first: datetime, days: int = 1) -> dict[str, Any]:
    """The fields of an event of whole days."""
    return {
        "isAllDay": True,
        "start": times(first),
        "end": times(first + timedelta(days=days)),
    }


def _at(value: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(value["dateTime"][:19]).replace(tzinfo=UTC)


def _kept(sent: Mapping[str, Any]) -> dict[str, Any]:
    special = {"singleValueExtendedProperties", "transactionId", "body", "start", "end"}
    return {name: value for name, value in sent.items() if name not in special}


def _stored_time(value: Mapping[str, str]) -> dict[str, str]:
    return times(utc_of(value))


def _stored_body(body: Mapping[str, str]) -> dict[str, str]:
    """Exchange keeps every text as HTML."""
    if body["contentType"] == "html":
        return dict(body)
    text = html.escape(body["content"]).replace("\n", "<br>")
    content = f'<html><head></head><body><div class="PlainText">{text}</div></body></html>'
    return {"contentType": "html", "content": content}
