"""Who cannot come on one day speaks of their session then; only a rule changes their hours."""

from __future__ import annotations

import pytest

from bot.understand.cannot import ASKS, MOVES
from bot.understand.intent import Intent, Preference
from bot.understand.read import read
from tests.unit.understand.moments import AMONG, proposed

ALONE = (
    "I can't make it on Thursday",
    "cant do thurs sorry",
    "my session on Thursday doesn't work",
    "our session with Sam on thursday isn't possible",
    "I cannot come on 22 October",
    "won't be able to make it thursday",
    "i have to miss thursday",
    "sorry, I can't attend on thursday at 3",
    "thursday won't work for me",
    "thursday I can't make it, my kid is ill",
    "i'm busy on thursday",
    "not able to join thursday because of a dentist thing",
    "Alex Chen can't make thursday",
    "I can't make our session on thursday",
    "thurs is off, kids sick",
    "something came up for thursday",
    "thursday's no good now",
    "i'm poorly, not coming on thursday",
    "tell Alex Chen i can't come thursday",
    "cant do 3 on thurs anymore",
    "I can't do lunch on thursday",
    "I won't have time on thursday",
    "I can't work on thursday",
)
MOVED = (
    "I can't do Thursday, can we move it",
    "cant make thurs, can we do fri instead",
    "thursday doesn't work for me, what about friday",
    "i won't be there thursday - could we find another day",
    "I'm busy on thursday, friday works",
    "could you tell Alex Chen I can't make it thursday and find another time",
)
LASTING = {
    "I can't do Thursdays": Preference.DAYS_OFF,
    "I can't do mornings": Preference.PART_OFF,
    "I can't do before 10": Preference.NOT_BEFORE,
    "I can't do next week": Preference.AWAY,
    "i cant do weekends": Preference.DAYS_OFF,
    "I'm never free on thursdays": Preference.DAYS_OFF,
}


@pytest.mark.parametrize("text", ALONE)
def test_one_day_is_about_the_session_then(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.reason) == (Intent.RESCHEDULE, ASKS)
    assert reading.move_from is not None
    assert len(reading.move_from.options) == 1
    assert {p.kind for p in reading.preferences} <= {Preference.AWAY}
    assert reading.time is not None
    assert (reading.time.options, len(reading.time.exclude)) == ((), 1)


@pytest.mark.parametrize("text", MOVED)
def test_another_time_may_be_asked_for_at_once(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.reason) == (Intent.RESCHEDULE, MOVES)
    assert reading.move_from is not None
    assert reading.time is not None
    assert bool(reading.time.options) is ("fri" in text)
    assert reading.time.options != reading.move_from.options
    assert reading.preferences == ()


@pytest.mark.parametrize(("text", "kind"), LASTING.items())
def test_a_rule_stays_a_rule(text: str, kind: Preference) -> None:
    reading = read(text, AMONG)
    assert reading.intent is Intent.SET_PREFERENCES
    assert [p.kind for p in reading.preferences] == [kind]


@pytest.mark.parametrize("text", ALONE)
def test_an_offered_time_of_that_day_is_what_is_meant(text: str) -> None:
    reading = read(text, proposed("2026-10-22 15:00", "2026-10-26 10:00"))
    assert reading.intent is Intent.COUNTER
    assert reading.time is not None
    assert reading.time.exclude


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I can't make it on Friday, cancel it", Intent.CANCEL),
        ("why can't I do Thursday", Intent.WHY),
        ("I can only do Thursday", Intent.COUNTER),
    ],
)
def test_other_sentences_with_such_words(text: str, intent: Intent) -> None:
    assert read(text, AMONG).intent is intent
    assert read(text, AMONG).preferences == ()


@pytest.mark.parametrize(
    "text", ["I can't do Thursday, book Sam on Friday", "can't we do Thursday", "I can do Thursday"]
)
def test_one_day_never_changes_every_week(text: str) -> None:
    assert read(text, AMONG).preferences == ()


def test_days_from_one_to_another_are_those_between() -> None:
    (wish,) = read("I only work Tuesday to Thursday", AMONG).preferences
    assert wish.kind is Preference.AVAILABILITY
    assert [day for day, _, _ in wish.weekly] == [1, 2, 3]


def test_some_days_of_a_month_are_neither_every_week_nor_the_whole_month() -> None:
    assert read("I can't do Fridays in November", AMONG).preferences == ()


def test_a_weekday_and_a_date_are_both_kept() -> None:
    wishes = read("I don't work Fridays or 24 December", AMONG).preferences
    assert {p.kind for p in wishes} == {Preference.DAYS_OFF, Preference.AWAY}
