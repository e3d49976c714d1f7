"""The calendar contract for Microsoft 365, on the stand-ins for Graph and Entra."""

from collections.abc import AsyncIterator

import pytest

from core.errors import InvalidRequest
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from tests.contract.calendar_contract import (
    ApprovalContract,
    CalendarBench,
    CalendarContract,
    InboxContract,
    MemberContract,
    RoomContract,
)
from tests.contract.series_contract import MemberSeriesContract, SeriesContract
from tests.servers.graph.bench import GraphBench, opened
from tests.servers.graph.tls import PrivateAuthority

# These would name other authorities to requests, under msal, than those of the tests.
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> PrivateAuthority:
    return PrivateAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def bench(
    authority: PrivateAuthority, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[GraphBench]:
    for name in BUNDLES:
        monkeypatch.delenv(name, raising=False)
    async with opened(authority) as bench:
        yield bench


class TestMicrosoftMembers(MemberContract):
    """Members' copies are plain, where an organisation wants them."""


class TestMicrosoftSeries(SeriesContract):
    """One event with a pattern: occurrences are deleted and moved."""


class TestMicrosoftMemberSeries(MemberSeriesContract):
    """Members' copies are plain here, too."""


class TestMicrosoftRooms(RoomContract):
    """Teams."""


class TestMicrosoftInbox(InboxContract):
    """What Exchange files of our mails."""


class TestMicrosoft(CalendarContract, ApprovalContract):
    # Accounts open by consent here, never by a password.

    async def test_an_account_opens_with_what_was_typed(self, bench: CalendarBench) -> None:
        assert isinstance(bench, GraphBench)
        consent = await bench.connect()
        assert consent.account == "maya@example.org"
        assert consent.tier is Tier.WRITE
        grant = Grant(
            GrantId("fresh"), PersonId("maya"), Provider.MICROSOFT, consent.account, consent.secret
        )
        found = await bench.service.connector.calendars(grant)
        assert [(c.calendar_id, c.name, c.writable, c.default) for c in found] == [
            (bench.first, "Work", True, True),
            (bench.second, "Personal", True, False),
        ]

    async def test_a_wrong_password_is_refused(self, bench: CalendarBench) -> None:
        assert isinstance(bench, GraphBench)
        for password in ("right", "wrong"):
            with pytest.raises(InvalidRequest):
                await bench.service.connector.verify({**bench.form, "password": password})
        assert bench.graph.asked == []


@pytest.fixture
def quiet(bench: GraphBench) -> GraphBench:
    bench.graph.sends_back = False
    bench.graph.page = 1
    bench.mailbox.replay = "conflict"
    bench.mailbox.remembers = True
    return bench


@pytest.mark.usefixtures("quiet")
class TestQuietUpdates(TestMicrosoft):
    """The same where an update does not give the event back (as the description says)."""


@pytest.mark.usefixtures("quiet")
class TestQuietRooms(RoomContract):
    """The same for rooms."""


@pytest.mark.usefixtures("quiet")
class TestQuietSeries(SeriesContract):
    """The same for series, where deleted occurrences do not come back either."""

    @pytest.fixture(autouse=True)
    def for_good(self, bench: GraphBench) -> None:
        bench.mailbox.restores = False
