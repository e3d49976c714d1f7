"""What comes to Slack's address by HTTP: who gets in, what is kept, and what is answered."""

import asyncio
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.slack.blocks import OPENS
from adapters.slack.packing import packed
from bot.card import Action, Card, Input, InputKind
from bot.channel import Standing
from bot.message import Outgoing, Place
from tests.servers.slack.bench import SECRET, Bench, bench
from tests.servers.slack.server import Refusal, SlackServer
from tests.unit.slack.payloads import command, direct, event, mention, pressed, submitted

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PREFERENCES = Card(
    "Preferences",
    (),
    (Input("zone", "Zone", InputKind.TEXT), Input("nudges", "Nudges", InputKind.TEXT)),
    (Action("prefs:save", "Save"),),
)


# --- who gets in ----------------------------------------------------------------------------------


async def test_bad_letters_are_refused_without_a_word(stage: Bench) -> None:
    raw = json.dumps(direct()).encode()
    now = int(time.time())
    refused = [
        await stage.signed(raw, JSON, **{"X-Slack-Signature": "v0=" + "0" * 64}),
        await stage.signed(raw, JSON, **{"X-Slack-Signature": ""}),
        await stage.signed(raw, JSON, **{"X-Slack-Signature": "v0=é"}),
        await stage.signed(raw, JSON, **{"X-Slack-Request-Timestamp": ""}),
        await stage.signed(raw, JSON, at="soon"),
        await stage.signed(raw, JSON, at="²"),
        await stage.signed(raw, JSON, at="9" * 40),
        await stage.signed(raw, JSON, at=f"-{now}"),
        await stage.signed(raw, JSON, at=str(now - 301)),
        await stage.signed(raw, JSON, at=str(now + 400)),
    ]
    assert [status for status, _ in refused] == [401] * len(refused)
    assert {text for _, text in refused} == {""}
    assert stage.reception.got == []


async def test_a_letter_replayed_with_another_time_is_refused(stage: Bench) -> None:
    raw = json.dumps(direct()).encode()
    stamp = str(int(time.time()) - 10)
    status, _ = await stage.signed(
        raw, JSON, at=stamp, **{"X-Slack-Request-Timestamp": str(int(time.time()))}
    )
    assert status == 401


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "multipart/form-data", 415),
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        (b"7", JSON, 400),
        (b"\xff\xfe", JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b"payload=nothing", FORM, 400),
        (b"payload=%5B%5D", FORM, 400),
        (b"x=" + b"y" * 2_000_000, FORM, 413),
        (b"&".join(b"a%d=1" % n for n in range(300)), FORM, 400),
        (b"", FORM, 200),
        (b'{"type": "event_callback", "event": "x", "team_id": 7}', JSON, 200),
    ],
)
async def test_bodies(stage: Bench, raw: bytes, kind: str, status: int) -> None:
    found, _ = await stage.signed(raw, kind)
    assert found == status
    assert stage.reception.got == []


async def test_only_posts_are_taken(stage: Bench) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD"):
        assert (await stage.raw(method))[0] == 405
    assert (await stage.raw("GET", "/slack/events?ssl_check=1"))[0] == 200


async def test_slack_checks_the_address(stage: Bench) -> None:
    asked = {"type": "url_verification", "token": "t", "challenge": "3eZbrw1aBm2r"}
    status, answer = await stage.post(asked)
    assert status == 200
    assert "3eZbrw1aBm2r" in str(answer)
    assert (await stage.signed(b"ssl_check=1&token=t", FORM))[0] == 200


# --- what is kept ---------------------------------------------------------------------------------


async def test_a_message_is_kept_and_acknowledged(stage: Bench) -> None:
    assert await stage.post(direct("book with Alex")) == (200, "")
    (found,) = stage.reception.got
    assert (found.text, found.place) == ("book with Alex", Place("slack", "T1", "D1"))


async def test_the_same_event_five_times_at_once_is_one(stage: Bench) -> None:
    answers = await asyncio.gather(*(stage.post(direct()) for _ in range(5)))
    assert [status for status, _ in answers] == [200] * 5
    assert len(stage.reception.got) == 1


async def test_what_is_nothing_to_answer_is_acknowledged(stage: Bench) -> None:
    letters = [
        direct(bot_id="B1"),
        direct(subtype="message_changed"),
        direct(subtype="message_deleted"),
        direct(user="U0BOT"),
        event({"type": "never_heard_of", "x": [1]}),
        pressed("url|page"),
        direct(user_team="T9", team="T9"),
    ]
    for letter in letters:
        assert (await stage.post(letter))[0] == 200
    assert stage.reception.got == []


async def test_control_characters_are_taken_out(stage: Bench) -> None:
    await stage.post(direct("a\x00b\x1b[31mred\u0007"))
    assert stage.reception.got[0].text == "abred"


async def test_an_old_button_is_kept_as_it_says(stage: Bench) -> None:
    await stage.post(pressed("accept:long-gone:1600000000"))
    assert stage.reception.got[0].action == "accept:long-gone:1600000000"
    assert stage.reception.got[0].ref == "1700000000.000300"


async def test_a_command_is_answered_in_the_private_conversation(stage: Bench) -> None:
    await stage.post(direct("hello"))
    status, answer = await stage.post(command())
    assert (status, answer["response_type"]) == (200, "ephemeral")
    assert stage.reception.got[1].place == Place("slack", "T1", "D1")


async def test_what_began_by_a_command_goes_on_in_the_conversation(stage: Bench) -> None:
    """The first words of somebody whom Slack has never shown us."""
    await stage.post(command())
    await stage.post(direct(channel="DU1"))
    first, second = stage.reception.got
    assert first.place == second.place
    assert len(stage.server.of("conversations.open")) == 1


async def test_a_command_is_kept_although_the_conversation_is_unknown(stage: Bench) -> None:
    stage.server.refuse("conversations.open", Refusal("internal_error"))
    assert (await stage.post(command()))[0] == 200
    assert stage.reception.got[0].place.conversation == "U1"


async def test_a_workspace_without_us_gets_nothing(server: SlackServer) -> None:
    async with bench(server, installed=False) as made:
        assert (await made.post(direct()))[0] == 200
        assert "not installed" in (await made.post(command()))[1]["text"]
        assert made.reception.got == []


@pytest.mark.parametrize("kind", ["shortcut", "message_action"])
async def test_a_shortcut_shows_at_once_that_it_does_something(stage: Bench, kind: str) -> None:
    about = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "1.2.sc"}
    letter = {**about, "type": kind, "callback_id": "schedule", "message": {"user": "U2"}}
    assert await stage.post(letter) == (200, "")
    await stage.slack.close()
    (opened,) = stage.server.of("views.open")
    assert opened["trigger_id"] == "1.2.sc"
    assert "One moment" in json.dumps(opened["view"])
    (kept,) = stage.reception.got
    assert kept.text.startswith("schedule a session")


async def test_a_shortcut_is_kept_although_nothing_opened(stage: Bench) -> None:
    stage.server.refuse("views.open", Refusal("expired_trigger_id"))
    about = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "1.2.sc"}
    assert await stage.post({**about, "type": "shortcut", "callback_id": "schedule"}) == (200, "")
    await stage.slack.close()
    assert len(stage.reception.got) == 1


# --- forms ----------------------------------------------------------------------------------------


async def test_a_button_opens_its_form(stage: Bench) -> None:
    stage.reception.forms["prefs:form"] = PREFERENCES
    assert (await stage.post(pressed("prefs:form")))[0] == 200
    (opened,) = stage.server.of("views.open")
    assert opened["trigger_id"] == "1.2.abc"
    assert opened["view"]["callback_id"] == "prefs:save"
    assert stage.reception.got == []


async def test_a_form_that_does_not_open_is_asked_for_in_the_conversation(stage: Bench) -> None:
    stage.reception.forms["prefs:form"] = PREFERENCES
    stage.server.refuse("views.open", Refusal("expired_trigger_id"))
    await stage.post(pressed("prefs:form"))
    assert stage.reception.got[0].action == "prefs:form"


async def test_a_button_that_holds_a_form_opens_it(stage: Bench) -> None:
    form = Card("Connect", (), (Input("p", "Password", InputKind.SECRET),), PREFERENCES.actions)
    button = {"type": "button", "action_id": OPENS, "value": packed(form), "action_ts": "1.1"}
    await stage.post(pressed(actions=[button]))
    assert len(stage.server.of("views.open")) == 1


async def test_a_form_that_does_not_open_is_said(stage: Bench) -> None:
    form = Card("Connect", (), (Input("p", "Password", InputKind.SECRET),), PREFERENCES.actions)
    button = {"type": "button", "action_id": OPENS, "value": packed(form), "action_ts": "1.1"}
    stage.server.refuse("views.open", Refusal("expired_trigger_id"))
    assert (await stage.post(pressed(actions=[button])))[0] == 200
    await stage.slack.close()
    (said,) = stage.server.of("chat.postMessage")
    assert "once more" in said["text"]


async def test_what_is_wrong_stands_under_its_input(stage: Bench) -> None:
    stage.reception.wrong = {"zone": "Which zone?", "other": "And this."}
    status, answer = await stage.post(submitted(zone="Mars", nudges="on"))
    assert (status, answer["response_action"]) == (200, "errors")
    assert answer["errors"] == {"in|zone": "Which zone? And this."}
    assert stage.reception.got == []


async def test_a_form_is_kept_and_closed(stage: Bench) -> None:
    answer = await stage.post(submitted(zone="Europe/Paris"))
    assert answer == (200, {"response_action": "clear"})
    assert stage.reception.got[0].values == {"zone": "Europe/Paris"}


# --- people and workspaces ------------------------------------------------------------------------


async def test_looking_at_the_page_fills_it(stage: Bench) -> None:
    opened = {"type": "app_home_opened", "user": "U1", "channel": "D1"}
    await stage.post(event({**opened, "tab": "home"}))
    await stage.post(event({**opened, "tab": "messages"}))
    await stage.slack.close()
    (home,) = stage.server.of("views.publish")
    assert home["user_id"] == "U1"
    (prompts,) = stage.server.of("assistant.threads.setSuggestedPrompts")
    assert 1 <= len(prompts["prompts"]) <= 4


@pytest.mark.parametrize("how", ["button", "form"])
async def test_the_page_shows_what_became_of_what_was_done_there(stage: Bench, how: str) -> None:
    """The answer stands in the conversation; with it the page is shown anew, once."""
    container = {"type": "view", "view_id": "V1"}
    view = {"id": "V1", "type": "home", "state": {"values": {}}}
    button = pressed(container=container, channel={}, view=view)
    done = button if how == "button" else submitted(zone="Europe/Paris")
    assert (await stage.post(done))[0] == 200
    assert stage.server.of("views.publish") == []
    (got,) = stage.reception.got
    for _ in range(2):
        await stage.slack.channel.send(got.place, Outgoing("Booked."))
    await stage.slack.close()
    (shown,) = stage.server.of("views.publish")
    assert shown["user_id"] == "U1"


async def test_a_button_of_a_message_leaves_the_page_alone(stage: Bench) -> None:
    await stage.post(pressed())
    (got,) = stage.reception.got
    await stage.slack.channel.send(got.place, Outgoing("Booked."))
    await stage.slack.close()
    assert stage.server.of("views.publish") == []


async def test_news_of_people_and_workspaces(stage: Bench) -> None:
    member = {"id": "U1", "team_id": "T1", "real_name": "Maya", "tz": "Europe/Paris"}
    await stage.post(event({"type": "user_change", "user": member}))
    await stage.post(event({"type": "team_rename", "name": "New Harbour"}))
    assert [(p.name, p.zone) for p in stage.reception.news] == [("Maya", "Europe/Paris")]
    assert [found[:3] for found in stage.reception.installations] == [
        ("slack", "T1", "New Harbour")
    ]
    teller = stage.reception.installations[0][3]
    assert (teller.identity.user, teller.standing) == ("USLACKBOT", Standing.BOT)


async def test_removal_is_believed_unless_it_is_older_than_the_installation(stage: Bench) -> None:
    await stage.post(event({"type": "app_uninstalled"}, event_time=999))
    assert stage.reception.removals == []
    await stage.post(event({"type": "app_uninstalled"}))
    assert stage.reception.removals == ["T1"]


# --- whatever comes -------------------------------------------------------------------------------

SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = ["type", "team", "team_id", "user", "event", "view", "actions", "channel", "container",
        "authorizations", "enterprise", "command", "trigger_id", "event_time"]  # fmt: skip


# A thread of the server's libraries may draw a random number while the next body is made up.
@pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.sampled_from([direct(), mention(), pressed(), submitted()]),
    changed=st.dictionaries(st.sampled_from(KEYS), SHAPES, max_size=3),
)
def test_nothing_signed_makes_the_server_fail(body: dict, changed: dict) -> None:  # type: ignore[type-arg]  # JSON
    async def run() -> int:
        async with SlackServer() as server, bench(server) as made:
            raw = json.dumps({**body, **changed}).encode()
            status: int = (await made.signed(raw, JSON))[0]
            return status

    assert asyncio.run(run()) < 500


def test_the_secret_is_never_shown() -> None:
    from adapters.slack.config import SlackApp  # noqa: PLC0415  # beside the only use

    shown = repr(SlackApp("https://t.example.org", SECRET, "1.2", "client-secret"))
    assert SECRET not in shown
    assert "client-secret" not in shown
