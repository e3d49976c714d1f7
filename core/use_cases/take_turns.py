"""Let a series take turns with its early and late hours.

First two times of day are chosen by what the calendars hold; then a drafted proposal of the
first gets every other session at the second. To everybody outside it is one series by its first
time, whose other sessions are moved on their days.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.asking_series import AROUND, ask_series, spans_of, wish_of
from core.attendance import load_cast, mark_revoked, search_of
from core.booking.proposal import Proposal, ProposalState, Slot
from core.errors import Refused
from core.finding.availability import candidates
from core.finding.turns import Turns, in_turn, plan
from core.programme import Objection, Rule
from core.timing.spans import merge
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.attendance import Attendance, Cast
    from core.booking.proposal import MeetingRequest
    from core.booking.series import Pattern
    from core.ids import PersonId, ProposalId
    from core.ports import Ports, Tx

STEP = 30  # minutes between the times of day that are compared
DAY_MINUTES = 24 * 60
EVER = 1 << 33  # an instant after all sessions


async def plan_turns(ports: Ports, request: MeetingRequest, options: Sequence[Pattern]) -> Turns:
    """Return at which times of day a wished series takes turns; `options` are the first times in
    question. Raises NotFound.
    """
    now = ports.clock.now()
    seconds = [
        replace(options[0], minute=minute)
        for minute in range(0, DAY_MINUTES - request.minutes + 1, STEP)
    ]
    every = (*options, *seconds)
    spans = sorted({span for pattern in every for span in spans_of(pattern)})
    reach = (spans[0][0] - AROUND - DAY, spans[-1][1] + AROUND + DAY)
    cast = await ports.store.read(
        lambda tx: load_cast(tx, request.programme_id, request.attendees, reach)
    )
    attendance = await ask_series(ports, cast, spans)
    await ports.store.transact(lambda tx: mark_revoked(tx, attendance, now))
    free = _free(cast, request, attendance, spans, now)
    zones = [cast.people[p].zone for p in request.attendees if p in cast.people]
    return plan(options, seconds, free, zones or [request.zone])


def _free(
    cast: Cast,
    request: MeetingRequest,
    attendance: Attendance,
    spans: Sequence[tuple[int, int]],
    now: int,
) -> frozenset[int]:
    """Return which of the starts suit everybody; how far ahead they may be is checked elsewhere."""
    search = replace(
        search_of(request, cast.policy, now),
        windows=tuple(merge(spans)),
        starts=tuple(sorted({start for start, _ in spans})),
        latest=EVER,
    )
    return frozenset(candidates(search, list(attendance.people)))


async def take_turns(
    ports: Ports, proposal_id: ProposalId, actor: PersonId, turns: Turns
) -> Proposal:
    """Give every other session of a drafted proposal the second time of day.

    Raises Refused for anybody but the asker, NotFound.
    """

    def work(tx: Tx) -> Proposal:
        proposal = tx.proposals.get(proposal_id)
        if actor != proposal.request.asker:
            raise Refused(Objection(Rule.RIGHTS, proposal.request.asker))
        if proposal.state is not ProposalState.DRAFTED or turns.second is None:
            return proposal
        tx.proposals.save(_alternating(proposal, turns.second, turns.free))
        return tx.proposals.get(proposal_id)

    return await ports.store.transact(work)


def _alternating(proposal: Proposal, second: Pattern, free: Iterable[int]) -> Proposal:
    """Return it with its sessions at both times; a gap that the second time fills is none."""
    wish = wish_of(proposal.request)
    unchecked, length = proposal.slots[0].unchecked, wish.pattern.minutes * 60
    known = {slot.by_rule or slot.start for slot in proposal.slots}
    days = sorted(known | {gap.slot for gap in wish.gaps})
    held = in_turn(days, wish.pattern, second, known | set(free))
    slots = tuple(Slot(at, at + length, unchecked, slot if at != slot else 0) for slot, at in held)
    filled = {slot for slot, _ in held}
    wish = replace(wish, gaps=tuple(gap for gap in wish.gaps if gap.slot not in filled))
    return replace(proposal, slots=slots, request=replace(proposal.request, series=wish))
