"""Take back what was last done for a person ("undo"), where that can be done honestly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Style
from bot.converse import calendars, deeds, preferences, topics
from bot.converse.admin import admin_action
from bot.converse.deeds import Deed, Kind
from bot.converse.schedule import load_proposal, scene_for
from bot.converse.turn import Reply, say, watched
from bot.message import Outgoing
from bot.speak import (
    calendar_words,
    people_words,
    proposals,
    rhythm,
    series_words,
    times,
    views,
    words,
)
from bot.speak import session_words as said
from bot.speak import undo_words as back
from core.booking.meeting import MeetingState
from core.connecting import Choice
from core.errors import NotFound, ProviderError, Refused
from core.ids import GrantId, MeetingId, ProposalId, SeriesId
from core.undoing import is_recent
from core.use_cases import stays
from core.use_cases import undo as use_case
from core.use_cases.set_reminders import set_reminders
from core.use_cases.undo import Outcome

if TYPE_CHECKING:
    from bot.converse.turn import Turn
    from core.booking.series import Series
    from core.ports import Ports, Tx
    from core.use_cases.undo import Undone


async def undo(ports: Ports, turn: Turn, which: str = "") -> Reply:
    """Take the last thing back; say why not where it cannot be.

    A button names `which` thing it takes back: one of long ago must not take back the newest.
    """
    deed = deeds.last(turn.talk)
    if which and (deed is None or which not in (*deed.ids, str(deed.at))):
        return say(turn.talk, said.ALREADY)
    if deed is None:
        return await preferences.undo(ports, turn)
    try:
        return await WAYS.get(deed.kind, _session)(ports, turn, deed)
    except (NotFound, Refused):
        return say(deeds.forget(turn.talk), said.ALREADY)


async def _offer(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Withdraw what was offered, each proposal for itself."""
    messages: list[Outgoing] = []
    for proposal_id in deed.ids:
        done = await use_case.undo_offer(ports, ProposalId(proposal_id), turn.me.id, deed.at)
        proposal = await load_proposal(ports, proposal_id)
        if done.outcome is not Outcome.UNDONE:
            stands = proposal.meeting_id is not None
            messages.append(Outgoing(_not_done(turn, done, stands=stands)))
            continue
        scene = await scene_for(ports, proposal, turn.me.id)
        names = views.names(scene.people, proposal.request.invitees, turn.me.id)
        card = proposals.card(scene, proposal)
        messages += [card, Outgoing(said.OFFER_BACK.format(names=names))]
        if done.reopened is not None:
            again = proposals.card(scene, done.reopened)
            messages.append(replace(again, text=f"{back.REOPENED} {again.text}"))
    return Reply(tuple(messages), deeds.forget(turn.talk))


async def _session(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Call off what was booked, or book again what was called off."""
    meeting_id, talk = MeetingId(deed.ids[0]), deeds.forget(turn.talk)
    if deed.kind is Kind.CANCELLING:
        work = use_case.undo_cancelling(ports, meeting_id, turn.me.id)
        return _booked_again(turn, await watched(turn, work, words.CHECKING))
    if deed.kind is Kind.MOVED and len(deed.ids) == 2:
        work = use_case.undo_move(ports, meeting_id, turn.me.id, int(deed.ids[1]))
        return _moved_back(turn, await watched(turn, work, words.CHECKING))
    if deed.kind in (Kind.AGREED, Kind.MOVED):
        meeting = await ports.store.read(lambda tx: tx.meetings.get(meeting_id))
        if meeting.state is not MeetingState.BOOKED or meeting.end <= turn.now:
            return say(talk, said.ALREADY)
        people = await ports.store.read(lambda tx: tx.people.many(meeting.people))
        others = [p for p in meeting.people if p != turn.me.id]
        pattern = said.AGREED if deed.kind is Kind.AGREED else said.MOVED_ALREADY
        text = pattern.format(names=views.names(people, others, turn.me.id))
        return say(talk, text, Card(actions=views.meeting_actions(meeting)))
    done = await use_case.undo_booking(ports, meeting_id, turn.me.id)
    if done.outcome is not Outcome.UNDONE or done.meeting is None:
        actions = views.meeting_actions(done.meeting) if done.meeting else ()
        return say(talk, _not_done(turn, done), Card(actions=actions) if actions else None)
    text = said.BOOKING_BACK.format(names=_others(turn, done), time=_when(turn, done))
    news = Outgoing(text, None, f"meeting:{meeting_id}", words.LEFT_CANCELLED)
    return Reply((news,), talk)


async def _series(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Call a series off that was just booked."""
    talk = deeds.forget(turn.talk)
    done = await use_case.undo_series(ports, SeriesId(deed.ids[0]), turn.me.id)
    if done.outcome is not Outcome.UNDONE:
        text = _not_done(turn, done, stands=False)
        if done.outcome is Outcome.ACTED:
            text = f"{text} {back.SERIES_HOW}"
        return say(talk, text)
    has = "has" if len(done.people) == 2 else "have"
    text = back.SERIES_BACK.format(names=_others(turn, done), has=has)
    return Reply((Outgoing(text, None, f"series:{deed.ids[0]}", series_words.LEFT_CHANGED),), talk)


async def _agreed_change(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Say how a series that was moved as a whole gets its old times back: its people agree."""
    _, names = await _series_with(ports, turn, deed)
    return say(deeds.forget(turn.talk), back.SERIES_AGREED.format(names=names))


async def _ended_series(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Say how a series that was ended is booked anew: its people are asked."""
    series, names = await _series_with(ports, turn, deed)
    text = back.SERIES_ENDED.format(rhythm=rhythm.rhythm(series.pattern), names=names)
    return say(deeds.forget(turn.talk), text)


async def _series_with(ports: Ports, turn: Turn, deed: Deed) -> tuple[Series, str]:
    """Return the series that a deed is about, and with whom it is."""

    def load(tx: Tx) -> tuple[Series, str]:
        series = tx.meetings.series(SeriesId(deed.ids[0]))
        people = tx.people.many(series.people)
        return series, words.listed([people[p].name for p in series.people if p != turn.me.id])

    return await ports.store.read(load)


def _moved_back(turn: Turn, done: Undone) -> Reply:
    """Say that a session is at its old time again, or why it is not."""
    talk, meeting = deeds.forget(turn.talk), done.meeting
    if meeting is None:
        return say(talk, said.ALREADY)
    if done.outcome is Outcome.UNDONE:
        pattern = back.MOVE_BACK if len(done.people) == 2 else back.MOVE_BACK_MANY
        text = pattern.format(names=_others(turn, done), time=_when(turn, done))
        news = views.meeting(done.people, meeting, turn.me.id, text)
        return Reply((replace(news, instead=words.LEFT_MOVED),), talk)
    names = views.names(done.people, done.blocked, turn.me.id)
    plural = len(done.blocked) > 1 or turn.me.id in done.blocked
    busy = said.LATE_BUSY_VERB[plural].split()[0]
    patterns = {
        Outcome.TAKEN: back.TAKEN if done.blocked else back.TAKEN_NOBODY,
        Outcome.OVER: back.OVER,
        Outcome.UNCHECKED: back.UNCHECKED,
    }
    pattern = patterns.get(done.outcome, "")
    text = pattern.format(names=names, busy=busy, time=_when(turn, done))
    actions = views.meeting_actions(meeting) if done.outcome is not Outcome.ALREADY else ()
    card = Card(actions=actions) if actions else None
    return say(talk, text or _not_done(turn, done), card)


def _booked_again(turn: Turn, done: Undone) -> Reply:
    talk = deeds.forget(turn.talk)
    if done.outcome is Outcome.UNDONE and done.meeting is not None:
        text = said.CANCELLING_BACK.format(names=_others(turn, done), time=_when(turn, done))
        text = f"{text} {back.SESSION_APART}" if done.apart else text
        return Reply((views.meeting(done.people, done.meeting, turn.me.id, text),), talk)
    if done.outcome not in (Outcome.TAKEN, Outcome.UNCHECKED) or done.meeting is None:
        return say(talk, _not_done(turn, done))
    names = views.names(done.people, done.blocked, turn.me.id)
    partner = next((p for p in done.meeting.people if p != turn.me.id), "")
    again = Action(f"book:{partner}", "Find another time", Style.PRIMARY)
    text = said.AGAIN_UNCHECKED.format(names=names)
    if done.outcome is Outcome.TAKEN:
        plural = len(done.blocked) > 1 or turn.me.id in done.blocked
        verb = said.LATE_BUSY_VERB[plural].split()[0]
        text = said.AGAIN_TAKEN.format(time=_when(turn, done), names=names, busy=verb)
    return say(talk, text, Card(actions=(again,)))


def _not_done(turn: Turn, done: Undone, *, stands: bool = True) -> str:
    """Return why something stays as it is, and what helps where a session `stands`."""
    if done.outcome is Outcome.LATE:
        return said.TOO_LONG_AGO
    if done.outcome is not Outcome.ACTED:
        return said.ALREADY
    text = said.ACTED.format(names=_others(turn, done))
    return f"{text} {said.ACTED_HOW}" if stands else text


def _others(turn: Turn, done: Undone) -> str:
    return views.others(done.people, done.people, turn.me.id)


def _when(turn: Turn, done: Undone) -> str:
    meeting = done.meeting
    if meeting is None:
        return ""
    return times.of_meeting(meeting, turn.me, turn.now)


async def _primary(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Let sessions go to the calendar that they went to before."""
    talk = deeds.forget(turn.talk)
    if not is_recent(deed.at, turn.now):
        return say(talk, said.TOO_LONG_AGO)
    grant_id, calendar_id, writes = deed.ids
    try:
        connected, _ = await calendars.opened(ports, turn, GrantId(grant_id))
    except ProviderError:
        return say(turn.talk, calendar_words.CONNECT_UNREACHABLE)
    if calendar_id not in {calendar.calendar_id for calendar in connected.calendars}:
        return say(talk, said.ALREADY)
    others = tuple(x.calendar_id for x in connected.links if x.calendar_id != calendar_id)
    choice = Choice(calendar_id, others, write=writes == "write")
    shown = await calendars.save(ports, turn, connected, choice)
    return Reply((Outgoing(said.PRIMARY_BACK), *shown.messages), talk)


async def _reminders(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Bring the reminders back that were wanted before."""
    if not is_recent(deed.at, turn.now):
        return say(deeds.forget(turn.talk), said.TOO_LONG_AGO)
    before = tuple(int(lead) for lead in deed.ids if lead.isdecimal())
    await set_reminders(ports, turn.me.id, before if deed.ids else None)
    text = words.UNDONE.format(what=str(turn.talk.topic.get("undo_what", "")))
    return say(deeds.forget(turn.talk), text)


async def _setting(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Set an administrator's setting back to what it was, as the button under it does."""
    if not is_recent(deed.at, turn.now):
        return say(deeds.forget(turn.talk), said.TOO_LONG_AGO)
    return await admin_action(ports, turn, ("undo", *deed.ids))


async def _stay(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Keep the times of home for some days that were to be elsewhere."""
    talk = deeds.forget(turn.talk)
    if not is_recent(deed.at, turn.now):
        return say(talk, said.TOO_LONG_AGO)
    kept = people_words.ZONE_KEPT.format(home=times.city(turn.me.zone))
    return say(talk, kept if await stays.drop(ports, turn.me.id) else said.ALREADY)


WAYS = {
    Kind.OFFER: _offer,
    Kind.REMINDERS: _reminders,
    Kind.SETTING: _setting,
    Kind.STAY: _stay,
    Kind.PRIMARY: _primary,
    Kind.SERIES: _series,
    Kind.CHANGED: _agreed_change,
    Kind.ENDED: _ended_series,
    Kind.AGENDA: topics.undo,
    Kind.NOTED: topics.undo_noted,
}  # everything else is about one session
