"""A proposal as one person sees it now: the asker, somebody asked, open or closed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Part, Style, Times
from bot.message import Mention, Outgoing
from bot.speak import (
    counter_words,
    group_words,
    groups,
    reasons,
    series_views,
    times,
    unlock_words,
    views,
    words,
)
from core.booking.proposal import Answer, ProposalState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.speak.reasons import Scene
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import PersonId
    from core.people import ChatIdentity


def card(
    scene: Scene,
    item: Proposal,
    meeting: Meeting | None = None,
    asker: tuple[ChatIdentity, ...] = (),
    unread: Mapping[PersonId, str] | None = None,
) -> Outgoing:
    """Return a proposal as one person sees it now: asker, invitee, open or closed.

    `meeting` is the session that it has become or is to move, `asker` who the asker is in the
    chats, `unread` why calendars could not be read for times that nobody was asked about. News
    that ask for something come as a new message, because a card that changes far above is easily
    missed.
    """
    subject = f"proposal:{item.id}"
    if item.request.series is not None:
        return series_views.card(scene, item, item.made_at)
    if item.state is ProposalState.DRAFTED:
        notes = [Note(text) for text in reasons.unknowns(scene, unread or {})]
        return views.drafted(scene, item, words.SAME_TIMES, notes)
    text = _proposal_text(scene, item, meeting)
    parts, actions = _proposal_parts(scene, item), _actions(scene, item)
    shown = Card(_title(scene, item), parts, (), actions) if parts or actions else None
    mentions = _mentions(scene.people[item.request.asker].name, text, asker)
    return Outgoing(text, shown, subject, _left_saying(scene, item), mentions)


def _mentions(name: str, text: str, asker: tuple[ChatIdentity, ...]) -> tuple[Mention, ...]:
    """Return the asker where a sentence begins with their name, as those to invitees do.

    Nobody else is mentioned, and it is done only in the reader's own conversation with us, of
    which the asker is no member.
    """
    return (Mention(0, name, asker),) if asker and text.startswith(name) else ()


def _left_saying(scene: Scene, item: Proposal) -> str:
    """Return what the asker's older card is left saying when there is news for them: nobody
    came, their own yes is missing, or what they arranged for others is booked.
    """
    if scene.me != item.request.asker:
        return ""
    if item.state is ProposalState.OFFERED and groups.proposed(scene, item):
        return words.LEFT_ANSWERED
    if item.state is ProposalState.OFFERED and item.waiting_for() == (scene.me,):
        return words.LEFT_ANSWERED
    if item.state is ProposalState.ACCEPTED and scene.me not in item.request.attendees:
        return words.LEFT_BOOKED
    return words.LEFT_ENDED.get(item.state.value, "")


def _title(scene: Scene, item: Proposal) -> str:
    others = [p for p in (item.request.asker, *item.request.attendees) if p != scene.me]
    arranged = item.request.asker not in item.request.attendees
    shown = [p for p in others if not (arranged and p == item.request.asker)]
    length = times.length(item.request.minutes)
    return f"{length} with {views.names(scene.people, dict.fromkeys(shown), scene.me)}"


def _proposal_text(scene: Scene, item: Proposal, meeting: Meeting | None) -> str:
    if item.state is ProposalState.OFFERED:
        return _offered_text(scene, item, meeting)
    if item.state is ProposalState.ACCEPTED:
        return _booked_text(scene, item, meeting)
    texts = {
        ProposalState.DECLINED: _declined_text,
        ProposalState.WITHDRAWN: _withdrawn_text,
        ProposalState.EXPIRED: _expired_text,
    }
    return texts[item.state](scene, item) if item.state in texts else words.SUPERSEDED


def _booked_text(scene: Scene, item: Proposal, meeting: Meeting | None) -> str:
    zone, attendees = scene.people[scene.me].zone, item.request.attendees
    slot = meeting.span if meeting else (item.slots[0].start, item.slots[0].end)
    when = times.both(*slot, zone, views.zones(scene.people, attendees), item.made_at)
    entry = meeting.attendee(scene.me) if meeting else None
    if meeting is not None and scene.me in attendees and (entry is None or not entry.holds):
        said = group_words.INVITED_SHORT if entry else group_words.BOOKED_WITHOUT_YOU
        return said.format(time=when)
    if scene.me in attendees:
        return words.BOOKED_ON.format(time=when)
    return words.BOOKED.format(time=when, names=views.names(scene.people, attendees, scene.me))


def _declined_text(scene: Scene, item: Proposal) -> str:
    asker = item.request.asker
    declined = [p for p, answer in item.answers.items() if answer.declined]
    if scene.me in declined:
        return words.DECLINED_YOU.format(name=scene.people[asker].name)
    pattern = words.DECLINED_BY if scene.me == asker else words.DECLINED_BY_ANOTHER
    return pattern.format(name=views.names(scene.people, declined, scene.me))


def _withdrawn_text(scene: Scene, item: Proposal) -> str:
    asker = item.request.asker
    if scene.me != asker:
        return words.WITHDRAWN.format(name=scene.people[asker].name)
    if not item.answers:  # it was shown to the asker alone, and ended by what others did
        return words.WITHDRAWN_DRAFT
    invitees = views.names(scene.people, item.request.invitees, scene.me)
    return words.WITHDRAWN_YOU.format(names=invitees)


def _expired_text(scene: Scene, item: Proposal) -> str:
    asker = item.request.asker
    if scene.me != asker:
        return words.EXPIRED_OTHERS.format(name=scene.people[asker].name)
    waiting = views.names(scene.people, item.waiting_for(), scene.me)
    return words.EXPIRED_SILENT.format(names=waiting) if waiting else words.EXPIRED_DISAGREED


def _offered_text(scene: Scene, item: Proposal, meeting: Meeting | None) -> str:
    """Return what an open proposal says: to the asker, to who answered, to who has not."""
    request, zone = item.request, scene.people[scene.me].zone
    accepted = item.answers.get(scene.me, Answer()).accepted
    waiting = views.others(scene.people, item.waiting_for(), scene.me)
    if scene.me == request.asker:
        return _asker_text(scene, item, waiting)
    if accepted:
        chosen = words.listed([times.moment(s, zone, item.made_at) for s in accepted])
        pattern = words.ACCEPTED_WAITING if waiting else words.ACCEPTED_ALONE
        return pattern.format(time=chosen, names=waiting)
    if item.has_declined(scene.me):
        needed = scene.me in request.needed
        return group_words.VOTE_NO if needed else group_words.NOT_FOR_YOU
    asker, length = scene.people[request.asker].name, times.length(request.minutes)
    one = len(item.slots) == 1
    suits = words.SUITS_YOU[one]
    if request.moves and meeting:
        when = times.of_meeting(meeting, scene.people[scene.me], item.made_at)
        pattern = counter_words.OFFERED_MOVE[one] if request.rounds else words.OFFER_MOVE
        return pattern.format(name=asker, time=when, suits=suits)
    if request.rounds:
        return counter_words.OFFERED[one].format(name=asker, length=length)
    if request.asker in request.attendees:
        return words.OFFER_FROM.format(name=asker, length=length, suits=suits)
    who = views.names(scene.people, request.attendees, scene.me)
    return words.OFFER_FROM_OTHER.format(name=asker, length=length, names=who, suits=suits)


def _asker_text(scene: Scene, item: Proposal, waiting: str) -> str:
    """Return what the asker reads while others answer, and when their own yes is missing."""
    if waiting:
        return words.OFFERED_TO.format(names=waiting)
    if scene.me in item.waiting_for() and (not item.request.is_vote or acceptable(scene.me, item)):
        invitees = views.names(scene.people, item.request.invitees, scene.me)
        return words.CONFIRM_ONCE_MORE.format(names=invitees)
    return words.OFFERED_DISAGREED


def _proposal_parts(scene: Scene, item: Proposal) -> tuple[Part, ...]:
    """Return the times of a proposal while it is open, and who answered what."""
    zone = scene.people[scene.me].zone
    proposed = groups.proposed(scene, item)
    if not item.is_open:
        return (Note(proposed[0]),) if proposed else ()
    slots = sorted(item.slots, key=lambda slot: slot.start)
    plain = [views.time_line(scene, s, item, zone) for s in slots]
    lines = map(partial(groups.missing, scene, item.request), slots, plain)
    parts: list[Part] = [Times(tuple(lines)), *views.about(item.request)]
    if item.request.is_vote:
        parts += [Note(text) for text in groups.votes(scene, item)]
    said = {} if item.request.is_vote else item.answers
    for person_id, answer in said.items():
        if answer.accepted and person_id not in (scene.me, item.request.asker):
            chosen = words.listed([times.moment(s, zone, item.made_at) for s in answer.accepted])
            text = words.ANSWERED_SO_FAR.format(names=scene.name(person_id), times=chosen)
            parts.append(Note(text))
    parts += [Note(text) for text in groups.standing(scene, item)]
    parts += [Note(proposed[0])] if proposed else []
    unchecked = {p for slot in item.slots for p in slot.unchecked}
    if scene.me in unchecked:
        parts.append(Note(words.UNCHECKED_YOU))
    if scene.me in item.request.exceptions and scene.me not in item.answers:
        asker = scene.people[item.request.asker].name
        parts.append(Note(unlock_words.EXCEPTION.format(name=asker)))
    return tuple(parts)


def _actions(scene: Scene, item: Proposal) -> tuple[Action, ...]:
    """Return what a person can do with a proposal now."""
    zone, request = scene.people[scene.me].zone, item.request
    ended = item.state in (ProposalState.DECLINED, ProposalState.EXPIRED)
    proposed = groups.proposed(scene, item)
    go_ahead = [proposed[1]] if proposed else []
    if ended and scene.me == request.asker:
        return (
            *go_ahead,
            Action(f"more:{item.id}", "Other times", Style.PRIMARY),
        )
    if item.state is not ProposalState.OFFERED:
        return ()
    actions = [
        Action(f"accept:{item.id}:{start}", times.moment(start, zone, item.made_at), Style.PRIMARY)
        for start in acceptable(scene.me, item)
    ]
    actions += go_ahead
    if scene.me in request.invitees and not item.has_declined(scene.me):
        actions.append(Action(f"decline:{item.id}", "None of these", Style.DANGER))
        if any(scene.me in slot.unchecked for slot in item.slots):
            actions.append(Action("connect:start", "Connect my calendar"))
    if scene.me == request.asker:
        actions.append(Action(f"withdraw:{item.id}", "Take it back", Style.DANGER))
    return tuple(actions)


def acceptable(me: PersonId, item: Proposal) -> list[int]:
    """Return the starts that a person has not accepted yet; an asker who is asked once more
    chooses among those that suit the others. A series has no single ones to accept.
    """
    if me not in item.request.attendees or item.request.series is not None:
        return []
    accepted = item.answers.get(me, Answer()).accepted
    starts = sorted(slot.start for slot in item.slots if slot.start not in accepted)
    if me != item.request.asker:
        return starts
    others = [item.answers.get(p, Answer()).accepted for p in item.request.needed if p != me]
    return [start for start in starts if all(start in theirs for theirs in others)]
