"""What becomes of offered times: lost (A19), declined, lapsed, taken back, replaced (Y22)."""

from __future__ import annotations

from core.programme import Role
from tests.talks.script import play
from tests.talks.stage import Stage, aurora, person

OFFERED_NEXT_WEEK = """
    maya: book with Alex next week
    > I took Alex Chen, your mentor. Between Mon 26 Oct and Fri 30 Oct, three times suit you both:
    maya presses [Offer all three]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
"""


async def with_two_mentees() -> Stage:
    """Alex has a second mentee, connected as well."""
    stage = await aurora()
    await stage.join(person("noor", "Noor Haddad", "Europe/London"), role=Role.MENTEE)
    await stage.pair("alex", "noor")
    await stage.connect("noor")
    return stage


async def test_a19_another_mentee_took_the_time() -> None:
    stage = await with_two_mentees()
    await play(
        stage,
        """
        maya: book Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        noor: book Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        noor presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        alex sees > Noor Haddad would like to meet you for 30 minutes. Does it suit you?
        alex: yes
        > Which of the times do you mean?
          [Tue 27 Oct 10:00 New York (Noor)] [Tue 27 Oct 10:00 New York (Maya)]
        alex presses [Tue 27 Oct 10:00 New York (Noor)]
        ~ Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London).
        > Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London) with Noor Haddad. …
        noor sees > Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York) with Alex Chen. …
        noor sees ~ Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York).
        mail to noor: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Session with Noor Haddad: Tue 27 Oct 10:00 New York [details]
        5 minutes later
        alex presses [Tue 27 Oct 10:00 New York (Maya)]
        ~ Newer times have replaced these.
        > That time has just gone: you are no longer free then. Maya Patel would like to meet you \
            for 30 minutes. Which time suits you?
          30 minutes with Maya Patel
          Tue 27 Oct 09:00-09:30 New York | 13:00 London
          Tue 27 Oct 11:00-11:30 New York | 15:00 London
          Wed 28 Oct 10:00-10:30 New York | 14:00 London
          [Tue 27 Oct 09:00 New York] [Tue 27 Oct 11:00 New York] [Wed 28 Oct 10:00 New York] \
              [None of these]
        maya sees ~ Newer times have replaced these.
        maya sees > Offered to Alex Chen. I will tell you when they answer.
          30 minutes with Alex Chen
          Tue 27 Oct 13:00-13:30 London | 09:00 New York
          Tue 27 Oct 15:00-15:30 London | 11:00 New York
          Wed 28 Oct 14:00-14:30 London | 10:00 New York
          [Take it back]
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Noor Haddad, 0
        calendar of maya: nothing
        """,
    )
    assert len(await stage.meetings("alex")) == 1


async def test_a19_two_presses_at_once_where_nobody_confirms() -> None:
    stage = await with_two_mentees()
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: book Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        noor: book Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        noor presses [Book Tue 27 Oct 14:00 London]
        everybody has read on
        maya presses [Book Tue 27 Oct 14:00 London]
        ~ Newer times have replaced these.
        > That time has just gone. Alex is busy then. The nearest times that work:
          30 minutes with Alex Chen
          Tue 27 Oct 13:00-13:30 London | 09:00 New York
          Tue 27 Oct 15:00-15:30 London | 11:00 New York
          Wed 28 Oct 14:00-14:30 London | 10:00 New York
          Press one and it is booked.
          …
        """,
    )
    assert len(await stage.meetings("alex")) == 1


async def test_a_time_that_has_gone_with_nothing_left_closes_the_proposal() -> None:
    stage = await aurora()
    await stage.setting("horizon", "8 d")
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        """,
    )
    await stage.busy("maya", "2026-10-20 00:00", "2026-11-20 00:00")
    await play(
        stage,
        """
        alex presses [Tue 27 Oct 10:00 New York]
        ~ The times that Maya Patel offered have lapsed.
        > That time has just gone: Maya Patel is no longer free then, and I found no other. Which \
            week would suit you?
        maya sees ~ These times have lapsed.
        maya sees > No time suited everybody, so these times have lapsed. Shall I look for others?
          30 minutes with Alex Chen
          [Other times]
        """,
    )
    assert await stage.proposals("maya") == ()


async def test_declined_by_all_the_asker_is_asked() -> None:
    await play(
        await aurora(),
        OFFERED_NEXT_WEEK,
        """
    alex presses [None of these]
    ~ Noted: none of these suits you. Maya Patel has been told.
    maya sees ~ None of these times suited.
    maya sees > None of the times suits Alex Chen. Shall I look for others?
      30 minutes with Alex Chen
      [Other times]
    maya: yes
    > Three times suit you both:
      30 minutes with Alex Chen
      Mon 26 Oct 15:00-15:30 London | 11:00 New York
      Tue 27 Oct 14:00-14:30 London | 10:00 New York
      Wed 28 Oct 15:00-15:30 London | 11:00 New York
      …
    """,
    )


async def test_declined_in_words() -> None:
    await play(
        await aurora(),
        OFFERED_NEXT_WEEK,
        """
    alex: none of these work for me
    ~ Noted: none of these suits you. Maya Patel has been told.
    maya sees ~ None of these times suited.
    maya sees > None of the times suits Alex Chen. Shall I look for others?
    maya presses [Other times]
    > Three times suit you both:
    """,
    )


async def test_accepted_in_words() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED_NEXT_WEEK,
        """
    alex: the second one
    ~ Booked: Tue 27 Oct 11:00-11:30 New York (15:00 London).
    > Booked: Tue 27 Oct 11:00-11:30 New York (15:00 London) with Maya Patel. …
    everybody has read on
    """,
    )
    assert len(await stage.meetings("alex")) == 1


async def test_nobody_answers_in_time() -> None:
    await play(
        await aurora(),
        OFFERED_NEXT_WEEK,
        """
    72 hours later
    maya sees ~ These times have lapsed.
    maya sees > No answer in time from Alex Chen, so these times have lapsed. Shall I look for \
        others?
      30 minutes with Alex Chen
      [Other times]
    alex sees ~ The times that Maya Patel offered have lapsed.
    dana sees > Alex Chen never answered the times that Maya Patel offered in Aurora on Tue 20 \
        Oct. They have lapsed; perhaps a word from you helps.
    maya presses [Other times]
    > Three times suit you both:
    """,
    )


async def test_taken_back() -> None:
    stage = await aurora()
    await play(
        stage,
        OFFERED_NEXT_WEEK,
        """
    maya presses [Take it back]
    ~ Taken back; Alex Chen can see that it needs no answer any more.
    alex sees ~ This proposal was taken back; it needs no answer any more.
    """,
    )
    assert await stage.proposals("alex") == ()


async def test_none_of_these_before_anybody_was_asked() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex next week
        > I took Alex Chen, your mentor. Between Mon 26 Oct and Fri 30 Oct, three times suit you \
            both:
        maya presses [None of these]
        ~ None of these times.
        > All right, none of these. When would suit you better? For example: next week, or \
            Thursday afternoon.
        maya: Thursday afternoon
        > On Thu 22 Oct, three times suit you both:
          30 minutes with Alex Chen
          …
        alex sees nothing
        """,
    )


async def test_more_times_leave_out_what_was_shown() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex tomorrow
        > I took Alex Chen, your mentor. On Wed 21 Oct, three times suit you both:
          30 minutes with Alex Chen
          Wed 21 Oct 13:00-13:30 London | 08:00 New York
          Wed 21 Oct 15:00-15:30 London | 10:00 New York
          Wed 21 Oct 17:00-17:30 London | 12:00 New York
          …
        maya presses [More times]
        ~ Newer times have replaced these.
        > Three times suit you both:
          30 minutes with Alex Chen
          Wed 21 Oct 14:00-14:30 London | 09:00 New York
          Wed 21 Oct 16:00-16:30 London | 11:00 New York
          Wed 21 Oct 16:30-17:00 London | 11:30 New York
          …
        """,
    )


async def test_three_people_agree_on_a_time() -> None:
    """Several of the times may be accepted; the first that all accept is booked (Y22)."""
    await play(
        await aurora(),
        """
        romero: book with Maya and Alex Chen tomorrow
        > On Wed 21 Oct, three times suit everybody:
          30 minutes with Maya Patel and Alex Chen
          Wed 21 Oct 14:00-14:30 Madrid | 13:00 London, 08:00 New York
          Wed 21 Oct 16:00-16:30 Madrid | 15:00 London, 10:00 New York
          Wed 21 Oct 16:30-17:00 Madrid | 15:30 London, 10:30 New York
          …
        romero presses [Offer all three]
        ~ Offered to Maya Patel and Alex Chen. I will tell you when they answer.
        maya sees > Alex Romero would like to meet you for 30 minutes. Which time suits you?
        alex sees > Alex Romero would like to meet you for 30 minutes. Which time suits you?
        maya: what have I got?
        > You have no sessions coming up.
          Alex Romero waits for your answer to times from Wed 21 Oct 13:00 London.
          [Wed 21 Oct 13:00 London (Alex)] [Wed 21 Oct 15:00 London (Alex)] [Wed 21 Oct 15:30 \
              London (Alex)] [None of these (Alex)]
        romero: what have I got?
        > You have no sessions coming up.
          Waiting for Maya Patel and Alex Chen: times from Wed 21 Oct 14:00 Madrid.
          [Remind Maya Patel and Alex Chen] [Other times with Maya Patel and Alex Chen] [Take it \
              back from Maya Patel and Alex Chen]
        maya presses [Wed 21 Oct 13:00 London]
        ~ Noted, Wed 21 Oct 13:00 London. Still waiting for Alex Chen.
        romero sees ~ Offered to Alex Chen. I will tell you when they answer.
          …
          1 of 2 can do Wed 21 Oct 14:00 Madrid: Maya Patel.
          [Take it back]
        alex sees ~ Alex Romero would like to meet you for 30 minutes. Which time suits you?
        alex presses [Wed 21 Oct 10:00 New York]
        ~ Noted, Wed 21 Oct 10:00 New York. So far no time suits everybody; if another suits you \
            too, accept it as well.
        romero sees ~ Your times have been answered, see below.
        > Everybody has answered, but so far no time suits all.
          …
        maya sees ~ Noted, Wed 21 Oct 13:00 London. So far no time suits everybody; if another \
            suits you too, accept it as well.
        maya presses [Wed 21 Oct 15:00 London]
        ~ Booked: Wed 21 Oct 15:00-15:30 London (16:00 Madrid, 10:00 New York).
        > Booked: Wed 21 Oct 15:00-15:30 London (16:00 Madrid, 10:00 New York) with Alex Romero \
            and Alex Chen. …
        everybody has read on
        """,
    )
