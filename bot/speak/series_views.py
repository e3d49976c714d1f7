"""Series as messages: what fits and what to do about the rest, offered, booked, ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Part, Style, Text, TimeLine, Times
from bot.message import Outgoing
from bot.speak import reasons, rhythm, session_words, times, turn_views, unlock_words, views, words
from bot.speak import series_change_words as changed
from bot.speak import series_words as said
from core.booking.proposal import ProposalState
from core.timing.spans import overlaps
from core.timing.zones import offset_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.speak.reasons import Scene
    from core.booking.proposal import Gap, Proposal, Slot, Wish
    from core.counting import Count
    from core.ids import PersonId

MOST_LINES = 8  # more sessions are written one after the other
MOST_GAPS = 3  # with buttons of their own


def wish_of(item: Proposal) -> Wish:
    """Return the series that a proposal is for. Raises ValueError for any other."""
    if item.request.series is None:
        message = "no proposal of a series"
        raise ValueError(message)
    return item.request.series


def starts_of(item: Proposal) -> list[int]:
    """Return the starts of the sessions, in order."""
    return sorted(slot.start for slot in item.slots)


# --- for its asker, before anybody else has seen it -----------------------------------------------


def drafted(
    scene: Scene,
    item: Proposal,
    now: int,
    intro: Sequence[str] = (),
    notes: Sequence[str] = (),
    full: Count | None = None,
) -> Outgoing:
    """Return the asker's card: every session, what does not fit with its choices, and what the
    asker ought to know before offering it.
    """
    request, wish = item.request, wish_of(item)
    gaps = open_gaps(item)
    at_once = views.books_at_once(scene, item)
    others = views.names(scene.people, request.invitees, scene.me)
    hints = [
        *beyond_notes(scene, item, now),
        *_gap_notes(scene, item, gaps),
        *shift_notes(scene, item, now),
        *notes,
    ]
    if full is not None and full.used + len(item.slots) >= full.limit:
        hints.append(_count(scene, full, len(item.slots)))
    if wish.cut:
        last = times.day(starts_of(item)[-1], scene.people[scene.me].zone, now)
        hints.append(said.CUT.format(most=wish.pattern.count, day=last))
    pick, pick_none = _either(item, said.PICK, changed.PICK), said.PICK_NONE
    pick_none = _either(item, pick_none, changed.PICK_NONE)
    hints.append(pick_none if at_once else pick.format(names=others))
    actions = [
        *takes(scene.me, item, "offer", act(item, at_once=at_once)),
        *(a for gap in gaps[:MOST_GAPS] for a in _choices(scene, item, gap)),
        Action(f"none:{item.id}", _either(item, said.NONE, changed.NONE)),
    ]
    parts = (*session_parts(scene, item), *views.about(request), *(Note(hint) for hint in hints))
    card = Card(said.TITLE.format(names=others), parts, (), tuple(actions))
    return Outgoing(" ".join([*intro, _fits(scene, item, gaps, now)]), card, f"proposal:{item.id}")


def _either(item: Proposal, new: str, change: str) -> str:
    """Return the words for a new series, or for a change of one that stands."""
    return new if wish_of(item).changes is None else change


def act(item: Proposal, *, at_once: bool) -> str:
    """Return the words on the button that sends it off."""
    book, offer = _either(item, said.BOOK, changed.DO), _either(item, said.OFFER, changed.OFFER)
    return book if at_once else offer


def open_gaps(item: Proposal) -> list[Gap]:
    """Return the gaps for which no other time was chosen."""
    filled = {slot.by_rule for slot in item.slots}
    return [gap for gap in wish_of(item).gaps if gap.slot not in filled]


def _fits(scene: Scene, item: Proposal, gaps: Sequence[Gap], now: int) -> str:
    request = item.request
    unknown = any(slot.unchecked for slot in item.slots)
    both = len(request.attendees) == 2 and scene.me in request.attendees
    whom = said.KNOWN if unknown else said.BOTH if both else said.EVERYBODY
    starts = starts_of(item)
    dates = rhythm.from_to(starts, scene.people[scene.me].zone, now)
    count = len(starts) + len(gaps)
    suits = said.ALL_FIT.format(count=count, whom=whom, dates=dates)
    if gaps:
        suits = said.SOME_FIT.format(fit=len(starts), count=count, whom=whom)
    text = rhythm.rhythm(wish_of(item).pattern)
    return said.FITS.format(rhythm=text[:1].upper() + text[1:], suits=suits)


def _gap_words(wish: Wish, gap: Gap) -> str:
    """Return what is said of a session that does not fit."""
    if wish.changes is None:
        return said.GAP
    return changed.GAP_OFF if gap.slot in wish.dropped else changed.GAP


def _gap_notes(scene: Scene, item: Proposal, gaps: Sequence[Gap]) -> list[str]:
    wish, zone, now = wish_of(item), scene.people[scene.me].zone, item.made_at
    was = {one.slot: times.moment(one.was, zone, now) for one in wish.shifts}
    notes = [
        _gap_words(wish, g).format(
            time=times.moment(g.slot, zone, now),
            reasons=reasons.reasons(scene, g.why),
            was=was.get(g.slot),
        )
        for g in gaps[:MOST_GAPS]
    ]
    more = gaps[MOST_GAPS:]
    if more and was:
        listed = words.listed([was[g.slot] for g in more])
        notes.append(changed.GAPS_MORE.format(times=listed))
    elif more:
        notes.append(said.GAPS_MORE.format(dates=rhythm.dates([g.slot for g in more], zone)))
    return notes


def _choices(scene: Scene, item: Proposal, gap: Gap) -> list[Action]:
    zone = scene.people[scene.me].zone
    day, verb = times.day(gap.slot, zone, item.made_at), f"series:gap:{item.id}:{gap.slot}"
    taken = [(slot.start, slot.end) for slot in item.slots if slot.by_rule]
    moves = [
        Action(
            f"{verb}:move:{start}",
            said.GAP_MOVE.format(day=day, time=times.moment(start, zone, item.made_at)),
        )
        for start in gap.choices
        if not overlaps(taken, start, start + item.request.minutes * 60)
    ]
    wish = wish_of(item)
    if wish.changes is not None:
        off = gap.slot in wish.dropped
        what, pattern = ("keep", changed.GAP_KEEP) if off else ("skip", changed.GAP_SKIP)
        return [*moves, Action(f"{verb}:{what}:0", pattern.format(day=day))]
    first = gap.slot <= starts_of(item)[0]
    stop = [] if first else [Action(f"{verb}:stop:0", said.GAP_STOP.format(day=day))]
    return [*moves, Action(f"{verb}:skip:0", said.GAP_SKIP.format(day=day)), *stop]


def _count(scene: Scene, full: Count, more: int) -> str:
    pattern = said.COUNT if full.used + more > full.limit else said.COUNT_ALL
    return pattern.format(
        programme=scene.programme,
        limit=full.limit,
        used=full.used,
        total=full.used + more,
        next=session_words.ordinal(max(full.limit, full.used) + 1),
    )


def shift_notes(scene: Scene, item: Proposal, now: int) -> list[str]:
    """Return for whom the sessions are at different times of day, and which."""
    found: list[str] = []
    slots = sorted({s.by_rule or s.start for s in item.slots})
    rule_zone = wish_of(item).pattern.zone
    for person_id in item.request.attendees:
        zone = scene.people[person_id].zone
        apart = {offset_minutes(s, zone) - offset_minutes(s, rule_zone) for s in slots}
        text = rhythm.shift_words(slots, zone, now)
        if len(apart) > 1 and text:
            pattern = said.SHIFT_YOU if person_id == scene.me else said.SHIFT
            found.append(pattern.format(name=scene.name(person_id), times=text))
    return found


def session_parts(scene: Scene, item: Proposal) -> tuple[Part, ...]:
    """Return every session on the reader's clock."""
    zone, turns = scene.people[scene.me].zone, turn_views.notes(item)
    slots = sorted(item.slots, key=lambda slot: slot.start)
    if len(slots) > MOST_LINES:
        return (
            Text("; ".join(times.moment(slot.start, zone, item.made_at) for slot in slots)),
            *turns,
        )
    return (Times(tuple(_line(scene, slot, zone, item) for slot in slots)), *turns)


def _line(scene: Scene, slot: Slot, zone: str, item: Proposal) -> TimeLine:
    line = views.time_line(scene, slot, item, zone)
    was = {one.slot: one.was for one in wish_of(item).shifts}
    if was:
        so_far = changed.SO_FAR.format(
            time=times.moment(was[slot.by_rule or slot.start], zone, item.made_at)
        )
        return replace(line, detail=" · ".join(d for d in (line.detail, so_far) if d))
    beside = turn_views.beside(scene, item, slot)
    return replace(line, detail=" · ".join(d for d in (line.detail, beside) if d))


# --- for everybody, as it stands ------------------------------------------------------------------


def card(scene: Scene, item: Proposal, now: int) -> Outgoing:
    """Return a proposed series as one person sees it now."""
    if item.state is ProposalState.DRAFTED:
        return drafted(scene, item, now)
    parts: tuple[Part, ...] = ()
    actions: tuple[Action, ...] = ()
    if item.state is ProposalState.OFFERED:
        notes = [*_left_notes(scene, item, now), *shift_notes(scene, item, now)]
        notes += beyond_notes(scene, item, now)
        hints = [*views.about(item.request), *(Note(text) for text in notes)]
        if any(scene.me in slot.unchecked for slot in item.slots):
            hints.append(Note(words.UNCHECKED_YOU))
        if scene.me in item.request.exceptions and scene.me not in item.answers:
            asker = scene.people[item.request.asker].name
            hints.append(Note(unlock_words.EXCEPTION.format(name=asker)))
        parts, actions = (*session_parts(scene, item), *hints), _actions(scene, item)
    others = dict.fromkeys((item.request.asker, *item.request.attendees))
    names = views.others(scene.people, others, scene.me)
    shown = Card(said.TITLE.format(names=names), parts, (), actions) if parts else None
    return Outgoing(_text(scene, item), shown, f"proposal:{item.id}", _left(scene, item))


def _left_notes(scene: Scene, item: Proposal, now: int) -> list[str]:
    """Return which sessions of a series that is to be changed are called off, and which stay."""
    wish, zone = wish_of(item), scene.people[scene.me].zone
    was = {one.slot: one.was for one in wish.shifts}
    off = [was[slot] for slot in wish.dropped]
    moved = {slot.by_rule or slot.start for slot in item.slots}
    stays = [at for slot, at in was.items() if slot not in moved and slot not in wish.dropped]
    notes = [changed.OFF.format(dates=rhythm.dates(off, zone, now))] if off else []
    listed = words.listed([times.moment(start, zone, now) for start in stays])
    return [*notes, changed.STAYS.format(times=listed)] if stays else notes


def beyond(item: Proposal, me: PersonId) -> list[int]:
    """Return the sessions that somebody is asked about because they are more than they want."""
    asked = wish_of(item).beyond_of(me)
    return [start for start in starts_of(item) if asked and start in asked.starts]


def beyond_notes(scene: Scene, item: Proposal, now: int) -> list[str]:
    """Return which sessions are more than the reader wants at most; nobody else reads of it."""
    text = beyond_text(item, scene.me, scene.people[scene.me].zone, now)
    return [text] if text else []


def beyond_text(item: Proposal, me: PersonId, zone: str, now: int) -> str:
    """Return what somebody is asked about sessions that are more than they want; "" for none."""
    more = beyond(item, me)
    if not more:
        return ""
    return _either(item, said.BEYOND, changed.BEYOND).format(dates=rhythm.dates(more, zone, now))


def takes(me: PersonId, item: Proposal, verb: str, label: str) -> list[Action]:
    """Return the buttons that take a series: as a whole, or what of it is not too much for one."""
    more, asked = beyond(item, me), wish_of(item).beyond_of(me)
    act = f"series:{verb}:{item.id}"
    if not more or asked is None:
        return [Action(act, label, Style.PRIMARY)]
    rest = set(starts_of(item)) - {*more, *asked.without}
    skip = [Action(f"{act}:skip", said.BEYOND_SKIP, Style.PRIMARY)] if rest else []
    return [*skip, Action(f"{act}:take", said.BEYOND_TAKE)]


def _left(scene: Scene, item: Proposal) -> str:
    """Return what the asker's older card is left saying when there is news for them."""
    if scene.me != item.request.asker:
        return ""
    if item.state is ProposalState.OFFERED and item.waiting_for() == (scene.me,):
        return words.LEFT_ANSWERED
    return words.LEFT_ENDED.get(item.state.value, "")


def _actions(scene: Scene, item: Proposal) -> tuple[Action, ...]:
    actions: list[Action] = []
    answered = scene.me in item.answers
    confirms = item.waiting_for() == (scene.me,)
    if not answered and (scene.me in item.request.invitees or confirms):
        label = _either(item, said.ACCEPT, changed.ACCEPT)
        actions += takes(scene.me, item, "accept", label)
    if scene.me in item.request.invitees and not answered:
        label = _either(item, said.DECLINE, changed.DECLINE)
        actions.append(Action(f"decline:{item.id}", label, Style.DANGER))
        if any(scene.me in slot.unchecked for slot in item.slots):
            actions.append(Action("connect:start", "Connect my calendar"))
    if scene.me == item.request.asker:
        actions.append(Action(f"withdraw:{item.id}", "Take it back", Style.DANGER))
    return tuple(actions)


def _text(scene: Scene, item: Proposal) -> str:
    request, people = item.request, scene.people
    asker = people[request.asker].name
    invitees = views.names(people, request.invitees, scene.me)
    mine = scene.me == request.asker
    if item.state is ProposalState.OFFERED:
        return offered_text(scene, item)
    if item.state is ProposalState.ACCEPTED:
        return _accepted_text(scene, item)
    if item.state is ProposalState.DECLINED:
        declined = [p for p, answer in item.answers.items() if answer.declined]
        if scene.me in declined:
            return _either(item, said.DECLINED_YOU, changed.DECLINED_YOU).format(name=asker)
        return _either(item, said.DECLINED_BY, changed.DECLINED_BY).format(
            name=views.names(people, declined, scene.me)
        )
    if item.state is ProposalState.WITHDRAWN:
        pattern = words.WITHDRAWN_YOU if mine else words.WITHDRAWN
        return pattern.format(names=invitees, name=asker)
    if item.state is ProposalState.EXPIRED:
        waiting = views.names(people, item.waiting_for(), scene.me)
        if mine:
            pattern = _either(item, said.EXPIRED, changed.EXPIRED)
            return pattern.format(names=waiting) if waiting else taken(item)
        return _either(item, said.EXPIRED_OTHERS, changed.EXPIRED_OTHERS).format(name=asker)
    return words.SUPERSEDED


def _accepted_text(scene: Scene, item: Proposal) -> str:
    """Return what was accepted, and what of it was not."""
    starts = starts_of(item)
    held = [start for start in starts if item.all_accept(start)] or starts
    out = [start for start in starts if start not in held]
    pattern = _either(item, said.BOOKED_SHORT, changed.DONE_SHORT)
    text = pattern.format(rhythm=rhythm.rhythm(wish_of(item).pattern), count=len(held))
    if not out:
        return text
    dates = rhythm.dates(out, scene.people[scene.me].zone, item.made_at)
    return f"{text} {_either(item, said.LEFT_OUT, changed.STAYED).format(dates=dates)}"


def taken(item: Proposal) -> str:
    """Return what is said when nothing of it can be had any more."""
    return _either(item, said.TAKEN, changed.TAKEN)


def offered_text(scene: Scene, item: Proposal) -> str:
    """Return what an open proposal of a series says: to its asker, to who answered, who has not."""
    request, people = item.request, scene.people
    waiting = views.others(people, item.waiting_for(), scene.me)
    if scene.me == request.asker:
        if waiting:
            return _either(item, said.OFFERED, changed.OFFERED).format(names=waiting)
        pattern = _either(item, said.CONFIRM, changed.CONFIRM)
        return pattern.format(names=views.names(people, request.invitees, scene.me))
    if scene.me in item.answers:
        if request.asker in item.waiting_for() and wish_of(item).beyond_of(request.asker):
            return said.ASKED_AGAIN.format(names=waiting)
        return said.WAITING.format(names=waiting or people[request.asker].name)
    pattern = said.FROM if request.asker in request.attendees else said.FROM_OTHER
    pattern = _either(item, pattern, changed.FROM)
    return pattern.format(
        name=people[request.asker].name,
        names=views.names(people, request.attendees, scene.me),
        rhythm=rhythm.rhythm(wish_of(item).pattern),
        length=times.length(request.minutes),
        count=len(item.slots),
    )


def answers(item: Proposal, me: PersonId, zone: str, now: int) -> list[tuple[str, str]]:
    """Return the answers to a series on a page, with their words."""
    more = beyond(item, me)
    if not more:
        return [whole(item, zone, now)]
    skip = said.BEYOND_SKIP_MAIL.format(dates=rhythm.dates(more, zone, now))
    worded = {said.BEYOND_SKIP: ("skip", skip), said.BEYOND_TAKE: ("take", said.BEYOND_TAKE)}
    return [worded[one.label] for one in takes(me, item, "accept", "")]


def whole(item: Proposal, zone: str, now: int) -> tuple[str, str]:
    """Return the one answer to a series on pages and in mails: its first start, and its words."""
    starts = starts_of(item)
    dates = rhythm.from_to(starts, zone, now)
    return str(starts[0]), said.ALL_OF_IT.format(count=said.sessions(len(starts)), dates=dates)
