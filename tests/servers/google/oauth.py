"""The stand-in's consent page and token endpoints (RFC 6749, RFC 7636, RFC 7009)."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.servers.google.delegation import JWT_BEARER, ItDepartment
from tests.servers.google.world import Account, Code, Json, World

LIFE = 3599
NEEDED = {
    "response_type": "code",
    "access_type": "offline",
    "prompt": "consent",
    "code_challenge_method": "S256",
}


@dataclass(slots=True)
class Consents:
    """What the person on the consent page does, and what the token endpoint is told to do."""

    world: World
    now: Callable[[], int]
    issuer: str
    shown: bool = False  # a page waits for a press, else the person decides at once
    decision: str = ""  # an error instead of consent
    unticked: frozenset[str] = frozenset()
    refusals: list[tuple[int, Json]] = field(default_factory=list)  # next answers of the token
    rotating: bool = False
    claims: Json = field(default_factory=dict)  # what the next identities say differently
    refreshed: int = 0
    it: ItDepartment | None = None
    revoked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def consent(self, query: Mapping[str, str]) -> web.Response:
        """Answer the consent page as the person decides, at once."""
        for name, value in NEEDED.items():
            if query.get(name) != value:
                self.problems.append(f"consent page: {name} is not {value}")
        for name in ("state", "nonce", "code_challenge", "scope", "redirect_uri"):
            if not query.get(name):
                self.problems.append(f"consent page: {name} is missing")
        if query.get("client_id") != self.world.client[0]:
            return web.Response(status=401, text="invalid_client")
        if self.shown and "press" not in query:
            return self._page(query)
        decision = "access_denied" if query.get("press") == "cancel" else self.decision
        answer = {"state": query["state"]}
        if decision:
            answer["error"] = decision
        else:
            answer |= self._granted(query)
        back = f"{query['redirect_uri']}?{urlencode(answer)}"
        return web.Response(status=302, headers={"Location": back})

    def _page(self, query: Mapping[str, str]) -> web.Response:
        """Show what is asked for, to be unticked, allowed or cancelled."""
        kept = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in query.items()
        )
        ticks = "".join(
            f'<label><input type="checkbox" name="tick:{escape(scope)}" checked>'
            f"{escape(scope)}</label><br>"
            for scope in query["scope"].split()
        )
        html = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Consent</title>'
            '<link rel="icon" href="data:,"><h1>Tandem wants access</h1>'
            f'<form method="get" action="/auth">{kept}{ticks}'
            '<button name="press" value="allow">Allow</button>'
            '<button name="press" value="cancel">Cancel</button></form>'
        )
        return web.Response(text=html, content_type="text/html")

    def _granted(self, query: Mapping[str, str]) -> dict[str, str]:
        hint = query.get("login_hint", "")
        account = self.world.accounts.get(hint) or next(iter(self.world.accounts.values()))
        asked = set(query["scope"].split())
        ticked = {s for s in asked if not self.shown or f"tick:{s}" in query}
        scopes = ticked - self.unticked
        if query.get("include_granted_scopes") == "true":
            scopes |= account.granted
        code = f"4/{secrets.token_urlsafe(16)}"
        self.world.codes[code] = Code(
            account, scopes, query["code_challenge"], query["redirect_uri"], query["nonce"]
        )
        return {"code": code, "scope": " ".join(sorted(scopes)), "iss": self.issuer}

    def token(self, form: Mapping[str, str]) -> tuple[int, Json]:
        """Answer the token endpoint."""
        if self.refusals:
            return self.refusals.pop(0)
        if form.get("grant_type") == JWT_BEARER:
            return self._delegated(form)
        if (form.get("client_id"), form.get("client_secret")) != self.world.client:
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") == "authorization_code":
            return self._exchange(form)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form)
        return 400, {"error": "unsupported_grant_type"}

    def _delegated(self, form: Mapping[str, str]) -> tuple[int, Json]:
        if self.it is None:
            return 401, {"error": "unauthorized_client"}
        found = self.it.token(form.get("assertion", ""), f"{self.issuer}/token", self.now())
        return (200, self._passing(found)) if isinstance(found, str) else found

    def _exchange(self, form: Mapping[str, str]) -> tuple[int, Json]:
        code = self.world.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = code is not None and 43 <= len(verifier) <= 128  # RFC 7636 4.1
        if not right or code is None or code.challenge != challenge:
            return 400, {"error": "invalid_grant"}
        if code.redirect != form.get("redirect_uri"):
            return 400, {"error": "redirect_uri_mismatch"}
        refresh = self.world.lasting_token(code.account, code.scopes)
        identity = self._identity(code.account, code.nonce)
        return 200, {**self._passing(refresh), "refresh_token": refresh, "id_token": identity}

    def _refresh(self, form: Mapping[str, str]) -> tuple[int, Json]:
        refresh = form.get("refresh_token", "")
        if refresh not in self.world.lasting:
            return 400, {"error": "invalid_grant", "error_description": "Token has been revoked."}
        self.refreshed += 1
        if not self.rotating:
            return 200, self._passing(refresh)
        newer = self.world.lasting_token(*self.world.lasting.pop(refresh))
        return 200, {**self._passing(newer), "refresh_token": newer}

    def _passing(self, refresh: str) -> Json:
        token = self.world.passing_token(refresh, self.now() + LIFE)
        scope = " ".join(sorted(self.world.lasting[refresh][1]))
        return {
            "access_token": token,
            "expires_in": LIFE,
            "scope": scope,
            "token_type": "Bearer",
        }

    def _identity(self, account: Account, nonce: str) -> str:
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.world.client[0],
            "sub": account.sub,
            "email": account.email,
            "email_verified": True,
            "nonce": nonce,
            "iat": self.now(),
            "exp": self.now() + 3600,
            **({"hd": account.hosted} if account.hosted else {}),
            **self.claims,
        }
        parts = ({"alg": "RS256", "kid": "1"}, claims)
        encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
        return b".".join([*encoded, b"c2lnbmF0dXJl"]).decode()

    def revoke(self, form: Mapping[str, str]) -> tuple[int, Json]:
        """Answer the revocation endpoint."""
        if self.refusals:
            return self.refusals.pop(0)
        token = form.get("token", "")
        refresh = self.world.passing.get(token, (token, 0))[0]
        if refresh not in self.world.lasting:
            return 400, {"error": "invalid_token"}
        self.revoked.append(refresh)
        self.world.revoke(self.world.lasting[refresh][0])
        return 200, {}
