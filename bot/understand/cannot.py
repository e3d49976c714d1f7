"""Who cannot come on one day: "I can't make it on Tuesday", "our session tomorrow won't work".

One day is about the session of that day, or about the times that are proposed on it; it never
changes what holds for every week, as "I can't do Tuesdays" does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.understand.atoms import TIME_KINDS, atoms_of
from bot.understand.compose import compose
from bot.understand.constraint import At, DayRange, Period, Span, Weekday, Which
from bot.understand.doubts import doubts_of
from bot.understand.intent import Intent, Reading
from bot.understand.intent_changes import KEPT, LAPSED, LEFT_OUT
from bot.understand.intent_words import shaped
from bot.understand.intents import classify
from bot.understand.once import PLURAL
from bot.understand.parsed import Parsed, constraint_of
from bot.understand.preferences import away_on
from bot.understand.resolve import resolve

if TYPE_CHECKING:
    from bot.understand.compose import Composed
    from bot.understand.constraint import TimeConstraint
    from bot.understand.context import Context
    from bot.understand.lexer import Token

ASKS = "cannot come then"
MOVES = "cannot come then, so another time"
REASONS = frozenset({ASKS, MOVES})
_SAID_BETTER = frozenset({KEPT, LAPSED, LEFT_OUT, "cannot come, so cancel"})
_DAY = 86_400  # seconds
_AHEAD = 14  # days

_ONE = (
    r"(?:session|meeting|call|catch[ -]?up|chat|appointment|slot|one|lesson|1:1|sync|check[ -]?in)"
)
_LEAD = (
    r"^(?:(?:so|sorry|oh|ah|hm+|no|well|unfortunately|im sorry|im afraid|i am afraid|actually|but|"
    r"really|hi|hey|hello|ok|and|fyi|just|argh|damn|oops|bad news|update|it turns out|turns out|"
    r"looks like|i think|i just realised|i forgot|guys|all|team|there|that|apologies|ugh|,|-|:|"
    r"\.|(?:im|i am|were) (?:ill|sick|poorly|unwell|stuck|slammed|swamped)|"
    r"can you|could you|please|pls|(?:tell|let) <p>(?: know)?(?: that)?) ?)*"
)
_UNABLE = (
    r"(?:cant|cannot|can not|can no longer|wont|will not|wont be able to|will not be able to|"
    r"(?:am|im|are|were|is|be) (?:unable to|not able to|no longer able to|not going to)|"
    r"unable to|not able to|not gonna)"
)
_NOT_COMING = (
    r"(?:(?:i |we )?(?:am |are )?|im |were )not (?:coming|attending|joining|making it|around|in)"
)
_COME = (
    r"(?: (?:really|actually|now|possibly|even|also))?(?: (?:make|do|manage|attend|come|join|meet|"
    r"be there|be around|be free|be available|be able to (?:make|do|come|attend|join)|get there|"
    r"see (?:you|<p>)|be in|be online|talk|speak|chat|work|have (?:any |the )?time|find time|fit))"
)
_MISS = r"(?:(?:have|need|am going|going|im going|will have) to miss|will miss|ill miss|must miss)"
_TO_IT = (
    rf"(?: (?:it|to|for|on|at|the|my|our|this|that|with|<p>|{_ONE}|you|along|then|any ?more|"
    r"anything|either|lunch|coffee|\d{1,2}(?:pm|am)?))*"
)
_OUR = r"(?:(?:my|our|the|this|that|todays) )?(?:next )?"
_FAILS = (
    r"(?:(?:just|really|sadly|unfortunately|also) )*(?:(?:doesnt|does not|dont|do not|wont|will "
    r"not|cant|cannot|isnt going to|is not going to|isnt gonna|no longer)(?: really)? (?:works?|"
    r"suits?|happen|go ahead|take place|fit|be possible|do)|(?:isnt|is not|is no longer|not|"
    r"wont be) (?:possible|doable|good|convenient|going to (?:work|happen)|working|happening|"
    r"an option)|is (?:impossible|a problem|no good|off)|"
    r"no good)"
)
_BUSY = (
    r"(?:(?:i|we)(?:m| am|re| are|ll be| will be) |im )(?:also |already |now |really |quite )*"
    r"(?:busy|unavailable|not available|not free|not around|tied up|fully booked|booked up|"
    r"otherwise engaged|double booked)"
)
_ORDERED = (
    r"(?!.*\b(?:cancel\w*|delete|calls? (?:it |that )?off|skip|drop|scrap|book|schedule|set up|"
    r"arrange|remind\w*|unless|if|only|until|usually|normally|ever|every|always|"
    r"all (?:future|my|our)|except|before|after)\b)"
)
_ABSENT = shaped(
    rf"{_LEAD}(?:(?:i|we|<p>|he|she|they)(?: (?:really|just|now|probably|definitely))? )?"
    rf"(?:{_UNABLE}{_COME}{_TO_IT}|(?:cant|cannot)(?: on| at)?|{_NOT_COMING}{_TO_IT}|"
    rf"{_MISS}{_TO_IT}|(?:something|sth|stuff)(?:s| has| is)? (?:come|came|cropped) up"
    r"(?: for| on| at)?) <t>"
    rf"(?P<tail>{_ORDERED}.*)$|"
    rf"{_LEAD}<t> (?:i|we|<p>|he|she|they) {_UNABLE}{_COME}(?: it| any ?more)*"
    rf"(?P<end>(?![^,.]*<t>){_ORDERED}.*)$|"
    rf"{_LEAD}{_OUR}(?:<t>(?: {_ONE})?|{_ONE}(?: with <p>)?(?: on| at)? <t>)(?: with <p>)? "
    rf"{_FAILS}(?P<rest>{_ORDERED}.*)$|"
    rf"{_LEAD}{_BUSY}(?: on| at| from| all| in| the)* <t>(?P<then>{_ORDERED}.*)$"
)
# What says that the day is out for whatever may come, and not only for a session that stands.
_BLOCKS = shaped(rf"{_LEAD}(?:(?:i|we) )?(?:{_UNABLE} do <t>|{_BUSY})")
_HINTS = frozenset(
    {"cant", "cannot", "not", "wont", "no", "unable", "miss", "doesnt", "dont", "isnt", "booked"}
    | {"off", "up"}
    | {"impossible", "problem", "busy", "unavailable", "tied", "engaged"}
)
_ELSEWHEN = re.compile(
    r"\b(?:can|could|move|mv|instead|how about|what about|works?|suits?|free|push|resched\w*|"
    r"reschedule|shift|swap|rather|better|ok|okay|fine|make it|try|lets|prefer|good|possible|"
    r"available|possibly|any time|anytime|does)\b"
)
_MOVED = re.compile(
    r"\b(?:move|moving|resched\w*|push|shift|swap|rearrange|postpone|delay|bring|instead|"
    r"(?:another|different|other|new|alternative|later|earlier) (?:times?|days?|slots?|dates?|one)|"
    r"find|when else)\b"
)
_GLUE = frozenset(
    {"on", "at", "in", "the", "or", "and", "for", "of", "with", "session", "meeting", "call", "nor"}
)


@dataclass(frozen=True, slots=True)
class Absence:
    """When somebody cannot come, and what they want instead, () where they do not say.

    `moves`: another time is asked for; `blocks`: the days are out whatever may come.
    """

    out: tuple[Span, ...]
    wanted: Composed
    moves: bool
    blocks: bool

    @property
    def reason(self) -> str:
        """Give the reason of the reading."""
        return MOVES if self.moves else ASKS


def absence(parsed: Parsed) -> Absence | None:
    """Return when somebody says that they cannot come, None for what holds for every week."""
    if _HINTS.isdisjoint(parsed.shape.replace(",", " ").split()) or "_t_" not in parsed.shape:
        return None
    found = _ABSENT.search(parsed.shape)
    if found is None or "_series_" in parsed.shape:
        return None
    if classify(parsed.shape)[1] in _SAID_BETTER:
        return None
    tail = next(text for text in found.groups() if text is not None)
    old, new = _sides(parsed.tokens)
    source = _composed(old)
    out = (*source.options, *source.exclude)
    blocks = _BLOCKS.search(parsed.shape) is not None
    if not out or source.plural or PLURAL.search(parsed.small) or not all(map(_once, out)):
        return None
    if blocks and not tail.strip(" .!,") and all(isinstance(s.dates, Period) for s in out):
        return None  # "I can't do next week": they are away
    wanted = compose(atoms_of(new)) if _ELSEWHEN.search(tail) else compose([])
    moves = bool(wanted.options) or _MOVED.search(tail) is not None
    return Absence(out, wanted, moves, blocks)


def meets(found: Absence, parsed: Parsed, context: Context) -> bool:
    """Tell whether one of the proposed times is in what is said to be out, or is wanted now."""
    if not context.proposal_starts:
        return False
    starts = context.proposal_starts
    for spans in (found.out, found.wanted.options):
        asked = constraint_of(parsed, None, replace(found.wanted, options=spans, exclude=()))
        windows = windows_of(asked, context) if spans else ()
        if any(first <= start < last for first, last in windows for start in starts):
            return True
    return False


def windows_of(out: TimeConstraint, context: Context) -> tuple[tuple[int, int], ...]:
    """Return when somebody is out (epoch seconds), the same weekday of the week after as well:
    on a Tuesday "I can't do Tuesday" is hardly said of today. An hour alone is that of any day.
    """
    if all(span.dates is None for span in out.options):
        days = [replace(context, now=context.now + n * _DAY) for n in range(_AHEAD)]
        return tuple(w for day in days for w in resolve(out, day, cut_to_hours=False).windows)
    windows = resolve(out, context, cut_to_hours=False).windows
    bare = all(
        isinstance(span.dates, Weekday) and span.dates.which is Which.BARE for span in out.options
    )
    if not windows or not bare:
        return windows
    later = replace(context, now=windows[-1][1] + _DAY)
    return (*windows, *resolve(out, later, cut_to_hours=False).windows)


def read_absence(found: Absence, parsed: Parsed, context: Context) -> Reading:
    """Read that somebody cannot come on a day: it is about the session that they have then.

    `preferences` is their absence on these days, for when they have none.
    """
    time = constraint_of(parsed, None)
    time = replace(time, ambiguities=doubts_of(time, context))
    named = constraint_of(parsed, None, replace(parsed.composed, options=found.out, exclude=()))
    today = any(doubt.code == "weekday_today" for doubt in doubts_of(named, context))
    blocks = found.blocks and not (found.moves or today)
    return Reading(
        Intent.RESCHEDULE,
        found.reason,
        parsed.text,
        people=parsed.people,
        without=parsed.without,
        time=time,
        move_from=named,
        preferences=away_on(found.out, context) if blocks else (),
        zone=parsed.zone,
        ambiguities=time.ambiguities,
    )


def as_excluded(found: Absence, parsed: Parsed) -> Parsed:
    """Return the sentence with what is out as such, and what is wanted instead as that."""
    excluded = (*found.out, *found.wanted.exclude)
    composed = replace(found.wanted, exclude=excluded, origin=parsed.composed.origin)
    return replace(parsed, composed=composed)


def _composed(tokens: list[Token]) -> Composed:
    """Give the times that somebody speaks of, whether or not a "not" stands beside them."""
    atoms = atoms_of(tokens)
    for atom in atoms:
        atom.negated = False
    return compose(atoms)


def _once(span: Span) -> bool:
    """Tell whether a time is that of one day or a few, and no rule: not "before 10"."""
    if span.dates is None:
        return isinstance(span.clock, At)
    return not isinstance(span.dates, DayRange) or None not in (span.dates.first, span.dates.last)


def _sides(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Split a sentence after the first time that it names."""
    first = next((n for n, t in enumerate(tokens) if t.kind in TIME_KINDS), len(tokens))
    end = at = first
    while at < len(tokens) and (tokens[at].kind in TIME_KINDS or tokens[at].word in _GLUE):
        at += 1
        end = at if tokens[at - 1].kind in TIME_KINDS else end
    return tokens[:end], tokens[end:]
