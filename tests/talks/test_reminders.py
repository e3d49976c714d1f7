"""What comes before and after a session by itself: reminders, and whether it took place."""

from __future__ import annotations

from core.booking.meeting import MeetingState
from tests.talks.script import play
from tests.talks.stage import aurora

BOOKED = """
    maya: book with Alex on Tuesday 27 October at 2pm
    > I took Alex Chen, your mentor. That time suits you both:
    maya presses [Offer Tue 27 Oct 14:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
    alex presses [Tue 27 Oct 10:00 New York]
    everybody has read on
"""
ASKED = """
    alex sees > Did your session with Maya Patel on Tue 27 Oct 10:00-10:30 New York (14:00 London) \
        take place?
      If I hear nothing for a week, I take it that it did.
      [Yes] [No]
"""


async def test_a_day_and_an_hour_before() -> None:
    await play(
        await aurora(),
        BOOKED,
        """
        clock: 2026-10-26 13:59
        maya sees nothing
        clock: 2026-10-26 14:00
        maya sees > Your session with Alex Chen is on Tue 27 Oct 14:00-14:30 London (10:00 New \
            York).
          When: Tue 27 Oct 14:00-14:30 London (10:00 New York)
          With: Alex Chen
          Where: https://meet.example.org/alex
          [I'm running late] [Move it]
        alex sees > Your session with Maya Patel is on Tue 27 Oct 10:00-10:30 New York (14:00 \
            London).
        clock: 2026-10-27 13:00
        maya sees ~ You were reminded of this session once more, see below.
        maya sees > Your session with Alex Chen begins in 1 hour: Tue 27 Oct 14:00-14:30 London \
            (10:00 New York).
        alex sees ~ You were reminded of this session once more, see below.
        alex sees > Your session with Maya Patel begins in 1 hour: Tue 27 Oct 10:00-10:30 New York \
            (14:00 London).
        clock: 2026-10-27 14:20
        everybody has read on
        """,
    )


async def test_who_wants_it_otherwise_gets_it_otherwise() -> None:
    await play(
        await aurora(),
        BOOKED,
        """
        maya: remind me two hours before
        > Saved: reminders 2 h before each session, for all programmes.
          [Undo]
        alex: no reminders for sessions
        > Saved: no reminders before sessions, for all programmes.
        maya: what are my preferences?
        > Your preferences:
          …
          Reminders before sessions: 2 h
        clock: 2026-10-26 15:00
        maya sees nothing
        clock: 2026-10-27 12:00
        maya sees > Your session with Alex Chen begins in 2 hours: Tue 27 Oct 14:00-14:30 London \
            (10:00 New York).
        clock: 2026-10-27 13:30
        alex sees nothing
        """,
    )


async def test_what_was_wished_is_taken_back() -> None:
    await play(
        await aurora(),
        BOOKED,
        """
        maya: remind me 30 minutes before my sessions
        > Saved: reminders 30 min before each session, for all programmes.
        maya: undo
        > Undone: reminders 30 min before each session.
        maya: undo
        > There is nothing to undo.
        clock: 2026-10-26 14:00
        maya sees > Your session with Alex Chen is on Tue 27 Oct 14:00-14:30 London (10:00 New \
            York).
        everybody has read on
        """,
    )


async def test_what_cannot_be_wished_is_said() -> None:
    await play(
        await aurora(),
        """
        maya: remind me 2 minutes before
        > I can remind you from 5 minutes to 14 days before a session, at most five times. For \
            example: remind me 2 hours before.
        maya: remind me sometime before
        > I can remind you from 5 minutes to 14 days before a session, at most five times. For \
            example: remind me 2 hours before.
        """,
    )


async def test_nobody_is_reminded_of_what_has_moved_or_is_off() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: cancel my session with Alex
        maya: yes
        everybody has read on
        """,
    )
    await play(stage, "clock: 2026-10-27 15:00", "maya sees nothing", "alex sees nothing")


async def test_nobody_is_reminded_who_has_left() -> None:
    stage = await aurora()
    await play(stage, BOOKED)
    await stage.change("maya", active=False)
    await play(
        stage,
        """
        clock: 2026-10-26 14:00
        alex sees > Your session with Maya Patel is on Tue 27 Oct 10:00-10:30 New York (14:00 \
            London).
        maya sees nothing
        """,
    )


async def test_a_reminder_comes_in_ones_hours() -> None:
    """Monday at 8 in New York: the day before is a Sunday, the hour before is night."""
    await play(
        await aurora(),
        """
        maya: book with Alex on Monday 26 October at 12:00
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Mon 26 Oct 12:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        alex presses [Mon 26 Oct 08:00 New York]
        everybody has read on
        clock: 2026-10-23 17:58
        maya sees > Your session with Alex Chen is on Mon 26 Oct 12:00-12:30 London (08:00 New \
            York).
        alex sees nothing
        clock: 2026-10-23 21:59
        alex sees > Your session with Maya Patel is on Mon 26 Oct 08:00-08:30 New York (12:00 \
            London).
        clock: 2026-10-26 11:30
        maya sees ~ You were reminded of this session once more, see below.
        maya sees > Your session with Alex Chen begins in 30 minutes: Mon 26 Oct 12:00-12:30 \
            London (08:00 New York).
        alex sees nothing
        """,
    )


async def test_it_took_place() -> None:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await play(
        stage,
        BOOKED,
        "clock: 2026-10-27 14:40",
        ASKED,
        """
        maya sees nothing
        alex presses [Yes]
        ~ Thank you! Noted: it took place.
        """,
    )
    (meeting,) = await stage.meetings("maya")
    assert meeting.state is MeetingState.HELD


async def test_it_did_not_take_place() -> None:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await play(
        stage,
        BOOKED,
        "clock: 2026-10-27 14:40",
        ASKED,
        """
        alex presses [No]
        ~ Noted: it did not take place, so it does not count. Shall I look for another time?
          [Find another time]
        clock: 2026-11-10 15:00
        alex sees nothing
        """,
    )
    (meeting,) = await stage.meetings("maya")
    assert (meeting.state, meeting.sequence) == (MeetingState.MISSED, 0)


async def test_what_is_answered_is_what_counts() -> None:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await stage.setting("sessions", "2")
    await play(
        stage,
        BOOKED,
        "clock: 2026-10-27 14:40",
        ASKED,
        """
        alex presses [No]
        everybody has read on
        dana: admin aurora session counts
        > Aurora gives each pair 2 sessions; …
          Mentor | Mentee | Used or booked | Held | Missed | Next
          Alex Chen | Maya Patel | 0 of 2 | 0 | 1 | none
          …
        """,
    )
    (meeting,) = await stage.meetings("maya")
    await stage.acts("alex", f"held:{meeting.id}:yes")
    await play(
        stage,
        """
        everybody has read on
        dana: admin aurora session counts
        > Aurora gives each pair 2 sessions; …
          Mentor | Mentee | Used or booked | Held | Missed | Next
          Alex Chen | Maya Patel | 1 of 2 | 1 | 0 | none
          …
        """,
    )


async def test_a_week_of_silence_is_a_yes() -> None:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await play(stage, BOOKED, "clock: 2026-10-27 14:40", ASKED, "clock: 2026-11-03 14:31")
    (meeting,) = await stage.meetings("maya")
    assert meeting.state is MeetingState.HELD


async def test_where_nobody_is_to_be_asked() -> None:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await stage.setting("checkin", "off")
    await play(stage, BOOKED, "clock: 2026-10-28 14:40", "alex sees nothing")
    await play(stage, "clock: 2026-11-03 14:31")
    (meeting,) = await stage.meetings("maya")
    assert meeting.state is MeetingState.HELD


async def test_too_early_and_by_a_stranger() -> None:
    stage = await aurora()
    await play(stage, BOOKED)
    (meeting,) = await stage.meetings("maya")
    await stage.acts("alex", f"held:{meeting.id}:yes")
    await stage.acts("sam", f"held:{meeting.id}:yes")
    await play(
        stage,
        """
        alex sees > That session is not over yet.
        sam sees > That is not a session of yours, so I have changed nothing.
        """,
    )
    assert await stage.meetings("maya") == (meeting,)


async def test_reminders_that_waited_together_are_one() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        clock: 2026-10-27 13:50
        maya sees > Your session with Alex Chen begins in 10 minutes: Tue 27 Oct 14:00-14:30 \
            London (10:00 New York).
        maya sees nothing
        everybody has read on
        """,
    )
