"""What stands on people's screens in a medium, and which of it they can press."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.talks.stage import Chats, Seen

if TYPE_CHECKING:
    from bot.message import Outgoing

Json = dict[str, Any]


@dataclass(slots=True)
class Item:
    """One message, or a form that a button has opened over one.

    `raw` is what the chat was sent for it, `place` where it stands; `view` is the form that a
    button of it holds.
    """

    ref: str
    place: str
    raw: Json
    reading: Outgoing
    form: bool = False
    view: Json = field(default_factory=dict)

    def has(self, action: str) -> bool:
        card = self.reading.card
        return card is not None and any(a.id == action for a in card.actions)


@dataclass(slots=True)
class Screens:
    """The screens of everybody in one medium; `chats` keeps what the players compare."""

    chats: Chats = field(default_factory=Chats)
    items: dict[str, list[Item]] = field(default_factory=dict)
    past: dict[tuple[str, str], Item] = field(default_factory=dict)

    def show(self, who: str, item: Item) -> None:
        """Add a message or a form at the end."""
        self.items.setdefault(who, []).append(item)
        self._keep(who, item, edited=False)

    def replace(self, who: str, ref: str, raw: Json, reading: Outgoing) -> None:
        """Put a word in the place of a message, which says nothing new to who has pressed it."""
        item = next(i for i in self.items[who] if i.ref == ref and not i.form)
        item.raw, item.reading = raw, reading
        name = self.chats.names.get(who, who)
        self.chats.standing[name][ref] = reading

    def edit(self, who: str, ref: str, raw: Json, reading: Outgoing) -> None:
        """Change a message in place; nobody sees that it was sent again as it was."""
        item = next(i for i in self.items[who] if i.ref == ref and not i.form)
        self.close(who, ref)
        before, item.raw, item.reading = item.reading, raw, reading
        item.view = {}
        if before != reading:
            self._keep(who, item, edited=True)

    def close(self, who: str, ref: str) -> None:
        """Take away the forms that stand over a message, or have this id."""
        kept = [i for i in self.items.get(who, []) if not (i.form and i.ref == ref)]
        self.items[who] = kept
        name = self.chats.names.get(who, who)
        self.chats.standing.get(name, {}).pop(f"{ref}#form", None)

    def tell(self, who: str, text: str, ref: str, reading: Outgoing) -> None:
        """Show what is wrong in a form, which stays open."""
        name = self.chats.names.get(who, who)
        self.chats.unread.setdefault(name, []).append(Seen(ref, reading, edited=False))
        assert text.strip()

    def find(self, who: str, action: str) -> Item | None:
        """Return the newest message or form with a button, also one that was there before."""
        here = (i for i in reversed(self.items.get(who, [])) if i.has(action))
        found = next(here, None) or self.past.get((who, action))
        if found is not None:
            self.past[who, action] = found
        return found

    def _keep(self, who: str, item: Item, *, edited: bool) -> None:
        ref = f"{item.ref}#form" if item.form else item.ref
        for action in item.reading.card.actions if item.reading.card else ():
            self.past[who, action.id] = item
        self.chats._keep(who, Seen(ref, item.reading, edited=edited, form=item.form))
