"""Carry out what is to reach people of a series: its one copy in a calendar, and its mails.

A copy is always written from the present state of all sessions, so that of several changes the
last one wins, in whatever order they are carried out. Where a service cannot hold a series as one
event, its sessions are written as single ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.arrival import looked_after
from core.booking.meeting import EventRef, Path
from core.booking.plan import SERIES
from core.booking.series import revision, sequence_of, standing
from core.booking.series_plan import WHOLE, in_series
from core.copies import remove_copy, service_of, write_copy
from core.effects import EffectKind
from core.errors import AccessRevoked, CannotRepeat, NotConnected, NotFound
from core.ids import LinkId, MeetingId, SeriesId
from core.links import LinkState

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.booking.drafts import Mail
    from core.booking.meeting import Meeting
    from core.booking.series import Series
    from core.effects import Effect
    from core.links import CalendarLink, Grant
    from core.people import Person
    from core.ports import Letters, MailTransport, Ports, Tx


@dataclass(frozen=True, slots=True)
class _Whole:
    """A series with all its sessions by slot, and the person an effect is for."""

    series: Series
    meetings: tuple[Meeting, ...]
    person: Person


def concerns_series(effect: Effect) -> bool:
    """Tell whether an effect is carried out here."""
    return SERIES in effect.payload and effect.kind is not EffectKind.NOTIFY


async def deliver_series(
    ports: Ports, transport: MailTransport, letters: Letters, effect: Effect
) -> Callable[[Tx], None] | None:
    """Carry out one effect; return what is to be recorded. Raises like any delivery."""
    if effect.kind in (EffectKind.PLACE_EVENT, EffectKind.REMOVE_EVENT):
        return await _copies(ports, letters, effect)
    return await _mail(ports, transport, letters, effect)


def _load(tx: Tx, effect: Effect) -> _Whole:
    """Raises NotFound."""
    if effect.person_id is None:
        raise NotFound(effect.key)
    series_id = SeriesId(effect.payload[SERIES])
    meetings = tx.meetings.of_series(series_id)
    return _Whole(tx.meetings.series(series_id), meetings, tx.people.get(effect.person_id))


# --- mail -----------------------------------------------------------------------------------------


async def _mail(
    ports: Ports, transport: MailTransport, letters: Letters, effect: Effect
) -> Callable[[Tx], None] | None:
    """Send one mail, unless what it tells was changed since it was queued."""
    whole = await ports.store.read(lambda tx: _load(tx, effect))
    mail = _written(letters, whole, effect)
    if mail is None:
        return None
    await transport.send(mail)
    return looked_after(ports, effect) if effect.kind is EffectKind.MAIL_INVITE else None


def _written(letters: Letters, whole: _Whole, effect: Effect) -> Mail | None:
    """Return the mail; None for one that a newer one follows."""
    series, person = whole.series, whole.person
    if WHOLE in effect.payload:
        if series.sequence > effect.sequence:
            return None
        return letters.series(series, whole.meetings, person, effect)
    meeting = next((m for m in whole.meetings if m.id == effect.meeting_id), None)
    if meeting is None or meeting.sequence > effect.sequence:
        return None
    compose = {EffectKind.MAIL_INVITE: letters.invite, EffectKind.MAIL_CANCEL: letters.cancel}
    mail = compose.get(effect.kind, letters.details)(meeting, person, effect)
    if mail.invite is None:
        return mail
    return replace(mail, invite=in_series(mail.invite, series, meeting))


# --- calendars ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The calendar in which a person's copies are."""

    link: CalendarLink
    grant: Grant
    refs: dict[MeetingId, EventRef]


def _shelf(tx: Tx, whole: _Whole, effect: Effect) -> _Shelf:
    """Raises NotConnected, AccessRevoked."""
    try:
        link = tx.links.get(LinkId(effect.payload["link"]))
        grant = tx.links.grant(link.grant_id)
    except NotFound as error:
        raise NotConnected("the calendar is no longer connected") from error
    if grant.state is LinkState.BROKEN:
        raise AccessRevoked("the calendar has to be reconnected")
    ids = {MeetingId(whole.series.id), *(m.id for m in whole.meetings)}
    refs = {i: ref for i in ids for ref in tx.meetings.refs(i) if ref.link_id == link.id}
    return _Shelf(link, grant, refs)


def _belongs(whole: _Whole, shelf: _Shelf) -> bool:
    """Tell whether the person's sessions go into this calendar."""
    entries = [m.attendee(whole.person.id) for m in standing(whole.meetings)]
    return any(e and e.path is Path.CALENDAR and e.link_id == shelf.link.id for e in entries)


async def _copies(ports: Ports, letters: Letters, effect: Effect) -> Callable[[Tx], None] | None:
    """Make a person's calendar say what stands of the series: all of it, or nothing."""

    def load(tx: Tx) -> tuple[_Whole, _Shelf]:
        whole = _load(tx, effect)
        return whole, _shelf(tx, whole, effect)

    whole, shelf = await ports.store.read(load)
    stays = _belongs(whole, shelf)
    unseen = not stays and not shelf.refs and effect.attempts > 1
    if not stays and not unseen:
        return await _take_away(ports, shelf, tuple(shelf.refs))
    if not service_of(ports, shelf.grant).series:
        return await _singly(ports, letters, whole, shelf)
    try:
        return await _as_one(ports, letters, whole, shelf)
    except CannotRepeat:  # nothing of it is there, so what was its copy is none any more
        shelf.refs.pop(MeetingId(whole.series.id), None)
        return await _singly(ports, letters, whole, shelf)


async def _as_one(
    ports: Ports, letters: Letters, whole: _Whole, shelf: _Shelf
) -> Callable[[Tx], None]:
    """Write the series as one event; single ones of before are taken away. Raises CannotRepeat."""
    draft = letters.series_draft(whole.series, whole.meetings, whole.person)
    draft = replace(draft, sequence=revision(whole.series, whole.meetings))
    anchor = MeetingId(whole.series.id)
    receipt = await write_copy(ports, shelf.grant, shelf.link, shelf.refs.get(anchor), draft)
    ref = EventRef(anchor, shelf.link.id, receipt.remote_id, receipt.etag, draft.sequence)
    forget = await _take_away(ports, shelf, tuple(one for one in shelf.refs if one != anchor))

    def record(tx: Tx) -> None:
        tx.meetings.save_ref(ref)
        forget(tx)

    return record


async def _take_away(
    ports: Ports, shelf: _Shelf, ids: tuple[MeetingId, ...]
) -> Callable[[Tx], None]:
    """Delete copies; those that were never written are a success."""
    for one in ids:
        await remove_copy(ports, shelf.grant, shelf.link, shelf.refs[one])

    def record(tx: Tx) -> None:
        for one in ids:
            tx.meetings.remove_ref(one, shelf.link.id)

    return record


async def _singly(
    ports: Ports, letters: Letters, whole: _Whole, shelf: _Shelf
) -> Callable[[Tx], None]:
    """Write each session as an event of its own, where a service has no such series."""
    written: list[EventRef] = []
    stand = standing(whole.meetings)
    for meeting in stand:
        ref, version = shelf.refs.get(meeting.id), sequence_of(whole.series, meeting)
        if ref is not None and ref.sequence == version:
            continue
        draft = letters.draft(meeting, whole.person)
        draft = replace(draft, uid=f"{meeting.id}@{ports.domain}", sequence=version)
        made = await write_copy(ports, shelf.grant, shelf.link, ref, draft)
        written.append(EventRef(meeting.id, shelf.link.id, made.remote_id, made.etag, version))
    gone = tuple(one for one in shelf.refs if one not in {m.id for m in stand})
    forget = await _take_away(ports, shelf, gone)

    def record(tx: Tx) -> None:
        for ref in written:
            tx.meetings.save_ref(ref)
        forget(tx)

    return record
