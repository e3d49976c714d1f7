"""Calendars by chat: connect one's own, choose what they are for, disconnect (A11, A13-A17, A45).

Passwords come in through the values of a private form only; they go straight to the use case
and are sealed there. Nothing here keeps, echoes or logs them.
"""

from __future__ import annotations

import re
from hashlib import blake2s
from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Input, InputKind, Note, Part, Style, Text
from bot.converse import questions
from bot.converse.turn import Reply, say, watched
from bot.message import Outgoing
from bot.speak import calendar_words, views, words
from core.connecting import Choice
from core.errors import AccessRevoked, InvalidRequest, NotFound, ProviderError, Refused
from core.ids import GrantId, PersonId
from core.links import Provider, Tier, Use
from core.notices import Notice, NoticeKind, as_effect
from core.programme import Rule
from core.use_cases import connect_calendar

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.connecting import Connected, Status
    from core.links import CalendarLink
    from core.ports import Ports, Tx

SERVICES = {
    Provider.GOOGLE: "Google",
    Provider.MICROSOFT: "Microsoft 365 or Outlook",
    Provider.CALDAV: "Apple or other CalDAV",
}
NO_PRIMARY = ""


PRIMARY = re.compile(r"\b(?:primary|main)\b", re.IGNORECASE)
REPLACING = ":replace"  # ends the buttons of one who replaces their only calendar


async def connect(
    ports: Ports, turn: Turn, roster: Roster, reading: Reading | None, replacing: str = ""
) -> Reply:
    """Offer the services that may be connected, or say why no other calendar can be."""
    if reading is not None:
        others = [m for m in reading.people if m.candidates and turn.me.id not in m.candidates]
        if others:
            return await _not_for_others(ports, turn, others[0].candidates[0])
    try:
        services = await connect_calendar.offered_services(ports, turn.me.id)
    except Refused:
        return say(turn.talk, calendar_words.CONNECT_NOT_APPROVED.format(contact=_contact(roster)))
    if not services:
        return say(turn.talk, calendar_words.CONNECT_NO_SERVICE.format(contact=_contact(roster)))
    status = await connect_calendar.status(ports, turn.me.id)
    if status.links and reading is not None and PRIMARY.search(reading.text):
        return await _other_primary(ports, turn, status)
    limit = min((p.calendars_max for p in roster.policies.values() if p.calendars_max), default=0)
    if limit and len(status.links) >= limit and not (replacing or status.broken):
        return _full(turn, status, limit)
    return _services(turn, status, services, reading.provider if reading else None, replacing)


def _services(
    turn: Turn,
    status: Status,
    services: tuple[Provider, ...],
    named: str | None,
    replacing: str,
) -> Reply:
    """Offer the services; the only one, or the one that was named, leads straight to its form."""
    wished = Provider(named) if named else None
    lead = ""
    if wished and wished not in services:
        others = words.listed([SERVICES[service] for service in services], "or")
        lead = calendar_words.CONNECT_NOT_HERE.format(service=SERVICES[wished], others=others)
    parts: tuple[Part, ...] = (Fields(tuple(status_rows(status))),) if status.links else ()
    if services == (Provider.CALDAV,) or (wished is Provider.CALDAV and wished in services):
        return _form(turn, parts, f"{lead} {calendar_words.CONNECT_FORM}".strip(), replacing)
    actions = tuple(
        Action(f"connect:form:{service.value}{replacing}", SERVICES[service])
        for service in services
    )
    text = f"{lead} {calendar_words.CONNECT_WHICH}".strip()
    return say(turn.talk, text, Card("", parts, (), actions))


def _full(turn: Turn, status: Status, limit: int) -> Reply:
    """Say that there is no room for another calendar; the only one may be replaced (X1)."""
    names = words.listed([_called(status, link) for link in status.links])
    if limit > 1:
        count = words.count(limit)
        return say(turn.talk, calendar_words.CONNECT_FULL.format(limit=count, names=names))
    actions = [
        Action("connect:replace", "Replace it", Style.PRIMARY),
        Action("connect:keep", "Keep it"),
    ]
    message = views.plain(calendar_words.CONNECT_REPLACE.format(name=names), actions=actions)
    return questions.ask(turn, message, yes=actions[0].id, no=actions[1].id)


async def _other_primary(ports: Ports, turn: Turn, status: Status) -> Reply:
    """Show where another calendar is made the primary: the other account, if there is one."""
    holder = status.primary.grant_id if status.primary else None
    others = [grant_id for grant_id in status.grants if grant_id != holder]
    if len(others) != 1:
        return await show_status(ports, turn)
    reply = await _again(ports, turn, others[0])
    first = reply.messages[0]
    text = f"{first.text} {calendar_words.CONNECT_PRIMARY}" if first.card else first.text
    return Reply((Outgoing(text, first.card), *reply.messages[1:]), reply.talk)


async def _not_for_others(ports: Ports, turn: Turn, person_id: str) -> Reply:
    """Nobody connects for somebody else; offer to send them the link (R34)."""
    person = await ports.store.read(lambda tx: tx.people.get(PersonId(person_id)))
    action = Action(f"nudge:{person.id}", f"Send {person.first_name} the link")
    text = calendar_words.CONNECT_ONLY_YOU.format(name=person.name)
    return Reply((views.plain(text, actions=[action]),), turn.talk)


def _contact(roster: Roster) -> str:
    contacts = [p.contacts for p in roster.policies.values() if p.contacts]
    return f": {contacts[0]}" if contacts else ""


def _form(
    turn: Turn, parts: tuple[Part, ...] = (), problem: str = "", replacing: str = ""
) -> Reply:
    """Show the private form for a CalDAV account."""
    inputs = (
        Input("username", "Account (for Apple: your Apple Account address)", InputKind.TEXT),
        Input("password", "App-specific password", InputKind.SECRET),
        Input(
            "server",
            "CalDAV address (leave empty for Apple)",
            InputKind.TEXT,
            hint="https://caldav.example.org/",
            required=False,
        ),
    )
    card = Card(
        "Connect a calendar",
        (*parts, Text(calendar_words.CONNECT_CALDAV)),
        inputs,
        (Action(f"connect:verify:caldav{replacing}", "Connect", Style.PRIMARY),),
    )
    return Reply((Outgoing(problem or calendar_words.CONNECT_FORM, card),), turn.talk)


async def action(ports: Ports, turn: Turn, roster: Roster, args: tuple[str, ...]) -> Reply:
    """Act on the buttons and forms of connecting."""
    verb, rest = args[0], args[1:]
    replacing = REPLACING if verb == "replace" or rest[1:2] == ("replace",) else ""
    if verb == "keep":
        return say(turn.talk, words.KEPT)
    if verb == "form" and rest[:1] == (Provider.CALDAV.value,):
        return _form(turn, replacing=replacing)
    if verb == "verify":
        return await _verify(ports, turn, replacing)
    if verb == "choose" and rest:
        return await _chosen(ports, turn, rest[0], replacing)
    if verb == "again" and rest:
        return await _again(ports, turn, rest[0])
    return await connect(ports, turn, roster, None, replacing)


async def _verify(ports: Ports, turn: Turn, replacing: str) -> Reply:
    """Open the account live; a wrong password leaves the form open with what to do."""
    await turn.progress(calendar_words.CONNECTING)
    try:
        connected = await connect_calendar.open_account(
            ports, turn.me.id, Provider.CALDAV, dict(turn.incoming.values)
        )
    except Refused:
        text = calendar_words.CONNECT_SERVICE_OFF.format(service=SERVICES[Provider.CALDAV])
        return say(turn.talk, text)
    except AccessRevoked:
        return _form(turn, (), calendar_words.CONNECT_WRONG, replacing)
    except InvalidRequest as error:
        problem = words.sentence(error.detail or calendar_words.CONNECT_WRONG)
        return _form(turn, (), problem, replacing)
    except ProviderError:
        return _form(turn, (), calendar_words.CONNECT_UNREACHABLE, replacing)
    if not connected.calendars:
        return say(turn.talk, calendar_words.CONNECT_NO_CALENDARS)
    return _choose_card(turn, connected, replacing)


async def _again(ports: Ports, turn: Turn, grant_id: str) -> Reply:
    """Choose calendars of an open account anew."""
    try:
        connected = await connect_calendar.list_calendars(ports, turn.me.id, GrantId(grant_id))
    except NotFound:
        return say(turn.talk, calendar_words.NOT_CONNECTED)
    except ProviderError:
        return say(turn.talk, calendar_words.CONNECT_UNREACHABLE)
    return _choose_card(turn, connected)


def _choose_card(turn: Turn, connected: Connected, replacing: str = "") -> Reply:
    """Ask which calendar is primary, which block, and whether we may write (X1, X2)."""
    linked = {link.calendar_id: link for link in connected.links}
    elsewhere = [
        link
        for link in connected.links
        if link.use is Use.PRIMARY and link.grant_id != connected.grant.id and not replacing
    ]
    default = next(
        (c.calendar_id for c in connected.calendars if _is_primary(linked, c.calendar_id)),
        NO_PRIMARY
        if elsewhere
        else next(
            (c.calendar_id for c in connected.calendars if c.default),
            connected.calendars[0].calendar_id,
        ),
    )
    options = tuple((_value(c.calendar_id), c.name) for c in connected.calendars)
    keep = ((NO_PRIMARY, f"Keep {elsewhere[0].name}"),) if elsewhere else ()
    secondary = "\n".join(
        _value(c.calendar_id)
        for c in connected.calendars
        if c.calendar_id != default and (c.calendar_id in linked or elsewhere or not linked)
    )
    inputs = (
        Input("primary", "Sessions go to", InputKind.CHOICE, _value(default), (*keep, *options),
              required=False),
        Input("secondary", "Also block my time", InputKind.CHOICES, secondary, options,
              required=False),
        Input("write", "How sessions reach me", InputKind.CHOICE, "yes",
              (("yes", "Write them to my calendar"), ("no", "Send me invitations by mail"))),
    )  # fmt: skip
    text = calendar_words.CONNECT_CHOOSE.format(account=shown_account(connected.grant.account))
    act = Action(f"connect:choose:{connected.grant.id}{replacing}", "Save", Style.PRIMARY)
    return say(turn.talk, text, Card("Your calendars", (), inputs, (act,)))


def _value(calendar_id: str) -> str:
    """Return what stands for a calendar in a form.

    A calendar's own id may hold the name of the account, and a chat keeps its forms.
    """
    return blake2s(calendar_id.encode(), digest_size=8).hexdigest() if calendar_id else NO_PRIMARY


def shown_account(account: str) -> str:
    """Return an account so that its owner knows it and nobody else learns it: "m…@example.org"."""
    name, _, host = account.partition("@")
    return f"{name[:1]}…@{host}" if host else f"{name[:2]}…"


def _is_primary(linked: dict[str, CalendarLink], calendar_id: str) -> bool:
    link = linked.get(calendar_id)
    return link is not None and link.use is Use.PRIMARY


async def _chosen(ports: Ports, turn: Turn, grant_id: str, replacing: str) -> Reply:
    """Link what was chosen, and say exactly that it is connected (R30)."""
    values = turn.incoming.values
    try:
        work = connect_calendar.list_calendars(ports, turn.me.id, GrantId(grant_id))
        connected = await watched(turn, work, calendar_words.CONNECTING)
        ids = {_value(c.calendar_id): c.calendar_id for c in connected.calendars}
        primary = ids.get(values.get("primary", ""))
        secondary = tuple(ids[v] for v in values.get("secondary", "").splitlines() if v in ids)
        if primary is None and (replacing or not connected.links):
            return _choose_again(turn, connected, replacing)
        choice = Choice(
            primary, secondary, write=values.get("write") != "no", instead=bool(replacing)
        )
        status = await connect_calendar.choose(ports, turn.me.id, connected, choice)
    except NotFound:
        return say(turn.talk, calendar_words.NOT_CONNECTED)
    except Refused as refusal:
        if refusal.objections[0].kind is Rule.CALENDARS_MAX:
            limit = int(refusal.objections[0].detail)
            text = calendar_words.CONNECT_MAX[limit > 1].format(limit=words.count(limit))
            return say(turn.talk, text)
        raise
    except ProviderError:
        return say(turn.talk, calendar_words.CONNECT_UNREACHABLE)
    return Reply((status_message(status),), turn.talk)


def _choose_again(turn: Turn, connected: Connected, replacing: str) -> Reply:
    reply = _choose_card(turn, connected, replacing)
    return say(turn.talk, calendar_words.CONNECT_NEED_PRIMARY, reply.messages[0].card)


def _called(status: Status, link: CalendarLink) -> str:
    """Return a calendar's name, with its account where the person has several."""
    grant = status.grants.get(link.grant_id)
    return (
        f"{link.name} ({shown_account(grant.account)})"
        if grant and len(status.grants) > 1
        else link.name
    )


def status_rows(status: Status) -> list[tuple[str, str]]:
    """Return a person's calendars as fields."""
    rows: list[tuple[str, str]] = []
    if status.primary:
        write = status.primary.tier is Tier.WRITE
        name = _called(status, status.primary)
        rows.append(("Sessions go to" if write else "Blocks my time", name))
        if not write:
            rows.append(("Sessions reach me", "by mail"))
    others = [_called(status, link) for link in status.links if link.use is Use.SECONDARY]
    if others:
        rows.append(("Also block my time", ", ".join(others)))
    return rows


def status_message(status: Status) -> Outgoing:
    """Return the ever-present status of a person's calendars."""
    if not status.links:
        action = Action("connect:start", "Connect my calendar", Style.PRIMARY)
        return views.plain(calendar_words.NOT_CONNECTED, actions=[action])
    parts: list[Part] = [Fields(tuple(status_rows(status)))]
    text = calendar_words.CONNECTED_EXACTLY
    if status.broken:
        grant = status.grants.get(status.broken[0].grant_id)
        service = SERVICES[grant.provider] if grant else ""
        text = calendar_words.CONNECT_BROKEN.format(service=service)
    actions = tuple(
        Action(f"connect:again:{grant_id}", f"Choose calendars of {shown_account(grant.account)}")
        for grant_id, grant in status.grants.items()
    )
    more = (
        Action("connect:start", "Connect another"),
        Action("disconnect", "Disconnect", Style.DANGER),
    )
    return Outgoing(text, Card("", tuple(parts), (), (*actions, *more)))


async def show_status(ports: Ports, turn: Turn) -> Reply:
    """Show a person's calendars."""
    return Reply((status_message(await connect_calendar.status(ports, turn.me.id)),), turn.talk)


async def disconnect(ports: Ports, turn: Turn, sure: str = "") -> Reply:
    """State the effect first; on yes wipe everything (A45)."""
    status = await connect_calendar.status(ports, turn.me.id)
    if not status.links and not status.grants:
        return Reply((status_message(status),), turn.talk)
    if sure == "no":
        return say(turn.talk, words.KEPT)
    if sure != "yes":
        actions = [
            Action("disconnect:yes", "Disconnect", Style.DANGER),
            Action("disconnect:no", "Keep it"),
        ]
        message = views.plain(calendar_words.DISCONNECT_SURE, actions=actions)
        return questions.ask(turn, message, yes=actions[0].id, no=actions[1].id)
    caldav = any(g.provider is Provider.CALDAV for g in status.grants.values())
    await connect_calendar.disconnect(ports, turn.me.id)
    text = calendar_words.DISCONNECTED
    return say(turn.talk, f"{text} {calendar_words.DISCONNECT_APPLE}" if caldav else text)


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
