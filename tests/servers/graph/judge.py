"""Judges what is sent to and answered by the stand-in by Graph's own description.

The description lies beside the project, not in it: without it, or without a validator, `judge`
returns None. It lets unknown properties of an event pass, so their names are checked here.
"""

import importlib.util
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

DESCRIPTION = Path(__file__).resolve().parents[4] / "shared" / "schemas" / "graph-openapi-cut.json"
HAS_VALIDATOR = importlib.util.find_spec("jsonschema") is not None
EVENT = "microsoft.graph.event"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The properties of an event (learn.microsoft.com/graph/api/resources/event, v1.0).
EVENT_NAMES = _names(
    """
    id categories changeKey createdDateTime lastModifiedDateTime allowNewTimeProposals attendees
    body bodyPreview cancelledOccurrences end hasAttachments hideAttendees iCalUId importance
    isAllDay isCancelled isDraft isOnlineMeeting isOrganizer isReminderOn location locations
    onlineMeeting onlineMeetingProvider onlineMeetingUrl organizer originalEndTimeZone
    originalStart originalStartTimeZone recurrence reminderMinutesBeforeStart responseRequested
    responseStatus sensitivity seriesMasterId showAs start subject transactionId type uid webLink
    occurrenceId singleValueExtendedProperties multiValueExtendedProperties
    """
)
READ_ONLY = _names(
    """
    id changeKey createdDateTime lastModifiedDateTime bodyPreview hasAttachments iCalUId
    isCancelled isOrganizer onlineMeeting onlineMeetingUrl organizer responseStatus
    seriesMasterId type webLink
    """
)
# Answers that the description leaves out: an update gives the event back
# (learn.microsoft.com/graph/api/event-update).
MORE_ANSWERS = {("patch", "/me/events/{event-id}", 200): EVENT}
# Parameters that it leaves out: the window of occurrences, without which none are given
# (learn.microsoft.com/graph/api/event-list-instances).
_EDGE = {"in": "query", "required": True, "schema": {"type": "string"}}
MORE_PARAMETERS: Mapping[str, list[Mapping[str, Any]]] = {
    "/me/events/{event-id}/instances": [
        {"name": "startDateTime", **_EDGE},
        {"name": "endDateTime", **_EDGE},
    ]
}


def why_not() -> str:
    """Why there is no judge, "" when there is one."""
    if not DESCRIPTION.exists():
        return "the vendor's description is not beside the project"
    return "" if HAS_VALIDATOR else "jsonschema is not installed"


@cache
def judge() -> "Judge | None":
    if why_not():
        return None
    return Judge(json.loads(DESCRIPTION.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer; bodies are parsed JSON or None."""

    method: str
    path: str
    query: str
    sent: Any
    status: int
    answered: Any


@dataclass(slots=True)
class Judge:
    """Finds what the description does not allow."""

    document: Mapping[str, Any]
    _validators: dict[str, Any] = field(default_factory=dict)

    def complaints(self, exchange: Exchange) -> list[str]:
        """Everything that is wrong with an exchange."""
        method = exchange.method.lower()
        template = self._template(exchange.path)
        if template is None or method not in self.document["paths"][template]:
            return [f"no such request: {method} {exchange.path}"]
        operation = self.document["paths"][template][method]
        listed = [*operation.get("parameters", ()), *MORE_PARAMETERS.get(template, ())]
        found = [*self._query(listed, exchange.query), *self._sent(operation, exchange.sent)]
        if exchange.status < 400:
            found += self._answered(operation, (method, template, exchange.status), exchange)
        return [f"{method} {template}: {complaint}" for complaint in found]

    def _template(self, path: str) -> str | None:
        for template in self.document["paths"]:
            pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
            if re.fullmatch(pattern, path):
                return str(template)
        return None

    def _query(self, listed: Sequence[Mapping[str, Any]], query: str) -> list[str]:
        resolved = map(self._resolved, listed)
        known = {one["name"]: one for one in resolved if one["in"] == "query"}
        given = dict(parse_qsl(query, keep_blank_values=True))
        found = [f"{name} is missing" for name, one in known.items() if _lacks(one, given)]
        for name, value in given.items():
            if name == "$expand":
                if not re.fullmatch(
                    r"singleValueExtendedProperties\(\$filter=id eq '[^']+'\)", value
                ):
                    found.append(f"$expand={value}")
            elif name not in known:
                found.append(f"no such parameter: {name}")
            elif known[name]["schema"]["type"] == "array":
                allowed = {*known[name]["schema"]["items"]["enum"]}
                found += [f"{name}={one}" for one in value.split(",") if one not in allowed]
            elif known[name]["schema"]["type"] == "integer" and not value.isdigit():
                found.append(f"{name}={value}")
        return found

    def _sent(self, operation: Mapping[str, Any], sent: Any) -> list[str]:
        if "requestBody" not in operation:
            return [] if sent is None else ["a body where there is none"]
        name = _schema_of(operation["requestBody"])
        found = self._check(name, sent)
        if name == EVENT and isinstance(sent, dict):
            found += [f"{key} cannot be written" for key in sent if key in READ_ONLY]
        return found

    def _answered(
        self, operation: Mapping[str, Any], key: tuple[str, str, int], exchange: Exchange
    ) -> list[str]:
        if key in MORE_ANSWERS:
            return self._check(MORE_ANSWERS[key], exchange.answered)
        answer = operation["responses"].get(str(exchange.status))
        if answer is None:
            return [f"answers {exchange.status}"]
        if "content" not in answer:
            return [] if exchange.answered is None else ["an answer with a body"]
        schema = answer["content"]["application/json"]["schema"]
        if "$ref" in schema:
            return self._check(schema["$ref"].rpartition("/")[2], exchange.answered)
        item = schema["properties"]["value"]["items"]["$ref"].rpartition("/")[2]
        values = exchange.answered["value"]
        return [complaint for value in values for complaint in self._check(item, value)]

    def _check(self, name: str, value: Any) -> list[str]:
        found = [f"{e.json_path}: {e.message}" for e in self._validator(name).iter_errors(value)]
        if name == EVENT and isinstance(value, dict):
            names = {key for key in value if not key.startswith("@odata.")}
            found += [f"no such property: {key}" for key in sorted(names - EVENT_NAMES)]
        return found

    def _validator(self, name: str) -> Any:
        if name not in self._validators:
            module = importlib.import_module("jsonschema")
            schema = {
                "components": {"schemas": _nullable(self.document["components"]["schemas"])},
                "$ref": f"#/components/schemas/{name}",
            }
            self._validators[name] = module.Draft202012Validator(schema)
        return self._validators[name]

    def _resolved(self, parameter: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in parameter:
            return parameter
        found: Mapping[str, Any] = self.document["components"]["parameters"][
            parameter["$ref"].rpartition("/")[2]
        ]
        return found


def _lacks(parameter: Mapping[str, Any], given: Mapping[str, str]) -> bool:
    return bool(parameter.get("required")) and parameter["name"] not in given


def _schema_of(body: Mapping[str, Any]) -> str:
    reference: str = body["content"]["application/json"]["schema"]["$ref"]
    return unquote(reference.rpartition("/")[2])


def _nullable(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(node, list):
        return [_nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {key: _nullable(value) for key, value in node.items() if key != "nullable"}
    if node.get("nullable") is True and "type" in found:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found
