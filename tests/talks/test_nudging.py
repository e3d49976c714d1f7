"""A proposal that nobody answers: reminded, widened, one time alone, and told to administrators."""

from __future__ import annotations

from datetime import date

from core.people import Leave
from tests.talks.script import play
from tests.talks.stage import aurora

OFFERED = """
    maya: book with Alex next week
    > I took Alex Chen, your mentor. Between Mon 26 Oct and Fri 30 Oct, three times suit you both:
    maya presses [Offer all three]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
    everybody has read on
"""


async def test_every_rung_of_the_ladder() -> None:
    """72 hours: after 24 the invitee, after 36 and 54 the asker, each in their own hours."""
    stage = await aurora()
    await stage.setting("reminders", "none")
    await play(
        stage,
        OFFERED,
        """
        clock: 2026-10-21 11:59
        alex sees nothing
        clock: 2026-10-21 12:00
        alex sees > Maya Patel is waiting for your answer to these times:
          …
        maya sees nothing
        clock: 2026-10-22 07:00
        maya sees > Alex Chen has not answered your times yet. Shall I look at a week more?
          [Look at more days] [Take it back]
        clock: 2026-10-22 15:00
        maya sees ~ This question came again, see below.
        maya sees > Still no answer from Alex Chen. Shall I ask about the best time alone, Mon 26 \
            Oct 14:00-14:30 London?
          [Ask about that time] [Leave it]
        alex sees nothing
        maya presses [Ask about that time]
        > I asked Alex Chen about Mon 26 Oct 14:00 London alone. Nothing is booked without their \
            yes.
        alex sees ~ This question came again, see below.
        alex sees > Maya Patel asks about one time: Mon 26 Oct 10:00-10:30 New York (14:00 \
            London). One press and it is booked.
          Mon 26 Oct 10:00-10:30 New York | 14:00 London
          [Yes, book it] [None of these]
        maya presses [Ask about that time]
        > I asked Alex Chen about Mon 26 Oct 14:00 London alone. Nothing is booked without their \
            yes.
        alex sees nothing
        alex presses [Yes, book it]
        ~ Booked: Mon 26 Oct 10:00-10:30 New York (14:00 London).
        > Booked: Mon 26 Oct 10:00-10:30 New York (14:00 London) with Maya Patel. …
        everybody has read on
        clock: 2026-10-24 09:00
        dana sees nothing
        """,
    )


async def test_answered_in_time_nobody_is_nudged() -> None:
    stage = await aurora()
    await stage.setting("reminders", "none")
    await play(
        stage,
        OFFERED,
        """
        alex: none of these work for me
        everybody has read on
        clock: 2026-10-24 09:00
        alex sees nothing
        maya sees nothing
        dana sees nothing
        """,
    )


async def test_a_week_more() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED,
        """
        clock: 2026-10-22 07:00
        everybody has read on
        maya presses [Look at more days]
        > With one more week: Three times suit you both:
        maya presses [Offer all three]
        ~ Offered to Alex Chen. I will tell you when they answer.
        maya sees ~ Newer times have replaced these.
        alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
        alex sees ~ Newer times have replaced these.
        """,
    )
    assert len(await stage.proposals("alex")) == 1


async def test_away_or_without_reminders_nobody_is_nudged() -> None:
    stage = await aurora()
    await stage.change("alex", leave=(Leave(date(2026, 10, 21), date(2026, 10, 22)),))
    await stage.change("maya", nudges=False)
    await play(
        stage,
        OFFERED,
        """
        clock: 2026-10-21 12:30
        clock: 2026-10-22 20:00
        clock: 2026-10-23 08:59
        alex sees nothing
        maya sees nothing
        clock: 2026-10-23 09:00
        maya sees ~ These times have lapsed.
        maya sees > No answer in time from Alex Chen, so these times have lapsed. Shall I look for \
            others?
        alex sees ~ The times that Maya Patel offered have lapsed.
        dana sees > Alex Chen never answered the times that Maya Patel offered in Aurora on Tue 20 \
            Oct. They have lapsed; perhaps a word from you helps.
        clock: 2026-10-30 09:00
        dana sees nothing
        """,
    )


async def test_an_old_question_about_one_time() -> None:
    stage = await aurora()
    await play(stage, OFFERED)
    (proposal,) = await stage.proposals("maya")
    start = proposal.slots[0].start
    await stage.acts("sam", f"top:{proposal.id}:{start}")
    await stage.acts("maya", f"top:{proposal.id}:1")
    await play(
        stage,
        """
        sam sees > This proposal is not addressed to you, so I have changed nothing.
        maya sees > That proposal is over, so there is nothing to ask any more.
        maya presses [Take it back]
        everybody has read on
        """,
    )
    await stage.acts("maya", f"top:{proposal.id}:{start}")
    await stage.acts("maya", f"widen:{proposal.id}")
    await play(
        stage,
        """
        maya sees > That proposal is over, so there is nothing to ask any more.
        maya sees > That proposal is over, so there is nothing to ask any more.
        """,
    )
