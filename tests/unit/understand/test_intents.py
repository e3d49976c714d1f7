"""What sentences want that no single example beside a rule shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.understand.intent import Intent
from bot.understand.read import read
from tests.unit.understand.moments import AMONG, proposed


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I can't make it on Friday, cancel it", Intent.CANCEL),
        ("I'm afraid I can't", Intent.DECLINE),
        ("none of those suit me, sorry", Intent.DECLINE),
        ("let's not", Intent.DECLINE),
        ("no that's fine, book it", Intent.ACCEPT),
        ("I'm lost, what are my options", Intent.HELP),
        ("show me the commands", Intent.HELP),
        ("schedule a haircut", Intent.OUT_OF_SCOPE),
        ("put a haircut on my calendar for Friday at 3", Intent.BOOK),
        ("cancel my gym membership", Intent.OUT_OF_SCOPE),
        ("reschedule my flight", Intent.OUT_OF_SCOPE),
        ("what are the opening hours of the museum", Intent.OUT_OF_SCOPE),
        ("be there in 5, sorry", Intent.RUNNING_LATE),
        ("I have a meeting on Friday", Intent.OUT_OF_SCOPE),
        ("I have a meeting with Priya on Friday", Intent.BOOK),
        ("stop the weekly session with Priya", Intent.CANCEL),
        ("why not 9am", Intent.WHY),
        ("yes but later", Intent.COUNTER),
        ("would Priya be available at noon", Intent.AVAILABILITY),
        ("what's the earliest I can see Alex", Intent.AVAILABILITY),
    ],
)
def test_intent(text: str, intent: Intent) -> None:
    assert read(text, AMONG).intent is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I have a meeting on Friday", Intent.DECLINE),
        ("why not 9am", Intent.COUNTER),
        ("why not Friday at 9am?", Intent.COUNTER),
        ("yes but later", Intent.COUNTER),
        ("I'm afraid I can't", Intent.DECLINE),
        ("that'd be lovely", Intent.ACCEPT),
    ],
)
def test_intent_while_times_are_proposed(text: str, intent: Intent) -> None:
    context = proposed("2026-10-22 14:00", "2026-10-23 10:00")
    assert read(text, context).intent is intent


def test_no_minutes_are_told_apart_from_no_length() -> None:
    assert read("book Alex for 0 minutes", AMONG).duration_minutes == 0
    assert read("book Alex", AMONG).duration_minutes is None


def test_the_speaker_alone_is_a_person() -> None:
    spoken = replace(AMONG, speaker="sam")
    (person,) = read("book with myself tomorrow", spoken).people
    assert (person.text, person.candidates) == ("myself", ("sam",))
    assert [p.text for p in read("book Alex with me tomorrow", spoken).people] == ["Alex"]
    assert read("book with myself tomorrow", AMONG).people == ()
