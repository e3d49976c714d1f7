"""No call of Google's client ever blocks the event loop, and what many searches share is shared."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import httplib2
import pytest

import adapters.google
from adapters.google.threads import SIDE_BY_SIDE
from core.links import Tier
from core.ports import BusyAnswer
from tests.contract.calendar_contract import DRAFT, LONDON, MOVED, WEEK
from tests.servers.blocking import watch, watch_calls
from tests.servers.google.bench import GoogleBench
from tests.servers.google.oauth import Consents
from tests.servers.google.world import Shelf

ROOT = Path(adapters.google.__file__).resolve().parents[2]
TOGETHER = 50
START = """
import sys
import bot.app
heavy = ("google.", "googleapiclient", "google_auth_httplib2", "httplib2", "msal", "requests")
print([name for name in sys.modules if name.startswith(heavy)])
"""


@pytest.fixture
def blocking(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[int]]:
    """The threads that have blocked: by name of what they called."""
    return {**watch(monkeypatch), "send": watch_calls(monkeypatch, httplib2.Http, "request")}


@pytest.fixture
def refreshes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the token endpoint."""
    seen: list[str] = []
    token = Consents.token

    def told(self: Consents, form: Mapping[str, str]) -> object:
        seen.append(form["grant_type"])
        return token(self, form)

    monkeypatch.setattr(Consents, "token", told)
    return seen


async def test_nothing_ever_blocks_the_loop(
    bench: GoogleBench, blocking: dict[str, set[int]], refreshes: list[str]
) -> None:
    await bench.consented(Tier.WRITE)
    grant = await bench.grant()
    await bench.google.calendars(grant)
    receipt = await bench.google.place(grant, bench.first, DRAFT)
    receipt = await bench.google.update(grant, bench.first, receipt, MOVED)
    await bench.google.busy(grant, [bench.first], WEEK, LONDON, frozenset({DRAFT.uid}))
    await bench.google.remove(grant, bench.first, receipt)
    await bench.google.revoke(grant)
    await bench.google.close()
    assert refreshes == ["authorization_code", "refresh_token"]
    assert blocking["send"]
    assert blocking["connect"]
    here = threading.get_ident()
    assert [name for name, threads in blocking.items() if here in threads] == []


async def test_fifty_calendars_of_a_search_cost_one_request_and_one_renewal(
    bench: GoogleBench, refreshes: list[str]
) -> None:
    ids = [f"c{n}@group.example.com" for n in range(50)]
    for calendar_id in ids:
        bench.account.add(Shelf(calendar_id, calendar_id))
    answers = await bench.google.busy(await bench.grant(), ids, WEEK, LONDON)
    assert answers == dict.fromkeys(ids, BusyAnswer(()))
    assert [asked.id for asked in bench.server.asked] == ["freebusy.query"]
    assert refreshes == ["refresh_token"]


async def test_fifty_searches_at_once_stay_at_five_requests_and_one_renewal(
    bench: GoogleBench, refreshes: list[str]
) -> None:
    grant = await bench.grant()
    bench.server.pause = 0.005
    ids = [bench.first, bench.second]
    await asyncio.gather(*(bench.google.busy(grant, ids, WEEK, LONDON) for _ in range(TOGETHER)))
    assert bench.server.most == SIDE_BY_SIDE == 5
    assert len(bench.server.asked) == TOGETHER
    assert refreshes == ["refresh_token"]


async def test_connections_are_kept(bench: GoogleBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google's client would open one for each call."""
    opened: list[int] = []
    connect = httplib2.HTTPConnectionWithTimeout.connect

    def connecting(self: httplib2.HTTPConnectionWithTimeout) -> None:
        opened.append(threading.get_ident())
        connect(self)

    monkeypatch.setattr(httplib2.HTTPConnectionWithTimeout, "connect", connecting)
    grant = await bench.grant()
    for _ in range(10):
        await bench.google.busy(grant, [bench.first], WEEK, LONDON)
    assert len(bench.server.asked) == 10
    assert len(opened) == len(set(opened)) <= 2  # one for each thread that there was need of


def test_starting_the_product_loads_no_vendors_client() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
