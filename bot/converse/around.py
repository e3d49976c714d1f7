"""Around a session by chat: reminders, whether it took place, proposals nobody answers, undo."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Style
from bot.converse import clocks, deeds, late, preferences, undoing
from bot.converse.deeds import Kind
from bot.converse.schedule import load_proposal, not_the_asker, scene_of, search
from bot.converse.turn import Reply, say
from bot.speak import session_words as said
from bot.speak import times, views, words
from core.errors import IllegalStep, NotFound, Refused
from core.ids import MeetingId, ProposalId
from core.setting_text import parse_leads, spoken
from core.timing.zones import DAY
from core.use_cases import change_meeting
from core.use_cases.ask_again import ask_about_one
from core.use_cases.set_reminders import set_reminders

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from core.ports import Ports

SESSIONS = r"(?:sessions?|meetings?|calls?)"
UNDO = re.compile(
    r"^(?:(?:please|pls|oops|ups|whoops|sorry|no|wait|actually|can you|could you)\W+)*"
    r"(?:undo(?: that| it| this| the last (?:one|thing)| what (?:i|you) (?:just )?did)?|"
    r"(?:take|change|put) (?:that|it all) back|revert(?: that| it| this)?)"
    r"(?: again| please| pls| plz| thanks)*\W*$",
    re.IGNORECASE,
)
REMIND = re.compile(
    r"^(?:please |pls |(?:can|could|would) you )*"
    r"(?:remind me|(?:set |give me |send me )?(?:my |session )?reminders?)"
    rf"(?: of (?:my |the |each )?{SESSIONS})?(?: at)? (?P<leads>.+?) (?:before|ahead|in advance)"
    rf"(?: (?:of )?(?:each |every |my |the |a |all )*{SESSIONS})?(?: please| pls)?\W*$",
    re.IGNORECASE,
)
ALL_REMINDERS = re.compile(
    r"^(?:please |pls )?(no|stop|switch off|turn off|don['’]?t send(?: me)?(?: any)?) "
    r"(?:the |my )?reminders(?: please| pls)?\W*$|"
    r"^(?:please |pls )?(?:turn |switch )?(?:the |my )?reminders (on|off)(?: please| pls)?\W*$|"
    r"^(?:please |pls )?(?:don['’]?t (?:ever )?remind|stop reminding) me"
    r"(?: please| pls| any ?more| again)*\W*$",
    re.IGNORECASE,
)
REMIND_OFF = re.compile(
    r"^(?:please )?(?:no|stop|don['’]?t send(?: me)?|switch off|turn off) (?:the |my |any )?"
    rf"(?:reminders (?:for|of|before|about) (?:my |the )?{SESSIONS}|session reminders)\W*$|"
    r"^(?:please |pls )?(?:don['’]?t (?:ever )?remind|stop reminding) me "
    rf"(?:for|of|before|about) (?:my |the )?{SESSIONS}\W*$",
    re.IGNORECASE,
)
REMIND_USUAL = re.compile(
    rf"^(?:(?:my )?session reminders|reminders (?:for|of|before) (?:my )?{SESSIONS})"
    r"(?: back)? (?:on|as usual|default|to normal|to default)\W*$",
    re.IGNORECASE,
)
SMALL = {word: str(n) for n, word in enumerate(words.NUMBERS) if n} | {"an": "1", "a": "1"}
LONGEST_NUMBER = 15  # digits of an instant


async def in_words(ports: Ports, turn: Turn, _roster: Roster, text: str) -> Reply | None:
    """Answer the fixed forms about reminders and undo; None for any other sentence."""
    if UNDO.match(text):
        return await undoing.undo(ports, turn)
    if found := REMIND.match(text):
        try:
            leads = parse_leads(_in_figures(found["leads"]))
        except ValueError:
            return say(turn.talk, said.REMINDERS_BAD)
        return await _save(ports, turn, leads)
    if found := ALL_REMINDERS.match(text):
        nudges = (found[2] or "").lower() == "on"
        what = words.REMINDERS_ON if nudges else words.REMINDERS_OFF
        return await preferences.save_change(
            ports, turn, lambda person: replace(person, nudges=nudges), what
        )
    if REMIND_OFF.match(text):
        return await _save(ports, turn, ())
    if REMIND_USUAL.match(text):
        return await _save(ports, turn, None)
    return None


def _in_figures(text: str) -> str:
    """Return "two hours and half an hour" as "2 hours and 30 min"."""
    text = re.sub(r"\bhalf an hour\b", "30 min", text.lower())
    text = re.sub(r"\bthe (day|hour|week)\b", r"1 \1", text)
    text = re.sub(r"\bmins\b", "min", text)
    text = re.sub(r"(?<=\d)( ?)hrs?\b|(?<=\bhalf an)( )hr\b", r"\1h", text)
    return re.sub(r"\b[a-z]+\b", lambda m: SMALL.get(m[0], m[0]), text)


async def _save(ports: Ports, turn: Turn, leads: tuple[int, ...] | None) -> Reply:
    """Keep when to remind, and echo it with an undo."""
    before = await set_reminders(ports, turn.me.id, leads)
    what = reminders_said(leads)
    texts = [words.SAVED.format(what=what)]
    if leads and not turn.me.nudges:
        texts.append(said.NUDGES_OFF)
    if before == leads:
        return say(turn.talk, " ".join(texts))
    ids = () if before is None else tuple(map(str, before)) or ("none",)
    talk = deeds.did(turn.talk, Kind.REMINDERS, ids, turn.now)
    talk = replace(talk, topic={**talk.topic, "undo_what": what})
    return say(talk, " ".join(texts), Card(actions=(Action(f"undo:{turn.now}", said.UNDO),)))


def reminders_said(leads: tuple[int, ...] | None) -> str:
    """Return when somebody is reminded, in words."""
    if leads is None:
        return said.REMINDERS_PLAIN
    if not leads:
        return said.REMINDERS_NONE
    return said.REMINDERS_SET.format(leads=words.listed([spoken(lead) for lead in leads]))


# --- did it take place? -------------------------------------------------------------------------


async def _held(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Note whether a session took place."""
    meeting_id, answer = args
    if answer not in ("yes", "no"):
        raise NotFound(answer)
    held = answer == "yes"
    try:
        settled = await change_meeting.settle(ports, MeetingId(meeting_id), turn.me.id, held=held)
    except Refused:
        return say(turn.talk, words.NOT_YOUR_MEETING)
    except IllegalStep as error:
        early = str(error) == "booked"
        return say(turn.talk, said.TOO_EARLY if early else words.ALREADY_CANCELLED)
    subject = f"checkin:{meeting_id}"
    if held:
        return say(turn.talk, said.HELD, None, subject)
    partner = next((p for p in settled.meeting.people if p != turn.me.id), "")
    again = Action(f"book:{partner}", "Find another time", Style.PRIMARY)
    return say(turn.talk, said.MISSED, Card(actions=(again,)), subject)


# --- proposals that are not answered ------------------------------------------------------------


async def _widen(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Look at one more week for a proposal; what is offered of it replaces the old one."""
    old = await load_proposal(ports, args[0])
    request = old.request
    if turn.me.id != request.asker:
        return await not_the_asker(ports, turn, old)
    if not old.is_open or old.expires_at <= turn.now:
        return say(turn.talk, said.TOP_GONE)
    first = max(turn.now, request.windows[0][0])
    last = max(window[1] for window in request.windows)
    wider = replace(request, starts=(), windows=((first, last + 7 * DAY),))
    seen = frozenset(slot.start for slot in old.slots)
    finding = await search(ports, turn, wider, without=seen)
    if isinstance(finding, Reply):
        return finding
    message = views.found(scene_of(finding, turn.me.id), finding, [said.WIDENED])
    proposal_id = finding.proposal.id if finding.proposal else ""
    talk = turn.talk.about(
        partner=list(request.invitees), programme=request.programme_id, proposal=proposal_id
    )
    return Reply((message,), talk)


async def _top(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Ask those who have not answered about one time alone."""
    proposal_id, which = args
    if which == "no":
        return say(turn.talk, said.LEFT_AS_IT_IS)
    if not which.isdecimal() or len(which) > LONGEST_NUMBER:
        raise NotFound(proposal_id)
    try:
        asked = await ask_about_one(ports, ProposalId(proposal_id), turn.me.id, int(which))
    except Refused:
        return await not_the_asker(ports, turn, await load_proposal(ports, proposal_id))
    except IllegalStep:
        return say(turn.talk, said.TOP_GONE)
    time = times.moment(int(which), turn.me.zone, turn.now)
    texts = []
    if asked.asked:
        names = views.names(asked.people, asked.asked, turn.me.id)
        texts.append(said.TOP_ASKED.format(names=names, time=time))
    if asked.resting:
        names = views.names(asked.people, asked.resting, turn.me.id)
        texts.append(said.TOP_RESTING.format(names=names))
    return say(turn.talk, " ".join(texts) or said.TOP_GONE)


def _with(counts: Collection[int], handler: Handler) -> Handler:
    """Return a handler that is called with so many arguments; else the button is an old one."""

    async def checked(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
        if len(args) not in counts or not all(args):
            raise NotFound("button")
        return await handler(ports, turn, args)

    return checked


if TYPE_CHECKING:
    Handler = Callable[[Ports, Turn, tuple[str, ...]], Awaitable[Reply]]

VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "late": lambda p, t, _r, a: _with({1, 2, 4}, late.press)(p, t, a),
    "held": lambda p, t, _r, a: _with({2}, _held)(p, t, a),
    "widen": lambda p, t, _r, a: _with({1}, _widen)(p, t, a),
    "top": lambda p, t, _r, a: _with({2}, _top)(p, t, a),
    "clocks": lambda p, t, _r, a: _with({3}, clocks.press)(p, t, a),
    "undo": lambda p, t, _r, a: undoing.undo(p, t, *a[:1]),
}
