"""Signed links: what a link speaks for, for how long, and that it came from us."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from itsdangerous import BadData, URLSafeSerializer

from core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.ports import Clock

SHORTEST_KEY = 16


class LinkExpired(NotFound):
    """The link is ours, but its time is over."""


class ItsSigner:
    """Signer with HMAC-SHA-256. The purpose is part of the key, the expiry part of the content.

    `keys` are the secrets, newest first: the first signs, all of them are still believed.
    """

    def __init__(self, keys: Sequence[str], clock: Clock) -> None:
        if not keys or any(len(key) < SHORTEST_KEY for key in keys):
            raise ValueError(f"signed links need secrets of at least {SHORTEST_KEY} characters")
        self._keys = [key.encode() for key in reversed(keys)]  # the library signs with the last
        self._clock = clock

    def sign(self, purpose: str, subject: str, expires_at: int) -> str:
        """Return a URL-safe token; the same words give the same token."""
        return self._serializer(purpose).dumps([subject, expires_at])

    def read(self, purpose: str, token: str) -> str:
        """Return the subject. Raises NotFound for a token that is forged, expired or of
        another purpose; for an expired one of the kind LinkExpired.
        """
        try:
            content = self._serializer(purpose).loads(token)
        except BadData as error:
            raise NotFound("not a link of ours") from error
        subject, expires_at = content
        if self._clock.now() < expires_at:
            return str(subject)
        raise LinkExpired("the link has expired")

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        """Return the serializer of one purpose."""
        return URLSafeSerializer(
            self._keys,
            salt=f"tandem.{purpose}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
