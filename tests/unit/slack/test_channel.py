"""What goes out to Slack: messages, edits, what one person sees, and how refusals are named."""

from typing import Any

import pytest

from adapters.slack.errors import Failure, typed
from adapters.slack.pacing import LONGEST, Pacer
from bot.card import Card, Text
from bot.channel import Standing
from bot.message import Outgoing, Place
from core.errors import (
    AccessRevoked,
    BadData,
    Conflict,
    ConsentRequiredByAdmin,
    InvalidRequest,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)
from core.people import ChatIdentity
from tests.servers.slack.bench import MAYA, Bench
from tests.servers.slack.server import TOKEN, Refusal

CHANNEL = Place("slack", "T1", "C1", "1700000000.000001")
DIRECT = Place("slack", "T1", "D1")
HELLO = Outgoing("Hello", Card("Hello", (Text("How are you?"),)))


async def test_a_message_is_posted_in_its_thread(stage: Bench) -> None:
    ref = await stage.slack.channel.send(CHANNEL, HELLO)
    (posted,) = stage.server.of("chat.postMessage")
    assert ref.startswith("1700000000.")
    assert (posted["channel"], posted["thread_ts"]) == ("C1", "1700000000.000001")
    assert stage.server.calls[0].token == TOKEN
    assert posted["unfurl_links"] is False


async def test_a_person_is_written_to_in_their_own_conversation(stage: Bench) -> None:
    for _ in range(2):
        await stage.slack.channel.send(Place("slack", "T1", "U1"), HELLO)
    assert [call["channel"] for call in stage.server.of("chat.postMessage")] == ["DU1", "DU1"]
    assert len(stage.server.of("conversations.open")) == 1
    assert await stage.slack.channel.direct(MAYA) == Place("slack", "T1", "DU1")


async def test_a_conversation_that_is_gone_is_opened_anew(stage: Bench) -> None:
    place = await stage.slack.channel.direct(MAYA)
    stage.server.refuse("chat.postMessage", Refusal("channel_not_found"))
    with pytest.raises(AccessRevoked):
        await stage.slack.channel.send(place, HELLO)
    await stage.slack.channel.direct(MAYA)
    assert len(stage.server.of("conversations.open")) == 2


async def test_a_message_is_replaced(stage: Bench) -> None:
    ref = await stage.slack.channel.send(DIRECT, HELLO)
    await stage.slack.channel.edit(DIRECT, ref, Outgoing("Done."))
    (edited,) = stage.server.of("chat.update")
    assert (edited["channel"], edited["ts"], edited["text"]) == ("D1", ref, "Done.")


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "is_archived"])
async def test_a_message_that_cannot_be_replaced_is_missing(stage: Bench, code: str) -> None:
    stage.server.refuse("chat.update", Refusal(code))
    with pytest.raises(RemoteMissing):
        await stage.slack.channel.edit(DIRECT, "1.1", HELLO)


async def test_one_person_alone_sees_what_is_private(stage: Bench) -> None:
    await stage.slack.channel.private(CHANNEL, MAYA, HELLO)
    (shown,) = stage.server.of("chat.postEphemeral")
    assert (shown["user"], shown["channel"]) == ("U1", "C1")
    await stage.slack.channel.private(DIRECT, MAYA, HELLO)
    assert stage.server.of("chat.postMessage")[0]["channel"] == "DU1"


async def test_private_where_we_are_no_member_goes_to_the_person(stage: Bench) -> None:
    stage.server.refuse("chat.postEphemeral", Refusal("not_in_channel"))
    await stage.slack.channel.private(CHANNEL, MAYA, HELLO)
    assert stage.server.of("chat.postMessage")[0]["channel"] == "DU1"


async def test_progress_stands_under_what_asked_and_never_fails(stage: Bench) -> None:
    await stage.slack.channel.progress(DIRECT, "Looking for times")
    assert stage.server.calls == []
    stage.slack.channel.heard(DIRECT, "1700000000.000100")
    stage.server.refuse("assistant.threads.setStatus", Refusal("channel_not_found"))
    for _ in range(2):
        await stage.slack.channel.progress(DIRECT, "Looking for times")
    shown = stage.server.of("assistant.threads.setStatus")[1]
    assert (shown["thread_ts"], shown["status"]) == ("1700000000.000100", "Looking for times")


async def test_progress_goes_away_with_the_answer(stage: Bench) -> None:
    channel = stage.slack.channel
    channel.heard(DIRECT, "1700000000.000100")
    await channel.progress(DIRECT, "Looking for times")
    await channel.send(DIRECT, HELLO)
    await channel.send(DIRECT, HELLO)
    shown = stage.server.of("assistant.threads.setStatus")
    assert [(call["thread_ts"], call["status"]) for call in shown] == [
        ("1700000000.000100", "Looking for times"),
        ("1700000000.000100", ""),
    ]


async def test_an_answer_in_the_thread_takes_progress_away_itself(stage: Bench) -> None:
    threaded = DIRECT._replace(thread="1700000000.000100")
    await stage.slack.channel.progress(threaded, "Looking for times")
    await stage.slack.channel.send(threaded, HELLO)
    assert len(stage.server.of("assistant.threads.setStatus")) == 1


async def test_where_a_thread_is_gone_the_answer_stands_beside_it(stage: Bench) -> None:
    stage.server.refuse("chat.postMessage", Refusal("thread_not_found"))
    await stage.slack.channel.send(DIRECT._replace(thread="1.1"), HELLO)
    first, second = stage.server.of("chat.postMessage")
    assert (first["thread_ts"], second.get("thread_ts")) == ("1.1", None)


async def test_a_page_is_published(stage: Bench) -> None:
    await stage.slack.channel.home(MAYA, Card("Your sessions", (Text("None yet."),)))
    assert stage.server.of("views.publish")[0]["user_id"] == "U1"


async def test_somebody_who_left_is_out_of_reach(stage: Bench) -> None:
    stage.server.refuse("conversations.open", Refusal("user_disabled"))
    with pytest.raises(AccessRevoked):
        await stage.slack.channel.direct(MAYA)


# --- refusals -------------------------------------------------------------------------------------


async def test_slack_asks_to_wait_and_is_not_asked_meanwhile(stage: Bench) -> None:
    stage.server.refuse(
        "chat.postMessage", Refusal("ratelimited", 429, {"Retry-After": "7"})
    )  # fmt: skip
    with pytest.raises(RateLimited) as first:
        await stage.slack.channel.send(DIRECT, HELLO)
    assert first.value.retry_after == 7
    with pytest.raises(RateLimited):
        await stage.slack.channel.send(DIRECT, HELLO)
    assert len(stage.server.of("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal("invalid_auth"), AccessRevoked),
        (Refusal("missing_scope"), ConsentRequiredByAdmin),
        (Refusal("invalid_blocks"), InvalidRequest),
        (Refusal("internal_error"), Unavailable),
        (Refusal(status=503, text="<html>busy</html>"), Unavailable),
        (Refusal(status=500), Unavailable),
        (Refusal(text="<html>proxy</html>"), Unavailable),
        (Refusal(text="[]"), BadData),
    ],
)
async def test_refusals_by_the_wire(
    stage: Bench, refusal: Refusal, kind: type[ProviderError]
) -> None:
    stage.server.refuse("chat.postMessage", refusal)
    with pytest.raises(kind) as raised:
        await stage.slack.channel.send(DIRECT, HELLO)
    assert type(raised.value) is kind
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure(0), Unavailable),
        (Failure(200, "hash_conflict"), Conflict),
        (Failure(200, "never_heard_of"), InvalidRequest),
        (Failure(403), Unavailable),
        (Failure(413), InvalidRequest),
        (Failure(429), RateLimited),
        (Failure(200, "<b>words of somebody</b>"), InvalidRequest),
    ],
)
def test_refusals_have_one_name(failure: Failure, kind: type[ProviderError]) -> None:
    error = typed(failure)
    assert type(error) is kind
    assert "<b>" not in str(error)


async def test_a_workspace_without_us_is_out_of_reach(stage: Bench) -> None:
    with pytest.raises(AccessRevoked):
        await stage.slack.channel.send(Place("slack", "T2", "D1"), HELLO)


# --- pace -----------------------------------------------------------------------------------------


async def test_messages_of_one_conversation_keep_their_pace() -> None:
    now, waits = [0.0], []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pacer = Pacer(lambda: now[0], sleep)
    for _ in range(4):
        async with pacer.turn("T1", "D1"):
            pass
    async with pacer.turn("T1", "D2"):
        pass
    assert waits == [1.0]
    for _ in range(9):
        async with pacer.turn("T1", "D1"):
            pass
    assert all(wait <= LONGEST for wait in waits)
    assert now[0] >= 10


# --- people ---------------------------------------------------------------------------------------

MEMBER: dict[str, Any] = {
    "id": "U1",
    "team_id": "T1",
    "name": "maya",
    "tz": "Europe/Paris",
    "locale": "en-GB",
    "is_email_confirmed": True,
    "profile": {
        "real_name": "Maya  Rossi",
        "email": "maya@example.org",
        "image_192": "https://a.example/m.png",
    },
}


async def test_who_somebody_is(stage: Bench) -> None:
    stage.server.members["U1"] = MEMBER
    found = await stage.slack.directory.get(MAYA)
    assert found
    assert (found.name, found.email, found.zone) == (
        "Maya Rossi",
        "maya@example.org",
        "Europe/Paris",
    )
    assert (found.locale, found.picture) == ("en-GB", "https://a.example/m.png")
    await stage.slack.directory.get(MAYA)
    assert len(stage.server.of("users.info")) == 1
    stage.slack.directory.forget(MAYA)
    await stage.slack.directory.get(MAYA)
    assert len(stage.server.of("users.info")) == 2


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"deleted": True}, Standing.GONE),
        ({"is_bot": True}, Standing.BOT),
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_ultra_restricted": True}, Standing.GUEST),
        ({"is_stranger": True}, Standing.STRANGER),
        ({"team_id": "T9"}, Standing.STRANGER),
        ({"team_id": "T9", "enterprise_user": {"teams": ["T1", "T9"]}}, Standing.MEMBER),
    ],
)
async def test_standing(stage: Bench, more: dict[str, Any], standing: Standing) -> None:
    stage.server.members["U1"] = {**MEMBER, **more}
    found = await stage.slack.directory.get(MAYA)
    assert found
    assert found.standing is standing


async def test_an_address_that_nobody_confirmed_is_none(stage: Bench) -> None:
    stage.server.members["U1"] = {**MEMBER, "is_email_confirmed": False}
    found = await stage.slack.directory.get(MAYA)
    assert found
    assert found.email == ""


@pytest.mark.parametrize(
    ("name", "read"),
    [("\u202eMa\u200bya \x07\u2067Rossi", "Maya Rossi"), ("\u200b\ufeff\u2060", "maya")],
)
async def test_a_name_turns_nothing_round_and_is_seen(stage: Bench, name: str, read: str) -> None:
    profile = {**MEMBER["profile"], "real_name": name}
    stage.server.members["U1"] = {**MEMBER, "profile": profile}
    found = await stage.slack.directory.get(MAYA)
    assert found
    assert found.name == read


async def test_nobody(stage: Bench) -> None:
    assert await stage.slack.directory.get(ChatIdentity("slack", "T1", "U404")) is None
