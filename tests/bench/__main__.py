"""Print every measurement there is; the exit status is 1 when one of them failed."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module

NAMES = ("slots", "series", "language", "storage", "reply", "startup", "reading", "chats", "kill")


def report(name: str) -> bool:
    """Print one measurement under its name; tell whether it ran."""
    print(f"== {name}", flush=True)
    try:
        for line in import_module(f"tests.bench.{name}").run():
            print(line, flush=True)
    except Exception:  # noqa: BLE001  # the others are still to be seen
        traceback.print_exc(file=sys.stdout)
        return False
    finally:
        print(flush=True)
    return True


def main() -> int:
    """Print all; return the exit status."""
    results = [report(name) for name in NAMES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
