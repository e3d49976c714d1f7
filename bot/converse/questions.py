"""Questions with buttons, answered in words: "yes", "keep it", "the second one", "New York".

The buttons of a question are kept with it, so that a typed answer does what pressing would.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.converse.turn import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.state import Conversation
    from bot.converse.turn import Turn
    from bot.message import Outgoing

KIND = "choose"
YES = frozenset(
    {
        "yes",
        "y",
        "yep",
        "yeah",
        "yes please",
        "ok",
        "okay",
        "sure",
        "please do",
        "do it",
        "go ahead",
    }
)
NO = frozenset({"no", "n", "nope", "no thanks", "no thank you", "never mind", "nevermind", "stop"})
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
MINUTES = re.compile(r"(?:about |around |maybe )?(\d{1,3}) ?(?:m|mins?|minutes?)?")
LEAST = 2  # letters by which a choice can be named


def ask(turn: Turn, message: Outgoing, *, yes: str = "", no: str = "", minutes: str = "") -> Reply:
    """Show a message and keep its buttons as a question; `yes` and `no` are their actions, and
    with `minutes` a number is an answer of its own: that action with the number behind it.
    """
    data = {"options": options_of(message), "yes": yes, "no": no, "minutes": minutes}
    return Reply((message,), turn.talk.asking(KIND, data, turn.now))


def options_of(message: Outgoing) -> list[list[str]]:
    """Return the buttons of a message as they are kept: action and label."""
    return [[a.id, a.label] for a in message.card.actions] if message.card else []


def is_yes_or_no(text: str) -> bool:
    """Tell whether a text is nothing but a yes or a no, which could answer several things."""
    return _plain(text) in YES | NO


def chosen(talk: Conversation, text: str) -> str | None:
    """Return the action that a text names among those of the open question; "" for a plain no
    to a question that has no such button, None when it is no answer to it.
    """
    question = talk.question
    if question is None or not question.data.get("options"):
        return None
    word = _plain(text)
    if word in YES:
        return question.data.get("yes") or None
    if word in NO:
        return str(question.data.get("no", ""))
    number = MINUTES.fullmatch(word)
    if number and question.data.get("minutes"):
        return f"{question.data['minutes']}:{int(number[1])}"
    return _named([(str(a), str(label)) for a, label in question.data["options"]], word)


def _named(options: Sequence[tuple[str, str]], word: str) -> str | None:
    """Return the option that is named by its number or by a part of its label."""
    bare = re.sub(r"^(?:the|number|no\.?) | one$", "", word).strip()
    for index, (action, _) in enumerate(options):
        if bare in (str(index + 1), ORDINALS[index] if index < len(ORDINALS) else ""):
            return action
    pattern = re.compile(rf"(?<!\w){re.escape(bare)}(?!\w)")
    named = [a for a, label in options if len(bare) >= LEAST and pattern.search(label.casefold())]
    return named[0] if len(named) == 1 else None


def _plain(text: str) -> str:
    """Return a text in small letters, without marks around it and doubled spaces."""
    return " ".join(text.casefold().split()).strip(" .!?,\"'“”")
