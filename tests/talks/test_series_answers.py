"""Series in chat: what else becomes of them, and what cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from tests.talks.script import card_lines, matches, play
from tests.talks.stage import aurora
from tests.talks.test_series import with_a_busy_alex


async def test_what_does_not_fit_is_left_out_or_the_series_stops_there() -> None:
    stage = await with_a_busy_alex()
    await play(
        stage,
        """
        maya: every other Tuesday at 2pm with Alex for 3 months
        > I took Alex Chen, your mentor. Every other Tuesday at 14:00 London: 6 of 7 sessions \
            suit you both.
        maya presses [Tue 22 Dec: skip]
        ~ Every other Tuesday at 14:00 London: 6 of 7 sessions suit you both.
        > Tue 22 Dec is left out. “Offer the series” is the next step.
        maya presses [Tue 22 Dec: stop before]
        ~ Every other Tuesday at 14:00 London: all 4 sessions suit you both, Tue 27 Oct to Tue 8 \
            Dec.
        alex: yes
        > I am not sure what you answer: no proposal waits for you right now. “what have I got?” \
            shows what there is.
        maya presses [Not this series]
        ~ None of these times.
        > Which other day or time shall I try for the series?
        """,
    )


async def test_a_series_is_accepted_as_a_whole_or_not_at_all() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 4 weeks
        > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 4 sessions suit you \
            both, Tue 27 Oct to Tue 17 Nov.
        maya: the second one
        > A series is accepted as a whole, or but for some days: “all but 17 Nov”. Once it is \
            booked you can skip or move single sessions.
        maya: yes
        ~ The series is offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you every Tuesday at 14:00 London, 30 minutes \
            each: 4 sessions. Does that suit you?
        alex presses [None of these]
        ~ Noted: the series does not suit you. Maya Patel has been told.
        maya sees ~ None of these times suited.
        maya sees > The series does not suit Alex Chen. Which other day or time shall I try?
        """,
    )


async def test_where_nobody_confirms_it_is_booked_at_once() -> None:
    stage = await aurora()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 4 weeks
        > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 4 sessions suit you \
            both, Tue 27 Oct to Tue 17 Nov.
        maya presses [Book the series]
        ~ Booked: every Tuesday at 14:00 London, 4 sessions.
        > Booked: every Tuesday at 14:00 London with Alex Chen, 4 sessions, Tue 27 Oct to Tue 17 \
            Nov. It is being written to your calendar, and the details come by mail.
        alex sees > Booked: every Tuesday at 14:00 London with Maya Patel, 4 sessions, Tue 27 \
            Oct to Tue 17 Nov. It is being written to your calendar, and the details come by \
            mail.
        mail to maya: Session with Alex Chen: every Tuesday at 14:00 London [details]
        mail to alex: Session with Maya Patel: every Tuesday at 14:00 London [details]
        """,
    )


async def test_without_a_calendar_it_comes_as_one_invitation() -> None:
    stage = await aurora()
    await stage.disconnect("maya")
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 3 weeks
        > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 3 sessions suit \
            those whose calendars I could read, Tue 27 Oct to Tue 10 Nov.
        maya: yes
        ~ The series is offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you every Tuesday at 14:00 London, 30 minutes \
            each: 3 sessions. Does that suit you?
        alex: yes
        ~ Booked: every Tuesday at 14:00 London, 3 sessions.
        > Booked: every Tuesday at 14:00 London with Maya Patel, 3 sessions, Tue 27 Oct to Tue \
            10 Nov. It is being written to your calendar, and the details come by mail.
        maya sees > Booked: every Tuesday at 14:00 London with Alex Chen, 3 sessions, Tue 27 Oct \
            to Tue 10 Nov. The invitation comes to maya@example.org by mail. Your calendar is \
            not connected: please compare the time with it by hand.
        maya sees ~ Booked: every Tuesday at 14:00 London, 3 sessions.
        mail to maya: Session with Alex Chen: every Tuesday at 14:00 London [REQUEST 0]
        mail to alex: Session with Maya Patel: every Tuesday at 14:00 London [details]
        maya: skip the one on 3 November
        > Cancel your session with Alex Chen on Tue 3 Nov 14:00-14:30 London (09:00 New York)? \
            Everybody gets a cancellation.
        maya: yes
        > Cancelled: your session with Alex Chen on Tue 3 Nov 14:00-14:30 London (09:00 New \
            York).
        alex sees > Maya Patel cancelled your session on Tue 3 Nov 09:00-09:30 New York (14:00 \
            London).
        mail to maya: Cancelled: Session with Alex Chen: Tue 3 Nov 14:00 London [CANCEL 1]
        mail to alex: Cancelled: Session with Maya Patel: Tue 3 Nov 09:00 New York [details]
        maya: end the series after 4 November
        > Shall I end the series with Alex Chen? One session would be called off: Tue 10 Nov. \
            One session would stay, the last on Tue 27 Oct.
        maya: yes
        > The series with Alex Chen now ends on Tue 27 Oct: one session called off, Tue 10 Nov.
        alex sees ~ This series has changed, see below.
        alex sees > Maya Patel has ended your series, every Tuesday at 14:00 London, earlier: \
            the last session is on Tue 27 Oct.
        mail to maya: Updated: Session with Alex Chen: every Tuesday at 14:00 London [REQUEST 2]
        mail to alex: Updated: Session with Maya Patel: every Tuesday at 14:00 London [details]
        maya: end the series
        > Shall I end the series with Alex Chen? One session would be called off: Tue 27 Oct.
        maya: yes
        > The series with Alex Chen has ended: one session called off, Tue 27 Oct. Nothing more \
            is to come.
        alex sees ~ This series has changed, see below.
        alex sees > Maya Patel has ended your series, every Tuesday at 14:00 London. Nothing \
            more of it is to come.
        mail to maya: Cancelled: Session with Alex Chen: every Tuesday at 14:00 London [CANCEL \
            5]
        mail to alex: Cancelled: Session with Maya Patel: every Tuesday at 14:00 London \
            [details]
        """,
    )
    invites = [m.invite for m in stage.mail.sent if m.invite is not None]
    assert {i.uid for i in invites} == {invites[0].uid}
    assert [i.occurrence.day if i.occurrence else None for i in invites] == [
        None,
        date(2026, 11, 3),
        None,
        None,
    ]
    assert invites[0].recurrence is not None


async def test_ending_a_series_late_costs_what_a_late_cancellation_costs() -> None:
    stage = await aurora()
    for key, text in (("sessions", "6"), ("cancel.notice", "24 h"), ("cancel.counts", "on")):
        await stage.setting(key, text)
    await play(
        stage,
        """
        maya: every Wednesday at 2pm with Alex for 3 weeks
        > …
        maya: yes
        ~ …
        alex sees > …
        alex: yes
        everybody has read on
        clock: 2026-10-20 20:00
        everybody has read on
        maya: end the series
        > It is late for the one on Wed 21 Oct, so that one counts as used all the same. Shall I \
            end the series with Alex Chen? 3 sessions would be called off: Wed 21 Oct, Wed 28 Oct \
            and Wed 4 Nov.
        maya: yes
        > …
        everybody has read on
        maya: every Friday at 2pm with Alex for 6 weeks
        > …
          …
          Aurora gives the two of you 6 sessions, 1 used or booked so far. …
          …
        """,
    )


async def test_the_time_of_day_and_the_length_are_corrected() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every other Tuesday at 2pm with Alex for 2 months
        > … Every other Tuesday at 14:00 London: all 5 sessions suit you both, …
        maya: make it 3pm
        ~ Newer times have replaced these.
        > Every other Tuesday at 15:00 London: all 5 sessions suit you both, …
        maya: make it 45 minutes
        ~ Newer times have replaced these.
        > Every other Tuesday at 15:00 London: all 5 sessions suit you both, …
        maya: yes
        ~ The series is offered to Alex Chen. I will tell you when they answer.
        alex sees > … every other Tuesday at 15:00 London, 45 minutes each: 5 sessions. …
        maya: every Wednesday at 2pm with Alex for 3 weeks
        > …
        maya: yes
        ~ …
        alex sees > …
        alex: yes
        > Which of the times do you mean?
          [Accept the series from Wed 21 Oct 09:00 New York (Maya)] \
              [Accept the series from Tue 27 Oct 11:00 New York (Maya)]
        """,
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("every Tuesday at 2pm with Alex", "…A series has at most 26 sessions here…"),
        ("every Tuesday at 2pm with Alex 500 times", "…A series has at most 26 sessions here…"),
        ("every month on 31 February with Alex", "I find no such day in the calendar. …"),
        ("every day at 3am with Alex for 2 weeks", "No session of that series is possible: …"),
        ("every Saturday at 10 with Alex for 2 months", "…Aurora has no weekend sessions …"),
    ],
)
async def test_a_series_that_cannot_be_gets_a_clear_answer(text: str, answer: str) -> None:
    stage = await aurora()
    await stage.says("maya", text)
    (seen,) = stage.chats.unread["maya"]
    lines = "\n".join([seen.message.text, *card_lines(seen.message)])
    assert matches([answer], [lines]), lines
    assert not stage.events("maya")


async def test_buttons_of_a_series_are_for_whom_it_concerns() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 4 weeks
        > …
        """,
    )
    (proposal,) = await stage.proposals("maya")
    for action in (f"series:offer:{proposal.id}", f"series:accept:{proposal.id}", "series:gap:x"):
        await stage.acts("sam", action)
    assert len(stage.chats.unread["sam"]) == 3
    (after,) = await stage.proposals("maya")
    assert after == proposal
    assert not stage.events("alex")
