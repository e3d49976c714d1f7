"""A service's consent page in memory: every promise of the port, with refusals on demand."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from core.errors import AccessRevoked, BadData, ConsentRequiredByAdmin, NotConnected, Unavailable
from core.links import Tier
from core.ports import Consent, Start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.memory.calendar import MemoryCalendars
    from core.errors import ProviderError

REFUSED = "access_denied"
BY_ADMIN = "admin_policy_enforced"
LATER = ("temporarily_unavailable", "server_error")  # RFC 6749 4.1.2.1


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who sits at the consent page, and what they do there.

    `granted` is the most they allow, None for less than busy times; `error` is answered instead
    of a consent.
    """

    account: str
    granted: Tier | None = Tier.WRITE
    personal: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Code:
    """What a code stands for until it is exchanged."""

    by: Answerer
    tier: Tier
    verifier: str
    redirect: str


@dataclass(slots=True)
class MemoryConsent:
    """The port `ConsentConnector`; accounts and their calendars are those of `calendars`.

    `person` decides at the page. `failure` is raised by the next call while it is set. `asked`
    keeps what the pages were opened with: tier, hint, state, redirect.
    """

    calendars: MemoryCalendars
    person: Answerer
    origin: str = "https://consent.example"
    failure: ProviderError | None = None
    asked: list[tuple[Tier, str, str, str]] = field(default_factory=list)
    _codes: dict[str, _Code] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    # --- what the person does ---

    def answered(self, url: str) -> dict[str, str]:
        """Decide at a consent page; return the query with which its answer comes back."""
        asked = dict(parse_qsl(urlsplit(url).query))
        if self.person.error:
            return {"error": self.person.error, "state": asked["state"]}
        code = f"code-{next(self._numbers)}"
        tier = Tier(asked["tier"])
        self._codes[code] = _Code(self.person, tier, asked["challenge"], asked["redirect_uri"])
        return {"code": code, "state": asked["state"]}

    # --- ConsentConnector ---

    async def start(self, tier: Tier, hint: str, state: str, redirect: str) -> Start:
        """Return a page whose address says what it was asked."""
        self._fail()
        self.asked.append((tier, hint, state, redirect))
        verifier = f"verifier-{next(self._numbers)}"
        query = {
            "state": state,
            "tier": tier.value,
            "challenge": verifier,  # nobody listens in memory, so it is its own challenge
            "redirect_uri": redirect,
        }
        return Start(f"{self.origin}/consent?{urlencode(query)}", {"verifier": verifier})

    async def finish(
        self, pending: Mapping[str, str], query: Mapping[str, str], redirect: str
    ) -> Consent:
        """Exchange a code, once, by the one who asked for it. Raises as the port says."""
        self._fail()
        provider = self.calendars.provider
        if "error" in query:
            raise self._refusal(query["error"])
        code = query.get("code", "")
        if code in self._used:
            raise AccessRevoked("the code was used", provider=provider)
        kept = self._codes.get(code)
        if kept is None or kept.redirect != redirect:
            raise BadData("no code of ours", provider=provider)
        if not hmac.compare_digest(kept.verifier, pending.get("verifier", "")):
            raise BadData("the code was not given to us", provider=provider)
        self._used.add(code)
        if kept.by.granted is None:
            raise NotConnected("busy times are not granted", provider=provider)
        return self._consent(kept.by, min(kept.tier, kept.by.granted, key=list(Tier).index))

    def _consent(self, by: Answerer, tier: Tier) -> Consent:
        grant = self.calendars.grant(by.account, "")
        return Consent(by.account, grant.secret, tier, by.personal)

    def _refusal(self, error: str) -> ProviderError:
        provider = self.calendars.provider
        if error == BY_ADMIN:
            return ConsentRequiredByAdmin(error, provider=provider)
        kind = Unavailable if error in LATER else NotConnected
        return kind(error, provider=provider)

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


def consenting(calendars: MemoryCalendars, person: Answerer) -> MemoryConsent:
    """Return a consent page for an account, which is opened when it is not there yet."""
    calendars.open_account(person.account, f"secret of {person.account}")
    return MemoryConsent(calendars, person)
