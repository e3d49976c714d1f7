"""Reading time zone names as people write them, and finding the one that was meant."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from core.timing.zones import zone_of

# What people write that is no name of the IANA database. Only ever a suggestion: abbreviations
# mean several zones, and do not say when clocks change.
_HABITS = {
    "bst": "Europe/London",
    "britain": "Europe/London",
    "uk": "Europe/London",
    "england": "Europe/London",
    "ireland": "Europe/Dublin",
    "cest": "Europe/Berlin",
    "germany": "Europe/Berlin",
    "france": "Europe/Paris",
    "spain": "Europe/Madrid",
    "italy": "Europe/Rome",
    "ist": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "est": "America/New_York",
    "edt": "America/New_York",
    "et": "America/New_York",
    "boston": "America/New_York",
    "washington": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "jst": "Asia/Tokyo",
    "japan": "Asia/Tokyo",
    "beijing": "Asia/Shanghai",
    "china": "Asia/Shanghai",
    "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney",
}


@lru_cache(maxsize=1)
def _available() -> frozenset[str]:
    """Return the names of the database; asking for them reads many files, so only once."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return the IANA names by their small spelling, without the ones that name no place."""
    names = (n for n in _available() if "/" in n and not n.startswith("Etc/"))
    return {name.casefold(): name for name in (*names, "UTC")}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Return the zones by the small spelling of their city."""
    return {_spaced(name.rsplit("/", 1)[-1]): name for name in sorted(_names().values())}


def _spaced(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def canonical_zone(text: str) -> str | None:
    """Return the IANA name that was written, in any case and with spaces; None for no zone."""
    word = "_".join(text.replace("/ ", "/").replace(" /", "/").split())
    name = _names().get(word.casefold(), word)
    if name not in _available() or name in _HABITS or name.casefold() in _HABITS:
        return None
    try:
        return zone_of(name).key
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def nearest_zone(text: str) -> str:
    """Return the zone that was probably meant, by its city, habit or spelling; "" for none."""
    words = _spaced(text)
    city = _spaced(text.rsplit("/", 1)[-1])
    known = _HABITS.get(words) or _cities().get(words) or _cities().get(city)
    if known or not words:
        return known or ""
    full = get_close_matches("_".join(words.split()), _names(), n=1, cutoff=0.75)
    if full:
        return _names()[full[0]]
    near = get_close_matches(city, _cities(), n=1, cutoff=0.75)
    return _cities()[near[0]] if near else ""
