"""The JSON schema in which a model answers, made from the types of a reading.

Only the keywords that every service of structured output understands are used: objects whose
fields are all required, lists, enumerations, unions and references. Bounds of numbers are said
in descriptions and checked by `wire`, because some services refuse `minimum` and `maxItems`. A
model has no way to say an instant: only what the sentence itself says, in the types of
`constraint`; the arithmetic stays with `resolve`.
"""

from __future__ import annotations

import inspect
from functools import lru_cache
from typing import Any

from bot.understand.shapes import (
    ROOT,
    TAGGED,
    Fraction,
    Listed,
    Made,
    OneOf,
    Pair,
    Quote,
    Shape,
    Truth,
    Whole,
    Words,
    fields_of,
)

NAME = "reading"

_Json = dict[str, Any]


@lru_cache(maxsize=1)
def schema() -> _Json:
    """Give the schema of a `Heard`, with one definition per type. Not to be changed."""
    definitions: dict[str, _Json] = {}
    root = _made(ROOT, definitions)
    return {**root, "$defs": definitions}


def _of(shape: Shape, into: dict[str, _Json]) -> _Json:
    """Give the schema of one shape; classes and named unions go into the definitions."""
    match shape:
        case Made(kind):
            return _reference(kind.__name__, shape, into)
        case OneOf(_, name) if name:
            return _reference(name, shape, into)
        case OneOf(members):
            return {"anyOf": [_of(member, into) for member in members]}
        case Listed(item, most):
            said = f"at most {most}"
            return {"type": "array", "items": _of(item, into), "description": said}
        case Pair(first, second):
            return _object({"first": _of(first, into), "second": _of(second, into)})
        case _:
            return _scalar(shape)


def _scalar(shape: Shape) -> _Json:
    match shape:
        case Whole(low, high):
            return {"type": "integer", "description": f"{low} to {high}"}
        case Fraction():
            return {"type": "number", "description": "0 to 1"}
        case Truth():
            return {"type": "boolean"}
        case Words(words):
            return {"type": "string", "enum": [str(word) for word in words]}
        case Quote():
            return {"type": "string", "description": "a part of the sentence, copied literally"}
        case _:
            return {"type": "null"}


def _reference(name: str, shape: Made | OneOf, into: dict[str, _Json]) -> _Json:
    """Define a type once and refer to it, so that types may contain themselves."""
    if name not in into:
        into[name] = {}
        if isinstance(shape, Made):
            into[name].update(_made(shape, into))
        else:
            into[name]["anyOf"] = [_of(member, into) for member in shape.members]
    return {"$ref": f"#/$defs/{name}"}


def _made(shape: Made, into: dict[str, _Json]) -> _Json:
    tag = {"kind": {"type": "string", "enum": [shape.kind.__name__]}}
    own = {name: _of(field, into) for name, field in fields_of(shape.kind).items()}
    said = (inspect.getdoc(shape.kind) or "").partition("\n\n")[0].replace("\n", " ")
    return {**_object({**(tag if shape.kind in TAGGED else {}), **own}), "description": said}


def _object(properties: dict[str, _Json]) -> _Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
