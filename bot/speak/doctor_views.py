"""What the doctor found of one person, as a card: each calendar, its effect, what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Note, Part, Style
from bot.message import Outgoing
from bot.speak import doctor_words as own
from bot.speak import gate_words, times, words
from bot.speak.calendar_views import SERVICES, called, shown_account
from core.links import Provider, Tier
from core.use_cases.examine import Reach, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.people import Person
    from core.use_cases.examine import Examination, Examined


def examined(found: Examination, me: Person, now: int, contact: str = "") -> Outgoing:
    """Return everything that was found; `contact` is whom to ask where a gate is shut."""
    parts: list[Part] = [_calendar(found, one, me, now) for one in found.calendars]
    if found.gate and (found.ill or not found.calendars):
        parts.append(Note(gate_words.shut(found.gate, contact)))
    parts += [Note(line) for line in _others(found)]
    return Outgoing(_text(found), Card("", tuple(parts), (), tuple(_actions(found))))


def _text(found: Examination) -> str:
    total, ill = len(found.calendars), len(found.ill)
    if not total:
        return own.NONE
    if not ill:
        return own.WELL if total == 1 else own.WELL_SEVERAL.format(count=words.count(total))
    if total == 1:
        return own.ILL
    pattern = own.ILL_SOME if ill == 1 else own.ILL_SEVERAL
    return pattern.format(ill=words.count(ill), count=words.count(total))


def _calendar(found: Examination, one: Examined, me: Person, now: int) -> Fields:
    """Return one calendar: how it is and why, what that means, what helps."""
    name, writes = called(found.status, one.link), one.link.tier is Tier.WRITE
    if one.state is State.WELL:
        return Fields(((name, f"{own.STATES[one.state]}: {own.WELL_EFFECTS[writes]}"),))
    since = own.SINCE.format(time=times.moment(one.since, me.zone, now)) if one.since else ""
    what = own.STATES[one.state].format(service=SERVICES[one.grant.provider], since=since)
    passing = one.state in (State.UNREACHABLE, State.SLOW)
    effect = own.EFFECT_NOW if passing else own.EFFECTS[writes]
    return Fields(((name, what), (own.EFFECT, effect), (own.FIX, own.FIXES[one.state])))


def _others(found: Examination) -> Iterable[str]:
    """Return what else stands in the way."""
    if not found.calendars and not found.gate and found.required:
        names = [programme.name for programme in found.required]
        yield own.REQUIRED[len(names) > 1].format(programmes=words.listed(names))
    if not found.calendars and not found.gate and not found.services:
        yield gate_words.shut("", "")
    if found.barren:
        names = [programme.name for programme in found.barren]
        yield own.BARREN.format(programmes=words.listed(names, "or"))
    if found.apart:
        yield own.APART.format(names=words.listed([p.name for p in found.apart[:3]], "or"))
    if found.reach is Reach.MAIL:
        yield own.BY_MAIL
    elif found.reach is Reach.LOST:
        yield own.LOST


def _actions(found: Examination) -> list[Action]:
    """Return a button for each thing that helps; the first of them is the one to press."""
    ids: dict[str, str] = {}
    may_connect = bool(found.services) and not found.gate
    for one in found.ill:
        ids |= _fixes(one, may_connect=may_connect)
    if not found.calendars and may_connect:
        ids["connect:start"] = own.CONNECT
    if found.calendars:
        ids["doctor:again"] = own.LOOK_AGAIN
    styles = [Style.PRIMARY if found.ill or not found.calendars else Style.DEFAULT]
    return [
        Action(action, label, styles.pop() if styles else Style.DEFAULT)
        for action, label in ids.items()
    ]


def _fixes(one: Examined, *, may_connect: bool) -> dict[str, str]:
    """Return the buttons that help one calendar, labels by action."""
    provider = one.grant.provider
    again = {f"connect:service:{provider}": own.AGAIN.format(service=SERVICES[provider])}
    if one.state is State.MISSING:
        account = shown_account(one.grant.account)
        return {f"connect:again:{one.grant.id}": own.CHOOSE.format(account=account)}
    if not may_connect:
        return {}
    if one.state is State.CONSENT and provider is not Provider.CALDAV:
        return {f"connect:letter:{provider}": own.TEXT_FOR_IT, **again}
    if one.state in (State.REVOKED, State.CONSENT):
        return again
    return {"connect:start": own.CONNECT_OTHER} if one.state is State.UNSPOKEN else {}
