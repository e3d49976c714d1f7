"""What people want of their sessions, kept and obeyed: limits, preferred times (A39)."""

from __future__ import annotations

from core.people import Wishes
from tests.talks.script import play
from tests.talks.stage import aurora


async def test_so_many_sessions_at_most() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: not more than 1 session a day and 2 a week
        > Saved: at most 1 session a day, at most 2 sessions a week, for all programmes.
          [Undo]
        maya: what are my preferences?
        > Your preferences:
          Hours: as the programme
          Hours of the programme: Mon-Fri 08:00-18:00
          Free time around sessions: as the programme
          Usual length: as the programme
          Zone: Europe/London
          Reminders: on
          Sessions: at most 1 session a day, at most 2 sessions a week
          Link for sessions: https://meet.example.org/maya
        maya: book Alex Chen on 27 October at 2pm
        > That time suits you both:
          …
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. …
        alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
          …
        maya: book Alex Romero on 27 October at 10am
        > Tue 27 Oct 10:00-10:30 London (11:00 Madrid) does not work: you have as many sessions \
            then as you want at most. The nearest times that work:
          30 minutes with Alex Romero
          Mon 26 Oct 13:00-13:30 London | 14:00 Madrid
          Mon 26 Oct 15:00-15:30 London | 16:00 Madrid
          Wed 28 Oct 08:30-09:00 London | 09:30 Madrid
          …
        maya: why not 27 October at 10am with Alex Romero?
        > Tue 27 Oct 10:00-10:30 London (11:00 Madrid) does not work: you have as many sessions \
            then as you want at most.
          …
        """,
    )


async def test_limits_are_taken_back() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: at most 3 sessions per week
        > Saved: at most 3 sessions a week, for all programmes.
          [Undo]
        maya presses [Undo]
        > Undone: at most 3 sessions a week.
        maya: at most two sessions a day
        > Saved: at most 2 sessions a day, for all programmes.
          [Undo]
        maya: no daily limit
        > Saved: as many sessions a day as come, for all programmes.
          [Undo]
        """,
    )
    assert (await stage.person("maya")).wishes == Wishes()


async def test_preferred_times_come_first_and_others_stay_possible() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: I prefer afternoons
        > Saved: preferred times Mon-Fri 12:00-18:00 (others stay possible), for all programmes.
          [Undo]
        maya: book Alex Romero tomorrow
        > On Wed 21 Oct, three times suit you both:
          30 minutes with Alex Romero
          Wed 21 Oct 12:00-12:30 London | 13:00 Madrid
          Wed 21 Oct 13:00-13:30 London | 14:00 Madrid
          Wed 21 Oct 15:00-15:30 London | 16:00 Madrid
          …
        maya: book Alex Romero tomorrow at 10
        > That time suits you both:
          …
        maya: what are my preferences?
        > Your preferences:
          Hours: as the programme
          Hours of the programme: Mon-Fri 08:00-18:00
          Free time around sessions: as the programme
          Usual length: as the programme
          Zone: Europe/London
          Reminders: on
          Preferred times: Mon-Fri 12:00-18:00
          Link for sessions: https://meet.example.org/maya
        maya: best on Tuesdays
        > Saved: preferred times Tue 08:00-18:00 (others stay possible), for all programmes.
          [Undo]
        maya presses [Undo]
        > Undone: preferred times Tue 08:00-18:00 (others stay possible).
        maya: no preferred times
        > Saved: no preferred times, for all programmes.
          [Undo]
        maya: my preferred days are Saturdays
        > I cannot keep this yet: preferred times outside your hours, which are Mon-Fri 08:00-18:00.
        """,
    )
    assert (await stage.person("maya")).wishes == Wishes()


async def test_tentative_entries_as_each_person_says() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: treat tentative as free
        > Saved: tentative entries of your calendars count as free, for all programmes.
          [Undo]
        maya: what are my preferences?
        > Your preferences:
          …
          Tentative entries: count as free
          …
        maya: tentative events block me
        > Saved: tentative entries of your calendars count as busy, for all programmes.
          [Undo]
        maya: tentative as the programme
        > Saved: tentative entries of your calendars as the programme says, for all programmes.
          [Undo]
        """,
    )
    assert (await stage.person("maya")).tentative is None


async def test_y17_public_holidays_of_ones_country() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: I observe German holidays
        > Saved: the public holidays of Germany are kept free (next: Fri 25 Dec, Christmas Day), \
            for all programmes.
          [Undo]
        maya: keep the public holidays of Spain free
        > Saved: the public holidays of Spain are kept free (next: Tue 8 Dec, Immaculate \
            Conception), for all programmes.
          [Undo]
        maya: what are my preferences?
        > Your preferences:
          …
          Public holidays: Spain
          …
        maya: book Alex Romero on 8 December at 10
        > Tue 8 Dec 10:00-10:30 London (11:00 Madrid) does not work: it is a public holiday that \
            you keep free. The nearest times that work:
          …
        alex: why not 25 December at 2pm with Maya?
        > Fri 25 Dec 14:00-14:30 New York (19:00 London) does not work: …
        maya: I observe Bavarian holidays
        > Saved: the public holidays of Bavaria (Germany) are kept free (next: Fri 25 Dec, \
            Christmas Day), for all programmes.
          [Undo]
        maya: observe the holidays of Atlantis
        > I cannot keep this yet: holidays of “Atlantis”, a country or a part of one that I do not \
            know.
        maya: ignore public holidays
        > Saved: no public holidays kept free, for all programmes.
          [Undo]
        """,
    )
    assert (await stage.person("maya")).country == ""
