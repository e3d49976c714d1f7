"""Everything that is to come of a series is moved at once: asked for in words, shown, agreed."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora

BOOKED = """
    maya: every Tuesday at 2pm with Alex for 4 weeks
    > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 4 sessions suit you \
        both, Tue 27 Oct to Tue 17 Nov.
    maya: yes
    ~ The series is offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you every Tuesday at 14:00 London, 30 minutes \
        each: 4 sessions. Does that suit you?
    alex: yes
    ~ Booked: every Tuesday at 14:00 London, 4 sessions.
    > Booked: every Tuesday at 14:00 London with Maya Patel, 4 sessions, Tue 27 Oct to Tue \
        17 Nov. It is being written to your calendar, and the details come by mail.
    maya sees > Booked: every Tuesday at 14:00 London with Alex Chen, 4 sessions, Tue 27 Oct \
        to Tue 17 Nov. It is being written to your calendar, and the details come by mail.
    maya sees ~ Booked: every Tuesday at 14:00 London, 4 sessions.
    mail to maya: Session with Alex Chen: every Tuesday at 14:00 London [details]
    mail to alex: Session with Maya Patel: every Tuesday at 14:00 London [details]
"""


async def booked() -> Stage:
    """Alex is busy at three on 17 November."""
    stage = await aurora()
    await stage.busy("alex", "2026-11-17 09:45", "2026-11-17 11:00")
    return stage


async def starts(stage: Stage) -> list[int]:
    return [m.start for m in await stage.meetings("maya")]


async def test_the_rest_is_moved_to_another_time_of_day() -> None:
    stage = await booked()
    await play(
        stage,
        BOOKED,
        """
        clock: 2026-10-28 09:00
        everybody has read on
        maya: change the rest of the series to 3pm
        > Your series with Alex Chen is every Tuesday at 14:00 London so far. Every Tuesday at \
            15:00 London: 2 of 3 sessions suit you both.
          A series with Alex Chen
          Tue 3 Nov 15:00-15:30 London | 10:00 New York · so far Tue 3 Nov 14:00 London
          Tue 10 Nov 15:00-15:30 London | 10:00 New York · so far Tue 10 Nov 14:00 London
          Tue 17 Nov 15:00 London: Alex is busy then. That one stays on Tue 17 Nov 14:00 London \
              unless you choose something else below.
          Nobody else has seen this yet. Until Alex Chen accepts it, everything stays as it is.
          [Offer the change] [Tue 17 Nov: Tue 17 Nov 13:45 London] [Tue 17 Nov: Mon 16 Nov \
              15:00 London] [Tue 17 Nov: call it off] [Leave it as it is]
        maya presses [Tue 17 Nov: call it off]
        ~ Every Tuesday at 15:00 London: 2 of 3 sessions suit you both.
          A series with Alex Chen
          Tue 3 Nov 15:00-15:30 London | 10:00 New York · so far Tue 3 Nov 14:00 London
          Tue 10 Nov 15:00-15:30 London | 10:00 New York · so far Tue 10 Nov 14:00 London
          Tue 17 Nov 15:00 London: Alex is busy then. That one is called off.
          Nobody else has seen this yet. Until Alex Chen accepts it, everything stays as it is.
          [Offer the change] [Tue 17 Nov: Tue 17 Nov 13:45 London] [Tue 17 Nov: Mon 16 Nov \
              15:00 London] [Tue 17 Nov: keep it] [Leave it as it is]
        > Tue 17 Nov is called off with the change. “Offer the change” is the next step.
        maya presses [Tue 17 Nov: Mon 16 Nov 15:00 London]
        ~ Every Tuesday at 15:00 London: all 3 sessions suit you both, Tue 3 Nov to Mon 16 Nov.
        maya presses [Offer the change]
        ~ The change is offered to Alex Chen. Until they accept it, everything stays as it is.
        alex sees > Maya Patel would like to move what is to come of your series to every \
            Tuesday at 15:00 London: 3 sessions. Does that suit you?
          A series with Maya Patel
          Tue 3 Nov 10:00-10:30 New York | 15:00 London · so far Tue 3 Nov 09:00 New York
          Tue 10 Nov 10:00-10:30 New York | 15:00 London · so far Tue 10 Nov 09:00 New York
          Mon 16 Nov 10:00-10:30 New York | 15:00 London · so far Tue 17 Nov 09:00 New York
          [Accept the change] [Keep it as it is]
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        alex presses [Accept the change]
        ~ Changed: every Tuesday at 15:00 London, 3 sessions.
        ~ This series has changed, see below.
        > Your series with Maya Patel is now every Tuesday at 15:00 London: 3 sessions to come, \
            Tue 3 Nov to Mon 16 Nov. Calendars and mails say so, too.
          [All dates]
        maya sees ~ This series has changed, see below.
        maya sees > Your series with Alex Chen is now every Tuesday at 15:00 London: 3 sessions \
            to come, Tue 3 Nov to Mon 16 Nov. Calendars and mails say so, too.
          [All dates]
        maya sees ~ Changed: every Tuesday at 15:00 London, 3 sessions.
        mail to maya: Updated: Session with Alex Chen: every Tuesday at 15:00 London [details]
        mail to alex: Updated: Session with Maya Patel: every Tuesday at 15:00 London [details]
        """,
    )
    for who in ("maya", "alex"):
        (event,) = stage.events(who)
        assert event.recurrence is not None
        assert event.recurrence.rule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261117T140000Z"
        assert [one.start for one in event.recurrence.moved] == [
            at("2026-11-03 15:00"),
            at("2026-11-10 15:00"),
            at("2026-11-16 15:00"),
        ]
    assert len({m.uid for m in await stage.meetings("maya")}) == 1


async def test_another_weekday_from_now_on_and_the_other_says_no() -> None:
    stage = await booked()
    await play(
        stage,
        BOOKED,
        """
        alex: move the series to Wednesdays from now on
        > Your series with Maya Patel is every Tuesday at 14:00 London so far. Every Wednesday \
            at 14:00 London: all 4 sessions suit you both, Wed 28 Oct to Wed 18 Nov.
        alex: yes
        ~ The change is offered to Maya Patel. Until they accept it, everything stays as it is.
        maya sees > Alex Chen would like to move what is to come of your series to every \
            Wednesday at 14:00 London: 4 sessions. Does that suit you?
        maya presses [Keep it as it is]
        ~ Noted: the series stays as it is. Alex Chen has been told.
        alex sees ~ None of these times suited.
        alex sees > The change of the series does not suit Maya Patel, so everything stays \
            as it was.
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        """,
    )
    assert len(await starts(stage)) == 4


async def test_an_invitation_is_sent_once_for_all() -> None:
    stage = await booked()
    await stage.disconnect("maya")
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 3 weeks
        > I took Alex Chen, your mentor. Every Tuesday at 14:00 London: all 3 sessions suit \
            those whose calendars I could read, Tue 27 Oct to Tue 10 Nov.
        maya: yes
        ~ The series is offered to Alex Chen. I will tell you when they answer.
        alex: yes
        mail to maya: Session with Alex Chen: every Tuesday at 14:00 London [REQUEST 0]
        mail to alex: Session with Maya Patel: every Tuesday at 14:00 London [details]
        everybody has read on
        alex: move the series to Wednesdays at 10
        > Your series with Maya Patel is every Tuesday at 14:00 London so far. Every Wednesday \
            at 10:00 New York: all 3 sessions suit those whose calendars I could read, Wed 28 \
            Oct to Wed 11 Nov.
        alex: yes
        maya: yes
        mail to maya: Updated: Session with Alex Chen: every Wednesday at 10:00 New York \
            [REQUEST 1]
        mail to alex: Updated: Session with Maya Patel: every Wednesday at 10:00 New York \
            [details]
        everybody has read on
        """,
    )


@pytest.mark.parametrize(
    "said",
    [
        "the rest of the series an hour later",
        "can the rest of the series be an hour later?",
        "how about an hour later for the rest of the series",
        "the rest of the series with Alex at 3pm please",
    ],
)
async def test_the_rest_at_another_time_is_a_move_without_any_verb(said: str) -> None:
    stage = await booked()
    await play(
        stage,
        BOOKED,
        f"""
        clock: 2026-10-28 09:00
        everybody has read on
        maya: {said}
        > Your series with Alex Chen is every Tuesday at 14:00 London so far. Every Tuesday at \
            15:00 London: 2 of 3 sessions suit you both.
          …
        """,
    )


async def test_what_cannot_be_changed_at_once_is_said() -> None:
    stage = await booked()
    await play(
        stage,
        BOOKED,
        """
        maya: move the whole series to 2pm
        > Your series is at that time already, so I have changed nothing.
        maya: change the rest of the series to every other Wednesday
        > I can change the day of the week and the time of a series, not how often it is. For \
            that, end it and ask for a new one. I have changed nothing.
        maya: move the rest of the series
        > To which time shall I move the series? For example: “move the series to 3pm” or “move \
            the series to Wednesdays at 10”.
        maya: change the rest of the series to 5am
        > None of those sessions can be then: it is outside the hours of Aurora (08:00-18:00) \
            for you and Alex. I have changed nothing.
        """,
    )
    assert (await starts(stage))[0] == at("2026-10-27 14:00")


async def test_a_time_that_was_proposed_by_mail_is_looked_at_for_every_session() -> None:
    stage = await booked()
    await play(stage, BOOKED)
    (first, *_) = await stage.meetings("maya")
    await stage.acts("maya", f"rest:{first.series}:900:2:Europe/London")
    await play(
        stage,
        """
        maya sees > Your series with Alex Chen is every Tuesday at 14:00 London so far. Every \
            Wednesday at 15:00 London: all 4 sessions suit you both, Wed 28 Oct to Wed 18 Nov.
        """,
    )
    await stage.acts("sam", f"rest:{first.series}:900:2:Europe/London")
    await stage.acts("maya", f"rest:{first.series}:900:x:Europe/London")
    await play(stage, "everybody has read on")
    assert len(await stage.proposals("sam")) == 0


async def test_which_of_several_series_is_asked() -> None:
    stage = await booked()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 3 weeks
        maya: yes
        maya: every Thursday at 2pm with Alex for 3 weeks
        maya: yes
        everybody has read on
        maya: change the rest of the series to 3pm
        > Which series do you mean?
          [Alex Chen, Tue 27 Oct 14:00 London] [Alex Chen, Thu 22 Oct 14:00 London]
        maya presses [Alex Chen, Tue 27 Oct 14:00 London]
        > Your series with Alex Chen is every Tuesday at 14:00 London so far. Every Tuesday at \
            15:00 London: all 3 sessions suit you both, Tue 27 Oct to Tue 10 Nov.
        maya: yes
        everybody has read on
        """,
    )
    assert (await starts(stage))[1] == at("2026-10-27 15:00")


async def test_undo_of_what_all_have_agreed_says_how_the_old_times_come_back() -> None:
    stage = await booked()
    await play(
        stage,
        BOOKED,
        """
        clock: 2026-10-28 09:00
        everybody has read on
        maya: change the rest of the series to 3pm
        > Your series with Alex Chen is every Tuesday at 14:00 London so far. Every Tuesday at \
            15:00 London: 2 of 3 sessions suit you both.
        maya presses [Offer the change]
        everybody has read on
        alex: yes
        everybody has read on
        alex: undo
        > All of you have agreed to the new times, so I do not change them back without asking. \
            Say “change the rest of the series to 2pm”, with the time you had, and I ask Maya Patel.
        """,
    )
    assert at("2026-11-03 15:00") in await starts(stage)


async def test_a_change_that_was_offered_ends_with_what_it_would_have_changed() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 5 weeks
        maya presses [Offer the series]
        alex presses [Accept the series]
        maya: move the series to Wednesdays
        maya presses [Offer the change]
        everybody has read on
        maya: end the series after 3 November
        maya presses [End the series]
        alex sees ~ This proposal was taken back; it needs no answer any more.
        everybody has read on
        alex: what have I got?
        > Your next sessions:
          Maya Patel: Tue 27 Oct 10:00-10:30 New York (14:00 London), the next of 2 in a series, \
              the last on Tue 3 Nov
          …
        """,
    )
    assert await stage.proposals("alex") == ()
