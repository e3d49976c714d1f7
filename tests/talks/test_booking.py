"""Booking by chat, from a sentence to a session: A01 to A07 and A42."""

from __future__ import annotations

from core.booking.meeting import Rsvp
from core.timing.zones import wall
from tests.talks.script import play
from tests.talks.stage import Stage, at, aurora

OFFER_TUESDAY = """
    maya: book with Alex on Tuesday 27 October at 2pm
    > I took Alex Chen, your mentor. That time suits you both:
    maya presses [Offer Tue 27 Oct 14:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
"""


async def with_a_full_monday() -> Stage:
    """Maya has time on Tuesday 27 October at 14:00 and little before."""
    stage = await aurora()
    await stage.busy("maya", "2026-10-26 08:00", "2026-10-26 18:00")
    await stage.busy("maya", "2026-10-27 14:40", "2026-10-27 18:00")
    return stage


async def test_a01_three_times_with_ones_own_mentor() -> None:
    stage = await with_a_full_monday()
    await play(
        stage,
        """
        maya: book with Alex next week
        > I took Alex Chen, your mentor. Between Mon 26 Oct and Fri 30 Oct, three times suit you \
            both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Wed 28 Oct 15:00-15:30 London | 11:00 New York
          Thu 29 Oct 14:00-14:30 London | 10:00 New York
          Offer one or all of them; Alex Chen will be asked.
          [Offer all three] [Offer Tue 27 Oct 14:00 London] [Offer Wed 28 Oct 15:00 London] \
              [Offer Thu 29 Oct 14:00 London] [More times] [None of these] [Someone else]
        alex sees nothing
        calendar of maya: nothing
        calendar of alex: nothing
        """,
    )
    assert stage.mail.sent == []
    assert await stage.meetings("maya") == ()


async def test_a01_the_other_alex_was_meant() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex next week
        > I took Alex Chen, your mentor. Between Mon 26 Oct and Fri 30 Oct, three times suit you \
            both:
        maya presses [Someone else]
        > Whom would you like to meet?
          [Alex Romero (Madrid)]
        maya presses [Alex Romero (Madrid)]
        > Between Mon 26 Oct and Fri 30 Oct, three times suit you both:
          30 minutes with Alex Romero
          Mon 26 Oct 10:00-10:30 London | 11:00 Madrid
          …
        """,
    )


async def test_a02_from_the_offer_to_the_session() -> None:
    stage = await with_a_full_monday()
    await play(
        stage,
        """
        maya: book with Alex next week
        > I took Alex Chen, your mentor. Between Mon 26 Oct and Fri 30 Oct, three times suit you \
            both:
        maya presses [Offer all three]
        ~ Offered to Alex Chen. I will tell you when they answer.
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Wed 28 Oct 15:00-15:30 London | 11:00 New York
          Thu 29 Oct 14:00-14:30 London | 10:00 New York
          [Take it back]
        alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
          30 minutes with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          Wed 28 Oct 11:00-11:30 New York | 15:00 London
          Thu 29 Oct 10:00-10:30 New York | 14:00 London
          [Tue 27 Oct 10:00 New York] [Wed 28 Oct 11:00 New York] [Thu 29 Oct 10:00 New York] \
              [None of these]
        alex presses [Tue 27 Oct 10:00 New York]
        ~ Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London).
        > Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London) with Maya Patel. It is being \
            written to your calendar, and the details come by mail.
          When: Tue 27 Oct 10:00-10:30 New York (14:00 London)
          With: Maya Patel
          Where: https://meet.example.org/alex
          [Find another time] [Cancel]
        maya sees > Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York) with Alex Chen. It is \
            being written to your calendar, and the details come by mail.
          When: Tue 27 Oct 14:00-14:30 London (10:00 New York)
          With: Alex Chen
          Where: https://meet.example.org/alex
          [Find another time] [Cancel]
        maya sees ~ Booked: Tue 27 Oct 14:00-14:30 London (10:00 New York).
        mail to maya: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 0
        alex presses [Tue 27 Oct 10:00 New York] again
        alex sees nothing
        maya presses [Offer all three] again
        maya sees nothing
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 0
        """,
    )
    (meeting,) = await stage.meetings("maya")
    assert meeting.span == (at("2026-10-27 14:00"), at("2026-10-27 14:30"))
    assert meeting.owner == "alex"
    assert {a.rsvp for a in meeting.attendees} == {Rsvp.ACCEPTED}
    assert {e.uid for who in ("maya", "alex") for e in stage.events(who)} == {meeting.uid}


async def test_a02_the_calendars_are_read_again_at_the_press() -> None:
    """What filled up meanwhile is not booked over (R49)."""
    stage = await aurora()
    await play(stage, OFFER_TUESDAY)
    await stage.busy("maya", "2026-10-27 14:15", "2026-10-27 15:15")
    await play(
        stage,
        """
        alex presses [Tue 27 Oct 10:00 New York]
        ~ Newer times have replaced these.
        > That time has just gone: Maya Patel is no longer free then. Maya Patel would like to \
            meet you for 30 minutes. Which time suits you?
          30 minutes with Maya Patel
          Tue 27 Oct 09:30-10:00 New York | 13:30 London
          …
        maya sees ~ Newer times have replaced these.
        maya sees > Offered to Alex Chen. I will tell you when they answer.
        calendar of alex: nothing
        """,
    )
    assert await stage.meetings("maya") == ()


async def test_a42_the_same_event_twice_is_one_session_and_one_answer() -> None:
    stage = await aurora()
    await play(stage, OFFER_TUESDAY)
    action = stage.chats.button("alex", "Tue 27 Oct 10:00 New York")
    await stage.acts("alex", action, event_id="E1")
    seen = len(stage.chats.unread["alex"])
    await stage.acts("alex", action, event_id="E1")
    assert len(stage.chats.unread["alex"]) == seen
    assert len(await stage.meetings("alex")) == 1
    assert len(stage.mail.sent) == 2


async def test_a42_a_sentence_that_is_sent_again_is_answered_once() -> None:
    stage = await aurora()
    for _ in range(2):
        await stage.says("maya", "book with Alex tomorrow", event_id="E2")
    assert len(stage.chats.unread["maya"]) == 1
    await stage.says("maya", "book with Alex tomorrow", event_id="E3")
    assert len(stage.chats.unread["maya"]) > 1


async def test_a03_an_administrator_arranges_for_two_others() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        dana: set up 30 min for Maya with Alex on Thursday
        > There are two people called Alex. Whom do you mean?
          [Alex Chen (New York, Maya's mentor)] [Alex Romero (Madrid)]
        """,
    )
    assert stage.calendars.asked == 0  # nobody's calendar is read before it is clear whose
    await play(
        stage,
        """
        dana presses [Alex Chen (New York, Maya's mentor)]
        > I take it that you arrange this for Maya Patel and Alex Chen. On Thu 22 Oct, three \
            times suit everybody:
          30 minutes with Maya Patel and Alex Chen
          Thu 22 Oct 13:00-13:30 London | 08:00 New York
          Thu 22 Oct 15:00-15:30 London | 10:00 New York
          Thu 22 Oct 17:00-17:30 London | 12:00 New York
          Offer one or all of them; Maya Patel and Alex Chen will be asked.
          [Offer all three] [Offer Thu 22 Oct 13:00 London] [Offer Thu 22 Oct 15:00 London] \
              [Offer Thu 22 Oct 17:00 London] [More times] [None of these]
        dana presses [Offer Thu 22 Oct 15:00 London]
        ~ Offered to Maya Patel and Alex Chen. I will tell you when they answer.
        maya sees > Dana Brooks would like to arrange 30 minutes for Alex Chen and you. Does \
            it suit you?
        alex sees > Dana Brooks would like to arrange 30 minutes for Maya Patel and you. Does \
            it suit you?
        alex presses [Thu 22 Oct 10:00 New York]
        ~ Noted, Thu 22 Oct 10:00 New York. Still waiting for Maya Patel.
          30 minutes with Maya Patel
          Thu 22 Oct 10:00-10:30 New York | 15:00 London
          [None of these]
        dana sees ~ Offered to Maya Patel. I will tell you when they answer.
          …
          Alex accepted Thu 22 Oct 15:00 London.
          [Take it back]
        maya sees ~ Dana Brooks would like to arrange 30 minutes for Alex Chen and you. Does \
            it suit you?
        maya presses [Thu 22 Oct 15:00 London]
        ~ Booked: Thu 22 Oct 15:00-15:30 London (10:00 New York).
        > Booked: Thu 22 Oct 15:00-15:30 London (10:00 New York) with Alex Chen. It is being \
            written to your calendar, and the details come by mail.
        dana sees ~ One of these times is booked, see below.
        dana sees > Booked: Thu 22 Oct 15:00-15:30 London (10:00 New York) with Maya Patel and \
            Alex Chen.
        alex sees > Booked: Thu 22 Oct 10:00-10:30 New York (15:00 London) with Maya Patel. …
        alex sees ~ Booked: Thu 22 Oct 10:00-10:30 New York (15:00 London).
        mail to maya: Session with Alex Chen: Thu 22 Oct 15:00 London [details]
        mail to alex: Session with Maya Patel: Thu 22 Oct 10:00 New York [details]
        """,
    )


async def test_a04_partner_and_length_are_known() -> None:
    await play(
        await aurora(),
        """
        maya: sometime tomorrow
        > I took Alex Chen, your mentor. On Wed 21 Oct, three times suit you both:
          30 minutes with Alex Chen
          Wed 21 Oct 13:00-13:30 London | 08:00 New York
          Wed 21 Oct 15:00-15:30 London | 10:00 New York
          Wed 21 Oct 17:00-17:30 London | 12:00 New York
          …
        """,
    )


async def test_a04_one_question_when_the_partner_is_not_known() -> None:
    stage = await aurora()
    await stage.pair("lee", "sam")
    await play(
        stage,
        """
        sam: sometime tomorrow
        > Whom would you like to meet?
          [Priya Nair] [Lee Wong]
        sam: Lee
        > On Wed 21 Oct, three times suit you both:
          30 minutes with Lee Wong
          Wed 21 Oct 08:00-08:30 New York | 14:00 Amsterdam
          …
        """,
    )


async def test_a05_two_tuesdays_around_a_change_of_clocks() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: weekly catch-up with Alex at 2pm my time, next Tuesday and the one after
        > I took Alex Chen, your mentor. Two separate sessions with Alex Chen:
          For Alex they are at different times of day: Tue 27 Oct 10:00 New York and Tue 3 Nov \
              09:00 New York.
          Offer them one by one below, or all at once.
          [Offer both]
        > That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Offer it, and Alex Chen will be asked.
          [Offer Tue 27 Oct 14:00 London] [None of these]
        > That time suits you both:
          30 minutes with Alex Chen
          Tue 3 Nov 14:00-14:30 London | 09:00 New York
          Offer it, and Alex Chen will be asked.
          [Offer Tue 3 Nov 14:00 London] [None of these]
        maya presses [Offer both]
        ~ Offered to Alex Chen. I will tell you when they answer.
        ~ Offered to Alex Chen. I will tell you when they answer.
        > Offered both to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        alex presses [Tue 27 Oct 10:00 New York]
        ~ Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London).
        > Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London) with Maya Patel. …
        alex presses [Tue 3 Nov 09:00 New York]
        ~ Booked: Tue 3 Nov 09:00-09:30 New York (14:00 London).
        > Booked: Tue 3 Nov 09:00-09:30 New York (14:00 London) with Maya Patel. …
        calendar of maya:
          Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
          Tue 3 Nov 14:00-14:30 London, Session with Alex Chen, 0
        everybody has read on
        """,
    )
    meetings = await stage.meetings("maya")
    assert [m.zone for m in meetings] == ["Europe/London"] * 2
    assert [f"{wall(m.start, 'Europe/London'):%d %b %H:%M}" for m in meetings] == [
        "27 Oct 14:00",
        "03 Nov 14:00",
    ]
    assert meetings[0].uid != meetings[1].uid


async def test_a06_no_weekend_says_the_rule_and_who_can_change_it() -> None:
    await play(
        await aurora(),
        """
        maya: book Alex on Saturday
        > I took Alex Chen, your mentor. On Sat 24 Oct nothing fits: Aurora has no weekend \
            sessions (a programme setting; an administrator can change it). The nearest times \
            that work:
          30 minutes with Alex Chen
          Fri 23 Oct 15:00-15:30 London | 10:00 New York
          Mon 26 Oct 14:00-14:30 London | 10:00 New York
          Mon 26 Oct 15:00-15:30 London | 11:00 New York
          Offer one or all of them; Alex Chen will be asked.
          [Offer all three] [Offer Fri 23 Oct 15:00 London] [Offer Mon 26 Oct 14:00 London] \
              [Offer Mon 26 Oct 15:00 London] [None of these] [Someone else]
        """,
    )


async def test_a07_too_early_for_both() -> None:
    await play(
        await aurora(),
        """
        maya: 7am tomorrow?
        > I took Alex Chen, your mentor. Wed 21 Oct 07:00-07:30 London (02:00 New York) does not \
            work: it is outside the hours of Aurora (08:00-18:00) for you and Alex. The nearest \
            times that work:
          30 minutes with Alex Chen
          Tue 20 Oct 16:30-17:00 London | 11:30 New York
          Wed 21 Oct 13:00-13:30 London | 08:00 New York
          Wed 21 Oct 15:00-15:30 London | 10:00 New York
          …
        """,
    )
