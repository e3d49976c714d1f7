"""Every recorded or documented payload of Slack, and what is made of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.inbound import Event, Ignored, What, read

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "payloads" / "slack"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the recorded payloads are not beside the project"
)

# What happens with each file: the event with its text or action and whether nobody else reads it,
# or why it is passed over.
EXPECTED: dict[str, tuple[What, str, bool] | str] = {
    "block_actions_button.json": (What.PRESSED, "a", False),
    "block_suggestion_external_select.json": "block_suggestion",
    "event_app_mention.json": (What.SAID, "Hi there!", False),
    "event_app_uninstalled.json": (What.REMOVED, "", True),
    "event_message_channel.json": "not_direct",
    "event_tokens_revoked.json": (What.REMOVED, "", True),
    "shortcut_global.json": (What.SAID, "schedule a session", True),
    "shortcut_message.json": (What.SAID, "schedule a session", True),
    "slash_command.json": (What.SAID, "Hi", True),
    "url_verification.json": "url_verification",
    "view_submission.json": (What.SENT, "view-id", True),
}


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    body: dict[str, Any] = found.get("decoded", found)
    return body


def test_every_payload_has_its_line() -> None:
    assert {file.name for file in FOLDER.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_payload_is_read(name: str) -> None:
    expected, found = EXPECTED[name], read(payload(name))
    if isinstance(expected, str):
        assert found == Ignored(expected)
        return
    what, said, private = expected
    assert isinstance(found, Event)
    assert found.what is what
    assert found.workspace == ("T_INSTALLED" if "uninstalled" in name else "T111")
    incoming = found.incoming
    if incoming is None:
        assert said == ""
        return
    assert incoming.text + incoming.action == said
    assert incoming.private is private
    assert incoming.who.kind == "slack"
    assert incoming.event_id
