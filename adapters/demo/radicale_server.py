"""The demo's calendar server: Radicale as a child process on the loopback interface.

People sign in with the passwords of an htpasswd file and see their own calendars only; any
calendar program may connect. The server ends with us, also when we are killed (see
`radicale_child.py`).
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1"
CHILD = Path(__file__).with_name("radicale_child.py")
STARTS_WITHIN = 15.0
STOPS_WITHIN = 5.0
TRIES = 5

CONFIGURATION = """\
[server]
hosts = {host}:{port}
max_connections = 40
delay_on_error = 0.1
[auth]
type = htpasswd
htpasswd_filename = {users}
htpasswd_encryption = plain
delay = 0.1
[rights]
type = owner_only
[storage]
filesystem_folder = {storage}
[web]
type = none
[logging]
level = error
"""


class RadicaleServer:
    """A calendar server for `users` (name -> password), keeping its files in `folder`."""

    def __init__(self, folder: Path, users: Mapping[str, str], port: int = 0) -> None:
        """Prepare the folder; port 0 takes a free one at the first start, and keeps it."""
        self.folder = folder
        self.storage = folder / "storage"
        self.users = dict(users)
        self.port = port
        self._fixed = bool(port)
        self._process: subprocess.Popen[bytes] | None = None
        self.storage.mkdir(parents=True, exist_ok=True)

    @property
    def address(self) -> str:
        """The `host:port` it listens on, as the CalDAV adapter's allowance wants it."""
        return f"{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """The address to give to a calendar program."""
        return f"http://{self.address}/"

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start, and return when it answers. Raises OSError when it does not come up."""
        wanted = self.port if self._fixed else 0
        for _ in range(1 if self._fixed else TRIES):
            self.port = _free_port(wanted)
            self._launch()
            if self._came_up():
                self._fixed = True
                return
            self.stop()
        raise OSError(f"the calendar server does not start on port {self.port}")

    def stop(self) -> None:
        """End the server; one that does not run is left alone."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def collection(self, user: str, calendar: str) -> Path:
        """Return the folder in which the files of a calendar lie."""
        return self.storage / "collection-root" / user / calendar

    def calendar_url(self, user: str, calendar: str) -> str:
        """Return the address of a calendar."""
        return f"{self.url}{user}/{calendar}/"

    def _launch(self) -> None:
        users = self.folder / "users"
        users.touch(mode=0o600)
        users.write_text("".join(f"{name}:{word}\n" for name, word in self.users.items()))
        settings = self.folder / "radicale.conf"
        settings.write_text(
            CONFIGURATION.format(host=HOST, port=self.port, users=users, storage=self.storage)
        )
        with (self.folder / "radicale.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own program, our own file
                [sys.executable, str(CHILD), str(settings)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )

    def _came_up(self) -> bool:
        """Wait until the port is open; False when the process ends instead."""
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self._process and self._process.poll() is None:
            try:
                with socket.create_connection((HOST, self.port), timeout=1):
                    return self._process.poll() is None
            except OSError:
                time.sleep(0.02)
        return False


def _free_port(wanted: int) -> int:
    """Return the port, any free one for 0. Raises OSError when it is taken."""
    with socket.socket() as probe:
        # A port that a server has just left is free; the system keeps it closed a while.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as error:
            raise OSError(f"port {wanted} is in use") from error
        port: int = probe.getsockname()[1]
        return port
