"""The stages of the cascade in their order, and the one function that runs them."""

from __future__ import annotations

from bot.understand import (
    rules_clocks,
    rules_dates,
    rules_feasts,
    rules_lengths,
    rules_periods,
    rules_ranges,
    rules_relative,
    rules_series,
)
from bot.understand.cascade import Rule, Stage, run
from bot.understand.lexer import Token

STAGES: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("numbers", rules_lengths.NUMBERS),
    ("hours", rules_clocks.HOURS),
    ("feasts", rules_feasts.FEASTS),
    ("calendar", rules_dates.CALENDAR),
    ("lengths", rules_lengths.LENGTHS),
    ("series", rules_series.SERIES),
    ("plurals", rules_series.PLURALS),
    ("days", rules_dates.DAYS),
    ("seasons", rules_feasts.SEASONS),
    ("periods", rules_periods.PERIODS),
    ("weekdays", rules_dates.WEEKDAYS),
    ("relative", rules_relative.RELATIVE),
    ("parts", rules_clocks.PARTS),
    ("hours in place", rules_ranges.HOURS_IN_PLACE),
    ("open hours", rules_ranges.OPEN_HOURS),
    ("ranges of days", rules_ranges.DAY_RANGES),
    ("verdicts", rules_ranges.VERDICTS),
)
_ALL = tuple(Stage(rules) for _, rules in STAGES)


def parse(tokens: list[Token]) -> list[Token]:
    """Replace every phrase of time by one token with its value."""
    return run(_ALL, tokens)
