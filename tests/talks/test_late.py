"""Running late (A24): the partner hears of it at once, and only a choice changes anything."""

from __future__ import annotations

import pytest

from core.booking.meeting import MeetingState
from core.errors import Unavailable
from tests.talks.script import play
from tests.talks.stage import Stage, aurora

BOOKED = """
    maya: book with Alex on Tuesday 27 October at 2pm
    > I took Alex Chen, your mentor. That time suits you both:
    maya presses [Offer Tue 27 Oct 14:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
    alex presses [Tue 27 Oct 10:00 New York]
    everybody has read on
    clock: 2026-10-27 13:35
    everybody has read on
"""
TEN_LATE = """
    maya: running 10 late
    > I told Alex Chen that you come 10 minutes late. What shall become of the session?
      [Keep the end, 14:30] [Move to 14:10-14:40] [Shorten to 14:10-14:30] [Find another time]
    alex sees > Maya Patel is running 10 minutes late for your session of Tue 27 Oct 10:00-10:30 \
        New York (14:00 London). You can choose what becomes of it; until then nothing changes.
      [Keep the end, 10:30] [Move to 10:10-10:40] [Shorten to 10:10-10:30] [Find another time]
"""


async def booked() -> Stage:
    stage = await aurora()
    await play(stage, BOOKED)
    return stage


async def test_moved_by_ten_minutes_at_one_press() -> None:
    """SEQUENCE 1, one update for each; pressing again changes nothing more (A24)."""
    stage = await booked()
    await play(
        stage,
        TEN_LATE,
        """
        maya presses [Move to 14:10-14:40]
        ~ This session has moved, see below.
        > Done: the session is now Tue 27 Oct 14:10-14:40 London (10:10 New York). Everybody gets \
            one update.
          When: Tue 27 Oct 14:10-14:40 London (10:10 New York)
          …
        alex sees ~ This session has moved, see below.
        alex sees > Moved: your session with Maya Patel is now Tue 27 Oct 10:10-10:40 New York \
            (14:10 London). …
        mail to maya: Moved: Session with Alex Chen: Tue 27 Oct 14:10 London [details]
        mail to alex: Moved: Session with Maya Patel: Tue 27 Oct 10:10 New York [details]
        calendar of maya: Tue 27 Oct 14:10-14:40 London, Session with Alex Chen, 1
        calendar of alex: Tue 27 Oct 10:10-10:40 New York, Session with Maya Patel, 1
        maya presses [Move to 14:10-14:40] again
        > That has been settled already: the session is Tue 27 Oct 14:10-14:40 London (10:10 New \
            York).
        alex presses [Shorten to 10:10-10:30]
        > That has been settled already: the session is Tue 27 Oct 10:10-10:40 New York (14:10 \
            London).
        maya sees nothing
        """,
    )


async def test_the_partner_may_choose_as_well() -> None:
    stage = await booked()
    await play(
        stage,
        TEN_LATE,
        """
        alex presses [Shorten to 10:10-10:30]
        ~ This session has moved, see below.
        > Done: the session is now Tue 27 Oct 10:10-10:30 New York (14:10 London). Everybody gets \
            one update.
        mail to maya: Moved: Session with Alex Chen: Tue 27 Oct 14:10 London [details]
        mail to alex: Moved: Session with Maya Patel: Tue 27 Oct 10:10 New York [details]
        maya sees ~ This session has moved, see below.
        maya sees > Moved: your session with Alex Chen is now Tue 27 Oct 14:10-14:30 London \
            (10:10 New York). …
        """,
    )


async def test_the_end_stays_and_nothing_is_sent() -> None:
    stage = await booked()
    await play(
        stage,
        TEN_LATE,
        """
        maya: keep the end
        > All right: it begins 10 minutes late and ends as planned. I told Alex Chen.
        alex sees > Maya Patel: the session of Tue 27 Oct 10:00-10:30 New York (14:00 London) \
            begins 10 minutes late and ends as planned.
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        """,
    )


async def test_a_later_time_must_be_free() -> None:
    stage = await booked()
    await stage.busy("alex", "2026-10-27 10:45", "2026-10-27 11:30")
    await play(
        stage,
        """
        maya: I'll be 10 minutes late
        > I told Alex Chen that you come 10 minutes late. A later time is not possible: Alex Chen \
            is busy then. What shall become of the session?
          [Keep the end, 14:30] [Shorten to 14:10-14:30] [Find another time]
        alex sees > Maya Patel is running 10 minutes late for your session of Tue 27 Oct \
            10:00-10:30 New York (14:00 London). You can choose what becomes of it; until then \
            nothing changes.
          [Keep the end, 10:30] [Shorten to 10:10-10:30] [Find another time]
        """,
    )


async def test_it_fills_up_before_the_press() -> None:
    stage = await booked()
    await play(stage, TEN_LATE)
    await stage.busy("alex", "2026-10-27 10:45", "2026-10-27 11:30")
    await play(
        stage,
        """
        maya presses [Move to 14:10-14:40]
        > A later time is not possible: Alex Chen is busy then.
        maya: shorten
        ~ This session has moved, see below.
        > Done: the session is now Tue 27 Oct 14:10-14:30 London (10:10 New York). Everybody gets \
            one update.
        everybody has read on
        """,
    )


async def test_whose_calendar_cannot_be_read_chooses_themselves() -> None:
    stage = await booked()
    stage.calendars.fail(Unavailable("not now"), times=1, calendar_id=stage.shelves["alex"])
    await play(
        stage,
        """
        maya: running 10 late
        > I told Alex Chen that you come 10 minutes late. I could not check the calendar of Alex \
            Chen, who would have to choose a later time. What shall become of the session?
          [Keep the end, 14:30] [Shorten to 14:10-14:30] [Find another time]
        alex sees > Maya Patel is running 10 minutes late …
          [Keep the end, 10:30] [Move to 10:10-10:40] [Shorten to 10:10-10:30] [Find another time]
        alex presses [Move to 10:10-10:40]
        ~ This session has moved, see below.
        > Done: the session is now Tue 27 Oct 10:10-10:40 New York (14:10 London). Everybody gets \
            one update.
        everybody has read on
        """,
    )


async def test_how_late_is_asked() -> None:
    await play(
        await booked(),
        """
        maya: I'm running late
        > How late will you be?
          [5 minutes] [10 minutes] [15 minutes] [30 minutes]
        maya: 15 minutes
        > I told Alex Chen that you come 15 minutes late. What shall become of the session?
          …
        alex sees > Maya Patel is running 15 minutes late …
        """,
    )


async def test_the_same_again_is_told_once_another_delay_anew() -> None:
    await play(
        await booked(),
        TEN_LATE,
        """
        maya: running 10 late
        > I told Alex Chen that you come 10 minutes late. What shall become of the session?
        alex sees nothing
        maya: running 20 late
        > I told Alex Chen that you come 20 minutes late. What shall become of the session?
        alex sees ~ Maya Patel is running 20 minutes late …
        """,
    )


async def test_far_too_late() -> None:
    await play(
        await booked(),
        """
        maya: running 500 late
        > 500 minutes is more than late, so I told nobody yet. Shall I look for another time, or \
            cancel the session of Tue 27 Oct 14:00-14:30 London (10:00 New York)?
          [Find another time] [Cancel]
        alex sees nothing
        """,
    )


async def test_later_than_it_lasts() -> None:
    await play(
        await booked(),
        """
        maya: running 40 late
        > I told Alex Chen that you come 40 minutes late. What shall become of the session?
          [Move to 14:40-15:10] [Find another time]
        alex sees > Maya Patel is running 40 minutes late …
          [Move to 10:40-11:10] [Find another time]
        """,
    )


async def test_from_the_reminder() -> None:
    stage = await aurora()
    await play(stage, BOOKED.replace("clock: 2026-10-27 13:35", "clock: 2026-10-27 13:00"))
    await play(
        stage,
        """
        alex presses [I'm running late]
        > How late will you be?
        alex presses [5 minutes]
        > I told Maya Patel that you come 5 minutes late. What shall become of the session?
        maya sees > Alex Chen is running 5 minutes late …
        """,
    )


async def test_nothing_to_be_late_for() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: running 10 late
        > You have no session now or in the next two hours, so I told nobody.
        """,
        BOOKED.rsplit("clock", 1)[0],
        """
        maya: running 10 late
        > You have no session now or in the next two hours, so I told nobody. Your next one: Tue \
            27 Oct 14:00-14:30 London (10:00 New York) with Alex Chen.
        clock: 2026-10-27 15:00
        everybody has read on
        maya: running 10 late
        > You have no session now or in the next two hours, so I told nobody.
        """,
    )


async def test_which_of_two() -> None:
    await play(
        await booked(),
        """
        clock: 2026-10-27 09:00
        maya: book with Alex Romero today at 15:00
        maya presses [Offer Tue 27 Oct 15:00 London]
        romero presses [Tue 27 Oct 16:00 Madrid]
        clock: 2026-10-27 13:40
        everybody has read on
        maya: running 10 late
        > For which session are you late?
          [Alex Chen, Tue 27 Oct 14:00 London] [Alex Romero, Tue 27 Oct 15:00 London]
        maya: Romero
        > I told Alex Romero that you come 10 minutes late. What shall become of the session?
        romero sees > Maya Patel is running 10 minutes late …
        alex sees nothing
        """,
    )


async def test_after_it_was_called_off_and_by_a_stranger() -> None:
    stage = await booked()
    (meeting,) = await stage.meetings("maya")
    await play(stage, TEN_LATE)
    await stage.acts("sam", f"late:{meeting.id}:10")
    await stage.acts("sam", f"late:{meeting.id}:10:move:{meeting.start}")
    await play(
        stage,
        """
        sam sees > That is not a session of yours, so I have changed nothing.
        sam sees > That is not a session of yours, so I have changed nothing.
        maya: cancel my session with Alex
        maya: yes
        everybody has read on
        alex presses [Move to 10:10-10:40]
        > That session is over or was called off, so there is nothing to choose any more.
        maya sees nothing
        """,
    )
    (meeting,) = await stage.meetings("maya")
    assert meeting.state is MeetingState.CANCELLED


@pytest.mark.parametrize(
    ("said", "minutes"), [("5", 5), ("3", 3), ("12", 12), ("about 20 min", 20)]
)
async def test_how_late_is_answered_with_a_number(said: str, minutes: int) -> None:
    stage = await aurora()
    await play(
        stage,
        f"""
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex presses [Tue 27 Oct 10:00 New York]
        clock: 2026-10-27 13:55
        everybody has read on
        maya: I'm running late
        > How late will you be?
        maya: {said}
        > I told Alex Chen that you come {minutes} minutes late. …
        everybody has read on
        """,
    )
