"""Nested values as JSON text: one pair of functions per kind, so that each shape is written down.

Reading rebuilds the core's own types; what does not fit raises KeyError, TypeError or ValueError,
for a row that this program did not write.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from adapters.storage.series_codecs import load_wish, wish_data
from core.booking.meeting import Attendee, Path, Rsvp
from core.booking.proposal import Answer, MeetingRequest, Slot
from core.finding.request import Ease
from core.ids import LinkId, MeetingId, PersonId, ProgrammeId, ProposalId
from core.people import Leave
from core.timing.hours import Weekly, as_weekly

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def dump(value: object) -> str:
    """Return compact JSON text, in UTF-8 as it is. Raises TypeError for what JSON has not."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def dump_texts(texts: Mapping[str, str]) -> str:
    """Return `{"name": "text"}`."""
    return dump(dict(texts))


def load_texts(text: str) -> dict[str, str]:
    """Return texts by name."""
    return {str(name): str(value) for name, value in json.loads(text).items()}


def dump_data(data: Mapping[str, object]) -> str:
    """Return any JSON-able mapping."""
    return dump(dict(data))


def load_data(text: str) -> dict[str, object]:
    """Return any JSON-able mapping."""
    data: dict[str, object] = json.loads(text)
    return data


def dump_hours(hours: Weekly | None) -> str | None:
    """Return seven lists of `[from, to]` in minutes, Monday first."""
    return None if hours is None else dump(hours)


def load_hours(text: str | None) -> Weekly | None:
    """Return the weekly hours."""
    return None if text is None else as_weekly(json.loads(text))


def dump_leave(leave: Iterable[Leave]) -> str:
    """Return `[["2026-08-03", "2026-08-14"], ...]`, both days included."""
    return dump([[one.first.isoformat(), one.last.isoformat()] for one in leave])


def load_leave(text: str) -> tuple[Leave, ...]:
    """Return the days away."""
    return tuple(
        Leave(date.fromisoformat(first), date.fromisoformat(last))
        for first, last in json.loads(text)
    )


def dump_request(request: MeetingRequest) -> str:
    """Return an object with the request's own field names; spans are `[start, end]`."""
    return dump(
        {
            "programme_id": request.programme_id,
            "asker": request.asker,
            "attendees": request.attendees,
            "minutes": request.minutes,
            "windows": request.windows,
            "zone": request.zone,
            "starts": request.starts,
            "title": request.title,
            "moves": request.moves,
            "series": wish_data(request.series),
            "optional": request.optional,
            "eased": request.eased,
            "counters": request.counters,
            "rounds": request.rounds,
            "refused": request.refused,
            "agenda": request.agenda,
        }
    )


def load_request(text: str) -> MeetingRequest:
    """Return the request."""
    data: dict[str, Any] = json.loads(text)
    return MeetingRequest(
        programme_id=ProgrammeId(data["programme_id"]),
        asker=PersonId(data["asker"]),
        attendees=tuple(PersonId(one) for one in data["attendees"]),
        minutes=int(data["minutes"]),
        windows=tuple((int(start), int(end)) for start, end in data["windows"]),
        zone=str(data["zone"]),
        starts=tuple(int(start) for start in data["starts"]),
        title=str(data["title"]),
        moves=None if data["moves"] is None else MeetingId(data["moves"]),
        series=load_wish(data.get("series")),
        optional=tuple(PersonId(one) for one in data.get("optional", ())),
        eased=tuple((Ease(what), PersonId(who)) for what, who in data.get("eased", ())),
        counters=ProposalId(data["counters"]) if data.get("counters") else None,
        rounds=int(data.get("rounds", 0)),
        refused=tuple(int(start) for start in data.get("refused", ())),
        agenda=str(data.get("agenda", "")),
    )


def dump_slots(slots: Iterable[Slot]) -> str:
    """Return `[[start, end, [unchecked person ids], start by the rule, [missing]], ...]`; the last
    two only where there is something to say.
    """
    return dump([_slot(slot) for slot in slots])


def _slot(slot: Slot) -> list[object]:
    plain = [slot.start, slot.end, slot.unchecked]
    if slot.missing:
        return [*plain, slot.by_rule, slot.missing]
    return [*plain, slot.by_rule] if slot.by_rule else plain


def load_slots(text: str) -> tuple[Slot, ...]:
    """Return the slots."""
    return tuple(
        Slot(
            start=int(start),
            end=int(end),
            unchecked=tuple(PersonId(one) for one in unchecked),
            by_rule=int(rest[0]) if rest else 0,
            missing=tuple(PersonId(one) for one in rest[1]) if len(rest) > 1 else (),
        )
        for start, end, unchecked, *rest in json.loads(text)
    )


def dump_answers(answers: Mapping[PersonId, Answer]) -> str:
    """Return `{"person id": {"accepted": [starts], "declined": false}}`."""
    return dump(
        {
            person: {"accepted": answer.accepted, "declined": answer.declined}
            for person, answer in answers.items()
        }
    )


def load_answers(text: str) -> dict[PersonId, Answer]:
    """Return the answers by person."""
    return {
        PersonId(person): Answer(
            tuple(int(start) for start in data["accepted"]), declined=bool(data["declined"])
        )
        for person, data in json.loads(text).items()
    }


def dump_attendees(attendees: Iterable[Attendee]) -> str:
    """Return a list of objects with the attendee's own field names."""
    return dump(
        [
            {
                "person_id": one.person_id,
                "name": one.name,
                "email": one.email,
                "zone": one.zone,
                "path": one.path,
                "link_id": one.link_id,
                "rsvp": one.rsvp,
                **({"optional": True} if one.optional else {}),
            }
            for one in attendees
        ]
    )


def load_attendees(text: str) -> tuple[Attendee, ...]:
    """Return the attendees."""
    return tuple(
        Attendee(
            person_id=PersonId(one["person_id"]),
            name=str(one["name"]),
            email=str(one["email"]),
            zone=str(one["zone"]),
            path=Path(one["path"]),
            link_id=None if one["link_id"] is None else LinkId(one["link_id"]),
            rsvp=Rsvp(one["rsvp"]),
            optional=bool(one.get("optional")),
        )
        for one in json.loads(text)
    )
