"""Changes of what stands already, as people write them: none of them asks for a new session."""

from __future__ import annotations

import pytest

from bot.understand.intent import Intent
from bot.understand.read import read
from tests.unit.understand.moments import AMONG, proposed

LATER = {
    "all future sessions an hour later": 60,
    "move the rest of the series half an hour earlier from December": -30,
    "all the remaining sessions 20 mins earlier pls": -20,
    "every session an hour earlier please": -60,
    "make all the rest 15 min later": 15,
    "the following sessions an hour later": 60,
    "all sessions from december half an hour earlier": -30,
    "all meetings with Sam an hr later from now on": 60,
    "from 1 december an hour later for all of them": 60,
    "shift the whole series by a day": 1440,
    "make them all half an hour earlier": -30,
    "can every tuesday be half an hour later from december": 30,
}
ELSEWHEN = (
    "resched the rest of the series to 4pm",
    "from now on can we meet at 3 instead",
    "from december tuesdays at 3pm instead of 2",
    "can all our tuesdays be at 4 from now on",
    "change the tuesday series to thursdays",
    "the weekly call should be at 11 from now on",
    "all upcoming sessions should start at 3",
    "all our sessions to wednesdays from next month",
    "switch our weekly to mondays",
    "could the rest be at 10am",
    "going forward lets do wednesdays at 2",
    "future sessions at 5pm please",
    "our weekly session to 3pm from 1 dec",
    "move our tuesdays to wednesdays",
    "series at 3pm instead",
    "move the sessions after 1 december to 4pm",
    "every future session at 3pm instead",
    "make the series fortnightly from now on",
    "id like all remaining meetings with sam on thursdays",
    "from 10 november all at 3pm please",
)
ENDED = (
    "stop the weekly sessions with sam",
    "cancel all my sessions with sam",
    "cancel all future sessions",
    "cancel the remaining sessions",
    "scrap the tuesdays with sam",
    "i want to end my tuesday sessions",
    "lets stop meeting every tuesday",
    "we dont need the weekly call any more",
    "cancel the tuesday series from 1 dec",
    "no more sessions with sam after the 17th",
    "sam has finished, cancel whats left",
    "quit the series",
    "pls cancel the lot",
    "we are done, cancel the rest",
    "no need for the rest of the sessions",
)
ONE_MOVED = (
    "resched my thurs session to friday pls",
    "pls mv thursday to tmrw",
    "cld we do thursday's one a bit later",
    "something's come up thursday, can we find another slot",
    "got a clash on thursday, need a new time",
    "thursday doesnt work for me anymore, can we do friday instead",
    "i can't do thursday any more, what about friday?",
    "thurs session -> fri 10",
    "let's do thursday's session on friday instead",
    "need to rearrange thursday",
    "bring thursday forward by an hour",
    "need a later slot for thursday's session",
    "thursday session later pls",
    "thursday clashes with my exam, another day?",
    "i'd prefer thursday's call in the morning instead",
    "thursdays meeting is too early, make it 11",
    "can thursday's be earlier",
    "i'd like thursday's session moved to friday",
    "my thursday session needs to move",
    "thursday's session has to be earlier",
    "can the thursday session be an hour later",
    "make thursday 45 mins instead",
)
ONE_CANCELLED = (
    "cancl thursday",
    "cancel thurs - my train is cancelled",
    "can you bin off thursday",
    "i wont make thursday, please cancel",
    "can't do thursday, cancel pls",
    "i need to pull out of thursday",
    "i no longer need thursdays session",
    "leave out thursday",
    "take thursday out of the series",
    "no session on thursday please, the rest stays",
    "i'm on leave on thursday, skip that one",
    "have to bail on thursday",
    "we wont be needing thursdays session",
    "we dont need to meet on thursday",
)


@pytest.mark.parametrize(("text", "minutes"), LATER.items())
def test_all_that_is_to_come_by_so_many_minutes(text: str, minutes: int) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.whole) == (Intent.RESCHEDULE, True)
    assert reading.shift_minutes == minutes
    assert reading.time is None
    assert (reading.move_from is not None) is ("ecember" in text)


@pytest.mark.parametrize("text", ELSEWHEN)
def test_all_that_is_to_come_at_another_time(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.whole) == (Intent.RESCHEDULE, True)
    assert reading.time is not None or reading.recurrence is not None
    assert reading.shift_minutes is None


@pytest.mark.parametrize("text", ENDED)
def test_all_that_is_to_come_is_called_off(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.whole) == (Intent.CANCEL, True)
    assert reading.time is None
    assert (reading.series_end is not None) is ("1 dec" in text or "17th" in text)


@pytest.mark.parametrize("text", ONE_MOVED)
def test_one_session_is_moved(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.whole) == (Intent.RESCHEDULE, False)
    assert reading.move_from is not None
    assert reading.preferences == ()


@pytest.mark.parametrize("text", ONE_CANCELLED)
def test_one_session_is_called_off(text: str) -> None:
    reading = read(text, AMONG)
    assert (reading.intent, reading.whole) == (Intent.CANCEL, False)
    assert reading.move_from is not None
    assert reading.preferences == ()


@pytest.mark.parametrize(
    "text", ["dont cancel thursday", "please don't move it", "no, dont cancel the series after all"]
)
def test_what_is_to_stay_is_left_alone(text: str) -> None:
    reading = read(text, AMONG)
    assert reading.intent is Intent.OUT_OF_SCOPE
    answer = read(text, proposed("2026-10-22 15:00", "2026-10-23 17:00"))
    assert answer.intent is Intent.OUT_OF_SCOPE


@pytest.mark.parametrize("text", [*LATER, *ELSEWHEN])
def test_no_yes_to_what_is_proposed(text: str) -> None:
    """A change of a series chooses none of the open times, though it may name one."""
    reading = read(text, proposed("2026-10-22 15:00", "2026-10-23 17:00", "2026-10-27 16:00"))
    assert reading.intent is Intent.RESCHEDULE
    assert not reading.choice


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("every tuesday at 3 with Sam from now on", Intent.BOOK),
        ("weekly sessions with Sam at 3pm from december", Intent.BOOK),
        ("book all sessions with Sam at 3", Intent.BOOK),
        ("show all my sessions with Sam", Intent.LIST_MEETINGS),
        ("all my upcoming sessions", Intent.LIST_MEETINGS),
        ("dont book me before 10 from now on", Intent.SET_PREFERENCES),
        ("from now on i work 9 to 3", Intent.SET_PREFERENCES),
        ("no meetings on fridays from now on", Intent.SET_PREFERENCES),
        ("from now on no mondays", Intent.SET_PREFERENCES),
        ("never before 10 from now on", Intent.SET_PREFERENCES),
        ("can we have a later session with Sam on thursday", Intent.BOOK),
        ("i need another session with Sam on thursday", Intent.BOOK),
        ("schedule all sessions with Sam on tuesdays at 3", Intent.BOOK),
        ("which sessions are left in the series", Intent.LIST_MEETINGS),
        ("list all sessions from december", Intent.LIST_MEETINGS),
        ("why was thursdays session cancelled", Intent.WHY),
        ("cancel thursday, and book friday instead", Intent.CANCEL),
        ("cancel all sessions on friday", Intent.CANCEL),
        ("cancel my sessions this week", Intent.CANCEL),
    ],
)
def test_what_only_sounds_like_it(text: str, intent: Intent) -> None:
    reading = read(text, AMONG)
    assert reading.intent is intent
    assert not reading.whole
