"""Everyday sayings that were taken for something else: what they mean and what they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.understand.intent import Intent, Preference
from bot.understand.intent_changes import KEPT
from bot.understand.intent_plans import PAUSE
from bot.understand.occurrences import days_of
from bot.understand.read import NO_HOUR, read
from bot.understand.resolve import resolve
from tests.unit.understand.moments import AMONG, at, proposed


@pytest.mark.parametrize(
    "text",
    [
        "an hour with my mentees apart from Dev",
        "an hour with Sam apart from fridays",
        "45 mins with Priya on a break",
    ],
)
def test_a_session_with_somebody_sets_no_buffer(text: str) -> None:
    reading = read(text, AMONG)
    assert reading.preferences == ()
    assert reading.intent is Intent.BOOK


@pytest.mark.parametrize("text", ["15 min between sessions", "keep them 20 minutes apart"])
def test_a_buffer_is_still_one(text: str) -> None:
    assert [p.kind for p in read(text, AMONG).preferences] == [Preference.BUFFER]


@pytest.mark.parametrize(
    "text",
    [
        "send the invite to my private mail",
        "pls forward it to my other email",
        "mail the details to another address",
    ],
)
def test_another_address_is_no_wish_for_a_session(text: str) -> None:
    assert read(text, AMONG).intent is Intent.OUT_OF_SCOPE


@pytest.mark.parametrize("text", ["bye", "ok bye", "thanks, see you", "cya", "have a nice weekend"])
def test_whoever_leaves_is_not_greeted(text: str) -> None:
    assert read(text, AMONG).intent is Intent.THANKS


@pytest.mark.parametrize("text", ["my hours", "my working hours", "my limits", "preferences"])
def test_what_is_saved_is_shown(text: str) -> None:
    assert read(text, AMONG).intent is Intent.SHOW_PREFERENCES


@pytest.mark.parametrize(
    ("text", "most"),
    [("never more than 2 a week", 2), ("never more than three sessions a week", 3)],
)
def test_never_more_than_is_a_limit(text: str, most: int) -> None:
    (wish,) = read(text, AMONG).preferences
    assert (wish.kind, wish.minutes) == (Preference.WEEKLY_LIMIT, most)


@pytest.mark.parametrize("text", ["book Sam tomorrow at 25:00", "at 24:30", "move it to 14:75"])
def test_an_hour_that_no_clock_has_is_not_left_out(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.reason) == (Intent.OUT_OF_SCOPE, NO_HOUR)


@pytest.mark.parametrize("text", ["book Sam at 23:59", "2026-11-03T14:00:59", "GMT+05:45"])
def test_other_numbers_with_a_colon_are_fine(text: str) -> None:
    assert read(text, AMONG).reason != NO_HOUR


@pytest.mark.parametrize(
    "text", ["end the series at xmas", "end the series in December", "stop my series on 1 december"]
)
def test_a_series_ends_on_a_day_or_in_a_month(text: str) -> None:
    reading = read(text, AMONG)
    assert reading.intent is Intent.CANCEL
    assert reading.series_end is not None


@pytest.mark.parametrize(
    "text",
    [
        "from next week on at 5",
        "starting next month make it 3pm every week",
        "from december onwards at 4pm",
        "from 10 november make it 3pm",
    ],
)
def test_a_time_from_a_day_on_is_that_of_the_whole_series(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.whole) == (Intent.RESCHEDULE, True)
    assert reading.move_from is not None


@pytest.mark.parametrize(
    "text", ["book Sam from next week on at 5", "from next month a session with Sam at 3pm"]
)
def test_with_somebody_it_is_a_new_one(text: str) -> None:
    assert not read(text, AMONG).whole


@pytest.mark.parametrize(
    "text", ["monthly, 3rd Thursday with Sam", "monthly 3rd thursday with sam"]
)
def test_the_third_thursday_of_every_month(text: str) -> None:
    series = read(text, AMONG).recurrence
    assert series is not None
    assert (series.weekdays, series.position) == ((3,), 3)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a weekly session with Sam from next month", "2026-11-02"),
        ("a monthly session with Sam from next month", "2026-11-02"),
        ("weekly with Sam from 1 november", "2026-11-01"),
        ("weekly on tuesdays with Sam from next month", "2026-11-03"),
    ],
)
def test_a_series_begins_on_a_day_of_sessions_unless_a_day_is_named(text: str, first: str) -> None:
    series = read(text, AMONG).recurrence
    assert series is not None
    assert days_of(series, AMONG, 1)[0].isoformat() == first


def test_said_on_a_friday_it_does_not_begin_on_saturday() -> None:
    friday = replace(AMONG, now=at("2026-10-23 10:00"))
    series = read("weekly with Sam", friday).recurrence
    assert series is not None
    assert days_of(series, friday, 1)[0].isoformat() == "2026-10-26"


def test_the_first_monday_of_the_month_is_that_of_the_next_once_it_is_over() -> None:
    reading = read("first Monday of the month with Sam", AMONG)
    assert reading.time is not None
    assert resolve(reading.time, AMONG).windows[0][0] >= at("2026-11-02 00:00")


@pytest.mark.parametrize(
    "text",
    [
        "did alex say yes",
        "has Sam replied yet",
        "is thursday still on",
        "are we still on for thursday",
        "r we on for tmrw",
        "whens my next one",
    ],
)
def test_a_question_after_what_stands_accepts_nothing(text: str) -> None:
    assert read(text, AMONG).intent is Intent.LIST_MEETINGS
    assert read(text, proposed("2026-10-22 14:00")).intent is Intent.LIST_MEETINGS


@pytest.mark.parametrize(
    "text",
    [
        "I changed my mind, don't cancel",
        "actually keep thursday",
        "actually no, leave thursday as it is",
        "nvm thursday is fine after all",
    ],
)
def test_a_second_thought_declines_nothing(text: str) -> None:
    for context in (AMONG, proposed("2026-10-22 14:00")):
        assert (read(text, context).intent, read(text, context).reason) == (
            Intent.OUT_OF_SCOPE,
            KEPT,
        )


@pytest.mark.parametrize(
    "text",
    [
        "pause the sessions until january",
        "hold off on booking till i'm back",
        "not so many sessions pls",
        "put the sessions on hold",
    ],
)
def test_a_pause_books_nothing(text: str) -> None:
    assert (read(text, AMONG).intent, read(text, AMONG).reason) == (Intent.OUT_OF_SCOPE, PAUSE)


@pytest.mark.parametrize(
    "text",
    [
        "every 2 weeks instead of every week",
        "can we go down to once a month",
        "twice a week from now on",
    ],
)
def test_another_rhythm_is_for_the_series_that_stands(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.whole) == (Intent.RESCHEDULE, True)
    assert reading.recurrence is not None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("i'm off on friday", Preference.AWAY),
        ("i'm off fridays", Preference.DAYS_OFF),
        ("i finish at 4 on fridays", Preference.PART_OFF),
        ("i'm back from leave", Preference.AWAY),
    ],
)
def test_one_day_and_every_week(text: str, kind: Preference) -> None:
    assert [p.kind for p in read(text, AMONG).preferences] == [kind]


@pytest.mark.parametrize("text", ["i finish at 3 on thursday", "i start at 11 on friday"])
def test_the_hours_of_one_day_change_no_week(text: str) -> None:
    assert read(text, AMONG).preferences == ()


def test_no_need_to_meet_asks_to_cancel() -> None:
    reading = read("no need to meet this week", AMONG)
    assert reading.intent is Intent.CANCEL
    assert reading.move_from is not None


def test_dropping_somebody_from_a_day_ends_nothing() -> None:
    reading = read("drop Sam from Thursday", AMONG)
    assert (reading.intent, reading.reason) == (Intent.RESCHEDULE, "who comes")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("we don't need thursday's after all", Intent.CANCEL),
        ("put thursday off", Intent.RESCHEDULE),
        ("Sam cancelled", Intent.LIST_MEETINGS),
    ],
)
def test_few_words_about_what_stands_book_nothing(text: str, intent: Intent) -> None:
    assert read(text, AMONG).intent is intent
