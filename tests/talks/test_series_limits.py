"""How many sessions somebody wants at most, when a whole series is accepted or offered."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora

DAYS = ("2026-10-27", "2026-11-03", "2026-11-10", "2026-11-17")
OFFERED = """
    maya: weekly with Alex on Tuesdays at 2pm for 4 weeks
    > …
    maya presses [Offer the series]
    everybody has read on
"""
SAM_BOOKS_ALEX = """
    sam: book Alex Chen on 5 November at 2pm
    > …
    sam presses [Offer Thu 5 Nov 14:00 New York]
    everybody has read on
    alex presses [Thu 5 Nov 14:00 New York]
    everybody has read on
"""
MAYA_BOOKS_ROMERO = """
    maya: book with Alex Romero on 5 November at 10am
    > …
    maya presses [Offer Thu 5 Nov 10:00 London]
    everybody has read on
    romero presses [Thu 5 Nov 11:00 Madrid]
    everybody has read on
"""


async def days(stage: Stage) -> list[str]:
    """Return the days on which the two meet."""
    starts = {m.start for m in await stage.meetings("maya") if "alex" in m.people}
    return [day for day in DAYS if at(f"{day} 14:00") in starts]


async def alex_is_asked() -> Stage:
    """A series is offered to Alex, whose week from 2 November has filled up since."""
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        SAM_BOOKS_ALEX,
        """
        alex: at most 1 session a week
        > …
        alex presses [Accept the series]
        ~ Maya Patel would like to meet you every Tuesday at 14:00 London, 30 minutes each: 4 \
            sessions. Does that suit you?
          A series with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          Tue 3 Nov 09:00-09:30 New York | 14:00 London
          Tue 10 Nov 09:00-09:30 New York | 14:00 London
          Tue 17 Nov 09:00-09:30 New York | 14:00 London
          The clocks change meanwhile. For you: 10:00 on Tue 27 Oct, 09:00 from Tue 3 Nov.
          By now these would be more sessions than you want at most: Tue 3 Nov. They are booked \
              only if you say so.
          [All but these] [All of them, this once] [None of these]
        > By now these would be more sessions than you want at most: Tue 3 Nov. They are booked \
            only if you say so.
          [All but these] [All of them, this once]
        """,
    )
    assert await days(stage) == []
    return stage


async def test_who_accepts_is_asked_about_what_is_more_than_they_want_and_does_without() -> None:
    stage = await alex_is_asked()
    await play(
        stage,
        """
        alex presses [All but these]
        ~ Booked: every Tuesday at 14:00 London, 3 sessions. Left out: Tue 3 Nov.
        > Booked: every Tuesday at 14:00 London with Maya Patel, 3 sessions, Tue 27 Oct to Tue 17 \
            Nov. It is being written to your calendar, and the details come by mail.
        maya sees > Booked: every Tuesday at 14:00 London with Alex Chen, 3 sessions, Tue 27 Oct \
            to Tue 17 Nov. It is being written to your calendar, and the details come by mail.
        maya sees ~ Booked: every Tuesday at 14:00 London, 3 sessions. Left out: Tue 3 Nov.
        everybody has read on
        """,
    )
    assert await days(stage) == [day for day in DAYS if day != "2026-11-03"]


async def test_who_accepts_takes_more_than_they_want_by_their_own_word() -> None:
    stage = await alex_is_asked()
    await play(
        stage,
        """
        alex presses [All of them, this once]
        ~ Booked: every Tuesday at 14:00 London, 4 sessions.
        everybody has read on
        """,
    )
    assert await days(stage) == list(DAYS)


async def test_the_asker_is_asked_once_more_when_their_limit_is_reached_meanwhile() -> None:
    """Who accepted reads that something has changed for the other, and no more."""
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        MAYA_BOOKS_ROMERO,
        """
        maya: at most 1 session a week
        > …
        alex presses [Accept the series]
        ~ Noted. Something has changed for Maya Patel since the series was offered, so I have \
            asked there once more. Nothing is booked yet.
          …
        maya sees ~ Your times have been answered, see below.
        maya sees > Alex Chen accepted the series. Shall I book it?
          A series with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Tue 3 Nov 14:00-14:30 London | 09:00 New York
          Tue 10 Nov 14:00-14:30 London | 09:00 New York
          Tue 17 Nov 14:00-14:30 London | 09:00 New York
          The clocks change meanwhile. For Alex: 10:00 on Tue 27 Oct, 09:00 from Tue 3 Nov.
          By now these would be more sessions than you want at most: Tue 3 Nov. They are booked \
              only if you say so.
          [All but these] [All of them, this once] [Take it back]
        everybody has read on
        maya presses [All but these]
        everybody has read on
        """,
    )
    assert await days(stage) == [day for day in DAYS if day != "2026-11-03"]


async def test_the_asker_is_asked_before_a_series_is_offered_that_is_more_by_now() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: weekly with Alex on Tuesdays at 2pm for 4 weeks
        > …
        """,
        MAYA_BOOKS_ROMERO,
        """
        maya: at most 1 session a week
        > …
        maya presses [Offer the series]
        ~ …
          …
        > By now these would be more sessions than you want at most: Tue 3 Nov. They are booked \
            only if you say so.
          [All but these] [All of them, this once]
        maya presses [All but these]
        ~ The series is offered to Alex Chen. I will tell you when they answer.
          …
        alex sees > Maya Patel would like to meet you every Tuesday at 14:00 London, 30 minutes \
            each: 3 sessions. Does that suit you?
          …
        everybody has read on
        alex presses [Accept the series]
        everybody has read on
        """,
    )
    assert await days(stage) == [day for day in DAYS if day != "2026-11-03"]


async def test_sessions_that_somebody_left_out_in_words_stay_out() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        SAM_BOOKS_ALEX,
        """
        alex: at most 1 session a week
        > …
        alex: all but 17 November
        everybody has read on
        alex presses [All but these]
        everybody has read on
        """,
    )
    assert await days(stage) == ["2026-10-27", "2026-11-10"]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("all but these", "2026-11-03"),
        ("yes, but not that one", "2026-11-03"),
        ("skip those", "2026-11-03"),
        ("all of them, this once", ""),
        ("ok, book them anyway", ""),
        ("take all", ""),
    ],
)
async def test_the_question_is_answered_in_words(text: str, gone: str) -> None:
    stage = await alex_is_asked()
    await play(stage, f"alex: {text}\neverybody has read on")
    assert await days(stage) == [day for day in DAYS if day != gone]


async def test_a_plain_yes_does_not_answer_the_question() -> None:
    stage = await alex_is_asked()
    await play(
        stage,
        """
        alex: yes
        > By now these would be more sessions than you want at most: Tue 3 Nov. They are booked \
            only if you say so.
          [All but these] [All of them, this once]
        """,
    )
    assert await days(stage) == []


async def gaps(stage: Stage, days: str, *busy: str) -> None:
    """Let Maya ask for a series of which Alex is busy on some days of a week."""
    for day in busy:
        await stage.busy("alex", f"{day} 08:00", f"{day} 22:00")
    await play(
        stage,
        f"""
        maya: not more than 2 sessions a week
        > …
        maya: every {days} at 2pm with Alex for 2 weeks
        > …
          …
        """,
    )


async def test_other_times_in_one_week_are_checked_together() -> None:
    """Beside Friday only one other day is wanted, and each of the two would do."""
    stage = await aurora()
    await gaps(stage, "Monday, Thursday and Friday", "2026-10-26", "2026-10-29")
    await play(
        stage,
        """
        maya presses [Mon 26 Oct: Tue 27 Oct 14:00 London]
        ~ …
          …
        maya presses [Thu 29 Oct: Wed 28 Oct 14:00 London]
        > Wed 28 Oct 14:00 London does not go with what you chose already: you have as many \
            sessions then as you want at most. I have changed nothing; the other choices still \
            stand.
        maya presses [Thu 29 Oct: skip]
        > Thu 29 Oct is left out. “Offer the series” is the next step.
        maya presses [Offer the series]
        everybody has read on
        alex presses [Accept the series]
        ~ Booked: every Monday, Thursday and Friday at 14:00 London, 5 sessions.
        everybody has read on
        """,
    )


async def test_a_time_that_was_chosen_for_one_session_is_not_offered_for_another() -> None:
    stage = await aurora()
    await gaps(stage, "Monday, Wednesday and Friday", "2026-10-26", "2026-10-28")
    await play(
        stage,
        """
        maya presses [Mon 26 Oct: Tue 27 Oct 14:00 London]
        ~ …
          …
          [Offer the series] [Wed 28 Oct: skip] [Wed 28 Oct: stop before] …
        """,
    )


async def test_a_series_that_is_moved_is_asked_about_as_well() -> None:
    """What they do without stays where it was, and everybody reads which."""
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        alex presses [Accept the series]
        everybody has read on
        maya: change the whole series to Wednesdays
        > …
          …
        maya presses [Offer the change]
        everybody has read on
        sam: book Alex Chen on 4 November at 3pm
        > …
        sam presses [Offer Wed 4 Nov 15:00 New York]
        everybody has read on
        alex presses [Wed 4 Nov 15:00 New York]
        everybody has read on
        alex: at most 1 session a day
        > …
        alex presses [Accept the change]
        ~ …
          …
          [All but these] [All of them, this once] [Keep it as it is]
        > By now these new times would be more sessions than you want at most: Wed 4 Nov. \
            Sessions are moved there only if you say so.
          [All but these] [All of them, this once]
        alex presses [All but these]
        ~ Changed: every Wednesday at 14:00 London, 3 sessions. As they were, because not \
            everybody could: Wed 4 Nov.
        everybody has read on
        """,
    )
    kept = {m.start for m in await stage.meetings("maya")}
    assert at("2026-11-03 14:00") in kept
    assert at("2026-11-04 14:00") not in kept
