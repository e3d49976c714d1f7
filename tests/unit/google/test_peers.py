"""Consent against OAuth servers that somebody else wrote."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from adapters.google.calendar import GoogleCalendar
from adapters.google.oauth import Endpoints
from adapters.google.retries import Retries
from adapters.google.scopes import ASKED
from adapters.system import SystemClock
from core.errors import AccessRevoked, ConsentRequiredByAdmin, NotConnected, ProviderError
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from core.ports import Consent
from tests.servers.google.bench import REDIRECT, KeptGrants
from tests.servers.node.processes import emulate, oauth_errors

CLIENT = "tandem-client", "tandem-secret"
SEED = {
    "google": {
        "users": [{"email": "maya@example.com", "name": "Maya", "hd": "example.com"}],
        "oauth_clients": [
            {
                "client_id": CLIENT[0],
                "client_secret": CLIENT[1],
                "name": "Tandem",
                "redirect_uris": [REDIRECT],
            }
        ],
    }
}


def adapter(endpoints: Endpoints) -> GoogleCalendar:
    retries = Retries(lambda _: asyncio.sleep(0))
    return GoogleCalendar(*CLIENT, KeptGrants(), endpoints, SystemClock(), retries=retries)


def query_of(location: str) -> dict[str, str]:
    assert location.startswith(REDIRECT)
    return dict(parse_qsl(urlsplit(location).query))


class TestEmulate:
    """The happy path, renewal and revocation; the person presses the button on its page."""

    @pytest.fixture
    async def google(self, tmp_path: Path) -> AsyncIterator[GoogleCalendar]:
        seed = tmp_path / "seed.yaml"
        seed.write_text(json.dumps(SEED))  # JSON is YAML
        async with emulate("google", seed) as url:
            google = adapter(
                Endpoints(
                    auth=f"{url}/o/oauth2/v2/auth",
                    token=f"{url}/oauth2/token",
                    revoke=f"{url}/oauth2/revoke",
                    api=f"{url}/calendar/v3/",
                    issuer=url,
                )
            )
            yield google
            await google.close()

    async def pressed(self, url: str) -> dict[str, str]:
        """Open the page and press the person's button."""
        async with aiohttp.ClientSession() as browser:
            async with browser.get(url) as answer:
                page = await answer.text()
            fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
            action = re.search(r'action="([^"]+)"', page)
            assert action is not None, page
            async with browser.post(
                f"{url.partition('/o/')[0]}{action[1]}",
                data={name: unescape(value) for name, value in fields},
                allow_redirects=False,
            ) as answer:
                return query_of(answer.headers["Location"])

    async def consented(self, google: GoogleCalendar) -> Consent:
        start = await google.start(Tier.WRITE, "maya@example.com", "state-1", REDIRECT)
        return await google.finish(start.pending, await self.pressed(start.url), REDIRECT)

    async def test_an_account_is_opened_renewed_and_given_back(
        self, google: GoogleCalendar
    ) -> None:
        consent = await self.consented(google)
        assert (consent.account, consent.tier) == ("maya@example.com", Tier.WRITE)
        assert set(consent.secret["scopes"].split()) == set(ASKED[Tier.WRITE])
        grant = Grant(
            GrantId("g"), PersonId("maya"), Provider.GOOGLE, consent.account, consent.secret
        )
        token = await google._tokens.access(grant)
        newer = await google._tokens.access(grant, refused=token)
        assert newer != token
        assert [c.default for c in await google.calendars(grant)].count(True) == 1
        await google.revoke(grant)
        with pytest.raises(AccessRevoked):
            await google.calendars(grant)

    async def test_the_verifier_is_really_checked(self, google: GoogleCalendar) -> None:
        start = await google.start(Tier.BUSY, "", "state-1", REDIRECT)
        query = await self.pressed(start.url)
        forged = {**start.pending, "verifier": "v" * 64}
        with pytest.raises(AccessRevoked):
            await google.finish(forged, query, REDIRECT)


class TestRefusals:
    """What another OAuth server says when it refuses."""

    @pytest.fixture
    async def google(self) -> AsyncIterator[GoogleCalendar]:
        async with oauth_errors() as url:
            google = adapter(
                Endpoints(f"{url}/authorize", f"{url}/token", f"{url}/revoke", url, issuer=url)
            )
            yield google
            await google.close()

    @pytest.mark.parametrize(
        ("hint", "error"),
        [
            ("error:access_denied", NotConnected),
            ("error:admin_policy_enforced", ConsentRequiredByAdmin),
            ("token:invalid_grant", AccessRevoked),
        ],
    )
    async def test_refusals_have_their_names(
        self, google: GoogleCalendar, hint: str, error: type[ProviderError]
    ) -> None:
        start = await google.start(Tier.WRITE, hint, "state-1", REDIRECT)
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(start.url, allow_redirects=False) as answer,
        ):
            query = query_of(answer.headers["Location"])
        with pytest.raises(error):
            await google.finish(start.pending, query, REDIRECT)
