"""A reading in words and as lines of JSON, for the command line and for measuring."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.understand.constraint import Coming, Dates, DayRange, Span, TimeConstraint
from bot.understand.context import Context, KnownPerson
from bot.understand.doubts import say_day, say_minute
from bot.understand.intent import Reading, Relation
from bot.understand.read import read
from bot.understand.resolve import Piece, pieces_of, resolve, zone_of
from bot.understand.series import rrule

_SHOWN = 3
_EUROPE = ("Europe/", "Asia/", "Africa/", "Australia/")


def _iso(at: int, zone_name: str) -> str:
    return datetime.fromtimestamp(at, zone_of(zone_name)).isoformat()


def _open_ends(dates: Dates | None) -> tuple[bool, bool]:
    if isinstance(dates, DayRange):
        return dates.first is None, dates.last is None
    return False, False


def _value(piece: Piece, span: Span, context: Context, stamp: Any) -> dict[str, object]:
    if piece.exact:
        return {"kind": "instant", "start": stamp(piece.start)}
    no_start, no_end = _open_ends(span.dates)
    start = max(piece.start, context.now) if no_start else piece.start
    if isinstance(span.dates, Coming):
        start = context.now
    return {
        "kind": "window",
        "start": stamp(start),
        "end": None if no_end else stamp(piece.end),
    }


def _values(constraint: TimeConstraint, context: Context, stamp: Any) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for span in constraint.options:
        out += [
            _value(piece, span, context, stamp)
            for piece in pieces_of(span, context, constraint.zone)
        ]
    return out


def _result(reading: Reading, context: Context, stamp: Any) -> object:
    """Give the stated time as one value, a list of alternatives, or None."""
    if reading.recurrence is not None:
        return {"kind": "recurrence", "rrule": rrule(reading.recurrence, context.hours)}
    constraint = reading.time or reading.move_from
    values = _values(constraint, context, stamp) if constraint else []
    if values:
        return values[0] if len(values) == 1 else values
    if reading.duration_minutes:
        return {"kind": "duration", "minutes": reading.duration_minutes}
    return None


def _names(reading: Reading, context: Context) -> list[str]:
    named = {c for person in reading.people for c in person.candidates}
    everybody = (*context.names, *context.others)
    known = {p.id: p.name for p in everybody if p.id in named} if named else {}
    out = []
    for person in reading.people:
        if person.relation is not Relation.NONE:
            continue
        names = [known[c] for c in person.candidates if c in known]
        slip = len(names) == 1 and person.text.lower() not in names[0].lower()
        out.append(names[0] if slip else person.text)
    return out


def as_line(reading: Reading, context: Context, stamp: Any = None) -> dict[str, object]:
    """Give a reading as the fields that the scorers compare; times are ISO with an offset."""

    def in_zone(at: int) -> str:
        return _iso(at, context.zone)

    stamp = stamp or in_zone
    constraint = reading.time
    windows = None
    if constraint is not None:
        windows = [[stamp(a), stamp(b)] for a, b in resolve(constraint, context).windows]
    return {
        "intent": str(reading.intent),
        "reason": reading.reason,
        "people": _names(reading, context),
        "has_time": bool(reading.time or reading.move_from or reading.recurrence),
        "duration_minutes": reading.duration_minutes,
        "result": _result(reading, context, stamp),
        "windows": windows,
        "recurrence": rrule(reading.recurrence, context.hours) if reading.recurrence else None,
        "choice": list(reading.choice) if reading.choice is not None else None,
        "ambiguities": [[a.code, a.chosen, a.other] for a in reading.ambiguities],
    }


def _locale(zone: str | None) -> str:
    """Give the order of numbers in a date where nothing else tells: month first without a zone."""
    return "en-GB" if zone and zone.startswith(_EUROPE) else "en-US"


def context_of(line: Mapping[str, Any]) -> Context:
    """Make the context of an input line; without a reference the present moment counts."""
    reference = datetime.fromisoformat(line["reference"]) if line.get("reference") else None
    now = int(reference.timestamp() if reference else time.time())
    zone = line.get("zone") or _fixed_zone(reference)
    proposal = line.get("proposal")
    return Context(
        now=now,
        zone=zone,
        locale=line.get("locale") or _locale(line.get("zone")),
        names=tuple(KnownPerson(n, n) for n in line.get("people") or ()),
        proposal_starts=None if proposal is None else tuple(_start(p, zone) for p in proposal),
    )


def _fixed_zone(reference: datetime | None) -> str:
    offset = reference.utcoffset() if reference is not None else None
    hours = int(offset.total_seconds() // 3600) if offset is not None else 0
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _start(text: str, zone: str) -> int:
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=zone_of(zone))).timestamp())


def run_jsonl(lines: Iterable[str]) -> Iterator[str]:
    """Read input lines (id, text, reference?, zone?, proposal?, people?) and give output lines."""
    for raw in lines:
        if not raw.strip():
            continue
        line = json.loads(raw)
        context = context_of(line)
        started = time.perf_counter()
        reading = read(line["text"], context)
        spent = 1000 * (time.perf_counter() - started)
        out = {"id": line.get("id"), **as_line(reading, context), "ms": round(spent, 3)}
        yield json.dumps(out, ensure_ascii=False)


def say_windows(windows: Iterable[tuple[int, int]], zone: str) -> str:
    """Give windows as "Tue 27 Oct 2026 14:00-18:00", in words that read back."""
    out = []
    for start, end in windows:
        first, last = (datetime.fromtimestamp(t, zone_of(zone)) for t in (start, end))
        minutes = (first.hour * 60 + first.minute, last.hour * 60 + last.minute)
        day = say_day(first.date())
        out.append(f"{day} {say_minute(minutes[0])}-{say_minute(minutes[1])}")
    return "; ".join(out)


def explain(reading: Reading, context: Context) -> str:
    """Give a reading in plain words, one line per part."""
    lines = [f"{reading.intent} ({reading.reason})"]
    if reading.people:
        said = ", ".join(_person(p.text, p.candidates) for p in reading.people)
        lines.append(f"people: {said}{_from(reading.text, (p.span for p in reading.people))}")
    if reading.duration_minutes:
        lines.append(f"length: {reading.duration_minutes} min")
    for label, constraint in (("time", reading.time), ("meeting", reading.move_from)):
        if constraint is not None:
            found = resolve(constraint, context)
            shown = say_windows(found.windows[:_SHOWN], context.zone) or "none ahead"
            more = "; ..." if len(found.windows) > _SHOWN else ""
            lines.append(f"{label}: {shown}{more}{_from(reading.text, constraint.origin)}")
    if reading.recurrence is not None:
        series = rrule(reading.recurrence, context.hours)
        lines.append(f"series: {series}{_from(reading.text, reading.origin)}")
    if reading.choice is not None:
        lines.append("choice: " + (", ".join(str(i + 1) for i in reading.choice) or "none"))
    lines += [f"preference: {p.kind}" for p in reading.preferences]
    lines += [f"unsure: {a.chosen}, or {a.other} ({a.code})" for a in reading.ambiguities]
    return "\n".join(lines)


def _from(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Give the words that a part was understood from: `, from “next Friday”, “not before 3”`."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        beside = joined and not text[joined[-1][1] : first].strip()
        joined.append((joined.pop()[0] if beside else first, last))
    words = dict.fromkeys(text[first:last].strip() for first, last in joined)
    quoted = ", ".join(f"\u201c{piece}\u201d" for piece in words if piece)
    return f", from {quoted}" if quoted else ""


def _moment(at: int, zone: str) -> str:
    here = datetime.fromtimestamp(at, zone_of(zone))
    return f"{say_day(here.date())} {say_minute(here.hour * 60 + here.minute)}".removesuffix(
        " 00:00"
    )


def _meant(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return " | ".join(_meant(v) for v in value[:_SHOWN]) + (
            " ..." if len(value) > _SHOWN else ""
        )
    if not isinstance(value, dict):
        return str(value)
    match value["kind"]:
        case "instant":
            return f"at {value['start']}"
        case "window":
            return f"{value['start'] or 'now'} to {value['end'] or 'any day'}"
        case "duration":
            return f"{value['minutes']} min"
        case _:
            return str(value["rrule"])


def meaning(text: str, context: Context) -> str:
    """Give the stated time of a phrase in plain words."""
    reading = read(text, context)
    if reading.duration is not None:
        return f"{reading.duration[0]}-{reading.duration[1]} min"
    return _meant(_result(reading, context, lambda at: _moment(at, context.zone)))


def _person(text: str, candidates: tuple[str, ...]) -> str:
    return text if len(candidates) < 2 else f"{text} ({len(candidates)} people)"
