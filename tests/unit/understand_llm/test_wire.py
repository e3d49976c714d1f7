"""Only what is exactly as asked becomes a reading; and no reading leads out of the calendar."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.understand.constraint import (
    Day,
    Frequency,
    Month,
    PartRange,
    Recurrence,
    Shift,
    Slashed,
    Span,
    TimeConstraint,
    Unit,
    Weekday,
    Year,
)
from bot.understand.context import Context
from bot.understand.grounding import grounded
from bot.understand.intent import Intent, Reading
from bot.understand.read import read
from bot.understand.resolve import resolve
from bot.understand.second import completed
from bot.understand.shapes import ASKED, ROOT, Heard
from bot.understand.wire import NotAReadingError, _Unpacker, pack, parse, unpack
from tests.unit.understand_llm.answers import (
    SENTENCE,
    answer,
    day,
    drawn,
    person,
    span,
    weekday,
    when,
)

NOW = 1_792_486_800  # Tue 20 Oct 2026 09:00 UTC
CONTEXT = Context(NOW, "America/New_York")
FIRST = read(SENTENCE, CONTEXT)
AFTER_LUNCH = {"kind": "PartRange", "first": "lunch", "last": None}
THURSDAY = span(weekday(3), AFTER_LUNCH)
WEEKLY = {
    "frequency": "WEEKLY", "interval": 1, "weekdays": [3], "month_day": None, "position": None,
    "clock": None, "start": None, "count": None, "length": {"first": 3, "second": "month"},
    "until": None, "until_in": True, "exceptions": [],
}  # fmt: skip


def test_a_whole_answer_becomes_a_reading() -> None:
    time = when("Thursday after lunch", options=[THURSDAY])
    people = [person("Priya"), person("Tom", optional=True)]
    heard = unpack(answer(people=people, time=time, duration_minutes=45), SENTENCE)
    reading, at = heard.reading, SENTENCE.index("Thursday")
    assert heard.confidence == 0.9
    assert (reading.intent, reading.text) == (Intent.BOOK, SENTENCE)
    assert [(p.text, p.span, p.optional) for p in reading.people] == [
        ("Priya", (6, 11), False),
        ("Tom", (16, 19), True),
    ]
    assert reading.time is not None
    assert reading.time.options[0].dates == Weekday((3,))
    assert isinstance(reading.time.options[0].clock, PartRange)
    assert reading.time.origin == reading.origin == ((at, at + len("Thursday after lunch")),)
    assert reading.time.duration_minutes == reading.duration_minutes == 45


def test_a_series_is_said_once_and_stands_twice_as_the_rules_give_it() -> None:
    reading = unpack(answer(time=when("Thursday"), recurrence=WEEKLY), SENTENCE).reading
    expected = Recurrence(Frequency.WEEKLY, weekdays=(3,), length=(3, Unit.MONTH))
    assert reading.recurrence == expected
    assert reading.time is not None
    assert reading.time.recurrence == expected


# --- what is refused ----------------------------------------------------------------------------

THE_15TH = when("the 15th of May", options=[span(day(15, 5))])
REFUSED: dict[str, Any] = {
    "no object": [1],
    "nothing": None,
    "another root": {"answer": answer()},
    "an extra field at the root": {**answer(), "note": "x"},
    "an extra field": answer(calendar="mine"),
    "a missing field": {"reading": {"intent": "book"}, "confidence": 1},
    "an unknown intent": answer("delete_everything"),
    "an intent that acts at once": answer("accept"),
    "an administrator's command": answer("admin"),
    "an intent that is no word": answer(intent=3),
    "a person who is not named": answer(people=[person("Alex")]),
    "a part of a name": answer(people=[person("Pri")]),
    "a name in another case": answer(people=[person("PRIYA")]),
    "an empty name": answer(people=[person(" ")]),
    "a person with an id": answer(people=[{**person("Tom"), "id": "7"}]),
    "too many people": answer(people=[person("Tom")] * 13),
    "words that are not there": answer(time=when("next Thursday", options=[THURSDAY])),
    "a time without words": answer(time=when(options=[THURSDAY])),
    "a series without words": answer(recurrence=WEEKLY),
    "an empty span": answer(time=when("Thursday", options=[span()])),
    "a date instead of a symbol": answer(time=when("Thursday", options=[span("2026-10-22")])),
    "an instant": answer(time=when("Thursday", options=[span(NOW)])),
    "an unknown kind": answer(time=when("Thursday", options=[span({"kind": "Instant", "at": 1})])),
    "a kind too many": answer(time={**when("Thursday"), "kind": "TimeConstraint"}),
    "a weekday of eight": answer(time=when("Thursday", options=[span(weekday(8))])),
    "a truth value as a number": answer(time=when("Thursday", options=[span(weekday(True))])),  # noqa: FBT003  # the point
    "a number as a truth value": answer(time=when("Thursday", hard=1)),
    "a number with a point": answer(duration_minutes=30.0),
    "a length of a month": answer(duration_minutes=43_200),
    "no confidence at all": answer(confidence="high"),
    "more than sure": answer(confidence=1.5),
    "not a number": answer(confidence=float("nan")),
    "a date nobody said": answer(time=when("Thursday", options=[span(day(22, 10, 2026))])),
    "a day nobody said": answer(time=when("Thursday", options=[span(day(22))])),
    "a month nobody said": answer(time=when("the 15th", options=[span(day(15, 5))])),
    "a year nobody said": answer(
        time=when("the 15th of May", options=[span(day(15, 5, 2027))]),
    ),
    "an excluded date nobody said": answer(time=when("Thursday", exclude=[span(day(3))])),
    "the end of a series nobody said": answer(
        time=when("Thursday"), recurrence={**WEEKLY, "until": day(24, 12)}
    ),
    "a search through centuries": answer(
        time=when("Thursday", options=[span({"kind": "Coming", "count": 60, "unit": "year"})])
    ),
    "a series that never comes": answer(
        time=when("Thursday"), recurrence={**WEEKLY, "position": 5, "month_day": 31}
    ),
    "a meeting's date nobody said": answer(
        "cancel", move_from=when("Thursday", options=[span(day(29))])
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused(what: str) -> None:
    with pytest.raises(NotAReadingError):
        unpack(REFUSED[what], SENTENCE)


def test_the_same_without_its_fault_is_taken() -> None:
    assert unpack(answer(), SENTENCE).reading.intent is Intent.BOOK
    assert unpack(answer(time=THE_15TH), SENTENCE).reading.time is not None
    assert unpack(answer(time=when("Thursday", options=[THURSDAY])), SENTENCE).reading.time


def test_days_inside_days_have_an_end() -> None:
    dates: dict[str, Any] = weekday(3)
    for _ in range(4):
        dates = {"kind": "WeekOf", "base": dates}
    assert unpack(answer(time=when("Thursday", options=[span(dates)])), SENTENCE)
    deeper = {"kind": "WeekOf", "base": dates}
    with pytest.raises(NotAReadingError, match="too deep"):
        unpack(answer(time=when("Thursday", options=[span(deeper)])), SENTENCE)


@pytest.mark.parametrize(
    "content",
    ["", "yes", "<html></html>", json.dumps(answer())[:-7], "[" * 60_000, "9" * 5_000, "NaN"],
    ids=["empty", "word", "html", "cut off", "brackets", "digits", "nan"],
)
def test_what_is_no_json_or_nothing_sensible_is_refused(content: str) -> None:
    with pytest.raises(NotAReadingError):
        parse(content, SENTENCE)


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_repeats_nothing_that_was_said(what: str) -> None:
    secret = "Zanzibar"
    with pytest.raises(NotAReadingError) as caught:
        unpack(json.loads(json.dumps(REFUSED[what]).replace("Thursday", secret)), SENTENCE)
    said = str(caught.value)
    assert secret not in said
    assert not set(said.split()) & set(SENTENCE.split()) - {"and", "the", "for", "a", "of", "on"}


# --- quotations ---------------------------------------------------------------------------------


def test_a_quotation_said_again_is_the_next_one() -> None:
    text = "Thursday or the Thursday after"
    time = when("Thursday", "Thursday", options=[span(weekday(3))])
    reading = unpack(answer(time=time), text).reading
    assert reading.origin == ((0, 8), (16, 24))
    one = unpack(answer(time=when("Thursday"), move_from=when("Thursday")), "on Thursday").reading
    assert one.time is not None
    assert one.move_from is not None
    assert one.time.origin == one.move_from.origin == ((3, 11),)


# --- dates are those of the words ---------------------------------------------------------------

SAID = [
    (Day(15), "the 15th"),
    (Day(15), "on the fifteenth"),
    (Day(21), "the twenty-first"),
    (Day(30, 10), "thirty October"),
    (Day(27, 10, 2026), "27.10.26"),
    (Day(27, 10, 2026), "2026-10-27"),
    (Day(3, 2), "3rd of Feb"),
    (Slashed(5, 6), "05/06"),
    (Month(3), "some time in March"),
    (Year(2027), "2027"),
    (Shift(((1, Unit.DAY),)), "mañana"),
]
UNSAID = [
    (Day(16), "the 15th"),
    (Day(20), "the twenty-first"),
    (Day(15), "tomorrow"),
    (Day(15, 11), "the 15th"),
    (Day(15, 10, 2026), "15 October"),
    (Slashed(5, 7), "05/06"),
    (Month(4), "some time in March"),
    (Year(2027), "next year"),
    (Shift(((1, Unit.DAY),), Day(4)), "the day after"),
]


@pytest.mark.parametrize(("dates", "words"), SAID, ids=str)
def test_a_date_that_is_written(dates: Any, words: str) -> None:
    assert grounded(TimeConstraint((Span(dates),)), words)


@pytest.mark.parametrize(("dates", "words"), UNSAID, ids=str)
def test_a_date_that_was_worked_out(dates: Any, words: str) -> None:
    assert not grounded(TimeConstraint((Span(dates),)), words)


# --- both ways ----------------------------------------------------------------------------------

RULES = [
    "book an hour with Priya on Thursday afternoon or Friday before 11, not 12:30",
    "cancel my session with Tom on 27 Oct",
    "move tomorrow's call with Priya to the last Friday of November at 3pm",
    "set up 45 min with Tom every other Wednesday at 4pm until 18 December",
    "when is Priya free in the second half of next week?",
    "can we meet between 5/6 and 8/6, ideally mornings?",
    "sometime in the next 10 days, the Tuesday after next or the week of the 18th",
    "what have I got this week?",
]


@pytest.mark.parametrize("text", RULES)
def test_what_the_rules_read_survives_the_way_there_and_back(text: str) -> None:
    first = read(text, Context(NOW))
    heard = _Unpacker(text).take(ROOT, json.loads(json.dumps(pack(Heard(first, 1.0)))), "", 0)
    assert _asked(heard.reading) == _asked(first)


def _asked(reading: Reading) -> list[object]:
    """What a model is asked for, with what we fill in ourselves left out."""

    def plain(time: TimeConstraint | None) -> TimeConstraint | None:
        ours = {"zone": None, "ambiguities": (), "duration": None, "recurrence": None}
        return time and replace(time, **ours, duration_minutes=None, origin=())  # type: ignore[arg-type]  # by name

    people = [(p.text, p.span, p.optional) for p in reading.people]
    values = [getattr(reading, name) for name in ASKED[Reading] if name not in ("people", "time")]
    values[values.index(reading.move_from)] = plain(reading.move_from)
    return [people, plain(reading.time), *values]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_the_schema_allows_is_understood_and_resolves(data: st.DataObject) -> None:
    said = drawn(data)
    heard = _Unpacker(SENTENCE).take(ROOT, said, "answer", 0)
    again = _Unpacker(SENTENCE).take(ROOT, json.loads(json.dumps(pack(heard))), "answer", 0)
    assert again == heard
    meant = replace(heard.reading, intent=Intent.BOOK)
    reading = completed(meant, FIRST, CONTEXT)
    if reading is None:  # a weekday of a month that is over leads nowhere
        assert "Nth" in repr(meant)
        return
    for time in (reading.time, reading.move_from):
        if time is not None:
            for start, end in resolve(time, CONTEXT).windows:
                assert NOW <= start < end


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_one_field_more_or_less_anywhere_is_refused(data: st.DataObject) -> None:
    said = drawn(data)
    places = list(_objects(said))
    place = data.draw(st.sampled_from(places))
    if data.draw(st.booleans()):
        place["extra"] = None
    else:
        place.pop(data.draw(st.sampled_from(sorted(place))))
    with pytest.raises(NotAReadingError):
        unpack(said, SENTENCE)


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(o for part in value.values() for o in _objects(part))]
    return [o for part in value for o in _objects(part)] if isinstance(value, list) else []


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                   lambda inner: st.lists(inner, max_size=4)
                   | st.dictionaries(st.text(max_size=8), inner, max_size=4)))  # fmt: skip
def test_no_json_breaks_the_reader(value: Any) -> None:
    with pytest.raises(NotAReadingError):
        unpack(value, SENTENCE)
