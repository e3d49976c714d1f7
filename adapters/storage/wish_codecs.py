"""What people want of their sessions, as JSON text: only what somebody said is written."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from core.ids import ProgrammeId
from core.people import Return, Stay, Wishes
from core.timing.hours import as_weekly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people import Person

WEEKS = frozenset({"preferred", "hours"})


@dataclass(frozen=True, slots=True)
class Stored:
    """The fields of a person that are kept together."""

    general: Wishes
    apart: tuple[tuple[ProgrammeId, Wishes], ...]
    country: str
    tentative: bool | None
    trip: Stay | None
    back: Return | None


def dump_wishes(person: Person) -> str:
    """Return `{"general": {...}, "apart": {programme: {...}}, "country": ..., "tentative": ...,
    "trip": [zone, start, end], "back": [away, home, start]}`, each left out where nothing was said.
    """
    data = {
        "general": _data(person.wishes),
        "apart": {programme: _data(one) for programme, one in person.apart},
        "country": person.country,
        "tentative": person.tentative,
        "trip": [person.trip.zone, person.trip.start, person.trip.end] if person.trip else None,
        "back": [person.back.away, person.back.home, person.back.start] if person.back else None,
    }
    kept = {name: value for name, value in data.items() if value not in ({}, "", None)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def load_wishes(text: str) -> Stored:
    """Return what was kept. Raises ValueError or TypeError for what this program did not write."""
    data: dict[str, Any] = json.loads(text)
    apart = data.get("apart", {})
    tentative, trip = data.get("tentative"), data.get("trip")
    back = data.get("back")
    return Stored(
        general=_wishes(data.get("general", {})),
        apart=tuple((ProgrammeId(name), _wishes(apart[name])) for name in sorted(apart)),
        country=str(data.get("country", "")),
        tentative=None if tentative is None else bool(tentative),
        trip=Stay(str(trip[0]), int(trip[1]), int(trip[2])) if trip else None,
        back=Return(str(back[0]), str(back[1]), int(back[2])) if back else None,
    )


def _data(wishes: Wishes) -> dict[str, object]:
    said = {field.name: getattr(wishes, field.name) for field in fields(wishes)}
    return {name: value for name, value in said.items() if value is not None}


def _wishes(data: Mapping[str, Any]) -> Wishes:
    values: dict[str, Any] = {
        name: as_weekly(value) if name in WEEKS else int(value) for name, value in data.items()
    }
    return Wishes(**values)
