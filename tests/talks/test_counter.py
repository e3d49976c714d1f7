"""Asking for other times comes to an end: nothing twice, and what would open more is said."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_other_times_never_return_and_the_end_says_what_would_open_more() -> None:
    stage = await aurora()
    await stage.busy("maya", "2026-10-27 08:00", "2026-10-27 16:00")
    await play(
        stage,
        """
        maya: book 30 minutes with Alex on Tuesday 27 October
        > …
          …
        maya presses [More times]
        ~ …
          …
        > …
          30 minutes with Alex Chen
          Tue 27 Oct 16:45-17:15 London | 12:45 New York
          Tue 27 Oct 17:15-17:45 London | 13:15 New York
          Tue 27 Oct 17:30-18:00 London | 13:30 New York
          …
        maya presses [Offer all three]
        ~ …
          …
        alex sees > …
          …
        alex presses [None of these]
        everybody has read on
        maya presses [Other times]
        > Those were all the times in that window. Which other days would suit you?
          It would work if you could free some time.
          It would work with longer hours in Aurora (an administrator can set them).
        alex sees nothing
        """,
    )
