"""What is said in chat when connecting by a service's page ended: well, or not (A11, A12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card, Note, Style
from bot.message import Outgoing
from bot.speak import calendar_words
from bot.speak.calendar_views import SERVICES, SUBJECT, status_message
from core.connecting import load_status
from core.ids import PersonId
from core.links import Provider
from core.rehoming import strays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people import Person
    from core.ports import Tx


def connected(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Return a person's calendars as they are now; a new message, since they come from a page."""
    status = load_status(tx, me.id)
    if not status.links:
        return None
    message = status_message(status, len(strays(tx, me.id, int(facts.get("at", "0")))))
    return Outgoing(message.text, message.card, SUBJECT, calendar_words.CONNECT_NEWER)


def connect_failed(_tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Say why connecting did not work, and what to do next."""
    provider = Provider(facts["provider"])
    pattern = calendar_words.CONNECT_TROUBLE.get(facts["trouble"])
    if pattern is None:
        return None
    text = pattern.format(service=SERVICES[provider])
    actions = [Action(f"connect:service:{provider}", "Try again", Style.PRIMARY)]
    if facts["trouble"] == "admin":
        actions.insert(0, Action(f"connect:letter:{provider}", "Text for IT", Style.PRIMARY))
        actions[1] = Action(actions[1].id, actions[1].label)
    if facts["trouble"] in ("personal", "off"):
        actions = [Action("connect:start", "Other calendars")]
    return Outgoing(text, Card(actions=tuple(actions)))


def it_approval(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Advise an administrator to have IT approve for everybody, the first time (R32)."""
    provider = Provider(facts["provider"])
    name = tx.people.get(PersonId(facts["person"])).name
    text = calendar_words.IT_ADVICE.format(name=name, service=SERVICES[provider])
    letter = Action(f"connect:letter:{provider}", "Text for IT", Style.PRIMARY)
    return Outgoing(text, Card("", (Note(calendar_words.IT_ADVICE_ONCE),), (), (letter,)))
