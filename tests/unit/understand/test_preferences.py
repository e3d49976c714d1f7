"""Preferences that chat sentences set."""

from __future__ import annotations

import pytest

from bot.understand.intent import Intent, Preference, PreferenceChange
from bot.understand.read import read
from tests.unit.understand.moments import HERE, proposed

P = Preference
C = PreferenceChange


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("don't book me before 9", [C(P.NOT_BEFORE, minutes=540)]),
        ("never schedule me after 5pm", [C(P.NOT_AFTER, minutes=1020)]),
        ("no meetings before 9:30 please", [C(P.NOT_BEFORE, minutes=570)]),
        ("no Mondays", [C(P.DAYS_OFF, weekdays=(0,))]),
        ("no sessions on Fridays", [C(P.DAYS_OFF, weekdays=(4,))]),
        ("I don't work on Wednesdays", [C(P.DAYS_OFF, weekdays=(2,))]),
        ("keep Wednesday mornings free", [C(P.PART_OFF, weekly=((2, 480, 720),))]),
        ("leave me 20 minutes between sessions", [C(P.BUFFER, minutes=20)]),
        ("I need a 10 minute gap between meetings", [C(P.BUFFER, minutes=10)]),
        ("my default session length is 45 minutes", [C(P.DURATION, minutes=45)]),
        ("no more than 3 sessions a day", [C(P.DAILY_LIMIT, minutes=3)]),
        ("at most two sessions per week", [C(P.WEEKLY_LIMIT, minutes=2)]),
        (
            "my hours are 9 to 5",
            [C(P.AVAILABILITY, weekly=tuple((d, 540, 1020) for d in range(5)))],
        ),
        ("I'm free Mondays from 2 to 4", [C(P.AVAILABILITY, weekly=((0, 840, 960),))]),
        (
            "Tuesdays after 3 and Friday mornings",
            [C(P.AVAILABILITY, weekly=((1, 900, 1080), (4, 480, 720)))],
        ),
        ("away until 5 January", [C(P.AWAY, first="2026-10-20", last="2027-01-05")]),
        (
            "I'm on holiday from 1 to 15 December",
            [C(P.AWAY, first="2026-12-01", last="2026-12-15")],
        ),
        ("I'm off on 23 October", [C(P.AWAY, first="2026-10-23", last="2026-10-23")]),
        ("out of office next week", [C(P.AWAY, first="2026-10-26", last="2026-11-01")]),
        (
            "I'll be in New York from 9 to 13 November",
            [
                C(
                    P.ZONE,
                    zone="America/New_York",
                    place="new york",
                    first="2026-11-09",
                    last="2026-11-13",
                )
            ],
        ),
        ("set my timezone to Berlin", [C(P.ZONE, zone="Europe/Berlin", place="berlin")]),
    ],
)
def test_changes(text: str, changes: list[PreferenceChange]) -> None:
    reading = read(text, HERE)
    assert reading.intent is Intent.SET_PREFERENCES
    assert list(reading.preferences) == changes


def test_taking_back() -> None:
    reading = read("undo my settings", HERE)
    assert reading.intent is Intent.SET_PREFERENCES
    assert reading.preferences[0].remove


@pytest.mark.parametrize("text", ["what are my settings", "show my hours", "my preferences"])
def test_showing(text: str) -> None:
    assert read(text, HERE).intent is Intent.SHOW_PREFERENCES


@pytest.mark.parametrize(
    "text",
    [
        "book Alex next week, not mornings",
        "find 30 minutes with Sam between 2 and 4",
        "am I free on Mondays?",
        "cancel my session on Monday",
        "I'm looking for a place to eat in Rome",
        "is Priya away next week?",
        "move it to Friday, no Mondays",
    ],
)
def test_other_sentences_set_nothing(text: str) -> None:
    assert read(text, HERE).preferences == ()


def test_an_answer_to_a_proposal_is_not_a_preference() -> None:
    context = proposed("2026-10-27 10:00")
    assert read("I can't do Tuesday", context).preferences == ()


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("I prefer mornings", [C(P.PREFER, weekly=tuple((d, 480, 720) for d in range(5)))]),
        ("I'd prefer the afternoon", [C(P.PREFER, weekly=tuple((d, 720, 1080) for d in range(5)))]),
        ("best on Tuesdays", [C(P.PREFER, weekly=((1, 480, 1080),))]),
        ("Tuesday mornings work best for me", [C(P.PREFER, weekly=((1, 480, 720),))]),
        (
            "my preferred times are mornings",
            [C(P.PREFER, weekly=tuple((d, 480, 720) for d in range(5)))],
        ),
        ("no preferred times", [C(P.PREFER, remove=True)]),
        (
            "not more than 2 sessions a day and 5 a week",
            [C(P.DAILY_LIMIT, minutes=2), C(P.WEEKLY_LIMIT, minutes=5)],
        ),
        ("2 sessions max per week", [C(P.WEEKLY_LIMIT, minutes=2)]),
        ("max 3 meetings/day", [C(P.DAILY_LIMIT, minutes=3)]),
        ("MAX TWO SESSIONS WEEKLY", [C(P.WEEKLY_LIMIT, minutes=2)]),
        ("not more than once a week", [C(P.WEEKLY_LIMIT, minutes=1)]),
        ("I can only do 2 sessions a week", [C(P.WEEKLY_LIMIT, minutes=2)]),
        ("at most 0 sessions a day", [C(P.DAILY_LIMIT, minutes=0)]),
        ("at most one session a month", [C(P.WEEKLY_LIMIT, minutes=1, place="month")]),
        ("no daily limit", [C(P.DAILY_LIMIT, remove=True)]),
        ("forget my limits", [C(P.DAILY_LIMIT, remove=True), C(P.WEEKLY_LIMIT, remove=True)]),
        ("forget my buffer", [C(P.BUFFER, remove=True)]),
        ("treat tentative as free", [C(P.TENTATIVE_FREE)]),
        ("tentative events don't block me", [C(P.TENTATIVE_FREE)]),
        ("tentative meetings are busy", [C(P.TENTATIVE_BUSY)]),
        ("I observe German holidays", [C(P.HOLIDAYS, place="german")]),
        ("keep the public holidays of Bavaria free", [C(P.HOLIDAYS, place="bavaria")]),
        ("I observe UK bank holidays", [C(P.HOLIDAYS, place="uk")]),
        ("ignore public holidays", [C(P.HOLIDAYS, remove=True)]),
    ],
)
def test_wishes(text: str, changes: list[PreferenceChange]) -> None:
    reading = read(text, HERE)
    assert reading.intent is Intent.SET_PREFERENCES
    assert list(reading.preferences) == changes


@pytest.mark.parametrize("text", ["I prefer Tuesday at 3", "I prefer next Tuesday"])
def test_one_time_that_is_preferred_is_no_preference(text: str) -> None:
    assert read(text, HERE).preferences == ()
