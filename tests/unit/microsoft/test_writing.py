"""Our copies: nobody is mailed, nothing comes twice, what others added stays."""

import asyncio
from dataclasses import replace

import pytest

from adapters.microsoft.events import Copy, as_html, joining_part, transaction_of, write_event
from core.errors import (
    BadData,
    Conflict,
    NotConnected,
    PreconditionFailed,
    RemoteMissing,
    Unavailable,
)
from core.links import Tier
from core.ports import Receipt
from tests.contract.calendar_contract import DRAFT, MEMBERS, MEMBERS_MOVED, MOVED
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.mailbox import BLOB, JOIN
from tests.servers.graph.server import Order, error


async def test_a_copy_invites_nobody_and_is_marked_as_ours(bench: GraphBench) -> None:
    await bench.adapter.place(await bench.grant(), bench.first, DRAFT)
    (create,) = [asked for asked in bench.graph.asked if asked.method == "POST"]
    assert "attendees" not in create.body
    assert "isOnlineMeeting" not in create.body
    assert create.body["transactionId"].startswith(f"{DRAFT.uid}#0.")
    assert DRAFT.uid in [p["value"] for p in create.body["singleValueExtendedProperties"]]
    assert create.body["start"] == {"dateTime": "2026-11-03T09:00:00", "timeZone": "UTC"}


async def test_ids_are_asked_for_that_stay(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    receipt = await bench.adapter.update(grant, bench.first, receipt, MOVED)
    await bench.adapter.remove(grant, bench.first, receipt)
    assert bench.graph.asked
    for asked in bench.graph.asked:
        assert 'IdType="ImmutableId"' in asked.headers["prefer"]


async def test_busy_times_alone_let_nothing_be_written(bench: GraphBench) -> None:
    grant = await bench.grant(Tier.BUSY)
    with pytest.raises(NotConnected):
        await bench.adapter.place(grant, bench.first, DRAFT)
    with pytest.raises(NotConnected):
        await bench.adapter.update(grant, bench.first, Receipt("x", "y"), DRAFT)
    with pytest.raises(NotConnected):
        await bench.adapter.remove(grant, bench.first, Receipt("x", "y"))
    assert bench.graph.asked == []


async def test_a_calendar_that_is_only_read(bench: GraphBench) -> None:
    calendar = bench.mailbox.add_calendar("Holidays", can_edit=False)
    with pytest.raises(NotConnected):
        await bench.adapter.place(await bench.grant(), calendar.id, DRAFT)


async def test_a_uid_with_quotes_is_found_again(bench: GraphBench) -> None:
    draft = replace(DRAFT, uid="it's 'one' & only?#%@tandem.example.org")
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, draft)
    assert await bench.adapter.place(grant, bench.first, draft) == receipt


@pytest.mark.parametrize("replay", ["event", "conflict"])
async def test_creating_twice_at_once_is_known_by_its_transaction(
    bench: GraphBench, replay: str
) -> None:
    bench.mailbox.replay = replay
    bench.graph.pause = 0.02  # both look before either writes
    grant = await bench.grant()
    one, two = await asyncio.gather(
        *(bench.adapter.place(grant, bench.first, DRAFT) for _ in range(2))
    )
    assert one == two
    assert len(bench.calendar(bench.first).events) == 1
    assert [asked.method for asked in bench.graph.asked].count("POST") == 2


async def test_the_id_of_a_deleted_event_does_not_block_a_new_one(bench: GraphBench) -> None:
    bench.mailbox.replay, bench.mailbox.remembers = "conflict", True
    grant = await bench.grant()
    for _ in range(3):
        receipt = await bench.adapter.place(grant, bench.first, DRAFT)
        await bench.drop(receipt)


async def test_a_copy_that_is_said_to_exist_but_is_not_shown(bench: GraphBench) -> None:
    grant = await bench.grant()
    refused = Order(error(409, "ErrorDuplicateTransactionId"), "/events", times=9)
    bench.graph.orders += [Order(None, "/events"), refused]
    with pytest.raises(Conflict):
        await bench.adapter.place(grant, bench.first, DRAFT)


def test_transactions_differ_by_calendar_version_and_attempt() -> None:
    ids = {
        transaction_of(draft, calendar, attempt)
        for draft in (DRAFT, MOVED)
        for calendar in ("a", "b")
        for attempt in (0, 1)
    }
    assert len(ids) == 8


async def test_the_version_is_compared_though_the_service_would_not(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    await bench.touch(receipt)
    with pytest.raises(PreconditionFailed):
        await bench.adapter.update(grant, bench.first, receipt, MOVED)
    assert not [asked for asked in bench.graph.asked if asked.method == "PATCH"]


async def test_a_change_between_look_and_write(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    bench.graph.orders += [
        Order(None, "/me/events"),
        Order(error(412, "ErrorIrresolvableConflict"), "/me/events"),
    ]
    with pytest.raises(PreconditionFailed):
        await bench.adapter.update(grant, bench.first, receipt, MOVED)
    bench.graph.orders += [Order(None, bench.first.replace("=", "%3D"))]
    bench.graph.orders += [Order(error(409, "ErrorIrresolvableConflict"), "/me/events")]
    placed = await bench.adapter.place(grant, bench.first, MOVED)
    assert placed.remote_id == receipt.remote_id
    assert [one.start for one in await bench.stored(bench.first)] == [MOVED.start]


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Renamed"},
        {"location": {"displayName": "Elsewhere"}},
        {"start": {"dateTime": "2026-11-03T08:00:00", "timeZone": "UTC"}},
    ],
)
async def test_what_the_owner_changed_is_put_right_by_placing(
    bench: GraphBench, change: dict[str, object]
) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    bench.mailbox.write(bench.calendar(bench.first), receipt.remote_id, change)
    await bench.adapter.place(grant, bench.first, DRAFT)
    event = bench.calendar(bench.first).events[receipt.remote_id]
    assert event["subject"] == DRAFT.title
    assert event["location"]["displayName"] == DRAFT.place
    assert event["start"]["dateTime"] == "2026-11-03T09:00:00.0000000"


# --- online meetings ---


async def test_a_teams_link_comes_with_the_copy_and_stays(bench: GraphBench) -> None:
    bench.mailbox.late_links = 2
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    joined = await bench.adapter.make(grant, bench.first, receipt)
    assert joined is not None
    assert joined.url == JOIN
    assert joined.receipt.remote_id == receipt.remote_id
    assert joined.receipt.etag != receipt.etag
    assert len(bench.waits) == 2
    moved = replace(MOVED, description="New text, <b>plain</b>")
    await bench.adapter.update(grant, bench.first, joined.receipt, moved)
    event = bench.calendar(bench.first).events[receipt.remote_id]
    assert event["isOnlineMeeting"]
    assert BLOB in event["body"]["content"]
    assert "New text, &lt;b&gt;plain&lt;/b&gt;" in event["body"]["content"]
    assert "First line" not in event["body"]["content"]


async def test_a_link_that_is_there_is_only_read(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    first = await bench.adapter.make(grant, bench.first, receipt)
    assert first is not None
    assert await bench.adapter.make(grant, bench.first, first.receipt) == first
    assert await bench.adapter.make(grant, bench.first, receipt) == first  # its answer was lost


async def test_a_copy_that_its_owner_changed_gets_its_link_all_the_same(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    await bench.touch(receipt)
    assert await bench.adapter.make(grant, bench.first, receipt) is not None


async def test_a_link_that_does_not_come(bench: GraphBench) -> None:
    bench.mailbox.late_links = 99
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    with pytest.raises(Unavailable):
        await bench.adapter.make(grant, bench.first, receipt)


async def test_an_account_without_teams_is_not_changed(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    bench.mailbox.providers = ("skypeForConsumer",)
    assert await bench.adapter.make(grant, bench.first, receipt) is None
    assert not [asked for asked in bench.graph.asked if asked.method == "PATCH"]


async def test_an_account_without_a_licence_for_teams(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    refused = error(400, "ErrorPropertyValidationFailure")
    bench.graph.orders += [Order(None, "/me/events"), Order(refused, "/me/events")]
    assert await bench.adapter.make(grant, bench.first, receipt) is None


async def test_a_copy_that_is_gone_gets_no_link(bench: GraphBench) -> None:
    with pytest.raises(RemoteMissing):
        await bench.adapter.make(await bench.grant(), bench.first, Receipt("none", "x"))


async def test_a_link_that_is_no_address(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    event = bench.calendar(bench.first).events[receipt.remote_id]
    event |= {"isOnlineMeeting": True, "onlineMeeting": {"joinUrl": "javascript:alert(1)"}}
    with pytest.raises(BadData):
        await bench.adapter.make(grant, bench.first, receipt)


async def test_a_members_copy_is_plain_too(bench: GraphBench) -> None:
    grant = await bench.grant()
    receipt = await bench.adapter.place(grant, bench.first, MEMBERS)
    await bench.adapter.update(grant, bench.first, receipt, MEMBERS_MOVED)
    event = bench.calendar(bench.first).events[receipt.remote_id]
    assert event["attendees"] == []
    assert event["organizer"]["emailAddress"]["address"] == bench.mailbox.owner


def test_a_joining_part_that_cannot_be_told_keeps_the_whole_text() -> None:
    event = {"isOnlineMeeting": True, "body": {"content": "<html><body>Besprechung</body></html>"}}
    assert "body" not in Copy(event).changes(DRAFT)
    assert "body" in Copy({**event, "isOnlineMeeting": False}).changes(DRAFT)


def test_the_joining_part_is_the_rest_of_the_text() -> None:
    assert joining_part(f"<html><body><div>Old</div>{BLOB}</body></html>") == BLOB
    assert joining_part("<html><body><div>Old ____ text</div></body></html>") == ""


def test_text_becomes_harmless_html_with_links() -> None:
    text = 'Notes: <script>\nhttps://meet.example.org/a?b=1&c="x"'
    assert as_html(text) == (
        "<div>Notes: &lt;script&gt;<br>"
        '<a href="https://meet.example.org/a?b=1&amp;c=">https://meet.example.org/a?b=1&amp;c=</a>'
        "&quot;x&quot;</div>"
    )


def test_every_field_that_others_see_is_written() -> None:
    fields = write_event(DRAFT)
    assert fields["subject"] == DRAFT.title
    assert fields["body"] == {"contentType": "text", "content": DRAFT.description}
    assert fields["location"] == {"displayName": DRAFT.place}
