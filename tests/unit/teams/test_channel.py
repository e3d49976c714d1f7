"""What goes out: through the SDK's adapter over our wire, judged by the vendor's description."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.pacing import SENDS, Pace, Pacer
from adapters.teams.references import AddressBook, Contact, Spot
from bot.card import Action, Card
from bot.channel import Standing
from bot.message import Outgoing, Place
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)
from core.people import ChatIdentity
from tests.servers.teams.bench import ACCOUNT, MAYA, PERSONAL, USER, Bench
from tests.servers.teams.issuer import APP_ID
from tests.servers.teams.server import TENANT, Order, refusal
from tests.unit.teams.card_judge import card_problems

HELLO = Outgoing("Hello")
CARD = Outgoing("Two times", Card("Session", actions=(Action("help", "Help"),)), "proposal:7")
HERE = Place("teams", TENANT, PERSONAL)


@pytest.fixture
async def met(stage: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    await stage.meet()
    monkeypatch.setattr(stage.teams._wire, "_sleep", _at_once)
    return stage


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_a_card_goes_out_and_is_replaced(met: Bench) -> None:
    channel = met.teams.channel
    ref = await channel.send(HERE, CARD)
    sent = met.connector.activities[PERSONAL, ref]
    assert "replyToId" not in sent
    assert sent["from"] == {"id": f"28:{APP_ID}"}
    assert sent["summary"] == "Two times"
    card = sent["attachments"][0]["content"]
    assert card_problems(card) == []
    assert "refresh" not in card  # it says more than the state that a refresh would show

    await channel.edit(HERE, ref, Outgoing("It is booked."))
    replaced = met.connector.activities[PERSONAL, ref]
    assert (replaced["text"], replaced["textFormat"]) == ("It is booked.", "plain")
    assert replaced["id"] == ref


async def test_markup_in_a_plain_message_is_text(met: Bench) -> None:
    ref = await met.teams.channel.send(HERE, Outgoing("**Ärger** <at>Maya</at>"))
    sent = met.connector.activities[PERSONAL, ref]
    assert (sent["text"], sent["textFormat"]) == ("**Ärger** <at>Maya</at>", "plain")
    assert "entities" not in sent


async def test_an_answer_in_a_channel_stays_in_its_thread(met: Bench) -> None:
    place = Place("teams", TENANT, "19:abc@thread.tacv2", "1627505122598")
    await met.teams.channel.send(place, HELLO)
    assert met.connector.sent[-1][0] == "19:abc@thread.tacv2;messageid=1627505122598"


async def test_progress_is_typing(met: Bench) -> None:
    await met.teams.channel.progress(HERE, "Looking …")
    _, typing = met.connector.sent[-1]
    assert typing["type"] == "typing"
    assert "text" not in typing


async def test_progress_never_spoils_an_answer(met: Bench) -> None:
    met.connector.orders = [refusal(403, "MessageWritesBlocked")]
    await met.teams.channel.progress(HERE, "Looking …")
    assert met.connector.orders == []


async def test_private_goes_to_the_persons_own_conversation(met: Bench) -> None:
    place = Place("teams", TENANT, "19:abc@thread.tacv2", "1627505122598")
    await met.teams.channel.private(place, MAYA, HELLO)
    assert met.connector.sent[-1][0] == PERSONAL


async def test_somebody_who_never_wrote_gets_a_conversation_once(stage: Bench) -> None:
    kim = ChatIdentity("teams", TENANT, "11111111-2222-3333-4444-555555555555")
    for _ in range(2):
        place = await stage.teams.channel.direct(kim)
        assert place == ("teams", TENANT, f"a:{kim.user}", "")
    created = [path for method, path in stage.connector.calls if method == "POST"]
    assert created == ["/v3/conversations"]
    await stage.teams.channel.send(place, HELLO)
    assert stage.connector.sent[-1][0] == place.conversation


async def test_somebody_who_removed_it_is_not_written_to(met: Bench) -> None:
    await met.post(met.activity("installationUpdate", action="remove"))
    before = len(met.connector.calls)
    with pytest.raises(AccessRevoked):
        await met.teams.channel.direct(MAYA)
    assert len(met.connector.calls) == before


LEAVES: list[tuple[Order, type[ProviderError]]] = [
    (refusal(400, "BadSyntax"), InvalidRequest),
    (refusal(403, "MessageWritesBlocked"), AccessRevoked),
    (refusal(403, "BotNotInConversationRoster"), AccessRevoked),
    (Order(403, {"subCode": "MessageWritesBlocked"}), AccessRevoked),
    (refusal(403, "BotDisabledByAdmin"), ConsentRequiredByAdmin),
    (refusal(404, "ConversationNotFound"), RemoteMissing),
    (refusal(413, "MessageSizeTooBig"), InvalidRequest),
    (refusal(500, "ServiceError"), Unavailable),
    (Order(403, "<html>A proxy</html>"), Unavailable),
    (Order(404, "<html>A proxy</html>"), Unavailable),
    (Order(200, "<html>Sign in to the hotel</html>"), BadData),
    (refusal(401, "Unauthorized"), NotConnected),
    (refusal(412, "PreconditionFailed"), PreconditionFailed),
    (refusal(503, "ServiceUnavailable"), Unavailable),
]


@pytest.mark.parametrize(("order", "error"), LEAVES, ids=lambda v: getattr(v, "__name__", ""))
async def test_every_refusal_has_its_name(
    met: Bench, order: Order, error: type[ProviderError]
) -> None:
    met.connector.orders = [Order(order.status, order.body, order.headers, times=9)]
    with pytest.raises(error) as raised:
        await met.teams.channel.send(HERE, HELLO)
    assert type(raised.value) is error
    met.connector.violations.clear()  # these answers are not the description's


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
async def test_what_passes_is_tried_again(met: Bench, status: int) -> None:
    met.connector.orders = [Order(status, {"error": {"code": "x", "message": "y"}}, times=2)]
    assert await met.teams.channel.send(HERE, HELLO)
    assert len(met.connector.sent) == 1


async def test_a_short_wait_is_waited_for_and_a_long_one_is_told(met: Bench) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    met.teams._wire._sleep = sleep
    met.connector.orders = [refusal(429, "Throttled", Retry_After="3")]
    await met.teams.channel.send(HERE, HELLO)
    assert waits == [3.0]
    met.connector.orders = [refusal(429, "Throttled", Retry_After="77")]
    with pytest.raises(RateLimited) as raised:
        await met.teams.channel.send(HERE, HELLO)
    assert raised.value.retry_after == 77


async def test_a_refused_token_is_fetched_anew(met: Bench) -> None:
    await met.teams.channel.send(HERE, HELLO)
    met.connector.good_tokens.clear()
    await met.teams.channel.send(HERE, HELLO)
    assert met.connector.tokens_given == 2


async def test_one_token_serves_many(met: Bench) -> None:
    slow = Order(201, {"id": "1"}, times=12, seconds=0.05)
    met.connector.orders = [slow]
    places = [Place("teams", TENANT, f"a:{n}") for n in range(12)]
    await asyncio.gather(*(met.teams.channel.send(place, HELLO) for place in places))
    assert met.connector.tokens_given == 1
    assert met.connector.most_together > 1  # different conversations do not wait for each other


async def test_our_secret_is_refused(met: Bench) -> None:
    met.connector.refuse_secret = True
    with pytest.raises(NotConnected):
        await met.teams.channel.send(HERE, HELLO)


async def test_a_message_that_may_have_arrived_is_not_sent_twice(met: Bench) -> None:
    met.connector.orders = [Order(200, cut=True)]
    before = len(met.connector.calls)
    with pytest.raises(Unavailable):
        await met.teams.channel.send(HERE, HELLO)
    assert len(met.connector.calls) == before + 1
    met.connector.violations.clear()


async def test_one_after_the_other_in_a_conversation(met: Bench) -> None:
    met.connector.orders = [Order(201, {"id": "1"}, times=4, seconds=0.02)]
    sends = (met.teams.channel.send(HERE, Outgoing(str(n))) for n in range(5))
    await asyncio.gather(*sends)
    assert met.connector.most_together == 1
    assert met.connector.bodies == list("01234")


async def test_a_reference_that_is_none(met: Bench) -> None:
    for ref in ("", "1"):
        with pytest.raises(RemoteMissing):
            await met.teams.channel.edit(HERE, ref, HELLO)


async def test_what_another_process_wrote_is_not_believed_unwritten(met: Bench) -> None:
    """Two processes on one store: one notes that Maya left, the other that she is back."""
    other = AddressBook(met.teams._book._references)
    await other.save(TENANT, users={USER: Contact(ACCOUNT, "", "", "Maya Rossi", gone=True)})
    await met.post(met.activity("installationUpdate", action="add"))
    assert (await met.teams.channel.direct(MAYA)).conversation == PERSONAL


async def test_a_foreign_service_is_never_written_to(met: Bench) -> None:
    forged = {PERSONAL: Spot("https://evil.example.org/")}
    await met.teams.channel._book.save(TENANT, places=forged)
    with pytest.raises(InvalidRequest):
        await met.teams.channel.send(HERE, HELLO)


# --- pace -----------------------------------------------------------------------------------------


def test_pace_keeps_every_window() -> None:
    pace, now, times = Pace(SENDS), 0.0, []
    for _ in range(400):
        now += max(0.0, pace.wait(now))
        pace.mark(now)
        times.append(now)
    for seconds, most in SENDS:
        for first, last in zip(times, times[most:], strict=False):
            assert last - first >= seconds


async def test_a_long_wait_is_the_callers() -> None:
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    pacer = Pacer(lambda: now[0], sleep)
    sent: list[str] = []

    async def send(lane: str) -> None:
        async with pacer.turn("tenant", lane) as step:
            await step()
            sent.append(lane)

    async def many() -> None:
        for _ in range(100):
            await send("lane")

    with pytest.raises(RateLimited) as raised:
        await many()
    assert len(sent) == 60
    assert 0 < raised.value.retry_after <= 31
    await send("another")


# --- people ---------------------------------------------------------------------------------------

ROSTER: dict[str, Any] = {
    "id": ACCOUNT,
    "name": "Maya  Rossi",
    "objectId": USER,
    "email": "maya@example.org",
    "userPrincipalName": "m.rossi@example.org",
    "tenantId": TENANT,
    "userRole": "user",
}


@pytest.mark.parametrize(
    ("changed", "email", "standing"),
    [
        ({}, "maya@example.org", Standing.MEMBER),
        ({"email": ""}, "m.rossi@example.org", Standing.MEMBER),
        ({"email": "", "userPrincipalName": "mrossi"}, "", Standing.MEMBER),
        (
            {"email": "", "userPrincipalName": "m_x.org#EXT#@y.onmicrosoft.com"},
            "",
            Standing.GUEST,
        ),
        ({"userRole": "guest"}, "maya@example.org", Standing.GUEST),
        ({"tenantId": "another"}, "maya@example.org", Standing.STRANGER),
    ],
)
async def test_the_roster(
    met: Bench, changed: dict[str, str], email: str, standing: Standing
) -> None:
    met.connector.members[ACCOUNT] = ROSTER | changed
    found = await met.teams.directory.get(MAYA)
    assert found
    assert (found.name, found.email, found.standing) == ("Maya Rossi", email, standing)
    assert (found.zone, found.locale) == ("Europe/London", "en-GB")


async def test_a_name_turns_nothing_round_and_is_seen(met: Bench) -> None:
    met.connector.members[ACCOUNT] = ROSTER | {"name": "\u202eMa\u200bya \x07\u2067Rossi"}
    found = await met.teams.directory.get(MAYA)
    assert found
    assert found.name == "Maya Rossi"


async def test_nobody(met: Bench) -> None:
    stranger = ChatIdentity("teams", TENANT, "11111111-2222-3333-4444-555555555555")
    assert await met.teams.directory.get(stranger) is None


async def test_somebody_whom_the_roster_lost(met: Bench) -> None:
    found = await met.teams.directory.get(MAYA)
    assert found
    assert found.standing is Standing.GONE


def test_the_sdk_is_loaded_when_teams_is_used() -> None:
    import subprocess  # noqa: PLC0415  # a fresh interpreter shows what is loaded
    import sys  # noqa: PLC0415

    code = (
        "import sys, adapters.teams.app\n"
        "heavy = ('botbuilder', 'botframework', 'msrest', 'msal', 'requests')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
