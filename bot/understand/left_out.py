"""Who is left out: "everyone except Ben", "Ann but not Dev". It is cut from the sentence before the
rest is read, so that its "not" is never taken for one about a day.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.understand.intent import PersonMention

HINT = re.compile(
    r"\b(?:except|excepting|not|without|apart from|other than|excluding|minus|but|leave out|"
    r"leaving out)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"[\s,;(]*(?:(?<!\w)(?:except(?:ing)?(?: for)?|but not|and not|without|apart from|other than|"
    r"excluding|minus|leav(?:e|ing) out|(?<!why )(?<!if )(?<!or )not)|"
    r"(?:(?<=everyone)|(?<=everybody)|(?<=circle)|(?<=group)|(?<=mentees))\s+but)(?: with)?\s+$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s+(?:either|too|as well|this time)\b", re.IGNORECASE)
_AND = re.compile(r"(?:,|\s+(?:and|or|nor|&)\s|\s)+", re.IGNORECASE)


def cut(text: str, people: Sequence[PersonMention]) -> tuple[str, tuple[PersonMention, ...]]:
    """Return the sentence without those who are left out, and who they are."""
    out: list[PersonMention] = []
    holes: list[tuple[int, int]] = []
    for mention in sorted(people, key=lambda one: one.span):
        start, end = mention.span
        joined = holes and _AND.fullmatch(text[holes[-1][1] : start])
        found = _BEFORE.search(text[:start])
        if joined:
            holes[-1] = (holes[-1][0], end)
        elif found:
            holes.append((found.start(), end))
        else:
            continue
        out.append(mention)
    for start, end in reversed(holes):
        after = _AFTER.match(text, end)
        text = f"{text[:start]}{text[after.end() if after else end :]}"
    return text, tuple(out)
