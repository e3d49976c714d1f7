"""Two people who act on one session or proposal at about the same time."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora

BOOKED = """
    maya: book with Alex on Tuesday 27 October at 2pm
    maya presses [Offer Tue 27 Oct 14:00 London]
    alex presses [Tue 27 Oct 10:00 New York]
    everybody has read on
"""


async def test_both_propose_to_move_and_one_move_is_enough() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: move it to 29 October at 2pm
        alex: move it to 28 October at 10am
        maya presses [Offer Thu 29 Oct 14:00 London]
        alex presses [Offer Wed 28 Oct 10:00 New York]
        everybody has read on
        maya presses [Wed 28 Oct 14:00 London]
        maya sees ~ Booked: Wed 28 Oct 14:00-14:30 London (10:00 New York).
        maya sees ~ This session has moved, see below.
        maya sees > Moved: your session with Alex Chen is now Wed 28 Oct 14:00-14:30 London \
            (10:00 New York). …
        maya sees ~ Newer times have replaced these.
        alex sees ~ This session has moved, see below.
        alex sees > Moved: your session with Maya Patel is now Wed 28 Oct 10:00-10:30 New York \
            (14:00 London). …
        alex sees ~ Booked: Wed 28 Oct 10:00-10:30 New York (14:00 London).
        alex sees ~ Newer times have replaced these.
        everybody has read on
        maya: what have I got?
        > Your next sessions:
          Alex Chen: Wed 28 Oct 14:00-14:30 London (10:00 New York)
          [Change Wed 28 Oct 14:00 London]
        calendar of alex: Wed 28 Oct 10:00-10:30 New York, Session with Maya Patel, 1
        """,
    )
    assert await stage.proposals("alex") == ()


async def test_times_that_nobody_else_saw_are_not_said_to_be_seen() -> None:
    await play(
        await aurora(),
        BOOKED,
        """
        alex: move it to 28 October at 10am
        maya: cancel my session with Alex
        maya presses [Cancel the session]
        alex sees > Your session of Tue 27 Oct 10:00-10:30 New York (14:00 London) stays where it \
            is until a new time is accepted. That time suits you both:
        alex sees ~ This session was cancelled.
        alex sees > Maya Patel cancelled your session on Tue 27 Oct 10:00-10:30 New York (14:00 \
            London).
        alex sees ~ These times are off the table.
        everybody has read on
        """,
    )


async def test_undo_long_after_the_session_points_to_nothing_that_is_over() -> None:
    await play(
        await aurora(),
        BOOKED,
        """
        clock: 2026-10-27 15:30
        everybody has read on
        maya: undo
        > That was more than ten minutes ago, so I leave it as it is. “what have I got?” shows \
            what you can still change.
        alex: undo
        > That is not so any more, so there is nothing to take back.
        """,
    )


async def test_a_move_whose_time_has_gone_is_still_a_move() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: move it to 29 October at 2pm
        maya presses [Offer Thu 29 Oct 14:00 London]
        everybody has read on
        """,
    )
    await stage.busy("alex", "2026-10-29 10:00", "2026-10-29 11:00")
    await play(
        stage,
        """
        alex presses [Thu 29 Oct 10:00 New York]
        ~ Newer times have replaced these.
        > That time has just gone: you are no longer free then. Maya Patel would like to move your \
            session of Tue 27 Oct 10:00-10:30 New York (14:00 London). Which time suits you?
        everybody has read on
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        """,
    )


async def test_each_offers_the_other_times_and_one_session_comes_of_it() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Friday 30 October
        alex: book with Maya on Friday 30 October
        maya presses [Offer all three]
        alex presses [Offer all three]
        everybody has read on
        maya presses [Fri 30 Oct 14:00 London]
        ~ Booked: Fri 30 Oct 14:00-14:30 London (10:00 New York).
        > Booked: Fri 30 Oct 14:00-14:30 London (10:00 New York) with Alex Chen. …
        ~ Newer times have replaced these.
        alex sees > Booked: Fri 30 Oct 10:00-10:30 New York (14:00 London) with Maya Patel. …
        alex sees ~ Booked: Fri 30 Oct 10:00-10:30 New York (14:00 London).
        alex sees ~ Newer times have replaced these.
        everybody has read on
        calendar of maya: Fri 30 Oct 14:00-14:30 London, Session with Alex Chen, 0
        """,
    )
    assert await stage.proposals("alex") == ()


async def test_another_session_that_the_other_asks_for_is_another_wish() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Friday 30 October
        maya presses [Offer all three]
        alex: book with Maya on Monday 2 November
        alex presses [Offer all three]
        maya presses [Mon 2 Nov 15:00 London]
        everybody has read on
        """,
    )
    assert len(await stage.proposals("alex")) == 1
