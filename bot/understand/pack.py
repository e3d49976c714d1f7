"""Readings and constraints as plain JSON objects and back, for storing an open conversation."""

from __future__ import annotations

import dataclasses
from enum import Enum
from typing import Any

from bot.understand import constraint, context, intent

_NAME = "is"
_VALUE = "value"
_TYPES: dict[str, type] = {
    name: found
    for module in (constraint, context, intent)
    for name, found in vars(module).items()
    if isinstance(found, type)
    and found.__module__ == module.__name__
    and (dataclasses.is_dataclass(found) or issubclass(found, Enum))
}


def dump(value: object) -> Any:
    """Give a value as JSON objects, lists and scalars; TypeError for a type that is not ours."""
    if isinstance(value, Enum):
        return {_NAME: type(value).__name__, _VALUE: value.value}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, tuple | list):
        return [dump(item) for item in value]
    if dataclasses.is_dataclass(value) and type(value).__name__ in _TYPES:
        fields = {f.name: dump(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {_NAME: type(value).__name__, **fields}
    raise TypeError(f"cannot be stored: {type(value).__name__}")


def load(data: Any) -> Any:
    """Give back what `dump` was given; ValueError for data of an unknown shape."""
    if isinstance(data, list):
        return tuple(load(item) for item in data)
    if not isinstance(data, dict):
        return data
    found = _TYPES.get(data.get(_NAME, ""))
    if found is None:
        raise ValueError(f"not a stored reading: {data.get(_NAME)!r}")
    if issubclass(found, Enum):
        return found(data[_VALUE])
    known = {f.name for f in dataclasses.fields(found)}  # type: ignore[arg-type]  # checked above
    return found(**{key: load(item) for key, item in data.items() if key in known})
