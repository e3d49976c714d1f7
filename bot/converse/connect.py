"""Connecting a calendar by chat: which services, a page or a private form (A11, A13-A16, A46).

Passwords come in through the values of a private form only; they go straight to the use case
and are sealed there. Nothing here keeps, echoes or logs them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Input, InputKind, Note, Part, Style, Text
from bot.converse import calendars, forms, questions
from bot.converse.turn import Reply, say
from bot.message import Outgoing
from bot.speak import calendar_words, gate_words, views, words
from bot.speak.calendar_views import SERVICES, called, choose_card, shown_account, status_rows
from bot.speak.it_letter import letter
from core.connecting import Choice, most_calendars
from core.consenting import PATIENCE
from core.errors import AccessRevoked, InvalidRequest, NotFound, ProviderError, Refused
from core.ids import GrantId, PersonId
from core.links import Provider, Tier
from core.programme import Rule
from core.use_cases import connect_calendar
from core.use_cases.consent import make_links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.doors import Doors
    from bot.message import Incoming
    from bot.understand.intent import Reading
    from core.connecting import Connected, Status
    from core.ports import Ports

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
    except Refused as refusal:
        return say(turn.talk, _shut(refusal, roster))
    if not services:
        return say(turn.talk, gate_words.shut("", _contact(roster)))
    status = await connect_calendar.status(ports, turn.me.id)
    if status.links and reading is not None and calendars.PRIMARY.search(reading.text):
        return await calendars.other_primary(ports, turn, status)
    limit = most_calendars(tuple(roster.policies.values()))
    if limit and len(status.links) >= limit and not (replacing or status.broken):
        return _full(turn, status, limit)
    named = Provider(reading.provider) if reading and reading.provider else None
    return await _services(ports, turn, status, services, named, replacing)


def _shut(refusal: Refused, roster: Roster) -> str:
    """Say which gate is shut, and whom to ask."""
    return gate_words.shut(refusal.objections[0].detail, _contact(roster))


async def _services(
    ports: Ports,
    turn: Turn,
    status: Status,
    services: Sequence[Provider],
    named: Provider | None,
    replacing: str = "",
) -> Reply:
    """Offer the services; the one that was named, or a form that is the only way, at once."""
    lead = ""
    if named and named not in services:
        others = words.listed([SERVICES[service] for service in services], "or")
        lead = _not_offered(ports, named, others)
    parts: list[Part] = [Fields(tuple(status_rows(status)))] if status.links else []
    if tuple(services) == (Provider.CALDAV,) or named is Provider.CALDAV in services:
        return await _form(
            ports, turn, parts, f"{lead} {calendar_words.CONNECT_FORM}".strip(), replacing
        )
    shown = [named] if named in services and named else list(services)
    actions = await _buttons(ports, turn, shown, replacing)
    if any(action.url for action in actions):
        parts += [Note(calendar_words.CONNECT_NOTE), Note(calendar_words.CONNECT_LINKS)]
    which = calendar_words.CONNECT_HERE if named in services else calendar_words.CONNECT_WHICH
    return say(turn.talk, f"{lead} {which}".strip(), Card("", tuple(parts), (), tuple(actions)))


def _not_offered(ports: Ports, service: Provider, others: str) -> str:
    """Say why a service that was named is not offered: not here, or not in this programme."""
    if service in ports.calendars:
        return gate_words.not_allowed(SERVICES[service], others)
    return calendar_words.CONNECT_NOT_HERE.format(service=SERVICES[service], others=others)


async def _buttons(
    ports: Ports,
    turn: Turn,
    services: Sequence[Provider],
    replacing: str,
    tier: Tier | None = None,
) -> list[Action]:
    """Return a button per service: a page for those with a consent page, else the form."""
    pages = [s for s in services if ports.calendars[s].consent is not None]
    links: dict[Provider, str] = {}
    if pages and turn.doors is not None:
        links = await make_links(
            ports, turn.me.id, pages, turn.incoming.who, replacing=bool(replacing), tier=tier
        )
    actions = []
    for service in services:
        if service in links and turn.doors is not None:
            url = turn.doors.connect(links[service], turn.now + PATIENCE)
            actions.append(Action(f"connect:page:{service}", SERVICES[service], url=url))
        elif service is Provider.CALDAV:
            actions.append(Action(f"connect:form:{service}{replacing}", SERVICES[service]))
    return actions


def _full(turn: Turn, status: Status, limit: int) -> Reply:
    """Say that there is no room for another calendar; the only one may be replaced (X1)."""
    names = words.listed([called(status, link) for link in status.links])
    if limit > 1:
        count = words.count(limit)
        return say(turn.talk, calendar_words.CONNECT_FULL.format(limit=count, names=names))
    actions = [
        Action("connect:replace", "Replace it", Style.PRIMARY),
        Action("connect:keep", "Keep it"),
    ]
    message = views.plain(calendar_words.CONNECT_REPLACE.format(name=names), actions=actions)
    return questions.ask(turn, message, yes=actions[0].id, no=actions[1].id)


async def _not_for_others(ports: Ports, turn: Turn, person_id: str) -> Reply:
    """Nobody connects for somebody else; offer to send them the link (R34)."""
    person = await ports.store.read(lambda tx: tx.people.get(PersonId(person_id)))
    action = Action(f"nudge:{person.id}", f"Send {person.first_name} the link")
    text = calendar_words.CONNECT_ONLY_YOU.format(name=person.name)
    return Reply((views.plain(text, actions=[action]),), turn.talk)


def _contact(roster: Roster) -> str:
    contacts = [p.contacts for p in roster.policies.values() if p.contacts]
    return f": {contacts[0]}" if contacts else ""


# --- buttons and forms --------------------------------------------------------------------------


async def action(ports: Ports, turn: Turn, roster: Roster, args: tuple[str, ...]) -> Reply:
    """Act on the buttons and forms of connecting."""
    verb, rest = args[0], args[1:]
    replacing = REPLACING if verb == "replace" or rest[1:2] == ("replace",) else ""
    service = Provider(rest[0]) if rest and rest[0] in set(Provider) else None
    if verb == "keep":
        return say(turn.talk, words.KEPT)
    if verb == "verify":
        return await _verify(ports, turn, replacing)
    if service is not None:
        return await _about_service(ports, turn, roster, verb, service, replacing)
    if verb == "choose" and rest:
        return await _chosen(ports, turn, rest[0], replacing)
    if verb == "again" and rest:
        return await calendars.choose_again(ports, turn, rest[0])
    if verb == "move" and rest:
        return await calendars.move_sessions(ports, turn, rest[0])
    return await connect(ports, turn, roster, None, replacing)


async def _about_service(
    ports: Ports, turn: Turn, roster: Roster, verb: str, service: Provider, replacing: str
) -> Reply:
    """Act on a button that names a service."""
    if verb == "letter":
        return _letter(turn, service)
    tier = Tier.WRITE if verb == "write" else None
    return await _one_service(ports, turn, roster, service, tier, replacing)


def _letter(turn: Turn, service: Provider) -> Reply:
    """Give the text that a person forwards to their IT administrator (A12)."""
    app = turn.doors.apps.get(service) if turn.doors else None
    if app is None or turn.doors is None:
        text = calendar_words.CONNECT_NOT_HERE.format(service=SERVICES[service], others="others")
        return say(turn.talk, text)
    parts = (Text(letter(service, app, turn.doors.public_url)),)
    return say(turn.talk, calendar_words.IT_LETTER, Card("", parts))


async def _one_service(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    service: Provider,
    tier: Tier | None,
    replacing: str = "",
) -> Reply:
    """Offer one service anew: to connect it again, or to let us write there."""
    try:
        services = await connect_calendar.offered_services(ports, turn.me.id)
    except Refused as refusal:
        return say(turn.talk, _shut(refusal, roster))
    if service not in services:
        return say(turn.talk, gate_words.not_allowed(SERVICES[service], ""))
    if service is Provider.CALDAV:
        return await _form(ports, turn, replacing=replacing)
    actions = await _buttons(ports, turn, [service], replacing, tier)
    if not actions:
        return await connect(ports, turn, roster, None)
    notes = (Note(calendar_words.CONNECT_NOTE), Note(calendar_words.CONNECT_LINKS))
    return say(turn.talk, calendar_words.CONNECT_HERE, Card("", notes, (), tuple(actions)))


def form_card(replacing: str = "", parts: Sequence[Part] = ()) -> Card:
    """Return the private form of an Apple or other CalDAV account."""
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
    return Card(
        "Connect a calendar",
        (*parts, Text(calendar_words.CONNECT_CALDAV)),
        inputs,
        (Action(f"connect:verify:caldav{replacing}", "Connect", Style.PRIMARY),),
    )


async def _form(
    ports: Ports,
    turn: Turn,
    parts: Sequence[Part] = (),
    problem: str = "",
    replacing: str = "",
) -> Reply:
    """Show the private form for a CalDAV account, and the page that asks the same."""
    card = form_card(replacing, parts)
    if turn.doors is not None:
        card = await with_page(ports, turn.doors, turn.me.id, turn.incoming, card)
    return Reply((Outgoing(problem or calendar_words.CONNECT_FORM, card),), turn.talk)


async def with_page(
    ports: Ports, doors: Doors, person_id: PersonId, incoming: Incoming, card: Card
) -> Card:
    """Return the private form with a link to the page that asks the same."""
    caldav, replacing = Provider.CALDAV, card.actions[0].id.endswith(REPLACING)
    links = await make_links(ports, person_id, [caldav], incoming.who, replacing=replacing)
    url = doors.connect(links[caldav], ports.clock.now() + PATIENCE)
    page = Action("connect:page:caldav", "Use a private page instead", url=url)
    return replace(card, actions=(*card.actions, page))


async def _verify(ports: Ports, turn: Turn, replacing: str) -> Reply:
    """Open the account live; a wrong password leaves the form open with what to do."""
    values = turn.incoming.values
    wrong = forms.problems(turn.incoming.action, values, turn.now, turn.me.zone)
    wrong.pop("server", None)  # only the service knows which addresses are fine
    if wrong:
        return await _form(ports, turn, (), " ".join(dict.fromkeys(wrong.values())), replacing)
    await turn.progress(calendar_words.CONNECTING)
    try:
        connected = await connect_calendar.open_account(
            ports, turn.me.id, Provider.CALDAV, dict(values)
        )
    except Refused:
        text = calendar_words.CONNECT_SERVICE_OFF.format(service=SERVICES[Provider.CALDAV])
        return say(turn.talk, text)
    except AccessRevoked:
        return await _form(ports, turn, (), calendar_words.CONNECT_WRONG, replacing)
    except InvalidRequest as error:
        problem = words.sentence(error.detail or calendar_words.CONNECT_WRONG)
        return await _form(ports, turn, (), problem, replacing)
    except ProviderError:
        return await _form(ports, turn, (), calendar_words.CONNECT_UNREACHABLE, replacing)
    if not connected.calendars:
        return say(turn.talk, calendar_words.CONNECT_NO_CALENDARS)
    return _ask_which(turn, connected, replacing)


def _ask_which(turn: Turn, connected: Connected, replacing: str, text: str = "") -> Reply:
    account = shown_account(connected.grant.account)
    text = text or calendar_words.CONNECT_CHOOSE.format(account=account)
    return say(turn.talk, text, choose_card(connected, replacing=bool(replacing)))


async def _chosen(ports: Ports, turn: Turn, grant_id: str, replacing: str) -> Reply:
    """Link what was chosen, and say exactly that it is connected (R30)."""
    values = turn.incoming.values
    try:
        connected, ids = await calendars.opened(ports, turn, GrantId(grant_id))
        primary = ids.get(values.get("primary", ""))
        secondary = tuple(ids[v] for v in values.get("secondary", "").splitlines() if v in ids)
        if primary is None and (replacing or not connected.links):
            return _ask_which(turn, connected, replacing, calendar_words.CONNECT_NEED_PRIMARY)
        choice = Choice(
            primary, secondary, write=values.get("write") != "no", instead=bool(replacing)
        )
        return await calendars.save(ports, turn, connected, choice)
    except NotFound:
        return say(turn.talk, calendar_words.NOT_CONNECTED)
    except Refused as refusal:
        if refusal.objections[0].kind is not Rule.CALENDARS_MAX:
            raise
        limit = int(refusal.objections[0].detail)
        return say(
            turn.talk,
            calendar_words.CONNECT_MAX[limit > 1].format(limit=words.count(limit)),
        )
    except ProviderError:
        return say(turn.talk, calendar_words.CONNECT_UNREACHABLE)
