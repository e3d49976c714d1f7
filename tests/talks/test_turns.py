"""Early and late hours of a series across zones, taken in turn when that is asked for."""

from __future__ import annotations

from datetime import date

from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora


async def without_the_world_around() -> Stage:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await stage.setting("checkin", "off")
    return stage


async def test_every_other_session_is_at_a_second_time() -> None:
    stage = await without_the_world_around()
    await play(
        stage,
        """
        clock: 2026-11-02 09:00
        maya: every Tuesday at 2pm with Alex for 4 weeks, and rotate early and late
        > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 4 sessions suit you \
            both, Tue 3 Nov to Tue 24 Nov.
          A series with Alex Chen
          Tue 3 Nov 14:00-14:30 London | 09:00 New York · early for Alex
          Tue 10 Nov 16:30-17:00 London | 11:30 New York · late for you
          Tue 17 Nov 14:00-14:30 London | 09:00 New York · early for Alex
          Tue 24 Nov 16:30-17:00 London | 11:30 New York · late for you
          Turns: 14:00 and 16:30 in London, one session after the other, so that the early and \
              late hours are shared. In calendars it is one series at 14:00; the sessions at \
              16:30 stand in it as moved on their days.
          Nobody else has seen this yet. Alex Chen can accept the series as a whole.
          [Offer the series] [Not this series]
        maya presses [Offer the series]
        ~ The series is offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you every Tuesday at 14:00 London, 30 minutes \
            each: 4 sessions. Does that suit you?
          A series with Maya Patel
          Tue 3 Nov 09:00-09:30 New York | 14:00 London · early for you
          Tue 10 Nov 11:30-12:00 New York | 16:30 London · late for Maya
          Tue 17 Nov 09:00-09:30 New York | 14:00 London · early for you
          Tue 24 Nov 11:30-12:00 New York | 16:30 London · late for Maya
          Turns: 14:00 and 16:30 in London, one session after the other, so that the early and \
              late hours are shared. In calendars it is one series at 14:00; the sessions at \
              16:30 stand in it as moved on their days.
          [Accept the series] [None of these]
        """,
        """
        alex presses [Accept the series]
        ~ Booked: every Tuesday at 14:00 London, 4 sessions.
        > Booked: every Tuesday at 14:00 London with Maya Patel, 4 sessions, Tue 3 Nov to Tue 24 \
            Nov. 2 of them are at 16:30 London, in turn. It is being written to your calendar, \
            and the details come by mail.
        everybody has read on
        """,
    )
    starts = [m.start for m in await stage.meetings("maya")]
    assert starts == [
        at("2026-11-03 14:00"),
        at("2026-11-10 16:30"),
        at("2026-11-17 14:00"),
        at("2026-11-24 16:30"),
    ]
    for who in ("maya", "alex"):
        (event,) = stage.events(who)
        assert event.recurrence is not None
        moved = [(one.day, one.start) for one in event.recurrence.moved]
        assert moved == [(date(2026, 11, 10), starts[1]), (date(2026, 11, 24), starts[3])]


async def test_where_a_turn_is_taken_the_other_time_steps_in() -> None:
    stage = await without_the_world_around()
    await stage.busy("alex", "2026-11-10 11:00", "2026-11-10 13:00")
    await stage.busy("maya", "2026-11-24 13:00", "2026-11-24 17:00")
    await play(
        stage,
        """
        clock: 2026-11-02 09:00
        maya: every Tuesday at 2pm with Alex for 4 weeks, taking turns with the early hour
        > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: 3 of 4 sessions suit you \
            both.
          A series with Alex Chen
          Tue 3 Nov 14:00-14:30 London | 09:00 New York · early for Alex
          Tue 10 Nov 14:00-14:30 London | 09:00 New York · early for Alex
          Tue 17 Nov 17:00-17:30 London | 12:00 New York · late for you
          Turns: 14:00 and 17:00 in London, …
          Tue 24 Nov 14:00 London: one of your calendars is busy then. It is left out unless you \
              choose something else below.
          …
        """,
    )


async def test_an_hour_that_is_easy_for_both_needs_no_turns() -> None:
    stage = await without_the_world_around()
    await play(
        stage,
        """
        clock: 2026-11-02 09:00
        maya: every Tuesday at 3pm with Alex for 4 weeks and rotate early and late
        > I took Alex Chen, your mentor. Every Tuesday at 15:00 London: all 4 sessions suit you \
            both, Tue 3 Nov to Tue 24 Nov.
          …
          You asked for turns: 15:00 London is early or late for nobody, so there are none to take.
          …
        maya: weekly with Alex for a month, share the early hours
        > I took Alex Chen, your mentor. Every Tuesday at 14:30 London: …
          …
          You asked for turns: 14:30 London is early or late for nobody, so there are none to take.
          …
        """,
    )
