"""On which terms a session is called off or moved (A25)."""

from __future__ import annotations

import pytest

from core.calling_off import terms
from core.policy import resolve

HOUR = 3600
STRICT = {"cancel.notice": "24 h", "cancel.counts": "on", "cancel.move": "off", "sessions": "6"}


@pytest.mark.parametrize(
    ("hours", "leads", "part", "late", "counts", "may_move"),
    [
        (20, False, True, True, True, False),  # the mentee, late
        (20, True, True, True, False, True),  # the mentor, late
        (20, False, False, True, False, True),  # an administrator, for others
        (24, False, True, False, False, True),  # just in time
        (72, False, True, False, False, True),
        (-1, False, True, True, True, False),  # it has begun
    ],
)
def test_a_strict_programme(
    hours: int, leads: bool, part: bool, late: bool, counts: bool, may_move: bool
) -> None:
    found = terms(resolve({}, STRICT), hours * HOUR, 0, leads=leads, part=part)
    assert (found.late, found.counts, found.may_move) == (late, counts, may_move)
    assert (found.notice, found.sessions) == (24 * 60, 6)


@pytest.mark.parametrize("hours", [-1, 0, 1, 100])
def test_by_default_nothing_is_ever_late(hours: int) -> None:
    found = terms(resolve({}, {}), hours * HOUR, 0, leads=False)
    assert (found.late, found.counts, found.may_move) == (False, False, True)


def test_late_without_a_price() -> None:
    found = terms(resolve({}, {"cancel.notice": "24 h"}), HOUR, 0, leads=False)
    assert (found.late, found.counts, found.may_move) == (True, False, True)
