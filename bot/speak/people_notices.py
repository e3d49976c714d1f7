"""What is said to people about how others are reached, and about their own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card, Style
from bot.message import Outgoing
from bot.speak import people_words, times
from core.ids import PersonId
from core.timing.zones import local_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people import Person
    from core.ports import Tx


def by_mail(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Tell an asker that somebody has their times by mail."""
    name = tx.people.get(PersonId(facts["person"])).name
    pattern = people_words.BY_MAIL_WISH if facts.get("wish") else people_words.BY_MAIL
    return Outgoing(pattern.format(name=name))


def zone_there(_tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Say that a stay in another zone has begun; nothing of one that was taken back."""
    home, zone = facts["home"], facts["zone"]
    if me.zone != zone or me.zone == home:
        return None
    last = times.day_name(local_date(int(facts["ends"]) - 1, zone))
    city, back = times.city(zone), times.city(home)
    return Outgoing(people_words.ZONE_THERE.format(last=last, city=city, home=back))


def zone_back(_tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Say that a stay in another zone is over; nothing to who has set a zone since."""
    home, zone = facts["home"], facts["zone"]
    if me.zone != home:
        return None
    text = people_words.ZONE_BACK
    return Outgoing(text.format(home=times.city(home), city=times.city(zone), zone=zone))


def zone_question(
    zone: str, city: str, home: str, pattern: str = people_words.ZONE_ASK
) -> Outgoing:
    """Ask whether somebody who seems to be elsewhere wants times of that place."""
    text = pattern.format(city=city, home=home)
    actions = (
        Action(f"zone:always:{zone}", people_words.ZONE_ALWAYS.format(city=city), Style.PRIMARY),
        Action(f"zone:until:{zone}", people_words.ZONE_UNTIL),
        Action("zone:no", people_words.ZONE_NO.format(home=home)),
    )
    return Outgoing(text, Card(actions=actions))


def calendar_zone(_tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Ask which clock counts, where a calendar keeps another one than the profile; once."""
    if me.zone != facts["home"]:
        return None
    zone, city, home = facts["zone"], times.city(facts["zone"]), times.city(me.zone)
    return zone_question(zone, city, home, people_words.ZONE_CALENDAR)
