"""Series at Google: what goes over the wire, and what is put right after trouble and by hand."""

from dataclasses import replace

import pytest

from adapters.google.recurrence import lines_of, repeats_as
from core.errors import CannotRepeat, RateLimited
from tests.contract.calendar_contract import PARTY
from tests.contract.series_contract import CHANGES, WHOLE, read, sessions
from tests.servers.google import recurring
from tests.servers.google.bench import GoogleBench
from tests.servers.google.server import Order
from tests.servers.google.world import Json

BOTH = CHANGES["one skipped, one moved"]


def stored(bench: GoogleBench) -> tuple[Json, list[Json]]:
    """Return the series as Google has it, and its exceptions."""
    events = bench.work.events
    (series,) = (e for e in events.values() if e.get("recurrence"))
    return series, recurring.exceptions(events, series)


async def test_a_series_is_one_event_with_its_rule_in_the_owners_zone(bench: GoogleBench) -> None:
    await bench.service.writer.place(await bench.grant(), bench.first, BOTH)
    series, exceptions = stored(bench)
    assert series["recurrence"] == [
        "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261124T143000Z",
        "EXDATE;TZID=Europe/London:20261020T143000",
    ]
    assert series["start"] == {
        "dateTime": "2026-10-20T14:30:00+01:00",
        "timeZone": "Europe/London",
    }
    (one,) = exceptions
    assert one["id"] == f"{series['id']}_20261117T143000Z"
    assert one["start"]["dateTime"] == "2026-11-17T12:30:00Z"


async def test_only_what_differs_is_written(bench: GoogleBench) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    receipt = await writer.place(grant, bench.first, WHOLE)
    bench.server.asked.clear()
    await writer.update(grant, bench.first, receipt, CHANGES["one moved by an hour"])
    written = [asked.id for asked in bench.server.asked if asked.id == "events.patch"]
    assert len(written) == 2  # the whole's sequence, and the session that was moved
    bench.server.asked.clear()
    await writer.place(grant, bench.first, CHANGES["one moved by an hour"])
    told = {asked.id for asked in bench.server.asked}
    assert told == {"events.insert", "events.get", "events.instances"}


@pytest.mark.parametrize("member", [False, True])
async def test_a_session_deleted_or_moved_by_hand_comes_back(
    bench: GoogleBench, member: bool
) -> None:
    draft = replace(WHOLE, party=PARTY) if member else WHOLE
    writer, grant = bench.service.writer, await bench.grant()
    receipt = await writer.place(grant, bench.first, draft)
    series, _ = stored(bench)
    one, two, *_ = recurring.instances(bench.work.events, series)
    bench.work.events[one["id"]] = {**one, "status": "cancelled"}
    bench.work.events[two["id"]] = {**two, "start": {"dateTime": "2026-10-27T09:00:00Z"}}
    assert await read(bench) != sessions(WHOLE)
    await writer.update(grant, bench.first, receipt, draft)
    assert await read(bench) == sessions(WHOLE)


def say(event: Json, answer: str) -> None:
    """Answer on a member's copy, as its owner does."""
    event["attendees"] = [
        {**one, "responseStatus": answer} if one.get("self") else one for one in event["attendees"]
    ]


def answer_on(event: Json) -> str:
    """Return what a member has answered on their copy."""
    (mine,) = [one for one in event["attendees"] if one.get("self")]
    return str(mine["responseStatus"])


async def test_what_a_member_answered_stays_where_the_time_does(bench: GoogleBench) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    draft = replace(CHANGES["one moved by an hour"], party=PARTY)
    receipt = await writer.place(grant, bench.first, draft)
    series, (moved,) = stored(bench)
    say(series, "tentative")
    say(moved, "declined")
    newer = replace(draft, title="Session, renamed", sequence=9)
    await writer.update(grant, bench.first, receipt, newer)
    series, (moved,) = stored(bench)
    assert (answer_on(series), answer_on(moved)) == ("tentative", "declined")
    elsewhere = replace(CHANGES["one moved to the day after"], party=PARTY, sequence=10)
    await writer.place(grant, bench.first, elsewhere)
    _, kept = stored(bench)
    assert sorted(map(answer_on, kept)) == ["needsAction", "needsAction"]


async def test_a_copy_from_before_there_was_a_party_is_corrected_in_its_place(
    bench: GoogleBench,
) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    receipt = await writer.place(grant, bench.first, WHOLE)
    changed = replace(BOTH, party=PARTY)
    after = await writer.update(grant, bench.first, receipt, changed)
    assert after.remote_id == receipt.remote_id
    assert await read(bench) == sessions(BOTH)
    assert len(stored(bench)[1]) == 1


async def test_a_skip_of_a_moved_session_takes_it_away(bench: GoogleBench) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    receipt = await writer.place(grant, bench.first, CHANGES["one moved to the day after"])
    changed = replace(CHANGES["two skipped"], sequence=5)  # the one that was moved is one of them
    await writer.update(grant, bench.first, receipt, changed)
    assert await read(bench) == sessions(changed)
    assert stored(bench)[1] == []


async def test_being_slowed_down_half_way_is_made_good_by_the_next_try(bench: GoogleBench) -> None:
    writer, grant = bench.service.writer, await bench.grant()
    await writer.place(grant, bench.first, WHOLE)
    bench.server.orders.append(
        Order("refuse", op="events.instances", status=403, reason="quotaExceeded")
    )
    with pytest.raises(RateLimited):
        await writer.place(grant, bench.first, BOTH)
    await writer.place(grant, bench.first, BOTH)
    assert await read(bench) == sessions(BOTH)


async def test_where_exceptions_cannot_be_imported_nothing_is_left(bench: GoogleBench) -> None:
    bench.server.api.takes_exceptions = False
    writer, grant = bench.service.writer, await bench.grant()
    with pytest.raises(CannotRepeat):
        await writer.place(grant, bench.first, replace(BOTH, party=PARTY))
    assert [e for e in bench.work.inside((0, 2**40)) if e.get("recurrence")] == []
    await writer.place(grant, bench.first, replace(WHOLE, party=PARTY))  # without any, it can be


def test_the_same_rule_in_other_words_is_the_same() -> None:
    repeats = BOTH.recurrence
    assert repeats is not None
    rule, days = lines_of(repeats)
    assert repeats_as({"recurrence": [days, rule + ";WKST=MO;INTERVAL=1"]}, repeats)
    assert repeats_as({"recurrence": [rule, "EXDATE:20261020T133000Z"]}, repeats)
    assert not repeats_as({"recurrence": [rule]}, repeats)
    assert not repeats_as({"recurrence": [rule, days, "EXDATE:yesterday"]}, repeats)
    assert not repeats_as({"recurrence": [rule, days, "RDATE:20261021T133000Z"]}, repeats)
    assert not repeats_as({}, repeats)
    assert repeats_as({}, None)
