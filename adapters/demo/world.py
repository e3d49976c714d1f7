"""The demo's living world: people, links, pairs and full calendars, made for a given day.

The same day and seed make the same world. The calendars cover the week of `today` and the ten
after it. Maya and Alex, who work five hours apart, always keep some of their common hours free.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from adapters.demo.diary import DOMAIN, Entry, calendar_object
from adapters.demo.habits import common_hours, entries_of
from adapters.demo.people import (
    LINKS,
    ORGANISATION,
    PAIRS,
    PEOPLE,
    PROGRAMME,
    WorldLink,
    WorldPair,
    WorldPerson,
)
from core.timing.zones import instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.demo.radicale_server import RadicaleServer
    from core.ids import PersonId

SEED = 2027
WEEKS = 11
LETTERS = "bcdfghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class World:
    """Everything the demo begins with. `passwords` are for the calendar server, by user name."""

    today: date
    organisation: str
    programme: str
    people: tuple[WorldPerson, ...]
    links: tuple[WorldLink, ...]
    pairs: tuple[WorldPair, ...]
    passwords: Mapping[str, str]
    entries: Mapping[str, tuple[Entry, ...]]

    def person(self, person_id: PersonId) -> WorldPerson:
        """Return a person. Raises KeyError."""
        for person in self.people:
            if person.id == person_id:
                return person
        raise KeyError(person_id)


def build_world(today: date, seed: int = SEED) -> World:
    """Make the world of a day."""
    monday = today - timedelta(days=today.weekday())
    zones = {person.id: person.zone for person in PEOPLE}
    kept = common_hours(monday, WEEKS, seed)
    return World(
        today=today,
        organisation=ORGANISATION,
        programme=PROGRAMME,
        people=PEOPLE,
        links=LINKS,
        pairs=PAIRS,
        passwords={user: _password(user, seed) for user in dict.fromkeys(x.user for x in LINKS)},
        entries={
            link.path: tuple(entries_of(link, zones[link.person_id], monday, WEEKS, kept, seed))
            for link in LINKS
        },
    )


def _password(user: str, seed: int) -> str:
    """Return a password in the shape of Apple's app-specific ones, the same for the same seed."""
    dice = random.Random(f"{seed}:{user}")  # noqa: S311  # opens invented calendars on loopback only
    return "-".join("".join(dice.choices(LETTERS, k=4)) for _ in range(4))


def seed_calendars(server: RadicaleServer, world: World) -> int:
    """Write the world's calendars into the server's folder; return how many objects.

    May be done before the server starts or while it runs, and again: what an earlier world has
    left is taken away, what people and the assistant have added stays.
    """
    count = 0
    stamp = instant(world.today, time(), "UTC")
    for link in world.links:
        folder = server.collection(link.user, link.calendar)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"*@{DOMAIN}.ics"):
            old.unlink()
        properties = {
            "tag": "VCALENDAR",
            "D:displayname": link.name,
            "C:supported-calendar-component-set": "VEVENT",
        }
        (folder / ".Radicale.props").write_text(json.dumps(properties))
        for number, entry in enumerate(world.entries[link.path]):
            uid = f"{link.person_id}-{link.calendar}-{number:03}@{DOMAIN}"
            text = calendar_object(entry, uid, link.user, stamp)
            (folder / f"{uid}.ics").write_text(text, newline="")
            count += 1
    return count
