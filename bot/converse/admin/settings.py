"""Commands about settings: list, show, change, take back, undo."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Note, Style, Table
from bot.converse import deeds
from bot.converse.admin.desk import LONGEST_ID, Option, member_of
from bot.converse.admin.setting_words import INHERIT, SERVICES, SETTING_WORDS, lenient
from bot.converse.deeds import Kind
from bot.speak import admin_words as words
from bot.speak import times
from bot.speak.admin_problems import said
from bot.speak.auto_words import NAMES
from bot.speak.words import listed
from core.ids import ProgrammeId
from core.policy import SETTINGS, Level
from core.setting_text import OFF, ON
from core.use_cases.administer import settings
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.two_way import switch_on as switch_two_way_on
from core.withdrawing import GRACE, Ending

if TYPE_CHECKING:
    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from bot.converse.turn import Reply
    from core.use_cases.administer.impact import Impact
    from core.use_cases.administer.settings import Change, Line, Place

CAREFUL = frozenset({"hours", "weekends", "services", "approved"})
"""Settings whose effect is shown before they are saved; others when it touches calendars."""
MOST_NAMES = 5


def _name(place: Place) -> str:
    return place.programme.name if place.programme else words.PLACE_ORG


def _written(place: Place) -> str:
    """Return how the place is written in a command."""
    return place.programme.name.lower() if place.programme else "org"


async def show_all(desk: Desk, _: Parsed) -> Reply:
    """List every setting with its value and where it comes from."""
    place, lines = await settings.view(desk.ports, desk.me, desk.programme_id)
    rows = tuple(
        (
            line.setting.key + ("" if line.may_set else " *"),
            line.text,
            words.SOURCES[line.source],
            line.setting.help,
        )
        for line in lines
    )
    note = words.SETTINGS_NOTE.format(scope=_written(place), example=SETTINGS["notice"].example)
    notes = [Note(note)]
    if not all(line.may_set for line in lines):
        notes.append(Note(words.LOCKED_NOTE))
    text = words.SETTINGS.format(place=_name(place))
    return desk.reply(text, [Table(words.SETTINGS_HEADS, rows), *notes])


async def setting(desk: Desk, parsed: Parsed) -> Reply:
    """Show one setting, or change it when the command holds a value."""
    key = SETTING_WORDS[" ".join(parsed.words["key"].casefold().split())]
    if "value" not in parsed.words:
        return await _show(desk, key)
    text = parsed.words["value"]
    if text.casefold() in INHERIT:
        return await _change(desk, key, None)
    return await _change(desk, key, lenient(key, text) or text)


async def _show(desk: Desk, key: str) -> Reply:
    place, lines = await settings.view(desk.ports, desk.me, desk.programme_id)
    line = next(line for line in lines if line.setting.key == key)
    text = words.SETTING_SHOW.format(
        key=key,
        place=_name(place),
        value=line.text,
        source=words.SOURCES[line.source],
        help=line.setting.help,
    )
    example = words.SETTING_EXAMPLE.format(scope=_written(place), example=line.setting.example)
    return desk.reply(f"{text} {example}")


async def _change(desk: Desk, key: str, text: str | None) -> Reply:
    """Change a setting at once, or show first what it would mean."""
    try:
        change, impact = await settings.plan_change(
            desk.ports, desk.me, desk.programme_id, key, text
        )
    except Unfit as unfit:
        if unfit.problem is not Problem.SETTING:
            raise
        scope = desk.programme.name.lower() if desk.scope.programme else "org"
        example = SETTINGS[key].example
        hint = words.SETTING_EXAMPLE.format(scope=scope, example=example)
        return desk.reply(f"{said(unfit.problem, unfit.facts)} {hint}")
    if not change.changes:
        return desk.reply(_same(change))
    careful = key in CAREFUL or impact.touches_calendars
    if careful and change.before.text != change.after.text:
        return _ask(desk, change, impact)
    return await _save(desk, key, text, impact)


def _same(change: Change) -> str:
    return words.SETTING_SAME.format(
        key=change.key, place=_name(change.place), value=change.after.text
    )


def _ask(desk: Desk, change: Change, impact: Impact) -> Reply:
    """Show what a change would mean, and ask."""
    asked = words.SETTING_ASK.format(
        key=change.key,
        place=_name(change.place),
        before=change.before.text,
        after=change.after.text,
    )
    options = [*_ways(desk, change, impact), desk.leave_it()]
    concerned = _impact(impact, change.key)
    return desk.ask(" ".join([asked, *concerned]), options, _general(desk, change))


def _ways(desk: Desk, change: Change, impact: Impact) -> list[Option]:
    """Return the ways to save a change: when links of a service end that is not allowed then."""
    value = change.own_after if change.own_after is not None else "default"
    save = desk.act("set", desk.scope.token, change.key, value)
    if not impact.losing:
        return [Option(words.SAVE, save, Style.PRIMARY)]
    if change.key == "approved":
        return [Option(words.APPROVAL_OFF, save, Style.DANGER)]
    ends = (desk.act("ends", desk.scope.token, change.key, when, value) for when in Ending)
    now, later = ends
    return [
        Option(words.ENDS_LATER, later, Style.PRIMARY),
        Option(words.ENDS_NOW, now, Style.DANGER),
    ]


def _impact(impact: Impact, key: str) -> list[str]:
    """Return whom a change concerns, in sentences."""
    asked = words.IMPACT_REQUIRED if key == "connect" else words.IMPACT_CONNECTING
    counted = [
        (words.IMPACT_PEOPLE, impact.people, "person", "people"),
        (words.IMPACT_OUTSIDE, len(impact.outside), "session", ""),
        (words.IMPACT_APART, impact.apart, "pair", ""),
        (words.IMPACT_CONNECTED, impact.connected, "person", "people"),
        (asked, impact.unconnected, "person", "people"),
        (words.IMPACT_ABOVE, impact.above, "person", "people"),
        (words.IMPACT_PRIVATE, impact.private, "person", "people"),
    ]
    said = [
        pattern.format(**{f"{many or one + 's'}": words.some(number, one, many)})
        for pattern, number, one, many in counted
        if number
    ]
    return said + (_losing(impact, key) if impact.losing else [])


def _losing(impact: Impact, key: str) -> list[str]:
    """Return who would lose what they have connected: "Lee Park (Apple)", and how."""
    shown = [f"{person.name} ({NAMES[service]})" for person, service in impact.losing]
    more = len(shown) - MOST_NAMES
    names = shown[:MOST_NAMES] + ([words.MORE_OF.format(count=more)] if more > 0 else [])
    how = words.IMPACT_LOSING_APPROVAL if key == "approved" else words.IMPACT_LOSING_ENDS
    return [words.IMPACT_LOSING.format(names=listed(names)), how]


def _general(desk: Desk, change: Change) -> list[Note]:
    """Say when a setting that was asked for a programme is kept for everybody."""
    general = SETTINGS[change.key].level is Level.GLOBAL and desk.scope.programme is not None
    return [Note(words.GENERAL_ONLY)] if general else []


async def _save(
    desk: Desk,
    key: str,
    text: str | None,
    impact: Impact | None = None,
    ending: Ending = Ending.LATER,
) -> Reply:
    """Store a setting, and offer to take it back."""
    change = await settings.change(desk.ports, desk.me, desk.programme_id, key, text, ending=ending)
    if not change.changes:
        return desk.reply(_same(change))
    pattern = words.SETTING_DONE if change.own_after is not None else words.SETTING_INHERITED
    done = pattern.format(
        key=key, place=_name(change.place), after=change.after.text, before=change.before.text
    )
    concerned = _impact(impact, key)[1:] if impact and impact.people else []
    concerned += _settled(desk, change, ending)
    parts = _undo(desk, change)
    undo = desk.act("undo", *parts)
    options = [Option(words.UNDO, undo)] if len(undo) <= LONGEST_ID else []
    reply = desk.reply(" ".join([done, *concerned]), _general(desk, change), options)
    return replace(reply, talk=deeds.did(reply.talk, Kind.SETTING, parts, desk.turn.now))


def _settled(desk: Desk, change: Change, ending: Ending) -> list[str]:
    """Return what became of connected calendars."""
    ends, stays = (
        words.some(len(people), "person", "people")
        for people in (change.settled.ending, change.settled.staying)
    )
    said = []
    if change.settled.ending and (ending is Ending.NOW or change.key == "approved"):
        said.append(words.SETTLED_NOW.format(people=ends))
    elif change.settled.ending:
        day = times.day(desk.turn.now + GRACE, desk.zone, desk.turn.now)
        said.append(words.SETTLED_LATER.format(day=day, people=ends))
    if change.settled.staying:
        said.append(words.SETTLED_STAY.format(people=stays))
    return said


def _undo(desk: Desk, change: Change) -> tuple[str, str, str, str]:
    """Return what sets the former text back, unless it has changed since: see `undo`."""
    former = "default" if change.own_before is None else f"={change.own_before}"
    return desk.scope.token, change.key, _mark(change.after.text), former


def _mark(text: str) -> str:
    """Return a short mark of a value, by which an undo sees whether it still holds."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


async def set_now(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Save what was shown: args are scope, setting, and the value (it may hold colons)."""
    key, text = args[1], ":".join(args[2:])
    if key not in SETTINGS:
        return desk.reply(words.OLD_BUTTON)
    return await _save(desk, key, None if text == "default" else text)


async def ends_now(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Save what was shown: args are scope, setting, when links end, and the value."""
    key, ending, text = args[1], member_of(Ending, args[2]), ":".join(args[3:])
    if key not in SETTINGS:
        return desk.reply(words.OLD_BUTTON)
    return await _save(desk, key, None if text == "default" else text, ending=ending)


async def two_way(desk: Desk, parsed: Parsed) -> Reply:
    """Say how two-way sync stands, or what it lacks."""
    value = (parsed.words.get("early") or parsed.words.get("value") or "").casefold()
    if value in ON:
        await switch_two_way_on(desk.ports, desk.me, desk.programme_id)
    return desk.reply(words.TWO_WAY_OFF if value in OFF else words.TWO_WAY)


async def undo(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Take a change back: args are scope, setting, mark of the value, and the former text."""
    key, mark, former = args[1], args[2], ":".join(args[3:])
    if key not in SETTINGS:
        return desk.reply(words.OLD_BUTTON)
    line = await _line(desk, key)
    if _mark(line.text) != mark:
        raise Unfit(Problem.CHANGED_SINCE, key=key, value=line.text)
    text = None if former == "default" else former.removeprefix("=")
    change = await settings.change(
        desk.ports, desk.me, desk.programme_id, key, text, expected=line.text
    )
    done = words.SETTING_DONE.format(
        key=key, place=_name(change.place), after=change.after.text, before=change.before.text
    )
    reply = desk.reply(done)
    deed = deeds.last(reply.talk)
    is_this = deed is not None and deed.kind is Kind.SETTING and deed.ids[1] == key
    return replace(reply, talk=deeds.forget(reply.talk)) if is_this else reply


async def _line(desk: Desk, key: str) -> Line:
    """Return a setting as it holds where it is kept."""
    general = SETTINGS[key].level is Level.GLOBAL
    programme_id: ProgrammeId | None = None if general else desk.programme_id
    _, lines = await settings.view(desk.ports, desk.me, programme_id)
    return next(line for line in lines if line.setting.key == key)


async def closures(desk: Desk, parsed: Parsed) -> Reply:
    """Add closure days to those that hold, or take some away."""
    said_dates = lenient("closures", parsed.words["dates"])
    if said_dates is None:
        return await _change(desk, "closures", parsed.words["dates"])
    held = set(SETTINGS["closures"].parse((await _line(desk, "closures")).text))
    named = set(SETTINGS["closures"].parse(said_dates))
    adds = parsed.words["how"].casefold() == "add"
    wanted = held | named if adds else held - named
    return await _change(desk, "closures", ", ".join(str(d) for d in sorted(wanted)) or "none")


async def service(desk: Desk, parsed: Parsed) -> Reply:
    """Allow a calendar service, or stop allowing it."""
    named = SERVICES.get(parsed.words["what"].strip().casefold())
    if named is None:
        return desk.reply(words.UNKNOWN_SERVICE.format(word=parsed.words["what"]))
    held = [s for s in (await _line(desk, "services")).text.split(", ") if s != "none"]
    adds = parsed.words["how"].casefold() in {"add", "enable"}
    wanted = [s for s in held if s != named] + ([named] if adds else [])
    if adds and named in held:
        wanted = held
    return await _change(desk, "services", ", ".join(wanted) or "none")
