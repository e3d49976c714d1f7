"""Series against an independent library, and anything at all against the parser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.ical.codec import busy_of, same_event, uids_of
from core.booking.drafts import EventDraft

BASE = datetime(2026, 9, 1, tzinfo=UTC)
NAMES = ("Europe/London", "America/New_York", "Asia/Kolkata", "UTC")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def series(draw: st.DrawFn) -> str:
    """A series with exceptions and moved instances, on a clock that may change."""
    zone = draw(st.sampled_from(NAMES))
    # Starts in the gaps and doubled hours of clock changes are a matter of taste: by day only.
    first = datetime(2026, 9, draw(st.integers(1, 28)), draw(st.integers(6, 20)), 30, tzinfo=UTC)
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]))
    rule = f"FREQ={freq};INTERVAL={draw(st.integers(1, 3))}"
    if freq == "WEEKLY":
        days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True))
        rule += f";BYDAY={','.join(days)}"
    if draw(st.booleans()):
        rule += f";COUNT={draw(st.integers(1, 90))}"
    # An instance that is both excepted and moved is read differently everywhere.
    numbers = draw(st.lists(st.integers(0, 100), max_size=4, unique=True))
    steps = [first + timedelta(days=n) for n in numbers]
    stamp = "%Y%m%dT%H%M%S"
    lines = [f"DTSTART;TZID={zone}:{first:{stamp}}", f"DURATION:PT{draw(st.integers(1, 180))}M"]
    lines += [f"RRULE:{rule}", *(f"EXDATE;TZID={zone}:{at:{stamp}}" for at in steps[:2])]
    events = [["UID:series", *lines]]
    for n, at in enumerate(steps[2:]):
        to = at + timedelta(days=draw(st.integers(-3, 3)), hours=draw(st.integers(-3, 3)))
        moved = [f"RECURRENCE-ID;TZID={zone}:{at:{stamp}}", f"DTSTART;TZID={zone}:{to:{stamp}}"]
        events.append(["UID:series", f"SEQUENCE:{n + 1}", *moved, "DURATION:PT45M"])
    body = [["BEGIN:VEVENT", *event, "END:VEVENT"] for event in events]
    return "\r\n".join(
        ["BEGIN:VCALENDAR", *(line for part in body for line in part), "END:VCALENDAR", ""]
    )


@settings(max_examples=150, deadline=None)
@given(text=series(), ahead=st.integers(0, 60), length=st.integers(1, 62))
def test_series_are_read_as_another_library_reads_them(text: str, ahead: int, length: int) -> None:
    low = BASE + timedelta(days=ahead)
    high = low + timedelta(days=length)
    window = int(low.timestamp()), int(high.timestamp())
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(low, high)
    expected = sorted(
        {
            (max(int(start.timestamp()), window[0]), min(int(end.timestamp()), window[1]))
            for one in found
            for start, end in [(one["DTSTART"].dt, one["DTEND"].dt)]
            if start < high and end > low
        }
    )
    ours = sorted({(b.start, b.end) for b in busy_of([text], window, "Europe/London").spans})
    assert ours == expected, text


NAME = st.sampled_from(
    [
        *("BEGIN", "END", "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"),
        *("RECURRENCE-ID", "SEQUENCE", "TRANSP", "STATUS", "ATTENDEE", "SUMMARY"),
        *("X-MICROSOFT-CDO-BUSYSTATUS", "TZID", "TZOFFSETFROM", "TZOFFSETTO"),
    ]
)
PARAMETER = st.sampled_from(
    [
        *("", ";VALUE=DATE", ";TZID=Europe/London", ";TZID=X", ';TZID="A:B"', ";VALUE=PERIOD"),
        *(";X", ";=", ";RANGE=THISANDFUTURE", ";PARTSTAT=DECLINED", ";TZID=../../etc/passwd"),
    ]
)
VALUE = st.one_of(
    st.sampled_from(
        [
            *("VEVENT", "VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "X", ""),
            *("20261103", "20261103T090000", "20261103T090000Z", "99991231T235959", "00010101"),
            *("PT1H", "P1W", "-P1D", "P", "+0100", "-9999", "+0", "1e9"),
            *("FREQ=DAILY", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "FREQ=HOURLY;COUNT=999999999"),
            *("FREQ=DAILY;UNTIL=20261110", "FREQ=WEEKLY;BYDAY=9MO", "FREQ=MONTHLY;BYSETPOS=-1"),
            *("FREQ=YEARLY;BYWEEKNO=53;UNTIL=99991231T000000Z", "20261103T090000Z/"),
            "20261103T090000Z/PT1H,20261104T090000Z/20261104T080000Z",
        ]
    ),
    st.text(max_size=12),
)
LINE = st.builds(lambda n, p, v: f"{n}{p}:{v}", NAME, PARAMETER, VALUE)
EVENT = st.lists(LINE, max_size=8).map(lambda lines: ["BEGIN:VEVENT", *lines, "END:VEVENT"])
ZONE = st.lists(LINE, max_size=8).map(
    lambda lines: [
        "BEGIN:VTIMEZONE",
        "TZID:X",
        "BEGIN:STANDARD",
        *lines,
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
)
TEXT = st.lists(st.one_of(EVENT, ZONE, LINE.map(lambda line: [line])), max_size=4).map(
    lambda parts: "\r\n".join(line for part in parts for line in part)
)
DRAFT = EventDraft("u", 0, 0, 1, "", "", "", 0)
WINDOW = (1_793_577_600, 1_794_182_400)


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(TEXT, st.text(max_size=200)))
def test_no_text_breaks_the_parser(text: str) -> None:
    answer = busy_of([text], WINDOW, "Europe/London", own=["mailto:maya@example.org"])
    assert all(WINDOW[0] <= b.start < b.end <= WINDOW[1] for b in answer.spans)
    assert list(answer.spans) == sorted(answer.spans, key=lambda b: (b.start, b.end))
    assert not same_event(text, DRAFT)
    uids_of(text)


def test_zone_database_is_the_one_of_the_tests() -> None:
    # Both sides of the comparison above use it; a machine without it would compare nothing.
    assert ZoneInfo("Europe/London").utcoffset(BASE.replace(tzinfo=None)) == timedelta(hours=1)
