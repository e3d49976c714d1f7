"""Texts of people where Teams would read markup: a card's heading, facts and choices.

Everywhere else a card shows text runs, which know no markup at all (Adaptive Cards, TextRun).
"""

from __future__ import annotations

import re

# CommonMark 2.4: a backslash before punctuation takes its meaning away. Both of the vendor's
# readers of Markdown, the one of the desktop and the one of the phones, know it for emphasis.
_MARKS = re.compile(r"([\\`*_~<])")
# What has a meaning at the start of a line only: lists, headings, quotes (CommonMark 4 and 5).
_LEADING = re.compile(r"^([^\S\n]*)(?=[-+#>]|\d{1,9}[.)])", re.MULTILINE)
_JOINER = "\u2060"  # word joiner: nothing is seen and no line is broken there


def escaped(text: str) -> str:
    """Return a text that is shown as it stands: no emphasis, link, list, mention or local time."""
    return defused(_MARKS.sub(r"\\\1", text))


def defused(text: str) -> str:
    """Return a text without links, lists and local times, for what some clients show as it stands.

    Only characters that nobody sees are added: there a backslash would be seen.
    """
    plain = _LEADING.sub(rf"\1{_JOINER}", text)
    # A link needs "](" or "][" or "]:", and a time of the reader's zone "{{" (Text Features).
    plain = re.sub(r"\](?=[(\[:])", f"]{_JOINER}", plain)
    return plain.replace("{{", f"{{{_JOINER}{{")


def cut(text: str, most: int) -> str:
    """Return at most `most` characters of a text, with a sign where some were left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
