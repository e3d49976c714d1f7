"""The promises of a store about series, their sessions, and wishes for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.booking.proposal import Beyond, Gap, Shift, Slot, Wish
from core.booking.series import Pattern, Series, SeriesState
from core.errors import NotFound, Stale
from core.ids import MeetingId, ProgrammeId, SeriesId
from core.programme import Objection, Rule
from core.timing.recurrence import Frequency
from core.timing.recurrence import Rule as Repeats
from tests.contract.store.world import HOUR, NOON, PROGRAMME, do, meeting, pid, proposal

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.repositories import Store

PATTERN = Pattern(
    Repeats(Frequency.MONTHLY, 2, (1, 3), position=-1, sunday_first=True),
    "Europe/London", date(2026, 10, 27), 14 * 60 + 5, 45, count=7,
)  # fmt: skip
SERIES = Series(
    SeriesId("series-7"),
    PROGRAMME,
    pid(1),
    (pid(1), pid(2)),
    PATTERN,
    "Ça va? 🎯",
    "x@example.org",
)


def sessions() -> list[Meeting]:
    """Return three sessions, not in order."""
    return [
        replace(
            meeting(1, 2, start=NOON + n * HOUR),
            id=MeetingId(f"session-{7 + n}"),
            uid=SERIES.uid,
            series=SERIES.id,
            slot=NOON + n * HOUR,
        )
        for n in (1, 0, 2)
    ]


class SeriesContract:
    async def test_a_series_and_its_sessions(self, store: Store) -> None:
        made = sessions()
        await do(
            store,
            lambda tx: tx.meetings.save_series(SERIES),
            *(lambda tx, one=one: tx.meetings.save(one) for one in made),
            lambda tx: tx.meetings.save(meeting(1, 2, start=NOON + 9 * HOUR)),
        )
        found = await store.read(lambda tx: tx.meetings.of_series(SERIES.id))
        assert list(found) == sorted(made, key=lambda one: one.slot)
        assert await store.read(lambda tx: tx.meetings.series(SERIES.id)) == SERIES
        assert await store.read(lambda tx: tx.meetings.of_series(SeriesId("none"))) == ()

    async def test_each_saving_of_a_series_is_a_version(self, store: Store) -> None:
        after = replace(
            SERIES, pattern=replace(PATTERN, count=3), state=SeriesState.ENDED, sequence=4
        )
        await do(store, lambda tx: tx.meetings.save_series(SERIES))
        await do(store, lambda tx: tx.meetings.save_series(after))
        stored = await store.read(lambda tx: tx.meetings.series(SERIES.id))
        assert stored == replace(after, version=1)
        with pytest.raises(Stale):
            await store.transact(lambda tx: tx.meetings.save_series(replace(SERIES, version=9)))

    async def test_unknown_series(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(lambda tx: tx.meetings.series(SeriesId("none")))

    async def test_a_series_belongs_to_a_programme(self, store: Store) -> None:
        lost = replace(SERIES, programme_id=ProgrammeId("none"))
        with pytest.raises(NotFound):
            await store.transact(lambda tx: tx.meetings.save_series(lost))

    async def test_a_wish_is_kept_with_its_gaps(self, store: Store) -> None:
        bare = proposal(1, 2)
        why = (Objection(Rule.BUSY, pid(2)), Objection(Rule.WEEKEND, detail="Sat"))
        wish = Wish(PATTERN, (Gap(NOON, why, (NOON + HOUR,)), Gap(NOON + 9 * HOUR)), cut=True)
        wish = wish.asking(Beyond(pid(1), (NOON,), (NOON + HOUR,)), Beyond(pid(2), ()))
        full = replace(
            bare,
            request=replace(bare.request, series=wish),
            slots=(Slot(NOON + HOUR, NOON + 2 * HOUR, (pid(2),), by_rule=NOON),),
        )
        await do(store, lambda tx: tx.proposals.save(full))
        assert await store.read(lambda tx: tx.proposals.get(full.id)) == full

    async def test_a_wish_to_change_a_series_is_kept(self, store: Store) -> None:
        bare = proposal(1, 2)
        shifts = (Shift(NOON + HOUR, MeetingId("m"), NOON), Shift(NOON + 9, MeetingId("n"), NOON))
        wish = Wish(PATTERN, changes=SERIES.id, shifts=shifts, dropped=(NOON + 9,))
        full = replace(bare, request=replace(bare.request, series=wish))
        await do(store, lambda tx: tx.proposals.save(full))
        assert await store.read(lambda tx: tx.proposals.get(full.id)) == full
