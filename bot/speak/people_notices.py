"""What is said to people about how others are reached, and about their own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.message import Outgoing
from bot.speak import people_words, times
from core.ids import PersonId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people import Person
    from core.ports import Tx


def by_mail(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Tell an asker that somebody has their times by mail."""
    name = tx.people.get(PersonId(facts["person"])).name
    pattern = people_words.BY_MAIL_WISH if facts.get("wish") else people_words.BY_MAIL
    return Outgoing(pattern.format(name=name))


def zone_back(_tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Say that a stay in another zone is over; nothing to who has set a zone since."""
    home, zone = facts["home"], facts["zone"]
    if me.zone != home:
        return None
    text = people_words.ZONE_BACK
    return Outgoing(text.format(home=times.city(home), city=times.city(zone), zone=zone))
