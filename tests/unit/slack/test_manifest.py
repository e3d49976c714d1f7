"""The manifest: valid for Slack, and nothing asked for that the code does not use."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters.slack.config import EVENTS_PATH, REDIRECT_PATH
from adapters.slack.manifest import manifest_for, problems
from adapters.slack.turns import PROMPTS

SCHEMA = Path(__file__).resolve().parents[4] / "shared" / "schemas" / "slack-manifest-1.0.0.json"
ADDRESS = "https://tandem.example.org"

# Written down once more by hand: a right or event that is added has to be meant.
RIGHTS = {
    "app_mentions:read",
    "assistant:write",
    "chat:write",
    "commands",
    "im:history",
    "im:write",
    "team:read",
    "users:read",
    "users:read.email",
}
HAPPENINGS = {
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "team_rename",
    "tokens_revoked",
    "user_change",
}


def made(address: str = ADDRESS, *, socket: bool = False, single: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manifest_for(address, socket=socket, single=single))
    return found


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's schema is not beside the project")
@pytest.mark.parametrize(("socket", "single"), [(False, False), (True, False), (False, True)])
def test_slack_takes_it(*, socket: bool, single: bool) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(made(socket=socket, single=single), schema)


def test_rights_and_events_are_those_that_are_meant() -> None:
    manifest = made()
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == RIGHTS
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == HAPPENINGS
    manifest["oauth_config"]["scopes"]["bot"].append("channels:history")
    assert "channels:history" in problems(manifest)[0]


def test_addresses_are_those_of_the_routes() -> None:
    manifest = made(ADDRESS + "/")
    assert manifest["settings"]["interactivity"]["request_url"] == ADDRESS + EVENTS_PATH
    assert manifest["settings"]["event_subscriptions"]["request_url"] == ADDRESS + EVENTS_PATH
    assert manifest["features"]["slash_commands"][0]["url"] == ADDRESS + EVENTS_PATH
    assert manifest["oauth_config"]["redirect_urls"] == [ADDRESS + REDIRECT_PATH]
    assert "{{" not in json.dumps(manifest)


def test_prompts_are_the_same_in_the_conversation() -> None:
    prompts = made()["features"]["agent_view"]["suggested_prompts"]
    assert tuple((p["title"], p["message"]) for p in prompts) == PROMPTS


def test_behind_a_firewall_no_address_is_named() -> None:
    manifest = json.loads(manifest_for("", socket=True))
    assert manifest["settings"]["socket_mode_enabled"]
    assert not manifest["settings"]["token_rotation_enabled"]
    assert "url" not in json.dumps(manifest["features"]["slash_commands"])
    assert "redirect_urls" not in manifest["oauth_config"]


def test_one_workspace_keeps_its_token() -> None:
    assert not made(single=True)["settings"]["token_rotation_enabled"]
    assert made()["settings"]["token_rotation_enabled"]


@pytest.mark.parametrize(
    "address", ["", "http://t.example.org", "https://", "https://a:b@x.org", "https://x.org:99999"]
)
def test_addresses_that_slack_cannot_reach_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        manifest_for(address)
