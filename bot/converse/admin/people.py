"""Commands about people: add, roles, powers, remove, list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.card import Table
from bot.converse.admin import fates
from bot.converse.admin.desk import Option
from bot.converse.admin.fates import fate_of
from bot.converse.turn import Reply
from bot.speak import admin_words as words
from bot.speak import times
from bot.speak.admin_problems import said as said_problem
from bot.speak.admin_problems import with_article
from bot.speak.words import listed
from core.ids import PersonId
from core.programme import Role
from core.use_cases.administer import members
from core.use_cases.administer.newcomer import read_newcomer, read_role
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.zone_names import canonical_zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from core.people import Person
    from core.use_cases.administer.members import Enrolled

ADDRESS = re.compile(r"<?(?:mailto:)?([^\s<>,;|]+@[^\s<>,;|]+)(?:\|[^>]*)?>?")
ZONE = re.compile(r"[A-Za-z_]+/[A-Za-z_/+\-0-9]+(?: [A-Z][a-z]+)?|\bUTC\b")
ROLE = re.compile(
    r"\b(?:as )?(?:an? |the )?(mentors?|mentees?|coach(?:es)?|coachees?|admin(?:istrator)?s?)\b:?",
    re.IGNORECASE,
)
PARTICIPANTS = (Role.MENTOR, Role.MENTEE, Role.COACH, Role.COACHEE)
PAGE = 10


@dataclass(frozen=True, slots=True)
class Described:
    """A person as described in a command; what was not said is empty."""

    name: str
    email: str
    zone: str
    role: str


def describe(text: str) -> Described:
    """Take a description apart: an address, a zone, a role, and what is left is the name.

    A zone stands behind the address when it is not written like one ("priya@… London").
    """
    found = ADDRESS.search(text)
    before, after = (text[: found.start()], text[found.end() :]) if found else (text, "")
    zone, rest = _zone(f"{before} ; {after}")
    role = ROLE.search(rest)
    if role:
        rest = f"{rest[: role.start()]} {rest[role.end() :]}"
    head, _, tail = (" ".join(part.strip(" ,;<>\"'").split()) for part in rest.partition(";"))
    if not zone and head:
        zone, tail = tail.removeprefix("in "), ""
    return Described(
        " ".join(f"{head} {tail}".split()),
        found[1].rstrip(".") if found else "",
        zone,
        role[1].casefold().removesuffix("es" if role[1].casefold() == "coaches" else "s")
        if role
        else "",
    )


def _zone(text: str) -> tuple[str, str]:
    """Return the zone written in a text, and the text without it."""
    found = ZONE.search(text)
    if not found:
        return "", text
    zone = found[0]
    if " " in zone and canonical_zone(zone) is None:
        zone = zone.split(" ")[0]
    start, end = found.start(), found.start() + len(zone)
    return zone, f"{text[:start]} {text[end:]}"


async def add(desk: Desk, parsed: Parsed) -> Reply:
    """Add one person; what is missing is asked for."""
    said = describe(parsed.words["who"])
    if not said.email:
        return await _add_known(desk, parsed, said)
    known = await desk.ports.store.read(
        lambda tx: tx.people.by_email(desk.actor.org_id, said.email)
    )
    name, zone = said.name or (known.name if known else ""), said.zone
    if known and not zone:
        zone = known.zone
    if not said.role:
        return _ask_role(desk, parsed, name or said.email)
    try:
        newcomer = read_newcomer(name, said.email, zone, said.role)
    except Unfit as unfit:
        if unfit.problem in {Problem.ZONE, Problem.ZONE_MISSING}:
            return _ask_zone(desk, parsed, said, unfit)
        raise
    came = await members.add(desk.ports, desk.me, desk.programme.id, newcomer)
    return desk.reply(_enrolled(desk, came))


def _enrolled(desk: Desk, came: Enrolled) -> str:
    if not came.has_joined:
        pattern = words.ALREADY
    elif not came.is_new:
        pattern = words.JOINED_KNOWN
    else:
        pattern = words.JOINED if came.role is Role.ADMIN else words.ADDED
    return pattern.format(
        name=came.person.name,
        role=with_article(came.role),
        programme=desk.programme.name,
        zone=came.person.zone,
    )


def _ask_role(desk: Desk, parsed: Parsed, name: str) -> Reply:
    """Ask what somebody is to be; each button is the same command with the role in it."""
    who = parsed.words["who"]
    options = [
        Option(role.value, desk.run(parsed.with_word("who", f"{role} {who}")))
        for role in PARTICIPANTS
    ]
    return desk.ask(words.WHICH_ROLE.format(name=name, programme=desk.programme.name), options)


def _ask_zone(desk: Desk, parsed: Parsed, said: Described, unfit: Unfit) -> Reply:
    """Ask for the zone, with the probable one (or the administrator's own) as a button."""
    who = parsed.words["who"]
    bare = who.replace(said.zone, "").strip() if said.zone else who
    hint = unfit.facts.get("hint") or ("" if said.zone else desk.zone)
    options = [
        Option(
            words.USE_ZONE.format(zone=zone), desk.run(parsed.with_word("who", f"{bare} {zone}"))
        )
        for zone in (hint,)
        if zone
    ]
    text = words.WHICH_ZONE.format(name=said.name or said.email)
    if said.zone:
        text = (
            f"{said_problem(unfit.problem, unfit.facts)} {text}"
            if not hint
            else said_problem(unfit.problem, unfit.facts)
        )
    return desk.ask(text, options)


async def _add_known(desk: Desk, parsed: Parsed, said: Described) -> Reply:
    """Give somebody a role who is in the organisation already; others need an address."""
    found = await desk.find(said.name, members=False)
    if not found.people:
        return desk.reply(words.ADD_ADDRESS.format(name=said.name))
    if len(found.people) > 1:
        return desk.which(said.name, found, lambda token: f"add {said.role} {token}")
    if not said.role:
        return _ask_role(desk, parsed, found.people[0].name)
    return await _give(desk, found.people[0], said.role)


async def role_give(desk: Desk, parsed: Parsed) -> Reply:
    """Give somebody a role."""
    person = await desk.person(parsed, "who", members=False)
    if isinstance(person, Reply):
        return person
    return await _give(desk, person, parsed.words["role"])


async def _give(desk: Desk, person: Person, role: str) -> Reply:
    came = await members.add_role(
        desk.ports, desk.me, desk.programme.id, person.id, read_role(role)
    )
    pattern = words.JOINED if came.has_joined else words.ALREADY
    text = pattern.format(
        name=came.person.name, role=with_article(came.role), programme=desk.programme.name
    )
    if not came.has_joined:
        return desk.reply(text)
    undo = desk.run(f"remove role {came.role} from #{person.id}")
    return desk.reply(text, options=[Option(words.TAKE_BACK, undo)])


async def role_take(desk: Desk, parsed: Parsed) -> Reply:
    """Take a role away."""
    found = await desk.person(parsed, "who")
    if isinstance(found, Reply):
        return found
    role = read_role(parsed.words["role"])
    person = await members.take_role(desk.ports, desk.me, desk.programme.id, found.id, role)
    text = words.ROLE_TAKEN.format(
        name=person.name, role=with_article(role), programme=desk.programme.name
    )
    undo = desk.run(f"add role {role} to #{person.id}")
    return desk.reply(text, options=[Option(words.UNDO, undo)])


async def global_give(desk: Desk, parsed: Parsed) -> Reply:
    """Make somebody a global administrator."""
    return await _set_global(desk, parsed, on=True)


async def global_take(desk: Desk, parsed: Parsed) -> Reply:
    """Take all powers back."""
    return await _set_global(desk, parsed, on=False)


async def _set_global(desk: Desk, parsed: Parsed, *, on: bool) -> Reply:
    found = await desk.person(parsed, "who", members=False)
    if isinstance(found, Reply):
        return found
    person = await members.set_global(desk.ports, desk.me, found.id, on=on)
    other = "remove global administrator from {}" if on else "make {} global administrator"
    text = (words.GLOBAL_GIVEN if on else words.GLOBAL_TAKEN).format(name=person.name)
    undo = Option(words.UNDO, desk.run(other.format(f"#{person.id}")))
    return desk.reply(text, options=[undo])


async def remove(desk: Desk, parsed: Parsed) -> Reply:
    """Show what removing somebody means, and ask what becomes of their sessions."""
    found = await desk.person(parsed, "who")
    if isinstance(found, Reply):
        return found
    plan = await members.plan_removal(desk.ports, desk.me, desk.programme.id, found.id)
    heirs = [(heir.id, heir.name) for heir in plan.heirs]
    if "heir" in parsed.words:
        heir = await desk.person(parsed, "heir")
        if isinstance(heir, Reply):
            return heir
        heirs = [(heir.id, heir.name)]
    partners = listed([partner.name for partner in plan.partners])
    text = words.REMOVE_ASK.format(
        name=plan.person.name,
        roles=listed([with_article(role) for role in plan.roles]),
        programme=plan.programme.name,
        partners=words.REMOVE_PARTNERS.format(names=partners) if partners else "",
    )
    action = ("remove", desk.programme.id, plan.person.id)
    lone = words.REMOVE_BUTTON.format(first=plan.person.first_name)
    options = fates.options(desk, action, plan.meetings, heirs, lone)
    asked = f"{text} {fates.question(desk, plan.meetings)}"
    return desk.ask(asked, options, fates.sessions(desk, plan.meetings))


async def remove_now(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Carry out the choice: args are programme, person, choice, and who takes over."""
    person_id, fate = PersonId(args[1]), fate_of(desk, args[2:])
    count = await members.remove(desk.ports, desk.me, desk.programme.id, person_id, fate)
    people = await desk.people(person_id, PersonId(fate.heir))
    pattern = words.REMOVE_DONE[fate.choice] if count else words.REMOVE_DONE_NONE
    text = pattern.format(
        name=people[person_id].name,
        programme=desk.programme.name,
        sessions=words.some(count, "session"),
        heir=people[PersonId(fate.heir)].name if fate.heir in people else "",
    )
    return desk.reply(text)


async def people_list(desk: Desk, _: Parsed) -> Reply:
    """List the first people of a programme."""
    return await page_of_people(desk, 0)


async def page_of_people(desk: Desk, first: int) -> Reply:
    """List people of a programme from one on, with their roles."""
    total, people = await members.page(desk.ports, desk.me, desk.programme.id, first, PAGE)
    if not total:
        return desk.reply(words.PEOPLE_NONE.format(programme=desk.programme.name))
    rows = tuple((p.name, _roles(roles), times.city(p.zone)) for p, roles in people)
    text = words.PEOPLE.format(
        programme=desk.programme.name, people=words.some(total, "person", "people")
    )
    options = desk.more("people", first + PAGE, total)
    return desk.reply(text, [Table(words.PEOPLE_HEADS, rows)], options)


def _roles(roles: Sequence[Role]) -> str:
    """Return somebody's roles as people say them."""
    return listed(sorted("administrator" if r is Role.ADMIN else r.value for r in roles))
