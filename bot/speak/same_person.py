"""What is said while it is asked whether two chats have one person (Y21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card, Style
from bot.message import Outgoing
from bot.speak import people_words
from core.ids import PersonId
from core.use_cases import identify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people import Person
    from core.ports import Tx
    from core.use_cases.identify import Question


def buttons(ask_id: str) -> tuple[Action, ...]:
    """Return the two answers to a question of identity."""
    return (
        Action(f"same:{ask_id}:yes", "Yes, that is me", Style.PRIMARY),
        Action(f"same:{ask_id}:no", "No", Style.DANGER),
    )


def both_said(person: Person, asked: Question) -> str:
    """Return what is said when both sides said yes."""
    return people_words.SAME_BOTH.format(
        name=person.first_name,
        chat=people_words.chat(asked.newcomer.kind),
        other=people_words.chat(asked.other),
    )


def told(person: Person, asked: Question, subject: str) -> Outgoing:
    """Return what the known person is told after their answer."""
    chat = people_words.chat(asked.newcomer.kind)
    text = people_words.SAME_YES.format(other=chat)
    if asked.here and asked.there:
        text = both_said(person, asked)
    elif asked.is_over:
        text = people_words.SAME_NO.format(chat=chat)
    return Outgoing(text, None, subject)


def same_person(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Ask the known person whether it was they who wrote elsewhere."""
    subject = f"same:{facts['ask']}"
    asked = identify.question(tx, me.org_id, facts["ask"])
    if asked.there is not None or asked.is_over:
        return told(me, asked, subject)
    chat = people_words.chat(asked.newcomer.kind)
    text = people_words.SAME_THERE.format(chat=chat)
    return Outgoing(text, Card(actions=buttons(facts["ask"])), subject)


def not_same(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Tell an administrator that two people have one address."""
    name = tx.people.get(PersonId(facts["person"])).name
    return Outgoing(people_words.NOT_SAME.format(chat=people_words.chat(facts["chat"]), name=name))


def linked(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Tell an administrator that a workspace has linked itself."""
    by = tx.people.get(PersonId(facts["by"])).name
    chat = people_words.chat(facts["chat"])
    return Outgoing(people_words.LINKED.format(by=by, chat=chat, name=facts["name"]))


def workspace_gone(_tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Tell an administrator that a workspace has removed the assistant."""
    text = people_words.WORKSPACE_GONE.format(
        chat=people_words.chat(facts["chat"]), name=facts["name"]
    )
    again = people_words.INSTALL_PAGE if facts.get("page") else people_words.INSTALL_ANEW
    return Outgoing(f"{text} {again.format(page=facts.get('page', ''))}")
