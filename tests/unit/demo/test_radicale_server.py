"""The demo's calendar server: passwords, own calendars only, and an end with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.caldav.calendar import CalDav
from adapters.demo.radicale_server import RadicaleServer
from adapters.demo.week import read_week
from adapters.demo.world import World, build_world, seed_calendars
from core.booking.drafts import EventDraft
from core.errors import AccessRevoked
from core.ids import GrantId, PersonId
from core.links import Grant, Provider
from core.ports import BusyAnswer, Unknown
from core.timing.zones import days_span

TODAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)
WEEK = days_span(MONDAY, MONDAY + timedelta(days=6), "Europe/London")
MAYA, ALEX = "maya@example.org", "alex@example.org"


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(TODAY)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, world: World) -> object:
    server = RadicaleServer(tmp_path_factory.mktemp("radicale"), world.passwords)
    seed_calendars(server, world)
    with server:
        yield server


@pytest.fixture
async def caldav(server: RadicaleServer) -> AsyncIterator[CalDav]:
    adapter = CalDav([server.address])
    yield adapter
    await adapter.close()


async def sign_in(caldav: CalDav, server: RadicaleServer, user: str, password: str) -> Grant:
    form = {"server": server.url, "username": user, "password": password}
    verified = await caldav.verify(form)
    return Grant(GrantId("g"), PersonId("p"), Provider.CALDAV, verified.account, verified.secret)


async def test_people_sign_in_and_see_their_own(
    caldav: CalDav, server: RadicaleServer, world: World
) -> None:
    grant = await sign_in(caldav, server, MAYA, world.passwords[MAYA])
    names = {found.name: found.writable for found in await caldav.calendars(grant)}
    assert names == {"Work": True, "Personal": True}
    ids = [server.calendar_url(MAYA, "work"), server.calendar_url(ALEX, "work")]
    answers = await caldav.busy(grant, ids, WEEK, "Europe/London")
    assert isinstance(answers[ids[0]], BusyAnswer)
    assert answers[ids[1]] == Unknown("no access")


async def test_wrong_password_is_refused(caldav: CalDav, server: RadicaleServer) -> None:
    with pytest.raises(AccessRevoked):
        await sign_in(caldav, server, MAYA, "wrong")


async def test_week_shows_what_the_assistant_has_written(
    caldav: CalDav, server: RadicaleServer, world: World
) -> None:
    password = world.passwords[MAYA]
    grant = await sign_in(caldav, server, MAYA, password)
    before = await read_week(server.url, MAYA, password, MONDAY, "Europe/London")
    start = WEEK[0] + 19 * 3600
    draft = EventDraft("s@assistant.example.org", 0, start, start + 1800, "A session", "", "", 0)
    receipt = await caldav.place(grant, server.calendar_url(MAYA, "work"), draft)
    after = await read_week(server.url, MAYA, password, MONDAY, "Europe/London")
    await caldav.remove(grant, server.calendar_url(MAYA, "work"), receipt)
    (new,) = set(after) - set(before)
    assert (new.title, new.start, new.end) == ("A session", start, start + 1800)
    assert (new.is_tandem, new.all_day, new.status, new.calendar) == (True, False, "busy", "Work")
    assert not any(event.is_tandem for event in before)
    assert {event.calendar for event in before} == {"Work", "Personal"}
    assert any(event.all_day and event.status == "free" for event in before)
    assert before == sorted(before)


PARENT = """
import sys, pathlib, time
from adapters.demo.radicale_server import RadicaleServer
server = RadicaleServer(pathlib.Path(sys.argv[1]), {"a": "b"})
server.start()
print(server.pid, flush=True)
time.sleep(60)
"""


def runs(pid: int) -> bool:
    try:
        return "radicale_child" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks the process up in /proc")
def test_server_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert runs(pid)
        os.kill(parent.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while runs(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not runs(pid)


def test_port_in_use_is_said(tmp_path: Path, server: RadicaleServer) -> None:
    with pytest.raises(OSError, match=str(server.port)):
        RadicaleServer(tmp_path, {}, port=server.port).start()


def test_passwords_are_for_our_eyes_only(server: RadicaleServer) -> None:
    assert (server.folder / "users").stat().st_mode & 0o077 == 0
