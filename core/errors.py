"""The error tree: everything the product can refuse or fail with, drawn once.

TandemError
  Refused                 a rule says no; carries Objections that the bot can phrase
  NotFound                no such thing of ours, or not visible to the one who asks
  IllegalStep             a state machine was asked for a step that does not exist
  Stale                   an optimistic version was lost; `Store.transact` retries
  TimeTaken               a claim overlaps a booked meeting of one of the people
  ProviderError           a calendar or mail service failed; see each leaf
    NotConnected          no usable connection, or no right on this calendar
    ConsentRequiredByAdmin  the organisation's IT administrator must approve
    AccessRevoked         the credentials no longer open the account
    RateLimited           wait `retry_after` seconds
    Conflict              our own create came twice, or the UID exists elsewhere
    PreconditionFailed    somebody changed the object since we read it
    FullResync            the change cursor is dead
    RemoteMissing         the object is gone at the provider
    CannotRepeat          no one event for such a series: its sessions are written singly
    InvalidRequest        our bug, or something the provider can never accept
    Unavailable           5xx, timeout, DNS, TLS: may work later
    BadData               the answer could not be parsed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.programme import Objection


class TandemError(Exception):
    """Root of every error that the product raises on purpose."""


class Refused(TandemError):
    """A rule says no. `objections` tell which, in a form the bot can phrase."""

    def __init__(self, *objections: Objection) -> None:
        """Keep the objections; the message names their kinds for the log."""
        super().__init__(", ".join(o.kind for o in objections))
        self.objections = objections


class NotFound(TandemError):
    """There is no such thing of ours, or the one who asks may not see it."""


class IllegalStep(TandemError):
    """A state machine was asked for a step that its state does not allow."""


class Stale(TandemError):
    """Somebody else saved a newer version first; the unit of work is retried."""


class TimeTaken(TandemError):
    """A person in `people` has a booked meeting that overlaps the wanted span."""

    def __init__(self, people: tuple[str, ...]) -> None:
        """Remember whose time is taken (person ids)."""
        super().__init__("time taken")
        self.people = people


class ProviderError(TandemError):
    """A calendar or mail service failed. `detail` is safe to log: no secrets, no content."""

    def __init__(self, detail: str = "", *, provider: str = "") -> None:
        """Keep which service it was and what may be said of the failure."""
        super().__init__(f"{provider}: {detail}" if provider else detail)
        self.detail = detail
        self.provider = provider


class NotConnected(ProviderError):
    """No usable connection, a missing scope, or no right on this calendar."""


class ConsentRequiredByAdmin(ProviderError):
    """The organisation's IT administrator must approve the connection."""


class AccessRevoked(ProviderError):
    """The credentials no longer open the account; never retried."""


class RateLimited(ProviderError):
    """The service asks us to wait `retry_after` seconds."""

    def __init__(self, detail: str = "", *, provider: str = "", retry_after: int = 60) -> None:
        """Keep the wait that the service asked for, in seconds."""
        super().__init__(detail, provider=provider)
        self.retry_after = retry_after


class Conflict(ProviderError):
    """The object exists already (our own create came twice) or its UID is used elsewhere."""


class PreconditionFailed(ProviderError):
    """The object changed since we read it (HTTP 412)."""


class FullResync(ProviderError):
    """The change cursor is dead; everything must be read again."""


class RemoteMissing(ProviderError):
    """The object is not at the provider (HTTP 404 or 410)."""


class InvalidRequest(ProviderError):
    """The service can never accept this; retrying does not help."""


class CannotRepeat(ProviderError):
    """The service cannot hold such a series as one event, and nothing of it is there now: its
    sessions have to be written one by one.
    """


class Unavailable(ProviderError):
    """The service does not answer now (5xx, timeout, DNS, TLS); retrying may help."""


class BadData(ProviderError):
    """The service's answer could not be parsed."""


def why_unread(error: ProviderError) -> str:
    """Say in few words why a calendar could not be read."""
    if isinstance(error, RateLimited):
        return "rate limited"
    if isinstance(error, RemoteMissing):
        return "calendar missing"
    if isinstance(error, NotConnected):
        return "no access"
    if isinstance(error, BadData | InvalidRequest):
        return "unreadable answer"
    return "unreachable"
