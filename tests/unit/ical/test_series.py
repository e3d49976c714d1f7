"""Series as iCalendar text, read back by our own reader and by another library."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from adapters.ical.codec import busy_of, same_event, uids_of, write_event
from adapters.ical.itip import calendar_part
from core.booking.drafts import EventDraft, Guest, Invite, Method, Occurrence, Recurrence, Sender
from core.booking.meeting import Meeting, Rsvp
from core.booking.series import Pattern, recurrence, standing, windows
from core.timing.recurrence import Frequency, Rule
from core.timing.zones import DAY, instant, wall
from tests.unit.core.booking.samples import NOW
from tests.unit.core.booking.test_series import FORTNIGHT, patterns, series

SENDER = Sender("Scheduling Assistant", "assistant@tandem.example.org")
GUESTS = (
    Guest("Alex Chen", "alex@example.org", Rsvp.ACCEPTED, chair=True),
    Guest("Maya Okafor", "maya@example.org", Rsvp.NEEDS_ACTION),
)
STAMP = 1_792_000_000


def draft(said: Recurrence, sequence: int = 0) -> EventDraft:
    """Return the copy of a series."""
    start = instant(said.first, datetime.min.time(), said.zone) + said.minute * 60
    end = start + said.minutes * 60
    return EventDraft(
        "0@example.org", sequence, start, end, "Session, with Alex", "", "", STAMP, None, said
    )


def spans_of(text: bytes, made: list[Meeting]) -> set[tuple[int, int]]:
    """Return what our own reader makes of a calendar object."""
    around = windows(sorted(m.span for m in made), 2 * DAY)
    return {
        (busy.start, busy.end)
        for window in around
        for busy in busy_of([text.decode()], window, "UTC").spans
    }


@settings(max_examples=150, deadline=None)
@given(patterns(), st.data())
def test_what_is_written_is_what_stands(one: Pattern, data: st.DataObject) -> None:
    made, meetings = series(one)
    for number in range(len(meetings)):
        change = data.draw(st.sampled_from(("", "", "", "skip", "move", "shorten")))
        old = meetings[number]
        start = old.start + 3 * 3600 if change == "move" else old.start
        end = start + (900 if change == "shorten" else old.end - old.start)
        if change == "skip":
            meetings[number] = old.cancel(NOW)
        elif change:
            meetings[number] = old.move(start, end, NOW)
    stands = standing(meetings)
    if not stands:
        return
    text = write_event(draft(recurrence(made, meetings)))
    expected = {m.span for m in stands}
    assert spans_of(text, meetings) == expected
    assert b"METHOD" not in text
    first, last = min(expected)[0], max(expected)[1]
    found = recurring_ical_events.of(Calendar.from_ical(text)).between(
        datetime.fromtimestamp(first - 5 * DAY, UTC), datetime.fromtimestamp(last + 5 * DAY, UTC)
    )
    assert {
        (int(e["DTSTART"].dt.timestamp()), int(e["DTEND"].dt.timestamp())) for e in found
    } == expected


@settings(max_examples=60, deadline=None)
@given(patterns())
def test_the_zone_rules_are_the_zones_own(one: Pattern) -> None:
    made, meetings = series(one)
    text = write_event(draft(recurrence(made, meetings))).decode()
    renamed = text.replace(one.zone, "Ours")  # a name nobody knows: only the rules in it count
    assert spans_of(renamed.encode(), meetings) == {m.span for m in meetings}


def test_the_same_series_is_known_again() -> None:
    made, meetings = series(FORTNIGHT)
    meetings[2] = meetings[2].cancel(NOW)
    meetings[3] = meetings[3].move(meetings[3].start + 3600, meetings[3].end + 3600, NOW)
    said = draft(recurrence(made, meetings), 2)
    text = write_event(said).decode()
    assert same_event(text, said)
    assert uids_of(text) == {"0@example.org"}
    assert not same_event(text, replace(said, title="Another"))
    assert not same_event(text, replace(said, recurrence=recurrence(made, meetings[:-1])))
    assert not same_event(text, replace(said, recurrence=None))
    ordered = "FREQ=WEEKLY;UNTIL=20270119T140000Z"
    shuffled = text.replace(ordered, ";".join(reversed(ordered.split(";"))))
    assert shuffled != text
    assert same_event(shuffled, said)


def invite(method: Method, said: Recurrence | None, **changes: object) -> str:
    """Return a mailed calendar object, unfolded."""
    start = int(datetime(2026, 10, 27, 14, tzinfo=UTC).timestamp())
    plain = Invite(
        method, "0@example.org", 0, start, start + 1800, "Session", "", "", STAMP, GUESTS, said
    )
    part = calendar_part(replace(plain, **changes), SENDER)  # type: ignore[arg-type]  # any field
    return part.decode().replace("\r\n ", "").replace("\r\n", "\n")


def lines(text: str, *names: str) -> list[str]:
    """Return the lines of events with these names, in order."""
    events = text[text.index("BEGIN:VEVENT") :]
    return [x for x in events.splitlines() if x.startswith(names)]


TIMES = ("DTSTART", "DTEND", "RRULE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "STATUS")


def test_a_whole_series_is_asked_for_in_wall_times() -> None:
    made, meetings = series(FORTNIGHT, frozenset({FORTNIGHT.slots()[4]}))
    text = invite(Method.REQUEST, recurrence(made, meetings))
    assert sorted(lines(text, *TIMES)) == [
        "DTEND;TZID=Europe/London:20261027T143000",
        "DTSTART;TZID=Europe/London:20261027T140000",
        "EXDATE;TZID=Europe/London:20261222T140000",
        "RRULE:FREQ=WEEKLY;UNTIL=20270119T140000Z;INTERVAL=2;BYDAY=TU",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
    ]
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "METHOD:REQUEST" in text
    assert text.count("ATTENDEE") == 2


def test_a_moved_session_comes_with_the_whole() -> None:
    made, meetings = series(FORTNIGHT)
    meetings[1] = meetings[1].move(meetings[1].start + DAY, meetings[1].end + DAY, NOW)
    text = invite(Method.REQUEST, recurrence(made, meetings))
    moved = text[text.rindex("BEGIN:VEVENT") :]
    assert "RECURRENCE-ID;TZID=Europe/London:20261110T140000" in moved
    assert "DTSTART;TZID=Europe/London:20261111T140000" in moved
    assert "SEQUENCE:1" in moved
    assert moved.count("ATTENDEE") == 2


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_one_session_is_named_by_its_start_by_the_rule(method: Method) -> None:
    at = int(datetime(2026, 12, 9, 15, tzinfo=UTC).timestamp())
    which = Occurrence("Europe/London", date(2026, 12, 8), 14 * 60)
    text = invite(method, None, occurrence=which, start=at, end=at + 1800, sequence=3)
    assert "RECURRENCE-ID;TZID=Europe/London:20261208T140000" in text
    assert "DTSTART;TZID=Europe/London:20261209T150000" in text
    assert "RRULE" not in text
    assert "SEQUENCE:3" in text


def test_the_end_of_all_names_no_session() -> None:
    made, meetings = series(FORTNIGHT)
    text = invite(Method.CANCEL, recurrence(made, meetings), sequence=4)
    assert "STATUS:CANCELLED" in text
    assert "RECURRENCE-ID" not in text
    assert "RRULE" not in text


def test_a_series_over_both_changes_of_the_clock() -> None:
    rule = Rule(Frequency.MONTHLY, month_day=31)
    one = Pattern(rule, "Europe/London", date(2026, 8, 31), 600, 30, 5)
    made, meetings = series(one)
    text = write_event(draft(recurrence(made, meetings)))
    assert text.count(b"BEGIN:STANDARD") + text.count(b"BEGIN:DAYLIGHT") == 3
    hours = [wall(start, "UTC").hour for start, _ in sorted(spans_of(text, meetings))]
    assert hours == [9, 10, 10, 10, 9]
