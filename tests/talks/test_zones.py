"""Clocks that differ: a stay elsewhere, and a home that moves."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_a_session_during_a_stay_is_on_the_clock_there_in_chat_and_mail_and_lists() -> None:
    await play(
        await aurora(),
        """
        alex: I'm in London from 2 to 6 November
        everybody has read on
        maya: I'm in New York from 2 to 6 November
        > From Mon 2 Nov to Fri 6 Nov I give you New York times; …
        maya: book with Alex on Wednesday 4 November at 9am
        > I took Alex Chen, your mentor. That time suits you both:
          30 minutes with Alex Chen
          Wed 4 Nov 09:00-09:30 New York | 14:00 London
          …
        maya presses [Offer Wed 4 Nov 09:00 New York]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
          30 minutes with Maya Patel
          Wed 4 Nov 14:00-14:30 London | 09:00 New York
          [Wed 4 Nov 14:00 London] [None of these]
        alex presses [Wed 4 Nov 14:00 London]
        ~ Booked: Wed 4 Nov 14:00-14:30 London (09:00 New York).
        > Booked: Wed 4 Nov 14:00-14:30 London (09:00 New York) with Maya Patel. It is being \
            written to your calendar, and the details come by mail.
          When: Wed 4 Nov 14:00-14:30 London (09:00 New York)
          …
        maya sees > Booked: Wed 4 Nov 09:00-09:30 New York (14:00 London) with Alex Chen. It is \
            being written to your calendar, and the details come by mail.
          When: Wed 4 Nov 09:00-09:30 New York (14:00 London)
          …
        maya sees ~ Booked: Wed 4 Nov 09:00-09:30 New York (14:00 London).
        mail to alex: Session with Maya Patel: Wed 4 Nov 14:00 London [details]
        mail to maya: Session with Alex Chen: Wed 4 Nov 09:00 New York [details]
        calendar of maya: Wed 4 Nov 14:00-14:30 London, Session with Alex Chen, 0
        maya: my sessions
        > Your next sessions:
          Alex Chen: Wed 4 Nov 09:00-09:30 New York (14:00 London)
          [Change Wed 4 Nov 09:00 New York]
          …
        """,
    )
