"""Conversations once more on real databases, SQLite and PostgreSQL, instead of in memory.

Those of the acceptance list (`test_acceptance.py`), and all about what changes later: what a talk
says of chats, calendars and mails after each step has to hold there too.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from tests.chats.test_acceptance import PLAYED
from tests.chats.test_three_chats import conversations
from tests.pg import postgres
from tests.talks import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ACCEPTANCE = frozenset(label for labels in PLAYED.values() for label in labels)
LATER = (
    "series_", "undo", "groups-", "wishes-", "countering-", "turns-", "clocks-", "crossing-",
    "leaving-", "zones-", "limits-", "left_out-",
)  # fmt: skip
# Talks that look into the tables of the store in memory.
IN_MEMORY = ("everything_stored", "_tables")


def played() -> Iterator[Any]:
    """Give each conversation that is played here, once."""
    for param in conversations():
        label, _, kind = str(param.id).rpartition("-")
        wanted = label in ACCEPTANCE or label.rpartition("-")[0] in ACCEPTANCE
        source = inspect.getsource(param.values[1])
        if kind != "local" or any(name in source for name in IN_MEMORY):
            continue
        if wanted or label.startswith(LATER):
            yield pytest.param(*param.values[1:], id=label)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database with the newest schema."""
    if request.param == "postgres":
        return postgres().migrated()
    url = f"sqlite:///{tmp_path / 'tandem.db'}"
    migrate(url)
    return url


@pytest.fixture
def stored(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SqlStore]]:
    """Let each stage keep everything in the database; gives the stores that were opened."""
    opened: list[SqlStore] = []

    def open_store() -> SqlStore:
        assert not opened, "a second stage would find the people of the first"
        opened.append(SqlStore(database, Sealer([("k1", bytes(32))])))
        return opened[-1]

    monkeypatch.setattr(stage, "MemoryStore", open_store)
    yield opened
    for store in opened:
        store.dispose()


@pytest.mark.parametrize(("talk", "values"), list(played()))
async def test_it_plays_on_a_database(
    stored: list[SqlStore],
    talk: Callable[..., Any],
    values: dict[str, Any],
    request: pytest.FixtureRequest,
) -> None:
    wanted = inspect.signature(talk).parameters.keys() - values.keys()
    fixtures = {name: request.getfixturevalue(name) for name in wanted}
    await talk(**values, **fixtures)
    assert stored, "it was played in memory"
