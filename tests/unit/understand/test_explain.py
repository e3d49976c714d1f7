"""What a reading says about itself: each part with the words that it was understood from."""

from __future__ import annotations

import pytest

from bot.understand.read import read
from bot.understand.report import explain
from tests.unit.understand.moments import AMONG


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "book Priya next Friday afternoon, not before 3",
            "time: Fri 30 Oct 2026 15:00-18:00, from “next Friday afternoon”, “not before 3”",
        ),
        ("book Priya next Friday", "people: Priya, from “Priya”"),
        ("meet Alex tomorrow", "people: Alex (2 people), from “Alex”"),
        (
            "move my Thursday session to Friday 3pm",
            "time: Fri 23 Oct 2026 15:00-15:30, from “Friday 3pm”",
        ),
        (
            "move my Thursday session to Friday 3pm",
            "meeting: Thu 22 Oct 2026 08:00-18:00, from “Thursday”",
        ),
        (
            "every other Tuesday with Sam",
            "series: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU, from “every other Tuesday”",
        ),
    ],
)
def test_line(text: str, line: str) -> None:
    assert line in explain(read(text, AMONG), AMONG).splitlines()


def test_many_windows_are_cut_short() -> None:
    lines = explain(read("book Priya next week", AMONG), AMONG).splitlines()
    (time,) = (line for line in lines if line.startswith("time: "))
    assert time.endswith("; ..., from “next week”")
