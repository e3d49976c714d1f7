"""Why a time, a day or a person does not work: counts and rules, never an event (A09, A10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.attendance import ask, load_cast, mark_revoked, search_of
from core.finding.availability import candidates, common_hours
from core.finding.blocking import in_the_way
from core.finding.explain import Unlock, shares, unlocks, why_not
from core.finding.ranking import best
from core.finding.unlocking import WEEK, Way, ways
from core.finding.wishing import preferring
from core.timing.zones import DAY

if TYPE_CHECKING:
    from core.booking.proposal import MeetingRequest
    from core.ids import PersonId
    from core.people import Person
    from core.policy import Policy
    from core.ports import Ports
    from core.programme import Objection
    from core.timing.spans import Span


@dataclass(frozen=True, slots=True)
class Explanation:
    """Reasons for stated starts, or where the time of the windows goes.

    `stated` maps each asked start to what is against it (empty: it is free); `common` are the
    hours that all share in the windows; `free` the best times that do work, `ways` the changes
    that would open some where there are none, `missed` what is in the way of them.
    """

    request: MeetingRequest
    policy: Policy
    programme: str
    people: dict[PersonId, Person]
    unknown: dict[PersonId, str]
    stated: dict[int, tuple[Objection, ...]]
    shares: tuple[Objection, ...]
    unlocks: tuple[Unlock, ...]
    common: tuple[Span, ...]
    free: tuple[int, ...]
    ways: tuple[Way, ...] = ()
    missed: tuple[Objection, ...] = ()


async def explain_times(ports: Ports, request: MeetingRequest) -> Explanation:
    """Explain a request without proposing anything. Raises NotFound."""
    now = ports.clock.now()
    window = (max(now, request.windows[0][0]) - DAY, request.windows[-1][1] + WEEK + DAY)
    cast = await ports.store.read(
        lambda tx: load_cast(
            tx, request.programme_id, request.attendees, window, request.moves, request
        )
    )
    ignore = frozenset({f"{request.moves}@{ports.domain}"} if request.moves else ())
    attendance = await ask(ports, cast, window, ignore)
    if attendance.revoked:
        await ports.store.transact(lambda tx: mark_revoked(tx, attendance, now))
    search = search_of(request, cast.policy, now)
    people = sorted(attendance.people, key=lambda p: p.person_id == request.asker)
    search = preferring(search, people)
    starts = candidates(search, people)
    return Explanation(
        request=request,
        policy=cast.policy,
        programme=cast.programme.name,
        people=dict(cast.people),
        unknown=attendance.unknown,
        stated={start: why_not(search, people, start) for start in request.starts},
        shares=shares(search, people),
        unlocks=() if starts else unlocks(search, people),
        common=tuple(common_hours(search, people)),
        free=tuple(best(search, people, starts)),
        ways=() if starts else ways(search, people, request.asker),
        missed=() if starts else in_the_way(search, people),
    )
