"""The reason in a sentence that calls something off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.converse.because import reason_in


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cancel my session with Alex, I am ill", "I am ill"),
        ("I'm ill, cancel my session with Alex", "I'm ill"),
        ("cancel my session because my train is late", "My train is late"),
        ("cancel Tuesday, something came up", "Something came up"),
        ("something came up, so cancel my session", "Something came up"),
        ("cancel my session with Alex as I am ill", "I am ill"),
        ("please cancel: I have a cold!", "I have a cold"),
        ("cancel it - I'm sick", "I'm sick"),
        ("sorry, I can't make it. Please cancel", "I can't make it"),
        ("cancel my 2pm. My son is ill.", "My son is ill"),
        ("cancel my session", ""),
        ("cancel the session, please", ""),
        ("cancel my session, the one on Tuesday", ""),
        ("I need to cancel my session", ""),
        ("cancel Alex, I'd like to cancel", ""),
        ("cancel it, I want to cancel it", ""),
        ("cancel since monday", ""),
    ],
)
def test_what_is_a_reason(text: str, reason: str) -> None:
    assert reason_in(text) == reason


@given(st.text(max_size=400))
def test_no_text_makes_it_fail_and_a_reason_is_one_short_line(text: str) -> None:
    reason = reason_in(f"cancel it because {text}")
    assert len(reason) <= 300
    assert "\n" not in reason
