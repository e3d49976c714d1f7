"""Judges what goes to Slack: every limit of Block Kit, and the validators of Slack's own SDK."""

import re
from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block, TableBlock
from slack_sdk.models.views import View

Json = dict[str, Any]

INPUTS = {"plain_text_input", "number_input", "timepicker", "static_select", "multi_static_select"}
BLOCKS = {"header", "section", "context", "actions", "input", "table"}
MENTION = re.compile(r"^<@U[A-Z0-9]+>")
MARKUP = re.compile(r"<[^>]*>|(?<!\u2060)[_~`]|&(?!amp;|lt;|gt;)")


def check_message(message: Json) -> None:
    assert 1 <= len(message["text"]) < 4000
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", message["text"])
    assert sum(block["type"] == "table" for block in message["blocks"]) <= 1
    first, *rest = message["blocks"] or [{}]
    _check_blocks([_without_mention(first), *rest] if first else [], 50)


def _without_mention(block: Json) -> Json:
    """Return a message's first block without the one mention that it may begin with."""
    shown = block.get("text", {})
    if block["type"] != "section" or shown.get("type") != "mrkdwn":
        return block
    return {**block, "text": {**shown, "text": MENTION.sub("Somebody", shown["text"])}}


def check_view(view: Json) -> None:
    assert view["type"] in {"modal", "home"}
    assert not any(block["type"] == "table" for block in view["blocks"])
    _check_blocks(view["blocks"], 100)
    if view["type"] == "modal":
        for name in ("title", "submit", "close"):
            if name in view:
                _plain(view[name], 24)
        assert "title" in view
        assert len(view["private_metadata"]) <= 3000
        assert len(view.get("callback_id", "")) <= 255
        has_inputs = any(block["type"] == "input" for block in view["blocks"])
        assert "submit" in view or not has_inputs
    View(**view).validate_json()


def _check_blocks(blocks: list[Json], most: int) -> None:
    assert 1 <= len(blocks) <= most
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids))
    assert all(len(found) <= 255 for found in ids)
    for block in blocks:
        _block(block)
        parsed = Block.parse(block)
        assert parsed is not None, block
        if not isinstance(parsed, TableBlock):
            parsed.validate_json()
    buttons = [e["action_id"] for block in blocks for e in block.get("elements", ()) if _acts(e)]
    assert len(buttons) == len(set(buttons))


def _acts(element: Json) -> bool:
    return "action_id" in element


def _block(block: Json) -> None:
    assert block["type"] in BLOCKS
    match block["type"]:
        case "header":
            _plain(block["text"], 150)
        case "section":
            _section(block)
        case "context":
            assert 1 <= len(block["elements"]) <= 10
            for element in block["elements"]:
                _text(element, 3000)
        case "actions":
            assert 1 <= len(block["elements"]) <= 25
            for element in block["elements"]:
                _button(element)
        case "input":
            _input(block)
        case "table":
            _table(block)


def _section(block: Json) -> None:
    assert ("text" in block) != ("fields" in block)
    if "text" in block:
        _text(block["text"], 3000)
    assert len(block.get("fields", ())) <= 10
    for field in block.get("fields", ()):
        _text(field, 2000)


def _text(found: Json, most: int) -> None:
    if found["type"] == "plain_text":
        _plain(found, most)
        return
    assert found["type"] == "mrkdwn"
    assert found["verbatim"] is True
    assert 1 <= len(found["text"]) <= most
    assert not MARKUP.search(found["text"]), found["text"]


def _plain(found: Json, most: int) -> None:
    assert found["type"] == "plain_text"
    assert found["emoji"] is False
    assert found["text"].strip()
    assert len(found["text"]) <= most


def _button(found: Json) -> None:
    assert found["type"] == "button"
    _plain(found["text"], 75)
    assert 1 <= len(found["action_id"]) <= 255
    assert 1 <= len(found.get("value", "x")) <= 2000
    assert 1 <= len(found.get("url", "x")) <= 3000
    assert found.get("style") in {None, "primary", "danger"}


def _input(block: Json) -> None:
    _plain(block["label"], 2000)
    if "hint" in block:
        _plain(block["hint"], 2000)
    element = block["element"]
    assert element["type"] in INPUTS
    assert 1 <= len(element["action_id"]) <= 255
    if "placeholder" in element:
        _plain(element["placeholder"], 150)
    if element["type"].endswith("select"):
        _select(element)
    elif element["type"] == "number_input":
        assert isinstance(element["is_decimal_allowed"], bool)
    elif element["type"] == "plain_text_input":
        assert len(element.get("initial_value", "")) <= element["max_length"] <= 3000


def _select(element: Json) -> None:
    assert ("options" in element) != ("option_groups" in element)
    groups = element.get("option_groups", [])
    assert len(groups) <= 100
    for group in groups:
        _plain(group["label"], 75)
    listed = [element["options"]] if "options" in element else [g["options"] for g in groups]
    for options in listed:
        assert 1 <= len(options) <= 100
    every = [option for options in listed for option in options]
    for option in every:
        _plain(option["text"], 75)
        assert 1 <= len(option["value"]) <= 150
    values = [option["value"] for option in every]
    assert len(values) == len(set(values))
    if element["type"] == "static_select":
        assert "initial_options" not in element
        chosen = [element["initial_option"]] if "initial_option" in element else []
    else:
        assert "initial_option" not in element
        chosen = element.get("initial_options", [])
        assert chosen or "initial_options" not in element
    assert all(option in every for option in chosen)


def _table(block: Json) -> None:
    assert 1 <= len(block["rows"]) <= 100
    width = len(block["rows"][0])
    assert 1 <= width <= 20
    for row in block["rows"]:
        assert len(row) == width
        assert all(cell["type"] == "raw_text" and cell["text"] for cell in row)
    assert sum(len(cell["text"]) for row in block["rows"] for cell in row) <= 10_000


def texts(shown: object) -> Iterator[str]:
    """Give every text a person reads."""
    if isinstance(shown, dict):
        if shown.get("type") in {"plain_text", "mrkdwn", "raw_text"}:
            yield shown["text"]
        for value in shown.values():
            yield from texts(value)
    elif isinstance(shown, list):
        for value in shown:
            yield from texts(value)
