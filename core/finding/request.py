"""What a search is about: the rules, and each person's time. Everything in epoch seconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.ids import PersonId
    from core.timing.hours import Weekly
    from core.timing.spans import Span


class Ease(StrEnum):
    """What of one person's own can be set aside for one request."""

    HOURS = "hours"  # their own weekly hours
    TENTATIVE = "tentative"  # what is only tentative in their calendars counts as free
    BUFFER = "buffer"  # what they want free in between beyond what the programme keeps
    LIMIT = "limit"  # how many sessions they want at most


@dataclass(frozen=True, slots=True)
class PersonTime:
    """One person's time in a search.

    `own` are their own weekly hours (None: the programme's count alone), `busy` the unsorted
    busy spans of all their calendars and booked sessions, `away` their leave, `buffer` the
    seconds they want free around a session. `unknown` says why a calendar could not be read;
    then the person's time is neither free nor busy, and they must confirm themselves (Y9).
    `eased` is the same person's time with one more thing set aside, for each that would differ.
    `full` is when they have as many sessions as they want, `holidays` their public
    holidays, `preferred` the hours they like better.
    """

    person_id: PersonId
    zone: str
    busy: Sequence[Span] = ()
    away: Sequence[Span] = ()
    own: Weekly | None = None
    buffer: int = 0
    unknown: str = ""
    eased: tuple[tuple[Ease, PersonTime], ...] = ()
    full: Sequence[Span] = ()
    holidays: Sequence[Span] = ()
    preferred: Weekly | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and the programme's rules.

    `windows` are the asked spans, sorted and disjoint; `starts` times said exactly (only these
    are candidates then). `programme` are the programme's hours in each person's own zone,
    `closures` its closed local dates. A slot starts no earlier than `earliest`, no later than
    `latest`, on the grid of `step`, and lasts `length`. `prefer` are spans wished for but not
    demanded; `without` are starts that were shown before.
    """

    now: int
    windows: tuple[Span, ...]
    length: int
    programme: Weekly
    earliest: int
    latest: int
    step: int = 900
    starts: tuple[int, ...] = ()
    closures: tuple[date, ...] = ()
    prefer: tuple[Span, ...] = ()
    without: frozenset[int] = frozenset()
