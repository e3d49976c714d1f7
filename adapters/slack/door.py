"""Who may post to our address: only Slack, by its signature, fresh, and not too much at once.

docs.slack.dev/authentication/verifying-requests-from-slack. Everything is checked before the
vendor's SDK sees it, which answers some of this with an error of the server.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

MOST_BODY = 1024 * 1024  # bytes
FRESH = 5 * 60  # seconds
TYPES = frozenset({"application/json", "application/x-www-form-urlencoded"})


@dataclass(slots=True, eq=False)
class DeniedError(Exception):
    """What is refused; `reason` is for the log, only `status` is answered."""

    reason: str
    status: int


async def letter_of(request: web.Request, secret: str, now: int) -> str:
    """Return the body of a request that Slack has sent. Raises DeniedError."""
    if request.content_type not in TYPES:
        raise DeniedError("content_type", 415)
    check_time(request.headers, now)
    raw = await _read(request)
    check_signature(request.headers, raw, secret)
    try:
        text = raw.decode()
        if not isinstance(content_of(request.content_type, text), dict):
            raise DeniedError("no_object", 400)
    except (ValueError, RecursionError):
        raise DeniedError("no_json", 400) from None
    return text


def content_of(content_type: str, text: str) -> object:
    """Return what a body holds; of a form its `payload`, or its fields. Raises ValueError."""
    if content_type == "application/json":
        return json.loads(text)
    fields = parse_qs(text, keep_blank_values=True, max_num_fields=200)
    if "payload" in fields:
        return json.loads(fields["payload"][0])
    return {key: values[0] for key, values in fields.items()}


def check_time(headers: Mapping[str, str], now: int) -> None:
    """Refuse what is older than five minutes, or says no time. Raises DeniedError."""
    said = headers.get("X-Slack-Request-Timestamp", "")
    if not (said.isascii() and said.isdecimal() and len(said) <= 12):
        raise DeniedError("no_time", 401)
    if abs(now - int(said)) > FRESH:
        raise DeniedError("stale", 401)


def check_signature(headers: Mapping[str, str], raw: bytes, secret: str) -> None:
    """Refuse what was not signed with our secret. Raises DeniedError."""
    if not secret:
        raise DeniedError("no_secret", 401)
    signed = b"v0:" + headers["X-Slack-Request-Timestamp"].encode() + b":" + raw
    right = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    given = headers.get("X-Slack-Signature", "")
    if not hmac.compare_digest(right.encode(), given.encode(errors="replace")):
        raise DeniedError("signature", 401)


async def _read(request: web.Request) -> bytes:
    data = bytearray()
    try:
        async for chunk in request.content.iter_chunked(64 * 1024):
            data += chunk
            if len(data) > MOST_BODY:
                raise DeniedError("too_large", 413)
    except (aiohttp.ClientPayloadError, web.RequestPayloadError):
        raise DeniedError("broken_body", 400) from None
    return bytes(data)
