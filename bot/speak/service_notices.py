"""What people hear when a calendar service is no longer allowed, or is allowed again (A33, R38)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card
from bot.message import Outgoing
from bot.speak import times
from bot.speak.calendar_words import DISCONNECT_APPLE
from core.connecting import allowed_services, policies_of
from core.errors import Refused
from core.links import Provider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people import Person
    from core.ports import Tx

NAMES = {"google": "Google", "microsoft": "Microsoft", "caldav": "Apple and other CalDAV"}
ENDS = (
    "Your programme will no longer use {service} calendars. Yours stays connected until {until}; "
    "after that your invitations come by mail, and partners see “could not check” for you."
)
ENDED = {
    "service": (
        "Your programme does not use {service} calendars any more, so yours is disconnected and "
        "what I stored of it is deleted."
    ),
    "approval": (
        "Your company no longer allows connected calendars, so yours is disconnected and what I "
        "stored of it is deleted. Your Admin, Sponsor or Support can tell you more{contact}. "
        "Scheduling by hand still works."
    ),
    "auto": (
        "Your organisation no longer connects its people's calendars for them, so yours is "
        "disconnected and what I stored of it is deleted."
    ),
}
EFFECT = (
    "Sessions that are already in it stay there, and are not changed any more. Without it your "
    "invitations come by mail, and partners see “could not check” for you."
)
EFFECT_OTHERS = (
    "Sessions that are already in it stay there, and are not changed any more. Your other "
    "calendars stay connected."
)
OTHERS = "You can connect another calendar:"
STAYS = "Your programme allows {service} calendars again, so yours stays connected."
LABELS = {Provider.GOOGLE: "Google", Provider.MICROSOFT: "Microsoft", Provider.CALDAV: "Apple"}


def service_ends(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Announce the end of a service, with the others to connect instead."""
    provider = Provider(facts["provider"])
    if not any(g.provider is provider for g in tx.links.grants_of([me.id]).values()):
        return None
    until = times.day(int(facts["until"]), me.zone)
    return _offering(tx, me, ENDS.format(service=NAMES[provider], until=until), facts)


def service_ended(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Say that links were taken back, and what that means."""
    service, why = NAMES.get(facts["provider"], ""), facts["why"]
    contact = ""
    if why == "approval":
        named = [p.contacts for p in policies_of(tx, me) if p.contacts]
        contact = f": {named[0]}" if named else ""
    effect = EFFECT_OTHERS if tx.links.of([me.id])[me.id] else EFFECT
    text = f"{ENDED[why].format(service=service, contact=contact)} {effect}"
    if facts.get("password"):
        text = f"{text} {DISCONNECT_APPLE}"
    return _offering(tx, me, text, facts)


def service_stays(_tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Say that the announced end is taken back."""
    return Outgoing(STAYS.format(service=NAMES[facts["provider"]]))


def _offering(tx: Tx, me: Person, text: str, facts: Mapping[str, str]) -> Outgoing:
    """Return a message with a button for each service that may be connected here."""
    try:
        services = allowed_services(policies_of(tx, me))
    except Refused:
        services = ()
    here = facts["others"].split(",")
    actions = [Action(f"connect:service:{s.value}", LABELS[s]) for s in services if s in here]
    if not actions:
        return Outgoing(text)
    return Outgoing(f"{text} {OTHERS}", Card(actions=tuple(actions)))
