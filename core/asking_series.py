"""Asking calendars about all sessions of a series: once per window that a service takes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from core.attendance import Attendance, ask
from core.booking.series import windows
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from core.attendance import Cast
    from core.booking.meeting import Meeting
    from core.booking.proposal import MeetingRequest, Proposal, Wish
    from core.booking.series import Pattern
    from core.finding.request import Ease, PersonTime
    from core.ids import PersonId
    from core.ports import Ports, Tx
    from core.timing.spans import Span

AROUND = 2 * DAY  # seconds on either side of a session in which other times are looked for
AT_ONCE = 3  # windows that are asked for side by side


def wish_of(request: MeetingRequest) -> Wish:
    """Return the series that a request is for."""
    if request.series is None:
        message = "no request for a series"
        raise ValueError(message)
    return request.series


def spans_of(pattern: Pattern) -> list[Span]:
    """Return when the sessions are by the rule."""
    return [(slot, slot + pattern.minutes * 60) for slot in pattern.slots()]


async def ask_series(
    ports: Ports,
    cast: Cast,
    spans: Sequence[Span],
    ignore: frozenset[str] = frozenset(),
    eased: Collection[tuple[Ease, PersonId]] = (),
) -> Attendance:
    """Ask every calendar once per window, a few windows at a time, and put the answers together.

    `ignore` holds the UIDs of our own sessions that are to be moved, or whose calendars are read
    for something else, `eased` what of whose rules is set aside.
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(window: Span) -> Attendance:
        async with gate:
            return await ask(ports, cast, window, ignore, eased)

    parts = await asyncio.gather(*(one(window) for window in windows(spans, AROUND)))
    return _joined(parts)


def own_of(tx: Tx, wish: Wish) -> tuple[Meeting, ...]:
    """Return the sessions that a wish is to move; none for a new series."""
    if wish.changes is None:
        return ()
    ids = {one.meeting for one in wish.shifts}
    return tuple(m for m in tx.meetings.of_series(wish.changes) if m.id in ids)


def leaving(tx: Tx, proposal: Proposal, starts: Collection[int]) -> frozenset[int]:
    """Return the starts of the sessions of a series that stands which give way when those of a
    proposal at `starts` are moved, and what it drops is called off.
    """
    wish = wish_of(proposal.request)
    slots = {slot.by_rule or slot.start for slot in proposal.slots if slot.start in starts}
    ids = {one.meeting for one in wish.shifts if one.slot in slots or one.slot in wish.dropped}
    return frozenset(m.start for m in own_of(tx, wish) if m.id in ids)


def uids_of(own: Iterable[Meeting], domain: str) -> frozenset[str]:
    """Return the UIDs under which sessions may stand in calendars: their series', or their own
    where a service has no series.
    """
    return frozenset(uid for m in own for uid in (m.uid, f"{m.id}@{domain}"))


def freed(cast: Cast, own: Iterable[Meeting]) -> Cast:
    """Return the cast without what its people's own sessions hold: these are to be moved.
    Nobody has two at the same time, so that the time tells which one it is.
    """
    spans = {m.span for m in own}
    starts = {start for start, _ in spans}
    if not spans:
        return cast
    claims = {
        person: [claim for claim in held if (claim.start, claim.end) not in spans]
        for person, held in cast.claims.items()
    }
    limits = {
        person: tuple(limit.without(starts) for limit in held)
        for person, held in cast.limits.items()
    }
    return replace(cast, claims=claims, limits=limits)


def _joined(parts: Sequence[Attendance]) -> Attendance:
    """Return the answers for several windows as one; unknown in one is unknown."""
    times: dict[PersonId, list[PersonTime]] = {}
    for part in parts:
        for person in part.people:
            times.setdefault(person.person_id, []).append(person)
    people = tuple(_one(found) for found in times.values())
    revoked = tuple(dict.fromkeys(grant for part in parts for grant in part.revoked))
    return Attendance(people, revoked, sum(part.skipped for part in parts))


def _one(times: Sequence[PersonTime]) -> PersonTime:
    """Return one person's time in several windows as one; what setting something aside changes
    in one window only is as it was in the others.
    """
    kinds = dict.fromkeys(ease for part in times for ease, _ in part.eased)
    return replace(
        times[0],
        busy=[span for part in times for span in part.busy],
        away=[span for part in times for span in part.away],
        holidays=[span for part in times for span in part.holidays],
        unknown=next((part.unknown for part in times if part.unknown), ""),
        eased=tuple(
            (ease, _one([replace(dict(part.eased).get(ease, part), eased=()) for part in times]))
            for ease in kinds
        ),
    )
