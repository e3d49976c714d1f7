"""Sentences about times whose meaning hangs on the words around them."""

from __future__ import annotations

import pytest

from bot.understand.report import meaning
from tests.unit.understand.moments import HERE


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("half ten", "at Tue 20 Oct 2026 10:30"),
        ("from half ten till noon on the 28th", "Wed 28 Oct 2026 10:30 to Wed 28 Oct 2026 12:00"),
        ("half ten to half eleven on Friday", "Fri 23 Oct 2026 10:30 to Fri 23 Oct 2026 11:30"),
        (
            "either tomorrow or the day after, late afternoon",
            (
                "Wed 21 Oct 2026 15:00 to Wed 21 Oct 2026 18:00 | "
                "Thu 22 Oct 2026 15:00 to Thu 22 Oct 2026 18:00"
            ),
        ),
        ("the first working day of next month", "Mon 2 Nov 2026 to Tue 3 Nov 2026"),
        ("28/10 at 15h", "at Wed 28 Oct 2026 15:00"),
        ("twice a week", "FREQ=WEEKLY;BYDAY=TU,TH"),
        (
            "twice a week on Mondays and Thursdays at 3",
            "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=15;BYMINUTE=0",
        ),
        ("first Monday of March 2020", "Mon 2 Mar 2020 to Tue 3 Mar 2020"),
        ("tomorrow 1400-1500", "Wed 21 Oct 2026 14:00 to Wed 21 Oct 2026 15:00"),
        ("for 1h30", "90 min"),
        ("at 13h30", "at Tue 20 Oct 2026 13:30"),
        ("noonish tomorrow", "at Wed 21 Oct 2026 12:00"),
        ("two and a half hours", "150 min"),
        ("the second half of May", "Sun 16 May 2027 to Tue 1 Jun 2027"),
    ],
)
def test_meaning(text: str, meant: str) -> None:
    assert meaning(text, HERE) == meant
