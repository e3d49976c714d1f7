"""Canonical texts of settings: what is stored can be read again and means the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.links import Provider
from core.policy import SETTINGS
from core.use_cases.administer.values import canonical, written

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize("key", SETTINGS)
def test_defaults_and_examples_are_kept(key: str) -> None:
    setting = SETTINGS[key]
    for text in (setting.default, setting.example.removeprefix(f"{key} ")):
        value = setting.parse(text)
        assert setting.parse(canonical(key, text)) == value
        assert canonical(key, canonical(key, text)) == canonical(key, text)


@pytest.mark.parametrize(
    ("key", "text", "stored"),
    [
        ("hours", "7-8pm", "07:00-20:00"),
        ("hours", "0:00 to 24:00", "00:00-24:00"),
        ("weekends", "YES", "on"),
        ("notice", "1 d", "24 h"),
        ("duration", "90", "90 min"),
        ("buffer", "0", "0 min"),
        ("calendars.max", "3", "3"),
        ("sessions", "6", "6"),
        ("reminders", "1h and 24h", "24 h, 1 h"),
        ("reminders", "off", "none"),
        ("services", "iCloud and google", "apple, google"),
        ("services", "none", "none"),
        ("closures", "2026-12-25 2026-12-24", "2026-12-24, 2026-12-25"),
        ("booking.confirm", "Both", "both"),
        ("contacts", "  Ask   Jo ", "Ask Jo"),
        ("link", "<https://meet.example.org/a>", "https://meet.example.org/a"),
    ],
)
def test_values_as_they_are_stored(key: str, text: str, stored: str) -> None:
    assert canonical(key, text) == stored


def test_a_value_out_of_bounds_says_the_bounds() -> None:
    with pytest.raises(ValueError, match="'1440' is not between 0 min and 14 days"):
        canonical("notice", "1440")


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_hours_are_read_back(start: int, length: int) -> None:
    span = (start, min(1440, start + length))
    assert SETTINGS["hours"].parse(written("hours", span)) == span


@given(st.sampled_from(["notice", "horizon", "expiry", "duration"]), st.integers(0, 525_600))
def test_lengths_are_read_back(key: str, minutes: int) -> None:
    text = written(key, minutes)
    try:
        value = SETTINGS[key].parse(text)
    except ValueError as error:
        assert "not between" in str(error)  # noqa: PT017  # only the bounds may refuse it
    else:
        assert value == minutes


@given(st.lists(DAYS, unique=True), st.lists(st.sampled_from(list(Provider)), unique=True))
def test_lists_are_read_back(days: list[date], services: list[Provider]) -> None:
    assert SETTINGS["closures"].parse(written("closures", tuple(days))) == tuple(sorted(days))
    assert SETTINGS["services"].parse(written("services", tuple(services))) == tuple(services)
