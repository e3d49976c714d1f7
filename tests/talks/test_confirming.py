"""Who confirms a booking: the setting `booking.confirm` (Y1)."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_with_confirm_none_one_press_books() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Press it and it is booked.
          [Book Tue 27 Oct 14:00 London] [None of these] [Someone else]
        maya presses [Book Tue 27 Oct 14:00 London]
        ~ Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York).
        > Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York) with Alex Chen. …
        alex sees > Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London) with Maya Patel. …
        mail to maya: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 0
        """,
    )


async def test_with_confirm_none_whoever_cannot_be_checked_is_asked() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: book with Tom on Tuesday 27 October at 2pm
        > That time suits you:
          30 minutes with Tom Becker
          Tue 27 Oct 14:00-14:30 London | 15:00 Berlin · Tom to confirm
          Tom has not connected a calendar, so I could not check it.
          Offer it, and Tom Becker will be asked.
          [Offer Tue 27 Oct 14:00 London] [None of these]
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Tom Becker. I will tell you when they answer.
        tom sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        calendar of maya: nothing
        """,
    )


async def test_with_confirm_both_the_asker_is_asked_once_more() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "both")
    await play(
        stage,
        """
        maya: book with Alex next week
        > I took Alex Chen, your mentor. Between Mon 26 Oct and Fri 30 Oct, three times suit you \
            both:
        maya presses [Offer all three]
        ~ Offered to Alex Chen. I will tell you when they answer.
          …
          [Take it back]
        alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
        alex presses [Tue 27 Oct 11:00 New York]
        ~ Noted, Tue 27 Oct 11:00 New York. Still waiting for Maya Patel.
        maya sees ~ Your times have been answered, see below.
        maya sees > Alex Chen accepted. Is it still good for you?
          30 minutes with Alex Chen
          …
          Alex accepted Tue 27 Oct 15:00 London.
          [Tue 27 Oct 15:00 London] [Take it back]
        calendar of alex: nothing
        maya: yes
        ~ Booked: Tue 27 Oct 15:00-15:30 London (11:00 New York).
        > Booked: Tue 27 Oct 15:00-15:30 London (11:00 New York) with Alex Chen. …
        alex sees > Booked: Tue 27 Oct 11:00-11:30 New York (15:00 London) with Maya Patel. …
        alex sees ~ Booked: Tue 27 Oct 11:00-11:30 New York (15:00 London).
        mail to maya: Session with Alex Chen: Tue 27 Oct 15:00 London [details]
        mail to alex: Session with Maya Patel: Tue 27 Oct 11:00 New York [details]
        """,
    )
