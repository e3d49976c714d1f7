"""The schema is that of the types, and says nothing that some service does not understand."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from bot.understand.constraint import TimeConstraint
from bot.understand.intent import Intent, PersonMention, Reading
from bot.understand.schema import schema
from bot.understand.shapes import ASKED, MODEL_INTENTS

UNDERSTOOD = {
    "type", "properties", "required", "additionalProperties", "enum", "items", "anyOf", "$ref",
    "description",
}  # fmt: skip
# Positions, ids and what the rules work out; nobody else may fill these in.
OURS = {
    Reading: {
        "reason", "text", "duration", "shift_minutes", "choice", "preferences", "series_end",
        "whole", "without", "zone", "provider", "ambiguities", "origin",
    },
    PersonMention: {"span", "candidates", "relation", "everyone"},
    TimeConstraint: {"duration_minutes", "duration", "recurrence", "zone", "ambiguities"},
}  # fmt: skip


def nodes(shape: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself first."""
    yield shape
    inner = [*shape.get("properties", {}).values(), *shape.get("anyOf", ())]
    for part in [*inner, *([shape["items"]] if "items" in shape else [])]:
        yield from nodes(part)


def everything() -> list[dict[str, Any]]:
    root = dict(schema())
    definitions = root.pop("$defs")
    return [node for part in (root, *definitions.values()) for node in nodes(part)]


def test_only_keywords_that_every_service_understands() -> None:
    assert {key for node in everything() for key in node} == UNDERSTOOD


def test_objects_are_closed_and_whole() -> None:
    objects = [node for node in everything() if node.get("type") == "object"]
    assert len(objects) > 20
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])


def test_a_reference_stands_alone_and_leads_somewhere() -> None:
    definitions = schema()["$defs"]
    references = [node for node in everything() if "$ref" in node]
    assert all(set(node) == {"$ref"} for node in references)
    assert {node["$ref"] for node in references} == {f"#/$defs/{name}" for name in definitions}


def test_every_field_is_asked_for_or_ours() -> None:
    for kind, ours in OURS.items():
        assert {field.name for field in fields(kind)} == ours | set(ASKED[kind])
        assert not ours & set(ASKED[kind])


def test_other_types_are_asked_for_as_they_are() -> None:
    defined = schema()["$defs"]
    assert list(defined["DayRange"]["properties"]) == [
        "kind", "first", "last", "first_in", "last_in",
    ]  # fmt: skip
    assert defined["At"]["properties"]["half"]["anyOf"][0]["enum"] == ["am", "pm", "24", "other"]
    assert len(defined["Dates"]["anyOf"]) == 15


def test_what_acts_at_once_cannot_be_said() -> None:
    said = schema()["$defs"]["Reading"]["properties"]["intent"]["enum"]
    assert set(said) == {str(intent) for intent in MODEL_INTENTS}
    assert not {"accept", "decline", "set_preferences", "talk_to_human", "admin"} & set(said)
    assert set(Intent) - MODEL_INTENTS == {
        Intent.ACCEPT, Intent.DECLINE, Intent.SET_PREFERENCES, Intent.TALK_TO_HUMAN, Intent.ADMIN,
    }  # fmt: skip


def test_nothing_can_hold_an_instant() -> None:
    numbers = [node["description"] for node in everything() if node.get("type") == "integer"]
    assert max(int(bounds.partition(" to ")[2]) for bounds in numbers) == 7 * 24 * 60
    free = [node for node in everything() if node.get("type") == "string" and "enum" not in node]
    assert {node["description"] for node in free} == {"a part of the sentence, copied literally"}
    assert len(free) == 2  # a name, and words about time
