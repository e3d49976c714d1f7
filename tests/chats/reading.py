"""What a person reads of a message in each chat, taken from what went over the wire.

A reading is a text, a card's lines from top to bottom, its inputs and its buttons; ids of the
chat are left out. What chats force to be different is made equal here and nowhere else:

- Lines: empty ones, spaces at an end, and joiners that nobody sees, are left out; a line of a text
  may stand in a block of its own. A value stands behind its name, the detail of a time and the
  cells of a row behind a bar, whatever the chat draws between them.
- A bar that shows how far something is counts as no line: the local chat draws it without words.
- A hint under an input counts as part of the input. Slack shows short ones inside of it.
- Buttons are one row, however many rows the chat makes of them.
- A mention is the name of who is mentioned: Slack and Teams only draw it otherwise.
- What Slack keeps behind a button (a form with a secret) is read as if it stood in the message;
  the media press that button.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.card import Action, Card, Input, InputKind, Text
from bot.message import Outgoing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Json = dict[str, Any]

JOINER = "\u2060"
MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
BAR = re.compile(r"(?:[█░]+ )?\d+ of \d+")
OPENS, LINK, ENTRY, MARK, SEVERAL = "form|", "url|", "in|", "=", "[]"  # on the wire
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")  # CommonMark 2.4
KINDS = {
    "plain_text_input": InputKind.TEXT,
    "number_input": InputKind.NUMBER,
    "timepicker": InputKind.TIME,
    "static_select": InputKind.CHOICE,
    "multi_static_select": InputKind.CHOICES,
    "Input.Text": InputKind.TEXT,
    "Input.Number": InputKind.NUMBER,
    "Input.Time": InputKind.TIME,
}


@dataclass(slots=True)
class Sheet:
    """What stands on a screen, before text and card are told apart; `heads` are titles, `names`
    those of the members of a workspace by their id.
    """

    lines: list[str] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    inputs: list[Input] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str, *, head: bool = False) -> None:
        for line in text.replace(JOINER, "").splitlines():
            if line.strip():
                if head:
                    self.heads.add(len(self.lines))
                self.lines.append(line.rstrip())

    def under(self, text: str) -> Outgoing:
        """Return the message that begins with this text; it is what notifications show."""
        said = text.replace(JOINER, "")
        begun = self._begun(said)
        if begun and said.endswith("…"):
            said = "\n".join(self.lines[:begun])  # notifications show the beginning alone
        return self._as_message(said, self.lines[begun:])

    def whole(self) -> Outgoing:
        """Return a form, whose first line is as good as a text of it."""
        return self._as_message(self.lines[0] if self.lines else "…", self.lines)

    def _as_message(self, text: str, lines: Sequence[str]) -> Outgoing:
        card = Card("", tuple(map(Text, lines)), tuple(self.inputs), tuple(self.actions))
        return Outgoing(text, None if card == Card() else card)

    def _begun(self, text: str) -> int:
        """Return how many lines the text takes: none where a title says the same."""
        wanted, had = squeezed(text), ""
        for number, line in enumerate(self.lines):
            if number in self.heads:
                break
            had += squeezed(line)
            if had == wanted or (text.endswith("…") and had.startswith(wanted[:-1])):
                return number + 1
        first = squeezed(self.lines[0]) if self.lines else ""
        assert first == wanted, f"the notification says {text!r}, the message {self.lines}"
        return 0


def squeezed(text: str) -> str:
    return "".join(text.split())


def lines_of(message: Outgoing) -> list[str]:
    """Return the lines of a reading, its text included."""
    parts = message.card.parts if message.card else ()
    return [message.text, *(part.text for part in parts if isinstance(part, Text))]


def _action(action_id: str, label: str, url: str) -> Action:
    """Return a button; one that opens a page does nothing else, whatever its id."""
    return Action(LINK if url else action_id, label, url=url)


def barred(cells: Iterable[str]) -> str:
    return " | ".join(cells)


# --- the local chat ---------------------------------------------------------------------------


def of_local(message: Json) -> Outgoing:
    """Read a message of the local chat's JSON API."""
    sheet, card = Sheet(), message["card"]
    if card is None:
        return Outgoing(message["text"])
    sheet.say(card["title"] or "", head=True)
    for part in card["parts"]:
        _local_part(sheet, part)
    for entry in card["inputs"]:
        kind, value = InputKind(entry["kind"]), entry["value"]
        options = tuple((o["value"], o["label"]) for o in entry["options"])
        entered = value if isinstance(value, str) else "\n".join(value)
        sheet.inputs.append(Input(entry["name"], entry["label"], kind, entered, options))
    for action in card["actions"]:
        sheet.actions.append(_action(action["id"], action["label"], action.get("url", "")))
    made = Card("", tuple(map(Text, sheet.lines)), tuple(sheet.inputs), tuple(sheet.actions))
    return Outgoing(message["text"], made)


def _local_part(sheet: Sheet, part: Json) -> None:
    match part["type"]:
        case "text" | "note":
            sheet.say(part["text"])
        case "fields":
            for entry in part["fields"]:
                sheet.say(f"{entry['name']}: {entry['value']}")
        case "times":
            for entry in part["times"]:
                sheet.say(barred(t for t in (entry["text"], entry["detail"]) if t))
        case "table":
            for row in (part["columns"], *part["rows"]):
                sheet.say(barred(row))


# --- Teams ------------------------------------------------------------------------------------


def of_teams(activity: Json) -> Outgoing:
    """Read a message activity."""
    attachments = activity.get("attachments")
    if not attachments:
        assert activity["textFormat"] == "plain"
        return Outgoing(activity["text"].replace(JOINER, ""))
    (attachment,) = attachments
    return of_adaptive(attachment["content"], activity["summary"])


def of_adaptive(card: Json, text: str = "") -> Outgoing:
    """Read an Adaptive Card; without a text its first line is the message's."""
    sheet = adaptive_sheet(card)
    return sheet.under(text or (sheet.lines[0] if sheet.lines else ""))


def adaptive_sheet(card: Json) -> Sheet:
    sheet = Sheet()
    for element in card["body"]:
        plain = {"text": named(card, element["text"])} if element["type"] == "TextBlock" else {}
        _element(sheet, {**element, **plain})
    for action in card.get("actions", ()):
        sheet.actions.append(_teams_action(action))
    return sheet


def _element(sheet: Sheet, element: Json) -> None:
    match element["type"]:
        case "TextBlock":
            sheet.say(rendered(element["text"]), head=element.get("style") == "heading")
        case "RichTextBlock":
            line = _runs(element["inlines"])
            hint = bool(sheet.inputs) and element["inlines"][0].get("isSubtle")
            if not hint and not BAR.fullmatch(line):
                sheet.say(line)
        case "FactSet":
            for fact in element["facts"]:
                sheet.say(f"{rendered(fact['title'])}: {rendered(fact['value'])}")
        case "Table":
            for row in element["rows"]:
                sheet.say(barred(map(_cell, row["cells"])))
        case "ActionSet":
            sheet.actions += map(_teams_action, element["actions"])
        case _:
            sheet.inputs.append(teams_input(element))


def rendered(text: str) -> str:
    """Return what a reader of Markdown shows of a text that is escaped."""
    return ESCAPED.sub(r"\1", text)


def named(card: Json, text: str) -> str:
    """Return a text with the names of whom the card mentions."""
    for entity in card.get("msteams", {}).get("entities", ()):
        text = text.replace(entity["text"], entity["mentioned"]["name"])
    return text


def _runs(runs: Sequence[Json]) -> str:
    return barred(run["text"].strip() for run in runs)


def _cell(cell: Json) -> str:
    return " ".join(_runs(item["inlines"]) for item in cell["items"])


def _teams_action(action: Json) -> Action:
    verb = action.get("verb") or action.get("data", {}).get("verb", "")
    return _action(verb, action["title"], action.get("url", ""))


def teams_input(element: Json) -> Input:
    name, several = element["id"].removesuffix(SEVERAL), element.get("isMultiSelect", False)
    value = str(element.get("value", ""))
    if element["type"] != "Input.ChoiceSet":
        return Input(name, element["label"], KINDS[element["type"]], value)
    options = tuple((c["value"], c["title"].replace(JOINER, "")) for c in element["choices"])
    kind = InputKind.CHOICES if several else InputKind.CHOICE
    entered = "\n".join(value.split(",")) if several else value
    return Input(name, element["label"], kind, entered, options)


# --- Slack ------------------------------------------------------------------------------------


def of_slack(message: Json, names: Mapping[str, str] | None = None) -> Outgoing:
    """Read a message of Slack; `names` are those of the workspace's members by their id."""
    return slack_sheet(message["blocks"], names).under(html.unescape(message["text"]))


def of_modal(view: Json) -> Outgoing:
    """Read a modal: its title, unless the whole one stands below, and its own button first."""
    sheet = slack_sheet(view["blocks"])
    title = view["title"]["text"]
    if not sheet.heads and title != "Tandem":
        sheet.lines.insert(0, title)
    if "submit" in view:
        sheet.actions.insert(0, Action(view["callback_id"], view["submit"]["text"]))
    parts = tuple(map(Text, (line for line in sheet.lines if line != "…")))
    return Outgoing(title, Card("", parts, tuple(sheet.inputs), tuple(sheet.actions)))


def slack_sheet(blocks: Sequence[Json], names: Mapping[str, str] | None = None) -> Sheet:
    sheet = Sheet(names=names or {})
    for block in blocks:
        _block(sheet, block)
    return sheet


def _block(sheet: Sheet, block: Json) -> None:
    match block["type"]:
        case "header":
            sheet.say(block["text"]["text"], head=True)
        case "section":
            _section(sheet, block)
        case "context":
            for element in block["elements"]:
                sheet.say(element["text"])
        case "table":
            for row in block["rows"]:
                sheet.say(barred(cell["text"] for cell in row))
        case "input":
            sheet.inputs.append(slack_input(block))
        case "actions":
            sheet.actions += [
                _action(e["action_id"], e["text"]["text"], e.get("url", ""))
                for e in block["elements"]
            ]


def _section(sheet: Sheet, block: Json) -> None:
    for entry in block.get("fields", ()):
        name, _, value = entry["text"].partition("\n")
        sheet.say(f"{marked(name)}: {marked(value)}")
    shown = block.get("text", {"type": "", "text": ""})
    if MENTION.search(shown["text"]) and shown["type"] == "mrkdwn":
        sheet.say(marked(MENTION.sub(lambda found: sheet.names[found[1]], shown["text"])))
    elif shown["type"] == "mrkdwn":
        _entries(sheet, shown["text"])
    elif not BAR.fullmatch(shown["text"]):
        sheet.say(shown["text"])


def marked(text: str) -> str:
    """Return what a reader of mrkdwn shows: bold marks that stand alone, and entities undone."""
    plain = re.sub(rf"(?<!{JOINER})\*(?!{JOINER})", "", text)
    return html.unescape(plain.replace(JOINER, ""))


def _entries(sheet: Sheet, text: str) -> None:
    """Read times and rows: a bold line, and one with details under it."""
    held: list[str] = []
    for line in text.splitlines():
        if line.startswith("*") and held:
            sheet.say(barred(held))
            held = []
        held.append(marked(line))
    sheet.say(barred(held))


def slack_input(block: Json) -> Input:
    element, name = block["element"], block["block_id"].removeprefix(ENTRY)
    kind, label = KINDS[element["type"]], block["label"]["text"]
    groups = element.get("option_groups", [{"options": element.get("options", [])}])
    options = tuple(
        (o["value"].removeprefix(MARK), o["text"]["text"]) for g in groups for o in g["options"]
    )
    one = element.get("initial_option")
    chosen = [one] if one else element.get("initial_options", [])
    value = "\n".join(o["value"].removeprefix(MARK) for o in chosen)
    value = value or element.get("initial_value", "") or element.get("initial_time", "")
    return Input(name, label, kind, value, options)
