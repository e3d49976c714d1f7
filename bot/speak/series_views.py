"""Series as messages: what fits and what to do about the rest, offered, booked, ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Part, Style, Text, TimeLine, Times
from bot.message import Outgoing
from bot.speak import reasons, rhythm, session_words, times, views, words
from bot.speak import series_words as said
from core.booking.proposal import ProposalState
from core.booking.series import coming
from core.ids import PersonId, SeriesId
from core.timing.zones import offset_minutes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.speak.reasons import Scene
    from core.booking.meeting import Meeting
    from core.booking.proposal import Gap, Proposal, Slot, Wish
    from core.booking.series import Series
    from core.counting import Count
    from core.people import Person
    from core.ports import Tx

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
    hints = [*_gap_notes(scene, gaps), *shift_notes(scene, item, now), *notes]
    if full is not None and full.used + len(item.slots) >= full.limit:
        hints.append(_count(scene, full, len(item.slots)))
    if wish.cut:
        last = times.day(starts_of(item)[-1], scene.people[scene.me].zone, now)
        hints.append(said.CUT.format(most=wish.pattern.count, day=last))
    hints.append(said.PICK_NONE if at_once else said.PICK.format(names=others))
    actions = [
        Action(f"series:offer:{item.id}", said.BOOK if at_once else said.OFFER, Style.PRIMARY),
        *(a for gap in gaps[:MOST_GAPS] for a in _choices(scene, item, gap)),
        Action(f"none:{item.id}", said.NONE),
    ]
    parts = (*session_parts(scene, item), *(Note(hint) for hint in hints))
    card = Card(said.TITLE.format(names=others), parts, (), tuple(actions))
    return Outgoing(" ".join([*intro, _fits(scene, item, gaps, now)]), card, f"proposal:{item.id}")


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


def _gap_notes(scene: Scene, gaps: Sequence[Gap]) -> list[str]:
    zone = scene.people[scene.me].zone
    notes = [
        said.GAP.format(time=times.moment(g.slot, zone), reasons=reasons.reasons(scene, g.why))
        for g in gaps[:MOST_GAPS]
    ]
    if more := gaps[MOST_GAPS:]:
        notes.append(said.GAPS_MORE.format(dates=rhythm.dates([g.slot for g in more], zone)))
    return notes


def _choices(scene: Scene, item: Proposal, gap: Gap) -> list[Action]:
    zone = scene.people[scene.me].zone
    day, verb = times.day(gap.slot, zone), f"series:gap:{item.id}:{gap.slot}"
    moves = [
        Action(
            f"{verb}:move:{start}",
            said.GAP_MOVE.format(day=day, time=times.moment(start, zone)),
        )
        for start in gap.choices
    ]
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
    zone = scene.people[scene.me].zone
    slots = sorted(item.slots, key=lambda slot: slot.start)
    if len(slots) > MOST_LINES:
        return (Text("; ".join(times.moment(slot.start, zone) for slot in slots)),)
    return (Times(tuple(_line(scene, slot, zone, item) for slot in slots)),)


def _line(scene: Scene, slot: Slot, zone: str, item: Proposal) -> TimeLine:
    line = views.time_line(scene, slot, zone, item.request.attendees)
    if not slot.by_rule:
        return line
    moved = said.INSTEAD.format(day=times.day(slot.by_rule, zone))
    return replace(line, detail=" · ".join(d for d in (line.detail, moved) if d))


# --- for everybody, as it stands ------------------------------------------------------------------


def card(scene: Scene, item: Proposal, now: int) -> Outgoing:
    """Return a proposed series as one person sees it now."""
    if item.state is ProposalState.DRAFTED:
        return drafted(scene, item, now)
    parts: tuple[Part, ...] = ()
    actions: tuple[Action, ...] = ()
    if item.state is ProposalState.OFFERED:
        hints = [Note(text) for text in shift_notes(scene, item, now)]
        if any(scene.me in slot.unchecked for slot in item.slots):
            hints.append(Note(words.UNCHECKED_YOU))
        parts, actions = (*session_parts(scene, item), *hints), _actions(scene, item)
    others = dict.fromkeys((item.request.asker, *item.request.attendees))
    names = views.names(scene.people, [p for p in others if p != scene.me], scene.me)
    shown = Card(said.TITLE.format(names=names), parts, (), actions) if parts else None
    return Outgoing(_text(scene, item), shown, f"proposal:{item.id}", _left(scene, item))


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
        actions.append(Action(f"series:accept:{item.id}", said.ACCEPT, Style.PRIMARY))
    if scene.me in item.request.invitees and not answered:
        actions.append(Action(f"decline:{item.id}", said.DECLINE, Style.DANGER))
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
        held = sum(item.all_accept(slot.start) for slot in item.slots) or len(item.slots)
        return said.BOOKED_SHORT.format(rhythm=rhythm.rhythm(wish_of(item).pattern), count=held)
    if item.state is ProposalState.DECLINED:
        declined = [p for p, answer in item.answers.items() if answer.declined]
        if scene.me in declined:
            return said.DECLINED_YOU.format(name=asker)
        return said.DECLINED_BY.format(name=views.names(people, declined, scene.me))
    if item.state is ProposalState.WITHDRAWN:
        pattern = words.WITHDRAWN_YOU if mine else words.WITHDRAWN
        return pattern.format(names=invitees, name=asker)
    if item.state is ProposalState.EXPIRED:
        waiting = views.names(people, item.waiting_for(), scene.me)
        if mine:
            return said.EXPIRED.format(names=waiting) if waiting else said.TAKEN
        return said.EXPIRED_OTHERS.format(name=asker)
    return words.SUPERSEDED


def offered_text(scene: Scene, item: Proposal) -> str:
    """Return what an open proposal of a series says: to its asker, to who answered, who has not."""
    request, people = item.request, scene.people
    waiting = views.names(people, [p for p in item.waiting_for() if p != scene.me], scene.me)
    if scene.me == request.asker:
        if waiting:
            return said.OFFERED.format(names=waiting)
        return said.CONFIRM.format(names=views.names(people, request.invitees, scene.me))
    if scene.me in item.answers:
        return said.WAITING.format(names=waiting)
    pattern = said.FROM if request.asker in request.attendees else said.FROM_OTHER
    return pattern.format(
        name=people[request.asker].name,
        names=views.names(people, request.attendees, scene.me),
        rhythm=rhythm.rhythm(wish_of(item).pattern),
        length=times.length(request.minutes),
        count=len(item.slots),
    )


def whole(item: Proposal, zone: str, now: int) -> tuple[str, str]:
    """Return the one answer to a series on pages and in mails: its first start, and its words."""
    starts = starts_of(item)
    dates = rhythm.from_to(starts, zone, now)
    return str(starts[0]), said.ALL_OF_IT.format(count=said.sessions(len(starts)), dates=dates)


# --- what has become of it ------------------------------------------------------------------------


def booked(
    people: Mapping[PersonId, Person],
    series: Series,
    meetings: Sequence[Meeting],
    me: PersonId,
    now: int,
    extra: Iterable[str] = (),
) -> Outgoing:
    """Return the good news for one person; `extra` are sentences said after it."""
    starts = [m.start for m in meetings]
    others = [p for p in series.people if p != me]
    first = said.BOOKED.format(
        rhythm=rhythm.rhythm(series.pattern),
        names=views.names(people, others, me),
        count=len(starts),
        dates=rhythm.from_to(starts, people[me].zone, now),
    )
    actions = (Action(f"series:dates:{series.id}", "All dates"),)
    return Outgoing(" ".join([first, *extra]), Card(actions=actions), f"series:{series.id}")


def notice(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Return the news of a series that was booked, cut or called off as a whole."""
    series = tx.meetings.series(SeriesId(facts["series"]))
    meetings = tx.meetings.of_series(series.id)
    people = tx.people.many(dict.fromkeys((me.id, *series.people)))
    if series.sequence == 0:
        programme = tx.programmes.get(series.programme_id).name
        connected = bool(tx.links.of([me.id])[me.id])
        how = views.delivery(meetings[0], me.id, programme, connected=connected)
        return booked(people, series, meetings, me.id, series.changed_at, how)
    left = coming(meetings, series.changed_at)
    name = tx.people.get(PersonId(facts["by"])).name if facts.get("by") else "Somebody"
    pattern = said.ENDED_BY_LEFT if left else said.ENDED_BY
    day = times.day(left[-1].start, me.zone, series.changed_at) if left else ""
    text = pattern.format(name=name, rhythm=rhythm.rhythm(series.pattern), day=day)
    if facts.get("reason"):
        text = f"{text} {session_words.BECAUSE.format(reason=facts['reason'])}"
    return Outgoing(text, None, f"series:{series.id}", said.LEFT_CHANGED)
