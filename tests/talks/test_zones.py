"""Clocks that differ: a stay elsewhere, and a home that moves."""

from __future__ import annotations

from core.use_cases.identify import Profile, follow
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
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
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


async def test_once_a_stay_has_begun_the_days_after_it_are_on_the_clock_of_home() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        everybody has read on
        maya presses [Offer Tue 27 Oct 14:00 London]
        everybody has read on
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        maya: I'm in New York from today to Friday
        > Until Fri 23 Oct, that day included, I give you New York times; then London again.
        maya: what are my preferences?
        > Your preferences:
          …
          Zone: America/New_York; London again from Sat 24 Oct
          …
        maya: my sessions
        > Your next sessions:
          Alex Chen: Tue 27 Oct 14:00-14:30 London (10:00 New York)
          [Change Tue 27 Oct 14:00 London]
          …
        maya: move it to 3pm
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 15:00-15:30 London | 11:00 New York
          …
        maya: move it to Wednesday 28 October at 2pm
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. That time suits you both:
          30 minutes with Alex Chen
          Wed 28 Oct 14:00-14:30 London | 10:00 New York
          …
        maya: book with Alex Chen on Thursday 29 October at 2pm
        > That time suits you both:
          30 minutes with Alex Chen
          Thu 29 Oct 14:00-14:30 London | 10:00 New York
          …
        maya presses [Offer Thu 29 Oct 14:00 London]
        ~ Offered to Alex Chen. …
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
          …
        alex presses [Thu 29 Oct 10:00 New York]
        everybody has read on
        maya: book with Alex Chen on Thursday at 2pm
        > That time suits you both:
          30 minutes with Alex Chen
          Thu 22 Oct 14:00-14:30 New York
          …
        """,
    )


async def test_another_time_for_what_is_offered_after_a_stay_is_on_the_clock_of_home() -> None:
    await play(
        await aurora(),
        """
        alex: I'm in London from today to Friday
        everybody has read on
        maya: book with Alex on Tuesday 27 October at 2pm
        everybody has read on
        maya presses [Offer Tue 27 Oct 14:00 London]
        everybody has read on
        alex: Tuesday 11am instead
        ~ Newer times have replaced these.
        > …
        maya sees ~ Newer times have replaced these.
        maya sees > Alex Chen proposes another time instead, …
          30 minutes with Alex Chen
          Tue 27 Oct 15:00-15:30 London | 11:00 New York
          …
        """,
    )


SERIES = """
    maya: every Tuesday at 2pm with Alex for 3 weeks, starting 27 October
    everybody has read on
    maya presses [Offer the series]
    everybody has read on
    alex presses [Accept the series]
    everybody has read on
"""
ONE = """
    maya: book with Alex Chen on Thursday 29 October at 2pm
    everybody has read on
    maya presses [Offer Thu 29 Oct 14:00 London]
    everybody has read on
    alex presses [Thu 29 Oct 10:00 New York]
    everybody has read on
"""


async def test_who_has_moved_hears_once_what_is_outside_their_hours_on_the_new_clock() -> None:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await play(
        stage,
        SERIES,
        ONE,
        """
        alex: my zone is America/Los_Angeles
        everybody has read on
        9 minutes later
        alex sees nothing
        2 minutes later
        alex sees > Your clock is that of Los Angeles now. Sessions stay when they were agreed, \
            so 4 of yours to come are outside your hours or the programme's on it.
          Tue 27 Oct 07:00-07:30 Los Angeles (14:00 London) with Maya Patel, and 2 more of that \
            series, until Tue 10 Nov
          Thu 29 Oct 07:00-07:30 Los Angeles (14:00 London) with Maya Patel
          Nothing changes until somebody chooses. You can look for other times, or change your \
            hours, for example: “my hours are 07:00-15:00”.
          [Move Tue 27 Oct 07:00 Los Angeles] [Move the rest of the series] \
            [Move Thu 29 Oct 07:00 Los Angeles]
        30 minutes later
        alex sees nothing
        alex presses [Move the rest of the series]
        > To which time shall I move the series? For example: “move the series to 3pm” or “move \
            the series to Wednesdays at 10”.
        alex: move the series to 9am
        > Your series with Maya Patel is every Tuesday at 14:00 London so far. Every Tuesday at \
            09:00 Los Angeles: …
          …
        """,
    )


async def test_a_change_that_is_taken_back_says_nothing() -> None:
    await play(
        await aurora(),
        ONE,
        """
        alex: my zone is America/Los_Angeles
        everybody has read on
        alex presses [Undo]
        everybody has read on
        20 minutes later
        alex sees nothing
        """,
    )


async def test_nor_does_a_clock_on_which_the_sessions_still_suit_or_a_stay() -> None:
    await play(
        await aurora(),
        ONE,
        """
        alex: my zone is America/Chicago
        everybody has read on
        20 minutes later
        alex sees nothing
        maya: I'm in Los Angeles from today to Friday
        everybody has read on
        20 minutes later
        maya sees nothing
        """,
    )


async def test_what_was_moved_or_called_off_meanwhile_is_not_named() -> None:
    await play(
        await aurora(),
        ONE,
        """
        alex: my zone is America/Los_Angeles
        everybody has read on
        alex: cancel the session with Maya
        everybody has read on
        alex presses [Cancel the session]
        everybody has read on
        20 minutes later
        alex sees nothing
        """,
    )


async def test_so_does_who_has_changed_the_zone_of_their_profile() -> None:
    stage = await aurora()
    await play(stage, ONE)
    who = stage.incoming("alex").who
    for zone in ("America/New_York", "America/Los_Angeles"):
        await follow(stage.ports, Profile(who, "Alex Chen", "alex@example.org", zone=zone))
    await play(
        stage,
        """
        11 minutes later
        alex sees > Your clock is that of Los Angeles now. Sessions stay when they were agreed, \
            so 1 of yours to come is outside your hours or the programme's on it.
          Thu 29 Oct 07:00-07:30 Los Angeles (14:00 London) with Maya Patel
          …
          [Move Thu 29 Oct 07:00 Los Angeles]
        """,
    )


async def test_in_the_night_in_which_the_clock_goes_back_every_time_says_which_one_it_is() -> None:
    stage = await aurora()
    await stage.setting("hours", "00:00-24:00")
    await stage.setting("weekends", "on")
    await play(
        stage,
        """
        maya: book with Alex for 90 minutes on Sunday 25 October at 1am
        > I took Alex Chen, your mentor. That time suits you both:
          1 h 30 min with Alex Chen
          Sun 25 Oct 01:00 BST-01:30 GMT London | Sat 24 Oct 20:00 New York
          …
        maya presses [Offer Sun 25 Oct 01:00 BST London]
        everybody has read on
        alex presses [Sat 24 Oct 20:00 New York]
        ~ Booked: Sat 24 Oct 20:00-21:30 New York (Sun 25 Oct 01:00 BST London).
        everybody has read on
        maya: my sessions
        > Your next sessions:
          Alex Chen: Sun 25 Oct 01:00 BST-01:30 GMT London (Sat 24 Oct 20:00 New York)
          [Change Sun 25 Oct 01:00 BST London]
          …
        """,
    )
    (mail,) = [m for m in stage.mail.sent if m.to_name == "Maya Patel"]
    assert mail.subject == "Session with Alex Chen: Sun 25 Oct 01:00 BST London"
    assert "Sun 25 Oct 01:00 BST-01:30 GMT London (Sat 24 Oct 20:00 New York)" in mail.text
