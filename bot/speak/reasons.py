"""Objections in words: which rule or whose time blocks, and never a word about any event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.speak import group_words, groups, times, wish_words, words
from core.finding.explain import percents
from core.programme import Objection, Rule
from core.setting_text import clock_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.booking.proposal import Proposal
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
        return f"{clock_of(start)}-{clock_of(end)}"


def then(people: Mapping[PersonId, Person], item: Proposal) -> dict[PersonId, Person]:
    """Return the people of a proposal on the clocks that they will have at its times (A40)."""
    if not item.slots:
        return dict(people)
    span = (min(s.start for s in item.slots), max(s.end for s in item.slots))
    return {person_id: person.during(span) for person_id, person in people.items()}


def reasons(scene: Scene, objections: Sequence[Objection]) -> str:
    """Return all reasons as one clause without a full stop; what blocks several people the same
    way is said once. "Nobody is free at the same time" when there is no reason.
    """
    groups: dict[Rule, list[PersonId]] = {}
    for objection in objections:
        people = groups.setdefault(objection.kind, [])
        if objection.person_id and objection.person_id not in people:
            people.append(objection.person_id)
    clauses = [
        clause for kind, people in groups.items() for clause in _clauses(scene, kind, people)
    ]
    return words.listed(clauses) if clauses else words.NO_COMMON


def _clauses(scene: Scene, kind: Rule, people: Sequence[PersonId]) -> list[str]:
    """Return what one rule says: one clause, or two where the reader is spoken to apart."""
    others = [p for p in people if p != scene.me]
    mine = len(others) < len(people)
    names = groups.few([scene.name(p) for p in others])
    plural = len(others) > 1
    if kind is Rule.PROGRAMME_HOURS:
        for_whom = groups.few([*(["you"] if mine else []), *(scene.name(p) for p in others)])
        return [_programme_hours(scene, for_whom)]
    if kind is Rule.PERSON_HOURS:
        whose = groups.few([*(["your"] if mine else []), *(scene.whose(p) for p in others)])
        return [words.PERSON_HOURS.format(whose=whose)]
    if kind is Rule.BUSY:
        theirs = [words.BUSY[plural].format(names=names)] if others else []
        return [*([words.BUSY_YOU] if mine else []), *theirs]
    if kind is Rule.BUFFER:  # what others want free around their things is theirs to tell
        theirs = [words.NOT_FREE[plural].format(names=names)] if others else []
        return [*([_too_near(scene)] if mine else []), *theirs]
    if kind is Rule.AWAY:
        theirs = [words.AWAY[plural].format(names=names)] if others else []
        return [*([words.AWAY_YOU] if mine else []), *theirs]
    if kind is Rule.LIMIT:
        theirs = [wish_words.LIMIT[plural].format(names=names)] if others else []
        return [*([wish_words.LIMIT_YOU] if mine else []), *theirs]
    if kind is Rule.HOLIDAY:
        theirs = [wish_words.HOLIDAY.format(names=names)] if others else []
        return [*([wish_words.HOLIDAY_YOU] if mine else []), *theirs]
    return [_rule(scene, kind)]


def _programme_hours(scene: Scene, whom: str) -> str:
    if not whom:
        return words.PROGRAMME_HOURS_PLAIN.format(programme=scene.programme, hours=scene.hours)
    return words.PROGRAMME_HOURS.format(programme=scene.programme, hours=scene.hours, whom=whom)


def _too_near(scene: Scene) -> str:
    """Return that the reader wants, or the programme keeps, some time free in between."""
    own, rule = scene.people[scene.me].buffer or 0, scene.policy.buffer
    pattern = words.TOO_NEAR_YOU if own > rule else words.TOO_NEAR
    return pattern.format(programme=scene.programme, length=times.length(max(own, rule)))


def _rule(scene: Scene, kind: Rule) -> str:
    """Return what a rule of the programme says, whoever takes part."""
    plain = {
        Rule.WEEKEND: words.WEEKEND.format(programme=scene.programme),
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


def unlocks(scene: Scene, found: Sequence[Unlock], named: Sequence[Objection]) -> list[str]:
    """Return what would open times, as at most two sentences; what was named as the reason
    already says so itself.
    """
    taken = (Rule.AWAY, Rule.BUFFER)
    known = {(Rule.BUSY if o.kind in taken else o.kind, o.person_id) for o in named}
    news = [u for u in found if (u.objection.kind, u.objection.person_id) not in known]
    return [_unlock(scene, unlock) for unlock in news[:2]]


def _unlock(scene: Scene, found: Unlock) -> str:
    """Return what would open times, as a whole sentence."""
    who = found.objection.person_id
    pattern = {**words.UNLOCKS, **wish_words.UNLOCKS}[found.objection.kind.value]
    how = pattern.format(
        programme=scene.programme,
        whose=scene.whose(who) if who else "",
        name=("you" if who == scene.me else scene.name(who)) if who else "",
    )
    return words.UNLOCK.format(how=how)


def where_it_goes(
    scene: Scene, shares: Sequence[Objection], minutes: int, left: str
) -> list[tuple[str, str]]:
    """Return the lines of where the time goes, in whole percents that add up to 100: "outside
    Priya's hours", "60 %". The last line is what is left, called `left`; of the others those
    that round to nothing are not shown.
    """
    lines: dict[str, float] = {}
    for objection in shares:
        line = _share(scene, objection, minutes)
        lines[line] = lines.get(line, 0) + objection.share
    lines = dict(sorted(lines.items(), key=lambda entry: -entry[1]))
    lines[left] = max(0.0, 1 - sum(lines.values()))
    shown = percents(list(lines.values()))
    rows = zip(lines, shown, strict=True)
    return [(line, f"{number} %") for line, number in rows if number or line == left]


_WISHED = {
    Rule.LIMIT: (wish_words.SHARE_LIMIT_YOU, wish_words.SHARE_LIMIT),
    Rule.HOLIDAY: (wish_words.SHARE_HOLIDAY_YOU, wish_words.SHARE_HOLIDAY),
}


def _share(scene: Scene, objection: Objection, minutes: int) -> str:
    """Return what takes a share: "outside Priya's hours". What others want free around their
    things counts as theirs to be busy.
    """
    who, kind = objection.person_id, objection.kind
    if kind is Rule.CLOSED:
        return words.SHARE_CLOSED.format(programme=scene.programme)
    if kind is Rule.SHORT or who is None:
        return words.SHARE_SHORT.format(length=times.length(minutes))
    if kind is Rule.PERSON_HOURS:
        return words.SHARE_HOURS.format(whose=scene.whose(who))
    if kind in (Rule.LIMIT, Rule.HOLIDAY):
        patterns = _WISHED[kind]
        return patterns[0] if who == scene.me else patterns[1].format(name=scene.name(who))
    if who != scene.me:
        return words.SHARE_BUSY.format(name=scene.name(who))
    return words.SHARE_NEAR_YOU if kind is Rule.BUFFER else words.SHARE_BUSY_YOU


def unknowns(scene: Scene, unknown: Mapping[PersonId, str]) -> list[str]:
    """Return whose calendar could not be read, and why, as sentences: one each, or one for many
    of the same reason.
    """
    by_reason: dict[str, list[PersonId]] = {}
    for who, why in unknown.items():
        by_reason.setdefault("" if who == scene.me else why, []).append(who)
    found: list[str] = []
    for why, people in by_reason.items():
        if not why:
            found.append(words.UNKNOWNS_YOU[unknown[scene.me]])
        elif len(people) > groups.SHOWN:
            names = groups.few([scene.name(p) for p in people])
            found.append(group_words.UNKNOWNS[why].format(names=names))
        else:
            found += [words.UNKNOWNS[why].format(name=scene.name(p)) for p in people]
    return [words.sentence(one) for one in found]
