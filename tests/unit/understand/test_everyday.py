"""Short forms, slips of the pen and the words of phones, in all that people ask for."""

from __future__ import annotations

import pytest

from bot.understand.intent import Intent, Preference
from bot.understand.read import read
from tests.unit.understand.moments import AMONG, proposed


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("runing late sorry", Intent.RUNNING_LATE),
        ("bit late, 5 mins", Intent.RUNNING_LATE),
        ("delayed by 20", Intent.RUNNING_LATE),
        ("5 mins behind", Intent.RUNNING_LATE),
        ("be with u in 5", Intent.RUNNING_LATE),
        ("whens priya next availible", Intent.AVAILABILITY),
        ("when's priya about next wk", Intent.AVAILABILITY),
        ("y not friday", Intent.WHY),
        ("what are my prefs", Intent.SHOW_PREFERENCES),
        ("grab half an hr w/ priya sometime this wk", Intent.BOOK),
        ("squeeze in priya b4 the weekend", Intent.BOOK),
        ("get me in with priya n sam nxt wk", Intent.BOOK),
        ("wkly w priya weds 2pm", Intent.BOOK),
        ("sesh w priya tmrw avo", Intent.BOOK),
        ("take that back", Intent.RESCHEDULE),
    ],
)
def test_intent(text: str, intent: Intent) -> None:
    assert read(text, AMONG).intent is intent


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dont book me befor 10", Preference.NOT_BEFORE),
        ("don't book me b4 9.30 pls", Preference.NOT_BEFORE),
        ("nothing after 5 thanks", Preference.NOT_AFTER),
        ("never on a monday", Preference.DAYS_OFF),
        ("no bufer pls", Preference.BUFFER),
        ("prefer afternoons plz", Preference.PREFER),
        ("annual leave 2-6 nov", Preference.AWAY),
        ("on hols next week", Preference.AWAY),
        ("back on the 9th", Preference.AWAY),
        ("working from berlin until friday", Preference.ZONE),
        ("dont count tentative meetings", Preference.TENTATIVE_FREE),
        ("uk bank holidays off please", Preference.HOLIDAYS),
    ],
)
def test_wish(text: str, kind: Preference) -> None:
    reading = read(text, AMONG)
    assert reading.intent is Intent.SET_PREFERENCES
    assert [change.kind for change in reading.preferences] == [kind]


def test_every_day_that_is_named_is_away() -> None:
    changes = read("ooo thurs and fri", AMONG).preferences
    assert [(c.kind, c.first) for c in changes] == [
        (Preference.AWAY, "2026-10-22"),
        (Preference.AWAY, "2026-10-23"),
    ]
    (leave,) = read("annual leave 2-6 nov", AMONG).preferences
    assert (leave.first, leave.last) == ("2026-11-02", "2026-11-06")


@pytest.mark.parametrize("text", ["cancel my leave", "i'm not on holiday after all"])
def test_no_longer_away(text: str) -> None:
    (change,) = read(text, AMONG).preferences
    assert (change.kind, change.remove) == (Preference.AWAY, True)


@pytest.mark.parametrize("text", ["undo", "undo that pls", "oops undo", "revert that"])
def test_undo_forgets_no_preferences(text: str) -> None:
    """What was done last is taken back by the dialogue; hours that were saved long ago stay."""
    assert read(text, AMONG).preferences == ()


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("the second pls", (1,)), ("eithers fine", (0, 1)), ("the later one plz", (1,))],
)
def test_choice(text: str, chosen: tuple[int, ...]) -> None:
    reading = read(text, proposed("2026-10-22 14:00", "2026-10-23 10:00"))
    assert (reading.intent, reading.choice) == (Intent.ACCEPT, chosen)


@pytest.mark.parametrize(
    "text", ["half an hour later?", "30 mins later pls", "later please", "bit earlier?"]
)
def test_another_hour_is_no_choice(text: str) -> None:
    reading = read(text, proposed("2026-10-22 14:00", "2026-10-23 10:00"))
    assert reading.intent is not Intent.ACCEPT
    assert not reading.choice


@pytest.mark.parametrize(
    "text",
    [
        "thursday doesnt work any more, can we do friday instead",
        "leave out the 22nd",
        "can thursday be later",
    ],
)
def test_what_is_proposed_is_answered_and_not_what_stands(text: str) -> None:
    reading = read(text, proposed("2026-10-22 14:00", "2026-10-23 10:00"))
    assert reading.intent is Intent.COUNTER


def test_a_wish_of_two_is_no_wish_for_all_times() -> None:
    reading = read("can Sam and I do friday instead of thursday", AMONG)
    assert reading.intent is Intent.RESCHEDULE
    assert reading.preferences == ()


def test_one_after_a_date_belongs_to_the_session() -> None:
    reading = read("move the 5 nov one to the 6th", AMONG)
    assert reading.move_from is not None
    assert reading.move_from.options[0].dates is not None
    assert "day=5, month=11" in repr(reading.move_from.options[0].dates)


def test_minutes_by_which_something_is_put_off() -> None:
    assert read("delay thursdays meeting by 15", AMONG).shift_minutes == 15
    assert read("move it to 3, by 15 at the latest", AMONG).shift_minutes is None


def test_a_day_without_its_apostrophe_makes_no_series() -> None:
    assert read("put thursdays session back to 2pm", AMONG).recurrence is None
    assert read("book Sam on thursdays at 2pm", AMONG).recurrence is not None
