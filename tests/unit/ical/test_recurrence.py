"""Recurrence rules against the one everybody uses, and against rules made to exhaust."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from adapters.ical.recurrence import Budget, TooMuchError, parse_rule, starts

DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall(text: str) -> int:
    return int((datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH).total_seconds())


def ours(rule: str, first: datetime, low: datetime, high: datetime) -> list[datetime]:
    at, begin, end = (int((moment - EPOCH).total_seconds()) for moment in (first, low, high))
    found = starts(parse_rule(rule), at, begin, end, Budget())
    return [EPOCH + timedelta(seconds=wall) for wall in found]


def theirs(rule: str, first: datetime, low: datetime, high: datetime) -> list[datetime]:
    # An UNTIL keeps dateutil from walking on to the year 9999.
    bounded = rule if "COUNT" in rule else f"{rule};UNTIL={high:%Y%m%dT%H%M%SZ}"
    found = rrulestr(bounded, dtstart=first)
    return [at for at in found.xafter(low, inc=True, count=6_000) if at < high]


weekdays = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
some_days = st.lists(weekdays, min_size=1, max_size=3, unique=True).map(",".join)
ordinal_days = st.lists(
    st.tuples(st.sampled_from([1, 2, 4, -1, -2]), weekdays), min_size=1, max_size=2, unique=True
).map(lambda days: ",".join(f"{n}{day}" for n, day in days))
month_days = st.lists(
    st.sampled_from([1, 2, 15, 28, -1, -3]), min_size=1, max_size=3, unique=True
).map(lambda days: ",".join(map(str, days)))
months = st.lists(st.integers(1, 12), min_size=4, max_size=9, unique=True).map(
    lambda found: ",".join(map(str, found))
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 3))}"]
    if draw(st.booleans()):
        parts.append(f"WKST={draw(weekdays)}")
    if draw(st.booleans()):
        days = ordinal_days if freq in {"MONTHLY", "YEARLY"} and draw(st.booleans()) else some_days
        parts.append(f"BYDAY={draw(days)}")
        # In the first week dateutil counts positions from DTSTART on, RFC 5545 in the whole week.
        if freq == "MONTHLY" and draw(st.booleans()):
            parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '1,2']))}")
    elif freq in {"MONTHLY", "YEARLY"} and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(month_days)}")
    if freq in {"DAILY", "YEARLY"} and draw(st.booleans()):
        parts.append(f"BYMONTH={draw(months)}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    return ";".join(parts)


@settings(max_examples=400, deadline=None)
@given(
    rule=rules(),
    first=st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001  # made UTC below
    ahead=st.integers(-20, 500),
    length=st.integers(1, 62),
)
def test_same_starts_as_dateutil(rule: str, first: datetime, ahead: int, length: int) -> None:
    first = first.replace(microsecond=0, tzinfo=UTC)
    low = first + timedelta(days=ahead)
    high = low + timedelta(days=length)
    try:
        expected = theirs(rule, first, low, high)
    except ValueError:
        assume(False)  # noqa: FBT003  # hypothesis's own name for "not this example"
    assert ours(rule, first, low, high) == expected, rule


@pytest.mark.parametrize(
    ("rule", "first", "low", "high", "expected"),
    [
        # The last Friday of the month, and the day after which DTSTART lies.
        (
            "FREQ=MONTHLY;BYDAY=-1FR",
            "2026-01-30T10:00",
            "2026-03-01",
            "2026-05-01",
            ["2026-03-27T10:00", "2026-04-24T10:00"],
        ),
        # 31st: months without one have none.
        (
            "FREQ=MONTHLY",
            "2026-01-31T10:00",
            "2026-02-01",
            "2026-06-01",
            ["2026-03-31T10:00", "2026-05-31T10:00"],
        ),
        # 29 February comes every four years only.
        ("FREQ=YEARLY", "2024-02-29T10:00", "2028-02-01", "2028-03-31", ["2028-02-29T10:00"]),
        ("FREQ=YEARLY", "2024-02-29T10:00", "2027-02-01", "2027-03-31", []),
        # Week numbers with a week that starts on Sunday.
        (
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
            "2026-05-11T09:00",
            "2027-05-01",
            "2027-06-01",
            ["2027-05-17T09:00"],
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=20",
            "2026-05-13T09:00",
            "2027-05-01",
            "2027-06-01",
            ["2027-05-19T09:00"],
        ),
        (
            "FREQ=YEARLY;BYYEARDAY=1,-1",
            "2025-12-31T09:00",
            "2026-12-01",
            "2027-01-31",
            ["2026-12-31T09:00", "2027-01-01T09:00"],
        ),
        # Two times a day.
        (
            "FREQ=DAILY;BYHOUR=9,14;BYMINUTE=15",
            "2026-01-01T09:15",
            "2026-01-02",
            "2026-01-03",
            ["2026-01-02T09:15", "2026-01-02T14:15"],
        ),
        # COUNT is used up before the window.
        (
            "FREQ=DAILY;COUNT=3",
            "2026-01-01T09:00",
            "2026-01-03",
            "2026-02-01",
            ["2026-01-03T09:00"],
        ),
        # Every seventh hour, counted across midnights.
        (
            "FREQ=HOURLY;INTERVAL=7",
            "2026-01-01T20:30",
            "2026-01-02",
            "2026-01-03",
            ["2026-01-02T03:30", "2026-01-02T10:30", "2026-01-02T17:30"],
        ),
    ],
)
def test_known_rules(rule: str, first: str, low: str, high: str, expected: list[str]) -> None:
    found = starts(parse_rule(rule), wall(first), wall(low), wall(high), Budget())
    assert found == [wall(at) for at in expected]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=FORTNIGHTLY",
        "INTERVAL=2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=0",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;BYHOUR=" + ",".join(["1"] * 2_000),
        "",
        "nonsense",
    ],
)
def test_refused_rules(rule: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # 1970-01-01 was a Thursday
        "FREQ=DAILY;BYSETPOS=2",
        "FREQ=YEARLY;BYMONTH=6;BYYEARDAY=1",
    ],
)
def test_rules_that_never_match_cost_only_the_window(rule: str) -> None:
    low = wall("2026-11-01")
    budget = Budget(steps=31 * 62)
    assert starts(parse_rule(rule), 0, low, low + 62 * DAY, budget) == []


def test_counting_from_long_ago_is_paid_for() -> None:
    rule, low = parse_rule("FREQ=DAILY;COUNT=99999"), wall("2026-11-01")
    with pytest.raises(TooMuchError):
        starts(rule, wall("1900-01-01"), low, low + DAY, Budget(steps=10_000))


def test_too_many_times_a_day() -> None:
    every_minute = "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24)))
    every_minute += ";BYMINUTE=" + ",".join(map(str, range(60)))
    with pytest.raises(TooMuchError):
        starts(parse_rule(every_minute), 0, 0, DAY, Budget())
