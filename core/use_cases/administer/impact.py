"""Whom a change of settings concerns, counted before it is made (a dry run)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.policy import FIELDS, resolve
from core.programme import Role
from core.timing.hours import both, hours_spans
from core.timing.spans import intersect
from core.timing.zones import DAY, local_date
from core.use_cases.administer import future

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from core.booking.meeting import Meeting
    from core.ids import OrgId, PersonId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Tx
    from core.programme import Pair, Programme
    from core.timing.hours import Weekly
    from core.timing.spans import Span

LOOK = 14 * DAY
"""Seconds over which the shared hours of a pair are compared: every weekday twice."""
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Impact:
    """`people` are in the programmes concerned; `outside` are booked sessions that the new
    times would not allow; `apart` is how many pairs would lose all shared hours; `holders` is
    how many people have connected a service that would no longer be allowed.
    """

    people: int
    outside: tuple[Meeting, ...] = ()
    apart: int = 0
    holders: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """The text of a setting to be stored, None to inherit; for one programme or for all."""

    key: str
    text: str | None
    is_general: bool


def of_change(
    tx: Tx, org_id: OrgId, programmes: Iterable[Programme], wish: Wish, now: int
) -> Impact:
    """Count whom it concerns; programmes in which the value stays what it is are left out."""
    organisation = tx.settings.read(org_id)
    people: set[PersonId] = set()
    parts: list[Impact] = []
    for programme in programmes:
        own = tx.settings.read(programme.id)
        before, after = resolve(organisation, own), _after(organisation, own, wish)
        field = FIELDS.get(wish.key, wish.key)
        if getattr(before, field) == getattr(after, field):
            continue
        members = frozenset(
            m.person_id for m in tx.programmes.members(programme.id) if m.role is not Role.ADMIN
        )
        people |= members
        parts.append(_of_programme(tx, programme, members, (before, after), now))
    return Impact(
        people=len(people),
        outside=tuple(m for part in parts for m in part.outside),
        apart=sum(part.apart for part in parts),
        holders=max((part.holders for part in parts), default=0),
    )


def _after(organisation: Mapping[str, str], own: Mapping[str, str], wish: Wish) -> Policy:
    """Return the policy as it would be."""
    texts = {**(organisation if wish.is_general else own), wish.key: wish.text}
    changed = {key: text for key, text in texts.items() if text is not None}
    return resolve(changed, own) if wish.is_general else resolve(organisation, changed)


def _of_programme(
    tx: Tx,
    programme: Programme,
    members: frozenset[PersonId],
    policies: tuple[Policy, Policy],
    now: int,
) -> Impact:
    """Count in one programme, for the policy before and after."""
    before, after = policies
    gone = frozenset(before.services) - frozenset(after.services)
    holders = _holders(tx, members, gone)
    if (before.weekly, before.closures) == (after.weekly, after.closures):
        return Impact(len(members), holders=holders)
    outside = tuple(m for m in future.of_programme(tx, programme.id, now) if not _fits(m, after))
    people = tx.people.many(members)
    apart = _parted(tx.programmes.pairs(programme.id), people, before, after, now)
    return Impact(len(members), outside, apart, holders)


def _fits(meeting: Meeting, policy: Policy) -> bool:
    """Tell whether a meeting lies in the programme's times on every attendee's clock."""
    return all(
        intersect(hours_spans(policy.weekly, a.zone, meeting.span), [meeting.span])
        == [meeting.span]
        and local_date(meeting.start, a.zone) not in policy.closures
        for a in meeting.attendees
    )


def _parted(
    pairs: Iterable[Pair],
    people: Mapping[PersonId, Person],
    before: Policy,
    after: Policy,
    now: int,
) -> int:
    """Count the pairs that share hours before the change and none after it."""
    old, new = _Shared(before, now), _Shared(after, now)
    count = 0
    for pair in pairs:
        mentor, mentee = people.get(pair.mentor_id), people.get(pair.mentee_id)
        if mentor and mentee and old.any(mentor, mentee) and not new.any(mentor, mentee):
            count += 1
    return count


class _Shared:
    """Whether two people share hours under one policy; each kind of week is spread out once."""

    def __init__(self, policy: Policy, now: int) -> None:
        self._policy = policy
        self._window: Span = (now, now + LOOK)
        self._spans: dict[tuple[str, Weekly | None], list[Span]] = {}
        self._closed: frozenset[date] = frozenset(policy.closures)

    def any(self, one: Person, other: Person) -> bool:
        """Tell whether there is any shared time in the two weeks."""
        return bool(intersect(self._of(one), self._of(other)))

    def _of(self, person: Person) -> list[Span]:
        kind = (person.zone, person.hours)
        if kind not in self._spans:
            week = both(self._policy.weekly, person.hours) if person.hours else self._policy.weekly
            spans = hours_spans(week, person.zone, self._window)
            self._spans[kind] = [
                s for s in spans if local_date(s[0], person.zone) not in self._closed
            ]
        return self._spans[kind]


def _holders(tx: Tx, members: frozenset[PersonId], gone: frozenset[str]) -> int:
    """Count the people who have connected a service that would go."""
    if not gone:
        return 0
    held: set[PersonId] = set()
    ordered = sorted(members)
    for at in range(0, len(ordered), CHUNK):
        grants = tx.links.grants_of(ordered[at : at + CHUNK])
        held |= {g.person_id for g in grants.values() if g.provider in gone}
    return len(held)
