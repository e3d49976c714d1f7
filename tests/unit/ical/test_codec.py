"""Busy times out of calendar objects: what blocks, when, and what is left out alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.ical.codec import busy_of, same_event, uids_of, write_event
from core.booking.drafts import EventDraft
from core.ports import Busy, BusyKind

LONDON = "Europe/London"
NEW_YORK = "America/New_York"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


WEEK = at("2026-11-02"), at("2026-11-09")


def calendar(*events: str, zones: str = "") -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{zones}{body}END:VCALENDAR\r\n".replace("\n\n", "\n")


def event(*lines: str, uid: str = "one") -> str:
    return "\r\n".join([f"UID:{uid}", *lines])


TUESDAY_NINE = ("DTSTART:20261103T090000Z", "DTEND:20261103T100000Z")
NINE = (at("2026-11-03T09:00"), at("2026-11-03T10:00"))


def spans(
    *events: str, zone: str = LONDON, window: tuple[int, int] = WEEK
) -> list[tuple[int, int]]:
    answer = busy_of([calendar(*events)], window, zone)
    assert answer.skipped == 0
    return [(busy.start, busy.end) for busy in answer.spans]


def utc(*pairs: str) -> list[tuple[int, int]]:
    """Read `2026-11-03T09:00/10:30` (UTC)."""
    found = []
    for pair in pairs:
        begin, _, end = pair.partition("/")
        found.append((at(begin), at(end if "T" in end else f"{begin[:10]}T{end}")))
    return found


OWN = "ATTENDEE;CN=Maya;PARTSTAT={}:mailto:Maya@Example.org"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ((), BusyKind.BUSY),
        (("TRANSP:OPAQUE",), BusyKind.BUSY),
        (("TRANSP:TRANSPARENT",), None),
        (("transp:transparent",), None),
        (("STATUS:CANCELLED",), None),
        (("STATUS:CONFIRMED",), BusyKind.BUSY),
        (("STATUS:TENTATIVE",), BusyKind.TENTATIVE),
        ((OWN.format("DECLINED"),), None),
        ((OWN.format("ACCEPTED"),), BusyKind.BUSY),
        ((OWN.format("NEEDS-ACTION"),), BusyKind.BUSY),
        ((OWN.format("TENTATIVE"),), BusyKind.TENTATIVE),
        (('ATTENDEE;CN="Patel; Maya";PARTSTAT=DECLINED:MAILTO:maya@example.org',), None),
        (("ATTENDEE;PARTSTAT=DECLINED;EMAIL=maya@example.org:urn:uuid:7",), None),
        (("ATTENDEE;PARTSTAT=DECLINED:mailto:sam@example.org",), BusyKind.BUSY),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), None),
        (("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",), BusyKind.TENTATIVE),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF",), BusyKind.AWAY),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "TRANSP:TRANSPARENT"), None),
        (("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "STATUS:TENTATIVE"), BusyKind.TENTATIVE),
    ],
)
def test_what_blocks(lines: tuple[str, ...], kind: BusyKind | None) -> None:
    text = calendar(event(*TUESDAY_NINE, *lines))
    answer = busy_of([text], WEEK, LONDON, own=["mailto:maya@example.org"])
    assert answer.spans == ((Busy(*NINE, kind),) if kind else ())
    assert answer.skipped == 0


@pytest.mark.parametrize(
    ("lines", "zone", "expected"),
    [
        # Times with a zone, without one, and in UTC.
        (
            (
                "DTSTART;TZID=America/New_York:20261103T090000",
                "DTEND;TZID=America/New_York:20261103T100000",
            ),
            LONDON,
            ["2026-11-03T14:00/15:00"],
        ),
        (
            ("DTSTART:20261103T090000", "DTEND:20261103T100000"),
            NEW_YORK,
            ["2026-11-03T14:00/15:00"],
        ),
        (
            ("DTSTART;TZID=Eastern Standard Time:20261103T090000", "DURATION:PT1H"),
            LONDON,
            ["2026-11-03T14:00/15:00"],
        ),
        (
            ('DTSTART;TZID="W. Europe Standard Time":20261103T090000', "DURATION:PT30M"),
            LONDON,
            ["2026-11-03T08:00/08:30"],
        ),
        (
            ("DTSTART;TZID=/example.org/Europe/Berlin:20261103T090000", "DURATION:PT1H"),
            LONDON,
            ["2026-11-03T08:00/09:00"],
        ),
        # Start and end on different clocks: a flight.
        (
            (
                "DTSTART;TZID=Europe/London:20261103T090000",
                "DTEND;TZID=America/New_York:20261103T120000",
            ),
            LONDON,
            ["2026-11-03T09:00/17:00"],
        ),
        # All-day: the days of the member's own zone; the end is not included.
        (
            ("DTSTART;VALUE=DATE:20261103", "DTEND;VALUE=DATE:20261104"),
            LONDON,
            ["2026-11-03T00:00/2026-11-04T00:00"],
        ),
        (("DTSTART;VALUE=DATE:20261103",), NEW_YORK, ["2026-11-03T05:00/2026-11-04T05:00"]),
        (
            ("DTSTART;VALUE=DATE:20261103", "DTEND;VALUE=DATE:20261103"),
            LONDON,
            ["2026-11-03T00:00/2026-11-04T00:00"],
        ),
        (
            ("DTSTART;VALUE=DATE:20261103", "DURATION:P2D"),
            "Asia/Kolkata",
            ["2026-11-02T18:30/2026-11-04T18:30"],
        ),
        # Without an end a time blocks nothing (RFC 5545 3.6.1).
        (("DTSTART:20261103T090000Z",), LONDON, []),
        (("DTSTART:20261103T090000Z", "DTEND:20261103T090000Z"), LONDON, []),
        # A leap second, and lower-case letters.
        (
            ("dtstart:20261103t085960z", "dtend:20261103t100000z"),
            LONDON,
            ["2026-11-03T08:59:59/10:00"],
        ),
        # Clipped to the window at both ends.
        (
            ("DTSTART:20260101T000000Z", "DTEND:20270101T000000Z"),
            LONDON,
            ["2026-11-02T00:00/2026-11-09T00:00"],
        ),
        (("DTSTART:20261109T000000Z", "DTEND:20261109T010000Z"), LONDON, []),
        (("DTSTART:20261101T230000Z", "DTEND:20261102T000000Z"), LONDON, []),
    ],
)
def test_when(lines: tuple[str, ...], zone: str, expected: list[str]) -> None:
    assert spans(event(*lines), zone=zone) == utc(*expected)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("RRULE:FREQ=DAILY;COUNT=3",),
            ["2026-11-03T09:00/10:00", "2026-11-04T09:00/10:00", "2026-11-05T09:00/10:00"],
        ),
        (("RRULE:FREQ=WEEKLY;BYDAY=TU,TH",), ["2026-11-03T09:00/10:00", "2026-11-05T09:00/10:00"]),
        (
            (
                "RRULE:FREQ=DAILY",
                "EXDATE:20261104T090000Z,20261105T090000Z",
                "EXDATE:20261106T090000Z",
            ),
            ["2026-11-03T09:00/10:00", "2026-11-07T09:00/10:00", "2026-11-08T09:00/10:00"],
        ),
        (
            ("RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261104"),
            ["2026-11-03T09:00/10:00", "2026-11-05T09:00/10:00"],
        ),
        (
            ("RRULE:FREQ=DAILY;COUNT=2", "EXDATE;TZID=America/New_York:20261103T040000"),
            ["2026-11-04T09:00/10:00"],
        ),
        (("RDATE:20261105T150000Z",), ["2026-11-03T09:00/10:00", "2026-11-05T15:00/16:00"]),
        (
            ("RDATE;VALUE=PERIOD:20261105T150000Z/PT2H,20261106T150000Z/20261106T153000Z",),
            ["2026-11-03T09:00/10:00", "2026-11-05T15:00/17:00", "2026-11-06T15:00/15:30"],
        ),
        (
            ("RRULE:FREQ=DAILY;UNTIL=20261104T090000Z",),
            ["2026-11-03T09:00/10:00", "2026-11-04T09:00/10:00"],
        ),
        (("RRULE:FREQ=DAILY;UNTIL=20261104T085959Z",), ["2026-11-03T09:00/10:00"]),
        (
            ("RRULE:FREQ=DAILY;UNTIL=20261104",),
            ["2026-11-03T09:00/10:00", "2026-11-04T09:00/10:00"],
        ),
        (
            ("RRULE:FREQ=HOURLY;INTERVAL=4;COUNT=3",),
            ["2026-11-03T09:00/10:00", "2026-11-03T13:00/14:00", "2026-11-03T17:00/18:00"],
        ),
    ],
)
def test_series(lines: tuple[str, ...], expected: list[str]) -> None:
    assert spans(event(*TUESDAY_NINE, *lines)) == utc(*expected)


def test_series_keeps_its_wall_time_over_the_clock_change() -> None:
    series = event(
        "DTSTART;TZID=Europe/London:20260901T140000",
        "DTEND;TZID=Europe/London:20260901T150000",
        "RRULE:FREQ=WEEKLY",
    )
    window = at("2026-10-19"), at("2026-11-02")
    assert spans(series, window=window) == utc("2026-10-20T13:00/14:00", "2026-10-27T14:00/15:00")


def test_series_that_began_long_ago() -> None:
    series = event("DTSTART:19700106T090000Z", "DTEND:19700106T100000Z", "RRULE:FREQ=WEEKLY")
    assert spans(series) == utc("2026-11-03T09:00/10:00")


def test_long_instance_from_before_the_window() -> None:
    series = event("DTSTART:20261001T090000Z", "DURATION:P3D", "RRULE:FREQ=WEEKLY;BYDAY=SU")
    assert spans(series) == utc(
        "2026-11-02T00:00/2026-11-04T09:00", "2026-11-08T09:00/2026-11-09T00:00"
    )


SERIES = event(*TUESDAY_NINE, "RRULE:FREQ=DAILY;COUNT=3")


def changed(original: str, *lines: str) -> str:
    return event(f"RECURRENCE-ID:{original}", *lines)


def test_moved_instance() -> None:
    moved = changed("20261104T090000Z", "DTSTART:20261104T160000Z", "DTEND:20261104T163000Z")
    assert spans(SERIES, moved) == utc(
        "2026-11-03T09:00/10:00", "2026-11-04T16:00/16:30", "2026-11-05T09:00/10:00"
    )


def test_instance_moved_into_the_window_from_outside() -> None:
    series = event("DTSTART:20261001T090000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY")
    moved = changed("20261101T090000Z", "DTSTART:20261104T160000Z", "DTEND:20261104T170000Z")
    assert spans(series, moved) == utc("2026-11-04T16:00/17:00")


@pytest.mark.parametrize("line", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT"])
def test_cancelled_instance(line: str) -> None:
    off = changed("20261104T090000Z", "DTSTART:20261104T090000Z", "DURATION:PT1H", line)
    assert spans(SERIES, off) == utc("2026-11-03T09:00/10:00", "2026-11-05T09:00/10:00")


def test_newest_change_of_an_instance_counts() -> None:
    later = changed("20261104T090000Z", "SEQUENCE:2", "DTSTART:20261104T120000Z", "DURATION:PT1H")
    earlier = changed("20261104T090000Z", "SEQUENCE:1", "DTSTART:20261104T110000Z", "DURATION:PT1H")
    assert (at("2026-11-04T12:00"), at("2026-11-04T13:00")) in spans(SERIES, later, earlier)
    assert len(spans(SERIES, later, earlier)) == 3


def test_changed_instance_without_its_series() -> None:
    alone = changed("20261104T090000Z", "DTSTART:20261104T120000Z", "DURATION:PT1H")
    assert spans(alone) == utc("2026-11-04T12:00/13:00")


def test_this_and_future_moves_the_rest() -> None:
    moved = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261104T090000Z",
        "DTSTART:20261104T110000Z",
        "DTEND:20261104T113000Z",
    )
    series = event(*TUESDAY_NINE, "RRULE:FREQ=DAILY;COUNT=4")
    assert spans(series, moved) == utc(
        "2026-11-03T09:00/10:00",
        "2026-11-04T11:00/11:30",
        "2026-11-05T11:00/11:30",
        "2026-11-06T11:00/11:30",
    )


def test_all_day_series_with_exception() -> None:
    series = event("DTSTART;VALUE=DATE:20261102", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261103")
    assert spans(series, zone=NEW_YORK) == utc(
        "2026-11-02T05:00/2026-11-03T05:00", "2026-11-04T05:00/2026-11-05T05:00"
    )


def zone_text(name: str, *, rule: str = "") -> str:
    return (
        f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n"
        "BEGIN:STANDARD\r\nDTSTART:19701101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n"
        f"RRULE:{rule or 'FREQ=YEARLY;BYMONTH=11;BYDAY=1SU'}\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:19700308T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\n"
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )


IN_OWN_ZONE = ("DTSTART;TZID=Head Office:{}T090000", "DTEND;TZID=Head Office:{}T100000")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("20261030", "2026-10-30T13:00/14:00"), ("20261103", "2026-11-03T14:00/15:00")],
)
def test_zone_described_in_the_object(day: str, expected: str) -> None:
    text = calendar(
        event(*(line.format(day) for line in IN_OWN_ZONE)), zones=zone_text("Head Office")
    )
    window = at("2026-10-26"), at("2026-11-09")
    found = busy_of([text], window, LONDON)
    assert [(busy.start, busy.end) for busy in found.spans] == utc(expected)


def test_known_zone_name_wins_over_its_description() -> None:
    lines = (line.format("20261103").replace("Head Office", LONDON) for line in IN_OWN_ZONE)
    text = calendar(event(*lines), zones=zone_text(LONDON))
    assert [busy.start for busy in busy_of([text], WEEK, NEW_YORK).spans] == [
        at("2026-11-03T09:00")
    ]


def test_zone_whose_summer_time_was_given_up() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Here\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:20000326T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20150329T010000Z\r\nEND:DAYLIGHT\r\n"
        "BEGIN:STANDARD\r\nDTSTART:19991031T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20151025T010000Z\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\n"
    )
    text = calendar(event("DTSTART;TZID=Here:20260703T090000", "DURATION:PT1H"), zones=zone)
    window = at("2026-07-01"), at("2026-07-08")
    assert [busy.start for busy in busy_of([text], window, LONDON).spans] == [
        at("2026-07-03T08:00")
    ]


def test_zone_of_one_object_does_not_reach_the_next() -> None:
    lines = tuple(line.format("20261103") for line in IN_OWN_ZONE)
    with_zone = calendar(event(*lines), zones=zone_text("Head Office"))
    answer = busy_of([with_zone, calendar(event(*lines, uid="two"))], WEEK, LONDON)
    assert (len(answer.spans), answer.skipped) == (1, 1)


EVERY_HOUR = "BYHOUR=" + ",".join(map(str, range(24)))
EVERY_MINUTE = "BYMINUTE=" + ",".join(map(str, range(60)))
NONSENSE = {
    "no start": ("SUMMARY:x",),
    "unknown zone": ("DTSTART;TZID=Nowhere/Land:20261103T090000", "DURATION:PT1H"),
    "end before start": ("DTSTART:20261103T090000Z", "DTEND:20261103T080000Z"),
    "negative duration": ("DTSTART:20261103T090000Z", "DURATION:-PT1H"),
    "date and time mixed": ("DTSTART;VALUE=DATE:20261103", "DTEND:20261103T080000Z"),
    "no such day": ("DTSTART:20261131T090000Z", "DURATION:PT1H"),
    "no such hour": ("DTSTART:20261103T290000Z", "DURATION:PT1H"),
    "empty start": ("DTSTART:", "DURATION:PT1H"),
    "words": ("DTSTART:tomorrow", "DTEND:later"),
    "broken duration": ("DTSTART:20261103T090000Z", "DURATION:1H"),
    "a million years": ("DTSTART:20261103T090000Z", "DURATION:P99999999999D", "RRULE:FREQ=DAILY"),
    "secondly": (*TUESDAY_NINE, "RRULE:FREQ=SECONDLY"),
    "minutely": (*TUESDAY_NINE, "RRULE:FREQ=MINUTELY;INTERVAL=3"),
    "empty rule": (*TUESDAY_NINE, "RRULE:"),
    "broken rule": (*TUESDAY_NINE, "RRULE:FREQ=OFTEN;BYDAY=??"),
    "until nonsense": (*TUESDAY_NINE, "RRULE:FREQ=DAILY;UNTIL=never"),
    "five rules": (*TUESDAY_NINE, *["RRULE:FREQ=DAILY"] * 5),
    "all minutes": (*TUESDAY_NINE, f"RRULE:FREQ=DAILY;{EVERY_HOUR};{EVERY_MINUTE}"),
    "counted since the year 1": (
        "DTSTART:00010101T000000Z",
        "DURATION:PT1M",
        "RRULE:FREQ=HOURLY;COUNT=2147483647",
    ),
    "year 0": ("DTSTART:00000101T000000Z", "DURATION:PT1H"),
    "no colon": (*TUESDAY_NINE, "STATUS"),
    "bad parameter": ("DTSTART;TZID:20261103T090000", "DURATION:PT1H"),
    "open quote": ('DTSTART;TZID="Europe/London:20261103T090000', "DURATION:PT1H"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_skipped_alone(name: str) -> None:
    good = event(*TUESDAY_NINE, uid="good")
    answer = busy_of([calendar(event(*NONSENSE[name], uid="bad"), good)], WEEK, LONDON)
    assert answer.spans == (Busy(*NINE),)
    assert answer.skipped == 1


def test_forever_blocks_the_window() -> None:
    assert spans(event("DTSTART:20261103T090000Z", "DTEND:99991231T235959Z")) == utc(
        "2026-11-03T09:00/2026-11-09T00:00"
    )


def test_event_that_is_never_closed_does_not_swallow_the_next() -> None:
    first = event(*TUESDAY_NINE, uid="a")
    second = event("DTSTART:20261104T090000Z", "DURATION:PT1H", uid="b")
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{first}\nBEGIN:VEVENT\n{second}\nEND:VEVENT\n"
    assert len(busy_of([text], WEEK, LONDON).spans) == 2


def test_too_many_instances_cost_only_the_series_that_makes_them() -> None:
    window = at("2026-11-02"), at("2026-12-31")
    busy_all_day = (
        "RRULE:FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,5,10,15"
    )
    bomb = event("DTSTART:20261102T000000Z", "DURATION:PT5M", busy_all_day, uid="bomb")
    answer = busy_of([calendar(bomb, event(*TUESDAY_NINE))], window, LONDON)
    assert (len(answer.spans), answer.skipped) == (1, 1)


def test_window_longer_than_62_days_is_refused() -> None:
    with pytest.raises(ValueError, match="62 days"):
        busy_of([], (0, 62 * 86_400 + 1), LONDON)


def test_alarms_and_tasks_do_not_block() -> None:
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nDURATION:PT9H\r\nEND:VALARM"
    task = "BEGIN:VTODO\r\nUID:t\r\nDTSTART:20261104T090000Z\r\nDURATION:PT1H\r\nEND:VTODO\r\n"
    text = calendar(event(*TUESDAY_NINE, alarm), zones=task)
    assert busy_of([text], WEEK, LONDON).spans == (Busy(*NINE),)


def test_folded_lines_are_joined() -> None:
    folded = event("DTSTART:20261103T\r\n 090000Z", "DTEND:2026\r\n\t1103T100000Z")
    assert spans(folded) == [NINE]


def test_line_ends_of_any_kind() -> None:
    text = calendar(event(*TUESDAY_NINE))
    for ending in ("\n", "\r"):
        assert busy_of([text.replace("\r\n", ending)], WEEK, LONDON).spans == (Busy(*NINE),)


def test_ignored_events_are_left_out() -> None:
    text = calendar(event(*TUESDAY_NINE, uid="ours"), event(*TUESDAY_NINE, uid="theirs"))
    assert busy_of([text], WEEK, LONDON, ignore=frozenset({"ours", "theirs"})).spans == ()
    assert busy_of([text], WEEK, LONDON, ignore=frozenset({"ours"})).spans == (Busy(*NINE),)


def test_nothing_of_a_foreign_text_survives() -> None:
    secret = "Interview with Zebedee"
    lines = ("SUMMARY:", "DESCRIPTION:", "LOCATION:", "COMMENT:", "ATTENDEE:mailto:", "CATEGORIES:")
    text = calendar(event(*TUESDAY_NINE, *(f"{line}{secret}" for line in lines)))
    assert "Zebedee" not in repr(busy_of([text], WEEK, LONDON))


DRAFT = EventDraft(
    uid="5f2a@assistant.example.org",
    sequence=3,
    start=NINE[0],
    end=NINE[1],
    title="Maya & Alex: mentoring; first, session",
    description="Line one\nLine two, with a comma; and a backslash \\ and ünïcödé.",
    place="https://meet.example.org/a,b;c",
    stamp=at("2026-10-20T09:00"),
)


def test_written_event() -> None:
    text = write_event(DRAFT).decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    for line in (
        "UID:5f2a@assistant.example.org",
        "SEQUENCE:3",
        "DTSTAMP:20261020T090000Z",
        "DTSTART:20261103T090000Z",
        "DTEND:20261103T100000Z",
        "TRANSP:OPAQUE",
        "URL:https://meet.example.org/a,b;c",
    ):
        assert line in lines
    assert not {line.partition(":")[0].partition(";")[0] for line in lines} & {
        "METHOD",
        "ORGANIZER",
        "ATTENDEE",
    }
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert busy_of([text], WEEK, LONDON).spans == (Busy(*NINE),)


def test_room_is_no_link() -> None:
    room = EventDraft("u", 0, *NINE, "Title", "", "Room 4", 0)
    text = write_event(room).decode()
    assert "LOCATION:Room 4" in text
    assert "URL" not in text
    assert "DESCRIPTION" not in text


@pytest.mark.parametrize(
    "old", ["SEQUENCE:3", "DTEND:20261103T100000Z", "Line two", "a\\,b\\;c", "5f2a@"]
)
def test_same_event_sees_every_difference(old: str) -> None:
    text = write_event(DRAFT).decode().replace("\r\n ", "")
    assert same_event(text, DRAFT)
    assert old in text
    assert not same_event(text.replace(old, old[:-1] + ("9" if old[-1].isdigit() else "x")), DRAFT)


def test_uids_of_an_object() -> None:
    assert uids_of(calendar(event(uid="a"), event(uid="b"))) == {"a", "b"}
    assert uids_of("nothing") == frozenset()
