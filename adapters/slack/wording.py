"""What somebody wrote in Slack, as plain words: its marks of links, channels and people undone.

docs.slack.dev/messaging/formatting-message-text, "retrieving formatted messages". Mentions of
people stay, without the name in them: `<@U123>`.
"""

from __future__ import annotations

import re

from adapters.slack.inputs import flat
from bot.message import readable

MOST_TEXT = 20_000
UPLOAD = "upload page"
CALLED = "hello"  # what our name alone says
_MARKED = re.compile(r"<([^<>]*)>")
_PERSON = re.compile(r"@([A-Z0-9]{2,32})")
_SPACES = re.compile(r"[^\S\n]+")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile(r"&(?:lt|gt|amp);")


def words_of(text: object, us: str = "") -> str:
    """Return what was said, without mentions of `us`, our own user id."""
    raw = flat(text)[: 2 * MOST_TEXT]
    pieces: list[str] = []
    at = 0
    for mark in _MARKED.finditer(raw):
        pieces += [_typed(raw[at : mark.start()]), _meant(mark[1], us)]
        at = mark.end()
    pieces.append(_typed(raw[at:]))
    lines = _SPACES.sub(" ", readable("".join(pieces))).splitlines()
    return "\n".join(line.strip() for line in lines).strip()[:MOST_TEXT]


def first_mentioned(text: object) -> str:
    """Return the user whom a text mentions first, empty for none."""
    found = re.search(r"<@([A-Z0-9]{2,32})(?:\|[^<>]*)?>", flat(text)[:MOST_TEXT])
    return found[1] if found else ""


def handed_in(files: object, text: str) -> str:
    """Return what a message with files says: one without words, or with a list of people, asks
    for the page that takes files, because we ask Slack for no right to read any.
    """
    found = [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    lists = any(flat(file.get("name")).lower().endswith(".csv") for file in found)
    return UPLOAD if found and (lists or not text) else text


def _typed(text: str) -> str:
    """Return typed text; what looks like a mention there was none for Slack."""
    plain = _ENTITY.sub(lambda found: _ENTITIES[found[0]], text)
    return plain.replace("<@", "< @")


def _meant(mark: str, us: str) -> str:
    """Return what stands for one mark: "@U1|name", "#C1|name", "!here", "https://…|label"."""
    target, _, label = mark.partition("|")
    person = _PERSON.fullmatch(target)
    if person:
        return " " if person[1] == us else f"<@{person[1]}>"
    if target.startswith("!date^"):
        return _typed(label)
    if target.startswith("!"):
        return f"@{_typed(label).lstrip('@') or target[1:].partition('^')[0]}"
    if target.startswith("#"):
        return f"#{_typed(label) or target[1:]}"
    return _typed(target.removeprefix("mailto:"))
