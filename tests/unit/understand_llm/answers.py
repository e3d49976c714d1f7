"""Answers as a model gives them, and JSON drawn from the schema itself."""

from typing import Any

from hypothesis import strategies as st

from bot.understand.schema import schema

SENTENCE = "Would Priya and Tom be up for a natter on Thursday after lunch, maybe the 15th of May?"


def answer(intent: object = "book", **more: Any) -> dict[str, Any]:
    """Return a whole answer with nothing in it but an intent and what is given."""
    confidence = more.pop("confidence", 0.9)
    nothing = {"time": None, "move_from": None, "duration_minutes": None, "recurrence": None}
    reading = {"intent": intent, "people": [], **nothing, **more}
    return {"reading": reading, "confidence": confidence}


def person(text: str, *, optional: bool = False) -> dict[str, Any]:
    return {"text": text, "optional": optional}


def weekday(*days: int, which: str = "bare") -> dict[str, Any]:
    return {"kind": "Weekday", "days": list(days), "which": which}


def day(number: int, month: int | None = None, year: int | None = None) -> dict[str, Any]:
    return {"kind": "Day", "day": number, "month": month, "year": year, "weekday": None}


def span(dates: Any = None, clock: Any = None) -> dict[str, Any]:
    return {"dates": dates, "clock": clock}


def when(*quotes: str, options: Any = (), **more: Any) -> dict[str, Any]:
    start = {"options": list(options), "exclude": [], "soft": [], "hard": True, "each": False}
    return {**start, **more, "origin": list(quotes)}


DEEP = 5
NOON = {"kind": "PartOfDay", "part": "lunch", "edge": None}
QUOTES = ("Priya", "Tom", "Thursday", "natter on", "15th")


def drawn(data: st.DataObject) -> Any:
    """Draw an answer about SENTENCE from the schema, with the bounds its descriptions say."""
    said = _Drawn(data).value(schema(), 0)
    reading = said["reading"]
    if reading["time"] is None:
        reading["recurrence"] = None  # a series needs its words
    if reading["recurrence"]:
        _shape(reading["recurrence"])
    return said


def _shape(series: dict[str, Any]) -> None:
    """Make a series of any values one that has days."""
    if series["frequency"] != "MONTHLY" or series["position"] is not None:
        series["month_day"] = None
    if series["month_day"] is not None:
        series["weekdays"] = []
    if series["frequency"] != "MONTHLY" or len(series["weekdays"]) != 1 or not series["position"]:
        series["position"] = None


class _Drawn:
    """Draws values; deep inside only members of unions that do not contain themselves."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.types = schema()["$defs"]

    def value(self, shape: dict[str, Any], depth: int) -> Any:
        if "$ref" in shape:
            return self.value(self.types[_name(shape)], depth + 1)
        if "anyOf" in shape:
            members = [m for m in shape["anyOf"] if depth < DEEP or not self.recursive(m)]
            return self.value(self.data.draw(st.sampled_from(members)), depth)
        if shape["type"] == "object":
            made = {name: self.value(part, depth) for name, part in shape["properties"].items()}
            return _short({**made, "clock": NOON} if made == span() else made)
        if shape["type"] == "array":
            quotes = "literally" in shape["items"].get("description", "")
            length = self.data.draw(st.integers(int(quotes), 2))
            return [self.value(shape["items"], depth) for _ in range(length)]
        return self.data.draw(_scalars(shape))

    def recursive(self, shape: dict[str, Any]) -> bool:
        name = _name(shape)
        return name == "Dates" or "#/$defs/Dates" in str(self.types.get(name))


LONG = {
    "workday": 366,
    "week": 100,
    "weekend": 100,
    "fortnight": 50,
    "month": 25,
    "quarter": 8,
    "year": 2,
}


def _short(made: dict[str, Any]) -> dict[str, Any]:
    """Shorten what would be longer than two years."""
    if made.get("kind") in {"Coming", "Period"}:
        return {**made, "count": min(made["count"], LONG.get(made["unit"], 366))}
    if set(made) == {"first", "second"}:
        longest = LONG.get(made["second"], 366)
        return {**made, "first": max(-longest, min(made["first"], longest))}
    return made


def _name(shape: dict[str, Any]) -> str:
    return str(shape.get("$ref", "")).rpartition("/")[2]


def _scalars(shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    if shape["type"] == "integer":
        low, high = map(int, shape["description"].split(" to "))
        return st.sampled_from([low, high]) | st.integers(low, high)
    words = st.sampled_from(shape.get("enum", QUOTES))
    others = {"number": st.floats(0, 1), "boolean": st.booleans(), "null": st.none()}
    return others.get(shape["type"], words)
