"""Preferences in chat: hours, days off, buffers, absences, another zone, typed availability."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.understand.compose import Composed
from bot.understand.constraint import (
    At,
    Clock,
    ClockRange,
    Dates,
    DayRange,
    Month,
    PartOfDay,
    Period,
    Span,
    Weekday,
)
from bot.understand.context import Context
from bot.understand.days import dates_of
from bot.understand.hours import minutes_of
from bot.understand.intent import Preference, PreferenceChange
from bot.understand.intent_words import shaped
from bot.understand.once import every_week, of_one_day
from bot.understand.resolve import frame_of, zone_of
from bot.understand.wishes import limits, others, prefers
from bot.understand.zones import find_place, find_zone

_ME = (
    r"(?:im|i am|ill be|i will be|ill|i will|we are|were|ive|i have been|i have|"
    r"im going to be|i am going to be|im currently|i shall be)"
)
_SESSIONS = (
    r"(?:meetings?|sessions?|calls?|bookings?|appointments?|slots?|anything|things|any|stuff|"
    r"mentoring|coaching)"
)

_NOT = shaped(
    rf"\b(?:dont|do not|never|please dont|avoid|stop|no|not)(?: ever)? (?:book|schedul|put|giv|"
    rf"offer|propos|plan|set|arrang|suggest|add|plac|hav)(?:e|ing|ting|ning)?(?: up)?(?: me|"
    rf" anything| any| my| us| more| in)*(?: {_SESSIONS})*(?: for me| with me)?,? (?:on |in |at |"
    rf"the |any |during |my )*<t>"
    rf"|^(?:please |and |also )*(?:no|never|not any|zero) (?:more )?(?:{_SESSIONS}|"
    rf"mentoring sessions|coaching sessions)(?: for me)?,? (?:on |in |at |the |during )*<t>"
    rf"|\b(?:id rather not|i (?:dont|never|do not|cannot|cant|wont|will not|would rather not|"
    rf"d rather not|hate to|"
    rf"really dont))(?: usually| normally| like to| want to| want| like| ever| really)* (?:work|"
    rf"take|do|have|meet|accept|start|take on|attend|want|"
    rf"like)(?: any)?(?: {_SESSIONS})? ?(?:on |in |at |the |during )*<t>(?!.*\binstead\b)"
    r"|\b(?:keep|leave|protect|block(?: out| off)?|hold) (?:my |all |"
    r"the )*<t>(?: and <t>)* (?:free|clear|open|blocked|off|for (?:focus|deep) \w+)\b"
    r"|\bi(?:m| am) (?:not available|unavailable|never (?:free|available)|busy|off|"
    r"not working) (?:on |in |at |every |the )*<t>(?=.*)"
)
_BARE_NOT = shaped(
    r"^(?:please |and |also )*(?:no|never|nothing) (?:on a |on an |on |in |at |the )*<t>(?: (?:and|"
    r"or) (?:on )?<t>)*(?: please| pls| thanks| for me| ever)*\W*$"
)
_ONLY = shaped(
    rf"\bmy (?:working |office |work |preferred |usual |mentoring |coaching )*(?:hours(?: are|"
    rf" is| will be|:)?|(?:times|days|availability)(?: are| is| will be|:)) ?(?:now |only |from |"
    rf"usually )*<t>"
    rf"|\b(?:set|change|update|make) my (?:working |office |work )*(?:hours|days|"
    rf"availability) (?:to |as )?(?:be )?<t>"
    rf"|\bi (?:usually |normally |only |generally |mostly |can |just )*(?:work|prefer|like|start|"
    rf"finish|want|do|take|meet)(?: {_SESSIONS})?(?: only| on| in| at| from| to)* ?(?:the |on |"
    rf"in )*<t>"
    rf"|\bonly (?:book|schedule|offer|propose|put)(?: me| {_SESSIONS}| us)* (?:on |in |at |the |"
    rf"between |from )*<t>"
    rf"|\b(?:book|schedule|offer)(?: me| {_SESSIONS})* only (?:on |in |at |the |between |from )*<t>"
)
_FREE_WORDS = shaped(
    r"^(?:(?:i|im|i am|can|could|do|usually|normally|only|always|generally|am|free|available|my|"
    r"availability|times|time|slots|"
    r"free|are|is|on|at|in|the|from|and|or|but|also|plus|mostly|anytime|any|sometimes|for|me|"
    r"best|work|works|well|good|would|be|"
    r"most|every|hours|not|except|meet|book|make|it|typically|<t>|<series>)[\s,.:;]*)+$"
)
_FREE = re.compile(r"\b(?:i|im|my|free|available|availability|works?)\b")
_STARTS = shaped(
    r"\bi (?:usually |normally |always |can |only |never )*(?P<what>start|begin|finish|stop|"
    r"leave|end)"
    r"(?: work(?:ing)?| my day)?(?: at| by| around| before| after)* ?<t>"
)
_BUFFER = shaped(
    r"(?:<len>|\d+)(?:(?! with\b)[^.]){0,30}\b(?:between|buffer|gap|breaks?|apart(?! from)|"
    r"breather|breathing)\b|\b(?:buffer|gap|break)s?\b[^.]{0,20}<len>|"
    r"\b(?:between|before and after)\b[^.]{0,30}<len>"
)
_FINDS = re.compile(r"(?<!dont )(?<!not )(?<!never )\b(?:find|book|schedule)\b")
_NO_BUFFER = shaped(
    r"\b(?:no|without|remove (?:my|the)) (?:buffer|gap|break)s?(?: needed| please)?\b|"
    r"\bback[ -]to[ -]back is (?:fine|ok)"
)
_AWAY = shaped(
    rf"\b(?:{_ME}|be|go|going|mark me(?: as)?|show me(?: as)?|set me(?: as| to)?|put me(?: as)?|"
    rf"i take|im taking|taking) (?:\w+ )?(?:away|off|out(?: of (?:the )?(?:office|town))?|ooo|"
    rf"on (?:\w+ )?(?:holidays?|leave|vacation|pto|trip|break|sabbatical)|"
    r"travell?ing|sick|ill|unavailable|not (?:available|working|here|around|in)|gone|"
    r"back)\b[^?]*<t>"
    r"|^(?:away|out of office|ooo|on (?:\w+ )?(?:leave|holidays?|vacation)|holidays?|vacation|"
    r"annual leave|back in (?:the )?office|back on|back(?= <t>)|"
    r"leave|pto|absent|off|i have (?:holidays?|vacation)|i take (?:holidays?|leave))\b[^?]*<t>"
)
_BACK = shaped(r"\bback\b")
_HERE = shaped(
    rf"^(?:and |but |also |fyi,? |hi,? |hey,? |please )*(?:(?:from )?<t>,? )?(?:{_ME}|working|"
    rf"staying|based|travell?ing|living|i (?:live|"
    rf"work|moved|move|will|shall|travel)|we)\b(?: (?:be|going|currently|now|temporarily|working|"
    rf"based|staying|travell?ing|flying|living|located|moving|moved|visiting|relocating|"
    rf"relocated|over|back|down|on a trip|for work|remotely|only|also|<t>|<len>|for|headed|"
    rf"heading|out))* (?:in|to|from|at)\b"
)
_SET_ZONE = shaped(r"\b(?:my|the) time ?zone\b|\b(?:set|change|update|switch)\b.*\btime ?zone\b")
_DURATION = shaped(
    r"\b(?:default|usual|standard|normal|preferred)\b[^.]{0,40}<len>|"
    r"<len>[^.]{0,20}\bby default\b|\b(?:make|set|keep) (?:all |all of )?my (?:sessions|meetings|"
    r"calls|default \w+|bookings) (?:always |to |at |be |last )*<len>|\bmy (?:sessions|"
    r"meetings) (?:should|must|are|last)(?: \w+)? ?(?:be |last )?<len>"
)
_UNDO = shaped(
    r"^undo (?:all |all of )?my\b|\b(?:reset|clear|forget|delete|remove|drop|restore) (?:all |"
    r"all of )?my (?:preferences|settings|hours|rules|buffer|limits?)\b|\b(?:back|"
    r"change it back) to (?:the )?(?:defaults?|standard|normal)\b"
)
_SHOW = shaped(
    r"\b(?:what|whats|show|list|see|view|tell|display|check|which|remind me of|"
    r"give)\b[^.]{0,30}\bmy (?:current |saved |own )?(?:preferences?|settings|working hours|"
    r"office hours|hours|rules|buffer|limits?|time ?zone|defaults?|profile)\b|^my (?:preferences|"
    r"settings|(?:working |office )?hours|limits?|buffer|rules|profile)\W*$|"
    r"^(?:preferences|settings)\W*$|"
    r"\bwhat (?:hours|preferences|rules|limits|buffer|settings) (?:have|did|do) i\b"
)
_ASKS = re.compile(
    r"^(?:why|could i|can i|may i|should i|could we|can we|what|whats|when|is|are|do|does|did|who|"
    r"where|which|how|would|will|am|whens)\b(?! not)"
)
_DROPPED = {
    "buffer": (Preference.BUFFER,),
    "limit": (Preference.DAILY_LIMIT, Preference.WEEKLY_LIMIT),
}
_NOT_AWAY = re.compile(
    r"^(?:sorry,? |so |ok |actually,? )*(?:(?:im|i am) (?:not|no longer) (?:away|on leave|on "
    r"holidays?|off)(?: any ?more| after all| now)?|(?:im|i am) (?:here|around) after all|"
    r"(?:im|i am) back(?: from (?:leave|holidays?|vacation|pto))?(?: early| now| again| today)?|"
    r"(?:cancel|forget|remove|delete|drop|clear) my (?:\w+ )?(?:leave|time off|absences?|vacation|"
    r"pto|holiday))\W*$"
)
_MOST_AWAY = 3  # "out Thursday and Friday"
_WORKDAYS = (0, 1, 2, 3, 4)
_EVERYDAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Saying:
    """What is known of a sentence when its preferences are read."""

    shape: str
    small: str
    composed: Composed
    lengths: tuple[int, ...]
    context: Context


def shows(shape: str) -> bool:
    """Tell whether somebody asks for their preferences."""
    return bool(_SHOW.search(shape))


def _weekdays(span: Span, everyday: tuple[int, ...]) -> tuple[int, ...]:
    match span.dates:
        case Weekday(days):
            return days
        case DayRange(Weekday((first,)), Weekday((last,))):  # "Tuesday to Thursday"
            return tuple((first + n) % 7 for n in range((last - first) % 7 + 1))
        case _:
            return everyday


def _minutes(clock: Clock | None, context: Context) -> tuple[int, int]:
    if clock is None:
        return context.hours.first, context.hours.last
    first, last = minutes_of(clock, context.hours)
    if isinstance(clock, At):
        last = first + 60
    elif isinstance(clock, ClockRange) and clock.last is None and first < context.hours.last:
        last = context.hours.last
    elif isinstance(clock, ClockRange) and clock.first is None:
        first = min(context.hours.first, last)
    elif isinstance(clock, PartOfDay):
        first, last = (
            max(first, context.hours.first),
            min(last, max(context.hours.last, first + 60)),
        )
    return first, last


def _weekly(spans: Iterable[Span], context: Context) -> tuple[tuple[int, int, int], ...]:
    out = {
        (weekday, *_minutes(span.clock, context))
        for span in spans
        for weekday in _weekdays(span, _WORKDAYS)
    }
    return tuple(sorted(out))


def _blocked(span: Span, context: Context) -> PreferenceChange | None:
    """Give what "not before 10", "no Mondays" or "no mornings" asks for."""
    clock = span.clock
    if span.dates is None and isinstance(clock, ClockRange):
        first, last = minutes_of(clock, context.hours)
        if clock.first is None:
            return PreferenceChange(Preference.NOT_BEFORE, minutes=last)
        if clock.last is None:
            return PreferenceChange(Preference.NOT_AFTER, minutes=first)
    if clock is None:
        if isinstance(span.dates, Weekday):
            return PreferenceChange(Preference.DAYS_OFF, weekdays=span.dates.days)
        return _away(span.dates, context) if span.dates is not None else None
    first, last = minutes_of(clock, context.hours)
    if isinstance(span.dates, Weekday) or span.dates is None:
        days = _weekdays(span, _EVERYDAY)
        return PreferenceChange(
            Preference.PART_OFF, weekly=tuple((d, first, max(last, first + 60)) for d in days)
        )
    return None


def _edge_of_day(span: Span, context: Context, *, ends: bool) -> PreferenceChange | None:
    """Give what "I finish at 4 on Fridays" asks for."""
    if span.clock is None:
        return None
    minute = minutes_of(span.clock, context.hours)[0]
    if isinstance(span.dates, Weekday):
        blocked = (minute, 24 * 60) if ends else (0, minute)
        return PreferenceChange(
            Preference.PART_OFF, weekly=tuple((day, *blocked) for day in span.dates.days)
        )
    kind = Preference.NOT_AFTER if ends else Preference.NOT_BEFORE
    return PreferenceChange(kind, minutes=minute)


def _days(dates: Dates, context: Context) -> tuple[date | None, date | None]:
    frame = frame_of(context, zone_of(context.zone))
    runs = dates_of(dates, frame)
    if not runs:
        return None, None
    open_end = isinstance(dates, DayRange) and dates.last is None
    return runs[0][0], None if open_end else runs[-1][1] - timedelta(days=1)


def _away(dates: Dates | None, context: Context, *, back: bool = False) -> PreferenceChange | None:
    if dates is None:
        return None
    first, last = _days(dates, context)
    if first is None:
        return None
    if back or (isinstance(dates, DayRange) and dates.first is None and not dates.last_in):
        here = datetime.fromtimestamp(context.now, zone_of(context.zone)).date()
        until = first if back and not isinstance(dates, DayRange) else last
        end = until - timedelta(days=1) if back and until else last
        return PreferenceChange(Preference.AWAY, first=here.isoformat(), last=_iso(end))
    return PreferenceChange(Preference.AWAY, first=first.isoformat(), last=_iso(last))


def away_on(spans: Iterable[Span], context: Context) -> tuple[PreferenceChange, ...]:
    """Give the absences on whole days, () where hours are named."""
    named = list(spans)[:_MOST_AWAY]
    if any(span.clock is not None for span in named):
        return ()
    return tuple(change for span in named if (change := _away(span.dates, context)))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _zone(saying: Saying) -> PreferenceChange | None:
    place = find_place(saying.small)
    named = find_zone(saying.small)
    if _SET_ZONE.search(saying.shape):
        zone = place[1] if place else (named[0] if named else None)
        return PreferenceChange(Preference.ZONE, zone=zone, place=place[0] if place else None)
    if place is None or not _HERE.search(saying.shape):
        return None
    first = last = None
    for span in saying.composed.options[:1]:
        if span.dates is not None:
            start, end = _days(span.dates, saying.context)
            first, last = _iso(start), _iso(end)
    return PreferenceChange(Preference.ZONE, zone=place[1], place=place[0], first=first, last=last)


def _is_availability(saying: Saying) -> bool:
    if not (saying.composed.plural and saying.composed.options):
        return False
    if "_series_" in saying.shape and not _FREE.search(saying.shape):
        return False  # "weekly on Tuesdays" asks for meetings
    return bool(_FREE_WORDS.match(saying.shape))


def _hours(saying: Saying) -> list[PreferenceChange]:
    """Read what is asked to be kept free, or the only times that are fine."""
    composed, context = saying.composed, saying.context
    spans = (*composed.options, *composed.exclude, *composed.soft)
    if of_one_day(saying.shape, saying.small, composed):
        return []  # "I can only do Thursday", "I can't do Thursday, book Sam on Friday"
    day = _STARTS.search(saying.shape)
    if day:
        ends = day.group("what") in {"finish", "stop", "leave", "end"}
        return [c for span in composed.options if (c := _edge_of_day(span, context, ends=ends))]
    if prefers(saying.shape):
        if not all(every_week(span, composed, saying.small) for span in spans):
            return []
        liked = _weekly((*composed.options, *composed.soft), context)
        return [PreferenceChange(Preference.PREFER, weekly=liked)] if liked else []
    if _NOT.search(saying.shape) or _BARE_NOT.search(saying.shape):
        framed = any(isinstance(span.dates, Month | Period | DayRange) for span in spans)
        if framed and any(isinstance(span.dates, Weekday) for span in spans):
            return []  # "no Fridays in November" is neither every Friday nor all November
        return [change for span in spans if (change := _blocked(span, context))]
    if _is_availability(saying) or _ONLY.search(saying.shape):
        free = _weekly((*composed.options, *composed.soft), context)
        out = [PreferenceChange(Preference.AVAILABILITY, weekly=free)] if free else []
        return out + [c for span in composed.exclude if (c := _blocked(span, context))]
    return []


def _lengths(saying: Saying) -> list[PreferenceChange]:
    out = []
    if _NO_BUFFER.search(saying.shape):
        out.append(PreferenceChange(Preference.BUFFER, minutes=0))
    elif _BUFFER.search(saying.shape):
        minutes = saying.lengths[0] if saying.lengths else _number(saying.shape)
        if minutes is not None and not _FINDS.search(saying.shape.split("_len_")[0]):
            out.append(PreferenceChange(Preference.BUFFER, minutes=minutes))
    elif _DURATION.search(saying.shape) and saying.lengths:
        out.append(PreferenceChange(Preference.DURATION, minutes=saying.lengths[0]))
    return out


def _number(shape: str) -> int | None:
    found = re.search(r"\b(\d{1,3})\b", shape)
    return int(found.group(1)) if found else None


def _dropped(small: str) -> tuple[PreferenceChange, ...]:
    """Give what "forget my buffer" and the like take back: the hours where nothing is named."""
    kinds = [kind for word, named in _DROPPED.items() if word in small for kind in named]
    kinds = kinds or [Preference.NOT_BEFORE]
    return tuple(PreferenceChange(kind, remove=True) for kind in kinds)


def changes(saying: Saying) -> tuple[PreferenceChange, ...]:
    """Give the changes that a sentence asks for; () when it is not about preferences."""
    if _UNDO.search(saying.shape):
        return _dropped(saying.small)
    if _NOT_AWAY.match(saying.shape):
        return (PreferenceChange(Preference.AWAY, remove=True),)
    if _ASKS.search(saying.shape):
        return ()
    if saying.shape.rstrip().endswith("?") and not re.search(
        r"\b(?:can|could|would|please)\b", saying.shape
    ):
        return ()
    wished = others(saying.shape)
    if wished:
        return tuple(wished)
    zone = _zone(saying)
    if zone is not None:
        return (zone,)
    found = [*limits(saying.small), *_hours(saying), *_lengths(saying)]
    if not found and _AWAY.search(saying.shape):
        back = bool(_BACK.search(saying.shape))
        for span in saying.composed.options[:_MOST_AWAY]:
            change = _away(span.dates, saying.context, back=back) if span.clock is None else None
            found += [change] if change else []
    return tuple(found)
