"""`tandem demo` as a person meets it: it plays, it serves, and it leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]  # carries no types
import pytest

from tests.e2e.harness import PATIENCE, clean_environment, fetch, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEMO = [sys.executable, "-m", "bot", "demo"]


@dataclass(frozen=True, slots=True)
class Running:
    """A demo that was started: the process, its page and its calendar server (`host:port`)."""

    process: subprocess.Popen[str]
    page: str
    calendars: str

    def alive(self) -> list[psutil.Process]:
        """Return every process that this demo has started and that still runs."""
        return family(self.process.pid)


def family(session: int) -> list[psutil.Process]:
    """Return the living processes of a session, whoever their parent is by now."""
    found = []
    for process in psutil.process_iter():
        with suppress(OSError, psutil.Error):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def listens(address: str) -> bool:
    """Tell whether somebody listens at `host:port`."""
    host, _, port = address.partition(":")
    with suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
        return True
    return False


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Running]:
    """A demo on free ports, started as `tandem demo` in a session of its own."""
    process = subprocess.Popen(
        [*DEMO, "--port", "0", "--folder", str(tmp_path)],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        told = ""
        while "Ctrl-C" not in told and (line := process.stdout.readline()):
            told += line
        page, calendars = re.findall(r"http://(127\.0\.0\.1:\d+)/", told)
        yield Running(process, page, calendars)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_play_ends_well_and_leaves_nothing_behind() -> None:
    """The conversation is played and checked against calendar server and mails by itself."""
    with subprocess.Popen(
        [*DEMO, "--play"],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        out, err = process.communicate(timeout=2 * PATIENCE)
    assert process.returncode == 0, out + err
    assert "Everything came out right." in out
    assert "✗" not in out
    assert "Traceback" not in err
    assert family(process.pid) == []


def test_it_serves_its_page_and_its_api(demo: Running) -> None:
    page = fetch(demo.page, "/")
    assert page.status == 200
    assert "text/html" in page.headers["Content-Type"]
    for name in re.findall(r'(?:src|href)="(/local/static/[\w.]+)"', page.body):
        assert fetch(demo.page, name).status == 200, name
    world = fetch(demo.page, "/local/api/world").data
    assert {"maya", "alex"} <= {person["id"] for person in world["people"]}
    assert fetch(demo.page, "/local/api/mails").data == []
    assert fetch(demo.page, "/health").data == {"status": "ok"}
    assert fetch(demo.page, "/ready").data == {"status": "ready"}
    assert listens(demo.calendars)
    assert len(demo.alive()) == 2  # the product and the calendar server


def test_it_stops_when_it_is_asked_to_although_somebody_looks_at_the_page(demo: Running) -> None:
    """An open page holds a stream of events, which nobody ends but the server."""
    host, _, port = demo.page.partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as stream:
        ask = f"GET /local/api/events?person=maya HTTP/1.1\r\nHost: {demo.page}\r\n\r\n"
        stream.sendall(ask.encode())
        assert b"text/event-stream" in stream.recv(4096)
        demo.process.terminate()
        assert demo.process.wait(PATIENCE) == 0
    assert demo.alive() == []
    assert not listens(demo.calendars)
    assert not listens(demo.page)


def test_the_calendar_server_ends_also_when_the_demo_is_killed(demo: Running) -> None:
    demo.process.kill()
    demo.process.wait(PATIENCE)
    until(lambda: demo.alive() == [], "the calendar server ends")
    assert not listens(demo.calendars)
