"""Whom a change of settings concerns, counted before it is made (a dry run)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.ids import PersonId
from core.policy import FIELDS, Connect, resolve
from core.programme import Role
from core.timing.hours import both, hours_spans
from core.timing.spans import intersect
from core.timing.zones import DAY, local_date
from core.use_cases.administer import future
from core.withdrawing import Allowance, losses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from core.booking.meeting import Meeting
    from core.ids import OrgId
    from core.links import Provider
    from core.people import Person
    from core.policy import Policy
    from core.ports import Tx
    from core.programme import Pair, Programme
    from core.timing.hours import Weekly
    from core.timing.spans import Span

LOOK = 14 * DAY
"""Seconds over which the shared hours of a pair are compared: every weekday twice."""
CHUNK = 500
SWITCHES = frozenset({"assistant", "connecting", "connect", "accounts.personal", "calendars.max"})
# Where private people have their accounts; a service says it only when an account is opened.
PRIVATE = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com"}
    | {"icloud.com", "me.com", "mac.com", "yahoo.com", "gmx.de", "web.de"}
)


@dataclass(frozen=True, slots=True)
class Impact:
    """`people` are in the programmes concerned; `outside` are booked sessions that the new
    times would not allow; `apart` is how many pairs would lose all shared hours.

    Of connected calendars: `losing` (by name, each service of a person once) would lose what they
    have connected; `connected` would no longer be read; `unconnected` could not connect, or would
    be asked to; `above` have more calendars than would be allowed; `private` have connected an
    account of a private mail service.
    """

    people: int
    outside: tuple[Meeting, ...] = ()
    apart: int = 0
    losing: tuple[tuple[Person, Provider], ...] = ()
    connected: int = 0
    unconnected: int = 0
    above: int = 0
    private: int = 0

    @property
    def touches_calendars(self) -> bool:
        """Whether anybody's connected calendars are concerned."""
        return bool(self.losing or self.connected or self.unconnected or self.above or self.private)


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
    policies: list[tuple[Policy, Policy]] = []
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
        policies.append((before, after))
        parts.append(_of_programme(tx, programme, members, (before, after), now))
    return replace(
        _of_calendars(tx, wish, people, policies),
        people=len(people),
        outside=tuple(m for part in parts for m in part.outside),
        apart=sum(part.apart for part in parts),
    )


def losing(tx: Tx, org_id: OrgId, scope: str, wish: Wish) -> tuple[tuple[Person, Provider], ...]:
    """Return who would lose what they have connected, by name; `scope` is where it is stored."""
    texts = {**tx.settings.read(scope), wish.key: wish.text}
    changed = {key: text for key, text in texts.items() if text is not None}
    found = losses(tx, org_id, Allowance(tx, org_id), Allowance(tx, org_id, scope, changed))
    people = tx.people.many({loss.person_id for loss in found})
    named = [(people[loss.person_id], loss.provider) for loss in found]
    return tuple(sorted(named, key=lambda one: (one[0].name.casefold(), one[0].id, one[1])))


def _of_calendars(
    tx: Tx, wish: Wish, people: Iterable[PersonId], policies: Sequence[tuple[Policy, Policy]]
) -> Impact:
    """Count by what people have connected, for the switches about connecting."""
    if wish.key not in SWITCHES or not policies:
        return Impact(0)
    ordered, links, accounts = sorted(people), Counter[PersonId](), set[PersonId]()
    for at in range(0, len(ordered), CHUNK):
        chunk = ordered[at : at + CHUNK]
        links.update({person: len(held) for person, held in tx.links.of(chunk).items() if held})
        grants = tx.links.grants_of(chunk).values()
        accounts |= {
            g.person_id for g in grants if g.account.rpartition("@")[2].casefold() in PRIVATE
        }
    before, after = policies[0]
    lacking = len(ordered) - len(links)
    match wish.key:
        case "assistant" if not after.assistant:
            return Impact(0, connected=len(links))
        case "connecting" if not after.connecting:
            return Impact(0, unconnected=lacking)
        case "connect" if after.connect is Connect.REQUIRED:
            return Impact(0, unconnected=lacking)
        case "accounts.personal" if before.personal and not after.personal:
            return Impact(0, private=len(accounts))
        case "calendars.max" if after.calendars_max:
            above = sum(1 for number in links.values() if number > after.calendars_max)
            return Impact(0, above=above)
    return Impact(0)


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
    if (before.weekly, before.closures) == (after.weekly, after.closures):
        return Impact(len(members))
    outside = tuple(m for m in future.of_programme(tx, programme.id, now) if not _fits(m, after))
    people = {p: one.within(programme.id) for p, one in tx.people.many(members).items()}
    apart = _parted(tx.programmes.pairs(programme.id), people, before, after, now)
    return Impact(len(members), outside, apart)


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
