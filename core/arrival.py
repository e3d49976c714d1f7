"""Look whether a mailed invitation has come into a calendar that files it (X4).

An attendee at Microsoft gets their copy by the assistant's mail, which Exchange files. Some
minutes after the mail went out their calendar is asked, a few times; how that ended stands in the
delivery log, and an answer given there counts like one given in chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.answering import answer_in
from core.booking.meeting import MeetingState, Path, Rsvp
from core.effects import Effect, EffectKind, EffectState
from core.errors import NotFound
from core.ids import LinkId
from core.links import LinkState, Tier
from core.outcome import Ended, Later

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.booking.meeting import Attendee, Meeting
    from core.ids import PersonId
    from core.links import CalendarLink, Grant
    from core.ports import Calendars, CalendarService, Ports, Tx

MINUTE = 60
LOOKS = (3 * MINUTE, 10 * MINUTE, 30 * MINUTE, 120 * MINUTE)  # after the mail went out
PATIENCE = 6 * 60 * MINUTE  # for a calendar that cannot be reached
HERE, NOT_YET, MISSING = "in the calendar", "not in the calendar yet", "not in the calendar"
MOOT = "no longer needed"


def first_look(tx: Tx, services: Calendars, mail: Effect, now: int) -> Effect | None:
    """Return the look that follows an invitation which has just gone out.

    None where nothing is filed that could be found: another service, busy times only, or a mail
    that went to another address than the account's.
    """
    if mail.meeting_id is None or mail.person_id is None:
        return None
    try:
        meeting = tx.meetings.get(mail.meeting_id)
        attendee = meeting.attendee(mail.person_id)
        if attendee is None or attendee.path is not Path.INVITE or attendee.link_id is None:
            return None
        link = tx.links.get(attendee.link_id)
        grant = tx.links.grant(link.grant_id)
    except NotFound:
        return None
    if not _files(services, link, grant, attendee):
        return None
    return Effect(
        key=f"arrival:{meeting.id}:{attendee.person_id}:{mail.sequence}",
        kind=EffectKind.CHECK_ARRIVAL,
        due_at=now + LOOKS[0],
        lane=f"{meeting.id}:{attendee.person_id}:arrival",
        meeting_id=meeting.id,
        person_id=attendee.person_id,
        sequence=mail.sequence,
        payload={"link": link.id, "sent": str(now)},
        give_up_at=now + PATIENCE,
    )


def looked_after(ports: Ports, effect: Effect) -> Callable[[Tx], None]:
    """Return what is to follow once an invitation has been mailed: its first look."""

    def follow(tx: Tx) -> None:
        if check := first_look(tx, ports.calendars, effect, ports.clock.now()):
            tx.effects.add(check)

    return follow


def _files(services: Calendars, link: CalendarLink, grant: Grant, attendee: Attendee) -> bool:
    service = services.get(grant.provider)
    opens = link.tier is Tier.WRITE and grant.state is LinkState.OK
    own = attendee.email.casefold() == grant.account.casefold()
    return opens and own and service is not None and service.inbox is not None


@dataclass(frozen=True, slots=True)
class _Case:
    """What is needed to look."""

    meeting: Meeting
    attendee: Attendee
    link: CalendarLink
    grant: Grant


def _case(tx: Tx, effect: Effect) -> _Case | None:
    """Return what is to be looked for; None when the meeting has moved on or is over."""
    if effect.meeting_id is None or effect.person_id is None:
        return None
    try:
        meeting = tx.meetings.get(effect.meeting_id)
        link = tx.links.get(LinkId(effect.payload["link"]))
        grant = tx.links.grant(link.grant_id)
    except NotFound:
        return None
    attendee = meeting.attendee(effect.person_id)
    current = meeting.state is MeetingState.BOOKED and meeting.sequence == effect.sequence
    if attendee is None or not current or grant.state is not LinkState.OK:
        return None
    return _Case(meeting, attendee, link, grant)


async def look(ports: Ports, effect: Effect) -> Ended | Later:
    """Carry out one look. Raises ProviderError leaves for a calendar that cannot be read."""
    case = await ports.store.read(lambda tx: _case(tx, effect))
    service = ports.calendars.get(case.grant.provider) if case else None
    if case is None or service is None:
        return Ended(MOOT)
    found = await _found(service, case)
    now = ports.clock.now()
    if found is not None:
        said = "" if found is Rsvp.NEEDS_ACTION else f": {found.value}"
        person = case.attendee.person_id
        return Ended(f"{HERE}{said}", lambda tx: _keep(tx, effect, person, found, now))
    if case.attendee.rsvp is Rsvp.DECLINED:  # what is declined there leaves the calendar
        return Ended(MOOT)
    sent = int(effect.payload["sent"])
    due_at = next((sent + after for after in LOOKS if sent + after > now), None)
    if due_at is None:
        return Ended(MISSING, state=EffectState.DEAD)
    return Later(due_at, NOT_YET)


async def _found(service: CalendarService, case: _Case) -> Rsvp | None:
    """Return the answer on the filed invitation; mail is filed in the account's own calendar,
    which need not be the chosen one.
    """
    if service.inbox is None:
        return None
    meeting, chosen = case.meeting, case.link.calendar_id
    found = await service.inbox.answer(case.grant, chosen, meeting.uid, meeting.span)
    if found is not None:
        return found
    for calendar in await service.connector.calendars(case.grant):
        if calendar.default and calendar.calendar_id != chosen:
            place = calendar.calendar_id
            return await service.inbox.answer(case.grant, place, meeting.uid, meeting.span)
    return None


def _keep(tx: Tx, effect: Effect, person: PersonId, found: Rsvp, now: int) -> None:
    """Store an answer that was found, unless the person has answered us meanwhile."""
    if effect.meeting_id is None:
        return
    meeting = tx.meetings.get(effect.meeting_id)
    attendee = meeting.attendee(person)
    current = meeting.state is MeetingState.BOOKED and meeting.sequence == effect.sequence
    if current and attendee is not None and attendee.rsvp is Rsvp.NEEDS_ACTION:
        answer_in(tx, meeting, person, found, now)
