"""A person's calendars by chat: status, primary and secondaries, leaving (A16, A17, A45)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Style, TimeLine, Times
from bot.converse import questions
from bot.converse.deeds import Kind, did
from bot.converse.turn import Reply, say, watched
from bot.message import Outgoing
from bot.speak import calendar_words, times, views, words
from bot.speak.calendar_views import called, choose_card, shown_account, status_message, value_of
from core.errors import NotFound, ProviderError
from core.ids import GrantId, PersonId
from core.links import Provider, Tier
from core.notices import Notice, NoticeKind, as_effect
from core.use_cases import connect_calendar

if TYPE_CHECKING:
    from bot.converse.turn import Turn
    from core.connecting import Choice, Connected, Status
    from core.ports import Ports, Tx

PRIMARY = re.compile(r"\b(?:primary|main)\b", re.IGNORECASE)


async def show_status(ports: Ports, turn: Turn) -> Reply:
    """Show a person's calendars."""
    status = await connect_calendar.status(ports, turn.me.id)
    stray = len(await connect_calendar.stray_sessions(ports, turn.me.id))
    return Reply((status_message(status, stray),), turn.talk)


async def opened(ports: Ports, turn: Turn, grant_id: GrantId) -> tuple[Connected, dict[str, str]]:
    """Return an account with its calendars, and their ids by what stands for them in a form.

    Raises NotFound and ProviderError leaves.
    """
    work = connect_calendar.list_calendars(ports, turn.me.id, grant_id)
    connected = await watched(turn, work, calendar_words.CONNECTING)
    return connected, {value_of(c.calendar_id): c.calendar_id for c in connected.calendars}


async def choose_again(ports: Ports, turn: Turn, grant_id: str, more: str = "") -> Reply:
    """Choose calendars of an open account anew; `more` is said besides."""
    try:
        connected, _ = await opened(ports, turn, GrantId(grant_id))
    except NotFound:
        return say(turn.talk, calendar_words.NOT_CONNECTED)
    except ProviderError:
        return say(turn.talk, calendar_words.CONNECT_UNREACHABLE)
    text = calendar_words.CONNECT_CHOOSE.format(account=shown_account(connected.grant.account))
    return say(turn.talk, f"{text} {more}".strip(), choose_card(connected))


async def other_primary(ports: Ports, turn: Turn, status: Status) -> Reply:
    """Show where another calendar is made the primary: the other account, if there is one."""
    holder = status.primary.grant_id if status.primary else None
    others = [grant_id for grant_id in status.grants if grant_id != holder]
    if len(others) != 1:
        return await show_status(ports, turn)
    return await choose_again(ports, turn, others[0], calendar_words.CONNECT_PRIMARY)


async def save(ports: Ports, turn: Turn, connected: Connected, choice: Choice) -> Reply:
    """Link what was chosen and show the status, with sessions that stand elsewhere (A17).

    Raises Refused.
    """
    before = (await connect_calendar.status(ports, turn.me.id)).primary
    after = (await connect_calendar.choose(ports, turn.me.id, connected, choice)).primary
    reply = await show_status(ports, turn)
    if before is None or after is None or choice.instead or before.id == after.id:
        return reply
    writes = "write" if before.tier is Tier.WRITE else "busy"
    old = (before.grant_id, before.calendar_id, writes)
    return replace(reply, talk=did(reply.talk, Kind.PRIMARY, old, turn.now))


async def move_sessions(ports: Ports, turn: Turn, sure: str) -> Reply:
    """Let booked sessions follow the primary, and say what became of each (A17)."""
    if sure != "yes":
        return say(turn.talk, calendar_words.STRAY_LEFT)
    done = await connect_calendar.move_sessions(ports, turn.me.id)
    if not (done.written or done.mailed):
        return say(turn.talk, calendar_words.STRAY_NONE)
    status = await connect_calendar.status(ports, turn.me.id)
    name = called(status, status.primary) if status.primary else ""
    lines = [
        pattern.format(count=views.sessions(len(meetings)), name=name)
        for pattern, meetings in (
            (calendar_words.STRAY_WRITTEN, done.written),
            (calendar_words.STRAY_MAILED, done.mailed),
            (calendar_words.STRAY_BEHIND, done.behind),
        )
        if meetings
    ]
    rows = tuple(
        TimeLine(times.span(m.start, m.end, turn.me.zone, turn.now))
        for m in (*done.written, *done.mailed)
    )
    return say(turn.talk, " ".join(lines), Card("", (Times(rows),)))


# --- leaving ------------------------------------------------------------------------------------


async def disconnect(ports: Ports, turn: Turn, sure: str = "", grant_id: str = "") -> Reply:
    """State the effect first; on yes leave one account, or all of them (A45)."""
    status = await connect_calendar.status(ports, turn.me.id)
    if not status.links and not status.grants:
        return Reply((status_message(status),), turn.talk)
    if sure == "no":
        return say(turn.talk, words.KEPT)
    if sure != "yes":
        return _ask_sure(turn, status)
    left = [g for g in status.grants.values() if grant_id in ("", g.id)]
    if not left:
        return say(turn.talk, words.OLD_BUTTON)
    only = GrantId(grant_id) if grant_id else None
    rest = await connect_calendar.disconnect(ports, turn.me.id, only)
    text = calendar_words.DISCONNECTED
    if any(grant.provider is Provider.CALDAV for grant in left):
        text = f"{text} {calendar_words.DISCONNECT_APPLE}"
    if not rest.links:
        return say(turn.talk, text)
    shown = status_message(rest)
    return Reply((Outgoing(text), shown), turn.talk)


def _ask_sure(turn: Turn, status: Status) -> Reply:
    keep = Action("disconnect:no", "Keep it")
    if len(status.grants) == 1:
        actions = [Action("disconnect:yes", "Disconnect", Style.DANGER), keep]
        message = views.plain(calendar_words.DISCONNECT_SURE, actions=actions)
        return questions.ask(turn, message, yes=actions[0].id, no=keep.id)
    each = [
        Action(f"disconnect:yes:{g.id}", f"Only {shown_account(g.account)}", Style.DANGER)
        for g in status.grants.values()
    ]
    everything = Action("disconnect:yes", "All of them", Style.DANGER)
    text = calendar_words.DISCONNECT_WHICH
    message = views.plain(text, actions=[*each, everything, keep])
    return questions.ask(turn, message, yes=everything.id, no=keep.id)


# --- asking somebody else -----------------------------------------------------------------------


async def nudge(ports: Ports, turn: Turn, person_id: str) -> Reply:
    """Ask somebody to connect their calendar, at most once a day per asker."""

    def work(tx: Tx) -> str:
        person = tx.people.get(PersonId(person_id))
        if person.org_id != turn.me.org_id:
            raise NotFound(person_id)
        facts = {"by": turn.me.id}
        notice = Notice(person.id, NoticeKind.NUDGE_CONNECT, "nudge:connect", facts)
        tx.effects.add(as_effect(notice, f"{turn.me.id}:{turn.now // 86_400}", turn.now))
        return person.first_name

    try:
        name = await ports.store.transact(work)
    except NotFound:
        return say(turn.talk, words.OLD_BUTTON)
    return say(
        turn.talk,
        calendar_words.NUDGED.format(name=name),
        Card("", (Note(calendar_words.NUDGE_ONCE),)),
    )
