"""The sessions of a series' copy: occurrences that should not be there, and ones to be moved.

The occurrences that are there are read and compared with those that should be, and only what
differs is written, so everything here may be repeated and also puts right what was done by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from adapters.microsoft.errors import PROVIDER
from adapters.microsoft.events import Copy, moment
from adapters.microsoft.graph import path_of
from core.errors import BadData
from core.timing.zones import DAY, local_date, utc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.booking.drafts import EventDraft, Recurrence

FIELDS = ("id", "subject", "start", "end", "location", "isAllDay", "originalStart")
AROUND = 31 * DAY  # how far from its series an occurrence that was moved by hand is looked for


@dataclass(frozen=True, slots=True)
class Steps:
    """What makes the occurrences of a series what they should be.

    `surplus`: ids to delete. `wrong`: ids, and what each should be. `lacking`: whether sessions
    are not there; a deleted occurrence cannot be given back, only the whole written anew.
    """

    surplus: tuple[str, ...]
    wrong: tuple[tuple[str, EventDraft], ...]
    lacking: bool

    @property
    def none(self) -> bool:
        """Whether everything is as it should be."""
        return not (self.surplus or self.wrong or self.lacking)


def instances_path(master: str, repeats: Recurrence) -> str:
    """Return the path that shows the occurrences of a series."""
    spans = repeats.sessions().values()
    start = min(repeats.slot(repeats.first), *(low for low, _ in spans)) - AROUND
    end = max(repeats.slot(repeats.last), *(high for _, high in spans)) + AROUND
    shown = (f"{utc(at):%Y-%m-%dT%H:%M:%SZ}" for at in (start, end))
    return path_of(
        *("me", "events", master, "instances"),
        **dict(zip(("startDateTime", "endDateTime"), shown, strict=True)),
        select=",".join(FIELDS),
        top="100",
    )


def steps(found: Sequence[dict[str, Any]], draft: EventDraft, repeats: Recurrence) -> Steps:
    """Compare occurrences with what the draft has. Raises BadData."""
    wanted = repeats.sessions()
    there = {_day(item, repeats): Copy(item) for item in found}
    surplus = [copy.receipt.remote_id for day, copy in there.items() if day not in wanted]
    wrong: list[tuple[str, EventDraft]] = []
    for day, (start, end) in wanted.items():
        one = replace(draft, recurrence=None, start=start, end=end)
        if day in there and not there[day].shows(one):
            wrong.append((there[day].receipt.remote_id, one))
    return Steps(tuple(surplus), tuple(wrong), lacking=not wanted.keys() <= there.keys())


def _day(item: dict[str, Any], repeats: Recurrence) -> date:
    """Return an occurrence's day by the rule; one that does not say it is where it was made.

    Raises BadData.
    """
    original = item.get("originalStart")
    if not original:
        return local_date(moment(item.get("start"), repeats.zone), repeats.zone)
    try:
        at = datetime.fromisoformat(str(original))
    except ValueError as error:
        raise BadData("an occurrence without its place in the series", provider=PROVIDER) from error
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return local_date(int(aware.timestamp()), repeats.zone)
