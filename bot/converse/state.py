"""What the bot and one person are talking about, kept over restarts (Y23).

One open question at a time, forgotten after 30 minutes; the form is versioned, so that after an
upgrade the bot asks again instead of failing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.message import Place
    from core.people import ChatIdentity

VERSION = 1
PATIENCE = 30 * 60


@dataclass(frozen=True, slots=True)
class Question:
    """Something the bot asked. `kind` names the handler that takes the answer."""

    kind: str
    data: Mapping[str, Any]
    asked_at: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of one conversation: an open question, and what was last talked about.

    `topic` holds JSON-able facts ("partner", "proposal", "programme", "draft") that shorten
    later sentences: "7am tomorrow?" after "book with Alex".
    """

    question: Question | None = None
    topic: Mapping[str, Any] = field(default_factory=dict)

    def about(self, **facts: Any) -> Conversation:
        """Return the conversation with these facts added, and no open question."""
        return Conversation(None, {**self.topic, **facts})

    def asking(self, kind: str, data: Mapping[str, Any], now: int) -> Conversation:
        """Return the conversation with a question open."""
        return Conversation(Question(kind, dict(data), now), self.topic)

    def answered(self) -> Conversation:
        """Return the conversation without an open question."""
        return Conversation(None, self.topic)

    def as_json(self) -> dict[str, Any]:
        """Return the form in which it is stored."""
        question = self.question
        return {
            "version": VERSION,
            "question": question
            and {"kind": question.kind, "data": dict(question.data), "at": question.asked_at},
            "topic": dict(self.topic),
        }


def from_json(data: Mapping[str, Any] | None, now: int) -> Conversation:
    """Read a stored conversation; another version or an old question counts as none."""
    if not data or data.get("version") != VERSION:
        return Conversation()
    asked = data.get("question")
    question = None
    if asked and now - asked["at"] <= PATIENCE:
        question = Question(asked["kind"], asked["data"], asked["at"])
    return Conversation(question, data.get("topic") or {})


def key_of(place: Place, who: ChatIdentity) -> str:
    """Return the key of a conversation: chat, workspace, place, thread and person."""
    return f"{place.kind}|{place.workspace}|{place.conversation}|{place.thread}|{who.user}"
