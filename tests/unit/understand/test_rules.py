"""Every rule has an example beside it, which it reads and which means what is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understand import (
    intent_actions,
    intent_changes,
    intent_elsewhere,
    intent_plans,
    intent_rules,
    intent_sayings,
)
from bot.understand.cascade import Rule, apply, codes
from bot.understand.grammar import STAGES
from bot.understand.intent_rules import IntentRule
from bot.understand.lexer import lex, plain
from bot.understand.read import read
from bot.understand.report import meaning
from tests.unit.understand.moments import HERE

RULES = [rule for _, rules in STAGES for rule in rules]
INTENT_RULES = [
    rule
    for group in (
        intent_changes.CHANGED,
        intent_sayings.SAYINGS,
        intent_rules.ADMIN,
        intent_plans.PLANS,
        intent_rules.REPLIES,
        intent_rules.RUNNING_LATE,
        intent_rules.CALENDARS,
        intent_rules.WHY,
        intent_actions.BOOKS_FIRST,
        intent_elsewhere.ELSEWHERE_REPLIES,
        intent_elsewhere.ELSEWHERE,
        intent_actions.MOVES,
        intent_actions.CANCELS,
        intent_actions.ASKS,
        intent_actions.BOOKS,
    )
    for rule in group
]
LINES = (Path(__file__).parent / "meanings.txt").read_text(encoding="utf-8").splitlines()
MEANINGS = dict(line.split(" => ") for line in LINES if " => " in line)


def fires(rule: Rule) -> bool:
    tokens = lex(plain(rule.example))
    for one in RULES:
        after = apply(one, tokens, codes(tokens))
        if one is rule:
            return after is not tokens
        tokens = after
    return False


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.example)
def test_rule_reads_its_example(rule: Rule) -> None:
    assert fires(rule), rule.pattern


@pytest.mark.parametrize("phrase", MEANINGS)
def test_example_means_what_is_written(phrase: str) -> None:
    assert meaning(phrase, HERE) == MEANINGS[phrase]


def test_meanings_and_examples_are_the_same_phrases() -> None:
    assert set(MEANINGS) == {rule.example for rule in RULES}


@pytest.mark.parametrize("rule", INTENT_RULES, ids=lambda rule: rule.example)
def test_intent_rule_decides_its_example(rule: IntentRule) -> None:
    reading = read(rule.example, HERE)
    assert (reading.intent, reading.reason) == (rule.intent, rule.reason)


def test_pattern_that_names_a_word_with_a_kind_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="kind of its own"):
        Rule("on monday", "DATES", lambda: None, "on Monday")
