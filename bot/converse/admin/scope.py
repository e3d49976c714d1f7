"""What a command is about: a programme named in it, the organisation, or nothing in particular."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.programme import Programme

ORGANISATION = "org"
"""How the organisation is called in action ids."""
ANYTHING = "any"

_ORG = re.compile(
    r"(?:the )?(?:whole )?(?:org|organi[sz]ation|everywhere|all programmes)(?:'s|’s)?[:,]? +(.+)",
    re.IGNORECASE,
)
_ORG_LAST = re.compile(
    r"(.+) (?:in|for|of) (?:the )?(?:whole )?(?:org|organi[sz]ation|all programmes)", re.IGNORECASE
)
_FREE = re.compile(
    r"(?:(?:set|change) )?(?:the )?(?:contacts?|help contacts|support|link|meeting link|notes|"
    r"create|new)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """A programme, the organisation, or neither when the text names none."""

    programme: Programme | None = None
    is_organisation: bool = False

    @property
    def token(self) -> str:
        """How it is written in an action's id."""
        if self.programme is not None:
            return self.programme.id
        return ORGANISATION if self.is_organisation else ANYTHING


def find(text: str, programmes: Sequence[Programme]) -> tuple[Scope, str]:
    """Return the scope that a cleaned text names, and the text without it."""
    for programme in sorted(programmes, key=lambda p: -len(p.name)):
        rest = _without(text, programme.name)
        if rest is not None:
            return Scope(programme), rest
    match = _ORG.fullmatch(text) or _ORG_LAST.fullmatch(text)
    return (Scope(is_organisation=True), match[1]) if match else (Scope(), text)


def from_token(token: str, programmes: Sequence[Programme]) -> Scope:
    """Read a scope out of an action's id; a programme that is not to be seen is none."""
    if token == ORGANISATION:
        return Scope(is_organisation=True)
    return Scope(next((p for p in programmes if p.id == token), None))


def _without(text: str, name: str) -> str | None:
    """Return the text without the programme's name, None where it is not named."""
    word = re.escape(" ".join(name.split()))
    prog = r"(?:(?:the )?(?:programme|program) )?"
    places = [
        rf"{prog}{word}(?:'s|’s)?(?:[:,]? +(?P<rest>.*))?",
        rf"(?P<before>rename|end|close|finish) {prog}{word}(?: +(?P<rest>.*))?",
        rf"(?P<before>.+? )?(?:the )?{word}(?:'s|’s) (?P<rest>.+)",
    ]
    if not _FREE.fullmatch(text):
        near = "in|for|of|on|from|to|into" if text[:4].casefold() == "add " else "in|for|of|on|from"
        places.append(rf"(?P<before>.+) (?:{near}) {prog}{word}")
    for place in places:
        match = re.fullmatch(place, text, re.IGNORECASE)
        if match:
            parts = match.groupdict()
            return " ".join(f"{parts.get('before') or ''} {parts.get('rest') or ''}".split())
    return None
