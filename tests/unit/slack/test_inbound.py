"""What each payload means, and what is passed over on purpose."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks import LINK, OPENS
from adapters.slack.inbound import Event, Ignored, What, metadata_of, read
from adapters.slack.packing import packed
from adapters.slack.wording import words_of
from bot.card import Action, Card, Input, InputKind
from bot.message import Incoming, Place
from core.people import ChatIdentity
from tests.unit.slack.payloads import Json, command, direct, event, mention, pressed, submitted

MAYA = ChatIdentity("slack", "T1", "U1")


def incoming(body: Json) -> Incoming:
    found = read(body)
    assert isinstance(found, Event), found
    assert found.incoming
    return found.incoming


def test_direct_message() -> None:
    place = Place("slack", "T1", "D1")
    assert incoming(direct()) == Incoming(MAYA, place, "book with Alex", event_id="Ev1")


def test_an_answer_in_a_thread_of_the_private_conversation_stays_there() -> None:
    found = incoming(direct(thread_ts="1700000000.000001"))
    assert found.place.thread == "1700000000.000001"


def test_mention_in_a_channel() -> None:
    found = incoming(mention())
    assert found.text == "book with <@U2>"
    assert found.place == Place("slack", "T1", "C1", "1700000000.000200")
    assert not found.private
    deeper = incoming(mention(thread_ts="1690000000.000001"))
    assert deeper.place.thread == "1690000000.000001"


def test_command_is_answered_privately() -> None:
    found = incoming(command())
    assert (found.text, found.private, found.event_id) == ("with Alex", True, "1.2.ghi")
    assert found.place == Place("slack", "T1", "U1")
    assert incoming(command(" ")).text == "schedule a session"
    assert incoming(command("a session")).text == "schedule a session"
    assert incoming(command("An hour with Alex")).text == "schedule An hour with Alex"
    assert incoming(command("Anna, next week")).text == "Anna, next week"


@pytest.mark.parametrize(
    ("text", "name", "read"),
    [
        ("", "people.csv", "upload page"),
        ("import these please", "People.CSV", "upload page"),
        ("", "photo.png", "upload page"),
        ("book with Alex", "photo.png", "book with Alex"),
    ],
)
def test_a_file_asks_for_the_page_that_takes_files(text: str, name: str, read: str) -> None:
    files = [{"id": "F1", "name": name}]
    assert incoming(direct(text, subtype="file_share", files=files)).text == read


@pytest.mark.parametrize("files", [None, "x", {}, [], ["x", None, 5]])
def test_what_is_no_file_changes_nothing(files: object) -> None:
    assert incoming(direct("hello", files=files)).text == "hello"


def test_shortcut_on_a_message_means_its_author() -> None:
    body = {
        "type": "message_action",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": "1.2.j",
        "message": {"user": "U7", "text": "free on Friday?"},
    }
    assert incoming(body).text == "schedule a session with <@U7>"
    body["message"] = {"user": "U7", "bot_id": "B1"}
    assert incoming(body).text == "schedule a session"


def test_button_in_a_message() -> None:
    state = {"values": {"in|note": {"entry": {"value": "hi"}}}}
    found = incoming(pressed(state=state))
    assert (found.action, found.ref) == ("accept:1", "1700000000.000300")
    assert found.place == Place("slack", "T1", "D1")
    assert found.event_id == "1700000000.000300|1700000009.1|U1"
    assert found.values == {"note": "hi"}
    assert found.private


def test_button_that_one_person_sees_in_a_channel_is_never_edited() -> None:
    container = {"message_ts": "1.1", "channel_id": "C1", "is_ephemeral": True}
    found = incoming(pressed(container=container))
    assert (found.ref, found.private) == ("", False)
    assert found.place.conversation == "C1"


def test_button_of_the_home_page_is_private() -> None:
    view = {"id": "V1", "type": "home", "private_metadata": ""}
    found = incoming(pressed(container={"type": "view", "view_id": "V1"}, channel={}, view=view))
    assert (found.place, found.private) == (Place("slack", "T1", "U1"), True)
    assert found.event_id.startswith("V1|")


def test_form_comes_back_to_where_it_was_opened() -> None:
    opener = incoming(pressed("prefs:form"))
    body = submitted("prefs:save", json.dumps(metadata_of(opener)), hours="Mon 9-5")
    found = read(body)
    assert isinstance(found, Event)
    assert (found.what, found.opener) == (What.SENT, "prefs:form")
    assert found.incoming
    assert (found.incoming.place, found.incoming.ref) == (opener.place, opener.ref)
    assert found.incoming.values == {"hours": "Mon 9-5"}
    assert found.incoming.event_id == "V1|1.x|U1"


def test_form_of_a_channel_is_not_private() -> None:
    container = {"message_ts": "1.1", "channel_id": "C1"}
    opener = incoming(pressed(container=container))
    assert not incoming(submitted(metadata=json.dumps(metadata_of(opener)))).private


@pytest.mark.parametrize("channel", ["C1", "G1"])
def test_a_form_that_does_not_say_where_it_was_opened_is_private_in_no_channel(
    channel: str,
) -> None:
    assert not incoming(submitted(metadata=json.dumps({"c": channel}))).private
    assert incoming(submitted(metadata=json.dumps({"c": "D1"}))).private
    assert incoming(submitted(metadata=json.dumps({"c": "U1"}))).private
    assert incoming(submitted()).private


def test_button_that_holds_a_form() -> None:
    secret = Input("password", "Password", InputKind.SECRET)
    form = Card("Connect", (), (secret,), (Action("connect:verify", "Connect"),))
    body = pressed()
    body["actions"] = [
        {"type": "button", "action_id": OPENS, "value": packed(form), "action_ts": "1.1"}
    ]
    found = read(body)
    assert isinstance(found, Event)
    assert (found.what, found.form, found.trigger) == (What.OPENED, form, "1.2.abc")


@pytest.mark.parametrize(
    ("inner", "what"),
    [
        ({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}, What.HOME),
        ({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"},
         What.PROMPTS),
        ({"type": "user_change", "user": {"id": "U1", "tz": "Europe/Paris"}}, What.CHANGED),
        ({"type": "team_rename", "name": "New name"}, What.RENAMED),
        ({"type": "app_uninstalled"}, What.REMOVED),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}, What.REMOVED),
    ],
)  # fmt: skip
def test_events_of_the_chat(inner: Json, what: What) -> None:
    found = read(event(inner))
    assert isinstance(found, Event)
    assert (found.what, found.workspace, found.incoming) == (what, "T1", None)


IGNORED: list[tuple[Json, str]] = [
    (direct(subtype="message_changed"), "subtype"),
    (direct(subtype="message_deleted", hidden=True), "subtype"),
    (direct(subtype="bot_message"), "subtype"),
    (direct(bot_id="B1"), "bot"),
    (direct(user="U0BOT"), "bot"),
    (direct(channel_type="channel"), "not_direct"),
    (direct(channel_type="mpim"), "not_direct"),
    (direct(" "), "empty"),
    (direct(user=None), "empty"),
    (direct(user_team="T9", team="T9"), "stranger"),
    (event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}), "others_token"),
    (event({"type": "assistant_thread_started"}), "event"),
    (event({"type": "never_heard_of"}), "event"),
    (event({}), "event"),
    ({"type": "event_callback", "team_id": "T1"}, "no_event"),
    ({"type": "event_callback"}, "no_workspace"),
    ({"type": "app_rate_limited", "team_id": "T1"}, "app_rate_limited"),
    ({"type": "view_closed", "team": {"id": "T1"}}, "view_closed"),
    ({"type": "workflow_step_edit", "team": {"id": "T1"}}, "type"),
    ({}, "no_workspace"),
    (pressed(user={"id": "U9", "team_id": "T9"}), "stranger"),
    (pressed(user=None), "nobody"),
    (pressed(kind="static_select"), "no_button"),
    (pressed(LINK + "page"), "link"),
    (pressed(OPENS), "foreign_button"),
    (pressed("x" * 300), "no_button"),
    (pressed("a\x00b\x1b"), "no_button"),
    (pressed(actions=[]), "no_button"),
    (submitted(""), "foreign_form"),
    (command(user_id=""), "nobody"),
]


def test_the_name_alone_is_a_greeting() -> None:
    found = read(mention("<@U0BOT>"))
    assert isinstance(found, Event)
    assert found.incoming is not None
    assert (found.incoming.text, found.incoming.private) == ("hello", False)


@pytest.mark.parametrize(("body", "reason"), IGNORED)
def test_what_is_passed_over(body: Json, reason: str) -> None:
    assert read(body) == Ignored(reason)


def test_in_a_grid_people_come_from_other_workspaces() -> None:
    body = pressed(user={"id": "W9", "team_id": "T9"}, team={"id": "T1", "enterprise_id": "E1"})
    assert incoming(body).who == ChatIdentity("slack", "T1", "W9")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("book with <@U2|maya> &amp; <@U3>", "book with <@U2> & <@U3>"),
        ("see <https://x.example.org/a?b=1&amp;c|here>", "see https://x.example.org/a?b=1&c"),
        ("<mailto:maya@example.org|maya@example.org>", "maya@example.org"),
        ("<!here> in <#C1|general>", "@here in #general"),
        ("<!subteam^S1|@mentors> at <!date^1^{date}|noon>", "@mentors at noon"),
        ("&lt;@U2&gt; &amp;lt;", "< @U2> &lt;"),
        ("a\x00b\x1b[31mred\x07\n  next", "abred\nnext"),
        ("\ud800 x", "? x"),
        ("hello <@U0BOT>", "hello"),
    ],
)
def test_words(written: str, read_as: str) -> None:
    assert words_of(written, "U0BOT") == read_as


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from([direct(), mention(), pressed(), submitted(), command()]), st.data())
def test_nothing_that_comes_in_makes_reading_fail(body: Json, data: st.DataObject) -> None:
    """Any one value anywhere is replaced by another shape."""
    copy = json.loads(json.dumps(body))
    spot, keys = copy, data.draw(st.permutations(sorted(copy)))
    for key in keys:
        inner = spot[key]
        if isinstance(inner, dict) and inner and data.draw(st.booleans()):
            spot = inner
            key = data.draw(st.sampled_from(sorted(spot)))  # noqa: PLW2901  # one level deeper
        spot[key] = data.draw(JSON)
        break
    assert isinstance(read(copy), Event | Ignored)
