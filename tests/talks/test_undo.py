"""Taking back what was just done: for ten minutes, and never after the other side has acted."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import Stage, aurora
from tests.talks.test_calendars import OPEN_HOME, with_a_second_account

OFFERED = """
    maya: book with Alex on Tuesday 27 October at 2pm
    > I took Alex Chen, your mentor. That time suits you both:
    maya presses [Offer Tue 27 Oct 14:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
"""
BOOKED = f"""{OFFERED}
    alex presses [Tue 27 Oct 10:00 New York]
    everybody has read on
"""
CANCELLED = f"""{BOOKED}
    maya: cancel my session with Alex
    maya presses [Cancel the session]
    everybody has read on
"""


async def test_an_offer() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        maya: undo
        ~ Taken back; Alex Chen can see that it needs no answer any more.
        > Undone: the times are taken back. Alex Chen can see that they need no answer any more.
        alex sees ~ This proposal was taken back; it needs no answer any more.
        maya: undo
        > There is nothing to undo.
        """,
    )
    assert await stage.proposals("alex") == ()


async def test_an_offer_that_was_answered() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: undo
        > Alex Chen has acted on it already, so I cannot take it back. You can still cancel or \
            move what is booked.
        alex: undo
        > Maya Patel and you have both agreed to that session. If it does not suit you any more, \
            cancel or move it.
          [Find another time] [Cancel]
        """,
    )
    assert len(stage.events("maya")) == 1


async def test_too_long_ago() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        11 minutes later
        maya: undo
        > That was more than ten minutes ago, so I leave it as it is. “what have I got?” shows \
            what you can still change.
        """,
    )
    assert len(await stage.proposals("alex")) == 1


async def test_a_booking_at_one_press() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Book Tue 27 Oct 14:00 London]
        everybody has read on
        maya: undo
        ~ This session was cancelled.
        > Undone: the session of Tue 27 Oct 14:00-14:30 London (10:00 New York) is cancelled, and \
            Alex Chen has been told.
        alex sees ~ This session was cancelled.
        alex sees > Maya Patel cancelled your session on Tue 27 Oct 10:00-10:30 New York (14:00 \
            London).
        mail to maya: Cancelled: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Cancelled: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        calendar of maya: nothing
        """,
    )


async def test_a_booking_that_the_other_has_moved() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Book Tue 27 Oct 14:00 London]
        alex: move my session an hour later
        alex presses [Book Tue 27 Oct 11:00 New York]
        everybody has read on
        maya: undo
        > Alex Chen has acted on it already, so I cannot take it back. You can still cancel or \
            move what is booked.
          [Find another time] [Cancel]
        """,
    )


async def test_a_cancellation_is_booked_anew() -> None:
    stage = await aurora()
    await play(
        stage,
        CANCELLED,
        """
        maya presses [Undo]
        > Undone: your session with Alex Chen on Tue 27 Oct 14:00-14:30 London (10:00 New York) is \
            booked again. A cancelled event cannot come back to a calendar, so it is a new one \
            with an invitation of its own.
        alex sees > Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London) with Maya Patel. …
        mail to maya: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        maya presses [Undo] again
        > That is not so any more, so there is nothing to take back.
        """,
    )
    old, new = await stage.meetings("maya")
    assert old.uid != new.uid


async def test_a_cancellation_whose_time_has_gone() -> None:
    stage = await aurora()
    await play(stage, CANCELLED)
    await stage.busy("alex", "2026-10-27 10:00", "2026-10-27 11:00")
    await play(
        stage,
        """
        maya: undo
        > I cannot book Tue 27 Oct 14:00-14:30 London (10:00 New York) again: Alex Chen is no \
            longer free then.
          [Find another time]
        alex sees nothing
        """,
    )


async def test_a_cancellation_without_the_other_s_calendar() -> None:
    stage = await aurora()
    await play(stage, CANCELLED)
    await stage.disconnect("alex")
    await play(
        stage,
        """
        maya: undo
        > I could not check the calendar of Alex Chen, so I do not book it again without asking. \
            Shall I look for a time?
          [Find another time]
        alex sees nothing
        """,
    )


async def test_an_old_button_takes_back_nothing_newer() -> None:
    stage = await aurora()
    await play(
        stage,
        CANCELLED,
        """
        maya: book with Alex on Thursday 29 October at 2pm
        maya presses [Offer Thu 29 Oct 14:00 London]
        everybody has read on
        maya presses [Undo]
        > That is not so any more, so there is nothing to take back.
        """,
    )
    assert len(await stage.proposals("alex")) == 1


async def test_the_newest_is_taken_back_be_it_a_preference() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        maya: 15 minutes between sessions
        > Saved: buffer 15 min, for all programmes.
        maya: undo
        > Undone: buffer 15 min.
        maya: undo
        > There is nothing to undo.
        """,
    )
    assert len(await stage.proposals("alex")) == 1


async def test_another_primary() -> None:
    stage, _ = await with_a_second_account()
    await play(
        stage,
        """
        maya: connect my calendar
        > This form is private: what you type in it is not kept in the chat.
        """,
        OPEN_HOME,
        """
        maya fills primary=Keep Work; secondary=Home; presses [Save]
        maya: undo
        everybody has read on
        maya: make my gmail the primary
        maya fills primary=Home; secondary=; presses [Save]
        everybody has read on
        maya: undo
        > Undone: your sessions go to the calendar they went to before.
        > Your calendar is connected.
          Sessions go to: Work (m…@example.org)
          Also block my time: Home (m…@home.example)
          …
        maya: undo
        > There is nothing to undo.
        """,
    )


async def booked_at_once() -> Stage:
    """Nobody has to confirm; a session is booked and moved."""
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Book Tue 27 Oct 14:00 London]
        maya: move it two hours later
        maya presses [Book Tue 27 Oct 16:00 London]
        everybody has read on
        """,
    )
    return stage


async def test_a_move() -> None:
    stage = await booked_at_once()
    (moved,) = await stage.meetings("maya")
    await play(
        stage,
        """
        9 minutes later
        maya: undo
        ~ This session has moved, see below.
        > Undone: the session with Alex Chen is on Tue 27 Oct 14:00-14:30 London (10:00 New \
            York) again, and Alex Chen has been told.
          When: Tue 27 Oct 14:00-14:30 London (10:00 New York)
          With: Alex Chen
          Where: https://meet.example.org/alex
          [Find another time] [Cancel]
        alex sees ~ This session has moved, see below.
        alex sees > Moved: your session with Maya Patel is now Tue 27 Oct 10:00-10:30 New York \
            (14:00 London). It is being written to your calendar, and the details come by mail.
        mail to maya: Moved: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Moved: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 2
        maya: undo
        > There is nothing to undo.
        """,
    )
    (back,) = await stage.meetings("maya")
    assert (back.uid, back.sequence) == (moved.uid, moved.sequence + 1)


async def test_a_move_whose_old_time_has_gone() -> None:
    stage = await booked_at_once()
    await stage.busy("alex", "2026-10-27 10:00", "2026-10-27 10:30")
    await play(
        stage,
        """
        maya: undo
        > I cannot move it back to Tue 27 Oct 14:00-14:30 London (10:00 New York): Alex Chen is \
            no longer free then. It stays where it is.
          [Find another time] [Cancel]
        """,
    )


async def test_a_move_after_ten_minutes() -> None:
    stage = await booked_at_once()
    await play(
        stage,
        """
        11 minutes later
        maya: undo
        > That was more than ten minutes ago, so I leave it as it is. “what have I got?” shows \
            what you can still change.
          [Find another time] [Cancel]
        """,
    )


async def test_a_move_that_the_other_has_changed() -> None:
    stage = await booked_at_once()
    await play(
        stage,
        """
        alex: move my session an hour later
        alex presses [Book Tue 27 Oct 13:00 New York]
        everybody has read on
        maya: undo
        > Alex Chen has acted on it already, so I cannot take it back. You can still cancel or \
            move what is booked.
          [Find another time] [Cancel]
        """,
    )


async def test_a_move_that_was_agreed_is_taken_back_by_who_agreed_last() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex: yes
        maya: move it two hours later
        maya presses [Offer Tue 27 Oct 16:00 London]
        alex: yes
        everybody has read on
        alex: undo
        ~ This session has moved, see below.
        > Undone: the session with Maya Patel is on Tue 27 Oct 10:00-10:30 New York (14:00 \
            London) again, and Maya Patel has been told.
        maya sees ~ This session has moved, see below.
        maya sees > Moved: your session with Alex Chen is now Tue 27 Oct 14:00-14:30 London \
            (10:00 New York). It is being written to your calendar, and the details come by mail.
        mail to maya: Moved: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Moved: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        """,
    )


async def test_a_series() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 3 weeks
        maya: yes
        everybody has read on
        maya: undo
        ~ This series has changed, see below.
        > Undone: the series with Alex Chen is called off, and Alex Chen has been told.
        alex sees ~ This series has changed, see below.
        alex sees > Maya Patel has ended your series, every Tuesday at 14:00 London. Nothing more \
            of it is to come.
        mail to maya: Cancelled: Session with Alex Chen: every Tuesday at 14:00 London [details]
        mail to alex: Cancelled: Session with Maya Patel: every Tuesday at 14:00 London [details]
        calendar of maya: nothing
        calendar of alex: nothing
        """,
    )


async def test_a_series_of_which_something_was_changed() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 3 weeks
        maya: yes
        alex: cancel the one on 3 November
        alex: yes
        everybody has read on
        maya: undo
        > Alex Chen has acted on it already, so I cannot take it back. You can still end the \
            series, or skip and move single sessions.
        """,
    )


async def test_a_series_that_was_ended() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 5 weeks
        maya presses [Offer the series]
        alex presses [Accept the series]
        maya: cancel the series
        maya presses [End the series]
        everybody has read on
        maya: undo
        > What was called off is gone from everybody's calendar, so I do not bring it back without \
            asking. Say “every Tuesday at 14:00 London with Alex Chen”, and for how long, and I \
            ask Alex Chen.
        maya: every Tuesday at 14:00 London with Alex Chen for 3 weeks
        > Every Tuesday at 14:00 London: all 3 sessions suit you both, Tue 27 Oct to Tue 10 Nov.
        """,
    )


async def test_days_in_another_zone() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: I'm in Lisbon from 2 to 6 November
        > From Mon 2 Nov to Fri 6 Nov I give you Lisbon times, …
        maya: undo
        > All right, I keep London times.
        clock: 2026-11-03 09:00
        maya sees nothing
        """,
    )
    assert (await stage.person("maya")).zone == "Europe/London"
