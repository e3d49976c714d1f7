"""A form inside a button: a card's title, texts, inputs and actions as the button's own value.

A message that asks for a secret shows such a button instead; pressing it opens the form as a
modal, whatever was restarted in between. What a person entered is never in it.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import TYPE_CHECKING, Any

from bot.card import Action, Card, Input, InputKind, Note, Style, Text

if TYPE_CHECKING:
    from bot.card import Part

MOST = 2000  # characters of a button's value
_UNPACKED = 64_000  # bytes that a value may hold at most


def packed(card: Card) -> str:
    """Return a card's form as one text, without its parts where they are too long for that; ""
    when it cannot be done.
    """
    for parts in (card.parts, ()):
        body = {
            "t": card.title,
            "p": [_part(part) for part in parts if isinstance(part, Text | Note)],
            "i": [_input(entry) for entry in card.inputs],
            "a": [[a.id, a.label, a.style.value] for a in card.actions if not a.url],
        }
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        found = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()
        if len(found) <= MOST:
            return found
    return ""


def unpacked(text: str) -> Card | None:
    """Return the form that a button holds; None for what is none."""
    try:
        opener = zlib.decompressobj()
        raw = opener.decompress(base64.b64decode(text, b"-_", validate=True), _UNPACKED)
        return _card(json.loads(raw))
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error, binascii.Error):
        return None
    except RecursionError:
        return None


def _card(body: dict[str, Any]) -> Card:
    parts: tuple[Part, ...] = tuple(
        Note(str(text)) if quiet else Text(str(text)) for quiet, text in body["p"]
    )
    inputs = tuple(
        Input(
            str(name),
            str(label),
            InputKind(kind),
            str(value),
            tuple((str(v), str(shown)) for v, shown in options),
            str(hint),
            bool(required),
        )
        for name, label, kind, value, options, hint, required in body["i"]
    )
    actions = tuple(Action(str(id_), str(label), Style(style)) for id_, label, style in body["a"])
    return Card(str(body["t"]), parts, inputs, actions)


def _part(part: Text | Note) -> list[Any]:
    return [int(isinstance(part, Note)), part.text]


def _input(entry: Input) -> list[Any]:
    value = "" if entry.kind is InputKind.SECRET else entry.value
    options = [list(option) for option in entry.options]
    return [entry.name, entry.label, entry.kind.value, value, options, entry.hint, entry.required]
