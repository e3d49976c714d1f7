"""Everyday sayings in conversations: what is answered, and that nothing else is done."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_small_questions_and_goodbyes() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: who is my mentor?
        > You are paired with Alex Chen (mentor).
        maya: who's my mentee
        > You are paired with no mentee yet; your administrators can do that.
        alex: who am I paired with
        > You are paired with Maya Patel (mentee).
        maya: send the invite to my private mail
        > I only schedule sessions, so I have done nothing. “help” shows what I can do.
        maya: book Alex tomorrow at 25:00
        > I find no such hour on the clock. At what time would it suit you?
        maya: ok bye
        > Goodbye! I am here when you need me.
        maya: never more than 2 a week
        > Saved: at most 2 sessions a week, for all programmes.
        """,
    )
    assert await stage.proposals("maya") == ()


async def test_the_topic_of_a_day_is_the_agenda_of_its_session() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book Alex Tuesday 27 October 2pm
        > …
        maya: yes
        alex: yes
        everybody has read on
        maya: topic for Tuesday is career planning
        > Saved: the agenda of your session with Alex Chen on Tue 27 Oct 14:00 London is “career \
            planning”. The others and everybody's calendar get it as an update.
        everybody has read on
        """,
    )
    assert [m.agenda for m in await stage.meetings("maya")] == ["career planning"]


async def test_a_series_ends_in_a_month_or_has_another_time_from_a_week_on() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 4 weeks
        > …
        maya: yes
        alex: yes
        everybody has read on
        maya: end the series in November
        > Shall I end the series with Alex Chen? 3 sessions would be called off: Tue 3 Nov, Tue 10 \
            Nov and Tue 17 Nov. One session would stay, the last on Tue 27 Oct.
        maya: no
        > …
        maya: from next week on at 5
        > Your series with Alex Chen is every Tuesday at 14:00 London so far. Every Tuesday at \
            17:00 London: all 4 sessions suit you both, Tue 27 Oct to Tue 17 Nov.
        """,
    )
    assert len(await stage.meetings("maya")) == 4


async def test_time_added_to_a_session_makes_it_longer() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book Alex Tuesday 27 October 2pm
        > …
        maya: yes
        alex: yes
        everybody has read on
        maya: add 15 minutes to our session on Tuesday
        > Your session of Tue 27 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. That time suits you both:
          45 minutes with Alex Chen
          …
        """,
    )
    assert len(await stage.meetings("maya")) == 1


async def test_a_week_later_is_at_the_same_hour_when_the_clocks_change_between() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book Alex Thursday 2pm
        > …
        maya: yes
        alex: yes
        everybody has read on
        maya: push it back a week
        > Your session of Thu 22 Oct 14:00-14:30 London (09:00 New York) stays where it is until a \
            new time is accepted. That time suits you both:
          30 minutes with Alex Chen
          Thu 29 Oct 14:00-14:30 London | 10:00 New York
          …
        """,
    )


async def test_who_wants_no_reminders_gets_none() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: don't remind me any more
        > Saved: no reminders, for all programmes.
        maya: reminders on
        > …
        maya: stop reminding me about my sessions
        > Saved: no reminders before sessions, for all programmes.
        """,
    )
    assert (await stage.person("maya")).nudges
