"""Notices about sessions and silent proposals as the person they are for sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Style, Times
from bot.message import Outgoing
from bot.speak import reasons, times, unlock_views, unlock_words, views, wish_words, words
from bot.speak import session_words as said
from core.attendance import load_policy
from core.booking.meeting import Meeting, MeetingState
from core.booking.proposal import ProposalState
from core.finding.request import Ease
from core.finding.unlocking import Means, Way
from core.ids import MeetingId, PersonId, ProposalId
from core.late import Choice, span_after
from core.notices import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from core.booking.proposal import Proposal
    from core.people import Person
    from core.ports import Tx

SOON = 3 * 3600  # seconds in which a reminder says how long it still is
LABELS = {Choice.MOVE: said.LATE_MOVE, Choice.SHORTEN: said.LATE_SHORTEN}


def _meeting(tx: Tx, facts: Mapping[str, str]) -> Meeting:
    return tx.meetings.get(MeetingId(facts["meeting"]))


def _others(tx: Tx, meeting: Meeting, me: PersonId) -> str:
    others = [p for p in meeting.people if p != me]
    return views.names(tx.people.many(others), others, me)


# --- reminders ----------------------------------------------------------------------------------


def reminder(tx: Tx, me: Person, facts: Mapping[str, str], now: int = 0) -> Outgoing | None:
    """Return the reminder of a session; none of one that has moved on since it was queued."""
    meeting = _meeting(tx, facts)
    if meeting.state is not MeetingState.BOOKED or str(meeting.start) != facts["start"]:
        return None
    if now >= meeting.start:
        return None
    names, left = _others(tx, meeting, me.id), meeting.start - now
    pattern = said.REMINDER_SOON if 0 < left <= SOON else said.REMINDER
    minutes = max(5, round(left / 300) * 5)
    text = pattern.format(
        names=names, time=times.of_meeting(meeting, me), left=times.length(minutes)
    )
    people = tx.people.many((*meeting.people, me.id))
    actions = (
        Action(f"late:{meeting.id}", said.LATE_BUTTON),
        Action(f"move:{meeting.id}", said.MOVE_BUTTON),
    )
    card = Card("", (views.meeting_fields(people, meeting, me.id),), (), actions)
    return Outgoing(text, card, f"reminder:{meeting.id}", said.REMINDER_OVER)


# --- running late -------------------------------------------------------------------------------


def late(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Return the news that somebody runs late, with what can be chosen."""
    meeting = _meeting(tx, facts)
    if meeting.state is not MeetingState.BOOKED or str(meeting.start) != facts["start"]:
        return None
    by = tx.people.get(PersonId(facts["by"]))
    text = said.LATE_FROM.format(
        name=by.name, minutes=facts["minutes"], time=times.of_meeting(meeting, me)
    )
    choices = [Choice(word) for word in facts["choices"].split(",") if word]
    actions = late_actions(meeting, choices, int(facts["minutes"]), me.zone)
    return Outgoing(f"{text} {said.LATE_WHAT_PARTNER}", Card(actions=actions))


def late_actions(
    meeting: Meeting, choices: Iterable[Choice], minutes: int, zone: str
) -> tuple[Action, ...]:
    """Return a button for each choice, and one for another time."""
    actions: list[Action] = []
    for choice in choices:
        start, end = span_after(meeting, choice, minutes)
        label = said.LATE_KEEP.format(time=times.clock(end, zone))
        if choice is not Choice.KEEP:
            label = LABELS[choice].format(time=times.hours(start, end, zone))
        verb = f"late:{meeting.id}:{minutes}:{choice}:{meeting.start}"
        actions.append(Action(verb, label, Style.DEFAULT if actions else Style.PRIMARY))
    return (*actions, Action(f"move:{meeting.id}", said.LATE_OTHER))


def late_kept(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Return the news that a session begins late and ends as planned."""
    meeting = _meeting(tx, facts)
    if meeting.state is not MeetingState.BOOKED:
        return None
    name = tx.people.get(PersonId(facts["by"])).name
    time = times.of_meeting(meeting, me)
    return Outgoing(said.LATE_KEPT_BY.format(name=name, time=time, minutes=facts["minutes"]))


# --- did it take place? -------------------------------------------------------------------------


def check_in(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Return the question whether a session took place."""
    meeting = _meeting(tx, facts)
    if meeting.state is not MeetingState.BOOKED:
        return None
    text = said.CHECK_IN.format(
        names=_others(tx, meeting, me.id), time=times.of_meeting(meeting, me)
    )
    actions = (
        Action(f"held:{meeting.id}:yes", "Yes", Style.PRIMARY),
        Action(f"held:{meeting.id}:no", "No"),
    )
    card = Card("", (Note(said.CHECK_IN_NOTE),), (), actions)
    return Outgoing(text, card, f"checkin:{meeting.id}")


# --- proposals that are not answered ------------------------------------------------------------


def _open(tx: Tx, facts: Mapping[str, str]) -> Proposal | None:
    proposal = tx.proposals.get(ProposalId(facts["proposal"]))
    return proposal if proposal.state is ProposalState.OFFERED else None


def _silent(tx: Tx, proposal: Proposal, me: PersonId) -> tuple[str, bool]:
    """Return who has not answered, and whether they are several."""
    missing = [p for p in proposal.waiting_for() if p != proposal.request.asker]
    return views.names(tx.people.many(missing), missing, me), len(missing) > 1


def nudge_widen(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Ask the asker whether more days are to be looked at."""
    proposal = _open(tx, facts)
    if proposal is None:
        return None
    names, several = _silent(tx, proposal, me.id)
    text = (said.WIDEN_MANY if several else said.WIDEN).format(names=names)
    actions = (
        Action(f"widen:{proposal.id}", said.WIDEN_BUTTON, Style.PRIMARY),
        Action(f"withdraw:{proposal.id}", "Take it back"),
    )
    return Outgoing(text, Card(actions=actions))


def nudge_top(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Ask the asker whether the others are to be asked about the best time alone."""
    proposal = _open(tx, facts)
    if proposal is None:
        return None
    slot = proposal.slots[0]
    time = times.both(slot.start, slot.end, me.zone, (), proposal.made_at)
    text = said.TOP.format(names=_silent(tx, proposal, me.id)[0], time=time)
    actions = (
        Action(f"top:{proposal.id}:{slot.start}", said.TOP_BUTTON, Style.PRIMARY),
        Action(f"top:{proposal.id}:no", said.LEAVE_BUTTON),
    )
    return Outgoing(text, Card(actions=actions), f"nudge:{proposal.id}", said.ASKED_ANEW)


def top_time(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Ask somebody about one time of a proposal, to be taken with one press."""
    proposal = _open(tx, facts)
    slot = proposal.slot_at(int(facts["start"])) if proposal else None
    if proposal is None or slot is None or me.id in proposal.answers:
        return None
    ids = (*proposal.request.attendees, proposal.request.asker, me.id)
    people = reasons.then(tx.people.many(ids), proposal)
    zones = views.zones(people, proposal.request.attendees)
    time = times.both(slot.start, slot.end, people[me.id].zone, zones, proposal.made_at)
    text = said.TOP_TIME.format(name=people[proposal.request.asker].name, time=time)
    programme = tx.programmes.get(proposal.request.programme_id)
    scene = reasons.Scene(me.id, people, load_policy(tx, programme), programme.name)
    line = views.time_line(scene, slot, proposal, me.zone)
    actions = (
        Action(f"accept:{proposal.id}:{slot.start}", said.TOP_YES, Style.PRIMARY),
        Action(f"decline:{proposal.id}", "None of these", Style.DANGER),
    )
    notes = [Note(words.UNCHECKED_YOU)] if me.id in slot.unchecked else []
    if me.id in proposal.request.exceptions:
        asker = people[proposal.request.asker].name
        notes.append(Note(unlock_words.EXCEPTION.format(name=asker)))
    card = Card("", (Times((line,)), *notes), (), actions)
    return Outgoing(text, card, f"nudge:{proposal.id}", said.ASKED_ANEW)


def enough(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Tell an asker that a time they had offered is more than they want by now, with a button
    that asks for it all the same.
    """
    proposal = tx.proposals.get(ProposalId(facts["proposal"]))
    start, by = int(facts["start"]), PersonId(facts["by"])
    request = proposal.request
    end = start + request.minutes * 60
    people = tx.people.many((*request.attendees, me.id))
    zones = views.zones(people, request.attendees)
    when = times.both(start, end, me.zone, zones, proposal.made_at)
    text = wish_words.ENOUGH.format(name=people[by].name, time=when)
    programme = tx.programmes.get(request.programme_id)
    scene = reasons.Scene(me.id, people, load_policy(tx, programme), programme.name)
    same = replace(request, starts=(start,), windows=((start, end),))
    way = Way(Means.EASE, 1, start, Ease.LIMIT, me.id)
    actions = unlock_views.buttons(scene, same, (way,))
    return Outgoing(text, Card("", (), (), tuple(actions)))


def silent(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Tell an administrator of a proposal that was never answered."""
    proposal = tx.proposals.get(ProposalId(facts["proposal"]))
    request = proposal.request
    text = said.SILENT.format(
        names=_silent(tx, proposal, me.id)[0],
        asker=tx.people.get(request.asker).name,
        programme=tx.programmes.get(request.programme_id).name,
        day=times.day(proposal.made_at, me.zone),
    )
    return Outgoing(text)


VIEWS: dict[NoticeKind, Callable[[Tx, Person, Mapping[str, str]], Outgoing | None]] = {
    NoticeKind.LATE: late,
    NoticeKind.LATE_KEPT: late_kept,
    NoticeKind.CHECK_IN: check_in,
    NoticeKind.NUDGE_WIDEN: nudge_widen,
    NoticeKind.NUDGE_TOP: nudge_top,
    NoticeKind.TOP_TIME: top_time,
    NoticeKind.ENOUGH: enough,
    NoticeKind.SILENT: silent,
}
