"""What a refusal of Teams says about when to come again."""

import pytest

from adapters.teams.errors import seconds_to_wait

NINE = 1_793_696_400  # Tue 3 Nov 2026 09:00 UTC


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", None),
        ("soon", None),
        ("-5", None),
        ("12", 12),
        ("9" * 5000, 999_999_999),
        ("Tue, 03 Nov 2026 09:00:30 GMT", 30),
        ("Tue, 03 Nov 2026 08:00:00 GMT", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: int | None) -> None:
    assert seconds_to_wait({"Retry-After": header}, NINE) == seconds


def test_without_the_header_nothing_is_known() -> None:
    assert seconds_to_wait({}, NINE) is None
