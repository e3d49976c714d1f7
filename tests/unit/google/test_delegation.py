"""IT's service account: its key file, what it asks for, and what it is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.google.delegation import load_service_account
from adapters.google.scopes import GRANTED_BY_IT, OWN_EVENTS
from core.errors import AccessRevoked, ConsentRequiredByAdmin, NotConnected
from core.links import Tier
from core.ports import Delegation
from tests.contract.test_calendar_google_delegated import DelegatedBench, open_delegated
from tests.servers.google.delegation import CLIENT, EMAIL, key_file


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[DelegatedBench]:
    async with open_delegated(tmp_path) as bench:
        yield bench


def delegation(bench: DelegatedBench) -> Delegation:
    found = bench.service.delegation
    assert found is not None
    return found


async def test_an_account_opens_for_its_person_with_exactly_the_scopes(
    bench: DelegatedBench,
) -> None:
    opened = await delegation(bench).open("maya@example.com", "", Tier.BUSY)
    (claims,) = bench.it.asked
    assert claims["sub"] == "maya@example.com"
    assert claims["iss"] == EMAIL
    assert str(claims["scope"]).split() == list(GRANTED_BY_IT[Tier.BUSY])
    assert opened.secret["delegated"] == "yes"
    assert "private" not in repr(opened.secret).lower()
    terms = delegation(bench).terms()
    assert terms.client_id == CLIENT
    assert OWN_EVENTS in terms.scopes
    assert not {"openid", "email"} & set(terms.scopes)


async def test_busy_only_cannot_write(bench: DelegatedBench) -> None:
    grant = await bench.grant(Tier.BUSY)
    found = await bench.service.connector.calendars(grant)
    assert [calendar.writable for calendar in found] == [False, False]


async def test_what_it_has_not_authorised_needs_it(bench: DelegatedBench) -> None:
    bench.it.authorised = frozenset(GRANTED_BY_IT[Tier.BUSY])
    with pytest.raises(ConsentRequiredByAdmin):
        await delegation(bench).open("maya@example.com", "", Tier.WRITE)
    await delegation(bench).open("maya@example.com", "", Tier.BUSY)


async def test_an_unknown_or_suspended_person_is_not_connected(bench: DelegatedBench) -> None:
    with pytest.raises(NotConnected):
        await delegation(bench).open("nobody@example.com", "", Tier.WRITE)
    grant = await bench.grant()
    bench.it.suspended = frozenset({"maya@example.com"})
    bench.clock.at += 7200
    with pytest.raises(AccessRevoked):
        await bench.service.connector.calendars(grant)


async def test_tokens_are_kept_in_memory_and_renewed_before_they_end(
    bench: DelegatedBench,
) -> None:
    grant = await bench.grant()
    asked = len(bench.it.asked)
    for _ in range(3):
        await bench.service.connector.calendars(grant)
    assert len(bench.it.asked) == asked + 1
    bench.clock.at += 3590
    await bench.service.connector.calendars(grant)
    assert len(bench.it.asked) == asked + 2
    assert bench.grants.kept == []


async def test_giving_back_takes_nothing_from_it(bench: DelegatedBench) -> None:
    grant = await bench.grant()
    await bench.service.connector.revoke(grant)
    assert bench.server.consents.revoked == []
    assert await bench.service.connector.calendars(grant)


async def test_without_the_key_the_grant_does_not_hold(bench: DelegatedBench) -> None:
    grant = await bench.grant()
    plain = super(DelegatedBench, bench).adapter()
    try:
        assert plain.service().delegation is None
        with pytest.raises(ConsentRequiredByAdmin):
            await plain.calendars(grant)
    finally:
        await plain.close()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"type": "authorized_user"}, "not one of a service account"),
        ({"client_id": ""}, "lacks client_id"),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nsecret-stuff"}, "cannot be used"),
    ],
)
def test_a_bad_key_file_is_named_without_its_content(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        load_service_account(key_file(tmp_path, **changes))
    assert "secret-stuff" not in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        load_service_account(str(tmp_path / "none.json"))
    (tmp_path / "text.json").write_text("not json")
    with pytest.raises(ValueError, match="not JSON"):
        load_service_account(str(tmp_path / "text.json"))


def test_the_key_is_not_shown(tmp_path: Path) -> None:
    assert "PRIVATE" not in repr(load_service_account(key_file(tmp_path)))
