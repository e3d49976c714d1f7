"""Who is meant, by form and among known people."""

from __future__ import annotations

import pytest

from bot.understand.intent import PersonMention, Relation
from bot.understand.read import read
from tests.unit.understand.moments import AMONG, HERE


def names(text: str) -> list[str]:
    return [p.text for p in read(text, HERE).people if p.relation is Relation.NONE]


def among(text: str) -> tuple[PersonMention, ...]:
    return read(text, AMONG).people


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lunch with Ana on Monday", ["Ana"]),
        ("lunch with ana on monday", ["ana"]),
        ("meet Ana, Ben and Cy tomorrow", ["Ana", "Ben", "Cy"]),
        ("a call with Dr. Ito and Ms. Okafor", ["Dr. Ito", "Ms. Okafor"]),
        ("session with Jean-Luc Martin", ["Jean-Luc Martin"]),
        ("book Ravi Friday", ["Ravi"]),
        ("move my 1:1 with Ana to Friday", ["Ana"]),
        ("a session for me and Ben", ["Ben"]),
        ("Ana and I want to meet", ["Ana"]),
        ("is Ben free tomorrow?", ["Ben"]),
        ("when are Ana and Ben both free?", ["Ana", "Ben"]),
        ("lunch with Ana's team", ["Ana"]),
        ("meet with Ben's manager", ["Ben"]),
        ("Ana, Tuesday at 3?", ["Ana"]),
        ("invite Ben to the session", ["Ben"]),
        ("add Ana and Ben to the meeting", ["Ana", "Ben"]),
        ("lunch with April on 3 May", ["April"]),
        ("a call with Will tomorrow", ["Will"]),
        # not people of the meeting
        ("lunch with the whole team", []),
        ("lunch with my boss", []),
        ("a session at Luigi's", []),
        ("visit Ana's Hair Salon tomorrow", []),
        ("book a room in Paris", []),
        ("move it after the Ben meeting", []),
        ("a meeting with marketing", []),
        ("Will you book it?", []),
        ("may I move it?", []),
        ("book Monday", []),
    ],
)
def test_by_form(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("book Alex", ("alex-chen", "alex-romero")),
        ("book Alex Chen", ("alex-chen",)),
        ("book alex romero friday", ("alex-romero",)),
        ("book with pria", ("priya",)),
        ("book with Piya tomorrow", ("priya",)),
        ("book <@U01> tomorrow", ("alex-chen",)),
        ("book <at>Priya Shah</at>", ("priya",)),
        ("book my mentor", ("alex-chen",)),
        ("book time with will ford", ("will",)),
    ],
)
def test_known_people(text: str, ids: tuple[str, ...]) -> None:
    assert [p.candidates for p in among(text)] == [ids]


def test_groups_mean_everybody_in_them() -> None:
    (mentees,) = among("an hour with my mentees next week")
    assert mentees.everyone
    assert mentees.candidates == ("sam", "tom")
    assert mentees.relation is Relation.MENTEE
    (circle,) = among("an hour for the whole circle")
    assert circle.relation is Relation.GROUP
    assert len(circle.candidates) == 6


def test_optional_people_are_marked() -> None:
    people = {p.text: p.optional for p in among("a session with Priya and Sam as optional")}
    assert people == {"Priya": False, "Sam": True}


def test_a_name_is_not_found_in_other_words() -> None:
    assert among("the samples are in the atom tomorrow") == ()
    assert among("I will book it tomorrow") == ()


def test_each_person_once() -> None:
    assert [p.text for p in among("book Priya, I mean a session with Priya")] == ["Priya"]


def test_the_assistant_is_not_a_person() -> None:
    assert [p.text for p in among("@assistant book with Priya")] == ["Priya"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "set up a call with Siobhán O'Brien and Jean-Luc Picard",
            "Siobhán O'Brien, Jean-Luc Picard",
        ),
        ("schedule lunch with María José García Pérez on Friday", "María José García Pérez"),
        ("dinner with Ludwig van Beethoven at 8", "Ludwig van Beethoven"),
        ("appointment with Mrs. van der Berg on Tuesday", "Mrs. van der Berg"),
        ("call with Omar bin Rashid at noon", "Omar bin Rashid"),
        ("cancel Ravi's meeting on Tuesday", "Ravi"),
        ("move Dana's 3 o'clock to 4", "Dana"),
        ("could you and Dana meet at 5", "Dana"),
        ("what time is my meeting with Kenji-san", "Kenji-san"),
        ("interview Priyanka on Monday at 10", "Priyanka"),
        ("a meeting with the whole team and Ezra tomorrow", "Ezra"),
        ("I have an appointment with Doctor Lee at 9am", "Doctor Lee"),
        ("would Leila be available at noon", "Leila"),
        ("meeting with marketing on Thursday", ""),
    ],
)
def test_names_of_many_kinds(text: str, names: str) -> None:
    assert ", ".join(p.text for p in read(text, HERE).people) == names
