"""Answers to an open proposal: Tue 27 Oct 10:00, Wed 28 Oct 14:00, Thu 29 Oct 16:30."""

from __future__ import annotations

import pytest

from bot.understand.intent import Intent
from bot.understand.read import read
from tests.unit.understand.moments import HERE, proposed

OPEN = proposed("2026-10-27 10:00", "2026-10-28 14:00", "2026-10-29 16:30")


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("the first one", (0,)),
        ("the second works", (1,)),
        ("I'll take the last one", (2,)),
        ("number 3 please", (2,)),
        ("option b", (1,)),
        ("2", (1,)),
        ("#1", (0,)),
        ("1 and 3", (0, 2)),
        ("the first two", (0, 1)),
        ("the earliest", (0,)),
        ("the later one please", (2,)),
        ("either the first or the third", (0, 2)),
        ("both work", (0, 1, 2)),
        ("any of them", (0, 1, 2)),
        ("Wednesday is perfect", (1,)),
        ("Thursday suits me", (2,)),
        ("the 2pm one", (1,)),
        ("2pm works", (1,)),
        ("4:30 please", (2,)),
        ("Tuesday at 10", (0,)),
        ("Tuesday or Thursday works", (0, 2)),
        ("the morning one", (0,)),
        ("28 Oct please", (1,)),
        ("the 28th", (1,)),
        ("I can do Wednesday", (1,)),
        ("anything but Tuesday", (1, 2)),
        ("any of them except Wednesday", (0, 2)),
        ("not the first one, the other two are fine", (1, 2)),
    ],
)
def test_chosen_slots(text: str, choice: tuple[int, ...]) -> None:
    reading = read(text, OPEN)
    assert (reading.intent, reading.choice) == (Intent.ACCEPT, choice)


@pytest.mark.parametrize(
    "text", ["none of these suit me", "no", "I can't do any of them", "neither, sorry"]
)
def test_none_of_them(text: str) -> None:
    reading = read(text, OPEN)
    assert (reading.intent, reading.choice) == (Intent.DECLINE, ())


@pytest.mark.parametrize(
    "text",
    [
        "what about Friday instead?",
        "could we do Monday at 9?",
        "Friday works better",
        "can we do Thursday at 5 instead?",
        "not Tuesday",
        "Monday 3pm?",
    ],
)
def test_another_time(text: str) -> None:
    reading = read(text, OPEN)
    assert reading.intent is Intent.COUNTER
    assert reading.choice is None
    assert reading.time is not None


def test_a_plain_yes_chooses_nothing() -> None:
    reading = read("yes please", OPEN)
    assert (reading.intent, reading.choice) == (Intent.ACCEPT, None)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cancel my session on Wednesday", Intent.CANCEL),
        ("more times please", Intent.MORE_TIMES),
        ("why not Friday?", Intent.WHY),
        ("book Sam on Thursday", Intent.BOOK),
        ("what's the weather on Wednesday?", Intent.OUT_OF_SCOPE),
        ("help", Intent.HELP),
    ],
)
def test_other_wishes_stay_what_they_are(text: str, intent: Intent) -> None:
    reading = read(text, OPEN)
    assert (reading.intent, reading.choice) == (intent, None)


def test_ordinals_count_when_nothing_is_known_of_the_proposal() -> None:
    assert read("the second one is fine", HERE).choice == (1,)
    assert read("the last one works", HERE).choice is None


def test_an_index_beyond_the_proposal_is_not_chosen() -> None:
    assert read("the fifth one", OPEN).choice is None
