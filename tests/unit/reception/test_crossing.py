"""A sentence about a proposal that ends in the very moment: it is answered in words, because a
card further up that changes is easily overlooked.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.talks.script import play
from tests.talks.stage import aurora

TAKEN_BACK = "This proposal was taken back; it needs no answer any more."


@pytest.mark.parametrize(
    "said", ["the second one", "none of these", "could we do Thursday afternoon instead?"]
)
async def test_a_sentence_that_comes_too_late_is_answered_in_words(said: str) -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October
        maya presses [Offer all three]
        everybody has read on
        """,
    )
    back = stage.incoming("maya", action=stage.chats.button("maya", "Take it back"))
    late = stage.incoming("alex", text=said)

    await asyncio.gather(*(stage.reception.receive(one) for one in (late, back)))
    await stage.drain()

    read = [(seen.edited, seen.message.text) for seen in stage.chats.unread["alex"]]
    assert read == [(True, TAKEN_BACK), (False, TAKEN_BACK)]
    assert await stage.proposals("alex") == ()
