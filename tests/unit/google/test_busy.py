"""Free/busy: many calendars, long windows, what is unknown, and our own meeting left out."""

from dataclasses import replace

import pytest

from adapters.google.busy import LONGEST, MOST_CALENDARS
from core.errors import (
    ConsentRequiredByAdmin,
    NotConnected,
)
from core.links import Tier
from core.ports import Busy, BusyAnswer, Unknown
from core.timing.zones import DAY
from tests.contract.calendar_contract import DRAFT, HOUR, LONDON, TUESDAY_NINE, WEEK
from tests.servers.google.bench import GoogleBench
from tests.servers.google.server import Order
from tests.servers.google.world import Shelf, instant


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
        hasty = bench.adapter(patience=0.3)
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
