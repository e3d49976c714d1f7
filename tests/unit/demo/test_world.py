"""The demo's world: the same every time, full, and with time left where the demo needs it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from adapters.demo.diary import calendar_object, vtimezone
from adapters.demo.habits import clock_changes
from adapters.demo.people import PEOPLE
from adapters.demo.radicale_server import RadicaleServer
from adapters.demo.world import World, build_world, seed_calendars
from adapters.ical.codec import busy_of
from adapters.ical.lines import components
from adapters.ical.recurrence import Budget
from adapters.ical.zones import Named, ruled_clocks
from core.ports import BusyKind
from core.timing.hours import hours_spans, weekly
from core.timing.spans import Span, grid, intersect, merge, subtract
from core.timing.zones import DAY, days_span, local_date, zone_of

TODAY = date(2026, 11, 21)
HALF_HOUR = 1800
ZONES = {person.id: person.zone for person in PEOPLE}


def week_of(today: date, weeks: int) -> Span:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return days_span(monday, monday + timedelta(days=6), "UTC")


def objects(world: World, path: str) -> list[str]:
    owner = path.partition("/")[0]
    entries = enumerate(world.entries[path])
    return [calendar_object(entry, f"{n}@x", owner, 0) for n, entry in entries]


def free(world: World, people: tuple[str, ...], window: Span) -> list[Span]:
    spans = [window]
    for link in world.links:
        if link.person_id in people:
            answer = busy_of(objects(world, link.path), window, ZONES[link.person_id], [link.user])
            assert answer.skipped == 0
            spans = subtract(spans, merge((busy.start, busy.end) for busy in answer.spans))
    for person in people:
        hours = hours_spans(weekly((8 * 60, 18 * 60)), ZONES[person], window)  # type: ignore[index]  # ids are words here
        spans = intersect(spans, hours)
    return spans


def test_same_day_makes_the_same_world() -> None:
    assert build_world(TODAY) == build_world(TODAY)
    assert build_world(TODAY).passwords != build_world(TODAY, seed=1).passwords
    assert build_world(TODAY).entries != build_world(TODAY + timedelta(days=7)).entries


@pytest.mark.parametrize("days", range(0, 380, 31))
def test_maya_and_alex_can_meet_next_week(days: int) -> None:
    today = TODAY + timedelta(days=days)
    starts = grid(
        free(build_world(today), ("maya", "alex"), week_of(today, 1)), HALF_HOUR, HALF_HOUR
    )
    assert len(starts) >= 6
    assert len({start // DAY for start in starts}) >= 3


def test_priya_is_hardly_ever_free_for_new_york() -> None:
    window = week_of(TODAY, 1)
    assert len(grid(free(build_world(TODAY), ("priya", "sam"), window), HALF_HOUR, HALF_HOUR)) <= 5


@pytest.mark.parametrize("link", build_world(TODAY).links, ids=lambda link: link.path)
def test_weeks_are_full_for_ten_weeks(link: object) -> None:
    world = build_world(TODAY)
    path = link.path  # type: ignore[attr-defined]  # pytest hands over objects
    zone = ZONES[path.partition("@")[0]]
    counts = []
    for week in range(11):
        answer = busy_of(objects(world, path), week_of(TODAY, week), zone)
        days = [local_date(busy.start, zone) for busy in answer.spans]
        counts += [days.count(day) for day in set(days) if day.weekday() < 5]
    assert max(counts) <= 9
    if not path.endswith("/personal/"):
        assert 2 <= sum(counts) / len(counts) <= 5


def test_every_kind_of_entry_is_there() -> None:
    world = build_world(TODAY)
    entries = world.entries["maya@example.org/work/"]
    assert any(entry.declined for entry in entries)
    assert any(entry.free and entry.at is None for entry in entries)
    assert any(entry.without for entry in entries)
    assert any(entry.moved for entry in entries)
    kinds = {
        busy.kind
        for week in range(11)
        for busy in busy_of(
            objects(world, "maya@example.org/work/"), week_of(TODAY, week), "Europe/London"
        ).spans
    }
    assert kinds == set(BusyKind)


def test_declined_entries_do_not_block_their_owner() -> None:
    world = build_world(TODAY)
    texts = [text for text in objects(world, "alex@example.org/work/") if "DECLINED" in text]
    assert texts
    for week in range(11):
        window = week_of(TODAY, week)
        assert busy_of(texts, window, ZONES["alex"], ["alex@example.org"]).spans == ()  # type: ignore[index]  # ids are words here


def test_nights_of_the_clock_changes_are_taken() -> None:
    world = build_world(TODAY)
    for path, zone in (
        ("maya@example.org/work/", "Europe/London"),
        ("alex@example.org/work/", "America/New_York"),
    ):
        changes = clock_changes(zone, TODAY)
        assert len(changes) == 2
        nights = [entry for entry in world.entries[path] if entry.title == "Night shift"]
        assert [entry.day + timedelta(days=1) for entry in nights] == changes


@pytest.mark.parametrize("zone", sorted(set(ZONES.values())))
def test_zone_rules_agree_with_the_zone_database(zone: str) -> None:
    text = "\r\n".join(vtimezone(zone)).replace(f"TZID:{zone}", "TZID:Described")
    keep = {
        "VTIMEZONE": frozenset({"TZID"}),
        **{
            name: frozenset({"DTSTART", "RRULE", "TZOFFSETFROM", "TZOFFSETTO"})
            for name in ("STANDARD", "DAYLIGHT")
        },
    }
    low, high = days_span(date(2027, 1, 1), date(2027, 12, 31), "UTC")
    clock = ruled_clocks(components(text, keep), low, high, Budget())["Described"]
    noon = 12 * 3600
    assert all(clock.instant(at) == Named(zone).instant(at) for at in range(low + noon, high, DAY))


def test_calendars_are_seeded_again_without_losing_what_was_added(tmp_path: Path) -> None:
    server = RadicaleServer(tmp_path, {})
    first = seed_calendars(server, build_world(TODAY))
    folder = server.collection("maya@example.org", "work")
    added = folder / "session@assistant.example.org.ics"
    added.write_text("kept")
    second = seed_calendars(server, build_world(TODAY + timedelta(days=40)))
    assert added.read_text() == "kept"
    total = len(list(server.storage.rglob("*.ics")))
    assert total == second + 1
    assert first > 500


def test_wall_times_of_series_are_kept_over_the_clock_change() -> None:
    world = build_world(date(2027, 3, 22))
    zone = "Europe/London"
    answer = busy_of(objects(world, "maya@example.org/work/"), week_of(date(2027, 3, 22), 1), zone)
    local = [datetime.fromtimestamp(busy.start, tz=zone_of(zone)).time() for busy in answer.spans]
    assert local.count(time(9, 30)) >= 4  # the stand-up, in the week after the change
