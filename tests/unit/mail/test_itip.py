"""The calendar part, judged by reading it back and by its bytes."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from adapters.ical.itip import calendar_part, clean_name
from core.booking.drafts import Guest, Method, Sender
from core.booking.meeting import Rsvp
from core.errors import InvalidRequest
from tests.unit.mail.samples import INVITE, invite

SENDER = Sender("Scheduling Assistant", "assistant@tandem.example.org")
NASTY = st.text(max_size=120)


def parsed(data: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    assert calendar.errors == []
    (event,) = calendar.events
    assert event.errors == []
    return calendar, event


def unfolded(data: bytes) -> list[str]:
    return data.decode("utf-8").replace("\r\n ", "").splitlines()


def line(data: bytes, name: str) -> str:
    (found,) = (x for x in unfolded(data) if re.match(rf"{name}[:;]", x))
    return found


def test_request_says_everything_once() -> None:
    calendar, event = parsed(calendar_part(INVITE, SENDER))
    assert calendar["METHOD"] == "REQUEST"
    assert calendar["VERSION"] == "2.0"
    assert calendar["CALSCALE"] == "GREGORIAN"
    assert "Tandem" in str(calendar["PRODID"])
    assert calendar.walk("VTIMEZONE") == []
    assert event.uid == INVITE.uid
    assert event.sequence == 3
    assert event.start == datetime(2026, 10, 27, 14, tzinfo=UTC)
    assert event.end == datetime(2026, 10, 27, 14, 30, tzinfo=UTC)
    assert event["SUMMARY"] == INVITE.title
    assert event["DESCRIPTION"] == INVITE.description
    assert event["LOCATION"] == INVITE.place
    assert event["URL"] == INVITE.place
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "OPAQUE"
    assert event["X-MICROSOFT-CDO-BUSYSTATUS"] == "BUSY"
    assert event.subcomponents == []


def test_instants_are_written_in_utc() -> None:
    data = calendar_part(INVITE, SENDER)
    assert line(data, "DTSTART") == "DTSTART:20261027T140000Z"
    assert line(data, "DTEND") == "DTEND:20261027T143000Z"
    assert line(data, "DTSTAMP") == "DTSTAMP:20261020T090000Z"


def test_the_assistant_is_the_organizer() -> None:
    event = parsed(calendar_part(INVITE, SENDER))[1]
    assert str(event["ORGANIZER"]) == "mailto:assistant@tandem.example.org"
    assert event["ORGANIZER"].params["CN"] == "Scheduling Assistant"
    assert "SENT-BY" not in event["ORGANIZER"].params


def test_attendees_have_role_answer_and_lower_case_address() -> None:
    owner, guest = parsed(calendar_part(INVITE, SENDER))[1].attendees
    assert dict(owner.params) == {
        "CN": "Alex Chen",
        "ROLE": "CHAIR",
        "CUTYPE": "INDIVIDUAL",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert str(guest) == "mailto:maya@example.org"
    assert guest.params["ROLE"] == "REQ-PARTICIPANT"
    assert guest.params["PARTSTAT"] == "ACCEPTED"


@pytest.mark.parametrize("rsvp", Rsvp)
def test_each_answer_is_a_partstat(rsvp: Rsvp) -> None:
    one = replace(INVITE, guests=(Guest("A", "a@example.org", rsvp),))
    (attendee,) = parsed(calendar_part(one, SENDER))[1].attendees
    assert attendee.params["PARTSTAT"] == rsvp.value


def test_cancel_names_the_meeting_and_who_is_out() -> None:
    calendar, event = parsed(calendar_part(invite(Method.CANCEL), SENDER))
    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"
    assert (event.uid, event.sequence) == (INVITE.uid, 3)
    assert event.start == datetime(2026, 10, 27, 14, tzinfo=UTC)
    assert [str(a) for a in event.attendees] == [
        "mailto:alex@example.org",
        "mailto:maya@example.org",
    ]
    assert all("RSVP" not in a.params for a in event.attendees)
    assert "X-MICROSOFT-CDO-BUSYSTATUS" not in event


def test_publish_has_an_organizer_and_no_attendees() -> None:
    calendar, event = parsed(calendar_part(invite(Method.PUBLISH), SENDER))
    assert calendar["METHOD"] == "PUBLISH"
    assert event.attendees == []
    assert "ORGANIZER" in event
    assert event["STATUS"] == "CONFIRMED"


def test_a_room_is_a_location_and_no_url() -> None:
    event = parsed(calendar_part(replace(INVITE, place="Room 4, 2nd floor"), SENDER))[1]
    assert event["LOCATION"] == "Room 4, 2nd floor"
    assert "URL" not in event


def test_no_place_leaves_no_empty_line() -> None:
    event = parsed(calendar_part(replace(INVITE, place="", description=""), SENDER))[1]
    assert {"LOCATION", "URL", "DESCRIPTION"}.isdisjoint(event)


def test_the_same_invite_gives_the_same_bytes() -> None:
    assert calendar_part(INVITE, SENDER) == calendar_part(INVITE, SENDER)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        calendar_part(replace(INVITE, end=INVITE.start), SENDER)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ('Ann "Nan" O\'Hara', "Ann Nan O'Hara"),
        ("a^nb", "anb"),
        ("line\r\nATTENDEE:mailto:x@example.org", "line ATTENDEE:mailto:x@example.org"),
        ("\u202egnp.exe", "gnp.exe"),
        ("مریم\u200cبی", "مریم\u200cبی"),
        ("bell\x07 tab\tnull\x00", "bell tab null"),
        ("\ud800", ""),
        ("  ", ""),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_guest_without_a_name_is_called_by_address() -> None:
    one = replace(INVITE, guests=(Guest("", "a@example.org", Rsvp.ACCEPTED),))
    (attendee,) = parsed(calendar_part(one, SENDER))[1].attendees
    assert attendee.params["CN"] == "a@example.org"


def assert_lines_are_legal(data: bytes) -> None:
    assert data.endswith(b"\r\n")
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)
    assert data.count(b"\n") == data.count(b"\r") == data.count(b"\r\n")
    for folded in data.split(b"\r\n"):
        assert len(folded) <= 75
        folded.decode("utf-8")  # no character is cut in two


@settings(deadline=None)
@given(name=NASTY, title=NASTY, description=NASTY, place=NASTY, method=st.sampled_from(Method))
def test_no_words_break_the_calendar(
    name: str, title: str, description: str, place: str, method: Method
) -> None:
    guest = Guest(name, "a@example.org", Rsvp.NEEDS_ACTION)
    nasty = replace(
        INVITE, method=method, title=title, description=description, place=place, guests=(guest,)
    )
    data = calendar_part(nasty, SENDER)
    assert_lines_are_legal(data)
    calendar, event = parsed(data)
    assert calendar["METHOD"] == method.value
    assert event.uid == INVITE.uid
    assert len(event.attendees) == (method is not Method.PUBLISH)
    assert not re.search('["^]|\\^', "".join(a.params["CN"] for a in event.attendees))
    names = [x.split(":")[0].split(";")[0] for x in unfolded(data)]
    assert len(names) == len(data.replace(b"\r\n ", b"").split(b"\r\n")) - 1
    assert set(names) <= KNOWN


KNOWN = {
    *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "SEQUENCE", "DTSTAMP"),
    *("DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS", "ORGANIZER"),
    *("TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "ATTENDEE"),
}


def test_a_long_title_is_folded() -> None:
    data = calendar_part(replace(INVITE, title="ö" * 200), SENDER)
    assert_lines_are_legal(data)
    assert parsed(data)[1]["SUMMARY"] == "ö" * 200
