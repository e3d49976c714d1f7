"""Each shut gate of connecting has a sentence of its own, with whom to ask (X8, X13)."""

import pytest

from bot.speak.gate_words import not_allowed, shut
from core.connecting import allowed_services
from core.errors import Refused
from core.policy import resolve

GATES = ("approved", "assistant", "connecting")


@pytest.mark.parametrize("contact", ["", ": Support: help@example.org"])
def test_gates_are_told_apart_and_say_whom_to_ask(contact: str) -> None:
    said = [shut(gate, contact) for gate in (*GATES, "nothing is left")]
    assert len(set(said)) == len(said)
    assert all(contact in one and "{" not in one for one in said)
    assert "Admin, Sponsor or Support" in shut("approved", contact)


@pytest.mark.parametrize("shut_ones", [GATES, GATES[1:], GATES[2:]])
def test_the_first_shut_gate_is_the_one_that_is_named(shut_ones: tuple[str, ...]) -> None:
    texts = dict.fromkeys(shut_ones, "off")
    with pytest.raises(Refused) as caught:
        allowed_services((resolve(texts, {}),))
    assert caught.value.objections[0].detail == shut_ones[0]
    assert shut(shut_ones[0], "") != shut("", "")


def test_a_service_that_is_not_allowed_names_the_others() -> None:
    assert not_allowed("Apple", "").endswith("does not allow Apple calendars.")
    assert not_allowed("Apple", "Google or Microsoft").endswith("connect Google or Microsoft.")
