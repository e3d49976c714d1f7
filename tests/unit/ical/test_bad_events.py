"""Calendars that are too large, too clever or broken: little work, and never free by mistake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.ical.codec import Reading, busy_of
from adapters.ical.recurrence import UsedUpError
from core.ports import Busy

LONDON = "Europe/London"
START = datetime(2026, 11, 2, tzinfo=UTC)
WEEK = int(START.timestamp()), int((START + timedelta(days=7)).timestamp())
TUESDAY_NINE = ("DTSTART:20261103T090000Z", "DURATION:PT1H")
NINE = int(datetime(2026, 11, 3, 9, tzinfo=UTC).timestamp())
HERE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def event(uid: str, *lines: str) -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def calendar(*events: str, zones: str = "") -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{zones}{''.join(events)}END:VCALENDAR\n"


# --- large ---


def test_twenty_thousand_events_are_all_busy_and_cost_no_expansion() -> None:
    at = [START + timedelta(seconds=30 * n) for n in range(20_000)]
    texts = [
        calendar(event(f"u{n}", f"DTSTART:{s:%Y%m%dT%H%M%SZ}", "DURATION:PT20S"))
        for n, s in enumerate(at)
    ]
    reading = Reading(WEEK, LONDON)
    found = [one for text in texts for one in reading.instances(text)]
    assert len(found) == 20_000
    assert reading.skipped == 0
    assert reading.budget.steps == reading.budget.most_steps
    assert reading.budget.instances == reading.budget.most_instances


def test_a_zone_that_every_object_brings_is_worked_out_once() -> None:
    """Exchange writes the member's own zone into each object; 62 days of them used to be dear."""
    window = WEEK[0], WEEK[0] + 62 * 86_400
    times = ("DTSTART;TZID=Customized Time Zone:20261103T100000", "DURATION:PT1H")
    reading = Reading(window, LONDON)
    one = calendar(event("u", *times), zones=HERE)
    reading.instances(one)
    spent = reading.budget.steps
    for _ in range(2_000):
        assert [i.start for i in reading.instances(one)] == [NINE]
    assert (reading.budget.steps, reading.skipped) == (spent, 0)


def test_a_zone_of_the_same_name_that_says_otherwise_is_another() -> None:
    times = ("DTSTART;TZID=Customized Time Zone:20261103T100000", "DURATION:PT1H")
    later = HERE.replace("TZOFFSETTO:+0100", "TZOFFSETTO:+0000")
    texts = [calendar(event("a", *times), zones=HERE), calendar(event("b", *times), zones=later)]
    assert [b.start for b in busy_of(texts, WEEK, LONDON).spans] == [NINE, NINE + 3600]


def test_series_that_together_cost_too_much_leave_nothing_free() -> None:
    """Each of them would do alone; what could not be read any more must not count as free."""
    old = ("DTSTART:19260101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=99999")
    texts = [calendar(event(f"u{n}", *old)) for n in range(40)]
    assert len(busy_of(texts[:1], WEEK, LONDON).spans) == 7
    with pytest.raises(UsedUpError):
        busy_of(texts, WEEK, LONDON)


def test_many_changes_of_one_series_are_looked_up_not_walked_through() -> None:
    series = event("u", "DTSTART:20261102T090000Z", "DURATION:PT30M", "RRULE:FREQ=HOURLY")
    changes = [
        event(
            "u",
            f"RECURRENCE-ID;RANGE=THISANDFUTURE:{START + timedelta(hours=9 + n):%Y%m%dT%H%M%SZ}",
            f"DTSTART:{START + timedelta(hours=9 + n, minutes=5):%Y%m%dT%H%M%SZ}",
            "DURATION:PT30M",
        )
        for n in range(150)
    ]
    answer = busy_of([calendar(series, *changes)], WEEK, LONDON)
    assert answer.skipped == 0
    assert {busy.start % 3600 for busy in answer.spans} == {300}


# --- long ---

LONG = {
    "a rule folded over 1,000 lines": [
        "RRULE:FREQ=YEARLY;BYYEARDAY=" + "\n ".join(f"{n % 366 + 1}," for n in range(1_000)) + "1"
    ],
    "1,000 rules": ["RRULE:FREQ=DAILY"] * 1_000,
    "1,000 lines of dates": ["RDATE:" + ",".join(["20261104T090000Z"] * 10) for _ in range(1_000)],
    "a line without end": ["RDATE:" + "20261104T090000Z," * 2_000],
    "1,000 exceptions too many": [
        "EXDATE:" + ",".join(["20261103T090000Z"] * 10) for _ in range(1_000)
    ],
}


@pytest.mark.parametrize("name", LONG)
def test_what_is_too_long_is_skipped_alone(name: str) -> None:
    good = event("good", *TUESDAY_NINE)
    answer = busy_of([calendar(event("bad", *TUESDAY_NINE, *LONG[name]), good)], WEEK, LONDON)
    assert answer.spans == (Busy(NINE, NINE + 3600),)
    assert answer.skipped == 1


def test_1000_lines_of_one_date_each_are_a_series_like_any_other() -> None:
    lines = [f"RDATE:{START + timedelta(hours=n):%Y%m%dT%H%M%SZ}" for n in range(1_000)]
    answer = busy_of([calendar(event("u", *TUESDAY_NINE, *lines))], WEEK, LONDON)
    assert (len(answer.spans), answer.skipped) == (7 * 24, 0)


# --- odd ---


@pytest.mark.parametrize(
    "rule",
    [
        "RSCALE=CHINESE;FREQ=YEARLY;COUNT=3",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;SKIP=FORWARD",
        "FREQ=SECONDLY;BYSECOND=0,15,30,45",
        "FREQ=MINUTELY;BYDAY=TU",
        "FREQ=DAILY;BYSETPOS=400",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-2",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=YEARLY;BYWEEKNO=99",
        "FREQ=DAILY;UNTIL=20269999",
        "FREQ=DAILY;INTERVAL=" + "9" * 5_000,
        "BYDAY=MO",
        "<b>every now and then</b>",
    ],
)
def test_rules_that_we_do_not_read_are_counted(rule: str) -> None:
    good = event("good", *TUESDAY_NINE)
    answer = busy_of([calendar(event("bad", *TUESDAY_NINE, f"RRULE:{rule}"), good)], WEEK, LONDON)
    assert answer.spans == (Busy(NINE, NINE + 3600),)
    assert answer.skipped == 1


@pytest.mark.parametrize("rule", ["RSCALE=GREGORIAN;FREQ=WEEKLY", "FREQ=WEEKLY;X-WHY=because"])
def test_rules_with_harmless_words_are_read(rule: str) -> None:
    answer = busy_of([calendar(event("u", *TUESDAY_NINE, f"RRULE:{rule}"))], WEEK, LONDON)
    assert (len(answer.spans), answer.skipped) == (1, 0)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Europe/London", "UTC"])
@pytest.mark.parametrize("end", ["99991231T235959", "99991231T000000", "99981231T235959"])
def test_for_ever_is_busy_in_every_zone(zone: str, end: str) -> None:
    lines = (f"DTSTART;TZID={zone}:20261103T090000", f"DTEND;TZID={zone}:{end}")
    answer = busy_of([calendar(event("u", *lines))], WEEK, LONDON)
    assert [busy.end for busy in answer.spans] == [WEEK[1]]
    assert answer.skipped == 0


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;VALUE=DATE:20261103", "DTEND;VALUE=DATE:99991231"),
        ("DTSTART:20261103T090000", "DTEND:99991231T235959"),
        ("DTSTART:20261103T090000Z", "DURATION:P9999999D"),
        ("DTSTART:00010101T000000Z", "DTEND:99991231T235959Z"),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000", "DTEND:99991231T235959Z"),
    ],
)
def test_for_ever_is_busy_however_it_is_written(lines: tuple[str, ...]) -> None:
    answer = busy_of([calendar(event("u", *lines))], WEEK, "America/New_York")
    assert [busy.end for busy in answer.spans] == [WEEK[1]]
    assert answer.skipped == 0


@pytest.mark.parametrize(
    "zone", ["Nowhere/Land", "<script>", "../../etc/passwd", "x" * 300, "Europe"]
)
def test_a_zone_that_does_not_exist_is_counted(zone: str) -> None:
    lines = (f"DTSTART;TZID={zone}:20261103T090000", "DURATION:PT1H")
    answer = busy_of([calendar(event("u", *lines))], WEEK, LONDON)
    assert (answer.spans, answer.skipped) == ((), 1)


@pytest.mark.parametrize(
    "lines", [("DTSTART:20261103T090000Z", "DTEND:20261103T080000Z"), ("SUMMARY:no times",)]
)
def test_no_end_is_fine_and_a_wrong_one_is_counted(lines: tuple[str, ...]) -> None:
    bare = event("bare", "DTSTART;VALUE=DATE:20261104")
    answer = busy_of([calendar(event("bad", *lines), bare)], WEEK, LONDON)
    assert [busy.end - busy.start for busy in answer.spans] == [86_400]
    assert answer.skipped == 1


def test_markup_in_a_title_changes_nothing_and_goes_nowhere() -> None:
    title = "SUMMARY:<img src=x onerror=alert(1)>\\nEND:VEVENT\\nBEGIN:VEVENT"
    answer = busy_of([calendar(event("u", title, *TUESDAY_NINE))], WEEK, LONDON)
    assert answer.spans == (Busy(NINE, NINE + 3600),)
    assert "onerror" not in repr(answer)
