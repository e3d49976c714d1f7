"""The one entry: `read` turns a chat sentence into a symbolic reading; pure, it never raises."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.understand import whole
from bot.understand.agenda import without_agenda
from bot.understand.atoms import atoms_of
from bot.understand.cannot import absence, as_excluded, meets, read_absence
from bot.understand.choice import Choice, choose, points
from bot.understand.compose import compose
from bot.understand.constraint import (
    At,
    Dates,
    Day,
    DayRange,
    Recurrence,
    Span,
    TimeConstraint,
    Unit,
)
from bot.understand.context import Context
from bot.understand.doubts import doubts_of
from bot.understand.intent import Intent, PreferenceChange, Reading
from bot.understand.intent_changes import AS_LONG, KEPT, LAPSED, LEFT_OUT
from bot.understand.intent_sayings import STATEMENT
from bot.understand.intents import ABOUT_TIMES, classify
from bot.understand.occurrences import days_of
from bot.understand.parsed import Parsed, constraint_of, take_apart
from bot.understand.preferences import Saying, changes, shows
from bot.understand.roles import split_roles
from bot.understand.series import series_of
from bot.understand.turns import without_turns
from bot.understand.wishes import others

_DAY_MINUTES = 1440
_PROVIDERS = (
    ("google", re.compile(r"\b(?:gmail|google)\b")),
    ("microsoft", re.compile(r"\b(?:outlook|microsoft|office ?365|o365|m365|exchange)\b")),
    ("caldav", re.compile(r"\b(?:apple|icloud|caldav|fastmail|nextcloud)\b")),
)
_BY = re.compile(r"by (\d{1,2})")
_DELAYS = re.compile(r"\b(?:delay|push|postpone|bump|move|shift|mv|back)\b")
_EARLIER = re.compile(r"\b(?:earlier|forward|ahead|sooner|up)\b")
_COUNTER = re.compile(
    r"\b(?:how about|what about|can we do|could we do|can we make it|could we make it|would|"
    r"works better|"
    r"suits (?:me )?better|is better|rather|instead|id prefer|i prefer|prefer|maybe|could you do|"
    r"can you do|"
    r"only (?:do|make)|i (?:can|could) (?:do|make)|im (?:free|available)|works|suits)\b"
)
_NO_WORD = re.compile(r"_(?:t|p|len|series)_|[^\w ]")
_OTHERS_FIT = re.compile(r"\b(?:others?|rest|remaining|but|except)\b")
_ORDERS = re.compile(
    r"\b(?:cancel|move|reschedule|instead|change|connect|remind|list|show|what|why|when)\b"
)
_PICKS = re.compile(
    r"\b(?:works?|please|fine|good|great|ok|okay|suits?|best|take|prefer|perfect|go with|choose|"
    r"pick|"
    r"book|accept|confirm|either)\b"
)
_MAY_ANSWER = frozenset({Intent.OUT_OF_SCOPE, Intent.UNKNOWN, Intent.BOOK, Intent.ACCEPT})
_WORKS = re.compile(r"\b(?:works|suits)\b(?! better)")
_ENDS_AT = re.compile(
    r"\b(?:end|stop|finish|terminate)\b.*\bseries\b.*\b(?:at|in|by|on|around|next|this|with)\b",
    re.IGNORECASE,
)
_NO_HOUR = re.compile(
    r"(?<![\d:.+-])(?:(?:2[5-9]|[3-9]\d):[0-5]\d|24:(?!00)[0-5]\d|\d{1,2}:[6-9]\d)(?![\d:])"
)
NO_HOUR = "no such hour"
_CANCELS_ITS = re.compile(
    r"\b(?:cancel\w*|delete|call off) (?:my|the|all|it|that|our|everything|_t_)\b"
)
_WHY_NOT = re.compile(r"^(?:so |and |but |ok )*why not(?: at| on| _t_)+\W*$")
_SETTLED = (
    "topic:",
    "clock question",
    "place:",
    "yes, but",
    "another hour",
    whole.REASON,
    KEPT,
    LAPSED,
    LEFT_OUT,
)
_FOREIGN = ("topic:", "clock question", "place:")
# Reasons of sentences about what stands already; no wish for all times is read in them.
_NO_WISH = frozenset({"onto a calendar", "instead of", KEPT, LEFT_OUT, LAPSED, whole.REASON})
_LATEST_SAID = 12
_ANSWER_WORDS = 10
_FEW_WORDS = 4
_UNBOOKED = frozenset({Intent.BOOK, Intent.OUT_OF_SCOPE, Intent.UNKNOWN, Intent.AVAILABILITY})


def _intent(parsed: Parsed, context: Context) -> tuple[Intent, str, tuple[PreferenceChange, ...]]:
    if shows(parsed.shape):
        return Intent.SHOW_PREFERENCES, "asks for preferences", ()
    changed = whole.changes(parsed.shape, parsed.tokens)
    intent, reason = (Intent.RESCHEDULE, whole.REASON) if changed else classify(parsed.shape)
    if context.proposal_starts and reason == STATEMENT:
        return Intent.DECLINE, "busy then", ()
    if context.proposal_starts and reason in {LAPSED, LEFT_OUT}:
        return Intent.COUNTER, reason, ()
    hour = any(isinstance(span.clock, At) for span in parsed.composed.options)
    if context.proposal_starts and hour and _WHY_NOT.match(parsed.shape):
        return Intent.COUNTER, "why not then", ()
    if intent in {
        Intent.ADMIN,
        Intent.CONNECT,
        Intent.DISCONNECT,
        Intent.HELP,
        Intent.TALK_TO_HUMAN,
    }:
        return intent, reason, ()
    foreign = reason.startswith(_FOREIGN) and not others(parsed.shape)
    # A wish for all times names nobody, and no session of one's own.
    moves = intent is Intent.RESCHEDULE and bool(parsed.people)
    cancels = intent is Intent.CANCEL and bool(_CANCELS_ITS.search(parsed.shape))
    if reason in _NO_WISH or foreign or moves or cancels:
        return intent, reason, ()
    saying = Saying(
        whole.without_onwards(parsed.shape), parsed.small, parsed.composed, parsed.lengths, context
    )
    wished = changes(saying)
    if wished and not _answers(parsed, context):
        return Intent.SET_PREFERENCES, "preference:" + wished[0].kind, wished
    return intent, reason, ()


def _answers(parsed: Parsed, context: Context) -> bool:
    """Tell whether a sentence about days is an answer to the open proposal instead."""
    return (
        bool(context.proposal_starts)
        and not parsed.composed.plural
        and bool(parsed.composed.options or parsed.composed.exclude)
    )


def _answered(
    parsed: Parsed, intent: Intent, reason: str, context: Context
) -> tuple[Intent, str, Choice | None]:
    """Let an open proposal decide: "the second one", "Thursday works", "can we do Friday?"."""
    if intent not in {Intent.ACCEPT, Intent.DECLINE, *_UNBOOKED, Intent.COUNTER, Intent.RESCHEDULE}:
        return intent, reason, None
    if reason.startswith(_SETTLED):
        return intent, reason, None
    constraint = constraint_of(parsed, None) if parsed.composed.origin else None
    choice = choose(parsed.shape, parsed.small, constraint, context)
    if intent is Intent.DECLINE:
        return _declined(parsed, reason, choice, context)
    short = len(parsed.shape.split()) <= _ANSWER_WORDS
    unknown = context.proposal_starts is None and intent is not Intent.RESCHEDULE
    if choice is None and short and unknown and points(parsed.shape):
        return Intent.ACCEPT, "one of the times", None
    if choice is not None and (intent is Intent.ACCEPT or _chooses(parsed, choice, context)):
        return Intent.ACCEPT, "choice", choice
    counters = bool(context.proposal_starts) and parsed.composed.origin and not parsed.people
    counters = counters and (intent is not Intent.OUT_OF_SCOPE or _is_about_times(parsed))
    if counters and short and (intent is not Intent.RESCHEDULE) and choice is None:
        return Intent.COUNTER, "another time than proposed", None
    unasked = context.proposal_starts is None and not parsed.people
    answers = intent in _MAY_ANSWER and parsed.composed.options and unasked and short
    if answers and _COUNTER.search(parsed.shape):
        works = _WORKS.search(parsed.shape)
        return (Intent.ACCEPT if works else Intent.COUNTER), "a time in answer", None
    return intent, reason, None


def _is_about_times(parsed: Parsed) -> bool:
    """Tell whether a sentence wishes or rules out a time, and does not only name one: "leaving
    early on Friday" goes to nobody as another proposal.
    """
    if parsed.composed.exclude or _COUNTER.search(parsed.shape):
        return True
    said = _NO_WORD.sub(" ", parsed.shape).split()
    return all(word in ABOUT_TIMES for word in said)


def _declined(
    parsed: Parsed, reason: str, choice: Choice | None, context: Context
) -> tuple[Intent, str, Choice | None]:
    """Tell "none of them" from "not the first, the others are fine" and "not Tuesday"."""
    if not context.proposal_starts:
        return Intent.DECLINE, reason, None
    if choice is not None and choice.indexes and _OTHERS_FIT.search(parsed.shape):
        return Intent.ACCEPT, "the others", choice
    if parsed.composed.exclude and not parsed.composed.options:
        return Intent.COUNTER, "not at that time", None
    return Intent.DECLINE, reason, Choice(())


def _chooses(parsed: Parsed, choice: Choice, context: Context) -> bool:
    """Tell whether a sentence that is no plain yes still picks from the proposal."""
    words = len(parsed.shape.split())
    if parsed.people or words > _ANSWER_WORDS:
        return False
    if choice.by_time or context.proposal_starts:
        return not _ORDERS.search(parsed.shape)
    picks = _PICKS.search(parsed.shape) is not None or points(parsed.shape)
    return words <= _FEW_WORDS or picks


def _provider(parsed: Parsed) -> str | None:
    return next((name for name, words in _PROVIDERS if words.search(parsed.small)), None)


def _times(
    parsed: Parsed, intent: Intent, duration: int | None
) -> tuple[TimeConstraint | None, TimeConstraint | None]:
    """Give the wanted time and the time of the meeting that is meant."""
    whole = constraint_of(parsed, duration) if parsed.composed.origin else None
    if intent is Intent.CANCEL:
        return None, _named(whole)
    if intent is not Intent.RESCHEDULE:
        return whole, None
    old, new = split_roles(parsed.tokens)
    source, target = compose(atoms_of(old)), compose(atoms_of(new))
    meeting = _named(constraint_of(parsed, None, source) if source.origin else None)
    wanted = constraint_of(parsed, duration, target) if target.origin else None
    return _on_its_day(wanted, meeting), meeting


def _named(meeting: TimeConstraint | None) -> TimeConstraint | None:
    """Take "I can't make Thursday's session" as naming Thursday, not as excluding it."""
    if meeting is None or meeting.options or not meeting.exclude:
        return meeting
    return replace(meeting, options=meeting.exclude, exclude=())


def _on_its_day(
    wanted: TimeConstraint | None, meeting: TimeConstraint | None
) -> TimeConstraint | None:
    """Keep the day of the meeting when only another hour is wanted."""
    if wanted is None or meeting is None or len(meeting.options) != 1:
        return wanted
    day = meeting.options[0].dates
    if day is None or any(span.dates is not None for span in wanted.options):
        return wanted
    return replace(wanted, options=tuple(Span(day, span.clock) for span in wanted.options))


def _with_shift(parsed: Parsed) -> Parsed:
    """Take "move it 15 minutes later" as a length, not as an instant counted from now."""
    tokens = list(parsed.tokens)
    lengths = parsed.lengths
    delays = _DELAYS.search(parsed.small) is not None
    for at, token in enumerate(tokens):
        ahead = whole.ahead_of(token)
        by = _BY.fullmatch(token.word) if delays and token.kind == "CLOCK" else None
        if by is not None and int(by[1]) % 5 == 0 and int(by[1]) > _LATEST_SAID:
            ahead = int(by[1])  # "push it back by 15": minutes, no hour of the day
        if ahead is not None:
            tokens[at] = replace(token, kind="LEN", value=((ahead, Unit.MINUTE),))
            lengths = (ahead, *lengths)
    return replace(parsed, tokens=tokens, lengths=lengths, composed=compose(atoms_of(tokens)))


def _shift(parsed: Parsed, intent: Intent, time: TimeConstraint | None) -> int | None:
    if intent is not Intent.RESCHEDULE or not parsed.lengths or (time and time.options):
        return None
    if not re.search(
        r"\b(?:back|by|earlier|later|forward|push|postpone|delay|move|shift|bump|up|ahead)\b",
        parsed.small,
    ):
        return None
    return -parsed.lengths[0] if _EARLIER.search(parsed.small) else parsed.lengths[0]


def _duration(parsed: Parsed, intent: Intent, series: bool) -> int | None:
    short = [n for n in parsed.lengths if n < _DAY_MINUTES] if series else list(parsed.lengths)
    if intent is Intent.RUNNING_LATE and not short:
        found = re.search(r"\b(\d{1,2})\b", parsed.small)
        return int(found.group(1)) if found else None
    return short[0] if short else None


def read(text: str, context: Context) -> Reading:
    """Read one sentence of the speaker. Pure; no text makes it raise, and its cost is linear."""
    if ":" in text and _NO_HOUR.search(text):
        return Reading(Intent.OUT_OF_SCOPE, NO_HOUR, text)
    parsed = replace(take_apart(without_agenda(without_turns(text)), context), text=text)
    absent = absence(parsed)
    parsed = as_excluded(absent, parsed) if absent else parsed
    if absent and not meets(absent, parsed, context):
        return replace(read_absence(absent, parsed, context), origin=_origin(parsed))
    return _read(parsed, context, absent.reason if absent else "")


def _read(parsed: Parsed, context: Context, cannot: str) -> Reading:
    """Read a sentence that was taken apart; `cannot`: why an open proposal is answered by it."""
    intent, reason, wished = (Intent.COUNTER, cannot, ()) if cannot else _intent(parsed, context)
    choice: Choice | None = None
    if not wished:
        intent, reason, choice = _answered(parsed, intent, reason, context)
    if parsed.without and intent is Intent.ACCEPT:  # "ok, but without Ben" is no yes
        intent, reason, choice = Intent.UNKNOWN, "somebody is left out", None
    ends = intent is Intent.CANCEL
    stands = (ends or intent is Intent.RESCHEDULE) and reason != LEFT_OUT
    if stands and whole.is_whole(parsed.shape, parsed.tokens, ends=ends):
        return _whole(parsed, intent, reason, context)
    if reason == LEFT_OUT and intent is Intent.COUNTER:
        out = replace(parsed.composed, exclude=parsed.composed.options, options=())
        parsed = replace(parsed, composed=out)
    if intent is Intent.RESCHEDULE:
        parsed = _with_shift(parsed)
    recurrence = series_of(parsed.tokens, parsed.composed)
    duration = _duration(parsed, intent, recurrence is not None)
    time, move_from = _times(parsed, intent, duration)
    if reason in {AS_LONG, LAPSED} and intent is Intent.RESCHEDULE and move_from is None:
        time, move_from = None, time
    shift = _shift(parsed, intent, time)
    if time is not None and recurrence is not None:
        time = replace(time, recurrence=recurrence, options=_first_meeting(recurrence, context))
    if time is not None:
        time = replace(time, ambiguities=doubts_of(time, context))
    return Reading(
        intent,
        reason,
        parsed.text,
        people=parsed.people,
        without=parsed.without,
        time=time,
        move_from=move_from,
        duration_minutes=None if shift is not None else duration,
        duration=parsed.spread,
        shift_minutes=shift,
        choice=choice.indexes if choice is not None else None,
        preferences=wished,
        recurrence=recurrence,
        series_end=_series_end(intent, move_from, parsed.text),
        zone=parsed.zone,
        provider=_provider(parsed),
        ambiguities=time.ambiguities if time is not None else (),
        origin=_origin(parsed),
    )


def _whole(parsed: Parsed, intent: Intent, reason: str, context: Context) -> Reading:
    """Read a sentence about all that is to come of a series."""
    old, new, step = whole.roles(parsed.tokens)
    source, target = compose(atoms_of(old)), compose(atoms_of(new))
    move_from = constraint_of(parsed, None, source) if source.origin else None
    time = constraint_of(parsed, None, target) if target.origin else None
    recurrence = None
    rhythms = [t for t in parsed.tokens if t.kind == "SERIES"]
    if any(t.kind == "SERIES" for t in new):
        recurrence = series_of(new, target)
    elif len(rhythms) > 1:  # "every 2 weeks instead of every week"
        recurrence = series_of(rhythms[:1], target)
    if intent is Intent.CANCEL:
        time = recurrence = None
    if time is not None:
        time = replace(time, recurrence=recurrence)
        time = replace(time, ambiguities=doubts_of(time, context))
    if step is None and time is None:
        step = _shift(parsed, intent, time)
    lengths = parsed.lengths if step is None else ()
    return Reading(
        intent,
        reason,
        parsed.text,
        people=parsed.people,
        without=parsed.without,
        time=time,
        move_from=move_from,
        duration_minutes=lengths[0] if lengths else None,
        shift_minutes=step,
        recurrence=recurrence,
        series_end=_series_end(intent, move_from, parsed.text),
        whole=True,
        zone=parsed.zone,
        provider=_provider(parsed),
        ambiguities=time.ambiguities if time is not None else (),
        origin=_origin(parsed),
    )


def _origin(parsed: Parsed) -> tuple[tuple[int, int], ...]:
    """Give the places of all words of time in the text, those of a series among them."""
    series = [(t.start, t.end) for t in parsed.tokens if t.kind == "SERIES"]
    return tuple(sorted({*series, *parsed.composed.origin}))


def _first_meeting(series: Recurrence, context: Context) -> tuple[Span, ...]:
    """Give the day of a series' first meeting as the wanted time."""
    days = days_of(series, context, most=1)
    return tuple(Span(Day(d.day, d.month, d.year), series.clock) for d in days)


def _series_end(intent: Intent, move_from: TimeConstraint | None, text: str) -> Dates | None:
    """Give the day after which "end the series after Christmas", or at it, cancels."""
    if intent is not Intent.CANCEL or move_from is None or not move_from.options:
        return None
    dates = move_from.options[0].dates
    if isinstance(dates, DayRange):
        return dates.first if dates.last is None else None
    return dates if _ENDS_AT.search(text) else None
