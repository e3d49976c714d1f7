"""What Google answers when it refuses, and the one function that gives it our names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from core.errors import (
    AccessRevoked,
    BadData,
    Conflict,
    ConsentRequiredByAdmin,
    FullResync,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)

PROVIDER = "google"
HOUR = 3600

# Reasons that decide whatever the status is (developers.google.com/workspace/calendar/api/guides/
# errors, developers.google.com/identity/protocols/oauth2/web-server). The values of the OAuth
# endpoints (RFC 6749 5.2, 4.1.2.1) and of the API do not meet, so one table holds both.
REASONS: dict[str, type[ProviderError]] = {
    "accessNotConfigured": ConsentRequiredByAdmin,
    "access_denied": NotConnected,
    "admin_policy_enforced": ConsentRequiredByAdmin,
    "authError": AccessRevoked,
    "conditionNotMet": PreconditionFailed,
    "dailyLimitExceeded": RateLimited,
    "deleted": RemoteMissing,
    "domainPolicy": ConsentRequiredByAdmin,
    "duplicate": Conflict,
    "forbiddenForNonOrganizer": InvalidRequest,
    "fullSyncRequired": FullResync,
    "insufficientPermissions": NotConnected,
    "internalError": Unavailable,
    "invalid_client": InvalidRequest,
    "invalid_grant": AccessRevoked,
    "invalid_request": InvalidRequest,
    "invalid_scope": NotConnected,
    "notFound": RemoteMissing,
    "org_internal": NotConnected,
    "quotaExceeded": RateLimited,
    "rateLimitExceeded": RateLimited,
    "server_error": Unavailable,
    "temporarily_unavailable": Unavailable,
    "unauthorized_client": ConsentRequiredByAdmin,
    "unreadable": BadData,
    "updatedMinTooLongAgo": FullResync,
    "userRateLimitExceeded": RateLimited,
}
# Where Google gave no reason that we know; 400 and 413 come from its front servers too.
STATUSES: dict[int, type[ProviderError]] = {
    400: InvalidRequest,
    401: AccessRevoked,
    403: NotConnected,
    404: RemoteMissing,
    408: Unavailable,
    409: Conflict,
    410: RemoteMissing,
    412: PreconditionFailed,
    413: InvalidRequest,
    429: RateLimited,
}
# Answers that a machine between us and Google may give as well: believed only in Google's words.
DOUBTFUL = frozenset({401, 403, 404, 409, 410, 412})
# "Calendar usage limits exceeded" passes after hours, not seconds (developers.google.com/workspace/
# calendar/api/guides/errors).
LONG = frozenset({"quotaExceeded", "dailyLimitExceeded"})


WORD = re.compile(r"\w{1,60}")


@dataclass(slots=True, eq=False)
class Failure(Exception):  # noqa: N818  # never leaves this folder: `typed` gives it a name
    """An answer that is no success. `status` is 0 when none came; `reason` is Google's own word,
    empty when the answer was not in Google's form. `wait`: seconds that Retry-After asked for.
    """

    status: int
    reason: str = ""
    wait: int | None = None
    again: bool = True  # whether a repetition within this call makes sense


def typed(failure: Failure) -> ProviderError:
    """Return the error of our own tree: the only place where Google's refusals get their name."""
    status, reason = failure.status, failure.reason
    kind = REASONS.get(reason)
    if kind is None:
        foreign = not reason and status in DOUBTFUL
        kind = Unavailable if foreign else STATUSES.get(status, _by_class(status))
    word = reason if WORD.fullmatch(reason) else ""  # it may come from a browser's address line
    detail = " ".join(part for part in (str(status) if status else "", word) if part)
    if kind is RateLimited:
        wait = failure.wait if failure.wait is not None else HOUR if reason in LONG else 60
        return RateLimited(detail, provider=PROVIDER, retry_after=wait)
    return kind(detail or "no answer", provider=PROVIDER)


def _by_class(status: int) -> type[ProviderError]:
    """Return what a status means by its hundred: other 4xx are our fault, the rest may pass."""
    return InvalidRequest if 400 <= status < 500 else Unavailable


def seconds_to_wait(header: str | None, now: int) -> int | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110 10.2.3: seconds or a date,
    read at `now` in epoch seconds); None without one that can be read.
    """
    if not header:
        return None
    if header.strip().isdecimal():
        return int(header.strip()[:9])  # a longer wait than any is one, too
    try:
        return max(0, int(parsedate_to_datetime(header).timestamp()) - now)
    except ValueError:
        return None
