"""The entry points of administration: a command, a pressed button, an answer, a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Note, Table
from bot.converse.admin import (
    auto_connect,
    counts,
    doctor,
    files,
    grammar,
    pairing,
    people,
    programmes,
    reports,
    scope,
    settings,
)
from bot.converse.admin.desk import MOST_OPTIONS, QUESTION, Desk, Option, number_of
from bot.converse.admin.grammar import Need
from bot.converse.admin.scope import Scope
from bot.converse.admin.setting_words import SETTING_WORDS
from bot.converse.turn import Reply, say
from bot.speak import admin_problems
from bot.speak import admin_words as words
from core.calling_off import cancel_in
from core.errors import NotFound, Refused
from core.policy import SETTINGS, Level
from core.use_cases.administer import log
from core.use_cases.administer import programmes as use_case
from core.use_cases.administer.problems import Unfit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.card import Part
    from bot.converse.admin.grammar import Parsed
    from bot.converse.turn import Turn
    from core.ids import PersonId
    from core.ports import Ports
    from core.use_cases.administer.rights import Standing

    Handler = Callable[[Desk, Parsed], Awaitable[Reply]]
    Press = Callable[[Desk, tuple[str, ...]], Awaitable[Reply]]


async def admin_command(ports: Ports, turn: Turn, rest: str) -> Reply:
    """Carry out a command in words; `rest` is what stands behind "admin" (or "status")."""
    text = grammar.clean(rest)
    parsed = grammar.read(text)
    if parsed is not None and parsed.command.verb == "sender":
        return say(turn.talk.answered(), words.SENDER_FIXED)
    # The log of a programme outlives it, so more people may read it than may administer.
    load = log.reader if parsed is not None and parsed.command.verb == "log" else use_case.named
    return await _guarded(ports, turn, lambda actor: _command(ports, turn, actor, text), load)


async def admin_action(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Carry out a button; `args` are the parts of the action's id after "admin:".

    Opting out of what the organisation did is everybody's own, and so has no guard.
    """
    if args[:1] == ("optout",):
        return await auto_connect.opt_out(ports, turn)
    return await _guarded(ports, turn, lambda actor: _action(ports, turn, actor, args))


async def admin_file(ports: Ports, turn: Turn) -> Reply:
    """Import an uploaded list of people."""
    return await _guarded(ports, turn, lambda actor: files.take(_desk(ports, turn, actor, Scope())))


async def admin_answer(ports: Ports, turn: Turn) -> Reply | None:
    """Carry out the answer in words to an open question of kind "admin", or an opting out of what
    administrators decided.

    None for what is neither: then the sentence is to be read like any other.
    """
    if auto_connect.OPT_OUT.fullmatch(turn.incoming.text.strip()):
        return await auto_connect.opt_out(ports, turn)
    question = turn.talk.question
    if question is None or question.kind != QUESTION:
        return None
    options = [(str(action), str(label)) for action, label in question.data.get("options", ())]
    chosen = chosen_option(options, turn.incoming.text)
    if chosen is None:
        return None
    return await admin_action(ports, turn, tuple(chosen.split(":")[1:]))


def chosen_option(options: list[tuple[str, str]], text: str) -> str | None:
    """Return the action of the option that a text names by number, words or a plain yes or no."""
    word = " ".join(text.casefold().split()).strip(" .!")
    if not options or not word:
        return None
    if word in {"no", "leave it", "never mind", "cancel that", "stop"}:
        return options[-1][0] if options[-1][0] == "admin:leave" else None
    if word in {"yes", "ok", "okay", "save", "go ahead", "yes please"}:
        return options[0][0] if len(options) == 2 and options[1][0] == "admin:leave" else None
    if word.isdigit() and 1 <= int(word) <= len(options):
        return options[int(word) - 1][0]
    named = [action for action, label in options if label.casefold() == word]
    named = named or [a for a, label in options if label.casefold().startswith(word)]
    return named[0] if len(named) == 1 else None


async def _guarded(
    ports: Ports,
    turn: Turn,
    work: Callable[[Standing], Awaitable[Reply]],
    load: Callable[[Ports, PersonId], Awaitable[Standing]] = use_case.named,
) -> Reply:
    """Do the work for an administrator; say in words what is refused."""
    try:
        return await work(await load(ports, turn.me.id))
    except Unfit as unfit:
        text = admin_problems.said(unfit.problem, unfit.facts)
    except Refused as refusal:
        text = _refused(refusal)
    except NotFound:
        text = words.GONE
    return say(turn.talk.answered(), text)


def _refused(refusal: Refused) -> str:
    names = next((objection.detail for objection in refusal.objections), "")
    return words.ADMIN_ONLY.format(names=names) if names else words.ADMIN_NOBODY


def _desk(ports: Ports, turn: Turn, actor: Standing, about: Scope) -> Desk:
    return Desk(ports, turn, actor, about, cancel_in)


# --- commands ---------------------------------------------------------------------------------


async def _command(ports: Ports, turn: Turn, actor: Standing, text: str) -> Reply:
    """Find out what the command is about, then carry it out."""
    parsed = grammar.read(text)
    if parsed is not None and parsed.command.verb in {"org_connect", "create"}:
        return await _carry_out(_desk(ports, turn, actor, Scope()), parsed)
    about, rest = scope.find(text, actor.programmes)
    return await _read(_desk(ports, turn, actor, about), rest)


async def _read(desk: Desk, text: str) -> Reply:
    """Read a command whose scope is known."""
    if not text and desk.scope.programme is not None:
        text = "status"
    parsed = grammar.read(text)
    if parsed is None:
        return _unknown(desk, text)
    return await _carry_out(desk, parsed)


async def _carry_out(desk: Desk, parsed: Parsed) -> Reply:
    """Carry out a command, after asking for the programme where it needs one."""
    need = parsed.command.need
    if need is Need.PROGRAMME and desk.scope.programme is None:
        return await _with_programme(desk, parsed)
    if need is Need.PLACE and desk.scope == Scope():
        return await _with_place(desk, parsed)
    return await HANDLERS[parsed.command.verb](desk, parsed)


async def _with_programme(desk: Desk, parsed: Parsed) -> Reply:
    """Take the only programme there is, or ask which one is meant."""
    own = desk.actor.own
    if not own:
        return desk.reply(words.NO_PROGRAMMES)
    if len(own) == 1:
        return await HANDLERS[parsed.command.verb](_about(desk, Scope(own[0])), parsed)
    options = _places(desk, parsed)
    return desk.ask(words.WHICH_PROGRAMME, options)


async def _with_place(desk: Desk, parsed: Parsed) -> Reply:
    """Take the only place there is for a setting, or ask which one is meant."""
    own = desk.actor.own
    if _is_general(parsed) and desk.actor.has_both_powers:
        own = ()
    if len(own) == 1 and len(desk.actor.programmes) == 1:
        return await HANDLERS[parsed.command.verb](_about(desk, Scope(own[0])), parsed)
    if not own:
        about = Scope(is_organisation=True)
        return await HANDLERS[parsed.command.verb](_about(desk, about), parsed)
    if len(own) == 1 and not desk.actor.has_both_powers:
        return await HANDLERS[parsed.command.verb](_about(desk, Scope(own[0])), parsed)
    options = _places(desk, parsed)
    if desk.actor.has_both_powers:
        everywhere = _about(desk, Scope(is_organisation=True))
        options = [*options, Option(words.WHOLE_ORG, everywhere.run(parsed.text))]
    return desk.ask(words.WHICH_PLACE, options)


def _is_general(parsed: Parsed) -> bool:
    """Tell whether a command sets what is kept for the whole organisation only."""
    key = SETTING_WORDS.get(parsed.words.get("key", "").casefold(), "")
    return key in SETTINGS and SETTINGS[key].level is Level.GLOBAL


def _about(desk: Desk, about: Scope) -> Desk:
    return Desk(desk.ports, desk.turn, desk.actor, about, desk.cancel)


def _places(desk: Desk, parsed: Parsed) -> list[Option]:
    """Return the same command for each programme."""
    return [
        Option(programme.name, _about(desk, Scope(programme)).run(parsed.text))
        for programme in desk.actor.own[:MOST_OPTIONS]
    ]


def _unknown(desk: Desk, text: str) -> Reply:
    """Say that a command is not known, with the nearest one."""
    unknown = words.UNKNOWN.format(text=text)
    near = grammar.nearest(text)
    if not near:
        return desk.reply(words.UNKNOWN_HELP.format(unknown=unknown))
    rest = text.split(maxsplit=1)[1:]
    meant = " ".join([near, *rest])
    said = words.UNKNOWN_NEAR.format(unknown=unknown, near=meant)
    if grammar.read(meant) is None:
        return desk.reply(said)
    label = words.NEAR_LABEL.format(text=meant)
    return desk.ask(said, [Option(label, desk.run(meant)), desk.leave_it()])


async def _help(desk: Desk, _: Parsed) -> Reply:
    """List the commands with an example each."""
    parts: list[Part] = []
    for group in grammar.Group:
        lines = [c for c in grammar.TABLE if c.help and c.group is group]
        rows = tuple((f"admin {c.example}", c.help) for c in lines)
        parts += [Note(group.value), Table(words.HELP_HEADS, rows)]
    return desk.reply(words.HELP, parts)


async def _fixed(desk: Desk, _: Parsed) -> Reply:
    """Refuse what is never done, whoever asks."""
    return desk.reply(words.SENDER_FIXED)


HANDLERS: Mapping[str, Handler] = {
    "sender": _fixed,
    "org_connect": auto_connect.org_connect,
    "two_way": settings.two_way,
    "connect_for": reports.connect_for,
    "create": programmes.create,
    "rename": programmes.rename,
    "end": programmes.end,
    "programmes": programmes.programme_list,
    "closures": settings.closures,
    "global_give": people.global_give,
    "global_take": people.global_take,
    "role_give": people.role_give,
    "role_take": people.role_take,
    "import": files.how,
    "add": people.add,
    "remove": people.remove,
    "people": people.people_list,
    "re_pair": pairing.re_pair,
    "unpair": pairing.unpair,
    "pair": pairing.pair,
    "pairs": pairing.pair_list,
    "status": reports.show_status,
    "unconnected": reports.show_list,
    "unbooked": reports.show_list,
    "waiting": reports.show_list,
    "unpaired": reports.show_list,
    "counts": counts.show_counts,
    "remind": reports.remind,
    "doctor": doctor.show_doctor,
    "delivery_log": doctor.show_delivery_log,
    "deliveries": reports.show_deliveries,
    "log": reports.show_log,
    "help": _help,
    "settings": settings.show_all,
    "service": settings.service,
    "setting": settings.setting,
}


# --- buttons ----------------------------------------------------------------------------------


async def _action(ports: Ports, turn: Turn, actor: Standing, args: tuple[str, ...]) -> Reply:
    """Carry out a button. What an older version put on a button is answered, not guessed."""
    verb, rest = args[0] if args else "", args[1:]
    desk = _desk(ports, turn, actor, Scope())
    if verb == "leave":
        return desk.reply(words.LEFT_AS_IS)
    if verb == "retry" and rest:
        return await reports.retry(desk, rest)
    press, least = PRESSES.get(verb, (_old, 0))
    if len(rest) < least:
        return await _old(desk, rest)
    if press is not _old:
        desk = _about(desk, _scope_of(rest[0], actor))
    return await press(desk, rest)


def _scope_of(token: str, actor: Standing) -> Scope:
    """Read a button's scope. Raises NotFound for a programme that is not there any more."""
    about = scope.from_token(token, actor.programmes)
    if about == Scope() and token != scope.ANYTHING:
        raise NotFound(token)
    return about


async def _old(desk: Desk, _: tuple[str, ...]) -> Reply:
    return desk.reply(words.OLD_BUTTON)


async def _run(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Carry out the command that a button stands for: it may hold colons."""
    return await _read(desk, ":".join(args[1:]))


async def _more_people(desk: Desk, args: tuple[str, ...]) -> Reply:
    return await people.page_of_people(desk, number_of(args[1]))


async def _more_pairs(desk: Desk, args: tuple[str, ...]) -> Reply:
    return await pairing.page_of_pairs(desk, number_of(args[1]))


# Each button's handler, and how many parts its id has at least.
PRESSES: Mapping[str, tuple[Press, int]] = {
    "run": (_run, 2),
    "end": (programmes.end_now, 2),
    "remove": (people.remove_now, 3),
    "unpair": (pairing.unpair_now, 3),
    "repair": (pairing.re_pair_now, 4),
    "set": (settings.set_now, 3),
    "ends": (settings.ends_now, 4),
    "undo": (settings.undo, 4),
    "auto": (auto_connect.pressed, 2),
    "remind": (reports.remind_now, 3),
    "list": (reports.page_of_list, 3),
    "people": (_more_people, 2),
    "pairs": (_more_pairs, 2),
}
