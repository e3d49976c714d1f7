"""A series on its way from the core into a calendar at Microsoft: as one event, or as many."""

from dataclasses import replace

import pytest

from core.booking.meeting import Meeting
from core.effects import EffectKind, EffectState
from core.ids import GrantId, LinkId
from core.links import CalendarLink, Provider, Tier, Use
from core.repositories import Tx
from core.timing.spans import Span
from core.timing.zones import DAY
from tests.servers.graph.bench import GraphBench
from tests.unit.core.use_cases.test_series_copies import changed, started
from tests.unit.core.use_cases.world import INES, NOAH, World


@pytest.fixture
async def world(bench: GraphBench) -> World:
    """Noah, who owns the sessions, has his calendar at Microsoft."""
    world = World()
    await world.people()
    await world.connect(INES)
    grant = replace(await bench.grant(), id=GrantId("grant-noah"), person_id=NOAH)
    link = CalendarLink(
        LinkId("link-noah"), grant.id, NOAH, bench.first, "work", Use.PRIMARY, Tier.WRITE
    )

    def work(tx: Tx) -> None:
        tx.links.save_grant(grant)
        tx.links.save(link)

    await world.store.transact(work)
    services = {**world.ports.calendars, Provider.MICROSOFT: bench.service}
    world.ports = replace(world.ports, calendars=services)
    return world


def spans(meetings: list[Meeting]) -> list[Span]:
    return sorted(m.span for m in meetings)


async def busy(bench: GraphBench, meetings: list[Meeting]) -> list[Span]:
    """Return when the calendar is busy around the sessions."""
    window = (meetings[0].start - DAY, meetings[-1].end + 9 * DAY)
    answers = await bench.service.busy.busy(await bench.grant(), [bench.first], window, "UTC")
    return sorted((one.start, one.end) for one in answers[bench.first].spans)  # type: ignore[union-attr]  # it can be read


async def test_sessions_that_change_places_are_single_events_until_they_do_not(
    world: World, bench: GraphBench
) -> None:
    made, meetings = await started(world)
    events = bench.calendar(bench.first).events
    assert [event["type"] for event in events.values()] == ["seriesMaster"]
    assert await busy(bench, meetings) == spans(meetings)

    crossed = list(meetings)
    crossed[1] = crossed[1].move(crossed[1].start + 8 * DAY, crossed[1].end + 8 * DAY, 0)
    new = await changed(world, made, meetings, crossed)
    assert [event["type"] for event in events.values()] == ["singleInstance"] * 4
    assert await busy(bench, crossed) == spans(crossed)

    back = list(crossed)
    back[1] = back[1].move(meetings[1].start, meetings[1].end, 0)
    new = await changed(world, new, crossed, back)
    assert [event["type"] for event in events.values()] == ["seriesMaster"]
    assert await busy(bench, back) == spans(meetings)

    await changed(world, new, back, [m.cancel(0) for m in back])
    assert events == {}
    copies = world.effects(EffectKind.PLACE_EVENT, EffectKind.REMOVE_EVENT)
    assert {effect.state for effect in copies} == {EffectState.DONE}
