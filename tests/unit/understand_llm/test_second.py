"""When the second reader is asked, and what is filled in for it."""

import pytest
from structlog.testing import capture_logs

from bot.understand import second as module
from bot.understand.constraint import Day, TimeConstraint
from bot.understand.context import Context, KnownPerson
from bot.understand.intent import Intent, Reading, Relation
from bot.understand.read import read
from bot.understand.second import read_again
from bot.understand.wire import unpack
from tests.unit.understand_llm.answers import answer, person, span, weekday, when

NOW = 1_792_486_800  # Tue 20 Oct 2026 09:00 UTC
PRIYA = KnownPerson("p1", "Priya Nair", relation=Relation.MENTOR)
ALEXES = (KnownPerson("a1", "Alex Chen"), KnownPerson("a2", "Alex Romero"))
CONTEXT = Context(NOW, "Europe/London", names=(PRIYA, *ALEXES))
STRANGE = "Alex und ich sollten uns am kommenden Donnerstag um 3 PM EST sprechen"


class Told:
    """A second reader that says what it is told, and counts."""

    name = "quick-1"

    def __init__(self, said: Reading | None = None) -> None:
        self.said = said
        self.heard: list[str] = []

    async def read(self, text: str) -> Reading | None:
        self.heard.append(text)
        return self.said

    async def close(self) -> None:
        """Nothing is open."""


def unknown(text: str = STRANGE) -> Reading:
    return Reading(Intent.UNKNOWN, "nothing fits", text)


def said(text: str = STRANGE, intent: str = "book", **more: object) -> Reading:
    return unpack(answer(intent, **more), text).reading


async def test_what_the_rules_know_is_not_asked() -> None:
    told = Told(said())
    with capture_logs() as logs:
        for text in ("book with Priya tomorrow", "help", "thanks!", "order me a pizza"):
            first = read(text, CONTEXT)
            assert first.intent is not Intent.UNKNOWN
            assert await read_again(told, first, CONTEXT) == first
    assert told.heard == []
    assert {line["engine"] for line in logs} == {"rules"}


async def test_without_a_second_reader_the_first_word_stands() -> None:
    with capture_logs() as logs:
        assert await read_again(None, unknown(), CONTEXT) == unknown()
    assert logs == [
        {"event": "sentence_read", "log_level": "info", "engine": "rules", "intent": "unknown"}
    ]


async def test_nothing_heard_leaves_unknown() -> None:
    told = Told()
    assert await read_again(told, unknown(), CONTEXT) == unknown()
    assert told.heard == [STRANGE]


@pytest.mark.parametrize("intent", ["accept", "decline", "set_preferences", "admin", "unknown"])
async def test_what_acts_at_once_is_not_taken_from_any_second_reader(intent: str) -> None:
    told = Told(Reading(Intent(intent), "model", STRANGE))
    assert await read_again(told, unknown(), CONTEXT) == unknown()


async def test_the_log_names_the_engine_and_not_the_sentence() -> None:
    with capture_logs() as logs:
        await read_again(Told(said()), unknown(), CONTEXT)
    assert logs == [
        {"event": "sentence_read", "log_level": "info", "engine": "quick-1", "intent": "book"}
    ]


async def test_names_zones_and_places_are_filled_in_here() -> None:
    time = when("kommenden Donnerstag", "3 PM", options=[span(weekday(3, which="coming"))])
    found = said(people=[person("Alex", optional=True)], time=time)
    reading = await read_again(Told(found), unknown(), CONTEXT)
    (alex,) = reading.people
    assert (alex.text, alex.span, alex.optional) == ("Alex", (0, 4), True)
    assert alex.candidates == ("a1", "a2")
    assert reading.time is not None
    assert reading.zone == reading.time.zone == "America/New_York"
    assert reading.ambiguities == ()


async def test_a_relation_is_looked_up_by_the_rules() -> None:
    text = "my mentor and I ought to natter"
    found = said(text, people=[person("my mentor")])
    reading = await read_again(Told(found), unknown(text), CONTEXT)
    assert [(p.candidates, p.relation) for p in reading.people] == [(("p1",), Relation.MENTOR)]


async def test_somebody_unknown_stays_without_candidates() -> None:
    found = said("Zebedee fancies a natter", people=[person("Zebedee")])
    first = Reading(Intent.UNKNOWN, "nothing fits", "Zebedee fancies a natter")
    reading = await read_again(Told(found), first, CONTEXT)
    assert [(p.text, p.candidates) for p in reading.people] == [("Zebedee", ())]


async def test_the_wanted_time_of_a_series_is_its_first_meeting() -> None:
    series = {
        "frequency": "WEEKLY", "interval": 1, "weekdays": [3], "month_day": None,
        "position": None, "clock": None, "start": None, "count": None, "length": None,
        "until": None, "until_in": True, "exceptions": [],
    }  # fmt: skip
    found = said(time=when("Donnerstag"), recurrence=series)
    reading = await read_again(Told(found), unknown(), CONTEXT)
    assert reading.time is not None
    assert [s.dates for s in reading.time.options] == [Day(22, 10, 2026)]
    assert reading.time.recurrence == reading.recurrence


async def test_a_time_that_lies_in_no_calendar_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(_: TimeConstraint, __: Context) -> None:
        raise RecursionError

    monkeypatch.setattr(module, "resolve", lost)
    found = said(time=when("Donnerstag", options=[span(weekday(3))]))
    assert await read_again(Told(found), unknown(), CONTEXT) == unknown()
