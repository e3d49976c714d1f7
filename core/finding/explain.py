"""Why nothing fits, and what would unlock it - without a word about anybody's events.

The same pure functions that find slots say why there are none: leave out one rule or one
person at a time and see what opens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.finding.availability import asked, candidates, closed, taken
from core.programme import Objection, Rule
from core.timing.hours import ALWAYS, Weekly, hours_spans
from core.timing.spans import Span, intersect, merge, overlaps, subtract, total
from core.timing.zones import local_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.finding.request import PersonTime, Search

ROUNDED = 1e-9  # of a percent: what is a whole number but for the computer's arithmetic


@dataclass(frozen=True, slots=True)
class Unlock:
    """What opens when one rule or person is left out: how many starts, and the first."""

    objection: Objection
    count: int
    first: int


def why_not(search: Search, people: Sequence[PersonTime], start: int) -> tuple[Objection, ...]:
    """Return everything that blocks one stated time; empty when it is free for everybody."""
    end = start + search.length
    found: list[Objection] = []
    if start < search.now:
        return (Objection(Rule.PAST),)
    if start < search.earliest:
        found.append(Objection(Rule.NOTICE))
    if start > search.latest:
        found.append(Objection(Rule.HORIZON))
    for person in people:
        found.extend(_blocks(search, person, (start, end)))
    return tuple(dict.fromkeys(found))


def _blocks(search: Search, person: PersonTime, slot: Span) -> list[Objection]:
    """Return what of one person's rules and time blocks a slot."""
    start, end = slot
    found: list[Objection] = []
    weekday = local_date(start, person.zone).weekday()
    if search.closures and overlaps(closed(search, [person.zone]), start, end):
        found.append(Objection(Rule.CLOSED, person.person_id))
    if weekday > 4 and not search.programme[weekday]:
        found.append(Objection(Rule.WEEKEND))
    elif not _inside(search.programme, person.zone, slot):
        found.append(Objection(Rule.PROGRAMME_HOURS, person.person_id))
    if person.own is not None and not _inside(person.own, person.zone, slot):
        found.append(Objection(Rule.PERSON_HOURS, person.person_id))
    for rule, spans in _wishes(person):
        if overlaps(spans, start, end):
            found.append(Objection(rule, person.person_id))
    if overlaps(person.away, start, end):  # it says more than what else is in the way of theirs
        found.append(Objection(Rule.AWAY, person.person_id))
    elif overlaps(person.busy, start, end):
        found.append(Objection(Rule.BUSY, person.person_id))
    elif overlaps(person.busy, start - person.buffer, end + person.buffer):
        found.append(Objection(Rule.BUFFER, person.person_id))
    return found


def _wishes(person: PersonTime) -> list[tuple[Rule, Sequence[Span]]]:
    """Return the days that a person keeps free by what they said, each with its rule."""
    kept = ((Rule.HOLIDAY, person.holidays), (Rule.LIMIT, person.full))
    return [(rule, merge(spans)) for rule, spans in kept if spans]


def _inside(week: Weekly, zone: str, slot: Span) -> bool:
    """Tell whether a slot lies in weekly hours."""
    around = (slot[0] - 86_400, slot[1] + 86_400)
    return any(a <= slot[0] and slot[1] <= b for a, b in hours_spans(week, zone, around))


def shares(search: Search, people: Sequence[PersonTime]) -> tuple[Objection, ...]:
    """Return how much of the programme's time each reason takes away, largest first.

    The base is the asked time inside the programme's hours of at least one person. Each moment
    counts for the first reason that blocks it: closure days, people's hours in the order given,
    their busy times, what they want free around these, and last what is left over but too
    short for a session. What remains is exactly what the search can offer; with it the shares
    add up to one.
    """
    window = asked(search)
    if not window:
        return ()
    reach = (window[0][0], window[-1][1])
    everyone = merge(s for p in people for s in hours_spans(search.programme, p.zone, reach))
    left = base = intersect(window, everyone)
    whole, found = total(base), []
    for objection, kept in _keeping(search, people, reach):
        after = intersect(left, kept)
        found.append(replace(objection, share=_part(left, after, whole)))
        left = after
    return tuple(sorted((o for o in found if o.share > 0), key=lambda o: -o.share))


def _keeping(
    search: Search, people: Sequence[PersonTime], reach: Span
) -> Iterator[tuple[Objection, Sequence[Span]]]:
    """Return each reason with the time that it leaves, in the order in which they count."""
    every = [reach]
    if search.closures:
        shut = closed(search, {p.zone for p in people})
        yield Objection(Rule.CLOSED), subtract(every, shut)
    for person in people:
        yield Objection(Rule.PERSON_HOURS, person.person_id), _own_hours(search, person, reach)
    for person in people:
        for rule, spans in _wishes(person):
            yield Objection(rule, person.person_id), subtract(every, spans)
    for person in people:
        engaged = merge([*person.busy, *person.away])
        yield Objection(Rule.BUSY, person.person_id), subtract(every, engaged)
    for person in people:
        if person.buffer:
            yield Objection(Rule.BUFFER, person.person_id), subtract(every, taken([person]))
    anew = replace(search, starts=(), without=frozenset())
    fitting = merge((start, start + search.length) for start in candidates(anew, people))
    yield Objection(Rule.SHORT), fitting


def percents(parts: Sequence[float]) -> list[int]:
    """Return parts of a whole in whole percents that add up to what the parts add up to.

    Each is rounded down, and what is missing goes to those that lost most by that.
    """
    exact = [part * 100 for part in parts]
    floors = [int(value + ROUNDED) for value in exact]
    missing = round(sum(exact)) - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: floors[i] - exact[i])
    for index in order[:missing]:
        floors[index] += 1
    return floors


def _own_hours(search: Search, person: PersonTime, reach: Span) -> list[Span]:
    """Return a person's hours under the programme's rules."""
    spans = hours_spans(search.programme, person.zone, reach)
    if person.own is None:
        return spans
    return subtract(spans, subtract(spans, hours_spans(person.own, person.zone, reach)))


def _part(before: Sequence[Span], after: Sequence[Span], whole: int) -> float:
    """Return which part of `whole` was lost between two lists."""
    return (total(before) - total(after)) / whole if whole else 0.0


def unlocks(search: Search, people: Sequence[PersonTime]) -> tuple[Unlock, ...]:
    """Return what would open slots if it were otherwise, most useful first."""
    found: list[Unlock] = []
    for objection, variant, crowd in _variants(search, people):
        starts = candidates(variant, crowd)
        if starts:
            found.append(Unlock(objection, len(starts), starts[0]))
    return tuple(sorted(found, key=lambda unlock: -unlock.count))


def _variants(
    search: Search, people: Sequence[PersonTime]
) -> list[tuple[Objection, Search, Sequence[PersonTime]]]:
    """Return the search with one rule or one person's time left out at a time."""
    variants: list[tuple[Objection, Search, Sequence[PersonTime]]] = [
        (Objection(Rule.NOTICE), replace(search, earliest=search.now), people),
        (Objection(Rule.PROGRAMME_HOURS), replace(search, programme=_longer(search)), people),
    ]
    if not search.programme[5] and not search.programme[6]:
        week = (*search.programme[:5], search.programme[0], search.programme[0])
        variants.append((Objection(Rule.WEEKEND), replace(search, programme=week), people))
    if search.closures:
        variants.append((Objection(Rule.CLOSED), replace(search, closures=()), people))
    for index, person in enumerate(people):
        if person.own is not None:
            crowd = _with(people, index, replace(person, own=ALWAYS))
            variants.append((Objection(Rule.PERSON_HOURS, person.person_id), search, crowd))
        for rule, crowd in (
            (Rule.LIMIT, _with(people, index, replace(person, full=()))),
            (Rule.HOLIDAY, _with(people, index, replace(person, holidays=()))),
        ):
            if rule in {kind for kind, _ in _wishes(person)}:
                variants.append((Objection(rule, person.person_id), search, crowd))
        if person.busy or person.away:
            crowd = _with(people, index, replace(person, busy=(), away=()))
            variants.append((Objection(Rule.BUSY, person.person_id), search, crowd))
    return variants


def _with(people: Sequence[PersonTime], index: int, person: PersonTime) -> list[PersonTime]:
    """Return the people with one replaced."""
    return [person if i == index else p for i, p in enumerate(people)]


def _longer(search: Search) -> Weekly:
    """Return the programme's hours two hours longer on either side."""
    return tuple(  # type: ignore[return-value]  # seven in, seven out
        tuple((max(0, a - 120), min(1440, b + 120)) for a, b in entry) for entry in search.programme
    )
