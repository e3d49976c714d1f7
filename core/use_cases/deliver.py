"""Carry out one effect: write a copy, send a mail, tell somebody, close a proposal.

Load in a transaction, act outside it, record in another. Every act may be repeated safely, so
a crash between acting and recording costs a repetition, never a second event or invitation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import radar
from core.arrival import look, looked_after
from core.autoconnect import auto_connect
from core.booking.meeting import EventRef, Meeting, MeetingState, Path
from core.booking.proposal import ProposalState
from core.copies import remove_copy, write_copy
from core.effects import Effect, EffectKind, EffectState, is_hopeless, retry_at
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    NotFound,
    RateLimited,
    TandemError,
)
from core.ids import GrantId, LinkId, ProposalId
from core.keeping import keep, mark_broken
from core.links import LinkState
from core.notices import Notice, NoticeKind, as_effect, from_effect
from core.nudging import nudge, tell_administrators
from core.outcome import Ended, Later
from core.programme import Role
from core.reminding import check_in, remind
from core.rooms import make_room, not_made, waiting
from core.series_delivery import concerns_series, deliver_series
from core.withdrawing import stop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from core.booking.drafts import Mail
    from core.ids import PersonId
    from core.links import CalendarLink, Grant
    from core.people import Person
    from core.ports import Letters, MailTransport, Notifier, Ports, Tx

    _Outcome = Callable[[Tx], None] | Ended | Later | None

PERMANENT = (NotConnected, AccessRevoked, ConsentRequiredByAdmin, InvalidRequest, NotFound)
MAILS = frozenset({EffectKind.MAIL_INVITE, EffectKind.MAIL_CANCEL, EffectKind.MAIL_DETAILS})
QUIET = frozenset(  # whose end the log alone tells
    {
        EffectKind.NOTIFY,
        EffectKind.CHECK_ARRIVAL,
        EffectKind.REMIND,
        EffectKind.CHECK_IN,
        EffectKind.NUDGE,
        EffectKind.CLOCKS,
    }
)


@dataclass(frozen=True, slots=True)
class Means:
    """The ports by which effects reach people."""

    transport: MailTransport
    letters: Letters
    notifier: Notifier


async def deliver(ports: Ports, means: Means, effect: Effect) -> EffectState | None:
    """Carry out one claimed effect and record how it ended; None when it is tried again.

    Never raises for what the outside does: that becomes a retry or a visible end.
    """
    try:
        outcome = await waiting(ports, effect) or await _act(ports, means, effect)
    except PERMANENT as error:
        return await _give_up(ports, effect, error)
    except TandemError as error:  # a provider, or our own storage or keys
        return await _later(ports, effect, error)
    if isinstance(outcome, Later):
        due_at, why = outcome.due_at, outcome.why
        await ports.store.transact(lambda tx: tx.effects.retry(effect, due_at, why))
        return None
    now = ports.clock.now()
    ended = outcome if isinstance(outcome, Ended) else Ended(record=outcome)

    def done(tx: Tx) -> EffectState:
        if tx.effects.finish(effect, ended.state, now, ended.words) and ended.record is not None:
            ended.record(tx)
        return ended.state

    return await ports.store.transact(done)


async def _act(ports: Ports, means: Means, effect: Effect) -> _Outcome:
    """Do it; return what is to be recorded with its end."""
    if concerns_series(effect):
        return await deliver_series(ports, means.transport, means.letters, effect)
    if effect.kind in MAILS:
        return await _mail(ports, means, effect)
    if effect.kind is EffectKind.NOTIFY:
        await means.notifier.notify(from_effect(effect))
        return None
    if effect.kind is EffectKind.PLACE_EVENT:
        return await _place(ports, means, effect)
    if effect.kind in STEPS:
        return await STEPS[effect.kind](ports, effect)
    if effect.kind is EffectKind.EXPIRE:
        now = ports.clock.now()
        return lambda tx: expire(tx, ProposalId(effect.payload["proposal"]), now)
    now = ports.clock.now()
    return lambda tx: tend(tx, now)


# --- mail -----------------------------------------------------------------------------------


async def _mail(ports: Ports, means: Means, effect: Effect) -> Callable[[Tx], None] | None:
    """Send one mail, unless the meeting has moved on since it was queued.

    After an invitation it is looked whether it arrives, where that can be seen.
    """
    meeting, person = await ports.store.read(lambda tx: _addressed(tx, effect))
    if meeting.sequence > effect.sequence:
        return None  # the newer version has its own mail; an older one would only confuse
    compose: dict[EffectKind, Callable[[Meeting, Person, Effect], Mail]] = {
        EffectKind.MAIL_INVITE: means.letters.invite,
        EffectKind.MAIL_CANCEL: means.letters.cancel,
        EffectKind.MAIL_DETAILS: means.letters.details,
    }
    await means.transport.send(compose[effect.kind](meeting, person, effect))
    return looked_after(ports, effect) if effect.kind is EffectKind.MAIL_INVITE else None


def _addressed(tx: Tx, effect: Effect) -> tuple[Meeting, Person]:
    """Return the meeting and the person an effect is about. Raises NotFound."""
    if effect.meeting_id is None or effect.person_id is None:
        raise NotFound(effect.key)
    return tx.meetings.get(effect.meeting_id), tx.people.get(effect.person_id)


# --- calendars ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Copy:
    """What is needed to touch one copy; `ref` is None before the first writing."""

    meeting: Meeting
    person: Person
    link: CalendarLink
    grant: Grant
    ref: EventRef | None


def _copy(tx: Tx, effect: Effect) -> _Copy:
    meeting, person = _addressed(tx, effect)
    try:
        link = tx.links.get(LinkId(effect.payload["link"]))
        grant = tx.links.grant(link.grant_id)
    except NotFound as error:
        raise NotConnected("the calendar is no longer connected") from error
    if grant.state is LinkState.BROKEN:
        raise AccessRevoked("the calendar has to be reconnected")
    refs = {ref.link_id: ref for ref in tx.meetings.refs(meeting.id)}
    return _Copy(meeting, person, link, grant, refs.get(link.id))


async def _place(ports: Ports, means: Means, effect: Effect) -> Callable[[Tx], None] | None:
    """Write (or rewrite) one copy, unless the meeting has moved on.

    What an earlier try may have written unseen is found by writing it again: only then can the
    removal that follows a cancellation, or a change of the person's primary, take it away.
    """
    copy = await ports.store.read(lambda tx: _copy(tx, effect))
    entry = copy.meeting.attendee(copy.person.id)
    elsewhere = entry is None or entry.path is not Path.CALENDAR or entry.link_id != copy.link.id
    over = elsewhere or copy.meeting.state is MeetingState.CANCELLED
    unseen = over and copy.ref is None and effect.attempts > 1
    if (over or copy.meeting.sequence > effect.sequence) and not unseen:
        return None
    draft = means.letters.draft(copy.meeting, copy.person)
    receipt = await write_copy(ports, copy.grant, copy.link, copy.ref, draft)
    ref = EventRef(copy.meeting.id, copy.link.id, receipt.remote_id, receipt.etag, draft.sequence)
    return lambda tx: tx.meetings.save_ref(ref)


async def _remove(ports: Ports, effect: Effect) -> Callable[[Tx], None] | None:
    """Delete one copy; one that was never written or is gone already is a success."""
    copy = await ports.store.read(lambda tx: _copy(tx, effect))
    if copy.ref is None:
        return None
    await remove_copy(ports, copy.grant, copy.link, copy.ref)
    meeting_id, link_id = copy.meeting.id, copy.link.id
    return lambda tx: tx.meetings.remove_ref(meeting_id, link_id)


STEPS: Mapping[EffectKind, Callable[[Ports, Effect], Awaitable[_Outcome]]] = {
    EffectKind.REMOVE_EVENT: _remove,
    EffectKind.MAKE_LINK: make_room,
    EffectKind.CHECK_ARRIVAL: look,
    EffectKind.REMIND: remind,
    EffectKind.CHECK_IN: check_in,
    EffectKind.NUDGE: nudge,
    EffectKind.CLOCKS: radar.look,
    EffectKind.REVOKE: keep,
    EffectKind.CHECK_GRANT: keep,
    EffectKind.RECONNECT: keep,
    EffectKind.STOP_SERVICE: stop,
    EffectKind.AUTO_CONNECT: auto_connect,
}


# --- the passing of time --------------------------------------------------------------------


def expire(tx: Tx, proposal_id: ProposalId, now: int) -> None:
    """Close a proposal whose time is over and tell both sides, if it was offered."""
    proposal = tx.proposals.get(proposal_id)
    if not proposal.is_open:
        return
    ended = proposal.end(ProposalState.EXPIRED)
    tx.proposals.save(ended)
    if proposal.state is not ProposalState.OFFERED:
        return
    for person_id in dict.fromkeys((proposal.request.asker, *proposal.request.attendees)):
        notice = Notice(
            person_id,
            NoticeKind.PROPOSAL,
            f"proposal:{proposal.id}",
            {"proposal": proposal.id, "state": ended.state.value},
        )
        tx.effects.add(as_effect(notice, f"{proposal.id}:expired", now))
    tell_administrators(tx, proposal, now)


DAY, HOUR = 86_400, 3600


def tend(tx: Tx, now: int) -> None:
    """Delete what is kept no longer (Y25) and come again in an hour."""
    tx.effects.purge(now - 90 * DAY)
    tx.proposals.purge(now - 90 * DAY, now)
    tx.conversations.purge(now - 30 * DAY)
    tx.inbox.purge(now - 7 * DAY)
    tx.consents.purge(now - DAY)
    tx.local.purge(now - 30 * DAY)
    tx.posts.purge(now - 400 * DAY)  # longer than anything is planned ahead
    tx.effects.add(next_tend(now + HOUR))


def next_tend(due_at: int) -> Effect:
    """Return the clean-up of one hour, which inserts that of the next one.

    There is one for each hour, so that those of several processes, or of starts in later months,
    become one again.
    """
    return Effect(key=f"tend:hour:{due_at // HOUR}", kind=EffectKind.TEND, due_at=due_at)


# --- when it does not work ------------------------------------------------------------------


async def _later(ports: Ports, effect: Effect, error: TandemError) -> EffectState | None:
    """Put an effect back with growing patience, or give it up when its time is over."""
    now = ports.clock.now()
    if is_hopeless(effect, now) or (isinstance(error, BadData) and effect.attempts > 5):
        return await _give_up(ports, effect, error)
    wait = error.retry_after if isinstance(error, RateLimited) else 0
    due_at = retry_at(now, effect.attempts, wait)
    await ports.store.transact(lambda tx: tx.effects.retry(effect, due_at, _said(error)))
    return None


async def _give_up(ports: Ports, effect: Effect, error: Exception) -> EffectState:
    """End an effect visibly: owner and administrators are told what did not arrive."""
    now = ports.clock.now()

    def work(tx: Tx) -> EffectState:
        if not tx.effects.finish(effect, EffectState.DEAD, now, _said(error)):
            return EffectState.DEAD
        if isinstance(error, AccessRevoked):
            _mark_broken(tx, effect, now)
        if effect.kind is EffectKind.REVOKE:  # what opens the account is kept no longer for it
            tx.links.remove_grant(GrantId(effect.payload["grant"]))
        if effect.kind is EffectKind.MAKE_LINK:
            not_made(tx, effect, now)
        elif effect.kind not in QUIET:
            for person_id in _responsible(tx, effect):
                facts = {"effect": str(effect.id), "meeting": effect.meeting_id or ""}
                facts |= {"person": effect.person_id or "", "what": effect.kind.value}
                notice = Notice(person_id, NoticeKind.GIVEN_UP, f"effect:{effect.id}", facts)
                tx.effects.add(as_effect(notice, f"{effect.id}:{effect.attempts}", now))
        return EffectState.DEAD

    return await ports.store.transact(work)


def _said(error: Exception) -> str:
    """Return what may be stored of an error: its kind and its safe detail."""
    return f"{type(error).__name__}: {error}"[:300]


def _mark_broken(tx: Tx, effect: Effect, now: int) -> None:
    """Mark the grant of a refused calendar as broken and tell its person once."""
    try:
        grant = tx.links.grant(tx.links.get(LinkId(effect.payload["link"])).grant_id)
    except (NotFound, KeyError):
        return
    mark_broken(tx, grant, now)


def _responsible(tx: Tx, effect: Effect) -> list[PersonId]:
    """Return the owner, whom it should have reached, and the programme's administrators, else
    the global ones.
    """
    if effect.meeting_id is None:
        return []
    try:
        meeting = tx.meetings.get(effect.meeting_id)
    except NotFound:
        return []
    programme = tx.programmes.get(meeting.programme_id)
    admins = [m.person_id for m in tx.programmes.members(programme.id) if m.role is Role.ADMIN]
    if not admins:
        admins = [p.id for p in tx.people.of(programme.org_id) if p.is_admin and p.active]
    concerned = [meeting.owner, *([effect.person_id] if effect.person_id else [])]
    return list(dict.fromkeys([*concerned, *admins]))
