"""The wish to take turns with the early and late hours of a series, and a sentence without it."""

from __future__ import annotations

import re

_VERB = (
    r"(?:rotat(?:e|es|ing)|alternat(?:e|es|ing)|tak(?:e|es|ing) (?:it in )?turns|turns|"
    r"shar(?:e|es|ing))"
)
_HARD = r"(?:early|late|earlier|later|inconvenient|awkward|unsociable)"
_WORD = (
    rf"(?:with(?= (?:the|who|whose|{_HARD})\b)|and(?= (?:the )?{_HARD}\b)|{_HARD}|"
    r"between (?:us|both|the two of us)|for us|who|gets|has|takes|whose|turn|it|is|the|of|or|"
    r"hours?|slots?|times?|ones?|starts?|sessions?|pain|burden|fairly|evenly)"
)
_CLAUSE = re.compile(rf"\b{_VERB}(?=(?: {_WORD})* {_HARD}\b)(?: {_WORD}\b)+", re.IGNORECASE)
_LEADING = re.compile(
    r"(?:^|(?<=[\s,;]))(?:and|but|with|please|we|we'll|let's|lets)$", re.IGNORECASE
)
_LEAD = 10  # characters that the longest of these words takes, and what stands before it
_SERIES = re.compile(
    r"\b(?:every|each|(?:bi)?weekly|fortnightly|(?:bi)?monthly|daily|recurring|repeating|regular|"
    r"standing|series|twice|once)\b",
    re.IGNORECASE,
)


def takes_turns(text: str) -> bool:
    """Tell whether early and late hours are to be shared in turn."""
    return _found(text) is not None


def without_turns(text: str) -> str:
    """Return a sentence with the wish left blank, so that every word keeps its place; as it is
    when nothing else is said.
    """
    found = _found(text)
    if found is None:
        return text
    start, end = found
    rest = text[:start] + " " * (end - start) + text[end:]
    return rest if any(c.isalpha() for c in rest) else text


def _found(text: str) -> tuple[int, int] | None:
    """Return where the wish is said, beside a series; anywhere else the words mean other things."""
    even = re.sub(r"\s", " ", text.replace("’", "'"))
    found = _CLAUSE.search(even) if _SERIES.search(even) else None
    if found is None:
        return None
    start = len(even[: found.start()].rstrip(" ,;"))
    while word := _LEADING.search(even[max(0, start - _LEAD) : start]):
        start = len(even[: start - len(word[0])].rstrip(" ,;"))
    return start, found.end()
