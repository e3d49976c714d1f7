"""The commands of administrators: one line per command, with its pattern, example and help.

A command is `[admin] [programme or "org"] words`; what stands before the words is read by
`scope.py`. Patterns match the whole of the words, in any case, from top to bottom; the first
that matches counts. Adding a command is adding a line here and a handler of the same verb.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.converse.admin import scope
from bot.converse.admin.setting_words import SETTING_WORDS, lenient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.programme import Programme


class Need(StrEnum):
    """What a command is about."""

    PROGRAMME = "programme"  # one programme: asked for when several could be meant
    PLACE = "place"  # a programme or the organisation: asked for likewise
    EITHER = "either"  # a programme when one is named, otherwise everything
    NOTHING = "nothing"


class Group(StrEnum):
    """The parts of the help."""

    PROGRAMMES = "Programmes"
    PEOPLE = "People"
    PAIRS = "Pairs"
    SETTINGS = "Settings"
    DAY = "Day to day"


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the table. `example` is what somebody writes after "admin"; a line without
    help is another way of saying one that has it.
    """

    verb: str
    pattern: str
    example: str
    help: str = ""
    group: Group = Group.DAY
    need: Need = Need.PROGRAMME
    regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the pattern once."""
        object.__setattr__(self, "regex", re.compile(self.pattern, re.IGNORECASE | re.DOTALL))


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command that was understood: `words` by the names of the pattern's groups, `text` all
    of it, `spans` where the words stand in it.
    """

    command: Command
    words: Mapping[str, str]
    text: str
    spans: Mapping[str, tuple[int, int]]

    def with_word(self, name: str, word: str) -> str:
        """Return the command with one of its words exchanged, to be read again."""
        start, end = self.spans[name]
        return f"{self.text[:start]}{word}{self.text[end:]}"


_KEY = "|".join(re.escape(w) for w in sorted(SETTING_WORDS, key=len, reverse=True))
_ROLE = r"(?P<role>mentor|mentee|coachee|coach|administrator|admin)"
_NOT = r"(?:has|is|have|are|did|does|do)(?: not|n't|nt|n’t)"
_PROG = r"(?:programme|program)"
# "connect apple calendar" is about one's own: nobody is named.
_OWN_CALENDAR = (
    r"(?:(?:an?|the|another|one) )?(?:(?:apple|icloud|caldav|google|gmail|microsoft|outlook|"
    r"exchange|office|365|work|private|personal|second|other|new)\b ?)*"
    r"(?:(?:calendars?|accounts?)\b)?,?(?: (?:as well|too|now|please))?\W*$"
)
_FATE = (
    r"(?:,? (?:and |but )?(?P<fate>cancel(?:ling)?|keep(?:ing)?|hand(?:ing)? over to (?P<heir>.+?))"
    r"(?: (?:the |their |all )?(?:sessions|meetings))?)?"
)
_TWO = r"(?P<one>\S+@\S+|#[0-9a-f]{32}) (?P<other>\S+@\S+|#[0-9a-f]{32})"
_P, _E, _R, _S, _D = Group

TABLE: tuple[Command, ...] = (
    # What is never done, whoever asks, and so comes first.
    Command("sender", r"(?:(?:set|change|rename|make|edit) )?(?:the |your )?"
            r"(?:(?:assistant|bot|mail|e-?mail|invitation)(?:'s|’s)? )?(?:sender|from[- ](?:name|"
            r"address|e-?mail))\b.*", "sender name Mentor Bot", need=Need.NOTHING),
    Command("sender", r"(?:set|change|rename|edit) (?:the |your )?(?:assistant|bot|tandem)"
            r"(?:(?:'s|’s)? (?:name|e-?mail|address|e-?mail address))?\b.*",
            "change the assistant's address", need=Need.NOTHING),
    Command("connect_for", rf"connect (?!my\b|{_OWN_CALENDAR})"
            r"(?:(?:the )?calendar (?:of|for) (?P<whose>.+)|"
            r"(?P<who>.+?)(?:'s|’s|')? (?:calendars?|account|outlook|gmail|google|icloud)"
            r"(?: (?:for|on behalf of) .+)?)", "connect Priya's calendar for her"),
    Command("org_connect", r"(?:(?:org|organi[sz]ation)[- ]?(?:wide )?[- ]?(?:auto[- ]?)?|auto[- ])"
            r"connect\b[: ]*(?P<rest>.*)", "org-connect google example.org",
            "connect everybody at once, by a grant of your IT department", _S, Need.NOTHING),
    Command("two_way", r"(?:(?:switch|turn) (?P<early>on|off) )?two[- ]?way(?: calendar)?(?: sync)?"
            r"(?: ?[:=])?(?: (?P<value>\S+).*)?", "aurora two-way on", need=Need.PLACE),
    # Programmes.
    Command("create", rf"(?:create|add|new|start|make|open)(?: an?| the)?(?: new)? {_PROG}"
            r"(?: (?:called|named))?[ :]+(?P<name>.+)", "create programme Borealis",
            "start a programme", _P, Need.NOTHING),
    Command("rename", rf"rename(?: (?:the )?{_PROG})?(?: (?:to|as))? (?P<name>.+)",
            "aurora rename to Aurora North", "give a programme another name", _P),
    Command("end", rf"(?:end|close|finish)(?: (?:the |this )?{_PROG})?", "aurora end",
            "end a programme; you choose what becomes of its sessions", _P),
    Command("programmes", rf"(?:list |show )?(?:all |my )?{_PROG}s", "programmes",
            "list the programmes", _P, Need.NOTHING),
    # Closure days stand before "add" and "remove" of people.
    Command("closures", r"(?:closures?|closure days?|holidays?) (?P<how>add|remove|delete) "
            r"(?P<dates>.+)", "aurora closures add 2026-12-24",
            "add closure days (or: closures remove …)", _S, Need.PLACE),
    Command("closures", r"(?P<how>add|remove|delete) (?:the )?(?:closures?|closure days?|holidays?)"
            r"(?: on)? (?P<dates>.+)", "add closure 2026-12-24", need=Need.PLACE),
    # People.
    Command("global_give", r"make (?P<who>.+?) (?:an? |the )?global (?:administrator|admin)",
            "make Jo Bell global administrator", "give somebody all powers", _E, Need.NOTHING),
    Command("global_take", r"(?:remove|take|withdraw)(?: the)? global (?:administrator|admin)"
            r"(?: rights?| role| powers?)?(?: away)? (?:from|of) (?P<who>.+)",
            "remove global administrator from Jo Bell", "take all powers back", _E, Need.NOTHING),
    Command("role_give", rf"make (?P<who>.+?) (?:also )?(?:an? |the )?{_ROLE}(?: too| as well)?",
            "aurora make Priya coach", "give a role: mentor, mentee, coach, coachee, administrator",
            _E),
    Command("role_give", rf"(?:give|add)(?: the)?(?: role)? {_ROLE}(?: role| rights)? to "
            r"(?P<who>.+)", "add role mentor to Priya"),
    Command("role_take", rf"(?:remove|take|withdraw)(?: the)?(?: role)? {_ROLE}(?: role| rights)?"
            r"(?: away)? (?:from|of) (?P<who>.+)", "aurora remove coach from Priya",
            "take a role back", _E),
    Command("import", r"(?:import|upload)(?: (?:people|participants|from|csv|an?|the|list|file))*",
            "aurora import", "add many people from a CSV file", _E),
    Command("add", r"(?:add|invite|enrol|enroll) (?P<who>.+)",
            "aurora add mentor Priya Nair <priya@example.org> Asia/Kolkata",
            "add one person: role, name, address, time zone", _E),
    Command("remove", rf"(?:remove|delete) (?P<who>.+?){_FATE}", "aurora remove Sam",
            "take somebody out; you choose what becomes of their sessions", _E),
    Command("people", r"(?:list |show )?(?:all )?(?:the )?(?:people|members|participants|mentors|"
            rf"mentees)|who is in(?: the {_PROG})?", "aurora people", "list the people", _E),
    # Pairs.
    Command("re_pair", r"(?:re-?pair|move|switch) (?P<mentee>.+?) from (?P<old>.+?) to "
            rf"(?P<mentor>.+?){_FATE}", "re-pair Maya from Alex to Priya",
            "give a mentee another mentor; you choose what becomes of the sessions", _R),
    Command("re_pair", r"re-?pair (?P<mentee>.+?) (?:with|to) "
            rf"(?P<mentor>.+?){_FATE}", "re-pair Maya with Priya"),
    Command("unpair", rf"(?:unpair|un-pair|separate) (?:{_TWO}|(?P<a>.+?) (?:from|and|with) "
            r"(?P<b>.+))", "unpair Maya from Alex",
            "take a pair apart; you choose what becomes of their sessions", _R),
    Command("pair", rf"(?:pair|match) (?:{_TWO}|(?P<a>.+?) (?:with|and|to|&|\+) (?P<b>.+))",
            "pair Maya with Alex Chen", "make a pair (names or addresses)", _R),
    Command("pairs", r"(?:list |show )?(?:all )?(?:the )?pairs", "aurora pairs", "list the pairs",
            _R),
    # Day to day.
    Command("status", r"(?:show )?(?:the )?(?:status|overview|report)", "aurora status",
            "who is unconnected, unbooked or waited for; what was given up", _D, Need.EITHER),
    Command("unconnected", rf"unconnected|who(?:'s| is)? unconnected|who {_NOT}(?: yet)? "
            r"(?:connect\w*|linked).*", "who has not connected?",
            "list who has no calendar connected", _D),
    Command("unbooked", rf"unbooked|who(?:'s| is)? unbooked|who {_NOT}(?: yet)? book.*|"
            r"who has no (?:session|meeting)s?.*", "who has not booked?",
            "list pairs without a session ahead", _D),
    Command("waiting", rf"waiting|who {_NOT}(?: yet)? (?:answer|repl|respond).*|"
            r"who(?:m)? are we waiting for", "who has not answered?",
            "list who has not answered a proposal", _D),
    Command("unpaired", r"unpaired|who(?:'s| is)? unpaired|who has no (?:mentor|coach|partner)",
            "unpaired", "list mentees without a mentor", _D),
    Command("counts", r"(?:show )?(?:the )?(?:session counts?|counts|sessions? (?:used|by pair|per "
            r"pair)|used sessions)|(?:who|which pairs) (?:has|have) used (?:up )?(?:all )?"
            r"(?:their )?sessions",
            "aurora session counts", "how many sessions each pair has used", _D),
    Command("remind", r"(?:remind|nudge) (?P<who>.+?) to (?P<what>connect|answer|book)\b.*",
            "remind Sam to connect", "remind one person, or everybody, to connect, answer or book",
            _D),
    Command("doctor", r"(?:show |run )?(?:the )?(?:doctor|(?:link|calendar|connection) health|"
            r"broken (?:calendars|links|connections))|"
            r"who(?:se calendar is|'s calendar is| has a) broken.*|who (?:has|needs) to "
            r"reconnect.*",
            "doctor", "whose calendars are broken since when, and what the installation lacks",
            need=Need.EITHER),
    Command("delivery_log", r"(?:show )?(?:the )?(?:delivery log|deliveries|log) (?:of|for|to) "
            r"(?P<who>.+)", "delivery log of Sam", "what went to one person, and how it ended",
            need=Need.EITHER),
    Command("delivery_log", r"(?:show )?(?P<who>.+?)(?:'s|’s) (?:delivery log|deliveries)",
            "Sam's delivery log", need=Need.EITHER),
    Command("delivery_log", r"what (?:has )?(?:reached|was sent to|went to) (?P<who>.+)",
            "what was sent to Sam", need=Need.EITHER),
    Command("deliveries", r"(?:show )?(?:deliveries|failures|failed|given[- ]up(?: deliveries)?|"
            r"what failed)", "deliveries", "what could not be delivered, to try again", _D,
            Need.EITHER),
    Command("log", r"(?:show )?(?:the )?(?:log|audit|audit log|history)|who changed what", "log",
            "the last changes and who made them", _D, Need.EITHER),
    Command("help", r"help|commands|\?|", "help", "this list", _D, Need.NOTHING),
    # Settings.
    Command("settings", r"(?:list |show )?(?:all )?(?:the )?(?:settings|rules|policy)",
            "aurora settings", "every setting, its value and where it comes from", _S, Need.PLACE),
    Command("service", r"(?:services?|providers?) (?P<how>disable|enable|remove|add) "
            r"(?P<what>[a-z0-9 ]+)", "services disable apple", need=Need.PLACE),
    Command("service", r"(?P<how>disable|enable) (?P<what>apple|icloud|google|gmail|outlook|"
            r"microsoft|m365|caldav)", "disable apple", need=Need.PLACE),
    Command("setting", r"(?P<value>allow|permit|no|forbid|disallow) (?P<key>weekends?)"
            r"(?: meetings| sessions)?", "allow weekends", need=Need.PLACE),
    Command("setting", rf"(?:switch|turn) (?P<value>on|off) (?:the )?(?P<key>{_KEY})",
            "turn on sync", need=Need.PLACE),
    Command("setting", rf"(?:(?:set|change|switch|turn|make|put) )?(?:the )?(?P<key>{_KEY})"
            r"(?:(?: ?[:=] ?)| (?:to|are|is|from|between) | )(?P<value>.+)",
            "aurora hours 07:00-20:00", "change a setting (or: … default, to inherit it)", _S,
            Need.PLACE),
    Command("setting", rf"(?:show )?(?:the )?(?P<key>{_KEY})", "aurora notice",
            "what one setting is and means", _S, Need.PLACE),
)  # fmt: skip

VERBS = tuple(dict.fromkeys(command.verb for command in TABLE))
_FIRST_WORDS = tuple(
    dict.fromkeys(c.example.removeprefix("aurora ").split()[0] for c in TABLE if c.help)
)
_SURE = frozenset(
    {"create", "global_give", "global_take", "re_pair", "unpair", "pair", "connect_for", "closures",
     "role_give", "sender", "org_connect", "import", "unconnected", "unbooked", "unpaired",
     "service"}
)  # fmt: skip


def clean(text: str) -> str:
    """Return a command without address, politeness and surplus space."""
    line = " ".join(text.replace("\u201c", '"').replace("\u201d", '"').split())
    line = re.sub(r"^(?:/\S+ )?(?:admin\b[:,]? ?)", "", line, flags=re.IGNORECASE)
    line = re.sub(r"^(?:please|can you|could you|would you)[, ]+", "", line, flags=re.IGNORECASE)
    line = re.sub(r"[, ]+please$", "", line, flags=re.IGNORECASE)
    return line.rstrip("?!").rstrip() if line != "?" else line


def read(text: str) -> Parsed | None:
    """Return the command that a cleaned text is, None for none."""
    for command in TABLE:
        match = command.regex.fullmatch(text)
        if match:
            words = {name: word for name, word in match.groupdict().items() if word is not None}
            spans = {name: match.span(name) for name in words}
            return Parsed(command, words, text, spans)
    return None


def nearest(text: str) -> str:
    """Return the setting or the first word of a command that was probably meant, or "".

    A first word that is right already is no help to whoever wrote it.
    """
    word = text.split(maxsplit=1)[0].casefold() if text.split() else ""
    known = {**dict.fromkeys(_FIRST_WORDS, ""), **SETTING_WORDS}
    near = get_close_matches(word, known, n=1, cutoff=0.7)
    return near[0] if near and near[0] != word else ""


def looks_like_command(text: str, programmes: Sequence[Programme] = ()) -> bool:
    """Tell whether a sentence without "admin" in front is an administrator's command.

    Only phrases that mean nothing else count, commands that name a programme, and settings
    whose value can be read.
    """
    about, rest = scope.find(clean(text), programmes)
    parsed = read(rest)
    if parsed is None or not rest:
        return False
    words = parsed.words
    if parsed.command.verb == "add":
        return "@" in words["who"]
    if parsed.command.verb == "setting" and "value" in words:
        key = SETTING_WORDS[words["key"].casefold()]
        return key not in {"contacts", "link"} and lenient(key, words["value"]) is not None
    return parsed.command.verb in _SURE or about != scope.Scope()
