"""Every conversation of the product, played through each chat on its own wire format.

The conversations are those of `tests/talks`, text for text: what a person reads in Slack and in
Teams has to be what was written down there.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.chats.media import KINDS, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TALKS = Path(__file__).resolve().parents[1] / "talks"
WANTED = "tests.talks.stage"  # the others talk to a part of the product alone
IDENTITIES = "in_slack"  # there people come by several chats, or by none, on made-up identities
VENDORS = frozenset({"slack", "teams", "mixed"})
EVERY = VENDORS | {"local"}
# Conversations that are not played in a chat, and why.
LEFT_OUT = {
    # An empty message is never sent by a vendor's chat.
    "bad_input-a_clear_answer-0": VENDORS,
    "bad_input-a_clear_answer-1": VENDORS,
    "bad_input-a_clear_answer-2": VENDORS,
    "bad_input-a_message_without_words_or_button_is_an_empty_one": VENDORS,
    # It asks that a long text is not kept; the local chat shows people what they wrote.
    "bad_input-a_clear_answer-3": {"local"},
    # Buttons and people made by hand: the adapters' own tests hold those.
    "bad_input-old_and_garbled_buttons_do_nothing": VENDORS,
    "bad_input-an_unknown_chat_identity_and_a_person_switched_off": EVERY,
    "bad_input-people_of_another_organisation_are_out_of_reach": EVERY,
    # It looks at what a message is about, which nobody reads.
    "bad_input-accepted_after_it_was_taken_back_or_has_lapsed": EVERY,
    # What a chat forces to be different; `test_differences.py` says how it is there.
    # Teams has no words for progress.
    "bad_input-a_turn_that_waits_for_calendars_says_so": {"teams", "mixed"},
    "doctor-the_doctor_waits_no_longer_than_a_search_and_says_that_it_looks": {"teams", "mixed"},
    # Slack takes one table in a message.
    "doctor_admin-a36_the_administrator_sees_who_why_since_when_and_that_they_were_told": {"slack"},
    "doctor_admin-what_was_given_up_can_be_tried_again": {"slack"},
}


def conversations() -> Iterator[Any]:
    """Give each conversation with each of its parameters."""
    for file in sorted(TALKS.glob("test_*.py")):
        source = file.read_text()
        if WANTED not in source or IDENTITIES in source:
            continue
        module, name = importlib.import_module(f"tests.talks.{file.stem}"), file.stem[5:]
        for title, talk in vars(module).items():
            if title.startswith("test_") and inspect.iscoroutinefunction(talk):
                for case, values in cases(talk):
                    label = f"{name}-{title.removeprefix('test_')}{case}"
                    why = LEFT_OUT.get(label, LEFT_OUT.get(label.removesuffix(case), set()))
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
    kind: str, talk: Callable[..., Any], values: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    wanted = inspect.signature(talk).parameters.keys() - values.keys()
    fixtures = {name: request.getfixturevalue(name) for name in wanted}
    async with opened(kind):
        await talk(**values, **fixtures)
