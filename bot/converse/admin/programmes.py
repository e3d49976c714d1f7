"""Commands about programmes: create, rename, end, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Table
from bot.converse.admin import fates, grammar
from bot.converse.admin.fates import fate_of
from bot.speak import admin_words as words
from core.use_cases.administer import programmes

if TYPE_CHECKING:
    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from bot.converse.turn import Reply

_SCOPES = frozenset({"org", "organisation", "organization", "everywhere", "admin"})


async def create(desk: Desk, parsed: Parsed) -> Reply:
    """Create a programme."""
    name = _name(parsed)
    if _is_reserved(name):
        return desk.reply(words.RESERVED.format(name=name))
    made = await programmes.create(desk.ports, desk.me, name)
    return desk.reply(words.CREATED.format(name=made.name))


async def rename(desk: Desk, parsed: Parsed) -> Reply:
    """Give a programme another name."""
    name = _name(parsed)
    if _is_reserved(name):
        return desk.reply(words.RESERVED.format(name=name))
    before, after = await programmes.rename(desk.ports, desk.me, desk.programme.id, name)
    return desk.reply(words.RENAMED.format(before=before.name, after=after.name))


def _name(parsed: Parsed) -> str:
    return parsed.words["name"].strip("\"'“”’ .")


def _is_reserved(name: str) -> bool:
    """Tell whether a programme of this name could not be told from a command."""
    return name.casefold() in _SCOPES or grammar.read(name) is not None


async def end(desk: Desk, _: Parsed) -> Reply:
    """Show what ending a programme means, and ask what becomes of its sessions."""
    plan = await programmes.plan_end(desk.ports, desk.me, desk.programme.id)
    name = plan.programme.name
    people, pairs = words.some(plan.people, "person", "people"), words.some(plan.pairs, "pair")
    lines = [words.END_ASK.format(name=name, people=people, pairs=pairs)]
    if plan.proposals:
        count = words.some(plan.proposals, "proposal")
        lines.append(words.END_PROPOSALS.format(proposals=count))
    lines.append(fates.question(desk, plan.meetings))
    heirs = [(heir.id, heir.name) for heir in plan.heirs]
    lone = words.END_BUTTON.format(name=name)
    options = fates.options(desk, ("end", desk.programme.id), plan.meetings, heirs, lone)
    return desk.ask(" ".join(lines), options, fates.sessions(desk, plan.meetings))


async def end_now(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Carry out the choice: args are programme, choice, and for handing over the other one."""
    fate = fate_of(desk, args[1:])
    count = await programmes.end(desk.ports, desk.me, desk.programme.id, fate)
    heir = next((p.name for p in desk.actor.programmes if p.id == fate.heir), "")
    pattern = words.END_DONE[fate.choice] if count else words.END_DONE_NONE
    sessions = words.some(count, "session")
    return desk.reply(pattern.format(name=desk.programme.name, sessions=sessions, heir=heir))


async def programme_list(desk: Desk, _: Parsed) -> Reply:
    """List the programmes that one administers."""
    found = await programmes.all_of(desk.ports, desk.me)
    if not found:
        return desk.reply(words.NO_PROGRAMMES)
    rows = tuple(
        (programme.name, f"{people:,}", words.ENDED if programme.ended else words.RUNNING)
        for programme, people in found
    )
    text = words.PROGRAMMES.format(count=words.some(len(found), "programme"))
    return desk.reply(text, [Table(words.PROGRAMME_HEADS, rows)])
