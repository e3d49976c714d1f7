"""The question to somebody for whom a clock change moves a series to where it does not suit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Style
from bot.message import Outgoing
from bot.speak import clock_words as said
from bot.speak import rhythm, times, views
from core.booking.series import coming, present
from core.ids import MeetingId, SeriesId
from core.new_home import outside
from core.notices import NoticeKind
from core.radar import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.booking.meeting import Meeting
    from core.booking.series import Pattern, Series
    from core.people import Person
    from core.ports import Tx

SHOWN = 3  # sessions that are named, each with a button of its own
WORDS = {Trouble.BUSY: said.BUSY, Trouble.HOURS: said.HOURS, Trouble.UNKNOWN: said.UNKNOWN}


def question(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Return the question; none when all that it is about has changed since it was queued."""
    series = tx.meetings.series(SeriesId(facts["about"]))
    meetings = tx.meetings.of_series(series.id)
    ahead = {m.start: m for m in coming(meetings, 0)}
    pairs = (pair.partition("=") for pair in facts["troubles"].split(","))
    troubles = {int(start): Trouble(why) for start, _, why in pairs}
    found = [ahead[start] for start in sorted(troubles) if start in ahead]
    if not found:
        return None
    notes = [WORDS[troubles[m.start]].format(time=times.of_meeting(m, me)) for m in found[:SHOWN]]
    if len(found) > SHOWN:
        notes.append(said.MORE.format(count=len(found) - SHOWN))
    text = _moves(tx, me, series, present(series, meetings, 0), found[0], facts)
    parts = tuple(Note(note) for note in (*notes, said.WHAT))
    actions = _actions(me, series, found, facts)
    subject = f"clocks:{series.id}:{facts['change']}"
    return Outgoing(text, Card("", parts, (), actions), subject)


def new_home(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Say which sessions are outside somebody's hours since their own clock is another one; none
    when that was taken back, or nothing of it is so any more.
    """
    if me.zone != facts["zone"]:
        return None
    found = outside(tx, me, (tx.meetings.get(MeetingId(m)) for m in facts["meetings"].split(",")))
    if not found:
        return None
    heads: dict[str, list[Meeting]] = {}
    for meeting in found:
        heads.setdefault(meeting.series or meeting.id, []).append(meeting)
    shown = list(heads.values())[:SHOWN]
    notes = [_line(tx, me, own) for own in shown]
    rest = len(found) - sum(map(len, shown))
    notes += [said.MORE.format(count=rest)] if rest else []
    text = said.NEW_HOME.format(
        city=times.city(me.zone), count=len(found), is_="is" if len(found) == 1 else "are"
    )
    actions = [action for own in shown for action in _changes(me, own)]
    parts = tuple(Note(note) for note in (*notes, said.NEW_HOME_WHAT))
    return Outgoing(text, Card("", parts, (), tuple(actions)))


def _line(tx: Tx, me: Person, own: Sequence[Meeting]) -> str:
    first, others = own[0], [p for p in own[0].people if p != me.id]
    return (said.ONE if len(own) == 1 else said.SERIES_ONE).format(
        time=times.of_meeting(first, me),
        names=views.names(tx.people.many(others), others, me.id),
        count=len(own) - 1,
        last=times.day(own[-1].start, me.zone),
    )


def _changes(me: Person, own: Sequence[Meeting]) -> list[Action]:
    """Return the button for the next of some sessions, and for all of them if of one series."""
    first = own[0]
    one = Action(f"move:{first.id}", said.MOVE.format(time=times.begin(first.start, me)))
    return [one] if len(own) == 1 else [one, Action(f"clocks:rest:{first.series}:0", said.REST)]


def _moves(
    tx: Tx, me: Person, series: Series, pattern: Pattern, first: Meeting, facts: Mapping[str, str]
) -> str:
    minutes = int(facts["minutes"])
    others = [p for p in series.people if p != me.id]
    shift = said.LATER if minutes > 0 else said.EARLIER
    return said.MOVES.format(
        city=times.city(facts["zone"]),
        day=times.day(int(facts["change"]), facts["zone"]),
        names=views.names(tx.people.many(others), others, me.id),
        rhythm=rhythm.rhythm(pattern),
        shift=shift.format(length=times.length(abs(minutes))),
        first=times.moment(first.start, me.zone),
        before=times.clock(first.start - minutes * 60, me.zone),
    )


def _actions(
    me: Person, series: Series, found: Sequence[Meeting], facts: Mapping[str, str]
) -> tuple[Action, ...]:
    verb = f"{series.id}:{facts['change']}"
    before = times.clock(found[0].start - int(facts["minutes"]) * 60, me.zone)
    stay = said.STAY.format(time=f"{before} {times.city(me.zone)}")
    moves = [
        Action(f"move:{m.id}", said.MOVE.format(time=times.moment(m.start, me.zone)))
        for m in found[:SHOWN]
    ]
    return (
        Action(f"clocks:keep:{verb}", said.KEEP, Style.PRIMARY),
        Action(f"clocks:stay:{verb}", stay),
        *moves,
    )


VIEWS: dict[NoticeKind, Callable[[Tx, Person, Mapping[str, str]], Outgoing | None]] = {
    NoticeKind.CLOCKS: question,
    NoticeKind.NEW_HOME: new_home,
}
