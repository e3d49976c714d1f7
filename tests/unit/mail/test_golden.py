"""The mails of a session and of a series, each change of them: as they were agreed on (`golden/`,
written by `stories`), and as another reader of iCalendar understands them.
"""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from icalendar import Calendar, Event

from tests.unit.mail.stories import ADDRESS, GOLDEN, calendar_of, shown, tell

UID = "1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a@tandem.example.org"
WEEKS = "2026-10-27T14:00:00+00:00"  # when the series begins


@pytest.fixture(scope="module")
def mails() -> dict[str, EmailMessage]:
    return asyncio.run(tell())


@dataclass(frozen=True, slots=True)
class Said:
    """What a calendar object says: of each event its slot, times, sequence and end of its rule."""

    method: str
    events: tuple[tuple[str, str, int, str], ...]
    left_out: tuple[str, ...] = ()


TOLD = {
    "single-booked": Said("REQUEST", (("", WEEKS, 0, ""),)),
    "single-moved": Said("REQUEST", (("", "2026-10-28T16:00:00+00:00", 1, ""),)),
    "single-cancelled": Said("CANCEL", (("", "2026-10-28T16:00:00+00:00", 2, ""),)),
    "optional-booked": Said("REQUEST", (("", WEEKS, 0, ""),)),
    "optional-moved": Said("REQUEST", (("", "2026-10-28T16:00:00+00:00", 1, ""),)),
    "series-booked": Said(
        "REQUEST",
        (("", WEEKS, 0, "2027-01-05T14:00:00+00:00"),),
        ("2026-11-24T14:00:00+00:00",),
    ),
    "series-one-moved": Said(
        "REQUEST", (("2026-11-10T14:00:00+00:00", "2026-11-11T15:00:00+00:00", 1, ""),)
    ),
    "series-one-cancelled": Said(
        "CANCEL", (("2026-12-08T14:00:00+00:00", "2026-12-08T14:00:00+00:00", 1, ""),)
    ),
    "series-cut": Said(
        "REQUEST",
        (
            ("", WEEKS, 3, "2026-12-08T14:00:00+00:00"),
            ("2026-11-10T14:00:00+00:00", "2026-11-11T15:00:00+00:00", 4, ""),
        ),
        ("2026-11-24T14:00:00+00:00", "2026-12-08T14:00:00+00:00"),
    ),
    "series-ended": Said("CANCEL", (("", WEEKS, 8, ""),)),
    "rest-moved": Said(
        "REQUEST",
        (
            ("", WEEKS, 1, "2027-01-05T14:00:00+00:00"),
            ("2026-11-10T14:00:00+00:00", "2026-11-11T15:00:00+00:00", 2, ""),
            ("2026-11-24T14:00:00+00:00", "2026-11-25T15:00:00+00:00", 2, ""),
            ("2026-12-08T14:00:00+00:00", "2026-12-09T15:00:00+00:00", 2, ""),
            ("2026-12-22T14:00:00+00:00", "2026-12-23T15:00:00+00:00", 2, ""),
            ("2027-01-05T14:00:00+00:00", "2027-01-06T15:00:00+00:00", 2, ""),
        ),
    ),
}


def test_every_mail_has_its_golden_text(mails: dict[str, EmailMessage]) -> None:
    assert mails.keys() == TOLD.keys() == {file.stem for file in GOLDEN.glob("*.txt")}


@pytest.mark.parametrize("name", TOLD)
def test_a_mail_is_as_it_was_agreed_on(mails: dict[str, EmailMessage], name: str) -> None:
    assert shown(mails[name]) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def instant(event: Event, name: str) -> str:
    return str(event.decoded(name).isoformat()) if name in event else ""


def read(event: Event) -> tuple[str, str, int, str]:
    rule = event.get("RRULE")
    until = rule["UNTIL"][0].isoformat() if rule else ""
    return instant(event, "RECURRENCE-ID"), instant(event, "DTSTART"), event.sequence, until


@pytest.mark.parametrize("name", TOLD)
def test_another_reader_understands_it_so(mails: dict[str, EmailMessage], name: str) -> None:
    calendar = Calendar.from_ical(calendar_of(mails[name]))
    events = calendar.events
    left_out = [one.dt.isoformat() for one in getattr(events[0].get("EXDATE"), "dts", ())]
    method = str(calendar["METHOD"])
    assert Said(method, tuple(map(read, events)), tuple(left_out)) == TOLD[name]
    for event in events:
        assert event.uid == UID
        assert event["STATUS"] == {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}[method]


@pytest.mark.parametrize("name", TOLD)
def test_it_is_an_invitation_to_mail_programs(mails: dict[str, EmailMessage], name: str) -> None:
    message = mails[name]
    (part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == TOLD[name].method
    assert part.get_content_disposition() is None
    (file,) = [p for p in message.walk() if p.get_content_type() == "application/ics"]
    assert file.get_payload(decode=True) == calendar_of(message)
    for event in Calendar.from_ical(calendar_of(message)).events:
        (sender,) = message["From"].addresses
        assert event["ORGANIZER"] == f"mailto:{sender.addr_spec}"
        me = next(one for one in event.attendees if one == f"mailto:{ADDRESS}")
        assert me.params["PARTSTAT"] == "NEEDS-ACTION"
        assert me.params.get("RSVP") == ("TRUE" if TOLD[name].method == "REQUEST" else None)


def test_stamps_rise_and_threads_hold(mails: dict[str, EmailMessage]) -> None:
    for story in ("single", "series"):
        told = [message for name, message in mails.items() if name.startswith(story)]
        events = [Calendar.from_ical(calendar_of(message)).events[0] for message in told]
        stamps = [event.decoded("DTSTAMP") for event in events]
        assert stamps == sorted(set(stamps))
        assert {str(message["References"]) for message in told[1:]} == {str(told[0]["Message-ID"])}
