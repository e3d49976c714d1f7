"""Sentences that go on with what was said, and those that only seem to answer."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_naming_an_offered_day_is_no_yes() -> None:
    """A leave that covers an offered day must be kept as leave, not taken for an answer."""
    await play(
        await aurora(),
        """
        maya: book with Alex next week
        > I took Alex Chen, your mentor. …
        maya presses [Offer all three]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
        alex: I'm away until 28 October
        > Saved: away Tue 20 Oct to Wed 28 Oct (you get no reminders meanwhile), for all programmes.
          [Undo]
        maya: I'm away until 25 October
        > Saved: away Tue 20 Oct to Sun 25 Oct (you get no reminders meanwhile), for all programmes.
          [Undo]
        """,
    )


async def test_corrections_go_on_with_what_was_said() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex next Friday
        > I took Alex Chen, your mentor. On Fri 30 Oct, three times suit you both:
        maya: no, the other Alex
        ~ Newer times have replaced these.
        > On Fri 30 Oct, three times suit you both:
          30 minutes with Alex Romero
          …
        maya: make it 45
        ~ Newer times have replaced these.
        > On Fri 30 Oct, three times suit you both:
          45 minutes with Alex Romero
          …
        everybody has read on
        """,
    )


async def test_the_other_reading_is_one_button_away() -> None:
    """Said on a Tuesday, "next Tuesday" is that of next week; "at 3" is in the afternoon."""
    await play(
        await aurora(),
        """
        maya: book with Alex next Thursday
        > I took Alex Chen, your mentor. On Thu 29 Oct, three times suit you both:
          …
          … [I meant Thu 22 Oct 2026] …
        maya presses [I meant Thu 22 Oct 2026]
        ~ Newer times have replaced these.
        > On Thu 22 Oct, three times suit you both:
        """,
    )
