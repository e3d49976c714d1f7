"""What comes in from a chat and what goes out to it, the same for every chat."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.card import Card
    from core.people import ChatIdentity


class Place(NamedTuple):
    """Where a message stands: the chat's kind, workspace, conversation and thread there."""

    kind: str
    workspace: str
    conversation: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did: exactly one of `text`, `action` or `file` is set.

    `values` are a form's entries (they may hold a secret: never logged, and sealed while they
    wait); `event_id` is the chat's own id of the event, empty where it has none. `private` is
    false where others read along. `zone` is where the chat says that the person is right now (an
    IANA name), empty where it does not say. `ref` is the message whose button was pressed.
    """

    who: ChatIdentity
    place: Place
    text: str = ""
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    file_name: str = ""
    file_text: str = field(default="", repr=False)
    event_id: str = ""
    private: bool = True
    zone: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody whom a text of ours names: `name` stands in it from `at` on, and `who` is who they
    are in the chats. A chat that knows them may show its own mention there; else the name stands.
    """

    at: int
    name: str
    who: tuple[ChatIdentity, ...]

    def user(self, kind: str, workspace: str) -> str:
        """Return their id in one workspace, empty where they are not known there."""
        return next((i.user for i in self.who if i[:2] == (kind, workspace)), "")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a person: a text that stands alone, and a card.

    A `subject` ("proposal:<id>") makes it editable: a later message about the same subject
    replaces it in place instead of adding another. With `instead` it is sent anew all the same,
    and the older card is left saying that. `mentions` are people of the text that a chat may
    show as its own; only sentences of ours have any, never what somebody else has written.
    """

    text: str
    card: Card | None = None
    subject: str = ""
    instead: str = ""
    mentions: tuple[Mention, ...] = ()


_NAMED = r"(?:pass(?:word|wort|code|phrase|wd)|pwd?)"
CREDENTIAL = re.compile(
    r"\b[a-z]{4}(?:-[a-z]{4}){3}\b|"  # Apple's app-specific passwords
    rf"\b{_NAMED}(?: (?:for|of|to) [^\n.,:=?!]{{1,40}}?)?\s*(?:\bis\b|:|=)|"
    rf"\b{_NAMED}\s+(?=\S*[a-z])(?=\S*\d)\S{{6,}}|"
    r"\b(?:xox[a-z]|xapp|sk|ghp|github_pat)[-_][\w-]{10,}",  # keys of well-known services
    re.IGNORECASE,
)


def holds_credential(text: str) -> bool:
    """Tell whether a text looks as if it holds a password; then no chat of ours may keep it."""
    return CREDENTIAL.search(text) is not None


CODES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")  # of terminals (ECMA-48 5.4)
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # ours, too: they stand in our own times


def readable(text: str) -> str:
    """Return a text without control characters, which hide the words around them; those that
    take no room on the screen leave none.
    """
    plain = UNSEEN.sub("", CODES.sub("", text))
    return "".join(c if c.isprintable() or c.isspace() else " " for c in plain)
