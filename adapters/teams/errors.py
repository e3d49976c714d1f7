"""What the Bot Connector answers when it refuses, and the one function that gives it our names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVIDER = "teams"

# Codes that decide whatever the status is (learn.microsoft.com/microsoftteams/platform/bots/how-to
# /conversations/send-proactive-messages and /bots/how-to/rate-limit, "status code responses").
CODES: dict[str, type[ProviderError]] = {
    "BotDisabledByAdmin": ConsentRequiredByAdmin,
    "BotNotInConversationRoster": AccessRevoked,
    "ConversationBlockedByUser": AccessRevoked,
    "ForbiddenOperationException": AccessRevoked,
    "MessageWritesBlocked": AccessRevoked,
    "unreadable": BadData,
}
# AccessRevoked would mean that a person is out of reach; a 401 means that our own secret is.
STATUSES: dict[int, type[ProviderError]] = {
    400: InvalidRequest,
    401: NotConnected,
    403: AccessRevoked,
    404: RemoteMissing,
    408: Unavailable,
    410: RemoteMissing,
    412: PreconditionFailed,
    413: InvalidRequest,
    429: RateLimited,
}
# Answers that a machine between us and Microsoft may give as well: believed only in its words.
DOUBTFUL = frozenset({403, 404, 410})
_WORD = re.compile(r"\w{1,60}")


@dataclass(slots=True, eq=False)
class Failure(Exception):  # noqa: N818  # never leaves this folder: `typed` gives it a name
    """An answer that is no success. `status` is 0 when none came; `code` is Microsoft's own word.

    `wait`: seconds that Retry-After asked for; `again`: whether a repetition makes sense.
    """

    status: int
    code: str = ""
    wait: int | None = None
    again: bool = True


def typed(failure: Failure) -> ProviderError:
    """Return the error of our own tree: the only place where Teams' refusals get their name."""
    kind = CODES.get(failure.code)
    if kind is None:
        foreign = not failure.code and failure.status in DOUBTFUL
        kind = Unavailable if foreign else STATUSES.get(failure.status, Unavailable)
    word = failure.code if _WORD.fullmatch(failure.code) else ""
    detail = " ".join(p for p in (str(failure.status) if failure.status else "", word) if p)
    if kind is RateLimited:
        wait = failure.wait if failure.wait is not None else 60
        return RateLimited(detail, provider=PROVIDER, retry_after=max(1, wait))
    return kind(detail or "no answer", provider=PROVIDER)


def code_of(body: object) -> str:
    """Return Microsoft's word for an error, empty when the answer is not in its form.

    It stands in `error.code` or, in answers of Teams itself, in `subCode` or `errorCode`.
    """
    if not isinstance(body, dict):
        return ""
    found = _known(body) or _known(body.get("error"))
    return found if isinstance(found, str) else ""


def _known(part: object) -> object:
    if not isinstance(part, dict):
        return ""
    return next((part[key] for key in ("subCode", "code", "errorCode") if part.get(key)), "")


def seconds_to_wait(headers: Mapping[str, str], now: int) -> int | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110 10.2.3: seconds or a date,
    read at `now` in epoch seconds); None without one that can be read.
    """
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isdecimal():
        return int(text[:9])  # a longer wait than any is one, too
    try:
        return max(0, int(parsedate_to_datetime(text).timestamp()) - now)
    except ValueError:
        return None
