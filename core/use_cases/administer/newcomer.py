"""The description of a person as an administrator writes it, checked before anything happens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.programme import Role
from core.use_cases.administer.problems import Problem, Unfit
from core.use_cases.administer.zone_names import canonical_zone, nearest_zone

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_NAME = 100
# One address as it is usual in companies: no quoted local part, no bare host (a part of
# RFC 5321 4.1.2), at most 254 characters (RFC 5321 4.5.3.1.3 less the brackets).
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]+")
LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
DEFAULT_LOCALE = "en-GB"

ROLE_WORDS = {
    "administrator": Role.ADMIN,
    "mentoree": Role.MENTEE,
    "protege": Role.MENTEE,
    "client": Role.COACHEE,
    **{role.value: role for role in Role},
}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One person for a programme. `zone` is an IANA name, `email` in the spelling given."""

    name: str
    email: str
    zone: str
    role: Role
    locale: str = DEFAULT_LOCALE


def read_name(text: str) -> str:
    """Return a person's name on one line. Raises Unfit."""
    name = " ".join(text.split()).strip("\"'<>,;")
    if not name or len(name) > LONGEST_NAME or "@" in name:
        raise Unfit(Problem.NAME, value=text)
    return name


def read_address(text: str) -> str:
    """Return an e-mail address without decoration. Raises Unfit."""
    address = text.strip().removeprefix("<").removesuffix(">").removeprefix("mailto:")
    if not address:
        raise Unfit(Problem.ADDRESS_MISSING)
    if len(address) > 254 or not ADDRESS.fullmatch(address):
        raise Unfit(Problem.ADDRESS, value=text.strip())
    return address


def read_zone(text: str) -> str:
    """Return an IANA zone name. Raises Unfit, with the zone that was probably meant."""
    if not text.strip():
        raise Unfit(Problem.ZONE_MISSING)
    zone = canonical_zone(text)
    if zone is None:
        raise Unfit(Problem.ZONE, value=text.strip(), hint=nearest_zone(text))
    return zone


def read_role(text: str) -> Role:
    """Return a role, in singular or plural and any case. Raises Unfit, with the nearest."""
    word = " ".join(text.split()).casefold()
    if not word:
        raise Unfit(Problem.ROLE_MISSING)
    role = ROLE_WORDS.get(word) or ROLE_WORDS.get(word.removesuffix("s"))
    if role is None:
        near = get_close_matches(word, [r.value for r in Role], n=1)
        raise Unfit(Problem.ROLE, value=text.strip(), hint=near[0] if near else "")
    return role


def read_locale(text: str) -> str:
    """Return a language tag such as en-GB, the usual one for nothing. Raises Unfit."""
    tag = text.strip().replace("_", "-")
    if not tag:
        return DEFAULT_LOCALE
    if not LOCALE.fullmatch(tag):
        raise Unfit(Problem.LOCALE, value=text.strip())
    return tag


def read_newcomer(name: str, email: str, zone: str, role: str, locale: str = "") -> Newcomer:
    """Return the person described. Raises Unfit for the first thing that is wrong."""
    return Newcomer(
        read_name(name), read_address(email), read_zone(zone), read_role(role), read_locale(locale)
    )


def faults_of(name: str, email: str, zone: str, role: str, locale: str) -> tuple[Unfit, ...]:
    """Return everything that is wrong with a description, in order."""
    readers: tuple[tuple[Callable[[str], object], str], ...] = (
        (read_name, name),
        (read_address, email),
        (read_zone, zone),
        (read_role, role),
        (read_locale, locale),
    )
    found: list[Unfit] = []
    for reader, text in readers:
        try:
            reader(text)
        except Unfit as problem:
            found.append(problem)
    return tuple(found)
