"""The neutral card: the only thing the bot shows; each chat renders it as its medium allows.

A card is a title, parts read from top to bottom, inputs, and actions. An action's id says
everything that is needed to act ("accept:<proposal>:<start>"), so that a card works after a
restart and in every chat. Texts are plain text; nothing in them is markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Style(StrEnum):
    """How an action looks."""

    DEFAULT = "default"
    PRIMARY = "primary"
    DANGER = "danger"


class InputKind(StrEnum):
    """What a person can enter."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105  # a kind of input
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {"type": "text", "text": self.text}


@dataclass(frozen=True, slots=True)
class Note:
    """A quiet remark."""

    text: str

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {"type": "note", "text": self.text}


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with values."""

    fields: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {
            "type": "fields",
            "fields": [{"name": name, "value": value} for name, value in self.fields],
        }


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One time in the reader's zone; `detail` holds the other clocks and remarks."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """A list of times."""

    times: tuple[TimeLine, ...]

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {
            "type": "times",
            "times": [{"text": t.text, "detail": t.detail} for t in self.times],
        }


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column heads."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {
            "type": "table",
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something has come."""

    done: int
    total: int

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {"type": "progress", "done": self.done, "total": self.total}


Part = Text | Note | Fields | Times | Table | Progress


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to enter. `options` are (value, label) pairs of a choice.

    The value of `CHOICES` is several values, one per line.
    """

    name: str
    label: str
    kind: InputKind
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form."""
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind.value,
            "value": self.value.splitlines() if self.kind is InputKind.CHOICES else self.value,
            "options": [{"value": value, "label": label} for value, label in self.options],
            "hint": self.hint,
            "required": self.required,
        }


@dataclass(frozen=True, slots=True)
class Action:
    """A button. `id` is `verb[:argument...]`, at most 255 characters.

    With a `url` (https, or http on this machine) it opens that page instead of acting here.
    """

    id: str
    label: str
    style: Style = Style.DEFAULT
    url: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form; `url` only where there is one."""
        plain = {"id": self.id, "label": self.label, "style": self.style.value}
        return {**plain, "url": self.url} if self.url else plain


@dataclass(frozen=True, slots=True)
class Card:
    """What stands under a message."""

    title: str = ""
    parts: tuple[Part, ...] = ()
    inputs: tuple[Input, ...] = ()
    actions: tuple[Action, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return its JSON form, as the local chat's API documents it."""
        return {
            "title": self.title or None,
            "parts": [part.as_json() for part in self.parts],
            "inputs": [entry.as_json() for entry in self.inputs],
            "actions": [action.as_json() for action in self.actions],
        }
