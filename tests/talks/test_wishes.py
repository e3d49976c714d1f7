"""What people want of their sessions, kept and obeyed: limits, preferred times (A39)."""

from __future__ import annotations

from core.ids import ProgrammeId
from core.people import Wishes
from core.programme import Programme, Role
from core.timing.hours import weekly
from tests.talks.script import play
from tests.talks.stage import ORG, Stage, aurora

LEADERSHIP = ProgrammeId("leadership")


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
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
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


async def leading() -> Stage:
    """Return Aurora, with Maya and Alex Chen in a second programme as well."""
    stage = await aurora()
    programme = Programme(LEADERSHIP, ORG, "Leadership")
    await stage.store.transact(lambda tx: tx.programmes.save(programme))
    await stage.join(await stage.person("maya"), role=Role.MENTEE, programme=LEADERSHIP)
    await stage.join(await stage.person("alex"), role=Role.MENTOR, programme=LEADERSHIP)
    return stage


async def test_y18_for_one_programme_alone() -> None:
    stage = await leading()
    await play(
        stage,
        """
        maya: don't book me before 10
        > Saved: hours Mon-Fri 10:00-18:00, for all programmes.
          [Undo]
        maya: for the Leadership programme only mornings
        > Saved: hours Mon-Fri 08:00-12:00, for Leadership alone.
          [Undo]
        maya: at most 1 session a week in Leadership
        > Saved: at most 1 session a week, for Leadership alone.
          [Undo]
        maya: what are my preferences?
        > Your preferences:
          Hours: Mon-Fri 10:00-18:00
          Hours of the programme: Mon-Fri 08:00-18:00
          Free time around sessions: as the programme
          Usual length: as the programme
          Zone: Europe/London
          Reminders: on
          Link for sessions: https://meet.example.org/maya
          For Leadership alone: hours Mon-Fri 08:00-12:00, at most 1 session a week
        maya presses [Undo]
        > Undone: at most 1 session a week.
        maya: for Leadership no Mondays
        > Saved: hours Tue-Fri 08:00-12:00, for Leadership alone.
          [Undo]
        maya: for Leadership my hours are 19:00 to 21:00
        > I cannot keep this yet: those hours, which would leave you no time at all in Leadership: \
            its hours are Mon-Fri 08:00-18:00. Name some of these, or ask an administrator for \
            longer ones.
        maya: for Leadership I observe German holidays
        > I cannot keep this yet: that for one programme alone, it counts for all of them.
        maya: for the Gardening programme only mornings
        > You are in no programme called “Gardening”, so I have saved nothing. Yours: Aurora and \
            Leadership.
        maya: my hours are 19:00 to 21:00
        > I cannot keep this yet: those hours, which would leave you no time at all in Aurora: …
        """,
    )
    me = await stage.person("maya")
    assert me.within(LEADERSHIP).hours == weekly((480, 720), (1, 2, 3, 4))
    assert me.hours == weekly((600, 1080))


async def test_forgetting_the_last_and_all() -> None:
    stage = await leading()
    await play(
        stage,
        """
        maya: forget that
        > There is nothing to undo.
        maya: after 4pm if possible
        > Saved: preferred times Mon-Fri 16:00-18:00 (others stay possible), for all programmes.
          [Undo]
        maya: leave me 20 minutes between sessions
        > Saved: buffer 20 min, for all programmes.
          [Undo]
        maya: forget that
        > Undone: buffer 20 min.
        > Your preferences:
          …
          Preferred times: Mon-Fri 16:00-18:00
          …
        maya: for Leadership only mornings
        > Saved: hours Mon-Fri 08:00-12:00, for Leadership alone.
          [Undo]
        maya: forget my preferences
        > Shall I forget your hours, free time around sessions, usual length, limits, preferred \
            times, public holidays and tentative entries, for all programmes? Zone, leave and \
            reminders stay.
          [Forget them] [Keep them]
        maya: no
        > All right, I keep your preferences as they are.
        maya: forget all my preferences
        > Shall I forget …
          [Forget them] [Keep them]
        maya presses [Forget them]
        > Saved: hours and sessions as each programme says, for all programmes.
          [Undo]
        > Your preferences:
          Hours: as the programme
          Hours of the programme: Mon-Fri 08:00-18:00
          Free time around sessions: as the programme
          Usual length: as the programme
          Zone: Europe/London
          Reminders: on
          Link for sessions: https://meet.example.org/maya
        maya presses [Undo]
        > Undone: hours and sessions as each programme says.
        """,
    )
    me = await stage.person("maya")
    assert me.wishes == Wishes(preferred=weekly((960, 1080)))
    assert me.within(LEADERSHIP).hours == weekly((480, 720))


async def test_a40_days_of_a_stay_to_come_are_on_its_clock() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: I'm in New York from 2 to 6 November
        > From Mon 2 Nov to Fri 6 Nov I give you New York times; then London again. Times that you \
            look for on those days are in New York times already.
          [Undo]
        maya: book with Alex Chen on 3 November at 5pm
        > That time suits you both:
          30 minutes with Alex Chen
          Tue 3 Nov 17:00-17:30 New York
          …
        maya presses [Offer Tue 3 Nov 17:00 New York]
        ~ Offered to Alex Chen. …
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
          …
        alex presses [Tue 3 Nov 17:00 New York]
        ~ Booked: Tue 3 Nov 17:00-17:30 New York.
        alex sees > Booked: Tue 3 Nov 17:00-17:30 New York with Maya Patel. …
          …
        maya sees > Booked: Tue 3 Nov 17:00-17:30 New York with Alex Chen. …
          …
        ~ Booked: Tue 3 Nov 17:00-17:30 New York.
        mail to maya: Session with Alex Chen: Tue 3 Nov 17:00 New York [details]
        mail to alex: Session with Maya Patel: Tue 3 Nov 17:00 New York [details]
        maya: book with Alex Chen on 9 November at 2pm
        > That time suits you both:
          30 minutes with Alex Chen
          Mon 9 Nov 14:00-14:30 London | 09:00 New York
          …
        """,
    )


async def test_the_holidays_of_where_somebody_is_are_offered() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: I live in Germany
        > Saved: your clock is Europe/Berlin, for all programmes.
          [Undo] [Keep the public holidays of Germany free]
        maya presses [Keep the public holidays of Germany free]
        > Saved: the public holidays of Germany are kept free (next: Fri 25 Dec, Christmas Day), \
            for all programmes.
          [Undo]
        """,
    )
    me = await stage.person("maya")
    assert (me.zone, me.country) == ("Europe/Berlin", "DE")
