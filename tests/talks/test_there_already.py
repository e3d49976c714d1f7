"""A session that is to be moved to where it is."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora

BOOKED = """
    maya: book with Alex on Tuesday 27 October at 2pm
    everybody has read on
    maya presses [Offer Tue 27 Oct 14:00 London]
    everybody has read on
    alex presses [Tue 27 Oct 10:00 New York]
    everybody has read on
"""


async def test_who_moves_a_session_to_its_own_time_hears_that_it_is_there() -> None:
    await play(
        await aurora(),
        BOOKED,
        """
        maya: move it to Tuesday 27 October at 2pm
        > Your session with Alex Chen is at Tue 27 Oct 14:00-14:30 London (10:00 New York) \
            already, so there is nothing to move.
          [Find another time] [Cancel]
        maya: move my session with Alex to 2pm
        > Your session with Alex Chen is at Tue 27 Oct 14:00-14:30 London (10:00 New York) \
            already, …
          [Find another time] [Cancel]
        alex: move it to 27 October at 10am
        > Your session with Maya Patel is at Tue 27 Oct 10:00-10:30 New York (14:00 London) \
            already, …
          [Find another time] [Cancel]
        maya: move it to Tuesday 27 October at 3pm
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. That time suits you both:
          30 minutes with Alex Chen
          …
        """,
    )


async def test_a_new_length_at_the_same_time_is_a_change_all_the_same() -> None:
    await play(
        await aurora(),
        BOOKED,
        """
        maya: move it to Tuesday 27 October at 2pm for an hour
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. That time suits you both:
          1 hour with Alex Chen
          Tue 27 Oct 14:00-15:00 London | 10:00 New York
          …
        """,
    )
