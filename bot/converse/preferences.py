"""Preferences by chat: kept, echoed, listable, reversible (A39)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.card import Action, Card, Fields
from bot.converse import wishes
from bot.converse.leaving import booked_meanwhile
from bot.converse.turn import Reply, say
from bot.converse.week import week
from bot.speak import people_words, session_words, times, wish_words, words
from bot.understand.intent import Preference
from core.people import Leave
from core.policy import resolve
from core.setting_text import parse_link, spoken
from core.timing.hours import MIDNIGHT, Weekly, as_weekly, both, weekly
from core.timing.spans import subtract
from core.timing.zones import local_date, zone_of
from core.use_cases.change_meeting import set_place
from core.use_cases.set_preferences import change_person
from core.use_cases.set_reminders import reminders_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import PreferenceChange, Reading
    from core.almanac import Almanac
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports
    from core.programme import Programme

FAR = date(9999, 12, 30)


async def set_preferences(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    reading: Reading,
    programme: Programme | None = None,
) -> Reply:
    """Save what was said, for one `programme` or for all, and echo it with an undo; say what could
    not be kept.
    """
    kept: list[str] = []
    lost: list[str] = []
    grant = partial(_grant, ports, turn, roster, programme)

    def change(person: Person) -> Person:
        kept.clear()
        lost.clear()
        for wish in reading.preferences:
            try:
                person, what = grant(person, wish)
                kept.append(what)
            except ValueError as error:
                lost.append(str(error))
        return person

    if not reading.preferences:
        return say(turn.talk, words.NOT_UNDERSTOOD.format(partner=roster.example))
    before, after = await change_person(ports, turn.me.id, change)
    text = _echo(kept, lost, programme)
    if before == after:
        return say(turn.talk, text)
    talk = turn.talk.about(undo=_undo(before, after), did=None, undo_what=", ".join(kept))
    offered = wishes.holidays_button(after, reading.preferences, ports.almanac)
    booked, movable = await booked_meanwhile(ports, before, after)
    text = f"{text} {booked}" if booked else text
    return say(talk, text, Card(actions=(Action("undo", "Undo"), *offered, *movable)))


def _echo(kept: Sequence[str], lost: Sequence[str], programme: Programme | None) -> str:
    """Say what was kept, for one programme or for all, and what could not be."""
    texts = []
    if kept:
        pattern = wish_words.SAVED_APART if programme else words.SAVED
        name = programme.name if programme else ""
        texts.append(pattern.format(what=", ".join(kept), programme=name))
    if lost:
        texts.append(words.NOT_SAVED.format(what=", ".join(lost)))
    return " ".join(texts)


def _grant(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    programme: Programme | None,
    person: Person,
    wish: PreferenceChange,
) -> tuple[Person, str]:
    """Return the person with one wish granted, for one programme or for all, and what to say of
    it. Raises ValueError with what is wrong with it.
    """
    policy = (roster.policies[programme.id] if programme else roster.policy) or resolve({}, {})
    general = partial(_apply, wish=wish, policy=policy, almanac=ports.almanac, now=turn.now)
    if programme is None:
        after, what = general(person)
    else:
        after, what = wishes.apply_apart(person, wish, programme.id, general)
    if wish.kind in HOURS_KINDS:
        _must_leave_hours(after, roster, programme)
    return after, what


def _must_leave_hours(person: Person, roster: Roster, only: Programme | None) -> None:
    """Raise ValueError, with a way out, where hours leave none in one of somebody's programmes."""
    own = {only.id} if only else {m.programme_id for m in roster.roles}
    for programme in roster.programmes:
        rule, hours = roster.policies[programme.id].weekly, person.within(programme.id).hours
        if programme.id in own and hours is not None and not any(both(rule, hours)):
            text = wish_words.HOURS_EMPTY.format(programme=programme.name, hours=week(rule))
            raise ValueError(text)


def _apply(
    person: Person, wish: PreferenceChange, policy: Policy, almanac: Almanac, now: int
) -> tuple[Person, str]:
    """Return the person with one wish granted, and what to say of it. Raises ValueError."""
    if wish.kind in HOURS_KINDS and wish.remove:
        return replace(person, hours=None), words.HOURS_INHERITED
    if wish.kind in HOURS_KINDS:
        hours = _hours(person, wish, policy)
        return replace(person, hours=hours), f"hours {week(hours)}"
    if wish.kind is Preference.BUFFER:
        minutes = None if wish.remove else wish.minutes
        return replace(person, buffer=minutes), f"buffer {minutes or 0} min"
    if wish.kind is Preference.DURATION:
        minutes = None if wish.remove else wish.minutes
        return replace(person, duration=minutes), f"usual length {minutes or policy.duration} min"
    if wish.kind in wishes.KINDS:
        return wishes.apply(person, wish, policy, almanac, now)
    if wish.kind is Preference.AWAY:
        return _away(person, wish, now)
    if wish.kind is Preference.ZONE and wish.zone and not wish.first:
        zone_of(wish.zone)
        return replace(person, zone=wish.zone), words.ZONE_SAVED.format(zone=wish.zone)
    if wish.kind is Preference.ZONE:
        raise ValueError(words.ZONE_TEMPORARY)
    raise ValueError(wish.kind.value.replace("_", " "))


HOURS_KINDS = frozenset(
    {
        Preference.NOT_BEFORE,
        Preference.NOT_AFTER,
        Preference.DAYS_OFF,
        Preference.PART_OFF,
        Preference.AVAILABILITY,
    }
)


def _hours(person: Person, wish: PreferenceChange, policy: Policy) -> Weekly:
    """Return the person's week under a wish."""
    base = person.hours if person.hours is not None else policy.weekly
    days = wish.weekdays or range(7)
    if wish.kind is Preference.AVAILABILITY:
        return as_weekly(
            [(max(0, a), min(MIDNIGHT, b)) for day, a, b in wish.weekly if day == number]
            for number in range(7)
        )
    if wish.kind is Preference.DAYS_OFF:
        return as_weekly(() if n in wish.weekdays else entry for n, entry in enumerate(base))
    if wish.kind is Preference.PART_OFF:
        return as_weekly(
            subtract(entry, sorted((a, b) for day, a, b in wish.weekly if day == number))
            for number, entry in enumerate(base)
        )
    minute = wish.minutes or 0
    span = (minute, MIDNIGHT) if wish.kind is Preference.NOT_BEFORE else (0, minute)
    # A new first (or last) hour replaces the old one, so widening hours works as well.
    wide = _opened(base, policy, first=wish.kind is Preference.NOT_BEFORE, days=list(days))
    cut = both(wide, weekly(span, days))
    return as_weekly(cut[n] if n in set(days) else entry for n, entry in enumerate(base))


def _opened(base: Weekly, policy: Policy, *, first: bool, days: list[int]) -> Weekly:
    """Return the week with its first (or last) edge back at the programme's."""
    rows: list[list[tuple[int, int]]] = []
    for number, entry in enumerate(base):
        spans = list(entry)
        if spans and number in days:
            if first:
                spans[0] = (min(spans[0][0], policy.hours[0]), spans[0][1])
            else:
                spans[-1] = (spans[-1][0], max(spans[-1][1], policy.hours[1]))
        rows.append(spans)
    return as_weekly(rows)


def _away(person: Person, wish: PreferenceChange, now: int) -> tuple[Person, str]:
    """Return the person with days away added, or with all future ones taken back."""
    today = local_date(now, person.zone)
    if wish.remove:
        past = tuple(leave for leave in person.leave if leave.last < today)
        return replace(person, leave=past), words.NOT_AWAY
    first = date.fromisoformat(wish.first) if wish.first else today
    last = date.fromisoformat(wish.last) if wish.last else FAR
    if last < max(first, today):
        raise ValueError(words.AWAY_PAST)
    leave = Leave(first, last)
    return person.with_leave(leave), words.AWAY_SAVED.format(dates=_days(leave, today))


def _trip(me: Person, now: int) -> str:
    """Return the stay in another zone that is to come, or the end of one that has begun, in
    words; empty without one.
    """
    if me.trip is None:
        back, today = me.back, local_date(now, me.zone)
        if back is None or back.away != me.zone:
            return ""
        day = times.day_name(local_date(back.start, back.home), today)
        return wish_words.BACK.format(city=times.city(back.home), day=day)
    first, last = (local_date(at, me.trip.zone) for at in (me.trip.start, me.trip.end - 1))
    days = times.dates(first, last, local_date(now, me.zone))
    return wish_words.TRIP.format(city=times.city(me.trip.zone), dates=days)


def _days(leave: Leave, today: date) -> str:
    """Return the days of a leave, which may be open at its end."""
    if leave.last == FAR:
        return words.AWAY_FROM.format(day=times.day_name(leave.first, today))
    return times.dates(leave.first, leave.last, today)


async def show_preferences(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """List what is kept, and what comes from the programme."""
    me = await ports.store.read(lambda tx: tx.people.get(turn.me.id))
    policy = roster.policy or resolve({}, {})
    rows = rows_of(me, turn.now, ports.almanac, week(policy.weekly))
    rows += wishes.rows_apart(me, {p.id: p.name for p in roster.programmes})
    leads = await reminders_of(ports, me.id)
    if leads is not None:
        told = words.listed([spoken(lead) for lead in leads]) or session_words.PREF_NONE
        rows.append((session_words.PREF_REMINDERS, told))
    return say(turn.talk, words.PREFERENCES, Card("", (Fields(tuple(rows)),)))


def rows_of(me: Person, now: int, almanac: Almanac, programme: str = "") -> list[tuple[str, str]]:
    """Return what is kept for a person; `programme` are the hours of theirs, in words."""
    buffer = f"{me.buffer} min" if me.buffer is not None else words.PREF_DEFAULT
    duration = f"{me.duration} min" if me.duration else words.PREF_DEFAULT
    rows = [
        ("Hours", week(me.hours) if me.hours is not None else words.PREF_DEFAULT),
        *([("Hours of the programme", programme)] if programme else []),
        ("Free time around sessions", buffer),
        ("Usual length", duration),
        ("Zone", me.zone + _trip(me, now)),
        ("Reminders", "on" if me.nudges else "off"),
        *([(people_words.PREF_REACH, people_words.reached(me.reach))] if me.reach else []),
    ]
    today = local_date(now, me.zone)
    away = [_days(leave, today) for leave in me.leave if leave.last >= today]
    if away:
        rows.append(("Away", ", ".join(away)))
    rows += wishes.rows_of(me, almanac)
    if me.meeting_link:
        rows.append(("Link for sessions", me.meeting_link))
    return rows


async def undo(ports: Ports, turn: Turn) -> Reply:
    """Take the last change of preferences back."""
    stored = turn.talk.topic.get("undo")
    if not stored:
        return say(turn.talk, words.NOTHING_TO_UNDO)
    await change_person(ports, turn.me.id, lambda person: _restored(person, stored))
    talk = turn.talk.about(undo=None)
    return say(talk, words.UNDONE.format(what=turn.talk.topic.get("undo_what", "")))


async def save_change(
    ports: Ports, turn: Turn, change: Callable[[Person], Person], what: str
) -> Reply:
    """Save one plain change (zone, reminders) and echo it with an undo."""
    before, after = await change_person(ports, turn.me.id, change)
    if before == after:
        return say(turn.talk, words.SAVED.format(what=what))
    talk = turn.talk.about(undo=_undo(before, after), did=None, undo_what=what)
    return say(talk, words.SAVED.format(what=what), Card(actions=(Action("undo", "Undo"),)))


async def save_zone(ports: Ports, turn: Turn, zone: str) -> Reply:
    """Keep an IANA zone as somebody's own; what is none is said."""
    try:
        zone_of(zone)
    except ValueError:
        return say(turn.talk, words.BAD_ZONE.format(zone=zone))
    return await save_change(
        ports, turn, lambda person: replace(person, zone=zone), words.ZONE_SAVED.format(zone=zone)
    )


async def save_link(ports: Ports, turn: Turn, link: str) -> Reply:
    """Keep the owner's link and give it to the sessions that have none (Y13)."""
    try:
        address = parse_link(link)
    except ValueError:
        address = ""
    if not address:
        return say(turn.talk, words.LINK_BAD)

    def change(person: Person) -> Person:
        return replace(person, meeting_link=address)

    await change_person(ports, turn.me.id, change)
    changed = await set_place(ports, turn.me.id, address)
    pattern = words.LINK_ADDED[len(changed) > 1] if changed else words.LINK_SAVED
    text = pattern.format(link=address, count=words.count(len(changed)))
    return say(turn.talk, text)


def _undo(before: Person, after: Person) -> dict[str, list[Any]]:
    """Return what a change changed: per field the old value and the new one."""
    old, new = _as_json(before), _as_json(after)
    return {field: [old[field], new[field]] for field in old if old[field] != new[field]}


def _as_json(person: Person) -> dict[str, Any]:
    """Return the preferences of a person, for undo."""
    return {
        "hours": person.hours,
        "buffer": person.buffer,
        "duration": person.duration,
        "zone": person.zone,
        "nudges": person.nudges,
        "reach": person.reach,
        "meeting_link": person.meeting_link,
        **wishes.as_json(person),
        "leave": tuple((x.first.isoformat(), x.last.isoformat()) for x in person.leave),
    }


def _restored(person: Person, stored: dict[str, list[Any]]) -> Person:
    """Return the person with the old values back, where nothing newer was set since."""
    now = _as_json(person)
    back = {field: old for field, (old, new) in stored.items() if now[field] == _plain(new)}
    back |= wishes.restored(back)
    if "hours" in back:
        back["hours"] = None if back["hours"] is None else as_weekly(back["hours"])
    if "leave" in back:
        back["leave"] = tuple(
            Leave(date.fromisoformat(a), date.fromisoformat(b)) for a, b in back["leave"]
        )
    return replace(person, **back)


def _plain(value: Any) -> Any:
    """Return a stored value in the form in which it compares: lists come back as tuples."""
    return tuple(_plain(v) for v in value) if isinstance(value, list) else value
