"""Everything that administration can come across has words."""

from __future__ import annotations

import string

import pytest

from bot.converse.admin.files import refusal
from bot.imports import BadFileError, Wrong
from bot.speak import admin_problems, admin_words
from core.effects import EffectKind
from core.policy import Source
from core.use_cases.administer.future import Choice
from core.use_cases.administer.problems import Problem
from core.use_cases.administer.reminders import Reminded
from core.use_cases.administer.status import Lack

FACTS = dict.fromkeys(
    ("name", "value", "row", "programme", "one", "other", "key", "message", "names"), "X"
) | {"role": "mentor"}


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_is_said_without_a_gap(problem: Problem) -> None:
    text = admin_problems.said(problem, FACTS)
    assert text.endswith((".", "…"))
    assert "{" not in text
    assert "  " not in text


def test_a_hint_stands_in_the_place_of_general_advice() -> None:
    facts = {"value": "Europe/Lundon", "hint": "Europe/London"}
    assert admin_problems.both(Problem.ZONE, facts)[1] == "Did you mean Europe/London?"


def test_every_kind_has_its_words() -> None:
    assert set(admin_words.DELIVERIES) == {kind.value for kind in EffectKind}
    assert set(admin_words.SOURCES) == {source.value for source in Source}
    assert set(admin_words.FILES) == {wrong.value for wrong in Wrong}
    for texts in (admin_words.LACKS, admin_words.LACK_TITLES, admin_words.LACK_NONE):
        assert set(texts) == {lack.value for lack in Lack}
    for done in (admin_words.END_DONE, admin_words.REMOVE_DONE, admin_words.CHANGE_DONE):
        assert set(done) == {choice.value for choice in Choice}


@pytest.mark.parametrize("wrong", Wrong)
def test_every_bad_file_is_refused_in_words(wrong: Wrong) -> None:
    text = refusal(BadFileError(wrong, "zone, role", "time zon"))
    assert "{" not in text
    assert text.endswith(".")


def test_no_sentence_has_a_place_that_cannot_be_named() -> None:
    for name, text in vars(admin_words).items():
        if name.isupper() and isinstance(text, str):
            fields = [
                field for _, field, _, _ in string.Formatter().parse(text) if field is not None
            ]
            assert all(field.isidentifier() for field in fields), name


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 people"), (1, "1 person"), (2, "2 people"), (1200, "1,200 people")]
)
def test_counts(number: int, text: str) -> None:
    assert admin_words.some(number, "person", "people") == text


@pytest.mark.parametrize(
    ("result", "name", "text"),
    [
        (Reminded(), "", "There is nobody to remind."),
        (Reminded(2, 0, 0), "", "Reminded to book: 2 people."),
        (Reminded(1, 1, 0), "", "Reminded to book: 1 person. Reminded today already: 1 person."),
        (Reminded(1, 0, 0), "Sam", "Sam is reminded to book."),
        (Reminded(0, 0, 1), "Sam", "Sam is away or wants no reminders, so I sent none."),
    ],
)
def test_reminding(result: Reminded, name: str, text: str) -> None:
    assert admin_words.reminded(result, "book", name) == text


@pytest.mark.parametrize(
    ("role", "text"), [("mentor", "a mentor"), ("admin", "an administrator"), ("coach", "a coach")]
)
def test_roles_with_their_article(role: str, text: str) -> None:
    assert admin_problems.with_article(role) == text
