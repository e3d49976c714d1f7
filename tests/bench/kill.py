"""What two hundred bookings under `kill -9` cost: see tests/e2e/killing.py."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.e2e.killing import play


def run() -> list[str]:
    """Return the figures, one line each."""
    with tempfile.TemporaryDirectory(prefix="tandem-kill-") as folder:
        return play(Path(folder)).lines()


if __name__ == "__main__":
    print("\n".join(run()))
