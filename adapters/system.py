"""The machine's own clock and randomness: the real sides of the ports `Clock` and `Ids`."""

from __future__ import annotations

import secrets
import time


class SystemClock:
    """The clock of this machine."""

    def now(self) -> int:
        """Return the present instant in epoch seconds."""
        return int(time.time())


class RandomIds:
    """Ids from the operating system's randomness."""

    def new(self) -> str:
        """Return 128 fresh random bits in lower-case hex."""
        return secrets.token_hex(16)
