"""Whether a mail is from whom it says: the verdict of our own mail server (RFC 8601).

The server that takes the assistant's mail checks SPF, DKIM and DMARC and writes what it found
into Authentication-Results, under its own name (authserv-id). Only that name is believed, and of
each method only the topmost verdict: the server has to take away headers that come in under its
name (RFC 8601 5), and writes its own above whatever may be left. Without a name to believe, or
without a verdict, nothing is verified.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"^\s*([a-z][\w-]*)(?:/\d+)?\s*=\s*([a-z]+)\b", re.IGNORECASE)
PROPERTY = re.compile(
    r"\b(header\.d|header\.i|smtp\.mailfrom|header\.from)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE
)
LONGEST = 8000  # characters of one header


class _Result(NamedTuple):
    """One verdict: method, result, and the domains that it is about, by property."""

    method: str
    result: str
    about: dict[str, str]


def is_verified(headers: Iterable[str], authserv: str, sender: str) -> bool:
    """Tell whether our server found the domain of `sender` to stand behind the mail.

    `headers` are the values of Authentication-Results from the top. DMARC decides where there is
    a verdict (RFC 7489); else a DKIM signature or SPF of the same or a parent domain does.
    """
    domain = sender.rpartition("@")[2].lower().rstrip(".")
    if not authserv or not domain:
        return False
    by_method: dict[str, list[_Result]] = {}
    for header in headers:
        fresh: dict[str, list[_Result]] = {}
        for one in _results(header[:LONGEST], authserv):
            fresh.setdefault(one.method, []).append(one)
        for method, found in fresh.items():
            by_method.setdefault(method, found)
    verdicts = by_method.get("dmarc", [])
    if any(one.result not in ("none", "pass") for one in verdicts):
        return False
    if any(_passes(one, ("header.from",), domain, bare=True) for one in verdicts):
        return True
    signed = by_method.get("dkim", [])
    sent = by_method.get("spf", [])
    return any(_passes(one, ("header.d", "header.i"), domain) for one in signed) or any(
        _passes(one, ("smtp.mailfrom",), domain) for one in sent
    )


def _results(header: str, authserv: str) -> Iterator[_Result]:
    """Yield the verdicts of one header, none of another server's."""
    while COMMENT.search(header):
        header = COMMENT.sub(" ", header)
    name, *parts = header.split(";")
    words = name.split()  # a version may stand behind the name
    if not words or words[0].lower() != authserv.lower():
        return
    for part in parts:
        found = RESULT.match(part)
        if found:
            about = {key.lower(): _domain(value) for key, value in PROPERTY.findall(part)}
            yield _Result(found[1].lower(), found[2].lower(), about)


def _domain(value: str) -> str:
    return value.rpartition("@")[2].lower().strip("<>.")


def _passes(one: _Result, names: tuple[str, ...], domain: str, *, bare: bool = False) -> bool:
    """Tell whether a verdict is a pass for a domain; `bare` ones need not name it."""
    if one.result != "pass":
        return False
    about = [one.about[name] for name in names if one.about.get(name)]
    return any(_aligned(found, domain) for found in about) or (bare and not about)


def _aligned(one: str, other: str) -> bool:
    """Tell whether two domains are the same or one lies under the other (relaxed alignment)."""
    if "." not in one or "." not in other:
        return False
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
