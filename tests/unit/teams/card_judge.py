"""Judges cards by the vendor's schema of Adaptive Cards, for every test that makes one.

The schema lies beside the project, not in it: without it `why_not` says so, and tests skip.
"""

import importlib.util
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parents[4] / "shared" / "schemas" / "adaptive-card-1.6.0.json"
MOST_BYTES = 28 * 1024
MOST_BUTTONS = 6
# What came after 1.5 (adaptivecards.io/explorer) and is therefore not written.
TOO_NEW = frozenset({"metadata", "expires", "choices.data", "labelPosition", "labelWidth"})


CARD = "application/vnd.microsoft.card.adaptive"


@cache
def judged(card: str) -> tuple[str, ...]:
    """What is wrong with a card, given as JSON: many are sent more than once."""
    return () if why_not() else tuple(card_problems(json.loads(card)))


def why_not() -> str:
    """Why there is no judge, "" when there is one."""
    if not SCHEMA.exists():
        return "the schema of Adaptive Cards is not beside the project"
    return "" if importlib.util.find_spec("jsonschema") else "jsonschema is not installed"


def card_problems(card: dict[str, Any]) -> list[str]:
    """What is wrong with a card: by the schema, and by what Teams itself allows."""
    plain = _stripped(card)
    found = [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in _errors(plain)]
    if card.get("version") != "1.5":
        found.append("not written as version 1.5")
    if not card.get("fallbackText"):
        found.append("no fallback text")
    if len(json.dumps(card, ensure_ascii=False).encode()) > MOST_BYTES:
        found.append("larger than Teams takes")
    for element in objects(card):
        found += [f"{name} is newer than 1.5" for name in TOO_NEW & element.keys()]
        if len(element.get("actions", ())) > MOST_BUTTONS:
            found.append("more buttons in a row than Teams shows")
    if len(card.get("refresh", {}).get("userIds", ["one"])) not in range(1, 61):
        found.append("refresh for nobody or for too many")
    return found


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in a card, the card included."""
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from objects(part)


def texts(card: dict[str, Any]) -> list[str]:
    """Every text that a reader sees, as written."""
    return [
        element[key]
        for element in objects(card)
        for key in ("text", "title", "value", "label", "placeholder")
        if isinstance(element.get(key), str)
    ]


def _stripped(value: Any) -> Any:
    """Take out Teams' own key, which the schema does not know."""
    if isinstance(value, dict):
        return {key: _stripped(part) for key, part in value.items() if key != "msteams"}
    return [_stripped(part) for part in value] if isinstance(value, list) else value


def _errors(card: Any) -> Iterator[Any]:
    if why_not():
        return
    yield from _validator().iter_errors(card)


@cache
def _validator() -> Any:
    from jsonschema import Draft6Validator  # noqa: PLC0415  # a runtime without dev has none

    return Draft6Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
