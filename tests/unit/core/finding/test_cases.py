"""The six cases with known answers, if they are here."""

import pytest

from core.finding.availability import candidates
from tests.bench.slots import DATA, MISSING, Case, read_cases

CASES = read_cases()

pytestmark = pytest.mark.skipif(not CASES, reason=f"{MISSING} ({DATA.name}/people-*.json)")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_known_answers_come_out_exactly(case: Case) -> None:
    assert candidates(case.search, case.people) == case.expected


def test_all_six_were_read() -> None:
    assert [case.name for case in CASES] == [
        "people-2-events-2",
        "people-5-events-2",
        "people-2-events-8",
        "people-10-events-2",
        "people-5-events-8",
        "people-10-events-8",
    ]
