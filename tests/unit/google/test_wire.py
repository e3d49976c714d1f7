"""What goes over the wire, from which thread, how often, and how much of it."""

import asyncio
import threading

import httplib2
import pytest

from adapters.google.threads import SIDE_BY_SIDE
from core.errors import (
    AccessRevoked,
    BadData,
    NotConnected,
    RateLimited,
    Unavailable,
)
from core.links import Tier
from core.ports import Busy
from tests.contract.calendar_contract import DRAFT, LONDON, MOVED, WEEK
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
        bench.server.pause = 0.1
        await asyncio.gather(*(bench.google.calendars(grant) for _ in range(12)))
        assert bench.server.most == SIDE_BY_SIDE

    async def test_a_caller_who_leaves_does_not_open_a_sixth_place(
        self, bench: GoogleBench
    ) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        bench.server.pause = 0.3
        left = [asyncio.ensure_future(bench.google.calendars(grant)) for _ in range(5)]
        while bench.server.running < SIDE_BY_SIDE and not any(  # noqa: ASYNC110  # it only counts
            job.done() for job in left
        ):
            await asyncio.sleep(0.005)
        for job in left:
            job.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.gather(*(bench.google.calendars(grant) for _ in range(5)))
        assert bench.server.most == SIDE_BY_SIDE

    async def test_mailboxes_do_not_wait_for_each_other(self, bench: GoogleBench) -> None:
        other = bench.world.account("alex@example.com", "1002")
        grants = [await bench.grant(), bench.granted(Tier.BUSY, other)]
        bench.server.pause = 0.25
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
