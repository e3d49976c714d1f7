"""Series and wishes for them as JSON text; what does not fit raises KeyError or ValueError."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.booking.proposal import Beyond, Gap, Shift, Wish
from core.booking.series import Pattern
from core.ids import MeetingId, PersonId, SeriesId
from core.programme import Objection
from core.programme import Rule as Reason
from core.timing.recurrence import Frequency, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping


def load_people(text: str) -> tuple[PersonId, ...]:
    """Return the ids of people."""
    return tuple(PersonId(one) for one in json.loads(text))


def dump_pattern(pattern: Pattern) -> str:
    """Return an object with the pattern's own field names."""
    return json.dumps(pattern_data(pattern), separators=(",", ":"))


def load_pattern(text: str) -> Pattern:
    """Return the pattern."""
    return _pattern(json.loads(text))


def pattern_data(pattern: Pattern) -> dict[str, Any]:
    """Return a pattern as JSON has it; the day is ISO text."""
    rule = pattern.rule
    return {
        "frequency": rule.frequency.value,
        "interval": rule.interval,
        "weekdays": rule.weekdays,
        "month_day": rule.month_day,
        "position": rule.position,
        "sunday_first": rule.sunday_first,
        "zone": pattern.zone,
        "first": pattern.first.isoformat(),
        "minute": pattern.minute,
        "minutes": pattern.minutes,
        "count": pattern.count,
    }


def _pattern(data: Mapping[str, Any]) -> Pattern:
    rule = Rule(
        Frequency(data["frequency"]),
        int(data["interval"]),
        tuple(int(day) for day in data["weekdays"]),
        data["month_day"],
        data["position"],
        bool(data["sunday_first"]),
    )
    first = date.fromisoformat(data["first"])
    numbers = (int(data[name]) for name in ("minute", "minutes", "count"))
    return Pattern(rule, str(data["zone"]), first, *numbers)


def wish_data(wish: Wish | None) -> dict[str, Any] | None:
    """Return a wish as JSON has it; objections are `[kind, person, detail]`."""
    if wish is None:
        return None
    gaps = [
        [gap.slot, [[why.kind, why.person_id, why.detail] for why in gap.why], gap.choices]
        for gap in wish.gaps
    ]
    data: dict[str, Any] = {"pattern": pattern_data(wish.pattern), "gaps": gaps, "cut": wish.cut}
    if wish.beyond:
        data["beyond"] = [[one.person, one.starts, one.without] for one in wish.beyond]
    if wish.changes is None:
        return data
    shifts = [[one.slot, one.meeting, one.was] for one in wish.shifts]
    return {**data, "changes": wish.changes, "shifts": shifts, "dropped": wish.dropped}


def load_wish(data: Mapping[str, Any] | None) -> Wish | None:
    """Return a wish."""
    if data is None:
        return None
    gaps = tuple(
        Gap(int(slot), tuple(_objection(*one) for one in why), tuple(int(at) for at in choices))
        for slot, why, choices in data["gaps"]
    )
    beyond = tuple(
        Beyond(PersonId(person), tuple(map(int, starts)), tuple(map(int, without)))
        for person, starts, without in data.get("beyond", ())
    )
    wish = Wish(_pattern(data["pattern"]), gaps, cut=bool(data["cut"]), beyond=beyond)
    if "changes" not in data:
        return wish
    shifts = (Shift(int(slot), MeetingId(one), int(was)) for slot, one, was in data["shifts"])
    return replace(
        wish,
        changes=SeriesId(data["changes"]),
        shifts=tuple(shifts),
        dropped=tuple(int(slot) for slot in data["dropped"]),
    )


def _objection(kind: str, person: str | None, detail: str) -> Objection:
    return Objection(Reason(kind), None if person is None else PersonId(person), detail=str(detail))
