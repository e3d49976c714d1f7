"""Windows and IANA names of zones: every zone of the database maps, or falls back cleanly."""

from importlib import resources

import pytest
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from adapters.microsoft.zones import WINDOWS, _changes, iana_of, windows_of
from core.timing.zones import zone_of

ZONES = (resources.files("tzdata") / "zones").read_text(encoding="utf-8").split()
# What no Windows zone can say, because its offset or its rule is nobody else's.
ALONE = {"Antarctica/Troll"}


@pytest.mark.parametrize("windows", sorted(WINDOWS))
def test_every_windows_name_has_an_iana_zone(windows: str) -> None:
    zone = iana_of(windows)
    assert zone is not None
    assert zone_of(zone)
    assert windows_of(zone) in WINDOWS


@pytest.mark.parametrize("windows", sorted(WINDOWS_TO_OLSON))
def test_windows_names_mean_what_they_mean_to_others(windows: str) -> None:
    zone = iana_of(windows)
    assert zone is not None
    # Others may have older cities; what matters is the clock, now.
    if windows not in {"Central Asia Standard Time", "Mountain Standard Time (Mexico)"}:
        assert _changes(zone) == _changes(WINDOWS_TO_OLSON[windows])


def test_every_iana_zone_maps_to_a_windows_zone_with_its_clock_or_to_none() -> None:
    assert len(ZONES) > 500
    none = set()
    for zone in ZONES:
        windows = windows_of(zone)
        if windows is None:
            none.add(zone)
        else:
            assert _changes(WINDOWS[windows]) == _changes(zone), zone
    assert none == ALONE


@pytest.mark.parametrize(
    ("iana", "windows"),
    [
        ("Europe/London", "GMT Standard Time"),
        ("America/New_York", "Eastern Standard Time"),
        ("Asia/Kolkata", "India Standard Time"),
        ("Europe/Paris", "Romance Standard Time"),
        ("Asia/Kamchatka", "Russia Time Zone 11"),
        ("Etc/GMT+2", "UTC-02"),
        ("UTC", "UTC"),
        ("Europe/Rome", "W. Europe Standard Time"),
        ("America/Toronto", "Eastern Standard Time"),
    ],
)
def test_windows_names(iana: str, windows: str) -> None:
    assert windows_of(iana) == windows


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("pacific standard time", "America/Los_Angeles"),
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        ("UTC", "Etc/UTC"),
        ("tzone://Microsoft/Utc", "Etc/UTC"),
        ("tzone://Microsoft/Custom", None),
        ("Customized Time Zone", None),
        ("", None),
        ("../etc/passwd", None),
    ],
)
def test_names_of_either_kind(name: str, iana: str | None) -> None:
    assert iana_of(name) == iana


def test_what_is_no_zone_has_no_windows_name() -> None:
    assert windows_of("Mars/Olympus") is None
