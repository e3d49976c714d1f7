"""Other times in answer to a proposal: "earlier in the day", "another day", "not on Fridays",
"can you do Thursday afternoon instead?".

Times within that wish, never the ones that were proposed before, go to the other side as an answer
to the same request. After a few rounds nothing is passed on by itself any more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.converse.correction_marks import ORDERS, is_length, minutes_of
from bot.converse.deeds import Kind, did
from bot.converse.schedule import load_proposal, scene_for, scene_of, search
from bot.converse.turn import Reply, say
from bot.converse.when import on_the_clock_there, wanted
from bot.message import Outgoing
from bot.speak import counter_words, proposals, views, words
from bot.understand.constraint import Weekday, Which
from bot.understand.intent import Intent
from core.booking.proposal import ProposalState
from core.errors import NotFound
from core.finding.counter import Shift, but_weekdays, passes_on, shifted
from core.timing.spans import intersect, merge
from core.timing.zones import day_span, local_date
from core.use_cases import answer_proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.roster import Roster
    from bot.converse.state import Conversation
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.booking.proposal import MeetingRequest, Proposal
    from core.ports import Ports
    from core.timing.spans import Span
    from core.use_cases.find_times import Finding

BEFORE = (
    r"(?:(?:none of (?:these|those|them)(?: (?:work|suit|fit)s?(?: for)?(?: me)?)?|no|nope|sorry|"
    r"yes|ok|okay|hm+|but|rather|maybe|please|(?:can|could|would) (?:we|you|it) (?:do|be|make it|"
    r"try|find)|how about|what about|(?:is|are) there|do you have|something|anything|any times?|"
    r"times|i'?d (?:prefer|rather(?: have)?|like)|i would (?:prefer|like)|let'?s (?:do|try)|try|"
    r"on)\W+)*"
)
AFTER = (
    r"(?:\W+(?:instead|please|then|if (?:that'?s )?possible|(?:would be|works|suits(?: me)?|is) "
    r"better(?: for me)?|for me|thanks|thank you))*\W*$"
)
THE_DAY = r"(?:(?:in|on) (?:the|that|the same) (?:same )?day|that (?:same )?day|the same day)"
THE_WEEK = r"(?:(?:in|on) (?:the|that|the same) (?:same )?week|that (?:same )?week|the same week)"
SHIFTS = tuple(
    (shift, re.compile(rf"^\W*{BEFORE}(?:{pattern}){AFTER}", re.IGNORECASE))
    for shift, pattern in (
        (Shift.BIT_EARLIER, r"(?:a (?:bit|little)|slightly) (?:earlier|sooner)(?: \w+ day)?"),
        (Shift.BIT_LATER, r"(?:a (?:bit|little)|slightly) later(?: \w+ day)?"),
        (Shift.EARLIER, rf"(?:much )?earlier {THE_DAY}|(?:much )?earlier"),
        (Shift.LATER, rf"(?:much )?later {THE_DAY}|(?:much )?later"),
        (Shift.EARLIER_DAYS, rf"earlier {THE_WEEK}"),
        (Shift.LATER_DAYS, rf"later {THE_WEEK}"),
        (Shift.OTHER_DAY, r"(?:(?:some |any )?other|another|an other|a different) days?"),
        (Shift.WEEK_AFTER, r"(?:the|a|one) week (?:after|later)(?: that)?|the following week"),
    )
)


def shift_of(text: str, reading: Reading) -> Shift | None:
    """Return what a sentence says about proposed times without naming a time of its own."""
    for shift, pattern in SHIFTS:
        if pattern.match(text.replace("’", "'")):
            return shift
    if reading.intent is not Intent.COUNTER or reading.time is not None:
        return None
    if re.search(r"\b(?:earlier|sooner)\b", text, re.IGNORECASE):
        return Shift.EARLIER
    return Shift.LATER if re.search(r"\blater\b", text, re.IGNORECASE) else None


async def in_words(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    reading: Reading,
    waiting: tuple[Proposal, ...],
) -> Reply | None:
    """Answer a proposal with other times; None for a sentence that does not, and for what is not
    between two people about one session.
    """
    if _pushes_it(turn, reading, waiting):
        minutes = abs(reading.shift_minutes or 0)
        reading = replace(reading, intent=Intent.COUNTER, duration_minutes=minutes)
    shift = shift_of(reading.text, reading)
    instead = shift is not None or INSTEAD.search(reading.text) is not None
    proposal = await _meant(ports, turn, waiting) if waiting or instead else None
    if proposal is not None and _is_as_it_is(proposal, turn, reading, shift):
        scene = await scene_for(ports, proposal, turn.me.id)
        series = proposal.request.series is not None
        pattern = counter_words.SERIES_AS_IT_IS if series else counter_words.GROUP_AS_IT_IS
        return say(turn.talk, pattern.format(name=scene.name(proposal.request.asker)))
    if proposal is None or not _is_between_two(proposal, turn):
        return None
    if shift is None and _asks_length(reading, proposal):
        return await _at_length(ports, turn, proposal, minutes_of(reading) or 0)
    if shift is None and not _names_a_time(reading, proposal, turn):
        return None
    found = _windows(turn, roster, reading, proposal, shift)
    if found is None:
        return None
    if isinstance(found, str):
        return say(turn.talk, found)
    return await _countered(ports, turn, proposal, *found)


def _pushes_it(turn: Turn, reading: Reading, waiting: tuple[Proposal, ...]) -> bool:
    """Tell whether "make it half an hour later" speaks of a proposed time: the one that waits,
    unless something else was talked about since.
    """
    if reading.intent is not Intent.RESCHEDULE or reading.shift_minutes is None:
        return False
    talked_of = turn.talk.topic.get("proposal")
    if reading.people or reading.move_from is not None or len(waiting) != 1:
        return False
    return talked_of in (None, "", waiting[0].id) and IT.search(reading.text) is not None


async def _meant(ports: Ports, turn: Turn, waiting: tuple[Proposal, ...]) -> Proposal | None:
    """Return the one proposal that is open, else the speaker's own that was last talked about."""
    if waiting:
        return waiting[0] if len(waiting) == 1 else None
    talked_of = turn.talk.topic.get("proposal")
    if not talked_of:
        return None
    try:
        proposal = await load_proposal(ports, talked_of)
    except NotFound:
        return None
    mine = proposal.request.asker == turn.me.id and proposal.expires_at > turn.now
    return proposal if mine and proposal.state is ProposalState.OFFERED else None


def _is_as_it_is(proposal: Proposal, turn: Turn, reading: Reading, shift: Shift | None) -> bool:
    """Tell whether something else is wished for a series or a group's times that somebody offered,
    which can only be answered as they are.
    """
    request = proposal.request
    if proposal.state is not ProposalState.OFFERED or request.asker == turn.me.id:
        return False
    moves = reading.intent is Intent.RESCHEDULE and not reading.people and reading.move_from is None
    if shift is not None or is_length(reading) or (moves and IT.search(reading.text)):
        return request.series is not None or len(request.attendees) > 2
    return len(request.attendees) > 2 and _names_a_time(reading, proposal, turn)


def _is_between_two(proposal: Proposal, turn: Turn) -> bool:
    """Tell whether this is about one session of the speaker and the asker."""
    request = proposal.request
    two = len(request.attendees) == 2 and request.asker in request.attendees
    return two and turn.me.id in request.attendees and request.series is None


def _asks_length(reading: Reading, proposal: Proposal) -> bool:
    """Tell whether the times are fine but for their length: "ok, but only 20 minutes"."""
    return proposal.state is ProposalState.OFFERED and is_length(reading)


async def _at_length(ports: Ports, turn: Turn, old: Proposal, minutes: int) -> Reply:
    """Answer with the same times at another length."""
    if minutes == old.request.minutes:
        scene = await scene_for(ports, old, turn.me.id)
        return Reply((proposals.card(scene, old),), turn.talk)
    spans = tuple((slot.start, slot.start + minutes * 60) for slot in old.slots)
    resized = replace(old, request=replace(old.request, minutes=minutes))
    return await _countered(ports, turn, resized, spans, tuple(slot.start for slot in old.slots))


def _names_a_time(reading: Reading, proposal: Proposal, turn: Turn) -> bool:
    """Tell whether a sentence is another time for an offered proposal, and no request of its own.

    What somebody found but has not offered is corrected or asked anew elsewhere.
    """
    if reading.choice or reading.recurrence or proposal.state is not ProposalState.OFFERED:
        return False
    named = {c for mention in reading.people for c in mention.candidates}
    if reading.time is None or named - set(proposal.request.attendees) or turn.me.id in named:
        return False
    return reading.intent is Intent.COUNTER or _is_instead(reading) or _is_bare(reading)


FEW = 6  # words
ASKS = re.compile(r"\b(?:free|available|busy|am|is|are|does|has|have)\b", re.IGNORECASE)
IT = re.compile(r"\b(?:make|do) (?:it|that)\b", re.IGNORECASE)
INSTEAD = re.compile(
    r"^\W*(?:no\W+|sorry\W+|(?:can|could) (?:you|we) (?:do|make)\b)|\b(?:instead|rather)\W*$",
    re.IGNORECASE,
)


def _is_instead(reading: Reading) -> bool:
    """Tell whether a time is said to be another one than proposed: "... instead?", "any day but
    Monday".
    """
    if reading.intent not in (Intent.BOOK, Intent.UNKNOWN, Intent.AVAILABILITY):
        return False
    only_not = reading.time is not None and not reading.time.options and not reading.people
    return only_not or INSTEAD.search(reading.text) is not None


def _is_bare(reading: Reading) -> bool:
    """Tell whether a sentence is little but a time: "any time after 3", "Thursday afternoon?"."""
    short = len(reading.text.split()) <= FEW
    own = ORDERS.search(reading.text) or ASKS.search(reading.text)
    return (
        short and not own and reading.intent in (Intent.BOOK, Intent.UNKNOWN, Intent.AVAILABILITY)
    )


def _windows(
    turn: Turn, roster: Roster, reading: Reading, proposal: Proposal, shift: Shift | None
) -> tuple[tuple[Span, ...], tuple[int, ...]] | str | None:
    """Return the spans and exact starts of a wish, or the sentence to answer with."""
    request = proposal.request
    slots = [(slot.start, slot.end) for slot in proposal.slots]
    then = turn.me.during((min(a for a, _ in slots), max(b for _, b in slots)))
    zone = then.zone
    start = _exactly(shift, reading, slots)
    if start is not None:
        found = ((start, start + slots[0][1] - slots[0][0]),), (start,)
        return found if start > turn.now else words.PAST
    if shift is not None:
        spans = shifted(shift, slots, request.windows, zone)
        spans = tuple(intersect(spans, [(turn.now, spans[-1][1])])) if spans else ()
        return (spans, ()) if spans else counter_words.NO_SHAPE_LEFT
    constraint = reading.time
    if constraint is None:
        return None
    if not constraint.options:
        days = {d for s in constraint.exclude if isinstance(s.dates, Weekday) for d in s.dates.days}
        if days:
            return but_weekdays(request.windows, days, zone), ()
        rest = wanted(reading, turn, roster.policies.get(request.programme_id))
        left = () if isinstance(rest, str) else intersect(rest.windows, request.windows)
        return (tuple(left), ()) if left else None
    near = all(
        s.dates is None or (isinstance(s.dates, Weekday) and s.dates.which is Which.BARE)
        for s in constraint.options
    )
    now = max(turn.now, _monday(slots[0][0], zone)) if near else turn.now
    policy = roster.policies.get(request.programme_id)
    there = replace(turn, me=then) if near else on_the_clock_there(turn, reading, policy)
    want = wanted(reading, replace(there, now=now), policy)
    if isinstance(want, str):
        return want
    if all(span.dates is None for span in constraint.options) and not want.starts:
        return tuple(intersect(want.windows, request.windows)) or want.windows, ()
    return want.windows, want.starts


def _exactly(shift: Shift | None, reading: Reading, slots: Sequence[Span]) -> int | None:
    """Return the start that "an hour later" means where one time was proposed."""
    if len(slots) > 1 or reading.duration_minutes is None:
        return None
    step = {Shift.EARLIER: -60, Shift.LATER: 60}.get(shift) if shift else None
    return slots[0][0] + step * reading.duration_minutes if step else None


def _monday(at: int, zone: str) -> int:
    """Return where the week of an instant begins: "Thursday" is one near the proposed times."""
    day = local_date(at, zone)
    return day_span(day - timedelta(days=day.weekday()), zone)[0]


async def _countered(
    ports: Ports, turn: Turn, old: Proposal, spans: tuple[Span, ...], starts: tuple[int, ...]
) -> Reply:
    """Look for times within a wish, and pass them on to the other side if there are any."""
    drafted = old.state is ProposalState.DRAFTED
    goes_on = passes_on(old.request.rounds)
    request = _request(turn, old, spans, starts)
    without = frozenset(request.refused) - frozenset(starts)
    if not goes_on and not drafted:
        both = merge((*spans, *old.request.windows))
        request = replace(request, windows=tuple(both), starts=())
    replaces = old.id if drafted else None
    finding = await search(ports, turn, request, without=without, replaces=replaces)
    if isinstance(finding, Reply):
        return finding
    if finding.proposal is not None and not drafted and goes_on and _fits(finding, spans):
        return await _passed_on(ports, turn, old, finding)
    intro = [] if drafted else [_why_shown(finding, turn, goes_on=goes_on)]
    found = views.found(scene_of(finding, turn.me.id), finding, intro)
    messages = [found]
    if drafted and finding.proposal is not None:
        ended = replace(old, state=ProposalState.SUPERSEDED)
        messages.insert(0, proposals.card(await scene_for(ports, old, turn.me.id), ended))
    return Reply(tuple(messages), _about(turn, finding.proposal or old))


def _request(
    turn: Turn, old: Proposal, spans: tuple[Span, ...], starts: tuple[int, ...]
) -> MeetingRequest:
    """Return the same request as its other side asks it, within a wish."""
    shown = (slot.start for slot in old.slots)
    refused = tuple(dict.fromkeys((*old.request.refused, *shown)))
    wish = replace(
        old.request,
        asker=turn.me.id,
        windows=spans,
        starts=starts,
        zone=turn.me.zone,
        refused=refused,
    )
    if old.state is ProposalState.DRAFTED:
        return wish
    return replace(wish, eased=(), counters=old.id, rounds=old.request.rounds + 1)


def _fits(finding: Finding, spans: Sequence[Span]) -> bool:
    """Tell whether what was found is what was wished, and not the nearest to it."""
    slots = finding.proposal.slots if finding.proposal else ()
    inside = all(any(a <= s.start and s.end <= b for a, b in spans) for s in slots)
    return inside and not finding.missed


def _why_shown(finding: Finding, turn: Turn, *, goes_on: bool) -> str:
    """Return why nothing was passed on."""
    scene = scene_of(finding, turn.me.id)
    name = views.names(scene.people, finding.request.invitees, turn.me.id)
    if goes_on:
        return counter_words.NOT_PASSED.format(name=name)
    return counter_words.ENOUGH.format(name=name, count=words.count(finding.request.rounds - 1))


async def _passed_on(ports: Ports, turn: Turn, old: Proposal, finding: Finding) -> Reply:
    """Put the new times in the place of the old ones and show both."""
    new = finding.proposal
    if new is None:
        return say(turn.talk, counter_words.NOTHING_NEW)
    result = await answer_proposal.offer_instead(ports, old.id, new.id, turn.me.id)
    scene = scene_of(finding, turn.me.id)
    if result.proposal.id != new.id:  # it was answered meanwhile
        scene = await scene_for(ports, result.proposal, turn.me.id)
        stands = proposals.card(scene, result.proposal, result.meeting)
        return Reply((stands, Outgoing(stands.text)), turn.talk)  # a sentence wants one in turn
    closed = proposals.card(scene, replace(old, state=ProposalState.SUPERSEDED))
    card = proposals.card(scene, result.proposal)
    lead = counter_words.PASSED[len(new.slots) > 1]
    talk = did(_about(turn, new), Kind.OFFER, (new.id,), turn.now)
    return Reply((closed, replace(card, text=f"{lead} {card.text}")), talk)


def _about(turn: Turn, proposal: Proposal) -> Conversation:
    """Keep what the next sentence may lean on."""
    return turn.talk.about(
        partner=[p for p in proposal.request.attendees if p != turn.me.id],
        programme=proposal.request.programme_id,
        proposal=proposal.id,
        shown=[slot.start for slot in proposal.slots],
    )
