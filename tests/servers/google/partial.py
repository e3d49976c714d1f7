"""Google's partial answers: the `fields` parameter, read and applied."""

import re
from typing import Any

Tree = dict[str, "Tree"]  # an empty tree means everything below

TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9_*]*|[,/()]")


class FieldsError(ValueError):
    """The selector is not in the language of `fields`."""


def parse(text: str) -> Tree:
    """Return the tree of a selector such as `a,b/c,items(id,start/dateTime)`."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        raise FieldsError(text)
    tree, rest = _several(tokens)
    if rest:
        raise FieldsError(text)
    return tree


def _several(tokens: list[str]) -> tuple[Tree, list[str]]:
    tree: Tree = {}
    while True:
        name, below, tokens = _one(tokens)
        tree.setdefault(name, {}).update(below)
        if not tokens or tokens[0] != ",":
            return tree, tokens
        tokens = tokens[1:]


def _one(tokens: list[str]) -> tuple[str, Tree, list[str]]:
    if not tokens or tokens[0] in ",/()":
        raise FieldsError(tokens)
    name, tokens = tokens[0], tokens[1:]
    if tokens and tokens[0] == "/":
        below, under, rest = _one(tokens[1:])
        return name, {below: under}, rest
    if tokens and tokens[0] == "(":
        tree, rest = _several(tokens[1:])
        if not rest or rest[0] != ")":
            raise FieldsError(name)
        return name, tree, rest[1:]
    return name, {}, tokens


def cut(value: Any, tree: Tree) -> Any:
    """Return only what the tree names; lists are passed through."""
    if not tree:
        return value
    if isinstance(value, list):
        return [cut(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    if "*" in tree:
        return {name: cut(item, tree["*"]) for name, item in value.items()}
    return {name: cut(value[name], below) for name, below in tree.items() if name in value}


def names(tree: Tree) -> set[str]:
    """Return every name anywhere in a selector."""
    return set(tree).union(*(names(below) for below in tree.values()))
