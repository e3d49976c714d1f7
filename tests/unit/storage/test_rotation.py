"""A change of keys reaches everything that is sealed, in use or wiped, in both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import LargeBinary

from adapters.storage.errors import SealError
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from adapters.storage.tables import metadata
from core.booking.meeting import EventRef
from core.ids import MeetingId
from core.talk import Inbound, Workspace
from core.waiting import PendingConsent
from tests.contract.store.world import ORG, book, do, grant, link, meeting, pid
from tests.unit.storage.conftest import OLD_KEY

if TYPE_CHECKING:
    from core.ports import Tx

NEW_KEY = ("new", bytes(range(1, 33)))
MEETING = MeetingId("meeting-sealed")
WAITS = PendingConsent("waits", pid(1), "flow", {"secret": "verifier"}, 2_000_000_000)
TAKEN = PendingConsent("taken", pid(1), "flow", {"secret": "used"}, 2_000_000_000)
CAME = Inbound("event-1", "lane-1", '{"text": "book Alex"}', 1_000)
ANSWERED = Inbound("event-2", "lane-2", '{"text": "thanks"}', 1_000)
TEAM = Workspace("slack", "T1/with a slash", "Harbour", ORG, {"token": "xoxb-1"})
REF = EventRef(MEETING, link("link-1", grant(1)).id, "https://dav.example.net/1.ics", '"7"', 0)
SEALED_TABLES = {
    table.name
    for table in metadata.sorted_tables
    if any(isinstance(column.type, LargeBinary) for column in table.columns)
}


@pytest.fixture(params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest) -> tuple[SqlStore, str]:
    kind = request.param
    return request.getfixturevalue(f"{kind}_store"), request.getfixturevalue(f"{kind}_url")


async def fill(store: SqlStore) -> None:
    """Put a row into every table with a sealed column, and wiped ones where rows are wiped."""
    await do(
        store,
        lambda tx: tx.links.save_grant(grant(1)),
        lambda tx: tx.links.save(link("link-1", grant(1))),
        book(meeting(1, 2, id=MEETING)),
        lambda tx: tx.meetings.save_ref(REF),
        lambda tx: tx.deployment.put("address", "tandem@example.org"),
        lambda tx: tx.consents.put(WAITS),
        lambda tx: tx.consents.put(TAKEN),
        lambda tx: tx.consents.take(TAKEN.id),
        lambda tx: tx.inbox.put(ANSWERED),
        close_one,
        lambda tx: tx.inbox.put(CAME),
        lambda tx: tx.workspaces.save(TEAM),
    )


def close_one(tx: Tx) -> None:
    (claimed,) = tx.inbox.claim(2_000, 60, 1, "worker")
    assert tx.inbox.close(claimed)


def test_every_sealed_table_has_a_row_in_these_tests() -> None:
    assert {
        "calendar_grant",
        "calendar_link",
        "event_ref",
        "deployment",
        "pending_consent",
        "inbound",
        "workspace",
    } == SEALED_TABLES


async def test_everything_opens_with_the_new_key_alone(filled: tuple[SqlStore, str]) -> None:
    store, url = filled
    await fill(store)
    both = SqlStore(url, Sealer([NEW_KEY, OLD_KEY]))
    # Each sealed table has one row that holds something; what was wiped needs no key.
    assert await both.transact(lambda tx: tx.links.reseal()) == len(SEALED_TABLES)
    assert await both.transact(lambda tx: tx.links.reseal()) == 0
    both.dispose()

    new = SqlStore(url, Sealer([NEW_KEY]))
    assert await new.read(lambda tx: tx.links.grant(grant(1).id)) == grant(1)
    assert await new.read(lambda tx: tx.meetings.refs(MEETING)) == (REF,)
    assert await new.read(lambda tx: tx.deployment.get("address")) == "tandem@example.org"
    taken = await new.transact(lambda tx: tx.consents.take(WAITS.id))
    assert taken is not None
    assert dict(taken.data) == {"secret": "verifier"}
    again = await new.transact(lambda tx: tx.consents.take(TAKEN.id))
    assert again is not None
    assert (again.used, dict(again.data)) == (True, {})
    (came,) = await new.transact(lambda tx: tx.inbox.claim(3_000, 60, 9, "worker"))
    assert came.body == CAME.body
    assert await new.read(lambda tx: tx.workspaces.get("slack", TEAM.external_id)) == TEAM
    new.dispose()


async def test_the_old_key_opens_nothing_after_it(filled: tuple[SqlStore, str]) -> None:
    store, url = filled
    await fill(store)
    both = SqlStore(url, Sealer([NEW_KEY, OLD_KEY]))
    await both.transact(lambda tx: tx.links.reseal())
    both.dispose()
    for work in (
        lambda tx: tx.links.grant(grant(1).id),
        lambda tx: tx.consents.get(WAITS.id),
        lambda tx: tx.inbox.claim(3_000, 60, 9, "worker"),
        lambda tx: tx.workspaces.get("slack", TEAM.external_id),
        lambda tx: tx.deployment.get("address"),
    ):
        with pytest.raises(SealError, match="no key 'new'"):
            await store.transact(work)
