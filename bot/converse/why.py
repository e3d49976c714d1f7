"""Why not? Which rule or whose time blocks, privacy-safe, and what would unlock it (A09, A10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Note, Part
from bot.converse.state import PATIENCE
from bot.converse.turn import Reply, say, watched
from bot.converse.when import context_of, echo_of, on_the_clock_there, wanted
from bot.converse.whom import Ask, choose
from bot.message import Outgoing
from bot.speak import doctor_words, reasons, times, unlock_views, views, words
from bot.speak.reasons import Scene
from bot.understand.read import read
from core.attendance import BROKEN, NOT_CONNECTED
from core.booking.proposal import MeetingRequest
from core.timing.zones import DAY, local_date
from core.use_cases.explain_times import explain_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.ports import Ports
    from core.programme import Objection
    from core.use_cases.explain_times import Explanation

RARELY = 0.1  # a share of open time that is worth an explanation
MOST_GROUPS = 3


async def why(ports: Ports, turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Explain why a time or a person does not work, or what somebody's openness means."""
    reading = _of_what(turn, roster, reading)
    chosen = await choose(ports, turn, roster, reading, {})
    if isinstance(chosen, Ask):
        return Reply((chosen.message,), turn.talk)
    if not roster.programmes:
        return say(turn.talk, words.NO_PROGRAMME)
    shared = [p.programme_id for p in roster.pairs if p.partner_of(turn.me.id) in chosen.attendees]
    programme = next((p for p in roster.programmes if p.id in shared), roster.programmes[0])
    turn = on_the_clock_there(turn, reading, roster.policies.get(programme.id))
    want = wanted(reading, turn, roster.policies.get(programme.id))
    if isinstance(want, str):
        return say(turn.talk, want)
    policy = roster.policies[programme.id]
    request = MeetingRequest(
        programme_id=programme.id,
        asker=turn.me.id,
        attendees=chosen.attendees,
        minutes=reading.duration_minutes or turn.me.duration or policy.duration,
        windows=want.windows,
        zone=turn.me.zone,
        starts=want.starts,
    )
    found = await watched(turn, explain_times(ports, request), words.CHECKING)
    scene = Scene(turn.me.id, found.people, found.policy, found.programme)
    if found.stated:
        return _stated(turn, scene, found)
    return _where_it_goes(turn, scene, found)


def _of_what(turn: Turn, roster: Roster, reading: Reading) -> Reading:
    """Return the question with what it leaves out: a bare "why not?" is about what was just
    asked for.
    """
    topic = turn.talk.topic
    bare = not reading.people and (reading.time is None or not reading.time.options)
    if not bare or not topic.get("said") or turn.now - topic.get("said_at", 0) > PATIENCE:
        return reading
    before = read(topic["said"], context_of(turn, roster))
    minutes = reading.duration_minutes or before.duration_minutes
    return replace(reading, people=before.people, time=before.time, duration_minutes=minutes)


def _stated(turn: Turn, scene: Scene, found: Explanation) -> Reply:
    """Answer for exact times."""
    texts = []
    for start, objections in found.stated.items():
        end = start + found.request.minutes * 60
        when = times.both(
            start,
            end,
            turn.me.zone,
            views.zones(scene.people, found.request.attendees),
            turn.now,
        )
        if objections:
            why_not = reasons.reasons(scene, objections)
            texts.append(words.WHY_NOT.format(time=when, reasons=why_not))
        else:
            texts.append(words.WHY_FREE.format(time=when))
    return Reply((_with_hints(turn, scene, found, " ".join(texts), []),), turn.talk)


def _where_it_goes(turn: Turn, scene: Scene, found: Explanation) -> Reply:
    """Answer for a stretch of days: which share of the time each reason takes."""
    others = [p for p in found.request.attendees if p != turn.me.id]
    unread = [p for p in others if found.unknown.get(p) == NOT_CONNECTED]
    silent = [p for p in unread if scene.people[p].hours is None]  # no hours typed either (Y15)
    if silent and len(silent) == len(others) and found.common:
        name = scene.name(unread[0])
        text = words.WHY_ALL_FREE.format(name=name)
        action = Action(f"nudge:{unread[0]}", f"Ask {name} to connect")
        return Reply((views.plain(text, actions=[action]),), turn.talk)
    left = words.SHARE_UNREAD if found.unknown else words.SHARE_OPEN  # unknown is never free (X6)
    rows = reasons.where_it_goes(scene, found.shares, found.request.minutes, left)
    first, last = found.request.windows[0][0], found.request.windows[-1][1] - 1
    days = dict.fromkeys(times.day(at, turn.me.zone, turn.now) for at in (first, last))
    texts = [words.WHY_SHARES.format(window=" to ".join(days))]
    nothing = not found.shares and not found.common  # a rule of the programme is in the way
    if found.missed and (nothing or len(days) == 1):
        echo = echo_of(found.request.windows, turn)
        against = reasons.reasons(scene, found.missed)
        texts.insert(0, words.NOTHING_FITS.format(days=echo, reasons=against))
    parts: list[Part] = [Fields(tuple(rows)), *_common(turn, found)]
    if found.missed and nothing:
        texts, parts = texts[:1], []
    named = found.missed if len(texts) > 1 or not parts else ()
    return Reply((_with_hints(turn, scene, found, " ".join(texts), parts, named),), turn.talk)


def _common(turn: Turn, found: Explanation) -> list[Part]:
    """Return which hours of the day all share, on the reader's clock, and until when: a change
    of clocks moves or ends them.
    """
    zone, days = turn.me.zone, _shared_days(turn, found)
    if not days:
        return [Note(words.NO_SHARED_HOURS)]
    groups: list[tuple[str, date]] = []
    for day, hours in days.items():
        if groups and groups[-1][0] == hours:
            groups.pop()
        groups.append((hours, day))
    if len(groups) > MOST_GROUPS:
        shown = words.listed(list(dict.fromkeys(days.values()))[:MOST_GROUPS], "or")
    else:
        today = local_date(turn.now, zone)
        until = [(hours, times.day_name(last, today)) for hours, last in groups]
        listed = [words.UNTIL.format(hours=hours, day=day) for hours, day in until]
        shown = ", ".join([*listed, words.NONE_AFTER])
        if not _ended(turn, found, days):
            last = words.AFTER_THAT if len(groups) > 1 else "{hours}"
            shown = ", ".join([*listed[:-1], last.format(hours=groups[-1][0])])
    return [Note(words.SHARED_HOURS.format(hours=shown, zone=times.city(zone)))]


def _shared_days(turn: Turn, found: Explanation) -> dict[date, str]:
    """Return the shared hours of each day; today is left out unless it is the only one, because
    what is left of it says nothing about the days.
    """
    days: dict[date, list[str]] = {}
    for start, end in found.common:
        hours = times.hours(start, end, turn.me.zone)
        days.setdefault(local_date(start, turn.me.zone), []).append(hours)
    if len(days) > 1:
        days.pop(local_date(turn.now, turn.me.zone), None)
    return {day: words.listed(hours) for day, hours in days.items()}


def _ended(turn: Turn, found: Explanation, days: Mapping[date, str]) -> bool:
    """Tell whether a weekday that was shared before is no longer shared before the end."""
    day, last = max(days), local_date(found.request.windows[-1][1] - DAY // 2, turn.me.zone)
    weekdays = {shared.weekday() for shared in days}
    later = (day + timedelta(days=n) for n in range(1, (last - day).days + 1))
    return any(one.weekday() in weekdays for one in later)


def _away_hint(turn: Turn, scene: Scene, found: Explanation) -> list[Part]:
    """Return the advice about somebody who is hardly ever free (R48)."""
    others = [o.person_id for o in found.shares if o.person_id and o.person_id != turn.me.id]
    taken = sum(objection.share for objection in found.shares)
    if found.stated or not others or taken < 1 - RARELY:
        return []
    return [Note(words.WHY_AWAY_HINT.format(name=scene.name(others[0])))]


def _with_hints(
    turn: Turn,
    scene: Scene,
    found: Explanation,
    text: str,
    parts: list[Part],
    named: Sequence[Objection] = (),
) -> Outgoing:
    """Add what could not be read, what would open times, and what does work; the text has said
    what was `named`.
    """
    notes: list[Part] = [Note(line) for line in reasons.unknowns(scene, found.unknown)]
    against = [o for objections in found.stated.values() for o in objections]
    notes += [Note(line) for line in reasons.unlocks(scene, found.unlocks, named or against)]
    if not named:
        notes += _away_hint(turn, scene, found)
    free = [times.moment(s, turn.me.zone, turn.now) for s in sorted(found.free)]
    known = not found.stated and not found.unknown
    if free and (known or any(found.stated.values())):
        notes.append(Note(words.WHY_FREE_TIMES.format(times=words.listed(free, "or"))))
    asks = tuple(
        Action(f"nudge:{who}", doctor_words.ASK[why == BROKEN].format(name=scene.name(who)))
        for who, why in found.unknown.items()
        if who != turn.me.id and why in (BROKEN, NOT_CONNECTED)
    )
    later = not found.stated
    tries = unlock_views.buttons(scene, found.request, found.ways, later=later)
    rules = unlock_views.asking(found.request, found.unlocks)
    card = Card("", (*parts, *notes), (), (*tries, *rules, *asks))
    return Outgoing(text, card if parts or notes or card.actions else None)
