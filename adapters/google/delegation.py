"""Domain-wide delegation: a service account of the IT department acts for each person (R40).

An assertion signed with its key is exchanged for an access token of one person (RFC 7523). The
key comes from a file that the deployment names, and stays in memory.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.google.errors import PROVIDER, Failure
from adapters.google.scopes import GRANTED_BY_IT
from core.errors import AccessRevoked, NotConnected
from core.ids import GrantId, PersonId
from core.links import DELEGATED, Grant, Provider, Tier
from core.ports import Terms, Verified

if TYPE_CHECKING:
    from adapters.google.oauth import OAuth
    from adapters.google.retries import Retries
    from core.ports import Clock

LIFE = 3600  # seconds that an assertion holds, the most that Google takes
# How Google says that IT has not authorised the client, or not for all of the scopes.
NOT_AUTHORISED = frozenset({"unauthorized_client", "access_denied", "invalid_scope"})


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account with a key; `client_id` is what IT authorises in its admin console."""

    email: str
    client_id: str
    key_id: str
    private_key: str = field(repr=False)


def load_service_account(path: str) -> ServiceAccount:
    """Read the key file that Google gives out (JSON).

    Raises ValueError with words that hold nothing of the file.
    """
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        message = f"the key file cannot be read: {error.strerror}"
        raise ValueError(message) from None
    except ValueError:
        message = "the key file is not JSON"
        raise ValueError(message) from None
    names = ("client_email", "client_id", "private_key_id", "private_key")
    if not isinstance(found, dict) or found.get("type") != "service_account":
        message = "the key file is not one of a service account"
        raise ValueError(message)
    values = [found.get(name) for name in names]
    missing = [n for n, v in zip(names, values, strict=True) if not isinstance(v, str) or not v]
    if missing:
        message = f"the key file lacks {', '.join(missing)}"
        raise ValueError(message)
    account = ServiceAccount(*map(str, values))
    try:
        _signer(account)
    except ValueError:
        message = "the key in the key file cannot be used"
        raise ValueError(message) from None
    return account


class Delegate:
    """Access tokens for other people's accounts, by the service account."""

    def __init__(self, account: ServiceAccount, oauth: OAuth, clock: Clock) -> None:
        """Sign with the account's key; nothing is asked yet."""
        self.account = account
        self._oauth, self._clock = oauth, clock

    async def token(self, grant: Grant) -> dict[str, Any]:
        """Return a fresh access token for a grant's person. Raises Failure."""
        now = self._clock.now()
        claims = {
            "iss": self.account.email,
            "sub": grant.secret["subject"],
            "scope": grant.secret["scopes"],
            "aud": self._oauth.token_address,
            "iat": now,
            "exp": now + LIFE,
        }
        assertion = await asyncio.to_thread(_signed, self.account, claims)
        try:
            return await self._oauth.delegated(assertion)
        except Failure as failure:
            if failure.reason in NOT_AUTHORISED:
                raise Failure(failure.status, "unauthorized_client") from None
            raise


class GoogleDelegation:
    """The port `Delegation`."""

    def __init__(self, delegate: Delegate, retries: Retries) -> None:
        """Open accounts through the delegate, with the patience of every call."""
        self._delegate, self._retries = delegate, retries

    def terms(self) -> Terms:
        """Return the client and the scopes that IT authorises, in the admin console's words."""
        return Terms(self._delegate.account.client_id, GRANTED_BY_IT[Tier.WRITE])

    async def open(self, account: str, tenant: str, tier: Tier) -> Verified:  # noqa: ARG002  # the port's: a Workspace is known by its addresses
        """Open an address's account live. Raises as the port says."""
        secret = {
            DELEGATED: "yes",
            "subject": account,
            "scopes": " ".join(GRANTED_BY_IT[tier]),
            "sub": account,
            "email": account,
        }
        tried = Grant(GrantId(""), PersonId(""), Provider.GOOGLE, account, secret)
        try:
            await self._retries.run(lambda: self._delegate.token(tried))
        except AccessRevoked as error:  # nothing was open yet: there is no such active person
            raise NotConnected("no such account", provider=PROVIDER) from error
        return Verified(account, secret)


def _signed(account: ServiceAccount, claims: dict[str, Any]) -> str:
    """Return a signed assertion (RS256)."""
    token: bytes = importlib.import_module("google.auth.jwt").encode(_signer(account), claims)
    return token.decode()


def _signer(account: ServiceAccount) -> Any:
    """Return the vendor's signer, imported at its first use. Raises ValueError for a bad key."""
    crypt = importlib.import_module("google.auth.crypt")
    return crypt.RSASigner.from_string(account.private_key, account.key_id)
