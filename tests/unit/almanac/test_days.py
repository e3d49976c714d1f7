"""Places by the names that people use, and their holidays."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.almanac.days import HolidayAlmanac
from adapters.almanac.names import ADJECTIVES, PARTS

ALMANAC = HolidayAlmanac()
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("said", "place", "name"),
    [
        ("Germany", "DE", "Germany"),
        ("german", "DE", "Germany"),
        ("Bavaria", "DE-BY", "Bavaria (Germany)"),
        ("Bayern", "", ""),
        ("UK", "GB-ENG", "England (United Kingdom)"),
        ("Scotland", "GB-SCT", "Scotland (United Kingdom)"),
        ("the Netherlands", "NL", "Netherlands"),
        ("Québec", "CA-QC", "Quebec (Canada)"),
        ("Atlantis", "", ""),
    ],
)
def test_places_are_found_by_name(said: str, place: str, name: str) -> None:
    assert ALMANAC.find(said) == place
    if place:
        assert ALMANAC.name(place) == name


@pytest.mark.parametrize(
    "place", sorted({*ADJECTIVES.values(), *(f"{c}-{p}" for c in PARTS for p in PARTS[c])})
)
def test_every_place_that_has_a_name_here_has_holidays(place: str) -> None:
    assert ALMANAC.holidays(place, *YEAR)


def test_parts_have_days_of_their_own() -> None:
    saints = date(2026, 11, 1)
    assert ALMANAC.holidays("DE-BY", saints, saints) == {saints: "All Saints' Day"}
    assert ALMANAC.holidays("DE", saints, saints) == {}
    days = ALMANAC.holidays("DE", date(2026, 12, 20), date(2027, 1, 2))
    assert list(days) == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]


def test_a_place_that_is_none_has_no_holidays() -> None:
    assert ALMANAC.holidays("XX", *YEAR) == {}
    assert ALMANAC.holidays("DE-XX", *YEAR) == {}
