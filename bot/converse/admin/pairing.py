"""Commands about pairs: make one, take it apart, give a mentee another mentor, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Table
from bot.converse.admin import fates
from bot.converse.admin.desk import Option, label_of
from bot.converse.admin.fates import fate_of
from bot.converse.turn import Reply
from bot.speak import admin_words as words
from core.ids import PairId, PersonId
from core.use_cases.administer import pairs
from core.use_cases.administer.problems import Problem, Unfit

if TYPE_CHECKING:
    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from bot.converse.admin.names import Matches
    from core.people import Person
    from core.use_cases.administer.pairs import Paired

PAGE = 10


async def pair(desk: Desk, parsed: Parsed) -> Reply:
    """Make a pair of two people, in whichever order they are named."""
    chosen = await _two(desk, parsed)
    if isinstance(chosen, Reply):
        return chosen
    one, other = chosen
    made = await pairs.pair(desk.ports, desk.me, desk.programme.id, one.id, other.id)
    pattern = words.PAIRED if made.is_new else words.PAIRED_ALREADY
    return desk.reply(_named(pattern, desk, made))


def _named(pattern: str, desk: Desk, made: Paired) -> str:
    return pattern.format(
        mentor=made.mentor.name, mentee=made.mentee.name, programme=desk.programme.name
    )


async def _two(desk: Desk, parsed: Parsed) -> tuple[Person, Person] | Reply:
    """Return the two people named, or the question to ask first."""
    groups = ("one", "other") if "one" in parsed.words else ("a", "b")
    one = await desk.person(parsed, groups[0])
    if isinstance(one, Reply):
        return one
    other = await desk.person(parsed, groups[1])
    return other if isinstance(other, Reply) else (one, other)


async def unpair(desk: Desk, parsed: Parsed) -> Reply:
    """Show what taking a pair apart means, and ask what becomes of its sessions."""
    first, second = ("one", "other") if "one" in parsed.words else ("a", "b")
    one = await desk.person(parsed, first)
    if isinstance(one, Reply):
        return one
    other = await _partner(desk, parsed, second, one)
    if isinstance(other, Reply):
        return other
    plan = await pairs.plan_parting(desk.ports, desk.me, desk.programme.id, one.id, other.id)
    text = words.PART_ASK.format(
        mentor=plan.mentor.name, mentee=plan.mentee.name, programme=plan.programme.name
    )
    action = ("unpair", desk.programme.id, plan.pair.id)
    options = fates.options(desk, action, plan.meetings, (), words.PART_BUTTON)
    asked = f"{text} {fates.question(desk, plan.meetings)}"
    return desk.ask(asked, options, fates.sessions(desk, plan.meetings))


async def _partner(desk: Desk, parsed: Parsed, group: str, one: Person) -> Person | Reply:
    """Return the one of that name who is paired with somebody, before others of the name."""
    word = parsed.words[group]
    found = await desk.find(word)
    if len(found.people) > 1:
        known = await pairs.of_person(desk.ports, desk.me, desk.programme.id, one.id)
        ids = {p.id for made in known for p in (made.mentor, made.mentee)} - {one.id}
        partners = [p for p in found.people if p.id in ids]
        if len(partners) == 1:
            return partners[0]
    return _single(desk, parsed, group, found)


def _single(desk: Desk, parsed: Parsed, group: str, found: Matches) -> Person | Reply:
    word = parsed.words[group]
    if len(found.people) == 1:
        return found.people[0]
    if found.people:
        return desk.which(word, found, lambda token: parsed.with_word(group, token))
    return desk.nobody(word, found)


async def unpair_now(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Carry out the choice: args are programme, pair, choice."""
    pair_id, fate = PairId(args[1]), fate_of(desk, args[2:])
    made = await _made(desk, pair_id)
    count = await pairs.unpair(desk.ports, desk.me, desk.programme.id, pair_id, fate)
    pattern = words.PART_DONE[fate.choice] if count else words.PART_DONE_NONE
    text = pattern.format(
        mentor=made.mentor.name, mentee=made.mentee.name, sessions=words.some(count, "session")
    )
    return desk.reply(text)


async def _made(desk: Desk, pair_id: PairId) -> Paired:
    """Return a pair with its people. Raises NotFound."""
    return await pairs.get(desk.ports, desk.me, desk.programme.id, pair_id)


async def re_pair(desk: Desk, parsed: Parsed) -> Reply:
    """Show what another mentor means, and ask what becomes of the sessions with the old one."""
    mentee = await desk.person(parsed, "mentee")
    if isinstance(mentee, Reply):
        return mentee
    made = await _old(desk, parsed, mentee)
    if isinstance(made, Reply):
        return made
    mentor = await desk.person(parsed, "mentor")
    if isinstance(mentor, Reply):
        return mentor
    ends = (made.mentor.id, mentor.id)
    if mentor.id == made.mentor.id:
        raise Unfit(Problem.PAIRED, one=mentee.name, other=mentor.name)
    plan = await pairs.plan_parting(desk.ports, desk.me, desk.programme.id, made.mentee.id, ends[0])
    text = words.CHANGE_ASK.format(
        mentee=plan.mentee.name,
        old=plan.mentor.name,
        new=mentor.name,
        programme=plan.programme.name,
    )
    action = ("repair", desk.programme.id, plan.pair.id, mentor.id)
    lone = words.CHANGE_BUTTON.format(first=mentor.first_name)
    options = fates.options(desk, action, plan.meetings, [("", mentor.name)], lone)
    asked = f"{text} {fates.question(desk, plan.meetings)}"
    return desk.ask(asked, options, fates.sessions(desk, plan.meetings))


async def _old(desk: Desk, parsed: Parsed, mentee: Person) -> Paired | Reply:
    """Return the pair that is to change: with the mentor named, or the only one there is."""
    known = await pairs.of_person(desk.ports, desk.me, desk.programme.id, mentee.id)
    led = [made for made in known if made.mentee.id == mentee.id]
    if "old" in parsed.words:
        old = await _partner(desk, parsed, "old", mentee)
        if isinstance(old, Reply):
            return old
        for made in led:
            if made.mentor.id == old.id:
                return made
        raise Unfit(Problem.NOT_PAIRED, one=mentee.name, other=old.name)
    if len(led) == 1:
        return led[0]
    if not led:
        text = words.NO_PARTNER.format(
            name=mentee.name, programme=desk.programme.name, first=mentee.first_name
        )
        return desk.reply(text)
    options = [
        Option(
            label_of(made.mentor),
            desk.run(f"re-pair #{mentee.id} from #{made.mentor.id} to {parsed.words['mentor']}"),
        )
        for made in led
    ]
    return desk.ask(words.WHICH_PARTNER.format(name=mentee.name), options)


async def re_pair_now(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Carry out the choice: args are programme, pair, new mentor, choice."""
    pair_id, mentor_id = PairId(args[1]), PersonId(args[2])
    fate = fate_of(desk, (*args[3:4], mentor_id))
    old = await _made(desk, pair_id)
    made, count = await pairs.re_pair(
        desk.ports, desk.me, desk.programme.id, pair_id, mentor_id, fate
    )
    pattern = words.CHANGE_DONE[fate.choice] if count else words.CHANGE_DONE_NONE
    text = pattern.format(
        mentee=made.mentee.name,
        new=made.mentor.name,
        old=old.mentor.name,
        sessions=words.some(count, "session"),
    )
    return desk.reply(text)


async def pair_list(desk: Desk, _: Parsed) -> Reply:
    """List the first pairs of a programme."""
    return await page_of_pairs(desk, 0)


async def page_of_pairs(desk: Desk, first: int) -> Reply:
    """List pairs of a programme from one on."""
    total, found = await pairs.page(desk.ports, desk.me, desk.programme.id, first, PAGE)
    text = words.PAIRS.format(
        programme=desk.programme.name, pairs=words.some(total, "pair") if total else "no pairs"
    )
    rows = tuple((made.mentor.name, made.mentee.name) for made in found)
    table = [Table(words.PAIRS_HEADS, rows)] if rows else []
    return desk.reply(text, table, desk.more("pairs", first + PAGE, total))
