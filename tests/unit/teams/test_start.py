"""With which settings the product starts with Teams, and with which it refuses to."""

from __future__ import annotations

import pytest

from adapters.memory.store import MemoryStore
from adapters.storage.sealing import new_key
from adapters.system import SystemClock
from adapters.teams.app import Teams
from bot.parts import StartError, teams_chat
from bot.settings import Settings

APP_ID = "5f1c5c0e-7a5d-4d0e-9f57-0d9a4a1c2b3d"
TENANT = "11111111-2222-3333-4444-555555555555"
WHOLE = {"teams_app_id": APP_ID, "teams_app_password": "secret", "teams_tenant": TENANT}


def made(**more: object) -> Teams | None:
    settings = Settings.model_validate(
        {
            "keys": new_key("test"),
            "assistant_address": "assistant@tandem.example.org",
            "smtp_url": "smtp://127.0.0.1:2525",
            "organisation": "Ridge",
            "admin_name": "Ada North",
            "admin_email": "ada@example.com",
            "database_url": "sqlite:///unused.db",
            "public_url": "http://127.0.0.1:8080",
            **more,
        }
    )
    return teams_chat(settings, MemoryStore(), SystemClock())


def test_without_any_setting_there_is_no_teams() -> None:
    assert made() is None


def test_a_whole_registration_starts() -> None:
    assert made(**WHOLE) is not None


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_a_registration_that_lacks_something_is_refused(missing: str) -> None:
    """An empty app id would switch the vendor's check of senders off."""
    with pytest.raises(StartError, match="TANDEM_TEAMS_APP_ID"):
        made(**{name: value for name, value in WHOLE.items() if name != missing})


def test_only_a_loopback_development_needs_no_app_id() -> None:
    assert made(teams_development=True) is not None
    with pytest.raises(StartError, match=r"127\.0\.0\.1 only"):
        made(teams_development=True, host="0.0.0.0")  # what is refused
    with pytest.raises(StartError, match="playground"):
        made(teams_development=True, **WHOLE)
