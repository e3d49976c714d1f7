"""The people of the benchmarks of the chats, and what they write in the form of each chat.

Fifty of them are in the workspace of the settings, 240 in sixty more, four in each: the vendors
allow one workspace twenty messages in a second and 240 in a minute, which the product keeps to, so
what it can do is not seen in few.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.speak import words
from tests.servers.teams.issuer import APP_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, WORKSPACES, EACH = 50, 60, 4
PEOPLE = FIRST + WORKSPACES * EACH
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
WORDS = "thank you"  # what everybody writes: answered by one message, without asking anybody
ANSWERS = (words.THANKS, WORDS)  # the product's, and the echo's
ZONE = "Europe/London"
TENANT = "b28fdbfd-2b78-4f93-b0f8-8881793f0f8f"


def address(number: int) -> str:
    return f"person{number}@harbour.example"


def number_of(account: str) -> int:
    """Return whose account it is, in either chat: the digits at its end."""
    return int(account.rpartition("-")[2].lstrip("U"))


def workspace_of(number: int) -> int:
    """Return the number of somebody's workspace; 0 is the one of the settings."""
    return 0 if number < FIRST else 1 + (number - FIRST) // EACH


def people_of(workspace: int) -> range:
    first = FIRST + (workspace - 1) * EACH
    return range(first, first + EACH) if workspace else range(FIRST)


@dataclass(frozen=True, slots=True)
class Letter:
    """One request to the product, and the conversation in which it has to be answered."""

    conversation: str
    body: bytes
    headers: dict[str, str]


class Medium(Protocol):
    """One chat as its vendor's side."""

    @property
    def kind(self) -> str: ...
    @property
    def path(self) -> str: ...
    def settings(self) -> dict[str, str]:
        """Return the settings of a product that has this chat."""
        ...

    def workspaces(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Give every other workspace's id and what is kept of it."""
        ...

    def letter(self, number: int) -> Letter:
        """Return somebody's next message, signed now."""
        ...

    def conversation(self, number: int) -> str: ...


@dataclass(frozen=True, slots=True)
class SlackSide:
    """Slack, whose API is at `url`."""

    url: str
    kind: str = "slack"
    path: str = "/slack/events"
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def settings(self) -> dict[str, str]:
        return {
            "slack_signing_secret": SECRET,
            "slack_bot_token": "xoxb-T0",
            "slack_api_url": f"{self.url}/api/",
        }

    def workspaces(self) -> Iterator[tuple[str, dict[str, str]]]:
        for number in range(1, WORKSPACES + 1):
            yield f"T{number}", {"token": f"xoxb-T{number}", "us": "U0BOT", "since": "0"}

    def conversation(self, number: int) -> str:
        return f"D{number}"

    def letter(self, number: int) -> Letter:
        """Sign it as docs.slack.dev/authentication/verifying-requests-from-slack says."""
        event, team = next(self._numbers), f"T{workspace_of(number)}"
        said = {
            "type": "message",
            "channel_type": "im",
            "channel": self.conversation(number),
            "user": f"U{number}",
            "text": WORDS,
            "ts": f"1790000000.{event:06}",
            "team": team,
        }
        us = {"team_id": team, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": False}
        whole = {
            "type": "event_callback",
            "event_id": f"Ev{event}",
            "event_time": int(time.time()),
            "api_app_id": "A1",
            "team_id": team,
            "event": said,
            "authorizations": [us],
        }
        body, stamp = json.dumps(whole).encode(), str(int(time.time()))
        signed = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
        }
        return Letter(said["channel"], body, headers)


@dataclass(frozen=True, slots=True)
class TeamsSide:
    """Teams, whose sign-in and Connector are at `url`; `token` is what the Connector shows."""

    url: str
    token: str
    kind: str = "teams"
    path: str = "/api/messages"
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def settings(self) -> dict[str, str]:
        return {
            "teams_app_id": APP_ID,
            "teams_app_password": "the right one",
            "teams_tenant": TENANT,
            "teams_tenants": "*",
            "teams_login_url": self.url,
            "teams_openid_url": f"{self.url}/openid",
            "teams_service_url": f"{self.url}/connector/",
        }

    def workspaces(self) -> Iterator[tuple[str, dict[str, str]]]:
        for number in range(1, WORKSPACES + 1):
            yield self._tenant(number), {}

    def conversation(self, number: int) -> str:
        return f"a:{number}"

    def letter(self, number: int) -> Letter:
        tenant, conversation = self._tenant(workspace_of(number)), self.conversation(number)
        whole = {
            "type": "message",
            "id": f"{next(self._numbers)}",
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/connector/",
            "from": {"id": f"29:x-{number}", "name": f"p{number}", "aadObjectId": f"p-{number}"},
            "recipient": {"id": f"28:{APP_ID}", "name": "Tandem"},
            "conversation": {
                "conversationType": "personal",
                "tenantId": tenant,
                "id": conversation,
            },
            "channelData": {"tenant": {"id": tenant}},
            "text": WORDS,
            "locale": "en-GB",
            "localTimezone": ZONE,
        }
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return Letter(conversation, json.dumps(whole).encode(), headers)

    def _tenant(self, workspace: int) -> str:
        return f"tenant-{workspace}" if workspace else TENANT
