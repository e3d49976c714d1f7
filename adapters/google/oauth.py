"""Google's consent page and token endpoints: authorisation code with PKCE (RFC 6749, RFC 7636)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from adapters.google.errors import PROVIDER, REASONS, Failure, seconds_to_wait
from core.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.ports import Clock

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SKEW = 300  # seconds that our clock and Google's may differ


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Every address at Google that is ever called, and the issuer its identities name.

    `api` is the whole base of the calendar's API with its path.
    """

    auth: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
    revoke: str = "https://oauth2.googleapis.com/revoke"
    api: str = "https://www.googleapis.com/calendar/v3/"
    issuer: str = "https://accounts.google.com"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose account was opened. `hosted`: it belongs to an organisation's Workspace."""

    subject: str
    email: str
    hosted: bool


class OAuth:
    """Our OAuth client at Google. Calls raise Failure; nothing of them is ever logged."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        endpoints: Endpoints,
        clock: Clock,
        timeout: float,
    ) -> None:
        """Act as the registered client; a call takes `timeout` seconds at most."""
        self._id, self._secret = client_id, client_secret
        self._endpoints, self._clock = endpoints, clock
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    def consent_url(
        self, scopes: Iterable[str], redirect: str, parameters: Mapping[str, str]
    ) -> str:
        """Return the consent page's address.

        Without `prompt=consent` somebody who comes back gets no refresh token
        (developers.google.com/identity/protocols/oauth2/web-server).
        """
        query = {
            "client_id": self._id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": " ".join(scopes),
            "access_type": "offline",
            "prompt": "consent",
            "code_challenge_method": "S256",
            **{name: value for name, value in parameters.items() if value},
        }
        return f"{self._endpoints.auth}?{urlencode(query)}"

    async def exchange(self, code: str, verifier: str, redirect: str) -> dict[str, Any]:
        """Return the tokens for a code, which Google takes once."""
        form = {"code": code, "code_verifier": verifier, "redirect_uri": redirect}
        return await self._token("authorization_code", form)

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        """Return a fresh access token. No scope is named: what was granted comes back."""
        return await self._token("refresh_token", {"refresh_token": refresh_token})

    @property
    def token_address(self) -> str:
        """The token endpoint, for which assertions are made."""
        return self._endpoints.token

    async def delegated(self, assertion: str) -> dict[str, Any]:
        """Return an access token for a signed assertion (RFC 7523 2.1)."""
        form = {"grant_type": JWT_BEARER, "assertion": assertion}
        return self._tokens_in(await self._post(self._endpoints.token, form))

    async def revoke(self, token: str) -> None:
        """Give everything back that the person granted to our project."""
        try:
            await self._post(self._endpoints.revoke, {"token": token}, empty=True)
        except Failure as failure:
            if failure.reason not in ("invalid_token", "invalid_grant"):  # gone already
                raise

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    def identity(self, id_token: object, nonce: str) -> Identity:
        """Return who an identity token is about. Raises BadData.

        It came straight from Google over TLS, so its signature need not be checked (OpenID
        Connect Core 3.1.3.7 rule 6); issuer, audience, expiry and nonce are.
        """
        claims = _claims(id_token)
        issuers = {self._endpoints.issuer, self._endpoints.issuer.removeprefix("https://")}
        expiry = claims.get("exp")
        right = (
            claims.get("iss") in issuers
            and claims.get("aud") == self._id
            and claims.get("nonce") == nonce
            and isinstance(expiry, int)
            and expiry > self._clock.now() - SKEW
            and claims.get("email_verified") is True
        )
        if not right or not claims.get("sub") or not claims.get("email"):
            raise BadData("the identity is not for this consent", provider=PROVIDER)
        return Identity(str(claims["sub"]), str(claims["email"]), bool(claims.get("hd")))

    async def _token(self, grant_type: str, form: dict[str, str]) -> dict[str, Any]:
        own = {"client_id": self._id, "client_secret": self._secret, "grant_type": grant_type}
        return self._tokens_in(await self._post(self._endpoints.token, own | form))

    @staticmethod
    def _tokens_in(answer: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(answer.get("access_token"), str):
            raise Failure(200, "unreadable", again=False)
        return answer

    async def _post(self, url: str, form: dict[str, str], *, empty: bool = False) -> dict[str, Any]:
        """Return the answer's object. `empty`: a success may say nothing."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, trust_env=True)
        try:
            async with self._session.post(url, data=form, allow_redirects=False) as answer:
                body = _object(await answer.read())
                status, retry = answer.status, answer.headers.get("Retry-After")
        except (OSError, aiohttp.ClientError) as error:
            # The cause names the address only, but its request would hold secrets.
            raise Failure(0, again=not isinstance(error, TimeoutError)) from None
        if status == 200 and (body is not None or empty):
            return body or {}
        if status == 200:
            raise Failure(200, "unreadable", again=False)
        raise Failure(status, _reason(body or {}), seconds_to_wait(retry, self._clock.now()))


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _reason(body: Mapping[str, Any]) -> str:
    """Return why the endpoint refuses; its subtype where that says more."""
    subtype, error = str(body.get("error_subtype", "")), str(body.get("error", ""))
    return subtype if subtype in REASONS else error


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _claims(id_token: object) -> dict[str, Any]:
    """Return the claims of a token (RFC 7519 3). Raises BadData for anything else."""
    try:
        _, payload, _ = str(id_token).split(".")
        found = _object(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, binascii.Error):
        found = None
    if found is None:
        raise BadData("the identity cannot be read", provider=PROVIDER)
    return found
