"""Recorded and documented payloads of Graph, replayed through the parsers.

They lie beside the project, not in it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.microsoft.errors import Reply, failure
from adapters.microsoft.events import (
    Copy,
    answer_of,
    busy_of,
    calendar_of,
    joining_part,
    moment,
    uids_of,
)
from adapters.microsoft.zones import iana_of
from core.booking.meeting import Rsvp
from core.errors import AccessRevoked
from core.ports import Busy, BusyKind
from core.timing.zones import day_span, local_date
from tests.contract.calendar_contract import DRAFT
from tests.servers.graph.judge import Exchange, judge, why_not

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "payloads" / "graph"
HOUR = 3600
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the recorded payloads are not beside the project"
)

EVENTS = ("event_allday", "event_online_meeting", "event_series_master", "event_single")
PAGES = ("calendarView_delta_page1", "calendarView_delta_last_deltaLink")
# Pushed changes are not received yet, so nothing of ours reads these.
LATER = (
    "change_notification_basic",
    "lifecycle_subscriptionRemoved",
    "subscription_create_request",
    "subscription_create_response",
)


def load(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_every_payload_is_replayed_or_named() -> None:
    others = ("calendars", "error_401", "getSchedule_request", "getSchedule_response")
    assert {file.stem for file in FOLDER.glob("*.json")} == {*EVENTS, *PAGES, *LATER, *others}


@pytest.mark.parametrize(
    ("name", "start", "hours"),
    [
        ("event_online_meeting", "2026-07-21T11:00", 0.5),
        ("event_series_master", "2026-08-03T07:00", 0.5),
        ("event_single", "2026-08-04T12:00", 1),
    ],
)
def test_events_block_their_time(name: str, start: str, hours: float) -> None:
    at = moment({"dateTime": start, "timeZone": "UTC"}, "UTC")
    assert busy_of(load(name), "Asia/Tokyo") == Busy(at, at + int(hours * HOUR), BusyKind.BUSY)


def test_a_whole_day_is_the_persons_day() -> None:
    found = busy_of(load("event_allday"), "Asia/Tokyo")
    assert found
    assert (found.start, found.end) == day_span(local_date(found.start, "Asia/Tokyo"), "Asia/Tokyo")
    assert local_date(found.start, "Asia/Tokyo").isoformat() == "2026-08-10"


@pytest.mark.parametrize("name", PAGES)
def test_events_of_pages_block(name: str) -> None:
    events = load(name)["value"]
    assert events
    assert all(busy_of(event, "UTC") for event in events)


@pytest.mark.parametrize("name", EVENTS)
def test_events_are_copies_with_versions(name: str) -> None:
    event = load(name)
    copy = Copy(event)
    assert copy.receipt.remote_id == event["id"]
    assert event["changeKey"] in copy.receipt.etag
    assert not copy.says(DRAFT)
    assert answer_of(event) is Rsvp.ACCEPTED  # the owner is the organizer
    assert event["iCalUId"] in uids_of(event)


def test_a_recorded_meeting_keeps_its_joining_part() -> None:
    event = load("event_online_meeting")
    link = event["onlineMeeting"]["joinUrl"]
    content = Copy(event).changes(DRAFT)["body"]["content"]
    assert link in content
    assert joining_part(event["body"]["content"]) in content
    assert content.index("First line") < content.index(link)


def test_calendars() -> None:
    found = [calendar_of(item, may_write=True) for item in load("calendars")["value"]]
    assert [(c.name, c.writable, c.default) for c in found] == [
        ("Calendar", True, True),
        ("Extra calendar test", True, False),
    ]


def test_a_token_without_form() -> None:
    body = json.dumps(load("error_401")).encode()
    error = failure(Reply(401, {}, body))
    assert isinstance(error, AccessRevoked)
    assert "IDX14100" not in str(error)


def test_times_of_schedules_name_windows_zones() -> None:
    request = load("getSchedule_request")
    assert moment(request["endTime"], "UTC") - moment(request["startTime"], "UTC") == 9 * HOUR
    for schedule in load("getSchedule_response")["value"]:
        for item in schedule["scheduleItems"]:
            assert moment(item["start"], "UTC") < moment(item["end"], "UTC")
        named = schedule["workingHours"]["timeZone"]["name"]
        assert iana_of(named) in {"America/Los_Angeles", None}


# --- the judge itself ---


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is a judge")
class TestJudge:
    @pytest.mark.parametrize("name", EVENTS)
    def test_recorded_events_pass(self, name: str) -> None:
        event = {
            key: value for key, value in load(name).items() if not key.startswith("calendar@odata.")
        }
        assert self.complaints("GET", "/me/events/x", "", None, 200, event) == []

    @pytest.mark.parametrize(
        ("method", "path", "query", "sent", "answered"),
        [
            ("POST", "/me/calendars/x/events", "", {"subject": 5}, {}),
            ("POST", "/me/calendars/x/events", "", {"Subject": "x"}, {}),
            ("POST", "/me/calendars/x/events", "", {"iCalUId": "x"}, {}),
            ("POST", "/me/calendars/x/events", "", {"start": {"zone": "UTC"}}, {}),
            ("POST", "/me/calendars/x/events", "", {"showAs": "away"}, {}),
            ("POST", "/me/calendars/x/events", "", {}, {"showAs": "away"}),
            ("PUT", "/me/events/x", "", {}, {}),
            ("GET", "/me/nothing", "", None, {}),
            ("GET", "/me/calendars/x/events", "$select=title", None, {"value": []}),
            ("GET", "/me/calendars/x/events", "$top=ten", None, {"value": []}),
            ("GET", "/me/calendars/x/events", "$expand=attachments", None, {"value": []}),
            ("GET", "/me/calendars/x/calendarView", "", None, {"value": []}),
            ("GET", "/me/calendars", "", None, {"value": [{"title": "x"}]}),
        ],
    )
    def test_what_is_wrong_is_found(
        self, method: str, path: str, query: str, sent: Any, answered: Any
    ) -> None:
        status = 201 if method == "POST" else 200
        assert self.complaints(method, path, query, sent, status, answered)

    def complaints(self, *exchange: Any) -> list[str]:
        found = judge()
        assert found is not None
        return found.complaints(Exchange(*exchange))
