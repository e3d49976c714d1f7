"""Taking turns with early and late hours, beside a series and nowhere else."""

from __future__ import annotations

import pytest

from bot.understand.intent import Intent
from bot.understand.read import read
from bot.understand.turns import takes_turns, without_turns
from tests.unit.understand.moments import HERE


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("weekly with Mira, and rotate early and late", "weekly with Mira"),
        ("weekly with Mira, taking turns with the early hour", "weekly with Mira"),
        ("weekly with Mira and let’s take turns with who has the late slot", "weekly with Mira"),
        ("weekly with Mira, alternate early and late", "weekly with Mira"),
        ("weekly with Mira, share the early hours fairly", "weekly with Mira"),
        ("weekly with Mira, rotate who gets the awkward time", "weekly with Mira"),
    ],
)
def test_the_wish_is_taken_out_and_the_series_left(text: str, rest: str) -> None:
    assert takes_turns(text)
    assert without_turns(text).rstrip() == rest
    assert len(without_turns(text)) == len(text)


def test_what_follows_stays_in_its_place() -> None:
    text = "every Tuesday, rotating early and late, with Mira for 3 months"
    blank = without_turns(text)
    assert blank.split() == ["every", "Tuesday", ",", "with", "Mira", "for", "3", "months"]
    assert blank.index("Mira") == text.index("Mira")


@pytest.mark.parametrize(
    "text",
    [
        "is there an alternate later time?",
        "share my early slots with Mira",
        "we take turns with the early hour",
        "alternate weeks with Mira, every other Tuesday",
        "every Tuesday with Mira, early please",
        "every Tuesday, and rotate the room",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert not takes_turns(text)
    assert without_turns(text) == text


def test_it_reads_like_the_series_alone() -> None:
    with_it = read("every Tuesday at 2pm for 2 months, and rotate early and late", HERE)
    alone = read("every Tuesday at 2pm for 2 months", HERE)
    assert with_it.intent is alone.intent is Intent.BOOK
    assert with_it.recurrence == alone.recurrence
    assert with_it.recurrence is not None
    assert with_it.people == ()
    assert with_it.text.endswith("rotate early and late")
