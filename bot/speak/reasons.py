"""Objections in words: which rule or whose time blocks, and never a word about any event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.speak import times, words
from core.programme import Objection, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.finding.explain import Unlock
    from core.ids import PersonId
    from core.people import Person
    from core.policy import Policy


@dataclass(frozen=True, slots=True)
class Scene:
    """Who reads, who takes part, and under which rules; what every sentence needs."""

    me: PersonId
    people: Mapping[PersonId, Person]
    policy: Policy
    programme: str

    def name(self, person_id: PersonId) -> str:
        """Return how the reader calls a person: first name, full where two share it."""
        person = self.people[person_id]
        same = [p for p in self.people.values() if p.first_name == person.first_name]
        return person.name if len(same) > 1 else person.first_name

    def whose(self, person_id: PersonId) -> str:
        """Return "your" or "Priya's"."""
        return "your" if person_id == self.me else f"{self.name(person_id)}'s"

    @property
    def hours(self) -> str:
        """The programme's hours, "08:00-18:00"."""
        start, end = self.policy.hours
        return f"{times.clock_of(start)}-{times.clock_of(end)}"


def reason(scene: Scene, objection: Objection, start: int | None = None) -> str:
    """Return one reason as a clause without a full stop. `start` is the time in question."""
    kind, who = objection.kind, objection.person_id
    me = who == scene.me
    if kind is Rule.WEEKEND:
        return words.WEEKEND.format(programme=scene.programme)
    if kind is Rule.PROGRAMME_HOURS:
        return _programme_hours(scene, who, start)
    if kind is Rule.PERSON_HOURS and who:
        return words.PERSON_HOURS.format(whose=scene.whose(who))
    if kind is Rule.BUSY and who:
        return words.BUSY_YOU if me else words.BUSY.format(name=scene.name(who))
    if kind is Rule.AWAY and who:
        return words.AWAY_YOU if me else words.AWAY.format(name=scene.name(who))
    plain = {
        Rule.CLOSED: words.CLOSED.format(programme=scene.programme),
        Rule.NOTICE: words.NOTICE.format(
            programme=scene.programme, length=times.length(scene.policy.notice)
        ),
        Rule.HORIZON: words.HORIZON.format(
            programme=scene.programme, length=f"{scene.policy.horizon // 1440} days"
        ),
        Rule.PAST: words.IS_PAST,
        Rule.DURATION: words.DURATION.format(
            programme=scene.programme, length=times.length(scene.policy.duration_max)
        ),
    }
    return plain.get(kind, words.NO_COMMON)


def _programme_hours(scene: Scene, who: PersonId | None, start: int | None) -> str:
    if who is None or start is None:
        return words.PROGRAMME_HOURS_PLAIN.format(programme=scene.programme, hours=scene.hours)
    person = scene.people[who]
    return words.PROGRAMME_HOURS.format(
        time=times.clock(start, person.zone),
        city=times.city(person.zone),
        whose="" if who == scene.me else f" for {scene.name(who)}",
        programme=scene.programme,
        hours=scene.hours,
    )


def reasons(scene: Scene, objections: Sequence[Objection], start: int | None = None) -> str:
    """Return all reasons as one clause; "nobody is free at the same time" when there is none."""
    clauses = list(dict.fromkeys(reason(scene, o, start) for o in objections))
    return words.listed(clauses) if clauses else words.NO_COMMON


def unlock(scene: Scene, found: Unlock) -> str:
    """Return what would open times, as a whole sentence."""
    who = found.objection.person_id
    how = words.UNLOCKS[found.objection.kind.value].format(
        programme=scene.programme,
        whose=scene.whose(who) if who else "",
        name=("you" if who == scene.me else scene.name(who)) if who else "",
    )
    return words.UNLOCK.format(how=how)


def share(scene: Scene, objection: Objection) -> str:
    """Return one line of where the time goes: "outside Priya's hours 60 %"."""
    who = objection.person_id
    if who is None:
        return words.SHARE_OPEN
    if objection.kind is Rule.PERSON_HOURS:
        return words.SHARE_HOURS.format(whose=scene.whose(who))
    return (
        words.SHARE_BUSY_YOU if who == scene.me else words.SHARE_BUSY.format(name=scene.name(who))
    )


def unknowns(scene: Scene, unknown: Mapping[PersonId, str]) -> list[str]:
    """Return whose calendar could not be read, and why, as sentences."""
    return [
        words.sentence(
            words.UNKNOWNS_YOU[why]
            if who == scene.me
            else words.UNKNOWNS[why].format(name=scene.name(who))
        )
        for who, why in unknown.items()
    ]
