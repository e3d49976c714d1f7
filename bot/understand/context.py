"""What is known about the speaker when a sentence is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.understand.intent import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody the speaker may mean; `mentions` are the chat's ids (as in <@U123>)."""

    id: str
    name: str
    email: str = ""
    relation: Relation = Relation.NONE
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours: the same minutes of every listed weekday (0 is Monday), end excluded.

    `own` has days with other minutes, or none: {4: ((480, 720),)}.
    """

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    first: int = 8 * MINUTES_PER_HOUR
    last: int = 18 * MINUTES_PER_HOUR
    own: Mapping[int, tuple[tuple[int, int], ...]] | None = None

    def of(self, weekday: int) -> tuple[tuple[int, int], ...]:
        """Give the (from, to) minutes of a weekday."""
        if self.own is not None and weekday in self.own:
            return self.own[weekday]
        return ((self.first, self.last),) if weekday in self.days else ()


@dataclass(frozen=True, slots=True)
class Context:
    """The moment and the speaker: `now` in epoch seconds, `zone` an IANA name.

    `proposal_starts` are the starts (epoch seconds) of the open proposal, () when none is open,
    None when that is not known. `week_start` is 0 for Monday, 6 for Sunday. `names` are those close
    to the speaker, `others` everybody else they may mean (or all): the same object as long as
    nothing changes, because the index of their names is kept by it.
    """

    now: int
    zone: str = "UTC"
    locale: str = "en-GB"
    names: tuple[KnownPerson, ...] = ()
    proposal_starts: tuple[int, ...] | None = None
    hours: Hours = Hours()
    week_start: int = 0
    speaker: str = ""
    others: tuple[KnownPerson, ...] = ()
