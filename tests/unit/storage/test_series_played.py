"""The conversations about series once more, on a real database instead of the store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from core.ids import PersonId
from tests.talks import stage, test_series, test_series_answers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

TALKS: list[Callable[[], Awaitable[Any]]] = [
    test_series.test_a27_every_other_tuesday_for_three_months,
    test_series.test_a28_one_is_skipped_one_moved_and_the_tail_cut,
    test_series.test_each_session_has_its_own_reminder,
    test_series_answers.test_a_series_is_accepted_as_a_whole_or_not_at_all,
    test_series_answers.test_without_a_calendar_it_comes_as_one_invitation,
]


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """Let the next stage keep everything in a new SQLite file."""
    url = f"sqlite:///{tmp_path / 'tandem.db'}"
    migrate(url)
    store = SqlStore(url, Sealer([("k1", bytes(32))]))
    monkeypatch.setattr(stage, "MemoryStore", lambda: store)
    yield store
    store.dispose()


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.__name__.removeprefix("test_"))
async def test_it_plays_on_sqlite(stored: SqlStore, talk: Callable[[], Awaitable[Any]]) -> None:
    await talk()
    kept = await stored.read(lambda tx: tx.meetings.of_person(PersonId("maya"), (0, 1 << 40)))
    assert bool(kept) is not talk.__name__.endswith("not_at_all")
