"""Our events as Google's JSON and back, by rules that hold for every draft."""

import html
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.google.busy import chunks, cuts
from adapters.google.errors import Failure, seconds_to_wait, typed
from adapters.google.events import content, correction, event_id, instant_of, says, span_of, stamp
from adapters.google.scopes import ASKED, tier_of
from core import errors
from core.booking.drafts import EventDraft
from core.errors import BadData, RateLimited, why_unread
from core.links import Tier
from core.timing.zones import DAY, day_span
from tests.contract.calendar_contract import DRAFT, MOVED
from tests.servers.google.judge import Judge
from tests.servers.google.world import merged

INSTANTS = st.integers(0, 4_000_000_000)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
ROOT = "https://www.googleapis.com/auth/calendar"


@st.composite
def drafts(draw: st.DrawFn) -> EventDraft:
    start = draw(INSTANTS)
    return EventDraft(
        uid=f"{draw(st.binary(min_size=16, max_size=16)).hex()}@tandem.example.org",
        sequence=draw(st.integers(0, 50)),
        start=start,
        end=start + draw(st.integers(60, DAY)),
        title=draw(TEXTS),
        description=draw(TEXTS),
        place=draw(TEXTS),
        stamp=0,
    )


def stored(draft: EventDraft, **more: Any) -> dict[str, Any]:
    return {"id": event_id(draft.uid), "etag": '"1"', **content(draft), **more}


class TestContent:
    @given(drafts())
    def test_a_stored_draft_says_what_the_draft_says(self, draft: EventDraft) -> None:
        assert says(stored(draft), draft)
        assert Judge().resource("Event", stored(draft)) == []

    @given(drafts(), drafts(), st.integers(0, 90))
    def test_a_correction_makes_any_event_say_it(
        self, old: EventDraft, new: EventDraft, sequence: int
    ) -> None:
        event = merged(stored(old), {"status": "cancelled", "start": {"date": "2026-11-03"}})
        event["start"].pop("dateTime")
        event["sequence"] = sequence
        assert not says(event, new)
        corrected = merged(event, correction(new, sequence))
        assert says(corrected, new)
        assert corrected["sequence"] >= sequence

    @pytest.mark.parametrize(
        "change",
        [
            {"summary": "Tea"},
            {"description": "Other words"},
            {"location": ""},
            {"start": {"dateTime": "2026-11-03T09:15:00Z"}},
            {"end": {"dateTime": "2026-11-03T09:15:00Z"}},
            {"start": {"date": "2026-11-03"}},
            {"start": {}},
            {"start": None},
            {"status": "cancelled"},
            {"transparency": "transparent"},
        ],
    )
    def test_every_change_is_seen(self, change: dict[str, Any]) -> None:
        assert not says({**stored(DRAFT), **change}, DRAFT)

    @pytest.mark.parametrize(
        "change",
        [
            {"start": {"dateTime": "2026-11-03T10:00:00+01:00", "timeZone": "Europe/Madrid"}},
            {"sequence": 7},
            {"colorId": "3"},
            {"description": html.escape(DRAFT.description, quote=False).replace("\n", "<br>")},
        ],
    )
    def test_another_form_of_the_same_is_the_same(self, change: dict[str, Any]) -> None:
        assert says({**stored(DRAFT), **change}, DRAFT)

    def test_an_older_sequence_is_not_the_same(self) -> None:
        assert not says(stored(replace(MOVED, sequence=0)), MOVED)

    def test_markup_in_a_description_stays_text(self) -> None:
        draft = replace(DRAFT, description="<b>1 < 2</b> & more")
        assert content(draft)["description"] == "&lt;b&gt;1 &lt; 2&lt;/b&gt; &amp; more"
        assert says(stored(draft), draft)


class TestIds:
    @given(st.text(min_size=1, max_size=80))
    def test_ids_are_in_googles_alphabet(self, uid: str) -> None:
        found = event_id(uid)
        assert 5 <= len(found) <= 1024
        assert set(found) <= set("0123456789abcdefghijklmnopqrstuv")

    @given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
    def test_other_meetings_have_other_ids(self, one: bytes, two: bytes) -> None:
        same = event_id(f"{one.hex()}@a.org") == event_id(f"{two.hex()}@a.org")
        assert same == (one == two)


class TestTimes:
    @given(INSTANTS)
    def test_instants_come_back(self, at: int) -> None:
        assert instant_of(stamp(at)) == at

    @given(INSTANTS, st.timezones())
    def test_offsets_are_understood(self, at: int, zone: Any) -> None:
        local = datetime.fromtimestamp(at, UTC).astimezone(zone)
        if local.utcoffset() is not None and local.utcoffset().total_seconds() % 60 == 0:  # type: ignore[union-attr]  # asked just before
            assert instant_of(local.isoformat()) == at

    @pytest.mark.parametrize("text", [None, 7, "", "tomorrow", "2026-11-03T09:00:00", "2026-11-03"])
    def test_a_time_without_offset_is_none(self, text: object) -> None:
        with pytest.raises(BadData):
            instant_of(text)

    def test_whole_days_may_have_twenty_five_hours(self) -> None:
        event = {"start": {"date": "2026-10-25"}, "end": {"date": "2026-10-26"}}
        start, end = span_of(event, "Europe/London")
        assert end - start == 25 * 3600
        assert (start, end) == day_span(datetime(2026, 10, 25, tzinfo=UTC).date(), "Europe/London")

    @given(INSTANTS, st.integers(1, 400 * DAY))
    def test_cuts_cover_the_window_without_gap(self, start: int, length: int) -> None:
        found = list(cuts((start, start + length)))
        assert found[0][0] == start
        assert found[-1][1] == start + length
        assert all(one[1] == two[0] for one, two in pairwise(found))
        assert all(0 < end - begin <= 60 * DAY for begin, end in found)

    @given(st.lists(st.text(max_size=5), max_size=180))
    def test_chunks_hold_every_calendar_once(self, ids: list[str]) -> None:
        found = list(chunks(ids))
        assert [one for chunk in found for one in chunk] == ids
        assert all(1 <= len(chunk) <= 50 for chunk in found)


class TestErrors:
    @pytest.mark.parametrize(
        ("status", "reason", "kind"),
        [
            (0, "", errors.Unavailable),
            (302, "", errors.Unavailable),
            (400, "timeRangeEmpty", errors.InvalidRequest),
            (400, "", errors.InvalidRequest),
            (400, "invalid_grant", errors.AccessRevoked),
            (401, "authError", errors.AccessRevoked),
            (401, "", errors.Unavailable),
            (403, "insufficientPermissions", errors.NotConnected),
            (403, "PERMISSION_DENIED", errors.NotConnected),
            (403, "rateLimitExceeded", errors.RateLimited),
            (403, "userRateLimitExceeded", errors.RateLimited),
            (403, "quotaExceeded", errors.RateLimited),
            (403, "dailyLimitExceeded", errors.RateLimited),
            (403, "forbiddenForNonOrganizer", errors.InvalidRequest),
            (403, "accessNotConfigured", errors.ConsentRequiredByAdmin),
            (403, "", errors.Unavailable),
            (404, "notFound", errors.RemoteMissing),
            (409, "duplicate", errors.Conflict),
            (409, "conflict", errors.Conflict),
            (410, "fullSyncRequired", errors.FullResync),
            (410, "updatedMinTooLongAgo", errors.FullResync),
            (410, "deleted", errors.RemoteMissing),
            (412, "conditionNotMet", errors.PreconditionFailed),
            (418, "teapot", errors.InvalidRequest),
            (429, "", errors.RateLimited),
            (429, "rateLimitExceeded", errors.RateLimited),
            (500, "backendError", errors.Unavailable),
            (503, "", errors.Unavailable),
            (200, "unreadable", errors.BadData),
        ],
    )
    def test_every_refusal_has_one_name(
        self, status: int, reason: str, kind: type[errors.ProviderError]
    ) -> None:
        found = typed(Failure(status, reason))
        assert type(found) is kind
        assert found.provider == "google"
        assert why_unread(found)

    def test_waits(self) -> None:
        def wait(reason: str, asked: int | None = None) -> int:
            found = typed(Failure(403, reason, asked))
            assert isinstance(found, RateLimited)
            return found.retry_after

        assert wait("rateLimitExceeded", 7) == 7
        assert wait("rateLimitExceeded") == 60
        assert wait("quotaExceeded") == 3600

    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            (None, None),
            ("", None),
            ("soon", None),
            ("-5", None),
            ("12", 12),
            ("Tue, 03 Nov 2026 09:00:30 GMT", 30),
            ("Tue, 03 Nov 2026 08:00:00 GMT", 0),
        ],
    )
    def test_retry_after_is_seconds_or_a_date(
        self, header: str | None, seconds: int | None
    ) -> None:
        assert seconds_to_wait(header, DRAFT.start) == seconds

    def test_what_a_browser_brings_is_not_repeated(self) -> None:
        assert "<script>" not in str(typed(Failure(403, "<script>alert()</script>")))


class TestScopes:
    @pytest.mark.parametrize("tier", list(Tier))
    def test_what_is_asked_for_is_enough(self, tier: Tier) -> None:
        assert tier_of(ASKED[tier]) is tier

    @pytest.mark.parametrize(
        ("granted", "tier"),
        [
            ([], None),
            (["openid", "email"], None),
            ([f"{ROOT}.events", f"{ROOT}.events.owned"], None),
            ([f"{ROOT}.freebusy"], None),
            ([f"{ROOT}.calendarlist.readonly"], None),
            ([f"{ROOT}.readonly"], Tier.BUSY),
            ([f"{ROOT}.readonly", f"{ROOT}.events"], Tier.WRITE),
            ([ROOT], Tier.WRITE),
        ],
    )
    def test_broader_rights_serve_too(self, granted: list[str], tier: Tier | None) -> None:
        assert tier_of(granted) is tier
