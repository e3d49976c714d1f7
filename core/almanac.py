"""The port to public holidays, with the almanac of who has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Almanac(Protocol):
    """Public holidays of countries and their parts; data that is at hand, asked without waiting."""

    def find(self, name: str) -> str:
        """Return the place ("DE", "DE-BY") that is called so in English, empty for none."""
        ...

    def name(self, place: str) -> str:
        """Return how a place is called."""
        ...

    def holidays(self, place: str, first: date, last: date) -> Mapping[date, str]:
        """Return the holidays of a place within days, both included, with their names."""
        ...


class NoAlmanac:
    """An almanac that knows no place."""

    def find(self, name: str) -> str:  # noqa: ARG002
        """Return nothing."""
        return ""

    def name(self, place: str) -> str:
        """Return the code itself."""
        return place

    def holidays(self, place: str, first: date, last: date) -> Mapping[date, str]:  # noqa: ARG002
        """Return no day."""
        return {}
