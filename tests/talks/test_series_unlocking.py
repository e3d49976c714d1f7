"""When no session of a series is possible: buttons for what would make some of it possible."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_what_the_asker_can_set_aside_for_a_series_is_a_button() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: don't book me before 3pm
        > …
        maya: every Tuesday at 2pm with Alex for 3 weeks
        > No session of that series is possible: it is outside your hours. Which other day or time \
            would do?
          [Outside my hours, this once]
        maya presses [Outside my hours, this once]
        > For this once I also looked outside your hours. Every Tuesday at 14:00 London: all 3 \
            sessions suit you both, Tue 27 Oct to Tue 10 Nov.
          …
          [Offer the series] [Not this series]
        maya presses [Offer the series]
        everybody has read on
        alex presses [Accept the series]
        ~ Booked: every Tuesday at 14:00 London, 3 sessions.
        everybody has read on
        """,
    )
    assert len(await stage.meetings("maya")) == 3


async def test_another_person_is_asked_for_an_exception_and_decides() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        alex: don't book me before 11am
        > …
        maya: every Tuesday at 2pm with Alex for 3 weeks
        > No session of that series is possible: it is outside Alex's hours. Which other day or \
            time would do?
          [Ask Alex for an exception]
        maya presses [Ask Alex for an exception]
        > These would be exceptions: Alex is asked once you offer them, and decides. Every Tuesday \
            at 14:00 London: all 3 sessions suit you both, Tue 27 Oct to Tue 10 Nov.
          …
          [Offer the series] [Not this series]
        maya presses [Offer the series]
        ~ The series is offered to Alex Chen. I will tell you when they answer.
          …
        alex sees > Maya Patel would like to meet you every Tuesday at 14:00 London, 30 minutes \
            each: 3 sessions. Does that suit you?
          A series with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          Tue 3 Nov 09:00-09:30 New York | 14:00 London
          Tue 10 Nov 09:00-09:30 New York | 14:00 London
          The clocks change meanwhile. For you: 10:00 on Tue 27 Oct, 09:00 from Tue 3 Nov.
          Maya Patel asks for an exception, this once: it is outside the hours that you set. Your \
              hours stay as they are, and if you say no, nobody is told why.
          [Accept the series] [None of these]
        everybody has read on
        """,
    )


async def test_a_rule_of_the_programme_is_asked_about() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Saturday at 2pm with Alex for 3 weeks
        > No session of that series is possible: Aurora has no weekend sessions (a programme \
            setting; an administrator can change it). Which other day or time would do?
          [Ask for sessions on weekends]
        maya presses [Ask for sessions on weekends]
        > I have asked Dana Brooks: “Could Aurora allow sessions on weekends?” I do that once a \
            day at most.
        everybody has read on
        """,
    )


async def test_a_limit_that_is_reached_everywhere_is_set_aside_once() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 3 weeks
        > …
        maya presses [Offer the series]
        everybody has read on
        alex presses [Accept the series]
        everybody has read on
        maya: at most 1 session a week
        > …
        maya: every Thursday at 2pm with Alex for 3 weeks starting 29 October
        > No session of that series is possible: you have as many sessions then as you want at \
            most. Which other day or time would do?
          [One more than I want, this once]
        maya presses [One more than I want, this once]
        > For this once one more session than you want at most. Every Thursday at 14:00 London: \
            all 3 sessions suit you both, Thu 29 Oct to Thu 12 Nov.
          …
        maya presses [Offer the series]
        everybody has read on
        alex presses [Accept the series]
        everybody has read on
        """,
    )
    assert len(await stage.meetings("maya")) == 6
