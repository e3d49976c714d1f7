"""“Undo” after a saved setting: it does what the button under it does, and within ten minutes."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.stage import aurora


@pytest.mark.parametrize("said", ["undo", "Undo that please", "take that back"])
async def test_a_setting_is_set_back_once(said: str) -> None:
    await play(
        await aurora(),
        f"""
        dana: admin aurora duration 45
        > Saved for Aurora: duration 45 min (before: 30 min).
          [Undo]
        dana: {said}
        > Saved for Aurora: duration 30 min (before: 45 min).
        dana: undo
        > There is nothing to undo.
        """,
    )


async def test_the_button_leaves_nothing_to_take_back_in_words() -> None:
    await play(
        await aurora(),
        """
        dana: admin aurora duration 45
        > Saved for Aurora: duration 45 min (before: 30 min).
          [Undo]
        dana presses [Undo]
        > Saved for Aurora: duration 30 min (before: 45 min).
        dana: undo
        > There is nothing to undo.
        """,
    )


async def test_after_ten_minutes_or_a_later_change_it_stays() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        dana: admin aurora duration 45
        > Saved for Aurora: duration 45 min (before: 30 min).
          [Undo]
        11 minutes later
        dana: undo
        > …
        dana: admin aurora duration
        > Aurora: duration 45 min …
        dana: admin aurora duration 60
        > Saved for Aurora: duration 1 h (before: 45 min).
          [Undo]
        """,
    )
    await stage.setting("duration", "90 min")
    await play(stage, "dana: undo", "> “duration” has been changed since: it is 90 min now.")
