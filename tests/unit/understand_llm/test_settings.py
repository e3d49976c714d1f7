"""The deployment's settings of a language model: whole, safe, or none."""

import pytest

from bot.settings import Settings, SettingsError, describe, load

BASE = {
    "KEYS": "1:AAAA",
    "ASSISTANT_ADDRESS": "tandem@example.org",
    "SMTP_URL": "smtp://127.0.0.1:25",
    "ORGANISATION": "Lantern House",
    "ADMIN_NAME": "Jo Bell",
    "ADMIN_EMAIL": "jo@example.org",
}
WHOLE = {"LLM_URL": "https://models.example.org/v1/", "LLM_MODEL": "quick-1", "LLM_KEY": "k-012345"}


def loaded(monkeypatch: pytest.MonkeyPatch, **more: str) -> Settings:
    for name, value in (BASE | more).items():
        monkeypatch.setenv(f"TANDEM_{name}", value)
    return load()


def test_there_is_none_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch)
    assert (settings.llm_url, settings.llm_model) == ("", "")
    assert settings.llm_key.get_secret_value() == ""


def test_all_three(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch, **WHOLE)
    assert (settings.llm_url, settings.llm_model) == ("https://models.example.org/v1", "quick-1")
    assert settings.llm_key.get_secret_value() == "k-012345"
    assert settings.llm_deadline == 3.0
    assert "k-012345" not in repr(settings)


@pytest.mark.parametrize("missing", WHOLE)
@pytest.mark.parametrize("how", ["left out", "empty"])
def test_two_of_three_are_too_few(monkeypatch: pytest.MonkeyPatch, missing: str, how: str) -> None:
    given = {**WHOLE, missing: ""}
    if how == "left out":
        del given[missing]
    with pytest.raises(SettingsError, match=r"TANDEM_LLM_KEY: goes with .*all three or none"):
        loaded(monkeypatch, **given)


@pytest.mark.parametrize("only", WHOLE)
def test_one_of_three_is_too_few(monkeypatch: pytest.MonkeyPatch, only: str) -> None:
    with pytest.raises(SettingsError, match="all three or none"):
        loaded(monkeypatch, **{only: WHOLE[only]})


@pytest.mark.parametrize(
    "url",
    ["http://models.example.org/v1", "ftp://models.example.org", "models.example.org",
     "https://user:pw@models.example.org/v1", "https://models.example.org/v1?key=1",
     "https://models.example.org/v1#a", "http://127.0.0.1.example.org/v1"],
)  # fmt: skip
def test_addresses_that_are_not_safe(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(monkeypatch, **{**WHOLE, "LLM_URL": url})
    assert str(caught.value).count("TANDEM_") == 1
    assert "TANDEM_LLM_URL" in str(caught.value)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:11434", "localhost:8000", "[::1]:8000"])
def test_this_machine_needs_no_encryption(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    settings = loaded(monkeypatch, **{**WHOLE, "LLM_URL": f"http://{host}/v1"})
    assert settings.llm_url == f"http://{host}/v1"


@pytest.mark.parametrize("key", ["k 1", "k\r\nX-Evil: 1", "schlüssel"])
def test_a_key_that_is_none(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    with pytest.raises(SettingsError, match="TANDEM_LLM_KEY") as caught:
        loaded(monkeypatch, **{**WHOLE, "LLM_KEY": key})
    assert key not in str(caught.value)


@pytest.mark.parametrize("seconds", ["0", "-1", "31", "soon"])
def test_a_deadline_that_is_none(monkeypatch: pytest.MonkeyPatch, seconds: str) -> None:
    with pytest.raises(SettingsError, match="TANDEM_LLM_DEADLINE"):
        loaded(monkeypatch, **WHOLE, LLM_DEADLINE=seconds)


def test_the_help_lists_them() -> None:
    text = describe()
    for name in (*WHOLE, "LLM_DEADLINE"):
        assert f"TANDEM_{name}\n" in text
    assert "(default: )" not in text
