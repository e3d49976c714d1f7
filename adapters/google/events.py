"""Our own events as Google's JSON, and Google's times as ours."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from adapters.google.errors import PROVIDER
from adapters.google.recurrence import repeats_as, times_of
from core.booking.meeting import Rsvp
from core.errors import BadData
from core.ports import Receipt
from core.timing.zones import day_span, utc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.booking.drafts import EventDraft, Guest, Party
    from core.timing.spans import Span

# Our UID travels on our own copy only: private properties are invisible to everybody else.
OURS = "tandemUid"
# All that is ever read of an event that we wrote; of others nothing but id, times and status.
OWN_FIELDS = (
    "id,etag,status,iCalUID,sequence,summary,description,location,start,end,transparency,"
    "recurrence,hangoutLink,"
    f"extendedProperties/private/{OURS},conferenceData/createRequest/status"
)
# And of a member's copy how its owner has answered on it.
MEMBER_FIELDS = f"{OWN_FIELDS},attendees(self,responseStatus)"
WRITTEN_FIELDS = "id,etag"
ANSWERS = {
    Rsvp.NEEDS_ACTION: "needsAction",
    Rsvp.ACCEPTED: "accepted",
    Rsvp.DECLINED: "declined",
    Rsvp.TENTATIVE: "tentative",
}
HEX_128 = re.compile(r"[0-9a-f]{32}")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def event_id(uid: str) -> str:
    """Return the id of our event in any calendar: a create that came twice meets itself.

    Google allows base32hex digits in lower case (RFC 4648 7). The first part of our UIDs is the
    meeting's 128 bits; any other UID is hashed.
    """
    name = uid.partition("@")[0]
    known = HEX_128.fullmatch(name) is not None
    bits = bytes.fromhex(name) if known else hashlib.sha256(uid.encode()).digest()
    return base64.b32hexencode(bits).decode().lower().rstrip("=")


def content(draft: EventDraft, sequence: int = 0) -> dict[str, Any]:
    """Return what a draft says; its sequence is never below `sequence`, the stored one.

    Google shows descriptions as HTML, so ours is escaped.
    """
    repeats = draft.recurrence
    when = times_of(repeats) if repeats else _times(draft)
    return {
        "summary": draft.title,
        "description": html.escape(draft.description, quote=False),
        "location": draft.place,
        **when,
        "status": "confirmed",
        "transparency": "opaque",
        "sequence": max(draft.sequence, sequence),
        "extendedProperties": {"private": {OURS: draft.uid}},
    }


def _times(draft: EventDraft) -> dict[str, Any]:
    return {"start": {"dateTime": stamp(draft.start)}, "end": {"dateTime": stamp(draft.end)}}


def correction(draft: EventDraft, sequence: int) -> dict[str, Any]:
    """Return the patch that makes a stored event say what the draft says.

    Null clears: the person may have made it an event of whole days.
    """
    body = content(draft, sequence)
    for edge in ("start", "end"):
        body[edge] = {**body[edge], "date": None}
    return body


def imported(
    draft: EventDraft, party: Party, address: str, old: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the copy of the member with an address, of a meeting that the assistant organizes
    (X4).

    `old` is the copy that is there, empty for none: what the member has answered on it stays,
    unless the time is another or they have answered us otherwise since.
    """
    answer = _own_answer(old) if _same_time(old, draft) else ""
    kept = {address.casefold(): answer} if answer else {}
    return {
        **content(draft, sequence_of(old)),
        "iCalUID": draft.uid,
        "organizer": {"email": party.organizer.address, "displayName": party.organizer.name},
        "attendees": [_attendee(guest, kept) for guest in party.guests],
        "guestsCanInviteOthers": False,
        "guestsCanModify": False,
    }


def _attendee(guest: Guest, kept: Mapping[str, str]) -> dict[str, Any]:
    answer = ANSWERS[guest.rsvp]
    if guest.rsvp in (Rsvp.NEEDS_ACTION, Rsvp.ACCEPTED):  # what people have before they answer
        answer = kept.get(guest.email.casefold(), answer)
    plain = {"email": guest.email, "displayName": guest.name, "responseStatus": answer}
    return {**plain, "optional": True} if guest.optional else plain


def _own_answer(event: Mapping[str, Any]) -> str:
    """Return the answer of a calendar's owner on their copy, "" if there is none."""
    found = event.get("attendees")
    for one in found if isinstance(found, list) else []:
        if one.get("self") and one.get("responseStatus") != ANSWERS[Rsvp.NEEDS_ACTION]:
            return str(one.get("responseStatus") or "")
    return ""


def _same_time(event: Mapping[str, Any], draft: EventDraft) -> bool:
    try:
        return span_of(event, "UTC") == _span(draft)
    except BadData:
        return False


def _span(draft: EventDraft) -> Span:
    """Return when the stored event itself is: a series' is where its rule begins."""
    return span_of(content(draft), "UTC") if draft.recurrence else (draft.start, draft.end)


def is_import(event: Mapping[str, Any], draft: EventDraft) -> bool:
    """Whether an event is a member's copy of the draft's meeting: Google gives what we insert
    for owners a UID of its own.
    """
    return event.get("iCalUID") == draft.uid


def says(event: Mapping[str, Any], draft: EventDraft) -> bool:
    """Whether a stored event is there and says all that the draft says."""
    return (
        is_there(event)
        and _same_time(event, draft)
        and "dateTime" in event["start"]
        and repeats_as(event, draft.recurrence)
        and event.get("summary", "") == draft.title
        and _plain(event.get("description", "")) == _plain(html.escape(draft.description))
        and event.get("location", "") == draft.place
        and event.get("transparency", "opaque") == "opaque"
        and sequence_of(event) >= draft.sequence
    )


def is_there(event: Mapping[str, Any]) -> bool:
    """Whether an event is more than what is left of a deleted one."""
    return event.get("status") != "cancelled"


def sequence_of(event: Mapping[str, Any]) -> int:
    """Return the stored iCalendar sequence."""
    found = event.get("sequence", 0)
    return found if isinstance(found, int) else 0


def receipt_of(event: Mapping[str, Any]) -> Receipt:
    """Return where an event is and which version. Raises BadData."""
    remote_id, etag = event.get("id"), event.get("etag")
    if not isinstance(remote_id, str) or not isinstance(etag, str):
        raise BadData("an event without id and version", provider=PROVIDER)
    return Receipt(remote_id, etag)


def stamp(at: int) -> str:
    """Return an instant as Google writes it (RFC 3339, UTC)."""
    return f"{utc(at):%Y-%m-%dT%H:%M:%SZ}"


def instant_of(text: object) -> int:
    """Return the instant of an RFC 3339 time with its offset. Raises BadData."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadData("a time that cannot be read", provider=PROVIDER)
    return int(found.timestamp())


def span_of(event: Mapping[str, Any], zone: str) -> Span:
    """Return when an event is; whole days are days of `zone`, its calendar's. Raises BadData."""
    start, end = event.get("start"), event.get("end")
    if not isinstance(start, dict) or not isinstance(end, dict):
        raise BadData("an event without times", provider=PROVIDER)
    return _edge(start, zone), _edge(end, zone)


def _edge(edge: Mapping[str, Any], zone: str) -> int:
    if "dateTime" in edge:
        return instant_of(edge["dateTime"])
    try:
        return day_span(date.fromisoformat(str(edge.get("date"))), zone)[0]
    except ValueError as error:
        raise BadData("a date that cannot be read", provider=PROVIDER) from error


def _plain(text: str) -> str:
    """Return a description without what Google may have done to its form."""
    return html.unescape(BREAK.sub("\n", text)).strip()
