"""Why a time, a day or a person does not work, and what would change that: A06-A10, X11."""

from __future__ import annotations

from core.ports import Busy, BusyKind
from core.programme import Role
from core.timing.hours import weekly
from tests.talks.script import play
from tests.talks.stage import AURORA, Stage, at, aurora, person


async def tentative(stage: Stage, who: str, first: str, last: str) -> None:
    """Fill a time of a person's calendar with what is only tentative."""
    zone = (await stage.person(who)).zone
    entry = Busy(at(first, zone), at(last, zone), BusyKind.TENTATIVE)
    stage.calendars.add_busy(stage.shelves[who], entry)


async def test_what_is_too_near_is_said_to_whom_it_belongs_alone() -> None:
    """Maya reads of her own 30 minutes in between; of Alex's she reads that he is not free."""
    stage = await aurora()
    await stage.busy("maya", "2026-10-27 13:00", "2026-10-27 14:00")
    await stage.busy("alex", "2026-10-28 09:00", "2026-10-28 10:00")
    await play(
        stage,
        """
        maya: leave me 30 minutes between meetings
        > …
        alex: leave me 30 minutes between meetings
        > …
        maya: why not Tuesday 27 October 14:15?
        > Tue 27 Oct 14:15-14:45 London (10:15 New York) does not work: it is too close to \
            something of yours (you want 30 minutes free in between).
        maya: why not Wednesday 28 October 14:15?
        > Wed 28 Oct 14:15-14:45 London (10:15 New York) does not work: Alex is not free then.
        """,
    )


async def test_what_is_tentative_is_set_aside_by_a_press_for_this_once() -> None:
    """Its owner alone can do so; the booking holds although the entry still stands."""
    stage = await aurora()
    await tentative(stage, "maya", "2026-10-27 14:00", "2026-10-27 15:00")
    await tentative(stage, "alex", "2026-10-28 10:00", "2026-10-28 11:00")
    await play(
        stage,
        """
        maya: why not Wednesday 28 October 14:00?
        > Wed 28 Oct 14:00-14:30 London (10:00 New York) does not work: Alex is busy then.
        maya: book Alex next Tuesday 2pm
        > I took Alex Chen, your mentor. Tue 27 Oct 14:00-14:30 London (10:00 New York) does not \
            work: one of your calendars is busy then. The nearest times that work:
          …
          [Offer all three] [Offer Mon 26 Oct 16:00 London] [Offer Tue 27 Oct 15:30 London] \
              [Offer Wed 28 Oct 12:00 London] [None of these] [Count what is tentative as free] \
              [Someone else]
        maya presses [Count what is tentative as free]
        > For this once what is tentative in your calendars counts as free. That time suits you \
            both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          …
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
          30 minutes with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          [Tue 27 Oct 10:00 New York] [None of these]
        alex presses [Tue 27 Oct 10:00 New York]
        ~ Booked: …
        > Booked: …
        everybody has read on
        """,
    )
    (meeting,) = await stage.meetings("maya")
    assert meeting.start == at("2026-10-27 14:00")


async def test_the_own_time_in_between_is_waived_by_a_press() -> None:
    stage = await aurora()
    await stage.busy("maya", "2026-10-27 13:00", "2026-10-27 14:00")
    await play(
        stage,
        """
        maya: leave me 30 minutes between meetings
        > …
        maya: why not Tuesday 27 October 14:15?
        > Tue 27 Oct 14:15-14:45 London (10:15 New York) does not work: it is too close to \
            something of yours (you want 30 minutes free in between).
          [Without my time in between]
        maya presses [Without my time in between]
        > For this once without the time that you want free in between. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:15-14:45 London | 10:15 New York
          Offer it, and Alex Chen will be asked.
          [Offer Tue 27 Oct 14:15 London] [None of these]
        """,
    )


async def test_somebody_is_asked_for_an_exception_and_decides() -> None:
    """Nobody hears why a no was a no, and the hours stay as they are."""
    stage = await aurora()
    await stage.change("alex", hours=weekly((480, 1080), [0, 2, 3, 4]))
    await play(
        stage,
        """
        maya: why not Tuesday 27 October 14:00?
        > Tue 27 Oct 14:00-14:30 London (10:00 New York) does not work: it is outside Alex's hours.
          [Ask Alex for an exception]
        maya presses [Ask Alex for an exception]
        > These would be exceptions: Alex is asked once you offer them, and decides. That time \
            suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          Offer it, and Alex Chen will be asked.
          [Offer Tue 27 Oct 14:00 London] [None of these]
        alex sees nothing
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
          30 minutes with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          Maya Patel asks for an exception, this once: it is outside the hours that you set. Your \
              hours stay as they are, and if you say no, nobody is told why.
          [Tue 27 Oct 10:00 New York] [None of these]
        alex presses [None of these]
        ~ …
        maya sees ~ None of these times suited.
        maya sees > None of the times suits Alex Chen. …
        """,
    )
    assert (await stage.person("alex")).hours == weekly((480, 1080), [0, 2, 3, 4])


async def test_a_yes_to_an_exception_books() -> None:
    """Even where the programme books at one press, an exception takes the yes of its owner."""
    stage = await aurora()
    await stage.change("alex", hours=weekly((480, 1080), [0, 2, 3, 4]))
    await stage.setting("booking.confirm", "none")
    await play(
        stage,
        """
        maya: why not Tuesday 27 October 14:00?
        > …
        maya presses [Ask Alex for an exception]
        > …
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > …
        alex presses [Tue 27 Oct 10:00 New York]
        ~ Booked: Tue 27 Oct 10:00-10:30 New York (14:00 London).
        > Booked: …
        everybody has read on
        """,
    )
    assert len(await stage.meetings("alex")) == 1


async def test_a_shorter_session_and_the_week_after() -> None:
    stage = await aurora()
    await stage.busy("alex", "2026-10-19 06:00", "2026-10-27 10:00")
    await stage.busy("alex", "2026-10-27 10:55", "2026-10-31 19:00")
    await play(
        stage,
        """
        maya: book 1 hour with Alex next Tuesday
        > I took Alex Chen, your mentor. On Tue 27 Oct nothing fits: Alex is busy then. The \
            nearest times that work:
          1 hour with Alex Chen
          …
          Offer one or all of them; Alex Chen will be asked.
          [Offer all three] [Offer Mon 2 Nov 14:30 London] [Offer Mon 2 Nov 15:00 London] \
              [Offer Tue 3 Nov 15:00 London] [None of these] [Try 30 minutes] [Someone else]
        maya presses [Try 30 minutes]
        > On Tue 27 Oct, one time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:15-14:45 London | 10:15 New York
          …
        """,
    )
    await stage.busy("alex", "2026-10-27 10:00", "2026-10-27 11:00")
    await play(
        stage,
        """
        maya: why is Alex never free next week?
        > …
          [Look at the seven days after]
        maya presses [Look at the seven days after]
        > Between Sat 31 Oct and Fri 6 Nov, three times suit you both:
          30 minutes with Alex Chen
          …
        """,
    )


async def test_why_a_day_a_time_and_a_person() -> None:
    stage = await aurora()
    await stage.busy("alex", "2026-10-22 00:00", "2026-10-23 00:00")
    await play(
        stage,
        """
        maya: why not Thursday?
        > On Thu 22 Oct nothing fits: Alex is busy then. Where the time of Thu 22 Oct goes:
          outside Alex's hours: 34 %
          outside your hours: 33 %
          Alex busy or away: 33 %
          open: 0 %
          The hours you share (London): 13:00-18:00.
          [Look at the seven days after]
        maya: why can't we meet on Saturday?
        > On Sat 24 Oct nothing fits: Aurora has no weekend sessions (a programme setting; an \
            administrator can change it).
          [Look at the seven days after] [Ask for sessions on weekends]
        maya: why not Wed 9?
        > Wed 21 Oct 09:00-09:30 London (04:00 New York) does not work: it is outside the hours of \
            Aurora (08:00-18:00) for Alex.
        maya: why not tomorrow with Alex?
        > Where the time of Wed 21 Oct goes:
          outside Alex's hours: 33 %
          outside your hours: 33 %
          open: 34 %
          The hours you share (London): 13:00-18:00.
          These do work: Wed 21 Oct 13:00 London, Wed 21 Oct 15:00 London or Wed 21 Oct 17:00 \
              London.
        maya: why can't Alex?
        > Where the time of Tue 20 Oct to Tue 3 Nov goes:
          …
        """,
    )


async def test_a_bare_why_is_about_what_was_just_asked_for() -> None:
    stage = await aurora()
    await stage.busy("alex", "2026-10-22 00:00", "2026-10-23 00:00")
    await play(
        stage,
        """
        maya: book with Alex on Thursday
        > I took Alex Chen, your mentor. On Thu 22 Oct nothing fits: Alex is busy then. The \
            nearest times that work:
          …
        maya: why?
        > On Thu 22 Oct nothing fits: Alex is busy then. Where the time of Thu 22 Oct goes:
          …
        """,
    )


async def test_the_administrators_are_asked_about_a_rule_of_the_programme() -> None:
    await play(
        await aurora(),
        """
        maya: why can't we meet on Saturday?
        > …
        maya presses [Ask for sessions on weekends]
        > I have asked Dana Brooks: “Could Aurora allow sessions on weekends?” I do that once a \
            day at most.
        dana sees > Maya Patel asks for a person: Could Aurora allow sessions on weekends?
        maya presses [Ask for sessions on weekends] again
        > …
        dana sees nothing
        maya: why not Saturday 10:00?
        > Sat 24 Oct 10:00-10:30 London (05:00 New York) does not work: Aurora has no weekend \
            sessions (a programme setting; an administrator can change it).
        """,
    )


async def test_who_administers_the_programme_is_told_that_they_can_set_it() -> None:
    stage = await aurora()
    await stage.acts("dana", f"allow:weekend:{AURORA}")
    await play(stage, "dana sees > You administer Aurora, so you can set that yourself: …")
    await stage.acts("maya", "allow:weekend:of another house")
    await stage.acts("maya", f"allow:person_hours:{AURORA}")
    await play(stage, "maya sees > …", "maya sees > …", "dana sees nothing")


async def test_ones_own_limit_is_set_aside_by_oneself_alone() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: at most 1 session a day
        > …
        maya: book with Alex on Friday at 15:00
        > …
        maya presses [Offer Fri 23 Oct 15:00 London]
        ~ …
        alex sees > …
        alex presses [Fri 23 Oct 10:00 New York]
        ~ …
        > …
        everybody has read on
        alex: why not Friday 11:00?
        > Fri 23 Oct 11:00-11:30 New York (16:00 London) does not work: Maya takes no more \
            sessions then.
        maya: why not Friday 16:00?
        > Fri 23 Oct 16:00-16:30 London (11:00 New York) does not work: …
          [One more than I want, this once]
        maya presses [One more than I want, this once]
        > For this once one more session than you want at most. That time suits you both:
          …
        maya presses [Offer Fri 23 Oct 16:00 London]
        ~ …
        alex sees > …
        alex presses [Fri 23 Oct 11:00 New York]
        ~ Booked: …
        > Booked: …
        everybody has read on
        """,
    )
    assert len(await stage.meetings("maya")) == 2


async def test_no_exception_is_asked_from_hours_that_are_no_longer_there() -> None:
    """The button is from before; what it finds is an offer like any other."""
    stage = await aurora()
    await stage.change("alex", hours=weekly((480, 1080), [4]))
    await play(
        stage,
        """
        maya: why not Tuesday 27 October 14:00?
        > …
        maya presses [Ask Alex for an exception]
        > These would be exceptions: …
        alex: forget my preferences
        > …
        alex: yes
        > …
        > Your preferences:
        maya presses [Ask Alex for an exception] again
        > That time suits you both:
          …
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
          30 minutes with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          [Tue 27 Oct 10:00 New York] [None of these]
        """,
    )


async def test_hours_that_a_clock_change_moves_are_said_to_the_end() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: why is Alex Chen always free?
        > …
          …
          The hours you share (London): 13:00-18:00 until Fri 23 Oct, 12:00-18:00 until Fri 30 \
              Oct, 13:00-18:00 after that.
          …
        """,
    )


async def test_a_rule_is_named_before_a_calendar_that_is_not_connected() -> None:
    """What nobody can see is no reason where the programme has no sessions at all."""
    stage = await aurora()
    await stage.join(person("una", "Una Berg", "Europe/London"), role=Role.MENTEE)
    await stage.pair("romero", "una")
    await play(
        stage,
        """
        romero: why not with Una on Saturday?
        > On Sat 24 Oct nothing fits: Aurora has no weekend sessions (a programme setting; an \
            administrator can change it).
          Una has not connected a calendar, so I could not check it.
          [Look at the seven days after] [Ask for sessions on weekends] [Ask Una to connect]
        romero: why not with Una tomorrow?
        > Una's calendar is not connected right now, so I cannot see when Una is busy. That does \
            not mean free: Una has to confirm each time.
          [Ask Una to connect]
        """,
    )
