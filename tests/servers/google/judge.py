"""The judge of the stand-in: Google's own description of its API, shipped with Google's client.

Every request and every answer is held against it. What it does not know is written down, and the
test in which it happened fails.
"""

import importlib.util
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.servers.google import partial

Schema = Mapping[str, Any]
CHECKS: Mapping[str, Callable[[str], object]] = {
    "date-time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "int64": int,
}


@lru_cache(maxsize=1)
def document() -> Schema:
    """The description of Calendar v3 inside google-api-python-client."""
    spec = importlib.util.find_spec("googleapiclient")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "discovery_cache" / "documents"
    loaded: Schema = json.loads((folder / "calendar.v3.json").read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def methods() -> tuple[Schema, ...]:
    return tuple(
        method
        for resource in document()["resources"].values()
        for method in resource["methods"].values()
    )


@dataclass(slots=True)
class Matched:
    """A request's method in the description, and the values in its path."""

    method: Schema
    path: dict[str, str]

    @property
    def id(self) -> str:
        """The method's name without the API's."""
        return str(self.method["id"]).removeprefix("calendar.")


@dataclass(slots=True)
class Judge:
    """Holds requests and answers against the description; `violations` is what was wrong."""

    violations: list[str] = field(default_factory=list)

    def match(self, verb: str, path: str) -> Matched | None:
        """Return the method of an address under `/calendar/v3/`."""
        for method in methods():
            names = re.findall(r"{(\w+)}", method["path"])
            pattern = re.sub(r"{\w+}", "([^/]+)", method["path"])
            found = re.fullmatch(pattern, path)
            if found and method["httpMethod"] == verb:
                return Matched(method, dict(zip(names, map(unquote, found.groups()), strict=True)))
        self.violations.append(f"{verb} {path}: no such method")
        return None

    def request(self, matched: Matched, query: list[tuple[str, str]], body: Any) -> None:
        """Judge a request: its parameters, its selector of fields, and its body."""
        method, where = matched.method, matched.id
        known = {**document()["parameters"], **method.get("parameters", {})}
        seen: set[str] = set(matched.path)
        for name, value in query:
            if name not in known or known[name]["location"] != "query":
                self._say(where, f"unknown parameter {name}")
                continue
            if name in seen and not known[name].get("repeated"):
                self._say(where, f"{name} is given twice")
            seen.add(name)
            self._value(known[name], _typed(known[name], value), f"{where}?{name}", "")
            if name == "fields":
                self._selector(matched, value)
        for name, parameter in method.get("parameters", {}).items():
            if parameter.get("required") and name not in seen:
                self._say(where, f"{name} is missing")
        if "request" in method:
            if not isinstance(body, dict):
                self._say(where, "a body is missing")
            else:
                self._value(method["request"], body, where, where)
        elif body is not None:
            self._say(where, "a body where none belongs")

    def answer(self, matched: Matched, body: Any) -> None:
        """Judge what a success says."""
        if "response" in matched.method:
            self._value(matched.method["response"], body, f"{matched.id} answer", "")
        elif body is not None:
            self._say(matched.id, "an answer where none belongs")

    def resource(self, name: str, value: Any) -> list[str]:
        """Return what is wrong with a resource of the given kind."""
        before = len(self.violations)
        self._value({"$ref": name}, value, name, "")
        found = self.violations[before:]
        del self.violations[before:]
        return found

    def _say(self, where: str, what: str) -> None:
        self.violations.append(f"{where}: {what}")

    def _selector(self, matched: Matched, text: str) -> None:
        try:
            tree = partial.parse(text)
        except partial.FieldsError:
            self._say(matched.id, f"fields={text} cannot be read")
            return
        if "response" in matched.method:
            self._names(matched.method["response"], tree, matched.id)

    def _names(self, schema: Schema, tree: partial.Tree, where: str) -> None:
        schema = _resolved(schema)
        if schema.get("type") == "array":
            self._names(schema["items"], tree, where)
            return
        for name, below in tree.items():
            found = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if found is None:
                self._say(where, f"fields names {name}, which does not exist")
            elif below:
                self._names(found, below, f"{where}/{name}")

    def _value(self, schema: Schema, value: Any, where: str, request: str) -> None:
        """Judge one value. `request` is the method's name when it is sent, empty when answered."""
        schema = _resolved(schema)
        kind = schema.get("type")
        if value is None and request == "events.patch":
            return  # null clears
        if kind == "object":
            self._object(schema, value, where, request)
        elif kind == "array":
            if not isinstance(value, list):
                self._say(where, "is not a list")
                return
            for item in value:
                self._value(schema["items"], item, f"{where}[]", request)
        elif kind == "boolean":
            self._expect(isinstance(value, bool), where, "is not true or false")
        elif kind == "integer":
            self._integer(schema, value, where)
        elif kind == "string":
            self._string(schema, value, where)

    def _object(self, schema: Schema, value: Any, where: str, request: str) -> None:
        if not isinstance(value, dict):
            self._say(where, "is not an object")
            return
        properties, more = schema.get("properties", {}), schema.get("additionalProperties")
        for name, item in value.items():
            found = properties.get(name, more)
            if found is None:
                self._say(where, f"unknown property {name}")
                continue
            about = found.get("description", "")
            if request and "Read-only." in about:
                self._say(where, f"{name} is read-only")
            self._value(found, item, f"{where}.{name}", request)
        for name, item in properties.items():
            needed = item.get("annotations", {}).get("required", [])
            if request and f"calendar.{request}" in needed and name not in value:
                self._say(where, f"{name} is missing")

    def _integer(self, schema: Schema, value: Any, where: str) -> None:
        right = isinstance(value, int) and not isinstance(value, bool)
        self._expect(right, where, "is not a whole number")
        if right and not (
            int(schema.get("minimum", value)) <= value <= int(schema.get("maximum", value))
        ):
            self._say(where, f"{value} is out of bounds")

    def _string(self, schema: Schema, value: Any, where: str) -> None:
        if not isinstance(value, str):
            self._say(where, "is not a string")
            return
        if "enum" in schema and value not in schema["enum"]:
            self._say(where, f"{value} is not one of {schema['enum']}")
        check = CHECKS.get(schema.get("format", ""))
        if check is not None:
            try:
                found = check(value)
            except ValueError:
                self._say(where, f"{value} is not a {schema['format']}")
            else:
                naive = isinstance(found, datetime) and found.tzinfo is None
                self._expect(not naive, where, f"{value} has no offset")

    def _expect(self, right: bool, where: str, what: str) -> None:
        if not right:
            self._say(where, what)


def _resolved(schema: Schema) -> Schema:
    if "$ref" in schema:
        found: Schema = document()["schemas"][schema["$ref"]]
        return found
    return schema


def _typed(parameter: Schema, value: str) -> Any:
    """Return a query value as its type says, or as text where it cannot be that."""
    if parameter["type"] == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if parameter["type"] == "boolean" and value in ("true", "false"):
        return value == "true"
    return value
