"""A tenant's approval: one access for all its people, and what is refused."""

import pytest

from core.errors import ConsentRequiredByAdmin, NotConnected, Unavailable
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from core.ports import Delegation
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.entra import CLIENT, WORK_TENANT, Order, refusal
from tests.servers.graph.mailbox import Mailbox


def delegation(bench: GraphBench) -> Delegation:
    found = bench.service.delegation
    assert found is not None
    return found


async def granted(bench: GraphBench, account: str, tier: Tier = Tier.WRITE) -> Grant:
    opened = await delegation(bench).open(account, WORK_TENANT, tier)
    return Grant(GrantId(account), PersonId("p"), Provider.MICROSOFT, account, opened.secret)


@pytest.fixture
def approved(bench: GraphBench) -> GraphBench:
    bench.entra.approved = frozenset({WORK_TENANT})
    return bench


async def test_before_the_approval_it_is_needed(bench: GraphBench) -> None:
    with pytest.raises(ConsentRequiredByAdmin, match="AADSTS700016"):
        await granted(bench, "maya@example.org")
    with pytest.raises(ConsentRequiredByAdmin, match="no such tenant"):
        await delegation(bench).open("maya@example.org", "nowhere.example.org", Tier.WRITE)


async def test_all_people_of_a_tenant_share_one_access(approved: GraphBench) -> None:
    other = Mailbox("sam@example.org")
    other.add_calendar("Sam's", default=True)
    approved.graph.mailboxes["sam@example.org"] = other
    for account, names in (
        ("maya@example.org", {"Work", "Personal"}),
        ("sam@example.org", {"Sam's"}),
    ):
        grant = await granted(approved, account)
        found = await approved.service.connector.calendars(grant)
        assert {calendar.name for calendar in found} == names
    assert [form["grant_type"] for form in approved.entra.asked] == ["client_credentials"]
    assert approved.entra.asked[0]["scope"] == "https://graph.microsoft.com/.default"
    assert approved.grants.saved == []
    assert delegation(approved).terms().client_id == CLIENT


async def test_a_mailbox_that_is_none_or_outside_the_scope_is_not_connected(
    approved: GraphBench,
) -> None:
    with pytest.raises(NotConnected):
        await approved.service.connector.calendars(await granted(approved, "no@example.org"))
    approved.graph.outside = frozenset({"maya@example.org"})
    with pytest.raises(NotConnected):
        await approved.service.connector.calendars(await granted(approved, "maya@example.org"))


async def test_an_ended_token_is_renewed_once(approved: GraphBench) -> None:
    grant = await granted(approved, "maya@example.org")
    approved.entra.access.clear()
    assert await approved.service.connector.calendars(grant)
    assert len(approved.entra.asked) == 2


async def test_busy_only_cannot_write(approved: GraphBench) -> None:
    found = await approved.service.connector.calendars(
        await granted(approved, "maya@example.org", Tier.BUSY)
    )
    assert [calendar.writable for calendar in found] == [False, False]


async def test_a_sign_in_that_is_down_is_unavailable(approved: GraphBench) -> None:
    approved.entra.orders.append(Order(refusal("temporarily_unavailable", 90033), status=503))
    with pytest.raises(Unavailable):
        await granted(approved, "maya@example.org")
