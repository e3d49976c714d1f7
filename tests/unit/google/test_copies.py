"""The copy of a member who is not the owner, and Meet links."""

from dataclasses import replace

import pytest

from core.booking.drafts import EventDraft
from core.booking.meeting import Rsvp
from core.errors import NotConnected, RemoteMissing, Unavailable
from tests.contract.calendar_contract import DRAFT, MEMBERS, MEMBERS_MOVED, MOVED, PARTY, as_stored
from tests.servers.google.bench import GoogleBench
from tests.servers.google.server import Order

ASSISTANT = PARTY.organizer


def declined(bench: GoogleBench, draft: EventDraft) -> None:
    """Maya says no in her own calendar."""
    (event,) = bench.events(bench.first)
    (mine,) = (a for a in event["attendees"] if a.get("self"))
    mine["responseStatus"] = "declined"
    bench.world.stored(bench.work, bench.account, {}, event)
    assert event["iCalUID"] == draft.uid


def own_answer(bench: GoogleBench) -> str:
    (event,) = bench.events(bench.first)
    (mine,) = (a for a in event["attendees"] if a.get("self"))
    return str(mine["responseStatus"])


def answering(draft: EventDraft, rsvp: Rsvp) -> EventDraft:
    """Return a draft of a meeting to which Maya has answered us."""
    guests = tuple(replace(g, rsvp=g.rsvp if g.chair else rsvp) for g in PARTY.guests)
    return replace(draft, party=replace(PARTY, guests=guests))


class TestImportedCopy:
    async def test_the_assistant_is_the_organizer(self, bench: GoogleBench) -> None:
        await bench.google.place(await bench.grant(), bench.first, MEMBERS)
        (event,) = bench.events(bench.first)
        assert event["iCalUID"] == DRAFT.uid
        assert event["organizer"] == {"email": ASSISTANT.address, "displayName": ASSISTANT.name}
        assert [a["responseStatus"] for a in event["attendees"]] == ["accepted", "needsAction"]
        assert [a["email"] for a in event["attendees"] if a.get("self")] == ["maya@example.com"]
        assert list(await bench.stored(bench.first)) == [as_stored(DRAFT)]

    async def test_importing_again_changes_nothing(self, bench: GoogleBench) -> None:
        grant, google = await bench.grant(), bench.google
        receipt = await google.place(grant, bench.first, MEMBERS)
        assert await google.place(grant, bench.first, MEMBERS) == receipt
        imports = [asked for asked in bench.server.asked if asked.id == "events.import"]
        assert len(imports) == 1

    async def test_a_moved_meeting_moves_the_copy(self, bench: GoogleBench) -> None:
        grant, google = await bench.grant(), bench.google
        old = await google.place(grant, bench.first, MEMBERS)
        new = await google.place(grant, bench.first, MEMBERS_MOVED)
        assert (new.remote_id, new.etag == old.etag) == (old.remote_id, False)
        assert list(await bench.stored(bench.first)) == [as_stored(MOVED)]
        await google.remove(grant, bench.first, new)
        assert await bench.stored(bench.first) == []

    async def test_an_update_is_an_import_too(self, bench: GoogleBench) -> None:
        grant, google = await bench.grant(), bench.google
        old = await google.place(grant, bench.first, MEMBERS)
        new = await google.update(grant, bench.first, old, MEMBERS_MOVED)
        assert new.remote_id == old.remote_id
        assert "events.patch" not in {asked.id for asked in bench.server.asked}
        (event,) = bench.events(bench.first)
        assert event["organizer"]["email"] == ASSISTANT.address

    @pytest.mark.parametrize(
        ("told", "kept"), [(Rsvp.ACCEPTED, "declined"), (Rsvp.TENTATIVE, "tentative")]
    )
    async def test_an_answer_in_the_calendar_outlives_a_change_of_the_place(
        self, bench: GoogleBench, told: Rsvp, kept: str
    ) -> None:
        grant, google = await bench.grant(), bench.google
        await google.place(grant, bench.first, answering(DRAFT, Rsvp.ACCEPTED))
        declined(bench, DRAFT)
        elsewhere = replace(DRAFT, place="https://meet.example.org/other", sequence=1)
        await google.place(grant, bench.first, answering(elsewhere, told))
        assert own_answer(bench) == kept

    async def test_another_time_is_answered_anew(self, bench: GoogleBench) -> None:
        grant, google = await bench.grant(), bench.google
        await google.place(grant, bench.first, answering(DRAFT, Rsvp.ACCEPTED))
        declined(bench, DRAFT)
        await google.place(grant, bench.first, answering(MOVED, Rsvp.ACCEPTED))
        assert own_answer(bench) == "accepted"

    async def test_a_plain_copy_of_before_is_corrected_where_it_is(
        self, bench: GoogleBench
    ) -> None:
        grant, google = await bench.grant(), bench.google
        old = await google.place(grant, bench.first, DRAFT)
        new = await google.update(grant, bench.first, old, MEMBERS_MOVED)
        assert new.remote_id == old.remote_id
        assert list(await bench.stored(bench.first)) == [as_stored(MOVED)]

    async def test_a_lost_answer_makes_no_second_copy(self, bench: GoogleBench) -> None:
        bench.server.orders.append(Order("lose"))
        await bench.google.place(await bench.grant(), bench.first, MEMBERS)
        assert len(bench.events(bench.first)) == 1

    async def test_a_missing_calendar_is_not_connected(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        with pytest.raises(NotConnected):
            await bench.google.place(grant, bench.missing, MEMBERS)

    async def test_the_copy_is_left_out_when_its_meeting_moves(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.place(grant, bench.first, MEMBERS)
        window, ignore = (DRAFT.start, DRAFT.end), frozenset({DRAFT.uid})
        answers = await bench.google.busy(grant, [bench.first], window, "UTC", ignore)
        assert getattr(answers[bench.first], "spans", None) == ()


class TestMeet:
    async def test_a_link_is_made_and_awaited(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        bench.server.api.pending_reads = 2
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        meet = await bench.google.make(grant, bench.first, receipt)
        assert meet is not None
        assert meet.url == "https://meet.example.org/aaa-bbbb-ccc"
        assert bench.waits == [0.5] * 3

    async def test_a_link_outlives_a_change(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        meet = await bench.google.make(grant, bench.first, receipt)
        assert meet is not None
        moved = await bench.google.update(grant, bench.first, meet.receipt, MOVED)
        again = await bench.google.make(grant, bench.first, moved)
        assert again is not None
        assert again.url == meet.url
        asked = [a for a in bench.server.asked if a.body and "conferenceData" in a.body]
        assert len(asked) == 1

    async def test_a_lost_answer_makes_one_link(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        bench.server.orders.append(Order("lose"))
        assert await bench.google.make(grant, bench.first, receipt) is not None

    async def test_where_meet_is_not_allowed_nothing_is_written(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        bench.work.meet = False
        bench.server.asked.clear()
        assert await bench.google.make(grant, bench.first, receipt) is None
        assert "events.patch" not in {asked.id for asked in bench.server.asked}

    async def test_a_link_that_does_not_come_is_told(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        bench.server.api.pending_reads = 99
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        with pytest.raises(Unavailable):
            await bench.google.make(grant, bench.first, receipt)

    async def test_an_event_that_is_gone_gets_none(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        receipt = await bench.google.place(grant, bench.first, DRAFT)
        del bench.work.events[receipt.remote_id]
        with pytest.raises(RemoteMissing):
            await bench.google.make(grant, bench.first, receipt)
