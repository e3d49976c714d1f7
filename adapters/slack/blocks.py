"""A neutral message as Block Kit: a message, a modal, and a person's page (App Home).

docs.slack.dev/reference/block-kit/blocks. Texts are `plain_text` wherever Slack takes it, escaped
elsewhere. What goes beyond Slack's limits is split where that is possible, and else left out
with a remark that says how much. A secret is never asked for in a message: its card shows a button
that opens the form.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from adapters.slack.escape import Json, cut, cut_escaped, escaped, harmless, marked, plain
from adapters.slack.inputs import MOST_LISTED, input_block
from adapters.slack.packing import packed
from bot.card import Card, Fields, InputKind, Note, Progress, Style, Table, Text, Times

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.card import Action, Input, Part
    from bot.message import Outgoing

KIND = "slack"
OPENS = "form|"  # the action id of a button that holds a form; nothing of the bot begins so
LINK = "url|"  # begins the action id of a button that only opens a page
BUTTON = "open"  # what stands on a button that opens a form, where nothing better is known

IN_MESSAGE, IN_VIEW = 50, 100  # blocks
MOST_HEADER, MOST_SECTION, MOST_FIELD, MOST_NOTE = 150, 3000, 2000, 2000
MOST_TEXT = 12_000  # characters of one text of a card
MOST_SHOWN = 30_000  # characters of everything above the buttons, as JSON
MOST_FALLBACK = 3900  # of a message's own text (docs.slack.dev/reference/methods/chat.postMessage)
FIELDS, BUTTONS, NOTES = 10, 25, 10  # in one block
MOST_ROWS, MOST_COLUMNS, MOST_CELL = 100, 20, 300
MOST_LABEL, MOST_URL, MOST_ID = 75, 3000, 255
MOST_TITLE = 24  # of a modal and its buttons
MEMBER = re.compile(r"[UW][A-Z0-9]{1,30}")  # the id of somebody in a workspace
STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}


@dataclass(slots=True)
class _Surface:
    """Where blocks are shown; Slack takes one table, and in messages only."""

    blocks: int
    tables: int = 0


def message_of(message: Outgoing, workspace: str = "") -> Json:
    """Return `text` and `blocks` of a message; the text is what notifications show.

    Members of the workspace whom the text mentions are shown as such. Times stay words: our
    sentences name weekday, date, time and zone, and Slack's own dates follow the clock of the
    reader's machine, which may contradict the zone that is named beside them.
    """
    title = message.card.title if message.card else ""
    fallback = cut_escaped(message.text.strip() or title or "…", MOST_FALLBACK, harmless)
    if message.card is None:
        shown = _fitted(_opening(message, workspace), [], IN_MESSAGE)
        return {"text": fallback, "blocks": shown}
    said = message.text.strip() != title.strip()
    opening = _opening(message, workspace) if said else []
    surface = _Surface(IN_MESSAGE, tables=1)
    return {"text": fallback, "blocks": _blocks(_kept_private(message.card), surface, opening)}


def home_of(card: Card) -> Json:
    """Return a person's page."""
    return {"type": "home", "blocks": _blocks(_kept_private(card), _Surface(IN_VIEW))}


def modal_of(form: Card, about: Mapping[str, str] | None = None) -> Json:
    """Return a form as a modal: its first own button sends it, the others stand inside.

    `about` comes back with it (`private_metadata`).
    """
    own = [action for action in form.actions if not action.url]
    submit = next((a for a in own if a.style is Style.PRIMARY), own[0] if own else None)
    inside = tuple(action for action in form.actions if action is not submit)
    inputs = form.inputs if submit else ()
    whole = "" if len(form.title) <= MOST_TITLE else form.title
    card = Card(whole, form.parts, inputs, inside)
    view: Json = {
        "type": "modal",
        "title": plain(form.title or "Tandem", MOST_TITLE),
        "close": plain("Cancel" if submit else "Close", MOST_TITLE),
        "private_metadata": json.dumps(about or {}, separators=(",", ":")),
        "blocks": _blocks(card, _Surface(IN_VIEW)),
    }
    if submit:
        view |= {"callback_id": submit.id, "submit": plain(submit.label, MOST_TITLE)}
    return view


def said_of(title: str, text: str) -> Json:
    """Return a modal that only says something."""
    return modal_of(Card(title, (Text(text),)))


# --- cards --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shown:
    """A card, and the button that opens the form of it which may not stand here."""

    card: Card
    opener: Json | None = None
    remark: str = ""


def _kept_private(card: Card) -> _Shown:
    """Return a card without its form where that asks for a secret: a button holds it."""
    if not any(entry.kind is InputKind.SECRET for entry in card.inputs):
        return _Shown(card)
    links = tuple(action for action in card.actions if action.url)
    rest = replace(card, inputs=(), actions=links)
    value = packed(card)
    if not value:
        return _Shown(rest, remark="This form is too long to be opened here.")
    named = next((a.label for a in card.actions if not a.url), "") or BUTTON.capitalize()
    button = _button_json(OPENS, f"{named}…")
    return _Shown(rest, {**button, "style": "primary", "value": value})


def _opening(message: Outgoing, workspace: str) -> list[Json]:
    """Return the blocks of a message's text, with mentions of members where it has any."""
    text, made, at = message.text, "", 0
    for mention in sorted(message.mentions, key=lambda one: one.at):
        user, end = mention.user(KIND, workspace), mention.at + len(mention.name)
        if at <= mention.at and text[mention.at : end] == mention.name and MEMBER.fullmatch(user):
            made += f"{escaped(text[at : mention.at])}<@{user}>"
            at = end
    made += escaped(text[at:])
    if not at or len(made) > MOST_SECTION:
        return list(_paragraphs(text))
    return [{"type": "section", "text": marked(made)}]


def _blocks(card: Card | _Shown, surface: _Surface, opening: Sequence[Json] = ()) -> list[Json]:
    """Return the blocks of a card under those of a text."""
    shown = card if isinstance(card, _Shown) else _Shown(card)
    body = [*opening]
    if shown.card.title.strip():
        body.append({"type": "header", "text": plain(shown.card.title, MOST_HEADER)})
    for part in shown.card.parts:
        body += _part(part, surface)
    remarks = [_note(shown.remark)] if shown.remark else []
    return _fitted(body, [*_entries(shown.card.inputs), *remarks, *_buttons(shown)], surface.blocks)


def _fitted(body: list[Json], foot: list[Json], most: int) -> list[Json]:
    """Return body and foot, the body without its end where both are too much."""
    if len(foot) > most - 1:
        foot = [*foot[: most - 2], _note(f"{len(foot) - most + 2} more do not fit here.")]
    room, chars, kept = most - len(foot), 0, 0
    for block in body:
        chars += len(json.dumps(block, ensure_ascii=False))
        if chars > MOST_SHOWN or kept == room:
            break
        kept += 1
    if kept == len(body):
        return [*body, *foot] or [_section("…")]
    kept = min(kept, room - 1)  # the remark needs a place, too
    return [*body[:kept], _note("The rest does not fit here."), *foot]


def _entries(inputs: Sequence[Input]) -> list[Json]:
    """Return the blocks of inputs, each name once: Slack tells entries apart by it."""
    once = {entry.name: entry for entry in reversed(inputs)}
    most = MOST_LISTED // max(1, sum(1 for entry in once.values() if entry.options))
    return [input_block(entry, max(20, most)) for entry in inputs if once[entry.name] is entry]


# --- parts --------------------------------------------------------------------------------------


def _section(text: str) -> Json:
    return {"type": "section", "text": plain(text, MOST_SECTION)}


def _note(text: str) -> Json:
    return {"type": "context", "elements": [plain(text, MOST_NOTE)]}


def _paragraphs(text: str) -> Iterator[Json]:
    """Give sections of a text, split where a line or a word ends."""
    left = cut(text.strip(), MOST_TEXT)
    while left:
        piece, left = _split(left, MOST_SECTION)
        yield _section(piece)


def _split(text: str, most: int) -> tuple[str, str]:
    """Return a beginning of at most `most` characters, and the rest."""
    if len(text) <= most:
        return text, ""
    found = text.rfind("\n", most // 2, most)
    at = found if found > 0 else text.rfind(" ", most // 2, most)
    at = at if at > 0 else most
    return text[:at].rstrip(), text[at:].lstrip()


def _part(part: Part, surface: _Surface) -> list[Json]:
    match part:
        case Text(text):
            return list(_paragraphs(text))
        case Note(text):
            return [_note(text)] if text.strip() else []
        case Fields(fields):
            return list(_fields(fields))
        case Times(times):
            return list(_lines([_time(t.text, t.detail) for t in times]))
        case Table():
            return _table(part, surface)
        case Progress(done, total):
            return [_section(_bar(done, total))]


def _fields(fields: Sequence[tuple[str, str]]) -> Iterator[Json]:
    """Give sections of names with values, a long value in one of its own."""
    for at in range(0, len(fields), FIELDS):
        made = [
            marked(f"*{cut_escaped(name, 200) or '…'}*\n{cut_escaped(value, 1500)}")
            for name, value in fields[at : at + FIELDS]
        ]
        yield {"type": "section", "fields": made}


def _time(text: str, detail: str) -> str:
    shown = f"*{cut_escaped(text, 500)}*" if text.strip() else ""
    return f"{shown}\n{cut_escaped(detail, 1000)}" if detail.strip() else shown or "…"


def _lines(entries: Sequence[str]) -> Iterator[Json]:
    """Give as few sections as hold all entries; they are escaped already."""
    held: list[str] = []
    for entry in entries:
        if held and len("\n".join([*held, entry])) > MOST_SECTION:
            yield {"type": "section", "text": marked("\n".join(held))}
            held = []
        held.append(entry)
    if held:
        yield {"type": "section", "text": marked("\n".join(held))}


def _bar(done: int, total: int) -> str:
    """Return how far something is, for the eye and in words."""
    filled = min(10, max(0, 10 * done // total)) if total > 0 else 0
    return f"{'█' * filled}{'░' * (10 - filled)} {done} of {total}"


# --- tables -------------------------------------------------------------------------------------


def _table(table: Table, surface: _Surface) -> list[Json]:
    """Return Slack's own table, or lines where none may stand."""
    width = max([len(table.columns), *(len(row) for row in table.rows)], default=0)
    if not width:
        return []
    if surface.tables < 1 or width > MOST_COLUMNS:
        return list(_lines([_row_line(table.columns, row) for row in table.rows])) or [
            _note("  ·  ".join(table.columns))
        ]
    surface.tables -= 1
    head = [_row(table.columns, width)] if table.columns else []
    made = _affordable([*head, *(_row(row, width) for row in table.rows)])
    left = len(table.rows) + len(head) - len(made)
    more = [_note(f"{left} more rows do not fit here.")] if left > 0 else []
    return [{"type": "table", "rows": made}, *more]


def _affordable(rows: Sequence[list[Json]]) -> list[list[Json]]:
    """Return the first rows; Slack takes a hundred, and 10,000 characters of all cells."""
    kept: list[list[Json]] = []
    chars = 0
    for row in rows[:MOST_ROWS]:
        chars += sum(len(cell["text"]) for cell in row)
        if kept and chars > 10_000:
            break
        kept.append(row)
    return kept


def _row(cells: Sequence[str], width: int) -> list[Json]:
    filled = [*cells, *[""] * (width - len(cells))]
    return [{"type": "raw_text", "text": cut(cell, MOST_CELL) or " "} for cell in filled]


def _row_line(columns: Sequence[str], row: Sequence[str]) -> str:
    """Return a row as one line: its first cell, and the others under their column's name."""
    heads = [*columns, *[""] * (len(row) - len(columns))]
    first = f"*{cut_escaped(row[0], 300)}*" if row and row[0].strip() else "…"
    rest = [
        f"{head}: {cell}" if head else cell
        for head, cell in zip(heads[1:], row[1:], strict=False)
        if cell.strip()
    ]
    return f"{first}\n{cut_escaped(' · '.join(rest), 1500)}" if rest else first


# --- buttons ------------------------------------------------------------------------------------


def _buttons(shown: _Shown) -> list[Json]:
    """Return the buttons in rows, each action once: Slack refuses an id that comes twice."""
    made = {OPENS: shown.opener} if shown.opener else {}
    too_long = 0
    for action in shown.card.actions:
        button = _button(action)
        if len(action.url) > MOST_URL or len(button["action_id"]) > MOST_ID:
            too_long += 1
        else:
            made.setdefault(button["action_id"], button)
    buttons = [button for button in made.values() if button]
    rows: list[Json] = [
        {"type": "actions", "elements": buttons[at : at + BUTTONS]}
        for at in range(0, len(buttons), BUTTONS)
    ]
    return [*rows, *([_note(f"{too_long} buttons cannot be shown here.")] if too_long else [])]


def _button(action: Action) -> Json:
    if action.url:
        # Slack tells of such a press, too; the mark says that nothing is to be done.
        return {**_button_json(cut(LINK + action.id, MOST_ID), action.label), "url": action.url}
    look = {"style": STYLES[action.style]} if action.style in STYLES else {}
    return {**_button_json(action.id, action.label), **look}


def _button_json(action_id: str, label: str) -> Json:
    text = plain(label, MOST_LABEL)
    return {"type": "button", "action_id": action_id, "text": text}
