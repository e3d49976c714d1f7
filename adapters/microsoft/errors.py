"""What a refusal of Entra or Graph means: the only place that knows statuses and codes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import aiohttp

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

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVIDER = "microsoft"
DEFAULT_WAIT = 60
LONGEST_WAIT = 86_400
AADSTS = re.compile(r"AADSTS(\d{5,7})")
CODE = re.compile(r"[A-Za-z.]{1,80}")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of Graph: headers by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether it is a success (2xx)."""
        return 200 <= self.status < 300

    def json(self) -> dict[str, Any]:
        """Return the object in the body, {} for an empty one. Raises BadData."""
        if not self.body:
            return {}
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise BadData("the answer is not an object of JSON", provider=PROVIDER)
        return found


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of Entra, from the redirect or from the token endpoint (RFC 6749 4.1.2.1, 5.2).

    `interactive` says that the person was there: what is missing then, only an administrator
    can give.
    """

    error: str
    text: str = field(default="", repr=False)
    codes: tuple[int, ...] = ()
    suberror: str = ""
    interactive: bool = False

    @property
    def code(self) -> int:
        """The AADSTS number: what the answer lists, else what its text names, else 0."""
        named = AADSTS.search(self.text)
        return self.codes[0] if self.codes else int(named[1]) if named else 0


class TooSlow(Unavailable):
    """No answer came in time; asking again at once would only take as long again."""


def failure(problem: Reply | Refusal | BaseException) -> ProviderError:
    """Return what a refusal or a broken connection means. Nothing of an address, a header or a
    body is put into the error but codes.
    """
    if isinstance(problem, ProviderError):
        return problem
    if isinstance(problem, Refusal):
        return _refused(problem)
    if isinstance(problem, Reply):
        return _answered(problem)
    if isinstance(problem, TimeoutError):
        return TooSlow("the service does not answer in time", provider=PROVIDER)
    # Some broken connections are ValueErrors, too (a certificate that is not believed).
    broken = isinstance(problem, OSError | aiohttp.ClientError)
    if isinstance(problem, ValueError | RuntimeError | LookupError) and not broken:
        return BadData("the answer cannot be read", provider=PROVIDER)
    return Unavailable("the service cannot be reached", provider=PROVIDER)


# --- Entra (learn.microsoft.com/entra/identity-platform/reference-error-codes) ---

_ADMIN = frozenset(
    {90008, 90093, 90094, 90095, 500011, 650052, 650056, 650057}
    | {50105, 53000, 53001, 53002, 53003, 53004}
)
_REVOKED = frozenset(
    {50076, 50078, 50079, 50158, 50173, 54005, 65002, 70000, 70008, 70043, 700082, 700084}
)
_DECLINED = frozenset({50020, 65004})
_THROTTLED = frozenset({50196, 90055})
_OURS = frozenset({700016, 7000215, 7000222})  # our secret or our registration: an operator's task
_NO_CONSENT = 65001
_ASKS_ADMIN = re.compile(r"admin(istrator)?[ _-]?(consent|must|approval)|need admin", re.IGNORECASE)

_NAMED: Mapping[str, tuple[type[ProviderError], str]] = {
    "access_denied": (NotConnected, "the person declined"),
    "invalid_grant": (AccessRevoked, "the access has ended"),
    "interaction_required": (AccessRevoked, "the person has to sign in again"),
    "login_required": (AccessRevoked, "the person has to sign in again"),
    "temporarily_unavailable": (Unavailable, "sign-in does not work just now"),
    "server_error": (Unavailable, "sign-in does not work just now"),
    "invalid_client": (Unavailable, "our own registration is not accepted"),
    "unauthorized_client": (Unavailable, "our own registration is not accepted"),
}


def _refused(refusal: Refusal) -> ProviderError:
    code = refusal.code
    named = f" (AADSTS{code})" if code else ""
    if code in _ADMIN or _needs_admin(refusal):
        return ConsentRequiredByAdmin(f"an IT administrator must approve{named}", provider=PROVIDER)
    if code in _DECLINED:
        return NotConnected(f"the account was not given{named}", provider=PROVIDER)
    if code in _REVOKED or code == _NO_CONSENT:
        return AccessRevoked(f"the access has ended{named}", provider=PROVIDER)
    if code in _THROTTLED:
        return RateLimited(f"sign-in is throttled{named}", provider=PROVIDER)
    if code in _OURS:
        return Unavailable(f"our own registration is not accepted{named}", provider=PROVIDER)
    if refusal.error == "consent_required":
        return AccessRevoked(f"consent is missing{named}", provider=PROVIDER)
    kind, detail = _NAMED.get(refusal.error, (InvalidRequest, "sign-in refuses the request"))
    return kind(f"{detail}{named}", provider=PROVIDER)


def _needs_admin(refusal: Refusal) -> bool:
    """Whether missing consent can only come from an administrator.

    A person who was just asked and could not give it needs one; of a renewal it is only known
    when the text says so.
    """
    if refusal.code != _NO_CONSENT and refusal.error != "consent_required":
        return False
    return refusal.interactive or bool(_ASKS_ADMIN.search(f"{refusal.suberror} {refusal.text}"))


# --- Graph (learn.microsoft.com/graph/errors) ---

_RESYNC = frozenset({"syncstatenotfound", "resyncrequired", "syncstateinvalid"})
_NO_MAILBOX = frozenset({"mailboxnotenabledforrestapi", "resourcenotfound", "errorinvaliduser"})
_BY_STATUS: Mapping[int, tuple[type[ProviderError], str]] = {
    401: (AccessRevoked, "the access is not accepted"),
    403: (NotConnected, "no right to do that in this calendar"),
    404: (RemoteMissing, "it is not in the mailbox"),
    408: (Unavailable, "the service did not wait for us"),
    409: (Conflict, "it exists already or is being changed"),
    410: (FullResync, "the change cursor is dead"),
    412: (PreconditionFailed, "the event was changed meanwhile"),
    423: (Unavailable, "the mailbox is locked just now"),
}


def _answered(reply: Reply) -> ProviderError:
    code, text = _code_of(reply)
    told = f" ({code})" if code else ""
    kind, detail = _by_code(reply.status, code.lower(), text) or _by_status(reply)
    if kind is RateLimited:
        return RateLimited(f"{detail}{told}", provider=PROVIDER, retry_after=retry_after(reply))
    return kind(f"{detail}{told}", provider=PROVIDER)


def _by_code(status: int, code: str, text: str) -> tuple[type[ProviderError], str] | None:
    """Return what a named error means where its status says too little."""
    named = AADSTS.search(text)
    if code == "authorization_requestdenied" or (named and int(named[1]) in _ADMIN):
        return ConsentRequiredByAdmin, "an IT administrator must approve"
    if code in _RESYNC:
        return FullResync, "the change cursor is dead"
    if code in _NO_MAILBOX and status == 404:
        return NotConnected, "the account has no mailbox with calendars online"
    if code == "errorirresolvableconflict":
        return PreconditionFailed, "the event was changed meanwhile"
    if code in {"applicationthrottled", "errorserverbusy"} and status != 503:
        return RateLimited, "the service asks us to wait"
    return None


def _by_status(reply: Reply) -> tuple[type[ProviderError], str]:
    status = reply.status
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 429 or (status in {503, 504} and "retry-after" in reply.headers):
        return RateLimited, "the service asks us to wait"
    kind = Unavailable if status >= 500 else InvalidRequest if status >= 400 else BadData
    return kind, f"the service answers with status {status}"


def _code_of(reply: Reply) -> tuple[str, str]:
    """Return the error's code, in a harmless form, and its text; "" where there is none."""
    try:
        error = reply.json().get("error")
    except BadData:
        return "", ""
    if not isinstance(error, dict):
        return "", ""
    code, text = (str(error.get(name) or "") for name in ("code", "message"))
    return code if CODE.fullmatch(code.replace("_", ".")) else "", text


def retry_after(reply: Reply) -> int:
    """Return the seconds to wait (RFC 9110 10.2.3): a number, or a date by the server's clock."""
    text = reply.headers.get("retry-after", "").strip()
    try:
        if text.replace(".", "", 1).isdigit() and text.isascii():
            return min(max(int(float(text[:9]) + 0.999), 1), LONGEST_WAIT)
        until, now = (parsedate_to_datetime(at) for at in (text, reply.headers.get("date", "")))
        return min(max(int((until - now).total_seconds()), 1), LONGEST_WAIT)
    except (TypeError, ValueError):
        return DEFAULT_WAIT
