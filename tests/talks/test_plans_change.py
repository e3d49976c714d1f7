"""Plans that change after they were booked, in the words of a phone: what stands is changed, and
nothing new is looked for beside it.
"""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora

BOOKED = """
    maya: every Tuesday at 2pm with Alex for 4 weeks
    > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 4 sessions suit you \
        both, Tue 27 Oct to Tue 17 Nov.
    maya: yes
    alex: yes
    everybody has read on
"""


async def starts(stage: Stage) -> list[int]:
    return [m.start for m in await stage.meetings("maya")]


async def test_all_that_is_to_come_an_hour_later() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        clock: 2026-10-28 09:00
        everybody has read on
        maya: all future sessions an hour later pls
        > Your series with Alex Chen is every Tuesday at 14:00 London so far. Every Tuesday at \
            15:00 London: all 3 sessions suit you both, Tue 3 Nov to Tue 17 Nov.
        maya: yes
        ~ The change is offered to Alex Chen. Until they accept it, everything stays as it is.
        alex: yep
        everybody has read on
        """,
    )
    moved = [at(f"2026-11-{day} 15:00") for day in ("03", "10", "17")]
    assert await starts(stage) == [at("2026-10-27 14:00"), *moved]


async def test_only_from_a_day_on_and_only_once_everybody_agrees() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        alex: all sessions from 10 november half an hr earlier
        > Your series with Maya Patel is every Tuesday at 14:00 London so far. Every Tuesday at \
            13:30 London: all 2 sessions suit you both, Tue 10 Nov to Tue 17 Nov.
        """,
    )
    assert len(await starts(stage)) == 4
    assert at("2026-11-10 14:00") in await starts(stage)


async def test_what_is_left_is_called_off_after_asking() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: pls cancl all remaining sessions with alex
        > Shall I end the series with Alex Chen? 4 sessions would be called off: Tue 27 Oct, Tue \
            3 Nov, Tue 10 Nov and Tue 17 Nov.
          [End the series] [Keep it]
        maya: no
        > …
        maya: skip the one on 10 nov
        > Cancel your session with Alex Chen on Tue 10 Nov 14:00-14:30 London (09:00 New York)? \
            Everybody gets a cancellation.
        maya: no
        > …
        """,
    )
    assert len(await starts(stage)) == 4


async def test_one_session_is_moved_in_passing() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book Alex Thursday 2pm
        > …
        maya: yes
        alex: yes
        everybody has read on
        maya: thursday doesnt work for me anymore, can we do friday instead
        > Your session of Thu 22 Oct 14:00-14:30 London (09:00 New York) stays where it is until \
            a new time is accepted. On Fri 23 Oct, three times suit you both:
        """,
    )
    assert await starts(stage) == [at("2026-10-22 14:00", "Europe/London")]


async def test_a_change_of_the_series_is_no_yes_to_what_is_offered_meanwhile() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: book Alex Thursday 3pm
        > …
        maya: yes
        everybody has read on
        alex: every session an hour later please
        > Your series with Maya Patel is every Tuesday at 14:00 London so far. Every Tuesday at \
            15:00 London: all 4 sessions suit you both, Tue 27 Oct to Tue 17 Nov.
        """,
    )
    assert len(await starts(stage)) == 4


async def test_undo_takes_back_the_last_wish_alone() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: dont book me befor 10
        > Saved: hours Mon-Fri 10:00-18:00, for all programmes.
        maya: max 2 sessions a day
        > Saved: at most 2 sessions a day, for all programmes.
        maya: undo that pls
        > …
        """,
    )
    me = await stage.person("maya")
    assert me.hours is not None
    assert me.wishes.daily is None
