"""What people write in the acceptance conversations, and what nobody should write."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.understand.context import Context, Hours
from bot.understand.intent import Intent, Preference
from bot.understand.lexer import MAX_TEXT, plain
from bot.understand.occurrences import occurrences
from bot.understand.pack import dump, load
from bot.understand.read import read
from bot.understand.resolve import resolve
from tests.unit.understand.moments import AMONG, HERE, at


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("book with Alex next week", Intent.BOOK),
        ("set up 30 min for Sam with Alex on Thursday", Intent.BOOK),
        ("sometime tomorrow", Intent.BOOK),
        ("book Alex on Saturday", Intent.BOOK),
        ("7am tomorrow?", Intent.BOOK),
        ("find a time with Tom", Intent.BOOK),
        ("@assistant find an hour for the whole circle next week", Intent.BOOK),
        ("why is Priya never free?", Intent.WHY),
        ("why is Alex always free?", Intent.WHY),
        ("why not Monday?", Intent.WHY),
        ("connect my calendar", Intent.CONNECT),
        ("connect apple calendar", Intent.CONNECT),
        ("connect Priya's calendar for her", Intent.CONNECT),
        ("add my personal gmail as well", Intent.CONNECT),
        ("make my gmail the primary", Intent.CONNECT),
        ("disconnect my calendar", Intent.DISCONNECT),
        ("running 10 late", Intent.RUNNING_LATE),
        ("cancel my session with Alex", Intent.CANCEL),
        ("skip the one on 8 December", Intent.CANCEL),
        ("end the series after Christmas", Intent.CANCEL),
        ("move it to Thursday afternoon", Intent.RESCHEDULE),
        ("push it back half an hour", Intent.RESCHEDULE),
        ("/schedule admin aurora weekends on", Intent.ADMIN),
        ("hours 07:00-20:00", Intent.ADMIN),
        ("/schedule admin sender name 'Mentor Bot'", Intent.ADMIN),
        ("who hasn't linked a calendar?", Intent.ADMIN),
        ("/schedule doctor", Intent.STATUS),
        ("status", Intent.STATUS),
        ("what do you know about me", Intent.STATUS),
        ("don't book me before 10 and leave me 15 minutes between", Intent.SET_PREFERENCES),
        ("what are my preferences?", Intent.SHOW_PREFERENCES),
        ("I'm in Lisbon from 2 to 6 November", Intent.SET_PREFERENCES),
        ("Tuesdays after 3 and Friday mornings", Intent.SET_PREFERENCES),
        ("away until 5 January", Intent.SET_PREFERENCES),
        ("list my meetings", Intent.LIST_MEETINGS),
        ("what have I got next week?", Intent.LIST_MEETINGS),
        ("is Priya free on Thursday?", Intent.AVAILABILITY),
        ("help", Intent.HELP),
        ("talk to a person", Intent.TALK_TO_HUMAN),
        ("more times", Intent.MORE_TIMES),
        ("none of these", Intent.DECLINE),
        ("no thanks", Intent.DECLINE),
        ("yes please", Intent.ACCEPT),
        ("sounds good to me", Intent.ACCEPT),
        ("how about Friday instead?", Intent.COUNTER),
        ("hello!", Intent.GREETING),
        ("thank you", Intent.THANKS),
        ("remind me to call the dentist", Intent.OUT_OF_SCOPE),
        ("book a taxi to the station", Intent.OUT_OF_SCOPE),
        ("what's the weather on Friday", Intent.OUT_OF_SCOPE),
        ("set an alarm for 7", Intent.OUT_OF_SCOPE),
        ("play something nice", Intent.OUT_OF_SCOPE),
        ("", Intent.UNKNOWN),
        ("🙂", Intent.UNKNOWN),
    ],
)
def test_intent(text: str, intent: Intent) -> None:
    assert read(text, AMONG).intent is intent


def test_two_of_a_name_are_two_candidates() -> None:
    reading = read("book with Alex next week", AMONG)
    assert [p.candidates for p in reading.people] == [("alex-chen", "alex-romero")]


def test_meetings_that_are_all_wanted() -> None:
    reading = read(
        "weekly catch-up with Alex at 2pm my time, next Tuesday and the one after", AMONG
    )
    assert reading.time is not None
    assert reading.time.each
    assert reading.recurrence is None
    found = resolve(reading.time, AMONG).starts
    assert found == (at("2026-10-27 14:00"), at("2026-11-03 14:00"))


def test_series_with_an_end() -> None:
    reading = read("every other Tuesday at 2pm with Alex for 3 months", AMONG)
    assert reading.recurrence is not None
    assert occurrences(reading.recurrence, AMONG) == tuple(
        at(day + " 14:00")
        for day in (
            "2026-10-27",
            "2026-11-10",
            "2026-11-24",
            "2026-12-08",
            "2026-12-22",
            "2027-01-05",
            "2027-01-19",
        )
    )


def test_preferences_of_one_sentence() -> None:
    changes = read("don't book me before 10 and leave me 15 minutes between", AMONG).preferences
    assert [(c.kind, c.minutes) for c in changes] == [
        (Preference.NOT_BEFORE, 600),
        (Preference.BUFFER, 15),
    ]


def test_typed_availability() -> None:
    (change,) = read("Tuesdays after 3 and Friday mornings", AMONG).preferences
    assert change.kind is Preference.AVAILABILITY
    assert change.weekly == ((1, 900, 1080), (4, 480, 720))


def test_journey() -> None:
    (change,) = read("I'm in Lisbon from 2 to 6 November", AMONG).preferences
    assert (change.zone, change.first, change.last) == (
        "Europe/Lisbon",
        "2026-11-02",
        "2026-11-06",
    )


@pytest.mark.parametrize(
    ("text", "wanted", "meeting"),
    [
        ("move my Thursday session to Friday 4pm", "2026-10-23 16:00", "2026-10-22 08:00"),
        ("reschedule Thursday's session to Friday at 3", "2026-10-23 15:00", "2026-10-22 08:00"),
        ("make it Friday 3pm instead of Thursday 2pm", "2026-10-23 15:00", "2026-10-22 14:00"),
        ("move my session from Thursday to Friday at 3pm", "2026-10-23 15:00", "2026-10-22 08:00"),
        ("change Thursday's session to Friday 3pm", "2026-10-23 15:00", "2026-10-22 08:00"),
        ("can we move Thursday 2pm to Friday 3pm?", "2026-10-23 15:00", "2026-10-22 14:00"),
    ],
)
def test_the_meeting_meant_and_the_time_wanted(text: str, wanted: str, meeting: str) -> None:
    reading = read(text, AMONG)
    assert reading.intent is Intent.RESCHEDULE
    assert reading.time is not None
    assert reading.move_from is not None
    assert resolve(reading.time, AMONG).windows[0][0] == at(wanted)
    assert resolve(reading.move_from, AMONG).windows[0][0] == at(meeting)


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("push it back half an hour", 30),
        ("bring tomorrow's session forward an hour", -60),
        ("move my session 15 minutes later", 15),
        ("start 10 minutes earlier tomorrow", -10),
        ("move it to 3pm", None),
        ("change the session to 45 minutes", None),
    ],
)
def test_shift(text: str, shift: int | None) -> None:
    assert read(text, AMONG).shift_minutes == shift


def test_a_new_length() -> None:
    reading = read("change the session to 45 minutes", AMONG)
    assert (reading.intent, reading.duration_minutes) == (Intent.RESCHEDULE, 45)


def test_a_cancellation_names_the_meeting_not_a_wish() -> None:
    reading = read("cancel Thursday's session", AMONG)
    assert reading.time is None
    assert reading.move_from is not None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("book Alex every day at 2pm next week", 7),
        ("every weekday next week at 2pm with Alex", 5),
        ("book Alex every Tuesday and Thursday next week at 2pm", 2),
        ("book Alex on Tuesdays and Thursdays next week at 2pm", 2),
        ("book Alex every Tuesday next month at 2pm", 4),
        ("weekly with Alex at 2pm next week", 26),
        ("every day at 2pm with Alex from next week", 26),
        ("every Tuesday at 2pm with Alex, starting next month", 26),
    ],
)
def test_a_period_says_which_sessions_of_a_series_or_when_it_begins(text: str, days: int) -> None:
    series = read(text, AMONG).recurrence
    assert series is not None
    assert len(occurrences(series, AMONG)) == days


def test_the_end_of_a_series() -> None:
    reading = read("end the series after Christmas", AMONG)
    assert reading.series_end is not None


@given(text=st.text(max_size=300), known=st.booleans())
@example(text="\x00\x1b[31m" * 40, known=True)
@example(text="ﷺ İstanbul'da 3'te ½ ²³ ٣ pm", known=True)
@example(text="5/5/5/5/5-5-5:5:5.5.5", known=False)
@example(text="at at at to to to 1 2 3 4 5 6 7 8 9", known=False)
@example(text="every every other other second 99th of of May May 31 31", known=True)
@example(text="@@@@<@U1|x><at></at>\"\"''", known=False)
def test_no_text_raises(text: str, *, known: bool) -> None:
    context = AMONG if known else HERE
    reading = read(text, context)
    assert reading.text == text
    for constraint in (reading.time, reading.move_from):
        if constraint is not None:
            resolve(constraint, context)
    if reading.recurrence is not None:
        occurrences(reading.recurrence, context, most=3)


OURS = """
book move cancel with Alex Priya next this last Tuesday Fri week weekend month May to from at 3 10
3pm 15:00 27 27/10 5th first second every other not except or and , . ? before after by until for in
2 weeks days 30 min half an hour morning evening tomorrow between the of my session mornings Mondays
instead late quarter past noon end early
"""
WORDS = st.sampled_from(OURS.split())


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_no_jumble_of_our_own_words_raises(text: str) -> None:
    reading = read(text, AMONG)
    assert load(json.loads(json.dumps(dump(reading)))) == reading
    for constraint in (reading.time, reading.move_from):
        if constraint is not None:
            resolve(constraint, AMONG)
    if reading.recurrence is not None:
        occurrences(reading.recurrence, AMONG, most=3)


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    long = "book Alex tomorrow at 3pm " + "or maybe not " * 2000
    reading = read(long, AMONG)
    assert reading.text == long
    assert reading == replace(read(long[:MAX_TEXT], AMONG), text=long)


@given(st.text(max_size=80))
def test_plain_text_keeps_positions(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_spans_point_into_the_text() -> None:
    text = "Book “Alex” – Tuesday at 3pm with Priya"
    reading = read(text, AMONG)
    assert [text[a:b] for a, b in reading.origin] == ["Tuesday", "3pm"]
    assert [text[a:b] for a, b in (p.span for p in reading.people)][-1] == "Priya"


def test_hours_of_the_speaker_decide_bare_hours() -> None:
    night = replace(HERE, hours=Hours(first=18 * 60, last=23 * 60))
    reading = read("tomorrow at 8", night)
    assert reading.time is not None
    assert resolve(reading.time, night).starts == (at("2026-10-21 20:00"),)


def test_context_has_usual_hours() -> None:
    assert Context(0).hours.of(0) == ((480, 1080),)
    assert Context(0).hours.of(6) == ()
    assert Hours(own={4: ((480, 720),)}).of(4) == ((480, 720),)
