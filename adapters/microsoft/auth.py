"""Sign-in at Entra: consent pages, codes and refresh tokens, by msal in threads.

msal is imported at the first sign-in (`_library`), because it takes longer to load than the rest
of the product's start. It is synchronous, so every call of it runs in a thread.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from adapters.microsoft.errors import PROVIDER, Refusal, failure
from core.errors import BadData, ConsentRequiredByAdmin, NotConnected, ProviderError
from core.links import Tier
from core.ports import Consent, Start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

THREADS = 50  # renewals at once; each waits for one answer

# Our application is not in a tenant, or not approved, or there is no such tenant.
NOT_APPROVED = frozenset({700016, 7000112, 65001, 90002, 90094, 500011, 53003})

Credential = str | dict[str, str]  # a client secret, or msal's description of a certificate

PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"  # of outlook.com, hotmail.com, live.com
READ, WRITE, PROFILE = "Calendars.ReadBasic", "Calendars.ReadWrite", "User.Read"
# What is asked for (X2); msal adds openid, profile and offline_access itself.
SCOPES: Mapping[Tier, tuple[str, ...]] = {Tier.BUSY: (READ, PROFILE), Tier.WRITE: (WRITE, PROFILE)}
_READING = frozenset({"calendars.readbasic", "calendars.read", "calendars.readwrite"})


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of the service, for national clouds and tests.

    `scopes` goes before the names of permissions where the service is not the global one (such
    as "https://graph.microsoft.us/"); `ca_file` is a file of certificates to believe besides.
    """

    authority: str = "https://login.microsoftonline.com/common"
    graph: str = "https://graph.microsoft.com/v1.0"
    scopes: str = ""
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What a sign-in or a renewal gave. `expires_at` in epoch seconds."""

    token: str = field(repr=False)
    expires_at: int
    refresh_token: str = field(repr=False)
    scopes: frozenset[str]  # names in lower case, without the address before them
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


class _NoCache:
    """Stands where msal keeps tokens: ours are kept sealed with their grants, not in here."""

    def add(self, event: Mapping[str, Any], now: int | None = None) -> None:
        """Keep nothing."""

    def remove_rt(self, item: Any) -> None:
        """Keep nothing."""

    def update_rt(self, item: Any, new: str) -> None:
        """Keep nothing."""


class Entra:
    """Our application at the sign-in service."""

    def __init__(
        self,
        client_id: str,
        credential: Credential,
        endpoints: Endpoints,
        timeout: float = 15.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Nothing is loaded or asked before the first sign-in."""
        self._client_id = client_id
        self._credential = credential
        self._endpoints = endpoints
        self._timeout = timeout
        self._clock = clock
        self._app: Any = None
        self._building = asyncio.Lock()
        self._threads = _threads()

    async def start(self, tier: Tier, hint: str, state: str, redirect: str) -> Start:
        """Return the consent page, with PKCE (S256) and a nonce. Raises Unavailable."""
        app = await self._opened()
        flow = await self._in_thread(
            app.initiate_auth_code_flow,
            self._scopes(SCOPES[tier]),
            redirect_uri=redirect,
            state=state,
            prompt="select_account",
            login_hint=hint or None,
        )
        url = flow.pop("auth_uri")
        return Start(url, {"flow": json.dumps(flow), "tier": tier.value})

    async def redeem(
        self, pending: Mapping[str, str], query: Mapping[str, str], redirect: str
    ) -> Access:
        """Turn the callback's query into access. Raises as `ConsentConnector.finish` says."""
        flow = _flow(pending)
        if not query.get("state") or query["state"] != flow.get("state"):
            raise NotConnected("the answer belongs to another sign-in", provider=PROVIDER)
        if redirect != flow.get("redirect_uri"):
            raise NotConnected("the answer came to another address", provider=PROVIDER)
        app = await self._opened()
        result = await self._in_thread(app.acquire_token_by_auth_code_flow, flow, dict(query))
        return self._access(result, interactive=True)

    async def refresh(self, refresh_token: str, scopes: tuple[str, ...], claims: str) -> Access:
        """Return fresh access; `claims` is what the service wants to be told besides (JSON).

        Raises AccessRevoked, ConsentRequiredByAdmin and other ProviderError leaves.
        """
        app = await self._opened()
        result = await self._in_thread(
            app.acquire_token_by_refresh_token,
            refresh_token,
            self._scopes(scopes),
            data={"claims": claims} if claims else {},
        )
        return self._access(result, old=refresh_token)

    async def application(self, tenant: str) -> Access:
        """Return access to an organisation's mailboxes, which its IT administrator has approved
        (client credentials, RFC 6749 4.4).

        Raises ConsentRequiredByAdmin while it is not approved there, and other ProviderError
        leaves.
        """
        result = await self._in_thread(self._for_application, tenant)
        if isinstance(result, dict) and "error" in result:
            refusal = _refusal(result, interactive=True)
            if refusal.code in NOT_APPROVED:
                detail = f"the application is not approved there (AADSTS{refusal.code})"
                raise ConsentRequiredByAdmin(detail, provider=PROVIDER)
        return self._access(result, old=tenant)

    async def close(self) -> None:
        """Close msal's connections; a later sign-in opens new ones."""
        async with self._building:
            app, self._app = self._app, None
        if app is not None:
            await self._in_thread(app.http_client.close)
        threads, self._threads = self._threads, _threads()
        threads.shutdown(wait=False)

    def _scopes(self, names: tuple[str, ...]) -> list[str]:
        return [f"{self._endpoints.scopes}{name}" for name in names]

    async def _opened(self) -> Any:
        """Return msal's application, made once: making it asks the service for its addresses."""
        async with self._building:
            if self._app is None:
                self._app = await self._in_thread(self._build)
            return self._app

    def _build(self) -> Any:
        return self._client(self._endpoints.authority, _NoCache(), self._session())

    def _client(self, authority: str, cache: Any, session: Any) -> Any:
        return _library().ConfidentialClientApplication(
            self._client_id,
            client_credential=self._credential,
            authority=authority,
            # The authority is an operator's setting, not something a stranger has given us.
            instance_discovery=False,
            token_cache=cache,
            http_client=session,
        )

    def _for_application(self, tenant: str) -> Any:
        """Ask for a token at a tenant's own address; it is asked for once in an hour, so what
        msal opens and caches for it is not kept.
        """
        base, session = self._endpoints.authority.rpartition("/")[0], self._session()
        root = self._endpoints.scopes or "https://graph.microsoft.com/"
        try:
            app = self._in_tenant(f"{base}/{tenant}", session)
            return app.acquire_token_for_client([f"{root}.default"])
        finally:
            session.close()

    def _in_tenant(self, authority: str, session: Any) -> Any:
        """Return msal's application for one tenant; making it asks whether there is one."""
        try:
            return self._client(authority, _library().TokenCache(), session)
        except ValueError as error:
            if isinstance(error, OSError):  # such as a certificate that is not believed
                raise
            detail = "the sign-in service knows no such tenant"
            raise ConsentRequiredByAdmin(detail, provider=PROVIDER) from None

    def _session(self) -> Any:
        """Return the connections that msal uses.

        Each request to the token endpoint holds a secret of ours and of a person, so none is ever
        sent on to where a redirect leads.
        """
        library = importlib.import_module("requests")
        session: Any = library.Session()
        session.max_redirects = 0
        # Said with each request, a file of certificates stands over what the environment names.
        verify = self._endpoints.ca_file or True
        session.request = partial(
            session.request, timeout=self._timeout, verify=verify, allow_redirects=False
        )
        session.mount("https://", library.adapters.HTTPAdapter(pool_maxsize=THREADS, max_retries=1))
        return session

    async def _in_thread(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a call of msal in a thread. Raises the ProviderError leaf of what it raises."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, partial(work, *args, **kwargs))
        except ProviderError:
            raise
        except Exception as error:  # noqa: BLE001 - msal, requests and urllib3 raise of many kinds
            # Their messages may hold addresses and answers; they are not carried along.
            raise failure(error) from None

    def _access(self, result: Any, *, old: str = "", interactive: bool = False) -> Access:
        """Read what msal returns: tokens, or an error as the service gave it."""
        if not isinstance(result, dict):
            raise BadData("sign-in gives no answer", provider=PROVIDER)
        if "error" in result:
            raise failure(_refusal(result, interactive=interactive))
        token, renewal = result.get("access_token"), result.get("refresh_token", old)
        if not isinstance(token, str) or not isinstance(renewal, str):
            raise BadData("sign-in gives no token", provider=PROVIDER)
        return Access(
            token=token,
            expires_at=int(self._clock()) + _seconds(result.get("expires_in")),
            refresh_token=renewal,
            scopes=frozenset(_bare(name) for name in str(result.get("scope") or "").split()),
            claims=result.get("id_token_claims") or {},
        )


def consent_of(access: Access, asked: Tier) -> Consent:
    """Return the account that was opened and how much of it, never more than was asked for.

    Raises NotConnected when too little was granted, BadData when it is not said whose it is.
    """
    writes = _bare(WRITE) in access.scopes
    if not access.scopes & _READING:
        raise NotConnected("no access to calendars was granted", provider=PROVIDER)
    if not access.refresh_token:
        raise NotConnected("no lasting access was granted", provider=PROVIDER)
    claims = access.claims
    oid, tenant = str(claims.get("oid") or ""), str(claims.get("tid") or "")
    account = str(claims.get("preferred_username") or claims.get("email") or "")
    if not (oid and tenant and account):
        raise BadData("sign-in does not say whose account it is", provider=PROVIDER)
    tier = Tier.WRITE if writes and asked is Tier.WRITE else Tier.BUSY
    secret = {
        "refresh_token": access.refresh_token,
        # A person who asked for busy times only may have more from before: it is not used.
        "scopes": " ".join(SCOPES[tier]),
        "tier": tier.value,
        "home_account": f"{oid}.{tenant}",
        "tenant": tenant,
    }
    return Consent(account, secret, tier, personal=tenant == PERSONAL_TENANT)


def asked_tier(pending: Mapping[str, str]) -> Tier:
    """Return the tier a consent page was opened for. Raises BadData."""
    try:
        return Tier(pending["tier"])
    except (KeyError, ValueError):
        raise BadData("this is no sign-in of ours", provider=PROVIDER) from None


def _library() -> Any:
    """Import msal: the one place, reached at the first sign-in or renewal.

    It recommends that the answer be posted. A post from another site brings no SameSite cookie,
    by which the callback knows its browser, so the answer comes as a query, with PKCE.
    """
    warnings.filterwarnings("ignore", message="response_mode=", category=UserWarning)
    return importlib.import_module("msal")


def _threads() -> ThreadPoolExecutor:
    """Return threads of our own: the loop's few are needed for names of hosts and for parsing."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="microsoft")


def _flow(pending: Mapping[str, str]) -> dict[str, Any]:
    try:
        flow = json.loads(pending["flow"])
    except (KeyError, ValueError):
        flow = None
    if not isinstance(flow, dict):
        raise BadData("this is no sign-in of ours", provider=PROVIDER)
    return flow


def _refusal(result: Mapping[str, Any], *, interactive: bool) -> Refusal:
    codes = result.get("error_codes") or ()
    return Refusal(
        error=str(result["error"]),
        text=str(result.get("error_description") or ""),
        codes=tuple(code for code in codes if isinstance(code, int)),
        suberror=str(result.get("suberror") or ""),
        interactive=interactive,
    )


def _bare(scope: str) -> str:
    """Return a permission's name without the address before it, in lower case."""
    return scope.rpartition("/")[2].lower()


def _seconds(value: Any) -> int:
    try:
        return max(int(value), 0)
    except (TypeError, ValueError):
        return 0
