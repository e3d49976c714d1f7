"""A stand-in for Entra: consent page, codes, rotating refresh tokens, errors on demand."""

import base64
import hashlib
import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from yarl import URL

CLIENT, SECRET = "11111111-2222-4333-8444-555555555555", "a-made-up-client-secret"
WORK_TENANT = "72f988bf-0000-4000-8000-00000000beef"
ALWAYS = frozenset({"openid", "profile", "offline_access"})


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    address: str
    oid: str = "00000000-aaaa-4bbb-8ccc-0000000000aa"
    tenant: str = WORK_TENANT


@dataclass(frozen=True, slots=True)
class Permit:
    """What a token is good for."""

    account: Account
    scopes: frozenset[str]


@dataclass(slots=True)
class Code:
    """A code on its way from the consent page to the token endpoint."""

    permit: Permit
    challenge: str
    redirect: str
    nonce: str


@dataclass(slots=True)
class Order:
    """The next answer of the token endpoint."""

    body: Mapping[str, Any] | str
    status: int = 400
    headers: Mapping[str, str] = field(default_factory=dict)


def refusal(error: str, code: int, text: str = "", suberror: str = "") -> dict[str, Any]:
    """An error as the token endpoint words it."""
    found: dict[str, Any] = {
        "error": error,
        "error_description": f"AADSTS{code}: {text or 'No.'} Trace ID: 0 Correlation ID: 0",
        "error_codes": [code],
        "trace_id": "0",
        "correlation_id": "0",
    }
    return {**found, "suberror": suberror} if suberror else found


@dataclass(slots=True)
class Entra:
    """Listens with TLS at `authority`; `account` is who consents next.

    `granted` are the permissions a person gives, "all" of the asked ones when it is None.
    """

    tls: ssl.SSLContext
    account: Account = field(default_factory=lambda: Account("maya@example.org"))
    granted: frozenset[str] | None = None
    deny: Mapping[str, str] | None = None
    lifetime: int = 3600
    rotates: bool = True
    authority: str = ""
    approved: frozenset[str] = frozenset()  # tenants whose IT has approved the application
    orders: list[Order] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    shown: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    refresh: dict[str, Permit] = field(default_factory=dict)
    access: dict[str, Permit] = field(default_factory=dict)
    _count: Iterator[int] = field(default_factory=lambda: count(1))
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/common/oauth2/v2.0/authorize", self._authorize)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self.tls).start()
        self.authority = f"https://127.0.0.1:{self._runner.addresses[0][1]}/common"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    def consent(self, page: str) -> dict[str, str]:
        """Act as the person on the consent page; return the query of the callback."""
        query = dict(URL(page).query)
        self.shown.append(query)
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT
        if self.deny:
            return {**self.deny, "state": query["state"]}
        asked = frozenset(query["scope"].split())
        assert asked >= ALWAYS
        scopes = asked if self.granted is None else self.granted | ALWAYS
        code = f"code-{next(self._count)}"
        self.codes[code] = Code(
            Permit(self.account, scopes),
            query["code_challenge"],
            query["redirect_uri"],
            query["nonce"],
        )
        return {"code": code, "state": query["state"], "session_state": "0"}

    def revoke(self) -> None:
        """Let nothing that was given be good any more."""
        self.refresh.clear()
        self.access.clear()

    async def _discovery(self, request: web.Request) -> web.Response:
        tenant = request.match_info["tenant"]
        if tenant == "nowhere.example.org":
            return web.json_response(refusal("invalid_tenant", 90002), status=400)
        authority = f"{self.authority.rpartition('/')[0]}/{tenant}"
        base = f"{authority}/oauth2/v2.0"
        return web.json_response(
            {
                "issuer": f"{authority}/v2.0",
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
            }
        )

    async def _authorize(self, request: web.Request) -> web.Response:
        query = self.consent(str(request.url))
        raise web.HTTPFound(URL(request.query["redirect_uri"]).update_query(query))

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.orders:
            order = self.orders.pop(0)
            page = isinstance(order.body, str)
            return web.Response(
                status=order.status,
                text=str(order.body) if page else json.dumps(order.body),
                content_type="text/html" if page else "application/json",
                headers=order.headers,
            )
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return web.json_response(refusal("invalid_client", 7000215), status=401)
        if form["grant_type"] == "client_credentials":
            return self._application(request.match_info["tenant"], form)
        if form["grant_type"] == "authorization_code":
            return self._redeem(form)
        return self._renew(form)

    def _application(self, tenant: str, form: Mapping[str, str]) -> web.Response:
        """Give an application access to a tenant: no person, no refresh token."""
        if not form.get("scope", "").endswith("/.default"):
            return web.json_response(refusal("invalid_scope", 1002012), status=400)
        if tenant not in self.approved:
            return web.json_response(refusal("unauthorized_client", 700016), status=400)
        token = f"application-{next(self._count)}"
        self.access[token] = Permit(Account("", tenant=tenant), frozenset())
        body = {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token}
        return web.json_response(body)

    def _redeem(self, form: Mapping[str, str]) -> web.Response:
        code = self.codes.pop(form["code"], None)
        if code is None:
            return web.json_response(refusal("invalid_grant", 54005), status=400)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if proven != code.challenge or form.get("redirect_uri") != code.redirect:
            return web.json_response(refusal("invalid_grant", 501481), status=400)
        return self._give(code.permit, code.nonce)

    def _renew(self, form: Mapping[str, str]) -> web.Response:
        permit = self.refresh.get(form["refresh_token"])
        if permit is None:
            return web.json_response(refusal("invalid_grant", 700082), status=400)
        if not frozenset(form["scope"].split()) <= permit.scopes | ALWAYS:
            body = refusal("invalid_grant", 65001, suberror="consent_required")
            return web.json_response(body, status=400)
        if self.rotates:
            del self.refresh[form["refresh_token"]]
        return self._give(permit)

    def _give(self, permit: Permit, nonce: str = "") -> web.Response:
        number = next(self._count)
        self.access[f"access-{number}"] = permit
        self.refresh[f"refresh-{number}"] = permit
        claims = {
            "iss": f"{self.authority}/v2.0",
            "aud": CLIENT,
            "sub": "sub",
            "nonce": nonce,
            "oid": permit.account.oid,
            "tid": permit.account.tenant,
            "iat": 0,
            "exp": 2**40,
            "preferred_username": permit.account.address,
        }
        body = {
            "token_type": "Bearer",
            "scope": " ".join(sorted(permit.scopes - {"offline_access"})),
            "expires_in": self.lifetime,
            "ext_expires_in": self.lifetime,
            "access_token": f"access-{number}",
            "id_token": f"{_part({'alg': 'none'})}.{_part(claims)}.x",
        }
        if "offline_access" in permit.scopes:
            body["refresh_token"] = f"refresh-{number}"
        return web.json_response(body)


def _part(claims: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
