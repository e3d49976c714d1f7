"""What two hundred bookings under `kill -9` cost: see tests/e2e/killing.py."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.e2e.killing import play


def run() -> list[str]:
    """Return the figures, one line each; it takes a minute or two, so it prints how far it is."""
    began = time.monotonic()

    def tell(line: str) -> None:
        print(f"  {time.monotonic() - began:4.0f} s  {line}", flush=True)

    with tempfile.TemporaryDirectory(prefix="tandem-kill-") as folder:
        return play(Path(folder), tell).lines()


if __name__ == "__main__":
    print("\n".join(run()))
