"""Where a person is reached, on whose clock, in which workspaces; and who they are elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

from bot.card import Action, Card, Table
from bot.converse import deeds, forms, preferences
from bot.converse.asker import none_of_these
from bot.converse.preferences import save_change
from bot.converse.schedule import book, load_proposal, not_the_asker
from bot.converse.turn import Reply, say
from bot.converse.when import context_of
from bot.speak import people_words, times, words
from bot.speak.same_person import told
from bot.understand.intent import Preference
from bot.understand.read import read
from core import presence
from core.errors import NotFound, Refused
from core.timing.zones import instant, local_date, same_clock, zone_of
from core.use_cases import identify, stays, workspaces

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.people import Person
    from core.ports import Ports, Tx
    from core.talk import Workspace

UPLOAD_LASTS = 3600  # seconds
_VERB = (
    r"(?:(?:please|pls|(?:can|could) you|just) )*"
    r"(?:reach|write to|contact|message|msg|notify|write|tell|ping)"
)
REACH = re.compile(
    rf"{_VERB} me (?:only |always )?(?:in|on|by|via|through|over) (?:the )?(?P<kind>slack|"
    r"(?:microsoft |ms )?teams|e-?mail|mail|local chat)(?: only| please| pls| instead)*\W*",
    re.IGNORECASE,
)
ANYWHERE = re.compile(
    rf"{_VERB} me (?:anywhere|wherever(?: i (?:am|write|spoke|was)(?: last)?)?)\W*", re.IGNORECASE
)
UNTIL = re.compile(r"(?:only )?until (?P<day>.+)", re.IGNORECASE)
WORKSPACES = re.compile(r"(?:admin )?(?:list |show )?(?:the |my )?workspaces\W*", re.IGNORECASE)
LINK = re.compile(r"(?:admin )?link (?:the )?workspace (?P<name>.+)", re.IGNORECASE)
UPLOAD = re.compile(r"(?:admin )?upload (?:link|page)\W*", re.IGNORECASE)


async def in_words(ports: Ports, turn: Turn, roster: Roster, text: str) -> Reply | None:
    """Answer a sentence about any of this; None for any other sentence."""
    if found := REACH.fullmatch(text):
        return await _reach(ports, turn, _kind(found["kind"]))
    if ANYWHERE.fullmatch(text):
        what = people_words.REACH_ANYWHERE
        return await save_change(ports, turn, lambda person: replace(person, reach=""), what)
    if WORKSPACES.fullmatch(text):
        return await _list_workspaces(ports, turn)
    if found := LINK.fullmatch(text):
        return await _link(ports, turn, found["name"].strip(" .\"'“”"))
    if UPLOAD.fullmatch(text):
        return upload(turn, roster)
    asked = _asked_zone(turn)
    if asked and (found := UNTIL.fullmatch(text)):
        return await _stay(ports, turn, asked, found["day"])
    return None


def _asked_zone(turn: Turn) -> str:
    """Return the zone that the open question is about, empty for any other question."""
    question = turn.talk.question
    if question is None or question.data.get("no") != "zone:no":
        return ""
    return str(question.data["yes"]).rpartition(":")[2]


# --- where ----------------------------------------------------------------------------------------


def _kind(said: str) -> str:
    """Return the kind of chat that somebody calls so."""
    word = said.casefold()
    if "mail" in word:
        return presence.MAIL
    return "local" if word.startswith("local") else word.rsplit(" ", 1)[-1]


async def _reach(ports: Ports, turn: Turn, kind: str) -> Reply:
    """Keep in which chat, or whether by mail, somebody wants to be reached."""
    if kind == presence.MAIL:
        what = people_words.REACH_MAIL
        return await save_change(ports, turn, lambda person: replace(person, reach=kind), what)
    if kind not in await reaching(ports, turn.me):
        return say(turn.talk, people_words.REACH_NOT_THERE.format(chat=people_words.chat(kind)))
    what = people_words.REACH_SAVED.format(chat=people_words.chat(kind))
    return await save_change(ports, turn, lambda person: replace(person, reach=kind), what)


async def reaching(ports: Ports, person: Person) -> tuple[str, ...]:
    """Return the kinds of chat in which a person can be reached."""
    return await ports.store.read(lambda tx: kinds_of(tx, person))


def kinds_of(tx: Tx, person: Person) -> tuple[str, ...]:
    """Return the kinds of chat in which a person can be reached."""
    known = tx.people.identities(person.id)
    return tuple(sorted({i.kind for i in known if not presence.is_unreachable(tx, i)}))


# --- the clock ------------------------------------------------------------------------------------


async def _zone(ports: Ports, turn: Turn, _roster: Roster, args: tuple[str, ...]) -> Reply:
    """Take the answer whether another clock is wanted."""
    how, zone = (*args, "", "")[:2]
    talk = turn.talk.answered()
    if how == "no":
        text = people_words.ZONE_KEPT.format(home=times.city(turn.me.zone))
        return say(talk, text)
    if how == "drop":
        dropped = await stays.drop(ports, turn.me.id)
        text = people_words.ZONE_KEPT.format(home=times.city(turn.me.zone))
        return say(turn.talk, text if dropped else words.OLD_BUTTON)
    zone = _known(zone)
    if not zone:
        return say(talk, words.OLD_BUTTON)
    if how == "until":
        return say(turn.talk, people_words.FORM_OPENED, forms.zone_form(zone))
    if how == "days":
        return await _stay(ports, turn, zone, turn.incoming.values.get("until", ""))
    what = words.ZONE_SAVED.format(zone=zone)
    after = replace(turn, talk=talk)
    return await save_change(ports, after, lambda person: replace(person, zone=zone), what)


def _known(zone: str) -> str:
    """Return a zone's name, empty for what is none."""
    try:
        return zone_of(zone).key
    except ValueError:
        return ""


async def _stay(ports: Ports, turn: Turn, zone: str, text: str) -> Reply:
    """Use another clock up to a day; the one before comes back by itself."""
    day = forms.day_to_come(text, turn.now, zone)
    if day is None or not _known(zone):
        return say(turn.talk, people_words.ZONE_NO_DAY)
    return await _stay_until(ports, turn, zone, day)


async def _stay_until(ports: Ports, turn: Turn, zone: str, last: date) -> Reply:
    span = (turn.now, instant(times.next_day(last), time(), zone))
    home = await stays.plan(ports, turn.me.id, zone, span)
    said = people_words.ZONE_STAY.format(
        day=times.day_name(last, local_date(turn.now, home)),
        city=times.city(zone),
        home=times.city(home),
    )
    return say(turn.talk.answered(), said)


async def set_preferences(ports: Ports, turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Save what was said; "I'm in Lisbon from 2 to 6 November" is about some days only (A40)."""
    wish = reading.preferences[0] if len(reading.preferences) == 1 else None
    if wish and wish.kind is Preference.ZONE and wish.zone and wish.first and wish.last:
        first, last = date.fromisoformat(wish.first), date.fromisoformat(wish.last)
        return await _trip(ports, turn, wish.zone, first, last)
    return await preferences.set_preferences(ports, turn, roster, reading)


async def _trip(ports: Ports, turn: Turn, zone: str, first: date, last: date) -> Reply:
    """Use another clock for some days, which may be to come."""
    zone = _known(zone)
    today = local_date(turn.now, zone or turn.me.zone)
    if not zone or last < max(first, today):
        return say(turn.talk, people_words.ZONE_NO_DAY)
    if first <= today:
        return await _stay_until(ports, turn, zone, last)
    span = (instant(first, time(), zone), instant(times.next_day(last), time(), zone))
    home = await stays.plan(ports, turn.me.id, zone, span)
    same = all(same_clock(zone, home, at) for at in (span[0], span[1] - 1))
    city, back = times.city(zone), times.city(home)
    names = {"first": times.day_name(first, today), "city": city, "home": back}
    shown = people_words.ZONE_SAME.format(home=back) if same else ""
    said = people_words.ZONE_TRIP.format(last=times.day_name(last, today), same=shown, **names)
    if not same:
        said = f"{said} {people_words.ZONE_TRIP_LATER.format(**names)}"
    undo = Action("zone:drop", people_words.ZONE_TRIP_UNDO)
    talk = deeds.did(turn.talk, deeds.Kind.STAY, (), turn.now)
    return say(talk, said, Card(actions=(undo,)))


# --- forms ----------------------------------------------------------------------------------------


async def _preferences(ports: Ports, turn: Turn, _roster: Roster, args: tuple[str, ...]) -> Reply:
    """Show the form of preferences, or save what it says."""
    me = await ports.store.read(lambda tx: tx.people.get(turn.me.id))
    card = forms.preferences_form(me, await reaching(ports, me))
    if args[:1] != ("save",):
        return say(turn.talk, people_words.FORM_OPENED, card)
    values = turn.incoming.values
    wrong = forms.problems("prefs:save", values, turn.now, me.zone)
    if wrong:
        return say(turn.talk, " ".join(dict.fromkeys(wrong.values())), card)
    kinds = {
        option for entry in card.inputs if entry.name == "reach" for option, _ in entry.options
    }
    kept = {**values} if values.get("reach", "") in kinds else {**values, "reach": me.reach}
    return await save_change(
        ports, turn, lambda person: forms.with_preferences(person, kept), people_words.FORM_SAVED
    )


async def _window(ports: Ports, turn: Turn, roster: Roster, args: tuple[str, ...]) -> Reply:
    """Look for times in another window than the one that did not suit."""
    how, proposal_id = (*args, "", "")[:2]
    if how != "ask":
        proposal = await load_proposal(ports, how)
        if proposal.request.asker != turn.me.id:
            return await not_the_asker(ports, turn, proposal)
        return say(turn.talk, people_words.FORM_OPENED, forms.window_form(proposal.id))
    dropped = await none_of_these(ports, turn, proposal_id)
    when = turn.incoming.values.get("when", "").strip()
    if not when:
        return dropped
    there = replace(turn, talk=dropped.talk)
    found = await book(ports, there, roster, read(when, context_of(there, roster)))
    return Reply((*dropped.messages[:1], *found.messages), found.talk)


def upload(turn: Turn, roster: Roster) -> Reply:
    """Give an administrator the page on which a file of people is handed in."""
    if not roster.administers:
        return say(turn.talk, people_words.UPLOAD_ADMINS)
    if turn.doors is None:
        return say(turn.talk, people_words.UPLOAD_NO_PAGES)
    card = forms.upload_card(turn.doors.upload(turn.me.id, turn.now + UPLOAD_LASTS))
    return say(turn.talk, people_words.UPLOAD, replace(card, parts=card.parts[1:]))


# --- who somebody is elsewhere --------------------------------------------------------------------


async def _same(ports: Ports, turn: Turn, _roster: Roster, args: tuple[str, ...]) -> Reply:
    """Take a known person's word on whether somebody in another chat is they."""
    ask_id, said = (*args, "", "")[:2]
    asked = await identify.answer_same(ports, turn.incoming.who, ask_id, yes=said == "yes")
    return Reply((told(turn.me, asked, f"same:{ask_id}"),), turn.talk)


# --- workspaces -----------------------------------------------------------------------------------


async def _list_workspaces(ports: Ports, turn: Turn) -> Reply:
    """List the workspaces of the organisation, and those that wait to be linked."""
    try:
        linked, unlinked = await workspaces.listed(ports, turn.me.id)
    except Refused as refusal:
        return await _refused(ports, turn, refusal)
    if not linked and not unlinked:
        return say(turn.talk, people_words.WORKSPACES_NONE)
    rows = tuple((w.name, people_words.chat(w.kind), _state(w)) for w in (*linked, *unlinked))
    actions = tuple(
        Action(f"workspace:{w.external_id}", f"Link {w.name[:60]}") for w in unlinked if w.active
    )
    parts = (Table(people_words.WORKSPACE_HEADS, rows),)
    return say(turn.talk, people_words.WORKSPACES, Card("", parts, (), actions))


def _state(workspace: Workspace) -> str:
    if not workspace.active:
        return people_words.WORKSPACE_STATES["left"]
    return people_words.WORKSPACE_STATES["linked" if workspace.org_id else "open"]


async def _link(ports: Ports, turn: Turn, name: str) -> Reply:
    """Link one workspace."""
    try:
        found = await workspaces.link(ports, turn.me.id, name)
    except Refused as refusal:
        return await _refused(ports, turn, refusal)
    if not found:
        return say(turn.talk, people_words.WORKSPACE_NONE.format(name=name))
    if len(found) > 1:
        ids = words.listed([w.external_id for w in found], "or")
        return say(turn.talk, people_words.WORKSPACE_SEVERAL.format(name=name, ids=ids))
    return say(turn.talk, people_words.WORKSPACE_LINKED.format(name=found[0].name))


async def _refused(ports: Ports, turn: Turn, refusal: Refused) -> Reply:
    """Say who could do it."""
    person_id = refusal.objections[0].person_id
    names = ""
    if person_id is not None:
        person = await ports.store.read(lambda tx: tx.people.get(person_id))
        names = f", for example {person.name}"
    return say(turn.talk, people_words.WORKSPACE_ADMIN.format(names=names))


async def _workspace(ports: Ports, turn: Turn, _roster: Roster, args: tuple[str, ...]) -> Reply:
    """Link the workspace of a button."""
    if not args:
        raise NotFound("workspace")
    return await _link(ports, turn, args[0])


async def _upload(_ports: Ports, turn: Turn, roster: Roster, _args: tuple[str, ...]) -> Reply:
    return upload(turn, roster)


VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "same": _same,
    "zone": _zone,
    "prefs": _preferences,
    "window": _window,
    "upload": _upload,
    "workspace": _workspace,
}
