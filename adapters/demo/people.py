"""The people of the demo's world, their calendars, and who works with whom."""

from __future__ import annotations

from dataclasses import dataclass

from core.ids import PersonId
from core.links import Tier, Use
from core.programme import Role

ORGANISATION = "Lantern House"
PROGRAMME = "Aurora"


@dataclass(frozen=True, slots=True)
class WorldPerson:
    """One person. `role` is their role in Aurora, None for the global administrator."""

    id: PersonId
    name: str
    email: str
    zone: str
    role: Role | None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class WorldLink:
    """A calendar on the demo's server. The owner signs in there with their mail address."""

    person_id: PersonId
    user: str
    calendar: str
    name: str
    use: Use
    tier: Tier

    @property
    def path(self) -> str:
        """The calendar's path on the server, with a slash at the end only."""
        return f"{self.user}/{self.calendar}/"


@dataclass(frozen=True, slots=True)
class WorldPair:
    """A mentor with one of their mentees."""

    mentor: PersonId
    mentee: PersonId


def _person(
    word: str, name: str, zone: str, role: Role | None, *, is_admin: bool = False
) -> WorldPerson:
    return WorldPerson(PersonId(word), name, f"{word}@example.org", zone, role, is_admin)


PEOPLE = (
    _person("maya", "Maya Patel", "Europe/London", Role.MENTEE),
    _person("alex", "Alex Chen", "America/New_York", Role.MENTOR),
    _person("romero", "Alex Romero", "Europe/Madrid", Role.MENTOR),
    _person("priya", "Priya Nair", "Asia/Kolkata", Role.MENTOR),
    _person("sam", "Sam Rivera", "America/New_York", Role.MENTEE),
    _person("lee", "Lee Wong", "Europe/Amsterdam", Role.MENTOR),
    _person("tom", "Tom Becker", "Europe/Berlin", Role.MENTOR),
    _person("dana", "Dana Brooks", "Europe/London", Role.ADMIN),
    _person("jo", "Jo Park", "Europe/London", None, is_admin=True),
)


def _link(word: str, calendar: str, name: str, use: Use, tier: Tier) -> WorldLink:
    return WorldLink(PersonId(word), f"{word}@example.org", calendar, name, use, tier)


LINKS = (
    _link("maya", "work", "Work", Use.PRIMARY, Tier.WRITE),
    _link("maya", "personal", "Personal", Use.SECONDARY, Tier.BUSY),
    _link("alex", "work", "Work", Use.PRIMARY, Tier.WRITE),
    _link("romero", "work", "Work", Use.PRIMARY, Tier.WRITE),
    _link("priya", "work", "Work", Use.PRIMARY, Tier.WRITE),
    _link("sam", "work", "Work", Use.PRIMARY, Tier.BUSY),
    _link("lee", "work", "Work", Use.PRIMARY, Tier.BUSY),
)

PAIRS = (
    WorldPair(PersonId("alex"), PersonId("maya")),
    WorldPair(PersonId("priya"), PersonId("sam")),
    WorldPair(PersonId("lee"), PersonId("sam")),
    WorldPair(PersonId("romero"), PersonId("sam")),
)
