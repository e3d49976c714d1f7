"""Which days are public holidays, by the package `holidays`: data that ships with it, no network.

A place is an ISO 3166-1 code ("DE"), or one of its parts with it ("DE-BY").
"""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from adapters.almanac.names import ADJECTIVES, PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holidays import HolidayBase

ENGLISH = ("en_US", "en_GB", "en")


class HolidayAlmanac:
    """The port `Almanac`."""

    def find(self, name: str) -> str:
        """Return the place that is called so in English: "Germany", "german", "Bavarian"."""
        word = _folded(name)
        return ADJECTIVES.get(word) or _places().get(word, "")

    def name(self, place: str) -> str:
        """Return how a place is called: "Bavaria (Germany)"."""
        country, _, part = place.partition("-")
        whole = _countries().get(country, country)
        return f"{_parts(country).get(part, part)} ({whole})" if part else whole

    def holidays(self, place: str, first: date, last: date) -> Mapping[date, str]:
        """Return the holidays of a place within days, both included, with their names."""
        found = {
            day: name
            for year in range(first.year, last.year + 1)
            for day, name in _of_year(place, year)
        }
        return {day: found[day] for day in sorted(found) if first <= day <= last}


def _holidays(country: str, **options: Any) -> HolidayBase:
    """Return the days of a country. Raises NotImplementedError for one the package lacks.

    The package is loaded at the first question: it takes 50 ms that no start needs.
    """
    found: HolidayBase = import_module("holidays").country_holidays(country, **options)
    return found


@lru_cache(maxsize=512)
def _of_year(place: str, year: int) -> tuple[tuple[date, str], ...]:
    """Return one year of a place; nothing for a place that the package no longer knows."""
    country, _, part = place.partition("-")
    try:
        known = _holidays(country)
        language = next((x for x in ENGLISH if x in known.supported_languages), None)
        found = _holidays(country, subdiv=part or None, years=year, language=language)
    except NotImplementedError:
        return ()
    return tuple((date(d.year, d.month, d.day), str(name)) for d, name in found.items())


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Return the English names of all countries by their code."""
    registry = import_module("holidays.registry").COUNTRIES
    return {entry[1]: key.replace("_", " ").title() for key, entry in registry.items()}


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """Return the codes of countries and of the parts of some by their folded names."""
    found = {_folded(name): code for code, name in _countries().items()}
    for country in PARTS:
        for part, name in _parts(country).items():
            found.setdefault(_folded(name), f"{country}-{part}")
    return found


@lru_cache(maxsize=64)
def _parts(country: str) -> dict[str, str]:
    """Return the names of a country's parts by their code, in English where one is in use."""
    try:
        aliases = _holidays(country).subdivisions_aliases
    except NotImplementedError:
        return {}
    found: dict[str, str] = {}
    for name, code in aliases.items():
        found.setdefault(str(code), str(name))
    return {**found, **PARTS.get(country, {})}


def _folded(name: str) -> str:
    """Return a name in small letters without accents and "the"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = "".join(c for c in plain if not unicodedata.combining(c)).replace(".", "").split()
    return " ".join(word for word in words if word != "the")
