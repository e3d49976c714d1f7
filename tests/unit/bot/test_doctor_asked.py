"""Which sentences call the doctor, and which only sound like it."""

import pytest

from bot.converse.doctor import is_asked


@pytest.mark.parametrize(
    "text",
    [
        "doctor",
        "Doctor!",
        "run the doctor please",
        "what is wrong with my calendar",
        "What's wrong with my calendars?",
        "what’s the matter with my work calendar?",
        "why can't you see my calendar?",
        "why can’t you read my calendar",
        "why can you not open my Google calendar?",
        "why don't you see my calendar?",
        "why is my calendar not connected?",
        "why isn't my calendar working?",
        "why doesn't my calendar work?",
        "can you still see my calendar?",
        "you cannot see my calendar",
        "is my calendar working?",
        "my calendar is broken",
        "my calendar doesn't work",
        "check my connection",
    ],
)
def test_these_call_the_doctor(text: str) -> None:
    assert is_asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "check my calendar",
        "check my calendar for Tuesday",
        "book a session with the doctor",
        "book Doctor Chen next week",
        "why is Priya never free?",
        "why can't you see Priya's calendar?",
        "what is wrong with Tuesday at 2?",
        "connect my calendar",
        "is my calendar free on Friday?",
        "what is on my calendar?",
        "disconnect my calendar",
        "my calendars",
    ],
)
def test_these_do_not(text: str) -> None:
    assert not is_asked(text)
