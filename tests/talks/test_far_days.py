"""Days that are so far away that the weekday and the date do not say which year is meant."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_a_day_of_another_year_has_its_year_from_the_question_to_the_list() -> None:
    stage = await aurora()
    await stage.setting("horizon", "365 d")
    await play(
        stage,
        """
        maya: book with Alex on 15 October 2027 at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
          30 minutes with Alex Chen
          Fri 15 Oct 2027 14:00-14:30 London | 09:00 New York
          …
          [Offer Fri 15 Oct 2027 14:00 London] [None of these] [Someone else]
        maya presses [Offer Fri 15 Oct 2027 14:00 London]
        everybody has read on
        alex presses [Fri 15 Oct 2027 09:00 New York]
        everybody has read on
        maya: my sessions
        > Your next sessions:
          Alex Chen: Fri 15 Oct 2027 14:00-14:30 London (09:00 New York)
          [Change Fri 15 Oct 2027 14:00 London]
          …
        maya: cancel my session with Alex
        > Cancel your session with Alex Chen on Fri 15 Oct 2027 14:00-14:30 London (09:00 \
            New York)? …
          …
        maya presses [Cancel the session]
        everybody has read on
        """,
    )


async def test_a_day_of_another_year_that_cannot_be_has_its_year_in_the_reason() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex on 29 February 2028
        > I took Alex Chen, your mentor. On Tue 29 Feb 2028 nothing fits: Aurora books at most 60 \
            days ahead. I found nothing in the days around it either.
        maya: book with Alex on 20 October 2028 at 2pm
        > I took Alex Chen, your mentor. Fri 20 Oct 2028 14:00-14:30 London (09:00 New York) does \
            not work: Aurora books at most 60 days ahead. I found nothing in the days around it \
            either.
        """,
    )
