"""Every recorded or documented activity of Teams, and what is made of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.bridge import activity_of
from adapters.teams.inbound import Event, Ignored, What, read

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "payloads" / "teams"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the recorded payloads are not beside the project"
)

# What happens with each file: the event, its text or action, and whether nobody else reads it.
EXPECTED: dict[str, tuple[What, str, bool]] = {
    "conversationUpdate_bot_added_to_team.json": (What.INSTALLED, "", False),
    "conversationUpdate_membersAdded_personal.json": (What.INSTALLED, "", True),
    "installationUpdate_add_personal.json": (What.INSTALLED, "", True),
    "invoke_adaptiveCard_action.json": (What.EXECUTED, "exec", True),
    "message_channel_mention_real_ids.json": (What.SAID, "ping", False),
    "message_groupchat_mentions.json": (
        What.SAID,
        "find us 30 minutes with Megan Bowen",
        False,
    ),
    "message_personal.json": (What.SAID, "hello", True),
    "message_submit_value.json": (What.PRESSED, "book", True),
}


def activity(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    body: dict[str, Any] = found.get("body", found)
    return body


def event(name: str) -> Event:
    found = read(activity_of(activity(name)))
    assert not isinstance(found, Ignored), found
    return found


def test_every_payload_has_its_line() -> None:
    assert {file.name for file in FOLDER.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_payload_is_read(name: str) -> None:
    what, said, private = EXPECTED[name]
    found = event(name)
    assert found.what is what
    assert found.facts.private is private
    assert found.facts.who.kind == "teams"
    assert found.facts.who.workspace == activity(name)["conversation"]["tenantId"]
    assert found.facts.who.user == activity(name)["from"]["aadObjectId"]
    incoming = found.incoming
    if incoming is None:
        assert said == ""
    else:
        assert incoming.text + incoming.action == said
        assert incoming.event_id.endswith("|" + activity(name)["id"])


def test_the_thread_of_a_channel_is_its_first_message() -> None:
    place = event("message_channel_mention_real_ids.json").facts.place
    assert place.conversation == "19:a510e386817e473aa6f115a8dc27ea38@thread.tacv2"
    assert place.thread == "1627505122598"


def test_zone_and_language_are_those_of_the_client() -> None:
    facts = event("message_channel_mention_real_ids.json").facts
    assert (facts.zone, facts.locale) == ("Europe/London", "en-GB")


def test_values_of_buttons() -> None:
    submitted = event("message_submit_value.json").incoming
    executed = event("invoke_adaptiveCard_action.json").incoming
    assert submitted
    assert executed
    assert submitted.values == {"slot": "0"}
    assert executed.values == {"x": "1", "slot": "0"}
    assert submitted.ref == activity("message_submit_value.json")["replyToId"]
