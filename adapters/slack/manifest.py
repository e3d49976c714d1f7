"""The Slack app's manifest with this deployment's address filled in.

docs.slack.dev/app-manifests; whoever makes the app pastes it at api.slack.com/apps.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from adapters.slack.config import EVENTS, SCOPES

SOURCE = Path(__file__).resolve().parents[2] / "manifests" / "slack" / "manifest.json"
PLACE = "{{ADDRESS}}"
Json = dict[str, Any]


def manifest_for(
    address: str, *, socket: bool = False, single: bool = False, source: Path = SOURCE
) -> str:
    """Return the manifest for an address such as "https://tandem.example.org".

    With `socket` events come by Socket Mode and no address is needed; a `single` workspace is
    served by a bot token of the settings, which then must not be exchanged for others. Raises
    ValueError with a sentence, OSError when the manifest cannot be read.
    """
    if not socket:
        _check(address)
    text = source.read_text(encoding="utf-8").replace(PLACE, address.rstrip("/"))
    made: Json = json.loads(text)
    settings = made["settings"]
    if socket:
        settings["socket_mode_enabled"] = True
        settings["event_subscriptions"].pop("request_url")
        settings["interactivity"].pop("request_url")
        for command in made["features"]["slash_commands"]:
            command.pop("url")
    if single or (socket and not address):
        settings["token_rotation_enabled"] = False
        made["oauth_config"].pop("redirect_urls")
    wrong = problems(made)
    if wrong:
        raise ValueError(" ".join(wrong))
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def problems(manifest: Json) -> list[str]:
    """Return where a manifest asks for other rights or events than the code uses."""
    found = []
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    for what, there, used in (("scopes", scopes, set(SCOPES)), ("events", events, set(EVENTS))):
        if there != used:
            differing = ", ".join(sorted(there ^ used))
            found.append(f"The manifest's {what} are not those that are used: {differing}.")
    return found


def _check(address: str) -> None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("This is no address.") from None
    plain = parts.username is None and not (parts.query or parts.fragment)
    if parts.scheme != "https" or not parts.hostname or not plain or port == 0:
        raise ValueError(f"Slack needs an address that begins with https, not {address[:80]!r}.")
