"""What the pages of connecting show: plain values for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.speak import page_words as words
from bot.speak.calendar_views import value_of
from core.connecting import Choice
from core.links import Tier, Use, primary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.connecting import Connected
    from core.consenting import ConnectError, Visit


@dataclass(frozen=True, slots=True)
class Option:
    """One calendar in the form: what stands for it, its name, and whether it is chosen."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CalendarForm:
    """The choice of calendars; `keep` is the primary of another account, empty without one.

    Where none of them is `writable`, sessions come by mail and there is nothing to ask.
    """

    primaries: tuple[Option, ...]
    secondaries: tuple[Option, ...]
    keep: str
    keeps: bool
    write: bool
    writable: bool


def whose(visit: Visit) -> str:
    """Say whose calendar is connected for which chat user."""
    chat = words.CHATS.get(visit.identity.kind) if visit.identity else None
    pattern = words.WHOSE if chat else words.WHOSE_NOWHERE
    return pattern.format(name=visit.person.name, email=visit.person.email, chat=chat)


def trouble_lines(error: ConnectError) -> list[str]:
    """Return heading and lines of what went wrong."""
    service = words.SERVICES[error.provider] if error.provider else "The service"
    return [line.format(service=service) for line in words.TROUBLE[error.trouble.value]]


def status_lines(connected: Connected) -> list[str]:
    """Return what is set for an account's person: where sessions go, what blocks time."""
    home = primary(connected.links)
    if home is None and not connected.links:
        return [words.NOTHING_LINKED]
    lines = []
    if home is not None and home.tier is Tier.WRITE:
        lines.append(words.PRIMARY.format(name=home.name))
    else:
        lines.append(words.PRIMARY_MAIL)
    names = [link.name for link in connected.links if link.tier is Tier.BUSY]
    if names:
        lines.append(words.SECONDARY.format(names=", ".join(names)))
    return lines


def calendar_form(connected: Connected) -> CalendarForm:
    """Return the form with what is chosen now."""
    linked = {link.calendar_id: link for link in connected.links}
    home = primary(connected.links)
    elsewhere = home is not None and home.grant_id != connected.grant.id
    uses = {c.calendar_id: linked.get(c.calendar_id) for c in connected.calendars}
    return CalendarForm(
        primaries=tuple(
            Option(value_of(c.calendar_id), c.name, _is(uses[c.calendar_id], Use.PRIMARY))
            for c in connected.calendars
        ),
        secondaries=tuple(
            Option(value_of(c.calendar_id), c.name, _is(uses[c.calendar_id], Use.SECONDARY))
            for c in connected.calendars
        ),
        keep=home.name if elsewhere and home else "",
        keeps=elsewhere,
        writable=elsewhere or any(c.writable for c in connected.calendars),
        write=home is None or home.tier is Tier.WRITE or elsewhere,
    )


def _is(link: object, use: Use) -> bool:
    return getattr(link, "use", None) is use


def chosen(connected: Connected, form: Mapping[str, object]) -> Choice:
    """Return what a form says; values that stand for none of the calendars count as nothing."""
    ids = {value_of(c.calendar_id): c.calendar_id for c in connected.calendars}
    get_all = getattr(form, "getall", None)
    several = get_all("secondary", []) if get_all else []
    return Choice(
        primary=ids.get(str(form.get("primary", ""))),
        secondaries=tuple(ids[str(value)] for value in several if str(value) in ids),
        write=str(form.get("write", "yes")) != "no",
    )
