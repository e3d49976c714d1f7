"""Recorded answers of Google through the parsers; and the judge of our stand-in, judged."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.google.calendar import listed
from adapters.google.errors import Failure, typed
from adapters.google.events import is_there, receipt_of, says, span_of
from adapters.google.vendor import reason_of
from adapters.google.writing import link_of
from core.errors import AccessRevoked, FullResync, NotConnected
from tests.contract.calendar_contract import DRAFT
from tests.servers.google import partial
from tests.servers.google.judge import Judge

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "payloads" / "google"
FILES = sorted(FOLDER.glob("*.json"))
ERRORS = {401: AccessRevoked, 403: NotConnected, 410: FullResync}


def check_event(event: dict[str, Any], zone: str) -> None:
    start, end = span_of(event, zone)
    assert 0 < start < end
    assert is_there(event)
    assert receipt_of(event).etag.startswith('"')
    assert not says(event, DRAFT)
    assert (link_of(event) != "") == ("hangoutLink" in event)


@pytest.mark.skipif(not FILES, reason=f"no recorded answers in {FOLDER}")
def test_every_recorded_answer_is_read() -> None:
    for file in FILES:
        payload = json.loads(file.read_text(encoding="utf-8"))
        if "error" in payload:
            status = payload["error"]["code"]
            error = typed(Failure(status, reason_of(file.read_bytes())))
            assert type(error) is ERRORS[status], file.name
        elif payload["kind"] == "calendar#calendarList":
            assert Judge().resource("CalendarList", payload) == []
            found = listed(payload, writes=True)
            assert len(found) == len(payload["items"])
            assert [calendar.writable for calendar in found if calendar.default] == [True]
        elif payload["kind"] == "calendar#events":
            assert Judge().resource("Events", payload) == []
            for event in payload["items"]:
                check_event(event, payload["timeZone"])
        else:
            assert payload["kind"] == "calendar#event", file.name
            assert Judge().resource("Event", payload) == []
            check_event(payload, "Europe/Amsterdam")


class TestJudge:
    """A stand-in is worth what its judge catches."""

    BODY: dict[str, Any] = {  # noqa: RUF012  # never changed
        "start": {"dateTime": "2026-11-03T09:00:00Z"},
        "end": {"dateTime": "2026-11-03T10:00:00Z"},
    }

    def judged(
        self, verb: str, path: str, query: dict[str, str], body: dict[str, Any] | None
    ) -> list[str]:
        judge = Judge()
        matched = judge.match(verb, path)
        if matched is not None:
            judge.request(matched, list(query.items()), body)
        return judge.violations

    def test_a_right_request_passes(self) -> None:
        query = {"sendUpdates": "none", "fields": "id,start(dateTime),attendees/self"}
        assert self.judged("POST", "calendars/a/events", query, self.BODY) == []

    @pytest.mark.parametrize(
        ("query", "body"),
        [
            ({"sendupdates": "none"}, BODY),
            ({"sendUpdates": "nobody"}, BODY),
            ({"conferenceDataVersion": "2"}, BODY),
            ({"conferenceDataVersion": "one"}, BODY),
            ({"supportsAttachments": "yes"}, BODY),
            ({"fields": "id,title"}, BODY),
            ({"fields": "id("}, BODY),
            ({"fields": "attendees/mail"}, BODY),
            ({}, None),
            ({}, {}),
            ({}, {**BODY, "title": "Tea"}),
            ({}, {**BODY, "summary": 7}),
            ({}, {**BODY, "summary": None}),
            ({}, {**BODY, "sequence": "1"}),
            ({}, {**BODY, "sequence": True}),
            ({}, {**BODY, "start": "2026-11-03"}),
            ({}, {**BODY, "start": {"dateTime": "2026-11-03T09:00:00"}}),
            ({}, {**BODY, "start": {"date": "3 November"}}),
            ({}, {**BODY, "attendees": {"email": "a@example.com"}}),
            ({}, {**BODY, "guestsCanModify": "false"}),
            ({}, {**BODY, "htmlLink": "https://example.com"}),
            ({}, {"start": BODY["start"]}),
        ],
    )
    def test_a_wrong_insert_is_caught(
        self, query: dict[str, str], body: dict[str, Any] | None
    ) -> None:
        assert len(self.judged("POST", "calendars/a/events", query, body)) >= 1

    def test_an_import_needs_a_uid(self) -> None:
        path = "calendars/a/events/import"
        assert self.judged("POST", path, {}, self.BODY) != []
        assert self.judged("POST", path, {}, {**self.BODY, "iCalUID": "a@example.org"}) == []

    @pytest.mark.parametrize(
        ("verb", "path"), [("GET", "calendar/a/events"), ("PUT", "freeBusy"), ("GET", "freebusy")]
    )
    def test_an_address_that_does_not_exist_is_caught(self, verb: str, path: str) -> None:
        assert self.judged(verb, path, {}, None) != []

    def test_a_body_where_none_belongs_is_caught(self) -> None:
        assert self.judged("GET", "calendars/a/events", {}, {}) != []

    def test_a_wrong_answer_is_caught(self) -> None:
        judge = Judge()
        matched = judge.match("GET", "calendars/a/events/b")
        assert matched is not None
        judge.answer(matched, {"kind": "calendar#event", "status": "confirmed"})
        assert judge.violations == []
        judge.answer(matched, {"kind": "calendar#event", "state": "confirmed"})
        assert judge.violations != []

    def test_selections_are_applied(self) -> None:
        tree = partial.parse("kind,items(id,start/dateTime),calendars/*/busy")
        value = {
            "kind": "k",
            "etag": "e",
            "items": [{"id": 1, "summary": "s", "start": {"dateTime": "d", "timeZone": "z"}}],
            "calendars": {"a": {"busy": [], "errors": []}},
        }
        assert partial.cut(value, tree) == {
            "kind": "k",
            "items": [{"id": 1, "start": {"dateTime": "d"}}],
            "calendars": {"a": {"busy": []}},
        }
