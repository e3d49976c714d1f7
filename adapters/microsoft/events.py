"""Events of Graph and the core's words: busy spans, our copies, answers, meeting links.

Of foreign events only what FOREIGN names is ever asked for: times and how they block.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from adapters.microsoft import recurrence
from adapters.microsoft.errors import PROVIDER
from adapters.microsoft.zones import iana_of
from core.booking.meeting import Rsvp
from core.errors import BadData
from core.links import RemoteCalendar
from core.ports import Busy, BusyKind, Receipt
from core.timing.zones import instant, utc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.booking.drafts import EventDraft

FOREIGN = ("start", "end", "showAs", "isCancelled", "isAllDay", "responseStatus")
# What tells our own meetings from foreign ones; asked for only when some are to be left out.
WHOSE = ("iCalUId", "transactionId", "seriesMasterId")
OURS = (
    *("id", "subject", "start", "end", "location", "body", "isOnlineMeeting", "isAllDay"),
    "recurrence",
)
MEETING = ("id", "isOnlineMeeting", "onlineMeeting")

# Our properties on our copies. The name space is ours for good: copies are found by it.
_SPACE = "{6f6c9bb2-3f0a-4c57-9d2e-0a5f4b1c7e83}"
UID_PROPERTY = f"String {_SPACE} Name tandem-uid"
VERSION_PROPERTY = f"String {_SPACE} Name tandem-version"

_FREE = frozenset({"free", "workingElsewhere"})
_KINDS = {"tentative": BusyKind.TENTATIVE, "oof": BusyKind.AWAY}
_ANSWERS = {
    "accepted": Rsvp.ACCEPTED,
    "organizer": Rsvp.ACCEPTED,
    "declined": Rsvp.DECLINED,
    "tentativelyAccepted": Rsvp.TENTATIVE,
    "notResponded": Rsvp.NEEDS_ACTION,
    "none": Rsvp.NEEDS_ACTION,
}
# How Exchange wraps the UID of an event that came by mail (MS-OXCICAL 2.1.3.1.1.20.26).
_WRAPPED = re.compile(r"^040000008200E00074C5B7101A82E008.*7643616C2D55696401000000", re.IGNORECASE)


# --- times ---


def moment(value: Any, zone: str) -> int:
    """Return the instant of a dateTimeTimeZone. `zone` (IANA) stands in for a custom one.

    Graph writes seven digits of a second and no offset. Raises BadData.
    """
    local = _local(value)
    named = iana_of(str(value.get("timeZone") or "")) or zone
    return instant(local.date(), local.time(), named)


def _local(value: Any) -> datetime:
    text = value.get("dateTime") if isinstance(value, dict) else None
    try:
        return datetime.fromisoformat(str(text)[:26].removesuffix("Z")).replace(
            microsecond=0, tzinfo=None
        )
    except ValueError:
        raise BadData("an event without times", provider=PROVIDER) from None


def _span(event: Mapping[str, Any], zone: str) -> tuple[int, int]:
    """Return start and end; a whole day is a day of the person's zone, whatever zone is named."""
    first, last = event.get("start"), event.get("end")
    if event.get("isAllDay"):
        begin, end = _local(first), _local(last)
        if not any((begin.hour, begin.minute, end.hour, end.minute)):
            midnight = datetime.min.time()
            return instant(begin.date(), midnight, zone), instant(end.date(), midnight, zone)
    return moment(first, zone), moment(last, zone)


def times_of(at: int) -> dict[str, str]:
    """Return an instant as a dateTimeTimeZone in UTC."""
    return {"dateTime": f"{utc(at):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}


# --- foreign events ---


def busy_of(event: Any, zone: str) -> Busy | None:
    """Return how an event blocks, None when it does not. Raises BadData."""
    if not isinstance(event, dict):
        raise BadData("an event that is none", provider=PROVIDER)
    answer = event.get("responseStatus")
    declined = isinstance(answer, dict) and answer.get("response") == "declined"
    shown = event.get("showAs")
    if event.get("isCancelled") or declined or shown in _FREE:
        return None
    start, end = _span(event, zone)
    if end < start:
        raise BadData("an event that ends before it starts", provider=PROVIDER)
    # What is not known (showAs "unknown", or a word to come) blocks.
    kind = _KINDS.get(str(shown), BusyKind.BUSY)
    return Busy(start, end, kind) if end > start else None


def uids_of(event: Mapping[str, Any]) -> frozenset[str]:
    """Return the UIDs an event may have with us: of our copy, or as it came by mail."""
    wrapped = str(event.get("iCalUId") or "")
    ours = str(event.get("transactionId") or "").partition("#")[0]
    return frozenset(filter(None, (wrapped, _unwrapped(wrapped), ours)))


def _unwrapped(uid: str) -> str:
    found = _WRAPPED.match(uid)
    if not found:
        return ""
    try:
        return bytes.fromhex(uid[found.end() :]).split(b"\0", 1)[0].decode()
    except ValueError:
        return ""


def answer_of(event: Mapping[str, Any]) -> Rsvp:
    """Return the owner's answer on a copy that came by mail."""
    if event.get("isCancelled"):
        return Rsvp.DECLINED
    status = event.get("responseStatus")
    response = status.get("response") if isinstance(status, dict) else None
    return _ANSWERS.get(str(response), Rsvp.NEEDS_ACTION)


# --- calendars ---


def calendar_of(item: Any, *, may_write: bool) -> RemoteCalendar:
    """Return a calendar. Raises BadData."""
    if not isinstance(item, dict) or not item.get("id"):
        raise BadData("a calendar without an id", provider=PROVIDER)
    return RemoteCalendar(
        calendar_id=str(item["id"]),
        name=str(item.get("name") or ""),
        writable=may_write and item.get("canEdit") is True,
        default=item.get("isDefaultCalendar") is True,
    )


# --- our copies ---


def version_of(draft: EventDraft) -> str:
    """Return what tells one version of a copy from others: its sequence and a digest."""
    told = (draft.uid, draft.start, draft.end, draft.title, draft.description, draft.place)
    said = repr(told) + (repr(draft.recurrence) if draft.recurrence else "")
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    return f"{draft.sequence}.{digest}"


def found_by(uid: str) -> str:
    """Return the filter that finds our copy with a UID."""
    quoted = uid.replace("'", "''")
    ours = f"ep/id eq '{UID_PROPERTY}' and ep/value eq '{quoted}'"
    return f"singleValueExtendedProperties/Any(ep: {ours})"


def transaction_of(draft: EventDraft, calendar_id: str, attempt: int = 0) -> str:
    """Return the id by which the service knows a create that comes twice.

    It begins with our UID, and differs by calendar and by sequence: the service may remember the
    id of an event that was deleted meanwhile.
    """
    place = hashlib.sha256(calendar_id.encode()).hexdigest()[:8]
    again = f".{attempt}" if attempt else ""
    return f"{draft.uid}#{draft.sequence}.{place}{again}"


def write_event(draft: EventDraft) -> dict[str, Any]:
    """Return the fields of a copy: nobody is invited by it, so nobody is mailed by the service
    (it mails whoever is an attendee: learn.microsoft.com/graph/api/calendar-post-events). Raises
    CannotRepeat.
    """
    single = {"start": times_of(draft.start), "end": times_of(draft.end)}
    return {
        "subject": draft.title,
        "body": {"contentType": "text", "content": draft.description},
        **(recurrence.times_of(draft.recurrence) if draft.recurrence else single),
        "location": {"displayName": draft.place},
        "isAllDay": False,
        "singleValueExtendedProperties": [
            {"id": UID_PROPERTY, "value": draft.uid},
            {"id": VERSION_PROPERTY, "value": version_of(draft)},
        ],
    }


def _times(draft: EventDraft) -> tuple[int, int]:
    """Return when the event itself is: of a series, its first session by the rule."""
    return _span(write_event(draft), "UTC")


@dataclass(frozen=True, slots=True)
class Copy:
    """Our copy as it is in the calendar."""

    event: Mapping[str, Any]

    @property
    def receipt(self) -> Receipt:
        """Where it is, and its version. Raises BadData."""
        remote_id, etag = self.event.get("id"), self.event.get("@odata.etag")
        if not remote_id or not etag:
            raise BadData("an event without id or version", provider=PROVIDER)
        return Receipt(str(remote_id), str(etag))

    def says(self, draft: EventDraft) -> bool:
        """Whether it is this version of the draft, and its times, title and place still are.

        The text is not compared: Outlook rewrites it.
        """
        properties = self.event.get("singleValueExtendedProperties") or ()
        versions = {
            item.get("value") for item in properties if item.get("id", "").endswith("-version")
        }
        return version_of(draft) in versions and self.shows(draft) and self._repeats(draft)

    def shows(self, draft: EventDraft) -> bool:
        """Whether its times, title and place are those of the draft."""
        place = self.event.get("location") or {}
        return (
            _span(self.event, "UTC") == _times(draft)
            and self.event.get("subject") == draft.title
            and (place.get("displayName") or "") == draft.place
        )

    def _repeats(self, draft: EventDraft) -> bool:
        return recurrence.repeats_as(self.event, draft.recurrence)

    def _stays(self, draft: EventDraft) -> bool:
        """Whether a series keeps its rule and times: written anew, it would lose the occurrences
        that are moved or left out.
        """
        if draft.recurrence is None:
            return False
        return _span(self.event, "UTC") == _times(draft) and self._repeats(draft)

    def differences(self, draft: EventDraft) -> dict[str, Any]:
        """Return the fields that make one occurrence of a series show what the draft says; of all
        others it goes on saying what its series says.
        """
        fields = write_event(draft)
        place = (self.event.get("location") or {}).get("displayName") or ""
        kept = ["isAllDay", "start", "end"] if _span(self.event, "UTC") != _times(draft) else []
        kept += ["subject"] if self.event.get("subject") != draft.title else []
        kept += ["location"] if place != draft.place else []
        return {name: fields[name] for name in kept}

    def changes(self, draft: EventDraft) -> dict[str, Any]:
        """Return the fields that make it say what the draft says.

        The part of the text by which an online meeting is joined is kept: without it the service
        turns the meeting off (learn.microsoft.com/graph/api/event-update). Where it cannot be told
        from the rest, the text stays as it is.
        """
        fields = write_event(draft)
        if self._stays(draft):
            for name in ("start", "end", "recurrence"):
                del fields[name]
        elif draft.recurrence is None and self.event.get("recurrence"):
            fields["recurrence"] = None
        if self.event.get("isOnlineMeeting"):
            body = self.event.get("body") or {}
            joining = joining_part(str(body.get("content") or ""))
            if joining:
                content = f"<html><body>{as_html(draft.description)}{joining}</body></html>"
                fields["body"] = {"contentType": "html", "content": content}
            else:
                del fields["body"]
        return fields


def link_of(event: Mapping[str, Any]) -> str:
    """Return how an online meeting is joined, "" while it has no link. Raises BadData."""
    meeting = event.get("onlineMeeting")
    link = meeting.get("joinUrl") if isinstance(meeting, dict) else None
    if link and not str(link).startswith("https://"):
        raise BadData("a meeting link that is no address", provider=PROVIDER)
    return str(link or "")


_JOINING = re.compile(r"_{20,}|me-email-text|teams\.(?:microsoft|live)\.com/")
_LINK = re.compile(r"https?://[^\s<>&\"]+(?:&amp;[^\s<>&\"]+)*")


def joining_part(content: str) -> str:
    """Return the part of a text by which an online meeting is joined, "" when none is found.

    It begins at the block with the first sign of it and goes on to the end of the text.
    """
    sign = _JOINING.search(content)
    if sign is None:
        return ""
    begin = content.rfind("<div", 0, sign.start())
    end = content.rfind("</body>")
    return content[max(begin, 0) : end if end > begin else None]


def as_html(text: str) -> str:
    """Return plain text as HTML in one block, its addresses as links."""
    escaped = html.escape(text, quote=True)
    linked = _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escaped)
    return "<div>{}</div>".format(linked.replace("\n", "<br>"))
