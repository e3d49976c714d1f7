"""Settings from the environment (`TANDEM_...`), all problems reported at once.

`Settings.model_fields` is the only list; `describe()` prints it for `tandem serve --help`.
Secrets are `SecretStr`, so that no log and no error can show them.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ADDRESS = re.compile(r"[^@\s<>\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
HOST_PORT = re.compile(r"[A-Za-z0-9.:\[\]-]+:\d{1,5}")


class SettingsError(Exception):
    """The environment is not right; the message lists every problem."""


class Settings(BaseSettings):
    """What a deployment must and may say."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_", extra="ignore", frozen=True)

    keys: SecretStr = Field(description="key ring, newest first: id:base64[,id:base64]; "
                            "`tandem key` makes one")  # fmt: skip
    assistant_address: str = Field(description="the fixed sender's e-mail address, never changed")
    smtp_url: SecretStr = Field(
        description="smtp+starttls://user:password@host:587, smtps://…:465 or smtp://127.0.0.1:25"
    )
    imap_url: SecretStr = Field(
        default=SecretStr(""),
        description="imaps://user:password@host of the assistant's mailbox, where answers to "
        "invitations come in; empty: they are not read",
    )  # fmt: skip
    imap_authserv: str = Field(
        default="",
        description="name under which the mailbox's own server says in Authentication-Results "
        "whether a sender is who they say; empty: each answer by mail is confirmed in chat",
    )  # fmt: skip
    organisation: str = Field(description="name of the organisation, made at the first start")
    admin_name: str = Field(description="name of the first administrator")
    admin_email: str = Field(description="e-mail of the first administrator")
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///tandem.db"),
        description="sqlite:///file.db or postgresql+psycopg://user:password@host/name",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8080", description="address under which people reach the pages"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on")
    find_deadline: float = Field(
        default=8.0, gt=0, le=60, description="seconds a search waits for calendars"
    )
    lease: int = Field(
        default=120,
        ge=10,
        le=3600,
        description="seconds after which the work of a crashed process is taken up again",
    )
    caldav_allow: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="host:port of CalDAV servers in the own network, comma-separated"
    )
    google_client_id: str = Field(
        default="", description="OAuth client of Google calendars; with the secret, or neither"
    )
    google_client_secret: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="its secret"
    )
    google_service_account_file: str = Field(
        default="", description="key file of the service account for auto-connect (JSON)"
    )
    google_auth_url: str = Field(
        default="https://accounts.google.com/o/oauth2/v2/auth", description="Google's consent page"
    )
    google_token_url: str = Field(
        default="https://oauth2.googleapis.com/token", description="Google's token address"
    )
    google_revoke_url: str = Field(
        default="https://oauth2.googleapis.com/revoke", description="where access is given back"
    )
    google_api_url: str = Field(
        default="https://www.googleapis.com/calendar/v3/", description="Google's calendar API"
    )
    google_issuer: str = Field(
        default="https://accounts.google.com", description="who issues Google's identity tokens"
    )
    microsoft_client_id: str = Field(
        default="", description="application of Microsoft calendars; with the secret, or neither"
    )
    microsoft_client_secret: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="its secret"
    )
    microsoft_authority: str = Field(
        default="https://login.microsoftonline.com/common", description="Microsoft's sign-in"
    )
    microsoft_graph_url: str = Field(
        default="https://graph.microsoft.com/v1.0", description="Microsoft Graph"
    )
    microsoft_scope_prefix: str = Field(
        default="", description="what stands before permissions in a national cloud"
    )
    microsoft_ca_file: str = Field(
        default="", description="certificates to believe besides, for a sign-in of one's own"
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="signing secret of the Slack app; events come with it"
    )
    slack_client_id: str = Field(
        default="", description="client id, for workspaces that install the app by our pages"
    )
    slack_client_secret: SecretStr = Field(default=SecretStr(""), description="its secret")
    slack_bot_token: SecretStr = Field(
        default=SecretStr(""), description="xoxb-…: serve this one workspace, without installing"
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), description="xapp-…: take events by Socket Mode instead of HTTP"
    )
    slack_api_url: str = Field(default="https://slack.com/api/", description="Slack's Web API")
    slack_consent_url: str = Field(
        default="https://slack.com/oauth/v2/authorize", description="Slack's page for installing"
    )
    teams_app_id: str = Field(
        default="", description="app id of the single-tenant Teams bot; with password and tenant"
    )
    teams_app_password: SecretStr = Field(default=SecretStr(""), description="its client secret")
    teams_tenant: str = Field(default="", description="tenant id in which the bot is registered")
    teams_tenants: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="other tenants that may use it, comma-separated; * for every one"
    )  # fmt: skip
    teams_development: bool = Field(
        default=False, description="Teams without an app id, for the playground on this machine"
    )
    teams_login_url: str = Field(
        default="https://login.microsoftonline.com", description="where the bot gets its tokens"
    )
    teams_openid_url: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="where the keys of inbound tokens are found",
    )
    teams_issuer: str = Field(
        default="https://api.botframework.com", description="who issues inbound tokens"
    )
    teams_service_url: str = Field(
        default="https://smba.trafficmanager.net/teams/", description="Teams' connector service"
    )
    teams_ca_file: str = Field(
        default="", description="certificates to believe besides, for services of one's own"
    )
    llm_url: str = Field(
        default="",
        description="address of an OpenAI-compatible language model (https://…/v1), asked about "
        "sentences nobody understood where the organisation's setting llm is on; with "
        "TANDEM_LLM_MODEL and TANDEM_LLM_KEY, or none of the three",
    )  # fmt: skip
    llm_model: str = Field(default="", description="name of the model")
    llm_key: SecretStr = Field(
        default=SecretStr(""), validate_default=True, description="key of the model's service"
    )
    llm_deadline: float = Field(
        default=3.0, gt=0, le=30, description="seconds to wait for the model's answer"
    )
    local_chat: bool = Field(
        default=False, description="serve the local chat (loopback only, for trying out)"
    )
    log_level: str = Field(default="info", description="debug, info, warning or error")
    log_format: str = Field(default="json", description="json or text")

    @field_validator("assistant_address", "admin_email")
    @classmethod
    def _address(cls, value: str) -> str:
        if not ADDRESS.fullmatch(value.strip()):
            raise ValueError("is not an e-mail address")
        return value.strip().lower()

    @field_validator("imap_authserv")
    @classmethod
    def _authserv(cls, value: str) -> str:
        if re.search(r"[\s;()<>\"]", value.strip()):
            raise ValueError("is one name such as mx.example.org")
        return value.strip().lower()

    @field_validator("organisation", "admin_name")
    @classmethod
    def _named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty")
        return value.strip()

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        parts = urlsplit(value)
        loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise ValueError("is not an address such as https://tandem.example.org")
        if parts.scheme == "http" and not loopback:
            raise ValueError("has to start with https:// (http:// only on this machine)")
        return value.rstrip("/")

    @field_validator("google_client_secret", "microsoft_client_secret")
    @classmethod
    def _client_whole(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """Refuse an id without its secret, and a secret without its id."""
        name = str(info.field_name).replace("secret", "id")
        if bool(info.data.get(name)) != bool(value.get_secret_value().strip()):
            raise ValueError(f"goes with TANDEM_{name.upper()}: both or neither")
        return SecretStr(value.get_secret_value().strip())

    @field_validator(
        "google_auth_url",
        "google_token_url",
        "google_revoke_url",
        "google_api_url",
        "google_issuer",
        "microsoft_authority",
        "microsoft_graph_url",
        "slack_api_url",
        "slack_consent_url",
        "teams_login_url",
        "teams_openid_url",
        "teams_issuer",
        "teams_service_url",
    )
    @classmethod
    def _vendor_address(cls, value: str) -> str:
        slash = value.endswith("/")
        return cls._public(value) + ("/" if slash else "")

    @field_validator("llm_url")
    @classmethod
    def _model_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("is an address without user, query and fragment; the key is apart")
        return cls._public(value)

    @field_validator("llm_model")
    @classmethod
    def _model_named(cls, value: str) -> str:
        return value.strip()

    @field_validator("llm_key")
    @classmethod
    def _model_whole(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """Refuse a model that is told in part; `info` has the fields before this one."""
        key = value.get_secret_value().strip()
        given = [info.data.get("llm_url"), info.data.get("llm_model"), key]
        if None not in given and any(given) and not all(given):
            raise ValueError("goes with TANDEM_LLM_URL and TANDEM_LLM_MODEL: all three or none")
        if re.search(r"[^!-~]", key):
            raise ValueError("has characters that no key has")
        return SecretStr(key)

    @field_validator("teams_tenants", mode="before")
    @classmethod
    def _tenants(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("caldav_allow", mode="before")
    @classmethod
    def _allowances(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        entries = tuple(part.strip() for part in value.split(",") if part.strip())
        for entry in entries:
            if not HOST_PORT.fullmatch(entry):
                raise ValueError(f"“{entry}” is not host:port")
        return entries

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.lower() not in ("debug", "info", "warning", "error"):
            raise ValueError("is not one of debug, info, warning, error")
        return value.lower()

    @field_validator("log_format")
    @classmethod
    def _format(cls, value: str) -> str:
        if value.lower() not in ("json", "text"):
            raise ValueError("is neither json nor text")
        return value.lower()

    @property
    def domain(self) -> str:
        """The right-hand side of UIDs and Message-IDs: the assistant's domain."""
        return self.assistant_address.partition("@")[2]


def load() -> Settings:
    """Read the environment. Raises SettingsError that lists every problem, without values."""
    try:
        return Settings()  # type: ignore[call-arg]  # the environment fills the fields
    except ValidationError as error:
        lines = [
            f"  {_variable(e['loc'])}: {_problem(e['type'], e['msg'])}" for e in error.errors()
        ]
        raise SettingsError("These settings have to be mended:\n" + "\n".join(lines)) from None


def _variable(loc: tuple[int | str, ...]) -> str:
    return f"TANDEM_{str(loc[0]).upper()}" if loc else "TANDEM_…"


def _problem(kind: str, message: str) -> str:
    """Return a problem in words that never repeat the value."""
    if kind == "missing":
        return "is missing"
    return message.removeprefix("Value error, ")


def describe() -> str:
    """Return every setting with its meaning, for --help."""
    lines = []
    for name, field in Settings.model_fields.items():
        default = "" if field.is_required() else f" (default: {_shown(field.default)})"
        lines.append(f"  TANDEM_{name.upper()}\n      {field.description}{default}")
    return "\n".join(lines)


def _shown(default: object) -> str:
    if isinstance(default, SecretStr):
        return default.get_secret_value() or "none"
    return "none" if default in ((), "") else str(default)
