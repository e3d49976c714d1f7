"""Series in chat: asked for, checked, offered as one, booked as one, changed and ended."""

from __future__ import annotations

from datetime import date

from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora


async def with_a_busy_alex() -> Stage:
    """A pair has six sessions; Alex is busy on the morning of 22 December."""
    stage = await aurora()
    await stage.setting("sessions", "6")
    await stage.busy("alex", "2026-12-22 09:00", "2026-12-22 12:00")
    return stage


async def test_a27_every_other_tuesday_for_three_months() -> None:
    stage = await with_a_busy_alex()
    await play(
        stage,
        """
        maya: every other Tuesday at 2pm with Alex for 3 months
        > I took Alex Chen, your mentor. Every other Tuesday at 14:00 London: 6 of 7 sessions \
            suit you both.
          A series with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Tue 10 Nov 14:00-14:30 London | 09:00 New York
          Tue 24 Nov 14:00-14:30 London | 09:00 New York
          Tue 8 Dec 14:00-14:30 London | 09:00 New York
          Tue 5 Jan 2027 14:00-14:30 London | 09:00 New York
          Tue 19 Jan 2027 14:00-14:30 London | 09:00 New York
          Tue 22 Dec 14:00 London: Alex is busy then. It is left out unless you choose something \
              else below.
          The clocks change meanwhile. For Alex: 10:00 on Tue 27 Oct, 09:00 from Tue 10 Nov.
          With this series all 6 sessions that Aurora gives the two of you are used.
          Nobody else has seen this yet. Alex Chen can accept the series as a whole.
          [Offer the series] [Tue 22 Dec: Tue 22 Dec 13:15 London] [Tue 22 Dec: Mon 21 Dec 14:00 \
              London] [Tue 22 Dec: skip] [Tue 22 Dec: stop before] [Not this series]
        maya presses [Tue 22 Dec: Mon 21 Dec 14:00 London]
        ~ Every other Tuesday at 14:00 London: all 7 sessions suit you both, Tue 27 Oct to Tue \
            19 Jan 2027.
          A series with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Tue 10 Nov 14:00-14:30 London | 09:00 New York
          Tue 24 Nov 14:00-14:30 London | 09:00 New York
          Tue 8 Dec 14:00-14:30 London | 09:00 New York
          Mon 21 Dec 14:00-14:30 London | 09:00 New York · instead of Tue 22 Dec
          Tue 5 Jan 2027 14:00-14:30 London | 09:00 New York
          Tue 19 Jan 2027 14:00-14:30 London | 09:00 New York
          The clocks change meanwhile. For Alex: 10:00 on Tue 27 Oct, 09:00 from Tue 10 Nov.
          Aurora gives the two of you 6 sessions, 0 used or booked so far. With this \
              series it would be 7: from the 7th on they are more than that.
          Nobody else has seen this yet. Alex Chen can accept the series as a whole.
          [Offer the series] [Not this series]
        maya presses [Offer the series]
        ~ The series is offered to Alex Chen. I will tell you when they answer.
          A series with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Tue 10 Nov 14:00-14:30 London | 09:00 New York
          Tue 24 Nov 14:00-14:30 London | 09:00 New York
          Tue 8 Dec 14:00-14:30 London | 09:00 New York
          Mon 21 Dec 14:00-14:30 London | 09:00 New York · instead of Tue 22 Dec
          Tue 5 Jan 2027 14:00-14:30 London | 09:00 New York
          Tue 19 Jan 2027 14:00-14:30 London | 09:00 New York
          The clocks change meanwhile. For Alex: 10:00 on Tue 27 Oct, 09:00 from Tue 10 Nov.
          [Take it back]
        alex sees > Maya Patel would like to meet you every other Tuesday at 14:00 London, 30 \
            minutes each: 7 sessions. Does that suit you?
          A series with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          Tue 10 Nov 09:00-09:30 New York | 14:00 London
          Tue 24 Nov 09:00-09:30 New York | 14:00 London
          Tue 8 Dec 09:00-09:30 New York | 14:00 London
          Mon 21 Dec 09:00-09:30 New York | 14:00 London · instead of Tue 22 Dec
          Tue 5 Jan 2027 09:00-09:30 New York | 14:00 London
          Tue 19 Jan 2027 09:00-09:30 New York | 14:00 London
          The clocks change meanwhile. For you: 10:00 on Tue 27 Oct, 09:00 from Tue 10 Nov.
          [Accept the series] [None of these]
        calendar of maya: nothing
        alex presses [Accept the series]
        ~ Booked: every other Tuesday at 14:00 London, 7 sessions.
        > Booked: every other Tuesday at 14:00 London with Maya Patel, 7 sessions, Tue 27 Oct to \
            Tue 19 Jan 2027. It is being written to your calendar, and the details come by mail.
          [All dates]
        maya sees > Booked: every other Tuesday at 14:00 London with Alex Chen, 7 sessions, Tue \
            27 Oct to Tue 19 Jan 2027. It is being written to your calendar, and the details \
            come by mail.
          [All dates]
        maya sees ~ Booked: every other Tuesday at 14:00 London, 7 sessions.
        mail to maya: Session with Alex Chen: every other Tuesday at 14:00 London [details]
        mail to alex: Session with Maya Patel: every other Tuesday at 14:00 London [details]
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 0
        alex presses [All dates]
        > Your series with Maya Patel, every other Tuesday at 14:00 London:
          Tue 27 Oct 10:00-10:30 New York (14:00 London)
          Tue 10 Nov 09:00-09:30 New York (14:00 London)
          Tue 24 Nov 09:00-09:30 New York (14:00 London)
          Tue 8 Dec 09:00-09:30 New York (14:00 London)
          Mon 21 Dec 09:00-09:30 New York (14:00 London)
          Tue 5 Jan 2027 09:00-09:30 New York (14:00 London)
          Tue 19 Jan 2027 09:00-09:30 New York (14:00 London)
          [End the series]
        maya: what's on?
        > Your next sessions:
          Alex Chen: Tue 27 Oct 14:00-14:30 London (10:00 New York), the next of 7 in a series, \
              the last on Tue 19 Jan 2027, session 1 of 6
          [Change Tue 27 Oct 14:00 London] [All dates, Alex Chen]
        """,
    )
    for who in ("maya", "alex"):
        (event,) = stage.events(who)
        assert event.recurrence is not None
        assert event.recurrence.zone == "Europe/London"
        assert event.recurrence.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270119T140000Z"
        (moved,) = event.recurrence.moved
        assert (moved.day, moved.start) == (date(2026, 12, 22), at("2026-12-21 14:00"))
    assert {m.zone for m in await stage.meetings("maya")} == {"Europe/London"}


async def test_a28_one_is_skipped_one_moved_and_the_tail_cut() -> None:
    stage = await with_a_busy_alex()
    await play(
        stage,
        """
        maya: every other Tuesday at 2pm with Alex for 3 months
        > I took Alex Chen, your mentor. Every other Tuesday at 14:00 London: 6 of 7 sessions \
            suit you both.
        maya: yes
        ~ The series is offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you every other Tuesday at 14:00 London, 30 \
            minutes each: 6 sessions. Does that suit you?
        alex: yes
        ~ Booked: every other Tuesday at 14:00 London, 6 sessions.
        > Booked: every other Tuesday at 14:00 London with Maya Patel, 6 sessions, Tue 27 Oct to \
            Tue 19 Jan 2027. It is being written to your calendar, and the details come by mail.
        maya sees > Booked: every other Tuesday at 14:00 London with Alex Chen, 6 sessions, Tue \
            27 Oct to Tue 19 Jan 2027. It is being written to your calendar, and the details \
            come by mail.
        maya sees ~ Booked: every other Tuesday at 14:00 London, 6 sessions.
        mail to maya: Session with Alex Chen: every other Tuesday at 14:00 London [details]
        mail to alex: Session with Maya Patel: every other Tuesday at 14:00 London [details]
        maya: skip the one on 8 December
        > Cancel your session with Alex Chen on Tue 8 Dec 14:00-14:30 London (09:00 New York)? \
            Everybody gets a cancellation.
        maya: yes
        > Cancelled: your session with Alex Chen on Tue 8 Dec 14:00-14:30 London (09:00 New \
            York).
        alex sees > Maya Patel cancelled your session on Tue 8 Dec 09:00-09:30 New York (14:00 \
            London).
        mail to maya: Cancelled: Session with Alex Chen: Tue 8 Dec 14:00 London [details]
        mail to alex: Cancelled: Session with Maya Patel: Tue 8 Dec 09:00 New York [details]
        """,
    )
    (event,) = stage.events("alex")
    assert event.recurrence is not None
    assert event.recurrence.left_out == (date(2026, 12, 8), date(2026, 12, 22))
    await play(
        stage,
        """
        maya: move the one on 24 November to Wednesday
        > Your session of Tue 24 Nov 14:00-14:30 London (09:00 New York) stays where it is until \
            a new time is accepted. On Wed 25 Nov, three times suit you both:
        maya presses [Offer Wed 25 Nov 13:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to move your session of Tue 24 Nov 09:00-09:30 New \
            York (14:00 London). Does it suit you?
        alex: yes
        ~ Booked: Wed 25 Nov 08:00-08:30 New York (13:00 London).
        > Moved: your session with Maya Patel is now Wed 25 Nov 08:00-08:30 New York (13:00 \
            London). It is being written to your calendar, and the details come by mail.
        maya sees > Moved: your session with Alex Chen is now Wed 25 Nov 13:00-13:30 London \
            (08:00 New York). It is being written to your calendar, and the details come by \
            mail.
        maya sees ~ Booked: Wed 25 Nov 13:00-13:30 London (08:00 New York).
        mail to maya: Moved: Session with Alex Chen: Wed 25 Nov 13:00 London [details]
        mail to alex: Moved: Session with Maya Patel: Wed 25 Nov 08:00 New York [details]
        """,
    )
    (event,) = stage.events("maya")
    assert event.recurrence is not None
    (moved,) = event.recurrence.moved
    assert (moved.day, moved.start) == (date(2026, 11, 24), at("2026-11-25 13:00"))
    await play(
        stage,
        """
        maya: end the series after Christmas
        > Shall I end the series with Alex Chen? 2 sessions would be called off: Tue 5 Jan 2027 \
            and Tue 19 Jan 2027. 3 sessions would stay, the last on Wed 25 Nov.
        maya: yes
        > The series with Alex Chen now ends on Wed 25 Nov: 2 sessions called off, Tue 5 Jan \
            2027 and Tue 19 Jan 2027.
        alex sees ~ This series has changed, see below.
        alex sees > Maya Patel has ended your series, every other Tuesday at 14:00 London, \
            earlier: the last session is on Wed 25 Nov.
        mail to maya: Updated: Session with Alex Chen: every other Tuesday at 14:00 London \
            [details]
        mail to alex: Updated: Session with Maya Patel: every other Tuesday at 14:00 London \
            [details]
        """,
    )
    (event,) = stage.events("maya")
    assert event.recurrence is not None
    assert event.recurrence.days[-1] == date(2026, 11, 24)
    await play(
        stage,
        """
        maya: cancel the series
        > Shall I end the series with Alex Chen? 3 sessions would be called off: Tue 27 Oct, Tue \
            10 Nov and Wed 25 Nov.
        maya presses [End the series]
        > The series with Alex Chen has ended: 3 sessions called off, Tue 27 Oct, Tue 10 Nov and \
            Wed 25 Nov. Nothing more is to come.
        alex sees ~ This series has changed, see below.
        alex sees > Maya Patel has ended your series, every other Tuesday at 14:00 London. \
            Nothing more of it is to come.
        mail to maya: Cancelled: Session with Alex Chen: every other Tuesday at 14:00 London \
            [details]
        mail to alex: Cancelled: Session with Maya Patel: every other Tuesday at 14:00 London \
            [details]
        calendar of maya: nothing
        """,
    )


async def test_each_session_has_its_own_reminder() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 4 weeks
        > …
        maya: yes
        ~ …
        alex sees > …
        alex: yes
        everybody has read on
        clock: 2026-11-02 13:50
        everybody has read on
        clock: 2026-11-02 14:00
        maya sees > Your session with Alex Chen is on Tue 3 Nov 14:00-14:30 London (09:00 New York).
        everybody has read on
        """,
    )
