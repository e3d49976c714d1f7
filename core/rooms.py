"""The link of a virtual session, made by the service of the owner's calendar (Y13).

A session without a place, whose owner's calendar makes links, is booked with an effect that makes
one as soon as the owner's copy is written. Invitations wait for it, a minute at the most, so that
people get one invitation, with the link. A link that comes later is told as a change; one that
never comes is asked of the owner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.booking.meeting import EventRef, MeetingState, Path
from core.booking.plan import FIRST_LOOK, LINK_PATIENCE, event_effect, plan
from core.convening import reachable
from core.effects import EffectState
from core.errors import (
    BadData,
    Conflict,
    NotFound,
    PreconditionFailed,
    RateLimited,
    RemoteMissing,
    Unavailable,
)
from core.ids import LinkId
from core.links import LinkState
from core.notices import Notice, NoticeKind, as_effect
from core.outcome import Ended, Later
from core.ports import Receipt

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.effects import Effect
    from core.errors import ProviderError
    from core.links import CalendarLink, Grant
    from core.ports import Calendars, Ports, Room, RoomMaker, Tx

PASSING = (Unavailable, RateLimited, Conflict, PreconditionFailed, RemoteMissing, BadData)
LONGEST_WAIT = 20  # seconds between two tries
MARGIN = 2  # seconds before the end of the patience in which a mail may be leaving already
WAITING = "waiting for the link of the session"
MADE, NONE_MADE, MOOT = "made", "none to be had", "no longer needed"


def makes_room(tx: Tx, services: Calendars, meeting: Meeting) -> bool:
    """Tell whether a meeting lacks a place and its owner's calendar can make a link for it."""
    owner = meeting.attendee(meeting.owner)
    if meeting.place or owner is None or owner.path is not Path.CALENDAR or owner.link_id is None:
        return False
    try:
        grant = tx.links.grant(tx.links.get(owner.link_id).grant_id)
    except NotFound:
        return False
    service = services.get(grant.provider)
    return service is not None and service.rooms is not None


def ask_for_link(tx: Tx, meeting: Meeting, now: int) -> None:
    """Ask an owner once in their life where they meet people."""
    if not meeting.place:
        notice = Notice(
            meeting.owner, NoticeKind.ASK_LINK, f"link:{meeting.owner}", {"meeting": meeting.id}
        )
        tx.effects.add(as_effect(notice, "once", now))


# --- waiting ------------------------------------------------------------------------------------


async def waiting(ports: Ports, effect: Effect) -> Later | None:
    """Return until when an effect still waits for a link; None for what may go out."""
    if "awaits" not in effect.payload:
        return None
    now = ports.clock.now()
    return await ports.store.read(lambda tx: _waits(tx, effect, now))


def _waits(tx: Tx, effect: Effect, now: int) -> Later | None:
    until = int(effect.payload["until"])
    link = tx.effects.by_key(effect.payload["awaits"])
    if now >= until or link is None or link.state is not EffectState.READY:
        return None
    if effect.meeting_id and tx.meetings.get(effect.meeting_id).sequence > effect.sequence:
        return None  # it will not go out at all
    waited = now - (until - LINK_PATIENCE)
    return Later(min(until, now + max(FIRST_LOOK, waited)), WAITING)


# --- making -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Case:
    """The owner's copy that gets the room."""

    meeting: Meeting
    link: CalendarLink
    grant: Grant
    ref: EventRef
    rooms: RoomMaker


def _needed(tx: Tx, effect: Effect) -> bool:
    if effect.meeting_id is None:
        return False
    try:
        meeting = tx.meetings.get(effect.meeting_id)
    except NotFound:
        return False
    return meeting.state is MeetingState.BOOKED and not meeting.place


def _case(tx: Tx, services: Calendars, effect: Effect) -> _Case | None:
    """Return what gets the room; None without a copy that was written, or the way to it."""
    if effect.meeting_id is None:
        return None
    meeting = tx.meetings.get(effect.meeting_id)
    try:
        link = tx.links.get(LinkId(effect.payload["link"]))
        grant = tx.links.grant(link.grant_id)
    except NotFound:
        return None
    service = services.get(grant.provider)
    ref = next((r for r in tx.meetings.refs(meeting.id) if r.link_id == link.id), None)
    if ref is None or grant.state is not LinkState.OK or service is None or service.rooms is None:
        return None
    return _Case(meeting, link, grant, ref, service.rooms)


async def make_room(ports: Ports, effect: Effect) -> Ended | Later:
    """Make the link, and give it to the meeting. Raises ProviderError leaves for what will not
    work, and for what has not worked long enough.
    """
    if not await ports.store.read(lambda tx: _needed(tx, effect)):
        return Ended(MOOT)
    case = await ports.store.read(lambda tx: _case(tx, ports.calendars, effect))
    room = None
    if case is not None:
        receipt = Receipt(case.ref.remote_id, case.ref.etag)
        try:
            room = await case.rooms.make(case.grant, case.link.calendar_id, receipt)
        except PASSING as error:
            return _again(effect, error, ports.clock.now())
    if case is None or room is None:
        return Ended(NONE_MADE, lambda tx: not_made(tx, effect, ports.clock.now()))
    made, ref = room, case.ref
    return Ended(MADE, lambda tx: _furnish(tx, effect, ref, made, ports.clock.now()))


def _again(effect: Effect, error: ProviderError, now: int) -> Later:
    """Return when to try once more: soon, because changes of the owner's copy wait behind it.

    Raises the error when its time is over.
    """
    if now >= effect.give_up_at:
        raise error
    asked = error.retry_after if isinstance(error, RateLimited) else 0
    wait = max(asked, min(LONGEST_WAIT, 2 ** min(effect.attempts, 9)))
    return Later(min(now + wait, effect.give_up_at), type(error).__name__)


def not_made(tx: Tx, effect: Effect, now: int) -> None:
    """Ask the owner for a link, because none was made."""
    if effect.meeting_id is not None and _needed(tx, effect):
        ask_for_link(tx, tx.meetings.get(effect.meeting_id), now)


def _furnish(tx: Tx, effect: Effect, ref: EventRef, room: Room, now: int) -> None:
    """Give the meeting its place: as it was meant while nobody was told, else as a change."""
    tx.meetings.save_ref(replace(ref, etag=room.receipt.etag))
    meeting = tx.meetings.get(ref.meeting_id)
    if meeting.state is not MeetingState.BOOKED or meeting.place:
        return
    if _told(tx, effect, meeting, now):
        standing, leftovers = reachable(tx, meeting, now)
        after = standing.amend(now, place=room.url)
        effects = [*leftovers, *plan(standing, after, None, now)]
    else:
        after = meeting.furnish(room.url)
        owner = after.attendee(after.owner)
        effects = [event_effect(after, owner, now, again="room")] if owner else []
    tx.meetings.save(after)
    for one in effects:
        tx.effects.add(one)


def _told(tx: Tx, effect: Effect, meeting: Meeting, now: int) -> bool:
    """Tell whether somebody may have been told of the meeting without its link."""
    if meeting.sequence != effect.sequence or now >= int(effect.payload["until"]) - MARGIN:
        return True
    waiting_ones = (
        one for one in tx.effects.of_meeting(meeting.id) if one.payload.get("awaits") == effect.key
    )
    return any(one.state is not EffectState.READY for one in waiting_ones)
