"""Secrets at rest: AES-256-GCM with a ring of keys.

A sealed value is `v1|key id|nonce (12 bytes)|ciphertext with tag`. The nonce is random; the
place of the value (`table.column:row id`) is authenticated with it, so that a value that was
moved to another row does not open. The first key of the ring writes, all of them read.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.storage.errors import SealError

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION = b"v1"
NONCE = 12
KEY = 32
KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class Sealer:
    """Seals and opens values with a ring of keys. Its repr names key ids only."""

    def __init__(self, keys: Sequence[tuple[str, bytes]]) -> None:
        """Take (key id, 32 bytes) pairs, the writing key first. Raises SealError."""
        if not keys:
            raise SealError("the key ring is empty")
        for key_id, key in keys:
            _check(key_id, key)
        self._keys = {key_id: AESGCM(key) for key_id, key in keys}
        if len(self._keys) != len(keys):
            raise SealError("a key id is used twice in the key ring")
        self._first = keys[0][0]

    def __repr__(self) -> str:
        return f"Sealer({', '.join(self._keys)})"

    def seal(self, text: str, place: str) -> bytes:
        """Return `text` sealed for a place (`table.column:row id`) with the first key."""
        nonce = os.urandom(NONCE)
        sealed = self._keys[self._first].encrypt(nonce, text.encode(), place.encode())
        return b"|".join((VERSION, self._first.encode(), nonce, sealed))

    def open(self, sealed: bytes, place: str) -> str:
        """Return the text that was sealed for this place.

        Raises SealError when the key is not in the ring, is another one than it was, or the
        value was changed or moved.
        """
        key_id, rest = _split(sealed)
        key = self._keys.get(key_id)
        if key is None:
            raise SealError(f"no key {key_id!r} in the key ring, {place} cannot be opened")
        try:
            return key.decrypt(rest[:NONCE], rest[NONCE + 1 :], place.encode()).decode()
        except InvalidTag:
            raise SealError(
                f"key {key_id!r} does not open {place}: a wrong key, or a value that was changed"
            ) from None

    def is_current(self, sealed: bytes) -> bool:
        """Tell whether a value is sealed with the first key of the ring."""
        return _split(sealed)[0] == self._first


def new_key(key_id: str) -> str:
    """Return the text "id:base64" of a fresh random key. Raises SealError for a bad id."""
    key = secrets.token_bytes(KEY)
    _check(key_id, key)
    return f"{key_id}:{base64.b64encode(key).decode()}"


def parse_ring(text: str) -> tuple[tuple[str, bytes], ...]:
    """Return the keys of "id:base64,id2:base64", in order. Raises SealError."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise SealError("the key ring is empty")
    return tuple(_parse_key(number, part) for number, part in enumerate(parts, 1))


def _parse_key(number: int, part: str) -> tuple[str, bytes]:
    key_id, colon, encoded = part.partition(":")
    if not colon:
        raise SealError(f"entry {number} of the key ring is not of the form id:base64")
    if not KEY_ID.fullmatch(key_id):
        raise SealError(f"the id of entry {number} of the key ring is not of letters and digits")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise SealError(f"key {key_id!r} of the key ring is not valid base64") from None
    _check(key_id, key)
    return key_id, key


def _check(key_id: str, key: bytes) -> None:
    if not KEY_ID.fullmatch(key_id):
        raise SealError("a key id has 1 to 32 letters, digits, '.', '_' or '-'")
    if len(key) != KEY:
        raise SealError(f"key {key_id!r} has {len(key)} bytes instead of {KEY}")


def _split(sealed: bytes) -> tuple[str, bytes]:
    """Return the key id and what follows it: nonce, bar, ciphertext."""
    version, _, tail = sealed.partition(b"|")
    key_id, bar, rest = tail.partition(b"|")
    if version != VERSION or not bar or rest[NONCE : NONCE + 1] != b"|":
        raise SealError("a sealed value is damaged or of an unknown format")
    return key_id.decode("ascii", "replace"), rest
