"""What Slack answers when it refuses, and the one function that gives it our names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import (
    AccessRevoked,
    BadData,
    Conflict,
    ConsentRequiredByAdmin,
    InvalidRequest,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)

PROVIDER = "slack"
WAIT = 30  # seconds, where Slack asks to wait but does not say how long
_WORD = re.compile(r"[a-z0-9_]{1,60}")


def _named(kind: type[ProviderError], codes: str) -> dict[str, type[ProviderError]]:
    return dict.fromkeys(codes.split(), kind)


# Slack's own words (docs.slack.dev/reference/methods, "errors" of each).
CODES: dict[str, type[ProviderError]] = {
    **_named(
        AccessRevoked,
        "invalid_auth token_revoked account_inactive not_authed org_login_required"
        " app_uninstalled team_access_not_granted",
    ),
    **_named(
        ConsentRequiredByAdmin,
        "missing_scope not_allowed_token_type access_denied restricted_action no_permission"
        " ekm_access_denied",
    ),
    **_named(
        RemoteMissing,
        "channel_not_found user_not_found users_not_found user_not_visible message_not_found"
        " thread_not_found cannot_reply_to_message is_archived cannot_dm_bot user_disabled"
        " not_in_channel user_not_in_channel messages_tab_disabled",
    ),
    **_named(Conflict, "hash_conflict edit_window_closed cant_update_message"),
    **_named(RateLimited, "ratelimited rate_limited message_limit_exceeded"),
    **_named(
        Unavailable,
        "internal_error fatal_error service_unavailable request_timeout team_added_to_org"
        " token_expired",
    ),
    "unreadable": BadData,
}
# The token itself is dead: the app has to be installed anew.
DEAD = frozenset({"invalid_auth", "token_revoked", "account_inactive", "app_uninstalled"})


@dataclass(slots=True, eq=False)
class Failure(Exception):  # noqa: N818  # never leaves this folder: `typed` gives it a name
    """An answer that is no success. `status` is 0 when none came; `code` is Slack's own word.

    `wait`: seconds that Retry-After asked for; `unsent`: whether nothing can have reached Slack.
    """

    status: int
    code: str = ""
    wait: int | None = None
    unsent: bool = False


def typed(failure: Failure) -> ProviderError:
    """Return the error of our own tree: the only place where Slack's refusals get their name."""
    kind = CODES.get(failure.code)
    if kind is None:
        kind = InvalidRequest if failure.status == 200 and failure.code else _by_status(failure)
    word = failure.code if _WORD.fullmatch(failure.code) else ""
    detail = word or (str(failure.status) if failure.status else "no answer")
    if kind is RateLimited:
        wait = failure.wait if failure.wait is not None else WAIT
        return RateLimited(detail, provider=PROVIDER, retry_after=max(1, wait))
    return kind(detail, provider=PROVIDER)


def _by_status(failure: Failure) -> type[ProviderError]:
    """Slack answers 200 with a word; other answers may be those of a machine between us."""
    if failure.status == 429:
        return RateLimited
    if failure.status == 200:
        return BadData
    return InvalidRequest if failure.status in (400, 413) else Unavailable
