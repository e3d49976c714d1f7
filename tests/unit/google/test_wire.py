"""What goes over the wire, from which thread, how often, and how much of it."""

import asyncio
import threading
from dataclasses import replace

import httplib2
import pytest

from adapters.google.busy import LONGEST, MOST_CALENDARS
from adapters.google.threads import SIDE_BY_SIDE
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    NotConnected,
    RateLimited,
    Unavailable,
)
from core.links import Tier
from core.ports import Busy, BusyAnswer, Unknown
from core.timing.zones import DAY
from tests.contract.calendar_contract import DRAFT, HOUR, LONDON, MOVED, TUESDAY_NINE, WEEK
from tests.servers.google import partial
from tests.servers.google.bench import GoogleBench
from tests.servers.google.server import Order
from tests.servers.google.world import Shelf, instant

FOREIGN = {"summary", "description", "location", "attendees", "organizer", "creator", "attachments"}


@pytest.fixture
def callers(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The threads from which Google's client has sent anything."""
    seen: set[int] = set()
    send = httplib2.Http.request

    def watched(self: httplib2.Http, *arguments: object, **named: object) -> object:
        seen.add(threading.get_ident())
        return send(self, *arguments, **named)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(httplib2.Http, "request", watched)
    return seen


class TestThreads:
    async def test_nothing_is_ever_sent_from_the_loop(
        self, bench: GoogleBench, callers: set[int]
    ) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        receipt = await bench.google.update(grant, bench.first, receipt, MOVED)
        await bench.google.busy(grant, [bench.first], WEEK, LONDON, frozenset({DRAFT.uid}))
        await bench.google.remove(grant, bench.first, receipt)
        await bench.google.revoke(grant)
        assert callers
        assert threading.get_ident() not in callers

    async def test_the_loop_goes_on_while_google_is_slow(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        bench.server.pause = 0.2
        job = asyncio.ensure_future(bench.google.calendars(grant))
        turns = 0
        while not job.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 20

    async def test_a_mailbox_has_five_calls_at_once_and_no_more(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        bench.server.pause = 0.03
        await asyncio.gather(*(bench.google.calendars(grant) for _ in range(12)))
        assert bench.server.most == SIDE_BY_SIDE

    async def test_a_caller_who_leaves_does_not_open_a_sixth_place(
        self, bench: GoogleBench
    ) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        bench.server.pause = 0.15
        left = [asyncio.ensure_future(bench.google.calendars(grant)) for _ in range(5)]
        while bench.server.running < SIDE_BY_SIDE:  # noqa: ASYNC110  # the server only counts
            await asyncio.sleep(0.005)
        for job in left:
            job.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.gather(*(bench.google.calendars(grant) for _ in range(5)))
        assert bench.server.most == SIDE_BY_SIDE

    async def test_mailboxes_do_not_wait_for_each_other(self, bench: GoogleBench) -> None:
        other = bench.world.account("alex@example.com", "1002")
        grants = [await bench.grant(), bench.granted(Tier.BUSY, other)]
        bench.server.pause = 0.1
        await asyncio.gather(*(bench.google.calendars(g) for g in grants for _ in range(5)))
        assert bench.server.most > SIDE_BY_SIDE


class TestPrivacy:
    async def test_of_foreign_events_only_times_are_asked_for(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        await bench.add(bench.first, "f@example.org", Busy(DRAFT.start, DRAFT.end))
        ignore = frozenset({DRAFT.uid})
        await bench.google.busy(grant, [bench.first, bench.second], WEEK, LONDON, ignore)
        await bench.google.remove(grant, bench.first, receipt)
        seen = {asked.id for asked in bench.server.asked}
        assert seen >= {"freebusy.query", "events.list", "calendarList.list", "events.insert"}
        for asked in bench.server.asked:
            if asked.id == "events.delete":
                continue
            tree = partial.parse(asked.one("fields"))  # no request without a selection
            assert not FOREIGN & partial.names(tree) or asked.id == "calendarList.list"
            assert asked.id == "calendarList.list" or "*" not in partial.names(tree)

    async def test_text_is_read_of_our_own_event_alone(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        await bench.google.update(grant, bench.first, receipt, MOVED)
        await bench.google.place(grant, bench.first, DRAFT)
        for asked in bench.server.asked:
            names = partial.names(partial.parse(asked.one("fields")))
            assert not {"attendees", "organizer", "creator", "attachments"} & names
            if names & FOREIGN:
                assert asked.id == "events.get"
                assert asked.matched.path["eventId"] == receipt.remote_id

    async def test_nobody_is_mailed_or_invited(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        receipt = await bench.google.update(grant, bench.first, receipt, MOVED)
        (event,) = bench.events(bench.first)
        assert "attendees" not in event
        await bench.google.remove(grant, bench.first, receipt)
        writes = [asked for asked in bench.server.asked if asked.id != "events.get"]
        assert [asked.one("sendUpdates") for asked in writes] == ["none"] * 3

    async def test_the_token_travels_in_its_header_only(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        for asked in bench.server.asked:
            assert asked.headers["Authorization"].startswith("Bearer ya29.")
        for _, path, body in bench.server.raw:
            assert "ya29" not in path
            assert b"ya29" not in body


class TestFreeBusy:
    def many(self, bench: GoogleBench, count: int) -> list[str]:
        ids = [f"c{n}@group.example.com" for n in range(count)]
        for n, calendar_id in enumerate(ids):
            shelf = bench.account.add(Shelf(calendar_id, f"Calendar {n}"))
            start = TUESDAY_NINE + n * HOUR
            bench.world.foreign(bench.account, shelf, start, start + HOUR)
        return ids

    async def test_more_than_fifty_calendars_are_asked_in_several_requests(
        self, bench: GoogleBench
    ) -> None:
        ids = self.many(bench, 120)
        answers = await bench.google.busy(await bench.grant(), ids, WEEK, LONDON)
        for n, calendar_id in enumerate(ids):
            start = TUESDAY_NINE + n * HOUR
            expected = (Busy(start, start + HOUR),) if start < WEEK[1] else ()
            assert answers[calendar_id] == BusyAnswer(expected)
        asked = [a.body for a in bench.server.asked if a.body is not None]
        assert sorted(len(body["items"]) for body in asked) == [20, 50, 50]
        assert MOST_CALENDARS == 50

    async def test_a_long_window_is_cut_and_joined_again(self, bench: GoogleBench) -> None:
        start = WEEK[0]
        seam = start + LONGEST
        await bench.add(bench.first, "seam@example.org", Busy(seam - HOUR, seam + HOUR))
        window = start, start + 90 * DAY
        answers = await bench.google.busy(await bench.grant(), [bench.first], window, LONDON)
        assert answers == {bench.first: BusyAnswer((Busy(seam - HOUR, seam + HOUR),))}
        bodies = [a.body for a in bench.server.asked if a.body is not None]
        cuts = sorted((instant(b["timeMin"]), instant(b["timeMax"])) for b in bodies)
        assert cuts == [(start, seam), (seam, start + 90 * DAY)]

    async def test_a_calendar_named_twice_is_asked_once(self, bench: GoogleBench) -> None:
        await bench.google.busy(await bench.grant(), [bench.first] * 3, WEEK, LONDON)
        (asked,) = bench.server.asked
        assert asked.body is not None
        assert asked.body["items"] == [{"id": bench.first}]

    @pytest.mark.parametrize(
        "entry",
        [
            {"errors": [{"reason": "internalError"}], "busy": []},
            {"errors": [{"domain": "global"}], "busy": []},
            {"errors": ["odd"]},
            {},
            None,
            {"busy": None},
            {"busy": [{"start": "2026-11-03T09:00:00", "end": "2026-11-03T10:00:00"}]},
            {"busy": [{"start": "2026-11-03T09:00:00Z"}]},
        ],
    )
    async def test_what_a_calendar_does_not_say_is_unknown_never_free(
        self, bench: GoogleBench, entry: dict[str, object] | None
    ) -> None:
        bench.server.orders.append(Order("entry", calendar_id=bench.first, entry=entry))
        answers = await bench.google.busy(
            await bench.grant(), [bench.first, bench.second], WEEK, LONDON
        )
        assert isinstance(answers[bench.first], Unknown)
        assert answers[bench.second] == BusyAnswer(())

    async def test_an_error_in_one_cut_makes_the_whole_calendar_unknown(
        self, bench: GoogleBench
    ) -> None:
        entry = {"errors": [{"reason": "internalError"}], "busy": []}
        bench.server.orders.append(Order("entry", calendar_id=bench.first, entry=entry))
        window = WEEK[0], WEEK[0] + 150 * DAY
        answers = await bench.google.busy(
            await bench.grant(), [bench.first, bench.second], window, LONDON
        )
        assert answers[bench.first] == Unknown("unreachable")
        assert answers[bench.second] == BusyAnswer(())

    @pytest.mark.parametrize(
        ("order", "reason"),
        [
            (Order("refuse", status=403, reason="quotaExceeded"), "rate limited"),
            (Order("refuse", status=400, reason="timeRangeTooLong"), "unreadable answer"),
            (Order("page"), "unreadable answer"),
            (Order("page", status=403), "unreachable"),
        ],
    )
    async def test_a_request_that_fails_makes_its_calendars_unknown(
        self, bench: GoogleBench, order: Order, reason: str
    ) -> None:
        bench.server.orders += [replace(order) for _ in range(4)]
        grant, ids = await bench.grant(), [bench.first, bench.second]
        answers = await bench.google.busy(grant, ids, WEEK, LONDON)
        assert answers == dict.fromkeys(ids, Unknown(reason))

    @pytest.mark.parametrize(
        ("reason", "error"),
        [
            ("insufficientPermissions", NotConnected),
            ("accessNotConfigured", ConsentRequiredByAdmin),
        ],
    )
    async def test_what_concerns_the_whole_grant_is_raised(
        self, bench: GoogleBench, reason: str, error: type[Exception]
    ) -> None:
        bench.server.orders.append(Order("refuse", status=403, reason=reason))
        with pytest.raises(error):
            await bench.google.busy(await bench.grant(), [bench.first], WEEK, LONDON)

    async def test_a_slow_answer_is_unknown_after_our_patience(self, bench: GoogleBench) -> None:
        hasty = bench.adapter(timeout=1.0, patience=0.3)
        grant = await bench.grant()
        await hasty.calendars(grant)
        bench.server.orders.append(Order("slow"))
        answers = await hasty.busy(grant, [bench.first], WEEK, LONDON)
        assert answers == {bench.first: Unknown("too slow")}
        await hasty.close()

    async def test_transparent_events_do_not_block(self, bench: GoogleBench) -> None:
        bench.world.foreign(
            bench.account, bench.work, WEEK[0], WEEK[0] + HOUR, transparency="transparent"
        )
        answers = await bench.google.busy(await bench.grant(), [bench.first], WEEK, LONDON)
        assert answers == {bench.first: BusyAnswer(())}


class TestOurOwnMeeting:
    """A meeting that is being moved does not stand in its own way; others at its time do."""

    IGNORE = frozenset({DRAFT.uid})

    async def test_a_foreign_event_at_the_same_time_stays_busy(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.place(grant, bench.first, DRAFT)
        half = HOUR // 2
        foreign = Busy(DRAFT.start + half, DRAFT.end + half)
        await bench.add(bench.first, "f@example.org", foreign)
        answers = await bench.google.busy(grant, [bench.first], WEEK, LONDON, self.IGNORE)
        assert answers == {bench.first: BusyAnswer((foreign,))}

    async def test_whole_days_over_it_are_the_calendars_days(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        bench.work.zone = "Asia/Tokyo"
        await bench.google.place(grant, bench.first, DRAFT)
        times = {"start": {"date": "2026-11-03"}, "end": {"date": "2026-11-04"}}
        bench.world.stored(bench.work, bench.account, times)
        answers = await bench.google.busy(grant, [bench.first], WEEK, LONDON, self.IGNORE)
        day = instant("2026-11-02T15:00:00Z")
        assert answers == {bench.first: BusyAnswer((Busy(day, day + DAY),))}

    async def test_what_is_transparent_or_cancelled_does_not_count(
        self, bench: GoogleBench
    ) -> None:
        grant = await bench.grant()
        await bench.google.place(grant, bench.first, DRAFT)
        for more in ({"transparency": "transparent"}, {"status": "cancelled"}):
            bench.world.foreign(bench.account, bench.work, DRAFT.start, DRAFT.end, **more)
        answers = await bench.google.busy(grant, [bench.first], WEEK, LONDON, self.IGNORE)
        assert answers == {bench.first: BusyAnswer(())}

    async def test_all_pages_of_events_are_read(self, bench: GoogleBench) -> None:
        bench.server.api.page_size = 2
        grant = await bench.grant()
        await bench.google.place(grant, bench.first, DRAFT)
        for n in range(5):
            at = DRAFT.start + n * 600
            bench.world.foreign(bench.account, bench.work, at, at + 600)
        answers = await bench.google.busy(grant, [bench.first], WEEK, LONDON, self.IGNORE)
        assert answers == {bench.first: BusyAnswer((Busy(DRAFT.start, DRAFT.start + 3000),))}

    async def test_without_the_right_to_look_nothing_is_left_out(self, bench: GoogleBench) -> None:
        await bench.google.place(await bench.grant(), bench.first, DRAFT)
        bench.server.asked.clear()
        reader = bench.granted(Tier.BUSY)
        answers = await bench.google.busy(reader, [bench.first], WEEK, LONDON, self.IGNORE)
        assert answers == {bench.first: BusyAnswer((Busy(DRAFT.start, DRAFT.end),))}
        assert {asked.id for asked in bench.server.asked} == {"freebusy.query"}

    async def test_somebody_elses_calendar_is_not_looked_into(self, bench: GoogleBench) -> None:
        shared = bench.account.add(Shelf("team@group.example.com", "Team", role="reader"))
        bench.world.foreign(bench.account, shared, DRAFT.start, DRAFT.end)
        answers = await bench.google.busy(
            await bench.grant(), [shared.id], WEEK, LONDON, self.IGNORE
        )
        assert answers == {shared.id: BusyAnswer((Busy(DRAFT.start, DRAFT.end),))}

    async def test_a_failing_look_makes_the_calendar_unknown(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.place(grant, bench.first, DRAFT)
        bench.server.orders += [
            Order("refuse", op="events.list", status=500, reason="backendError") for _ in range(4)
        ]
        answers = await bench.google.busy(grant, [bench.first], WEEK, LONDON, self.IGNORE)
        assert answers == {bench.first: Unknown("unreachable")}


class TestRepetition:
    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            (429, "rateLimitExceeded"),
            (403, "userRateLimitExceeded"),
            (500, "backendError"),
            (503, "backendError"),
        ],
    )
    async def test_what_may_pass_is_repeated_three_times(
        self, bench: GoogleBench, status: int, reason: str
    ) -> None:
        grant = await bench.grant()
        bench.server.orders += [Order("refuse", status=status, reason=reason) for _ in range(3)]
        assert len(await bench.google.calendars(grant)) == 2
        assert len(bench.server.asked) == 4
        assert bench.waits == [0.25, 0.5, 1.0]  # half of the most: the jitter of the test

    async def test_three_repetitions_are_enough(self, bench: GoogleBench) -> None:
        bench.server.orders += [Order("refuse", status=503) for _ in range(5)]
        with pytest.raises(Unavailable):
            await bench.google.calendars(await bench.grant())
        assert len(bench.server.asked) == 4

    async def test_a_short_retry_after_is_waited_for(self, bench: GoogleBench) -> None:
        bench.server.orders.append(
            Order("refuse", status=429, reason="rateLimitExceeded", retry_after="3")
        )
        await bench.google.calendars(await bench.grant())
        assert bench.waits == [3.25]

    async def test_a_retry_after_may_be_a_date(self, bench: GoogleBench) -> None:
        assert bench.clock.now() == instant("2026-11-02T00:00:00Z")
        when = "Mon, 02 Nov 2026 00:01:30 GMT"
        bench.server.orders.append(
            Order("refuse", status=429, reason="rateLimitExceeded", retry_after=when)
        )
        with pytest.raises(RateLimited) as caught:
            await bench.google.calendars(await bench.grant())
        assert caught.value.retry_after == 90
        assert bench.waits == []

    @pytest.mark.parametrize("reason", ["quotaExceeded", "dailyLimitExceeded"])
    async def test_a_used_up_quota_waits_an_hour(self, bench: GoogleBench, reason: str) -> None:
        bench.server.orders.append(Order("refuse", status=403, reason=reason))
        with pytest.raises(RateLimited) as caught:
            await bench.google.calendars(await bench.grant())
        assert caught.value.retry_after >= 3600
        assert len(bench.server.asked) == 1

    async def test_a_missing_right_is_not_asked_for_again(self, bench: GoogleBench) -> None:
        with pytest.raises(NotConnected):
            await bench.google.place(bench.granted(Tier.BUSY), bench.first, DRAFT)
        assert len(bench.server.asked) == 1
        assert bench.server.consents.refreshed == 1

    async def test_a_refused_token_is_renewed_once(self, bench: GoogleBench) -> None:
        bench.server.orders.append(Order("refuse", status=401, reason="authError"))
        assert len(await bench.google.calendars(await bench.grant())) == 2
        assert bench.server.consents.refreshed == 2

    async def test_a_token_refused_twice_is_revoked_access(self, bench: GoogleBench) -> None:
        bench.server.orders += [Order("refuse", status=401, reason="authError") for _ in range(2)]
        with pytest.raises(AccessRevoked):
            await bench.google.calendars(await bench.grant())
        assert len(bench.server.asked) == 2
        assert bench.waits == []

    @pytest.mark.parametrize("act", ["place", "update", "remove"])
    async def test_one_lost_answer_is_healed_within_the_call(
        self, bench: GoogleBench, act: str
    ) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        bench.server.orders.append(Order("lose"))
        if act == "place":
            receipt = await bench.google.place(grant, bench.first, MOVED)
        elif act == "update":
            receipt = await bench.google.update(grant, bench.first, receipt, MOVED)
        else:
            await bench.google.remove(grant, bench.first, receipt)
        assert bench.server.orders == []
        found = [stored.start for stored in await bench.stored(bench.first)]
        assert found == ([] if act == "remove" else [MOVED.start])
        if act != "remove":
            await bench.google.update(grant, bench.first, receipt, DRAFT)


class TestStrangersOnTheWay:
    """Machines between us and Google answer, too; what they say is not Google's word."""

    async def test_a_sign_in_page_is_no_answer(self, bench: GoogleBench) -> None:
        bench.server.orders.append(Order("page"))
        with pytest.raises(BadData):
            await bench.google.calendars(await bench.grant())

    async def test_a_sign_in_page_has_deleted_nothing(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        bench.server.orders.append(Order("page"))
        with pytest.raises(BadData):
            await bench.google.remove(grant, bench.first, receipt)
        assert len(bench.events(bench.first)) == 1

    @pytest.mark.parametrize("status", [302, 401, 403, 404, 410, 502])
    async def test_a_strangers_error_is_no_revocation_and_no_deletion(
        self, bench: GoogleBench, status: int
    ) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        bench.server.orders += [Order("page", status=status) for _ in range(4)]
        with pytest.raises(Unavailable):
            await bench.google.remove(grant, bench.first, receipt)

    async def test_nobody_listens(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        await bench.server._runner.cleanup()
        with pytest.raises(Unavailable) as caught:
            await bench.google.calendars(grant)
        assert "ya29" not in f"{caught.value!r}{caught.value.__cause__!r}"


class TestLists:
    async def test_all_pages_of_calendars_are_read(self, bench: GoogleBench) -> None:
        bench.server.api.page_size = 2
        for n in range(5):
            bench.account.add(Shelf(f"c{n}@group.example.com", f"Calendar {n}"))
        found = await bench.google.calendars(await bench.grant())
        assert [calendar.calendar_id for calendar in found] == list(bench.account.shelves)

    @pytest.mark.parametrize("role", ["freeBusyReader", "reader", "writer", "owner"])
    @pytest.mark.parametrize("tier", list(Tier))
    async def test_only_owned_calendars_can_be_written(
        self, bench: GoogleBench, role: str, tier: Tier
    ) -> None:
        bench.account.add(Shelf("shared@group.example.com", "Shared", role=role))
        found = {c.name: c for c in await bench.google.calendars(bench.granted(tier))}
        assert found["Shared"].writable == (role == "owner" and tier is Tier.WRITE)
        assert [name for name, calendar in found.items() if calendar.default] == ["Work"]
