"""Domain objects as messages: what one person sees of a search, a proposal, a meeting.

A view depends on its arguments alone, so the same card can be drawn again at any time and in
any chat. Every card about a proposal or meeting carries its subject and is edited in place.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Note, Part, Style, Text, TimeLine, Times
from bot.message import Outgoing
from bot.speak import (
    group_words,
    groups,
    reasons,
    session_words,
    times,
    topic_words,
    unlock_views,
    words,
)
from core.booking.meeting import MeetingState, Path
from core.policy import Confirm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.speak.reasons import Scene
    from core.booking.meeting import Meeting
    from core.booking.proposal import MeetingRequest, Proposal, Slot
    from core.counting import Count
    from core.ids import PersonId
    from core.people import Person
    from core.use_cases.find_times import Finding


def names(people: Mapping[PersonId, Person], ids: Iterable[PersonId], me: PersonId) -> str:
    """Return people as the reader calls them, "you" last."""
    ids = list(ids)
    others = [people[i].name for i in ids if i != me]
    return groups.few([*others, *([words.YOU] if me in ids else [])])


def others(people: Mapping[PersonId, Person], ids: Iterable[PersonId], me: PersonId) -> str:
    """Return the people that are not the reader."""
    return names(people, [p for p in ids if p != me], me)


def zones(people: Mapping[PersonId, Person], ids: Iterable[PersonId]) -> list[str]:
    """Return the zones of people, in order."""
    return [people[i].zone for i in ids]


# --- a search ---------------------------------------------------------------------------------


def found(
    scene: Scene,
    finding: Finding,
    intro: Sequence[str] = (),
    *,
    echo: str = "",
    extra: Sequence[Action] = (),
) -> Outgoing:
    """Return the asker's card of a finding: times with buttons, or why there are none.

    `intro` are sentences said first, `echo` the days that were understood, `extra` buttons for
    other readings of the request.
    """
    lead = [*intro]
    if finding.missed or (finding.proposal is None) or finding.shares:
        lead.append(_missed(scene, finding, echo))
    else:
        lead.append(_suits(scene, finding, echo))
    notes: list[Part] = [Note(text) for text in reasons.unknowns(scene, finding.unknown)]
    if finding.proposal is None or finding.missed:
        notes += [Note(text) for text in reasons.unlocks(scene, finding.unlocks, finding.missed)]
    notes += [Note(text) for text in groups.partly(scene, finding)]
    if finding.proposal is not None and not books_at_once(scene, finding.proposal):
        notes += [Note(text) for text in groups.asked(scene, finding)]
    if finding.full is not None:
        notes.append(Note(_full(scene, finding.request, finding.full)))
    if finding.skipped:
        notes.append(Note(words.SKIPPED.format(count=finding.skipped)))
    text = " ".join(lead)
    nothing = finding.proposal is None
    extra = [*unlock_views.buttons(scene, finding.request, finding.ways, later=nothing), *extra]
    extra = [*groups.ask_most(scene, finding), *extra]
    if finding.proposal is None:
        card = Card(parts=tuple(notes), actions=tuple(extra)) if notes or extra else None
        return Outgoing(text, card)
    return drafted(scene, finding.proposal, text, notes, extra, more=finding.more)


def _full(scene: Scene, request: MeetingRequest, full: Count) -> str:
    """Return that a booking would be one more than the programme gives the two."""
    pattern = session_words.COUNT_FULL
    if scene.me not in request.attendees:
        pattern = session_words.COUNT_FULL_OTHERS
    others = [p for p in request.attendees if p != scene.me]
    number = session_words.ordinal(full.used + 1)
    who = names(scene.people, others, scene.me)
    return pattern.format(used=full.used, limit=full.limit, name=who, next=number)


def _suits(scene: Scene, finding: Finding, echo: str) -> str:
    """Return "Three times suit you both:", naming only those whose calendars were read."""
    slots = finding.proposal.slots if finding.proposal else ()
    plural = len(slots) > 1
    hoped = any(slot.missing for slot in slots)
    known = [p for p in finding.request.attendees if p not in finding.unknown]
    if finding.unknown:
        who = names(scene.people, known, scene.me)
        suits = words.FOUND_THEM[plural].format(names=who) if known else words.FITS[plural]
    else:
        both = len(finding.request.attendees) == 2 and scene.me in finding.request.attendees
        suits = (words.SUITS_BOTH if both else words.FITS_NEEDED if hoped else words.SUITS)[plural]
    count = "that" if finding.request.starts and not plural else words.count(len(slots))
    text = words.FOUND.format(count=count, times="times" if plural else "time", suits=suits)
    return f"{echo}, {text}:" if echo else f"{text[:1].upper()}{text[1:]}:"


def _missed(scene: Scene, finding: Finding, echo: str) -> str:
    """Return why the asked time is not possible, naming it."""
    why = reasons.reasons(scene, finding.missed)
    text = words.sentence(why)
    if finding.request.starts:
        text = words.WHY_NOT.format(time=_asked(scene, finding.request, finding.now), reasons=why)
    elif echo:
        text = words.NOTHING_FITS.format(days=echo, reasons=why)
    pattern = words.NOTHING_NEAR if finding.proposal else words.NOTHING_AT_ALL
    return pattern.format(reason=text)


def _asked(scene: Scene, request: MeetingRequest, now: int) -> str:
    """Return the exact times that were asked for."""
    zone = scene.people[scene.me].zone
    if len(request.starts) > 1:
        return words.listed([times.moment(start, zone, now) for start in request.starts], "or")
    start = request.starts[0]
    others = zones(scene.people, request.attendees)
    return times.both(start, start + request.minutes * 60, zone, others, now)


def time_line(scene: Scene, slot: Slot, item: Proposal, zone: str) -> TimeLine:
    """Return one time on the reader's clock, the others' clocks and doubts beside it."""
    clocks = zones(scene.people, item.request.attendees)
    details = [times.elsewhere(slot.start, clocks, zone)]
    doubtful = [scene.name(p) for p in slot.unchecked if p != scene.me]
    if doubtful:
        details.append(words.TO_CONFIRM.format(names=groups.few(doubtful)))
    detail = " · ".join(d for d in details if d)
    return TimeLine(times.span(slot.start, slot.end, zone, item.made_at), detail)


def drafted(
    scene: Scene,
    proposal: Proposal,
    text: str,
    notes: Sequence[Part] = (),
    extra: Sequence[Action] = (),
    *,
    more: bool = True,
) -> Outgoing:
    """Return the asker's card of a proposal that nobody else has seen yet."""
    request, zone = proposal.request, scene.people[scene.me].zone
    slots = sorted(proposal.slots, key=lambda slot: slot.start)
    plain_lines = [time_line(scene, slot, proposal, zone) for slot in slots]
    lines = tuple(map(partial(groups.missing, scene, request), slots, plain_lines))
    at_once = books_at_once(scene, proposal)
    act = verb(at_once=at_once)
    actions = [
        Action(
            f"offer:{proposal.id}:{s.start}",
            f"{act} {times.moment(s.start, zone, proposal.made_at)}",
        )
        for s in slots
    ]
    if not at_once and len(slots) > 1:
        label = f"{act} {words.every(len(slots))}"
        actions.insert(0, Action(f"offer:{proposal.id}:all", label, Style.PRIMARY))
    elif len(slots) == 1:
        actions = [Action(actions[0].id, actions[0].label, Style.PRIMARY)]
    if more:
        actions.append(Action(f"more:{proposal.id}", "More times"))
    actions.append(Action(f"none:{proposal.id}", "None of these"))
    actions += extra
    others = names(scene.people, request.invitees, scene.me)
    title = f"{times.length(request.minutes)} with {others}"
    one = len(slots) == 1
    pick = words.PICK_NONE[one] if at_once else words.PICK[one].format(names=others)
    parts = (Times(lines), *about(request), *notes, Note(pick))
    return Outgoing(text, Card(title, parts, (), tuple(actions)), f"proposal:{proposal.id}")


def about(request: MeetingRequest) -> tuple[Note, ...]:
    """Return what a session is to be about, where somebody has said so."""
    return (Note(topic_words.ABOUT.format(agenda=request.agenda)),) if request.agenda else ()


def books_at_once(scene: Scene, proposal: Proposal) -> bool:
    """Tell whether one press of the asker books a time, without asking anybody (Y1)."""
    unchecked = any(slot.unchecked for slot in proposal.slots)
    asked = unchecked or proposal.request.exceptions
    return scene.policy.confirm is Confirm.NONE and not asked


def verb(*, at_once: bool) -> str:
    """Return what a press does."""
    return "Book" if at_once else "Offer"


# --- a meeting --------------------------------------------------------------------------------


def meeting_fields(scene_people: Mapping[PersonId, Person], item: Meeting, me: PersonId) -> Fields:
    """Return when, with whom and where."""
    others = names(scene_people, [p for p in item.people if p != me], me)
    when = times.of_meeting(item, scene_people[me])
    rows = [("When", when), ("With", others)]
    if item.place:
        rows.append(("Where", item.place))
    rows += [("Agenda", item.agenda)] if item.agenda else []
    return Fields(tuple(rows))


def meeting_actions(item: Meeting) -> tuple[Action, ...]:
    """Return what can be done with a meeting that stands."""
    if item.state is not MeetingState.BOOKED:
        return ()
    return (
        Action(f"move:{item.id}", "Find another time"),
        Action(f"cancel:{item.id}", "Cancel", Style.DANGER),
    )


def meeting(people: Mapping[PersonId, Person], item: Meeting, me: PersonId, text: str) -> Outgoing:
    """Return a meeting's card under a given sentence."""
    card = Card("", (meeting_fields(people, item, me),), (), meeting_actions(item))
    return Outgoing(text, card, f"meeting:{item.id}")


def delivery(item: Meeting, me: PersonId, programme: str, *, connected: bool) -> list[str]:
    """Return how a booked meeting reaches one person."""
    attendee = item.attendee(me)
    if attendee is None:
        return []
    if attendee.path is Path.CALENDAR:
        return [words.BOOKED_CALENDAR]
    if attendee.path is Path.PUBLISH:
        return [words.BOOKED_PUBLISH.format(programme=programme, email=attendee.email)]
    lines = [words.BOOKED_INVITE.format(email=attendee.email)]
    return lines if connected else [*lines, words.BOOKED_COMPARE]


def booked(
    people: Mapping[PersonId, Person],
    item: Meeting,
    me: PersonId,
    programme: str,
    *,
    connected: bool,
    moved: bool = False,
) -> Outgoing:
    """Return the good news for one person."""
    when = times.of_meeting(item, people[me])
    others = names(people, [p for p in item.people if p != me], me)
    entry = item.attendee(me)
    if entry is not None and not entry.holds:
        return groups.invited(item, group_words.INVITED.format(time=when, names=others))
    first = (words.MOVED if moved else words.BOOKED).format(time=when, names=others)
    text = " ".join([first, *delivery(item, me, programme, connected=connected)])
    return replace(meeting(people, item, me, text), instead=words.LEFT_MOVED if moved else "")


def sessions(number: int) -> str:
    """Return "one session", "3 sessions"."""
    return "one session" if number == 1 else f"{words.count(number)} sessions"


def plain(text: str, *parts: str, actions: Sequence[Action] = ()) -> Outgoing:
    """Return a text with optional paragraphs and buttons."""
    if not parts and not actions:
        return Outgoing(text)
    return Outgoing(text, Card("", tuple(Text(p) for p in parts), (), tuple(actions)))
