"""Series at Microsoft: patterns, and what is put right after trouble and by hand."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.microsoft.recurrence import check, pattern_of, times_of
from adapters.microsoft.series import steps
from core.booking.drafts import EventDraft, Recurrence
from core.booking.series import Pattern
from core.errors import BadData, CannotRepeat, RateLimited
from core.timing.recurrence import Frequency, Rule
from core.timing.zones import DAY, utc
from tests.contract.series_contract import (
    CHANGES,
    MADE,
    WHOLE,
    draft,
    moved,
    read,
    sessions,
    skipped,
)
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.mailbox import Calendar
from tests.servers.graph.recurring import Exceptions, occurrences, times, utc_of
from tests.servers.graph.server import Order, error

BOTH = CHANGES["one skipped, one moved"]
CROSSED = draft(MADE, moved(1, 8 * DAY))  # to the day after its neighbour's
TAKEN = draft(MADE, moved(1, 7 * DAY + 3600, moved(2, DAY)))  # past where its neighbour was


def repeats_of(one: EventDraft) -> Recurrence:
    """Return how a copy repeats."""
    assert one.recurrence is not None
    return one.recurrence


def stored(bench: GraphBench) -> tuple[Calendar, dict[str, object]]:
    """Return the calendar and the one event in it."""
    calendar = bench.calendar(bench.first)
    (event,) = calendar.events.values()
    return calendar, event


async def test_a_series_is_one_event_with_a_pattern_in_a_windows_zone(bench: GraphBench) -> None:
    await bench.service.writer.place(await bench.grant(), bench.first, WHOLE)
    (created,) = [asked.body for asked in bench.graph.asked if asked.method == "POST"]
    assert created["start"] == {
        "dateTime": "2026-10-20T14:30:00",
        "timeZone": "GMT Standard Time",
    }
    assert created["recurrence"] == {
        "pattern": {
            "type": "weekly",
            "daysOfWeek": ["tuesday"],
            "firstDayOfWeek": "monday",
            "interval": 1,
        },
        "range": {
            "type": "endDate",
            "startDate": "2026-10-20",
            "endDate": "2026-11-24",
            "recurrenceTimeZone": "GMT Standard Time",
        },
    }


async def test_only_what_differs_is_written(bench: GraphBench) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    receipt = await writer.place(grant, bench.first, WHOLE)
    bench.graph.asked.clear()
    receipt = await writer.update(grant, bench.first, receipt, CHANGES["one moved by an hour"])
    whole, one = [asked.body for asked in bench.graph.asked if asked.method == "PATCH"]
    assert not whole.keys() & {"start", "end", "recurrence"}  # it would lose its exceptions
    assert one.keys() == {"start", "end", "isAllDay"}
    bench.graph.asked.clear()
    await writer.update(grant, bench.first, receipt, CHANGES["one moved by an hour"])
    assert {asked.method for asked in bench.graph.asked} == {"GET"}


@pytest.mark.parametrize("restores", [True, False])
async def test_a_session_deleted_or_moved_by_hand_comes_back(
    bench: GraphBench, restores: bool
) -> None:
    bench.mailbox.restores = restores
    writer, grant = bench.service.writer, await bench.grant()
    receipt = await writer.place(grant, bench.first, BOTH)
    calendar, event = stored(bench)
    one, two, *_ = occurrences(event, calendar.kept)
    bench.mailbox.delete(calendar, one["id"])
    bench.mailbox.move(calendar, two["id"], {"subject": "Tea", "start": two["end"]})
    newer = replace(BOTH, sequence=BOTH.sequence + 1)
    receipt = await writer.place(grant, bench.first, newer)
    assert await read(bench) == sessions(BOTH)
    calendar, event = stored(bench)
    assert {one["subject"] for one in occurrences(event, calendar.kept)} == {BOTH.title}
    assert (event["id"], event["@odata.etag"]) == (receipt.remote_id, receipt.etag)


@pytest.mark.parametrize("name", ["crossed", "taken", "fifth", "zone"])
async def test_what_exchange_cannot_hold_leaves_nothing_there(bench: GraphBench, name: str) -> None:
    fifth = replace(repeats_of(WHOLE), rule="FREQ=MONTHLY;BYDAY=5TU;UNTIL=20261231T000000Z")
    drafts = {
        "crossed": CROSSED,
        "taken": TAKEN,
        "fifth": replace(WHOLE, recurrence=fifth),
        "zone": replace(WHOLE, recurrence=replace(repeats_of(WHOLE), zone="Antarctica/Troll")),
    }
    writer, grant = bench.service.writer, await bench.grant()
    with pytest.raises(CannotRepeat):
        await writer.place(grant, bench.first, drafts[name])
    assert bench.calendar(bench.first).events == {}
    receipt = await writer.place(grant, bench.first, WHOLE)
    with pytest.raises(CannotRepeat):
        await writer.update(grant, bench.first, receipt, replace(drafts[name], sequence=7))
    assert bench.calendar(bench.first).events == {}


async def test_being_slowed_down_half_way_is_made_good_by_the_next_try(bench: GraphBench) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    await writer.place(grant, bench.first, WHOLE)
    slow = error(429, "ApplicationThrottled", Retry_After="3600")
    bench.graph.orders.append(Order(slow, part="/instances"))
    with pytest.raises(RateLimited):
        await writer.place(grant, bench.first, BOTH)
    await writer.place(grant, bench.first, BOTH)
    assert await read(bench) == sessions(BOTH)


@pytest.mark.parametrize("status", [409, 412])
async def test_an_occurrence_that_changes_meanwhile_is_looked_at_again(
    bench: GraphBench, status: int
) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    receipt = await writer.place(grant, bench.first, WHOLE)
    stale = error(status, "ErrorIrresolvableConflict")
    seen = Order(None, part=".OID.")  # the occurrence is looked at, and then written
    bench.graph.orders += [seen, Order(stale, part=".OID.")]
    changed = CHANGES["one moved by an hour"]
    await writer.update(grant, bench.first, receipt, changed)
    assert await read(bench) == sessions(changed)
    assert len([a for a in bench.graph.requests(".OID.") if a.method == "PATCH"]) == 2


async def test_a_refused_occurrence_takes_the_series_away(bench: GraphBench) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    crossing = error(400, "ErrorOccurrenceCrossingBoundary")
    bench.graph.orders += [Order(None, part=".OID."), Order(crossing, part=".OID.")]
    with pytest.raises(CannotRepeat):
        await writer.place(grant, bench.first, CHANGES["one moved by an hour"])
    assert bench.calendar(bench.first).events == {}


def test_an_occurrence_is_known_by_where_it_was_made() -> None:
    repeats = repeats_of(WHOLE)
    first = sessions(WHOLE)[0][0]
    made = {"id": "x", "@odata.etag": "y", "subject": WHOLE.title, "location": {}}
    made |= {"start": times(utc(first)), "end": times(utc(first + 1800))}
    for original in (None, "2026-10-20T13:30:00", "2026-10-20T13:30:00.0000000Z"):
        found = steps([{**made, "originalStart": original}], replace(WHOLE, place=""), repeats)
        assert (found.surplus, found.wrong, found.lacking) == ((), (), True)
    elsewhere = steps([{**made, "originalStart": "2026-10-21T13:30:00Z"}], WHOLE, repeats)
    assert elsewhere.surplus == ("x",)
    with pytest.raises(BadData):
        steps([{**made, "originalStart": "soon"}], WHOLE, repeats)


async def test_a_single_event_becomes_a_series_and_back(bench: GraphBench) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    single = replace(WHOLE, recurrence=None)
    receipt = await writer.place(grant, bench.first, single)
    series = replace(draft(MADE, skipped(3)), uid=single.uid)
    receipt = await writer.update(grant, bench.first, receipt, series)
    assert await read(bench) == sessions(series)
    await writer.update(grant, bench.first, receipt, replace(single, sequence=9))
    assert await read(bench) == [(single.start, single.end)]


rules = st.one_of(
    st.builds(Rule, st.just(Frequency.DAILY), st.integers(1, 3)),
    st.builds(
        Rule,
        st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]),
        st.integers(1, 4),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        sunday_first=st.booleans(),
    ),
    st.builds(Rule, st.just(Frequency.MONTHLY), st.integers(1, 3), month_day=st.integers(1, 31)),
    st.builds(
        Rule,
        st.just(Frequency.MONTHLY),
        st.integers(1, 3),
        st.sets(st.integers(0, 6), min_size=1, max_size=2).map(tuple),
        position=st.sampled_from([1, 2, 3, 4, 5, -1, -2]),
    ),
    st.builds(Rule, st.sampled_from([Frequency.MONTHLY, Frequency.YEARLY])),
)


@given(rules, st.dates(date(2026, 1, 1), date(2028, 2, 29)), st.integers(1, 12))
def test_a_pattern_has_the_days_of_its_rule(rule: Rule, near: date, count: int) -> None:
    first = next(rule.days(near))
    made = Pattern(rule, "Europe/Paris", first, 600, 30, count)
    repeats = Recurrence(made.rule_text(), made.zone, made.days(), made.minute, made.minutes)
    try:
        check(repeats)
    except CannotRepeat:
        rare = rule.position in {5, -2} or (len(rule.weekdays) > 1 and rule.position is not None)
        short = rule.frequency in {Frequency.MONTHLY, Frequency.YEARLY} and first.day > 28
        some = rule.frequency is Frequency.DAILY and rule.interval > 1 and bool(rule.weekdays)
        assert rare or short or some
        return
    written = times_of(repeats)
    event = {
        **written,
        **{end: times(utc_of(written[end])) for end in ("start", "end")},
        "id": "series",
        "iCalUId": "0" * 16,
    }
    days = [one["id"].rpartition(".")[2] for one in occurrences(event, Exceptions())]
    assert days == [f"{day}" for day in repeats.days]
    assert pattern_of(repeats) == written["recurrence"]["pattern"]
