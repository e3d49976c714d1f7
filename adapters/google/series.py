"""The sessions of a series' copy: those that are not as the rule has them become exceptions.

The sessions that are there are read and compared with those that should be, and only what differs
is written, so everything here may be repeated and also puts right what was done by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from adapters.google.errors import PROVIDER
from adapters.google.events import MEMBER_FIELDS, instant_of, is_there, says, sequence_of, stamp
from core.errors import BadData
from core.timing.zones import local_date, utc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from core.booking.drafts import EventDraft, Recurrence

FIELDS = f"nextPageToken,items({MEMBER_FIELDS},originalStartTime)"
MOST = 250  # sessions read at once


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with one session: written as `draft` says, deleted without one.

    `old` is the instance as it is, `slot` its start by the rule (epoch seconds).
    """

    remote_id: str
    slot: int
    old: Mapping[str, Any]
    draft: EventDraft | None = None

    @property
    def original(self) -> dict[str, Any]:
        """What tells Google which session an imported exception is."""
        return {"dateTime": stamp(self.slot)}


def steps(master: str, items: list[dict[str, Any]], draft: EventDraft) -> list[Step]:
    """Return what makes the instances of a repeating event those that the draft has."""
    repeats = draft.recurrence
    if repeats is None:
        return []
    there = {day: item for item in items if (day := _day(item, repeats)) is not None}
    return [*_surplus(there, repeats), *_wrong(master, there, repeats, draft)]


def _day(item: Mapping[str, Any], repeats: Recurrence) -> date | None:
    """Return an instance's day by the rule. Raises BadData."""
    original = item.get("originalStartTime")
    if not isinstance(original, dict) or not item.get("id"):
        raise BadData("a session without its place in the series", provider=PROVIDER)
    if "dateTime" not in original:
        return None  # of a time when the series had whole days: nothing that can be shown
    return local_date(instant_of(original["dateTime"]), repeats.zone)


def _surplus(there: Mapping[date, dict[str, Any]], repeats: Recurrence) -> Iterator[Step]:
    wanted = repeats.sessions()
    for day, item in there.items():
        if day not in wanted and is_there(item):
            yield Step(str(item["id"]), repeats.slot(day), item)


def _wrong(
    master: str, there: Mapping[date, dict[str, Any]], repeats: Recurrence, draft: EventDraft
) -> Iterator[Step]:
    sequences = {one.day: one.sequence for one in repeats.moved}
    for day, (start, end) in repeats.sessions().items():
        old, slot = there.get(day, {}), repeats.slot(day)
        sequence = max(sequences.get(day, 0), sequence_of(old))
        one = replace(draft, recurrence=None, start=start, end=end, sequence=sequence)
        if not says({**old, "recurrence": []}, one):
            # An instance is called after its place in the series.
            name = str(old.get("id") or f"{master}_{utc(slot):%Y%m%dT%H%M%SZ}")
            yield Step(name, slot, old, one)
