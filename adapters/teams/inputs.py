"""Inputs of a card: to the elements of Adaptive Cards, and back from what Teams sends of them.

Teams hands several choices over as one text with commas, so a choice's value is written without
any, and the name of such an input ends in brackets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from adapters.teams.escape import cut, defused
from bot.card import InputKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.card import Input

Json = dict[str, Any]

SEVERAL = "[]"
RESERVED = frozenset({"verb", "msteams"})  # of Submit data; what starts with "_" is ours, too
MOST_VALUES = 200
MOST_ENTERED = 3000  # characters of a text; a form that comes back with what is wrong has to fit
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


def input_elements(entry: Input, most: int, chars: int, *, required: bool) -> list[Json]:
    """Return the elements of one input, at most `most` choices among them, and of a text that
    stands in it at most `chars` characters.
    """
    element: Json = {"id": entry.name, "label": cut(entry.label, 300)}
    if required and entry.required:
        element |= {"isRequired": True, "errorMessage": "Please fill this in."}
    match entry.kind:
        case InputKind.TEXT | InputKind.SECRET:
            return [_text(entry, element, min(chars, MOST_ENTERED))]
        case InputKind.NUMBER:
            return [_number(entry, element)]
        case InputKind.TIME:
            return _time(entry, element)
        case InputKind.CHOICE | InputKind.CHOICES:
            return _choices(entry, element, most)


def values_of(data: Mapping[str, object]) -> dict[str, str]:
    """Return the values of a form from what Teams sent; several choices stand one per line."""
    found: dict[str, str] = {}
    for name, value in list(data.items())[:MOST_VALUES]:
        if name in RESERVED or name.startswith("_"):
            continue
        if name.endswith(SEVERAL):
            parts = flat(value).split(",")
            found[name.removesuffix(SEVERAL)] = "\n".join(_decoded(p) for p in parts if p)
        else:
            found[name] = flat(value)
    return found


def flat(value: object) -> str:
    """Return one value as a text that any database takes: no NUL, no lone surrogate."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value) if isinstance(value, str | int | float) else ""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _text(entry: Input, element: Json, most: int) -> Json:
    look: Json = {"maxLength": MOST_ENTERED}
    if entry.kind is InputKind.SECRET:
        look["style"] = "password"
    if entry.hint:
        look["placeholder"] = cut(entry.hint, 200)
    if entry.value and entry.kind is InputKind.TEXT:  # a secret is never shown again
        look["value"] = cut(entry.value, most)
    return {"type": "Input.Text", **element, **look}


def _number(entry: Input, element: Json) -> Json:
    look: Json = {"placeholder": cut(entry.hint, 200)} if entry.hint else {}
    if _NUMBER.fullmatch(entry.value):
        look["value"] = float(entry.value) if "." in entry.value else int(entry.value)
    return {"type": "Input.Number", **element, **look}


def _time(entry: Input, element: Json) -> list[Json]:
    look = {"value": entry.value} if _CLOCK.fullmatch(entry.value) else {}
    return [{"type": "Input.Time", **element, **look}, *_hint(entry)]


def _choices(entry: Input, element: Json, most: int) -> list[Json]:
    """Return a list to open for one choice, boxes to tick for several."""
    several = entry.kind is InputKind.CHOICES
    chosen = [value for value in entry.value.splitlines() if value] if several else [entry.value]
    first = [o for o in entry.options if o[0] in chosen]  # never cut what is chosen
    shown = set(first + [o for o in entry.options if o not in first][: max(0, most - len(first))])
    choices = [
        # Teams shows titles as they stand; other clients read Markdown in those of boxes.
        {
            "title": defused(cut(label, 200)) if several else cut(label, 200),
            "value": _encoded(value) if several else value,
        }
        for value, label in entry.options
        if (value, label) in shown
    ]
    look: Json = {"style": "expanded" if several else "compact", "choices": choices}
    if several:
        look |= {"isMultiSelect": True, "wrap": True}
        element = {**element, "id": entry.name + SEVERAL}
    if entry.value:
        look["value"] = ",".join(map(_encoded, chosen)) if several else entry.value
    left = len(entry.options) - len(choices)
    more = [_small(f"{left} more choices do not fit here.")] if left > 0 else []
    return [{"type": "Input.ChoiceSet", **element, **look}, *_hint(entry), *more]


def _hint(entry: Input) -> list[Json]:
    return [_small(cut(entry.hint, 300))] if entry.hint else []


def _small(text: str) -> Json:
    run = {"type": "TextRun", "text": text, "isSubtle": True, "size": "small"}
    return {"type": "RichTextBlock", "inlines": [run], "spacing": "small"}


def _encoded(value: str) -> str:
    return value.replace("%", "%25").replace(",", "%2C")


def _decoded(value: str) -> str:
    return value.replace("%2C", ",").replace("%25", "%")
