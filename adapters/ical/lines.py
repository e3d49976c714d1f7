"""Content lines of iCalendar text (RFC 5545 3.1): unfold, keep what is wanted, build the tree.

Everything that is not asked for by name is dropped here, before anything looks at it, so that a
foreign title, description or attendee list never becomes an object of the program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from icalendar.parser import Contentline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLD = re.compile(r"\r?\n[ \t]")
LINE_END = re.compile(r"\r?\n|\r")
NAME_END = re.compile(r"[;:]")
TOP = frozenset({"VCALENDAR", "VEVENT", "VTIMEZONE"})
DEEPEST = 4
LONGEST_LINE = 20_000


class Property(NamedTuple):
    """One content line: its name and parameter names in upper case, its raw value."""

    name: str
    params: Mapping[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """A component with its kept lines, still unparsed, and the components inside it."""

    name: str
    lines: list[str] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)

    def properties(self) -> Iterator[Property]:
        """Parse the kept lines. Raises ValueError for a line that is none."""
        return map(split_line, self.lines)


def split_line(line: str) -> Property:
    """Split a content line. Raises ValueError for one that has no name or no value."""
    if len(line) > LONGEST_LINE:
        raise ValueError("content line too long")
    if '"' in line or "^" in line:
        name, params, value = Contentline(line).parts()  # type: ignore[no-untyped-call]  # the library has no types here
        return Property(name.upper(), {k.upper(): _text(v) for k, v in params.items()}, value)
    head, colon, value = line.partition(":")
    name, *pairs = head.split(";")
    if not colon or not name:
        raise ValueError("not a content line")
    return Property(name.upper(), dict(map(_pair, pairs)), value)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise ValueError("not a parameter")
    return key.upper(), value


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def components(text: str, keep: Mapping[str, frozenset[str]]) -> list[Component]:
    """Return the top components of one or more calendars: what lies directly in VCALENDAR.

    `keep` names the components that are wanted, each with the properties that are.
    """
    found: list[Component] = []
    stack: list[Component | None] = []
    for line in LINE_END.split(FOLD.sub("", text)):
        name = NAME_END.split(line, 1)[0].upper()
        if name == "BEGIN":
            _open(line, keep, stack, found)
        elif name == "END":
            if stack:
                stack.pop()
        elif stack and (top := stack[-1]) is not None and name in keep[top.name]:
            top.lines.append(line)
    return found


def _open(
    line: str,
    keep: Mapping[str, frozenset[str]],
    stack: list[Component | None],
    found: list[Component],
) -> None:
    """Enter a component; None on the stack stands for one that is not wanted.

    Calendars, events and zones lie in nothing but a calendar: where one begins, everything that
    was left open before it has ended.
    """
    kind = line.partition(":")[2].strip().upper()
    if kind in TOP:
        stack.clear()
    if kind == "VCALENDAR":
        return
    above = stack[-1] if stack else None
    if kind not in keep or (stack and above is None) or len(stack) >= DEEPEST:
        stack.append(None)
        return
    component = Component(kind)
    stack.append(component)
    (above.inside if above else found).append(component)
