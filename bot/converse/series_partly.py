"""A series that suits but for some days, in words: "all but the 12th", "yes, but not the one on
8 December", "skip the 8th, the rest is fine"; "all but these" and "all of them, this once" where
somebody was asked about what is more than they want.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.converse import series
from bot.converse.schedule import refused
from bot.converse.turn import Reply, say, watched
from bot.converse.when import context_of
from bot.speak import reasons, series_views, words
from bot.speak import series_words as said
from bot.speak.reasons import Scene
from bot.understand.constraint import Day, Weekday
from bot.understand.read import read
from core.booking.proposal import ProposalState
from core.errors import Refused
from core.timing.zones import local_date
from core.use_cases.answer_series import Over, accept_series
from core.use_cases.find_series import find_series

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.context import Context
    from core.booking.proposal import Proposal
    from core.ports import Ports

YES = (
    r"(?:yes|yep|ok(?:ay)?|sure|fine|good|great|perfect|(?:sounds|looks) good|(?:that |it )?works)"
)
ALL = (
    r"(?:(?:i(?:'ll| will|'d)? )?(?:take |accept |book |offer )?"
    r"(?:all(?: of (?:it|them|these))?|everything|every one|the (?:whole )?series))"
)
BUT = (
    r"(?:but (?:not|skip|leave out|drop)|but|except(?: for)?|excluding|apart from|other than|"
    r"without|not)"
)
EXCEPT = re.compile(
    rf"(?:{YES}[\s,.:;!-]*)?(?:{ALL}|(?<=[\s,.:;!-]))[\s,]*{BUT}\s+(?P<days>.+?)"
    r"(?:,? please)?[\s.!]*",
    re.IGNORECASE,
)
REST = re.compile(
    r"(?:please )?(?:skip|leave out|drop|not|without)\s+(?P<days>.+?)[\s,;]+(?:but |and )?"
    rf"(?:otherwise|the (?:rest|others?|other ones)|rest)\b.*\b{YES}[\s.!]*",
    re.IGNORECASE,
)
THESE = re.compile(
    rf"(?:{YES}[\s,.:;!-]*)?(?:(?:{ALL}[\s,]*)?{BUT}|(?:please )?(?:skip|leave out|drop))\s+"
    r"(?:these|those|them|(?:this|that)(?: one)?|it)(?: out)?(?:,? please)?[\s.!]*",
    re.IGNORECASE,
)
ONCE = r"(?:,?\s*(?:this once|anyway|all the same|please))"
TAKE = re.compile(
    rf"(?:{YES}[\s,.:;!-]*)?(?:(?:take |accept |book |offer )?all(?: of (?:it|them|these|those))?"
    rf"{ONCE}*|(?:take|accept|book|offer) (?:it|them|these|those|the series){ONCE}+)[\s.!]*",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:on |for )?(?:the )?(?:ones?|sessions?)?\s*(?:on |of |from )?(?:the )?", re.IGNORECASE
)
BARE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE)
PARTS = re.compile(r"\s*(?:,|&|;|\band\b|\bor\b|\bnor\b)\s*", re.IGNORECASE)


async def in_words(
    ports: Ports, turn: Turn, roster: Roster, text: str, open_now: Sequence[Proposal]
) -> Reply | None:
    """Accept, or offer, a series but for the days that are named; None for any other sentence."""
    proposal = next(iter(open_now), None)
    if proposal is None or proposal.request.series is None:
        return None
    if series_views.beyond(proposal, turn.me.id) and (over := _over(text)):
        act = series.offer if proposal.state is ProposalState.DRAFTED else series.accept
        return await act(ports, turn, proposal, over)
    found = EXCEPT.fullmatch(text) or REST.fullmatch(text)
    parts = PARTS.split(found["days"]) if found else []
    days = [_day(part, context_of(turn, roster)) for part in parts if part]
    if not days or None in days:
        return None
    left_out = frozenset(
        slot.start
        for slot in proposal.slots
        if any(_is(day, local_date(slot.start, turn.me.zone)) for day in days)
    )
    if not left_out:
        return say(turn.talk, said.NO_SUCH_DAY)
    if len(left_out) == len(proposal.slots):
        return say(turn.talk, said.NOTHING_LEFT)
    if proposal.state is ProposalState.DRAFTED and proposal.request.asker == turn.me.id:
        return await _drafted(ports, turn, proposal, left_out)
    if turn.me.id not in proposal.request.attendees or turn.me.id in proposal.answers:
        return None
    work = accept_series(ports, proposal.id, turn.me.id, left_out)
    return await series.outcome(ports, turn, await watched(turn, work, words.CHECKING))


def _over(text: str) -> Over | None:
    """Return what is said about sessions that are more than somebody wants."""
    if THESE.fullmatch(text):
        return Over.SKIP
    return Over.TAKE if TAKE.fullmatch(text) else None


def _day(text: str, context: Context) -> Day | Weekday | None:
    """Return the day that is named: "the one on 8 December", "the 12th", "24"."""
    short = LEAD.sub("", text).strip()
    if bare := BARE.fullmatch(short):
        return Day(int(bare[1]))
    time = read(f"on {short}", context).time
    options = time.options if time is not None else ()
    if len(options) != 1 or options[0].clock is not None:
        return None
    dates = options[0].dates
    return dates if isinstance(dates, Day | Weekday) else None


def _is(named: Day | Weekday | None, day: date) -> bool:
    """Tell whether a day is one that was named."""
    if isinstance(named, Weekday):
        return day.weekday() in named.days
    return named is not None and named.day == day.day and named.month in (None, day.month)


async def _drafted(
    ports: Ports, turn: Turn, proposal: Proposal, left_out: frozenset[int]
) -> Reply | None:
    """Look for the series anew without some of its days, before it is offered."""
    request, wish = proposal.request, proposal.request.series
    if wish is None or wish.changes is not None:
        return None
    known = {slot.by_rule or slot.start for slot in proposal.slots} | {g.slot for g in wish.gaps}
    gone = {slot.by_rule or slot.start for slot in proposal.slots if slot.start in left_out}
    without = frozenset(slot for slot in wish.pattern.slots() if slot not in known - gone)
    try:
        work = find_series(ports, request, without=without, replaces=proposal.id)
        finding = await watched(turn, work, words.CHECKING)
    except Refused as refusal:
        return await refused(ports, turn, request, refusal)
    scene = Scene(turn.me.id, finding.people, finding.policy, finding.programme)
    if finding.proposal is None:
        why = reasons.reasons(scene, finding.against)
        return say(turn.talk, said.NOTHING.format(reasons=why))
    notes = reasons.unknowns(scene, finding.unknown)
    card = series_views.drafted(scene, finding.proposal, turn.now, (), notes, finding.full)
    return Reply((card,), turn.talk.about(proposal=finding.proposal.id))
