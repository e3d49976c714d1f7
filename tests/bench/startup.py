"""How long `tandem serve` takes until it is ready, and how much memory it then holds."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from adapters.storage.sealing import new_key

ROOT = Path(__file__).parents[2]
RUNS = 5


def run() -> list[str]:
    """Return the figures, one line each; the first start, which makes the database, is left out."""
    with tempfile.TemporaryDirectory(prefix="tandem-start-") as folder:
        found = [_start(Path(folder)) for _ in range(RUNS + 1)][1:]
    seconds, resident, peak = (statistics.median(figures) for figures in zip(*found, strict=True))
    held = f"resident {resident:.0f} MB, at most {peak:.0f} MB before (aim 150 MB)"
    return [f"ready after {seconds:.2f} s (aim 2 s), {held}; median of {RUNS}"]


def _start(folder: Path) -> tuple[float, float, float]:
    """Start it once; return seconds until `/ready` answers, and megabytes held then and at most."""
    port = _free_port()
    settings = {
        "TANDEM_KEYS": _key(folder),
        "TANDEM_ASSISTANT_ADDRESS": "assistant@tandem.example.org",
        "TANDEM_SMTP_URL": "smtp://127.0.0.1:9",
        "TANDEM_ORGANISATION": "Bench",
        "TANDEM_ADMIN_NAME": "Jo Park",
        "TANDEM_ADMIN_EMAIL": "jo@example.org",
        "TANDEM_DATABASE_URL": f"sqlite:///{folder / 'tandem.db'}",
        "TANDEM_PORT": str(port),
    }
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _until_ready(port)
            seconds = time.perf_counter() - start
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        finally:
            process.terminate()
    return seconds, _megabytes(status, "VmRSS"), _megabytes(status, "VmHWM")


def _megabytes(status: str, name: str) -> float:
    """Return one line of /proc/<pid>/status (proc(5)), which counts in kB."""
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_ready(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise TimeoutError("it was never ready")


def _key(folder: Path) -> str:
    file = folder / "key"
    if not file.exists():
        file.write_text(new_key("bench"), encoding="ascii")
    return file.read_text(encoding="ascii")
