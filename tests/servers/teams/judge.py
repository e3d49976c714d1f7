"""Judges what is sent to and answered by the stand-in by the Bot Connector's own description.

The description lies beside the project, not in it: without it, or without a validator, `judge`
returns None.
"""

import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

SHARED = Path(__file__).resolve().parents[4] / "shared" / "schemas"
DESCRIPTION = SHARED / "botframework-channel.swagger.json"
# What Teams' roster tells beside the description's ChannelAccount
# (learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context).
MORE_OF_MEMBERS = frozenset(
    {"objectId", "email", "userPrincipalName", "tenantId", "givenName", "surname", "userRole"}
)


def why_not() -> str:
    """Why there is no judge, "" when there is one."""
    if not DESCRIPTION.exists():
        return "the vendor's description is not beside the project"
    return "" if importlib.util.find_spec("jsonschema") else "jsonschema is not installed"


@cache
def judge() -> "Judge | None":
    return None if why_not() else Judge(json.loads(DESCRIPTION.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer; bodies are parsed JSON or None."""

    method: str
    path: str
    sent: Any
    status: int
    answered: Any


@dataclass(slots=True)
class Judge:
    """Finds what the description does not allow."""

    document: Mapping[str, Any]

    def problems(self, exchange: Exchange) -> list[str]:
        operation = self._operation(exchange)
        if operation is None:
            return [f"{exchange.method} {exchange.path} does not exist"]
        found = self._sent(operation, exchange.sent)
        answers = operation["responses"]
        answer = answers.get(str(exchange.status), answers.get("default", {}))
        if exchange.answered is not None and "schema" in answer:
            found += self._errors(answer["schema"], exchange.answered)
        return found

    def _operation(self, exchange: Exchange) -> dict[str, Any] | None:
        for template, operations in self.document["paths"].items():
            pattern = re.sub(r"\{\w+\}", "[^/]+", template)
            if re.fullmatch(pattern, exchange.path):
                found: dict[str, Any] | None = operations.get(exchange.method.lower())
                return found
        return None

    def _sent(self, operation: Mapping[str, Any], body: Any) -> list[str]:
        wanted = [p for p in operation.get("parameters", ()) if p["in"] == "body"]
        if not wanted:
            return [] if body is None else ["a body where none belongs"]
        if not isinstance(body, dict):
            return ["no body"]
        return self._errors(wanted[0]["schema"], body)

    def _errors(self, schema: Mapping[str, Any], value: Any) -> list[str]:
        from jsonschema import Draft4Validator  # noqa: PLC0415  # of the dev extra alone

        whole = {"definitions": self.document["definitions"], "allOf": [schema]}
        found = [e.message[:200] for e in Draft4Validator(whole).iter_errors(value)]
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        known = self.document["definitions"].get(name, {}).get("properties")
        if known and isinstance(value, dict):
            more = MORE_OF_MEMBERS if name == "ChannelAccount" else frozenset()
            found += [f"{key} is not known" for key in value.keys() - known.keys() - more]
        return found


def parts(path: str) -> list[str]:
    """The segments of a path, as they were before they were quoted."""
    return [unquote(part) for part in path.strip("/").split("/")]
