"""How many sessions somebody wants at most: within a series, and once it is agreed."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_the_sessions_of_a_new_series_count_too() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: not more than 2 sessions a week
        > …
        maya: every weekday at 2pm with Alex for 2 weeks
        > I took Alex Chen, your mentor. Every weekday at 14:00 London: 6 of 10 sessions suit you \
            both.
          A series with Alex Chen
          Wed 21 Oct 14:00-14:30 London | 09:00 New York
          Thu 22 Oct 14:00-14:30 London | 09:00 New York
          Mon 26 Oct 14:00-14:30 London | 10:00 New York
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Mon 2 Nov 14:00-14:30 London | 09:00 New York
          Tue 3 Nov 14:00-14:30 London | 09:00 New York
          Fri 23 Oct 14:00 London: you have as many sessions then as you want at most. It is left \
              out unless you choose something else below.
          …
          [Offer the series] [Fri 23 Oct: skip] [Fri 23 Oct: stop before] …
        """,
    )


async def test_a_series_is_moved_whole_within_its_own_limit() -> None:
    """Where it stands so far does not count against where it is to be."""
    stage = await aurora()
    await play(
        stage,
        """
        maya: at most 1 session a week
        > …
        maya: weekly with Alex on Tuesdays at 2pm for 4 weeks
        > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 4 sessions suit you \
            both, Tue 27 Oct to Tue 17 Nov.
          …
        maya presses [Offer the series]
        everybody has read on
        alex presses [Accept the series]
        everybody has read on
        maya: move the whole series to 3pm
        > Your series with Alex Chen is every Tuesday at 14:00 London so far. Every Tuesday at \
            15:00 London: all 4 sessions suit you both, Tue 27 Oct to Tue 17 Nov.
          …
        """,
    )


async def test_other_times_for_a_gap_lie_beside_the_series() -> None:
    """Friday has a session already, and ten minutes are free around it."""
    stage = await aurora()
    await play(
        stage,
        """
        maya: every day at 2pm with Alex for 10 days
        > …
          …
          [Offer the series] [Sat 24 Oct: Fri 23 Oct 14:45 London] [Sat 24 Oct: skip] \
              [Sat 24 Oct: stop before] [Sun 25 Oct: Mon 26 Oct 13:15 London] …
        maya presses [Sat 24 Oct: Fri 23 Oct 14:45 London]
        ~ …
          …
          [Offer the series] …
        """,
    )


OFFERED_TO_TWO = """
    maya: book with Alex Chen this week
    > …
    maya presses [Offer all three]
    everybody has read on
    maya: book with Alex Romero on 22 October at 10am
    > …
    maya presses [Offer Thu 22 Oct 10:00 London]
    everybody has read on
"""


async def test_the_askers_limit_holds_when_what_was_offered_is_accepted() -> None:
    """Two offers were open when one session was enough: who accepts second is asked anew."""
    stage = await aurora()
    await play(
        stage,
        OFFERED_TO_TWO,
        """
        maya: at most 1 session a week
        > …
        romero presses [Thu 22 Oct 11:00 Madrid]
        maya sees > Booked: Thu 22 Oct 10:00-10:30 London (11:00 Madrid) with Alex Romero. …
        everybody has read on
        alex presses [Wed 21 Oct 09:30 New York]
        ~ Newer times have replaced these.
        > That time has just gone: Maya Patel is no longer free then. Maya Patel would like to \
            meet you for 30 minutes. Which time suits you?
          30 minutes with Maya Patel
          Mon 26 Oct 10:00-10:30 New York | 14:00 London
          …
        maya sees > Alex Chen accepted Wed 21 Oct 14:30-15:00 London (09:30 New York), but you \
            have as many sessions then as you want at most, so it is not booked. Alex Chen reads \
            only that you are no longer free then.
          [One more than I want, this once]
        everybody has read on
        """,
    )
    assert [m.people for m in await stage.meetings("maya")] == [("maya", "romero")]
    await play(
        stage,
        """
        maya presses [One more than I want, this once]
        > For this once one more session than you want at most. …
          …
          [Offer Wed 21 Oct 14:30 London] …
        maya presses [Offer Wed 21 Oct 14:30 London]
        everybody has read on
        alex presses [Wed 21 Oct 09:30 New York]
        everybody has read on
        """,
    )
    assert len(await stage.meetings("maya")) == 2


async def test_who_accepts_may_have_one_more_than_they_want() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED_TO_TWO,
        """
        sam: book Alex Chen on 22 October at 2pm
        > …
        sam presses [Offer Thu 22 Oct 14:00 New York]
        everybody has read on
        alex: at most 1 session a week
        > …
        alex presses [Thu 22 Oct 14:00 New York]
        everybody has read on
        alex presses [Wed 21 Oct 09:30 New York]
        > You have as many sessions then as you want at most, so Wed 21 Oct 09:30 New York is not \
            accepted yet. Shall I take it all the same?
          [Take it, this once]
        maya sees nothing
        alex presses [Take it, this once]
        ~ Booked: Wed 21 Oct 09:30-10:00 New York (14:30 London).
        everybody has read on
        """,
    )
    assert len(await stage.meetings("alex")) == 2


async def test_who_accepts_in_words_is_told_and_says_yes_once_more() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex Chen on 29 October at 2pm
        > …
        maya presses [Offer Thu 29 Oct 14:00 London]
        everybody has read on
        sam: book Alex Chen on 27 October at 2pm
        > …
        sam presses [Offer Tue 27 Oct 14:00 New York]
        everybody has read on
        alex presses [Tue 27 Oct 14:00 New York]
        everybody has read on
        alex: at most 1 session a week
        > …
        alex: yes
        > You have as many sessions then as you want at most, so Thu 29 Oct 10:00 New York is not \
            accepted yet. Shall I take it all the same?
          [Take it, this once]
        alex: yes
        ~ Booked: Thu 29 Oct 10:00-10:30 New York (14:00 London).
        everybody has read on
        """,
    )


async def test_what_can_be_no_limit_is_said() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: at most one session per month
        > I cannot keep this yet: how many sessions a month you want; a day or a week I can.
        maya: no more than 0 sessions a week
        > I cannot keep this yet: no sessions at all as a limit; “I am away until 5 January” keeps \
            days free.
        """,
    )


@pytest.mark.parametrize("text", ["keine Termine am Montag", "pas de réunions le lundi"])
async def test_what_is_not_wanted_is_never_booked(text: str) -> None:
    """Of other languages only plain requests are read; this is said, not taken for one."""
    stage = await aurora()
    await play(
        stage,
        f"""
        maya: {text}
        > I cannot keep this yet: what you do not want, in this language; in English I can, “no \
            Mondays” for example.
        """,
    )
