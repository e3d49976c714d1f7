"""Inputs of a card: to Slack's input blocks, and back from the state that it sends of them.

docs.slack.dev/reference/block-kit, under blocks/input-block and block-elements. Slack takes no
empty value of a choice, so every value is written behind a mark.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.slack.escape import Json, cut, plain
from bot.card import InputKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.card import Input

ENTRY = "in|"  # begins the block id of an input; the input's name follows
ELEMENT = "entry"  # the action id of an input's element
MARK = "="  # begins each value of a choice
MOST_LABEL, MOST_HINT, MOST_PLACEHOLDER = 2000, 2000, 150
MOST_ENTERED = 3000  # characters of a text
MOST_OPTIONS, MOST_GROUPS, MOST_OPTION, MOST_VALUE = 100, 100, 75, 150
MOST_VALUES = 200
MOST_LISTED = 2000  # choices of all inputs together, so that a message stays small enough
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


def input_block(entry: Input, most: int = MOST_LISTED) -> Json:
    """Return the block of one input, with at most so many choices; one with nothing to choose
    becomes a remark.
    """
    listed = _options(entry, most)
    if entry.kind in (InputKind.CHOICE, InputKind.CHOICES) and not listed:
        text = plain(f"{entry.label}: there is nothing to choose from.", 3000)
        return {"type": "context", "elements": [text]}
    block: Json = {
        "type": "input",
        "block_id": cut(ENTRY + entry.name, 255),
        "label": plain(entry.label, MOST_LABEL),
        "optional": not entry.required,
        "element": {"action_id": ELEMENT, **_element(entry, listed)},
    }
    hint = _hint(entry, len(entry.options) - len(listed))
    return {**block, "hint": plain(hint, MOST_HINT)} if hint else block


def name_of(block: str) -> str:
    """Return the input's name from a block's id, empty when it is none of an input."""
    return block.removeprefix(ENTRY) if block.startswith(ENTRY) else ""


def values_of(state: object) -> dict[str, str]:
    """Return the values of a form from Slack's `state`; several choices stand one per line.

    An entry that was left empty is an empty text.
    """
    blocks = state.get("values") if isinstance(state, dict) else None
    found: dict[str, str] = {}
    for block, elements in list(blocks.items() if isinstance(blocks, dict) else ())[:MOST_VALUES]:
        name = name_of(str(block))
        if name and isinstance(elements, dict):
            found[name] = _entered(elements.get(ELEMENT))
    return found


def flat(value: object) -> str:
    """Return a text that any database takes: no NUL, no lone surrogate; "" for anything else."""
    text = value if isinstance(value, str) else ""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _entered(element: object) -> str:
    """Return what stands in one element."""
    if not isinstance(element, dict):
        return ""
    several = element.get("selected_options")
    if isinstance(several, list):
        return "\n".join(_chosen(option) for option in several)
    if isinstance(element.get("selected_option"), dict):
        return _chosen(element["selected_option"])
    return flat(element.get("value")) or flat(element.get("selected_time"))


def _chosen(option: object) -> str:
    value = flat(option.get("value")) if isinstance(option, dict) else ""
    return value.removeprefix(MARK)


def _element(entry: Input, listed: Sequence[tuple[str, str]]) -> Json:
    match entry.kind:
        case InputKind.TEXT:
            more = {"initial_value": cut(entry.value, MOST_ENTERED)} if entry.value else {}
            return {"type": "plain_text_input", "max_length": MOST_ENTERED, **more, **_shown(entry)}
        case InputKind.SECRET:  # Slack has no hidden entry; what was entered is never shown again
            return {"type": "plain_text_input", "max_length": MOST_ENTERED, **_shown(entry)}
        case InputKind.NUMBER:
            more = {"initial_value": entry.value} if _NUMBER.fullmatch(entry.value) else {}
            return {"type": "number_input", "is_decimal_allowed": True, **more, **_shown(entry)}
        case InputKind.TIME:
            more = {"initial_time": entry.value} if _CLOCK.fullmatch(entry.value) else {}
            return {"type": "timepicker", **more}
        case InputKind.CHOICE:
            return _select(entry, listed, [entry.value])
        case InputKind.CHOICES:
            return _select(entry, listed, entry.value.splitlines())


def _shown(entry: Input) -> Json:
    """Return the example inside an empty field; a longer one stands under it instead."""
    fits = entry.hint.strip() and len(entry.hint) <= MOST_PLACEHOLDER
    return {"placeholder": plain(entry.hint, MOST_PLACEHOLDER)} if fits else {}


def _hint(entry: Input, left: int) -> str:
    """Return what stands under an input: its hint, and what could not be listed."""
    inside = entry.kind in (InputKind.TEXT, InputKind.SECRET, InputKind.NUMBER)
    hint = "" if inside and len(entry.hint) <= MOST_PLACEHOLDER else entry.hint.strip()
    more = f"{left} more choices do not fit here." if left > 0 else ""
    return " ".join(part for part in (hint, more) if part)


def _select(entry: Input, listed: Sequence[tuple[str, str]], chosen: Sequence[str]) -> Json:
    several = entry.kind is InputKind.CHOICES
    made = [_option(value, label) for value, label in listed]
    first = [_option(value, label) for value, label in listed if value in chosen]
    kind = "multi_static_select" if several else "static_select"
    select: Json = {"type": kind, "placeholder": plain("Choose", MOST_PLACEHOLDER)}
    if len(made) <= MOST_OPTIONS:
        select["options"] = made
    else:
        select["option_groups"] = _groups(made)
    if first:
        select |= {"initial_options": first} if several else {"initial_option": first[0]}
    return select


def _options(entry: Input, most: int) -> list[tuple[str, str]]:
    """Return what can be listed, each value once; what is chosen already is never left out."""
    once: dict[str, tuple[str, str]] = {}
    for value, label in entry.options:
        if len(MARK + value) <= MOST_VALUE:
            once.setdefault(value, (value, label))
    known = list(once.values())
    chosen = set(entry.value.splitlines() or [entry.value])
    first = [option for option in known if option[0] in chosen]
    rest = [option for option in known if option[0] not in chosen]
    kept = {v for v, _ in (first + rest)[:most]}
    return [option for option in known if option[0] in kept]


def _groups(options: Sequence[Json]) -> list[Json]:
    """Return many choices in groups, which Slack wants of more than a hundred."""
    starts = range(0, len(options), MOST_OPTIONS)
    return [
        {
            "label": plain(f"{n + 1} to {min(n + MOST_OPTIONS, len(options))}", MOST_OPTION),
            "options": list(options[n : n + MOST_OPTIONS]),
        }
        for n in starts
    ]


def _option(value: str, label: str) -> Json:
    return {"text": plain(label, MOST_OPTION), "value": MARK + value}
