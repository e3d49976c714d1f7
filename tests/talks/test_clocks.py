"""A standing time and the weeks in which Europe and the USA keep other clocks than before.

Europe leaves summer time on Sunday 25 October 2026, the USA a week later.
"""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora

WEEKLY = """
    clock: 2026-10-06 09:00
    maya: every Tuesday at 2pm with Alex for 6 weeks
    > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 6 sessions suit you both, \
        Tue 13 Oct to Tue 17 Nov.
    maya presses [Offer the series]
    ~ The series is offered to Alex Chen. I will tell you when they answer.
    alex presses [Accept the series]
    everybody has read on
"""
ASKED = """
    clock: 2026-10-20 11:59
    alex sees nothing
    clock: 2026-10-20 12:00
    alex sees > The clocks change in London on Sun 25 Oct. Your series with Maya Patel, every \
        Tuesday at 14:00 London, is 1 hour later on your clock from then on: Tue 27 Oct 10:00 New \
        York instead of 09:00.
      Tue 27 Oct 10:00-10:30 New York (14:00 London): you are busy then.
      What shall become of these sessions? Nothing changes until somebody chooses.
      [Keep them as they are] [Keep 09:00 New York for me] [Move Tue 27 Oct 10:00 New York]
"""


async def with_a_series() -> Stage:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await stage.setting("checkin", "off")
    await play(stage, WEEKLY)
    return stage


async def with_a_clash() -> Stage:
    """Alex has something else at 10:00 on the one Tuesday that comes at 10:00."""
    stage = await with_a_series()
    await stage.busy("alex", "2026-10-27 10:00", "2026-10-27 11:00")
    return stage


async def test_what_still_suits_is_not_asked_about() -> None:
    """Both changes were shown when the series was booked, and nothing is in their way."""
    stage = await with_a_series()
    await play(
        stage, "clock: 2026-10-20 12:00", "clock: 2026-10-27 13:30", "clock: 2026-11-03 13:30"
    )


async def test_a_clash_is_asked_about_once_and_kept() -> None:
    stage = await with_a_clash()
    await play(
        stage,
        ASKED,
        """
        maya sees nothing
        alex presses [Keep them as they are]
        ~ Noted: nothing changes, they stay every Tuesday at 14:00 London.
        clock: 2026-10-21 12:00
        clock: 2026-10-27 13:30
        alex sees nothing
        maya sees nothing
        calendar of alex: Tue 13 Oct 09:00-09:30 New York, Session with Maya Patel, 0
        """,
    )


async def test_ones_own_time_of_day_is_kept_when_the_other_agrees() -> None:
    stage = await with_a_clash()
    await play(
        stage,
        ASKED,
        """
        alex presses [Keep 09:00 New York for me]
        > So that it stays 09:00 New York for you, Maya Patel would have to agree to another \
            time on their clock.
        > Your session of Tue 27 Oct 10:00-10:30 New York (14:00 London) stays where it is until \
            a new time is accepted. That time suits you both:
        alex presses [Offer Tue 27 Oct 09:00 New York]
        ~ Offered to Maya Patel. I will tell you when they answer.
        maya sees > Alex Chen would like to move your session of Tue 27 Oct 14:00-14:30 London \
            (10:00 New York). Does it suit you?
        maya presses [Tue 27 Oct 13:00 London]
        everybody has read on
        """,
    )
    times = {m.start for m in await stage.meetings("maya")}
    assert at("2026-10-27 13:00") in times
    assert at("2026-10-27 14:00") not in times
    assert at("2026-11-03 14:00") in times


async def test_several_sessions_keep_ones_own_time_of_day_at_once() -> None:
    """In spring the USA change two weeks before Europe: two sessions come at eleven, not at ten.

    Alex has something else then on both days.
    """
    stage = await aurora()
    await stage.setting("reminders", "none")
    await stage.setting("checkin", "off")
    await play(
        stage,
        """
        clock: 2027-02-22 09:00
        maya: every Tuesday at 3pm with Alex for 6 weeks
        maya presses [Offer the series]
        alex presses [Accept the series]
        everybody has read on
        """,
    )
    await stage.busy("alex", "2027-03-16 11:00", "2027-03-16 12:00")
    await stage.busy("alex", "2027-03-23 11:00", "2027-03-23 12:00")
    await play(
        stage,
        """
        clock: 2027-03-09 13:00
        alex sees > The clocks change in New York on Sun 14 Mar. Your series with Maya Patel, \
            every Tuesday at 15:00 London, is 1 hour later on your clock from then on: Tue 16 Mar \
            11:00 New York instead of 10:00.
          Tue 16 Mar 11:00-11:30 New York (15:00 London): you are busy then.
          Tue 23 Mar 11:00-11:30 New York (15:00 London): you are busy then.
          What shall become of these sessions? Nothing changes until somebody chooses.
          [Keep them as they are] [Keep 10:00 New York for me] [Move Tue 16 Mar 11:00 New York] \
              [Move Tue 23 Mar 11:00 New York]
        alex presses [Keep 10:00 New York for me]
        > So that it stays 10:00 New York for you, Maya Patel would have to agree to another \
            time on their clock.
        > Your series with Maya Patel is every Tuesday at 15:00 London so far. Every Tuesday at \
            14:00 London: all 2 sessions suit you both, Tue 16 Mar to Tue 23 Mar.
        alex presses [Offer the change]
        ~ The change is offered to Maya Patel. Until they accept it, everything stays as it is.
        maya sees > Alex Chen would like to move …
        maya presses [Accept the change]
        everybody has read on
        """,
    )
    starts = [m.start for m in await stage.meetings("maya") if m.start > at("2027-03-10 00:00")]
    assert starts == [
        at("2027-03-16 14:00"),
        at("2027-03-23 14:00"),
        at("2027-03-30 14:00"),  # three in London again, ten in New York
    ]


async def test_one_session_is_moved_elsewhere_and_an_old_button_says_so() -> None:
    stage = await with_a_clash()
    await play(
        stage,
        ASKED,
        """
        alex presses [Move Tue 27 Oct 10:00 New York]
        > Your session of Tue 27 Oct 10:00-10:30 New York (14:00 London) stays where it is until \
            a new time is accepted. Three times suit you both:
        maya: cancel my session with Alex on 27 October
        maya: yes
        everybody has read on
        alex presses [Keep them as they are]
        ~ Those sessions have changed meanwhile, so there is nothing to decide any more.
        """,
    )


async def test_what_was_called_off_or_moved_before_is_not_asked_about() -> None:
    stage = await with_a_clash()
    await play(
        stage,
        """
        maya: skip the one on 27 October
        maya: yes
        everybody has read on
        clock: 2026-10-20 12:00
        alex sees nothing
        clock: 2026-10-27 15:00
        alex sees nothing
        """,
    )


async def test_a_series_that_was_ended_is_not_asked_about() -> None:
    stage = await with_a_clash()
    await play(
        stage,
        """
        maya: end the series with Alex
        maya: yes
        everybody has read on
        clock: 2026-10-20 12:00
        alex sees nothing
        """,
    )


async def test_hours_that_are_left() -> None:
    """Alex works from nine to half past nine: at ten he no longer does."""
    stage = await with_a_series()
    await play(
        stage,
        """
        alex: no meetings after 10
        everybody has read on
        clock: 2026-10-20 12:00
        alex sees > The clocks change in London on Sun 25 Oct. Your series with Maya Patel, every \
            Tuesday at 14:00 London, is 1 hour later on your clock from then on: Tue 27 Oct 10:00 \
            New York instead of 09:00.
          Tue 27 Oct 10:00-10:30 New York (14:00 London): that is outside your hours or the \
              programme's.
          …
        """,
    )


async def test_a_calendar_that_cannot_be_read_is_not_taken_for_free() -> None:
    stage = await with_a_series()
    await stage.disconnect("alex")
    await play(
        stage,
        """
        clock: 2026-10-20 12:00
        alex sees > The clocks change in London on Sun 25 Oct. Your series with Maya Patel, every \
            Tuesday at 14:00 London, is 1 hour later on your clock from then on: Tue 27 Oct 10:00 \
            New York instead of 09:00.
          Tue 27 Oct 10:00-10:30 New York (14:00 London): I cannot read your calendar, so I do \
              not know whether you are free.
          …
        """,
    )


async def test_a_series_that_keeps_the_other_wall_from_now_on() -> None:
    """Moved to half past nine in New York, it is Maya for whom the clock change moves it."""
    stage = await with_a_series()
    await play(
        stage,
        """
        alex: change the rest of the series to 9:30
        > Your series with Maya Patel is every Tuesday at 14:00 London so far. Every Tuesday at \
            09:30 New York: all 6 sessions suit you both, Tue 13 Oct to Tue 17 Nov.
        alex presses [Offer the change]
        maya presses [Accept the change]
        everybody has read on
        """,
    )
    await stage.busy("maya", "2026-10-27 13:00", "2026-10-27 14:00")
    await play(
        stage,
        """
        clock: 2026-10-20 07:00
        maya sees > The clocks change in London on Sun 25 Oct. Your series with Alex Chen, every \
            Tuesday at 09:30 New York, is 1 hour earlier on your clock from then on: Tue 27 Oct \
            13:30 London instead of 14:30.
          Tue 27 Oct 13:30-14:00 London (09:30 New York): you are busy then.
          …
        clock: 2026-10-20 13:00
        alex sees nothing
        """,
    )


async def test_a_stranger_cannot_press_it() -> None:
    stage = await with_a_clash()
    (meeting,) = [m for m in await stage.meetings("maya") if m.start == at("2026-10-27 14:00")]
    await stage.acts("sam", f"clocks:keep:{meeting.series}:{at('2026-10-25 01:00')}")
    await stage.acts("alex", f"clocks:keep:{meeting.series}:{'9' * 40}")
    await play(
        stage,
        """
        sam sees > …
        alex sees > …
        """,
    )
