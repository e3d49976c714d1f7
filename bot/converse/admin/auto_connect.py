"""Commands about connecting everybody by IT's grant: naming, on, off, how far it is (A35)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.card import Note, Style, Text
from bot.converse.admin.desk import Option
from bot.converse.turn import Reply, say
from bot.speak import auto_words as words
from bot.speak.admin_words import some
from bot.speak.auto_views import odd_table, progress_text
from bot.speak.words import listed
from core.links import Provider
from core.setting_text import OFF, ON
from core.use_cases.administer import auto_connect
from core.use_cases.administer.auto_connect import Lack
from core.use_cases.administer.problems import Problem, Unfit

if TYPE_CHECKING:
    from bot.card import Part
    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from bot.converse.turn import Turn
    from core.autoplan import Plan
    from core.ports import Ports
    from core.use_cases.administer.auto_connect import Outlook

OPT_OUT = re.compile(
    r"/?(?:schedule |tandem )?(?:please )?opt(?:ing)?[- ]?(?:me )?out(?: of| from)? "
    r"(?:the )?(?:org(?:ani[sz]ation)?[- ]?)?(?:auto(?:matic)?[- ]?)?connect(?:ion|ing)?\W*",
    re.IGNORECASE,
)
TENANT = re.compile(r"\b(?:in )?tenant(?: id)?[:= ] *(?P<tenant>\S+)", re.IGNORECASE)
SHOW = frozenset({"", "status", "show"})


async def org_connect(desk: Desk, parsed: Parsed) -> Reply:
    """Show how it stands, name a service with its domains, switch on or off."""
    rest = parsed.words.get("rest", "").strip()
    word = rest.casefold()
    if word in SHOW:
        return _shown(desk, await auto_connect.look(desk.ports, desk.me))
    if word in ON:
        return await _on(desk)
    if word in OFF:
        return await _off(desk)
    tenant = TENANT.search(rest)
    plain = TENANT.sub(" ", rest)
    service, *domains = [w for w in re.split(r"[,;\s]+", plain) if w and w.casefold() != "and"]
    outlook = await auto_connect.name(
        desk.ports, desk.me, service, domains, tenant["tenant"] if tenant else ""
    )
    return _named(desk, outlook)


async def pressed(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Carry out what was asked: args are scope and "on" or "off"."""
    if args[1] == "off":
        count = await auto_connect.switch_off(desk.ports, desk.me)
        return desk.reply(words.OFF_DONE.format(people=some(count, "person", "people")))
    await desk.turn.progress(words.TRYING)
    outlook = await auto_connect.switch_on(desk.ports, desk.me)
    if outlook.plan is None or outlook.progress is None:
        return _refused(desk, outlook)
    people = some(outlook.people, "person", "people")
    return desk.reply(words.BEGUN.format(people=people, service=words.NAMES[outlook.plan.service]))


async def opt_out(ports: Ports, turn: Turn) -> Reply:
    """Disconnect who does not want it, and remember that for good; everybody's own right."""
    was = await auto_connect.opt_out(ports, turn.me.id)
    return say(turn.talk.answered(), words.OPTED_OUT if was else words.OPTED_OUT_AHEAD)


async def _on(desk: Desk) -> Reply:
    """Try IT's grant, say what speaks against it, or ask before everybody is connected."""
    await desk.turn.progress(words.TRYING)
    outlook = await auto_connect.check(desk.ports, desk.me)
    if outlook.lacks or outlook.plan is None:
        return _refused(desk, outlook)
    people = some(outlook.people, "person", "people")
    text = words.ASK.format(people=people, service=words.NAMES[outlook.plan.service])
    go = Option(words.ASK_BUTTON, desk.act("auto", desk.scope.token, "on"), Style.PRIMARY)
    return desk.ask(text, [go, desk.leave_it()])


async def _off(desk: Desk) -> Reply:
    """Ask before everybody is disconnected."""
    outlook = await auto_connect.look(desk.ports, desk.me)
    if outlook.progress is None:
        raise Unfit(Problem.AUTO_NOT_ON)
    people = some(outlook.by_it, "person", "people")
    off = Option(words.OFF_BUTTON, desk.act("auto", desk.scope.token, "off"), Style.DANGER)
    return desk.ask(words.OFF_ASK.format(people=people), [off, desk.leave_it()])


def _shown(desk: Desk, outlook: Outlook) -> Reply:
    """Say how it stands."""
    plan = outlook.plan
    if plan is None or outlook.progress is None:
        known = [_of(words.NAMED, plan)] if plan else []
        text = " ".join([words.OFF, *known, *_lacks(outlook)])
        return desk.reply(text, _parts(desk, outlook))
    text = f"{_of(words.ON, plan)} {progress_text(plan, outlook.progress)}"
    return desk.reply(text, odd_table(outlook.progress.odd, plan.service))


def _named(desk: Desk, outlook: Outlook) -> Reply:
    """Say what was noted, what is still missing, and what IT has to do."""
    plan = outlook.plan
    noted = [_of(words.NAMED, plan)] if plan else []
    said = _lacks(outlook) or [words.NAMED_READY]
    return desk.reply(" ".join([*noted, *said]), _parts(desk, outlook))


def _refused(desk: Desk, outlook: Outlook) -> Reply:
    """Say everything that speaks against it, with the exceptions by name (R39, R40)."""
    return desk.reply(" ".join([words.NOT_YET, *_lacks(outlook)]), _parts(desk, outlook))


def _of(pattern: str, plan: Plan) -> str:
    return pattern.format(service=words.NAMES[plan.service], domains=listed(list(plan.domains)))


def _lacks(outlook: Outlook) -> list[str]:
    """Return what is missing, in sentences."""
    service = words.NAMES[outlook.plan.service] if outlook.plan else "Google"
    people = some(len(outlook.odd), "person", "people")
    said = [words.LACKS[lack].format(service=service, people=people) for lack in outlook.lacks]
    if Lack.EXCEPTIONS in outlook.lacks and len(outlook.uses) > 1:
        counts = listed([f"{words.NAMES[one]} {count}" for one, count in outlook.uses])
        said.append(words.USES.format(counts=counts))
    return said


def _parts(desk: Desk, outlook: Outlook) -> list[Part]:
    """Return the exceptions, and what to hand to the IT department."""
    parts: list[Part] = []
    if outlook.odd:
        parts += odd_table(outlook.odd, outlook.plan.service if outlook.plan else Provider.GOOGLE)
    return parts + _for_it(desk, outlook.plan)


def _for_it(desk: Desk, plan: Plan | None) -> list[Part]:
    """Return what IT has to grant, where this deployment knows its own part of it."""
    service = desk.ports.calendars.get(plan.service) if plan else None
    if plan is None or service is None or service.delegation is None:
        return []
    terms = service.delegation.terms()
    if plan.service is Provider.GOOGLE:
        text = words.GRANT_GOOGLE.format(client=terms.client_id, scopes=",".join(terms.scopes))
        return [Text(text)]
    app = desk.turn.doors.apps.get(plan.service) if desk.turn.doors else None
    page = app.approve_url.replace("/organizations/", f"/{plan.tenant}/") if app else ""
    text = words.GRANT_MICROSOFT.format(
        client=terms.client_id, scopes=", ".join(terms.scopes), url=page or words.NO_PAGE
    )
    return [Text(text), Note(words.GRANT_NOTE)]
