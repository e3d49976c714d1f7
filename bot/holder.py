"""Who holds a lease: the name of this process, and whether the one of another has ended.

What a killed process had begun is free again when its lease runs out. On the same machine that
can be seen earlier; a person who writes again after a crash need not wait for it.
"""

from __future__ import annotations

import os
import platform
import secrets
from pathlib import Path

PARTS = 4  # machine, process namespace, process id, a random part


def own_name() -> str:
    """Return a name for the leases of this process; no two are alike."""
    return f"{_here()}|{os.getpid()}|{secrets.token_hex(4)}"


def is_gone(name: str) -> bool:
    """Tell whether the process of a name has certainly ended; False where that cannot be seen.

    A process id that another process has got since then counts as alive.
    """
    where, _, rest = name.rpartition("|")[0].rpartition("|")
    if name.count("|") != PARTS - 1 or where != _here() or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)  # asks only whether it is there
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _here() -> str:
    """Return the machine and, on Linux, the namespace of its process ids: two containers may
    have the same host name and the same process id.
    """
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{platform.node()}|{space}".replace(":", ".")
