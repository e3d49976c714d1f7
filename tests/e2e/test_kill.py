"""What remains of two hundred bookings under `kill -9`: nothing lost, nothing done twice."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.e2e import killing
from tests.e2e.killing import KILLS, MENTEES, PEOPLE, SESSIONS, Remains

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = 4  # so many mails at most are on their way at any moment


@pytest.fixture(scope="module")
def remains(tmp_path_factory: pytest.TempPathFactory) -> Remains:
    """All tests look at the same two hundred bookings."""
    folder: Path = tmp_path_factory.mktemp("kill")
    found = killing.play(folder)
    sys.stdout.write("\n".join([*found.lines(), ""]))  # `python -m tests.bench.kill` shows it too
    return found


def test_it_was_killed_often_and_people_noticed(remains: Remains) -> None:
    assert remains.kills >= KILLS
    assert remains.failures > 0


def test_no_booking_is_lost(remains: Remains) -> None:
    assert len(remains.booked) == SESSIONS * len(MENTEES) == remains.meetings
    for one in remains.booked:
        for person, other in ((one.mentee, one.mentor), (one.mentor, one.mentee)):
            mine = [e for e in remains.calendars[person.email] if e.start == one.stamp]
            assert [e.title for e in mine] == [f"Session with {other.name}"]


def test_what_was_begun_is_booked_or_still_open(remains: Remains) -> None:
    assert remains.proposals["accepted"] == len(remains.booked)
    assert set(remains.proposals) <= {"accepted", "drafted", "offered", "superseded"}


def test_pressing_again_changes_nothing(remains: Remains) -> None:
    for messages in remains.pressed_again:
        assert [message.text.startswith("Booked:") for message in messages] == [True]


def test_no_event_is_there_twice(remains: Remains) -> None:
    expected = Counter(p.email for b in remains.booked for p in (b.mentee, b.mentor))
    for one in PEOPLE:
        found = remains.calendars[one.email]
        assert len({event.uid for event in found}) == len(found) == expected[one.email]
        assert len({event.start for event in found}) == len(found)


def test_everybody_has_their_mail(remains: Remains) -> None:
    expected = Counter(p.email for b in remains.booked for p in (b.mentee, b.mentor))
    assert Counter(letters[0].to for letters in remains.copies()) == expected


def test_a_mail_comes_again_only_when_a_kill_came_between_sending_and_noting_it(
    remains: Remains,
) -> None:
    for letters in remains.copies():
        processes = [letter.process for letter in letters]
        assert len(set(processes)) == len(processes), letters
    repeated = len(remains.letters) - len(remains.copies())
    assert repeated <= AT_ONCE * remains.kills


def test_a_repetition_is_the_same_mail(remains: Remains) -> None:
    """Mail programs recognise the second copy by its Message-ID, and show it once."""
    for letters in remains.copies():
        assert len({letter.message_id for letter in letters}) == 1, letters
    assert len({letters[0].message_id for letters in remains.copies()}) == len(remains.copies())
