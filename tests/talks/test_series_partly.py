"""A series that suits but for some of its days, said in words."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora

DAYS = ("2026-10-27", "2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24")


async def offered() -> Stage:
    """Five Tuesdays are offered to Alex."""
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 5 weeks
        maya: yes
        everybody has read on
        """,
    )
    return stage


async def days(stage: Stage) -> list[str]:
    starts = {m.start for m in await stage.meetings("maya")}
    return [day for day in DAYS if at(f"{day} 14:00") in starts]


async def test_all_but_one_is_booked_and_what_is_left_out_is_said() -> None:
    stage = await offered()
    await play(
        stage,
        """
        alex: all but 3 November
        ~ Booked: every Tuesday at 14:00 London, 4 sessions. Left out: Tue 3 Nov.
        > Booked: every Tuesday at 14:00 London with Maya Patel, 4 sessions, Tue 27 Oct to Tue 24 \
            Nov. It is being written to your calendar, and the details come by mail.
        maya sees > Booked: every Tuesday at 14:00 London with Alex Chen, 4 sessions, Tue 27 Oct \
            to Tue 24 Nov. It is being written to your calendar, and the details come by mail.
        maya sees ~ Booked: every Tuesday at 14:00 London, 4 sessions. Left out: Tue 3 Nov.
        mail to maya: Session with Alex Chen: every Tuesday at 14:00 London [details]
        mail to alex: Session with Maya Patel: every Tuesday at 14:00 London [details]
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 0
        """,
    )
    assert await days(stage) == [day for day in DAYS if day != "2026-11-03"]
    (event,) = stage.events("alex")
    assert event.recurrence is not None
    assert [str(day) for day in event.recurrence.left_out] == ["2026-11-03"]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("everything except 10 November", "2026-11-10"),
        ("yes, but not the one on 3 November", "2026-11-03"),
        ("skip the 17th, otherwise fine", "2026-11-17"),
        ("accept all but the 10th and the 24th", "2026-11-10 2026-11-24"),
        ("ok, without the 3rd and 17 November please", "2026-11-03 2026-11-17"),
    ],
)
async def test_ways_to_say_it(text: str, gone: str) -> None:
    stage = await offered()
    await play(stage, f"alex: {text}\neverybody has read on")
    assert await days(stage) == [day for day in DAYS if day not in gone]


async def test_what_names_no_session_or_all_of_them_changes_nothing() -> None:
    stage = await offered()
    await play(
        stage,
        """
        alex: all but the 12th
        > No session of that series is on that day. Which one does not suit?
        alex: all but Tuesday
        > Then nothing of the series would be left. If it does not suit you, say “none of these”.
        """,
    )
    assert await days(stage) == []


async def test_who_asks_leaves_a_day_out_before_anybody_sees_it() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 3 weeks
        maya: all but 3 November
        everybody has read on
        maya: yes
        ~ The series is offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you every Tuesday at 14:00 London, 30 minutes \
            each: 2 sessions. Does that suit you?
          A series with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          Tue 10 Nov 09:00-09:30 New York | 14:00 London
          The clocks change meanwhile. For you: 10:00 on Tue 27 Oct, 09:00 from Tue 10 Nov.
          [Accept the series] [None of these]
        """,
    )
