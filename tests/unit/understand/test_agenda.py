"""What a session is to be about is told from a rough time, and from what asks for no session."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand.agenda import agenda_in, without_agenda

SAID = [
    ("book with Alex next week about her promotion", "her promotion"),
    ("book with Alex about her promotion next week", "her promotion"),
    ("schedule a session about my CV with Alex tomorrow at 3", "my CV"),
    ("find a time with Alex to discuss two problems for 45 minutes", "two problems"),
    ("set up an hour with Sam to talk about the thesis on Friday", "the thesis"),
    ("book Alex Tuesday re: budget", "budget"),
    ("can we meet next week about a project?", "a project"),
    (
        "every Tuesday at 2pm with Alex for 3 weeks about the thesis, starting 27 October",
        "the thesis",
    ),
    ("every other Friday with Sam about her talk until Christmas", "her talk"),
    (
        "book with Alex about her starting a company until she has one",
        "her starting a company until she has one",
    ),
    (
        "book with Alex next week, agenda: career plan; Friday release",
        "career plan; Friday release",
    ),
]


@pytest.mark.parametrize(("text", "agenda"), SAID)
def test_what_it_is_about_is_taken_and_the_rest_left(text: str, agenda: str) -> None:
    assert agenda_in(text) == agenda
    rest = without_agenda(text)
    assert agenda not in rest
    assert len(rest) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "book about an hour with Alex",
        "book with Alex at about 3",
        "meet Alex about noon tomorrow",
        "book with Alex in about two weeks",
        "book with Alex about the same time next week",
        "how about Thursday",
        "what about next week with Alex?",
        "cancel the session about her promotion",
        "why is Alex never free? I need to talk about my CV",
        "remind me about the session",
        "agenda: career plan",
        "I am busy every Tuesday about the school run",
        "book with Alex about ...",
    ],
)
def test_a_rough_time_or_another_wish_is_no_agenda(text: str) -> None:
    assert agenda_in(text) == ""
    assert without_agenda(text) == text


@given(st.text(max_size=80))
def test_it_is_one_plain_line_of_bounded_length(noise: str) -> None:
    found = agenda_in(f"book with Alex next week about her {noise}")
    assert "\n" not in found
    assert len(found) <= 300
