"""A person's calendars as cards: their status, and the choice of primary and secondaries."""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Input, InputKind, Note, Part, Style
from bot.message import Outgoing
from bot.speak import calendar_words, views
from core.links import Provider, Tier, Use

if TYPE_CHECKING:
    from core.connecting import Connected, Status
    from core.links import CalendarLink

SUBJECT = "calendars"
SERVICES = {
    Provider.GOOGLE: "Google",
    Provider.MICROSOFT: "Microsoft 365 or Outlook",
    Provider.CALDAV: "Apple or other CalDAV",
}
NO_PRIMARY = ""


def shown_account(account: str) -> str:
    """Return an account so that its owner knows it and nobody else learns it: "m…@example.org"."""
    name, _, host = account.partition("@")
    return f"{name[:1]}…@{host}" if host else f"{name[:2]}…"


def called(status: Status, link: CalendarLink) -> str:
    """Return a calendar's name, with its account where the person has several."""
    grant = status.grants.get(link.grant_id)
    return (
        f"{link.name} ({shown_account(grant.account)})"
        if grant and len(status.grants) > 1
        else link.name
    )


def status_rows(status: Status) -> list[tuple[str, str]]:
    """Return a person's calendars as fields."""
    rows: list[tuple[str, str]] = []
    if status.primary:
        write = status.primary.tier is Tier.WRITE
        name = called(status, status.primary)
        rows.append(("Sessions go to" if write else "Blocks my time", name))
        if not write:
            rows.append(("Sessions reach me", "by mail"))
    others = [called(status, link) for link in status.links if link.use is Use.SECONDARY]
    if others:
        rows.append(("Also block my time", ", ".join(others)))
    return rows


def status_message(status: Status, stray: int = 0) -> Outgoing:
    """Return the ever-present status of a person's calendars.

    `stray` is how many booked sessions stand in another calendar than the primary.
    """
    if not status.links:
        action = Action("connect:start", "Connect my calendar", Style.PRIMARY)
        return views.plain(calendar_words.NOT_CONNECTED, actions=[action])
    text = calendar_words.CONNECTED_EXACTLY
    actions: list[Action] = []
    if status.broken:
        grant = status.grants.get(status.broken[0].grant_id)
        service = SERVICES[grant.provider] if grant else ""
        text = calendar_words.CONNECT_BROKEN.format(service=service)
        if grant:
            again = Action(f"connect:service:{grant.provider}", "Connect again", Style.PRIMARY)
            actions.append(again)
    actions += [
        Action(f"connect:again:{grant_id}", f"Choose calendars of {shown_account(grant.account)}")
        for grant_id, grant in status.grants.items()
    ]
    notes: list[Part] = []
    if _may_be_asked_to_write(status) and status.primary:
        provider = status.grants[status.primary.grant_id].provider
        notes.append(Note(calendar_words.CONNECT_READS_ONLY))
        actions.append(Action(f"connect:write:{provider}", "Write sessions to my calendar"))
    if stray and status.primary:
        count, name = views.sessions(stray), called(status, status.primary)
        notes.append(Note(calendar_words.STRAY.format(count=count, name=name)))
        actions.insert(0, Action("connect:move:yes", "Move booked sessions", Style.PRIMARY))
        actions.insert(1, Action("connect:move:no", "Leave them there"))
    actions.append(Action("connect:start", "Connect another"))
    actions.append(Action("disconnect", "Disconnect", Style.DANGER))
    return Outgoing(
        text, Card("", (Fields(tuple(status_rows(status))), *notes), (), tuple(actions))
    )


def _may_be_asked_to_write(status: Status) -> bool:
    """Tell whether sessions come by mail because writing was not granted at the service."""
    link = status.primary
    grant = status.grants.get(link.grant_id) if link else None
    if link is None or grant is None or link.tier is Tier.WRITE:
        return False
    return grant.provider is not Provider.CALDAV and link not in status.broken


def choose_card(connected: Connected, *, replacing: bool = False) -> Card:
    """Ask which calendar is primary, which block, and whether we may write (X1, X2)."""
    linked = {link.calendar_id: link for link in connected.links}
    elsewhere = [
        link
        for link in connected.links
        if link.use is Use.PRIMARY and link.grant_id != connected.grant.id and not replacing
    ]
    default = _default(connected, linked, elsewhere)
    options = tuple((value_of(c.calendar_id), c.name) for c in connected.calendars)
    keep = ((NO_PRIMARY, f"Keep {elsewhere[0].name}"),) if elsewhere else ()
    secondary = "\n".join(
        value_of(c.calendar_id)
        for c in connected.calendars
        if c.calendar_id != default and (c.calendar_id in linked or elsewhere or not linked)
    )
    inputs = (
        Input("primary", "Sessions go to", InputKind.CHOICE, value_of(default), (*keep, *options),
              required=False),
        Input("secondary", "Also block my time", InputKind.CHOICES, secondary, options,
              required=False),
        Input("write", "How sessions reach me", InputKind.CHOICE, "yes",
              (("yes", "Write them to my calendar"), ("no", "Send me invitations by mail"))),
    )  # fmt: skip
    more = ":replace" if replacing else ""
    act = Action(f"connect:choose:{connected.grant.id}{more}", "Save", Style.PRIMARY)
    return Card("Your calendars", (), inputs, (act,))


def _default(
    connected: Connected, linked: dict[str, CalendarLink], elsewhere: list[CalendarLink]
) -> str:
    """Return the calendar that is proposed as primary: as it was, else the account's own."""
    for calendar in connected.calendars:
        link = linked.get(calendar.calendar_id)
        if link is not None and link.use is Use.PRIMARY:
            return calendar.calendar_id
    if elsewhere:
        return NO_PRIMARY
    own = (c.calendar_id for c in connected.calendars if c.default)
    return next(own, connected.calendars[0].calendar_id)


def value_of(calendar_id: str) -> str:
    """Return what stands for a calendar in a form.

    A calendar's own id may hold the name of the account, and a chat keeps its forms.
    """
    return blake2s(calendar_id.encode(), digest_size=8).hexdigest() if calendar_id else NO_PRIMARY
