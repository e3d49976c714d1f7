"""Somebody cannot come on a day: their session, the times that are open, and never their hours."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora

TUESDAY = """
    maya: book Alex Tuesday 27 October 2pm
    > …
    maya: yes
    alex: yes
    everybody has read on
"""
ASKED = """
    > Your session with Alex Chen is Tue 27 Oct 14:00-14:30 London (10:00 New York). Shall I look \
        for another time, or cancel it? Until you choose, everything stays as it is.
      [Find another time] [Cancel]
"""


async def unchanged(stage: Stage) -> None:
    """The hours are as they were, and the session stands."""
    assert (await stage.person("maya")).hours is None
    assert [m.start for m in await stage.meetings("maya")] == [
        at("2026-10-27 14:00", "Europe/London")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I can't make it on Tuesday",
        "cant do tuesday sorry",
        "my session on Tuesday doesn't work",
        "I cannot come on 27 October",
        "im busy on tuesday",
        "I can't do 2pm",
        "tuesday 2pm doesn't work for me",
    ],
)
async def test_their_session_of_that_day_is_moved_or_cancelled_as_they_choose(text: str) -> None:
    stage = await aurora()
    await play(stage, TUESDAY, f"maya: {text}", ASKED)
    await unchanged(stage)


async def test_what_is_chosen_may_be_typed() -> None:
    stage = await aurora()
    await play(
        stage,
        TUESDAY,
        "maya: I can't make it on Tuesday",
        ASKED,
        """
        maya: cancel
        > Cancel your session with Alex Chen on Tue 27 Oct 14:00-14:30 London (10:00 New York)? \
            Everybody gets a cancellation.
        maya: no
        > …
        """,
    )
    await unchanged(stage)


async def test_with_a_wish_to_move_it_times_are_looked_for_at_once() -> None:
    stage = await aurora()
    await play(
        stage,
        TUESDAY,
        """
        maya: I can't do Tuesday, can we move it
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. Between Wed 28 Oct and Sat 26 Dec, three times suit you both:
        maya: I can't make Tuesday, can we do Wednesday instead
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. On Wed 28 Oct, three times suit you both:
        """,
    )
    await unchanged(stage)


async def test_times_just_found_are_looked_for_on_other_days() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book Alex next week
        > …
        maya: I can't do Tuesday
        ~ Newer times have replaced these.
        > On Mon 26 Oct, Wed 28 Oct or Fri 30 Oct, three times suit you both:
        """,
    )
    assert (await stage.person("maya")).hours is None


async def test_an_offered_time_of_that_day_is_answered_with_others() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        alex: book Maya next week
        > …
        alex: yes
        everybody has read on
        maya: I can't make it on Monday, can we do Friday instead
        ~ Newer times have replaced these.
        > These times fit that for you both. Offered to Alex Chen. I will tell you when they answer.
        everybody has read on
        """,
    )
    assert (await stage.person("maya")).hours is None


async def test_without_a_session_they_are_away_that_day_alone() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: I can't do Thursday
        > Saved: away Thu 22 Oct (you get no reminders meanwhile), for all programmes.
        maya: I can't make it on Friday
        > You have no session then, so there is nothing to move or cancel. “I am away on Friday” \
            keeps one day free, “no Fridays” every Friday.
        """,
    )
    assert (await stage.person("maya")).hours is None


async def test_every_week_is_what_holds_for_every_week() -> None:
    stage = await aurora()
    await play(
        stage,
        TUESDAY,
        """
        maya: I can't do Tuesdays
        > Saved: hours Mon 08:00-18:00, Wed-Fri 08:00-18:00, for all programmes.
        """,
    )


@pytest.mark.parametrize(
    "text",
    [
        "leaving early on friday",
        "I've been called into court thursday",
        "can we keep fridays for emergencies only",
        "i need thursday afternoon free",
    ],
)
async def test_a_day_that_is_only_named_goes_to_nobody_as_another_proposal(text: str) -> None:
    stage = await aurora()
    await play(
        stage,
        f"""
        alex: book Maya next week
        > …
        alex: yes
        everybody has read on
        maya: {text}
        > I only schedule sessions, so I have done nothing. “help” shows what I can do.
        alex sees nothing
        """,
    )
