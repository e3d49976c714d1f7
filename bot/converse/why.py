"""Why not? Which rule or whose time blocks, privacy-safe, and what would unlock it (A09, A10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Note, Part
from bot.converse.turn import Reply, say, watched
from bot.converse.when import wanted
from bot.converse.whom import Ask, choose
from bot.message import Outgoing
from bot.speak import reasons, times, views, words
from bot.speak.reasons import Scene
from core.attendance import NOT_CONNECTED
from core.booking.proposal import MeetingRequest
from core.timing.zones import wall
from core.use_cases.explain_times import explain_times

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.ports import Ports
    from core.use_cases.explain_times import Explanation


async def why(ports: Ports, turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Explain why a time or a person does not work, or what somebody's openness means."""
    chosen = await choose(ports, turn, roster, reading, {})
    if isinstance(chosen, Ask):
        return Reply((chosen.message,), turn.talk)
    if not roster.programmes:
        return say(turn.talk, words.NO_PROGRAMME)
    shared = [p.programme_id for p in roster.pairs if p.partner_of(turn.me.id) in chosen.attendees]
    programme = next((p for p in roster.programmes if p.id in shared), roster.programmes[0])
    want = wanted(reading, turn, roster.policies.get(programme.id))
    if want is None:
        return say(turn.talk, words.PAST)
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


def _stated(turn: Turn, scene: Scene, found: Explanation) -> Reply:
    """Answer for exact times."""
    texts = []
    for start, objections in found.stated.items():
        end = start + found.request.minutes * 60
        when = times.both(
            start, end, turn.me.zone, views.zones(scene.people, found.request.attendees)
        )
        if objections:
            why_not = reasons.reasons(scene, objections, start)
            texts.append(words.WHY_NOT.format(time=when, reasons=why_not))
        else:
            texts.append(words.WHY_FREE.format(time=when))
    return Reply((_with_hints(turn, scene, found, " ".join(texts), []),), turn.talk)


def _where_it_goes(turn: Turn, scene: Scene, found: Explanation) -> Reply:
    """Answer for a stretch of days: which share of the time each reason takes."""
    others = [p for p in found.request.attendees if p != turn.me.id]
    unread = [p for p in others if found.unknown.get(p) == NOT_CONNECTED]
    if unread and len(unread) == len(others):
        name = scene.name(unread[0])
        text = words.WHY_ALL_FREE.format(name=name)
        action = Action(f"nudge:{unread[0]}", f"Ask {name} to connect")
        return Reply((views.plain(text, actions=[action]),), turn.talk)
    rows = [(reasons.share(scene, o), f"{round(o.share * 100)} %") for o in found.shares]
    open_share = 1 - sum(o.share for o in found.shares)
    rows.append((words.SHARE_OPEN, f"{max(0, round(open_share * 100))} %"))
    first, last = found.request.windows[0][0], found.request.windows[-1][1] - 1
    window = f"{times.day(first, turn.me.zone)} to {times.day(last, turn.me.zone)}"
    text = words.WHY_SHARES.format(window=window)
    return Reply(
        (_with_hints(turn, scene, found, text, [Fields(tuple(rows)), *_common(turn, found)]),),
        turn.talk,
    )


def _common(turn: Turn, found: Explanation) -> list[Part]:
    """Return which hours of the day all share, on the reader's clock."""
    zone = turn.me.zone
    shared = dict.fromkeys(f"{wall(a, zone):%H:%M}-{wall(b, zone):%H:%M}" for a, b in found.common)
    if not shared:
        return [Note(words.NO_SHARED_HOURS)]
    listed = words.listed(list(shared)[:3], "or")
    return [Note(words.SHARED_HOURS.format(hours=listed, zone=times.city(zone)))]


def _with_hints(
    turn: Turn, scene: Scene, found: Explanation, text: str, parts: list[Part]
) -> Outgoing:
    """Add what could not be read, what would open times, and what does work."""
    notes: list[Part] = [Note(line) for line in reasons.unknowns(scene, found.unknown)]
    notes += [Note(reasons.unlock(scene, unlock)) for unlock in found.unlocks]
    others = [p for p in found.request.attendees if p != turn.me.id]
    if others and not found.free:
        notes.append(Note(words.WHY_AWAY_HINT.format(name=scene.name(others[0]))))
    free = [times.moment(s, turn.me.zone) for s in found.free]
    if free and any(found.stated.values()):
        notes.append(Note(words.WHY_FREE_TIMES.format(times=words.listed(free, "or"))))
    return Outgoing(text, Card("", (*parts, *notes)) if parts or notes else None)
