"""Opening an account by consent, keeping it open, giving it back."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from adapters.google.oauth import challenge_of
from adapters.google.scopes import ASKED, OWN_EVENTS
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    ProviderError,
    Unavailable,
)
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from core.ports import Consent
from tests.servers.google.bench import REDIRECT, GoogleBench
from tests.servers.google.server import Order

CALENDAR = "https://www.googleapis.com/auth/calendar."


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def grant_of(consent: Consent) -> Grant:
    return Grant(GrantId("g"), PersonId("maya"), Provider.GOOGLE, consent.account, consent.secret)


class TestStart:
    @pytest.mark.parametrize("tier", list(Tier))
    async def test_only_the_tiers_own_rights_are_asked_for(
        self, bench: GoogleBench, tier: Tier
    ) -> None:
        start = await bench.google.start(tier, "maya@example.com", "s", REDIRECT)
        asked = set(query_of(start.url)["scope"].split())
        least = {"openid", "email", f"{CALENDAR}freebusy", f"{CALENDAR}calendarlist.readonly"}
        assert asked == least | ({f"{CALENDAR}events.owned"} if tier is Tier.WRITE else set())

    async def test_the_challenge_belongs_to_a_fresh_verifier(self, bench: GoogleBench) -> None:
        one, two = [await bench.google.start(Tier.BUSY, "", "s", REDIRECT) for _ in range(2)]
        assert one.pending["verifier"] != two.pending["verifier"]
        digest = hashlib.sha256(one.pending["verifier"].encode()).digest()
        expected = urlsafe_b64encode(digest).decode().rstrip("=")
        assert query_of(one.url)["code_challenge"] == expected
        assert one.pending["verifier"] not in one.url
        assert 43 <= len(one.pending["verifier"]) <= 128

    def test_the_challenge_of_the_rfc(self) -> None:
        verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
        assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    async def test_an_unknown_address_is_no_hint(self, bench: GoogleBench) -> None:
        start = await bench.google.start(Tier.BUSY, "", "s", REDIRECT)
        assert "login_hint" not in query_of(start.url)


class TestFinish:
    @pytest.mark.parametrize("tier", list(Tier))
    async def test_a_consent_opens_the_account(self, bench: GoogleBench, tier: Tier) -> None:
        consent = await bench.consented(tier)
        assert consent.tier is tier
        assert consent.account == "maya@example.com"
        assert not consent.personal
        assert set(consent.secret) == {"refresh_token", "scopes", "sub", "email"}
        assert len(await bench.google.calendars(grant_of(consent))) == 2
        assert bench.server.consents.refreshed == 0  # the token of the exchange still serves

    async def test_an_account_of_no_organisation_is_personal(self, bench: GoogleBench) -> None:
        bench.account.hosted = ""
        assert (await bench.consented(Tier.BUSY)).personal

    async def test_writing_unticked_leaves_busy_times(self, bench: GoogleBench) -> None:
        bench.server.consents.unticked = frozenset({OWN_EVENTS})
        assert (await bench.consented(Tier.WRITE)).tier is Tier.BUSY

    @pytest.mark.parametrize("right", ["freebusy", "calendarlist.readonly"])
    async def test_too_little_is_not_connected(self, bench: GoogleBench, right: str) -> None:
        bench.server.consents.unticked = frozenset({CALENDAR + right})
        with pytest.raises(NotConnected, match="not granted"):
            await bench.consented(Tier.WRITE)

    async def test_more_is_asked_for_later_on_top_of_what_was_granted(
        self, bench: GoogleBench
    ) -> None:
        await bench.consented(Tier.BUSY)
        bench.server.consents.unticked = frozenset(ASKED[Tier.BUSY])
        assert (await bench.consented(Tier.WRITE)).tier is Tier.WRITE

    async def test_less_is_asked_for_without_the_old_rights(self, bench: GoogleBench) -> None:
        await bench.consented(Tier.WRITE)
        assert (await bench.consented(Tier.BUSY)).tier is Tier.BUSY

    @pytest.mark.parametrize(
        ("decision", "error"),
        [
            ("access_denied", NotConnected),
            ("admin_policy_enforced", ConsentRequiredByAdmin),
            ("org_internal", NotConnected),
            ("disallowed_useragent", NotConnected),
            ("temporarily_unavailable", Unavailable),
        ],
    )
    async def test_refusals_have_their_names(
        self, bench: GoogleBench, decision: str, error: type[ProviderError]
    ) -> None:
        bench.server.consents.decision = decision
        with pytest.raises(error, match=decision):
            await bench.consented(Tier.WRITE)

    async def test_a_code_works_once(self, bench: GoogleBench) -> None:
        start = await bench.google.start(Tier.BUSY, "", "s", REDIRECT)
        query = await bench.walked(start.url)
        await bench.google.finish(start.pending, query, REDIRECT)
        with pytest.raises(AccessRevoked):
            await bench.google.finish(start.pending, query, REDIRECT)

    async def test_a_code_of_another_consent_is_refused(self, bench: GoogleBench) -> None:
        mine, theirs = [await bench.google.start(Tier.BUSY, "", "s", REDIRECT) for _ in range(2)]
        query = await bench.walked(theirs.url)
        with pytest.raises(AccessRevoked):
            await bench.google.finish(mine.pending, query, REDIRECT)

    @pytest.mark.parametrize(
        "query",
        [{}, {"state": "s"}, {"state": "other", "code": "4/x"}, {"state": "é", "code": "4"}],
    )
    async def test_an_answer_of_another_form_is_bad(
        self, bench: GoogleBench, query: dict[str, str]
    ) -> None:
        start = await bench.google.start(Tier.BUSY, "", "s", REDIRECT)
        with pytest.raises(BadData):
            await bench.google.finish(start.pending, query, REDIRECT)

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "another-client"},
            {"iss": "https://accounts.example.net"},
            {"nonce": "replayed"},
            {"exp": 1},
            {"exp": "soon"},
            {"sub": ""},
            {"email": None},
            {"email_verified": False},
        ],
    )
    async def test_an_identity_for_somebody_else_is_refused(
        self, bench: GoogleBench, claims: dict[str, object]
    ) -> None:
        bench.server.consents.claims = claims
        with pytest.raises(BadData, match="identity"):
            await bench.consented(Tier.BUSY)

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            ((400, {"error": "invalid_grant"}), AccessRevoked),
            ((401, {"error": "invalid_client"}), InvalidRequest),
            ((400, {"error": "invalid_scope"}), NotConnected),
            (
                (400, {"error": "access_denied", "error_subtype": "admin_policy_enforced"}),
                ConsentRequiredByAdmin,
            ),
            ((503, {}), Unavailable),
            ((200, {}), BadData),
            ((200, {"access_token": "a", "expires_in": 9}), BadData),
            ((200, {"access_token": 1}), BadData),
        ],
    )
    async def test_the_token_endpoint_fails_by_name(
        self, bench: GoogleBench, answer: tuple[int, dict[str, object]], error: type[ProviderError]
    ) -> None:
        bench.server.consents.refusals.append(answer)
        with pytest.raises(error):
            await bench.consented(Tier.BUSY)

    async def test_a_wrong_client_secret_is_our_fault(self, bench: GoogleBench) -> None:
        bench.world.client = (bench.world.client[0], "rotated")
        with pytest.raises(InvalidRequest) as caught:
            await bench.consented(Tier.BUSY)
        assert "tandem-secret" not in f"{caught.value!r}{caught.value.__cause__!r}"


class TestTokens:
    async def test_one_renewal_at_a_time_per_grant(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await asyncio.gather(*(bench.google.calendars(grant) for _ in range(6)))
        assert bench.server.consents.refreshed == 1

    async def test_many_calls_refused_at_once_renew_once(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        bench.world.passing.clear()
        await asyncio.gather(*(bench.google.calendars(grant) for _ in range(5)))
        assert bench.server.consents.refreshed == 2

    async def test_a_token_is_renewed_a_minute_before_its_end(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        bench.clock.at += 3599 - 61
        await bench.google.calendars(grant)
        assert bench.server.consents.refreshed == 1
        bench.clock.at += 1
        await bench.google.calendars(grant)
        assert bench.server.consents.refreshed == 2

    async def test_access_tokens_are_never_handed_out_to_be_kept(self, bench: GoogleBench) -> None:
        consent = await bench.consented(Tier.WRITE)
        assert not any("ya29" in value for value in consent.secret.values())
        await bench.google.calendars(grant_of(consent))
        assert bench.grants.kept == []

    async def test_a_rotated_refresh_token_is_kept(self, bench: GoogleBench) -> None:
        bench.server.consents.rotating = True
        grant = await bench.grant()
        await bench.google.calendars(grant)
        (kept,) = bench.grants.kept
        assert kept == {**grant.secret, "refresh_token": kept["refresh_token"]}
        assert kept["refresh_token"] in bench.world.lasting
        for still in (grant, replace(grant, secret=kept)):
            await bench.google.calendars(still)
        assert bench.server.consents.refreshed == 1

    async def test_a_dead_grant_is_revoked_access_without_repetition(
        self, bench: GoogleBench
    ) -> None:
        grant = await bench.grant()
        bench.world.revoke(bench.account)
        with pytest.raises(AccessRevoked):
            await bench.google.calendars(grant)
        assert bench.waits == []
        assert bench.server.asked == []

    async def test_an_unreachable_token_endpoint_is_tried_again(self, bench: GoogleBench) -> None:
        bench.server.consents.refusals += [(503, {}), (500, {})]
        assert len(await bench.google.calendars(await bench.grant())) == 2
        assert len(bench.waits) == 2


class TestRevoke:
    async def test_access_is_given_back(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        await bench.google.calendars(grant)
        await bench.google.revoke(grant)
        assert bench.server.consents.revoked == [grant.secret["refresh_token"]]
        with pytest.raises(AccessRevoked):
            await bench.google.calendars(grant)

    async def test_what_is_gone_already_is_given_back(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        bench.world.revoke(bench.account)
        await bench.google.revoke(grant)

    async def test_a_failure_is_told(self, bench: GoogleBench) -> None:
        bench.server.consents.refusals += [(503, {})] * 4
        with pytest.raises(Unavailable):
            await bench.google.revoke(await bench.grant())

    async def test_nothing_secret_is_in_a_failure(self, bench: GoogleBench) -> None:
        grant = await bench.grant()
        bench.server.orders.append(Order("refuse", status=403, reason="forbidden"))
        with pytest.raises(NotConnected) as caught:
            await bench.google.calendars(grant)
        told = f"{caught.value!r}{caught.value.__cause__!r}{grant!r}"
        assert grant.secret["refresh_token"] not in told
        assert "ya29" not in told
