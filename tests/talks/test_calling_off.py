"""Calling a session off: what it costs is said before, the reason goes along (A25); counts."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.stage import Stage, aurora

BOOKED = """
    maya: book with Alex on Wednesday 21 October at 2pm
    > I took Alex Chen, your mentor. That time suits you both:
    maya presses [Offer Wed 21 Oct 14:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
    alex presses [Wed 21 Oct 09:00 New York]
    everybody has read on
"""
TWENTY_HOURS_BEFORE = """
    clock: 2026-10-20 17:00
    everybody has read on
"""


async def strict() -> Stage:
    stage = await aurora()
    for key, text in (
        ("sessions", "6"),
        ("cancel.notice", "24 h"),
        ("cancel.counts", "on"),
        ("cancel.move", "off"),
        ("reminders", "none"),
        ("checkin", "off"),
    ):
        await stage.setting(key, text)
    return stage


async def test_late_by_the_mentee_counts_and_is_said_before() -> None:
    """20 h before, with the strict policy on (A25)."""
    stage = await strict()
    await play(
        stage,
        BOOKED,
        TWENTY_HOURS_BEFORE,
        """
        maya: cancel my session with Alex, I am ill
        > It is less than 24 h until then, so it counts as one of your 6 sessions. It cannot be \
            moved any more. Cancel your session with Alex Chen on Wed 21 Oct 14:00-14:30 London \
            (09:00 New York)? Everybody gets a cancellation.
          <Reason (if you like)>
          [Cancel the session] [Keep it]
        alex sees nothing
        maya: yes
        ~ This session was cancelled.
        > Cancelled: your session with Alex Chen on Wed 21 Oct 14:00-14:30 London (09:00 New \
            York). It counts as one of your sessions.
          [Undo]
        alex sees ~ This session was cancelled.
        alex sees > Maya Patel cancelled your session on Wed 21 Oct 09:00-09:30 New York (14:00 \
            London). “I am ill”
        calendar of maya: nothing
        calendar of alex: nothing
        """.replace("everybody has read on", ""),
        """
        mail to maya: Cancelled: Session with Alex Chen: Wed 21 Oct 14:00 London [details]
        mail to alex: Cancelled: Session with Maya Patel: Wed 21 Oct 09:00 New York [details]
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        maya: what have I got?
        > Your next sessions:
          Alex Chen: Tue 27 Oct 14:00-14:30 London (10:00 New York), session 2 of 6
          [Change Tue 27 Oct 14:00 London]
        """,
    )
    mail = next(m for m in stage.mail.sent if m.subject.startswith("Cancelled"))
    assert "I am ill" in mail.text


async def test_late_by_the_mentor_never_counts() -> None:
    await play(
        await strict(),
        BOOKED,
        TWENTY_HOURS_BEFORE,
        """
        alex: cancel my session with Maya
        > It is less than 24 h until then; because you lead it, it does not count. Cancel your \
            session with Maya Patel on Wed 21 Oct 09:00-09:30 New York (14:00 London)? Everybody \
            gets a cancellation.
        alex: yes
        ~ This session was cancelled.
        > Cancelled: your session with Maya Patel on Wed 21 Oct 09:00-09:30 New York (14:00 London).
        everybody has read on
        maya: book with Alex on Tuesday 27 October at 2pm
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        maya: what have I got?
        > Your next sessions:
          Alex Chen: Tue 27 Oct 14:00-14:30 London (10:00 New York), session 1 of 6
          …
        """,
    )


async def test_in_time_costs_nothing() -> None:
    await play(
        await strict(),
        BOOKED,
        """
        maya: cancel my session with Alex
        > Cancel your session with Alex Chen on Wed 21 Oct 14:00-14:30 London (09:00 New York)? \
            Everybody gets a cancellation.
        maya: no
        > All right, it stays.
        """,
    )


async def test_too_late_to_be_moved_by_the_mentee_alone() -> None:
    await play(
        await strict(),
        BOOKED,
        TWENTY_HOURS_BEFORE,
        """
        maya: move my session to Thursday afternoon
        > It is less than 24 h until your session of Wed 21 Oct 14:00-14:30 London (09:00 New \
            York), and Aurora moves none that late. You can still cancel it.
          [Cancel]
        alex: move my session to Thursday morning
        > Your session of Wed 21 Oct 09:00-09:30 New York (14:00 London) stays where it is until a \
            new time is accepted. …
        """,
    )


async def test_the_reason_is_typed_into_the_question() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: cancel my session with Alex
        > Cancel your session with Alex Chen …
        maya fills reason=My train stands still; presses [Cancel the session]
        ~ This session was cancelled.
        > Cancelled: your session with Alex Chen on Wed 21 Oct 14:00-14:30 London (09:00 New York).
        alex sees ~ This session was cancelled.
        alex sees > Maya Patel cancelled your session on Wed 21 Oct 09:00-09:30 New York (14:00 \
            London). “My train stands still”
        everybody has read on
        """,
    )


async def test_a_reason_is_for_one_session_only() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: I'm ill, cancel my session with Alex
        > Cancel your session with Alex Chen …
        maya: no
        > All right, it stays.
        maya: cancel my session with Alex
        > Cancel your session with Alex Chen …
        maya: yes
        everybody has read on
        """,
    )
    mails = [m.text for m in stage.mail.sent if m.subject.startswith("Cancelled")]
    assert mails
    assert not any("ill" in text for text in mails)


@pytest.mark.parametrize("when", ["2026-10-21 13:31", "2026-10-28 09:00"])
async def test_what_is_over_is_neither_cancelled_nor_moved_and_nobody_is_mailed(when: str) -> None:
    stage = await strict()
    await play(stage, BOOKED)
    (meeting,) = await stage.meetings("maya")
    await play(
        stage,
        f"""
        clock: {when}
        maya presses [Cancel]
        > That session is over, so there is nothing to cancel or to move.
        maya presses [Find another time]
        > That session is over, so there is nothing to cancel or to move.
        """,
    )
    await stage.acts("maya", f"cancel:{meeting.id}:yes")
    await play(
        stage,
        """
        maya sees > That session is over, so there is nothing to cancel or to move.
        maya: cancel my session
        > I found no upcoming session of yours that fits. “what have I got?” lists yours.
        alex sees nothing
        """,
    )


async def test_cancelled_by_both_a_second_apart() -> None:
    stage = await aurora()
    await play(stage, BOOKED)
    (meeting,) = await stage.meetings("maya")
    await stage.acts("maya", f"cancel:{meeting.id}:yes")
    await stage.acts("alex", f"cancel:{meeting.id}:yes")
    assert stage.chats.unread["alex"][-1].message.text == "That session was cancelled already."
    await stage.acts("alex", f"move:{meeting.id}")
    assert stage.chats.unread["alex"][-1].message.text == "That session was cancelled already."
    assert len([m for m in stage.mail.sent if m.subject.startswith("Cancelled")]) == 2


async def test_one_of_three_is_asked_for() -> None:
    stage = await aurora()
    for day in ("21", "22", "23"):
        await play(
            stage,
            f"""
            maya: book with Alex on {day} October at 2pm
            everybody has read on
            """,
        )
        (proposal,) = await stage.proposals("maya")
        start = proposal.slots[0].start
        await stage.acts("maya", f"offer:{proposal.id}:{start}")
        await stage.acts("alex", f"accept:{proposal.id}:{start}")
    await play(
        stage,
        """
        everybody has read on
        maya: cancel my session, I have a cold
        > Which session do you mean?
          [Alex Chen, Wed 21 Oct 14:00 London] [Alex Chen, Thu 22 Oct 14:00 London] \
              [Alex Chen, Fri 23 Oct 14:00 London]
        maya: the second one
        > Cancel your session with Alex Chen on Thu 22 Oct 14:00-14:30 London (09:00 New York)? \
            Everybody gets a cancellation.
        maya: yes
        ~ This session was cancelled.
        > Cancelled: your session with Alex Chen on Thu 22 Oct 14:00-14:30 London (09:00 New York).
        alex sees ~ This session was cancelled.
        alex sees > Maya Patel cancelled your session on Thu 22 Oct 09:00-09:30 New York (14:00 \
            London). “I have a cold”
        everybody has read on
        """,
    )


async def test_one_more_than_the_programme_gives() -> None:
    stage = await aurora()
    await stage.setting("sessions", "1")
    await play(
        stage,
        BOOKED,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          You have used or booked 1 of 1 sessions with Alex Chen: this would be the 2nd. Your \
              administrator can tell you whether that is all right.
          …
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        maya: how many sessions do I have left?
        > Your next sessions:
          Alex Chen: Wed 21 Oct 14:00-14:30 London (09:00 New York), session 1 of 1
          Alex Chen: Tue 27 Oct 14:00-14:30 London (10:00 New York), session 2, more than the 1 of \
              Aurora
          …
        """,
    )


async def test_administrators_see_what_each_pair_has_used() -> None:
    stage = await aurora()
    await stage.setting("sessions", "1")
    await play(
        stage,
        BOOKED,
        """
        dana: admin aurora session counts
        > Aurora gives each pair 1 session; 1 pair used or booked them all.
          Mentor | Mentee | Used or booked | Held | Missed | Next
          Alex Chen | Maya Patel | 1 of 1 | 0 | 0 | Wed 21 Oct 14:00 London
          Priya Nair | Sam Rivera | 0 of 1 | 0 | 0 | none
        maya: admin aurora session counts
        > …
        """,
    )


async def test_the_one_session_there_is_counts_as_the_one() -> None:
    stage = await aurora()
    for key, text in (("sessions", "1"), ("cancel.notice", "24 h"), ("cancel.counts", "on")):
        await stage.setting(key, text)
    await play(
        stage,
        """
        maya: book with Alex on 21 October at 2pm
        maya presses [Offer Wed 21 Oct 14:00 London]
        alex presses [Wed 21 Oct 09:00 New York]
        clock: 2026-10-20 15:00
        everybody has read on
        maya: cancel my session
        > It is less than 24 h until then, so it counts as your one session. Cancel your session \
            with Alex Chen on Wed 21 Oct 14:00-14:30 London (09:00 New York)? Everybody gets a \
            cancellation.
        """,
    )
