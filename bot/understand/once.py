"""What is said of one day and what holds for every week: "I'm off on Friday", "I'm off Fridays"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.understand.constraint import Span, Weekday, Which

if TYPE_CHECKING:
    from bot.understand.compose import Composed

PLURAL = re.compile(
    r"\b(?:mornings|afternoons|evenings|nights|lunchtimes|weekends|weekdays|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b"
)
# What somebody does or can do is said of one day, as long as it names but one.
_ONCE = re.compile(
    r"\b(?:(?:i|we) (?:really |just )?(?:(?:can|could)(?! (?:only )?work\b)|cant|cannot|wont|"
    r"will not|am only|only have|am off|finish|leave|stop|start|begin|end)|im off)\b(?!.*"
    r"\b(?:usually|normally|generally|ever|every|each|always|any|most|_series_)\b)"
)


def every_week(span: Span, composed: Composed, small: str) -> bool:
    """Tell whether a time is meant for every week: "Tuesdays", "mornings", "after 4"."""
    days = span.dates
    return days is None or (
        (composed.plural or bool(PLURAL.search(small)))
        and isinstance(days, Weekday)
        and days.which is Which.BARE
    )


def of_one_day(shape: str, small: str, composed: Composed) -> bool:
    """Tell whether somebody says what they do on one weekday: no rule for every week."""
    if not _ONCE.search(shape):
        return False
    spans = (*composed.options, *composed.exclude, *composed.soft)
    days = [span for span in spans if isinstance(span.dates, Weekday)]
    return any(not every_week(span, composed, small) for span in days)
