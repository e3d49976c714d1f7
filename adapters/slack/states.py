"""States of an installation: signed, good once, for ten minutes, in the browser that began.

RFC 6749 10.12. A state is kept nowhere before it comes back, so a restart or a second process
breaks no installation, and whoever opens the page fills no table; only those that were used are
remembered, for as long as they would be good.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.ports import Clock, Store, Tx

LIFE = 600  # seconds
MOST_USED = 500  # states remembered; the oldest go
USED = ("slack", "", "states")  # the reference that holds them, with the end of each


class States:
    """Makes states and takes them back."""

    def __init__(self, secret: str, store: Store, clock: Clock) -> None:
        """Sign with a key made of the app's own `secret`."""
        self._key = hmac.digest(secret.encode(), b"tandem slack install", hashlib.sha256)
        self._store, self._clock = store, clock

    def make(self) -> str:
        """Return a state for a browser that begins now."""
        about = f"{secrets.token_urlsafe(24)}.{self._clock.now() + LIFE}"
        return f"{about}.{self._signature(about)}"

    async def use(self, state: str, cookie: str) -> bool:
        """Tell whether a browser brings back its own state; it is used up by that."""
        if not state or not hmac.compare_digest(state.encode(), cookie.encode()):
            return False
        about, _, signature = state.rpartition(".")
        if not hmac.compare_digest(self._signature(about).encode(), signature.encode()):
            return False
        name, _, ends = about.rpartition(".")
        now = self._clock.now()
        if int(ends) < now:
            return False
        return await self._store.transact(lambda tx: _first(tx, name, int(ends), now))

    def _signature(self, about: str) -> str:
        return hmac.new(self._key, about.encode(), hashlib.sha256).hexdigest()


def _first(tx: Tx, name: str, ends: int, now: int) -> bool:
    """Remember that a state was used; False when it was before."""
    known = tx.references.get(*USED) or {}
    used = {one: _seconds(until) for one, until in known.items() if _seconds(until) >= now}
    if name in used:
        return False
    oldest_first = sorted((*used.items(), (name, ends)), key=lambda one: one[1])
    tx.references.put(*USED, dict(oldest_first[-MOST_USED:]))
    return True


def _seconds(value: object) -> int:
    return value if isinstance(value, int) else 0
