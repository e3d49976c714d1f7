"""Buttons that change what stands in the way of a time, and search again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.converse import series_found
from bot.converse.schedule import refused, scene_of, search
from bot.converse.turn import Reply, say
from bot.converse.when import echo_of
from bot.speak import unlock_views, unlock_words, views, words
from core.attendance import load_policy
from core.errors import NotFound, Refused
from core.finding.request import Ease
from core.notices import Notice, NoticeKind, as_effect
from core.programme import Role
from core.timing.zones import local_date

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.speak.unlock_views import Tried
    from core.booking.proposal import MeetingRequest
    from core.ids import PersonId
    from core.ports import Ports, Tx
    from core.programme import Programme, Rule

MOST_NAMES = 5


async def retried(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Search with the one change that the button names; nobody else hears of it yet."""
    try:
        tried = unlock_views.decode(args, turn.me.id, turn.me.zone)
    except ValueError as error:
        raise NotFound("button") from error
    request = _from_now(await _whole(ports, turn, tried), turn.now)
    if request is None:
        return say(turn.talk, words.PAST)
    if request.series is not None:
        return await _series(ports, turn, request)
    finding = await search(ports, turn, request)
    if isinstance(finding, Reply):
        return finding
    scene = scene_of(finding, turn.me.id)
    echo = "" if request.starts else echo_of(request.windows, turn)
    found = finding.proposal is not None and not finding.missed
    intro = unlock_views.intro(scene, request) if found else []
    talk = turn.talk.about(
        partner=list(request.invitees),
        programme=request.programme_id,
        proposal=finding.proposal.id if finding.proposal else "",
        shown=[s.start for s in finding.proposal.slots] if finding.proposal else [],
        said="",  # a correction must not go back to what was asked before this
    )
    return Reply((views.found(scene, finding, intro, echo=echo),), talk)


async def _series(ports: Ports, turn: Turn, request: MeetingRequest) -> Reply:
    """Look for a series with the one change. Raises NotFound for one that is longer than those of
    the programme: some chats let a button be made by hand.
    """
    programme_id, wish = request.programme_id, request.series
    policy = await ports.store.read(lambda tx: load_policy(tx, tx.programmes.get(programme_id)))
    if wish is None or wish.pattern.count > policy.series_max:
        raise NotFound("series")
    try:
        return await series_found.again(ports, turn, request)
    except Refused as refusal:
        return await refused(ports, turn, request, refusal)


async def _whole(ports: Ports, turn: Turn, tried: Tried) -> MeetingRequest:
    """Return the request with the people of the session that it moves. Raises NotFound, also for
    people nobody knows here, or who have no part in it: some chats let a button be made by hand.
    """
    request = await _peopled(ports, turn, tried)
    ids = {who for _, who in request.eased}
    known = await ports.store.read(lambda tx: tx.people.many(request.attendees))
    ours = {person.id for person in known.values() if person.org_id == turn.me.org_id}
    if not ids <= set(request.attendees) <= ours:
        raise NotFound("person")
    here = {person_id: one.within(request.programme_id) for person_id, one in known.items()}
    still = tuple(e for e in request.eased if e[0] is not Ease.HOURS or here[e[1]].hours)
    return replace(request, eased=still)  # hours that were taken back need no exception


async def _peopled(ports: Ports, turn: Turn, tried: Tried) -> MeetingRequest:
    """Return the request with the people of the session that it moves. Raises NotFound."""
    if tried.moves is None:
        return tried.request
    moves = tried.moves
    meeting = await ports.store.read(lambda tx: tx.meetings.get(moves))
    if meeting.attendee(turn.me.id) is None:
        raise NotFound(meeting.id)
    return replace(tried.request, attendees=meeting.people, title=meeting.title, moves=meeting.id)


def _from_now(request: MeetingRequest, now: int) -> MeetingRequest | None:
    """Return the request for what is still to come; None when all of it is over."""
    windows = tuple((max(a, now), b) for a, b in request.windows if b > now)
    starts = tuple(start for start in request.starts if start > now)
    if not windows or (request.starts and not starts):
        return None
    return replace(request, windows=windows, starts=starts)


async def _allow(ports: Ports, turn: Turn, roster: Roster, args: tuple[str, ...]) -> Reply:
    """Ask the administrators of a programme about one of its rules; they alone can change it."""
    rule, programme = _rule_of(roster, args)
    text = unlock_words.ALLOWING[rule].format(programme=programme.name)

    def work(tx: Tx) -> list[PersonId]:
        members = tx.programmes.members(programme.id)
        admins = [m.person_id for m in members if m.role is Role.ADMIN]
        if not admins:
            admins = [person.id for person in tx.people.administrators(programme.org_id)]
        for admin in admins if turn.me.id not in admins else ():
            notice = Notice(admin, NoticeKind.MESSAGE, "", {"by": turn.me.id, "text": text})
            day = local_date(turn.now, turn.me.zone)
            key = f"{turn.me.id}:allow:{programme.id}:{rule}:{day}"
            tx.effects.add(as_effect(notice, key, turn.now))
        return admins

    admins = await ports.store.transact(work)
    if turn.me.id in admins:
        return say(turn.talk, unlock_words.ALLOW_YOURS.format(programme=programme.name))
    people = await ports.store.read(lambda tx: tx.people.many(admins))
    if not people:
        return say(turn.talk, unlock_words.ALLOW_NOBODY)
    names = words.listed([person.name for person in people.values()][:MOST_NAMES])
    return say(turn.talk, unlock_words.ALLOW_ASKED.format(names=names, text=text))


def _rule_of(roster: Roster, args: tuple[str, ...]) -> tuple[Rule, Programme]:
    """Return the rule and the programme of a button. Raises NotFound."""
    rules = {rule.value: rule for rule in unlock_words.ALLOWING}
    rule = rules.get(args[0]) if len(args) == 2 else None
    programme = next((p for p in roster.programmes if p.id == args[-1:][0]), None) if rule else None
    if rule is None or programme is None:
        raise NotFound("button")
    return rule, programme


VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "try": lambda p, t, _r, a: retried(p, t, a),
    "allow": _allow,
}
