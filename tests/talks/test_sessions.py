"""Sessions that stand: cancelled, moved (A26), given a place (Y13)."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora

BOOKED_ON_TUESDAY = """
    maya: book with Alex on Tuesday 27 October at 2pm
    > I took Alex Chen, your mentor. That time suits you both:
    maya presses [Offer Tue 27 Oct 14:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
    alex presses [Tue 27 Oct 10:00 New York]
    everybody has read on
"""


async def test_cancelled_after_one_question() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED_ON_TUESDAY,
        """
        maya: cancel my session with Alex
        > Cancel your session with Alex Chen on Tue 27 Oct 14:00-14:30 London (10:00 New York)? \
            Everybody gets a cancellation.
          <Reason (if you like)>
          [Cancel the session] [Keep it]
        maya: no
        > All right, it stays.
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        maya presses [Cancel]
        > Cancel your session with Alex Chen on Tue 27 Oct 14:00-14:30 London (10:00 New York)? \
            Everybody gets a cancellation.
        maya presses [Cancel the session]
        ~ This session was cancelled.
        > Cancelled: your session with Alex Chen on Tue 27 Oct 14:00-14:30 London (10:00 New York).
        alex sees ~ This session was cancelled.
        alex sees > Maya Patel cancelled your session on Tue 27 Oct 10:00-10:30 New York (14:00 \
            London).
          [Find another time]
        mail to maya: Cancelled: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Cancelled: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        calendar of maya: nothing
        calendar of alex: nothing
        maya presses [Cancel the session] again
        > That session was cancelled already.
        alex sees nothing
        """,
    )


async def test_who_is_invited_by_mail_gets_the_cancellation_by_mail() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        sam: book with Tom on Wednesday at 10am
        > That time suits you:
        sam presses [Offer Wed 21 Oct 10:00 New York]
        ~ Offered to Tom Becker. I will tell you when they answer.
        tom sees > Sam Rivera would like to meet you for 30 minutes. Does it suit you?
        tom presses [Wed 21 Oct 16:00 Berlin]
        everybody has read on
        tom: cancel my session
        > Cancel your session with Sam Rivera on Wed 21 Oct 16:00-16:30 Berlin (10:00 New York)? \
            Everybody gets a cancellation.
        tom: yes
        ~ This session was cancelled.
        > Cancelled: your session with Sam Rivera on Wed 21 Oct 16:00-16:30 Berlin (10:00 New York).
        sam sees ~ This session was cancelled.
        sam sees > Tom Becker cancelled your session on Wed 21 Oct 10:00-10:30 New York (16:00 \
            Berlin).
        mail to tom: Cancelled: Session with Sam Rivera: Wed 21 Oct 16:00 Berlin [CANCEL 1]
        mail to sam: Cancelled: Session with Tom Becker: Wed 21 Oct 10:00 New York [CANCEL 1]
        """,
    )


async def test_moved_by_another_proposal() -> None:
    """The same UID, SEQUENCE 1; its own old time does not block it (A26)."""
    stage = await aurora()
    await play(stage, BOOKED_ON_TUESDAY)
    (before,) = await stage.meetings("maya")
    await play(
        stage,
        """
        clock: 2026-10-24 09:00
        maya: move my session an hour later
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until \
            a new time is accepted. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 15:00-15:30 London | 11:00 New York
          …
        maya: move it 15 minutes later
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until \
            a new time is accepted. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:15-14:45 London | 10:15 New York
          …
        maya: move it to Thursday afternoon
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until \
            a new time is accepted. On Thu 29 Oct, three times suit you both:
          30 minutes with Alex Chen
          Thu 29 Oct 12:00-12:30 London | 08:00 New York
          Thu 29 Oct 14:00-14:30 London | 10:00 New York
          Thu 29 Oct 16:00-16:30 London | 12:00 New York
          Offer one or all of them; Alex Chen will be asked.
          [Offer all three] [Offer Thu 29 Oct 12:00 London] [Offer Thu 29 Oct 14:00 London] \
              [Offer Thu 29 Oct 16:00 London] [More times] [None of these]
        maya presses [Offer all three]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to move your session of Tue 27 Oct 10:00-10:30 New York \
            (14:00 London). Which time suits you?
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 0
        alex presses [Thu 29 Oct 10:00 New York]
        ~ Booked: Thu 29 Oct 10:00-10:30 New York (14:00 London).
        ~ This session has moved, see below.
        > Moved: your session with Maya Patel is now Thu 29 Oct 10:00-10:30 New York (14:00 \
            London). It is being written to your calendar, and the details come by mail.
          When: Thu 29 Oct 10:00-10:30 New York (14:00 London)
          With: Maya Patel
          Where: https://meet.example.org/alex
          [Find another time] [Cancel]
        maya sees ~ This session has moved, see below.
        maya sees > Moved: your session with Alex Chen is now Thu 29 Oct 14:00-14:30 London \
            (10:00 New York). It is being written to your calendar, and the details come by mail.
        maya sees ~ Booked: Thu 29 Oct 14:00-14:30 London (10:00 New York).
        maya sees ~ Newer times have replaced these.
        maya sees ~ Newer times have replaced these.
        mail to maya: Moved: Session with Alex Chen: Thu 29 Oct 14:00 London [details]
        mail to alex: Moved: Session with Maya Patel: Thu 29 Oct 10:00 New York [details]
        calendar of maya: Thu 29 Oct 14:00-14:30 London, Session with Alex Chen, 1
        calendar of alex: Thu 29 Oct 10:00-10:30 New York, Session with Maya Patel, 1
        """,
    )
    (after,) = await stage.meetings("maya")
    assert (after.id, after.uid) == (before.id, before.uid)


async def test_an_hour_alone_is_one_of_its_own_day() -> None:
    """“To 4pm” is no wish for today: the session is on another day."""
    stage = await aurora()
    await play(stage, BOOKED_ON_TUESDAY)
    await play(
        stage,
        """
        clock: 2026-10-24 09:00
        maya: move it to 4pm
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until \
            a new time is accepted. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 16:00-16:30 London | 12:00 New York
          …
        maya: move it to any time after 3pm
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until \
            a new time is accepted. On Tue 27 Oct, three times suit you both:
          30 minutes with Alex Chen
          Tue 27 Oct 15:00-15:30 London | 11:00 New York
          …
        """,
    )


async def test_find_another_time_for_a_session_that_was_cancelled_meanwhile() -> None:
    stage = await aurora()
    await play(stage, BOOKED_ON_TUESDAY)
    move = stage.chats.button("alex", "Find another time")
    await play(
        stage,
        """
        maya: cancel my session
        > Cancel your session with Alex Chen on Tue 27 Oct 14:00-14:30 London (10:00 New York)? …
        maya: yes
        everybody has read on
        """,
    )
    await stage.acts("alex", move)
    (seen,) = stage.chats.unread["alex"]
    assert seen.message.text == "That session was cancelled already."


async def test_y13_the_owner_is_asked_for_a_link_once() -> None:
    stage = await aurora()
    await stage.change("alex", meeting_link=None)
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        alex presses [Tue 27 Oct 10:00 New York]
        ~ Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London).
        > Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London) with Maya Patel. …
        > Where do you meet people? Give me the link of your video room once, and I put it into \
            this and all later sessions. If you meet elsewhere, press “Not needed”.
          When: Tue 27 Oct 10:00-10:30 New York (14:00 London)
          With: Maya Patel
          <Link of your video room>
          [Save] [Not needed]
        maya sees > Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York) with Alex Chen. …
        maya sees ~ Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York).
        mail to maya: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        alex fills link=my room; presses [Save]
        > That is not a link I can use: it has to start with https://
        alex fills link=https://meet.example.org/chen; presses [Save]
        > Saved: https://meet.example.org/chen. Your upcoming session has it now, and all later \
            ones get it.
        mail to maya: Updated: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Updated: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        maya: book with Alex tomorrow at 3pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Wed 21 Oct 15:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        alex presses [Wed 21 Oct 10:00 New York]
        ~ Booked: Wed 21 Oct 10:00-10:30 New York (15:00 London).
        > Booked: Wed 21 Oct 10:00-10:30 New York (15:00 London) with Maya Patel. …
          When: Wed 21 Oct 10:00-10:30 New York (15:00 London)
          With: Maya Patel
          Where: https://meet.example.org/chen
          …
        alex sees nothing
        everybody has read on
        """,
    )
    assert {event.place for event in stage.events("maya")} == {"https://meet.example.org/chen"}
