"""Every conversation of the product, played through each chat on its own wire format.

The conversations are those of `tests/talks`, text for text: what a person reads in Slack and in
Teams has to be what was written down there.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from tests.chats.media import KINDS, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TALKS = (
    "booking",
    "changing",
    "confirming",
    "corrections",
    "sessions",
    "unchecked",
    "people",
    "calendars",
    "bad_input",
    "doctor",
    "doctor_admin",
    "admin_connecting",
    "admin_auto_connect",
)

VENDORS = ("slack", "teams")
NEVER_SENT = "this chat never sends such a thing"
FORGED = "its buttons and people are made by hand; tests of the adapters hold those"
LOOKS_INSIDE = "looks at what is stored of a message, not at what is read"
LEFT_OUT = {
    # Nothing of these can be said in that chat, or they look at more than people read.
    "bad_input-a_clear_answer-0": dict.fromkeys(VENDORS, NEVER_SENT),
    "bad_input-a_clear_answer-1": dict.fromkeys(VENDORS, NEVER_SENT),
    "bad_input-a_clear_answer-2": dict.fromkeys(VENDORS, NEVER_SENT),
    "bad_input-a_clear_answer-3": {"local": "this chat keeps what somebody wrote, too"},
    "bad_input-a_message_without_words_or_button_is_an_empty_one": dict.fromkeys(
        VENDORS, NEVER_SENT
    ),
    "bad_input-old_and_garbled_buttons_do_nothing": dict.fromkeys(VENDORS, FORGED),
    "bad_input-an_unknown_chat_identity_and_a_person_switched_off": dict.fromkeys(KINDS, FORGED),
    "bad_input-people_of_another_organisation_are_out_of_reach": dict.fromkeys(KINDS, FORGED),
    "bad_input-accepted_after_it_was_taken_back_or_has_lapsed": dict.fromkeys(KINDS, LOOKS_INSIDE),
    # What a chat forces to be different; `test_differences.py` says how it is there.
    "bad_input-a_turn_that_waits_for_calendars_says_so": {"teams": "it has no words for progress"},
    "doctor-the_doctor_waits_no_longer_than_a_search_and_says_that_it_looks": {
        "teams": "it has no words for progress"
    },
    "calendars-a16_a_wrong_password_leaves_the_form_open_and_nothing_behind": {
        "slack": "a form says itself what is wrong with it"
    },
    "doctor-each_week_there_is_a_new_message_and_the_old_one_says_so": {
        "slack": "a form says itself what is wrong with it"
    },
    "doctor_admin-a36_the_administrator_sees_who_why_since_when_and_that_they_were_told": {
        "slack": "one table in a message"
    },
    "doctor_admin-what_was_given_up_can_be_tried_again": {"slack": "one table in a message"},
}


def conversations() -> Iterator[Any]:
    """Give each conversation with each of its parameters."""
    for name in TALKS:
        module = importlib.import_module(f"tests.talks.test_{name}")
        for title, talk in vars(module).items():
            if title.startswith("test_") and inspect.iscoroutinefunction(talk):
                for case, values in cases(talk):
                    label = f"{name}-{title.removeprefix('test_')}{case}"
                    why = LEFT_OUT.get(label, LEFT_OUT.get(label.removesuffix(case), {}))
                    for kind in (k for k in KINDS if k not in why):
                        yield pytest.param(kind, talk, values, id=f"{label}-{kind}")


def cases(talk: Callable[..., Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return a conversation's parameters, as pytest would give them."""
    axes = []
    for mark in getattr(talk, "pytestmark", ()):
        names = mark.args[0] if not isinstance(mark.args[0], str) else mark.args[0].split(",")
        rows = [row if len(names) > 1 else (row,) for row in mark.args[1]]
        axes.append([dict(zip(names, row, strict=True)) for row in rows])
    made: list[tuple[str, dict[str, Any]]] = []
    for number, chosen in enumerate(itertools.product(*axes)):
        values = {name: value for part in chosen for name, value in part.items()}
        made.append((f"-{number}" if axes else "", values))
    return made


@pytest.mark.parametrize(("kind", "talk", "values"), list(conversations()))
async def test_reads_the_same(
    kind: str, talk: Callable[..., Any], values: dict[str, Any]
) -> None:  # fmt: skip
    async with opened(kind):
        await talk(**values)
