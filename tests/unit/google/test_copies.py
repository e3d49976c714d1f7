"""The copy of a member who is not the owner, and Meet links."""

import pytest

from core.booking.drafts import Guest, Sender
from core.booking.meeting import Rsvp
from core.errors import NotConnected, RemoteMissing, Unavailable
from tests.contract.calendar_contract import DRAFT, MOVED, as_stored
from tests.servers.google.bench import GoogleBench
from tests.servers.google.server import Order

ASSISTANT = Sender("Scheduling Assistant", "assistant@tandem.example.org")
GUESTS = (
    Guest("Alex", "alex@example.com", Rsvp.ACCEPTED, chair=True),
    Guest("Maya", "maya@example.com", Rsvp.NEEDS_ACTION),
)


class TestImportedCopy:
    async def test_the_assistant_is_the_organizer(self, bench: GoogleBench) -> None:
        await bench.google.import_copy(await bench.grant(), bench.first, DRAFT, ASSISTANT, GUESTS)
        (event,) = bench.events(bench.first)
        assert event["iCalUID"] == DRAFT.uid
        assert event["organizer"] == {"email": ASSISTANT.address, "displayName": ASSISTANT.name}
        assert [a["responseStatus"] for a in event["attendees"]] == ["accepted", "needsAction"]
        assert [a["email"] for a in event["attendees"] if a.get("self")] == ["maya@example.com"]
        assert list(await bench.stored(bench.first)) == [as_stored(DRAFT)]

    async def test_importing_again_changes_nothing(self, bench: GoogleBench) -> None:
        grant, google = await bench.grant(), bench.google
        receipt = await google.import_copy(grant, bench.first, DRAFT, ASSISTANT, GUESTS)
        assert await google.import_copy(grant, bench.first, DRAFT, ASSISTANT, GUESTS) == receipt
        imports = [asked for asked in bench.server.asked if asked.id == "events.import"]
        assert len(imports) == 1

    async def test_a_moved_meeting_moves_the_copy(self, bench: GoogleBench) -> None:
        grant, google = await bench.grant(), bench.google
        old = await google.import_copy(grant, bench.first, DRAFT, ASSISTANT, GUESTS)
        new = await google.import_copy(grant, bench.first, MOVED, ASSISTANT, GUESTS)
        assert (new.remote_id, new.etag == old.etag) == (old.remote_id, False)
        assert list(await bench.stored(bench.first)) == [as_stored(MOVED)]
        await google.remove(grant, bench.first, new)
        assert await bench.stored(bench.first) == []

    async def test_a_lost_answer_makes_no_second_copy(self, bench: GoogleBench) -> None:
        bench.server.orders.append(Order("lose"))
        await bench.google.import_copy(await bench.grant(), bench.first, DRAFT, ASSISTANT, GUESTS)
        assert len(bench.events(bench.first)) == 1

    async def test_a_missing_calendar_is_not_connected(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        with pytest.raises(NotConnected):
            await bench.google.import_copy(grant, bench.missing, DRAFT, ASSISTANT, GUESTS)

    async def test_the_copy_is_left_out_when_its_meeting_moves(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.import_copy(grant, bench.first, DRAFT, ASSISTANT, GUESTS)
        window, ignore = (DRAFT.start, DRAFT.end), frozenset({DRAFT.uid})
        answers = await bench.google.busy(grant, [bench.first], window, "UTC", ignore)
        assert getattr(answers[bench.first], "spans", None) == ()


class TestMeet:
    async def test_a_link_is_made_and_awaited(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        bench.server.api.pending_reads = 2
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        meet = await bench.google.add_meet(grant, bench.first, receipt)
        assert meet is not None
        assert meet.url == "https://meet.example.org/aaa-bbbb-ccc"
        assert bench.waits == [0.5] * 3

    async def test_a_link_outlives_a_change(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        meet = await bench.google.add_meet(grant, bench.first, receipt)
        assert meet is not None
        moved = await bench.google.update(grant, bench.first, meet.receipt, MOVED)
        again = await bench.google.add_meet(grant, bench.first, moved)
        assert again is not None
        assert again.url == meet.url
        asked = [a for a in bench.server.asked if a.body and "conferenceData" in a.body]
        assert len(asked) == 1

    async def test_a_lost_answer_makes_one_link(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        bench.server.orders.append(Order("lose"))
        assert await bench.google.add_meet(grant, bench.first, receipt) is not None

    async def test_where_meet_is_not_allowed_nothing_is_written(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        bench.work.meet = False
        bench.server.asked.clear()
        assert await bench.google.add_meet(grant, bench.first, receipt) is None
        assert "events.patch" not in {asked.id for asked in bench.server.asked}

    async def test_a_link_that_does_not_come_is_told(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        bench.server.api.pending_reads = 99
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        with pytest.raises(Unavailable):
            await bench.google.add_meet(grant, bench.first, receipt)

    async def test_an_event_that_is_gone_gets_none(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        del bench.work.events[receipt.remote_id]
        with pytest.raises(RemoteMissing):
            await bench.google.add_meet(grant, bench.first, receipt)
