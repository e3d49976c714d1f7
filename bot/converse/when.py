"""From the time that a sentence asks for to windows on the clock, as the dialogue needs them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.speak import times, words
from bot.understand.context import Context, Hours
from bot.understand.resolve import resolve
from core.timing.zones import DAY, local_date

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.policy import Policy
    from core.timing.spans import Span

DEFAULT_WINDOW = 14 * DAY
FEW_DAYS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Windows and exact starts in epoch seconds, and remarks about how they were read.

    `echo` repeats the days that were understood, ready to open a sentence.
    """

    windows: tuple[Span, ...]
    starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    echo: str = ""


def context_of(
    turn: Turn, roster: Roster, proposal_starts: tuple[int, ...] | None = None
) -> Context:
    """Return what the reader has to know about the speaker."""
    return Context(
        now=turn.now,
        zone=turn.me.zone,
        locale=turn.me.locale,
        names=roster.close,
        others=roster.known,
        proposal_starts=proposal_starts,
        hours=_hours(turn, roster.policy),
        speaker=turn.me.id,
    )


def _hours(turn: Turn, policy: Policy | None) -> Hours:
    """Return the speaker's working hours, by which bare hours are read."""
    if turn.me.hours is not None:
        return Hours(own=dict(enumerate(turn.me.hours)))
    if policy is None:
        return Hours()
    days = tuple(day for day, entry in enumerate(policy.weekly) if entry)
    return Hours(days, policy.hours[0], policy.hours[1])


def wanted(reading: Reading, turn: Turn, policy: Policy | None) -> Wanted | str:
    """Return the asked windows, the next two weeks when none was said; the sentence to answer
    with for the past and for days that no calendar has.

    Nothing is cut to working hours here: a Saturday asked for stays a Saturday, so that the
    search can say which rule is against it.
    """
    constraint = reading.time
    if constraint is None or not (constraint.options or constraint.exclude):
        return Wanted(((turn.now, turn.now + DEFAULT_WINDOW),), echo=words.IN_TWO_WEEKS)
    context = Context(turn.now, turn.me.zone, turn.me.locale, hours=_hours(turn, policy))
    found = resolve(constraint, context, cut_to_hours=False)
    windows = tuple(w for w in found.windows if w[1] > turn.now)
    if not windows:
        return words.PAST if found.past or found.windows else words.NO_SUCH_DAY
    notes = [words.PAST_DROPPED] if found.past and found.starts else []
    starts = tuple(s for s in found.starts if s > turn.now)
    length = (reading.duration_minutes or 30) * 60
    loose = [w for w in windows if not any(w[0] == s for s in starts)]
    if starts and not loose:
        return Wanted(tuple((s, s + length) for s in starts), starts, tuple(notes))
    return Wanted(windows, (), tuple(notes), echo_of(windows, turn))


def on_the_clock_there(turn: Turn, reading: Reading, policy: Policy | None) -> Turn:
    """Return the turn on the clock that the speaker will have on the asked days (A40): that of a
    stay to come, or of home once a stay is over.
    """
    for zone in turn.me.zones_ahead:
        there = replace(turn, me=replace(turn.me, zone=zone))
        want = wanted(reading, there, policy)
        if isinstance(want, str):
            continue
        days = (want.windows[0][0], want.windows[-1][1])
        if turn.me.during(days).zone == zone:
            return there
    return turn


def echo_of(windows: tuple[Span, ...], turn: Turn) -> str:
    """Return the days of the windows: "On Wed 21 Oct", "On Tue 27 Oct or Thu 29 Oct",
    "Between Mon 26 Oct and Fri 30 Oct"; with years other than this one.
    """
    zone = turn.me.zone
    today = local_date(turn.now, zone)
    first, last = local_date(windows[0][0], zone), local_date(windows[-1][1] - 1, zone)
    days = dict.fromkeys(local_date(at, zone) for a, b in windows for at in (a, b - 1))
    apart = len(days) < len(windows) * 2 and len(days) <= (last - first).days
    if len(days) == 1 or (apart and len(days) <= FEW_DAYS):
        return words.ON_DAY.format(day=words.listed([times.day_name(d, today) for d in days], "or"))
    named = {"first": times.day_name(first, today), "last": times.day_name(last, today)}
    return words.BETWEEN_DAYS.format(**named)


def each_start(reading: Reading, turn: Turn) -> tuple[int, ...]:
    """Return the starts of several sessions that are all wanted ("next Tuesday and the one
    after"), empty when only one is.
    """
    constraint = reading.time
    if constraint is None or not constraint.each:
        return ()
    context = Context(turn.now, turn.me.zone, turn.me.locale, hours=_hours(turn, None))
    found = resolve(constraint, context, cut_to_hours=False)
    return tuple(s for s in found.starts if s > turn.now)
