"""What happens around a session on real databases: kept over restarts, counted, taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from core.booking.meeting import MeetingState
from core.counting import count
from core.late import Choice
from core.notices import NoticeKind
from core.use_cases import change_meeting, run_late, undo
from core.use_cases.answer_proposal import accept, offer
from core.use_cases.find_times import find_times
from core.use_cases.set_reminders import reminders_of, set_reminders
from tests.pg import postgres
from tests.unit.core.use_cases.world import (
    DAY,
    HOUR,
    INES,
    MINUTE,
    NOAH,
    PROGRAMME,
    TUESDAY,
    World,
    request,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.booking.meeting import Meeting

KEYS = [("first", bytes(range(32)))]
TWO = TUESDAY + 14 * HOUR


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return postgres().migrated()
    sqlite = f"sqlite:///{tmp_path / 'tandem.db'}"
    migrate(sqlite)
    return sqlite


@pytest.fixture
def world(url: str) -> Iterator[World]:
    world = World()
    store = SqlStore(url, Sealer(KEYS))
    world.store = store  # type: ignore[assignment]  # any store will do
    world.ports = replace(world.ports, store=store)
    yield world
    store.dispose()


async def session(world: World, start: int = TWO) -> Meeting:
    """Return a session of Ines and Noah that both have agreed to."""
    wanted = request(INES, NOAH, window=(start, start + 30 * MINUTE), starts=(start,))
    proposal = (await find_times(world.ports, wanted)).proposal
    assert proposal is not None
    await offer(world.ports, proposal.id, INES, (start,))
    result = await accept(world.ports, proposal.id, NOAH, start)
    assert result.meeting is not None
    return result.meeting


async def people(world: World) -> None:
    await world.people()
    for person in (INES, NOAH):
        await world.connect(person)


async def used(world: World) -> int:
    counted = await world.store.read(lambda tx: count(tx, PROGRAMME, (INES, NOAH)))
    assert counted is not None
    return counted.used


async def test_from_the_reminder_to_the_check_in(world: World) -> None:
    await people(world)
    meeting = await session(world)
    await set_reminders(world.ports, INES, (120, 30))
    assert await reminders_of(world.ports, INES) == (120, 30)
    for at in (TWO - DAY, TWO - 2 * HOUR, TWO - HOUR, TWO - HOUR // 2):
        world.clock.at = at
        await world.work()
    assert world.chat.to(INES).count(NoticeKind.REMINDER) == 2
    assert world.chat.to(NOAH).count(NoticeKind.REMINDER) == 2

    told = await run_late.announce(world.ports, meeting.id, INES, 10)
    assert told.choices == tuple(Choice)
    done = await run_late.choose(world.ports, meeting.id, NOAH, Choice.MOVE, TWO, 10)
    assert (done.outcome, done.meeting.sequence) == (run_late.Outcome.CHANGED, 1)

    world.clock.at = TWO + HOUR
    await world.work()
    assert NoticeKind.LATE in world.chat.to(NOAH)
    assert world.chat.to(NOAH).count(NoticeKind.CHECK_IN) == 1
    await change_meeting.settle(world.ports, meeting.id, NOAH, held=False)
    assert (await world.meeting(meeting.id)).state is MeetingState.MISSED


async def test_what_counts_is_kept(world: World) -> None:
    await people(world)
    for key, text in (("sessions", "6"), ("cancel.notice", "24 h"), ("cancel.counts", "on")):
        await world.set(key, text)
    meeting = await session(world)
    assert await used(world) == 1
    world.clock.at = TWO - 5 * HOUR
    changed = await change_meeting.cancel(world.ports, meeting.id, INES, "I am ill")
    assert changed.terms is not None
    assert changed.terms.counts
    assert await used(world) == 1
    done = await undo.undo_cancelling(world.ports, meeting.id, INES)
    assert done.outcome is undo.Outcome.UNDONE
    assert await used(world) == 1  # the new one; the old one is forgiven
    assert done.meeting is not None
    await change_meeting.cancel(world.ports, done.meeting.id, NOAH)
    assert await used(world) == 0
