"""Series by chat: asked for, shown with what does not fit, offered, accepted, listed and ended.

A series is one proposal: it is offered and accepted as a whole. Single sessions of one that
stands are moved and called off like any other (meetings.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.card import Action, Style
from bot.converse import early_hours, questions, series_found
from bot.converse.deeds import Kind, did, forget
from bot.converse.series_wish import patterns
from bot.converse.turn import Reply, say, watched
from bot.converse.when import context_of
from bot.message import Outgoing
from bot.speak import reasons, rhythm, series_news, series_views, times, views, words
from bot.speak import series_change_words as changed
from bot.speak import series_words as said
from bot.speak.reasons import Scene
from bot.understand.intent import Intent
from bot.understand.resolve import resolve
from core.attendance import load_policy
from core.booking.proposal import MeetingRequest, Proposal, ProposalState, Wish
from core.booking.series import MOST, coming, present
from core.connecting import load_status
from core.counting import count
from core.errors import NotFound, Refused
from core.ids import PersonId, ProposalId, SeriesId
from core.programme import Rule
from core.use_cases import answer_series
from core.use_cases.answer_series import Outcome, Over, SeriesResult
from core.use_cases.change_meeting import cancel_terms
from core.use_cases.change_series import end_series
from core.use_cases.find_series import Choice, choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.converse.whom import Chosen
    from bot.understand.intent import Reading
    from core.booking.meeting import Meeting
    from core.booking.series import Series
    from core.ports import Ports, Tx

REST = re.compile(
    r"\b(?:rest|remaining|all (?:of )?(?:them|the)|(?:the|my|our) (?:whole )?series)\b",
    re.IGNORECASE,
)
ONWARDS = re.compile(r"\b(?:from|as of|starting|since)\b", re.IGNORECASE)
WHOLE = re.compile(r"\b(?:series|recurring|them all|all of them)\b", re.IGNORECASE)


# --- asking for one -------------------------------------------------------------------------------


def is_wanted(reading: Reading) -> bool:
    """Tell whether a sentence asks for a series, not for sessions named one by one."""
    return reading.recurrence is not None and not (reading.time and reading.time.each)


async def book(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    reading: Reading,
    request: MeetingRequest,
    chosen: Chosen,
) -> Reply:
    """Check every session of the series that is asked for, and show what fits and what does not.

    Raises Refused with the rule that forbids the request itself.
    """
    policy = roster.policies.get(request.programme_id)
    most = policy.series_max if policy else MOST
    if reading.recurrence is None:
        raise ValueError(reading.text)
    zone = (reading.time.zone if reading.time else None) or reading.zone or turn.me.zone
    context = context_of(turn, roster)
    options, excepted, cut = patterns(reading.recurrence, context, zone, request.minutes, most)
    if not options:
        return say(turn.talk, words.NO_SUCH_DAY)
    wished = _wished(request, Wish(options[0], cut=cut))
    work = early_hours.find(ports, reading.text, wished, options, excepted)
    finding, about_turns = await watched(turn, work, words.CHECKING)
    return series_found.shown(turn, finding, chosen.intro, about_turns, reading.text)


def _wished(request: MeetingRequest, wish: Wish) -> MeetingRequest:
    return MeetingRequest(
        programme_id=request.programme_id,
        asker=request.asker,
        attendees=request.attendees,
        minutes=request.minutes,
        windows=(),
        zone=wish.pattern.zone,
        series=wish,
        agenda=request.agenda,
    )


# --- buttons --------------------------------------------------------------------------------------


async def action(ports: Ports, turn: Turn, args: Sequence[str]) -> Reply:
    """Act on a button of a series."""
    what, rest = args[0] if args else "", list(args[1:])
    words_of = {"": Over.ASK, **{over.value: over for over in Over}}
    if what in ("offer", "accept") and len(rest) in (1, 2) and "".join(rest[1:]) in words_of:
        act = offer if what == "offer" else accept
        return await act(ports, turn, await _load(ports, rest[0]), words_of["".join(rest[1:])])
    if what == "dates" and len(rest) == 1:
        return await dates(ports, turn, rest[0])
    if what == "gap" and len(rest) == 4 and rest[1].isdecimal() and rest[3].isdecimal():
        return await _choose(ports, turn, rest[0], rest[2], (int(rest[1]), int(rest[3])))
    if what == "end" and len(rest) in (2, 3) and rest[1].isdecimal():
        return await _end(ports, turn, rest[0], int(rest[1]), "".join(rest[2:]))
    return say(turn.talk, words.OLD_BUTTON)


async def _load(ports: Ports, proposal_id: str) -> Proposal:
    """Raises NotFound, also for what is no proposal of a series."""
    proposal = await ports.store.read(lambda tx: tx.proposals.get(ProposalId(proposal_id)))
    if proposal.request.series is None:
        raise NotFound(proposal_id)
    return proposal


async def _scene(ports: Ports, proposal: Proposal, me: PersonId) -> Scene:
    def load(tx: Tx) -> Scene:
        request = proposal.request
        programme = tx.programmes.get(request.programme_id)
        people = tx.people.many(dict.fromkeys((me, request.asker, *request.attendees)))
        return Scene(me, people, load_policy(tx, programme), programme.name)

    return await ports.store.read(load)


async def _choose(
    ports: Ports, turn: Turn, proposal_id: str, what: str, slot_start: tuple[int, int]
) -> Reply:
    """Take another time for what does not fit, leave it out, or stop there."""
    slot, start = slot_start
    try:
        proposal = await choose(
            ports, ProposalId(proposal_id), turn.me.id, Choice(what), slot, start
        )
    except ValueError:
        return say(turn.talk, words.OLD_BUTTON)
    except Refused as refusal:
        return await _too_many(ports, turn, proposal_id, start, refusal)
    scene = await _scene(ports, proposal, turn.me.id)
    request = proposal.request
    full = await ports.store.read(lambda tx: count(tx, request.programme_id, request.attendees))
    if proposal.state is not ProposalState.DRAFTED:
        return Reply((series_views.card(scene, proposal, turn.now),), turn.talk)
    changing = series_views.wish_of(proposal).changes is not None
    card = series_views.drafted(scene, proposal, turn.now, (), (), None if changing else full)
    if Choice(what) is not Choice.SKIP:
        return Reply((card,), turn.talk)
    act = series_views.act(proposal, at_once=views.books_at_once(scene, proposal))
    pattern = changed.DROPPED if changing else said.SKIPPED
    left_out = pattern.format(day=times.day(slot, turn.me.zone, turn.now), offer=act)
    return Reply((card, Outgoing(left_out)), turn.talk)


async def _too_many(
    ports: Ports, turn: Turn, proposal_id: str, start: int, refusal: Refused
) -> Reply:
    """Say why another time cannot be had beside those that were chosen. Raises Refused for what
    has another reason.
    """
    if any(one.kind is not Rule.LIMIT for one in refusal.objections):
        raise refusal
    scene = await _scene(ports, await _load(ports, proposal_id), turn.me.id)
    why = reasons.reasons(scene, refusal.objections)
    when = times.moment(start, turn.me.zone, turn.now)
    return say(turn.talk, said.GAP_FULL.format(time=when, reasons=why))


async def offer(ports: Ports, turn: Turn, proposal: Proposal, over: Over = Over.ASK) -> Reply:
    """Offer a series to the others, or book it where nobody has to confirm. Raises Refused."""
    work = answer_series.offer_series(ports, proposal.id, turn.me.id, over)
    return await outcome(ports, turn, await watched(turn, work, words.CHECKING))


async def accept(ports: Ports, turn: Turn, proposal: Proposal, over: Over = Over.ASK) -> Reply:
    """Accept a series as a whole, or what of it is not more than they want."""
    try:
        work = answer_series.accept_series(ports, proposal.id, turn.me.id, over=over)
        result = await watched(turn, work, words.CHECKING)
    except Refused:
        return say(turn.talk, words.WRONG_PERSON)
    return await outcome(ports, turn, result)


async def outcome(ports: Ports, turn: Turn, result: SeriesResult) -> Reply:
    """Show what became of an answer: the card in place, and the news when there is some."""
    scene, me = await _scene(ports, result.proposal, turn.me.id), turn.me.id
    card = series_views.card(scene, result.proposal, turn.now)
    talk = forget(turn.talk) if result.fresh else turn.talk
    if result.outcome is Outcome.TAKEN:
        return Reply((card, Outgoing(series_views.taken(result.proposal))), talk)
    if result.outcome is Outcome.BEYOND:
        verb = "offer" if result.proposal.state is ProposalState.DRAFTED else "accept"
        text = " ".join(series_views.beyond_notes(scene, result.proposal, turn.now))
        actions = series_views.takes(me, result.proposal, verb, "")
        return Reply((card, views.plain(text, actions=actions)), talk)
    if result.outcome is Outcome.OFFERED and result.fresh:
        return Reply((card,), did(turn.talk, Kind.OFFER, (result.proposal.id,), turn.now))
    series = result.series
    if series is None or result.outcome is not Outcome.BOOKED or me not in series.people:
        return Reply((card,), talk)
    if series_views.wish_of(result.proposal).changes is not None:
        lost = rhythm.dates(result.lost, turn.me.zone, turn.now) if result.lost else ""
        also = [changed.LOST.format(dates=lost)] if lost else []
        people, meetings = scene.people, result.meetings
        news = series_news.moved(people, series, meetings, me, turn.now, also)
        if result.fresh:
            talk = did(turn.talk, Kind.CHANGED, (series.id,), turn.now)
        return Reply((card, news), talk)
    status = await ports.store.read(lambda tx: load_status(tx, me))
    extra = views.delivery(result.meetings[0], me, scene.programme, connected=bool(status.links))
    if result.lost:
        lost = rhythm.dates(result.lost, turn.me.zone, turn.now)
        extra = [said.LOST.format(dates=lost), *extra]
    news = series_news.booked(scene.people, series, result.meetings, me, turn.now, extra)
    if result.fresh:
        talk = did(turn.talk, Kind.SERIES, (series.id,), turn.now)
    return Reply((card, news), talk)


# --- in words -------------------------------------------------------------------------------------


async def answered(ports: Ports, turn: Turn, reading: Reading, proposal: Proposal) -> Reply:
    """Act on a yes to a series; single times of it cannot be accepted."""
    if reading.choice and len(reading.choice) < len(proposal.slots):
        day = times.day(max(slot.start for slot in proposal.slots), turn.me.zone, turn.now)
        return say(turn.talk, said.WHOLE.format(day=day.partition(" ")[2]))
    if proposal.state is ProposalState.DRAFTED:
        return await offer(ports, turn, proposal)
    return await accept(ports, turn, proposal)


def concerned(reading: Reading, meetings: Iterable[Meeting]) -> bool:
    """Tell whether a sentence is about a whole series of these: its end, or all that is left."""
    if not any(m.series for m in meetings):
        return False
    if reading.whole:
        return True
    if reading.intent is Intent.CANCEL:
        named = reading.move_from is not None and bool(reading.move_from.options)
        return reading.series_end is not None or (
            not named and WHOLE.search(reading.text) is not None
        )
    named = reading.move_from is not None and bool(reading.move_from.options)
    named = named and ONWARDS.search(reading.text) is None
    return not named and REST.search(reading.text) is not None


async def in_words(
    ports: Ports, turn: Turn, roster: Roster, reading: Reading, meetings: Sequence[Meeting]
) -> Reply:
    """End the series that is meant, after asking; several are told apart by a question."""
    found = {m.series: m for m in reversed(meetings) if m.series}
    after = 0
    if reading.series_end is not None and reading.move_from is not None:
        windows = resolve(reading.move_from, context_of(turn, roster), cut_to_hours=False).windows
        after = windows[0][0] - 1 if windows else 0
    if len(found) == 1:
        return await _end(ports, turn, str(next(iter(found))), after)
    return which(turn, found.values(), "series:end", f":{after}")


def which(turn: Turn, heads: Iterable[Meeting], verb: str, tail: str = "") -> Reply:
    """Ask which of several series is meant; each is named by its next session."""
    actions = []
    for meeting in heads:
        names = words.listed([a.name for a in meeting.attendees if a.person_id != turn.me.id])
        at = times.begin(meeting.start, turn.me, turn.now)
        actions.append(Action(f"{verb}:{meeting.series}{tail}", f"{names[:30]}, {at}"))
    return questions.ask(turn, views.plain(said.WHICH, actions=actions))


async def _series(ports: Ports, turn: Turn, series_id: str) -> tuple[Series, tuple[Meeting, ...]]:
    """Return a series with what is to come of it. Raises NotFound for those of others."""

    def load(tx: Tx) -> tuple[Series, tuple[Meeting, ...]]:
        series = tx.meetings.series(SeriesId(series_id))
        return series, coming(tx.meetings.of_series(series.id), turn.now)

    series, ahead = await ports.store.read(load)
    if turn.me.id not in series.people:
        raise NotFound(series_id)
    return series, ahead


async def _end(ports: Ports, turn: Turn, series_id: str, after: int, sure: str = "") -> Reply:
    """End a series after an instant (0: at once); without `sure` ask first."""
    if sure == "no":
        return say(turn.talk.answered(), words.KEPT)
    series, ahead = await _series(ports, turn, series_id)
    gone = [m for m in ahead if m.start > max(after, turn.now)]
    stay = [m for m in ahead if m not in gone]
    names = await _names(ports, turn, series)
    if not gone:
        return say(turn.talk, said.NOTHING_LATER)
    zone = turn.me.zone
    facts = {
        "names": names,
        "count": said.sessions(len(gone)),
        "dates": rhythm.dates([m.start for m in gone], zone, turn.now),
        "day": times.day(stay[-1].start, zone, turn.now) if stay else "",
    }
    if sure != "yes":
        facts["count"] = facts["count"][:1].upper() + facts["count"][1:]
        text = said.END_SURE.format(**facts)
        if stay:
            kept = said.END_LEFT.format(count=said.sessions(len(stay)), day=facts["day"])
            text = f"{text} {kept[:1].upper()}{kept[1:]}"
        if (await cancel_terms(ports, gone[0].id, turn.me.id)).counts:
            text = f"{said.END_COUNTS.format(day=times.day(gone[0].start, zone, turn.now))} {text}"
        actions = (
            Action(f"series:end:{series_id}:{after}:yes", said.END, Style.DANGER),
            Action(f"series:end:{series_id}:{after}:no", said.KEEP),
        )
        message = views.plain(text, actions=actions)
        return questions.ask(turn, message, yes=actions[0].id, no=actions[1].id)
    done = await end_series(ports, series.id, turn.me.id, after or None)
    if not done.cancelled:
        return say(turn.talk, said.NOTHING_LATER)
    pattern = said.ENDED_LEFT if done.left else said.ENDED
    talk = did(turn.talk.answered(), Kind.ENDED, (series.id,), turn.now)
    return say(talk, pattern.format(**facts))


async def _names(ports: Ports, turn: Turn, series: Series) -> str:
    people = await ports.store.read(lambda tx: tx.people.many(series.people))
    return views.names(people, [p for p in series.people if p != turn.me.id], turn.me.id)


# --- lists ----------------------------------------------------------------------------------------


async def dates(ports: Ports, turn: Turn, series_id: str) -> Reply:
    """Show what is to come of a series, with what can be done."""
    series, ahead = await _series(ports, turn, series_id)
    if not ahead:
        return say(turn.talk, said.NO_SERIES)
    names = await _names(ports, turn, series)
    when = rhythm.rhythm(present(series, ahead, turn.now))
    text = said.DATES.format(names=names, rhythm=when)
    zones = [a.zone for a in ahead[0].attendees]
    lines = [times.both(*m.span, turn.me.zone, zones, turn.now) for m in ahead]
    act = Action(f"series:end:{series.id}:0", said.END, Style.DANGER)
    return Reply((views.plain(text, *lines, actions=[act]),), turn.talk)
