"""What a deployment says about its Slack app, and the address of the other side."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "chat:write",
    "commands",
    "im:history",
    "im:write",
    "team:read",
    "users:read",
    "users:read.email",
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "team_rename",
    "tokens_revoked",
    "user_change",
)
API = "https://slack.com/api/"
CONSENT = "https://slack.com/oauth/v2/authorize"
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class SlackApp:
    """The app's registration. `public_url` is where Slack and browsers reach us.

    With an `app_token` ("xapp-…") events come by Socket Mode instead of HTTP, for installs behind
    a firewall. With a `bot_token` ("xoxb-…") the app serves that one workspace, without pages for
    installing. Raises ValueError with a sentence for what cannot work.
    """

    public_url: str
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    bot_token: str = field(default="", repr=False)
    api: str = API
    consent: str = CONSENT

    def __post_init__(self) -> None:
        """Refuse what would leave a door open or lead nowhere."""
        if not self.signing_secret and not self.app_token:
            raise ValueError(
                "The Slack signing secret is missing; without it anybody could post here."
            )
        if self.app_token and not self.app_token.startswith("xapp-"):
            raise ValueError("The Slack app-level token for Socket Mode begins with xapp-.")
        if self.bot_token and not self.bot_token.startswith("xoxb-"):
            raise ValueError("The Slack bot token begins with xoxb-.")
        if not self.bot_token and not (self.client_id and self.client_secret):
            raise ValueError(
                "Slack needs a client id and secret to be installed, or the bot token of one "
                "workspace."
            )
        if self.installs and not _is_secure(self.public_url):
            raise ValueError("The public address for Slack has to begin with https.")

    @property
    def installs(self) -> bool:
        """Whether workspaces install the app by our own pages."""
        return not self.bot_token

    @property
    def redirect(self) -> str:
        """The address to which Slack sends browsers back."""
        return self.public_url.rstrip("/") + REDIRECT_PATH


def _is_secure(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    near = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or near)
