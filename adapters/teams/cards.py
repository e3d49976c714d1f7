"""A neutral message as an Adaptive Card 1.5 and as a Teams message around it.

Texts go into text runs, which know no markup; the few places that read Markdown are escaped.
A button is an Action.Execute, for clients that do not know it an Action.Submit with the same
meaning. The whole message stays under the size that Teams takes; what is left out is counted.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from adapters.teams.escape import cut, escaped
from adapters.teams.inputs import input_elements
from adapters.teams.references import KIND
from bot.card import Card, Fields, Note, Progress, Style, Table, Text, Times
from bot.message import Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.card import Action, Part

Json = dict[str, Any]

VERSION = "1.5"  # what bots may use on phones, too; 1.4 brought Action.Execute and refresh
CARD_TYPE = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
REFRESH = "refresh"  # the verb of a card that asks for its newest state
MOST_BYTES = 27_000  # of a message, in UTF-8; Teams may refuse more than 28 KB
MOST_BUTTONS = 6  # in one row; Teams hides the ones after it
MOST_READERS = 60  # whose cards refresh by themselves
LEVELS = 9  # how often everything is cut in half before the last
MOST_NAME = 100
# Names that can stand in a mention as they are: there nothing can be escaped.
PLAIN_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*)*")
STYLES = {Style.PRIMARY: "positive", Style.DANGER: "destructive"}


def no_dialog(_action: str) -> bool:
    """Tell that a button opens no dialog: forms are then shown in the card's own place."""
    return False


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a card is shown: `readers` are the Teams ids ("29:…") whose card refreshes by itself.

    In a `dialog`, and for buttons that open one (`opens`), only Action.Submit is known. `form`
    is the button that opened the form which this card is. Members of the `tenant` whom the text
    mentions are shown as such.

    Times stay words: our sentences name weekday, date, time and zone, while {{DATE()}} and
    {{TIME()}} follow the reader's machine and may contradict the zone that is named beside them.
    """

    readers: tuple[str, ...] = ()
    dialog: bool = False
    form: str = ""
    opens: Callable[[str], bool] = no_dialog
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class _Caps:
    """How much is shown: characters of a text, entries of a list, buttons."""

    chars: int
    items: int
    buttons: int


PLAIN = Rendering()


def message_of(message: Outgoing, rendering: Rendering = PLAIN) -> Json:
    """Return the parts of a Teams message: text, or card with a summary for the notification."""
    if message.card is None:
        return {"textFormat": "plain", "text": cut(message.text, MOST_BYTES // 4)}
    content = card_of(message, rendering)
    attachment = {"contentType": CARD_TYPE, "content": content}
    return {"summary": cut(message.text or message.card.title, 500), "attachments": [attachment]}


def card_of(message: Outgoing, rendering: Rendering = PLAIN) -> Json:
    """Return the Adaptive Card of a message; a message without a card gets one of its text."""
    made: Json = {}
    for level in range(LEVELS + 1):
        caps = _Caps(8000 >> level, max(1, 256 >> level), max(MOST_BUTTONS, 36 >> level // 3))
        made = _rendered(message, rendering, caps)
        if size(made) <= MOST_BYTES - 2000:  # the rest of the activity needs room, too
            break
    return made


def size(content: Json) -> int:
    """Return how many bytes a card has on the wire."""
    return len(json.dumps(content, ensure_ascii=False).encode())


def with_problems(
    form: Card, problems: Mapping[str, str], values: Mapping[str, str]
) -> Card:  # fmt: skip
    """Return a form once more, with what is wrong in it and what was entered; no secrets."""
    labels = {entry.name: entry.label for entry in form.inputs}
    said = [Text(f"{labels[n]}: {p}" if n in labels else p) for n, p in problems.items()]
    entries = tuple(replace(e, value=values.get(e.name, e.value)) for e in form.inputs)
    return Card(form.title, (*said, *form.parts), entries, form.actions)


def _rendered(message: Outgoing, rendering: Rendering, caps: _Caps) -> Json:
    card = message.card or Card()
    text = message.text if message.text.strip() != card.title.strip() else ""
    body, entities = _opening(message, rendering.tenant, caps) if text else ([], [])
    if card.title:
        body.append(_heading(cut(card.title, min(caps.chars, 300)), first=not body))
    for part in card.parts[: caps.items]:
        body += _part(part, caps)
    body += _left_out(len(card.parts) - caps.items, "parts")
    hard = _must_fill(card)
    for entry in card.inputs:
        body += input_elements(entry, caps.items, caps.chars, required=hard)
    buttons, more = _buttons(card.actions, message.subject, rendering, caps)
    body += more
    content: Json = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": cut(message.text or card.title or "…", 500),
        "body": body,
    }
    if buttons:
        content["actions"] = buttons
    if entities:
        content["msteams"] = {"entities": entities}
    if message.subject and rendering.readers:
        content["refresh"] = _refresh(message.subject, rendering.readers)
    return content


def _opening(message: Outgoing, tenant: str, caps: _Caps) -> tuple[list[Json], list[Json]]:
    """Return the blocks of a message's text, and the mentions in it by Entra object id ("Format
    cards in Teams", mention support within Adaptive Cards). Only a TextBlock takes a mention.
    """
    text, made, at, entities = message.text, "", 0, []
    for mention in sorted(message.mentions, key=lambda one: one.at):
        user, end = mention.user(KIND, tenant), mention.at + len(mention.name)
        fits = at <= mention.at and text[mention.at : end] == mention.name
        if user and fits and len(mention.name) <= MOST_NAME and PLAIN_NAME.fullmatch(mention.name):
            tag = f"<at>{mention.name}</at>"
            made += escaped(text[at : mention.at]) + tag
            who = {"id": user, "name": mention.name}
            entities.append({"type": "mention", "text": tag, "mentioned": who})
            at = end
    if not entities or "\n" in text or len(text) > caps.chars:
        return _paragraphs(text, caps), []
    block = {"type": "TextBlock", "text": made + escaped(text[at:]), "wrap": True}
    return [block], entities


def _must_fill(card: Card) -> bool:
    """Tell whether clients may insist on required inputs: where no button means "no, thanks"."""
    return sum(1 for action in card.actions if not action.url) == 1


def _refresh(subject: str, readers: Sequence[str]) -> Json:
    action = {
        "type": "Action.Execute",
        "title": "Refresh",
        "verb": REFRESH,
        "data": {"_subject": subject},
    }
    return {"action": action, "userIds": list(readers[:MOST_READERS])}


# --- parts ------------------------------------------------------------------------------------


def _run(text: str, **look: object) -> Json:
    return {"type": "TextRun", "text": text, **look}


def _block(*runs: Json, **look: object) -> Json:
    return {"type": "RichTextBlock", "inlines": list(runs), **look}


def _heading(text: str, *, first: bool) -> Json:
    look = {"style": "heading", "size": "medium", "weight": "bolder", "wrap": True}
    return {"type": "TextBlock", "text": escaped(text), **look, "separator": not first}


def _paragraphs(text: str, caps: _Caps) -> list[Json]:
    """Return one block per line: not every client breaks lines within a run."""
    lines = [line for line in cut(text, caps.chars).splitlines() if line.strip()]
    return [_block(_run(line)) for line in lines]


def _note(text: str) -> Json:
    return _block(_run(text, isSubtle=True, size="small"), spacing="small")


def _left_out(count: int, what: str) -> list[Json]:
    """Say how many entries did not fit."""
    return [_note(f"{count} more {what} do not fit here.")] if count > 0 else []


def _part(part: Part, caps: _Caps) -> list[Json]:
    match part:
        case Text(text):
            return _paragraphs(text, caps)
        case Note(text):
            lines = cut(text, caps.chars).splitlines()
            return [_note(line) for line in lines if line.strip()]
        case Fields(fields):
            return _fields(fields, caps)
        case Times(times):
            made = [_time(cut(t.text, caps.chars), cut(t.detail, caps.chars)) for t in times]
            return [*made[: caps.items], *_left_out(len(made) - caps.items, "times")]
        case Table():
            return _table(part, caps)
        case Progress(done, total):
            return [_block(_run(f"{done} of {total}", weight="bolder"))]


def _fields(fields: Sequence[tuple[str, str]], caps: _Caps) -> list[Json]:
    facts = [
        {"title": escaped(cut(name, 100)), "value": escaped(cut(value, caps.chars))}
        for name, value in fields[: caps.items]
    ]
    shown = [{"type": "FactSet", "facts": facts}] if facts else []
    return [*shown, *_left_out(len(fields) - caps.items, "entries")]


def _time(text: str, detail: str) -> Json:
    more = [_run(f"  {detail}", isSubtle=True)] if detail else []
    return _block(_run(text or " ", weight="bolder"), *more, spacing="small")


def _table(table: Table, caps: _Caps) -> list[Json]:
    head = [_row(table.columns, caps, weight="bolder")] if table.columns else []
    rows = [_row(row, caps) for row in table.rows[: caps.items]]
    width = max([len(table.columns), *(len(row) for row in table.rows)], default=0)
    if not width:
        return []
    shown = {
        "type": "Table",
        "columns": [{"type": "TableColumnDefinition", "width": 1} for _ in range(width)],
        "rows": head + rows,
        "firstRowAsHeader": bool(head),
    }
    return [shown, *_left_out(len(table.rows) - caps.items, "rows")]


def _row(cells: Sequence[str], caps: _Caps, **look: object) -> Json:
    made = [
        {"type": "TableCell", "items": [_block(_run(cut(cell, caps.chars) or " ", **look))]}
        for cell in cells
    ]
    return {"type": "TableRow", "cells": made}


# --- buttons ----------------------------------------------------------------------------------


def _buttons(
    actions: Sequence[Action], subject: str, rendering: Rendering, caps: _Caps
) -> tuple[list[Json], list[Json]]:
    """Return the buttons at the foot of a card; more than one row goes into the body instead."""
    made = [_button(action, subject, rendering) for action in actions[: caps.buttons]]
    if len(actions) <= MOST_BUTTONS:
        return made, []
    rows = [made[n : n + MOST_BUTTONS] for n in range(0, len(made), MOST_BUTTONS)]
    sets = [{"type": "ActionSet", "actions": row} for row in rows]
    return [], [*sets, *_left_out(len(actions) - caps.buttons, "choices")]


def _button(action: Action, subject: str, rendering: Rendering) -> Json:
    title = cut(action.label, 100)
    if action.url:
        return {"type": "Action.OpenUrl", "title": title, "url": action.url}
    look = {"style": STYLES[action.style]} if action.style in STYLES else {}
    about = {"_subject": subject, "_form": rendering.form}
    kept = {key: value for key, value in about.items() if value}
    sent: Json = {"verb": action.id, **kept}
    submit = {"type": "Action.Submit", "title": title, **look, "data": sent}
    if rendering.dialog:
        return submit
    if rendering.opens(action.id):
        return {**submit, "data": {**sent, "msteams": {"type": "task/fetch"}}}
    execute = {"type": "Action.Execute", "title": title, **look, "verb": action.id, "data": kept}
    return {**execute, "fallback": submit}
